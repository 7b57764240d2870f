#include <inttypes.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/str.h"
#include "core/conf_load.h"
#include "core/conf_names.h"
#include "core/conf_source_make.h"
#include "core/frame.h"

/* What all sources of a load share. */
struct sources {
	struct nw_conf_loading *l;
	struct nw_value *defaults;
	struct nw_conf_names names;
	struct nw_str zone;
};

static void
check_unique(struct sources *all, const struct nw_conf_making *m)
{
	struct nw_config *c = all->l->c;
	uint32_t first;
	int added = m->s->name.len > 0 ? nw_conf_names_add(&all->names, m->s->name, c->nsource, &first) : 1;

	if (added == 0) {
		struct nw_conf_valid at = nw_conf_source_make_place(m, "name", 0);

		nw_conf_diag(all->l->diags, NW_CONF_ERROR, &at.at,
		    "there is a source '%s' already, in %s:%" PRIu32, m->s->name.p,
		    c->source[first]->at.file.p, c->source[first]->at.line);
	}
	all->l->no_memory |= added == -1;
}

static void
load_source(struct sources *all, const struct nw_conf_raw *raw)
{
	struct nw_conf_loading *l = all->l;
	struct nw_conf_source *s = nw_arena_zalloc(l->c->raw, sizeof(*s));
	struct nw_conf_making m = {.arena = l->c->raw,
	    .daemon = &l->c->daemon,
	    .diags = l->diags,
	    .s = s,
	    .zone = &all->zone,
	    .now_ms = l->now_ms};
	struct nw_value *v = NULL;
	Nw__Key **rest = NULL;
	size_t nrest = 0;
	struct nw_conf_typing t = {.table = nw_conf_source_options,
	    .defaults = all->defaults,
	    .keys = raw->keys,
	    .nkeys = raw->nkeys,
	    .rest_r = &rest};

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
	nw_conf_source_make(&m, rest, nrest);
	check_unique(all, &m);
	l->no_memory |= m.no_memory;
	l->c->source[l->c->nsource++] = s;
}

void
nw_conf_sources_load(struct nw_conf_loading *l)
{
	struct sources all = {.l = l,
	    .defaults = nw_conf_type_defaults(l->c->raw, nw_conf_source_options),
	    .zone = NW_STR("UTC")};
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
	struct nw_conf_making m = {.arena = arena,
	    .daemon = d,
	    .diags = &diags,
	    .s = s,
	    .zone = &zone,
	    .now_ms = nw_clock_wall_ms()};
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
	s->at = (struct nw_conf_place){.file = nw_pb_str(check->file),
	    .line = check->line,
	    .col = check->col,
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
		nw_conf_source_make(&m, rest, nrest);
	if (v == NULL || m.no_memory)
		rc = nw_fail(err, NW_ERES, "out of memory");
	else if (diags.nerror > 0)
		rc = nw_fail(err, NW_ECONF, "the stored source '%s' is not accepted by this release: %s",
		    s->at.entry.p, diags.n > 0 ? diags.item[0]->text.p : "");
	nw_conf_diags_done(&diags);
	if (rc == 0)
		*source_r = s;
	return rc;
}
