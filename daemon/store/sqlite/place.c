#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "store/sqlite/place.h"

/* File systems on which shared memory and locks are not what a write-ahead log needs. */
static const struct {
	uint32_t magic;
	const char *name;
} network_fs[] = {
    {0x6969, "NFS"},
    {0x517b, "SMB"},
    {0xfe534d42, "SMB2"},
    {0xff534d42, "CIFS"},
    {0x00c36400, "Ceph"},
    {0x5346414f, "AFS"},
    {0x6b414653, "AFS"},
    {0x73757245, "Coda"},
    {0x564c, "NCP"},
    {0x01161970, "GFS2"},
    {0x7461636f, "OCFS2"},
    {0x0bd00bd0, "Lustre"},
};

static int
check_fs(const char *dir, struct nw_err *err)
{
	struct statfs fs;

	if (statfs(dir, &fs) == -1)
		return nw_fail(err, NW_ERES, "store: statfs '%s': %s", dir, strerror(errno));
	for (size_t i = 0; i < sizeof(network_fs) / sizeof(*network_fs); i++)
		if ((uint32_t)fs.f_type == network_fs[i].magic)
			return nw_fail(err, NW_ECONF,
			    "store: '%s' is on a network file system (%s), where the database would be "
			    "damaged; "
			    "set store.path to a local disk",
			    dir, network_fs[i].name);
	return 0;
}

/* A link is followed only where root made it, as systemd does for the state directory of a dynamic user. */
static int
check_link(const char *dir, struct nw_err *err)
{
	struct stat sb;

	if (lstat(dir, &sb) == -1)
		return nw_fail(err, NW_ECONF, "store: directory '%s': %s; create it", dir, strerror(errno));
	if (S_ISLNK(sb.st_mode) && sb.st_uid != 0)
		return nw_fail(err, NW_ECONF,
		    "store: directory '%s' is a symbolic link; name the directory itself", dir);
	return 0;
}

static int
check_dir(const char *dir, struct nw_err *err)
{
	struct stat sb;

	if (stat(dir, &sb) == -1)
		return nw_fail(err, NW_ECONF, "store: directory '%s': %s", dir, strerror(errno));
	if (!S_ISDIR(sb.st_mode))
		return nw_fail(err, NW_ECONF, "store: '%s' is no directory", dir);
	if (sb.st_uid != geteuid() && geteuid() != 0 && access(dir, W_OK) == 0)
		return nw_fail(err, NW_ECONF,
		    "store: directory '%s' belongs to uid %u, not to this user (%u)", dir,
		    (unsigned)sb.st_uid, (unsigned)geteuid());
	if (sb.st_mode & S_IWOTH)
		return nw_fail(
		    err, NW_ECONF, "store: directory '%s' is writable for everyone; chmod o-w it", dir);
	return 0;
}

/* The directory and the last part of a path; both are freed by the caller. */
static int
split(const char *path, char **dir_r, char **base_r, struct nw_err *err)
{
	char *for_dir = strdup(path), *for_base = strdup(path), *dir = NULL, *base = NULL;
	int rc = -1;

	if (for_dir != NULL && for_base != NULL) {
		dir = strdup(dirname(for_dir));
		base = strdup(basename(for_base));
	}
	if (dir != NULL && base != NULL) {
		*dir_r = dir;
		*base_r = base;
		dir = base = NULL;
		rc = 0;
	} else {
		nw_fail(err, NW_ERES, "store: out of memory");
	}
	free(for_dir);
	free(for_base);
	free(dir);
	free(base);
	return rc;
}

int
nw_place_resolve(const char *path, char **path_r, struct nw_err *err)
{
	char *dir = NULL, *base = NULL, *real = NULL, *out = NULL;
	int rc = -1;

	if (path == NULL || *path == '\0')
		return nw_fail(err, NW_ECONF, "store: no path; set store.path");
	if (split(path, &dir, &base, err) == -1)
		return -1;
	if (check_link(dir, err) == -1 || check_dir(dir, err) == -1 || check_fs(dir, err) == -1)
		goto out;
	if ((real = realpath(dir, NULL)) == NULL) {
		nw_fail(err, NW_ECONF, "store: directory '%s': %s", dir, strerror(errno));
		goto out;
	}
	if (asprintf(&out, "%s/%s", real, base) == -1) {
		nw_fail(err, NW_ERES, "store: out of memory");
		goto out;
	}
	*path_r = out;
	rc = 0;
out:
	free(dir);
	free(base);
	free(real);
	return rc;
}

int
nw_place_file(const char *path, int64_t *bytes_r, struct nw_err *err)
{
	struct stat sb;

	if (lstat(path, &sb) == -1) {
		if (errno == ENOENT)
			return 0;
		return nw_fail(err, NW_ERES, "store: '%s': %s", path, strerror(errno));
	}
	if (!S_ISREG(sb.st_mode))
		return nw_fail(err, NW_ECONF, "store: '%s' is no plain file; move it away", path);
	if (sb.st_nlink != 1)
		return nw_fail(err, NW_ECONF,
		    "store: '%s' has %ju names (hard links); copy it to a file of its own", path,
		    (uintmax_t)sb.st_nlink);
	if (sb.st_mode & S_IWOTH)
		return nw_fail(err, NW_ECONF, "store: '%s' is writable for everyone; chmod o-w it", path);
	*bytes_r = sb.st_size;
	return 1;
}

int
nw_place_create(const char *path, struct nw_err *err)
{
	int fd = open(path, O_CREAT | O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0640);

	if (fd == -1)
		return nw_fail(err, NW_ERES, "store: create '%s': %s", path, strerror(errno));
	(void)close(fd); /* nothing was written */
	return 0;
}

int
nw_place_lock(const char *path, int *fd_r, int *existed_r, struct nw_err *err)
{
	char name[PATH_MAX];
	struct stat sb;
	int fd;

	if ((size_t)snprintf(name, sizeof(name), "%s.lock", path) >= sizeof(name))
		return nw_fail(err, NW_ECONF, "store: the path is too long");
	if ((fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600)) == -1)
		return nw_fail(err, NW_ECONF, "store: lock '%s': %s", name, strerror(errno));
	if (flock(fd, LOCK_EX | LOCK_NB) == -1) {
		nw_fail(err, NW_ECONF,
		    "store: '%s' is in use by another newswatchd (%s is held); stop that one first", path,
		    name);
		(void)close(fd); /* nothing was written */
		return -1;
	}
	*existed_r = fstat(fd, &sb) == 0 && sb.st_size > 0;
	if (!*existed_r && write(fd, "newswatchd\n", 11) == -1)
		*existed_r = 0; /* only a hint for the next start */
	*fd_r = fd;
	return 0;
}

int
nw_place_aside(const char *path, const char *aside, struct nw_err *err)
{
	static const char *const tail[] = {
	    "-wal", "-shm", ""}; /* the database last: until then it is still found */
	char from[PATH_MAX], to[PATH_MAX];

	for (size_t i = 0; i < sizeof(tail) / sizeof(*tail); i++) {
		(void)snprintf(from, sizeof(from), "%s%s", path, tail[i]); /* fitted when it was locked */
		if ((size_t)snprintf(to, sizeof(to), "%s%s", aside, tail[i]) >= sizeof(to))
			return nw_fail(err, NW_ECONF, "store: the path is too long");
		if (rename(from, to) == -1 && errno != ENOENT)
			return nw_fail(
			    err, NW_ERES, "store: move '%s' to '%s': %s", from, to, strerror(errno));
	}
	return 0;
}

int
nw_place_give(const char *path, struct nw_err *err)
{
	static const char *const tail[] = {"", "-wal", "-shm", ".lock"};
	char *for_dir = strdup(path), name[PATH_MAX];
	struct stat sb;
	int rc = for_dir != NULL ? 0 : nw_fail(err, NW_ERES, "store: out of memory");

	if (rc == 0 && stat(dirname(for_dir), &sb) == -1)
		rc = nw_fail(err, NW_ERES, "store: directory of '%s': %s", path, strerror(errno));
	for (size_t i = 0; rc == 0 && geteuid() == 0 && i < sizeof(tail) / sizeof(*tail); i++) {
		(void)snprintf(name, sizeof(name), "%s%s", path, tail[i]); /* opened under this name before */
		if (lchown(name, sb.st_uid, sb.st_gid) == -1 && errno != ENOENT)
			rc = nw_fail(err, NW_ERES, "store: give '%s' to its daemon: %s", name, strerror(errno));
	}
	free(for_dir);
	return rc;
}

int64_t
nw_place_free_bytes(const char *path)
{
	struct statvfs fs;

	return statvfs(path, &fs) == 0 ? (int64_t)fs.f_bavail * (int64_t)fs.f_frsize : -1;
}
