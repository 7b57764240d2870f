/*
 * store_outbox.h - from alert to outcome: due groups, messages, their parts, deliveries.
 * Floor 3, newswatchd.  Between alert and message nothing is dropped: rows only move or are held, visibly.
 * Order: nw_store_group_due -> nw_store_group_message -> nw_store_render_claim -> nw_store_render_done ->
 *        nw_store_delivery_claim -> nw_store_delivery_done.
 */
#ifndef NW_STORE_OUTBOX_H
#define NW_STORE_OUTBOX_H

#include "store/store.h"
#include "wire.pb-c.h"

struct nw_arena;

/* --- groups */

struct nw_store_group {
	struct nw_str channel, key; /* together they name the group */
	struct nw_str watch;	    /* of its first alert */
	struct nw_str source;	    /* of its first alert, "" for the operator's notices */
	uint32_t notice;	    /* it is an operator's notice */
	uint32_t alerts;	    /* rows waiting in it, due or not */
	uint32_t severity;	    /* the highest in it */
	int64_t due_ms, since_ms;   /* earliest due_at; when its first alert was written */
	/* for nw_store_group_message(), set by the caller */
	uint32_t most;		/* alerts in one message; 0 = NW_STORE_MESSAGE_ALERTS */
	int64_t escalate_at_ms; /* then what nobody acknowledged escalates; NW_TIME_NONE: never */
};
/* A group's reason while its channel is not configured, disabled or gone; nw_store_channel_release() ends it. */
#define NW_STORE_NO_CHANNEL "its channel is not configured, disabled or gone"

/* Groups with a row due at ${now_ms}, earliest first, at most ${max}. */
int nw_store_group_due(struct nw_store *, int64_t now_ms, uint32_t max, struct nw_arena *,
    struct nw_store_group **groups_r, uint32_t *n_r, struct nw_err *);
/* Groups with a row that only waits for company (group_wait) and was never moved, due or not. */
int nw_store_group_waiting(struct nw_store *, uint32_t max, struct nw_arena *, struct nw_store_group **groups_r,
    uint32_t *n_r, struct nw_err *);
/*
 * nw_store_group_message(store, group, recipients, n, now_ms, id_r, err):
 * One message of all rows waiting in the group, and one delivery for each of the n recipients ("" for a webhook).
 * ${id_r} holds NW_STORE_ID_LEN + 1 bytes.  Returns 1, or 0 if nothing waited.
 * limits  group->most alerts; the rest stays due for the next message.
 */
int nw_store_group_message(struct nw_store *, const struct nw_store_group *, const struct nw_str *recipients,
    uint32_t n, int64_t now_ms, char *id_r, struct nw_err *);
/* Throttle, digest, quiet hours: all rows of the group become due at ${due_ms}, under ${key} if it is not
 * "" (a digest's), with ${reason} for the status. */
int nw_store_group_move(struct nw_store *, const struct nw_store_group *, int64_t due_ms, struct nw_str key,
    struct nw_str reason, struct nw_err *);
/* When the channel's n-th newest message was made (0 the newest), for throttles; and a watch's n-th newest live alert,
 * for floods.  NW_TIME_NONE if there are fewer. */
int nw_store_message_nth(
    struct nw_store *, struct nw_str channel, uint32_t nth, int64_t *at_ms_r, struct nw_err *);
int nw_store_alert_nth(
    struct nw_store *, struct nw_str watch, uint32_t nth, int64_t *at_ms_r, struct nw_err *);
/* What a silence covers of the group waits for its end, apart from the others: 1 there was some, 0 none, -1. */
int nw_store_silence_hold(struct nw_store *, const struct nw_store_group *, int64_t now_ms, struct nw_err *);

/* --- escalation */

struct nw_store_escalation {
	char message[NW_STORE_ID_LEN + 1];
	struct nw_str channel; /* whose message it was */
};
/* The next message whose escalation is due: 1, 0 if none, -1. */
int nw_store_escalate_next(struct nw_store *, int64_t now_ms, struct nw_arena *,
    struct nw_store_escalation *next_r, struct nw_err *);
/*
 * nw_store_escalate(store, message, to, severity, now_ms, err):
 * The message's alerts of at least ${severity} that nobody has acknowledged go to the channel ${to}, as one group;
 * "" only ends its waiting.  How many, or -1.  Done once.
 */
int nw_store_escalate(struct nw_store *, const char *message, struct nw_str to, uint32_t severity,
    int64_t now_ms, struct nw_err *);

/* --- rendering */

struct nw_store_render {
	char id[NW_STORE_ID_LEN + 1];
	struct nw_str channel, key;
	uint32_t tries;
	uint32_t alerts; /* in the message */
	uint32_t digest; /* moved together by nw_store_group_move() under a key of its own */
	uint32_t nnotice;
	Nw__Notice **notice; /* for the RENDER job: article with tags, alert with evidence, watch; beyond
			      * NW_MAIL_ALERTS_MAX of them title, address and watch alone */
};
/* The next message without parts, leased for NW_LEASE_S: 1, 0 if none, -1. */
int nw_store_render_claim(
    struct nw_store *, int64_t now_ms, struct nw_arena *, struct nw_store_render **render_r, struct nw_err *);
/* Its parts: stored once; its deliveries are now due. */
int nw_store_render_done(
    struct nw_store *, const char *id, const Nw__Message *, int64_t now_ms, struct nw_err *);
/* Tried again at ${retry_ms}; after NW_STORE_RENDER_TRIES its deliveries stand as failed: *failed_r is 1. */
int nw_store_render_failed(struct nw_store *, const char *id, struct nw_str reason, int64_t retry_ms,
    int64_t now_ms, int *failed_r, struct nw_err *);

/* --- deliveries */

enum nw_store_delivery_state {
	NW_STORE_PENDING, /* never due before its message has its parts */
	NW_STORE_SENDING, /* a sender has it, until the lease ends */
	NW_STORE_DEFERRED,
	NW_STORE_DELIVERED,
	NW_STORE_UNDELIVERABLE, /* failed: visible, can be sent again */
	NW_STORE_HELD,		/* by a restore, or by hand */
};

struct nw_store_delivery {
	char id[NW_STORE_ID_LEN + 1], message[NW_STORE_ID_LEN + 1];
	struct nw_str channel, recipient, watch;
	struct nw_str subject, text, html, json;
	struct nw_str
	    thread; /* id of the delivery that began this story to this recipient, "" for the first */
	uint32_t severity, attempts;
	int64_t date_ms; /* the message's: every retry has equal bytes */
	int64_t created_ms;
};
/* Channels with deliveries under way, and when each has one due. */
struct nw_store_queue {
	struct nw_str channel;
	int64_t next_ms;
};
int nw_store_queues(struct nw_store *, struct nw_arena *, struct nw_store_queue **queues_r, uint32_t *n_r,
    struct nw_err *);
/*
 * nw_store_delivery_claim(store, channel, now_ms, lease_ms, arena, delivery_r, err):
 * The channel's next due delivery: 1, 0 if none, -1.  It is `sending` until now_ms + lease_ms.
 * limits  its message is on disk before this returns; the lease joins the open group, and where a crash loses it the
 *         delivery goes again under its id.
 */
int nw_store_delivery_claim(struct nw_store *, struct nw_str channel, int64_t now_ms, int64_t lease_ms,
    struct nw_arena *, struct nw_store_delivery **delivery_r, struct nw_err *);

enum nw_store_result {
	NW_STORE_SENT,	   /* accepted */
	NW_STORE_LATER,	   /* refused for now, or it is not known: again, same id */
	NW_STORE_REJECTED, /* refused for good */
	NW_STORE_RETURNED, /* the sender never had it (stop, death before work): due again, no attempt counted */
};
struct nw_store_outcome {
	uint32_t result;	/* enum nw_store_result */
	uint32_t code;		/* SMTP or HTTP, 0 if none came */
	struct nw_str text;	/* last answer, one line */
	int64_t retry_after_ms; /* 0 if not said; capped at a day */
	int64_t max_age_ms;	/* of a delivery that is still not accepted; 0 = NW_DELIVERY_AGE_S */
};
struct nw_store_settled {
	uint32_t state; /* enum nw_store_delivery_state, now */
	uint32_t attempts;
	uint32_t gave_up; /* failed only now because of its age: tell the operator */
	int64_t next_ms;
};
/*
 * nw_store_delivery_done(store, id, outcome, now_ms, settled_r, err):
 * does    records the outcome; a deferred one is due by the schedule of NW_STORE_RETRY_S with jitter, not before
 *         retry_after; older than its greatest age it stands as failed.  It joins the open group: a crash before
 *         nw_store_flush() repeats the delivery under its id.
 */
int nw_store_delivery_done(struct nw_store *, const char *id, const struct nw_store_outcome *, int64_t now_ms,
    struct nw_store_settled *settled_r, struct nw_err *);
/*
 * nw_store_readdress(store, channel, to, n, now_ms, n_r, err):
 * The channel has other recipients now: what still waits for somebody who is none of these ${n} is never sent to him
 * (${n_r} of them stand as dropped), and who has got no delivery of such a message gets one, or the one back that an
 * earlier call took from him.  What is held stays so, for the same reason.
 */
int nw_store_readdress(struct nw_store *, struct nw_str channel, const struct nw_str *to, uint32_t n, int64_t now_ms,
    uint32_t *n_r, struct nw_err *);
/* All waiting deliveries of a channel: held (HTTP 410, unknown channel) with a reason, or due again. */
int nw_store_channel_hold(struct nw_store *, struct nw_str channel, struct nw_str reason, int64_t now_ms,
    uint32_t *n_r, struct nw_err *);
int nw_store_channel_release(
    struct nw_store *, struct nw_str channel, int64_t now_ms, uint32_t *n_r, struct nw_err *);
/* What waits in groups of a channel for this reason is due now. */
int nw_store_outbox_release(
    struct nw_store *, struct nw_str channel, struct nw_str reason, int64_t now_ms, struct nw_err *);
#endif
