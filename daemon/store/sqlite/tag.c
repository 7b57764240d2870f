#include "base/buf.h"
#include "core/frame.h"
#include "store/sqlite/commit.h"
#include "store/sqlite/db.h"
#include "store/sqlite/evidence.h"

int
nw_tag_add_all(struct nw_commit *c, int64_t revision, const Nw__Article *art)
{
	struct nw_buf b = {0};
	int rc = 0;

	for (size_t i = 0; i < art->n_tags && rc == 0; i++) {
		const Nw__Tag *t = art->tags[i];

		nw_buf_reset(&b);
		if (nw_evidence_pack_tag(&b, t) == -1)
			rc = nw_db_nomem(c->err);
		else
			rc = nw_db_run(c->st, NW_SQL_TAG_ADD,
			    NW_ARGS(nw_db_int(revision), nw_db_str(nw_pb_str(t->kind)),
				nw_db_str(nw_pb_str(t->name)), nw_db_str(nw_pb_str(t->cls)),
				t->has_score ? nw_db_int(t->score) : nw_db_null(), nw_db_blob(b.p, b.len)),
			    c->err);
	}
	nw_buf_done(&b);
	return rc;
}
