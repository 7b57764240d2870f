#include <string.h>

#include "base/str.h"
#include "core/time.h"
#include "query/query.h"
#include "cli/rows.h"
#include "cli/show.h"
#include "cli/status.h"

/* A value as the daemon says it: a number where it is one. */
static json_t *
value(const char *p, size_t n)
{
	int64_t v = 0;

	if (n == 0 || n > 18)
		return json_stringn(p, n);
	for (size_t i = 0; i < n; i++) {
		if (p[i] < '0' || p[i] > '9')
			return json_stringn(p, n);
		v = v * 10 + (p[i] - '0');
	}
	return json_integer(v);
}

/* Keys that stand several times (worker, sender) become lists. */
static int
set_or_append(json_t *o, const char *key, size_t klen, json_t *v, int is_list)
{
	char name[32];
	json_t *a;

	if (klen >= sizeof(name) - 1)
		return json_decref(v), 0; /* of a newer daemon: not ours to show */
	(void)memcpy(name, key, klen);
	name[klen] = '\0';
	if (!is_list)
		return nw_show_set(o, name, v);
	(void)memcpy(name + klen, "s", 2);
	if ((a = json_object_get(o, name)) == NULL) {
		if (nw_show_set(o, name, json_array()) == -1)
			return -1;
		a = json_object_get(o, name);
	}
	return json_array_append_new(a, v);
}

static json_t *
daemon_json(const struct nw_status *s)
{
	const char *p = s->daemon.p, *end = p != NULL ? p + s->daemon.len : NULL, *nl, *blank;
	json_t *o;
	int rc = 0;

	if (!s->running)
		return json_null();
	for (o = json_object(); p < end && (nl = memchr(p, '\n', (size_t)(end - p))) != NULL; p = nl + 1) {
		struct nw_str key;

		if ((blank = memchr(p, ' ', (size_t)(nl - p))) == NULL)
			continue;
		key = (struct nw_str){p, (size_t)(blank - p)};
		rc |= set_or_append(o, p, key.len, value(blank + 1, (size_t)(nl - blank) - 1),
		    nw_str_is(key, "worker") || nw_str_is(key, "sender"));
	}
	return nw_show_whole(o, rc);
}

static json_t *
sources_json(const struct nw_status *s)
{
	json_t *o = json_object();
	int rc = 0;

	for (size_t i = 0; i < NW_STATUS_NHEALTH; i++)
		rc |= nw_show_set(o, nw_status_health_name[i], json_integer(s->sources[i]));
	return nw_show_whole(o, rc);
}

static json_t *
queue_json(const struct nw_store_counts *c)
{
	json_t *o = json_object();

	return nw_show_whole(
	    o, nw_show_set(o, "waiting", json_integer(c->outbox_waiting)) |
		   nw_show_set(o, "unrendered", json_integer(c->unrendered)) |
		   nw_show_set(o, "due", json_integer(c->deliveries_due)) |
		   nw_show_set(o, "deferred", json_integer(c->deliveries_deferred)) |
		   nw_show_set(o, "sending", json_integer(c->deliveries_sending)) |
		   nw_show_set(o, "failed", json_integer(c->deliveries_failed)) |
		   nw_show_set(o, "held", json_integer(c->deliveries_held)) |
		   nw_show_set(o, "delivered", json_integer(c->delivered)) |
		   nw_show_set(o, "oldest_undelivered", nw_rows_instant(c->oldest_undelivered_ms)));
}

static json_t *
store_json(const struct nw_status *s)
{
	const struct nw_store_counts *c = &s->counts;
	json_t *o = json_object();

	return nw_show_whole(o, nw_show_set(o, "path", nw_show_text(s->from->conf->daemon.store.path)) |
				    nw_show_set(o, "schema", json_integer(c->schema)) |
				    nw_show_set(o, "bytes", json_integer(s->health.bytes)) |
				    nw_show_set(o, "wal_bytes", json_integer(s->health.wal_bytes)) |
				    nw_show_set(o, "free_bytes", json_integer(s->health.free_bytes)) |
				    nw_show_set(o, "articles", json_integer(c->articles)) |
				    nw_show_set(o, "revisions", json_integer(c->revisions)) |
				    nw_show_set(o, "documents", json_integer(c->documents)) |
				    nw_show_set(o, "pending", json_integer(c->pending)) |
				    nw_show_set(o, "alerts", json_integer(c->alerts)) |
				    nw_show_set(o, "alerts_muted", json_integer(c->alerts_muted)) |
				    nw_show_set(o, "near_misses", json_integer(c->near_misses)) |
				    nw_show_set(o, "last_article", nw_rows_instant(c->last_article_ms)) |
				    nw_show_set(o, "last_poll", nw_rows_instant(c->last_poll_ms)));
}

static json_t *
day_json(const struct nw_store_counts *c)
{
	json_t *o = json_object();

	return nw_show_whole(o, nw_show_set(o, "articles", json_integer(c->articles_day)) |
				    nw_show_set(o, "alerts", json_integer(c->alerts_day)) |
				    nw_show_set(o, "delivered", json_integer(c->delivered_day)));
}

static json_t *
versions_json(void)
{
	json_t *o = json_object();

	return nw_show_whole(o, nw_show_set(o, "newswatch", json_string(NW_VERSION)) |
				    nw_show_set(o, "engine", json_integer(NW_QUERY_ENGINE_VERSION)));
}

json_t *
nw_status_json(const struct nw_status *s)
{
	json_t *o = json_object();

	return nw_show_whole(
	    o, nw_show_set(o, "verdict", json_string(nw_status_verdict(s))) |
		   nw_show_set(o, "problems", json_incref(s->problems)) |
		   nw_show_set(o, "running", json_boolean(s->running)) |
		   nw_show_set(o, "daemon", daemon_json(s)) | nw_show_set(o, "sources", sources_json(s)) |
		   nw_show_set(o, "queue", queue_json(&s->counts)) |
		   nw_show_set(o, "day", day_json(&s->counts)) | nw_show_set(o, "store", store_json(s)) |
		   nw_show_set(o, "conditions", json_incref(s->conditions)) |
		   nw_show_set(o, "versions", versions_json()));
}
