#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/str.h"
#include "core/conf_load.h"
#include "core/conf_names.h"
#include "core/conf_table.h"
#include "core/conf_valid.h"
#include "core/frame.h"
#include "core/time.h"
#include "core/url.h"

#define DAY_MS 86400000ll
#define YEAR_OVERLAP_DAY 31 /* in January the year before is still read: late announcements */

/* One source being made of its values. */
struct making {
	struct nw_arena *arena; /* of the source */
	const struct nw_conf_daemon *daemon;
	const struct nw_value *value;
	struct nw_conf_diags *diags;
	struct nw_conf_source *s;
	struct nw_str *zone; /* the last one that was right: most sources share a few */
	int64_t now_ms;
	int no_memory;
};

static const struct nw_value *
value(const struct making *m, const char *name)
{
	return nw_conf_table_value(nw_conf_source_options, m->value, name);
}

static struct nw_conf_valid
valid(const struct making *m, const char *name, uint32_t i)
{
	return (struct nw_conf_valid){m->diags, nw_conf_valid_place(&m->s->at, value(m, name), i), name};
}

static int64_t
number(const struct making *m, const char *name, int64_t otherwise)
{
	const struct nw_value *v = value(m, name);

	return v->given ? v->num : otherwise;
}

static struct nw_str
text(struct making *m, const char *name, struct nw_str otherwise)
{
	const struct nw_value *v = value(m, name);
	struct nw_str s = v->given ? nw_arena_dup(m->arena, v->str) : otherwise;

	m->no_memory |= s.p == NULL;
	return nw_str_or_empty(s);
}

/* What the source does not say is as the daemon's options say. */
static void
inherit(struct making *m)
{
	const struct nw_conf_daemon *d = m->daemon;
	struct nw_conf_source *s = m->s;

	s->every_s = number(m, "every", d->fetch.every_s);
	/* a rhythm slower than the default's bound is that bound */
	s->every_max_s = number(m, "every_max", s->every_s > d->fetch.every_max_s ? s->every_s : d->fetch.every_max_s);
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
with_year(struct making *m, struct nw_str text, int year)
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

/* Whether the host is an address that the operator allowed by name, so that plain http stays in his network. */
static int
is_own_network(const struct making *m, struct nw_str url)
{
	const struct nw_conf_source *s = m->s;
	const struct nw_conf_daemon *d = m->daemon;
	struct nw_url u;
	uint32_t i, n = s->nallow_private + d->fetch.nallow_private;

	if (nw_url_parse(url, &u, NULL) == -1)
		return 0;
	for (i = 0; i < n; i++) {
		struct nw_str range = i < s->nallow_private ? s->allow_private[i] : d->fetch.allow_private[i - s->nallow_private];

		if (nw_conf_valid_within(u.host, range))
			return 1;
	}
	return 0;
}

static void
add_url(struct making *m, struct nw_str *url, uint32_t i, int year)
{
	struct nw_str text = with_year(m, value(m, "url")->list[i], year), canonical;
	struct nw_conf_valid at = valid(m, "url", i);
	uint32_t k;

	if (nw_conf_valid_url(&at, m->arena, text, &canonical) == -1)
		return;
	if (nw_str_starts(canonical, "http:") && is_own_network(m, canonical))
		m->s->allow_http = 1;
	if (nw_str_starts(canonical, "http:") && !m->s->allow_http) {
		nw_conf_diag(m->diags, NW_CONF_ERROR, &at.at,
		    "plain http can be changed by anybody on the way; write https://, or add 'allow_http: true'");
		return;
	}
	for (k = 0; k < m->s->nurl; k++) {
		if (nw_str_eq(url[k], canonical)) {
			nw_conf_diag(m->diags, NW_CONF_ERROR, &at.at, "this address stands here twice; remove one");
			return;
		}
	}
	url[m->s->nurl++] = canonical;
}

static void
set_urls(struct making *m)
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
set_days(struct making *m)
{
	const struct nw_value *v = value(m, "expected_days");
	uint32_t i;

	for (i = 0; i < v->nlist; i++) {
		if (add_days(v->list[i], &m->s->expected_days) == -1) {
			struct nw_conf_valid at = valid(m, "expected_days", i);

			nw_conf_diag(m->diags, NW_CONF_ERROR, &at.at, "'expected_days' holds mon, tue ... sun or mon-fri, not '%s'",
			    v->list[i].p);
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
check_recess(struct making *m)
{
	uint32_t i;

	for (i = 0; i < m->s->nrecess; i++) {
		struct nw_str s = m->s->recess[i];
		struct nw_conf_valid at = valid(m, "recess", i);

		if (s.len != 12 || memcmp(s.p + 5, "..", 2) != 0 || !month_day_ok(s.p) || !month_day_ok(s.p + 7))
			nw_conf_diag(m->diags, NW_CONF_ERROR, &at.at, "'recess' holds spans such as 08-01..08-15, not '%s'", s.p);
	}
}

static void
check_texts(struct making *m)
{
	const struct nw_conf_source *s = m->s;
	struct nw_conf_valid at;
	uint32_t i;

	at = valid(m, "name", 0);
	if (value(m, "name")->given)
		nw_conf_valid_name(&at, s->name);
	at = valid(m, "timezone", 0);
	if (!nw_str_eq(*m->zone, s->timezone) && nw_conf_valid_zone(&at, s->timezone) == 0)
		*m->zone = s->timezone;
	at = valid(m, "lang", 0);
	nw_conf_valid_lang(&at, s->lang);
	at = valid(m, "country", 0);
	nw_conf_valid_country(&at, s->country);
	at = valid(m, "proxy", 0);
	if (value(m, "proxy")->given)
		nw_conf_valid_proxy(&at, s->proxy);
	for (i = 0; i < s->nheaders; i++) {
		at = valid(m, "headers", i);
		nw_conf_valid_header(&at, s->headers[i]);
	}
	for (i = 0; i < s->nallow_private; i++) {
		at = valid(m, "allow_private", i);
		nw_conf_valid_cidr(&at, s->allow_private[i]);
	}
	at = valid(m, "enabled", 0);
	if (!s->enabled && s->reason.len == 0)
		nw_conf_diag(m->diags, NW_CONF_ERROR, &at.at, "a disabled source says why: add 'reason: ...'");
	at = valid(m, "every_max", 0);
	if (s->every_max_s < s->every_s)
		nw_conf_diag(m->diags, NW_CONF_ERROR, &at.at, "'every_max' is less than 'every'");
}

/*
 * The rest of the keys: a feed's items lead to pages, whose options (`article.*`) stand in the same source.  A source
 * of pages has one parser for both.
 */
static void
split_keys(struct making *m, Nw__Key **rest, size_t n)
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

/* The source of m->value; what is wrong is reported. */
static void
make(struct making *m, Nw__Key **rest, size_t nrest)
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

/* What all sources of a load share. */
struct sources {
	struct nw_conf_loading *l;
	struct nw_value *defaults;
	struct nw_conf_names names;
	struct nw_str zone;
};

static void
check_unique(struct sources *all, const struct making *m)
{
	struct nw_config *c = all->l->c;
	uint32_t first;
	int added = m->s->name.len > 0 ? nw_conf_names_add(&all->names, m->s->name, c->nsource, &first) : 1;

	if (added == 0) {
		struct nw_conf_valid at = valid(m, "name", 0);

		nw_conf_diag(all->l->diags, NW_CONF_ERROR, &at.at, "there is a source '%s' already, in %s:%" PRIu32, m->s->name.p,
		    c->source[first]->at.file.p, c->source[first]->at.line);
	}
	all->l->no_memory |= added == -1;
}

static void
load_source(struct sources *all, const struct nw_conf_raw *raw)
{
	struct nw_conf_loading *l = all->l;
	struct nw_conf_source *s = nw_arena_zalloc(l->c->raw, sizeof(*s));
	struct making m = {.arena = l->c->raw, .daemon = &l->c->daemon, .diags = l->diags, .s = s, .zone = &all->zone,
	    .now_ms = l->now_ms};
	struct nw_value *v = NULL;
	Nw__Key **rest = NULL;
	size_t nrest = 0;
	struct nw_conf_typing t = {.table = nw_conf_source_options, .defaults = all->defaults, .keys = raw->keys,
	    .nkeys = raw->nkeys, .rest_r = &rest};

	if (s != NULL) {
		s->at = raw->at;
		s->all = raw->keys;
		s->nall = raw->nkeys;
		s->at.entry = nw_conf_load_label(l, "source", raw);
		t.at = s->at;
		t.nrest_r = &nrest;
		nw_arena_reset(l->scratch);
		(void)nw_conf_type(l->scratch, &t, &v, l->diags); /* told to the diags */
	}
	if (v == NULL) {
		l->no_memory = 1;
		return;
	}
	m.value = v;
	make(&m, rest, nrest);
	check_unique(all, &m);
	l->no_memory |= m.no_memory;
	l->c->source[l->c->nsource++] = s;
}

void
nw_conf_sources_load(struct nw_conf_loading *l)
{
	struct sources all = {.l = l, .defaults = nw_conf_type_defaults(l->c->raw, nw_conf_source_options), .zone = NW_STR("UTC")};
	size_t i, n = 0;

	for (i = 0; i < l->raws.n; i++)
		n += nw_str_is(l->raws.item[i].section, "sources");
	l->c->source = nw_arena_array(l->c->raw, n + 1, sizeof(*l->c->source));
	l->no_memory |= l->c->source == NULL || all.defaults == NULL;
	for (i = 0; i < l->raws.n && !l->no_memory; i++) {
		if (nw_str_is(l->raws.item[i].section, "sources"))
			load_source(&all, &l->raws.item[i]);
	}
	nw_conf_names_done(&all.names);
}

struct nw_str
nw_conf_source_parser(const struct nw_conf_source *s, uint32_t role, Nw__Key ***keys_r, size_t *nkeys_r)
{
	int page = role == NW_ROLE_ARTICLE;

	*keys_r = page ? s->page_keys : s->keys;
	*nkeys_r = page ? s->npage_keys : s->nkeys;
	if (page && s->npage_keys == 0 && !nw_str_is(s->parser, "page"))
		return nw_str(""); /* whatever reads it: nothing is said about its pages */
	return page ? nw_str("page") : s->parser;
}

/* One source in the envelope of a CONFIG frame, so that the checks of frames read it back. */
int
nw_conf_source_pack(const struct nw_config *c, const struct nw_conf_source *s, struct nw_buf *b)
{
	Nw__SourceCheck check = NW__SOURCE_CHECK__INIT, *list = &check;
	Nw__Config config = NW__CONFIG__INIT;
	Nw__Frame frame = NW__FRAME__INIT;

	(void)c;
	check.name = nw_pb(s->name);
	check.file = nw_pb(s->at.file);
	check.line = s->at.line;
	check.col = s->at.col;
	check.keys = s->all;
	check.n_keys = s->nall;
	config.check_sources = &list;
	config.n_check_sources = 1;
	frame.kind_case = NW__FRAME__KIND_CONFIG;
	frame.config = &config;
	return nw_frame_pack(b, &frame);
}

/* The stored message, unpacked into the arena. */
static int
unpack(struct nw_arena *arena, struct nw_bytes bytes, Nw__SourceCheck **check_r, struct nw_err *err)
{
	Nw__Frame *frame;

	if (bytes.len <= NW_FRAME_HEAD)
		return nw_fail(err, NW_ECONF, "a stored source is empty");
	bytes = (struct nw_bytes){bytes.p + NW_FRAME_HEAD, bytes.len - NW_FRAME_HEAD};
	if (nw_frame_unpack(arena, bytes, &frame, err) == -1)
		return -1;
	if (frame->kind_case != NW__FRAME__KIND_CONFIG || frame->config->n_check_sources != 1)
		return nw_fail(err, NW_ECONF, "a stored source is not whole");
	*check_r = frame->config->check_sources[0];
	return 0;
}

int
nw_conf_source_unpack(struct nw_arena *arena, struct nw_bytes bytes, const struct nw_conf_daemon *d,
    struct nw_conf_source **source_r, struct nw_err *err)
{
	struct nw_conf_source *s = nw_arena_zalloc(arena, sizeof(*s));
	struct nw_conf_diags diags = {0};
	struct nw_str zone = NW_STR("UTC");
	struct making m = {.arena = arena, .daemon = d, .diags = &diags, .s = s, .zone = &zone, .now_ms = nw_clock_wall_ms()};
	struct nw_conf_typing t = {.table = nw_conf_source_options};
	struct nw_value *v = NULL;
	Nw__Key **rest = NULL;
	size_t nrest = 0;
	Nw__SourceCheck *check = NULL;
	int rc = 0;

	if (s == NULL)
		return nw_fail(err, NW_ERES, "out of memory");
	if (unpack(arena, bytes, &check, err) == -1)
		return -1;
	s->at = (struct nw_conf_place){.file = nw_pb_str(check->file), .line = check->line, .col = check->col,
	    .entry = nw_pb_str(check->name)};
	s->all = check->keys;
	s->nall = check->n_keys;
	t.keys = check->keys;
	t.nkeys = check->n_keys;
	t.at = s->at;
	t.rest_r = &rest;
	t.nrest_r = &nrest;
	(void)nw_conf_type(arena, &t, &v, &diags); /* told to the diags */
	m.value = v;
	if (v != NULL)
		make(&m, rest, nrest);
	if (v == NULL || m.no_memory)
		rc = nw_fail(err, NW_ERES, "out of memory");
	else if (diags.nerror > 0)
		rc = nw_fail(err, NW_ECONF, "the stored source '%s' is not accepted by this release: %s", s->at.entry.p,
		    diags.n > 0 ? diags.item[0]->text.p : "");
	nw_conf_diags_done(&diags);
	if (rc == 0)
		*source_r = s;
	return rc;
}
