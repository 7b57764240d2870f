/*
 * pool.h - run jobs (READ, MATCH, RENDER) in locked workers.
 * Floor 3, newswatchd and newswatch.  Knows frames and process ids, not sources or SQL.
 * Life: nw_pool_new() -> nw_pool_config() -> nw_pool_submit()* -> nw_pool_free().  Event loop only, no threads.
 */
#ifndef NW_POOL_POOL_H
#define NW_POOL_POOL_H

#include <newswatch/plugin.h>

#include "wire.pb-c.h"

struct event_base;
struct nw_batch;
struct nw_err;
struct nw_pool;

struct nw_pool_options {
	const char *worker;    /* path of newswatch-worker */
	uint32_t nworkers;     /* at most this many at once */
	uint32_t job_ms;       /* wall deadline of a job, 0 = NW_JOB_MS */
	uint32_t config_ms;    /* until HELLO, 0 = NW_CONFIG_MS */
	uint32_t jobs;	       /* a worker is replaced after so many, 0 = NW_WORKER_JOBS */
	uint32_t tries;	       /* workers a job may cost before it is given up, 0 = 2: once more alone */
	/* a line a worker wrote to stderr, or a death, to be logged by the program; may be NULL */
	void (*tell)(void *cookie, uint32_t level, const char *line, size_t len);
	void *cookie;
};

struct nw_job {
	uint64_t generation;   /* set by the pool at submit: the live one */
	Nw__Job *m;	       /* packed at submit: may be freed by the submitter right after; NULL afterwards */
	struct nw_str source;  /* one job a source at a time; "" = no such bound; copied at submit */
	struct nw_batch *batch; /* the answer; owned by the job; NULL on failure */
	int body_fd;	       /* a file that holds the READ body given with a length and no data; the job's; -1: none */
	uint32_t ms;	       /* own deadline, 0 = the pool's */
	uint32_t killed;       /* the worker died, stalled or wrote nonsense; the job has been tried twice */
	void *user;	       /* the submitter's own */
};

struct nw_pool *nw_pool_new(struct event_base *, const struct nw_pool_options *, struct nw_err *);
void nw_pool_free(struct nw_pool *); /* kills what still works; no callback afterwards; NULL is fine */

/*
 * nw_pool_config(pool, config, fn, cookie):
 * Start one worker with ${config} (packed before this returns); once it says HELLO, ${config} becomes the live
 * generation and older workers end after their job.  ${fn}(cookie, hello or NULL, refused or NULL, err or NULL) is called once; its messages
 * are valid until it returns.  Until HELLO the older generation stays live.
 */
typedef void nw_pool_config_fn(void *cookie, const Nw__Hello *, const Nw__Refused *, const struct nw_err *);
void nw_pool_config(struct nw_pool *, const Nw__Config *, nw_pool_config_fn *, void *cookie);
/* Adopt ${config} without starting a worker: it was accepted before (same hash); the first job starts one. */
int nw_pool_adopt(struct nw_pool *, const Nw__Config *, struct nw_err *);

typedef void nw_pool_fn(void *cookie, struct nw_job *, const struct nw_err *);
/*
 * nw_pool_submit(pool, job, fn, cookie):
 * Give ${job} to a free worker, the first job starts one; call ${fn}(${cookie}, ${job}, ...) once, never
 * before this returns.
 * owns    takes ${job} in every case; ${fn} gets it back with its batch and must nw_job_free() it.
 * units   the deadline is NW_JOB_MS of monotonic time.
 * limits  one job a worker, one a source, NW_JOBS_MAX waiting; past it ${fn} gets NW_ELIMIT.
 * errors  through ${fn} alone: NW_EINPUT the bytes, NW_EPLUGIN a plugin, NW_ERES spawn, memory, worker died.
 */
void nw_pool_submit(struct nw_pool *, struct nw_job *, nw_pool_fn *, void *cookie);
struct nw_job *nw_job_new(void);
void nw_job_free(struct nw_job *); /* NULL is fine */
uint32_t nw_pool_waiting(const struct nw_pool *);
uint32_t nw_pool_busy(const struct nw_pool *);
/* Workers' pids, for tests and the status. */
uint32_t nw_pool_pids(const struct nw_pool *, int *pids_r, uint32_t n);
#endif
