/*
 * store_admin.h - backup, restore, check, retention.
 * Floor 3, newswatchd and newswatch.
 */
#ifndef NW_STORE_ADMIN_H
#define NW_STORE_ADMIN_H

#include "store/store.h"

/* A consistent copy while the daemon runs, from a store of either mode, to a new file; whole or not there. */
int nw_store_backup(struct nw_store *, const char *to, struct nw_err *);
/*
 * nw_store_restore(path, from, now_ms, held_r, err):
 * Put a backup, of this or an earlier schema, in the place of PATH (which is moved aside, never deleted).  What was not
 * yet delivered in the backup may have been since: its deliveries, also those still to be made, are `held` until
 * somebody sends them again.  ${held_r}: how many, alerts that are in no message yet included.
 */
int nw_store_restore(const char *path, const char *from, int64_t now_ms, uint32_t *held_r, struct nw_err *);

/* Each finding is one sentence.  0 sound, 1 findings, -1 could not look. */
typedef void nw_store_finding_fn(void *cookie, const char *text);
int nw_store_check(struct nw_store *, nw_store_finding_fn *, void *cookie, struct nw_err *);
/* PATH under the lock, no daemon running: what can be mended is (sweeps, states, a malformed file set aside). */
int nw_store_repair(const char *path, int64_t now_ms, nw_store_finding_fn *, void *cookie, struct nw_err *);

struct nw_store_retention {
	int64_t
	    text_before_ms; /* texts of articles not cited by an alert, near miss or review; NW_TIME_NONE: keep */
	int64_t alerts_before_ms; /* alerts with all that cites them; NW_TIME_NONE: keep */
	int64_t events_before_ms;
	uint32_t max; /* rows in one call: the writer is not held long */
};
/* 1 there is more to remove, 0 done, -1.  Keys stay: an item that slides back into a list is old. */
int nw_store_retain(
    struct nw_store *, const struct nw_store_retention *, uint32_t *removed_r, struct nw_err *);
#endif
