#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/str.h"
#include "core/time.h"
#include "query/query.h"
#include "cli/out.h"
#include "cli/rows.h"
#include "cli/status.h"

#define LL(v) ((long long)(v))

static void
print_daemon(const struct nw_status *s)
{
	struct nw_str started = nw_status_daemon(s, "started_ms");
	char at[32];

	if (!s->running) {
		printf("daemon      not answering\n");
		return;
	}
	/* the answer is "key value" lines, NUL-terminated as a whole */
	printf("daemon      running, pid %.*s, since %s, generation %.*s, lock level %.*s\n",
	    (int)nw_status_daemon(s, "pid").len, nw_status_daemon(s, "pid").p,
	    nw_out_instant(strtoll(started.p, NULL, 10), "-", at), (int)nw_status_daemon(s, "generation").len,
	    nw_status_daemon(s, "generation").p, (int)nw_status_daemon(s, "lock_level").len,
	    nw_status_daemon(s, "lock_level").p);
	printf("at work     fetching %.*s, reading %.*s, matching %.*s, delivering %.*s\n",
	    (int)nw_status_daemon(s, "fetching").len, nw_status_daemon(s, "fetching").p,
	    (int)nw_status_daemon(s, "reading").len, nw_status_daemon(s, "reading").p,
	    (int)nw_status_daemon(s, "matching").len, nw_status_daemon(s, "matching").p,
	    (int)nw_status_daemon(s, "delivering").len, nw_status_daemon(s, "delivering").p);
	if (nw_status_daemon(s, "indexed").len != 0)
		printf("index       up to revision %.*s of %.*s, lock level %.*s\n", (int)nw_status_daemon(s, "indexed").len,
		    nw_status_daemon(s, "indexed").p, (int)nw_status_daemon(s, "indexed_of").len,
		    nw_status_daemon(s, "indexed_of").p, (int)nw_status_daemon(s, "indexer_lock_level").len,
		    nw_status_daemon(s, "indexer_lock_level").p);
}

static int
print_failing(void *cookie, const struct nw_store_source_row *r)
{
	const struct nw_status *s = cookie;
	const char *health = nw_rows_health(r, s->from->now_ms);
	char since[32];

	if (nw_str_is(nw_str(health), "failing")) {
		printf("  failing   %s, %u in a row since %s: ", r->name.p, r->failures,
		    nw_out_instant(r->failing_since_ms, "-", since));
		nw_out_text(r->last_error, 300);
		(void)putchar('\n');
	} else if (nw_str_is(nw_str(health), "late")) {
		printf("  late      %s, was due %s\n", r->name.p,
		    nw_out_ago(r->next_due_ms, s->from->now_ms, "-", since));
	}
	return 0;
}

static void
print_store(const struct nw_status *s)
{
	const struct nw_store_counts *c = &s->counts;
	char at[32];

	printf("queue       %lld waiting, %lld unrendered, %lld due, %lld deferred, %lld sending%s%s\n",
	    LL(c->outbox_waiting), LL(c->unrendered), LL(c->deliveries_due), LL(c->deliveries_deferred),
	    LL(c->deliveries_sending), c->oldest_undelivered_ms != NW_TIME_NONE ? ", the oldest since " : "",
	    nw_out_instant(c->oldest_undelivered_ms, "", at));
	printf("dead        %lld failed, %lld held\n", LL(c->deliveries_failed), LL(c->deliveries_held));
	printf("last day    %lld articles, %lld alerts, %lld delivered\n", LL(c->articles_day),
	    LL(c->alerts_day), LL(c->delivered_day));
	printf("store       %lld articles, %lld revisions, %lld alerts (%lld muted), %lld near misses, %lld "
	       "to be matched; "
	       "%lld KiB, schema %lld\n",
	    LL(c->articles), LL(c->revisions), LL(c->alerts), LL(c->alerts_muted), LL(c->near_misses),
	    LL(c->pending), LL(s->health.bytes / 1024), LL(c->schema));
	printf("last poll   %s, last new article %s\n",
	    nw_out_ago(c->last_poll_ms, s->from->now_ms, "never", at),
	    nw_out_ago(c->last_article_ms, s->from->now_ms, "none yet", (char[32]){0}));
	printf("versions    newswatch %s, engine %u\n", NW_VERSION, NW_QUERY_ENGINE_VERSION);
}

int
nw_status_text(struct nw_status *s, struct nw_err *err)
{
	json_t *item;
	size_t i;

	printf("%s\n", nw_status_verdict(s));
	json_array_foreach(s->problems, i, item)
	{
		(void)fputs("  - ", stdout);
		nw_out_text(nw_str(json_string_value(item)), 0);
		(void)putchar('\n');
	}
	print_daemon(s);
	(void)fputs("sources    ", stdout);
	for (i = 0; i < NW_STATUS_NHEALTH; i++)
		printf(" %u %s%s", s->sources[i], nw_status_health_name[i],
		    i + 1 < NW_STATUS_NHEALTH ? "," : "\n");
	if (nw_store_arg_sources(s->from, NULL, print_failing, s, err) == -1)
		return -1;
	print_store(s);
	json_array_foreach(s->conditions, i, item)
	{
		printf("told since %s: ", json_string_value(json_object_get(item, "since")));
		nw_out_text(nw_str(json_string_value(json_object_get(item, "subject"))), 0);
		(void)putchar('\n');
	}
	return 0;
}
