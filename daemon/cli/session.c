#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "base/str.h"
#include "core/conf.h"
#include "core/frame.h"
#include "cli/cli.h"
#include "cli/session.h"

struct nw_session {
	struct event_base *base;
	struct nw_pool *pool;
	struct nw_session_plugin *plugin;
	uint32_t nplugin, lock_level;
	int knows_tags;
	uint32_t flying;
	/* while opening */
	struct nw_conf_diags *diags;
	int opened; /* 0 not yet, 1 HELLO, -1 not */
	struct nw_err err;
};

/* One job's own callback, behind the session's count. */
struct flight {
	struct nw_session *session;
	nw_pool_fn *fn;
	void *cookie;
};

uint32_t
nw_session_cores(void)
{
	long n = sysconf(_SC_NPROCESSORS_ONLN);

	return n > 0 && n < 1024 ? (uint32_t)n : 1;
}

/* --- the configuration ---------------------------------------------------------------------------------------------- */

static const struct {
	const char *prefix;
	uint32_t bit;
} kinds[] = {
    {"parser-", NW_SESSION_PARSERS},
    {"tagger-", NW_SESSION_TAGGERS},
    {"rule-", NW_SESSION_RULES},
    {"notifier-", NW_SESSION_NOTIFIERS},
};

/* Whether a plugin is of a kind that is wanted. */
static int
is_wanted(struct nw_str name, uint32_t what)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (nw_str_starts(name, kinds[i].prefix))
			return (what & kinds[i].bit) != 0;
	return 0;
}

int
nw_session_config(const struct nw_cli *cli, const struct nw_config *conf, uint32_t what, struct nw_arena *a,
    Nw__Config **config_r, struct nw_err *err)
{
	static const struct nw_config nothing = {.main_file = {"", 0}};
	struct nw_conf_run run = {
	    .generation = 1,
	    .sandbox = NW_SANDBOX_REQUIRE,
	    .now_ms = nw_clock_wall_ms(),
	    .check = (what & NW_SESSION_CHECK) != 0,
	};
	struct nw_helpers *found = nw_arena_alloc(a, sizeof(*found));
	Nw__Config *c;
	size_t kept = 0;

	if (found == NULL)
		return nw_fail(err, NW_ERES, "out of memory");
	if (nw_helpers_find(cli->helpers, cli->plugins, found, err) == -1)
		return -1;
	run.plugin_dir = found->plugins;
	if (nw_conf_worker(conf != NULL ? conf : &nothing, &run, a, &c, err) == -1)
		return -1;
	for (size_t i = 0; i < c->n_plugins; i++)
		if (is_wanted(nw_pb_str(c->plugins[i]->name), what))
			c->plugins[kept++] = c->plugins[i];
	c->partial = kept != c->n_plugins;
	c->n_plugins = kept;
	c->no_texts = 1;
	*config_r = c;
	return 0;
}

/* --- opening ---------------------------------------------------------------------------------------------------------- */

static void
tell(void *cookie, uint32_t level, const char *line, size_t len)
{
	(void)cookie;
	nw_log_line(level, "worker", line, len);
}

static void
take_diags(struct nw_session *s, Nw__Diag *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct nw_conf_place at = {
		    .file = nw_pb_str(list[i]->file),
		    .line = list[i]->line,
		    .col = list[i]->col,
		    .len = list[i]->len,
		    .entry = nw_pb_str(list[i]->entry),
		};

		(void)nw_conf_diag(s->diags, list[i]->severity, &at, "%.*s", (int)list[i]->text.len,
		    (const char *)list[i]->text.data);
	}
}

static char *
dup_bytes(ProtobufCBinaryData d)
{
	return strndup(d.data != NULL ? (const char *)d.data : "", d.len);
}

static void
take_plugins(struct nw_session *s, const Nw__Hello *h)
{
	if ((s->plugin = calloc(h->n_plugins + 1, sizeof(*s->plugin))) == NULL)
		return;
	for (; s->nplugin < h->n_plugins; s->nplugin++)
		s->plugin[s->nplugin] = (struct nw_session_plugin){
		    .name = dup_bytes(h->plugins[s->nplugin]->name),
		    .version = dup_bytes(h->plugins[s->nplugin]->version),
		    .section = dup_bytes(h->plugins[s->nplugin]->section),
		    .summary = dup_bytes(h->plugins[s->nplugin]->summary),
		    .kind = h->plugins[s->nplugin]->kind,
		    .entries = h->plugins[s->nplugin]->entries,
		};
}

static void
on_config(void *cookie, const Nw__Hello *hello, const Nw__Refused *refused, const struct nw_err *err)
{
	struct nw_session *s = cookie;

	s->opened = hello != NULL ? 1 : -1;
	if (hello != NULL) {
		s->lock_level = hello->lock_level;
		s->knows_tags = hello->tags_known;
		take_diags(s, hello->diags, hello->n_diags);
		take_plugins(s, hello);
	} else if (refused != NULL) {
		take_diags(s, refused->diags, refused->n_diags);
		nw_fail(&s->err, NW_ECONF, "the configuration is refused");
	} else {
		s->err = *err;
	}
}

static int
open_pool(const struct nw_cli *cli, Nw__Config *config, uint32_t nworkers, struct nw_session *s, struct nw_err *err)
{
	struct nw_helpers *found = malloc(sizeof(*found));
	struct nw_pool_options o = {.nworkers = nworkers, .tries = 1, .tell = tell};
	int rc = found != NULL ? nw_helpers_find(cli->helpers, cli->plugins, found, err)
			       : nw_fail(err, NW_ERES, "out of memory");

	if (rc == 0 && (s->base = event_base_new()) == NULL)
		rc = nw_fail(err, NW_ERES, "out of memory");
	o.worker = rc == 0 ? found->worker : NULL;
	if (rc == 0 && (s->pool = nw_pool_new(s->base, &o, err)) == NULL)
		rc = -1;
	free(found);
	if (rc == -1)
		return -1;
	nw_pool_config(s->pool, config, on_config, s);
	while (s->opened == 0 && event_base_loop(s->base, EVLOOP_ONCE) == 0)
		;
	if (s->opened == 1)
		return 0;
	*err = s->err;
	return -1;
}

int
nw_session_open(const struct nw_cli *cli, Nw__Config *config, uint32_t nworkers, struct nw_conf_diags *diags,
    struct nw_session **session_r, struct nw_err *err)
{
	struct nw_session *s = calloc(1, sizeof(*s));

	if (s == NULL)
		return nw_fail(err, NW_ERES, "out of memory");
	s->diags = diags;
	if (open_pool(cli, config, nworkers, s, err) == -1) {
		nw_session_close(s);
		return -1;
	}
	s->diags = NULL;
	*session_r = s;
	return 0;
}

void
nw_session_close(struct nw_session *s)
{
	if (s == NULL)
		return;
	nw_pool_free(s->pool);
	if (s->base != NULL)
		event_base_free(s->base);
	for (uint32_t i = 0; i < s->nplugin; i++) {
		free(s->plugin[i].name);
		free(s->plugin[i].version);
		free(s->plugin[i].section);
		free(s->plugin[i].summary);
	}
	free(s->plugin);
	free(s);
}

const struct nw_session_plugin *
nw_session_plugins(const struct nw_session *s, uint32_t *n_r)
{
	*n_r = s->nplugin;
	return s->plugin;
}

uint32_t
nw_session_lock_level(const struct nw_session *s)
{
	return s->lock_level;
}

int
nw_session_knows_tags(const struct nw_session *s)
{
	return s->knows_tags;
}

/* --- jobs -------------------------------------------------------------------------------------------------------------- */

static void
on_answer(void *cookie, struct nw_job *job, const struct nw_err *err)
{
	struct flight *f = cookie;
	struct flight mine = *f;

	free(f);
	mine.session->flying--;
	mine.fn(mine.cookie, job, err);
}

void
nw_session_submit(struct nw_session *s, struct nw_job *job, nw_pool_fn *fn, void *cookie)
{
	struct flight *f = malloc(sizeof(*f));
	struct nw_err err;

	if (f == NULL) {
		nw_fail(&err, NW_ERES, "out of memory");
		fn(cookie, job, &err);
		return;
	}
	*f = (struct flight){s, fn, cookie};
	s->flying++;
	nw_pool_submit(s->pool, job, on_answer, f);
}

void
nw_session_turn(struct nw_session *s)
{
	(void)event_base_loop(s->base, EVLOOP_ONCE); /* its failure is no memory; the callers ask again */
}

void
nw_session_wait(struct nw_session *s)
{
	while (s->flying > 0)
		nw_session_turn(s);
}
