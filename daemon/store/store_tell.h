/*
 * store_tell.h - what the operator is told, and what people say about alerts.
 * Floor 3, newswatchd.  An operator's notice is an alert without an article: same outbox, same promise.
 */
#ifndef NW_STORE_TELL_H
#define NW_STORE_TELL_H

#include "store/store.h"

/* One notice.  The same key tells once. */
struct nw_store_notice {
	struct nw_str key;    /* "statement/desk/2026-03-01", "baseline/mfa-cn-en" */
	struct nw_str source; /* "" if of none */
	struct nw_str subject, text;
	uint32_t severity;
	const struct nw_str *channels;
	uint32_t nchannels;
	struct nw_str report_of; /* the source whose first contact it reports: what nw_store_reports_owed() tells is settled
				  * with it, so it may wait for the group; "" if it is no such report */
};
/* 1 told now, 0 it was before, -1.  Committed at once, but for a report. */
int nw_store_tell(struct nw_store *, const struct nw_store_notice *, int64_t now_ms, struct nw_err *);

/*
 * Conditions: a source that fails, dries up, lies.  Raised once, cleared once; each raising and each clearing of one
 * that was told is a notice.  ${notice}->key names the condition ("silent/mfa-cn-en").
 * _raise: 1 newly raised, 0 it stood already, -1.   _clear: 1 it stood, 0 it did not, -1.
 */
int nw_store_condition_raise(
    struct nw_store *, const struct nw_store_notice *, int64_t now_ms, struct nw_err *);
int nw_store_condition_clear(
    struct nw_store *, const struct nw_store_notice *, int64_t now_ms, struct nw_err *);
/* It was so once more: nw_store_condition_row.last_ms. */
int nw_store_condition_again(struct nw_store *, struct nw_str key, int64_t now_ms, struct nw_err *);

/* How many times in a row something was so that counts only after several: a condition to be.  n = 0 ends the count. */
int nw_store_streak_set(struct nw_store *, struct nw_str key, uint32_t n, struct nw_err *);
typedef int nw_store_streak_fn(void *cookie, struct nw_str key, uint32_t n);
int nw_store_streaks(struct nw_store *, nw_store_streak_fn *, void *cookie, struct nw_err *);

/* What first contact muted, for the one mail: alerts muted as baseline, pages of it still to be read. */
struct nw_store_baseline {
	uint32_t articles, muted, waiting;
};
int nw_store_baseline_get(
    struct nw_store *, struct nw_str source, struct nw_store_baseline *baseline_r, struct nw_err *);
/* Sources whose first contact was committed and not reported yet. */
typedef int nw_store_name_fn(void *cookie, struct nw_str name);
int nw_store_reports_owed(struct nw_store *, nw_store_name_fn *, void *cookie, struct nw_err *);

/* --- people.  ${who} is the name the control socket knows.  ids may be a prefix of at least 6 digits.
 * 1 done, 0 no such thing (or more than one: NW_EINPUT in err with -1). */
int nw_store_ack(struct nw_store *, struct nw_str alert, struct nw_str who, struct nw_str note,
    int64_t now_ms, struct nw_err *);
int nw_store_review(struct nw_store *, struct nw_str alert, struct nw_str verdict, struct nw_str reason,
    struct nw_str who, int64_t now_ms, struct nw_err *);
/* A delivery, or all of an alert's or a message's, held and failed ones too: due now, same id. */
int nw_store_resend(
    struct nw_store *, struct nw_str id, struct nw_str who, int64_t now_ms, uint32_t *n_r, struct nw_err *);
/* All that are "failed" or "held", of one channel or ("") of every one. */
int nw_store_resend_state(struct nw_store *, struct nw_str state, struct nw_str channel, struct nw_str who, int64_t now_ms,
    uint32_t *n_r, struct nw_err *);

/* A delivery, or all of an alert's or a message's, that was not made, is never made; an alert's that are no message yet
 * become one.  It stays visible as `dropped`, and can still be sent again by its id. */
int nw_store_drop(
    struct nw_store *, struct nw_str id, struct nw_str who, int64_t now_ms, uint32_t *n_r, struct nw_err *);
/* All that is held of one channel or ("") of every one; ${waiting}: and all that waits for the one channel, its next
 * attempt or a message to be. */
int nw_store_drop_all(struct nw_store *, struct nw_str channel, int waiting, struct nw_str who, int64_t now_ms,
    uint32_t *n_r, struct nw_err *);
/* Alerts and deliveries that wait for a channel. */
int nw_store_channel_waiting(struct nw_store *, struct nw_str channel, uint32_t *n_r, struct nw_err *);
/* How many are held, or will be, because they may have been made before the store was restored. */
int nw_store_held_since(struct nw_store *, uint32_t *n_r, struct nw_err *);

struct nw_store_silence {
	int64_t id;
	struct nw_str watch, source, channel; /* "" = any */
	struct nw_str who, reason;
	int64_t from_ms, until_ms;
};
int nw_store_silence_add(struct nw_store *, const struct nw_store_silence *, int64_t *id_r, struct nw_err *);
int nw_store_silence_end(struct nw_store *, int64_t id, struct nw_str who, int64_t now_ms, struct nw_err *);
#endif
