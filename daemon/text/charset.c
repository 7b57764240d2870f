#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "base/utf8.h"
#include "core/limits.h"
#include "text/charset.h"
#include "text/charset_convert.h"
#include "text/charset_detect.h"
#include "text/charset_scan.h"
#include "text/charset_table.h"

#define PRESCAN_BYTES 1024 /* where a declaration has to stand, says the HTML Standard */

/* How the bytes look when read as UTF-8; a character cut by the end is no error. */
struct census {
	size_t two, more; /* sequences of two bytes, of three or four */
	size_t bad;
};

const char *
nw_charset_of_label(struct nw_str label)
{
	const struct nw_charset_enc *enc = nw_charset_table_find(label);

	return enc != NULL ? enc->name : NULL;
}

static struct census
census_of(struct nw_bytes in)
{
	const char *p = (const char *)in.p, *end = p + in.len;
	struct census c = {0, 0, 0};
	size_t len;

	while (p < end) {
		if ((unsigned char)*p < 0x80) {
			p++;
			continue;
		}
		if (nw_utf8_next(p, end, &len) != -1) {
			if (len == 2)
				c.two++;
			else
				c.more++;
		} else if (p + len < end || (unsigned char)*p < 0xc2) {
			c.bad++;
		}
		p += len;
	}
	return c;
}

/* A stray byte among many good characters does not make UTF-8 something else. */
static int
mostly_utf8(const struct census *c)
{
	return c->bad == 0 || c->bad * 20 <= c->two + c->more;
}

/* Markup begins with "<" and a letter, "?" or "!"; in UTF-16 a zero stands beside the "<". */
static int
begins_as_markup(struct nw_bytes in)
{
	return in.len > 1 && in.p[0] == '<' && in.p[1] > ' ' && in.p[1] < 0x7f;
}

/* A declaration is a lie if the bytes cannot be that, or if they are UTF-8 beyond what chance explains. */
static int
believable(const struct nw_charset_enc *enc, const struct census *c, struct nw_bytes in)
{
	if (enc == NULL || enc->kind == NW_CHARSET_REFUSED)
		return 0;
	if (enc->kind == NW_CHARSET_UTF8)
		return mostly_utf8(c);
	if (enc->kind == NW_CHARSET_UTF16)
		return !begins_as_markup(in) && (c->bad > 0 || memchr(in.p, 0, in.len) != NULL);
	if (c->bad > 0)
		return 1;
	if (enc->kind == NW_CHARSET_MULTI)
		return c->more < 2 && c->two < 6;
	return c->more == 0 && c->two < (strcmp(enc->name, "windows-1252") == 0 ? 1 : 2);
}

static const struct nw_charset_enc *
declared(struct nw_bytes in, const struct nw_charset_hint *hint, const struct census *c)
{
	const struct nw_charset_enc *said[4] = {
	    nw_charset_scan_type(nw_str_or_empty(hint->content_type)), NULL, NULL, NULL};

	if (hint->markup == 'x' || hint->markup == 'h')
		said[1] = nw_charset_scan_xml(in, hint->markup == 'x' ? PRESCAN_BYTES : 16);
	if (hint->markup == 'h' && !believable(said[0], c, in) && !believable(said[1], c, in)) {
		said[2] = nw_charset_scan_meta(in, PRESCAN_BYTES);
		if (said[2] == NULL)
			said[3] = nw_charset_scan_meta(in, NW_CHARSET_SCAN_MAX);
	}
	for (size_t i = 0; i < 4; i++)
		if (believable(said[i], c, in))
			return said[i];
	return NULL;
}

/* The encoding of ${in}, whose mark of ${skip_r} bytes is to be left out; ${sure_r}: not to be doubted again.
 */
static const struct nw_charset_enc *
decide(struct nw_bytes in, const struct nw_charset_hint *hint, size_t *skip_r, int *sure_r)
{
	const struct nw_charset_enc *enc = nw_charset_scan_bom(in, skip_r);
	struct census c;

	*sure_r = 1;
	if (enc != NULL)
		return enc;
	*skip_r = 0;
	enc = nw_charset_table_find(nw_str_or_empty(hint->override));
	if (enc != NULL && enc->kind != NW_CHARSET_REFUSED)
		return enc;
	if ((enc = nw_charset_scan_utf16(in)) != NULL)
		return enc;
	*sure_r = 0;
	c = census_of(in);
	if ((enc = declared(in, hint, &c)) != NULL)
		return enc;
	if (c.two + c.more + c.bad == 0 && memmem(in.p, in.len, "\033$B", 3) != NULL)
		return nw_charset_table_find(nw_str("iso-2022-jp"));
	if (mostly_utf8(&c))
		return nw_charset_table_find(nw_str("utf-8"));
	return nw_charset_detect_pick(in, nw_str_or_empty(hint->lang));
}

/* Convert into ${b}; a declared East Asian encoding with many errors gives way to a better one. */
static int
convert(struct nw_buf *b, struct nw_bytes in, const struct nw_charset_hint *hint, int sure,
    const struct nw_charset_enc **enc)
{
	const struct nw_charset_enc *other;
	size_t bad = 0, other_bad = 0;
	struct nw_buf second = {0};

	if (nw_charset_convert_add(b, *enc, in, &bad) == -1)
		return -1;
	if (sure || (*enc)->kind != NW_CHARSET_MULTI || bad <= 2 || bad < in.len / 200)
		return 0;
	other = nw_charset_detect_pick(in, nw_str_or_empty(hint->lang));
	if (other == *enc || nw_charset_convert_add(&second, other, in, &other_bad) == -1 ||
	    other_bad >= bad) {
		nw_buf_done(&second);
		return 0;
	}
	nw_buf_done(b);
	*b = second;
	*enc = other;
	return 0;
}

static int
to_arena(struct nw_arena *arena, struct nw_str s, struct nw_str *text_r, struct nw_err *err)
{
	struct nw_str copy = nw_arena_dup(arena, s);

	if (copy.p == NULL)
		return nw_fail(err, NW_ELIMIT,
		    "charset: a document of %zu bytes does not fit into the memory of its job", s.len);
	*text_r = copy;
	return 0;
}

int
nw_charset_decode(struct nw_arena *arena, struct nw_bytes in, const struct nw_charset_hint *hint,
    struct nw_str *text_r, struct nw_str *name_r, struct nw_err *err)
{
	const struct nw_charset_enc *enc;
	struct nw_buf b = {0};
	size_t skip;
	int sure, rc = 0;

	if (in.p == NULL)
		in.p = (const uint8_t *)"";
	enc = decide(in, hint, &skip, &sure);
	in.p += skip;
	in.len -= skip;
	if (enc->kind == NW_CHARSET_UTF8 && nw_utf8_valid(in.p, in.len)) {
		if (hint->terminated)
			*text_r = (struct nw_str){(const char *)in.p, in.len};
		else
			rc = to_arena(arena, (struct nw_str){(const char *)in.p, in.len}, text_r, err);
	} else {
		if (enc->kind == NW_CHARSET_UTF8)
			nw_utf8_repair(&b, in.p, in.len);
		else
			rc = convert(&b, in, hint, sure, &enc);
		if (rc == -1 || b.failed)
			rc = nw_fail(err, NW_ERES, "charset: out of memory converting from %s", enc->name);
		else
			rc = to_arena(arena, nw_buf_str(&b), text_r, err);
	}
	nw_buf_done(&b);
	if (rc == 0)
		*name_r = nw_str(enc->name);
	return rc;
}

void
nw_charset_warm(void)
{
	nw_charset_convert_warm();
	nw_charset_detect_warm();
}
