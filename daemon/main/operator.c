#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "base/str.h"
#include "main/operator.h"
#include "store/store_tell.h"

#define FAILURES_TOLD 4	 /* in a row: one bad night of a server is no news */
#define CHANNELS_MAX  16
#define STORE_LOG_MS  60000

struct nw_operator {
	struct nw_store *store;
	const struct nw_generations *generations;
	int64_t store_logged_ms; /* monotonic */
};

static uint32_t
channels_of(const struct nw_operator *op, struct nw_str about, struct nw_str out[CHANNELS_MAX])
{
	const struct nw_generation *g = op->generations->live;
	uint32_t n = 0;

	for (uint32_t i = 0; g != NULL && i < g->config->daemon.operator.nnotify && n < CHANNELS_MAX; i++)
		if (about.len == 0 || !nw_str_eq(g->config->daemon.operator.notify[i], about))
			out[n++] = g->config->daemon.operator.notify[i];
	return n;
}

static void
store_said(struct nw_operator *op, int rc, const struct nw_err *err)
{
	if (rc == -1 && nw_clock_mono_ms() - op->store_logged_ms > STORE_LOG_MS) {
		op->store_logged_ms = nw_clock_mono_ms();
		nw_log(NW_LOG_ERROR, "store: %s", err->msg);
	}
}

void
nw_operator_tell(struct nw_operator *op, const char *key, struct nw_str about, uint32_t severity, const char *text)
{
	struct nw_str channel[CHANNELS_MAX];
	struct nw_store_notice n = {
	    .key = nw_str(key),
	    .source = NW_STR(""),
	    .subject = nw_str(text),
	    .text = nw_str(text),
	    .severity = severity,
	    .channels = channel,
	    .nchannels = channels_of(op, about, channel),
	};
	struct nw_err err;
	int rc = nw_store_tell(op->store, &n, nw_clock_wall_ms(), &err);

	if (rc == 1)
		nw_log(severity >= NW_SEV_HIGH ? NW_LOG_ERROR : NW_LOG_NOTICE, "%s", text);
	store_said(op, rc, &err);
}

/* Raise or clear; the notice goes to the operator's channels but the one it speaks of. */
static void
change(struct nw_operator *op, int raise, struct nw_store_notice *n, struct nw_str about)
{
	struct nw_str channel[CHANNELS_MAX];
	struct nw_err err;
	int rc;

	n->channels = channel;
	n->nchannels = channels_of(op, about, channel);
	rc = raise ? nw_store_condition_raise(op->store, n, nw_clock_wall_ms(), &err) :
	    nw_store_condition_clear(op->store, n, nw_clock_wall_ms(), &err);
	if (rc == 1)
		nw_log(raise ? NW_LOG_WARNING : NW_LOG_NOTICE, "%s", n->text.p);
	store_said(op, rc, &err);
}

/* A condition of a source. */
static void
condition(struct nw_operator *op, int raise, const struct nw_conf_source *s, const char *kind, uint32_t severity,
    const char *text)
{
	struct nw_store_notice n = {
	    .source = s->name, .subject = nw_str(text), .text = nw_str(text), .severity = severity};
	char key[128];

	(void)snprintf(key, sizeof(key), "%s/%.*s", kind, (int)s->name.len, s->name.p); /* names are short */
	n.key = nw_str(key);
	change(op, raise, &n, NW_STR(""));
}

void
nw_operator_raise(struct nw_operator *op, const char *key, struct nw_str about, uint32_t severity, const char *text)
{
	struct nw_store_notice n = {.key = nw_str(key), .source = NW_STR(""), .subject = nw_str(text),
	    .text = nw_str(text), .severity = severity};

	change(op, 1, &n, about);
}

void
nw_operator_clear(struct nw_operator *op, const char *key, struct nw_str about, const char *text)
{
	struct nw_store_notice n = {.key = nw_str(key), .source = NW_STR(""), .subject = nw_str(text),
	    .text = nw_str(text), .severity = NW_SEV_NORMAL};

	change(op, 0, &n, about);
}

void
nw_operator_send(struct nw_operator *op, const char *key, struct nw_str channel, struct nw_str subject,
    struct nw_str text)
{
	struct nw_store_notice n = {
	    .key = nw_str(key),
	    .source = NW_STR(""),
	    .subject = subject,
	    .text = text,
	    .severity = NW_SEV_INFO,
	    .channels = &channel,
	    .nchannels = 1,
	};
	struct nw_err err;

	store_said(op, nw_store_tell(op->store, &n, nw_clock_wall_ms(), &err), &err);
}

static int
is_page(const struct nw_store_target *t)
{
	return t->kind == NW_STORE_PAGE || t->kind == NW_STORE_RELOOK;
}

/* One page says nothing of the source's listing, and is never tried again once it is given up: it has a condition of its
 * own, which ends when another page of the source is read. */
static void
page_polled(struct nw_operator *op, const struct nw_conf_source *s, const struct nw_store_poll *end,
    const struct nw_store_polled *polled)
{
	char text[512];

	if (!polled->match)
		return;
	(void)snprintf(text, sizeof(text), "source %.*s: a page is given up, its title and summary stand for it: %.*s",
	    (int)s->name.len, s->name.p, (int)(end->reason.len < 300 ? end->reason.len : 300), end->reason.p);
	condition(op, 1, s, "pages", NW_SEV_NORMAL, text);
}

void
nw_operator_polled(struct nw_operator *op, const struct nw_conf_source *s, const struct nw_store_target *t,
    const struct nw_store_poll *end, const struct nw_store_polled *polled)
{
	char text[512];
	int name = (int)s->name.len;

	if (is_page(t)) {
		page_polled(op, s, end, polled);
		return;
	}
	if (polled->recovered) {
		(void)snprintf(text, sizeof(text), "source %.*s is read again", name, s->name.p); /* cut is fine, here and below */
		condition(op, 0, s, "failing", NW_SEV_NORMAL, text);
	} else if (polled->failures >= FAILURES_TOLD) {
		(void)snprintf(text, sizeof(text), "source %.*s has failed %u times in a row: %.*s", name, s->name.p,
		    polled->failures, (int)(end->reason.len < 300 ? end->reason.len : 300), end->reason.p);
		condition(op, 1, s, "failing", NW_SEV_HIGH, text);
	}
	if (end->status == 410 && polled->failures >= FAILURES_TOLD) {
		(void)snprintf(text, sizeof(text), "source %.*s answers 410: gone for good, write its new address", name,
		    s->name.p);
		condition(op, 1, s, "gone", NW_SEV_HIGH, text);
	}
	if (polled->moved)
		nw_log(NW_LOG_NOTICE, "source %.*s: its listing has moved to %.*s for good", name, s->name.p,
		    (int)end->moved_url.len, end->moved_url.p);
}

void
nw_operator_read(struct nw_operator *op, const struct nw_conf_source *s, const struct nw_store_target *t,
    const struct nw_store_report *r)
{
	char text[512], key[128];
	int name = (int)s->name.len;

	if (is_page(t)) {
		(void)snprintf(text, sizeof(text), "source %.*s: pages are read again", name, s->name.p);
		condition(op, 0, s, "pages", NW_SEV_NORMAL, text);
	} else if (r->recovered) {
		(void)snprintf(text, sizeof(text), "source %.*s is read again", name, s->name.p); /* cut is fine, here and below */
		condition(op, 0, s, "failing", NW_SEV_NORMAL, text);
	}
	if (r->churn) {
		(void)snprintf(text, sizeof(text), "source %.*s: more than half of its known items came back under new keys "
		    "(a migration?): stored, no alerts", name, s->name.p);
		condition(op, 1, s, "churn", NW_SEV_HIGH, text);
	}
	if (r->first_contact && t->kind == NW_STORE_LISTING) {
		(void)snprintf(key, sizeof(key), "baseline/%.*s", name, s->name.p); /* names are short */
		(void)snprintf(text, sizeof(text), "source %.*s: first contact: %u items are its baseline, %u alerts muted", name,
		    s->name.p, r->articles, r->muted);
		nw_operator_tell(op, key, NW_STR(""), NW_SEV_INFO, text);
	}
}

void
nw_operator_store(struct nw_operator *op, const struct nw_store_health *h, const struct nw_err *err)
{
	store_said(op, -1, err);
	if (h->full && op->store_logged_ms == nw_clock_mono_ms())
		nw_log(NW_LOG_ERROR, "store: no space left: nothing advances until there is");
}

struct nw_operator *
nw_operator_new(struct nw_store *store, const struct nw_generations *all)
{
	struct nw_operator *op = calloc(1, sizeof(*op));

	if (op != NULL) {
		op->store = store;
		op->generations = all;
		op->store_logged_ms = -STORE_LOG_MS * 2;
	}
	return op;
}

void
nw_operator_free(struct nw_operator *op)
{
	free(op);
}
