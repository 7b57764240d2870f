#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/io.h"

int
nw_io_read_full(int fd, void *to, size_t n)
{
	size_t got = 0;
	ssize_t r;

	while (got < n) {
		r = read(fd, (char *)to + got, n - got);
		if (r == -1 && errno == EINTR)
			continue;
		if (r == -1)
			return -1;
		if (r == 0) {
			errno = EPROTO;
			return got == 0 ? 0 : -1;
		}
		got += (size_t)r;
	}
	return 1;
}

int
nw_io_write_full(int fd, const void *from, size_t n)
{
	size_t put = 0;
	ssize_t r;

	while (put < n) {
		r = write(fd, (const char *)from + put, n - put);
		if (r == -1 && errno == EINTR)
			continue;
		if (r <= 0)
			return -1;
		put += (size_t)r;
	}
	return 0;
}

int
nw_io_read_file(const char *path, size_t max_bytes, struct nw_buf *buf, struct nw_err *err)
{
	size_t start = buf->len;
	int fd = strcmp(path, "-") == 0 ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	int rc = -1;
	ssize_t r;
	char *room;

	if (fd == -1)
		return nw_fail(err, NW_ERES, "cannot open '%s': %s", path, strerror(errno));
	for (;;) {
		if ((room = nw_buf_room(buf, 65536)) == NULL) {
			nw_fail(err, NW_ERES, "cannot read '%s': out of memory", path);
			break;
		}
		r = read(fd, room, 65536);
		if (r == -1 && errno == EINTR)
			continue;
		if (r == -1) {
			nw_fail(err, NW_ERES, "cannot read '%s': %s", path, strerror(errno));
			break;
		}
		if (r == 0) {
			rc = 0;
			break;
		}
		buf->len += (size_t)r;
		if (buf->len - start > max_bytes) {
			nw_fail(err, NW_ELIMIT, "'%s' is larger than %zu bytes", path, max_bytes);
			break;
		}
	}
	if (fd != STDIN_FILENO)
		(void)close(fd); /* nothing was written */
	return rc;
}

static int
sync_folder_of(const char *path)
{
	char copy[PATH_MAX];
	int fd, rc;

	if (snprintf(copy, sizeof(copy), "%s", path) >= (int)sizeof(copy))
		return -1;
	if ((fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) == -1)
		return -1;
	rc = fsync(fd);
	(void)close(fd); /* fsync has told */
	return rc;
}

int
nw_io_write_file(const char *path, const void *p, size_t n, unsigned mode, struct nw_err *err)
{
	char tmp[PATH_MAX];
	int fd, ok;

	if (snprintf(tmp, sizeof(tmp), "%s.tmp", path) >= (int)sizeof(tmp))
		return nw_fail(err, NW_ERES, "path '%s' is too long", path);
	if ((fd = open(tmp, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, mode)) == -1)
		return nw_fail(err, NW_ERES, "cannot create '%s': %s", tmp, strerror(errno));
	ok = nw_io_write_full(fd, p, n) == 0 && fsync(fd) == 0;
	if (close(fd) == -1 || !ok || rename(tmp, path) == -1 || sync_folder_of(path) == -1) {
		nw_fail(err, NW_ERES, "cannot write '%s': %s", path, strerror(errno));
		(void)unlink(tmp); /* the error above is the one to tell */
		return -1;
	}
	return 0;
}
