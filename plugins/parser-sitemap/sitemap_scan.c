#include <string.h>

#include "sitemap_scan.h"

#define REFERENCE_MAX 12 /* bytes of "&...;" that XML itself knows: "&#x0010ffff;" */

static int
is_name_start(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (unsigned char)c >= 0x80;
}

static int
is_name(char c)
{
	return is_name_start(c) || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == ':';
}

/* --- markup */

static int
at(const struct sitemap_scan *s, const char *what)
{
	size_t n = strlen(what);

	return (size_t)(s->end - s->p) >= n && memcmp(s->p, what, n) == 0;
}

/* Behind the next ${mark} from ${p} on; the document's end where there is none. */
static const char *
behind(struct sitemap_scan *s, const char *p, const char *mark)
{
	const char *found = p < s->end ? memmem(p, (size_t)(s->end - p), mark, strlen(mark)) : NULL;

	if (found != NULL)
		return found + strlen(mark);
	s->broken = 1;
	return s->end;
}

/* A declaration with its internal subset, if it has one. */
static const char *
behind_declaration(struct sitemap_scan *s)
{
	const char *close = behind(s, s->p, ">");

	return memchr(s->p, '[', (size_t)(close - s->p)) == NULL ? close : behind(s, behind(s, s->p, "]"), ">");
}

static enum sitemap_token
section(struct sitemap_scan *s)
{
	const char *begin = s->p + strlen("<![CDATA["), *stop = memmem(begin, (size_t)(s->end - begin), "]]>", 3);

	s->p = stop != NULL ? stop + 3 : s->end;
	s->broken |= stop == NULL;
	s->text = (struct nw_str){begin, (size_t)((stop != NULL ? stop : s->end) - begin)};
	return SITEMAP_SECTION;
}

/* A tag, up to its ">"; an address in it may hold one, but "<" stands in no tag.  0 where the document ends first. */
static int
tag(struct sitemap_scan *s, const char *name)
{
	const char *p = name;
	char quote = '\0';

	while (p < s->end && is_name(*p))
		p++;
	s->name = (struct nw_str){name, (size_t)(p - name)};
	for (; p < s->end && *p != '<' && (*p != '>' || quote != '\0'); p++) {
		if (quote != '\0')
			quote = *p == quote ? '\0' : quote;
		else if (*p == '"' || *p == '\'')
			quote = *p;
	}
	if (p == s->end || *p == '<')
		s->broken = 1;
	s->empty = p > name && p[-1] == '/';
	s->p = p < s->end && *p == '>' ? p + 1 : p;
	return p < s->end;
}

static enum sitemap_token
text(struct sitemap_scan *s)
{
	const char *from = s->p, *next = s->p;

	if (*next == '<') { /* no markup, though it looks like it */
		s->broken = 1;
		next++;
	}
	next = memchr(next, '<', (size_t)(s->end - next));
	s->p = next != NULL ? next : s->end;
	s->text = (struct nw_str){from, (size_t)(s->p - from)};
	return SITEMAP_TEXT;
}

enum sitemap_token
sitemap_scan_next(struct sitemap_scan *s)
{
	while (s->p < s->end) {
		if (at(s, "<![CDATA["))
			return section(s);
		if (at(s, "<!--"))
			s->p = behind(s, s->p + 4, "-->");
		else if (at(s, "<!"))
			s->p = behind_declaration(s);
		else if (at(s, "<?"))
			s->p = behind(s, s->p, ">");
		else if (at(s, "</") && s->end - s->p > 2 && is_name_start(s->p[2]))
			return tag(s, s->p + 2) ? SITEMAP_CLOSE : SITEMAP_DONE;
		else if (*s->p == '<' && s->end - s->p > 1 && is_name_start(s->p[1]))
			return tag(s, s->p + 1) ? SITEMAP_OPEN : SITEMAP_DONE;
		else
			return text(s);
	}
	return SITEMAP_DONE;
}

/* --- texts */

static size_t
put_utf8(char out[4], uint32_t c)
{
	if (c < 0x80) {
		out[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		out[0] = (char)(0xc0 | c >> 6);
		out[1] = (char)(0x80 | (c & 0x3f));
		return 2;
	}
	if (c < 0x10000) {
		out[0] = (char)(0xe0 | c >> 12);
		out[1] = (char)(0x80 | (c >> 6 & 0x3f));
		out[2] = (char)(0x80 | (c & 0x3f));
		return 3;
	}
	out[0] = (char)(0xf0 | c >> 18);
	out[1] = (char)(0x80 | (c >> 12 & 0x3f));
	out[2] = (char)(0x80 | (c >> 6 & 0x3f));
	out[3] = (char)(0x80 | (c & 0x3f));
	return 4;
}

static int
digit(char c, uint32_t base)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)(c | 0x20);
	return base == 16 && c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The number in "#1234" or "#x12ab", 0 if it is none that XML has. */
static uint32_t
number(const char *p, size_t n)
{
	uint32_t base = n > 1 && (p[1] | 0x20) == 'x' ? 16 : 10, c = 0;
	size_t i = base == 16 ? 2 : 1;

	for (; i < n; i++) {
		if (digit(p[i], base) < 0)
			return 0;
		c = c * base + (uint32_t)digit(p[i], base);
	}
	return (c >= 0xd800 && c < 0xe000) || c > 0x10ffff ? 0 : c;
}

/* The character of the reference at p, 0 if XML itself knows none; ${len_r} is what it takes. */
static uint32_t
reference(const char *p, size_t n, size_t *len_r)
{
	static const struct {
		const char *name;
		char c;
	} known[] = {{"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}};
	const char *end = memchr(p, ';', n < REFERENCE_MAX ? n : REFERENCE_MAX);
	size_t len = end != NULL ? (size_t)(end - p) - 1 : 0;

	*len_r = len + 2;
	if (len > 1 && p[1] == '#')
		return number(p + 1, len);
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (len == strlen(known[i].name) && memcmp(p + 1, known[i].name, len) == 0)
			return (unsigned char)known[i].c;
	return 0;
}

/* "&name;" of HTML, which whoever shows the text understands. */
static int
is_named(const char *p, const char *end)
{
	const char *q = p + 1;

	while (q < end && ((*q | 0x20) >= 'a') && ((*q | 0x20) <= 'z'))
		q++;
	return q > p + 1 && q < end && *q == ';';
}

size_t
sitemap_scan_text(struct sitemap_scan *s, struct nw_str text, int refs, char *out, size_t len, size_t max)
{
	const char *p = text.p, *end = p + text.len;

	while (p < end && len <= max) {
		const char *amp = refs ? memchr(p, '&', (size_t)(end - p)) : NULL, *stop = amp != NULL ? amp : end;
		char one[4] = {'&'};
		size_t n = (size_t)(stop - p), used = 1, wrote = 1;
		uint32_t c;

		if (n > max - len)
			return max + 1;
		memcpy(out + len, p, n);
		len += n;
		p = stop;
		if (p == end)
			break;
		if ((c = reference(p, (size_t)(end - p), &used)) != 0) {
			wrote = put_utf8(one, c);
		} else {
			s->broken |= !is_named(p, end);
			used = 1;
		}
		if (wrote > max - len)
			return max + 1;
		memcpy(out + len, one, wrote);
		len += wrote;
		p += used;
	}
	return len;
}
