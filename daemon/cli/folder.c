#include <sys/stat.h>

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/io.h"
#include "core/digest.h"
#include "cli/folder.h"

#define SUMS	"SHA256SUMS"
#define HEX_LEN (2 * NW_SHA256_LEN)

int
nw_folder_new(struct nw_folder *f, const char *dir, struct nw_err *err)
{
	struct stat sb;

	*f = (struct nw_folder){.dir = dir};
	if ((size_t)snprintf(f->part, sizeof(f->part), "%s.part", dir) >= sizeof(f->part) - NAME_MAX - 1)
		return nw_fail(err, NW_EINPUT, "the path is too long");
	if (lstat(dir, &sb) == 0)
		return nw_fail(err, NW_EINPUT, "'%s' exists; name a new folder", dir);
	if (mkdir(f->part, 0777) == -1)
		return nw_fail(err, NW_ERES, "make '%s': %s", f->part, strerror(errno));
	return 0;
}

static int
write_file(struct nw_folder *f, const char *name, const void *p, size_t n, struct nw_err *err)
{
	char path[sizeof(f->part) + 256];

	(void)snprintf(path, sizeof(path), "%s/%s", f->part, name); /* names are ours and short */
	return nw_io_write_file(path, p, n, 0644, err);
}

int
nw_folder_add(struct nw_folder *f, const char *name, const void *p, size_t n, struct nw_err *err)
{
	uint8_t sum[NW_SHA256_LEN];
	char hex[HEX_LEN + 1];

	if (write_file(f, name, p, n, err) == -1)
		return -1;
	nw_sha256(p, n, sum);
	nw_buf_addf(&f->sums, "%s  %s\n", nw_hex(sum, sizeof(sum), hex), name);
	return f->sums.failed ? nw_fail(err, NW_ERES, "out of memory") : 0;
}

int
nw_folder_done(struct nw_folder *f, struct nw_err *err)
{
	int rc = write_file(f, SUMS, f->sums.p, f->sums.len, err);

	if (rc == 0 && (rc = rename(f->part, f->dir)) == -1)
		nw_fail(err, NW_ERES, "name '%s': %s", f->dir, strerror(errno));
	if (rc == 0)
		nw_buf_done(&f->sums);
	return rc;
}

static void
remove_file(struct nw_folder *f, const char *name, size_t len)
{
	char path[sizeof(f->part) + 256];

	(void)snprintf(path, sizeof(path), "%s/%.*s", f->part, (int)len, name);
	(void)unlink(path); /* best effort: what remains is named .part */
}

void
nw_folder_drop(struct nw_folder *f)
{
	struct nw_str all = nw_buf_str(&f->sums);
	const char *nl;

	/* the sums are the list of what was written */
	for (; all.len > HEX_LEN + 2 && (nl = memchr(all.p, '\n', all.len)) != NULL; all.len -= (size_t)(nl + 1 - all.p), all.p = nl + 1)
		remove_file(f, all.p + HEX_LEN + 2, (size_t)(nl - all.p) - HEX_LEN - 2);
	remove_file(f, SUMS, strlen(SUMS));
	(void)rmdir(f->part); /* best effort, too */
	nw_buf_done(&f->sums);
}
