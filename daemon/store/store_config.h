/*
 * store_config.h - sources and watches as the accepted configuration has them.
 * Floor 3, newswatchd.
 */
#ifndef NW_STORE_CONFIG_H
#define NW_STORE_CONFIG_H

#include "store/store.h"

#define NW_STORE_DIGEST_LEN 32

struct nw_store_listing {
	struct nw_str url;
	uint32_t role; /* enum nw_role */
};

struct nw_store_source {
	struct nw_str name, title;
	struct nw_bytes
	    options; /* the program's own packing of parser, fetch and policy options; opaque here */
	const struct nw_store_listing *listing;
	uint32_t nlisting;
	uint32_t enabled; /* 0: known, not polled */
	int64_t every_ms, every_max_ms; /* the most 0: no bound */
};

struct nw_store_synced {
	uint32_t added, changed, removed, renamed, targets_added;
};

/*
 * nw_store_sync_begin(store, now_ms, spread_ms), _source()*, _end():
 * Make the store's sources those of the configuration: rows are added, changed where they differ, and disabled when
 * _end() finds them not named, and what stood against them ends; nothing is deleted.  A new listing is due within ${spread_ms} (by a hash of its URL),
 * 0 = at once.  A listing that went and returned is due at once and no first contact.  A source that changed is due within
 * ${every_ms} where that is shorter than it was, else within ${every_max_ms}, unless its server asked to be left alone.
 * Where _name() was called for every source before the first _source(), one whose own name is new and whose address is that
 * of a source named no more takes that one's place: its articles stay known, its conditions and silences go with it.
 * One transaction, committed by _end(); nw_store_sync_abort() undoes it.
 * ${digest} of nw_store_sync_mark(), called in between, is of all that _source() is given: as long as
 * nw_store_sync_is() finds it, doing it all again would change nothing.  It says 1 so, 0 not, -1.
 */
int nw_store_sync_begin(struct nw_store *, int64_t now_ms, int64_t spread_ms, struct nw_err *);
int nw_store_sync_name(struct nw_store *, struct nw_str name, struct nw_err *);
int nw_store_sync_source(struct nw_store *, const struct nw_store_source *, struct nw_err *);
int nw_store_sync_mark(struct nw_store *, const uint8_t digest[NW_STORE_DIGEST_LEN], struct nw_err *);
int nw_store_sync_is(struct nw_store *, const uint8_t digest[NW_STORE_DIGEST_LEN], struct nw_err *);
int nw_store_sync_end(struct nw_store *, struct nw_store_synced *synced_r, struct nw_err *);
void nw_store_sync_abort(struct nw_store *);

/* A source's id and options by name; 1 found, 0 not, -1. */
struct nw_arena;
int nw_store_source_get(struct nw_store *, struct nw_str name, struct nw_arena *, int64_t *id_r,
    struct nw_bytes *options_r, struct nw_err *);

/* --- watches */

struct nw_store_watch_text {
	struct nw_str name;
	struct nw_str text; /* canonical, as written */
	uint64_t hash;	    /* of the text with its lists expanded */
};

/*
 * nw_store_watch_sync(store, texts, n, who, why, now_ms, ids_r):
 * Versions of all watches: an equal hash keeps the live version, another ends it and begins a new one, a watch not
 * named ends.  ${ids_r}[i] (n of them) is the version of texts[i], for struct nw_store_watch.  Committed at once.
 */
int nw_store_watch_sync(struct nw_store *, const struct nw_store_watch_text *, uint32_t n, struct nw_str who,
    struct nw_str why, int64_t now_ms, int64_t *ids_r, struct nw_err *);

/* An event of the configuration ("accepted generation 7", "refused: ...") in the history. */
int nw_store_config_event(struct nw_store *, struct nw_str text, int64_t now_ms, struct nw_err *);
#endif
