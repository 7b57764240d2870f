/*
 * The watch language: what parses is printed, parses again to the same tree and prints to the same text; a
 * list's lines are read as entries.  No text may do more than be refused.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "query/import.h"
#include "query_text.h"

static struct nw_query_text *world;

static void
begin(void)
{
	static const char *const entries[] = {"treaty", "制裁", "ratif*", NULL};

	if (world == NULL) {
		world = nw_query_text_new();
		nw_query_text_list(world, "l", entries);
		nw_defs_watch_add(world->defs, NW_STR("w"), NW_STR("treaty OR title:a"), 0);
	}
	nw_arena_reset(world->ctx.arena);
}

static void
differ(const char *what, struct nw_str text, struct nw_str printed)
{
	fprintf(stderr, "query: %s: '%s' printed as '%s'\n", what, text.p, printed.p);
	abort();
}

static void
expression(struct nw_str text)
{
	struct nw_buf one = {0}, two = {0};
	struct nw_ast *a = nw_ast_parse(&world->ctx, text, NW_STR("any")), *again;

	if (a == NULL)
		return;
	nw_ast_print(&one, a, 0);
	again = nw_ast_parse(&world->ctx, nw_buf_str(&one), NW_STR("any"));
	if (again == NULL)
		differ("the canonical form is refused", text, nw_buf_str(&one));
	else if (!nw_query_text_same(a, again))
		differ("the canonical form is another tree", text, nw_buf_str(&one));
	else
		nw_ast_print(&two, again, 0);
	if (!nw_str_eq(nw_buf_str(&one), nw_buf_str(&two)))
		differ("the canonical form has another one", nw_buf_str(&one), nw_buf_str(&two));
	nw_buf_reset(&two);
	nw_ast_print(&two, a, NW_AST_EXPAND);
	nw_buf_done(&one);
	nw_buf_done(&two);
}

static void
score(struct nw_str text)
{
	struct nw_buf one = {0}, two = {0};
	struct nw_ast_score *s = nw_ast_parse_score(&world->ctx, text);

	if (s == NULL)
		return;
	nw_ast_print_score(&one, s, 0);
	if ((s = nw_ast_parse_score(&world->ctx, nw_buf_str(&one))) == NULL)
		differ("the canonical score is refused", text, nw_buf_str(&one));
	else
		nw_ast_print_score(&two, s, 0);
	if (!nw_str_eq(nw_buf_str(&one), nw_buf_str(&two)))
		differ("the canonical score has another one", nw_buf_str(&one), nw_buf_str(&two));
	nw_buf_done(&one);
	nw_buf_done(&two);
}

/* Each line an entry; a list that is read can be named and printed, entry by entry. */
static void
list(struct nw_str text)
{
	struct nw_query_text *q = nw_query_text_new();
	struct nw_str entries[64];
	struct nw_ast *a;
	size_t n = 0, at = 0;

	while (at <= text.len && n < 64) {
		const char *nl = memchr(text.p + at, '\n', text.len - at);
		size_t end = nl != NULL ? (size_t)(nl - text.p) : text.len;

		entries[n++] = nw_arena_str(q->ctx.arena, text.p + at, end - at);
		at = end + 1;
	}
	nw_defs_list_add(q->defs, NW_STR("l"), entries, (uint32_t)n, nw_query_text_diag, q);
	if (nw_defs_check(q->defs) == 0 && (a = nw_query_text_parse(q, "@l NEAR/3 x")) != NULL) {
		struct nw_buf b = {0};

		nw_ast_print(&b, a, NW_AST_EXPAND);
		if (nw_query_text_parse(q, nw_buf_str(&b).p) == NULL)
			differ("an expanded list is refused", text, nw_buf_str(&b));
		nw_buf_done(&b);
	}
	nw_query_text_free(q);
}

/* What an import yields may be refused (a name, a wildcard), but never by its form. */
static void
vendor(enum nw_import_vendor v, struct nw_str text)
{
	struct nw_buf b = {0};

	if (nw_import(v, text, &b, nw_query_text_diag, world) == 0)
		v == NW_IMPORT_EMM ? score(nw_buf_str(&b)) : expression(nw_buf_str(&b));
	nw_buf_done(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct nw_str text;

	if (n == 0 || n > 4096)
		return 0;
	begin();
	text = nw_arena_str(world->ctx.arena, data + 1, n - 1);
	if (memchr(text.p, '\0', text.len) != NULL)
		return 0;
	switch (data[0]) {
	case 's':
		score(text);
		break;
	case 'l':
		list(text);
		break;
	case 'x':
		vendor(NW_IMPORT_LEXIS, text);
		break;
	case 'f':
		vendor(NW_IMPORT_FACTIVA, text);
		break;
	case 'm':
		vendor(NW_IMPORT_EMM, text);
		break;
	default:
		expression(text);
	}
	return 0;
}
