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
	struct nw_buf frame; /* packed, with its head; open (frame.h) if the body lies in job.body_fd */
	size_t body_len;     /* there */
	uint32_t in_parts;   /* its answer may come in parts: that of a document */
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
/* What was packed is needed no more. */
void nw_job_unpack(struct nw_ticket *);
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

struct nw_pool_trial { /* a configuration on trial; fn NULL: none */
	struct nw_gen *gen;
	struct nw_runner *runner; /* NULL: it could not be started, err says why */
	nw_pool_config_fn *fn;
	void *cookie;
	struct nw_err err;
};

struct nw_pool {
	struct event_base *base;
	struct nw_pool_options opt;
	char *path;
	struct event *kick; /* look at the queues in the next turn of the loop */
	struct nw_gen *live;
	struct nw_runner *runners;
	struct nw_queue waiting, finished;
	struct nw_suspects suspects;
	uint64_t last_id;
	struct nw_pool_trial trial;
	/* workers that died before HELLO, in a row */
	uint32_t failed_starts;
	int64_t start_after_ms;
	/* lines of workers this minute */
	int64_t minute_ms;
	uint32_t nlines;
};

/* pool.c: to the program. */
void nw_pool_wake(struct nw_pool *);
void nw_pool_tell(struct nw_pool *, uint32_t level, const char *line, size_t len);
/* The job is done; its callback runs in the next turn of the loop. */
void nw_pool_finish(struct nw_pool *, struct nw_ticket *, const struct nw_err *why);
/* Tell the outcome of the configuration on trial; there is none afterwards. */
void nw_pool_trial_over(struct nw_pool *, const Nw__Hello *, const Nw__Refused *, const struct nw_err *);

/* staff.c: the workers. */
struct nw_runner *nw_staff_start(struct nw_pool *, struct nw_gen *, struct nw_err *);
/* End the idle ones of older generations; the busy ones end after their job. */
void nw_staff_retire(struct nw_pool *);
/* Give waiting jobs to idle workers, start workers where jobs wait for one. */
void nw_staff_look(struct nw_pool *);
#endif
