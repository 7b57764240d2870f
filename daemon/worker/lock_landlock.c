#include <errno.h>
#include <linux/landlock.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "worker/lock.h"

/* Younger than the headers of Debian 12 (which end at ABI 2). */
#define FS_TRUNCATE   (1ull << 14) /* ABI 3 */
#define FS_IOCTL_DEV  (1ull << 15) /* ABI 5 */
#define NET_TCP	      3ull	   /* ABI 4: bind and connect */
#define SCOPE	      3ull	   /* ABI 6: abstract Unix sockets and signals */

/* The attributes as of ABI 6; the kernel is told how much of them it knows. */
struct ruleset {
	uint64_t fs, net, scoped;
};

/* Everything this kernel can forbid, with no exception: an empty ruleset allows nothing. */
static struct ruleset
all_of(long abi, size_t *size_r)
{
	struct ruleset r = {.fs = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1};

	if (abi >= 2)
		r.fs |= LANDLOCK_ACCESS_FS_REFER;
	if (abi >= 3)
		r.fs |= FS_TRUNCATE;
	if (abi >= 4)
		r.net = NET_TCP;
	if (abi >= 5)
		r.fs |= FS_IOCTL_DEV;
	if (abi >= 6)
		r.scoped = SCOPE;
	*size_r = abi >= 6 ? sizeof(r) : abi >= 4 ? 2 * sizeof(uint64_t) : sizeof(uint64_t);
	return r;
}

int
nw_lock_landlock(void)
{
	long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
	struct ruleset r;
	size_t size;
	long fd;
	int rc, saved;

	if (abi < 1) {
		errno = abi == 0 ? EOPNOTSUPP : errno;
		return -1;
	}
	r = all_of(abi, &size);
	if ((fd = syscall(SYS_landlock_create_ruleset, &r, size, 0)) == -1)
		return -1;
	rc = (int)syscall(SYS_landlock_restrict_self, fd, 0);
	saved = errno;
	(void)close((int)fd); /* only a handle */
	errno = saved;
	return rc;
}
