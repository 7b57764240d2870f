#include <errno.h>
#include <limits.h>
#include <seccomp.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>

#include "base/err.h"
#include "base/jail.h"
#include "core/conf.h"
#include "core/limits.h"
#include "indexer/lock.h"

/* What SQLite needs for two databases that are open, and the frames. */
static const int allowed[] = {
    SCMP_SYS(read),
    SCMP_SYS(write), /* the socket, stderr */
    SCMP_SYS(pread64),
    SCMP_SYS(pwrite64),
    SCMP_SYS(lseek),
    SCMP_SYS(ftruncate),
    SCMP_SYS(fsync),
    SCMP_SYS(fdatasync),
    SCMP_SYS(fcntl), /* its locks */
    SCMP_SYS(close),
    SCMP_SYS(brk),
    SCMP_SYS(munmap),
    SCMP_SYS(mremap),
    SCMP_SYS(madvise),
    SCMP_SYS(futex),
    SCMP_SYS(clock_gettime),
    SCMP_SYS(gettimeofday),
    SCMP_SYS(getrandom),
    SCMP_SYS(nanosleep),
    SCMP_SYS(clock_nanosleep), /* while another holds a lock */
    SCMP_SYS(fstat),
    SCMP_SYS(stat),
    SCMP_SYS(lstat),
    SCMP_SYS(newfstatat), /* is the file still itself? */
    SCMP_SYS(getpid),
    SCMP_SYS(geteuid),
    SCMP_SYS(poll),
    SCMP_SYS(ppoll),
    SCMP_SYS(rt_sigreturn),
    SCMP_SYS(restart_syscall),
    SCMP_SYS(exit_group),
    SCMP_SYS(exit),
};

static const int refused[] = {
    SCMP_SYS(open),
    SCMP_SYS(openat),
    SCMP_SYS(openat2),
    SCMP_SYS(statx),
    SCMP_SYS(access),
    SCMP_SYS(faccessat),
    SCMP_SYS(faccessat2),
    SCMP_SYS(readlink),
    SCMP_SYS(readlinkat),
    SCMP_SYS(getcwd),
    SCMP_SYS(unlink),
    SCMP_SYS(unlinkat),
};

static int
is_off(uint32_t sandbox)
{
	return sandbox == NW_SANDBOX_OFF || nw_jail_sanitized();
}

static int
no_landlock(struct nw_err *err)
{
	return nw_fail(err, NW_ERES,
	    "sandbox: full asks for Landlock, which this kernel or the unit's SystemCallFilter refuses: %s",
	    strerror(errno));
}

int
nw_lock_files(uint32_t sandbox, const char *store, uint32_t *level_r, struct nw_err *err)
{
	char wal[PATH_MAX], shm[PATH_MAX];
	const char *const readable[] = {store, wal, shm};

	*level_r = NW_LOCK_NONE;
	if (is_off(sandbox))
		return 0;
	if ((size_t)snprintf(wal, sizeof(wal), "%s-wal", store) >= sizeof(wal) ||
	    (size_t)snprintf(shm, sizeof(shm), "%s-shm", store) >= sizeof(shm))
		return nw_fail(err, NW_ECONF, "the store's path is too long");
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == -1)
		return nw_fail(err, NW_ERES, "sandbox: no_new_privs: %s", strerror(errno));
	if (nw_jail_landlock(readable, 3) == 0)
		*level_r = NW_LOCK_LANDLOCK;
	else if (sandbox == NW_SANDBOX_FULL)
		return no_landlock(err);
	return 0;
}

int
nw_lock_all(uint32_t sandbox, uint32_t *level_r, struct nw_err *err)
{
	const struct nw_jail_calls calls = {
	    .allowed = allowed,
	    .nallowed = sizeof(allowed) / sizeof(allowed[0]),
	    .refused = refused,
	    .nrefused = sizeof(refused) / sizeof(refused[0]),
	};
	size_t space = nw_jail_address_space() + NW_INDEX_AS;
	int landlocked;

	*level_r = NW_LOCK_NONE;
	if (is_off(sandbox))
		return 0;
	landlocked = nw_jail_landlock(NULL, 0) == 0;
	if (!landlocked && sandbox == NW_SANDBOX_FULL)
		return no_landlock(err);
	if (nw_jail_limits(space) == -1)
		return nw_fail(err, NW_ERES, "sandbox: setrlimit: %s", strerror(errno));
	if (nw_jail_seccomp(&calls) == -1)
		return nw_fail(err, NW_ERES,
		    "sandbox: seccomp, which this kernel or the unit's SystemCallFilter refuses: %s",
		    strerror(errno));
	*level_r = landlocked ? NW_LOCK_LANDLOCK : NW_LOCK_SECCOMP;
	return 0;
}
