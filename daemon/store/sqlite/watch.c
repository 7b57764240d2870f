#include "store/sqlite/db.h"
#include "store/sqlite/event.h"
#include "store/sqlite/ids.h"
#include "store/store_config.h"

/* Who changed the watches, why, and when. */
struct change {
	struct nw_str who, why;
	int64_t now_ms;
};

/* The version of one watch: the live one where its hash is equal, else a new one. */
static int
put_version(struct nw_store *st, const struct nw_store_watch_text *w, const struct change *c, int64_t *id_r,
    struct nw_err *err)
{
	sqlite3_stmt *row = NULL;
	int rc = nw_db_row(st, NW_SQL_WATCH_LIVE, NW_ARGS(nw_db_str(w->name)), &row, err);
	int same;

	if (rc == -1)
		return -1;
	if (rc == 1) {
		*id_r = nw_db_col_int(row, 0);
		same = (uint64_t)nw_db_col_int(row, 1) == w->hash;
		nw_db_done(row);
		if (same)
			return 0;
		if (nw_db_run(st, NW_SQL_WATCH_END, NW_ARGS(nw_db_int(*id_r), nw_db_int(c->now_ms)), err) ==
		    -1)
			return -1;
	}
	if (nw_db_run(st, NW_SQL_WATCH_ADD,
		NW_ARGS(nw_db_str(w->name), nw_db_int((int64_t)w->hash), nw_db_str(w->text),
		    nw_db_int(c->now_ms), nw_db_str(c->who), nw_db_str(c->why)),
		err) == -1)
		return -1;
	*id_r = nw_db_last_id(st);
	return 0;
}

/* Versions that are live and not among the n of ${ids}. */
static int
end_others(struct nw_store *st, const int64_t *ids, uint32_t n, int64_t now_ms, struct nw_err *err)
{
	struct nw_ids named = {0}, gone = {0};
	sqlite3_stmt *row = NULL;
	int rc = 0;

	for (uint32_t i = 0; i < n && rc == 0; i++)
		rc = nw_ids_add(&named, ids[i]);
	nw_ids_sort(&named);
	if (rc == 0)
		for (rc = nw_db_row(st, NW_SQL_WATCH_LIVE_ALL, NW_NO_ARGS, &row, err); rc == 1;
		     rc = nw_db_next(st, row, err))
			if (!nw_ids_has(&named, nw_db_col_int(row, 0)) &&
			    nw_ids_add(&gone, nw_db_col_int(row, 0)) == -1) {
				nw_db_done(row);
				rc = nw_db_nomem(err);
				break;
			}
	for (size_t i = 0; i < gone.n && rc == 0; i++)
		rc = nw_db_run(st, NW_SQL_WATCH_END, NW_ARGS(nw_db_int(gone.id[i]), nw_db_int(now_ms)), err);
	nw_ids_done(&named);
	nw_ids_done(&gone);
	return rc;
}

int
nw_store_watch_sync(struct nw_store *st, const struct nw_store_watch_text *texts, uint32_t n,
    struct nw_str who, struct nw_str why, int64_t now_ms, int64_t *ids_r, struct nw_err *err)
{
	struct change c = {who, why, now_ms};
	int rc = 0;

	if (nw_db_begin(st, err) == -1)
		return -1;
	for (uint32_t i = 0; i < n && rc == 0; i++)
		rc = put_version(st, &texts[i], &c, &ids_r[i], err);
	if (rc == 0)
		rc = end_others(st, ids_r, n, now_ms, err);
	return nw_db_end(st, rc, NW_DB_NOW, err);
}

int
nw_store_config_event(struct nw_store *st, struct nw_str text, int64_t now_ms, struct nw_err *err)
{
	if (nw_db_begin(st, err) == -1)
		return -1;
	return nw_db_end(
	    st, nw_event_add(st, now_ms, "configuration", NW_STR(""), text, err), NW_DB_NOW, err);
}
