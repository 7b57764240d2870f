#include <seccomp.h>

#include "base/jail.h"
#include "worker/lock.h"

/* What reading, tagging and answering need once everything is loaded.  What is named nowhere kills the worker. */
static const int allowed[] = {
    SCMP_SYS(read), SCMP_SYS(write), /* the socket, stderr */
    SCMP_SYS(close),
    SCMP_SYS(brk), SCMP_SYS(munmap), SCMP_SYS(mremap), SCMP_SYS(madvise), /* malloc */
    SCMP_SYS(futex),						       /* locks inside libc and ICU */
    SCMP_SYS(clock_gettime), SCMP_SYS(gettimeofday),		       /* where the vDSO cannot answer */
    SCMP_SYS(getrandom),					       /* hash seeds of libxml2 and malloc */
    SCMP_SYS(fstat), SCMP_SYS(poll), SCMP_SYS(ppoll),
    SCMP_SYS(rt_sigreturn), SCMP_SYS(restart_syscall),
    SCMP_SYS(exit_group), SCMP_SYS(exit),
};

/* Libraries ask for files and live with the answer; killing would turn a question into a crash. */
static const int refused[] = {
    SCMP_SYS(open), SCMP_SYS(openat), SCMP_SYS(openat2), SCMP_SYS(stat), SCMP_SYS(lstat), SCMP_SYS(newfstatat),
    SCMP_SYS(statx), SCMP_SYS(access), SCMP_SYS(faccessat), SCMP_SYS(faccessat2), SCMP_SYS(readlink),
    SCMP_SYS(readlinkat), SCMP_SYS(getcwd),
};

int
nw_lock_seccomp(void)
{
	const struct nw_jail_calls calls = {
	    .allowed = allowed,
	    .nallowed = sizeof(allowed) / sizeof(allowed[0]),
	    .refused = refused,
	    .nrefused = sizeof(refused) / sizeof(refused[0]),
	};

	return nw_jail_seccomp(&calls);
}
