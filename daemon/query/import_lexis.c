#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "query/import_int.h"

/* OR first, then distances from the smallest on, sentence, paragraph, segment, AND, and last what is
 * excluded. */
enum {
	BINDS_ANDNOT = 10,
	BINDS_AND = 20,
	BINDS_SEG = 30,
	BINDS_PARA = 40,
	BINDS_SENT = 50,
	BINDS_ONE = 20000,
	BINDS_OR = 30000
};

static const char *const order_lost =
    "which word comes first is not asked here: add PRE/n where the order matters";
static const char *const segment_lost =
    "the same segment becomes the same article, which is wider: put a field such as title: "
    "round both where it matters";

static const struct {
	const char *word;
	unsigned kind;
	int binds;
	const char *const *loses;
} plain[] = {
    {"or", NW_AST_OR, BINDS_OR, NULL},
    {"and", NW_AST_AND, BINDS_AND, NULL},
    {"&", NW_AST_AND, BINDS_AND, NULL},
    {"w/s", NW_AST_SENT, BINDS_SENT, NULL},
    {"w/sent", NW_AST_SENT, BINDS_SENT, NULL},
    {"w/sentence", NW_AST_SENT, BINDS_SENT, NULL},
    {"/s", NW_AST_SENT, BINDS_SENT, NULL},
    {"pre/s", NW_AST_SENT, BINDS_SENT, &order_lost},
    {"+s", NW_AST_SENT, BINDS_SENT, &order_lost},
    {"w/p", NW_AST_PARA, BINDS_PARA, NULL},
    {"w/para", NW_AST_PARA, BINDS_PARA, NULL},
    {"w/paragraph", NW_AST_PARA, BINDS_PARA, NULL},
    {"/p", NW_AST_PARA, BINDS_PARA, NULL},
    {"pre/p", NW_AST_PARA, BINDS_PARA, &order_lost},
    {"+p", NW_AST_PARA, BINDS_PARA, &order_lost},
    {"w/seg", NW_AST_AND, BINDS_SEG, &segment_lost},
    {"/seg", NW_AST_AND, BINDS_SEG, &segment_lost},
    {"not/s", NW_AST_NOTSENT, BINDS_SENT, NULL},
    {"not/p", NW_AST_NOTPARA, BINDS_PARA, NULL},
    {"not/seg", NW_IMPORT_ANDNOT, BINDS_SEG, &segment_lost},
};
static const struct {
	const char *prefix;
	unsigned kind;
} counted[] = {
    {"w/", NW_AST_NEAR},
    {"near/", NW_AST_NEAR},
    {"/", NW_AST_NEAR},
    {"pre/", NW_AST_PRE},
    {"onear/", NW_AST_PRE},
    {"+", NW_AST_PRE},
    {"not/", NW_AST_NOTNEAR},
};

static unsigned
negated(unsigned kind)
{
	return kind == NW_AST_NEAR   ? NW_AST_NOTNEAR
	       : kind == NW_AST_SENT ? NW_AST_NOTSENT
	       : kind == NW_AST_PARA ? NW_AST_NOTPARA
				     : NW_IMPORT_ANDNOT;
}

/* One token as an operator, but for "not"; 0 if it is none. */
static int
single(struct nw_import *im, struct nw_import_op *op, const struct nw_import_token *t)
{
	int64_t n;

	if (t->type == NW_IMPORT_SLASHES && (n = nw_import_number(t->text, "")) >= 0)
		return nw_import_op(im, op, NW_AST_NEAR, n, BINDS_ONE - (int)(n < 10001 ? n : 10001), NULL);
	if (t->type != NW_IMPORT_WORD)
		return 0;
	for (size_t i = 0; i < sizeof(plain) / sizeof(plain[0]); i++)
		if (nw_import_is(t->text, plain[i].word))
			return nw_import_op(im, op, plain[i].kind, 0, plain[i].binds,
			    plain[i].loses != NULL ? *plain[i].loses : NULL);
	for (size_t i = 0; i < sizeof(counted) / sizeof(counted[0]); i++)
		if ((n = nw_import_number(t->text, counted[i].prefix)) >= 0)
			return nw_import_op(
			    im, op, counted[i].kind, n, BINDS_ONE - (int)(n < 10001 ? n : 10001), NULL);
	return 0;
}

static int
read_op(struct nw_import *im, struct nw_import_op *op)
{
	struct nw_import_token t, next;
	size_t start = im->pos;

	*op = (struct nw_import_op){0};
	nw_import_peek(im, &t);
	if (t.type == NW_IMPORT_WORD && (nw_import_is(t.text, "and") || nw_import_is(t.text, "but"))) {
		nw_import_next(im, &t);
		nw_import_peek(im, &next);
		op->off = t.off;
		op->len = t.len;
		if (next.type == NW_IMPORT_WORD && nw_import_is(next.text, "not"))
			return nw_import_op(im, op, NW_IMPORT_ANDNOT, 0, BINDS_ANDNOT, NULL);
		im->pos = start;
		*op = (struct nw_import_op){0};
	}
	if (t.type != NW_IMPORT_WORD || !nw_import_is(t.text, "not"))
		return single(im, op, &t);
	nw_import_next(im, &t);
	op->off = t.off;
	op->len = t.len;
	nw_import_peek(im, &next);
	if (next.type == NW_IMPORT_WORD && memchr(next.text.p, '/', next.text.len) != NULL &&
	    single(im, op, &next)) {
		op->kind = negated(op->kind);
		return 1;
	}
	im->pos = start;
	*op = (struct nw_import_op){0};
	return nw_import_op(im, op, NW_IMPORT_ANDNOT, 0, BINDS_ANDNOT, NULL);
}

/* --- segments and functions: a word with a bracket behind it */

enum special { TITLE, HLEAD, LEAD, BODY, AUTHOR, LANGUAGE, DATE, ALLCAPS, AS_IT_IS, UNKNOWN };

static const struct {
	const char *word, *becomes;
	enum special what;
} specials[] = {
    {"headline", "title:", TITLE},
    {"title", "title:", TITLE},
    {"hlead", "title: or lead:", HLEAD},
    {"lead", "lead:", LEAD},
    {"body", "body:", BODY},
    {"text", "body:", BODY},
    {"byline", "author:", AUTHOR},
    {"author", "author:", AUTHOR},
    {"language", "lang:", LANGUAGE},
    {"date", NULL, DATE},
    {"allcaps", NULL, ALLCAPS},
    {"caps", NULL, AS_IT_IS},
    {"nocaps", NULL, AS_IT_IS},
    {"plural", NULL, AS_IT_IS},
    {"singular", NULL, AS_IT_IS},
};

/* The row of a word; its length is the table's if there is none. */
static size_t
row_of(struct nw_str w)
{
	size_t i = 0;

	while (i < sizeof(specials) / sizeof(specials[0]) && !nw_import_is(w, specials[i].word))
		i++;
	return i;
}

static enum special
which(struct nw_str w)
{
	size_t i = row_of(w);

	return i < sizeof(specials) / sizeof(specials[0]) ? specials[i].what : UNKNOWN;
}

static int
is_special(const struct nw_import *im, const struct nw_import_token *t)
{
	struct nw_import ahead = *im;
	struct nw_import_op op;

	if (nw_import_is(t->text, "date")) {
		ahead.diag = NULL;
		ahead.pos = t->off + t->len;
		return t->called || nw_import_date(&ahead) != NULL;
	}
	if (nw_import_number(t->text, "atleast") >= 0)
		return 1;
	ahead.diag = NULL;
	ahead.pos = t->off;
	return (which(t->text) != UNKNOWN ? t->called : t->glued) && !read_op(&ahead, &op);
}

/* ALLCAPS holds for each term of its bracket. */
static void
all_capitals(struct nw_import *im, struct nw_ast *a)
{
	if (a->kind == NW_AST_TERM)
		a->mode = NW_AST_ALLCAPS;
	for (uint32_t i = 0; i < a->nkid && im->errors == 0; i++)
		all_capitals(im, a->kid[i]);
}

static struct nw_ast *
language(struct nw_import *im)
{
	static const char *const codes[][2] = {{"english", "en"}, {"chinese", "zh"}, {"french", "fr"},
	    {"german", "de"}, {"russian", "ru"}, {"spanish", "es"}, {"arabic", "ar"}, {"japanese", "ja"},
	    {"italian", "it"}, {"portuguese", "pt"}, {"dutch", "nl"}, {"korean", "ko"}, {"turkish", "tr"},
	    {"polish", "pl"}, {"ukrainian", "uk"}, {"persian", "fa"}};
	struct nw_import_token open, t, close;

	nw_import_next(im, &open);
	nw_import_next(im, &t);
	nw_import_next(im, &close);
	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]) && close.type == NW_IMPORT_CLOSE; i++)
		if (nw_import_is(t.text, codes[i][0]))
			return nw_import_compare(im, NW_AST_LANG, codes[i][1]);
	nw_import_tell(im, NW_QDIAG_ERROR, t.off, t.len,
	    "this language is not known here by its name: leave it out, and write "
	    "lang: with its code of two letters afterwards");
	return nw_import_bad(im);
}

static struct nw_ast *
at_least(struct nw_import *im, const struct nw_import_token *t, int64_t n)
{
	struct nw_ast *k = nw_import_operand(im), *a = nw_import_node(im, NW_AST_ATLEAST, &k, 1);

	a->n = (uint32_t)n;
	if (n < 1)
		nw_import_tell(im, NW_QDIAG_ERROR, t->off, t->len, "the number begins at 1");
	return a;
}

static struct nw_ast *
unknown(struct nw_import *im, const struct nw_import_token *t)
{
	nw_import_tell(im, NW_QDIAG_ERROR, t->off, t->len,
	    "%.*s(...) has no equal here: leave it out, and use source:, country:, "
	    "topic:, lang: or date: afterwards",
	    (int)t->text.len, t->text.p);
	return nw_import_bracket(im);
}

static struct nw_ast *
hlead(struct nw_import *im)
{
	struct nw_ast *k = nw_import_bracket(im);

	return nw_import_pair(
	    im, NW_AST_OR, nw_import_field(im, NW_AST_TITLE, k), nw_import_field(im, NW_AST_LEAD, k));
}

static struct nw_ast *
read_special(struct nw_import *im, const struct nw_import_token *t)
{
	enum special what = which(t->text);
	struct nw_import_token word;
	struct nw_ast *a;
	int64_t n;

	nw_import_next(im, &word);
	if ((n = nw_import_number(t->text, "atleast")) >= 0)
		return at_least(im, t, n);
	if (what != UNKNOWN && specials[row_of(t->text)].becomes != NULL)
		nw_import_tell(im, NW_QDIAG_NOTE, t->off, t->len, "%.*s(...) becomes %s", (int)t->text.len,
		    t->text.p, specials[row_of(t->text)].becomes);
	switch (what) {
	case TITLE:
		return nw_import_field(im, NW_AST_TITLE, nw_import_bracket(im));
	case LEAD:
		return nw_import_field(im, NW_AST_LEAD, nw_import_bracket(im));
	case BODY:
		return nw_import_field(im, NW_AST_BODY, nw_import_bracket(im));
	case AUTHOR:
		return nw_import_field(im, NW_AST_AUTHOR, nw_import_bracket(im));
	case HLEAD:
		return hlead(im);
	case LANGUAGE:
		return language(im);
	case DATE:
		if ((a = nw_import_date(im)) != NULL)
			return a;
		return unknown(im, t);
	case ALLCAPS:
		all_capitals(im, a = nw_import_bracket(im));
		return a;
	case AS_IT_IS:
		nw_import_tell(im, NW_QDIAG_WARNING, t->off, t->len,
		    "%.*s(...) has no equal here and is left out, which is wider: "
		    "write EXACT(word) where the spelling matters",
		    (int)t->text.len, t->text.p);
		return nw_import_bracket(im);
	default:
		return unknown(im, t);
	}
}

/* "!" is every ending, "*" one character (at the end: up to as many as there are). */
static void
truncation(struct nw_import *im, char *w, const struct nw_import_token *t)
{
	size_t n = strlen(w), stars = 0;

	if ((im->told & NW_IMPORT_TOLD_PLURAL) == 0)
		nw_import_tell(im, NW_QDIAG_NOTE, t->off, t->len,
		    "Lexis finds regular plurals and possessives by itself, the watch "
		    "language does not: add them with OR, or as a wildcard");
	im->told |= NW_IMPORT_TOLD_PLURAL;
	if (n > 1 && w[n - 1] == '!') {
		w[n - 1] = '*';
		nw_import_tell(im, NW_QDIAG_NOTE, t->off, t->len, "! becomes *");
		return;
	}
	while (n > 0 && w[n - 1] == '*') {
		n--;
		stars++;
	}
	for (size_t i = 0; i < n; i++) {
		if (w[i] != '*')
			continue;
		w[i] = '?';
		nw_import_tell(im, NW_QDIAG_NOTE, t->off, t->len, "* within a word becomes ?, one character");
	}
	if (stars > 0 && n > 0) {
		w[n + 1] = '\0';
		nw_import_tell(im, NW_QDIAG_WARNING, t->off, t->len,
		    "* at the end becomes *, every ending, which is wider than "
		    "Lexis' single characters: list the words with OR where that matters");
	}
}

const struct nw_import_rules nw_import_lexis = {.name = "Lexis",
    .confirm =
	"Lexis' own pages do not settle whether adjacent words count 1: confirm, or add 1 to each distance",
    .order = "Lexis resolves OR first, then the smaller distance before the greater",
    .op = read_op,
    .is_special = is_special,
    .special = read_special,
    .word = truncation};
