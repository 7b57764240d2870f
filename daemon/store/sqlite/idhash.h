/*
 * idhash.h - the ids of alerts, messages, deliveries: the same on every redoing.
 * Floor 3, private to store/sqlite.
 */
#ifndef NW_STORE_IDHASH_H
#define NW_STORE_IDHASH_H

#include "store/store.h"

/* Hex of the first half of the SHA-256 of the parts. */
void nw_idhash_make(const struct nw_str *parts, size_t n, char id[NW_STORE_ID_LEN + 1]);
/* Whether it could be one, or begin one: hex digits, at least 6. */
int nw_idhash_prefix_ok(struct nw_str);
#endif
