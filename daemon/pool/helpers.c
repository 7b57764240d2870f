#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "pool/helpers.h"

/* The folder this program lies in; "" if the system does not tell. */
static void
own_folder(char out[PATH_MAX])
{
	ssize_t n = readlink("/proc/self/exe", out, PATH_MAX - 1);
	char *slash;

	out[n > 0 ? n : 0] = '\0';
	if ((slash = strrchr(out, '/')) != NULL)
		*slash = '\0';
}

static int
join(char out[PATH_MAX], const char *dir, const char *name)
{
	return snprintf(out, PATH_MAX, "%s/%s", dir, name) < PATH_MAX ? 0 : -1;
}

int
nw_helpers_find(const char *helpers, const char *plugins, struct nw_helpers *h, struct nw_err *err)
{
	char own[PATH_MAX], beside[PATH_MAX];
	int in_tree;

	own_folder(own);
	in_tree = own[0] != '\0' && join(beside, own, "newswatch-worker") == 0 && access(beside, X_OK) == 0;
	if (helpers == NULL)
		helpers = in_tree ? own : NW_HELPER_DIR;
	if (join(beside, own, "plugins") == -1)
		beside[0] = '\0';
	if (plugins == NULL)
		plugins = in_tree ? beside : NW_PLUGIN_DIR;
	if (snprintf(h->helpers, PATH_MAX, "%s", helpers) >= PATH_MAX ||
	    snprintf(h->plugins, PATH_MAX, "%s", plugins) >= PATH_MAX ||
	    join(h->worker, helpers, "newswatch-worker") == -1 || join(h->sender, helpers, "newswatch-sender") == -1 ||
	    join(h->indexer, helpers, "newswatch-indexer") == -1 ||
	    join(h->daemon, in_tree ? own : NW_SBIN_DIR, "newswatchd") == -1)
		return nw_fail(err, NW_ERES, "the path of the helpers or plugins is too long");
	return 0;
}
