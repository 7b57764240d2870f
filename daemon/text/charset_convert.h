/*
 * charset_convert.h - bytes of a known encoding to UTF-8, with browsers' results.
 * Floor 2.  ICU's converters, opened once and kept; private to charset*.c.
 */
#ifndef NW_TEXT_CHARSET_CONVERT_H
#define NW_TEXT_CHARSET_CONVERT_H

#include <newswatch/plugin.h>

struct nw_buf;
struct nw_charset_enc;

/*
 * nw_charset_convert_add(buf, enc, bytes, bad_r):
 * Append ${bytes} as UTF-8 to ${buf}; what does not decode, and NUL, becomes U+FFFD.  ${bad_r} (may be NULL) counts the
 * former.  ${enc} is none of UTF-8 and "replacement".
 * errors  -1 without a converter (memory); `failed` of the buffer is its own.
 */
int nw_charset_convert_add(struct nw_buf *, const struct nw_charset_enc *, struct nw_bytes, size_t *bad_r);
void nw_charset_convert_warm(void);
#endif
