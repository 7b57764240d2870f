#include <stdio.h>

#include "base/err.h"
#include "base/log.h"
#include "base/str.h"
#include "core/limits.h"
#include "core/severity.h"
#include "core/time.h"
#include "main/opened.h"
#include "main/operator.h"
#include "store/store_statement.h"
#include "store/store_tell.h"

#define HELD_KEY    "held-by-restore"
#define AWAY_MAX_MS (366 * INT64_C(86400000))

static void
tell_corrupt(struct nw_operator *op, const struct nw_store_opened *opened)
{
	char key[sizeof(opened->corrupt_path) + 16], text[sizeof(opened->corrupt_path) + 256];

	(void)snprintf(key, sizeof(key), "corrupt/%s", opened->corrupt_path);
	(void)snprintf(text, sizeof(text),
	    "the store was damaged%s%s: a fresh one has begun with a baseline; restore the last backup, if there is one, and "
	    "look at the disk",
	    opened->corrupt_path[0] != '\0' ? " and set aside as " : "", opened->corrupt_path);
	nw_operator_tell(op, key, NW_STR(""), NW_SEV_HIGH, text);
}

static void
tell_restored(struct nw_operator *op, const struct nw_store_opened *opened)
{
	char key[64], at[32], text[512];

	(void)snprintf(key, sizeof(key), "restored/%lld", (long long)opened->restored_ms);
	(void)snprintf(text, sizeof(text),
	    "the store is a backup restored at %s: what each source's first reading brings may have been told before it, and is "
	    "held unless it says that it is newer",
	    nw_time_rfc3339(opened->restored_ms, at));
	nw_operator_tell(op, key, NW_STR(""), NW_SEV_HIGH, text);
	if (opened->held > 0)
		nw_opened_held(op);
}

void
nw_opened_tell(struct nw_operator *op, const struct nw_store_opened *opened)
{
	if (opened->corrupt)
		tell_corrupt(op, opened);
	if (opened->restored_ms != 0)
		tell_restored(op, opened);
}

void
nw_opened_away(struct nw_operator *op, struct nw_store *store, const struct nw_store_opened *opened, int64_t now_ms)
{
	int64_t ms = now_ms - opened->due_ms;
	char key[64], at[32], text[256];
	struct nw_err err;

	/* a year is no stop but a clock that was wrong; and what a restore brings back stood still for another reason */
	if (ms < NW_AWAY_MIN_S * INT64_C(1000) || ms > AWAY_MAX_MS || opened->restored_ms > opened->due_ms)
		return;
	if (nw_store_away(store, opened->due_ms, now_ms, &err) == -1)
		nw_log(NW_LOG_ERROR, "store: %s", err.msg); /* statements do without */
	(void)snprintf(key, sizeof(key), "away/%lld", (long long)opened->due_ms);
	(void)snprintf(text, sizeof(text),
	    "newswatchd did not run from about %s on, for %lld hours: what was published and taken away meanwhile has not been seen",
	    nw_time_rfc3339(opened->due_ms, at), (long long)(ms / 3600000));
	nw_operator_tell(op, key, NW_STR(""), NW_SEV_NORMAL, text);
}

void
nw_opened_held(struct nw_operator *op)
{
	nw_operator_raise(op, HELD_KEY, NW_STR(""), NW_SEV_HIGH,
	    "deliveries that may have been made before the store was restored are held: newswatch deliveries --state held shows "
	    "them, newswatch resend --held sends them, newswatch drop --held ends them");
}

void
nw_opened_look(struct nw_operator *op, struct nw_store *store)
{
	struct nw_err err;
	uint32_t n;

	if (nw_store_held_since(store, &n, &err) == -1)
		nw_log(NW_LOG_ERROR, "store: %s", err.msg);
	else if (n == 0)
		nw_operator_clear(op, HELD_KEY, NW_STR(""), "nothing is held any more of what the restore left in doubt");
}
