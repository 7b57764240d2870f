/* What people say about alerts: ack, review. */
#include <stdio.h>

#include "base/err.h"
#include "base/str.h"
#include "core/limits.h"
#include "core/time.h"
#include "cli/ask.h"
#include "cli/cli.h"
#include "cli/out.h"
#include "cli/rows.h"
#include "cli/show.h"
#include "cli/store_arg.h"

int
nw_cmd_ack(struct nw_cli *cli, int argc, char **argv)
{
	const char *config = NULL, *note = "";
	const struct nw_cli_option table[] = {
	    {"config", 'c', NW_CLI_TEXT, &config, "FILE", "configuration of the running daemon"},
	    {"note", 0, NW_CLI_TEXT, &note, "TEXT", "kept with it"},
	    {0},
	};
	int first, rc = nw_options_read(cli, table, argc, argv, &first);
	struct nw_ask a;

	if (rc != 0)
		return rc - 1;
	if (first == argc)
		return nw_cli_fail(cli, NW_EXIT_USAGE, "which alert? 'newswatch alerts' lists them");
	if ((rc = nw_ask_open(cli, config, &a)) != 0)
		return rc;
	for (int i = first; i < argc && rc == 0; i++) {
		const char *request[] = {"ack", argv[i], note};

		rc = nw_ask(cli, &a, request, 3);
		if (rc == 0)
			nw_buf_addf(&a.answer, "acknowledged %s\n", argv[i]);
	}
	if (rc == 0)
		return nw_ask_done(cli, &a, "");
	nw_ask_close(&a);
	return rc;
}

/* --- reviews ---------------------------------------------------------------------------------------------------- */

struct list {
	const struct nw_cli *cli;
	uint32_t rows;
};

static int
on_event(void *cookie, const struct nw_store_event_row *r)
{
	struct list *l = cookie;
	char at[32];
	json_t *o;

	l->rows++;
	if (!l->cli->json) {
		printf("%s  %s  ", nw_out_instant(r->at_ms, "-", at), r->ref.p);
		nw_out_text(r->text, 0);
		(void)putchar('\n');
		return 0;
	}
	o = json_object();
	if (nw_show_set(o, "at", nw_rows_instant(r->at_ms)) | nw_show_set(o, "alert", nw_show_text(r->ref)) |
	    nw_show_set(o, "text", nw_show_text(r->text))) {
		json_decref(o);
		return -1;
	}
	return nw_show_line(o);
}

static int
list_reviews(const struct nw_cli *cli, const char *config, const char *since, uint64_t limit)
{
	struct nw_store_filter f = {.kind = NW_STR("reviewed"), .until_ms = NW_TIME_NONE};
	struct list l = {cli, 0};
	struct nw_store_arg store;
	struct nw_err err = {.msg = "cannot write the answer"};
	int rc = nw_store_arg_open(cli, config, &store);

	if (rc != 0)
		return rc;
	f.limit = limit > NW_STORE_ROWS_MAX ? NW_STORE_ROWS_MAX : (uint32_t)limit;
	rc = nw_store_arg_since(cli, "--since", since, store.now_ms, &f.since_ms);
	if (rc == 0 && nw_store_events(store.store, &f, on_event, &l, &err) == -1)
		rc = nw_cli_fail(cli, NW_EXIT_BROKEN, "%s", err.msg);
	if (rc == 0 && l.rows == 0 && !cli->json)
		puts("no reviews");
	nw_store_arg_close(&store);
	return rc != 0 ? rc : nw_out_done(cli, NW_EXIT_OK);
}

static int
give_review(const struct nw_cli *cli, const char *config, const char *alert, const char *as, const char *reason)
{
	const char *request[] = {"review", alert, as, reason};
	struct nw_ask a;
	int rc = nw_ask_open(cli, config, &a);

	if (rc != 0)
		return rc;
	if ((rc = nw_ask(cli, &a, request, 4)) == 0)
		return nw_ask_done(cli, &a, "reviewed");
	nw_ask_close(&a);
	return rc;
}

int
nw_cmd_review(struct nw_cli *cli, int argc, char **argv)
{
	const char *config = NULL, *as = NULL, *reason = NULL, *since = NULL;
	uint64_t limit = 50;
	const struct nw_cli_option table[] = {
	    {"config", 'c', NW_CLI_TEXT, &config, "FILE", "configuration of the running daemon"},
	    {"as", 0, NW_CLI_TEXT, &as, "WORD", "useful, noise, duplicate, late or wrong"},
	    {"reason", 0, NW_CLI_TEXT, &reason, "TEXT", "why; kept with it for whoever tunes the watch"},
	    {"since", 0, NW_CLI_TEXT, &since, "WHEN", "without ALERT: reviews since then: 24h, 3d, 2026-03-01"},
	    {"limit", 0, NW_CLI_NUMBER, &limit, "N", "without ALERT: at most so many (50)"},
	    {0},
	};
	int first, rc = nw_options_read(cli, table, argc, argv, &first);

	if (rc != 0)
		return rc - 1;
	if (argc - first > 1)
		return nw_cli_fail(cli, NW_EXIT_USAGE, "it takes one alert, or none to list the reviews");
	if (first == argc)
		return list_reviews(cli, config, since, limit);
	if (as == NULL || reason == NULL)
		return nw_cli_fail(cli, NW_EXIT_USAGE, "a review has --as WORD and --reason TEXT");
	return give_review(cli, config, argv[first], as, reason);
}
