#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <seccomp.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/jail.h"

/* --- seccomp */

/* Memory may be mapped and protected, but never made executable. */
static int
add_memory_rules(scmp_filter_ctx ctx)
{
	static const int calls[] = {SCMP_SYS(mmap), SCMP_SYS(mprotect)};

	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		int rc = seccomp_rule_add(
		    ctx, SCMP_ACT_ALLOW, calls[i], 1, SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));

		if (rc == 0)
			rc = seccomp_rule_add(ctx, SCMP_ACT_ERRNO(EPERM), calls[i], 1,
			    SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, PROT_EXEC));
		if (rc != 0)
			return rc;
	}
	return 0;
}

static int
add_rules(scmp_filter_ctx ctx, const struct nw_jail_calls *c)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < c->nallowed; i++)
		rc = seccomp_rule_add(ctx, SCMP_ACT_ALLOW, c->allowed[i], 0);
	for (size_t i = 0; rc == 0 && i < c->nrefused; i++)
		rc = seccomp_rule_add(ctx, SCMP_ACT_ERRNO(EACCES), c->refused[i], 0);
	return rc == 0 ? add_memory_rules(ctx) : rc;
}

int
nw_jail_seccomp(const struct nw_jail_calls *c)
{
	scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_KILL_PROCESS);
	int rc;

	if (ctx == NULL) {
		errno = ENOMEM;
		return -1;
	}
	rc = add_rules(ctx, c);
	if (rc == 0)
		rc = seccomp_load(ctx);
	seccomp_release(ctx);
	if (rc != 0)
		errno = -rc;
	return rc == 0 ? 0 : -1;
}

/* --- Landlock */

/* Younger than the headers of Debian 12 (which end at ABI 2). */
#define FS_TRUNCATE  (1ull << 14) /* ABI 3 */
#define FS_IOCTL_DEV (1ull << 15) /* ABI 5 */
#define NET_TCP	     3ull	  /* ABI 4: bind and connect */
#define SCOPE	     3ull	  /* ABI 6: abstract Unix sockets and signals */

/* The attributes as of ABI 6; the kernel is told how much of them it knows. */
struct ruleset {
	uint64_t fs, net, scoped;
};

/* Everything this kernel can forbid. */
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

static int
allow_reading(int ruleset, const char *path)
{
	struct landlock_path_beneath_attr at = {.allowed_access = LANDLOCK_ACCESS_FS_READ_FILE};
	int rc;

	if ((at.parent_fd = open(path, O_PATH | O_CLOEXEC)) == -1)
		return errno == ENOENT ? 0 : -1;
	rc = (int)syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &at, 0);
	(void)close(at.parent_fd); /* only a handle */
	return rc;
}

int
nw_jail_landlock(const char *const *readable, size_t n)
{
	long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
	struct ruleset r;
	size_t size;
	int fd, rc = 0, saved;

	if (abi < 1) {
		errno = abi == 0 ? EOPNOTSUPP : errno;
		return -1;
	}
	r = all_of(abi, &size);
	if ((fd = (int)syscall(SYS_landlock_create_ruleset, &r, size, 0)) == -1)
		return -1;
	for (size_t i = 0; i < n && rc == 0; i++)
		rc = allow_reading(fd, readable[i]);
	if (rc == 0)
		rc = (int)syscall(SYS_landlock_restrict_self, fd, 0);
	saved = errno;
	(void)close(fd); /* only a handle */
	errno = saved;
	return rc;
}

/* --- limits */

/* No RLIMIT_CPU: helpers live long, and their parent's wall deadlines bound them. */
int
nw_jail_limits(size_t as_bytes)
{
	const struct {
		int what;
		rlim_t max;
	} limit[] = {
	    {RLIMIT_AS, as_bytes},
	    {RLIMIT_CORE, 0},	/* a core would hold what the documents say */
	    {RLIMIT_NOFILE, 1}, /* descriptor 0 is taken; with 0 here poll() would refuse a single entry */
	    {RLIMIT_NPROC, 0},
	};

	for (size_t i = 0; i < sizeof(limit) / sizeof(limit[0]); i++)
		if (setrlimit(limit[i].what, &(struct rlimit){limit[i].max, limit[i].max}) == -1)
			return -1;
	return 0;
}

size_t
nw_jail_address_space(void)
{
	unsigned long pages = 0;
	FILE *f = fopen("/proc/self/statm", "re");

	if (f == NULL)
		return 0;
	if (fscanf(f, "%lu", &pages) != 1)
		pages = 0;
	(void)fclose(f); /* read only */
	return pages * (size_t)sysconf(_SC_PAGESIZE);
}

int
nw_jail_sanitized(void)
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
