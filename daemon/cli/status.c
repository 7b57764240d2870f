#include <string.h>

#include "base/str.h"
#include "core/control.h"
#include "cli/rows.h"
#include "cli/status.h"

const char *const nw_status_health_name[NW_STATUS_NHEALTH] = {
    "ok", "quiet", "new", "late", "failing", "disabled"};

static int
count_source(void *cookie, const struct nw_store_source_row *r)
{
	struct nw_status *s = cookie;
	const char *health = nw_rows_health(r, s->from->now_ms);

	for (size_t i = 0; i < NW_STATUS_NHEALTH; i++)
		s->sources[i] += strcmp(health, nw_status_health_name[i]) == 0;
	return 0;
}

static int
add_condition(void *cookie, const struct nw_store_condition_row *r)
{
	return json_array_append_new(cookie, nw_rows_condition(r)) == 0 ? 0 : -1;
}

/* --- the daemon ----------------------------------------------------------------------------------------- */

struct nw_str
nw_status_daemon(const struct nw_status *s, const char *key)
{
	size_t n = strlen(key);
	const char *p = s->daemon.p, *end = p != NULL ? p + s->daemon.len : NULL, *nl;

	for (; p < end; p = nl + 1) {
		if ((nl = memchr(p, '\n', (size_t)(end - p))) == NULL)
			break;
		if ((size_t)(nl - p) > n && memcmp(p, key, n) == 0 && p[n] == ' ')
			return (struct nw_str){p + n + 1, (size_t)(nl - p) - n - 1};
	}
	return NW_STR("");
}

static void
ask_daemon(struct nw_status *s)
{
	static const char *const request[] = {"status"};

	s->running =
	    nw_control_call(s->from->conf->daemon.control.path.p, request, 1, &s->daemon, &s->why_not) == 0;
	if (!s->running)
		nw_buf_reset(&s->daemon);
}

/* --- what is wrong -------------------------------------------------------------------------------------- */

static void problem(struct nw_status *s, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static void
problem(struct nw_status *s, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	(void)json_array_append_new(
	    s->problems, json_vsprintf(fmt, ap)); /* without memory one sentence is missing */
	va_end(ap);
}

static void
judge(struct nw_status *s)
{
	const struct nw_store_counts *c = &s->counts;
	struct nw_str refused = nw_status_daemon(s, "refused");

	if (!s->running)
		problem(s, "%s", s->why_not.msg);
	if (s->running && nw_str_is(nw_status_daemon(s, "lock_level"), "0"))
		problem(s, "workers run without a lock");
	if (refused.len > 0)
		problem(s, "the last configuration was refused, the one before it is live: %.*s",
		    (int)refused.len, refused.p);
	if (nw_str_is(nw_status_daemon(s, "stale"), "1"))
		problem(
		    s, "the files are not what is live: the configuration accepted last stands in for them");
	if (s->sources[NW_STATUS_FAILING] > 0)
		problem(s, "%u source%s failing", s->sources[NW_STATUS_FAILING],
		    s->sources[NW_STATUS_FAILING] == 1 ? " is" : "s are");
	if (s->sources[NW_STATUS_LATE] > 0)
		problem(s, "%u source%s due and not polled", s->sources[NW_STATUS_LATE],
		    s->sources[NW_STATUS_LATE] == 1 ? " is" : "s are");
	if (c->deliveries_failed > 0)
		problem(s, "%lld deliveries have failed for good: newswatch deliveries --state failed",
		    (long long)c->deliveries_failed);
	if (c->deliveries_held > 0)
		problem(s, "%lld deliveries are held: newswatch deliveries --state held",
		    (long long)c->deliveries_held);
	if (json_array_size(s->conditions) > 0)
		problem(s, "%zu condition%s the operator was told of still hold%s",
		    json_array_size(s->conditions), json_array_size(s->conditions) == 1 ? "" : "s",
		    json_array_size(s->conditions) == 1 ? "s" : "");
}

const char *
nw_status_verdict(const struct nw_status *s)
{
	if (json_array_size(s->problems) > 0)
		return "broken";
	return s->counts.alerts_day == 0 ? "quiet" : "ok";
}

int
nw_status_get(struct nw_store_arg *from, struct nw_status *s, struct nw_err *err)
{
	*s = (struct nw_status){.from = from, .problems = json_array(), .conditions = json_array()};
	if (s->problems == NULL || s->conditions == NULL) {
		nw_status_done(s);
		return nw_fail(err, NW_ERES, "out of memory");
	}
	if (nw_store_counts(from->store, from->now_ms, &s->counts, err) == -1 ||
	    nw_store_arg_sources(from, NULL, count_source, s, err) == -1 ||
	    nw_store_conditions(from->store, add_condition, s->conditions, err) == -1) {
		nw_status_done(s);
		return -1;
	}
	nw_store_health(from->store, &s->health);
	ask_daemon(s);
	judge(s);
	return 0;
}

void
nw_status_done(struct nw_status *s)
{
	nw_buf_done(&s->daemon);
	json_decref(s->problems);
	json_decref(s->conditions);
	s->problems = s->conditions = NULL;
}
