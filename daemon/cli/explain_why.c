/* Why a watch stayed silent: its envelope, and the parts of its expression that are not there. */
#include <string.h>

#include "base/buf.h"
#include "base/str.h"
#include "core/frame.h"
#include "core/time.h"
#include "core/url.h"
#include "cli/explain.h"
#include "cli/lack.h"
#include "cli/show.h"

#define NEAREST 3 /* watches that are told where none was named */

/* --- the expression ------------------------------------------------------------------------------------- */

struct lacks {
	json_t *list;
	int apart_from_envelope;
};

static void
add_lack(void *cookie, enum nw_lack what, struct nw_str part)
{
	static const char *const before[] = {
	    [NW_LACK_NOTHING] =
		"as configured now it holds on this text: it was written or changed after the text was read",
	    [NW_LACK_SCOPE] = "the expression holds, but the watch does not look at this source or language",
	    [NW_LACK_ABSENT] = "absent: ",
	    [NW_LACK_APART] = "its parts stand in the article, but not as near or as often as this asks: ",
	    [NW_LACK_EXCLUDED] = "excluded by: ",
	    [NW_LACK_INSTEAD] = "the nearest of several alternatives: ",
	    [NW_LACK_UNKNOWN] = "the watch as configured now has errors: newswatch check tells them",
	};
	static const char *const word[] = {
	    "nothing", "scope", "absent", "apart", "excluded", "instead", "unknown"};
	const struct lacks *l = cookie;
	struct nw_buf b = {0};
	json_t *o;

	if (l->apart_from_envelope && (what == NW_LACK_NOTHING || what == NW_LACK_SCOPE))
		return;
	nw_buf_adds(&b, before[what]);
	nw_buf_addstr(&b, part);
	o = json_object();
	if (nw_show_set(o, "what", json_string(word[what])) | nw_show_set(o, "part", nw_show_text(part)) |
	    nw_show_set(o, "text", nw_show_text(nw_buf_str(&b))))
		json_decref(o); /* without memory a sentence is missing */
	else
		(void)json_array_append_new(l->list, o); /* likewise */
	nw_buf_done(&b);
}

static json_t *
lacks_of(const struct nw_explain *e, const struct nw_conf_entry *watch, const Nw__Article *m,
    int apart_from_envelope)
{
	struct lacks l = {json_array(), apart_from_envelope};

	if (l.list != NULL && watch != NULL)
		(void)nw_lack_find(e->from->conf, watch, m, e->from->now_ms, add_lack, &l); /* likewise */
	return l.list;
}

json_t *
nw_explain_lacks(const struct nw_explain *e, const Nw__Article *m, int apart_from_envelope)
{
	return lacks_of(e, e->entry, m, apart_from_envelope);
}

/* --- no watch was named --------------------------------------------------------------------------------- */

struct nearest {
	const struct nw_explain *e;
	const Nw__Article *m;
	json_t *list;
};

static void
add_near(void *cookie, const struct nw_conf_entry *watch, uint32_t share)
{
	const struct nearest *n = cookie;
	json_t *o = json_object();

	if (nw_show_set(o, "watch", nw_show_text(watch->name)) |
	    nw_show_set(o, "share", json_integer(share)) |
	    nw_show_set(o, "lacks", lacks_of(n->e, watch, n->m, 0)))
		json_decref(o); /* likewise */
	else
		(void)json_array_append_new(n->list, o); /* likewise */
}

json_t *
nw_explain_nearest(const struct nw_explain *e, const Nw__Article *m)
{
	struct nearest n = {e, m, json_array()};

	if (n.list != NULL)
		(void)nw_lack_near(e->from->conf, m, e->from->now_ms, NEAREST, add_near, &n); /* likewise */
	return n.list;
}

/* --- an article that the store does not know ------------------------------------------------------------ */

static int
same_host(struct nw_str left, struct nw_str right)
{
	struct nw_url a, b;

	return nw_url_parse(left, &a, NULL) == 0 && nw_url_parse(right, &b, NULL) == 0 &&
	       nw_str_eq(a.host, b.host);
}

json_t *
nw_explain_configured(const struct nw_explain *e)
{
	const struct nw_config *c = e->from->conf;
	struct nw_buf b = {0};
	json_t *o = NULL;

	for (uint32_t i = 0; i < c->nsource && o == NULL; i++) {
		const struct nw_conf_source *s = c->source[i];

		if (s->nurl == 0 || !same_host(e->article, s->url[0]))
			continue;
		if (s->enabled)
			nw_buf_addf(&b,
			    "source %s is configured for its host, and newswatchd has not taken it up yet",
			    s->name.p);
		else
			nw_buf_addf(&b, "source %s is configured for its host, but disabled%s%s", s->name.p,
			    s->reason.len > 0 ? ": " : "", s->reason.p);
		o = nw_show_text(nw_buf_str(&b));
	}
	nw_buf_done(&b);
	return o;
}

/* --- the envelope --------------------------------------------------------------------------------------- */

static int
looks_at(const struct nw_conf_entry *w, struct nw_str source)
{
	for (uint32_t i = 0; i < w->nsources; i++)
		if (nw_str_eq(w->sources[i], source))
			return 1;
	return w->nsources == 0;
}

json_t *
nw_explain_envelope(const struct nw_explain *e, const Nw__Article *m)
{
	const struct nw_conf_entry *w = e->entry;
	struct nw_buf b = {0};
	char at[32];
	json_t *o = NULL;

	if (w == NULL)
		return NULL;
	if (!looks_at(w, nw_pb_str(m->source))) {
		nw_buf_adds(&b, "the watch looks at other sources only:");
		for (uint32_t i = 0; i < w->nsources; i++)
			nw_buf_addf(&b, " %s", w->sources[i].p);
	} else if (w->expires_at_ms != NW_TIME_NONE && w->expires_at_ms < e->from->now_ms) {
		nw_buf_addf(&b, "the watch has expired at %s", nw_time_rfc3339(w->expires_at_ms, at));
	} else if (w->state != NW_STATE_LIVE) {
		nw_buf_addf(&b, "the watch is in state %s: it alerts nobody",
		    w->state == NW_STATE_DRAFT ? "draft" : "shadow");
	}
	if (b.len > 0)
		o = nw_show_text(nw_buf_str(&b));
	nw_buf_done(&b);
	return o;
}
