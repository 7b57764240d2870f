/*
 * pool_own.h - what the pool's files share: the queue of jobs, the runners, the generations.
 * Floor 3, the pool's own.
 */
#ifndef NW_POOL_POOL_OWN_H
#define NW_POOL_POOL_OWN_H

#include "base/buf.h"
#include "base/err.h"
#include "core/limits.h"
#include "pool/gen.h"
#include "pool/pool.h"
#include "pool/runner.h"

/* A job on its way: waiting, with a runner, or finished and its callback due.  nw_job_new() makes one. */
struct nw_ticket {
	struct nw_job job; /* first: a job of the pool's users is the ticket it lies in */
	struct nw_ticket *next;
	nw_pool_fn *fn;
	void *cookie;
	struct nw_buf frame; /* packed, with its head */
	uint64_t id;
	char source[NW_NAME_MAX + 1]; /* "" = no bound */
	uint32_t tries;		      /* workers it has killed */
	uint32_t suspect;	      /* its source killed a worker lately */
	int failed;
	struct nw_err err;
};

struct nw_queue {
	struct nw_ticket *first, **end;
	uint32_t n;
};
void nw_queue_init(struct nw_queue *);
void nw_queue_add(struct nw_queue *, struct nw_ticket *);
void nw_queue_push(struct nw_queue *, struct nw_ticket *); /* to the front */
struct nw_ticket *nw_queue_take(struct nw_queue *);	      /* NULL when empty */
/* Take the ticket that ${at} points to. */
struct nw_ticket *nw_queue_take_at(struct nw_queue *, struct nw_ticket **at);

/* Pack its job, under the generation set there.  errors  -1 without memory. */
int nw_job_pack(struct nw_ticket *, uint64_t id);
/* Pack it anew for another generation.  errors  -1 without memory. */
int nw_job_restamp(struct nw_ticket *, uint64_t generation);

/* Sources whose documents killed workers, for NW_SUSPECT_S. */
struct nw_suspects {
	struct nw_suspect {
		uint64_t hash;
		int64_t until_ms;
	} list[256]; /* the oldest is forgotten first */
	uint32_t n;
};
void nw_suspects_add(struct nw_suspects *, const char *source, int64_t now_ms);
int nw_suspects_has(const struct nw_suspects *, const char *source, int64_t now_ms);
#endif
