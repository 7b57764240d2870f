#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/out.h"
#include "cli/show.h"
#include "cli/status.h"

static int
show(const struct nw_cli *cli, struct nw_status *s, int metrics)
{
	int broken = strcmp(nw_status_verdict(s), "broken") == 0, rc;
	struct nw_err err = {.msg = "cannot write the answer"};

	if (metrics)
		rc = nw_status_metrics(s, &err);
	else
		rc = cli->json ? nw_show_line(nw_status_json(s)) : nw_status_text(s, &err);
	if (rc != 0)
		return nw_cli_fail(cli, NW_EXIT_BROKEN, "%s", err.msg);
	return nw_out_done(cli, broken && !metrics ? NW_EXIT_NO : NW_EXIT_OK);
}

int
nw_cmd_status(struct nw_cli *cli, int argc, char **argv)
{
	const char *config = NULL;
	int metrics = 0, first, rc;
	struct nw_store_arg store;
	struct nw_status status;
	struct nw_err err;
	const struct nw_cli_option table[] = {
	    {"config", 'c', NW_CLI_TEXT, &config, "FILE",
		"configuration that names store and control socket"},
	    {"metrics", 0, NW_CLI_FLAG, &metrics, NULL, "in Prometheus' text format"},
	    {0},
	};

	if ((rc = nw_options_read(cli, table, argc, argv, &first)) != 0)
		return rc - 1;
	if (first != argc)
		return nw_cli_fail(
		    cli, NW_EXIT_USAGE, "'%s' is no option; see newswatch status --help", argv[first]);
	if ((rc = nw_store_arg_open(cli, config, &store)) != 0)
		return rc;
	if (nw_status_get(&store, &status, &err) == -1) {
		rc = nw_cli_fail(cli, NW_EXIT_BROKEN, "%s", err.msg);
	} else {
		rc = show(cli, &status, metrics);
		nw_status_done(&status);
	}
	nw_store_arg_close(&store);
	return rc;
}
