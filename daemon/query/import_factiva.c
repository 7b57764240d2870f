#include <ctype.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "query/import_int.h"

/* Distances and paragraph first, from the left; then what is excluded, AND, OR. */
enum { BINDS_OR = 10, BINDS_AND = 20, BINDS_NOT = 30, BINDS_NEAR = 40 };

static const struct {
	const char *prefix;
	unsigned kind;
	int alone; /* without a number it stands for 1 */
} counted[] = {{"adj", NW_AST_PRE, 1}, {"w/", NW_AST_PRE, 1}, {"near", NW_AST_NEAR, 1}};

static int
read_op(struct nw_import *im, struct nw_import_op *op)
{
	struct nw_import_token t;
	int64_t n;

	*op = (struct nw_import_op){0};
	nw_import_peek(im, &t);
	if (t.type == NW_IMPORT_SLASHES &&
	    ((n = nw_import_number(t.text, "n")) >= 0 || (n = nw_import_number(t.text, "")) >= 0))
		return nw_import_op(im, op, NW_AST_NEAR, n, BINDS_NEAR, NULL);
	if (t.type != NW_IMPORT_WORD)
		return 0;
	if (nw_import_is(t.text, "or"))
		return nw_import_op(im, op, NW_AST_OR, 0, BINDS_OR, NULL);
	if (nw_import_is(t.text, "and")) {
		size_t start = im->pos;

		nw_import_next(im, &t);
		op->off = t.off;
		op->len = t.len;
		nw_import_peek(im, &t);
		if (t.type == NW_IMPORT_WORD && nw_import_is(t.text, "not")) /* not Factiva's, but meant */
			return nw_import_op(im, op, NW_IMPORT_ANDNOT, 0, BINDS_NOT, NULL);
		im->pos = start;
		*op = (struct nw_import_op){0};
		return nw_import_op(im, op, NW_AST_AND, 0, BINDS_AND, NULL);
	}
	if (nw_import_is(t.text, "not"))
		return nw_import_op(im, op, NW_IMPORT_ANDNOT, 0, BINDS_NOT, NULL);
	if (nw_import_is(t.text, "same"))
		return nw_import_op(im, op, NW_AST_PARA, 0, BINDS_NEAR, NULL);
	for (size_t i = 0; i < sizeof(counted) / sizeof(counted[0]); i++)
		if ((n = nw_import_number(t.text, counted[i].prefix)) >= 0 ||
		    (nw_import_is(t.text, counted[i].prefix) && (n = counted[i].alone) > 0))
			return nw_import_op(im, op, counted[i].kind, n, BINDS_NEAR, NULL);
	return 0;
}

/* --- fields ("hd=x"), atleastN, date, wc */

enum special { NONE, TITLE, HLP, LEAD, BODY, AUTHOR, LANGUAGE, ATLEAST, DATE, REFUSED };

static const struct {
	const char *word, *becomes;
	enum special what;
} specials[] = {
    {"hd=", "title:", TITLE},
    {"hl=", "title:", TITLE},
    {"hlp=", "title: or lead:", HLP},
    {"lp=", "lead:", LEAD},
    {"td=", "body:, in which the lead is too", BODY},
    {"by=", "author:", AUTHOR},
    {"la=", "lang:", LANGUAGE},
};

/* The length of "hd=" at the start of a word, else 0. */
static size_t
code(struct nw_str w)
{
	size_t n = 0;

	while (n < w.len && n < 5 && isalpha((unsigned char)w.p[n]))
		n++;
	return n >= 2 && n < w.len && w.p[n] == '=' ? n + 1 : 0;
}

static enum special
which(const struct nw_import *im, const struct nw_import_token *t)
{
	struct nw_import ahead = *im;
	size_t n = code(t->text);

	for (size_t i = 0; i < sizeof(specials) / sizeof(specials[0]) && n > 0; i++)
		if (nw_import_is((struct nw_str){t->text.p, n}, specials[i].word))
			return specials[i].what;
	if (n > 0 || nw_import_number(t->text, "wc>") >= 0 || nw_import_number(t->text, "wc<") >= 0)
		return REFUSED;
	if (nw_import_number(t->text, "atleast") >= 0)
		return ATLEAST;
	ahead.diag = NULL;
	ahead.pos = t->off + t->len;
	return nw_import_is(t->text, "date") && nw_import_date(&ahead) != NULL ? DATE : NONE;
}

static int
is_special(const struct nw_import *im, const struct nw_import_token *t)
{
	return which(im, t) != NONE;
}

/* A field takes the phrase, the quotes or the bracket behind it. */
static struct nw_ast *
hlp(struct nw_import *im)
{
	struct nw_ast *k = nw_import_operand(im);

	return nw_import_pair(
	    im, NW_AST_OR, nw_import_field(im, NW_AST_TITLE, k), nw_import_field(im, NW_AST_LEAD, k));
}

/* The codes within la=(en or fr), which are Factiva's and mostly ISO's. */
static struct nw_ast *
languages(struct nw_import *im, const struct nw_ast *k)
{
	struct nw_ast *a = nw_import_compare(im, NW_AST_LANG, ""), *one;
	struct nw_ast_value *v;
	uint32_t n = k->kind == NW_AST_OR ? k->nkid : 1;

	if ((v = nw_arena_array(im->arena, n, sizeof(*v))) == NULL)
		return nw_import_bad(im);
	for (uint32_t i = 0; i < n; i++) {
		one = k->kind == NW_AST_OR ? k->kid[i] : (struct nw_ast *)k;
		if (one->kind != NW_AST_TERM)
			nw_import_tell(im, NW_QDIAG_ERROR, 0, 0, "la= takes codes of languages joined by or");
		v[i] = (struct nw_ast_value){one->text, {"", 0}, INT64_MIN, INT64_MAX};
		if (nw_import_is(one->text, "zhcn") || nw_import_is(one->text, "zhtw"))
			v[i].text = nw_str(one->text.p[2] == 'c' ? "zh-Hans" : "zh-Hant");
	}
	a->value = v;
	a->nvalue = n;
	return a;
}

static struct nw_ast *
at_least(struct nw_import *im, const struct nw_import_token *t)
{
	struct nw_ast *k = nw_import_operand(im), *a = nw_import_node(im, NW_AST_ATLEAST, &k, 1);
	int64_t n = nw_import_number(t->text, "atleast");

	a->n = (uint32_t)n;
	if (n < 1)
		nw_import_tell(im, NW_QDIAG_ERROR, t->off, t->len, "the number begins at 1");
	return a;
}

static struct nw_ast *
refused(struct nw_import *im, const struct nw_import_token *t)
{
	size_t n = code(t->text);

	nw_import_tell(im, NW_QDIAG_ERROR, t->off, n > 0 ? n : t->len,
	    "%.*s has no equal here: leave it out, and use source:, "
	    "country:, topic: or date: afterwards",
	    (int)(n > 0 ? n : t->len), t->text.p);
	im->pos = t->off + (n > 0 ? n : t->len);
	return n > 0 ? nw_import_operand(im) : nw_import_bad(im);
}

static void
tell_code(struct nw_import *im, const struct nw_import_token *t)
{
	struct nw_str w = {t->text.p, code(t->text)};

	for (size_t i = 0; i < sizeof(specials) / sizeof(specials[0]); i++)
		if (nw_import_is(w, specials[i].word))
			nw_import_tell(im, NW_QDIAG_NOTE, t->off, w.len, "%s becomes %s", specials[i].word,
			    specials[i].becomes);
}

static struct nw_ast *
read_special(struct nw_import *im, const struct nw_import_token *t)
{
	enum special what = which(im, t);

	im->pos = t->off + (code(t->text) > 0 ? code(t->text) : t->len);
	tell_code(im, t);
	switch (what) {
	case TITLE:
		return nw_import_field(im, NW_AST_TITLE, nw_import_operand(im));
	case HLP:
		return hlp(im);
	case LEAD:
		return nw_import_field(im, NW_AST_LEAD, nw_import_operand(im));
	case BODY:
		return nw_import_field(im, NW_AST_BODY, nw_import_operand(im));
	case AUTHOR:
		return nw_import_field(im, NW_AST_AUTHOR, nw_import_operand(im));
	case LANGUAGE:
		return languages(im, nw_import_operand(im));
	case ATLEAST:
		return at_least(im, t);
	case DATE:
		return nw_import_date(im);
	default:
		return refused(im, t);
	}
}

/* "$3" is up to three characters, "?" exactly one. */
static void
truncation(struct nw_import *im, char *w, const struct nw_import_token *t)
{
	char *dollar = strchr(w, '$');

	if (dollar == NULL || dollar == w)
		return;
	dollar[0] = '*';
	dollar[1] = '\0';
	nw_import_tell(im, NW_QDIAG_WARNING, t->off, t->len,
	    "$ with a number becomes *, which is wider: list the words with OR where "
	    "that matters");
}

const struct nw_import_rules nw_import_factiva = {.name = "Factiva",
    .order = "Factiva resolves distances first, from the left, then not, and, or",
    .op = read_op,
    .is_special = is_special,
    .special = read_special,
    .word = truncation};
