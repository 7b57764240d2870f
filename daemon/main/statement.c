#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "core/limits.h"
#include "core/time.h"
#include "main/operator.h"
#include "main/statement.h"
#include "store/store_read.h"
#include "store/store_statement.h"

struct nw_statements {
	struct nw_store *store;
	struct nw_operator *operator;
	int64_t next_ms, last_ms; /* wall; when the next is due, when it was last asked */
};

/* One statement: to whom, in which zone, over which day. */
struct day {
	const struct nw_conf_channel *channel;
	const struct nw_zone *zone;
	const char *kind; /* "" the channel's own, "operator/" */
	int64_t since_ms, until_ms;
};

/* --- its words -------------------------------------------------------------------------------------------------------- */

static const char *
plural(uint32_t n)
{
	return n == 1 ? "" : "s";
}

/* "2026-03-29 07:00" on the zone's clock */
static void
add_clock(struct nw_buf *b, const struct nw_zone *z, int64_t at_ms)
{
	uint32_t minute = nw_zone_minute(z, at_ms);
	int year, month, day;

	nw_time_civil(nw_zone_day(z, at_ms), &year, &month, &day);
	nw_buf_addf(b, "%04d-%02d-%02d %02u:%02u", year, month, day, minute / 60, minute % 60);
}

static void
add_sent(struct nw_buf *b, const struct nw_store_statement *s)
{
	nw_buf_addf(b, "Sent to this channel: %u alert%s in %u message%s.\n", s->alerts, plural(s->alerts), s->messages,
	    plural(s->messages));
	for (uint32_t i = 0; i < s->nwatch; i++)
		nw_buf_addf(b, "  %s: %u\n", s->watch[i].name.p, s->watch[i].alerts);
	nw_buf_addf(b, "Open: %u alert%s waiting for a message, %u deliver%s under way, %u held, %u failed since then.\n",
	    s->waiting, plural(s->waiting), s->underway, s->underway == 1 ? "y" : "ies", s->held, s->failed);
}

struct standing {
	struct nw_buf *text;
	uint32_t n;
};

static int
add_condition(void *cookie, const struct nw_store_condition_row *row)
{
	struct standing *s = cookie;

	if (s->n++ == 0)
		nw_buf_adds(s->text, "Not in order:\n");
	if (s->n <= NW_STATEMENT_LINES)
		nw_buf_addf(s->text, "  %s\n", row->subject.p);
	return 0;
}

static int
add_state(struct nw_statements *all, const struct nw_store_statement *s, struct nw_buf *b, struct nw_err *err)
{
	struct standing open = {b, 0};

	nw_buf_addf(b, "Read: %u new article%s; %u of %u source%s answered.\n", s->articles, plural(s->articles), s->answered,
	    s->sources, plural(s->sources));
	if (nw_store_conditions(all->store, add_condition, &open, err) == -1)
		return -1;
	if (open.n == 0)
		nw_buf_adds(b, "Everything is in order.\n");
	else if (open.n > NW_STATEMENT_LINES)
		nw_buf_addf(b, "  and %u more: newswatch status\n", open.n - NW_STATEMENT_LINES);
	return 0;
}

static int
write_text(struct nw_statements *all, const struct day *d, const struct nw_store_statement *s, struct nw_buf *b,
    struct nw_err *err)
{
	nw_buf_addf(b, "Daily statement of newswatchd for channel %s, ", d->channel->name.p);
	add_clock(b, d->zone, d->since_ms);
	nw_buf_adds(b, " to ");
	add_clock(b, d->zone, d->until_ms);
	nw_buf_addf(b, " (%s).\n\n", d->channel->timezone.p);
	if (s->away_until_ms > d->since_ms && s->away_from_ms < d->until_ms) {
		nw_buf_adds(b, "newswatchd did not run from about ");
		add_clock(b, d->zone, s->away_from_ms);
		nw_buf_adds(b, " to ");
		add_clock(b, d->zone, s->away_until_ms);
		nw_buf_adds(b, ".\n");
	}
	add_sent(b, s);
	return add_state(all, s, b, err);
}

/* --- sending ------------------------------------------------------------------------------------------------------------ */

/* A day is stated from where newswatchd began. */
static int
send(struct nw_statements *all, struct day *d, struct nw_arena *arena, struct nw_err *err)
{
	struct nw_buf text = {0}, subject = {0}, key = {0};
	struct nw_store_statement s;
	int rc = nw_store_statement(all->store, d->channel->name, d->since_ms, arena, &s, err);

	if (rc == 0 && s.began_ms >= d->until_ms)
		return 0;
	if (rc == 0 && s.began_ms > d->since_ms)
		d->since_ms = s.began_ms;
	if (rc == -1 || write_text(all, d, &s, &text, err) == -1) {
		nw_buf_done(&text);
		return -1;
	}
	nw_buf_addf(&key, "statement/%s%s/%lld", d->kind, d->channel->name.p, (long long)nw_zone_day(d->zone, d->until_ms));
	nw_buf_addf(&subject, "Daily statement: %u alert%s, %u new article%s", s.alerts, plural(s.alerts), s.articles,
	    plural(s.articles));
	if (text.failed || subject.failed || key.failed)
		rc = nw_fail(err, NW_ERES, "out of memory");
	if (rc == 0 &&
	    nw_operator_send(all->operator, nw_buf_str(&key).p, d->channel->name, nw_buf_str(&subject), nw_buf_str(&text)) == -1)
		rc = nw_fail(err, NW_ERES, "the store did not take the statement of channel %s", d->channel->name.p);
	nw_buf_done(&text);
	nw_buf_done(&subject);
	nw_buf_done(&key);
	return rc;
}

/* The last one that was due, if it was not sent yet (the store knows), and when the next is. */
static int
statement_of(struct nw_statements *all, const struct nw_conf_channel *c, const char *kind, uint32_t minute, int64_t now_ms,
    struct nw_err *err)
{
	struct nw_arena *arena = nw_arena_new(0);
	struct nw_zone *zone = NULL;
	int rc = -1;

	if (arena == NULL)
		return nw_fail(err, NW_ERES, "out of memory");
	if (nw_zone_open(c->timezone, &zone, err) == 0 || nw_zone_open(NW_STR("UTC"), &zone, err) == 0) {
		struct day d = {.channel = c, .zone = zone, .kind = kind, .until_ms = nw_zone_last(zone, now_ms, minute)};
		int64_t next_ms = nw_zone_next(zone, now_ms, minute);

		d.since_ms = nw_zone_last(zone, d.until_ms - 1, minute);
		if (next_ms < all->next_ms)
			all->next_ms = next_ms;
		rc = send(all, &d, arena, err);
	}
	nw_zone_free(zone);
	nw_arena_free(arena);
	return rc;
}

static int
send_all(struct nw_statements *all, const struct nw_config *c, int64_t now_ms, struct nw_err *err)
{
	for (uint32_t i = 0; i < c->nchannel; i++)
		if (c->channel[i]->enabled && c->channel[i]->statement_min != -1 &&
		    statement_of(all, c->channel[i], "", (uint32_t)c->channel[i]->statement_min, now_ms, err) == -1)
			return -1;
	for (uint32_t i = 0; i < c->daemon.operator.nnotify && c->daemon.operator.statement_min != -1; i++) {
		int k = nw_conf_channel_find(c, c->daemon.operator.notify[i]);

		if (k != -1 && statement_of(all, c->channel[k], "operator/", (uint32_t)c->daemon.operator.statement_min, now_ms,
			err) == -1)
			return -1;
	}
	return 0;
}

int
nw_statements_turn(struct nw_statements *all, const struct nw_config *c, int64_t now_ms, int64_t *next_ms_r,
    struct nw_err *err)
{
	int rc = 0;

	if (now_ms >= all->next_ms || now_ms < all->last_ms) {
		all->next_ms = NW_STORE_NEVER;
		if ((rc = send_all(all, c, now_ms, err)) == -1)
			all->next_ms = now_ms; /* again */
	}
	all->last_ms = now_ms;
	*next_ms_r = all->next_ms;
	return rc;
}

void
nw_statements_renew(struct nw_statements *all)
{
	all->next_ms = 0;
}

struct nw_statements *
nw_statements_new(struct nw_store *store, struct nw_operator *operator)
{
	struct nw_statements *all = calloc(1, sizeof(*all));

	if (all != NULL) {
		all->store = store;
		all->operator = operator;
	}
	return all;
}

void
nw_statements_free(struct nw_statements *all)
{
	free(all);
}
