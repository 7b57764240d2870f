/*
 * control.h - one request and its answer over newswatchd's control socket.
 * Floor 1, newswatchd and newswatch.
 * A request is one line: a word and its arguments, separated by tabs, ended by a line feed; no argument holds either.
 * An answer is any number of text lines, then "ok" or "error TEXT", then the end of the connection.
 */
#ifndef NW_CORE_CONTROL_H
#define NW_CORE_CONTROL_H

#include <newswatch/plugin.h>

struct nw_buf;
struct nw_err;

#define NW_CONTROL_LINE_MAX 8192 /* bytes of a request */
#define NW_CONTROL_ARGS_MAX 9
#define NW_CONTROL_MS	    30000 /* a client waits this long for the whole answer */

/* Split a request without its line feed in place.  -1: empty, or too many arguments. */
int nw_control_split(char *line, char *argv[NW_CONTROL_ARGS_MAX], int *argc_r);
/*
 * nw_control_call(path, argv, argc, answer, err):
 * Ask the daemon; the lines before "ok" are appended to ${answer}.  Blocks at most NW_CONTROL_MS.
 * errors  NW_ERES nobody listens there; NW_ECONF what the daemon refused, in its words.
 */
int nw_control_call(const char *path, const char *const *argv, int argc, struct nw_buf *answer, struct nw_err *);
#endif
