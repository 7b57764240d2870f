/* options.h - newswatchd's command line. Floor 4. */
#ifndef NW_MAIN_OPTIONS_H
#define NW_MAIN_OPTIONS_H

struct nw_options {
	const char *conf;	       /* -c, NULL: the installed one */
	const char *helpers, *plugins; /* NULL: beside the program, else as compiled in */
	int sandbox;		       /* enum nw_sandbox, -1: as configured */
	int once, debug;
	const char *fetch_url;	       /* --fetch: only fetch this document */
	const char *allow_private;     /* with it: a private range that may be reached */
};

/* 0, or the exit status + 1 to leave with (help, version, wrong usage; all told). */
int nw_options_read(int argc, char **argv, struct nw_options *options_r);
#endif
