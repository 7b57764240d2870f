/*
 * runner.h - one worker process as the pool sees it: starting, idle, at work under a deadline, ending.
 * Floor 3, the pool's own.  Knows frames and deadlines, not queues.
 */
#ifndef NW_POOL_RUNNER_H
#define NW_POOL_RUNNER_H

#include <newswatch/plugin.h>

#include "base/err.h"
#include "pool/pool.h"

struct nw_batch;
struct nw_gen;
struct nw_parts;
struct nw_runner;

enum nw_runner_state { NW_RUNNER_STARTING, NW_RUNNER_IDLE, NW_RUNNER_BUSY, NW_RUNNER_ENDING };

struct nw_runner {
	struct nw_runner *next; /* the pool's list */
	struct nw_gen *gen;
	struct nw_child *child;
	enum nw_runner_state state;
	uint32_t njobs; /* answered */
	void *job;	/* the pool's own, while busy */
	uint32_t retire; /* end it when it is idle */
	/* the runner's own */
	const struct nw_runner_calls *calls;
	void *cookie;
	struct event *deadline;
	uint64_t id; /* of the request in hand */
	uint32_t job_ms;
	struct nw_runner_parts {
		uint32_t may;	       /* the job's answer may come in parts */
		struct nw_parts *have; /* what came so far; NULL: nothing */
		struct nw_err failed;  /* code 0: not */
	} parts;
	uint64_t rss_base;
	char step[128]; /* of its start: " while loading plugin 'x'" */
};

/* What a runner tells the pool.  It may be freed only after ended() returns, by itself. */
struct nw_runner_calls {
	/* HELLO or REFUSED; the frame is valid until it returns */
	void (*hello)(void *cookie, struct nw_runner *, const Nw__Hello *);
	void (*refused)(void *cookie, struct nw_runner *, const Nw__Refused *);
	/* the answer to its job: a checked batch (now the pool's), or an error */
	void (*answered)(void *cookie, struct nw_runner *, struct nw_batch *, const struct nw_err *);
	void (*ended)(void *cookie, struct nw_runner *, const char *why);
	void (*line)(void *cookie, struct nw_runner *, uint32_t level, const char *line, size_t len);
};

/* errors  NW_ERES.  The deadline until HELLO is ${config_ms}. */
int nw_runner_start(struct event_base *, const char *path, struct nw_gen *, uint32_t config_ms,
    const struct nw_runner_calls *, void *cookie, struct nw_runner **runner_r, struct nw_err *);
/* A packed JOB frame as a worker gets it. */
struct nw_runner_job {
	struct nw_bytes frame;
	int body_fd;	 /* the rest of an open frame, open until the answer; -1: it is whole */
	size_t body_len;
	uint64_t id; /* of the request */
	uint32_t ms; /* it must answer within */
	uint32_t in_parts; /* its answer may come in parts */
};
int nw_runner_work(struct nw_runner *, const struct nw_runner_job *, struct nw_err *); /* errors NW_ERES */
void nw_runner_close(struct nw_runner *); /* an idle one ends by itself */
void nw_runner_kill(struct nw_runner *, const char *why);
int nw_runner_pid(const struct nw_runner *);
/* 1 if it should be replaced: it has grown, or worked long enough. */
int nw_runner_is_old(struct nw_runner *, uint32_t jobs_max);
void nw_runner_free(struct nw_runner *); /* kills; no callback; NULL is fine */
#endif
