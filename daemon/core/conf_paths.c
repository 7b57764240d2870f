#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/err.h"
#include "base/str.h"
#include "core/conf.h"

/* The directory itself instead of a link that root made to it, such as systemd's to a dynamic user's state: SQLite follows
 * none, and is left to refuse another's. */
static void
resolve(char *path, size_t size)
{
	char dir[PATH_MAX], real[PATH_MAX], *slash = strrchr(path, '/');
	struct stat sb;
	int n;

	if (slash == NULL || slash == path || (size_t)(slash - path) >= sizeof(dir))
		return;
	memcpy(dir, path, (size_t)(slash - path));
	dir[slash - path] = '\0';
	if (lstat(dir, &sb) == -1 || (S_ISLNK(sb.st_mode) && sb.st_uid != 0) || realpath(dir, real) == NULL)
		return; /* what is not there yet is told when it is opened */
	n = snprintf(dir, sizeof(dir), "%s%s", real, slash);
	if (n > 0 && (size_t)n < sizeof(dir) && (size_t)n < size)
		memcpy(path, dir, (size_t)n + 1);
}

int
nw_conf_index_path(const struct nw_conf_daemon *d, char *path_r, size_t size, struct nw_err *err)
{
	struct nw_str store = d->store.path, name = store;
	int n;

	for (size_t i = 0; i < store.len; i++)
		if (store.p[i] == '/')
			name = (struct nw_str){store.p + i + 1, store.len - i - 1};
	if (d->index.path.len != 0)
		n = snprintf(path_r, size, "%s", d->index.path.p);
	else if (nw_str_is(name, "news.db"))
		n = snprintf(path_r, size, "%.*ssearch.db", (int)(name.p - store.p), store.p);
	else
		n = snprintf(path_r, size, "%s.search", store.p);
	if (n < 0 || (size_t)n >= size)
		return nw_fail(err, NW_ECONF, "index.path is too long");
	resolve(path_r, size);
	return 0;
}
