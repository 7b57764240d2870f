/*
 * scenario.h - a story as text: what is configured, what the web and the channels answer when, what must be seen.
 *
 *   # title                               the first line
 *   CONFIG <<END ... END                  the configuration without `store:` and `control:`
 *   DOC name <<END ... END                a document of the web
 *   START 2026-03-28T20:00:00Z            when the story begins, before its first AT; else Monday 2026-03-02 08:00 UTC
 *   AT 15m                                move the clock to start + 15m, doing on the way what falls due
 *   REPLY URL STATUS [DOC] [TYPE t] [ETAG e] [MODIFIED m] [MOVED u] [RETRY d]   from now on; REPLY URL DOWN: refused
 *   SENDER channel CODE|DIES|LOST [RETRY d]                                     from now on
 *   AWAY 9h                               stop, and start when so much time has passed
 *   RELOAD | RESTART                      read the configuration again; stop and start
 *   STORE "sql"                           stop, change the store from beside, as a crash or a hand would; it starts at the next AT
 *   DISK FULL|ROOM                        the store's writes find no space, from now on; or find it again
 *   COMMAND word...                       as through the control socket
 *   EXPECT what [value]                   since the last AT, see test_replay.c
 */
#ifndef NW_REPLAY_SCENARIO_H
#define NW_REPLAY_SCENARIO_H

#include <stddef.h>

enum { SCENARIO_WORDS = 24 };

struct scenario_line {
	int number, n;
	char *word[SCENARIO_WORDS];
	char *text; /* of a here-document, or NULL */
};

struct scenario {
	char *title, *data;
	struct scenario_line *line;
	size_t n;
};

/* Ends the program with FILE:LINE and a reason where the file is wrong. */
void scenario_read(const char *path, struct scenario *);
void scenario_done(struct scenario *);
#endif
