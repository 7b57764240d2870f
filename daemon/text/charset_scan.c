#include <string.h>
#include <strings.h>

#include "base/str.h"
#include "text/charset_scan.h"
#include "text/charset_table.h"

#define ATTR_MAX     256 /* bytes kept of an attribute's value; a declaration is shorter */
#define SNIFF_BYTES  1024
#define XML_DECL_MAX 256 /* bytes from "<?xml" to the end of its encoding */

struct attr {
	char name[16], value[ATTR_MAX]; /* lower-case; longer ones are cut, which no name of interest is */
};

static int
blank(uint8_t c)
{
	return c == ' ' || (c >= '\t' && c <= '\r' && c != '\v');
}

static int
letter(uint8_t c)
{
	return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

const struct nw_charset_enc *
nw_charset_scan_bom(struct nw_bytes in, size_t *len_r)
{
	const char *label = NULL;
	size_t len = 2;

	if (in.len >= 3 && memcmp(in.p, "\xef\xbb\xbf", 3) == 0) {
		label = "utf-8";
		len = 3;
	} else if (in.len >= 2 && memcmp(in.p, "\xfe\xff", 2) == 0) {
		label = "utf-16be";
	} else if (in.len >= 2 && memcmp(in.p, "\xff\xfe", 2) == 0) {
		label = "utf-16le";
	}
	if (label == NULL)
		return NULL;
	*len_r = len;
	return nw_charset_table_find(nw_str(label));
}

const struct nw_charset_enc *
nw_charset_scan_utf16(struct nw_bytes in)
{
	size_t n = (in.len < SNIFF_BYTES ? in.len : SNIFF_BYTES) & ~(size_t)1, nul[2] = {0, 0};

	for (size_t i = 0; i < n; i++)
		nul[i & 1] += in.p[i] == 0;
	/* a tenth of the characters are ASCII, and hardly a NUL stands in the other half */
	if (n < 8 || nul[0] + nul[1] < n / 20 + 1)
		return NULL;
	if (nul[0] * 20 <= nul[1])
		return nw_charset_table_find(nw_str("utf-16le"));
	if (nul[1] * 20 <= nul[0])
		return nw_charset_table_find(nw_str("utf-16be"));
	return NULL;
}

const struct nw_charset_enc *
nw_charset_scan_type(struct nw_str s)
{
	const char *p = s.p, *end = s.p + s.len, *stop;

	for (;;) {
		while (p < end && (end - p < 7 || strncasecmp(p, "charset", 7) != 0))
			p++;
		if (p >= end)
			return NULL;
		for (p += 7; p < end && blank((uint8_t)*p); p++)
			;
		if (p < end && *p == '=')
			break;
	}
	for (p++; p < end && blank((uint8_t)*p); p++)
		;
	if (p < end && (*p == '"' || *p == '\'')) {
		stop = memchr(p + 1, *p, (size_t)(end - p - 1));
		if (stop == NULL)
			return NULL;
		return nw_charset_table_find((struct nw_str){p + 1, (size_t)(stop - p - 1)});
	}
	for (stop = p; stop < end && !blank((uint8_t)*stop) && *stop != ';' && *stop != ','; stop++)
		;
	return nw_charset_table_find((struct nw_str){p, (size_t)(stop - p)});
}

static const struct nw_charset_enc *
readable(const struct nw_charset_enc *enc)
{
	/* the declaration was read byte by byte, so it cannot be UTF-16 */
	return enc != NULL && enc->kind == NW_CHARSET_UTF16 ? nw_charset_table_find(nw_str("utf-8")) : enc;
}

const struct nw_charset_enc *
nw_charset_scan_xml(struct nw_bytes in, size_t within)
{
	const char *base = (const char *)in.p, *p, *end, *close;
	char quote;

	if (in.len < within)
		within = in.len;
	p = memmem(base, within, "<?xml", 5);
	if (p == NULL)
		return NULL;
	end = (size_t)(base + in.len - p) < XML_DECL_MAX ? base + in.len : p + XML_DECL_MAX;
	if ((close = memmem(p, (size_t)(end - p), "?>", 2)) != NULL ||
	    (close = memchr(p, '>', (size_t)(end - p))) != NULL)
		end = close;
	p = memmem(p, (size_t)(end - p), "encoding", 8);
	if (p == NULL)
		return NULL;
	for (p += 8; p < end && (blank((uint8_t)*p) || *p == '='); p++)
		;
	if (p >= end || (*p != '"' && *p != '\''))
		return NULL;
	quote = *p++;
	close = memchr(p, quote, (size_t)(end - p));
	return close != NULL ? readable(nw_charset_table_find((struct nw_str){p, (size_t)(close - p)}))
			     : NULL;
}

/* --- the prescan of the HTML Standard, 13.2.3.2 */

struct scan {
	const uint8_t *p, *end;
	int raw; /* leave out what scripts and the like hold */
};

static void
put(char *field, size_t size, size_t *n, uint8_t c)
{
	if (*n + 1 < size) {
		field[(*n)++] = (char)(c >= 'A' && c <= 'Z' ? c | 0x20 : c);
		field[*n] = '\0';
	}
}

static void
read_value(struct scan *s, struct attr *a)
{
	size_t n = 0;
	uint8_t quote;

	while (s->p < s->end && blank(*s->p))
		s->p++;
	if (s->p < s->end && (*s->p == '"' || *s->p == '\'')) {
		quote = *s->p++;
		for (; s->p < s->end && *s->p != quote; s->p++)
			put(a->value, sizeof(a->value), &n, *s->p);
		if (s->p < s->end)
			s->p++;
		else
			a->value[0] = '\0'; /* the quote never closes: there is no such attribute */
		return;
	}
	for (; s->p < s->end && !blank(*s->p) && *s->p != '>'; s->p++)
		put(a->value, sizeof(a->value), &n, *s->p);
}

/* The next attribute of the tag; 0 at its end. */
static int
read_attr(struct scan *s, struct attr *a)
{
	size_t n = 0;

	a->name[0] = a->value[0] = '\0';
	while (s->p < s->end && (blank(*s->p) || *s->p == '/'))
		s->p++;
	if (s->p >= s->end || *s->p == '>')
		return 0;
	for (; s->p < s->end && (*s->p != '=' || n == 0) && !blank(*s->p) && *s->p != '/' && *s->p != '>';
	     s->p++)
		put(a->name, sizeof(a->name), &n, *s->p);
	while (s->p < s->end && blank(*s->p))
		s->p++;
	if (s->p < s->end && *s->p == '=') {
		s->p++;
		read_value(s, a);
	}
	return 1;
}

static const struct nw_charset_enc *
read_meta(struct scan *s)
{
	const struct nw_charset_enc *enc = NULL;
	int pragma = 0, need_pragma = -1, seen_charset = 0, seen_content = 0, seen_equiv = 0;
	struct attr a;

	while (read_attr(s, &a)) {
		if (strcmp(a.name, "http-equiv") == 0 && !seen_equiv) {
			seen_equiv = 1;
			pragma = strcmp(a.value, "content-type") == 0;
		} else if (strcmp(a.name, "charset") == 0 && !seen_charset) {
			seen_charset = 1;
			enc = nw_charset_table_find(nw_str(a.value));
			need_pragma = 0;
		} else if (strcmp(a.name, "content") == 0 && !seen_content && enc == NULL) {
			seen_content = 1;
			enc = nw_charset_scan_type(nw_str(a.value));
			if (enc != NULL)
				need_pragma = 1;
		}
	}
	if (enc == NULL || (need_pragma == 1 && !pragma) || need_pragma == -1)
		return NULL;
	if (enc->kind == NW_CHARSET_USER_DEFINED)
		return nw_charset_table_find(nw_str("windows-1252"));
	return readable(enc);
}

/* memmem() without regard to ASCII case. */
static const uint8_t *
find(const uint8_t *p, size_t n, const char *what)
{
	size_t len = strlen(what);
	const uint8_t *end = p + n, *at = p;

	while (
	    (size_t)(end - at) >= len && (at = memchr(at, what[0], (size_t)(end - at) - len + 1)) != NULL) {
		if (strncasecmp((const char *)at, what, len) == 0)
			return at;
		at++;
	}
	return NULL;
}

static void
skip_to(struct scan *s, const char *what, size_t from)
{
	const uint8_t *at = NULL;

	if ((size_t)(s->end - s->p) > from)
		at = find(s->p + from, (size_t)(s->end - s->p) - from, what);
	s->p = at != NULL ? at + strlen(what) : s->end;
}

static int
tag_is(const struct scan *s, const char *name)
{
	size_t n = strlen(name);

	return (size_t)(s->end - s->p) > n + 1 && strncasecmp((const char *)s->p + 1, name, n) == 0 &&
	       (blank(s->p[n + 1]) || s->p[n + 1] == '/' || s->p[n + 1] == '>');
}

static void
skip_tag(struct scan *s)
{
	static const char *const raw[][2] = {{"script", "</script"}, {"style", "</style"},
	    {"title", "</title"}, {"textarea", "</textarea"}, {"noscript", "</noscript"}};
	const char *end_tag = NULL;
	struct attr a;

	for (size_t i = 0; s->raw && i < sizeof(raw) / sizeof(raw[0]); i++)
		if (tag_is(s, raw[i][0]))
			end_tag = raw[i][1];
	s->p += s->p[1] == '/' ? 2 : 1;
	while (s->p < s->end && !blank(*s->p) && *s->p != '>')
		s->p++;
	while (read_attr(s, &a))
		;
	if (end_tag != NULL)
		skip_to(s, end_tag, 0);
}

const struct nw_charset_enc *
nw_charset_scan_meta(struct nw_bytes in, size_t within)
{
	struct scan s = {in.p, in.p + in.len, within > SNIFF_BYTES};
	const uint8_t *last = in.len < within ? s.end : in.p + within;
	const struct nw_charset_enc *enc;

	while (s.p < last && (s.p = memchr(s.p, '<', (size_t)(last - s.p))) != NULL && s.end - s.p > 2) {
		if (s.end - s.p >= 4 && memcmp(s.p, "<!--", 4) == 0) {
			skip_to(&s, "-->", 2);
		} else if (tag_is(&s, "meta")) {
			s.p += 5;
			if ((enc = read_meta(&s)) != NULL)
				return enc;
		} else if (letter(s.p[1]) || (s.p[1] == '/' && letter(s.p[2]))) {
			skip_tag(&s);
		} else if (s.p[1] == '!' || s.p[1] == '/' || s.p[1] == '?') {
			skip_to(&s, ">", 1);
		} else {
			s.p++;
		}
		if (s.p == NULL)
			break;
	}
	return NULL;
}
