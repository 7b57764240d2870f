#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "core/frame.h"
#include "core/time.h"
#include "cli/cli.h"
#include "cli/explain.h"
#include "cli/out.h"
#include "cli/store_arg.h"

static const char *
configured(const struct nw_config *conf, struct nw_str watch, const struct nw_conf_entry **entry_r)
{
	const struct nw_conf_section *s = nw_conf_section_find(conf, "watches");

	*entry_r = s != NULL && watch.len > 0 ? nw_conf_entry_find(s, watch) : NULL;
	return *entry_r == NULL && watch.len > 0 ? "there is no such watch in the configuration" : NULL;
}

int
nw_cmd_explain(struct nw_cli *cli, int argc, char **argv)
{
	const char *config = NULL;
	struct nw_store_arg store;
	struct nw_explain e = {.cli = cli};
	struct nw_err err;
	const struct nw_cli_option table[] = {
	    {"config", 'c', NW_CLI_TEXT, &config, "FILE", "configuration with the watch; it names the store"},
	    {0},
	};
	int first, rc = nw_options_read(cli, table, argc, argv, &first);

	if (rc != 0)
		return rc - 1;
	if (argc - first != 1 && argc - first != 2)
		return nw_cli_fail(cli, NW_EXIT_USAGE,
		    "it takes an article (its URL, guid, number, or an alert's id) and a watch");
	if ((rc = nw_store_arg_open(cli, config, &store)) != 0)
		return rc;
	e.from = &store;
	e.article = nw_str(argv[first]);
	e.watch = nw_str(argc - first == 2 ? argv[first + 1] : NULL);
	e.no_watch = configured(store.conf, e.watch, &e.entry);
	rc = nw_explain_run(&e, &err);
	nw_store_arg_close(&store);
	if (rc == -1)
		return nw_cli_fail_by(cli, &err);
	return nw_out_done(cli, rc == 1 ? NW_EXIT_OK : NW_EXIT_NO);
}
