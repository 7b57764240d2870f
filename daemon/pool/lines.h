/*
 * lines.h - what a helper process says on its stderr, line by line and never too much.
 * Floor 3, for child.c.  Knows a descriptor, not whose it is.
 * Life: all zero -> nw_lines_read()* -> nw_lines_done().
 */
#ifndef NW_POOL_LINES_H
#define NW_POOL_LINES_H

#include <stdint.h>

#include "base/buf.h"

struct nw_lines {
	struct nw_buf said; /* its last line may not have ended yet */
	int64_t minute_ms;  /* monotonic: since then so many lines */
	uint32_t n;
};

/*
 * nw_lines_read(lines, fd, on_line, cookie):
 * Read once; give ${on_line} each whole line without its line feed, at the end of the stream also a rest.
 * limits  a line longer than 4 kB comes in parts; after NW_STDERR_LINES in a minute one line says that the
 *         others are left out, so that a helper taken over cannot fill the log; no ${on_line}: all is dropped.
 * returns 0 at the end of the stream, or without memory, else 1.
 */
int nw_lines_read(
    struct nw_lines *, int fd, void (*on_line)(void *cookie, const char *line, size_t len), void *cookie);
void nw_lines_done(struct nw_lines *);
#endif
