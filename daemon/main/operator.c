#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "base/str.h"
#include "main/operator.h"
#include "store/store_tell.h"

#define CHANNELS_MAX  16
#define STORE_LOG_MS  60000
#define MISSED_MAX    256  /* kept for a store that takes nothing now; more would be one trouble told many times */
#define AGAIN_MS      5000

enum what { TOLD, RAISED, CLEARED };

/* What the store did not take: the last word under each key. */
struct missed {
	struct missed *next;
	enum what what;
	uint32_t severity;
	char *key, *source, *about, *subject, *text;
};

struct nw_operator {
	struct nw_store *store;
	const struct nw_generations *generations;
	int64_t store_logged_ms; /* monotonic */
	struct missed *missed;	 /* oldest first */
	uint32_t nmissed;
	int64_t again_ms; /* monotonic: when they are tried again */
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

/* --- what the store did not take --------------------------------------------------------------------------------------- */

static void
forget(struct missed *m)
{
	free(m->key);
	free(m->source);
	free(m->about);
	free(m->subject);
	free(m->text);
	free(m);
}

/* What was to be said of the key before is out of date, whatever became of it. */
static void
forget_key(struct nw_operator *op, struct nw_str key)
{
	for (struct missed **at = &op->missed, *m; (m = *at) != NULL;) {
		if (!nw_str_is(key, m->key)) {
			at = &m->next;
			continue;
		}
		*at = m->next;
		op->nmissed--;
		forget(m);
	}
}

static char *
copy(struct nw_str s)
{
	return strndup(s.p != NULL ? s.p : "", s.len);
}

static void
keep_missed(struct nw_operator *op, enum what what, const struct nw_store_notice *n, struct nw_str about)
{
	struct missed **at = &op->missed, *m;

	if (op->nmissed == MISSED_MAX || (m = calloc(1, sizeof(*m))) == NULL)
		return; /* logged */
	m->what = what;
	m->severity = n->severity;
	m->key = copy(n->key);
	m->source = copy(n->source);
	m->about = copy(about);
	m->subject = copy(n->subject);
	m->text = copy(n->text);
	if (m->key == NULL || m->source == NULL || m->about == NULL || m->subject == NULL || m->text == NULL) {
		forget(m);
		return;
	}
	while (*at != NULL)
		at = &(*at)->next;
	*at = m;
	op->nmissed++;
	op->again_ms = nw_clock_mono_ms() + AGAIN_MS;
}

/* --- telling ------------------------------------------------------------------------------------------------------------ */

/* Once, to the operator's channels but the one it speaks of. */
static int
tell(struct nw_operator *op, struct nw_store_notice *n, struct nw_str about)
{
	struct nw_str channel[CHANNELS_MAX];
	struct nw_err err;
	int rc;

	n->source = NW_STR("");
	n->channels = channel;
	n->nchannels = channels_of(op, about, channel);
	forget_key(op, n->key);
	rc = nw_store_tell(op->store, n, nw_clock_wall_ms(), &err);
	if (rc == 1)
		nw_log(n->severity >= NW_SEV_HIGH ? NW_LOG_ERROR : NW_LOG_NOTICE, "%.*s", (int)n->subject.len, n->subject.p);
	store_said(op, rc, &err);
	if (rc == -1 && n->report_of.len == 0) /* which the store knows to be owed */
		keep_missed(op, TOLD, n, about);
	return rc == -1 ? -1 : 0;
}

void
nw_operator_tell(struct nw_operator *op, const char *key, struct nw_str about, uint32_t severity, const char *text)
{
	struct nw_store_notice n = {.key = nw_str(key), .subject = nw_str(text), .text = nw_str(text), .severity = severity};

	(void)tell(op, &n, about); /* logged */
}

int
nw_operator_report(struct nw_operator *op, const char *key, struct nw_str source, struct nw_str subject, struct nw_str text)
{
	struct nw_store_notice n = {.key = nw_str(key), .subject = subject, .text = text, .severity = NW_SEV_INFO,
	    .report_of = source};

	return tell(op, &n, NW_STR(""));
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
	forget_key(op, n->key);
	rc = raise ? nw_store_condition_raise(op->store, n, nw_clock_wall_ms(), &err) :
	    nw_store_condition_clear(op->store, n, nw_clock_wall_ms(), &err);
	if (rc == 1)
		nw_log(raise ? NW_LOG_WARNING : NW_LOG_NOTICE, "%s", n->text.p);
	store_said(op, rc, &err);
	if (rc == -1)
		keep_missed(op, raise ? RAISED : CLEARED, n, about);
}

void
nw_operator_source(struct nw_operator *op, int raise, struct nw_str source, const char *key, uint32_t severity, const char *text)
{
	struct nw_store_notice n = {.key = nw_str(key), .source = source, .subject = nw_str(text), .text = nw_str(text),
	    .severity = severity};

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

int
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
	int rc = nw_store_tell(op->store, &n, nw_clock_wall_ms(), &err);

	store_said(op, rc, &err);
	return rc == -1 ? -1 : 0;
}

void
nw_operator_again(struct nw_operator *op)
{
	struct missed *all = op->missed, *m;

	if (all == NULL || nw_clock_mono_ms() < op->again_ms)
		return;
	op->missed = NULL;
	op->nmissed = 0;
	while ((m = all) != NULL) {
		struct nw_store_notice n = {.key = nw_str(m->key), .source = nw_str(m->source), .subject = nw_str(m->subject),
		    .text = nw_str(m->text), .severity = m->severity};

		all = m->next;
		if (m->what == TOLD)
			(void)tell(op, &n, nw_str(m->about)); /* kept again */
		else
			change(op, m->what == RAISED, &n, nw_str(m->about));
		forget(m);
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
	struct missed *m;

	while (op != NULL && (m = op->missed) != NULL) {
		op->missed = m->next;
		forget(m);
	}
	free(op);
}
