#include <stdlib.h>
#include <string.h>

#include "core/limits.h"
#include "query/analyse.h"
#include "query/compile_leaf.h"
#include "query/fold.h"
#include "query/pattern.h"
#include "query/regex.h"

#define PIECE_MIN 3u /* letters of a regex's literal that are worth looking for */

/* A word as plain text compares it: itself, a pattern, or what holds its syllables. */
static uint32_t
plain_key(struct nw_words *w, const struct nw_term_word *word)
{
	enum nw_words_kind kind = NW_WORDS_PLAIN;

	if (word->flags & NW_TERM_WILD)
		kind = NW_WORDS_WILD;
	else if (word->syllables >= 2)
		kind = NW_WORDS_HANGUL;
	return nw_words_add(w, kind, word->folded);
}

static uint32_t
stem_key(struct nw_compile *c, const struct nw_term_word *word)
{
	nw_buf_reset(&c->text);
	nw_fold_exact(&c->text, word->exact.p, word->exact.len, 1);
	return c->text.failed ? 0 : nw_words_add(&c->prog->phrases.words, NW_WORDS_STEM, nw_buf_str(&c->text));
}

static int
match_word(struct nw_compile *c, const struct nw_term_word *word, unsigned mode, struct nw_matcher *m)
{
	struct nw_words *w = &c->prog->phrases.words;

	m->filter = 0;
	switch (mode) {
	case NW_AST_STEM:
		m->key = word->syllables >= 2 ? plain_key(w, word) : stem_key(c, word); /* no stemmer knows Hangul */
		break;
	case NW_AST_FUZZY:
		m->key = nw_words_add(w, NW_WORDS_FUZZY, word->folded);
		break;
	case NW_AST_EXACT:
		m->key = nw_words_add(w, NW_WORDS_PLAIN, word->folded);
		if ((m->filter = nw_words_add(w, NW_WORDS_EXACT, word->exact)) == 0)
			return -1;
		break;
	default:
		m->key = plain_key(w, word);
		m->filter = mode == NW_AST_ALLCAPS || (word->flags & NW_TERM_CAPS) ? NW_PHRASE_CAPS : 0;
	}
	return m->key == 0 ? -1 : 0;
}

uint32_t
nw_compile_leaf_term(struct nw_compile *c, const struct nw_ast *a)
{
	struct nw_matcher m[NW_TERM_WORDS_MAX];

	if (a->cut->n > NW_TERM_WORDS_MAX)
		return NW_PHRASE_NONE;
	for (uint32_t i = 0; i < a->cut->n; i++)
		if (match_word(c, &a->cut->word[i], a->mode, &m[i]) == -1)
			return NW_PHRASE_NONE;
	return nw_phrase_add(&c->prog->phrases, m, a->cut->n);
}

static struct nw_prog_text
print(struct nw_compile *c, const struct nw_ast *a)
{
	nw_buf_reset(&c->text);
	nw_ast_print(&c->text, a, 0);
	return nw_prog_add_text(c->prog, c->text.p, c->text.len);
}

static int
by_phrase(const void *a, const void *b)
{
	const struct nw_prog_entry *x = a, *y = b;

	return (x->phrase > y->phrase) - (x->phrase < y->phrase);
}

static int
fill_list(struct nw_compile *c, struct nw_prog_list *list, const struct nw_ast *a)
{
	struct nw_prog *p = c->prog;

	for (uint32_t i = 0; i < a->nkid; i++) {
		struct nw_prog_entry e = {.text = print(c, a->kid[i])};

		if (a->kid[i]->kind == NW_AST_REGEX) {
			if ((e.phrase = nw_compile_leaf_regex(c, a->kid[i])) == NW_PROG_NONE)
				return -1;
			p->list_regex[p->nlist_regex++] = e;
			list->nregex++;
		} else {
			if ((e.phrase = nw_compile_leaf_term(c, a->kid[i])) == NW_PHRASE_NONE)
				return -1;
			p->entry[p->nentry++] = e;
			list->n++;
		}
	}
	qsort(p->entry + list->first, list->n, sizeof(*p->entry), by_phrase);
	return 0;
}

uint32_t
nw_compile_leaf_list(struct nw_compile *c, struct nw_ast *a)
{
	struct nw_prog *p = c->prog;
	void *lists = p->list, *entries = p->entry, *regexes = p->list_regex;
	struct nw_prog_list list = {.first = p->nentry, .first_regex = p->nlist_regex};

	if (a->mark != 0)
		return a->mark - 1;
	if (nw_prog_room(&lists, &p->list_cap, p->nlist, 1, sizeof(*p->list)) == -1)
		return NW_PROG_NONE;
	p->list = lists;
	if (nw_prog_room(&entries, &p->entry_cap, p->nentry, a->nkid, sizeof(*p->entry)) == -1)
		return NW_PROG_NONE;
	p->entry = entries;
	if (nw_prog_room(&regexes, &p->list_regex_cap, p->nlist_regex, a->nkid, sizeof(*p->list_regex)) == -1)
		return NW_PROG_NONE;
	p->list_regex = regexes;
	if (fill_list(c, &list, a) == -1)
		return NW_PROG_NONE;
	p->list[p->nlist++] = list;
	a->mark = p->nlist;
	return p->nlist - 1;
}

uint32_t
nw_compile_leaf_values(struct nw_compile *c, const struct nw_ast *a)
{
	struct nw_prog *p = c->prog;
	void *v = p->value;
	uint32_t first = p->nvalue;

	if (nw_prog_room(&v, &p->value_cap, p->nvalue, a->nvalue, sizeof(*p->value)) == -1)
		return NW_PROG_NONE;
	p->value = v;
	for (uint32_t i = 0; i < a->nvalue; i++) {
		const struct nw_ast_value *from = &a->value[i];
		struct nw_prog_value to = {.lo = from->lo, .hi = from->hi};

		to.text = nw_prog_add_text(p, from->text.p, from->text.len);
		to.cls = nw_prog_add_text(p, from->cls.p, from->cls.len);
		p->value[p->nvalue++] = to;
	}
	return first;
}

/* --- what wakes a regex: words that every match holds */

static int
is_edge(const struct nw_term *t, uint32_t i, size_t len)
{
	return t->word[i].off == 0 || t->word[i].off + t->word[i].len == len;
}

/* The longest word of the literal that certainly is a whole position of the text. */
static uint32_t
whole_word(const struct nw_term *t, size_t len)
{
	uint32_t best = NW_PROG_NONE;

	for (uint32_t i = 0; i < t->n; i++) {
		uint32_t f = t->word[i].flags;

		if ((f & (NW_TERM_SEGMENT | NW_TERM_DOTTED)) || (!(f & NW_TERM_HAN) && is_edge(t, i, len)))
			continue;
		if (best == NW_PROG_NONE || t->word[i].folded.len > t->word[best].folded.len)
			best = i;
	}
	return best;
}

/* A piece of a word: some word holds it. */
static uint32_t
piece_key(struct nw_compile *c, const struct nw_term *t)
{
	const struct nw_term_word *best = NULL;

	for (uint32_t i = 0; i < t->n; i++)
		if ((t->word[i].flags & NW_TERM_ASCII) && !(t->word[i].flags & NW_TERM_DOTTED) &&
		    t->word[i].nletter >= PIECE_MIN && (best == NULL || t->word[i].nletter > best->nletter))
			best = &t->word[i];
	if (best == NULL)
		return 0;
	nw_buf_reset(&c->text);
	nw_buf_addf(&c->text, "*%s*", best->folded.p);
	return c->text.failed ? 0 : nw_words_add(&c->prog->phrases.words, NW_WORDS_WILD, nw_buf_str(&c->text));
}

static uint32_t
waking_phrase(struct nw_compile *c, struct nw_str literal)
{
	struct nw_term *t = memchr(literal.p, '*', literal.len) == NULL && memchr(literal.p, '?', literal.len) == NULL
	    ? nw_analyse_term(c->an, literal, c->scratch) : NULL;
	struct nw_matcher m = {0};
	uint32_t i;

	if (t == NULL)
		return NW_PHRASE_NONE;
	if ((i = whole_word(t, literal.len)) != NW_PROG_NONE)
		m.key = nw_words_add(&c->prog->phrases.words, NW_WORDS_PLAIN, t->word[i].folded);
	else
		m.key = piece_key(c, t);
	return m.key != 0 ? nw_phrase_add(&c->prog->phrases, &m, 1) : NW_PHRASE_NONE;
}

uint32_t
nw_compile_leaf_regex(struct nw_compile *c, const struct nw_ast *a)
{
	struct nw_prog *p = c->prog;
	struct nw_buf literal = {0};
	struct nw_regex *re = nw_regex_new(a->text, a->icase);
	void *v = p->regex;
	int icase = a->icase;

	if (re == NULL)
		return NW_PROG_NONE;
	if (nw_prog_room(&v, &p->regex_cap, p->nregex, 1, sizeof(struct nw_regex *)) == -1) {
		nw_regex_free(re);
		return NW_PROG_NONE;
	}
	p->regex = v;
	p->regex[p->nregex++] = re;
	if (nw_pattern_literal(a->text, &literal, &icase) != 0)
		re->phrase = waking_phrase(c, nw_buf_str(&literal));
	nw_buf_done(&literal);
	return p->nregex - 1;
}
