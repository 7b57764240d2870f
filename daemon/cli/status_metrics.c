#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "core/time.h"
#include "query/query.h"
#include "cli/status.h"

/* --- single values, from counts and from the daemon's answer -------------------------------------------- */

enum { IS_COUNT, IS_INSTANT }; /* milliseconds as seconds; not written where there is none */

struct metric {
	const char *name, *type, *help;
	size_t off; /* of an int64_t in struct nw_store_counts */
	int what;
};
#define COUNT(field, name, type, help)                                                                       \
	{                                                                                                    \
		name, type, help, offsetof(struct nw_store_counts, field), IS_COUNT                          \
	}
#define INSTANT(field, name, help)                                                                           \
	{                                                                                                    \
		name, "gauge", help, offsetof(struct nw_store_counts, field), IS_INSTANT                     \
	}

static const struct metric counts[] = {
    COUNT(targets, "newswatch_targets", "gauge", "Addresses that are polled or read once."),
    COUNT(targets_overdue, "newswatch_targets_overdue", "gauge", "Addresses due and not yet claimed."),
    COUNT(articles, "newswatch_articles_stored", "gauge", "Articles in the store."),
    COUNT(revisions, "newswatch_revisions_total", "counter", "Revisions ever stored."),
    COUNT(pending, "newswatch_articles_pending", "gauge", "Articles still to be matched."),
    COUNT(alerts, "newswatch_alerts_stored", "gauge", "Alerts in the store, muted ones included."),
    COUNT(alerts_muted, "newswatch_alerts_muted", "gauge", "Alerts in the store that were muted."),
    COUNT(near_misses, "newswatch_near_misses_stored", "gauge", "What only a negative clause silenced."),
    COUNT(outbox_waiting, "newswatch_outbox_waiting", "gauge", "Alerts that wait for their message."),
    COUNT(unrendered, "newswatch_messages_unrendered", "gauge", "Messages without their text."),
    COUNT(delivered, "newswatch_deliveries_done", "gauge", "Deliveries in the store that were accepted."),
    INSTANT(oldest_undelivered_ms, "newswatch_oldest_undelivered_timestamp_seconds",
	"Since when the oldest alert waits."),
    INSTANT(last_article_ms, "newswatch_last_article_timestamp_seconds", "When an article was last found."),
    INSTANT(last_poll_ms, "newswatch_last_poll_timestamp_seconds", "When an address was last polled."),
};

/* key of the daemon's answer */
static const struct {
	const char *key, *name, *type, *help;
} gauges[] = {
    {"generation", "newswatch_configuration_generation", "gauge", "Configurations accepted since the start."},
    {"lock_level", "newswatch_worker_lock_level", "gauge", "How far workers are locked, 0 to 3."},
    {"indexed", "newswatch_index_revision", "gauge", "The last revision in the full-text index."},
    {"indexed_of", "newswatch_index_revision_newest", "gauge", "The newest revision the indexer knows of."},
    {"indexer_failures", "newswatch_indexer_failures", "gauge", "How often in a row the indexer ended."},
    {"stale", "newswatch_configuration_stale", "gauge", "1 if the files are not what is live."},
    {"watches", "newswatch_watches", "gauge", "Watches that are live."},
    {"fetching", "newswatch_fetching", "gauge", "Transfers under way."},
    {"reading", "newswatch_reading", "gauge", "Documents with a worker."},
    {"matching", "newswatch_matching", "gauge", "Match jobs with a worker."},
    {"delivering", "newswatch_delivering", "gauge", "Deliveries with a sender."},
    {"polls", "newswatch_polls_total", "counter", "Polls since the start."},
    {"documents", "newswatch_documents_total", "counter", "Documents read since the start."},
    {"articles", "newswatch_articles_total", "counter", "New articles since the start."},
    {"alerts", "newswatch_alerts_total", "counter", "Alerts since the start."},
    {"failures", "newswatch_failures_total", "counter", "Polls and jobs that failed since the start."},
};

static void
head(const char *name, const char *type, const char *help)
{
	printf("# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void
print_seconds(int64_t at_ms)
{
	printf(" %" PRId64 ".%03" PRId64 "\n", at_ms / 1000, at_ms % 1000);
}

static void
print_counts(const struct nw_store_counts *c)
{
	int64_t v;

	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		memcpy(&v, (const char *)c + counts[i].off, sizeof(v));
		if (counts[i].what == IS_INSTANT && v == NW_TIME_NONE)
			continue;
		head(counts[i].name, counts[i].type, counts[i].help);
		(void)fputs(counts[i].name, stdout);
		if (counts[i].what == IS_INSTANT)
			print_seconds(v);
		else
			printf(" %" PRId64 "\n", v);
	}
}

static void
print_daemon(const struct nw_status *s)
{
	head("newswatch_up", "gauge", "1 if newswatchd answers.");
	printf("newswatch_up %d\n", s->running);
	for (size_t i = 0; i < sizeof(gauges) / sizeof(gauges[0]); i++) {
		struct nw_str v = nw_status_daemon(s, gauges[i].key);

		if (v.len == 0 || strspn(v.p, "0123456789") < v.len)
			continue;
		head(gauges[i].name, gauges[i].type, gauges[i].help);
		printf("%s %.*s\n", gauges[i].name, (int)v.len, v.p);
	}
	head("newswatch_configuration_refused", "gauge", "1 if the last configuration was refused.");
	printf("newswatch_configuration_refused %d\n", nw_status_daemon(s, "refused").len > 0);
}

/* --- values with labels --------------------------------------------------------------------------------- */

static void
print_states(const struct nw_status *s)
{
	const struct nw_store_counts *c = &s->counts;

	head("newswatch_sources", "gauge", "Sources by health.");
	for (size_t i = 0; i < NW_STATUS_NHEALTH; i++)
		printf("newswatch_sources{health=\"%s\"} %u\n", nw_status_health_name[i], s->sources[i]);
	head("newswatch_deliveries", "gauge", "Deliveries that are not accepted, by state.");
	printf("newswatch_deliveries{state=\"due\"} %" PRId64
	       "\nnewswatch_deliveries{state=\"deferred\"} %" PRId64 "\n"
	       "newswatch_deliveries{state=\"sending\"} %" PRId64
	       "\nnewswatch_deliveries{state=\"failed\"} %" PRId64 "\n"
	       "newswatch_deliveries{state=\"held\"} %" PRId64 "\n",
	    c->deliveries_due, c->deliveries_deferred, c->deliveries_sending, c->deliveries_failed,
	    c->deliveries_held);
	head("newswatch_conditions", "gauge", "What the operator was told of and still holds.");
	printf("newswatch_conditions %zu\n", json_array_size(s->conditions));
	head("newswatch_store_bytes", "gauge",
	    "Size of the database and its log, and what is free beside them.");
	printf("newswatch_store_bytes{part=\"database\"} %" PRId64
	       "\nnewswatch_store_bytes{part=\"log\"} %" PRId64 "\n"
	       "newswatch_store_bytes{part=\"free\"} %" PRId64 "\n",
	    s->health.bytes, s->health.wal_bytes, s->health.free_bytes);
	head("newswatch_build_info", "gauge", "Versions.");
	printf("newswatch_build_info{version=\"%s\",engine=\"%u\"} 1\n", NW_VERSION, NW_QUERY_ENGINE_VERSION);
}

struct per_source {
	const char *name;
	size_t off; /* of an int64_t in struct nw_store_source_row; 0 for failures */
};

/* Names of sources are [a-z0-9_.-]: nothing is to be escaped. */
static int
source_line(void *cookie, const struct nw_store_source_row *r)
{
	const struct per_source *p = cookie;
	int64_t v;

	if (!r->enabled)
		return 0;
	if (p->off == 0) {
		printf("%s{source=\"%s\"} %u\n", p->name, r->name.p, r->failures);
		return 0;
	}
	memcpy(&v, (const char *)r + p->off, sizeof(v));
	if (v == NW_TIME_NONE)
		return 0;
	printf("%s{source=\"%s\"}", p->name, r->name.p);
	print_seconds(v);
	return 0;
}

static int
print_sources(const struct nw_status *s, struct nw_err *err)
{
	static const struct {
		struct per_source of;
		const char *help;
	} table[] = {
	    {{"newswatch_source_failures", 0}, "Polls that failed in a row."},
	    {{"newswatch_source_last_ok_timestamp_seconds", offsetof(struct nw_store_source_row, last_ok_ms)},
		"When the source last answered well."},
	    {{"newswatch_source_last_new_timestamp_seconds",
		 offsetof(struct nw_store_source_row, last_new_ms)},
		"When the source last had something new."},
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct per_source of = table[i].of;

		head(of.name, "gauge", table[i].help);
		if (nw_store_arg_sources(s->from, NULL, source_line, &of, err) == -1)
			return -1;
	}
	return 0;
}

int
nw_status_metrics(struct nw_status *s, struct nw_err *err)
{
	print_daemon(s);
	print_counts(&s->counts);
	print_states(s);
	return print_sources(s, err);
}
