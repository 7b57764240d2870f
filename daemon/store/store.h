/*
 * store.h - open and close the store, its health, and group commits.
 * Floor 3, newswatchd (the only writer), newswatch, newswatch-indexer (readers).  Knows articles, alerts and
 * deliveries; knows no network, no worker and no clock: instants come in as *_ms, UTC.
 * Life: nw_store_open() -> everything of store_*.h -> nw_store_close().  One thread.  No type here names the engine.
 *
 *   store.h          open, health, groups            store_config.h   sources and watches as configured
 *   store_target.h   what is due, and its outcome     store_commit.h   what a worker read or matched
 *   store_outbox.h   groups, messages, deliveries     store_tell.h     conditions, notices to the operator, ack, silence
 *   store_read.h     what the reading commands show   store_admin.h    backup, check, retention, export
 *
 * Every writing call joins the open group (one transaction) or opens one; a group is committed by nw_store_flush(),
 * after NW_STORE_GROUP_N calls, and at once by the calls that say so.  A call that fails undoes itself alone; when
 * the commit fails, the whole group is undone and nothing of it has happened: every step may be redone, since rows
 * have deterministic keys.  Strings handed out live in the caller's arena.
 */
#ifndef NW_STORE_STORE_H
#define NW_STORE_STORE_H

#include <newswatch/plugin.h>

struct nw_err;
struct nw_store;

#define NW_STORE_ID_LEN 32			 /* hex digits of an id of alert, message, delivery */
#define NW_STORE_NEVER	INT64_C(253402300799000) /* a due_at that never comes: the end of year 9999 */

enum nw_store_mode {
	NW_STORE_WRITE, /* the one writer: lock file, migrations, recovery */
	NW_STORE_READ,	/* newswatch, newswatch-indexer: read-only, each call under a deadline */
	NW_STORE_COPY,	/* only to be copied by nw_store_backup(), so any earlier schema is fine */
};

struct nw_store_options {
	const char *path; /* of news.db; its directory must exist and be the user's own, not world-writable */
	uint32_t mode;	  /* enum nw_store_mode */
	uint32_t read_ms; /* NW_STORE_READ: deadline of one call, 0 = NW_STORE_READ_MS */
	int64_t now_ms;	  /* NW_STORE_WRITE: leases and deliveries in flight become due at this instant */
};

/* What opening found; all zero after a clean stop. */
struct nw_store_opened {
	uint32_t created; /* no database stood there */
	uint32_t unclean; /* the last writer did not close it; it was checked */
	uint32_t
	    corrupt; /* it was malformed: moved aside to corrupt_path, a fresh one begun; all is baseline */
	uint32_t migrated_from; /* schema version before, 0 = none needed; the copy is PATH.vN */
	uint32_t leases;	/* targets and matches freed */
	uint32_t in_flight;	/* deliveries that were `sending`, now deferred with the same id */
	uint32_t far;		/* targets that a wrong clock had put off for ever, due again */
	uint32_t held;		/* it is a backup: deliveries that may have been made since, held now */
	int64_t due_ms;		/* since when something was due and nothing was polled; NW_STORE_NEVER if nothing was due */
	int64_t restored_ms;	/* when a backup became this store, now or earlier; 0 never */
	char corrupt_path[512];
};

/*
 * nw_store_open(options, store_r, opened_r, err):
 * does    WRITE takes the lock PATH.lock, checks, migrates, frees its leases; a backup that stands there is taken for
 *         restored.
 * owns    the caller closes it with nw_store_close().
 * errors  NW_ECONF another writer, a newer schema (left untouched), wrong owner, mode, kind of file or file system;
 *         NW_ERES the disk, or a database that is being written and cannot be read now.
 */
int nw_store_open(const struct nw_store_options *, struct nw_store **store_r,
    struct nw_store_opened *opened_r, struct nw_err *);
/* Commits the open group, marks a clean stop, frees.  NULL is fine. */
void nw_store_close(struct nw_store *);

/* --- groups */

/* 0, or -1: the whole group is undone (disk full, I/O); see nw_store_health(). */
int nw_store_flush(struct nw_store *, struct nw_err *);
/* Monotonic ms by which nw_store_flush() is to be called (NW_STORE_GROUP_MS after the first call of the group), or
 * -1 if nothing waits. */
int64_t nw_store_flush_at(const struct nw_store *);

/* --- what is due next */

/* Earliest instants, NW_STORE_NEVER where nothing waits; for one timer.  Asked after every poll: the answer is kept in
 * memory until a row that it rests on changes. */
struct nw_store_due {
	int64_t match_ms, outbox_ms, render_ms, delivery_ms, escalate_ms;
	uint64_t changes; /* grows with every change of outbox, messages or deliveries */
};
int nw_store_due(struct nw_store *, struct nw_store_due *due_r, struct nw_err *);
int nw_store_target_due(struct nw_store *, int64_t now_ms, int64_t *due_r, struct nw_err *);

/* --- health */

struct nw_store_health {
	uint32_t
	    broken;    /* I/O error or corruption: nothing more is written; end the process and start again */
	uint32_t full; /* the last write found no space; cleared by the next that succeeds */
	uint32_t write_errors;		      /* since the start */
	int64_t bytes, wal_bytes, free_bytes; /* of database, write-ahead log, file system */
};
void nw_store_health(struct nw_store *, struct nw_store_health *health_r);
/* Writes that found no space, since the start: free to ask, and it misses no disk that is full for a moment only. */
uint32_t nw_store_filled(const struct nw_store *);
/* Groups that were undone whole, since the start, whoever asked for their commit. */
uint32_t nw_store_undone(const struct nw_store *);
/* When idle: what stands in the write-ahead log goes to its place, if that is worth a visit of the disk.  Commits do it
 * themselves only where the log has become long. */
void nw_store_tidy(struct nw_store *);
/* When idle, every NW_STORE_SHRINK_MS: gives back the memory of pages that stand in the file anyway; a writer that is not
 * busy keeps NW_STORE_CALM_KB from now on, until it is.  1 it did, 0 it was not worth it. */
int nw_store_shrink(struct nw_store *);
/* When idle: bring the write-ahead log back to nothing.  0, or -1 when a reader is in the way. */
int nw_store_checkpoint(struct nw_store *, struct nw_err *);
#endif
