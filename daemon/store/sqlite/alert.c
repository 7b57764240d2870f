#include <stdio.h>

#include "base/buf.h"
#include "core/digest.h"
#include "core/frame.h"
#include "store/sqlite/commit.h"
#include "store/sqlite/db.h"
#include "store/sqlite/event.h"
#include "store/sqlite/evidence.h"
#include "store/sqlite/idhash.h"
#include "store/sqlite/quote.h"


/* One alert on its way into the store. */
struct raised {
	const struct nw_store_watch *watch;
	const Nw__Alert *m;
	uint32_t severity;
	char id[NW_STORE_ID_LEN + 1];
};

int
nw_alert_check_all(const struct nw_batch *b, const struct nw_store_rules *r, struct nw_err *err)
{
	const Nw__Article *art;

	for (size_t i = 0; i < b->m->n_articles; i++) {
		if ((art = nw_batch_article_whole(b, i, err)) == NULL)
			return -1;
		for (size_t k = 0; k < art->n_alerts; k++) {
			const Nw__Alert *a = art->alerts[k];

			if (r->watch(r->cookie, a->plugin, a->entry) == NULL)
				return nw_fail(err, NW_EPLUGIN,
				    "article %zu has an alert of entry %u of plugin %u, which does not exist",
				    i, a->entry, a->plugin);
		}
	}
	return 0;
}

static int
covers_source(const struct nw_store_watch *w, struct nw_str source)
{
	for (uint32_t i = 0; i < w->nsources; i++)
		if (nw_str_eq(w->sources[i], source))
			return 1;
	return w->nsources == 0;
}

/* What was read before a reload gave the source another name: the watches of then know it by the old one. */
static int
covered_before(struct nw_commit *c, const struct nw_store_watch *w, int64_t source)
{
	sqlite3_stmt *row = NULL;
	int rc = c->rules->gone ? nw_db_row(c->st, NW_SQL_SOURCE_WAS, NW_ARGS(nw_db_int(source)), &row, c->err) : 0;

	if (rc == 1) {
		rc = covers_source(w, nw_db_col_str(row, 0));
		nw_db_done(row);
	}
	return rc;
}

/* What was published too long ago is muted, and at first contact what has no date; an edit is news of its own. */
static int
is_old(const struct nw_subject *s)
{
	int undated = s->published_ms == NW_TIME_NONE || s->precision < NW_PREC_DAY;

	if (s->n > 1 || s->mute_before_ms == 0)
		return 0;
	return undated ? (int)s->baseline : s->published_ms < s->mute_before_ms;
}

static int
takes(const struct nw_store_watch *w, uint32_t channel, uint32_t severity)
{
	return w->channel_min == NULL || severity >= w->channel_min[channel];
}

/* Why no channel takes it; "" if one does. */
static const char *
channel_reason(const struct raised *r)
{
	for (uint32_t i = 0; i < r->watch->nchannels; i++)
		if (takes(r->watch, i, r->severity))
			return "";
	return r->watch->nchannels == 0 ? "no channel" : "below min_severity";
}

/* Why an alert is kept and not sent; "" for a live one. */
static const char *
mute_reason(const struct nw_subject *s, const struct raised *r)
{
	const struct nw_store_watch *w = r->watch;

	if (w->state != NW_STORE_LIVE)
		return "shadow";
	if (s->churned && s->n <= 1)
		return "churn";
	if (is_old(s))
		return s->baseline ? "baseline" : "too old";
	return channel_reason(r);
}

static void
make_id(const struct nw_subject *s, const struct raised *r, const char *kind, char id[NW_STORE_ID_LEN + 1])
{
	char key[2 * NW_KEY_LEN + 1], n[24];
	struct nw_str own = nw_pb_str(r->m->key);

	(void)snprintf(n, sizeof(n), "%lld", (long long)s->n);
	nw_idhash_make((struct nw_str[]){nw_str(kind), r->watch->name, s->source_name,
			   nw_str(nw_hex(s->policy_key, NW_KEY_LEN, key)), own, nw_str(n)},
	    6, id);
}

/* --- outbox ----------------------------------------------------------------------------------------------------- */

/* Alerts of one group become one message; a critical one stands alone and never waits. */
static const char *
group_key(const struct nw_subject *s, const struct raised *r, char *buf, size_t size)
{
	int n = 0;

	if (r->severity < NW_SEV_CRITICAL && r->watch->group_by == NW_STORE_GROUP_STORY)
		n = snprintf(buf, size, "story:%lld", (long long)s->story);
	else if (r->severity < NW_SEV_CRITICAL && r->watch->group_by == NW_STORE_GROUP_WATCH)
		n = snprintf(buf, size, "watch:%s", r->watch->name.p);
	else if (r->severity < NW_SEV_CRITICAL && r->watch->group_by == NW_STORE_GROUP_NUMBER &&
		 s->number.len > 0)
		n = snprintf(buf, size, "number:%s", s->number.p);
	else if (r->severity < NW_SEV_CRITICAL && r->watch->group_by == NW_STORE_GROUP_SOURCE)
		n = snprintf(buf, size, "source:%s", s->source_name.p);
	return n > 0 ? buf : r->id;
}

static int
add_outbox(struct nw_commit *c, const struct nw_subject *s, const struct raised *r)
{
	char buf[NW_KEY_MAX];
	const char *key = group_key(s, r, buf, sizeof(buf));
	int64_t wait = r->severity >= NW_SEV_CRITICAL ? 0 : r->watch->group_wait_ms;

	for (uint32_t i = 0; i < r->watch->nchannels; i++)
		if (takes(r->watch, i, r->severity) && nw_db_run(c->st, NW_SQL_OUTBOX_ADD,
			NW_ARGS(nw_db_text(r->id), nw_db_str(r->watch->channels[i]), nw_db_text(key),
			    nw_db_int(r->severity), nw_db_int(c->now_ms), nw_db_int(c->now_ms + wait),
			    nw_db_int(s->held)),
			c->err) == -1)
			return -1;
	return 0;
}

/* --- rows ------------------------------------------------------------------------------------------------------- */

static int
add_near(struct nw_commit *c, const struct nw_subject *s, struct raised *r, struct nw_bytes evidence)
{
	make_id(s, r, "near", r->id);
	if (nw_db_run(c->st, NW_SQL_NEAR_ADD,
		NW_ARGS(nw_db_text(r->id), nw_db_str(r->watch->name), nw_db_ref(r->watch->version),
		    nw_db_int(s->source), nw_db_int(s->article), nw_db_int(s->revision),
		    nw_db_int(r->severity), r->m->has_score ? nw_db_int(r->m->score) : nw_db_null(),
		    nw_db_int(c->rules->engine_version), nw_db_int(c->now_ms),
		    nw_db_blob(evidence.p, evidence.len)),
		c->err) == -1)
		return -1;
	c->report->near += nw_db_changes(c->st) > 0;
	return 0;
}

/* 1 a row appeared, 0 it stood already: this commit has been done before. */
static int
add_alert_row(struct nw_commit *c, const struct nw_subject *s, const struct raised *r, const char *reason,
    struct nw_bytes evidence)
{
	if (nw_db_run(c->st, NW_SQL_ALERT_ADD,
		NW_ARGS(nw_db_text(r->id), nw_db_str(r->watch->name), nw_db_ref(r->watch->version),
		    nw_db_int(s->source), nw_db_int(s->article), nw_db_int(s->revision),
		    nw_db_int(r->severity), r->m->has_score ? nw_db_int(r->m->score) : nw_db_null(),
		    nw_db_int(s->provisional), nw_db_int(c->rules->engine_version), nw_db_int(c->now_ms),
		    nw_db_text(*reason != '\0' ? "muted" : "live"), nw_db_text(reason),
		    nw_db_blob(evidence.p, evidence.len)),
		c->err) == -1)
		return -1;
	return nw_db_changes(c->st) > 0;
}

/* On a further revision a watch alerts again only for more than it quoted before: 1 it does, 0, -1. */
static int
is_news(struct nw_commit *c, const struct nw_subject *s, const struct raised *r, const Nw__Article *art)
{
	int64_t one;
	int rc = nw_db_get(c->st, NW_SQL_ALERT_BEFORE,
	    NW_ARGS(nw_db_int(s->article), nw_db_str(r->watch->name), nw_db_int(s->revision)), 0, &one,
	    c->err);

	if (rc != 1)
		return rc == 0 ? 1 : -1;
	if (r->watch->on_revision != NW_STORE_REV_EVIDENCE)
		return r->watch->on_revision == NW_STORE_REV_ALWAYS;
	return nw_quote_is_new(c->st, r->watch->name, s->article, art, r->m, c->err);
}

static int
add_alert(struct nw_commit *c, struct nw_subject *s, struct raised *r, const Nw__Article *art,
    struct nw_bytes evidence)
{
	const char *reason = mute_reason(s, r);
	int rc = is_news(c, s, r, art);

	if (rc != 1) {
		c->report->repeated += rc == 0;
		return rc;
	}
	make_id(s, r, "alert", r->id);
	if (nw_story_join(c, s) == -1 || (rc = add_alert_row(c, s, r, reason, evidence)) == -1)
		return -1;
	if (rc == 0)
		return 0;
	if (nw_quote_add_all(c->st, r->watch->name, s->article, art, r->m, c->err) == -1)
		return -1;
	if (*reason != '\0') {
		c->report->muted++;
		return 0;
	}
	c->report->alerts++;
	c->report->held += s->held;
	if (add_outbox(c, s, r) == -1)
		return -1;
	return nw_event_add(c->st, c->now_ms, "alerted", nw_str(r->id), r->watch->name, c->err);
}

/* A watch whose last day is over: nothing but a line of the history says that it would have fired. */
static int
add_expired(struct nw_commit *c, const struct nw_subject *s, const struct raised *r)
{
	if (r->m->near)
		return 0;
	c->report->expired++;
	return nw_event_article(c->st, c->now_ms, "expired", s->article, c->err, "%s", r->watch->name.p);
}

static int
is_expired(const struct nw_commit *c, const struct raised *r)
{
	return r->watch->expires_ms != NW_TIME_NONE && r->watch->expires_ms <= c->now_ms;
}

int
nw_alert_add_all(struct nw_commit *c, struct nw_subject *s, const Nw__Article *art)
{
	struct nw_buf b = {0};
	int rc = 0;

	for (size_t i = 0; i < art->n_alerts && rc == 0; i++) {
		const Nw__Alert *m = art->alerts[i];
		struct raised r = {.watch = c->rules->watch(c->rules->cookie, m->plugin, m->entry), .m = m};
		struct nw_bytes evidence;

		/* the source is asked again here: a worker taken over cannot reach another desk's watch */
		if (r.watch == NULL)
			continue;
		if (!covers_source(r.watch, s->source_name) && (rc = covered_before(c, r.watch, s->source)) != 1)
			continue; /* 0, or -1, which ends it */
		if (is_expired(c, &r)) {
			rc = add_expired(c, s, &r);
			continue;
		}
		r.severity = m->severity < r.watch->severity ? m->severity : r.watch->severity;
		nw_buf_reset(&b);
		if (nw_evidence_pack_alert(&b, m) == -1) {
			rc = nw_db_nomem(c->err);
			break;
		}
		evidence = (struct nw_bytes){(const uint8_t *)b.p, b.len};
		rc = m->near ? add_near(c, s, &r, evidence) : add_alert(c, s, &r, art, evidence);
	}
	nw_buf_done(&b);
	return rc;
}
