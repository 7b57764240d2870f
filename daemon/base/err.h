/*
 * err.h - an error with its culprit and one sentence.
 * Floor 0.  Floors 0 to 3 fill an error and do not log; a program logs once, where it decides.
 * nw_fail() is the exception to the naming rule: it reads better alone.
 */
#ifndef NW_BASE_ERR_H
#define NW_BASE_ERR_H

#include <stdarg.h>

#include <newswatch/plugin.h>

#define NW_ERR_MAX 1024 /* bytes of a message with its NUL; longer ones are cut with "..." */

struct nw_err {
	int code; /* NW_E* */
	char msg[NW_ERR_MAX];
};

/*
 * nw_fail(err, code, fmt, ...):
 * Fill ${err} (NULL is fine) and return -1, so that callers write `return nw_fail(...)`.
 */
int nw_fail(struct nw_err *, int code, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
int nw_vfail(struct nw_err *, int code, const char *fmt, va_list) __attribute__((format(printf, 3, 0)));

/* The word for a code: "input", "plugin", "configuration", "limit", "machine". */
const char *nw_err_culprit(int code);
#endif
