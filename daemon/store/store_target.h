/*
 * store_target.h - targets (listings, pages, second looks): what is due, and how a poll ended without a document.
 * Floor 3, newswatchd.  A poll that brought a document to read ends in store_commit.h.
 */
#ifndef NW_STORE_TARGET_H
#define NW_STORE_TARGET_H

#include "store/store.h"

struct nw_arena;

enum nw_store_kind {
	NW_STORE_LISTING, /* configured: polled for ever */
	NW_STORE_FOLLOWED, /* a listing a listing named (next page, part of an index): polled when its parent changes */
	NW_STORE_PAGE,	 /* an article's page, to be read for the first time */
	NW_STORE_RELOOK, /* the same page again, at growing intervals, for edits and deletions */
};

/* What a poll needs. */
struct nw_store_target {
	int64_t id, source, article; /* article: 0 unless the page of one */
	uint32_t kind;		     /* enum nw_store_kind */
	uint32_t role;		     /* enum nw_role, for the READ job */
	uint32_t failures;	     /* in a row */
	uint32_t polls_conditional;  /* since the last unconditional one */
	uint32_t first_contact;	     /* never read to the end */
	uint32_t step;		     /* second look, from 0 */
	uint32_t moved_n;	     /* times in a row that moved_url was the permanent answer */
	uint32_t has_body_hash;
	uint8_t body_hash[32]; /* SHA-256 of the body last committed */
	struct nw_str source_name;
	struct nw_str url; /* to fetch: the adopted one after permanent redirects */
	struct nw_str url_configured;
	struct nw_str moved_url;
	struct nw_str etag, last_modified; /* "" if none */
	struct nw_bytes options;	   /* the source's, as nw_store_sync_source() got them */
	int64_t was_due_ms, last_poll_ms, last_ok_ms, last_change_ms; /* NW_TIME_NONE if never */
	int64_t every_ms;					      /* configured */
	int64_t last_new_ms; /* of its source; NW_TIME_NONE if never */
	int64_t rhythm_ms; /* usual gap between documents with new items, 0 if not known */
};

/*
 * nw_store_claim(store, now_ms, max, arena, targets_r, n_r, err):
 * Up to ${max} (at most NW_CLAIM_MAX) targets due at ${now_ms}, earliest first; each is leased for NW_LEASE_S, after
 * which it is due again by itself.
 */
int nw_store_claim(struct nw_store *, int64_t now_ms, uint32_t max, struct nw_arena *,
    struct nw_store_target **targets_r, uint32_t *n_r, struct nw_err *);
/* From now on each target is claimed only once: what was polled at ${since_ms} or later stays (--once). */
void nw_store_claim_once(struct nw_store *, int64_t since_ms);
/* One target by id or the configured listings of a source by name, due or not, leased: `newswatch poll SOURCE`. */
int nw_store_claim_source(struct nw_store *, struct nw_str source, int64_t now_ms, struct nw_arena *,
    struct nw_store_target **targets_r, uint32_t *n_r, struct nw_err *);
/* Give a claimed target back untouched, due at ${due_ms}: a busy host, back-pressure, a stop. */
int nw_store_release(struct nw_store *, int64_t target, int64_t due_ms, struct nw_err *);
/* The `seen` blob for the READ job; empty if none.  Only needed once a document came. */
int nw_store_seen(
    struct nw_store *, int64_t target, struct nw_arena *, struct nw_bytes *seen_r, struct nw_err *);

enum nw_store_end {
	NW_STORE_NOT_MODIFIED, /* 304 */
	NW_STORE_SAME_BODY,    /* 200 with the bytes known */
	NW_STORE_FAILED,       /* network, status, parser: `reason` */
	NW_STORE_GONE,	       /* 404 or 410: a page is lost for good, a listing counts as failed */
	NW_STORE_REFUSED,      /* robots.txt and the like: a page is final without its text */
	NW_STORE_READ_WHOLE,   /* in store_commit.h */
	NW_STORE_READ_PART,    /* in store_commit.h: incomplete document, validators do not move */
};

/* How a poll ended. */
struct nw_store_poll {
	int64_t target;
	uint32_t end;	      /* enum nw_store_end */
	uint32_t status;      /* HTTP, 0 if none */
	uint32_t conditional; /* the request carried validators */
	int64_t now_ms;
	int64_t next_ms; /* next due, by the scheduler.  Pages and second looks keep their own steps: there it
				 * is used after failures only */
	struct nw_str etag, last_modified; /* as answered; "" = not said (200: forgotten, 304: kept) */
	struct nw_str
	    moved_url;	   /* where permanent redirects led, "" if none; adopted after NW_STORE_MOVED_N */
	uint32_t moved_away; /* to another host: counted, never adopted */
	struct nw_str url; /* final URL */
	struct nw_str content_type;
	struct nw_str headers; /* as received, "Name: value" lines, for the document's row; capped */
	struct nw_str reason;  /* one line, for FAILED, GONE, REFUSED */
	const int64_t *look_s; /* when a page that was read is looked at again; NULL: 1 h, 6 h, 1 d, 7 d, 30 d */
	uint32_t nlook;
	uint8_t body_hash[32]; /* SHA-256, where a body came */
};

/* What followed from the end of a poll. */
struct nw_store_polled {
	uint32_t failures;	  /* in a row, now */
	uint32_t moved;		  /* the permanent redirect has just been adopted */
	uint32_t recovered;	  /* it had failed before */
	uint32_t vanished;	  /* a page that was read before is gone: event written */
	uint32_t match;		  /* an article is final without its page: nw_store_match_claim() has it */
	uint32_t baseline_page;	  /* a page that a first contact found */
	int64_t article;	  /* for vanished and match */
	int64_t failing_since_ms; /* NW_TIME_NONE if not */
};
/* Not modified, same body, failed, gone, refused. */
int nw_store_poll_end(
    struct nw_store *, const struct nw_store_poll *, struct nw_store_polled *polled_r, struct nw_err *);
/* The wall clock leapt: overdue targets are spread over ${spread_ms}, and nothing waits for the wrong year. */
int nw_store_spread(struct nw_store *, int64_t now_ms, int64_t spread_ms, uint32_t *n_r, struct nw_err *);
#endif
