#include <stdio.h>

#include "base/clock.h"
#include "base/str.h"
#include "core/limits.h"
#include "core/severity.h"
#include "main/operator.h"
#include "main/space.h"

#define LOOK_MS 60000
#define MIB	(INT64_C(1) << 20)

enum { SO = 1, NOT_SO };

/* Between the two bounds it stays as it was; what stands in the store from before a start is cleared by the first look. */
static void
say(int *said, int is_so, int is_not, struct nw_operator *op, const char *key, const char *so, const char *not_so)
{
	if (is_so && *said != SO) {
		*said = SO;
		nw_operator_raise(op, key, NW_STR(""), NW_SEV_HIGH, so);
	} else if (is_not && *said != NOT_SO) {
		*said = NOT_SO;
		nw_operator_clear(op, key, NW_STR(""), not_so);
	}
}

static void
tell_full(struct nw_operator *op, int64_t wall_ms)
{
	char key[48];

	(void)snprintf(key, sizeof(key), "full/%lld", (long long)wall_ms);
	nw_operator_tell(op, key, NW_STR(""), NW_SEV_HIGH,
	    "the store's disk was full and nothing advanced; there is room again, and what was not taken is read again");
}

void
nw_space_judge(struct nw_space *s, struct nw_operator *op, const struct nw_store_health *h, int64_t wall_ms)
{
	char text[256];

	if (h->full) {
		s->was_full = 1; /* nothing can be written now */
		return;
	}
	if (s->was_full && h->free_bytes >= NW_SPACE_ROOM) { /* else the next write may fail again */
		s->was_full = 0;
		tell_full(op, wall_ms);
	}
	(void)snprintf(text, sizeof(text), "the store's disk has %lld MiB left: make room before nothing advances",
	    (long long)(h->free_bytes / MIB));
	say(&s->low, h->free_bytes < NW_SPACE_LOW, h->free_bytes > NW_SPACE_LOW * 3 / 2, op, "disk", text,
	    "the store's disk has room again");
	(void)snprintf(text, sizeof(text),
	    "the store's write-ahead log has grown to %lld MiB: a reader holds it, which lsof on news.db shows",
	    (long long)(h->wal_bytes / MIB));
	say(&s->long_log, h->wal_bytes > NW_SPACE_WAL, h->wal_bytes < NW_SPACE_WAL / 2, op, "log", text,
	    "the store's write-ahead log has been cleared");
}

void
nw_space_look(struct nw_space *s, struct nw_operator *op, struct nw_store *store, int64_t mono_ms)
{
	struct nw_store_health h;

	if (s->filled != nw_store_filled(store)) {
		s->filled = nw_store_filled(store);
		s->was_full = 1;
	}
	if (mono_ms < s->look_at_ms && !s->was_full)
		return;
	s->look_at_ms = mono_ms + LOOK_MS;
	nw_store_health(store, &h);
	if (!h.broken)
		nw_space_judge(s, op, &h, nw_clock_wall_ms());
}
