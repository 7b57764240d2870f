/*
 * query_text.h - for tests of the watch language: an analyser, definitions, an arena, and what was said of a text.
 * Life: nw_query_text_new() -> nw_query_text_parse()* (each forgets what was said before) -> nw_query_text_free().
 */
#ifndef NW_TEST_QUERY_TEXT_H
#define NW_TEST_QUERY_TEXT_H

#include "query/defs.h"

#define NW_QUERY_TEXT_SAID_MAX 64

struct nw_query_text {
	struct nw_analyse *an;
	struct nw_defs *defs;
	struct nw_ast_ctx ctx;
	uint32_t nsaid;
	struct nw_query_said {
		uint32_t severity, line, col, len;
		char text[512];
	} said[NW_QUERY_TEXT_SAID_MAX]; /* in the order they came */
};

struct nw_query_text *nw_query_text_new(void);
void nw_query_text_free(struct nw_query_text *);
/* A nw_query_diag_fn with the struct as its cookie. */
void nw_query_text_diag(void *, uint32_t severity, uint32_t line, uint32_t col, uint32_t len, const char *text);
struct nw_ast *nw_query_text_parse(struct nw_query_text *, const char *text);
struct nw_ast_score *nw_query_text_score(struct nw_query_text *, const char *text);
uint32_t nw_query_text_errors(const struct nw_query_text *);
/* Adds a list from entries that end with a NULL; its messages are said too. */
int nw_query_text_list(struct nw_query_text *, const char *name, const char *const *entries);
/* Adds the lists of a file of lines "NAME: ENTRY, ENTRY, ..."; fails the test if it is not there. */
void nw_query_text_lists_file(struct nw_query_text *, const char *path);
/* The text of a file of blocks with blank lines between, for nw_query_text_next(); the caller frees it. */
char *nw_query_text_blocks(const char *path);
/* The next block, comments left out; ${text} once, then NULL. */
char *nw_query_text_next(char *text, char **at);
/* The canonical text in a static buffer. */
const char *nw_query_text_print(const struct nw_ast *, uint32_t flags);
/* Whether two trees say the same, places apart; lists and watches by name. */
int nw_query_text_same(const struct nw_ast *, const struct nw_ast *);
#endif
