#include "base/str.h"
#include "core/limits.h"
#include "core/severity.h"
#include "core/time.h"
#include "cli/rows.h"
#include "cli/show.h"

#define LATE_MS	   (INT64_C(1000) * NW_LEASE_S) /* by then a target that nobody answered for is due again */
#define QUIET_GAPS 3				/* usual gaps without anything new */
#define QUIET_MS   INT64_C(3600000)		/* a shorter silence is none, however fast a source began */

json_t *
nw_rows_instant(int64_t at_ms)
{
	char buf[32];

	return at_ms == NW_TIME_NONE ? json_null() : json_string(nw_time_rfc3339(at_ms, buf));
}

/* --- alerts --------------------------------------------------------------------------------------------- */

static json_t *
article(const struct nw_store_alert_row *r)
{
	json_t *o = json_object();

	return nw_show_whole(o, nw_show_set(o, "id", json_integer(r->article)) |
				    nw_show_set(o, "url", nw_show_text(r->article_url)) |
				    nw_show_set(o, "title", nw_show_text(r->title)) |
				    nw_show_set(o, "published", nw_rows_instant(r->published_ms)) |
				    nw_show_set(o, "revision", json_integer(r->revision_n)));
}

static json_t *
acknowledged(const struct nw_store_alert_row *r)
{
	json_t *o;

	if (!r->acked)
		return json_null();
	o = json_object();
	return nw_show_whole(o, nw_show_set(o, "at", nw_rows_instant(r->acked_ms)) |
				    nw_show_set(o, "by", nw_show_text(r->ack_by)));
}

json_t *
nw_rows_alert(const struct nw_store_alert_row *r)
{
	json_t *o = json_object();

	return nw_show_whole(
	    o, nw_show_set(o, "id", nw_show_text(r->id)) | nw_show_set(o, "at", nw_rows_instant(r->at_ms)) |
		   nw_show_set(o, "watch", nw_show_text(r->watch)) |
		   nw_show_set(o, "severity", json_string(nw_severity_name(r->severity))) |
		   nw_show_set(o, "score", r->has_score ? json_integer(r->score) : json_null()) |
		   nw_show_set(o, "state", nw_show_text(r->state)) |
		   nw_show_set(o, "reason", nw_show_text(r->reason)) |
		   nw_show_set(o, "source", nw_show_text(r->source)) |
		   nw_show_set(o, "article", r->article != 0 ? article(r) : json_null()) |
		   nw_show_set(o, "text", r->article != 0 ? json_null() : nw_show_text(r->text)) |
		   nw_show_set(o, "subject", r->article != 0 ? json_null() : nw_show_text(r->title)) |
		   nw_show_set(o, "provisional", json_boolean(r->provisional)) |
		   nw_show_set(o, "acknowledged", acknowledged(r)) |
		   nw_show_set(o, "review", nw_show_text(r->review)));
}

/* --- deliveries ----------------------------------------------------------------------------------------- */

json_t *
nw_rows_delivery(const struct nw_store_delivery_row *r)
{
	int open = !nw_str_is(r->state, "delivered") && !nw_str_is(r->state, "failed") &&
		   !nw_str_is(r->state, "held") && !nw_str_is(r->state, "dropped");
	json_t *o = json_object();

	return nw_show_whole(o, nw_show_set(o, "id", nw_show_text(r->id)) |
				    nw_show_set(o, "message", nw_show_text(r->message)) |
				    nw_show_set(o, "channel", nw_show_text(r->channel)) |
				    nw_show_set(o, "recipient", nw_show_text(r->recipient)) |
				    nw_show_set(o, "state", nw_show_text(r->state)) |
				    nw_show_set(o, "subject", nw_show_text(r->subject)) |
				    nw_show_set(o, "severity", json_string(nw_severity_name(r->severity))) |
				    nw_show_set(o, "alerts", json_integer(r->alerts)) |
				    nw_show_set(o, "attempts", json_integer(r->attempts)) |
				    nw_show_set(o, "last_code", json_integer(r->last_code)) |
				    nw_show_set(o, "last_answer", nw_show_text(r->last_answer)) |
				    nw_show_set(o, "created", nw_rows_instant(r->created_ms)) |
				    nw_show_set(o, "next", open ? nw_rows_instant(r->next_ms) : json_null()) |
				    nw_show_set(o, "done", nw_rows_instant(r->done_ms)));
}

/* --- sources -------------------------------------------------------------------------------------------- */

const char *
nw_rows_health(const struct nw_store_source_row *r, int64_t now_ms)
{
	int64_t silent_ms;

	if (!r->enabled)
		return "disabled";
	if (r->failures > 0)
		return "failing";
	if (r->next_due_ms != NW_TIME_NONE && r->next_due_ms + LATE_MS < now_ms)
		return "late";
	if (r->last_ok_ms == NW_TIME_NONE)
		return "new";
	if (r->rhythm_ms <= 0 || r->last_new_ms == NW_TIME_NONE)
		return "ok";
	silent_ms = now_ms - r->last_new_ms;
	return silent_ms > QUIET_MS && silent_ms > QUIET_GAPS * r->rhythm_ms ? "quiet" : "ok";
}

json_t *
nw_rows_source(const struct nw_store_source_row *r, int64_t now_ms)
{
	json_t *o = json_object();

	return nw_show_whole(o,
	    nw_show_set(o, "name", nw_show_text(r->name)) | nw_show_set(o, "title", nw_show_text(r->title)) |
		nw_show_set(o, "enabled", json_boolean(r->enabled)) |
		nw_show_set(o, "health", json_string(nw_rows_health(r, now_ms))) |
		nw_show_set(o, "listings", json_integer(r->targets)) |
		nw_show_set(o, "failures", json_integer(r->failures)) |
		nw_show_set(o, "failing_since", nw_rows_instant(r->failing_since_ms)) |
		nw_show_set(o, "last_error", nw_show_text(r->last_error)) |
		nw_show_set(o, "last_poll", nw_rows_instant(r->last_poll_ms)) |
		nw_show_set(o, "last_ok", nw_rows_instant(r->last_ok_ms)) |
		nw_show_set(o, "last_new", nw_rows_instant(r->last_new_ms)) |
		nw_show_set(o, "next_due", r->enabled ? nw_rows_instant(r->next_due_ms) : json_null()) |
		nw_show_set(
		    o, "rhythm_s", r->rhythm_ms > 0 ? json_integer(r->rhythm_ms / 1000) : json_null()) |
		nw_show_set(o, "items_last", json_integer(r->items_last)) |
		nw_show_set(o, "items_usual", json_integer(r->items_usual)) |
		nw_show_set(o, "polls", json_integer(r->polls)) |
		nw_show_set(o, "unchanged", json_integer(r->unchanged)) |
		nw_show_set(o, "articles", json_integer(r->articles)) |
		nw_show_set(o, "charset", nw_show_text(r->charset)) |
		nw_show_set(o, "last_number", nw_show_text(r->last_number)));
}

json_t *
nw_rows_condition(const struct nw_store_condition_row *r)
{
	json_t *o = json_object();

	return nw_show_whole(o, nw_show_set(o, "key", nw_show_text(r->key)) |
				    nw_show_set(o, "source", nw_show_text(r->source)) |
				    nw_show_set(o, "severity", json_string(nw_severity_name(r->severity))) |
				    nw_show_set(o, "since", nw_rows_instant(r->since_ms)) |
				    nw_show_set(o, "subject", nw_show_text(r->subject)) |
				    nw_show_set(o, "text", nw_show_text(r->text)));
}
