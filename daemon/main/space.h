/*
 * space.h - what the store has to live on: room on its disk, a write-ahead log that is cleared.  Told before it runs out,
 * for afterwards nothing can be written that would tell it.
 * Floor 4, newswatchd.
 */
#ifndef NW_MAIN_SPACE_H
#define NW_MAIN_SPACE_H

#include "store/store.h"

struct nw_operator;

/* Zero at first. */
struct nw_space {
	int64_t look_at_ms; /* monotonic: not before */
	uint32_t filled;    /* writes that have found no space */
	int was_full;
	int low, long_log; /* what was said last: 0 nothing yet, 1 it is so, 2 it is not */
};

/* From the turn, as often as one likes: the disk is asked once a minute, and at once where a write found no space. */
void nw_space_look(struct nw_space *, struct nw_operator *, struct nw_store *, int64_t mono_ms);
/* What health says is raised, cleared, told. */
void nw_space_judge(struct nw_space *, struct nw_operator *, const struct nw_store_health *, int64_t wall_ms);
#endif
