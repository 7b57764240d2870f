#include <string.h>

#include <libstemmer.h>

#include "base/str.h"
#include "query/parse.h"

static const struct scope {
	const char *name, *said;
	unsigned field;
} scopes[] = {{"new-text", "\"scope: new-text\"", NW_AST_NEW}, {"title", "\"scope: title\"", NW_AST_TITLE},
    {"lead", "\"scope: lead\"", NW_AST_LEAD}};

static const struct scope *
scope_of(struct nw_parse *p, struct nw_str name)
{
	if (name.len == 0 || nw_str_is(name, "any"))
		return NULL;
	for (size_t i = 0; i < sizeof(scopes) / sizeof(scopes[0]); i++)
		if (nw_str_is(name, scopes[i].name))
			return &scopes[i];
	nw_parse_error(p, 0, 0, "there is no scope of that name: write any, new-text, title or lead");
	return NULL;
}

/* --- STEM beside a language without a stemmer (R20) */

static int
has_stemmer(struct nw_str lang)
{
	char code[9];
	size_t n = 0;
	struct sb_stemmer *st;

	while (n < lang.len && n < sizeof(code) - 1 && lang.p[n] != '-') {
		code[n] = lang.p[n];
		n++;
	}
	code[n] = '\0';
	if (strcmp(code, "nb") == 0 || strcmp(code, "nn") == 0)
		return 1;
	if ((st = sb_stemmer_new(code, "UTF_8")) == NULL)
		return 0;
	sb_stemmer_delete(st);
	return 1;
}

/* The first lang: value without a stemmer in the tree. */
static const struct nw_ast_value *
unstemmed(const struct nw_ast *a)
{
	const struct nw_ast_value *v;

	if (a->kind == NW_AST_COMPARE && a->n == NW_AST_LANG)
		for (uint32_t i = 0; i < a->nvalue; i++)
			if (!has_stemmer(a->value[i].text))
				return &a->value[i];
	if (a->kind == NW_AST_LIST)
		return NULL;
	for (uint32_t i = 0; i < a->nkid; i++)
		if ((v = unstemmed(a->kid[i])) != NULL)
			return v;
	return NULL;
}

void
nw_parse_note_stem(struct nw_parse *p, const struct nw_ast *root)
{
	const struct nw_ast_value *v;
	struct nw_str lang = {"", 0};

	if (p->stem == NULL || (p->ctx->flags & NW_AST_NOTES) == 0)
		return;
	for (uint32_t i = 0; i < p->ctx->nlangs && lang.len == 0; i++)
		if (!has_stemmer(p->ctx->langs[i]))
			lang = p->ctx->langs[i];
	if (lang.len == 0 && (v = unstemmed(root)) != NULL)
		lang = v->text;
	if (lang.len != 0)
		nw_parse_note(p, NW_QDIAG_NOTE, p->stem->off, p->stem->len,
		    "STEM is the plain word in %.8s, which has no stemmer: write the forms with OR, or a wildcard",
		    lang.p);
}

static struct nw_ast *
finish(struct nw_parse *p, struct nw_ast *a)
{
	nw_parse_want_end(p);
	if (p->errors != 0 || p->failed)
		return NULL;
	nw_parse_note_stem(p, a);
	return a;
}

struct nw_ast *
nw_ast_parse(const struct nw_ast_ctx *ctx, struct nw_str text, struct nw_str scope)
{
	struct nw_parse p;
	const struct scope *sc;
	struct nw_ast *a = NULL;

	nw_parse_init(&p, ctx, text);
	sc = scope_of(&p, scope);
	if (nw_parse_readable(&p)) {
		p.field = sc != NULL ? sc->said : NULL;
		a = nw_parse_expr(&p);
		if (sc != NULL && !p.failed)
			a = nw_parse_in_field(&p, sc->field, a, a->off);
		a = finish(&p, a);
	}
	nw_parse_done(&p);
	return a;
}
