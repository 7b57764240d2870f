#include <errno.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include "base/err.h"
#include "base/jail.h"
#include "core/conf.h"
#include "core/limits.h"
#include "worker/lock.h"

int
nw_lock(uint32_t sandbox, uint64_t memory_bytes, uint32_t *level_r, struct nw_err *err)
{
	uint32_t wanted = sandbox == NW_SANDBOX_FULL ? NW_LOCK_LANDLOCK : NW_LOCK_SECCOMP;
	/* asked while files can still be read */
	size_t space = nw_jail_address_space() + (memory_bytes != 0 ? memory_bytes : NW_WORKER_AS);
	int landlocked;

	*level_r = NW_LOCK_NONE;
	if (sandbox == NW_SANDBOX_OFF || nw_jail_sanitized())
		return 0;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == -1)
		return nw_fail(err, NW_ERES, "sandbox: no_new_privs: %s", strerror(errno));
	landlocked = nw_jail_landlock(NULL, 0) == 0; /* needs a descriptor, which the limits then forbid */
	if (!landlocked && wanted == NW_LOCK_LANDLOCK)
		return nw_fail(err, NW_ERES,
		    "sandbox: full asks for Landlock, which this kernel or the unit's SystemCallFilter refuses: %s",
		    strerror(errno));
	if (nw_jail_limits(space) == -1 || setrlimit(RLIMIT_FSIZE, &(struct rlimit){0, 0}) == -1) /* stderr is a pipe */
		return nw_fail(err, NW_ERES, "sandbox: setrlimit: %s", strerror(errno));
	*level_r = NW_LOCK_RLIMITS;
	if (nw_lock_seccomp() == -1)
		return nw_fail(err, NW_ERES, "sandbox: seccomp, which this kernel or the unit's SystemCallFilter refuses: %s",
		    strerror(errno));
	*level_r = landlocked ? NW_LOCK_LANDLOCK : NW_LOCK_SECCOMP;
	return 0;
}
