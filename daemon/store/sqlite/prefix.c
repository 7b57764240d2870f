#include <stdio.h>

#include "store/sqlite/db.h"
#include "store/sqlite/idhash.h"
#include "store/sqlite/prefix.h"

int
nw_prefix_make(struct nw_str s, struct nw_prefix *p)
{
	if (!nw_idhash_prefix_ok(s))
		return 0;
	(void)snprintf(p->from, sizeof(p->from), "%.*s", (int)s.len, s.p);
	(void)snprintf(
	    p->to, sizeof(p->to), "%.*sg", (int)s.len, s.p); /* the first letter that is no digit */
	return 1;
}

int
nw_prefix_find(struct nw_store *st, enum nw_sql query, struct nw_str prefix, char id_r[NW_STORE_ID_LEN + 1],
    struct nw_err *err)
{
	struct nw_prefix p;
	sqlite3_stmt *row = NULL;
	char id[NW_STORE_ID_LEN + 1];
	int rc;

	if (!nw_prefix_make(prefix, &p))
		return 0;
	if ((rc = nw_db_row(st, query, NW_ARGS(nw_db_text(p.from), nw_db_text(p.to)), &row, err)) != 1)
		return rc;
	(void)snprintf(id, sizeof(id), "%s", nw_db_col_str(row, 0).p);
	if ((rc = nw_db_next(st, row, err)) == 1) {
		nw_db_done(row);
		return nw_fail(err, NW_EINPUT, "several ids begin with %s; give more digits", p.from);
	}
	if (rc == -1)
		return -1;
	memcpy(id_r, id, sizeof(id));
	return 1;
}
