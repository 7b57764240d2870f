#include <string.h>
#include <strings.h>

#include "page_text.h"

static int
room(struct nw_page_buf *b, size_t n)
{
	size_t cap = b->cap < 64 ? 64 : b->cap;
	char *p;

	if (n >= SIZE_MAX / 4 || b->len >= SIZE_MAX / 4)
		return 0;
	if (b->cap != 0 && n < b->cap - b->len)
		return 1;
	while (cap <= b->len + n)
		cap *= 2;
	if ((p = nw_page_alloc(b->pg, cap)) == NULL)
		return 0;
	if (b->len > 0)
		memcpy(p, b->p, b->len);
	b->p = p;
	b->cap = cap;
	return 1;
}

void
nw_page_text_add(struct nw_page_buf *b, const char *p, size_t len)
{
	if (len == 0 || !room(b, len))
		return;
	memcpy(b->p + b->len, p, len);
	b->len += len;
	b->p[b->len] = '\0';
}

void
nw_page_text_adds(struct nw_page_buf *b, const char *s)
{
	nw_page_text_add(b, s, strlen(s));
}

uint32_t
nw_page_text_next(const char **pp, const char *end)
{
	const unsigned char *p = (const unsigned char *)*pp;
	size_t n, left = (size_t)(end - *pp);
	uint32_t cp;

	if (left == 0)
		return 0;
	if (p[0] < 0x80) {
		*pp += 1;
		return p[0];
	}
	n = p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;
	if (n > left) {
		*pp = end;
		return 0xfffd;
	}
	cp = p[0] & (0x7fu >> n);
	for (size_t i = 1; i < n; i++)
		cp = cp << 6 | (p[i] & 0x3fu);
	*pp += n;
	return cp;
}

static int
is_invisible(uint32_t cp)
{
	return cp == 0xad || cp == 0x200b || cp == 0xfeff || cp == 0x2060;
}

int
nw_page_text_is_blank(uint32_t cp)
{
	return (cp <= 0x20 && cp != 0) || cp == 0xa0 || cp == 0x1680 || (cp >= 0x2000 && cp <= 0x200b) ||
	       cp == 0x2028 || cp == 0x2029 || cp == 0x202f || cp == 0x205f || cp == 0x3000 || cp == 0xfeff ||
	       cp == 0x85;
}

int
nw_page_text_is_wide(uint32_t cp)
{
	return (cp >= 0x3041 && cp <= 0x30ff) || (cp >= 0x3400 && cp <= 0x9fff) ||
	       (cp >= 0xac00 && cp <= 0xd7a3) || (cp >= 0xf900 && cp <= 0xfaff) ||
	       (cp >= 0x20000 && cp <= 0x3ffff);
}

int
nw_page_text_is_letter(uint32_t cp)
{
	if (cp < 0x80)
		return (cp >= '0' && cp <= '9') || ((cp | 32) >= 'a' && (cp | 32) <= 'z');
	return cp >= 0xaa && !nw_page_text_is_blank(cp) && cp != 0xab && cp != 0xbb && cp != 0xb7 &&
	       cp != 0xbf && !(cp >= 0x2010 && cp <= 0x2bff) && !(cp >= 0x3001 && cp <= 0x3030) &&
	       !(cp >= 0xff01 && cp <= 0xff0f) && !(cp >= 0xff1a && cp <= 0xff20) &&
	       !(cp >= 0xff3b && cp <= 0xff40) && !(cp >= 0xff5b && cp <= 0xff65) && cp != 0x60c &&
	       cp != 0x61b && cp != 0x61f && cp != 0x6d4 && cp != 0xfffd && !is_invisible(cp) &&
	       !(cp >= 0xe000 && cp <= 0xf8ff);
}

int
nw_page_text_is_comma(uint32_t cp)
{
	switch (cp) {
	case ',':
	case ';':
	case 0x60c:
	case 0x61b:
	case 0x3001:
	case 0x3002:
	case 0xff0c:
	case 0xff1b:
	case 0xff0e:
	case 0x2014:
	case 0x6d4:
	case 0x964:
		return 1;
	default:
		return 0;
	}
}

int
nw_page_text_is_stop(uint32_t cp)
{
	switch (cp) {
	case '.':
	case '!':
	case '?':
	case 0x2026:
	case 0x3002:
	case 0xff01:
	case 0xff1f:
	case 0xff0e:
	case 0x61f:
	case 0x6d4:
	case 0x964:
	case 0x589:
		return 1;
	default:
		return 0;
	}
}

void
nw_page_text_fold(struct nw_page_buf *b, const char *p, size_t len)
{
	const char *end = p + len, *from, *run = p;
	uint32_t cp;

	while (p < end) {
		from = p;
		cp = nw_page_text_next(&p, end);
		if (!is_invisible(cp) && !nw_page_text_is_blank(cp))
			continue;
		nw_page_text_add(b, run, (size_t)(from - run));
		if (!is_invisible(cp) && b->len > 0 && b->p[b->len - 1] != ' ')
			nw_page_text_add(b, " ", 1);
		run = p;
	}
	nw_page_text_add(b, run, (size_t)(end - run));
}

struct nw_str
nw_page_text_str(struct nw_page_buf *b)
{
	while (b->len > 0 && b->p[b->len - 1] == ' ')
		b->p[--b->len] = '\0';
	return b->len > 0 ? (struct nw_str){b->p, b->len} : (struct nw_str){"", 0};
}

struct nw_str
nw_page_text_dup(struct nw_page *pg, const char *p, size_t len)
{
	char *copy = len > 0 ? nw_page_alloc(pg, len + 1) : NULL; /* zeroed: its NUL is there */

	if (copy == NULL)
		return (struct nw_str){"", 0};
	memcpy(copy, p, len);
	return (struct nw_str){copy, len};
}

struct nw_str
nw_page_text_line(struct nw_page *pg, struct nw_str s)
{
	struct nw_page_buf b = {.pg = pg};

	nw_page_text_fold(&b, s.p, s.len);
	return nw_page_text_str(&b);
}

uint32_t
nw_page_text_weight(struct nw_str s)
{
	const char *p = s.p, *end = s.p + s.len;
	uint32_t n = 0, cp;

	while ((cp = nw_page_text_next(&p, end)) != 0)
		n += nw_page_text_is_wide(cp) ? 3 : nw_page_text_is_letter(cp) ? 1 : 0;
	return n;
}

int
nw_page_text_same(struct nw_str a, struct nw_str b)
{
	return a.len == b.len && memcmp(a.p, b.p, a.len) == 0;
}

int
nw_page_text_ieq(struct nw_str s, const char *ascii)
{
	return strlen(ascii) == s.len && strncasecmp(s.p, ascii, s.len) == 0;
}

int
nw_page_text_istarts(struct nw_str s, const char *prefix)
{
	size_t n = strlen(prefix);

	return s.len >= n && strncasecmp(s.p, prefix, n) == 0;
}

const char *
nw_page_text_ifind(struct nw_str s, const char *needle)
{
	size_t n = strlen(needle);
	char first = needle[0], other = first;

	if ((first | 32) >= 'a' && (first | 32) <= 'z')
		other = (char)(first ^ 32);
	for (size_t i = 0; n <= s.len && i <= s.len - n; i++)
		if ((s.p[i] == first || s.p[i] == other || n == 0) && strncasecmp(s.p + i, needle, n) == 0)
			return s.p + i;
	return NULL;
}

/* The small letter of a code point below U+0800; all of these have two bytes, as their capitals do. */
static uint32_t
small(uint32_t cp)
{
	if ((cp >= 0xc0 && cp <= 0xde && cp != 0xd7) || (cp >= 0x391 && cp <= 0x3a9) ||
	    (cp >= 0x410 && cp <= 0x42f))
		return cp + 0x20;
	if (cp >= 0x400 && cp <= 0x40f)
		return cp + 0x50;
	if ((cp >= 0x100 && cp <= 0x137 && cp != 0x130) || (cp >= 0x14a && cp <= 0x177) ||
	    (cp >= 0x460 && cp <= 0x52f))
		return cp | 1;
	if (cp >= 0x139 && cp <= 0x148)
		return cp + (cp & 1);
	return cp;
}

struct nw_str
nw_page_text_lower(struct nw_str s, char *out)
{
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (c >= 0xc3 && c < 0xe0 && i + 1 < s.len) {
			uint32_t cp = small((uint32_t)(c & 0x1f) << 6 | ((unsigned char)s.p[i + 1] & 0x3f));

			out[i++] = (char)(0xc0 | cp >> 6);
			out[i] = (char)(0x80 | (cp & 0x3f));
		} else {
			out[i] = (char)(c >= 'A' && c <= 'Z' ? c + 0x20 : c);
		}
	}
	out[s.len] = '\0';
	return (struct nw_str){out, s.len};
}

struct nw_str
nw_page_text_trim(struct nw_str s)
{
	while (s.len > 0 && (unsigned char)s.p[0] <= ' ') {
		s.p++;
		s.len--;
	}
	while (s.len > 0 && (unsigned char)s.p[s.len - 1] <= ' ')
		s.len--;
	return s;
}

struct nw_str
nw_page_text_start(const char *p, size_t most)
{
	size_t len = p != NULL ? strnlen(p, most + 1) : 0;

	if (len <= most)
		return (struct nw_str){p != NULL ? p : "", len};
	while (most > 0 && ((unsigned char)p[most] & 0xc0) == 0x80)
		most--;
	return (struct nw_str){p, most};
}

struct nw_str
nw_page_text_bare(struct nw_page *pg, struct nw_str s)
{
	struct nw_page_buf b = {.pg = pg};
	const char *p = s.p, *end = s.p + s.len, *from;
	uint32_t cp;
	char c;

	while (from = p, (cp = nw_page_text_next(&p, end)) != 0) {
		if (!nw_page_text_is_letter(cp))
			continue;
		c = (char)(cp < 0x80 ? cp : 0);
		if (c >= 'A' && c <= 'Z')
			c += 'a' - 'A';
		if (c != 0)
			nw_page_text_add(&b, &c, 1);
		else
			nw_page_text_add(&b, from, (size_t)(p - from));
	}
	return nw_page_text_str(&b);
}

int
nw_page_text_has_word(struct nw_str s, const char *word)
{
	size_t len = strlen(word);
	struct nw_str rest = s;
	const char *at;

	while ((at = nw_page_text_ifind(rest, word)) != NULL) {
		if ((at == s.p || !nw_page_text_is_letter((unsigned char)at[-1])) &&
		    !nw_page_text_is_letter((unsigned char)at[len]))
			return 1;
		rest = (struct nw_str){at + 1, (size_t)(s.p + s.len - at - 1)};
	}
	return 0;
}
