#include "store/sqlite/db.h"
#include "store/sqlite/leap.h"
#include "store/store_target.h"

int
nw_leap_near(struct nw_store *st, int64_t now_ms, int64_t spread_ms, uint32_t *n_r, struct nw_err *err)
{
	static const enum nw_sql near[] = {
	    NW_SQL_MATCHES_NEAR, NW_SQL_OUTBOX_NEAR, NW_SQL_RENDERS_NEAR, NW_SQL_ESCALATIONS_NEAR, NW_SQL_DELIVERIES_NEAR};
	const struct nw_arg now = nw_db_int(now_ms);

	if (nw_db_run(st, NW_SQL_TARGETS_NEAR, NW_ARGS(now, nw_db_int(spread_ms > 0 ? spread_ms : 1)), err) == -1)
		return -1;
	*n_r = (uint32_t)nw_db_changes(st);
	for (size_t i = 0; i < sizeof(near) / sizeof(*near); i++)
		if (nw_db_run(st, near[i], &now, 1, err) == -1)
			return -1;
	return 0;
}

static int
leap(struct nw_store *st, int64_t now_ms, int64_t spread_ms, uint32_t *n, struct nw_err *err)
{
	uint32_t far = 0;

	if (nw_db_run(st, NW_SQL_TARGETS_SPREAD, NW_ARGS(nw_db_int(now_ms), nw_db_int(spread_ms > 0 ? spread_ms : 1)), err) == -1)
		return -1;
	*n = (uint32_t)nw_db_changes(st);
	if (nw_leap_near(st, now_ms, spread_ms, &far, err) == -1)
		return -1;
	*n += far;
	return 0;
}

int
nw_store_spread(struct nw_store *st, int64_t now_ms, int64_t spread_ms, uint32_t *n_r, struct nw_err *err)
{
	uint32_t n = 0;

	if (nw_db_begin(st, err) == -1 ||
	    nw_db_end(st, leap(st, now_ms, spread_ms, &n, err), NW_DB_NOW, err) == -1)
		return -1;
	*n_r = n;
	return 0;
}
