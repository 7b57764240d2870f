/*
 * commit.h - what the parts of one commit share.
 * Floor 3, private to store/sqlite.  commit.c conducts; article.c, page.c, tag.c, document.c, alert.c, story.c,
 * conflict.c, follow.c each write their rows.  All of them return 0 or -1 with c->err filled.
 */
#ifndef NW_STORE_COMMIT_PARTS_H
#define NW_STORE_COMMIT_PARTS_H

#include "store/sqlite/identity.h"
#include "store/sqlite/poll.h"
#include "store/store_commit.h"

struct nw_arena;

struct nw_commit {
	struct nw_store *st;
	const struct nw_store_poll *poll; /* NULL for a MATCH job's answer */
	const struct nw_batch *batch;
	const Nw__Batch *m; /* its own; the articles of one that came in parts are heads (core/batch.h) */
	const struct nw_store_policy *policy; /* NULL for a MATCH job's answer */
	const struct nw_store_rules *rules;
	struct nw_store_report *report;
	struct nw_arena *arena; /* of this commit */
	struct nw_poll_state target;
	int64_t now_ms;
	int64_t document; /* its row, 0 until something cites it */
	uint32_t first_contact, churn, whole;
	uint32_t unknown; /* enum nw_unknown (restored.h) */
	struct nw_err *err;
};

/* An article's row with its current revision. */
struct nw_article_state {
	int64_t id, n, held_n, text_from, matched, first_seen_ms, published_ms, mute_before_ms, story, match_ms;
	uint64_t listed_hash, content_hash;
	uint32_t precision, origin, baseline, churned, has_body;
	uint8_t policy_key[NW_KEY_LEN];
	struct nw_str state, number, lang, url, title, summary;
};

/* What the rules saw: one revision of one article. */
struct nw_subject {
	int64_t article, revision, n, source, story, published_ms, mute_before_ms;
	uint32_t precision, baseline, churned, provisional;
	uint32_t held; /* it may have been told before the store was restored */
	uint64_t simhash;
	uint8_t policy_key[NW_KEY_LEN];
	struct nw_str source_name, number;
};

/* article.c */
int nw_article_load(struct nw_commit *, int64_t article, struct nw_article_state *state_r); /* 1, 0, -1 */
int nw_article_new(struct nw_commit *, const Nw__Article *, const struct nw_identity *, int64_t *article_r);
int nw_article_known(struct nw_commit *, const Nw__Article *, const struct nw_identity *);
/* A further revision: its text is ${art}'s; matched later, by a MATCH job with the previous text. */
int nw_article_revise(
    struct nw_commit *, struct nw_article_state *, const Nw__Article *art, int64_t text_from);
int nw_article_revision_add(
    struct nw_commit *, int64_t article, int64_t n, const Nw__Article *, int64_t *revision_r);
/* The better of two dates: found in a better place, or more exact. */
void nw_article_date(struct nw_article_state *, const Nw__Time *);
/* A revision as the rules saw it; what is borrowed lives as long as ${s}. */
struct nw_subject nw_article_subject(
    const struct nw_commit *, const struct nw_article_state *s, int64_t revision, int64_t n, uint64_t simhash);
/* Tags and alerts of a revision that the rules have seen. */
int nw_article_judged(
    struct nw_commit *, const struct nw_article_state *, int64_t revision, const Nw__Article *);
/* page.c: the document is the page of one article. */
int nw_page_commit(struct nw_commit *, int64_t article, const Nw__Article *);
int nw_page_same(struct nw_commit *, int64_t article); /* it says what it said */

/* tag.c, document.c, alert.c, story.c, follow.c */
int nw_tag_add_all(struct nw_commit *, int64_t revision, const Nw__Article *);
int nw_document_cite(struct nw_commit *); /* makes c->document */
int nw_document_keep(struct nw_commit *); /* at the end: the bytes, if the policy wants them */
int nw_alert_check_all(const struct nw_batch *, const struct nw_store_rules *, struct nw_err *);
int nw_alert_add_all(struct nw_commit *, struct nw_subject *, const Nw__Article *);
int nw_story_join(struct nw_commit *, struct nw_subject *);
int nw_follow_add_all(struct nw_commit *);
/* number.c: the running numbers of announcements: what lies between the last known one and a new one. */
int nw_number_gap(struct nw_commit *);
/* conflict.c: copies of one numbered announcement, at other sources, that say something else. */
int nw_conflict_look(struct nw_commit *, int64_t article, const Nw__Article *);
#endif
