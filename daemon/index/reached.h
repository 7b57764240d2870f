/*
 * reached.h - the words of the archive that a needed word, such as a pattern, reaches.
 * Floor 3, newswatch and index/.  Life: on an index opened for reading.
 */
#ifndef NW_INDEX_REACHED_H
#define NW_INDEX_REACHED_H

#include <newswatch/plugin.h>

struct nw_err;
struct nw_index;
struct nw_need_word;

/* Only one folded word can be it: it need not be looked for. */
int nw_reached_is_plain(const struct nw_need_word *);
/* The beginning that every word like it has, perhaps none. */
struct nw_str nw_reached_beginning(const struct nw_need_word *);

/* Called for each word, in the order of its bytes; 1 ends it. */
typedef int nw_reached_fn(void *cookie, struct nw_str word);
/* errors  -1, the database. */
int nw_reached_walk(struct nw_index *, const struct nw_need_word *, nw_reached_fn *fn, void *cookie);
/* How many revisions have the word in title or body.  errors  -1 with NW_ERES. */
int nw_reached_count(struct nw_index *, struct nw_str word, int64_t *count_r, struct nw_err *);
#endif
