#include <stdio.h>

#include "base/err.h"
#include "base/str.h"
#include "core/limits.h"
#include "core/severity.h"
#include "core/time.h"
#include "cli/alert_list.h"
#include "cli/cli.h"
#include "cli/out.h"
#include "cli/rows.h"
#include "cli/show.h"

#define ID_SHOWN 12 /* digits of an id in a list; any command takes them */

struct list {
	const struct nw_cli *cli;
	uint32_t rows;
	int failed;
};

static void
print_row(const struct nw_store_alert_row *r)
{
	char at[32];

	printf("%.*s  %s  %-8s  ", ID_SHOWN, r->id.p, nw_out_instant(r->at_ms, "-", at),
	    nw_severity_name(r->severity));
	nw_out_text(r->watch, 0);
	if (r->source.len > 0)
		(void)fputs("  ", stdout);
	nw_out_text(r->source, 0);
	if (!nw_str_is(r->state, "live"))
		printf("  (%s%s%s)", r->state.p, r->reason.len > 0 ? ": " : "", r->reason.p);
	if (r->provisional)
		(void)fputs("  (provisional)", stdout);
	if (r->acked)
		(void)fputs("  (acknowledged)", stdout);
	(void)fputs("\n    ", stdout);
	nw_out_text(r->title, 0);
	(void)fputs(r->article_url.len > 0 ? "\n    " : "", stdout);
	nw_out_text(r->article_url, 0);
	(void)putchar('\n');
}

static int
on_row(void *cookie, const struct nw_store_alert_row *r)
{
	struct list *l = cookie;

	l->rows++;
	if (!l->cli->json)
		print_row(r);
	else
		l->failed |= nw_show_line(nw_rows_alert(r)) != 0;
	return l->failed;
}

static int
list(const struct nw_cli *cli, struct nw_store_arg *a, const struct nw_alert_ask *ask)
{
	struct nw_store_filter f = {
	    .source = nw_str(ask->source),
	    .watch = nw_str(ask->watch),
	    .state = nw_str(ask->state),
	    .limit = ask->limit > NW_STORE_ROWS_MAX ? NW_STORE_ROWS_MAX : (uint32_t)ask->limit,
	};
	struct list l = {.cli = cli};
	struct nw_err err;
	int rc;

	if ((rc = nw_store_arg_since(cli, "--since", ask->since, a->now_ms, &f.since_ms)) != 0 ||
	    (rc = nw_store_arg_since(cli, "--until", ask->until, a->now_ms, &f.until_ms)) != 0)
		return rc;
	rc = ask->near ? nw_store_near_misses(a->store, &f, on_row, &l, &err)
		       : nw_store_alerts(a->store, &f, on_row, &l, &err);
	if (rc == -1)
		return nw_cli_fail(cli, NW_EXIT_BROKEN, "%s", err.msg);
	if (l.rows == 0 && !cli->json)
		puts(ask->near ? "no near misses" : "no alerts");
	if (l.rows == f.limit && !cli->json)
		printf("(the newest %u; --limit shows more)\n", l.rows);
	return nw_out_done(cli, NW_EXIT_OK);
}

int
nw_alert_answer(const struct nw_cli *cli, const char *config, const struct nw_alert_ask *ask, const char *id)
{
	struct nw_store_arg store;
	int rc = nw_store_arg_open(cli, config, &store);

	if (rc != 0)
		return rc;
	rc = id != NULL ? nw_alert_whole(cli, &store, id) : list(cli, &store, ask);
	nw_store_arg_close(&store);
	return rc;
}
