/*
 * fetch_once.h - one document fetched as the daemon would, for `newswatch source try` and for operators'
 * eyes. Floor 4, newswatchd.  Reads the configuration for its `fetch` options; opens no store and starts no
 * worker.
 */
#ifndef NW_MAIN_FETCH_ONCE_H
#define NW_MAIN_FETCH_ONCE_H

struct nw_options;

/*
 * nw_fetch_once(options):
 * Fetch options->fetch_url and write to standard output lines "status N", "url URL", "type CONTENT-TYPE",
 * "bytes N", an empty one, and the decoded body.  What goes wrong is one line on standard error.
 * returns  the exit status: 0 when the server answered (whatever its status), 1 when it did not, 3 when the
 * machine or the configuration is broken.
 */
int nw_fetch_once(const struct nw_options *);
#endif
