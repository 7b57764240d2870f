/*
 * input.h - articles as JSON lines: parse's articles, parse's whole documents, or the short form.
 * Floor 4.
 */
#ifndef NW_CLI_INPUT_H
#define NW_CLI_INPUT_H

#include <newswatch/plugin.h>

#include "batch.pb-c.h"

struct nw_arena;
struct nw_err;
struct nw_input;

#define NW_INPUT_LINE_MAX (64u << 20) /* bytes of a line: a document with all its articles */

/* path "-" is standard input.  errors NW_ERES. */
int nw_input_open(const char *path, struct nw_input **input_r, struct nw_err *);
void nw_input_close(struct nw_input *); /* NULL is fine */
/*
 * nw_input_next(input, arena, article_r, id_r, err):
 * The next article, in ${arena}; ${id_r} is its name in answers: "id" (a number or text), else guid, else url, else
 * "line N".
 * returns  1 an article, 0 the end, -1 with NW_EINPUT for a line that is none: the next call goes on after it.
 */
int nw_input_next(struct nw_input *, struct nw_arena *, Nw__Article **article_r, struct nw_str *id_r, struct nw_err *);
#endif
