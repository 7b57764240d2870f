/*
 * drop.h - alerts that wait for a channel and are in no message yet are never to go there: each group becomes a message
 * whose one delivery, to nobody, stands as dropped.  Sent again, it goes back to the outbox.
 * Floor 3, private to store/sqlite.
 */
#ifndef NW_STORE_DROP_H
#define NW_STORE_DROP_H

#include "store/sqlite/prefix.h"
#include "store/store.h"

/* All that waits for ${channel}; ${n} grows by the deliveries that stand dropped now.  0 or -1. */
int nw_drop_waiting(
    struct nw_store *, struct nw_str channel, struct nw_str who, int64_t now_ms, uint32_t *n, struct nw_err *);
/* What waits of the alerts whose ids lie in ${range}, for any channel.  0 or -1. */
int nw_drop_of_alert(struct nw_store *, const struct nw_prefix *range, struct nw_str who, int64_t now_ms, uint32_t *n,
    struct nw_err *);
/* The delivery's alerts wait for their channel again: 1, 0 if it is none that was made so, -1. */
int nw_drop_undo(struct nw_store *, const char *delivery, int64_t now_ms, struct nw_err *);
#endif
