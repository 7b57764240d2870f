/*
 * cli.h - what the commands of newswatch share: their table, their options, the exit codes.
 * Floor 4.  Each command is a file cmd_NAME.c that exports nw_cmd_NAME; main.c's table is the only list of them.
 */
#ifndef NW_CLI_CLI_H
#define NW_CLI_CLI_H

#include <newswatch/plugin.h>

enum nw_exit {
	NW_EXIT_OK = 0,
	NW_EXIT_NO = 1,	    /* the answer is no: a document that cannot be read, a configuration with errors */
	NW_EXIT_USAGE = 2,  /* the command line */
	NW_EXIT_BROKEN = 3, /* a file, the machine, a worker that does not start */
};

struct nw_err;

/* One option of a command.  `to` points to an int (FLAG), const char * (TEXT) or uint64_t (NUMBER). */
enum nw_option_kind { NW_CLI_FLAG, NW_CLI_TEXT, NW_CLI_NUMBER };
struct nw_cli_option {
	const char *name; /* without "--"; NULL ends the table */
	char letter;	  /* 'c' for "-c", 0: none */
	enum nw_option_kind kind;
	void *to;
	const char *arg, *help;
};

struct nw_cli {
	const char *program;	     /* argv[0] */
	const char *helpers, *plugins; /* --helpers, --plugins; NULL: found by nw_helpers_find() */
	int json;
	const struct nw_command *command;
};

struct nw_command {
	const char *name, *args, *summary, *example;
	int (*run)(struct nw_cli *, int argc, char **argv); /* argv[0] is the command's name; returns enum nw_exit */
};

/*
 * nw_options_read(cli, table, argc, argv, first_r):
 * Read options (in any place, until "--") and move what is none to the end of argv, from *${first_r} on; the common
 * options (--help, --json, --helpers, --plugins) are read too.
 * returns  0, or the exit code + 1 to leave with: --help was asked for, or the usage is wrong and was told.
 */
int nw_options_read(struct nw_cli *, const struct nw_cli_option *, int argc, char **argv, int *first_r);
/* "newswatch parse: error: ..." on stderr; returns ${code}. */
int nw_cli_fail(const struct nw_cli *, int code, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
/* The same of an error: NW_EXIT_NO where what was given is at fault (NW_EINPUT, NW_ECONF), else NW_EXIT_BROKEN. */
int nw_cli_fail_by(const struct nw_cli *, const struct nw_err *);

int nw_cmd_ack(struct nw_cli *, int argc, char **argv);
int nw_cmd_alerts(struct nw_cli *, int argc, char **argv);
int nw_cmd_backtest(struct nw_cli *, int argc, char **argv);
int nw_cmd_backup(struct nw_cli *, int argc, char **argv);
int nw_cmd_check(struct nw_cli *, int argc, char **argv);
int nw_cmd_deliveries(struct nw_cli *, int argc, char **argv);
int nw_cmd_drop(struct nw_cli *, int argc, char **argv);
int nw_cmd_explain(struct nw_cli *, int argc, char **argv);
int nw_cmd_export(struct nw_cli *, int argc, char **argv);
int nw_cmd_match(struct nw_cli *, int argc, char **argv);
int nw_cmd_nearmiss(struct nw_cli *, int argc, char **argv);
int nw_cmd_opml(struct nw_cli *, int argc, char **argv);
int nw_cmd_parse(struct nw_cli *, int argc, char **argv);
int nw_cmd_plugin(struct nw_cli *, int argc, char **argv);
int nw_cmd_poll(struct nw_cli *, int argc, char **argv);
int nw_cmd_query(struct nw_cli *, int argc, char **argv);
int nw_cmd_reindex(struct nw_cli *, int argc, char **argv);
int nw_cmd_release(struct nw_cli *, int argc, char **argv);
int nw_cmd_reload(struct nw_cli *, int argc, char **argv);
int nw_cmd_resend(struct nw_cli *, int argc, char **argv);
int nw_cmd_restore(struct nw_cli *, int argc, char **argv);
int nw_cmd_revisions(struct nw_cli *, int argc, char **argv);
int nw_cmd_review(struct nw_cli *, int argc, char **argv);
int nw_cmd_search(struct nw_cli *, int argc, char **argv);
int nw_cmd_silence(struct nw_cli *, int argc, char **argv);
int nw_cmd_source(struct nw_cli *, int argc, char **argv);
int nw_cmd_sources(struct nw_cli *, int argc, char **argv);
int nw_cmd_status(struct nw_cli *, int argc, char **argv);
#endif
