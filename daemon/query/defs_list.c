#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "core/limits.h"
#include "query/analyse.h"
#include "query/defs_int.h"
#include "query/parse.h"

#define NOTES_MAX 20 /* warnings and notes of one list; a list of names in capitals has thousands */

struct reading { /* a list while it is read */
	struct nw_defs *d;
	struct nw_def *def;
	struct nw_ast_ctx ctx;
	struct nw_names
	    keys; /* of the terms taken, to find duplicates; the value is the entry's number from 1 */
	struct nw_ast **term;
	size_t n, cap;
	uint32_t errors, notes;
};

/* The list's diag, with errors counted and notes bounded. */
static void
on_diag(void *cookie, uint32_t severity, uint32_t line, uint32_t col, uint32_t len, const char *text)
{
	struct reading *r = cookie;

	if ((severity & NW_QDIAG_SEVERITY) == NW_QDIAG_ERROR)
		r->errors++;
	else if (++r->notes > NOTES_MAX)
		return;
	if (r->def->diag != NULL)
		r->def->diag(r->def->cookie, severity, line, col, len, text);
}

/* What a term compares, as bytes: terms of the same key match the same. */
static struct nw_str
key_of(struct reading *r, const struct nw_ast *a)
{
	struct nw_buf b = {0};
	struct nw_str key;

	nw_buf_addf(&b, "%d.%d.%d", a->kind, a->mode, a->icase);
	if (a->kind == NW_AST_REGEX)
		nw_buf_addstr(&b, a->text);
	for (uint32_t i = 0; a->cut != NULL && i < a->cut->n; i++) {
		const struct nw_term_word *w = &a->cut->word[i];

		nw_buf_addf(&b, " %d", (w->flags & NW_TERM_CAPS) != 0);
		nw_buf_addstr(&b, a->mode == NW_AST_EXACT || a->mode == NW_AST_STEM ? w->exact : w->folded);
	}
	key = b.failed ? (struct nw_str){NULL, 0} : nw_arena_str(r->d->arena, b.p, b.len);
	nw_buf_done(&b);
	return key;
}

static int
out_of_memory(struct reading *r)
{
	on_diag(r, NW_QDIAG_ERROR, 1, 1, 0, "out of memory while reading the list");
	return -1;
}

/* Keeps a term unless one of the same key stands there; ${p} is told of a duplicate, NULL for included ones.
 */
static int
take(struct reading *r, struct nw_ast *a, struct nw_parse *p, uint32_t number)
{
	struct nw_str key = key_of(r, a);
	struct nw_ast **grown;
	int rc = key.p != NULL ? nw_names_put(&r->keys, key, (void *)(uintptr_t)number) : -1;

	if (rc == -1)
		return out_of_memory(r);
	if (rc == 0) {
		if (p != NULL)
			nw_parse_note(p, NW_QDIAG_WARNING, a->off, a->len,
			    "a duplicate after folding: entry %u matches the same; "
			    "take one out",
			    (unsigned)(uintptr_t)nw_names_get(&r->keys, key)->value);
		return 0;
	}
	if (r->n == r->cap) {
		r->cap = r->cap != 0 ? r->cap * 2 : r->def->nentry + 8;
		if ((grown = realloc(r->term, r->cap * sizeof(*grown))) == NULL)
			return out_of_memory(r);
		r->term = grown;
	}
	r->term[r->n++] = a;
	return 0;
}

/* '@other' */
static int
include(struct reading *r, struct nw_parse *p, struct nw_str s)
{
	struct nw_ast *a;

	if (s.len == 1) {
		nw_parse_error(p, 0, 1, "@ stands directly before the name of a list: write @name");
		return 0;
	}
	p->lx.end = s.len;
	a = nw_parse_named(p, NW_AST_LIST, (struct nw_str){s.p + 1, s.len - 1}, 0);
	for (uint32_t i = 0; p->errors == 0 && i < a->kid[0]->nkid; i++)
		if (take(r, a->kid[0]->kid[i], NULL, 0) == -1)
			return -1;
	return 0;
}

/* EXACT(...), ALLCAPS(...), STEM(...), FUZZY(...) round the whole entry. */
static int
is_function(struct nw_str s)
{
	static const char *const names[] = {"EXACT(", "ALLCAPS(", "STEM(", "FUZZY("};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (nw_str_starts(s, names[i]))
			return s.p[s.len - 1] == ')';
	return 0;
}

/* The regex of an entry such as /abc-\d+/i; the token's type is NW_LEX_END if it is none. */
static struct nw_token
regex_of(struct nw_str s)
{
	struct nw_lex lx = {.text = s};
	struct nw_token t = {.type = NW_LEX_END};

	if (s.p[0] == '/')
		nw_lex_operand(&lx, &t);
	if (t.type != NW_LEX_REGEX || t.len != s.len)
		t.type = NW_LEX_END;
	return t;
}

/* Operators do not belong into a list; a single word in capitals ("IN", "NO") is a word. */
static int
has_operator(struct nw_parse *p, struct nw_str s)
{
	struct nw_lex lx = {.text = s};
	struct nw_token t;
	int n = 0, is_op;

	for (nw_lex_operator(&lx, &t); t.type != NW_LEX_END; nw_lex_operator(&lx, &t), n++) {
		is_op = t.type == NW_LEX_WORD && n > 0 &&
			(nw_str_is(t.text, "AND") || nw_str_is(t.text, "OR") || nw_str_is(t.text, "NOT") ||
			    (nw_parse_is_keyword(t.text) && memchr(t.text.p, '/', t.text.len) != NULL));
		if (!is_op)
			continue;
		nw_parse_error(p, t.off, t.len,
		    "a list entry is one term: write the alternatives as entries, and operators in the "
		    "expression that names the list");
		return 1;
	}
	return 0;
}

/* What makes a clause of a whole expression, and what only looks like a name with a colon or a bracket. */
static int
is_clause(struct nw_parse *p, struct nw_str s)
{
	static const char *const names[] = {"FIRST(", "ATLEAST(", "ANYOF(", "watch("};
	const char *colon = memchr(s.p, ':', s.len);
	size_t n =
	    colon != NULL && colon + 1 < s.p + s.len && colon[1] != ' ' ? (size_t)(colon - s.p) + 1 : 0;
	int field = n > 1 && nw_parse_is_field((struct nw_str){s.p, n - 1});

	for (size_t i = 0; n == 0 && i < sizeof(names) / sizeof(names[0]); i++)
		if (nw_str_starts(s, names[i]))
			n = strlen(names[i]) - 1;
	if (field)
		nw_parse_error(p, 0, n,
		    "a list entry is one term: write the field before the list, as in %.*s@name", (int)n,
		    s.p);
	else if (colon == NULL && n != 0)
		nw_parse_error(p, 0, n,
		    "a list entry is one term: write %.*s(...) in the expression that names the list", (int)n,
		    s.p);
	return p->errors != 0;
}

/* All else is text: a word or a phrase.  Quotes and brackets in a name are punctuation like any other. */
static struct nw_ast *
plain(struct nw_parse *p, struct nw_str s)
{
	static const char *const quotes[] = {
	    "\"", "\xe2\x80\x9c", "\xe2\x80\x9d", "\xe2\x80\x9e", "\xef\xbc\x82"};
	struct nw_str copy = nw_arena_dup(p->ctx->arena, s);
	struct nw_token t = {.type = NW_LEX_QUOTED, .len = s.len};
	char *c;

	if (copy.p == NULL)
		return nw_parse_oom(p);
	for (size_t i = 0; i < sizeof(quotes) / sizeof(quotes[0]); i++)
		while ((c = memmem(copy.p, copy.len, quotes[i], strlen(quotes[i]))) != NULL)
			memset(c, ' ', strlen(quotes[i]));
	t.text = nw_str_eq(copy, s) ? s : copy;
	if (s.len > 1 && s.p[s.len - 1] == '!' && memchr(s.p, ' ', s.len) == NULL)
		nw_parse_note(p, NW_QDIAG_WARNING, s.len - 1, 1,
		    "! is punctuation in a list: for every ending write *");
	p->lx.pos = p->lx.end = s.len;
	return nw_parse_quoted(p, &t, NW_AST_PLAIN, 0);
}

static int
read_entry(struct reading *r, uint32_t i)
{
	struct nw_str s = r->def->entry[i];
	struct nw_parse p;
	struct nw_ast *a = NULL;
	struct nw_token t;
	int rc = 0;

	while (s.len > 0 && (unsigned char)s.p[s.len - 1] <= ' ')
		s.len--;
	nw_parse_init(&p, &r->ctx, s);
	p.line_base = i;
	if (!nw_parse_readable(&p)) {
		/* told */
	} else if (s.len == 0) {
		nw_parse_error(&p, 0, 0, "an empty entry: write a term, or take the entry out");
	} else if (nw_str_is(s, "~")) { /* YAML's null, which is text here; no text holds it */
		nw_parse_note(&p, NW_QDIAG_WARNING, 0, 1,
		    "~ has no letter or digit, so nothing in a text can match it: take the entry out");
	} else if (s.p[0] == '@') {
		rc = include(r, &p, s);
	} else if ((t = regex_of(s)).type == NW_LEX_REGEX) {
		p.lx.pos = p.lx.end = s.len;
		a = nw_parse_regex(&p, &t);
	} else if (is_function(s)) {
		a = nw_parse_prim(&p);
		nw_parse_want_end(&p);
	} else if (!is_clause(&p, s) && !has_operator(&p, s)) {
		a = plain(&p, s);
	}
	if (rc == 0 && a != NULL && p.errors == 0)
		rc = take(r, a, &p, i + 1);
	nw_parse_done(&p);
	return rc;
}

/* The OR of all terms taken. */
static struct nw_ast *
either(struct reading *r)
{
	struct nw_ast * or = nw_arena_zalloc(r->d->arena, sizeof(* or));

	if (or == NULL || (or->kid = nw_arena_alloc(r->d->arena, r->n * sizeof(* or->kid))) == NULL) {
		(void)out_of_memory(r);
		return NULL;
	}
	memcpy(or->kid, r->term, r->n * sizeof(* or->kid));
	or->kind = NW_AST_OR;
	or->place = 1;
	or->fields = NW_AST_IN_TEXT;
	or->depth = 2;
	or->size = 1;
	or->nkid = (uint32_t)r->n;
	for (size_t i = 0; i < r->n; i++) {
		or->wild |= r->term[i]->wild;
		or->stems |= r->term[i]->stems;
	}
	return or ;
}

struct nw_ast *
nw_defs_list_read(struct nw_defs *d, struct nw_def *def)
{
	struct reading r = {.d = d,
	    .def = def,
	    .ctx = {.an = d->an, .arena = d->arena, .defs = d, .flags = NW_AST_NOTES, .diag = on_diag}};
	struct nw_ast *root = NULL;
	uint32_t i;

	r.ctx.cookie = &r;
	for (i = 0; i < def->nentry && read_entry(&r, i) == 0; i++)
		continue;
	if (r.notes > NOTES_MAX && def->diag != NULL)
		def->diag(def->cookie, NW_QDIAG_NOTE, 1, 1, 0,
		    "this list has more warnings and notes; the first ones are shown");
	if (r.n == 0 && r.errors == 0)
		on_diag(&r, NW_QDIAG_ERROR, 1, 1, 0,
		    "the list is empty, so nothing can match it: write at least one entry");
	else if (r.n > NW_LIST_ENTRIES_MAX)
		on_diag(&r, NW_QDIAG_ERROR, 1, 1, 0,
		    "the list holds too many entries with the lists it includes: split it");
	if (r.errors == 0 && i == def->nentry)
		root = either(&r);
	nw_names_done(&r.keys);
	free(r.term);
	return root;
}
