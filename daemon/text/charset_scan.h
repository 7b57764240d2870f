/*
 * charset_scan.h - what a document says of its own encoding: byte order mark, HTTP header, XML declaration, <meta>.
 * Floor 2.  The HTML Standard's prescan; private to charset*.c.  Each returns NULL where nothing usable is said.
 */
#ifndef NW_TEXT_CHARSET_SCAN_H
#define NW_TEXT_CHARSET_SCAN_H

#include <newswatch/plugin.h>

struct nw_charset_enc;

/* ${len_r} is the mark's length. */
const struct nw_charset_enc *nw_charset_scan_bom(struct nw_bytes, size_t *len_r);
/* UTF-16 without a mark, told by where the NUL bytes of its ASCII characters stand. */
const struct nw_charset_enc *nw_charset_scan_utf16(struct nw_bytes);
/* The charset of a Content-Type, from a header or from <meta http-equiv>. */
const struct nw_charset_enc *nw_charset_scan_type(struct nw_str);
/* An XML declaration that begins within the first ${within} bytes; UTF-16, which it cannot be, counts as UTF-8. */
const struct nw_charset_enc *nw_charset_scan_xml(struct nw_bytes, size_t within);
/*
 * <meta charset> or <meta http-equiv>, which must begin within the first ${within} bytes.
 * Beyond the prescan's 1024, where browsers' tree builder would find it, scripts and the like are left out.
 */
const struct nw_charset_enc *nw_charset_scan_meta(struct nw_bytes, size_t within);
#endif
