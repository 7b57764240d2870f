/*
 * opened.h - what the operator is told of the store that a start found: damaged, restored; and of what a restore holds.
 * Floor 4, newswatchd.
 */
#ifndef NW_MAIN_OPENED_H
#define NW_MAIN_OPENED_H

#include "store/store.h"

struct nw_operator;

/* Once a configuration is live, so that there is somebody to tell; the same find is told once. */
void nw_opened_tell(struct nw_operator *, const struct nw_store_opened *);
/* That nobody ran for long before this start: to the operator, and for the next statements. */
void nw_opened_away(struct nw_operator *, struct nw_store *, const struct nw_store_opened *, int64_t now_ms);
/* Alerts were held because they may have been told before the store was restored. */
void nw_opened_held(struct nw_operator *);
/* Somebody sent or dropped: whether anything of that is still held. */
void nw_opened_look(struct nw_operator *, struct nw_store *);
#endif
