/*
 * tokens.h - an article's words as the index holds them, and the tokenizer that FTS5 is given.
 * Floor 3, private to index/.  The words are the folded positions of query/analyse.h, which live rules see
 * too; here they are joined by single blanks, which no folded word holds, and the tokenizer only cuts there.
 *
 * Words of the author and of the URL stand behind the body's, each with a mark that no folded word holds: so
 * one look-up serves every field, and text is sought without a filter by column.  There too stand what an article
 * is, as words that are in no dictionary: its language, each beginning of the tag that is one (zh-Hant: zh-hant, zh)
 * or the mark alone while it is not known; the number of its source.  Neither changes once it is known.
 */
#ifndef NW_INDEX_TOKENS_H
#define NW_INDEX_TOKENS_H

#include <newswatch/plugin.h>

#include "base/buf.h"

struct nw_analyse;
struct nw_text;
struct sqlite3;

#define NW_TOKENS_NAME	 "newswatch"
#define NW_TOKENS_AUTHOR '@'
#define NW_TOKENS_URL	 '/'
#define NW_TOKENS_LANG	 '='
#define NW_TOKENS_SOURCE '+'

/* Tell a connection of the tokenizer; -1 if it has no FTS5. */
int nw_tokens_register(struct sqlite3 *);

/* Called for each word, its hash first (analyse.h). */
typedef void nw_tokens_fn(void *cookie, uint64_t hash, struct nw_str word);
/*
 * nw_tokens_add(an, text, s, mark, out, fn, cookie):
 * Cut ${s} and append its words to ${out}, each behind ${mark} if that is not 0; ${fn} gets them without the
 * mark. errors  -1 without memory (out->failed).
 */
struct nw_tokens_maker {
	struct nw_analyse *an;
	struct nw_text *text; /* scratch */
	nw_tokens_fn *fn;
	void *cookie;
};
int nw_tokens_add(const struct nw_tokens_maker *, struct nw_str s, char mark, struct nw_buf *out);
/* A language can be a word of the index. */
int nw_tokens_is_lang(struct nw_str s);
void nw_tokens_add_facts(struct nw_str lang, int64_t source, struct nw_buf *out);
#endif
