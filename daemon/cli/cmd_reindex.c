#include <errno.h>
#include <event2/event.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/log.h"
#include "base/str.h"
#include "core/conf.h"
#include "core/control.h"
#include "core/frame.h"
#include "core/limits.h"
#include "pool/child.h"
#include "pool/helpers.h"
#include "cli/cli.h"
#include "cli/conf_arg.h"

struct reindex {
	struct nw_cli *cli;
	struct nw_config *conf;
	char index[PATH_MAX];
	/* an indexer of our own */
	struct event_base *base;
	struct nw_child *child;
	int64_t mark, last;
	int ended, whole;
};

static int
show_progress(int64_t mark, int64_t last)
{
	if (isatty(STDERR_FILENO))
		(void)fprintf(stderr, "\r%lld of %lld revisions%s", (long long)mark, (long long)last,
		    mark == last ? "\n" : "");
	return mark == last;
}

/* --- by the daemon */

/* The value behind a word of an answer's lines, -1 if it is not there. */
static int64_t
value_of(struct nw_buf *answer, const char *word)
{
	const char *at = strstr(nw_buf_str(answer).p, word);

	return at != NULL ? strtoll(at + strlen(word), NULL, 10) : -1;
}

/* On a terminal: until it is done, fails, or the user has seen enough. */
static void
watch_daemon(const struct reindex *x)
{
	static const char *const request[] = {"status"};
	int64_t last;

	while (isatty(STDERR_FILENO)) {
		struct nw_buf answer = {0};
		struct nw_err err;
		int done;

		(void)nanosleep(&(struct timespec){0, 500000000}, NULL); /* waking early only asks early */
		if (nw_control_call(x->conf->daemon.control.path.p, request, 1, &answer, &err) == -1)
			return;
		last = value_of(&answer, "\nindexed_of ");
		done = value_of(&answer, "\nindexer_failures ") > 0 ||
		       (last > 0 && show_progress(value_of(&answer, "\nindexed "), last));
		nw_buf_done(&answer);
		if (done)
			return;
	}
}

/* --- by an indexer of our own */

static void
on_frame(void *cookie, struct nw_arena *arena, Nw__Frame *f)
{
	struct reindex *x = cookie;

	if (f->kind_case == NW__FRAME__KIND_INDEXED) {
		x->mark = f->indexed->mark;
		x->last = f->indexed->last;
		x->whole = show_progress(x->mark, x->last);
	}
	nw_arena_free(arena);
}

static void
on_line(void *cookie, const char *line, size_t len)
{
	(void)cookie;
	struct nw_buf b = {0};

	nw_log_escape(&b, line, len, NW_LOG_LINE_MAX);
	(void)fprintf(stderr, "%s\n", nw_buf_str(&b).p);
	nw_buf_done(&b);
}

static void
on_end(void *cookie, const char *why)
{
	struct reindex *x = cookie;

	(void)why; /* it has said itself what was wrong */
	x->ended = 1;
}

static int
order(struct reindex *x, struct nw_err *err)
{
	Nw__Index m = NW__INDEX__INIT;
	Nw__Frame f = NW__FRAME__INIT;

	m.version = NW_WIRE_VERSION;
	m.store_path = nw_pb(x->conf->daemon.store.path);
	m.index_path = nw_pb(nw_str(x->index));
	m.sandbox = x->conf->daemon.sandbox;
	m.anew = m.once = 1;
	f.kind_case = NW__FRAME__KIND_INDEX;
	f.index = &m;
	return nw_child_send(x->child, &f, err);
}

/* What another user made could not be written by the daemon. */
static int
check_user(const struct reindex *x)
{
	struct stat sb;

	if (stat(x->conf->daemon.store.path.p, &sb) == -1)
		return nw_cli_fail(
		    x->cli, NW_EXIT_BROKEN, "'%s': %s", x->conf->daemon.store.path.p, strerror(errno));
	if (sb.st_uid != geteuid())
		return nw_cli_fail(x->cli, NW_EXIT_BROKEN,
		    "the store belongs to user %u: run this as that user, or start newswatchd, which makes "
		    "the index itself",
		    (unsigned)sb.st_uid);
	return 0;
}

static int
run_own(struct reindex *x)
{
	struct nw_child_options o = {.frame_max = NW_INDEX_FRAME_MAX,
	    .arena_max = 2 * NW_INDEX_FRAME_MAX,
	    .on_frame = on_frame,
	    .on_line = on_line,
	    .on_end = on_end,
	    .cookie = x};
	struct nw_helpers *found = malloc(sizeof(*found));
	struct nw_err err;
	int rc = check_user(x);

	if (rc == 0 && (found == NULL || (x->base = event_base_new()) == NULL))
		rc = nw_cli_fail(x->cli, NW_EXIT_BROKEN, "out of memory");
	if (rc == 0 && nw_helpers_find(x->cli->helpers, x->cli->plugins, found, &err) == 0) {
		o.path = found->indexer;
		if (nw_child_spawn(x->base, &o, &x->child, &err) == -1 || order(x, &err) == -1)
			rc = nw_cli_fail(x->cli, NW_EXIT_BROKEN, "%s", err.msg);
		while (rc == 0 && !x->ended && event_base_loop(x->base, EVLOOP_ONCE) == 0)
			;
	}
	if (rc == 0 && !x->whole)
		rc = nw_cli_fail(x->cli, NW_EXIT_BROKEN, "the index was not finished");
	if (!x->ended)
		nw_child_free(x->child);
	if (x->base != NULL)
		event_base_free(x->base);
	free(found);
	return rc;
}

/* --- the whole */

static int
run(struct reindex *x)
{
	static const char *const request[] = {"reindex"};
	struct nw_buf answer = {0};
	struct nw_err err;
	int rc;

	if (nw_conf_index_path(&x->conf->daemon, x->index, sizeof(x->index), &err) == -1)
		return nw_cli_fail(x->cli, NW_EXIT_NO, "%s", err.msg);
	rc = nw_control_call(x->conf->daemon.control.path.p, request, 1, &answer, &err);
	nw_buf_done(&answer);
	if (rc == -1)
		return err.code == NW_ERES ? run_own(x) : nw_cli_fail(x->cli, NW_EXIT_NO, "%s", err.msg);
	printf("newswatchd makes the index anew\n");
	watch_daemon(x);
	return 0;
}

int
nw_cmd_reindex(struct nw_cli *cli, int argc, char **argv)
{
	struct reindex x = {.cli = cli};
	struct nw_conf_diags diags = {0};
	const char *config = NULL;
	const struct nw_cli_option table[] = {
	    {"config", 'c', NW_CLI_TEXT, &config, "FILE",
		"configuration that names store, index and control socket"},
	    {0},
	};
	int first, rc = nw_options_read(cli, table, argc, argv, &first);

	if (rc != 0)
		return rc - 1;
	if (first != argc)
		return nw_cli_fail(cli, NW_EXIT_USAGE, "it takes no argument");
	if ((rc = nw_conf_arg_load(cli, config, NULL, &x.conf, &diags)) == 0)
		rc = run(&x);
	nw_conf_diags_done(&diags);
	nw_conf_free(x.conf);
	return rc;
}
