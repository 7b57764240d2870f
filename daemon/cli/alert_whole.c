#include <stdio.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "core/frame.h"
#include "core/severity.h"
#include "core/time.h"
#include "cli/alert_list.h"
#include "cli/cli.h"
#include "cli/evidence.h"
#include "cli/out.h"
#include "cli/rows.h"
#include "cli/show.h"

static json_t *
sha256(struct nw_bytes b)
{
	struct nw_buf hex = {0};
	json_t *o;

	for (size_t i = 0; i < b.len; i++)
		nw_buf_addf(&hex, "%02x", b.p[i]);
	o = nw_show_text(nw_buf_str(&hex));
	nw_buf_done(&hex);
	return o;
}

/* --- as JSON -------------------------------------------------------------------------------------------- */

static int
add_delivery(void *cookie, const struct nw_store_delivery_row *r)
{
	return json_array_append_new(cookie, nw_rows_delivery(r)) == 0 ? 0 : -1;
}

static int
add_event(void *cookie, const struct nw_store_event_row *r)
{
	json_t *o = json_object();

	if (nw_show_set(o, "at", nw_rows_instant(r->at_ms)) | nw_show_set(o, "event", nw_show_text(r->kind)) |
	    nw_show_set(o, "text", nw_show_text(r->text))) {
		json_decref(o);
		return -1;
	}
	return json_array_append_new(cookie, o) == 0 ? 0 : -1;
}

static json_t *
document(const struct nw_store_proof *p)
{
	json_t *o;

	if (p->document_sha256.len == 0)
		return json_null();
	o = json_object();
	if (nw_show_set(o, "url", nw_show_text(p->document_url)) |
	    nw_show_set(o, "fetched", nw_rows_instant(p->document_at_ms)) |
	    nw_show_set(o, "type", nw_show_text(p->document_type)) |
	    nw_show_set(o, "sha256", sha256(p->document_sha256)) |
	    nw_show_set(o, "headers", nw_show_text(p->document_headers)) |
	    nw_show_set(o, "kept", json_boolean(p->document_kept))) {
		json_decref(o);
		return NULL;
	}
	return o;
}

json_t *
nw_alert_whole_json(struct nw_store_arg *a, const struct nw_store_proof *p, struct nw_err *err)
{
	struct nw_store_filter f = {.text = p->row.id, .since_ms = NW_TIME_NONE, .until_ms = NW_TIME_NONE};
	const Nw__Alert *al = p->alert;
	json_t *o = nw_rows_alert(&p->row), *deliveries = json_array(), *events = json_array();
	int rc = nw_store_deliveries(a->store, &f, add_delivery, deliveries, err) |
		 nw_store_events(a->store, &f, add_event, events, err);

	rc |= nw_show_set(o, "evidence",
		  nw_show_evidence(p->article, al->hits, al->n_hits, al->clause, al->n_clause)) |
	      nw_show_set(o, "blocked_by",
		  nw_show_evidence(p->article, al->blocked, al->n_blocked, al->clause, al->n_clause)) |
	      nw_show_set(o, "expression", nw_show_text(p->watch_text)) |
	      nw_show_set(o, "expression_since", nw_rows_instant(p->watch_from_ms)) |
	      nw_show_set(o, "read", nw_rows_instant(p->seen_ms)) | nw_show_set(o, "document", document(p)) |
	      nw_show_set(o, "text", nw_show_article(p->article, 1)) |
	      nw_show_set(o, "deliveries", deliveries) | nw_show_set(o, "events", events);
	return nw_show_whole(o, rc);
}

static int
print_json(struct nw_store_arg *a, const struct nw_store_proof *p, struct nw_err *err)
{
	json_t *o = nw_alert_whole_json(a, p, err);

	return o != NULL ? nw_show_line(o) : -1;
}

/* --- for people ----------------------------------------------------------------------------------------- */

static int
print_delivery(void *cookie, const struct nw_store_delivery_row *r)
{
	int *n = cookie;
	char at[32];

	(*n)++;
	printf("  %s%s", r->channel.p, r->recipient.len > 0 ? " to " : "");
	nw_out_text(r->recipient, 0);
	printf(": %s%s%s, %u attempt%s", r->state.p, r->done_ms != NW_TIME_NONE ? " " : "",
	    nw_out_instant(r->done_ms, "", at), r->attempts, r->attempts == 1 ? "" : "s");
	(void)fputs(r->last_answer.len > 0 ? ", last answer: " : "", stdout);
	nw_out_text(r->last_answer, 0);
	printf("\n    id %s\n", r->id.p);
	return 0;
}

static int
print_event(void *cookie, const struct nw_store_event_row *r)
{
	int *n = cookie;
	char at[32];

	if ((*n)++ == 0)
		puts("\nevents");
	printf("  %s  %s: ", nw_out_instant(r->at_ms, "-", at), r->kind.p);
	nw_out_text(r->text, 0);
	(void)putchar('\n');
	return 0;
}

static void
print_line(const char *what, struct nw_str text)
{
	if (text.len == 0)
		return;
	printf("%-12s", what);
	nw_out_text(text, 0);
	(void)putchar('\n');
}

static void
print_head(const struct nw_store_proof *p)
{
	const struct nw_store_alert_row *r = &p->row;
	char at[32];

	printf("%s %s\n", nw_str_is(r->state, "near") ? "near miss" : "alert", r->id.p);
	printf("%-12s%s, %s\n", "raised", nw_out_instant(r->at_ms, "-", at), nw_severity_name(r->severity));
	print_line("watch", r->watch);
	print_line("state", r->state);
	print_line("reason", r->reason);
	if (r->has_score)
		printf("%-12s%lld\n", "score", (long long)r->score);
	if (r->acked)
		printf("%-12s%s by %s\n", "acked", nw_out_instant(r->acked_ms, "-", at), r->ack_by.p);
	print_line("review", r->review);
	print_line("source", r->source);
	print_line("title", r->title);
	print_line("address", r->article_url);
	printf("%-12s%s\n", "published", nw_out_instant(r->published_ms, "not said", at));
	printf("%-12s%lld, read %s\n", "revision", (long long)r->revision_n,
	    nw_out_instant(p->seen_ms, "-", at));
}

static void
print_topics(const Nw__Article *a)
{
	const char *between = "";

	for (size_t i = 0; i < a->n_tags; i++) {
		if (!nw_str_is(nw_pb_str(a->tags[i]->kind), "topic"))
			continue;
		(void)fputs(*between == '\0' ? "topics      " : between, stdout);
		nw_out_text(nw_pb_str(a->tags[i]->name), 0);
		(void)fputs(a->tags[i]->cls.len > 0 ? "/" : "", stdout);
		nw_out_text(nw_pb_str(a->tags[i]->cls), 0);
		between = ", ";
	}
	(void)fputs(*between != '\0' ? "\n" : "", stdout);
}

static int
print_text(struct nw_store_arg *a, const struct nw_store_proof *p, struct nw_err *err)
{
	struct nw_store_filter f = {.text = p->row.id, .since_ms = NW_TIME_NONE, .until_ms = NW_TIME_NONE};
	int n = 0;

	print_head(p);
	print_topics(p->article);
	puts("\nevidence");
	nw_evidence_print("  ", p->article, p->alert->hits, p->alert->n_hits);
	if (p->alert->n_blocked > 0) {
		puts("\nsilenced by");
		nw_evidence_print("  ", p->article, p->alert->blocked, p->alert->n_blocked);
	}
	puts("\nexpression");
	nw_out_block("  ", p->watch_text);
	puts("\narticle");
	nw_out_block("  ", nw_pb_str(p->article->body.len > 0 ? p->article->body : p->article->summary));
	if (nw_str_is(p->row.state, "near"))
		return 0;
	puts("\ndeliveries");
	if (nw_store_deliveries(a->store, &f, print_delivery, &n, err) == -1)
		return -1;
	if (n == 0)
		puts(nw_str_is(p->row.state, "live") ? "  none yet" : "  none: it is not live");
	n = 0;
	return nw_store_events(a->store, &f, print_event, &n, err) == -1 ? -1 : 0;
}

/* --- notices to the operator ---------------------------------------------------------------------------- */

struct notice {
	const struct nw_cli *cli;
	struct nw_str id;
	int found;
};

static int
notice_row(void *cookie, const struct nw_store_alert_row *r)
{
	struct notice *n = cookie;
	char at[32];

	if (r->id.len < n->id.len || memcmp(r->id.p, n->id.p, n->id.len) != 0)
		return 0;
	n->found = 1;
	if (n->cli->json)
		return nw_show_line(nw_rows_alert(r)) == 0 ? 1 : -1;
	printf("notice %s\n%-12s%s, %s\n", r->id.p, "raised", nw_out_instant(r->at_ms, "-", at),
	    nw_severity_name(r->severity));
	print_line("source", r->source);
	print_line("subject", r->title);
	(void)putchar('\n');
	nw_out_block("  ", r->text);
	return 1;
}

static int
show_notice(const struct nw_cli *cli, struct nw_store_arg *a, const char *id)
{
	struct nw_store_filter f = {
	    .state = NW_STR("operator"), .since_ms = NW_TIME_NONE, .until_ms = NW_TIME_NONE};
	struct notice n = {cli, nw_str(id), 0};
	struct nw_err err;

	if (nw_store_alerts(a->store, &f, notice_row, &n, &err) == -1)
		return nw_cli_fail(cli, NW_EXIT_BROKEN, "%s", err.msg);
	if (!n.found)
		return nw_cli_fail(cli, NW_EXIT_NO, "there is no alert '%s', or more than one begins so", id);
	return nw_out_done(cli, NW_EXIT_OK);
}

int
nw_alert_whole(const struct nw_cli *cli, struct nw_store_arg *a, const char *id)
{
	struct nw_arena *arena = nw_arena_new(0);
	struct nw_store_proof *p;
	struct nw_err err;
	int rc;

	if (arena == NULL)
		return nw_cli_fail(cli, NW_EXIT_BROKEN, "out of memory");
	rc = nw_store_proof(a->store, nw_str(id), arena, &p, &err);
	if (rc == 0) {
		nw_arena_free(arena);
		return show_notice(cli, a, id);
	}
	if (rc == 1) {
		nw_fail(&err, NW_ERES, "cannot write the answer");
		rc = cli->json ? print_json(a, p, &err) : print_text(a, p, &err);
	}
	nw_arena_free(arena);
	return rc == -1 ? nw_cli_fail_by(cli, &err)
			: nw_out_done(cli, NW_EXIT_OK);
}
