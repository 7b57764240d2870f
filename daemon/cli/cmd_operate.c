/* What an operator asks of the running daemon: poll, reload, release, resend, drop. */
#include <time.h>

#include "base/str.h"
#include "core/limits.h"
#include "cli/ask.h"
#include "cli/cli.h"

#define RELOAD_WAIT_S 120 /* a worker tries all examples of 100,000 watches in less */
#define LOOK_MS	      100 /* between two looks at a reload */

/* One request, its answer printed. */
static int
ask_once(const struct nw_cli *cli, const char *config, const char *const *request, int n, const char *text)
{
	struct nw_ask a;
	int rc = nw_ask_open(cli, config, &a);

	if (rc == 0)
		rc = nw_ask(cli, &a, request, n);
	if (rc == 0)
		return nw_ask_done(cli, &a, text);
	nw_ask_close(&a);
	return rc;
}

/* The commands that take only -c and at most one name.  0 to go on, else the exit code + 1. */
static int
read_name(struct nw_cli *cli, int argc, char **argv, const char *what, const char **config_r, const char **name_r)
{
	const struct nw_cli_option table[] = {
	    {"config", 'c', NW_CLI_TEXT, config_r, "FILE", "configuration of the running daemon"},
	    {0},
	};
	int first, rc = nw_options_read(cli, table, argc, argv, &first);

	if (rc != 0)
		return rc;
	if (what == NULL && first != argc)
		return nw_cli_fail(cli, NW_EXIT_USAGE, "'%s' is no option", argv[first]) + 1;
	if (what != NULL && argc - first != 1)
		return nw_cli_fail(cli, NW_EXIT_USAGE, "it takes the name of one %s", what) + 1;
	*name_r = argv[first];
	return 0;
}

int
nw_cmd_poll(struct nw_cli *cli, int argc, char **argv)
{
	const char *config = NULL, *request[] = {"poll", NULL};
	int rc = read_name(cli, argc, argv, "source", &config, &request[1]);

	return rc != 0 ? rc - 1 : ask_once(cli, config, request, 2, "");
}

int
nw_cmd_release(struct nw_cli *cli, int argc, char **argv)
{
	const char *config = NULL, *request[] = {"release", NULL};
	int rc = read_name(cli, argc, argv, "channel", &config, &request[1]);

	return rc != 0 ? rc - 1 : ask_once(cli, config, request, 2, "");
}

/* Until the reload with this number has ended; what is live then is the answer. */
static int
wait_reloaded(const struct nw_cli *cli, struct nw_ask *a, int64_t number)
{
	const char *request[] = {"status"};
	struct timespec pause = {0, LOOK_MS * 1000000L};
	struct nw_str refused;
	int rc;

	for (int looks = 0; looks < RELOAD_WAIT_S * 1000 / LOOK_MS; looks++) {
		nw_buf_reset(&a->answer);
		if ((rc = nw_ask(cli, a, request, 1)) != 0)
			return rc;
		if (nw_ask_number(a, "reloads") >= number) {
			refused = nw_ask_text(a, "refused");
			if (refused.len > 0)
				return nw_cli_fail(cli, NW_EXIT_NO, "refused, what was live goes on: %.*s; newswatch check tells more",
				    (int)refused.len, refused.p);
			return 0;
		}
		(void)nanosleep(&pause, NULL); /* cut short is fine */
	}
	return nw_cli_fail(cli, NW_EXIT_BROKEN, "the reload has not ended in %d s; newswatch status will tell", RELOAD_WAIT_S);
}

int
nw_cmd_reload(struct nw_cli *cli, int argc, char **argv)
{
	const char *config = NULL, *name, *request[] = {"reload"};
	int rc = read_name(cli, argc, argv, NULL, &config, &name);
	int64_t sources, watches, generation;
	struct nw_ask a;

	if (rc != 0)
		return rc - 1;
	if ((rc = nw_ask_open(cli, config, &a)) == 0 && (rc = nw_ask(cli, &a, request, 1)) == 0)
		rc = wait_reloaded(cli, &a, nw_ask_number(&a, "reloads"));
	if (rc != 0) {
		nw_ask_close(&a);
		return rc;
	}
	generation = nw_ask_number(&a, "generation");
	sources = nw_ask_number(&a, "sources");
	watches = nw_ask_number(&a, "watches");
	nw_buf_reset(&a.answer);
	nw_buf_addf(&a.answer, "generation %lld is live: %lld sources, %lld watches\n", (long long)generation, (long long)sources,
	    (long long)watches);
	return nw_ask_done(cli, &a, "");
}

/* One request for each id. */
static int
ask_each(const struct nw_cli *cli, const char *config, const char *what, int argc, char **argv)
{
	struct nw_ask a;
	int rc = nw_ask_open(cli, config, &a);

	for (int i = 0; i < argc && rc == 0; i++) {
		const char *request[] = {what, argv[i]};

		rc = nw_ask(cli, &a, request, 2);
	}
	if (rc == 0)
		return nw_ask_done(cli, &a, "");
	nw_ask_close(&a);
	return rc;
}

int
nw_cmd_resend(struct nw_cli *cli, int argc, char **argv)
{
	const char *config = NULL, *request[] = {"resend", NULL, ""};
	int failed = 0, held = 0, first, rc;
	const struct nw_cli_option table[] = {
	    {"config", 'c', NW_CLI_TEXT, &config, "FILE", "configuration of the running daemon"},
	    {"failed", 0, NW_CLI_FLAG, &failed, NULL, "all that failed for good"},
	    {"held", 0, NW_CLI_FLAG, &held, NULL, "all that is held: after a restore, by a channel that was gone"},
	    {"channel", 0, NW_CLI_TEXT, &request[2], "NAME", "with --failed, --held: only of this channel"},
	    {0},
	};

	if ((rc = nw_options_read(cli, table, argc, argv, &first)) != 0)
		return rc - 1;
	if (failed + held + (first < argc) != 1 || (first < argc && *request[2] != '\0'))
		return nw_cli_fail(cli, NW_EXIT_USAGE, "it takes deliveries, messages or alerts by their ids, or --failed, or --held");
	if (first < argc)
		return ask_each(cli, config, "resend", argc - first, argv + first);
	request[1] = failed ? "failed" : "held";
	return ask_once(cli, config, request, 3, "");
}

int
nw_cmd_drop(struct nw_cli *cli, int argc, char **argv)
{
	const char *config = NULL, *request[] = {"drop", "held", ""};
	int held = 0, waiting = 0, first, rc;
	const struct nw_cli_option table[] = {
	    {"config", 'c', NW_CLI_TEXT, &config, "FILE", "configuration of the running daemon"},
	    {"held", 0, NW_CLI_FLAG, &held, NULL, "all that is held: after a restore, by a channel that was gone"},
	    {"waiting", 0, NW_CLI_FLAG, &waiting, NULL, "and all that waits for a channel that will not come back"},
	    {"channel", 0, NW_CLI_TEXT, &request[2], "NAME", "with --held, --waiting: only of this channel"},
	    {0},
	};

	if ((rc = nw_options_read(cli, table, argc, argv, &first)) != 0)
		return rc - 1;
	if (held + waiting + (first < argc) != 1 || (first < argc && *request[2] != '\0') ||
	    (waiting && *request[2] == '\0'))
		return nw_cli_fail(cli, NW_EXIT_USAGE,
		    "it takes deliveries, messages or alerts by their ids, or --held, or --waiting with --channel");
	request[1] = waiting ? "waiting" : "held";
	return held || waiting ? ask_once(cli, config, request, 3, "") : ask_each(cli, config, "drop", argc - first, argv + first);
}
