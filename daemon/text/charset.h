/*
 * charset.h - foreign bytes to UTF-8 as browsers do: BOM, HTTP charset, declaration, UTF-8 validity, detection.
 * Floor 2.  Labels are those of the WHATWG Encoding Standard; conversion by ICU.
 */
#ifndef NW_TEXT_CHARSET_H
#define NW_TEXT_CHARSET_H

#include <newswatch/plugin.h>

struct nw_arena;
struct nw_err;

/* The WHATWG name of a label ("gb2312" -> "gbk", "latin1" -> "windows-1252") or a near one ("cp-1251"), or NULL. */
const char *nw_charset_of_label(struct nw_str);

struct nw_charset_hint {
	struct nw_str content_type; /* HTTP header, "" if absent */
	struct nw_str override;	    /* the source's own, wins over all but a BOM */
	struct nw_str lang;	    /* breaks ties of detection */
	int markup;		    /* 'x' XML, 'h' HTML, 'j' JSON: where a declaration may stand */
	int terminated;		    /* 1: a NUL stands behind the bytes, so that valid UTF-8 may be borrowed */
};

/*
 * nw_charset_decode(arena, bytes, hint, text_r, name_r, err):
 * ${bytes} as valid UTF-8 without BOM; what does not decode becomes U+FFFD, NUL becomes U+FFFD.  ${name_r} is the WHATWG name used.
 * Valid UTF-8 is borrowed where the hint says it is terminated, else copied.
 * A declaration that the bytes contradict is a lie: the next witness is asked.  A character cut by the end is no lie.
 * errors  NW_ELIMIT past the arena.
 */
int nw_charset_decode(struct nw_arena *, struct nw_bytes, const struct nw_charset_hint *, struct nw_str *text_r,
    struct nw_str *name_r, struct nw_err *);
void nw_charset_warm(void); /* opens every converter's data before the lock */
#endif
