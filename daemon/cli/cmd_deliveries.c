#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/str.h"
#include "core/limits.h"
#include "core/time.h"
#include "cli/cli.h"
#include "cli/out.h"
#include "cli/rows.h"
#include "cli/show.h"
#include "cli/store_arg.h"

#define LIMIT 50

struct list {
	const struct nw_cli *cli;
	int64_t now_ms;
	uint32_t rows;
	int failed;
};

static void
print_row(const struct list *l, const struct nw_store_delivery_row *r)
{
	char at[32], ago[32];

	printf("%s  %s  %-9s  %s", r->id.p, nw_out_instant(r->created_ms, "-", at), r->state.p, r->channel.p);
	(void)fputs(r->recipient.len > 0 ? " to " : "", stdout);
	nw_out_text(r->recipient, 0);
	(void)fputs("\n    ", stdout);
	nw_out_text(r->subject.len > 0 ? r->subject : NW_STR("(no subject)"), 0);
	printf("\n    %u attempt%s", r->attempts, r->attempts == 1 ? "" : "s");
	if (r->done_ms != NW_TIME_NONE)
		printf(", settled %s", nw_out_ago(r->done_ms, l->now_ms, "-", ago));
	else if (nw_str_is(r->state, "deferred") || nw_str_is(r->state, "pending"))
		printf(", next %s", nw_out_ago(r->next_ms, l->now_ms, "-", ago));
	(void)fputs(r->last_answer.len > 0 ? ", last answer: " : "", stdout);
	nw_out_text(r->last_answer, 0);
	(void)putchar('\n');
}

static int
on_row(void *cookie, const struct nw_store_delivery_row *r)
{
	struct list *l = cookie;

	l->rows++;
	if (l->cli->json)
		l->failed |= nw_show_line(nw_rows_delivery(r)) != 0;
	else
		print_row(l, r);
	return l->failed;
}

static int
list(const struct nw_cli *cli, struct nw_store_arg *a, const struct nw_store_filter *f)
{
	struct list l = {.cli = cli, .now_ms = a->now_ms};
	struct nw_err err;

	if (nw_store_deliveries(a->store, f, on_row, &l, &err) == -1)
		return nw_cli_fail_by(cli, &err);
	if (l.rows == 0 && !cli->json)
		puts("no deliveries");
	return nw_out_done(cli, NW_EXIT_OK);
}

int
nw_cmd_deliveries(struct nw_cli *cli, int argc, char **argv)
{
	const char *config = NULL, *since = NULL, *channel = NULL, *state = NULL;
	uint64_t limit = LIMIT;
	struct nw_store_filter f = {.until_ms = NW_TIME_NONE};
	struct nw_store_arg store;
	const struct nw_cli_option table[] = {
	    {"config", 'c', NW_CLI_TEXT, &config, "FILE", "configuration that names the store"},
	    {"since", 0, NW_CLI_TEXT, &since, "WHEN", "made since then: 24h, 3d, 2026-03-01"},
	    {"channel", 0, NW_CLI_TEXT, &channel, "NAME", "to this channel"},
	    {"state", 0, NW_CLI_TEXT, &state, "STATE", "pending, sending, deferred, delivered, failed, held, dropped"},
	    {"limit", 0, NW_CLI_NUMBER, &limit, "N", "at most so many (50)"},
	    {0},
	};
	int first, rc = nw_options_read(cli, table, argc, argv, &first);

	if (rc != 0)
		return rc - 1;
	if (argc - first > 1)
		return nw_cli_fail(cli, NW_EXIT_USAGE, "it takes one alert, or none for all deliveries");
	if ((rc = nw_store_arg_open(cli, config, &store)) != 0)
		return rc;
	f.channel = nw_str(channel);
	f.state = nw_str(state);
	f.text = nw_str(first < argc ? argv[first] : NULL);
	f.limit = limit > NW_STORE_ROWS_MAX ? NW_STORE_ROWS_MAX : (uint32_t)limit;
	rc = nw_store_arg_since(cli, "--since", since, store.now_ms, &f.since_ms);
	if (rc == 0)
		rc = list(cli, &store, &f);
	nw_store_arg_close(&store);
	return rc;
}
