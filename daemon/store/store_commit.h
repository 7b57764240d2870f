/*
 * store_commit.h - one transaction for what a worker read or matched: articles, revisions, tags, alerts with their
 * outbox rows, near misses, follow-up targets, target state, events.
 * Floor 3, newswatchd.  A batch comes here only after nw_batch_check().  All of it may be redone.
 */
#ifndef NW_STORE_COMMIT_H
#define NW_STORE_COMMIT_H

#include "core/batch.h"
#include "store/store_target.h"

enum nw_store_identity { NW_STORE_ID_AUTO, NW_STORE_ID_GUID, NW_STORE_ID_URL, NW_STORE_ID_TITLE };
enum nw_store_full_text {
	NW_STORE_FULL_AUTO /* what parsers call a teaser */,
	NW_STORE_FULL_ALWAYS,
	NW_STORE_FULL_NEVER
};
enum nw_store_backfill { /* at first contact */
	NW_STORE_BACKFILL_MUTE, /* items published longer ago than contact_age_ms, or undated, do not alert */
	NW_STORE_BACKFILL_ALERT
};
enum nw_store_keep { NW_STORE_KEEP_ALERTS, NW_STORE_KEEP_ALL, NW_STORE_KEEP_NONE };

/* A source's options that concern the store. */
struct nw_store_policy {
	uint32_t identity, full_text, backfill, keep; /* the enums above */
	int64_t contact_age_ms;
	int64_t alert_age_ms; /* at any time, items published longer ago do not alert; 0: no bound */
	uint32_t relook; /* 1: pages that were read are looked at again (nw_store_poll.look_s) */
	int64_t pending_ms; /* an article waits so long for its page before its summary is matched; 0: NW_STORE_PENDING_S */
};

enum nw_store_watch_state { NW_STORE_LIVE, NW_STORE_SHADOW /* and draft: stored as muted */ };
enum nw_store_group_by {
	NW_STORE_GROUP_NONE,
	NW_STORE_GROUP_STORY,
	NW_STORE_GROUP_WATCH,
	NW_STORE_GROUP_NUMBER,
	NW_STORE_GROUP_SOURCE
};
enum nw_store_on_revision {
	NW_STORE_REV_EVIDENCE /* only new evidence alerts again */,
	NW_STORE_REV_ALWAYS,
	NW_STORE_REV_NEVER
};

/* The envelope of one watch, as the batch's generation has it. */
struct nw_store_watch {
	struct nw_str name;
	int64_t version;   /* of nw_store_watch_sync() */
	uint32_t severity; /* the most an alert may carry */
	uint32_t state;	   /* enum nw_store_watch_state */
	uint32_t group_by, on_revision;
	int64_t group_wait_ms;			 /* critical alerts never wait */
	int64_t expires_ms;			 /* NW_TIME_NONE: never; afterwards only events say that it fired */
	const struct nw_str *channels, *sources; /* no sources: all */
	const uint32_t *channel_min; /* [channel]: alerts below this severity do not go there; NULL: all do */
	uint32_t nchannels, nsources;
};
/* NULL: there is no such entry, so the batch is nonsense (NW_EPLUGIN, nothing stored). */
typedef const struct nw_store_watch *nw_store_watch_fn(void *cookie, uint32_t plugin, uint32_t entry);
struct nw_store_rules {
	nw_store_watch_fn *watch;
	void *cookie;
	uint32_t engine_version;
	uint32_t
	    gone; /* 1: the generation is no longer live; alerts of watches that are gone come back with no channels */
};

struct nw_store_report {
	uint32_t articles;   /* new ones */
	uint32_t revisions;  /* of known articles */
	uint32_t pending;    /* new ones that wait for their page */
	uint32_t duplicates; /* the same article twice in the document */
	uint32_t keys;	     /* keys added to known articles (churn of one key) */
	uint32_t alerts;     /* live: they have outbox rows */
	uint32_t held;	     /* of these: they may have been told before the store was restored */
	uint32_t muted;	     /* kept, not sent: first contact, churn, shadow */
	uint32_t expired;    /* of watches whose last day is over: an event each, no alert */
	uint32_t repeated;   /* alerts on a revision without new evidence: left out */
	uint32_t near;
	uint32_t follow;	/* targets added */
	uint32_t match;		/* articles that nw_store_match_claim() now has */
	uint32_t first_contact; /* this was a configured listing's first complete document */
	uint32_t baseline_page; /* a page that a first contact found */
	uint32_t churn; /* more than half of a known listing came back new under known titles: all muted */
	uint32_t
	    no_overlap; /* nothing of the document was known though the listing is: items may have been missed */
	uint32_t reappeared; /* a page that had vanished is back */
	uint32_t
	    conflicts; /* copies of one numbered announcement, at other sources, that read differently: events */
	uint32_t moved, recovered; /* as in struct nw_store_polled */
	int64_t article;	   /* of a page target: the article; else the last new one */
	int64_t items_before;	   /* items of the document before this one */
	int64_t items_usual;	   /* items the document usually has, 0 if not known */
	uint32_t gap_n;	       /* announcement numbers between the last known one and a new one that nobody saw */
	char gap_from[128], gap_to[128];
	char charset_was[64]; /* of a listing: before this document; "" if not known */
	char note[256];		   /* for the log: a guid used twice, and the like; "" if none */
};

/*
 * nw_store_commit(store, poll, batch, policy, rules, report_r, err):
 * does    everything that follows from a document read.  ${poll}->end is READ_WHOLE or READ_PART; the validators are
 *         kept only when it is whole and ${batch}'s document is not `incomplete`.
 * limits  rides in the group.  What was lost with it is read again: the target's state is lost as well; and no message
 *         leaves before its alerts are on disk, see nw_store_delivery_claim().
 * errors  NW_EPLUGIN an alert of no entry; NW_ERES: nothing stored, the target's state has not moved.
 */
int nw_store_commit(struct nw_store *, const struct nw_store_poll *, const struct nw_batch *,
    const struct nw_store_policy *, const struct nw_store_rules *, struct nw_store_report *report_r,
    struct nw_err *);

/* --- articles to be matched: edits, and listed articles whose page did not come in time */

struct nw_store_match {
	int64_t article, revision; /* ids; revision is also article->id for the MATCH job */
	uint32_t provisional;	   /* the page may still come */
	Nw__Article *m;		   /* as the MATCH job wants it, previous text included */
};
/*
 * nw_store_match_claim(store, now_ms, max, arena, matches_r, n_r, err):
 * The articles due for a MATCH job, leased for NW_LEASE_S.
 * limits  ${max}, and NW_STORE_MATCH_BYTES of text in one call.
 */
int nw_store_match_claim(struct nw_store *, int64_t now_ms, uint32_t max, struct nw_arena *,
    struct nw_store_match **matches_r, uint32_t *n_r, struct nw_err *);
/* The answer: tags replace those of the revision, alerts are added as above.  Same limits and errors. */
int nw_store_commit_match(struct nw_store *, const struct nw_batch *, const struct nw_store_rules *,
    int64_t now_ms, struct nw_store_report *report_r, struct nw_err *);
/* The job failed twice: the revision stays without alerts, an event says why.  ${revision}: Article.id of the job. */
int nw_store_match_failed(
    struct nw_store *, int64_t revision, struct nw_str reason, int64_t now_ms, struct nw_err *);

/* A document that killed its worker twice, or that no parser reads: kept as an event with its reason. */
int nw_store_quarantine(
    struct nw_store *, const struct nw_store_poll *, struct nw_store_polled *polled_r, struct nw_err *);
#endif
