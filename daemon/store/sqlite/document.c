#include "base/utf8.h"
#include "core/frame.h"
#include "store/sqlite/commit.h"
#include "store/sqlite/db.h"

int
nw_document_cite(struct nw_commit *c)
{
	struct nw_bytes sha = {c->poll->body_hash, sizeof(c->poll->body_hash)};
	struct nw_str headers = {c->poll->headers.p, nw_utf8_cut(c->poll->headers, NW_STORE_HEADERS_MAX)};
	struct nw_str parser = c->m->document != NULL ? nw_pb_str(c->m->document->parser) : NW_STR("");
	int rc;

	if (c->document != 0)
		return 0;
	rc = nw_db_get(c->st, NW_SQL_DOCUMENT_FIND,
	    NW_ARGS(nw_db_blob(sha.p, sha.len), nw_db_str(c->poll->url)), 0, &c->document, c->err);
	if (rc != 0)
		return rc == 1 ? 0 : -1;
	if (nw_db_run(c->st, NW_SQL_DOCUMENT_ADD,
		NW_ARGS(nw_db_blob(sha.p, sha.len), nw_db_str(c->poll->url), nw_db_int(c->target.source),
		    nw_db_int(c->now_ms), nw_db_str(c->poll->content_type), nw_db_str(parser),
		    nw_db_str(headers)),
		c->err) == -1)
		return -1;
	c->document = nw_db_last_id(c->st);
	return 0;
}

/* An article still to be matched may cite the document then; nw_store_commit_match() drops what nobody cites. */
int
nw_document_keep(struct nw_commit *c)
{
	const struct nw_store_report *r = c->report;
	const Nw__Document *d = c->m->document;
	uint32_t keep = c->policy->keep;

	if (c->document == 0 || d == NULL || d->zbody.len == 0 || keep == NW_STORE_KEEP_NONE)
		return 0;
	if (keep == NW_STORE_KEEP_ALERTS && r->alerts + r->muted + r->near + r->match == 0)
		return 0;
	return nw_db_run(c->st, NW_SQL_DOCUMENT_BODY,
	    NW_ARGS(nw_db_int(c->document), nw_db_blob(d->zbody.data, d->zbody.len)), c->err);
}
