/*
 * before.h - for the mail of an edit: the sentences of the revision before that stood where the evidence stands now.
 * Floor 3, private to store/sqlite.  Text in, text out.
 */
#ifndef NW_STORE_BEFORE_H
#define NW_STORE_BEFORE_H

#include "batch.pb-c.h"

struct nw_arena;

/*
 * nw_before_find(arena, article, alert, old_r, n_r):
 * For each passage of ${alert}'s evidence, the sentence of article->prev_body that shares most with it, unless it is
 * the same; passages of removed text are old themselves.  None on a first revision.
 * limits  NW_STORE_OLD_MAX sentences, NW_STORE_OLD_SCAN bytes of the previous body.
 * errors  -1 without memory.
 */
int nw_before_find(
    struct nw_arena *, const Nw__Article *, const Nw__Alert *, ProtobufCBinaryData **old_r, size_t *n_r);
#endif
