/*
 * store_read.h - what the reading commands, the index and the web show.
 * Floor 3, newswatch, newswatch-indexer, newswatchd (status).  Works on stores of both modes; a read-only one gives up
 * with NW_ERES at its deadline.  Rows come to a callback, borrowed until it returns; the callback returns 0 to go on,
 * 1 to stop.  Filters: "" and NW_TIME_NONE mean any; limit 0 means NW_STORE_ROWS_MAX.
 */
#ifndef NW_STORE_READ_H
#define NW_STORE_READ_H

#include "store/store.h"
#include "wire.pb-c.h"

struct nw_arena;

/* --- status */
struct nw_store_counts {
	int64_t sources, sources_failing, sources_gone, targets, targets_overdue;
	int64_t articles, revisions, alerts, alerts_muted, near_misses, pending, documents;
	int64_t outbox_waiting, unrendered, deliveries_due, deliveries_deferred, deliveries_sending,
	    deliveries_failed, deliveries_held, delivered;
	int64_t alerts_day, delivered_day, articles_day;	      /* of the last 24 h before now_ms */
	int64_t oldest_undelivered_ms, last_article_ms, last_poll_ms; /* NW_TIME_NONE if none */
	int64_t schema;
};
int nw_store_counts(struct nw_store *, int64_t now_ms, struct nw_store_counts *counts_r, struct nw_err *);

struct nw_store_filter {
	struct nw_str source, watch, channel, state, kind, text;
	int64_t since_ms, until_ms;
	int64_t before; /* a row's `seq`: only older ones, for paging; 0 = newest */
	uint32_t limit;
};

/* --- sources and their targets */
struct nw_store_source_row {
	int64_t id;
	struct nw_str name, title, identity;
	uint32_t enabled, targets, failures, items_last;
	int64_t items_usual;
	int64_t first_read_ms, last_read_ms, last_poll_ms, last_new_ms, failing_since_ms, next_due_ms;
	int64_t last_ok_ms; /* answered well, unchanged or not */
	int64_t rhythm_ms; /* usual gap between new items, 0 if not known */
	int64_t polls, unchanged, articles, bytes_n;
	struct nw_str last_error, charset, last_number;
};
typedef int nw_store_source_fn(void *cookie, const struct nw_store_source_row *);
int nw_store_sources(
    struct nw_store *, const struct nw_store_filter *, nw_store_source_fn *, void *cookie, struct nw_err *);
/* What is called so now: 1, 0 nothing, -1. */
int nw_store_source_id(struct nw_store *, struct nw_str name, int64_t *id_r, struct nw_err *);

/* --- alerts and near misses */
struct nw_store_alert_row {
	int64_t seq;
	struct nw_str id, watch, source, article_url, title, state,
	    reason; /* state: live, muted, shadow, operator */
	int64_t article, revision, revision_n, watch_version;
	uint32_t severity, provisional, has_score, acked, engine_version;
	int64_t score, at_ms, published_ms, acked_ms;
	uint32_t published_precision;
	struct nw_str ack_by, review;
	struct nw_str text; /* an operator's notice */
};
typedef int nw_store_alert_fn(void *cookie, const struct nw_store_alert_row *);
int nw_store_alerts(
    struct nw_store *, const struct nw_store_filter *, nw_store_alert_fn *, void *cookie, struct nw_err *);
/* What a first contact with ${source} muted, the latest first. */
int nw_store_baseline_alerts(struct nw_store *, struct nw_str source, uint32_t limit, nw_store_alert_fn *, void *cookie,
    struct nw_err *);
int nw_store_near_misses(
    struct nw_store *, const struct nw_store_filter *, nw_store_alert_fn *, void *cookie, struct nw_err *);
/* Live alerts of at least ${severity} that nobody acknowledged, raised within since_ms..until_ms: for escalation. */
int nw_store_unacked(struct nw_store *, const struct nw_store_filter *, uint32_t severity,
    nw_store_alert_fn *, void *cookie, struct nw_err *);

/* One alert (or near miss) with everything that proves it, by id or unambiguous prefix.  1, 0, -1. */
struct nw_store_proof {
	struct nw_store_alert_row row;
	Nw__Article
	    *article;	  /* of the revision it was raised on, tags included, prev_* for removed: evidence */
	Nw__Alert *alert; /* hits, blocked, clauses: offsets into the article's fields */
	struct nw_str watch_text; /* as it was live */
	int64_t seen_ms, watch_from_ms;
	/* the bytes it came from */
	struct nw_str document_url, document_headers, document_type;
	struct nw_bytes document_sha256;
	int64_t document_at_ms;
	uint32_t document_kept;
};
int nw_store_proof(
    struct nw_store *, struct nw_str id, struct nw_arena *, struct nw_store_proof **proof_r, struct nw_err *);
/* The kept bytes of a document by its SHA-256, as fetched: 1, 0 not kept, -1. */
int nw_store_document(
    struct nw_store *, struct nw_bytes sha256, struct nw_arena *, struct nw_bytes *body_r, struct nw_err *);

/* --- articles */
struct nw_store_article_row {
	int64_t id, revision, revision_n, first_seen_ms, published_ms, story, vanished_ms;
	struct nw_str source, url, title, lang, state; /* pending, provisional, final, summary, vanished */
	uint32_t published_precision, published_origin, baseline;
};
typedef int nw_store_article_fn(void *cookie, const struct nw_store_article_row *);
/* ${text} of the filter: a URL (compared in canonical form), a guid, an announcement's number, "article:ID". */
int nw_store_articles(
    struct nw_store *, const struct nw_store_filter *, nw_store_article_fn *, void *cookie, struct nw_err *);

/* Revisions with after < id <= until, ascending, as MATCH jobs, the index and the backtest want them (tags included when
 * asked).  ${m}->id is the revision's id; m->revision its number; m->first_seen_ms when it was seen. */
struct nw_store_revision_row {
	int64_t id, article, n, seen_ms;
	uint32_t current; /* the article's newest */
	int64_t source;	  /* the same under any name, as nw_store_source_id() gives it */
	const Nw__Article *m;
};
typedef int nw_store_revision_fn(void *cookie, const struct nw_store_revision_row *);
enum { NW_STORE_WITH_TAGS = 1, NW_STORE_WITH_PREV = 2, NW_STORE_NEWEST_FIRST = 4 /* descending */ };
int nw_store_revisions(struct nw_store *, int64_t after, int64_t until, uint32_t limit, uint32_t flags,
    nw_store_revision_fn *, void *cookie, struct nw_err *);
/* One of them. 1, 0, -1. */
int nw_store_revision(
    struct nw_store *, int64_t id, uint32_t flags, nw_store_revision_fn *, void *cookie, struct nw_err *);
/*
 * nw_store_ahead(st, id, n, step):
 * These revisions, whose ids ascend or descend, will be read one by one: let the disk fetch them meanwhile, many at once.
 * First NW_STORE_AHEAD_ROWS; then, when those may have come, NW_STORE_AHEAD_REST for what their rows lead to.
 * limits  readers only; what is beyond NW_STORE_AHEAD_N is left alone.  It saves time, and fails in silence.
 */
enum nw_store_ahead_step { NW_STORE_AHEAD_ROWS, NW_STORE_AHEAD_REST };
void nw_store_ahead(struct nw_store *, const int64_t *id, size_t n, enum nw_store_ahead_step step);
/* Every revision of an article, ascending, with the document it came from ("" and no hash: none is known any more). */
struct nw_store_history_row {
	int64_t revision, n, seen_ms, fetched_ms;
	uint32_t kept; /* nw_store_document() has the bytes */
	struct nw_bytes sha256;
	struct nw_str url, type, headers;
};
typedef int nw_store_history_fn(void *cookie, const struct nw_store_history_row *);
int nw_store_history(
    struct nw_store *, int64_t article, nw_store_history_fn *, void *cookie, struct nw_err *);
/* The highest revision id, 0 if none; and the first one seen at or after an instant (0 if none). */
int nw_store_revision_last(struct nw_store *, int64_t *id_r, struct nw_err *);
int nw_store_revision_since(struct nw_store *, int64_t at_ms, int64_t *id_r, struct nw_err *);

/* --- deliveries and history */
struct nw_store_delivery_row {
	struct nw_str id, message, channel, recipient, state, subject, last_answer;
	uint32_t attempts, last_code, severity, alerts;
	int64_t created_ms, next_ms, done_ms, seq;
};
typedef int nw_store_delivery_fn(void *cookie, const struct nw_store_delivery_row *);
/* ${text} of the filter: an alert's id. */
int nw_store_deliveries(
    struct nw_store *, const struct nw_store_filter *, nw_store_delivery_fn *, void *cookie, struct nw_err *);
struct nw_store_event_row {
	int64_t seq, at_ms;
	struct nw_str kind, ref, text;
};
typedef int nw_store_event_fn(void *cookie, const struct nw_store_event_row *);
int nw_store_events(
    struct nw_store *, const struct nw_store_filter *, nw_store_event_fn *, void *cookie, struct nw_err *);

struct nw_store_silence;
typedef int nw_store_silence_fn(void *cookie, const struct nw_store_silence *);
int nw_store_silences(
    struct nw_store *, int64_t now_ms, nw_store_silence_fn *, void *cookie, struct nw_err *);

struct nw_store_condition_row {
	struct nw_str key, source, subject, text;
	uint32_t severity;
	int64_t since_ms, last_ms; /* raised; last seen to be so */
};
typedef int nw_store_condition_fn(void *cookie, const struct nw_store_condition_row *);
int nw_store_conditions(struct nw_store *, nw_store_condition_fn *, void *cookie, struct nw_err *);

/* --- explain: the whole way of one article for one watch.  Stations stand in the order of the way; the first that
 * stopped it has ok = 0. */
enum nw_store_station {
	NW_STORE_AT_SOURCE,
	NW_STORE_AT_LISTED,
	NW_STORE_AT_FETCHED,
	NW_STORE_AT_READ,
	NW_STORE_AT_MATCHED,
	NW_STORE_AT_FIRED,
	NW_STORE_AT_LIVE,
	NW_STORE_AT_OUTBOX,
	NW_STORE_AT_RENDERED,
	NW_STORE_AT_DELIVERED
};
struct nw_store_step {
	uint32_t station, ok;
	int64_t at_ms;	    /* NW_TIME_NONE if not known */
	struct nw_str text; /* one sentence */
	struct nw_str ref;  /* id of the alert, near miss or delivery it speaks of, "" */
};
typedef int nw_store_step_fn(void *cookie, const struct nw_store_step *);
/* ${article}: URL, guid, announcement number, "article:ID", or alert id; ${watch} "": every watch that fired or nearly did.
 * 1 the article is known, 0 it is not (the steps say how far it could have come), -1. */
int nw_store_explain(struct nw_store *, struct nw_str article, struct nw_str watch, int64_t now_ms,
    nw_store_step_fn *, void *cookie, struct nw_err *);
#endif
