#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/err.h"
#include "core/conf.h"
#include "core/limits.h"
#include "worker/lock.h"

int
nw_lock_sanitized(void)
{
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
	return 1;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(memory_sanitizer) || __has_feature(thread_sanitizer)
	return 1;
#endif
#endif
	return 0;
}

/* Bytes of address space in use now: a large configuration needs more of it. */
static rlim_t
address_space(void)
{
	unsigned long pages = 0;
	FILE *f = fopen("/proc/self/statm", "re");

	if (f == NULL)
		return 0;
	if (fscanf(f, "%lu", &pages) != 1)
		pages = 0;
	(void)fclose(f); /* read only */
	return (rlim_t)pages * (rlim_t)sysconf(_SC_PAGESIZE);
}

/* No RLIMIT_CPU: a worker lives long, and the parent's wall deadline bounds each job. */
static int
limit_resources(rlim_t space)
{
	const struct {
		int what;
		rlim_t max;
	} limit[] = {
	    {RLIMIT_AS, space},
	    {RLIMIT_CORE, 0},  /* a core would hold what the documents say */
	    {RLIMIT_FSIZE, 0}, /* stderr is a pipe */
	    {RLIMIT_NOFILE, 0},
	    {RLIMIT_NPROC, 0},
	};

	for (size_t i = 0; i < sizeof(limit) / sizeof(limit[0]); i++)
		if (setrlimit(limit[i].what, &(struct rlimit){limit[i].max, limit[i].max}) == -1)
			return -1;
	return 0;
}

int
nw_lock(uint32_t sandbox, uint64_t memory_bytes, uint32_t *level_r, struct nw_err *err)
{
	uint32_t wanted = sandbox == NW_SANDBOX_FULL ? NW_LOCK_LANDLOCK : NW_LOCK_SECCOMP;
	/* asked while files can still be read */
	rlim_t space = address_space() + (memory_bytes != 0 ? memory_bytes : NW_WORKER_AS);
	int landlocked;

	*level_r = NW_LOCK_NONE;
	if (sandbox == NW_SANDBOX_OFF || nw_lock_sanitized())
		return 0;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == -1)
		return nw_fail(err, NW_ERES, "sandbox: no_new_privs: %s", strerror(errno));
	landlocked = nw_lock_landlock() == 0; /* needs a descriptor, which the limits then forbid */
	if (!landlocked && wanted == NW_LOCK_LANDLOCK)
		return nw_fail(err, NW_ERES,
		    "sandbox: full asks for Landlock, which this kernel or the unit's SystemCallFilter refuses: %s",
		    strerror(errno));
	if (limit_resources(space) == -1)
		return nw_fail(err, NW_ERES, "sandbox: setrlimit: %s", strerror(errno));
	*level_r = NW_LOCK_RLIMITS;
	if (nw_lock_seccomp() == -1)
		return nw_fail(err, NW_ERES, "sandbox: seccomp, which this kernel or the unit's SystemCallFilter refuses: %s",
		    strerror(errno));
	*level_r = landlocked ? NW_LOCK_LANDLOCK : NW_LOCK_SECCOMP;
	return 0;
}
