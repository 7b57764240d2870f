/*
 * charset_detect.h - the most likely encoding of undeclared bytes that are not UTF-8.
 * Floor 2.  ICU's detector, weighed by the text's language and by what really decodes; private to charset*.c.
 */
#ifndef NW_TEXT_CHARSET_DETECT_H
#define NW_TEXT_CHARSET_DETECT_H

#include <newswatch/plugin.h>

struct nw_charset_enc;

/* Never NULL: windows-1252 where nothing tells.  ${lang} is BCP 47 or "". */
const struct nw_charset_enc *nw_charset_detect_pick(struct nw_bytes, struct nw_str lang);
void nw_charset_detect_warm(void);
#endif
