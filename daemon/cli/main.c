/*
 * newswatch - the command line: check a configuration, read a document, try a rule, show what happened.
 * Floor 4.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/log.h"
#include "base/suggest.h"
#include "cli/cli.h"

static const struct nw_command commands[] = {
    {"ack", "ALERT...", "Acknowledge alerts: nothing escalates any more, and it is known who saw them",
	"newswatch ack 3f9c21d07a --note 'desk informed'", nw_cmd_ack},
    {"alerts", "[ALERT]", "List the alerts, newest first, or show one with everything that proves it",
	"newswatch alerts --since 24h --watch treaty-news", nw_cmd_alerts},
    {"backtest", "WATCH|FILE [--since D] [--against FILE]", "Say what a watch would have fired on, and what an edit gains and loses",
	"newswatch backtest treaty-renewal --since 90d --against new.yaml", nw_cmd_backtest},
    {"backup", "FILE", "Copy the store to a new file, also while the daemon runs",
	"newswatch backup /srv/backup/news-$(date +%F).db", nw_cmd_backup},
    {"check", "[-c FILE] [--store [--repair]]", "Tell everything that is wrong with the configuration, or with the store",
	"newswatch check -c conf/newswatchd.yaml", nw_cmd_check},
    {"deliveries", "[ALERT]", "List what was sent where, and what still waits",
	"newswatch deliveries --state failed", nw_cmd_deliveries},
    {"drop", "ID... | --held | --waiting", "Never send deliveries that were not made",
	"newswatch drop --held --channel desk", nw_cmd_drop},
    {"explain", "ARTICLE|URL [WATCH]", "Say where on its way an article was stopped, and why",
	"newswatch explain https://example.org/news/17.html treaty-news", nw_cmd_explain},
    {"export", "ALERT DIR", "Write everything that proves an alert into a new folder, with its sums",
	"newswatch export 3f9c21d07a proof && (cd proof && sha256sum -c SHA256SUMS)", nw_cmd_export},
    {"match", "[-c FILE | --watches FILE] [--articles FILE|-]", "Say which topics and watches fire on articles, and why",
	"newswatch parse --base-url https://example.org/feed feed.xml | newswatch match --watches watches.yaml",
	nw_cmd_match},
    {"nearmiss", "[ID]", "List what only a negative clause silenced, or show one whole",
	"newswatch nearmiss --since 7d", nw_cmd_nearmiss},
    {"opml", "export | import FILE", "Write the sources as OPML 2.0, or make sources of an OPML file",
	"newswatch opml import feeds.opml > /etc/newswatch/sources.d/feeds.yaml", nw_cmd_opml},
    {"parse", "--base-url URL FILE...|-", "Read documents as the daemon would and show their articles",
	"newswatch parse --base-url https://example.org/news/ page.html", nw_cmd_parse},
    {"plugin", "list | check FILE.so", "Show the plugins, or load one as a worker would",
	"newswatch plugin check build/plugins/parser-feed.so", nw_cmd_plugin},
    {"poll", "SOURCE", "Poll a source now",
	"newswatch poll mfa-cn-en", nw_cmd_poll},
    {"query", "'EXPRESSION'", "Check an expression of the watch language and print its canonical form",
	"newswatch query 'sanctions NEAR/5 (lift* OR eas*)'", nw_cmd_query},
    {"reindex", "[-c FILE]", "Make the full-text index of the archive anew", "newswatch reindex", nw_cmd_reindex},
    {"release", "CHANNEL", "Use a channel again that was gone: what it holds is due",
	"newswatch release desk", nw_cmd_release},
    {"reload", "", "Read the configuration again, and wait until it is live or refused",
	"newswatch check && newswatch reload", nw_cmd_reload},
    {"resend", "ID... | --failed | --held", "Send deliveries again, with the same id",
	"newswatch resend --failed --channel desk", nw_cmd_resend},
    {"restore", "FILE", "Put a backup in the place of the store; no daemon may run",
	"newswatch restore /srv/backup/news-2026-11-24.db", nw_cmd_restore},
    {"review", "[ALERT --as WORD --reason TEXT]", "Say what an alert was worth, or list what was said",
	"newswatch review 3f9c21d07a --as noise --reason 'a football treaty'", nw_cmd_review},
    {"revisions", "ARTICLE|URL", "Show each revision of an article: when it was seen, and what was taken out and put in",
	"newswatch revisions https://example.org/news/17.html", nw_cmd_revisions},
    {"search", "'EXPRESSION'", "Search the archive in the watch language, newest first",
	"newswatch search --since 90d '制裁 OR sanctions NEAR/5 lifted'", nw_cmd_search},
    {"silence", "[--watch|--source|--channel NAME --for TIME] [--end ID]",
	"Keep alerts back for a time, list what is silenced, or end it",
	"newswatch silence --source mfa-cn-en --for 2h --reason 'the site is being moved'", nw_cmd_silence},
    {"source", "try URL | try --base-url URL FILE", "Show what a new source would yield, with its entry ready to paste",
	"newswatch source try https://example.org/news/", nw_cmd_source},
    {"sources", "[SOURCE]", "Show how each source stands: health, rhythm, failures, next poll",
	"newswatch sources --failing", nw_cmd_sources},
    {"status", "[--json | --metrics]", "Tell quiet from broken: daemon, sources, queue, failures",
	"newswatch status", nw_cmd_status},
};
#define NCOMMANDS (sizeof(commands) / sizeof(commands[0]))

int
nw_cli_fail(const struct nw_cli *cli, int code, const char *fmt, ...)
{
	struct nw_buf said = {0}, line = {0};
	va_list ap;

	va_start(ap, fmt);
	nw_buf_addvf(&said, fmt, ap);
	va_end(ap);
	nw_log_escape(&line, nw_buf_str(&said).p, said.len, SIZE_MAX); /* it may hold what a server wrote */
	(void)fprintf(stderr, "newswatch%s%s: error: %s\n", cli->command != NULL ? " " : "",
	    cli->command != NULL ? cli->command->name : "",
	    said.failed || line.failed ? "out of memory" : nw_buf_str(&line).p);
	nw_buf_done(&said);
	nw_buf_done(&line);
	return code;
}

int
nw_cli_fail_by(const struct nw_cli *cli, const struct nw_err *err)
{
	int code = err->code == NW_EINPUT || err->code == NW_ECONF ? NW_EXIT_NO : NW_EXIT_BROKEN;

	return nw_cli_fail(cli, code, "%s", err->msg);
}

static int
usage(FILE *out)
{
	(void)fputs("newswatch COMMAND [OPTION...] [ARGUMENT...]\n\n", out);
	for (size_t i = 0; i < NCOMMANDS; i++)
		(void)fprintf(out, "  %-10s %s\n", commands[i].name, commands[i].summary);
	(void)fputs("\n'newswatch COMMAND --help' tells more.  Exit: 0 done, 1 the answer is no, 2 usage, 3 broken.\n", out);
	return out == stdout ? NW_EXIT_OK : NW_EXIT_USAGE;
}

static const struct nw_command *
find_command(const char *name)
{
	for (size_t i = 0; i < NCOMMANDS; i++)
		if (strcmp(commands[i].name, name) == 0)
			return &commands[i];
	return NULL;
}

static int
no_command(const struct nw_cli *cli, const char *name)
{
	struct nw_suggest s = nw_suggest_init((struct nw_str){name, strlen(name)});

	for (size_t i = 0; i < NCOMMANDS; i++)
		nw_suggest_offer(&s, (struct nw_str){commands[i].name, strlen(commands[i].name)});
	if (s.best.len > 0)
		return nw_cli_fail(cli, NW_EXIT_USAGE, "there is no command '%s'; did you mean '%s'?", name, s.best.p);
	return nw_cli_fail(cli, NW_EXIT_USAGE, "there is no command '%s'; see 'newswatch --help'", name);
}

int
main(int argc, char **argv)
{
	struct nw_cli cli = {.program = argv[0]};

	nw_log_open("newswatch", NW_LOG_ERROR);
	if (argc < 2)
		return usage(stderr);
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "help") == 0)
		return usage(stdout);
	if (strcmp(argv[1], "--version") == 0)
		return puts("newswatch " NW_VERSION) == EOF ? NW_EXIT_BROKEN : NW_EXIT_OK;
	if ((cli.command = find_command(argv[1])) == NULL)
		return no_command(&cli, argv[1]);
	return cli.command->run(&cli, argc - 1, argv + 1);
}
