#include <ctype.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "query/parse.h"
#include "query/pattern.h"

#define LITERAL 3u /* characters that the text must contain, else every article is searched (R23) */

/* The pattern as ICU wants it: "\/" was only for us. */
static struct nw_str
without_slashes(struct nw_parse *p, struct nw_str raw)
{
	struct nw_str out = nw_arena_dup(p->ctx->arena, raw);
	char *s = (char *)out.p;
	size_t n = 0;

	if (s == NULL)
		return out;
	for (size_t i = 0; i < raw.len; i++) {
		if (raw.p[i] == '\\' && i + 1 < raw.len) {
			if (raw.p[i + 1] != '/')
				s[n++] = '\\';
			i++;
		}
		s[n++] = raw.p[i];
	}
	s[n] = '\0';
	return (struct nw_str){s, n};
}

/* /x/g and the like. */
static void
refuse_flags(struct nw_parse *p)
{
	struct nw_str s = p->lx.text;
	size_t n = p->lx.pos;

	while (n < s.len && isalnum((unsigned char)s.p[n]))
		n++;
	if (n == p->lx.pos)
		return;
	nw_parse_error(p, p->lx.pos, n - p->lx.pos,
	    "only i may stand behind a regular expression, for any case: leave the rest "
	    "out, or put a space before it");
	nw_parse_move_to(p, n);
}

struct nw_ast *
nw_parse_regex(struct nw_parse *p, const struct nw_token *t)
{
	struct nw_ast *a = nw_parse_node(p, NW_AST_REGEX, t->off);
	struct nw_buf literal = {0};
	const char *why;
	size_t at;
	int icase;

	nw_parse_span(p, a, t->off);
	refuse_flags(p);
	a->text = without_slashes(p, t->text);
	a->icase = t->icase != 0;
	if (a->text.p == NULL)
		return nw_parse_oom(p);
	if (a->text.len == 0) {
		nw_parse_error(p, t->off, t->len,
		    "an empty regular expression matches nothing: write a pattern between the slashes");
		return nw_parse_bad(p, t->off);
	}
	if (nw_pattern_check(a->text, &why, &at) == -1) {
		/* each "\/" before the place is one byte longer in the text */
		for (size_t i = 0; i < at && i + 1 < t->text.len; i++)
			if (t->text.p[i] == '\\' && t->text.p[i + 1] == '/')
				at++;
		if (at > t->text.len)
			at = t->text.len;
		nw_parse_error(p, t->off + 1 + at, 1, "this regular expression does not compile: %s", why);
		return nw_parse_bad(p, t->off);
	}
	a->vague = nw_pattern_literal(a->text, &literal, &icase) < LITERAL;
	nw_buf_done(&literal);
	if (a->vague && p->negative == 0) /* behind NOT or NOTIN it waits for what stands before it */
		nw_parse_note(p, NW_QDIAG_WARNING, t->off, t->len,
		    "this regular expression is evaluated on every article, since no "
		    "three characters of it must stand in the text: write some out, or use words with NEAR");
	return a;
}
