#include <string.h>

#include "feed.h"
#include "feed_record.h"

void
feed_record_done(struct feed_record *r)
{
	for (size_t i = 0; i < SLOT_TEXTS; i++)
		feed_text_done(&r->value[i].text);
	feed_text_done(&r->author.text);
	feed_text_done(&r->list);
}

static void
value_reset(struct feed_value *v)
{
	feed_text_reset(&v->text);
	v->given = v->rank = v->html = 0;
}

void
feed_record_reset(struct feed_record *r)
{
	for (size_t i = 0; i < SLOT_TEXTS; i++)
		value_reset(&r->value[i]);
	for (size_t i = 0; i < SLOT_TIMES; i++)
		r->time[i] = (struct nw_time){.at_ms = NW_TIME_NONE};
	value_reset(&r->author);
	feed_text_reset(&r->list);
	r->ncategories = r->nenclosures = r->overflow = 0;
	r->lang = r->base = NW_STR("");
}

int
feed_record_wants(const struct feed_record *r, uint32_t slot, uint32_t rank)
{
	return !r->value[slot].given || rank < r->value[slot].rank;
}

static void
mark(struct feed_value *v, uint32_t rank, int html)
{
	v->given = 1;
	v->rank = (uint8_t)rank;
	v->html = (uint8_t)html;
}

void
feed_record_take(struct feed_record *r, uint32_t slot, uint32_t rank, struct feed_text *text, int html)
{
	struct feed_value *v = &r->value[slot];

	if (!feed_record_wants(r, slot, rank) || feed_text_is_blank(text))
		return;
	feed_text_trim(text);
	feed_text_swap(&v->text, text);
	mark(v, rank, html);
}

void
feed_record_set(struct feed_record *r, uint32_t slot, uint32_t rank, struct nw_str s)
{
	struct feed_value *v = &r->value[slot];

	if (!feed_record_wants(r, slot, rank) || s.len == 0)
		return;
	feed_text_reset(&v->text);
	feed_text_add(&v->text, s.p, s.len);
	mark(v, rank, 0);
}

void
feed_record_time(struct feed_record *r, uint32_t slot, uint32_t rank, const struct nw_time *t)
{
	size_t i = slot - SLOT_PUBLISHED;

	if (r->time[i].at_ms != NW_TIME_NONE && r->time_rank[i] <= rank)
		return;
	r->time[i] = *t;
	r->time_rank[i] = (uint8_t)rank;
}

/* Whether the joined names hold this one, whole. */
static int
names(const struct feed_text *joined, struct nw_str name)
{
	const char *p = joined->len > 0 ? joined->p : "";

	for (const char *at = p; (at = strstr(at, name.p)) != NULL; at++)
		if ((at == p || at[-1] == ' ') && (at[name.len] == '\0' || at[name.len] == ','))
			return 1;
	return 0;
}

void
feed_record_author(struct feed_record *r, uint32_t rank, struct nw_str name)
{
	struct feed_value *v = &r->author;

	if (name.len == 0 || (v->given && rank > v->rank))
		return;
	if (v->given && rank == v->rank && (v->text.len > FEED_AUTHOR_MAX || names(&v->text, name)))
		return;
	if (v->given && rank < v->rank)
		feed_text_reset(&v->text);
	if (v->text.len > 0)
		feed_text_adds(&v->text, ", ");
	feed_text_add(&v->text, name.p, name.len);
	mark(v, rank, 0);
}

/* Puts a text with its NUL into the list; its offset. */
static uint32_t
keep(struct feed_record *r, struct nw_str s)
{
	uint32_t off = (uint32_t)r->list.len;

	feed_text_add(&r->list, s.p, s.len);
	feed_text_add(&r->list, "", 1);
	return off;
}

void
feed_record_category(struct feed_record *r, struct nw_str s)
{
	if (s.len == 0)
		return;
	for (uint32_t i = 0; i < r->ncategories; i++)
		if (r->list.p != NULL && strlen(r->list.p + r->category[i]) == s.len &&
		    memcmp(r->list.p + r->category[i], s.p, s.len) == 0)
			return;
	if (r->ncategories < FEED_LIST_MAX)
		r->category[r->ncategories++] = keep(r, s);
	else
		r->overflow++;
}

void
feed_record_enclosure(struct feed_record *r, struct nw_str url, struct nw_str type, int64_t length)
{
	uint32_t n = r->nenclosures;

	for (uint32_t i = 0; i < n; i++)
		if (r->list.p != NULL && strcmp(r->list.p + r->enclosure[i].url, url.p) == 0)
			return;
	if (n == FEED_LIST_MAX) {
		r->overflow++;
		return;
	}
	r->enclosure[n].url = keep(r, url);
	r->enclosure[n].type = keep(r, type);
	r->enclosure[n].length = length;
	r->nenclosures++;
}

/* --- to the host */

static int
failed(const struct feed_record *r)
{
	int bad = r->author.text.failed | r->list.failed;

	for (size_t i = 0; i < SLOT_TEXTS; i++)
		bad |= r->value[i].text.failed;
	return bad;
}

static struct nw_str
text(const struct feed_record *r, uint32_t slot, int html)
{
	const struct feed_value *v = &r->value[slot];

	return v->given && v->html == html ? feed_text_str(&v->text) : NW_STR("");
}

static struct nw_time
time_of(const struct feed_record *r, uint32_t slot)
{
	struct nw_time t = r->time[slot - SLOT_PUBLISHED];

	t.origin = t.at_ms != NW_TIME_NONE ? NW_ORIGIN_FEED : NW_ORIGIN_NONE;
	return t;
}

static struct nw_str
lang_of(const struct feed_record *item, const struct feed_record *feed)
{
	struct nw_str own = text(item, SLOT_LANG, 0);

	if (own.len == 0)
		own = item->lang;
	if (own.len == 0)
		own = text(feed, SLOT_LANG, 0);
	return own.len > 0 ? own : feed->lang;
}

static struct nw_str
kept(const struct feed_record *r, uint32_t off)
{
	return (struct nw_str){r->list.p + off, strlen(r->list.p + off)};
}

int
feed_record_emit_item(struct feed_parse *p)
{
	const struct feed_record *r = &p->item;
	struct nw_str category[FEED_LIST_MAX];
	struct nw_enclosure enclosure[FEED_LIST_MAX];
	struct nw_article a = {
		.size = sizeof(a),
		.flags = r->value[SLOT_BODY].given ? 0 : NW_ARTICLE_TEASER,
		.guid = text(r, SLOT_GUID, 0),
		.url = text(r, SLOT_URL, 0),
		.title = text(r, SLOT_TITLE, 0),
		.title_html = text(r, SLOT_TITLE, 1),
		.author = feed_text_str(&r->author.text),
		.summary = text(r, SLOT_SUMMARY, 0),
		.summary_html = text(r, SLOT_SUMMARY, 1),
		.body = text(r, SLOT_BODY, 0),
		.body_html = text(r, SLOT_BODY, 1),
		.lang = lang_of(r, &p->feed),
		.html_base = r->base,
		.published = time_of(r, SLOT_PUBLISHED),
		.updated = time_of(r, SLOT_UPDATED),
		.categories = category,
		.ncategories = r->ncategories,
		.enclosures = enclosure,
		.nenclosures = r->nenclosures,
	};

	if (failed(r))
		return NW_ERES;
	if (a.author.len == 0 && p->dialect == DIALECT_ATOM)
		a.author = feed_text_str(&p->feed.author.text);
	for (uint32_t i = 0; i < r->ncategories; i++)
		category[i] = kept(r, r->category[i]);
	for (uint32_t i = 0; i < r->nenclosures; i++)
		enclosure[i] = (struct nw_enclosure){
		    kept(r, r->enclosure[i].url), kept(r, r->enclosure[i].type), r->enclosure[i].length};
	if (r->overflow > 0)
		p->host->note(p->sink, "item %u: %u categories or enclosures past the first %d are left out",
		    p->items, r->overflow, FEED_LIST_MAX);
	return p->host->add_article(p->sink, &a);
}

/* One line of plain text of a slot of the feed. */
static struct nw_str
plain(struct feed_parse *p, uint32_t slot)
{
	struct feed_value *v = &p->feed.value[slot];
	struct nw_str s = feed_text_str(&v->text), out;

	if (v->html && p->host->html_text(p->sink, s, p->doc->url, &out, NULL) == NW_OK) {
		feed_text_reset(&v->text);
		feed_text_add(&v->text, out.p, out.len);
	}
	feed_text_fold(&v->text);
	return feed_text_str(&v->text);
}

int
feed_record_emit_feed(struct feed_parse *p)
{
	struct feed_record *r = &p->feed;
	struct nw_feed f = {
		.size = sizeof(f),
		.role = NW_ROLE_FEED,
		.title = plain(p, SLOT_TITLE),
		.link = text(r, SLOT_URL, 0),
		.lang = lang_of(r, r),
		.description = plain(p, SLOT_SUMMARY),
		.author = feed_text_str(&r->author.text),
		.updated = time_of(r, SLOT_UPDATED),
		.incomplete = p->incomplete,
		.ttl_s = p->ttl_s,
	};

	if (failed(r))
		return NW_ERES;
	if (f.updated.at_ms == NW_TIME_NONE)
		f.updated = time_of(r, SLOT_PUBLISHED);
	if (f.ttl_s == 0 && p->sy_period_s > 0)
		f.ttl_s = p->sy_period_s / (p->sy_frequency > 0 ? p->sy_frequency : 1);
	return p->host->set_feed(p->sink, &f);
}
