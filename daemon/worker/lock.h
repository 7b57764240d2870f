/*
 * lock.h - give up everything a worker does not need: files, network, processes, new code.
 * Floor 4.  What is given up cannot be had again.
 */
#ifndef NW_WORKER_LOCK_H
#define NW_WORKER_LOCK_H

#include <stddef.h>
#include <stdint.h>

struct nw_err;

enum nw_lock_level {
	NW_LOCK_NONE,
	NW_LOCK_RLIMITS,
	NW_LOCK_SECCOMP,
	NW_LOCK_LANDLOCK, /* and seccomp */
};

/*
 * nw_lock(sandbox, memory_bytes, level_r, err):
 * sandbox is enum nw_sandbox: off does nothing; require asks for at least level 2, full for 3.
 * limits  ${memory_bytes} of address space beyond what is used now; 0 = NW_WORKER_AS.
 * errors  -1 with NW_ERES if that level cannot be had; the sentence says what is missing and who may be to blame.
 */
int nw_lock(uint32_t sandbox, uint64_t memory_bytes, uint32_t *level_r, struct nw_err *);

/* lock_seccomp.c: 0, or -1 with errno. */
int nw_lock_seccomp(void);
#endif
