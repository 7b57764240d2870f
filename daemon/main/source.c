#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/log.h"
#include "base/str.h"
#include "core/digest.h"
#include "core/frame.h"
#include "core/limits.h"
#include "main/fetch.h"
#include "main/source.h"
#include "store/store_config.h"

/* What a listing of this parser is; a probe finds out the rest. */
static uint32_t
listing_role(const struct nw_conf_source *s)
{
	return nw_str_is(s->parser, "page") ? NW_ROLE_LISTING
	       : s->parser.len == 0	    ? NW_ROLE_AUTO
					    : NW_ROLE_FEED;
}

/* A source as the store is to have it. */
struct row {
	struct nw_store_source s;
	struct nw_buf options;
	struct nw_store_listing *listing;
};

static int
make_row(const struct nw_config *config, const struct nw_conf_source *s, struct row *row, struct nw_err *err)
{
	*row = (struct row){
	    .s = {.name = s->name,
		.title = s->title,
		.nlisting = s->nurl,
		.enabled = s->enabled,
		.every_ms = s->every_s * 1000,
		.every_max_ms = s->every_max_s * 1000},
	    .listing = calloc(s->nurl + 1, sizeof(*row->listing)),
	};
	if (row->listing == NULL || nw_conf_source_pack(config, s, &row->options) == -1)
		return nw_fail(err, NW_ERES, "out of memory");
	for (uint32_t i = 0; i < s->nurl; i++)
		row->listing[i] = (struct nw_store_listing){s->url[i], listing_role(s)};
	row->s.listing = row->listing;
	row->s.options = (struct nw_bytes){(const uint8_t *)row->options.p, row->options.len};
	return 0;
}

static void
row_done(struct row *row)
{
	nw_buf_done(&row->options);
	free(row->listing);
}

/* The digest of the rows so far becomes that with one more. */
static void
add_to_digest(const struct nw_store_source *s, uint8_t digest[NW_STORE_DIGEST_LEN])
{
	int64_t numbers[] = {s->enabled != 0, s->every_ms, s->every_max_ms, s->nlisting};
	struct nw_str before = {(const char *)digest, NW_STORE_DIGEST_LEN};

	nw_sha256_parts((struct nw_str[]){before, s->name, nw_str_or_empty(s->title),
			    {(const char *)s->options.p, s->options.len}, {(const char *)numbers, sizeof(numbers)}},
	    5, digest);
	for (uint32_t i = 0; i < s->nlisting; i++)
		nw_sha256_parts((struct nw_str[]){before, s->listing[i].url,
				    {(const char *)&s->listing[i].role, sizeof(s->listing[i].role)}},
		    3, digest);
}

static int
digest_all(const struct nw_config *config, uint8_t digest[NW_STORE_DIGEST_LEN], struct nw_err *err)
{
	struct row row;
	int rc = 0;

	memset(digest, 0, NW_STORE_DIGEST_LEN);
	for (uint32_t i = 0; i < config->nsource && rc == 0; i++) {
		if ((rc = make_row(config, config->source[i], &row, err)) == 0)
			add_to_digest(&row.s, digest);
		row_done(&row);
	}
	return rc;
}

static int
sync_one(struct nw_store *store, const struct nw_config *config, const struct nw_conf_source *s, struct nw_err *err)
{
	struct row row;
	int rc = make_row(config, s, &row, err);

	if (rc == 0)
		rc = nw_store_sync_source(store, &row.s, err);
	row_done(&row);
	return rc;
}

int
nw_source_sync_all(struct nw_store *store, const struct nw_config *config, int64_t now_ms, int64_t spread_ms,
    struct nw_err *err)
{
	uint8_t digest[NW_STORE_DIGEST_LEN];
	struct nw_store_synced synced;
	int rc;

	if (digest_all(config, digest, err) == -1 || (rc = nw_store_sync_is(store, digest, err)) == -1)
		return -1;
	if (rc == 1)
		return 0;
	if (nw_store_sync_begin(store, now_ms, spread_ms, err) == -1)
		return -1;
	for (uint32_t i = 0; i < config->nsource && rc == 0; i++)
		rc = nw_store_sync_name(store, config->source[i]->name, err);
	for (uint32_t i = 0; i < config->nsource && rc == 0; i++)
		rc = sync_one(store, config, config->source[i], err);
	if (rc == 0)
		rc = nw_store_sync_mark(store, digest, err);
	if (rc == -1) {
		nw_store_sync_abort(store);
		return -1;
	}
	if (nw_store_sync_end(store, &synced, err) == -1)
		return -1;
	if (synced.renamed > 0)
		nw_log(NW_LOG_NOTICE, "%u source%s a new name and keep%s what is known of %s articles", synced.renamed,
		    synced.renamed == 1 ? " has" : "s have", synced.renamed == 1 ? "s" : "",
		    synced.renamed == 1 ? "its" : "their");
	return 0;
}

static int
add_ranges(struct nw_arena *arena, const struct nw_conf_daemon *d, const struct nw_conf_source *s,
    struct nw_request *q, struct nw_err *err)
{
	uint32_t n = d->fetch.nallow_private + s->nallow_private;
	struct nw_cidr *allow = nw_arena_array(arena, n, sizeof(*allow));

	if (allow == NULL)
		return nw_fail(err, NW_ERES, "out of memory");
	for (uint32_t i = 0; i < n; i++) {
		struct nw_str text = i < s->nallow_private ? s->allow_private[i]
							   : d->fetch.allow_private[i - s->nallow_private];

		if (nw_cidr_parse(text, &allow[i], err) == -1)
			return -1;
	}
	q->allow = allow;
	q->nallow = n;
	return 0;
}

int
nw_source_request(struct nw_arena *arena, const struct nw_conf_daemon *d, const struct nw_conf_source *s,
    const struct nw_store_target *t, int conditional, struct nw_request *request_r, struct nw_err *err)
{
	struct nw_request q = {
	    .url = t->url,
	    .etag = conditional ? t->etag : NW_STR(""),
	    .last_modified = conditional ? t->last_modified : NW_STR(""),
	    .proxy = s->proxy,
	    .ca_file = s->ca_file,
	    .headers = s->headers,
	    .nheaders = s->nheaders,
	    .max_bytes =
		(uint32_t)(s->max_bytes > 0 && s->max_bytes <= NW_BODY_CEILING ? s->max_bytes : NW_BODY_MAX),
	    .timeout_ms = (uint32_t)(s->timeout_s > 0 ? s->timeout_s * 1000 : NW_FETCH_MS),
	    .legacy_tls = s->tls_legacy != 0,
	    .user_agent = s->user_agent,
	    .gap_ms = (uint32_t)(s->crawl_delay_s * 1000),
	    .ip = s->ip == NW_IP_4   ? 4
		  : s->ip == NW_IP_6 ? 6
				     : 0,
	    .cookies = s->cookies != 0 || s->self_redirect != 0,
	    .self_redirect = s->self_redirect != 0,
	    .allow_http = s->allow_http != 0,
	};

	if (add_ranges(arena, d, s, &q, err) == -1)
		return -1;
	*request_r = q;
	return 0;
}

int
nw_source_job(struct nw_arena *arena, const struct nw_conf_daemon *d, const struct nw_conf_source *s,
    const struct nw_store_target *t, const struct nw_source_document *doc, Nw__Job **job_r,
    struct nw_err *err)
{
	static const char *const identity[] = {"auto", "guid", "url", "title"};
	Nw__Job *job = nw_arena_zalloc(arena, sizeof(*job));
	Nw__ReadJob *r = nw_arena_zalloc(arena, sizeof(*r));

	if (job == NULL || r == NULL)
		return nw_fail(err, NW_ERES, "out of memory");
	nw__job__init(job);
	nw__read_job__init(r);
	r->url = nw_pb(doc->url);
	r->content_type = nw_pb(doc->content_type);
	r->body = (ProtobufCBinaryData){doc->body.len, (uint8_t *)(uintptr_t)doc->body.p};
	r->seen = (ProtobufCBinaryData){doc->seen.len, (uint8_t *)(uintptr_t)doc->seen.p};
	r->role = t->role;
	r->parser = nw_pb(nw_conf_source_parser(s, t->role, &r->options, &r->n_options));
	r->source = nw_pb(s->name);
	r->timezone = nw_pb(s->timezone);
	r->lang = nw_pb(s->lang);
	r->charset = nw_pb(s->charset);
	r->fetched_at_ms = doc->fetched_at_ms;
	r->tag = r->rules = 1;
	r->near = 1;
	r->keep = s->keep != UINT32_MAX ? s->keep : d->store.keep;
	r->identity = nw_pb(nw_str(identity[s->identity <= NW_IDENTITY_TITLE ? s->identity : 0]));
	job->job_case = NW__JOB__JOB_READ;
	job->read = r;
	*job_r = job;
	return 0;
}

void
nw_source_policy(
    const struct nw_conf_daemon *d, const struct nw_conf_source *s, struct nw_store_policy *policy_r)
{
	static const uint32_t keep[] = {NW_STORE_KEEP_NONE, NW_STORE_KEEP_ALERTS, NW_STORE_KEEP_ALL};
	static const uint32_t full[] = {NW_STORE_FULL_AUTO, NW_STORE_FULL_NEVER, NW_STORE_FULL_ALWAYS};

	*policy_r = (struct nw_store_policy){
	    .identity = s->identity, /* the two enums agree */
	    .full_text = full[s->full_text <= NW_FULL_TEXT_ALWAYS ? s->full_text : 0],
	    .backfill = s->backfill == NW_BACKFILL_ALERT ? NW_STORE_BACKFILL_ALERT : NW_STORE_BACKFILL_MUTE,
	    .contact_age_ms = d->follow.alert_age_s * 1000,
	    .alert_age_ms = s->alert_age_s * 1000,
	    .keep = keep[s->keep <= NW_KEEP_ALL ? s->keep : NW_KEEP_ALERTS],
	    .relook = d->follow.nrelook > 0,
	    .pending_ms = d->follow.wait_s > 0 ? d->follow.wait_s * 1000 : 1,
	};
}
