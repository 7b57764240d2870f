/*
 * store_kit.h - a store in a temporary directory, and batches to commit into it, for tests.
 * Every call asserts that it succeeds, unless it says that it returns the result.
 */
#ifndef STORE_KIT_H
#define STORE_KIT_H

#include "store/store_commit.h"

struct nw_arena;
struct nw_store_group;

#define KIT_T0	    INT64_C(1700000000000) /* an instant to start from */
#define KIT_HOUR    INT64_C(3600000)
#define KIT_DAY	    INT64_C(86400000)
#define KIT_WATCHES 4

extern const char *kit_root; /* where kit_open() makes its directory: "/tmp" */
extern int kit_in_parts;     /* batches of documents come to the store in parts: 0 */

struct kit {
	char dir[64], path[96];
	struct nw_store *st;
	struct nw_store_opened opened;
	struct nw_arena *a;
	int64_t now_ms;
	struct nw_store_policy policy;
	struct nw_store_rules rules;
	struct nw_store_watch watch[KIT_WATCHES]; /* entry i of plugin 0; all live, one channel "desk" */
	Nw__Batch *m;				  /* under construction */
	struct nw_store_report report;		  /* of the last commit */
	struct nw_store_poll
	    poll; /* what the next commit says of the fetch; kit_commit() fills in the rest */
};

void kit_open(struct kit *);   /* a fresh directory and store */
void kit_reopen(struct kit *); /* closes if open, opens again */
void kit_close(struct kit *);  /* removes everything */

/* A source with one listing, the only one configured. */
void kit_source(struct kit *, const char *name, const char *url);
int64_t kit_target(
    struct kit *, const char *url); /* claims what is due until it meets the URL; 0 if it is not due */

/* Batches: kit_batch() begins one, then articles and alerts are added. */
void kit_batch(struct kit *);
Nw__Article *kit_article(
    struct kit *, const char *guid, const char *url, const char *title, const char *body);
/* An alert of entry ${entry} whose evidence is ${text} in the article's body or title. */
Nw__Alert *kit_alert(struct kit *, Nw__Article *, uint32_t entry, const char *text);
void kit_tag(struct kit *, Nw__Article *, const char *name, const char *cls);
void kit_follow(struct kit *, const char *url, uint32_t role);
void kit_commit(struct kit *, int64_t target); /* fills kit->report; advances nothing but the store */
int kit_try_commit(struct kit *, int64_t target, struct nw_err *);
/* One listing with these n articles, polled now: claims, commits. */
void kit_poll(struct kit *, const char *url);

/* A store whose source "mfa" has had its first contact an hour ago; then ${n} articles of it that each alert once under
 * entry ${entry}, an hour ago. */
#define KIT_FEED "http://example.org/feed"
void kit_ready(struct kit *);
/* How many groups are due, and which. */
uint32_t kit_groups(struct kit *, struct nw_store_group **groups_r);
void kit_alerts(struct kit *, int n, uint32_t entry, uint32_t severity);

/* SQL over the store's own connection is not at hand; these open the file beside it. */
int64_t kit_count(struct kit *, const char *sql);
void kit_text(struct kit *, const char *sql, char *buf, size_t size);
#endif
