#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include <unicode/uchar.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "base/utf8.h"
#include "core/limits.h"
#include "query/import_int.h"
#include "query/lex.h"

#define MESSAGE_MAX 512		/* bytes */
#define MEMORY_MAX  (64u << 20) /* of one import; the text is at most NW_QUERY_TEXT_MAX */

static const char *const names[NW_IMPORT_N] = {"lexis", "factiva", "emm"};

int
nw_import_vendor(struct nw_str name)
{
	for (int i = 0; i < NW_IMPORT_N; i++)
		if (nw_import_is(name, names[i]))
			return i;
	return -1;
}

int
nw_import_is(struct nw_str s, const char *word)
{
	return s.len == strlen(word) && strncasecmp(s.p, word, s.len) == 0;
}

int64_t
nw_import_number(struct nw_str w, const char *prefix)
{
	size_t k = strlen(prefix);
	int64_t n = 0;

	if (w.len <= k || w.len > k + 9 || strncasecmp(w.p, prefix, k) != 0)
		return -1;
	for (size_t i = k; i < w.len; i++) {
		if (!isdigit((unsigned char)w.p[i]))
			return -1;
		n = n * 10 + (w.p[i] - '0');
	}
	return n;
}

void
nw_import_tell(struct nw_import *im, uint32_t severity, size_t off, size_t len, const char *fmt, ...)
{
	char msg[MESSAGE_MAX];
	uint32_t line = 1, col = 1;
	va_list ap;

	im->errors += severity == NW_QDIAG_ERROR;
	if (im->diag == NULL)
		return;
	va_start(ap, fmt);
	vsnprintf(msg, sizeof(msg), fmt, ap);
	va_end(ap);
	msg[nw_utf8_cut(nw_str(msg), sizeof(msg) - 2)] = '\0';
	for (size_t i = 0; i < off && i < im->text.len; i++) {
		col = im->text.p[i] == '\n' ? 1 : col + 1;
		line += im->text.p[i] == '\n';
	}
	im->diag(im->cookie, severity, line, col, (uint32_t)len, msg);
}

/* --- tokens: the language's own, with square brackets and the operators between slashes */

/* "/5/", "/n5/", "/f50/" at p: its length, else 0. */
static size_t
slashes(const char *p, const char *end)
{
	const char *q = p + 1;

	if (q < end && strchr("nNfF", *q) != NULL)
		q++;
	if (q == end || !isdigit((unsigned char)*q))
		return 0;
	while (q < end && isdigit((unsigned char)*q))
		q++;
	return q < end && *q == '/' ? (size_t)(q + 1 - p) : 0;
}

/* Cuts a word before what does not belong to it; the length that stays. */
static size_t
word_end(struct nw_str w)
{
	for (size_t i = 0; i < w.len; i++)
		if (w.p[i] == '[' || w.p[i] == ']' || (w.p[i] == '/' && slashes(w.p + i, w.p + w.len) != 0))
			return i;
	return w.len;
}

static void
cut_word(struct nw_import_token *t, struct nw_str w)
{
	size_t n = word_end(w);

	t->text = (struct nw_str){w.p, n};
	if (n == 0 && w.p[0] == '/') {
		n = slashes(w.p, w.p + w.len);
		t->type = NW_IMPORT_SLASHES;
		t->text = (struct nw_str){w.p + 1, n - 2};
	} else if (n == 0) {
		n = 1;
		t->type = w.p[0] == '[' ? NW_IMPORT_OPEN : NW_IMPORT_CLOSE;
		t->text.len = 1;
	}
	t->len = n;
}

void
nw_import_next(struct nw_import *im, struct nw_import_token *t)
{
	static const enum nw_import_type types[] = {[NW_LEX_END] = NW_IMPORT_END,
	    [NW_LEX_OPEN] = NW_IMPORT_OPEN,
	    [NW_LEX_CLOSE] = NW_IMPORT_CLOSE,
	    [NW_LEX_COMMA] = NW_IMPORT_COMMA,
	    [NW_LEX_WORD] = NW_IMPORT_WORD,
	    [NW_LEX_QUOTED] = NW_IMPORT_QUOTED,
	    [NW_LEX_QUOTE_OPEN] = NW_IMPORT_QUOTED};
	struct nw_lex lx = {im->text, im->pos, im->pos};
	struct nw_token l;

	nw_lex_operator(&lx, &l);
	*t = (struct nw_import_token){types[l.type], l.off, l.len, l.text, 0, l.called};
	if (l.type == NW_LEX_QUOTE_OPEN)
		nw_import_tell(im, NW_QDIAG_ERROR, l.off, 1,
		    "this quote is never closed: add a \" at the end of the phrase");
	if (l.type == NW_LEX_WORD) {
		cut_word(t, l.text);
		lx.pos = l.off + t->len;
		t->glued = t->glued && t->len == l.len;
	}
	im->pos = lx.pos;
	if (t->len > 0)
		im->end = t->off + t->len;
	nw_lex_operator(&lx, &l);
	t->called = t->type == NW_IMPORT_WORD &&
		    (l.type == NW_LEX_OPEN || (l.type == NW_LEX_WORD && l.text.p[0] == '['));
}

void
nw_import_peek(const struct nw_import *im, struct nw_import_token *t)
{
	struct nw_import ahead = *im;

	ahead.diag = NULL;
	nw_import_next(&ahead, t);
}

/* --- nodes: only as much of a tree as the printer asks for */

struct nw_ast *
nw_import_bad(struct nw_import *im)
{
	im->spare = (struct nw_ast){.kind = NW_AST_TERM, .text = NW_STR("x"), .depth = 1};
	return &im->spare;
}

static struct nw_ast *
out_of_memory(struct nw_import *im)
{
	nw_import_tell(im, NW_QDIAG_ERROR, 0, 0, "out of memory while importing the query");
	im->pos = im->text.len;
	return nw_import_bad(im);
}

struct nw_ast *
nw_import_node(struct nw_import *im, unsigned kind, struct nw_ast **kid, uint32_t nkid)
{
	struct nw_ast *a = nw_arena_zalloc(im->arena, sizeof(*a));

	if (a == NULL || (a->kid = nw_arena_alloc(im->arena, nkid * sizeof(*kid))) == NULL)
		return out_of_memory(im);
	a->kind = (uint8_t)kind;
	a->text = (struct nw_str){"", 0};
	a->nkid = nkid;
	a->depth = 1;
	for (uint32_t i = 0; i < nkid; i++) {
		a->kid[i] = kid[i];
		if (kid[i]->depth >= a->depth)
			a->depth = (uint16_t)(kid[i]->depth + 1);
	}
	if (a->depth <= NW_QUERY_DEPTH_MAX)
		return a;
	if (im->errors == 0)
		nw_import_tell(im, NW_QDIAG_ERROR, 0, 0, "the query is nested deeper than %d levels",
		    NW_QUERY_DEPTH_MAX);
	im->pos = im->text.len;
	return nw_import_bad(im);
}

struct nw_ast *
nw_import_pair(struct nw_import *im, unsigned kind, struct nw_ast *a, struct nw_ast *b)
{
	return nw_import_node(im, kind, (struct nw_ast *[]){a, b}, 2);
}

struct nw_ast *
nw_import_field(struct nw_import *im, unsigned field, struct nw_ast *k)
{
	struct nw_ast *a = nw_import_node(im, NW_AST_FIELD, &k, 1);

	a->n = field;
	return a;
}

struct nw_ast *
nw_import_compare(struct nw_import *im, unsigned cfield, const char *value)
{
	struct nw_ast *a = nw_import_node(im, NW_AST_COMPARE, NULL, 0);
	struct nw_ast_value *v = nw_arena_zalloc(im->arena, sizeof(*v));

	if (v == NULL)
		return out_of_memory(im);
	*v = (struct nw_ast_value){nw_arena_dup(im->arena, nw_str(value)), {"", 0}, INT64_MIN, INT64_MAX};
	a->n = cfield;
	a->value = v;
	a->nvalue = 1;
	return v->text.p != NULL ? a : out_of_memory(im);
}

/* The vendors put case aside, while here a word in capitals matches capitals only (R7): so capitals are taken
 * off. */
static void
lower(struct nw_import *im, struct nw_buf *b, struct nw_str w, const struct nw_import_token *t)
{
	const char *p = w.p, *end = w.p + w.len;
	int letters = 0, small = 0;
	size_t n;

	for (; p < end; p += n) {
		int32_t c = nw_utf8_next(p, end, &n);

		letters += c >= 0 && u_isalpha(c);
		small += c >= 0 && u_isalpha(c) && !u_isupper(c);
	}
	if (letters < 2 || small > 0) {
		nw_buf_addstr(b, w);
		return;
	}
	for (p = w.p; p < end; p += n) {
		int32_t c = nw_utf8_next(p, end, &n);

		nw_utf8_add(b, c < 0 ? 0xfffd : (uint32_t)u_tolower(c));
	}
	nw_import_tell(im, NW_QDIAG_NOTE, t->off, t->len,
	    "%.*s is written in lower case, since %s puts case aside and a word in "
	    "capitals matches capitals only here",
	    (int)w.len, w.p, im->rules->name);
}

struct nw_ast *
nw_import_term(struct nw_import *im, struct nw_str text, const struct nw_import_token *t)
{
	struct nw_ast *a = nw_import_node(im, NW_AST_TERM, NULL, 0);
	struct nw_buf b = {0};

	for (size_t i = 0, j; i < text.len; i = j) {
		struct nw_str w;
		char *own;

		for (j = i; j < text.len && (unsigned char)text.p[j] > ' '; j++)
			continue;
		w = nw_arena_str(im->arena, text.p + i, j - i);
		for (; j < text.len && (unsigned char)text.p[j] <= ' '; j++)
			continue;
		if ((own = (char *)w.p) == NULL || w.len == 0)
			continue;
		im->rules->word(im, own, t);
		if (b.len > 0)
			nw_buf_addc(&b, ' ');
		lower(im, &b, nw_str(own), t);
	}
	a->text = nw_arena_dup(im->arena, nw_buf_str(&b));
	if (b.failed || a->text.p == NULL)
		a = out_of_memory(im);
	else if (a->text.len == 0)
		nw_import_tell(im, NW_QDIAG_ERROR, t->off, t->len,
		    "an empty phrase matches nothing: write words between the quotes");
	nw_buf_done(&b);
	return a;
}

/* --- entry */

static int
boolean(struct nw_import *im, struct nw_buf *out)
{
	struct nw_import_token t;
	struct nw_ast *a = nw_import_expr(im, 0);

	nw_import_next(im, &t);
	if (t.type == NW_IMPORT_CLOSE)
		nw_import_tell(im, NW_QDIAG_ERROR, t.off, t.len,
		    "this bracket closes nothing: take it out, or open one before");
	else if (t.type != NW_IMPORT_END && im->errors == 0)
		nw_import_tell(im, NW_QDIAG_ERROR, t.off, t.len, "an operator is missing before %.*s: write and, or, or one phrase in quotes",
		    (int)t.text.len, t.text.p);
	if (im->errors != 0)
		return -1;
	nw_ast_print(out, a, 0);
	return 0;
}

int
nw_import(enum nw_import_vendor vendor, struct nw_str text, struct nw_buf *out, nw_query_diag_fn *diag,
    void *cookie)
{
	struct nw_import im = {.text = text, .diag = diag, .cookie = cookie};
	int rc = -1;

	if (text.len > NW_QUERY_TEXT_MAX || !nw_utf8_valid(text.p, text.len)) {
		nw_import_tell(&im, NW_QDIAG_ERROR, 0, 0, "the query is no UTF-8 of at most %u bytes",
		    NW_QUERY_TEXT_MAX);
		return -1;
	}
	if ((im.arena = nw_arena_new(MEMORY_MAX)) == NULL) {
		nw_import_tell(&im, NW_QDIAG_ERROR, 0, 0, "out of memory while importing the query");
		return -1;
	}
	im.rules = vendor == NW_IMPORT_LEXIS ? &nw_import_lexis : &nw_import_factiva;
	rc = vendor == NW_IMPORT_EMM ? nw_import_emm(&im, out) : boolean(&im, out);
	nw_arena_free(im.arena);
	return rc;
}
