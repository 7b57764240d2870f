#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "core/conf_source_make.h"
#include "core/conf_table.h"
#include "core/frame.h"
#include "core/time.h"
#include "core/url.h"

#define DAY_MS		 86400000ll
#define YEAR_OVERLAP_DAY 31 /* in January the year before is still read: late announcements */

static const struct nw_value *
value(const struct nw_conf_making *m, const char *name)
{
	return nw_conf_table_value(nw_conf_source_options, m->value, name);
}

struct nw_conf_valid
nw_conf_source_make_place(const struct nw_conf_making *m, const char *name, uint32_t i)
{
	return (struct nw_conf_valid){m->diags, nw_conf_valid_place(&m->s->at, value(m, name), i), name};
}

static int64_t
number(const struct nw_conf_making *m, const char *name, int64_t otherwise)
{
	const struct nw_value *v = value(m, name);

	return v->given ? v->num : otherwise;
}

static struct nw_str
text(struct nw_conf_making *m, const char *name, struct nw_str otherwise)
{
	const struct nw_value *v = value(m, name);
	struct nw_str s = v->given ? nw_arena_dup(m->arena, v->str) : otherwise;

	m->no_memory |= s.p == NULL;
	return nw_str_or_empty(s);
}

/* What the source does not say is as the daemon's options say. */
static void
inherit(struct nw_conf_making *m)
{
	const struct nw_conf_daemon *d = m->daemon;
	struct nw_conf_source *s = m->s;

	s->every_s = number(m, "every", d->fetch.every_s);
	/* a rhythm slower than the default's bound is that bound */
	s->every_max_s =
	    number(m, "every_max", s->every_s > d->fetch.every_max_s ? s->every_s : d->fetch.every_max_s);
	s->keep = (uint32_t)number(m, "keep", d->store.keep);
	s->backfill = (uint32_t)number(m, "backfill", d->follow.backfill);
	s->robots = (uint32_t)number(m, "robots", d->fetch.robots);
	s->max_bytes = number(m, "max_bytes", d->fetch.max_bytes);
	s->timeout_s = number(m, "timeout", d->fetch.timeout_s);
	s->proxy = text(m, "proxy", d->fetch.proxy);
	s->ca_file = text(m, "ca_file", d->fetch.ca_file);
	s->parser = text(m, "parser", nw_str(""));
	if (nw_str_is(s->parser, "auto"))
		s->parser = nw_str("");
}

/* text with each {year} as the four digits */
static struct nw_str
with_year(struct nw_conf_making *m, struct nw_str text, int year)
{
	struct nw_buf b = {0};
	struct nw_str r;
	size_t i;

	for (i = 0; i < text.len; i++) {
		if (text.len - i >= 6 && memcmp(text.p + i, "{year}", 6) == 0) {
			nw_buf_addf(&b, "%04d", year);
			i += 5;
		} else {
			nw_buf_addc(&b, text.p[i]);
		}
	}
	r = nw_buf_str(&b);
	r = nw_arena_dup(m->arena, r);
	m->no_memory |= b.failed || r.p == NULL;
	nw_buf_done(&b);
	return r.p != NULL ? r : (struct nw_str){"", 0};
}

/* Whether the host is an address that the operator allowed by name, so that plain http stays in his network.
 */
static int
is_own_network(const struct nw_conf_making *m, struct nw_str url)
{
	const struct nw_conf_source *s = m->s;
	const struct nw_conf_daemon *d = m->daemon;
	struct nw_url u;
	uint32_t i, n = s->nallow_private + d->fetch.nallow_private;

	if (nw_url_parse(url, &u, NULL) == -1)
		return 0;
	for (i = 0; i < n; i++) {
		struct nw_str range = i < s->nallow_private ? s->allow_private[i]
							    : d->fetch.allow_private[i - s->nallow_private];

		if (nw_conf_valid_within(u.host, range))
			return 1;
	}
	return 0;
}

static void
add_url(struct nw_conf_making *m, struct nw_str *url, uint32_t i, int year)
{
	struct nw_str text = with_year(m, value(m, "url")->list[i], year), canonical;
	struct nw_conf_valid at = nw_conf_source_make_place(m, "url", i);
	uint32_t k;

	if (nw_conf_valid_url(&at, m->arena, text, &canonical) == -1)
		return;
	if (nw_str_starts(canonical, "http:") && is_own_network(m, canonical))
		m->s->allow_http = 1;
	if (nw_str_starts(canonical, "http:") && !m->s->allow_http) {
		nw_conf_diag(m->diags, NW_CONF_ERROR, &at.at,
		    "plain http can be changed by anybody on the way; write https://, or add 'allow_http: "
		    "true'");
		return;
	}
	for (k = 0; k < m->s->nurl; k++) {
		if (nw_str_eq(url[k], canonical)) {
			nw_conf_diag(
			    m->diags, NW_CONF_ERROR, &at.at, "this address stands here twice; remove one");
			return;
		}
	}
	url[m->s->nurl++] = canonical;
}

static void
set_urls(struct nw_conf_making *m)
{
	const struct nw_value *v = value(m, "url");
	struct nw_str *url = nw_arena_array(m->arena, 2 * (size_t)v->nlist + 1, sizeof(*url));
	int year, month, day;
	uint32_t i;

	m->no_memory |= url == NULL;
	nw_time_civil(m->now_ms / DAY_MS, &year, &month, &day);
	for (i = 0; i < v->nlist && !m->no_memory; i++) {
		int dated = memmem(v->list[i].p, v->list[i].len, "{year}", 6) != NULL;

		add_url(m, url, i, year);
		if (dated && month == 1 && day <= YEAR_OVERLAP_DAY)
			add_url(m, url, i, year - 1);
	}
	m->s->url = url;
}

static int
weekday(struct nw_str s)
{
	static const char *const name[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
	int i;

	for (i = 0; i < 7; i++) {
		if (s.len == 3 && strncasecmp(s.p, name[i], 3) == 0)
			return i;
	}
	return -1;
}

/* "fri", "mon-fri", "sat-mon" */
static int
add_days(struct nw_str s, uint32_t *days)
{
	int from = weekday((struct nw_str){s.p, s.len < 3 ? s.len : 3}), to = from, i;

	if (s.len == 7 && s.p[3] == '-')
		to = weekday((struct nw_str){s.p + 4, 3});
	else if (s.len != 3)
		return -1;
	if (from == -1 || to == -1)
		return -1;
	for (i = from;; i = (i + 1) % 7) {
		*days |= 1u << i;
		if (i == to)
			return 0;
	}
}

static void
set_days(struct nw_conf_making *m)
{
	const struct nw_value *v = value(m, "expected_days");
	uint32_t i;

	for (i = 0; i < v->nlist; i++) {
		if (add_days(v->list[i], &m->s->expected_days) == -1) {
			struct nw_conf_valid at = nw_conf_source_make_place(m, "expected_days", i);

			nw_conf_diag(m->diags, NW_CONF_ERROR, &at.at,
			    "'expected_days' holds mon, tue ... sun or mon-fri, not '%s'", v->list[i].p);
		}
	}
}

static int
month_day_ok(const char *p)
{
	int month, day;

	if (p[2] != '-' || sscanf(p, "%2d-%2d", &month, &day) != 2)
		return 0;
	return nw_time_date_ok(2024, month, day); /* a leap year */
}

static void
check_recess(struct nw_conf_making *m)
{
	uint32_t i;

	for (i = 0; i < m->s->nrecess; i++) {
		struct nw_str s = m->s->recess[i];
		struct nw_conf_valid at = nw_conf_source_make_place(m, "recess", i);

		if (s.len != 12 || memcmp(s.p + 5, "..", 2) != 0 || !month_day_ok(s.p) ||
		    !month_day_ok(s.p + 7))
			nw_conf_diag(m->diags, NW_CONF_ERROR, &at.at,
			    "'recess' holds spans such as 08-01..08-15, not '%s'", s.p);
	}
}

static void
check_texts(struct nw_conf_making *m)
{
	const struct nw_conf_source *s = m->s;
	struct nw_conf_valid at;
	uint32_t i;

	at = nw_conf_source_make_place(m, "name", 0);
	if (value(m, "name")->given)
		nw_conf_valid_name(&at, s->name);
	at = nw_conf_source_make_place(m, "timezone", 0);
	if (!nw_str_eq(*m->zone, s->timezone) && nw_conf_valid_zone(&at, s->timezone) == 0)
		*m->zone = s->timezone;
	at = nw_conf_source_make_place(m, "lang", 0);
	nw_conf_valid_lang(&at, s->lang);
	at = nw_conf_source_make_place(m, "country", 0);
	nw_conf_valid_country(&at, s->country);
	at = nw_conf_source_make_place(m, "proxy", 0);
	if (value(m, "proxy")->given)
		nw_conf_valid_proxy(&at, s->proxy);
	for (i = 0; i < s->nheaders; i++) {
		at = nw_conf_source_make_place(m, "headers", i);
		nw_conf_valid_header(&at, s->headers[i]);
	}
	for (i = 0; i < s->nallow_private; i++) {
		at = nw_conf_source_make_place(m, "allow_private", i);
		nw_conf_valid_cidr(&at, s->allow_private[i]);
	}
	at = nw_conf_source_make_place(m, "enabled", 0);
	if (!s->enabled && s->reason.len == 0)
		nw_conf_diag(
		    m->diags, NW_CONF_ERROR, &at.at, "a disabled source says why: add 'reason: ...'");
	at = nw_conf_source_make_place(m, "every_max", 0);
	if (s->every_max_s < s->every_s)
		nw_conf_diag(m->diags, NW_CONF_ERROR, &at.at, "'every_max' is less than 'every'");
}

/*
 * The rest of the keys: a feed's items lead to pages, whose options (`article.*`) stand in the same source.
 * A source of pages has one parser for both.
 */
static void
split_keys(struct nw_conf_making *m, Nw__Key **rest, size_t n)
{
	static const char page[] = "article.";
	struct nw_conf_source *s = m->s;
	int one = nw_str_is(s->parser, "page");
	size_t i;

	s->keys = nw_arena_array(m->arena, n + 1, sizeof(*s->keys));
	s->page_keys = nw_arena_array(m->arena, n + 1, sizeof(*s->page_keys));
	if (s->keys == NULL || s->page_keys == NULL) {
		m->no_memory = 1;
		return;
	}
	for (i = 0; i < n; i++) {
		struct nw_str name = nw_pb_str(rest[i]->name);
		int of_page = nw_str_starts(name, page);

		if (one || of_page)
			s->page_keys[s->npage_keys++] = rest[i];
		if (one || !of_page)
			s->keys[s->nkeys++] = rest[i];
	}
}

void
nw_conf_source_make(struct nw_conf_making *m, Nw__Key **rest, size_t nrest)
{
	struct nw_conf_source *s = m->s;

	if (nw_conf_table_bind(m->arena, nw_conf_source_options, nw_conf_source_binds, m->value, s) == -1) {
		m->no_memory = 1;
		return;
	}
	inherit(m);
	split_keys(m, rest, nrest);
	set_urls(m);
	set_days(m);
	check_texts(m);
	check_recess(m);
}
