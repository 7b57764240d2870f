/*
 * message.h - the rows of a group become one message with its deliveries.
 * Floor 3, private to store/sqlite.
 */
#ifndef NW_STORE_MESSAGE_H
#define NW_STORE_MESSAGE_H

#include "store/store_outbox.h"

/* Within the caller's operation; ${id_r} holds NW_STORE_ID_LEN + 1 bytes.  1, 0 if nothing waited, -1. */
int nw_message_make(struct nw_store *, const struct nw_store_group *, const struct nw_str *recipients, uint32_t n,
    int64_t now_ms, struct nw_arena *, char *id_r, struct nw_err *);
/* A delivery of a message to one more recipient, threaded with what he got of its story. */
struct nw_message_to {
	struct nw_str channel, message;
	struct nw_str held; /* why it is; "": it is not */
	int64_t story;	    /* 0: none */
};
int nw_message_address(
    struct nw_store *, const struct nw_message_to *, struct nw_str recipient, int64_t now_ms, struct nw_err *);
#endif
