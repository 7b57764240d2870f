/*
 * buf.h - a growing byte buffer whose failures are asked for once, at the end.
 * Floor 0.  Life: struct nw_buf b = {0}; nw_buf_add*()*; nw_buf_str() or nw_buf_take(); nw_buf_done().
 * After a failed allocation, or past ${max} (0: no limit), adding does nothing and `failed` stays set.
 */
#ifndef NW_BASE_BUF_H
#define NW_BASE_BUF_H

#include <stdarg.h>

#include <newswatch/plugin.h>

struct nw_buf {
	char *p;
	size_t len, cap, max;
	int failed;
};

void nw_buf_done(struct nw_buf *); /* frees; the buffer is empty and usable again */
void nw_buf_reset(struct nw_buf *); /* empties, keeps the memory, clears `failed` */
void nw_buf_add(struct nw_buf *, const void *, size_t);
void nw_buf_adds(struct nw_buf *, const char *);
void nw_buf_addc(struct nw_buf *, char);
void nw_buf_addf(struct nw_buf *, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void nw_buf_addvf(struct nw_buf *, const char *fmt, va_list) __attribute__((format(printf, 2, 0)));
/* Room for n more bytes at p + len; NULL on failure.  The caller adds to len what it wrote. */
char *nw_buf_room(struct nw_buf *, size_t n);
static inline void
nw_buf_addstr(struct nw_buf *b, struct nw_str s)
{
	nw_buf_add(b, s.p, s.len);
}
/* The contents, NUL-terminated, borrowed until the next change; "" when empty or failed. */
struct nw_str nw_buf_str(struct nw_buf *);
/* The contents as malloc'ed memory the caller frees; NULL if failed.  The buffer is empty afterwards. */
char *nw_buf_take(struct nw_buf *, size_t *len_r);
#endif
