#include "core/frame.h"
#include "store/sqlite/commit.h"
#include "store/sqlite/db.h"

/* A page that no article stands for yet: read for its own sake. */
static int
add_target(struct nw_commit *c, struct nw_str url, uint32_t kind, uint32_t role)
{
	if (nw_db_run(c->st, NW_SQL_TARGET_ADD,
		NW_ARGS(nw_db_int(c->target.source), nw_db_int(kind), nw_db_int(role), nw_db_str(url),
		    nw_db_int(c->target.enabled), nw_db_int(c->target.enabled ? c->now_ms : NW_STORE_NEVER),
		    nw_db_null(), nw_db_int(c->first_contact), nw_db_int(c->target.depth + 1)),
		c->err) == -1)
		return -1;
	if (nw_db_changes(c->st) > 0) {
		c->report->follow++;
		return 0;
	}
	if (kind != NW_STORE_FOLLOWED)
		return 0;
	return nw_db_run(c->st, NW_SQL_FOLLOW_POKE,
	    NW_ARGS(nw_db_int(c->target.source), nw_db_str(url), nw_db_int(c->now_ms)), c->err);
}

int
nw_follow_add_all(struct nw_commit *c)
{
	for (size_t i = 0; i < c->m->n_follow; i++) {
		const Nw__Follow *f = c->m->follow[i];
		uint32_t kind = f->role == NW_ROLE_ARTICLE ? NW_STORE_PAGE : NW_STORE_FOLLOWED;

		if (f->url.len == 0 ||
		    (kind == NW_STORE_FOLLOWED && c->target.depth >= NW_STORE_FOLLOW_DEPTH))
			continue;
		if (add_target(c, nw_pb_str(f->url), kind, f->role) == -1)
			return -1;
	}
	return 0;
}
