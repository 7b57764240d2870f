#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/io.h"
#include "base/str.h"
#include "query/analyse.h"
#include "query_text.h"

struct nw_query_text *
nw_query_text_new(void)
{
	struct nw_query_text *q = calloc(1, sizeof(*q));

	if (q == NULL || (q->an = nw_analyse_new()) == NULL || (q->defs = nw_defs_new(q->an)) == NULL ||
	    (q->ctx.arena = nw_arena_new(0)) == NULL)
		abort();
	q->ctx.an = q->an;
	q->ctx.defs = q->defs;
	q->ctx.flags = NW_AST_NOTES;
	q->ctx.diag = nw_query_text_diag;
	q->ctx.cookie = q;
	return q;
}

void
nw_query_text_free(struct nw_query_text *q)
{
	nw_arena_free(q->ctx.arena);
	nw_defs_free(q->defs);
	nw_analyse_free(q->an);
	free(q);
}

void
nw_query_text_diag(
    void *cookie, uint32_t severity, uint32_t line, uint32_t col, uint32_t len, const char *text)
{
	struct nw_query_text *q = cookie;
	struct nw_query_said *s = &q->said[q->nsaid];

	if (q->nsaid == NW_QUERY_TEXT_SAID_MAX)
		return;
	*s = (struct nw_query_said){.severity = severity & NW_QDIAG_SEVERITY, .line = line, .col = col, .len = len};
	snprintf(s->text, sizeof(s->text), "%s", text);
	q->nsaid++;
}

struct nw_ast *
nw_query_text_parse(struct nw_query_text *q, const char *text)
{
	q->nsaid = 0;
	return nw_ast_parse(&q->ctx, nw_str(text), NW_STR("any"));
}

struct nw_ast_score *
nw_query_text_score(struct nw_query_text *q, const char *text)
{
	q->nsaid = 0;
	return nw_ast_parse_score(&q->ctx, nw_str(text));
}

uint32_t
nw_query_text_errors(const struct nw_query_text *q)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < q->nsaid; i++)
		n += q->said[i].severity == NW_QDIAG_ERROR;
	return n;
}

int
nw_query_text_list(struct nw_query_text *q, const char *name, const char *const *entries)
{
	struct nw_str e[64];
	uint32_t n = 0;

	while (entries[n] != NULL && n < 64) {
		e[n] = nw_str(entries[n]);
		n++;
	}
	return nw_defs_list_add(q->defs, nw_str(name), e, n, nw_query_text_diag, q);
}

char *
nw_query_text_blocks(const char *path)
{
	struct nw_buf b = {0};
	struct nw_err err;

	if (nw_io_read_file(path, 1u << 20, &b, &err) == -1) {
		fprintf(stderr, "%s\n", err.msg);
		abort();
	}
	nw_buf_addc(&b, '\0');
	return nw_buf_take(&b, NULL);
}

char *
nw_query_text_next(char *text, char **at)
{
	char *s = text != NULL ? text : *at, *end;

	for (;;) {
		while (*s == '\n')
			s++;
		if (*s != '#')
			break;
		s += strcspn(s, "\n");
	}
	if (*s == '\0')
		return NULL;
	if ((end = strstr(s, "\n\n")) == NULL)
		end = s + strlen(s) - 1;
	*end = '\0';
	*at = end + 1;
	return s;
}

void
nw_query_text_lists_file(struct nw_query_text *q, const char *path)
{
	char *text = nw_query_text_blocks(path), *line, *at = NULL, *entry, *save;
	const char *entries[64];
	size_t n;

	for (line = strtok_r(text, "\n", &at); line != NULL; line = strtok_r(NULL, "\n", &at)) {
		char *colon = strstr(line, ": ");

		if (line[0] == '#' || colon == NULL)
			continue;
		*colon = '\0';
		n = 0;
		for (entry = strtok_r(colon + 1, ",", &save); entry != NULL && n < 63;
		     entry = strtok_r(NULL, ",", &save))
			entries[n++] = entry + strspn(entry, " ");
		entries[n] = NULL;
		if (nw_query_text_list(q, line, entries) != NW_OK)
			abort();
	}
	free(text);
}

const char *
nw_query_text_print(const struct nw_ast *a, uint32_t flags)
{
	static char out[1 << 16];
	struct nw_buf b = {0};

	nw_ast_print(&b, a, flags);
	snprintf(out, sizeof(out), "%s", nw_buf_str(&b).p);
	nw_buf_done(&b);
	return out;
}

static int
same_values(const struct nw_ast *a, const struct nw_ast *b)
{
	for (uint32_t i = 0; i < a->nvalue; i++)
		if (!nw_str_eq(a->value[i].text, b->value[i].text) ||
		    !nw_str_eq(a->value[i].cls, b->value[i].cls) || a->value[i].lo != b->value[i].lo ||
		    a->value[i].hi != b->value[i].hi)
			return 0;
	return 1;
}

int
nw_query_text_same(const struct nw_ast *a, const struct nw_ast *b)
{
	if (a->kind != b->kind || a->place != b->place || a->mode != b->mode || a->icase != b->icase ||
	    a->fields != b->fields || a->wild != b->wild || a->scoped != b->scoped || a->depth != b->depth ||
	    a->size != b->size || a->n != b->n || a->nkid != b->nkid || a->nvalue != b->nvalue ||
	    !nw_str_eq(nw_str_or_empty(a->text), nw_str_or_empty(b->text)) || !same_values(a, b))
		return 0;
	if (a->kind == NW_AST_LIST || a->kind == NW_AST_WATCH)
		return a->nkid == 0 || a->kid[0] == b->kid[0];
	for (uint32_t i = 0; i < a->nkid; i++)
		if (!nw_query_text_same(a->kid[i], b->kid[i]))
			return 0;
	return 1;
}
