#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/str.h"
#include "core/time.h"
#include "cli/cli.h"
#include "cli/out.h"
#include "cli/rows.h"
#include "cli/show.h"
#include "cli/store_arg.h"

struct list {
	const struct nw_cli *cli;
	int64_t now_ms;
	uint32_t rows;
	int failed;
};

static void
print_row(const struct list *l, const struct nw_store_source_row *r)
{
	char ok[32], fresh[32], due[32], span[24];
	int64_t rhythm_s = r->rhythm_ms / 1000;

	rhythm_s -= rhythm_s >= 7200 ? rhythm_s % 3600 : rhythm_s >= 120 ? rhythm_s % 60 : 0;
	printf("%-8s  ", nw_rows_health(r, l->now_ms));
	nw_out_text(r->name, 0);
	printf("\n    answered %s, last new item %s, usual gap %s, next poll %s\n",
	    nw_out_ago(r->last_ok_ms, l->now_ms, "never", ok),
	    nw_out_ago(r->last_new_ms, l->now_ms, "none yet", fresh),
	    rhythm_s > 0 ? nw_time_duration(rhythm_s, span) : "not known",
	    r->enabled ? nw_out_ago(r->next_due_ms, l->now_ms, "-", due) : "never");
	printf("    %u listing%s, %lld articles, %lld polls (%lld unchanged), items: %u last, %lld usual\n",
	    r->targets, r->targets == 1 ? "" : "s", (long long)r->articles, (long long)r->polls,
	    (long long)r->unchanged, r->items_last, (long long)r->items_usual);
	if (r->failures == 0)
		return;
	printf("    %u failure%s in a row since %s: ", r->failures, r->failures == 1 ? "" : "s",
	    nw_out_instant(r->failing_since_ms, "-", ok));
	nw_out_text(r->last_error, 0);
	(void)putchar('\n');
}

static int
on_row(void *cookie, const struct nw_store_source_row *r)
{
	struct list *l = cookie;

	l->rows++;
	if (l->cli->json)
		l->failed |= nw_show_line(nw_rows_source(r, l->now_ms)) != 0;
	else
		print_row(l, r);
	return l->failed;
}

static int
list(const struct nw_cli *cli, struct nw_store_arg *a, const struct nw_store_filter *f)
{
	struct list l = {.cli = cli, .now_ms = a->now_ms};
	struct nw_err err;

	if (nw_store_arg_sources(a, f, on_row, &l, &err) == -1)
		return nw_cli_fail(cli, NW_EXIT_BROKEN, "%s", err.msg);
	if (l.rows == 0 && f->source.len > 0)
		return nw_cli_fail(cli, NW_EXIT_NO, "there is no source '%s'%s", f->source.p,
		    f->state.len > 0 ? " in that state"
				     : " in the store; is it configured, and has newswatchd run since?");
	if (l.rows == 0 && !cli->json)
		puts("no sources");
	return nw_out_done(cli, NW_EXIT_OK);
}

int
nw_cmd_sources(struct nw_cli *cli, int argc, char **argv)
{
	const char *config = NULL;
	int failing = 0, first, rc;
	struct nw_store_filter f = {.since_ms = NW_TIME_NONE, .until_ms = NW_TIME_NONE};
	struct nw_store_arg store;
	const struct nw_cli_option table[] = {
	    {"config", 'c', NW_CLI_TEXT, &config, "FILE", "configuration that names the store"},
	    {"failing", 0, NW_CLI_FLAG, &failing, NULL, "only those whose last polls failed"},
	    {0},
	};

	if ((rc = nw_options_read(cli, table, argc, argv, &first)) != 0)
		return rc - 1;
	if (argc - first > 1)
		return nw_cli_fail(cli, NW_EXIT_USAGE, "it takes one source, or none for all");
	if ((rc = nw_store_arg_open(cli, config, &store)) != 0)
		return rc;
	f.source = nw_str(first < argc ? argv[first] : NULL);
	f.state = failing ? NW_STR("failing") : NW_STR("");
	rc = list(cli, &store, &f);
	nw_store_arg_close(&store);
	return rc;
}
