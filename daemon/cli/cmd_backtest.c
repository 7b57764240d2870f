#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "core/conf.h"
#include "core/frame.h"
#include "core/limits.h"
#include "query/query.h"
#include "cli/backtest.h"
#include "cli/cli.h"
#include "cli/conf_arg.h"

struct options {
	const char *config, *since, *until, *against;
	uint64_t limit;
};

static int
read_options(struct nw_cli *cli, struct options *o, int argc, char **argv, int *first_r)
{
	const struct nw_cli_option table[] = {
	    {"config", 'c', NW_CLI_TEXT, &o->config, "FILE",
		"configuration: where the store is, lists, topics, watches"},
	    {"since", 0, NW_CLI_TEXT, &o->since, "D", "only what was seen since: 90d, 12h, 2026-08-01 (90d)"},
	    {"until", 0, NW_CLI_TEXT, &o->until, "D", "only what was seen before: 30d, 2026-09-01"},
	    {"against", 0, NW_CLI_TEXT, &o->against, "FILE",
		"lists, topics and watches as edited: what they gain and lose"},
	    {"limit", 0, NW_CLI_NUMBER, &o->limit, "N", "articles shown of each kind (50)"},
	    {0},
	};

	return nw_options_read(cli, table, argc, argv, first_r);
}

/* A watch of the configuration, or a file that defines some. */
static int
name_tried(struct nw_backtest *bt, const char *what, const char **overlay_r)
{
	const struct nw_conf_section *s = nw_conf_section_find(bt->archive.from.conf, "watches");

	*overlay_r = NULL;
	if (s != NULL && nw_conf_entry_find(s, nw_str(what)) != NULL) {
		if ((bt->name = nw_arena_array(bt->keep, 1, sizeof(*bt->name))) == NULL)
			return nw_cli_fail(bt->cli, NW_EXIT_BROKEN, "out of memory");
		bt->name[0] = nw_str(what);
		bt->nname = 1;
		return 0;
	}
	if (access(what, R_OK) == -1)
		return nw_cli_fail(
		    bt->cli, NW_EXIT_NO, "'%s' is neither a watch of the configuration nor a file", what);
	*overlay_r = what;
	return nw_backtest_names_of(bt, what);
}

/* Taggers take longer than a rule: they run only where a rule asks for tags. */
static void
drop_taggers(Nw__Config *c)
{
	size_t kept = 0;

	for (size_t i = 0; i < c->n_plugins; i++)
		if (!nw_str_starts(nw_pb_str(c->plugins[i]->name), "tagger-"))
			c->plugins[kept++] = c->plugins[i];
	c->n_plugins = kept;
}

static int
open_sessions(struct nw_backtest *bt)
{
	struct nw_err err;
	int rc = 0;

	for (uint32_t i = 0; i < bt->nsides && rc == 0; i++) {
		struct nw_conf_diags diags = {0};

		if (!bt->uses_tags)
			drop_taggers(bt->config[i]);
		bt->config[i]->check_examples = 0;
		bt->config[i]->strict_entries = 1; /* a watch left out would fire on nothing */
		if (nw_session_open(
			bt->cli, bt->config[i], nw_session_cores(), &diags, &bt->session[i], &err) == -1)
			rc = nw_cli_fail_by(bt->cli, &err);
		if (rc == 0)
			nw_conf_diags_done(&diags);
		else
			nw_conf_arg_tell(&diags, NW_CONF_ARG_NO_NOTES);
	}
	return rc;
}

/* What is wrong with the watches is told by a worker, which knows their places and, by its taggers, all names. */
static int
refuse(struct nw_backtest *bt)
{
	int rc;

	bt->uses_tags = 1;
	rc = open_sessions(bt);
	return rc != 0 ? rc : nw_cli_fail(bt->cli, NW_EXIT_NO, "the watch cannot be compiled");
}

static int
run(struct nw_backtest *bt, const struct options *o, const char *what)
{
	const char *overlay;
	int rc = nw_archive_open(bt->cli, o->config, &bt->archive);

	if (rc == 0)
		rc = nw_archive_since(bt->cli, &bt->archive, "--since", o->since, &bt->from);
	if (rc == 0)
		rc = nw_archive_since(bt->cli, &bt->archive, "--until", o->until, &bt->before);
	if (rc == 0)
		rc = name_tried(bt, what, &overlay);
	if (rc == 0)
		rc = nw_backtest_conf(bt, NW_BACKTEST_NOW, overlay);
	bt->nsides = o->against != NULL ? 2 : 1;
	if (rc == 0 && o->against != NULL)
		rc = nw_backtest_conf(bt, NW_BACKTEST_EDIT, o->against);
	if (rc == 0 && (rc = nw_backtest_need(bt)) == NW_EXIT_NO)
		return refuse(bt);
	if (rc == 0)
		rc = open_sessions(bt);
	if (rc == 0)
		rc = nw_backtest_run(bt);
	return rc == 0 ? nw_backtest_show(bt, o->limit) : rc;
}

int
nw_cmd_backtest(struct nw_cli *cli, int argc, char **argv)
{
	struct options o = {.since = "90d", .limit = NW_SEARCH_HITS};
	struct nw_backtest bt = {.cli = cli};
	int first, rc = read_options(cli, &o, argc, argv, &first);

	if (rc != 0)
		return rc - 1;
	if (argc - first != 1)
		return nw_cli_fail(cli, NW_EXIT_USAGE, "it takes one watch, or a file that defines some");
	if ((bt.keep = nw_arena_new(0)) == NULL)
		return nw_cli_fail(cli, NW_EXIT_BROKEN, "out of memory");
	rc = run(&bt, &o, argv[first]);
	for (int i = 0; i < NW_BACKTEST_SIDES; i++) {
		nw_session_close(bt.session[i]);
		nw_query_set_free(bt.set[i]);
		nw_conf_free(bt.overlay[i]);
	}
	free(bt.hit);
	nw_archive_close(&bt.archive);
	nw_arena_free(bt.keep);
	return rc;
}
