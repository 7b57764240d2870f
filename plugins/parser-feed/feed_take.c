#include <stdlib.h>
#include <string.h>

#include "feed_take.h"
#include "feed_tree.h"
#include "feed_url.h"

#define RANK_URL_GUID 30 /* a guid that is a link, after every link */
#define TTL_MAX	      (31u * 86400) /* seconds; a longer rhythm is a mistake */

/* --- slots */

static void
take_url(struct feed_parse *p, struct nw_str s)
{
	struct nw_str url;

	if (feed_record_wants(feed_tree_record(p), SLOT_URL, p->capture.rank) && feed_url_page(p, s, &url))
		feed_record_set(feed_tree_record(p), SLOT_URL, p->capture.rank, url);
}

static int
may_be_link(const struct feed_parse *p, struct nw_str guid)
{
	return feed_url_is_absolute(guid) || feed_starts(guid, "<a ") ||
	    (p->capture.permalink == PERMALINK_SAID && feed_starts(guid, "/"));
}

static void
take_guid(struct feed_parse *p, struct nw_str s)
{
	struct feed_record *r = feed_tree_record(p);
	struct nw_str url;

	/* an Atom id is an IRI, so xml:base counts where it has no scheme */
	if (p->dialect == DIALECT_ATOM && feed_tree_top(p)->base.len > 0 && memchr(s.p, ':', s.len) == NULL &&
	    feed_url_resolve(p, s, &url)) {
		feed_record_set(r, SLOT_GUID, p->capture.rank, url);
		return;
	}
	if (p->capture.permalink && may_be_link(p, s) && feed_url_page(p, s, &url))
		feed_record_set(r, SLOT_URL, RANK_URL_GUID + p->capture.rank, url);
	feed_record_take(r, SLOT_GUID, p->capture.rank, &p->capture.text, 0);
}

static void
take_time(struct feed_parse *p, uint32_t slot, struct nw_str s)
{
	const struct nw_host *h = p->host;
	struct nw_time t = {.at_ms = NW_TIME_NONE};

	if (s.len == 0)
		return;
	if (h->date_parse(p->sink, s, NW_DATE_MACHINE, p->doc, &t) == NW_OK ||
	    h->date_parse(p->sink, s, NW_DATE_MACHINE | NW_DATE_VISIBLE, p->doc, &t) == NW_OK)
		feed_record_time(feed_tree_record(p), slot, p->capture.rank, &t);
	else if (p->bad_dates++ == 0)
		h->note(p->sink, "a date is not understood: '%.*s'", (int)(s.len < 40 ? s.len : 40), s.p);
}

/* The open text as a name: one line, without markup; "R&amp;D" was escaped once more than it should be.  Whoever escapes
 * markup twice means it. */
static struct nw_str
plain_name(struct feed_parse *p)
{
	struct nw_str s, plain;

	feed_text_fold(&p->capture.text);
	s = feed_text_str(&p->capture.text);
	if (strpbrk(s.p, "&<") != NULL && strstr(s.p, "&lt;") == NULL &&
	    p->host->html_text(p->sink, s, p->doc->url, &plain, NULL) == NW_OK)
		s = plain;
	return s;
}

static void
take_keywords(struct feed_parse *p, struct nw_str s)
{
	while (s.len > 0) {
		const char *comma = memchr(s.p, ',', s.len);
		size_t n = comma != NULL ? (size_t)(comma - s.p) : s.len;

		feed_record_category(feed_tree_record(p), feed_trim((struct nw_str){s.p, n}));
		n += comma != NULL;
		s.p += n;
		s.len -= n;
	}
}

static uint32_t
number(struct nw_str s, uint32_t max)
{
	uint32_t n = 0;

	for (size_t i = 0; i < s.len && s.p[i] >= '0' && s.p[i] <= '9'; i++)
		n = n > max ? n : n * 10 + (uint32_t)(s.p[i] - '0');
	return n < max ? n : max;
}

static uint32_t
period(struct nw_str s)
{
	static const struct {
		const char *name;
		uint32_t seconds;
	} table[] = {{"hourly", 3600}, {"daily", 86400}, {"weekly", 7 * 86400}, {"monthly", 30 * 86400},
	    {"yearly", TTL_MAX}};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (feed_same_n(s, table[i].name))
			return table[i].seconds;
	return 0;
}

void
feed_take_text(struct feed_parse *p, const struct feed_element *e)
{
	struct feed_capture *c = &p->capture;
	struct nw_str s;

	if (e->slot == SLOT_TITLE || e->slot == SLOT_SUMMARY || e->slot == SLOT_BODY) {
		feed_tree_note_scope(p, e->slot);
		feed_record_take(feed_tree_record(p), e->slot, c->rank, &c->text, c->html);
		return;
	}
	feed_text_trim(&c->text);
	s = feed_text_str(&c->text);
	if (e->slot == SLOT_URL)
		take_url(p, s);
	else if (e->slot == SLOT_GUID)
		take_guid(p, s);
	else if (e->slot == SLOT_LANG)
		feed_record_take(feed_tree_record(p), SLOT_LANG, c->rank, &c->text, 0);
	else if (e->slot == SLOT_PUBLISHED || e->slot == SLOT_UPDATED)
		take_time(p, e->slot, s);
	else if (e->slot == SLOT_CATEGORY)
		feed_record_category(feed_tree_record(p), plain_name(p));
	else if (e->slot == SLOT_KEYWORDS)
		take_keywords(p, s);
	else if (e->slot == SLOT_TTL)
		p->ttl_s = number(s, TTL_MAX / 60) * 60;
	else if (e->slot == SLOT_PERIOD)
		p->sy_period_s = period(s);
	else if (e->slot == SLOT_FREQUENCY)
		p->sy_frequency = number(s, 3600);
}

/* --- persons */

void
feed_take_person_begin(struct feed_parse *p)
{
	feed_text_reset(&p->person_text);
	feed_text_reset(&p->person_name);
	feed_text_reset(&p->person_email);
}

void
feed_take_person_part(struct feed_parse *p, const struct feed_element *e)
{
	struct feed_text *part = strcmp(e->name, "email") == 0 ? &p->person_email : &p->person_name;
	struct nw_str s = plain_name(p);

	if (part->len == 0)
		feed_text_add(part, s.p, s.len);
}

/* "anna@example.org (Anna Example)", "Anna Example (anna@example.org)" and "Anna Example <anna@example.org>": one
 * part each; ${inner} in brackets, ${outer} before them. */
static int
split(struct nw_str s, struct nw_str *outer, struct nw_str *inner)
{
	const char *open;
	size_t n;

	if (s.len == 0 || (s.p[s.len - 1] != ')' && s.p[s.len - 1] != '>'))
		return 0;
	open = memrchr(s.p, s.p[s.len - 1] == ')' ? '(' : '<', s.len);
	if (open == NULL || open == s.p)
		return 0;
	n = (size_t)(open - s.p);
	*inner = feed_trim((struct nw_str){open + 1, s.len - n - 2});
	*outer = feed_trim((struct nw_str){s.p, n});
	return inner->len > 0 && outer->len > 0;
}

static struct nw_str
without_mailto(struct nw_str s)
{
	size_t n = feed_starts(s, "mailto:") ? 7 : 0;

	return (struct nw_str){s.p + n, s.len - n};
}

static int
is_email(struct nw_str s)
{
	return s.len > 2 && memchr(s.p, '@', s.len) != NULL && memchr(s.p, ' ', s.len) == NULL;
}

static void
from_text(struct feed_parse *p)
{
	struct feed_text *t = &p->person_text;
	struct nw_str s, outer, inner;

	/* a name may hold HTML; an address in angle brackets only looks like it */
	if (t->len > 0 && strchr(t->p, '@') == NULL && (strchr(t->p, '&') != NULL || strstr(t->p, "</") != NULL) &&
	    p->host->html_text(p->sink, feed_text_str(t), p->doc->url, &s, NULL) == NW_OK && s.len > 0) {
		feed_text_reset(t);
		feed_text_add(t, s.p, s.len);
	}
	feed_text_fold(t);
	s = without_mailto(feed_text_str(t));
	if (split(s, &outer, &inner) && is_email(outer) != is_email(inner)) {
		struct nw_str name = is_email(outer) ? inner : outer;
		struct nw_str email = without_mailto(is_email(outer) ? outer : inner);

		feed_text_add(&p->person_name, name.p, name.len);
		feed_text_add(&p->person_email, email.p, email.len);
	} else {
		feed_text_add(&p->person_name, s.p, s.len);
	}
}

void
feed_take_person_end(struct feed_parse *p, uint32_t rank)
{
	struct feed_text *name = &p->person_name, *email = &p->person_email;

	if (name->len == 0 && email->len == 0)
		from_text(p);
	if (name->len == 0) {
		feed_record_author(feed_tree_record(p), rank, feed_text_str(email));
		return;
	}
	if (email->len > 0 && strstr(name->p, email->p) == NULL) {
		feed_text_adds(name, " <");
		feed_text_add(name, email->p, email->len);
		feed_text_adds(name, ">");
	}
	feed_record_author(feed_tree_record(p), rank, feed_text_str(name));
}
