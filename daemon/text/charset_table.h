/*
 * charset_table.h - the encodings and labels of the WHATWG Encoding Standard, and where ICU differs from them.
 * Floor 2.  Constant data; private to charset*.c.
 */
#ifndef NW_TEXT_CHARSET_TABLE_H
#define NW_TEXT_CHARSET_TABLE_H

#include <newswatch/plugin.h>

enum nw_charset_kind {
	NW_CHARSET_UTF8,
	NW_CHARSET_UTF16,	 /* by ICU */
	NW_CHARSET_SINGLE,	 /* one byte a character, by ICU */
	NW_CHARSET_MULTI,	 /* legacy of East Asia, by ICU */
	NW_CHARSET_LATIN10,	 /* ISO-8859-16, which ICU lacks */
	NW_CHARSET_USER_DEFINED, /* high bytes to U+F780 and above */
	NW_CHARSET_REFUSED,	 /* the standard's "replacement": read as undeclared */
};

/* ${from} is a code point ICU gives (out) or the bytes it refuses (in); ${then} a second code point or 0. */
struct nw_charset_fix {
	uint16_t from, to, then;
};

struct nw_charset_enc {
	const char *name; /* of the standard, lower-case */
	const char *icu;  /* the converter, NULL if none is needed */
	uint32_t kind;
	uint32_t private_ok; /* code points for private use are what browsers give too */
	const struct nw_charset_fix *in, *out; /* ascending, or NULL */
	size_t nin, nout;
};

/* The encoding of a label, NULL if it is none; ASCII case, "-", "_" and blanks do not matter, nor who numbered a page. */
const struct nw_charset_enc *nw_charset_table_find(struct nw_str label);
/* Encoding i in no particular order, NULL past the last. */
const struct nw_charset_enc *nw_charset_table_at(size_t i);
/* The entry of ${from} in an ascending table, NULL if there is none. */
const struct nw_charset_fix *nw_charset_table_fix(const struct nw_charset_fix *, size_t n, uint32_t from);

/* Bytes 0xa0 to 0xff of ISO-8859-16. */
extern const uint16_t nw_charset_table_latin10[96];
#endif
