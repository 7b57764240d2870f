#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include <unicode/uchar.h>

#include "base/arena.h"
#include "base/str.h"
#include "base/utf8.h"
#include "query/analyse.h"
#include "query/fold.h"
#include "query/parse.h"

enum {
	LITERALS_BEFORE = 3,   /* characters before "*" (R17) */
	LITERALS_LEADING = 4,  /* with a leading "*" */
	LITERALS_WITH_ANY = 3, /* in a word with "?" */
	SYLLABLES = 2,	       /* the same for Hangul, whose characters are syllables */
	FUZZY_LETTERS = 4
};

struct seen { /* a term while it is checked */
	struct nw_parse *p;
	struct nw_ast *a;
	const struct nw_token *t;
	int verbatim; /* the text stands in the source as it is, so that one word of it can be underlined */
};

static const char *
mode_name(unsigned mode)
{
	static const char *const names[] = {"", "EXACT", "ALLCAPS", "STEM", "FUZZY"};

	return names[mode];
}

/* Where word w of the term stands, or all of it. */
static size_t
word_at(const struct seen *s, const struct nw_term_word *w, size_t *len_r)
{
	if (!s->verbatim || w->len == 0) {
		*len_r = s->t->len;
		return s->t->off;
	}
	*len_r = w->len;
	return (size_t)(s->t->text.p - s->p->lx.text.p) + w->off;
}

/* --- wildcards (R17) */

static void
wild_error(struct seen *s, const struct nw_term_word *w, const char *fmt)
{
	struct nw_parse_quote q;
	struct nw_str said = {s->a->text.p + w->off, w->len};
	size_t len, off = word_at(s, w, &len);

	if (w->nletter ==
	    0) { /* a wildcard alone, or cut off from a Han character: the whole term says more */
		said = s->a->text;
		off = s->t->off;
		len = s->t->len;
	}
	nw_parse_error(s->p, off, len, fmt, nw_parse_quote(&q, said));
}

static void
check_wild(struct seen *s, const struct nw_term_word *w)
{
	int hangul = (w->flags & NW_TERM_HANGUL) != 0 && w->syllables == w->nletter;
	unsigned before = hangul ? SYLLABLES : LITERALS_BEFORE,
		 leading = hangul ? SYLLABLES : LITERALS_LEADING;
	const char *f = w->folded.p;

	if ((w->flags & NW_TERM_WILD_TOUCHES) != 0 && (s->a->cut->flags & NW_TERM_SEGMENT) == 0)
		wild_error(s, w,
		    "%s: Han and Kana need no wildcard, since a Han term matches inside longer runs: leave "
		    "it out");
	else if ((w->flags & NW_TERM_WILD_TOUCHES) != 0)
		wild_error(s, w,
		    "%s: a wildcard cannot stand beside Thai, Lao or Khmer: leave it out, or list the words "
		    "with OR");
	else if (w->nletter == 0)
		wild_error(s, w,
		    "%s: a wildcard alone stands for every word: write letters to it, or NEAR/1 for a gap");
	else if (f[0] == '*' && w->nletter < leading)
		wild_error(s, w,
		    "%s: a leading * needs four letters (two in Hangul): write more of the word, or list the "
		    "words with "
		    "OR");
	else if (f[0] != '*' && memchr(f, '*', w->folded.len) != NULL && w->before < before)
		wild_error(s, w,
		    "%s: * needs three letters before it (two in Hangul): write more of the word, or list "
		    "the words "
		    "with OR");
	else if (memchr(f, '?', w->folded.len) != NULL && w->nletter < LITERALS_WITH_ANY)
		wild_error(s, w,
		    "%s: ? needs a word with three letters: write more of the word, or list the words with "
		    "OR");
}

/* --- what each way of comparing asks of its words */

static void
check_fuzzy(struct seen *s)
{
	const struct nw_term *c = s->a->cut;
	struct nw_parse_quote q;

	nw_parse_quote(&q, s->a->text);
	if ((c->flags & NW_TERM_HAN) != 0)
		nw_parse_error(s->p, s->t->off, s->t->len,
		    "FUZZY(%s): edits say nothing of Han and Kana: write the spellings with OR", q.s);
	else if (c->n > 1)
		nw_parse_error(s->p, s->t->off, s->t->len,
		    "FUZZY(%s): one word only: write FUZZY(...) for each and join them with "
		    "PRE/0",
		    q.s);
	else if (c->word[0].nletter < FUZZY_LETTERS)
		nw_parse_error(s->p, s->t->off, s->t->len,
		    "FUZZY(%s): a word under four letters is near too many others: write the "
		    "spellings with OR",
		    q.s);
}

/* ALLCAPS of what has no capitals could never hold; digits beside a letter do not count. */
static void
check_capitals(struct seen *s)
{
	const char *p = s->a->text.p, *end = p + s->a->text.len;
	int letters = 0, cased = 0;
	struct nw_parse_quote q;
	size_t n;

	for (; p < end; p += n) {
		int32_t c = nw_utf8_next(p, end, &n);

		letters += c >= 0 && u_isalpha(c);
		cased += c >= 0 && (u_isUUppercase(c) || u_isULowercase(c));
	}
	if (letters > 0 && cased == 0)
		nw_parse_error(s->p, s->t->off, s->t->len,
		    "ALLCAPS(%s): these letters have no capitals, so this can never hold: "
		    "leave ALLCAPS out",
		    nw_parse_quote(&q, s->a->text));
}

static void
no_position(struct seen *s)
{
	struct nw_str w = s->a->text;
	struct nw_parse_quote q;

	if (w.len == 0)
		nw_parse_error(s->p, s->t->off, s->t->len,
		    "an empty phrase matches nothing: write words between the quotes");
	else if (nw_str_is(w, "&") || nw_str_is(w, "&&") || nw_str_is(w, "|") || nw_str_is(w, "||") ||
		 nw_str_is(w, "+"))
		nw_parse_error(
		    s->p, s->t->off, s->t->len, "%s is no operator: write AND or OR", nw_parse_quote(&q, w));
	else
		nw_parse_error(s->p, s->t->off, s->t->len,
		    "%s has no letter or digit, so nothing in a text can match it: write a "
		    "word, or leave it out",
		    nw_parse_quote(&q, w));
}

/* NATO misses "Nato" (R7): said once a word, with the other spelling. */
static void
note_capitals(struct seen *s, const struct nw_term_word *w)
{
	size_t len, off = word_at(s, w, &len);
	struct nw_str word = {s->a->text.p + w->off, w->len};
	char other[NW_PARSE_QUOTE_MAX];
	struct nw_parse_quote q;

	nw_parse_quote(&q, word);
	if ((w->flags & NW_TERM_ASCII) == 0 || word.len >= sizeof(other)) {
		nw_parse_note(s->p, NW_QDIAG_NOTE, off, len,
		    "%s matches words in capitals only: add the other spelling with OR if "
		    "it is wanted too",
		    q.s);
		return;
	}
	for (size_t i = 0; i < word.len; i++)
		other[i] = (char)(i == 0 ? word.p[i] : tolower((unsigned char)word.p[i]));
	other[word.len] = '\0';
	nw_parse_note(s->p, NW_QDIAG_NOTE, off, len,
	    "%s matches words in capitals only and misses \"%s\": write (%s OR %s) if it "
	    "is wanted too",
	    q.s, other, q.s, other);
}

/* Of the signs between two words: one that may not stand beside Han and Kana in a text (R8). */
static int
parts_han(const struct seen *s, const struct nw_term_word *a, const struct nw_term_word *b)
{
	const char *p = s->a->text.p + a->off + a->len, *end = s->a->text.p + b->off;
	size_t n;

	if (((a->flags | b->flags) & NW_TERM_HAN) == 0)
		return 0;
	for (; p < end; p += n) {
		int32_t cp = nw_utf8_next(p, end, &n);
		unsigned k = cp < 0 ? NW_FOLD_SEP : NW_FOLD_CLASS(nw_fold_entry((uint32_t)cp));

		if (k != NW_FOLD_SPACE && k != NW_FOLD_LINE && k != NW_FOLD_IGN && k != NW_FOLD_MIDDOT)
			return 1;
	}
	return 0;
}

/* Copied from a text with its brackets, a phrase would never fire on that text. */
static void
note_signs(struct seen *s)
{
	const struct nw_term *c = s->a->cut;
	struct nw_parse_quote q;
	uint32_t i = 1;

	while (i < c->n && !parts_han(s, &c->word[i - 1], &c->word[i]))
		i++;
	if (i < c->n)
		nw_parse_note(s->p, NW_QDIAG_WARNING, s->t->off, s->t->len,
		    "%s: beside a Han character only blanks and middle dots may stand, so this does not fire on the same "
		    "words with these signs: write PRE/0 in place of each",
		    nw_parse_quote(&q, s->a->text));
}

static void
check_words(struct seen *s)
{
	const struct nw_term *c = s->a->cut;
	unsigned mode = s->a->mode;
	struct nw_parse_quote q;

	for (uint32_t i = 0; i < c->n; i++) {
		const struct nw_term_word *w = &c->word[i];
		size_t len, off = word_at(s, w, &len);

		if ((w->flags & NW_TERM_WILD) != 0) {
			s->a->wild = 1;
			if (mode != NW_AST_PLAIN && mode != NW_AST_ALLCAPS) {
				nw_parse_error(s->p, off, len,
				    "%s takes no wildcard: leave the * or ? out, or leave %s out",
				    mode_name(mode), mode_name(mode));
				return;
			}
			check_wild(s, w);
		}
		if ((w->flags & NW_TERM_CAPS) != 0 && mode == NW_AST_PLAIN)
			note_capitals(s, w);
	}
	if (s->a->wild && s->p->negative > 0)
		nw_parse_note(s->p, NW_QDIAG_WARNING, s->t->off, s->t->len,
		    "%s: a wildcard in a negative operand hides alerts for "
		    "words nobody thought of: list the words with OR",
		    nw_parse_quote(&q, s->a->text));
	note_signs(s);
	if (mode == NW_AST_FUZZY)
		check_fuzzy(s);
	if (mode == NW_AST_ALLCAPS)
		check_capitals(s);
}

/* A bare word that another search language would read differently. */
static void
note_habits(struct seen *s)
{
	struct nw_str w = s->t->text, name;
	char low[16];
	size_t n = 0;
	struct nw_parse_quote q;

	if (w.len > 1 && w.p[0] == '-' && isalnum((unsigned char)w.p[1]))
		nw_parse_note(s->p, NW_QDIAG_WARNING, s->t->off, s->t->len,
		    "%s: a leading - is only punctuation: to exclude a word "
		    "write AND NOT before it",
		    nw_parse_quote(&q, w));
	while (n < w.len && n < sizeof(low) && isalpha((unsigned char)w.p[n])) {
		low[n] = (char)tolower((unsigned char)w.p[n]);
		n++;
	}
	if (n == 0 || n >= w.len || n >= sizeof(low))
		return;
	name = (struct nw_str){low, n};
	if (w.p[n] == ':' && nw_parse_is_field(name))
		nw_parse_note(s->p, NW_QDIAG_WARNING, s->t->off, n + 1,
		    "fields are written in lower case: write %.*s: for the field; "
		    "as it stands this is a phrase",
		    (int)n, low);
	else if (w.p[n] == '=' && n >= 2 && n <= 3)
		nw_parse_note(s->p, NW_QDIAG_WARNING, s->t->off, n + 1,
		    "%.*s= is no field here and is read as a phrase: write title:, "
		    "author:, source: or lang:, or read the query with --import",
		    (int)n, low);
}

/* --- making the node */

/* A list entry may have been changed before it is read as a term. */
static int
in_source(const struct nw_parse *p, struct nw_str s)
{
	return s.p >= p->lx.text.p && s.p + s.len <= p->lx.text.p + p->lx.text.len;
}

/* EMM's a+b: a plus between two parts, but not C++. */
static int
is_joining_plus(struct nw_str s, size_t i)
{
	return s.p[i] == '+' && s.p[i - 1] != '+' && s.p[i + 1] != '+';
}

static struct nw_ast *
term(struct nw_parse *p, const struct nw_token *t, struct nw_str text, unsigned mode, size_t off)
{
	struct nw_ast *a = nw_parse_node(p, NW_AST_TERM, off);
	struct seen s = {p, a, t, in_source(p, t->text) && nw_str_eq(text, t->text)};

	nw_parse_span(p, a, off);
	a->text = text;
	a->mode = (uint8_t)mode;
	if (p->failed)
		return a;
	a->cut = nw_analyse_term(p->ctx->an, text, p->ctx->arena);
	if (a->cut == NULL) {
		nw_parse_error(
		    p, t->off, t->len, "this phrase has too many words: cut it, or join two with PRE/0");
		return nw_parse_bad(p, off);
	}
	if (a->cut->n == 0) {
		no_position(&s);
		return nw_parse_bad(p, off);
	}
	check_words(&s);
	return a;
}

/* x/F50/ in one word: the length of x; the parser reads the rest as an operator. */
static size_t
without_postfix(struct nw_str w)
{
	size_t i = w.len;

	if (w.len < 5 || w.p[--i] != '/')
		return w.len;
	while (i > 0 && isdigit((unsigned char)w.p[i - 1]))
		i--;
	if (i < 3 || i == w.len - 1 || w.p[i - 1] != 'F' || w.p[i - 2] != '/')
		return w.len;
	return i - 2;
}

int
nw_parse_is_plain(struct nw_str w)
{
	struct nw_str name;

	if (w.p[0] == '@' || w.p[w.len - 1] == '!' || without_postfix(w) != w.len ||
	    nw_lex_prefix(w, &name) != 0 || nw_str_is(w, "cap"))
		return 0;
	for (size_t i = 1; i + 1 < w.len; i++)
		if (is_joining_plus(w, i))
			return 0;
	return 1;
}

struct nw_ast *
nw_parse_word(struct nw_parse *p, const struct nw_token *t, unsigned mode, size_t off)
{
	struct nw_token own = *t;
	struct nw_str text;
	char *s;

	if ((own.text.len = without_postfix(t->text)) != t->text.len) {
		own.len = own.text.len;
		own.called = 0;
		nw_parse_move_to(p, t->off + own.len);
	}
	text = nw_arena_dup(p->ctx->arena, own.text);
	if ((s = (char *)text.p) == NULL)
		return nw_parse_oom(p);
	if (text.len > 1 && s[text.len - 1] == '!') /* Lexis' truncation */
		s[text.len - 1] = '*';
	for (size_t i = 1; i + 1 < text.len; i++)
		if (is_joining_plus(own.text, i))
			s[i] = ' ';
	if (mode == NW_AST_PLAIN) {
		struct seen seen = {p, NULL, &own, 1};

		note_habits(&seen);
	}
	return term(p, &own, text, mode, off);
}

struct nw_ast *
nw_parse_quoted(struct nw_parse *p, const struct nw_token *t, unsigned mode, size_t off)
{
	struct nw_str text = nw_arena_dup(p->ctx->arena, t->text);
	char *s = (char *)text.p;
	size_t n = 0;

	if (s == NULL)
		return nw_parse_oom(p);
	for (size_t i = 0; i < text.len; i++) /* a line end in a phrase is a space; so are several */
		if ((unsigned char)s[i] > ' ')
			s[n++] = s[i];
		else if (n > 0 && s[n - 1] != ' ')
			s[n++] = ' ';
	while (n > 0 && s[n - 1] == ' ')
		n--;
	s[n] = '\0';
	return term(p, t, (struct nw_str){s, n}, mode, off);
}
