#include <stdio.h>
#include <string.h>

#include "page_predicate.h"

/* XPath 1.0 has no escapes in literals: concat() joins the pieces between quotes. */
static void
literal(struct nw_page_buf *b, const char *before, struct nw_str s, const char *after)
{
	struct nw_page_buf t = {.pg = b->pg};
	int both = memchr(s.p, '\'', s.len) != NULL;

	nw_page_text_adds(&t, before);
	nw_page_text_add(&t, s.p, s.len);
	nw_page_text_adds(&t, after);
	if (!both) {
		nw_page_text_adds(b, "'");
		nw_page_text_add(b, t.p, t.len);
		nw_page_text_adds(b, "'");
		return;
	}
	nw_page_text_adds(b, "concat('");
	for (size_t i = 0; i < t.len; i++)
		if (t.p[i] == '\'')
			nw_page_text_adds(b, "', \"'\", '");
		else
			nw_page_text_add(b, t.p + i, 1);
	nw_page_text_adds(b, "')");
}

/* "FUNCTION(A, 'before v after')" */
static void
call(struct nw_page_buf *b, const char *function, const char *a, const char *before, struct nw_str v,
    const char *after)
{
	nw_page_text_adds(b, function);
	nw_page_text_adds(b, "(");
	nw_page_text_adds(b, a);
	nw_page_text_adds(b, ", ");
	literal(b, before, v, after);
	nw_page_text_adds(b, ")");
}

static void
equals(struct nw_page_buf *b, const char *a, struct nw_str v)
{
	nw_page_text_adds(b, a);
	nw_page_text_adds(b, " = ");
	literal(b, "", v, "");
}

/* A list of words has a word: both are wrapped in blanks. */
static void
has_word(struct nw_page_buf *b, const char *a, struct nw_str word)
{
	struct nw_page_buf words = {.pg = b->pg};

	nw_page_text_adds(&words, "concat(' ', normalize-space(");
	nw_page_text_adds(&words, a);
	nw_page_text_adds(&words, "), ' ')");
	call(b, "contains", nw_page_text_str(&words).p, " ", word, " ");
}

/* XPath 1.0 has no ends-with(). */
static void
ends_with(struct nw_page_buf *b, const char *a, struct nw_str v)
{
	nw_page_text_adds(b, "substring(");
	nw_page_text_adds(b, a);
	nw_page_text_adds(b, ", string-length(");
	nw_page_text_adds(b, a);
	nw_page_text_adds(b, ") - (string-length(");
	literal(b, "", v, "");
	nw_page_text_adds(b, ") - 1)) = ");
	literal(b, "", v, "");
}

void
nw_page_predicate_attribute(struct nw_page_buf *b, char op, const char *a, struct nw_str v)
{
	nw_page_text_adds(b, "[");
	if (v.len == 0 && op != '=' && op != '|')
		nw_page_text_adds(b, "false()"); /* as in browsers: an empty needle matches nothing */
	else if (op == '=')
		equals(b, a, v);
	else if (op == '^')
		call(b, "starts-with", a, "", v, "");
	else if (op == '*')
		call(b, "contains", a, "", v, "");
	else if (op == '~')
		has_word(b, a, v);
	else if (op == '$')
		ends_with(b, a, v);
	else {
		equals(b, a, v);
		nw_page_text_adds(b, " or ");
		call(b, "starts-with", a, "", v, "-");
	}
	nw_page_text_adds(b, "]");
}

void
nw_page_predicate_class(struct nw_page_buf *b, struct nw_str class)
{
	nw_page_predicate_attribute(b, '~', "@class", class);
}

void
nw_page_predicate_id(struct nw_page_buf *b, struct nw_str id)
{
	nw_page_predicate_attribute(b, '=', "@id", id);
}

void
nw_page_predicate_contains(struct nw_page_buf *b, struct nw_str text)
{
	nw_page_text_adds(b, "[");
	call(b, "contains", "string(.)", "", text, "");
	nw_page_text_adds(b, "]");
}

void
nw_page_predicate_nth(struct nw_page_buf *b, const char *axis, struct nw_str tag, long a, long k)
{
	char count[160], text[512];

	snprintf(count, sizeof(count), "(count(%s-sibling::%.*s) + 1)", axis, (int)tag.len, tag.p);
	if (a == 0)
		snprintf(text, sizeof(text), "[%s = %ld]", count, k);
	else if (a > 0)
		snprintf(text, sizeof(text), "[%s >= %ld and (%s - %ld) mod %ld = 0]", count, k, count, k, a);
	else
		snprintf(
		    text, sizeof(text), "[%s <= %ld and (%ld - %s) mod %ld = 0]", count, k, k, count, -a);
	nw_page_text_adds(b, text);
}
