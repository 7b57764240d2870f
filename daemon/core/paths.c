#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "core/paths.h"

/* The folder of the running program; -1 if the kernel does not say. */
static int
own_folder(char *dir, size_t size)
{
	ssize_t n = readlink("/proc/self/exe", dir, size - 1);
	char *slash;

	if (n <= 0)
		return -1;
	dir[n] = '\0';
	if ((slash = strrchr(dir, '/')) == NULL || slash == dir)
		return -1;
	*slash = '\0';
	return 0;
}

int
nw_paths_helper(const struct nw_paths *p, const char *name, char *path_r, size_t size)
{
	return snprintf(path_r, size, "%s/%s", p->helpers, name) < (int)size ? 0 : -1;
}

static int
has_worker(const char *dir)
{
	char path[PATH_MAX];

	return snprintf(path, sizeof(path), "%s/newswatch-worker", dir) < (int)sizeof(path) && access(path, X_OK) == 0;
}

int
nw_paths_find(const char *helpers, const char *plugins, struct nw_paths *paths_r, struct nw_err *err)
{
	char own[PATH_MAX - 16];
	int beside = own_folder(own, sizeof(own)) == 0 && has_worker(own);
	struct nw_paths p;

	if (helpers == NULL)
		helpers = beside ? own : NW_HELPER_DIR;
	if (snprintf(p.helpers, sizeof(p.helpers), "%s", helpers) >= (int)sizeof(p.helpers) || !has_worker(helpers))
		return nw_fail(err, NW_ERES, "no newswatch-worker in '%s': install newswatch, or give --helpers DIR", helpers);
	if (plugins != NULL || !beside)
		(void)snprintf(p.plugins, sizeof(p.plugins), "%s", plugins != NULL ? plugins : NW_PLUGIN_DIR);
	else
		(void)snprintf(p.plugins, sizeof(p.plugins), "%s/plugins", own); /* own is shorter */
	*paths_r = p;
	return 0;
}
