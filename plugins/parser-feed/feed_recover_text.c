#include <string.h>

#include "feed_recover.h"
#include "feed_recover_text.h"

#define REFERENCE_MAX 34 /* bytes of "&...;" */

enum kind { BETWEEN_TAGS, IN_ATTRIBUTE, IN_SECTION };

static int
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static int
digit(char c, uint32_t base)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = feed_lower(c);
	return base == 16 && c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Whether XML has the character. */
static int
is_char(uint32_t c)
{
	return c == '\t' || c == '\n' || c == '\r' || (c >= 0x20 && c < 0xd800) || (c >= 0xe000 && c < 0xfffe) ||
	    (c > 0xffff && c <= 0x10ffff);
}

/* A numeric reference at s: its length; ${ok_r} says whether XML has the character.  0: none. */
static size_t
numeric(const char *s, size_t n, int *ok_r)
{
	uint32_t base = n > 2 && s[2] == 'x' ? 16 : 10, c = 0;
	size_t first = base == 16 ? 3 : 2, i = first;

	for (; i < n && i < REFERENCE_MAX && digit(s[i], base) >= 0; i++)
		c = c > 0x10ffff ? c : c * base + (uint32_t)digit(s[i], base);
	*ok_r = is_char(c);
	return i > first && i < n && s[i] == ';' ? i + 1 : 0;
}

static size_t
named(const char *s, size_t n)
{
	size_t i = 1;

	while (i < n && i < REFERENCE_MAX && (is_letter(s[i]) || (i > 1 && digit(s[i], 10) >= 0)))
		i++;
	return i > 1 && i < n && s[i] == ';' ? i + 1 : 0;
}

/* The "&" at s: writes what it stands for, returns how many bytes were read. */
static size_t
ampersand(struct feed_text *out, const char *s, size_t n, enum kind kind, uint32_t *repairs)
{
	int ok = 1;
	size_t len = kind == IN_SECTION || n < 2 ? 0 : s[1] == '#' ? numeric(s, n, &ok) : named(s, n);

	if (len > 0 && ok) {
		feed_text_add(out, s, len);
		return len;
	}
	if (len > 0) {
		repairs[REPAIR_CONTROL]++;
		return len;
	}
	repairs[REPAIR_AMPERSAND] += kind != IN_SECTION;
	feed_text_adds(out, "&amp;");
	return 1;
}

/* U+FFFE and U+FFFF, which are no characters. */
static int
is_noncharacter(const char *s, size_t n)
{
	return n >= 3 && (unsigned char)s[0] == 0xef && (unsigned char)s[1] == 0xbf && (unsigned char)s[2] >= 0xbe;
}

static void
write_text(struct feed_text *out, const char *s, size_t n, enum kind kind, uint32_t *repairs)
{
	size_t from = 0, i = 0;

	while (i < n) {
		unsigned char c = (unsigned char)s[i];
		size_t used = 1;

		if (c >= 0x20 && c != '&' && c != '<' && c != '>' && c != '"' && c != 0xef) {
			i++;
			continue;
		}
		if (c == '\t' || c == '\n' || c == '\r' || (c == 0xef && !is_noncharacter(s + i, n - i))) {
			i++;
			continue;
		}
		feed_text_add(out, s + from, i - from);
		if (c == '&')
			used = ampersand(out, s + i, n - i, kind, repairs);
		else if (c == '<' || c == '>' || c == '"')
			feed_text_add_escaped(out, s + i, 1);
		else
			repairs[REPAIR_CONTROL]++;
		used = c == 0xef ? 3 : used;
		i += used;
		from = i;
	}
	feed_text_add(out, s + from, n - from);
}

void
feed_recover_text(struct feed_text *out, const char *s, size_t n, uint32_t *repairs)
{
	write_text(out, s, n, BETWEEN_TAGS, repairs);
}

void
feed_recover_text_attr(struct feed_text *out, const char *s, size_t n, uint32_t *repairs)
{
	write_text(out, s, n, IN_ATTRIBUTE, repairs);
}

void
feed_recover_text_plain(struct feed_text *out, const char *s, size_t n, uint32_t *repairs)
{
	write_text(out, s, n, IN_SECTION, repairs);
}
