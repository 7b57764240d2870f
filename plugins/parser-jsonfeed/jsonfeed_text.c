#include <stdio.h>
#include <string.h>

#include "jsonfeed_repair.h"
#include "jsonfeed_text.h"

#define ESCAPE_LEN 6  /* bytes of "\\uXXXX" */
#define NUMBER_MAX 32 /* bytes of a number */

static int
hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The code unit of the escape at s, -1 if there is none. */
static int
unit(const char *s, size_t n)
{
	int u = 0;

	if (n < ESCAPE_LEN || s[0] != '\\' || s[1] != 'u')
		return -1;
	for (int i = 2; i < ESCAPE_LEN; i++) {
		if (hex(s[i]) < 0)
			return -1;
		u = u * 16 + hex(s[i]);
	}
	return u;
}

static int
is_high(int u)
{
	return u >= 0xd800 && u < 0xdc00;
}

static int
is_low(int u)
{
	return u >= 0xdc00 && u < 0xe000;
}

/*
 * Replaces the escapes that stand for no character by that of U+FFFD: NUL, and half a surrogate pair, as programs
 * leave it that cut a text in the middle of an emoji.  The text itself where there is none.
 */
static struct nw_str
repair_escapes(const struct nw_host *host, struct nw_sink *sink, struct nw_str s)
{
	char *copy = NULL;

	for (size_t i = 0; i < s.len; i++) {
		const char *slash = memchr(s.p + i, '\\', s.len - i);
		int u, next;

		if (slash == NULL)
			break;
		i = (size_t)(slash - s.p);
		u = unit(slash, s.len - i);
		next = u < 0 ? -1 : unit(slash + ESCAPE_LEN, s.len - i - ESCAPE_LEN);
		if (is_high(u) && is_low(next)) {
			i += 2 * ESCAPE_LEN - 1;
			continue;
		}
		if (u == 0 || is_high(u) || is_low(u)) {
			if (copy == NULL && (copy = host->alloc(sink, s.len + 1)) == NULL)
				return s;
			if (s.p != copy)
				s.p = memcpy(copy, s.p, s.len);
			memcpy(copy + i, "\\uFFFD", ESCAPE_LEN);
		}
		i++; /* what follows a backslash begins no escape */
	}
	if (copy != NULL)
		host->note(sink, "escapes that stand for no character are replaced");
	return s;
}

/* Strictly; a key given twice is noted. */
static json_t *
load(const struct nw_host *host, struct nw_sink *sink, struct nw_str s, json_error_t *e)
{
	json_t *root = json_loadb(s.p, s.len, JSON_REJECT_DUPLICATES, e);

	if (root == NULL && json_error_code(e) == json_error_duplicate_key) {
		host->note(sink, "line %d: a key is given twice; its last value counts", e->line);
		root = json_loadb(s.p, s.len, 0, e);
	}
	return root;
}

/* What is no JSON, once more as far as it is; NULL where that does not help. */
static json_t *
load_rest(const struct nw_host *host, struct nw_sink *sink, struct nw_str s)
{
	uint32_t done;
	struct nw_str mended = jsonfeed_repair(host, sink, s, &done);
	json_error_t e;
	json_t *root = done != 0 ? load(host, sink, mended, &e) : NULL;

	if (root != NULL && done & JSONFEED_CUT)
		host->note(sink, "the document is cut: its whole items are kept, the rest is missing");
	if (root != NULL && done & JSONFEED_NUMBER)
		host->note(sink, "numbers that are too large are read as texts");
	return root;
}

json_t *
jsonfeed_text_load(const struct nw_host *host, struct nw_sink *sink, struct nw_str text, uint32_t *repaired_r,
    char why_r[JSONFEED_WHY_MAX])
{
	struct nw_str s = repair_escapes(host, sink, text);
	json_error_t e;
	json_t *root = load(host, sink, s, &e);

	*repaired_r = root == NULL;
	if (root == NULL)
		root = load_rest(host, sink, s);
	if (root == NULL) {
		snprintf(why_r, JSONFEED_WHY_MAX, "line %d, column %d: %s", e.line, e.column, e.text);
		for (char *c = why_r; *c != '\0'; c++)
			if ((unsigned char)*c < ' ' || (unsigned char)*c >= 0x7f)
				*c = '?';
	}
	return root;
}

static int
is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* A number as a text, exactly where it is whole. */
static struct nw_str
number(const struct nw_host *host, struct nw_sink *sink, const json_t *v)
{
	char *p = host->alloc(sink, NUMBER_MAX);
	int n;

	if (p == NULL)
		return NW_STR("");
	n = json_is_integer(v) ? snprintf(p, NUMBER_MAX, "%lld", (long long)json_integer_value(v))
			       : snprintf(p, NUMBER_MAX, "%.17g", json_real_value(v));
	return (struct nw_str){p, (size_t)n};
}

struct nw_str
jsonfeed_text_scalar(const struct nw_host *host, struct nw_sink *sink, const json_t *object, const char *key)
{
	const json_t *v = json_object_get(object, key);

	return json_is_number(v) ? number(host, sink, v) : jsonfeed_text_get(host, sink, object, key);
}

struct nw_str
jsonfeed_text_get(const struct nw_host *host, struct nw_sink *sink, const json_t *object, const char *key)
{
	return jsonfeed_text_of(host, sink, json_object_get(object, key));
}

struct nw_str
jsonfeed_text_of(const struct nw_host *host, struct nw_sink *sink, const json_t *v)
{
	const char *p = json_string_value(v);
	size_t n = p != NULL ? json_string_length(v) : 0;
	char *copy;

	while (n > 0 && is_space(p[0])) {
		p++;
		n--;
	}
	while (n > 0 && is_space(p[n - 1]))
		n--;
	if (n == 0)
		return NW_STR("");
	if (p[n] == '\0')
		return (struct nw_str){p, n};
	if ((copy = host->alloc(sink, n + 1)) == NULL)
		return NW_STR("");
	memcpy(copy, p, n);
	return (struct nw_str){copy, n};
}
