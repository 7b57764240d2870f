#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "page_css.h"
#include "page_predicate.h"
#include "page_text.h"

#define NEST_MAX 8 /* :not(:is(...)) and the like */

struct css {
	struct nw_page *pg;
	const char *start, *p, *end;
	char *why;
	size_t why_size;
	int nest;
	struct nw_str tag; /* of the compound being read, "" for any: the *-of-type classes need it */
};

static int selector(struct css *, struct nw_page_buf *, const char *axis);

static int
wrong(struct css *c, const char *what)
{
	snprintf(c->why, c->why_size, "selector '%.*s': %s at character %zu", (int)(c->end - c->start),
	    c->start, what, (size_t)(c->p - c->start) + 1);
	return -1;
}

static int
at_space(const struct css *c)
{
	return c->p < c->end && (*c->p == ' ' || *c->p == '\t' || *c->p == '\n' || *c->p == '\r');
}

static void
skip_space(struct css *c)
{
	while (at_space(c))
		c->p++;
}

static int
eat(struct css *c, char ch)
{
	if (c->p == c->end || *c->p != ch)
		return 0;
	c->p++;
	return 1;
}

static int
is_name_char(char ch)
{
	return (ch >= '0' && ch <= '9') || ((ch | 32) >= 'a' && (ch | 32) <= 'z') || ch == '-' || ch == '_' ||
	       (unsigned char)ch >= 0x80;
}

/* After a backslash: up to six hexadecimal digits and a blank, or the character itself. */
static void
escape(struct css *c, struct nw_page_buf *b)
{
	char hex[7] = "", ch;
	size_t n = 0;
	unsigned long cp;

	while (n < 6 && c->p < c->end && strchr("0123456789abcdefABCDEF", *c->p) != NULL)
		hex[n++] = *c->p++;
	if (n == 0 && c->p < c->end) {
		nw_page_text_add(b, c->p++, 1);
		return;
	}
	if (at_space(c))
		c->p++;
	cp = strtoul(hex, NULL, 16);
	ch = (char)cp; /* class names that need an escape are ASCII: "md:flex", "2col" */
	if (cp >= 0x20 && cp < 0x7f)
		nw_page_text_add(b, &ch, 1);
}

/* A name; "" if none stands here. */
static struct nw_str
name(struct css *c)
{
	struct nw_page_buf b = {.pg = c->pg};

	while (c->p < c->end && (is_name_char(*c->p) || *c->p == '\\')) {
		if (*c->p == '\\') {
			c->p++;
			escape(c, &b);
		} else {
			nw_page_text_add(&b, c->p++, 1);
		}
	}
	return nw_page_text_str(&b);
}

/* A quoted string or a bare name. */
static struct nw_str
value(struct css *c)
{
	struct nw_page_buf b = {.pg = c->pg};
	char quote = c->p < c->end ? *c->p : 0;

	if (quote != '"' && quote != '\'')
		return name(c);
	c->p++;
	while (c->p < c->end && *c->p != quote) {
		if (*c->p == '\\' && c->p + 1 < c->end) {
			c->p++;
			escape(c, &b);
		} else {
			nw_page_text_add(&b, c->p++, 1);
		}
	}
	c->p += c->p < c->end;
	return b.len > 0 ? (struct nw_str){b.p, b.len} : (struct nw_str){"", 0};
}

static void
lower(struct nw_str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.p[i] >= 'A' && s.p[i] <= 'Z')
			((char *)s.p)[i] += 'a' - 'A';
}

static int
attribute(struct css *c, struct nw_page_buf *b)
{
	struct nw_page_buf a = {.pg = c->pg};
	struct nw_str n, v;
	char op = 0;
	int fold;

	skip_space(c);
	if ((n = name(c)).len == 0)
		return wrong(c, "an attribute's name is missing");
	lower(n);
	skip_space(c);
	if (eat(c, ']')) {
		nw_page_text_adds(b, "[@");
		nw_page_text_add(b, n.p, n.len);
		nw_page_text_adds(b, "]");
		return 0;
	}
	if (c->p < c->end)
		op = *c->p++;
	if (op == 0 || strchr("=^$*~|", op) == NULL || (op != '=' && !eat(c, '=')))
		return wrong(c, "one of ] = ^= $= *= ~= |= is missing");
	skip_space(c);
	v = value(c);
	skip_space(c);
	fold = eat(c, 'i');
	skip_space(c);
	if (!eat(c, ']'))
		return wrong(c, "']' is missing");
	nw_page_text_adds(&a, fold ? "translate(@" : "@");
	nw_page_text_add(&a, n.p, n.len);
	if (fold) {
		nw_page_text_adds(&a, ", 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'abcdefghijklmnopqrstuvwxyz')");
		lower(v);
	}
	nw_page_predicate_attribute(b, op, nw_page_text_str(&a).p, v);
	return 0;
}

/* "odd", "even", "3", "2n+1", "-n+3" */
static int
nth(struct css *c, long *a_r, long *b_r)
{
	char text[32], *n, *rest;
	size_t len = 0;

	for (; c->p < c->end && *c->p != ')'; c->p++)
		if (!at_space(c) && len + 1 < sizeof(text))
			text[len++] = *c->p == 'N' ? 'n' : *c->p;
	text[len] = '\0';
	*a_r = 2;
	*b_r = strcmp(text, "odd") == 0;
	if (*b_r == 1 || strcmp(text, "even") == 0)
		return 0;
	*a_r = 0;
	if ((n = strchr(text, 'n')) != NULL) {
		*n = '\0';
		*a_r = *text == '\0' || strcmp(text, "+") == 0 ? 1
		       : strcmp(text, "-") == 0		       ? -1
							       : strtol(text, &rest, 10);
		*b_r = strtol(n + 1, &rest, 10);
		return *rest == '\0' ? 0 : wrong(c, "odd, even or an+b is meant here");
	}
	*b_r = strtol(text, &rest, 10);
	return len > 0 && *rest == '\0' ? 0 : wrong(c, "odd, even or an+b is meant here");
}

/* :not(), :is(), :has(): a list of selectors inside, each tested from this element. */
static int
nested(struct css *c, struct nw_page_buf *b, const char *before, const char *axis)
{
	struct nw_str tag = c->tag;
	int rc;

	if (++c->nest > NEST_MAX)
		return wrong(c, "nested too deeply");
	nw_page_text_adds(b, before);
	do {
		skip_space(c);
		rc = selector(c, b, axis);
		skip_space(c);
		if (rc == 0 && c->p < c->end && *c->p == ',')
			nw_page_text_adds(b, " or ");
	} while (rc == 0 && eat(c, ','));
	nw_page_text_adds(b, strcmp(before, "[not(") == 0 ? ")]" : "]");
	c->nest--;
	c->tag = tag;
	return rc;
}

static int
function(struct css *c, struct nw_page_buf *b, struct nw_str n)
{
	const struct nw_str any = NW_STR("*");
	struct nw_str v;
	long a, k;
	int rc = 0;

	skip_space(c);
	if (nw_page_text_ieq(n, "not")) {
		rc = nested(c, b, "[not(", "self::");
	} else if (nw_page_text_ieq(n, "is") || nw_page_text_ieq(n, "where")) {
		rc = nested(c, b, "[", "self::");
	} else if (nw_page_text_ieq(n, "has")) {
		rc = nested(c, b, "[", eat(c, '>') ? "child::" : "descendant::");
	} else if (nw_page_text_ieq(n, "contains")) {
		v = value(c);
		nw_page_predicate_contains(b, v);
	} else if (nw_page_text_ieq(n, "nth-child") || nw_page_text_ieq(n, "nth-last-child")) {
		if ((rc = nth(c, &a, &k)) == 0)
			nw_page_predicate_nth(b, n.len == 9 ? "preceding" : "following", any, a, k);
	} else if (nw_page_text_ieq(n, "nth-of-type") && c->tag.len > 0) {
		if ((rc = nth(c, &a, &k)) == 0)
			nw_page_predicate_nth(b, "preceding", c->tag, a, k);
	} else {
		return wrong(c, "this pseudo-class is not known (or needs a tag before it)");
	}
	skip_space(c);
	return rc != 0 ? rc : eat(c, ')') ? 0 : wrong(c, "')' is missing");
}

static int
pseudo(struct css *c, struct nw_page_buf *b)
{
	static const struct {
		const char *name, *test, *typed;
	} list[] = {
	    {"first-child", "[not(preceding-sibling::*)]", NULL},
	    {"last-child", "[not(following-sibling::*)]", NULL},
	    {"only-child", "[not(preceding-sibling::*) and not(following-sibling::*)]", NULL},
	    {"empty", "[not(*) and not(text())]", NULL},
	    {"root", "[not(parent::*)]", NULL},
	    {"first-of-type", NULL, "preceding"},
	    {"last-of-type", NULL, "following"},
	};
	struct nw_str n = name(c);

	if (eat(c, '('))
		return function(c, b, n);
	for (size_t i = 0; i < sizeof(list) / sizeof(*list); i++) {
		if (!nw_page_text_ieq(n, list[i].name))
			continue;
		if (list[i].test != NULL)
			nw_page_text_adds(b, list[i].test);
		else if (c->tag.len > 0)
			nw_page_predicate_nth(b, list[i].typed, c->tag, 0, 1);
		else
			return wrong(c, "a tag must stand before this pseudo-class");
		return 0;
	}
	return wrong(c, "this pseudo-class is not known");
}

/* tag#id.class[attr]:pseudo, at least one of them */
static int
compound(struct css *c, struct nw_page_buf *b)
{
	const char *from = c->p;
	struct nw_str n;

	n = name(c);
	lower(n);
	c->tag = n;
	if (n.len > 0)
		nw_page_text_add(b, n.p, n.len);
	else
		nw_page_text_adds(b, "*");
	if (n.len == 0)
		eat(c, '*');
	while (c->p < c->end) {
		char ch = *c->p;

		if (ch == '#' || ch == '.') {
			c->p++;
			if ((n = name(c)).len == 0)
				return wrong(c, "a name is missing");
			if (ch == '#')
				nw_page_predicate_id(b, n);
			else
				nw_page_predicate_class(b, n);
		} else if (eat(c, '[')) {
			if (attribute(c, b) != 0)
				return -1;
		} else if (eat(c, ':')) {
			if (pseudo(c, b) != 0)
				return -1;
		} else {
			break;
		}
	}
	return c->p > from ? 0 : wrong(c, "a selector is missing");
}

/* Compounds with what stands between them, up to a comma, a ')' or the end. */
static int
selector(struct css *c, struct nw_page_buf *b, const char *axis)
{
	char sign;

	nw_page_text_adds(b, axis);
	for (;;) {
		if (compound(c, b) != 0)
			return -1;
		sign = at_space(c) ? ' ' : 0;
		skip_space(c);
		if (c->p == c->end || *c->p == ',' || *c->p == ')')
			return 0;
		if (strchr(">+~", *c->p) != NULL) {
			sign = *c->p++;
			skip_space(c);
		}
		if (sign == 0)
			return wrong(c, "this character is not known");
		nw_page_text_adds(b, sign == '>'   ? "/"
				     : sign == '+' ? "/following-sibling::*[1]/self::"
				     : sign == '~' ? "/following-sibling::"
						   : "/descendant::");
	}
}

int
nw_page_css_to_xpath(
    struct nw_page *pg, struct nw_str css, struct nw_str *xpath_r, char *why, size_t why_size)
{
	struct css c = {
	    .pg = pg, .start = css.p, .p = css.p, .end = css.p + css.len, .why = why, .why_size = why_size};
	struct nw_page_buf b = {.pg = pg};

	do {
		skip_space(&c);
		if (b.len > 0)
			nw_page_text_adds(&b, " | ");
		if (selector(&c, &b, "descendant-or-self::") != 0)
			return -1;
	} while (eat(&c, ','));
	if (c.p < c.end)
		return wrong(&c, "this character is not known");
	*xpath_r = nw_page_text_str(&b);
	return 0;
}
