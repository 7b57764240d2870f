#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "core/conf.h"
#include "main/options.h"

static const char usage[] =
    "usage: newswatchd [-c FILE] [--foreground] [--sandbox off|require|full] [--once] [--debug]\n"
    "                  [--fetch URL [--allow-private RANGE]] [--helpers DIR] [--plugins DIR]\n"
    "\n"
    "Polls the configured sources, stores every article with its revisions, and sends alerts.\n"
    "\n"
    "  -c, --config FILE    configuration; its *.d folders stand beside it (default: " NW_CONF_DIR "/newswatchd.yaml)\n"
    "      --foreground     accepted for convenience: newswatchd never leaves the foreground\n"
    "      --sandbox LEVEL  off, require (at least seccomp) or full (Landlock as well); overrides `sandbox:`\n"
    "      --once           poll what is due, deliver what follows, end; for cron and tests\n"
    "      --fetch URL      fetch one document as a poll would, print it with its status, end\n"
    "      --allow-private RANGE  with --fetch: a private range that may be reached\n"
    "      --debug          log more\n"
    "      --helpers DIR    where newswatch-worker and newswatch-sender are\n"
    "      --plugins DIR    where the plugins are\n"
    "\n"
    "Signals: HUP reads the configuration again (a wrong one changes nothing), TERM and INT finish what is in hand.\n"
    "\n"
    "Example:\n"
    "  newswatchd -c conf/newswatchd.yaml --once\n";

enum {
	OPT_FOREGROUND = 256, OPT_SANDBOX, OPT_ONCE, OPT_FETCH, OPT_ALLOW_PRIVATE, OPT_DEBUG, OPT_HELPERS, OPT_PLUGINS,
	OPT_VERSION
};

static const struct option longs[] = {
    {"config", required_argument, NULL, 'c'},
    {"foreground", no_argument, NULL, OPT_FOREGROUND},
    {"sandbox", required_argument, NULL, OPT_SANDBOX},
    {"once", no_argument, NULL, OPT_ONCE},
    {"fetch", required_argument, NULL, OPT_FETCH},
    {"allow-private", required_argument, NULL, OPT_ALLOW_PRIVATE},
    {"debug", no_argument, NULL, OPT_DEBUG},
    {"helpers", required_argument, NULL, OPT_HELPERS},
    {"plugins", required_argument, NULL, OPT_PLUGINS},
    {"version", no_argument, NULL, OPT_VERSION},
    {"help", no_argument, NULL, 'h'},
    {NULL, 0, NULL, 0},
};

static int
sandbox_of(const char *word)
{
	static const char *const name[] = {"off", "require", "full"};

	for (int i = 0; i < 3; i++)
		if (strcmp(word, name[i]) == 0)
			return i;
	return -1;
}

static int
wrong(const char *what)
{
	fprintf(stderr, "newswatchd: %s; see newswatchd --help\n", what);
	return 2 + 1;
}

static int
take(int opt, struct nw_options *o)
{
	switch (opt) {
	case 'c':
		o->conf = optarg;
		return 0;
	case OPT_FOREGROUND:
		return 0;
	case OPT_SANDBOX:
		o->sandbox = sandbox_of(optarg);
		return o->sandbox == -1 ? wrong("--sandbox takes off, require or full") : 0;
	case OPT_ONCE:
		o->once = 1;
		return 0;
	case OPT_FETCH:
		o->fetch_url = optarg;
		return 0;
	case OPT_ALLOW_PRIVATE:
		o->allow_private = optarg;
		return 0;
	case OPT_DEBUG:
		o->debug = 1;
		return 0;
	case OPT_HELPERS:
		o->helpers = optarg;
		return 0;
	case OPT_PLUGINS:
		o->plugins = optarg;
		return 0;
	case OPT_VERSION:
		printf("newswatchd " NW_VERSION "\n");
		return 1;
	case 'h':
		fputs(usage, stdout);
		return 1;
	}
	return 2 + 1; /* told by the caller, who knows the word */
}

int
nw_options_read(int argc, char **argv, struct nw_options *options_r)
{
	struct nw_options o = {.sandbox = -1};
	int opt, rc;

	opterr = 0; /* told here, as everything else is */
	while ((opt = getopt_long(argc, argv, ":c:h", longs, NULL)) != -1) {
		if (opt == '?' || opt == ':')
			fprintf(stderr, "newswatchd: %s '%s'; see newswatchd --help\n",
			    opt == '?' ? "unknown option" : "an argument is missing after", argv[optind - 1]);
		if ((rc = take(opt, &o)) != 0)
			return rc;
	}
	if (optind < argc)
		return wrong("it takes no arguments besides its options");
	if (o.allow_private != NULL && o.fetch_url == NULL)
		return wrong("--allow-private belongs to --fetch");
	*options_r = o;
	return 0;
}
