#include <string.h>

#include "cli/alert_list.h"
#include "cli/cli.h"

static int
is_state(const char *state)
{
	static const char *const word[] = {"live", "muted", "shadow", "operator"};

	for (size_t i = 0; i < sizeof(word) / sizeof(word[0]); i++)
		if (strcmp(state, word[i]) == 0)
			return 1;
	return 0;
}

int
nw_cmd_alerts(struct nw_cli *cli, int argc, char **argv)
{
	struct nw_alert_ask ask = {.limit = NW_ALERT_LIMIT};
	const char *config = NULL;
	const struct nw_cli_option table[] = {
	    {"config", 'c', NW_CLI_TEXT, &config, "FILE", "configuration that names the store"},
	    {"since", 0, NW_CLI_TEXT, &ask.since, "WHEN", "raised since then: 24h, 3d, 2026-03-01"},
	    {"until", 0, NW_CLI_TEXT, &ask.until, "WHEN", "raised before then"},
	    {"watch", 0, NW_CLI_TEXT, &ask.watch, "NAME", "of this watch"},
	    {"source", 0, NW_CLI_TEXT, &ask.source, "NAME", "of this source"},
	    {"state", 0, NW_CLI_TEXT, &ask.state, "STATE", "live, muted, shadow, operator"},
	    {"limit", 0, NW_CLI_NUMBER, &ask.limit, "N", "at most so many (50)"},
	    {0},
	};
	int first, rc = nw_options_read(cli, table, argc, argv, &first);

	if (rc != 0)
		return rc - 1;
	if (argc - first > 1)
		return nw_cli_fail(cli, NW_EXIT_USAGE, "it takes one alert, or none for the list");
	if (ask.state != NULL && !is_state(ask.state))
		return nw_cli_fail(cli, NW_EXIT_USAGE, "--state is live, muted, shadow or operator");
	return nw_alert_answer(cli, config, &ask, first < argc ? argv[first] : NULL);
}
