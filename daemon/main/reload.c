#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "base/str.h"
#include "core/frame.h"
#include "main/reload.h"
#include "pool/pool.h"
#include "store/store_config.h"

struct nw_reload {
	struct nw_reload_parts parts;
	struct nw_config *trial; /* what a worker is trying */
	uint64_t next_number, ended;
	int busy, again, first, from_kept, stale;
	uint32_t nerror; /* main's own findings in the trial, which a worker only completes */
	char refusal[NW_ERR_MAX];
};

static void try_kept(struct nw_reload *, const char *why);

static void
finish(struct nw_reload *r, const struct nw_err *err)
{
	r->busy = 0;
	r->ended++;
	if (err != NULL)
		(void)snprintf(r->refusal, sizeof(r->refusal), "%s", err->msg); /* cut is fine */
	else if (!r->stale)
		r->refusal[0] = '\0';
	r->parts.done(r->parts.cookie, err);
	if (r->again && !r->busy) {
		r->again = 0;
		(void)nw_reload_start(r); /* who asked for it was told its number */
	}
}

/* Nothing live changes.  At the start the configuration accepted last stands in. */
static void
refuse(struct nw_reload *r, const struct nw_err *err)
{
	struct nw_err store_err;

	nw_conf_free(r->trial);
	r->trial = NULL;
	nw_log(NW_LOG_ERROR, "configuration refused: %s", err->msg);
	if (nw_store_config_event(r->parts.store, nw_str(err->msg), nw_clock_wall_ms(), &store_err) == -1)
		nw_log(NW_LOG_ERROR, "store: %s", store_err.msg);
	if (r->first && !r->from_kept)
		try_kept(r, err->msg);
	else
		finish(r, err);
}

static void
add_diag(struct nw_conf_diags *diags, const Nw__Diag *d)
{
	struct nw_conf_place at = {nw_pb_str(d->file), d->line, d->col, d->len, nw_pb_str(d->entry)};

	(void)nw_conf_diag(diags, d->severity, &at, "%.*s", (int)d->text.len, (const char *)d->text.data); /* always -1 */
}

/* With file, place and caret, as the command line prints them; nobody has to read them for the daemon to go on. */
static void
print_diags(struct nw_conf_diags *diags)
{
	char *text = NULL;
	size_t len = 0;
	FILE *f = open_memstream(&text, &len);

	if (f != NULL)
		nw_conf_diags_print(f, diags);
	if (f == NULL || fclose(f) != 0)
		nw_log(NW_LOG_ERROR, "out of memory: %u errors of the configuration are not shown", diags->nerror);
	else
		nw_log_text(text, len);
	free(text);
}

static void
print_refused(const Nw__Refused *refused, uint32_t *nerror)
{
	struct nw_conf_diags diags = {0};

	for (size_t i = 0; i < refused->n_diags; i++)
		add_diag(&diags, refused->diags[i]);
	print_diags(&diags);
	*nerror += diags.nerror;
	nw_conf_diags_done(&diags);
}

static void
adopt(struct nw_reload *r, const Nw__Hello *hello)
{
	struct nw_generation *g;
	struct nw_config *trial = r->trial;
	struct nw_err err;
	char text[128];

	r->trial = NULL;
	if (nw_generation_new(trial, hello, hello->generation, &g, &err) == -1) {
		refuse(r, &err);
		return;
	}
	if (nw_generation_adopt(r->parts.generations, g, hello, r->parts.store, nw_clock_wall_ms(), &err) == -1) {
		nw_generation_free(g);
		refuse(r, &err);
		return;
	}
	if (!r->from_kept && nw_conf_bundle_write(g->config, r->parts.kept_path, &err) == -1)
		nw_log(NW_LOG_WARNING, "the accepted configuration could not be kept: %s", err.msg);
	(void)snprintf(text, sizeof(text), "accepted generation %llu: %u sources, %u watches", /* fits */
	    (unsigned long long)g->number, g->nsource, g->nwatch);
	(void)nw_store_config_event(r->parts.store, nw_str(text), nw_clock_wall_ms(), NULL); /* the log has it too */
	nw_log(NW_LOG_NOTICE, "configuration %s (lock level %u, %u expressions, %u of them evaluated on every article)", text,
	    g->lock_level, g->expressions, g->always);
	if (!r->parts.generations->at_once) {
		nw_conf_shrink(g->config); /* the pool has its message, the store its sources */
		(void)malloc_trim(0);	   /* glibc would keep what a large configuration needed while it was read */
	}
	r->first = 0;
	finish(r, NULL);
}

static void
on_tried(void *cookie, const Nw__Hello *hello, const Nw__Refused *refused, const struct nw_err *err)
{
	struct nw_reload *r = cookie;
	struct nw_err why;
	uint32_t nerror = r->nerror;

	if (hello != NULL && nerror == 0) {
		adopt(r, hello);
		return;
	}
	if (refused != NULL) {
		print_refused(refused, &nerror);
		nw_fail(&why, NW_ECONF, "%u error%s; nothing has changed", nerror, nerror == 1 ? "" : "s");
	} else if (err != NULL) {
		nw_fail(&why, err->code, "%s", err->msg);
	} else {
		nw_fail(&why, NW_ECONF, "%u error%s; nothing has changed", nerror, nerror == 1 ? "" : "s");
	}
	refuse(r, &why);
}

/* A worker of the new generation must say HELLO before anything changes. */
static void
try_config(struct nw_reload *r, struct nw_config *config)
{
	struct nw_conf_run run = {
	    .generation = ++r->next_number,
	    .plugin_dir = r->parts.plugin_dir,
	    .sandbox = r->parts.sandbox >= 0 ? (uint32_t)r->parts.sandbox : config->daemon.sandbox,
	    .now_ms = nw_clock_wall_ms(),
	    .check = 1,
	    .strict = 1,
	    .only_check = r->nerror > 0,
	};
	struct nw_arena *arena = nw_arena_new(0);
	Nw__Config *m;
	struct nw_err err;

	r->trial = config;
	if (arena == NULL)
		nw_fail(&err, NW_ERES, "out of memory");
	if (arena == NULL || nw_conf_worker(config, &run, arena, &m, &err) == -1) {
		nw_arena_free(arena);
		refuse(r, &err);
		return;
	}
	nw_pool_config(r->parts.pool, m, on_tried, r);
	nw_arena_free(arena);
}

static void
loaded(struct nw_reload *r, int rc, struct nw_config *config, struct nw_conf_diags *diags, struct nw_err *err)
{
	r->nerror = diags->nerror;
	print_diags(diags);
	nw_conf_diags_done(diags);
	if (rc == -1)
		refuse(r, err);
	else
		try_config(r, config); /* with errors too: a worker says what is wrong in the queries, in the same run */
}

static void
try_kept(struct nw_reload *r, const char *why)
{
	struct nw_conf_diags diags = {0};
	struct nw_config *config = NULL;
	struct nw_err err;
	int rc;

	(void)snprintf(r->refusal, sizeof(r->refusal), "%s", why); /* cut is fine */
	r->from_kept = r->stale = 1;
	rc = nw_conf_bundle_read(r->parts.kept_path, &config, &diags, &err);
	if (rc == -1 && access(r->parts.kept_path, F_OK) == -1)
		nw_fail(&err, NW_ECONF, "none was accepted before that could stand in for it");
	if (rc == 0)
		nw_log(NW_LOG_ERROR, "the configuration has errors: watching goes on with the one accepted last");
	loaded(r, rc, config, &diags, &err);
}

/* The files, or what was read of them before there was a reload. */
static int
load(struct nw_reload *r, struct nw_config **config_r, struct nw_conf_diags *diags, struct nw_err *err)
{
	struct nw_conf_from from = {.path = r->parts.conf_path};

	if (r->parts.read == NULL)
		return nw_conf_load(&from, config_r, diags, err);
	*config_r = r->parts.read;
	*diags = r->parts.found;
	r->parts.read = NULL;
	r->parts.found = (struct nw_conf_diags){0};
	return 0;
}

uint64_t
nw_reload_ended(const struct nw_reload *r)
{
	return r->ended;
}

uint64_t
nw_reload_start(struct nw_reload *r)
{
	struct nw_conf_diags diags = {0};
	struct nw_config *config = NULL;
	uint64_t number = r->ended + 1;
	struct nw_err err;
	int rc;

	if (r->busy) {
		r->again = 1;
		return number + 1;
	}
	r->busy = 1;
	r->from_kept = 0;
	if (!r->first)
		r->stale = 0;
	rc = load(r, &config, &diags, &err);
	loaded(r, rc, config, &diags, &err);
	return number;
}

void
nw_reload_first(struct nw_reload *r)
{
	r->first = 1;
	(void)nw_reload_start(r); /* nobody waits for it */
}

int
nw_reload_is_stale(const struct nw_reload *r)
{
	return r->stale;
}

const char *
nw_reload_refusal(const struct nw_reload *r)
{
	return r->refusal;
}

struct nw_reload *
nw_reload_new(const struct nw_reload_parts *parts)
{
	struct nw_reload *r = calloc(1, sizeof(*r));

	if (r != NULL)
		r->parts = *parts;
	return r;
}

void
nw_reload_free(struct nw_reload *r)
{
	if (r == NULL)
		return;
	nw_conf_free(r->trial);
	nw_conf_free(r->parts.read);
	nw_conf_diags_done(&r->parts.found);
	free(r);
}
