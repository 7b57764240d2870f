#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/err.h"
#include "core/limits.h"
#include "worker/loader.h"

#define SIZE_1_0 (offsetof(struct nw_plugin, ops) + sizeof(void *))

/* Only names that cannot leave the folder: a to z, digits, single hyphens inside. */
static int
name_ok(const char *name)
{
	size_t n = strlen(name);

	return n > 0 && n <= NW_NAME_MAX && strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-") == n &&
	    name[0] != '-' && name[n - 1] != '-';
}

/* Who may write there could run code in every worker. */
static int
owner_ok(const struct stat *st, const char *path, struct nw_err *err)
{
	if (st->st_uid != 0 && st->st_uid != geteuid())
		return nw_fail(err, NW_ECONF, "plugin '%s' belongs to another user; it must be root's or the daemon's",
		    path);
	if ((st->st_mode & (S_IWGRP | S_IWOTH)) != 0)
		return nw_fail(err, NW_ECONF, "plugin '%s' may be written by others; chmod go-w it", path);
	return 0;
}

/* The descriptor stays open for good: glibc takes equal file names for the same library, so that no two plugins may have
 * the same number. */
static int
open_file(const char *dir, const char *path, int *fd_r, struct nw_err *err)
{
	struct stat st;
	int fd;

	if (stat(dir, &st) == -1)
		return nw_fail(err, NW_ECONF, "plugin folder '%s': %s", dir, strerror(errno));
	if (owner_ok(&st, dir, err) == -1)
		return -1;
	if ((fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)) == -1)
		return nw_fail(err, NW_ECONF, errno == ELOOP ? "plugin '%s' is a symbolic link; install the file itself%s"
							     : "plugin '%s': %s",
		    path, errno == ELOOP ? "" : strerror(errno));
	if (fstat(fd, &st) == -1)
		return nw_fail(err, NW_ERES, "plugin '%s': %s", path, strerror(errno));
	if (!S_ISREG(st.st_mode))
		return nw_fail(err, NW_ECONF, "plugin '%s' is no regular file", path);
	*fd_r = fd;
	return owner_ok(&st, path, err);
}

static int
operations_ok(const struct nw_plugin *p)
{
	switch (p->kind) {
	case NW_KIND_PARSER:
		return p->ops.parser != NULL && p->ops.parser->probe != NULL && p->ops.parser->parse != NULL;
	case NW_KIND_TAGGER:
		return p->ops.tagger != NULL && p->ops.tagger->tag != NULL;
	case NW_KIND_RULE:
		return p->ops.rule != NULL && p->ops.rule->match != NULL;
	default:
		return p->ops.notifier != NULL && p->ops.notifier->render != NULL;
	}
}

static int
kind_fits_name(uint32_t kind, const char *name)
{
	static const char *const prefix[] = {"parser-", "tagger-", "rule-", "notifier-"};

	return strncmp(name, prefix[kind - 1], strlen(prefix[kind - 1])) == 0;
}

int
nw_loader_judge(const struct nw_plugin *p, const char *path, const char *name, struct nw_err *err)
{
	if (p->abi_major != NW_ABI_MAJOR) /* and nothing else is read */
		return nw_fail(err, NW_EPLUGIN, "plugin '%s' is built for ABI %u, this worker has %u; rebuild it", path,
		    p->abi_major, NW_ABI_MAJOR);
	if (p->abi_minor > NW_ABI_MINOR)
		return nw_fail(err, NW_EPLUGIN, "plugin '%s' needs ABI %u.%u, this worker has %u.%u; upgrade newswatchd",
		    path, p->abi_major, p->abi_minor, NW_ABI_MAJOR, NW_ABI_MINOR);
	if (p->size < SIZE_1_0 || p->size > 4096)
		return nw_fail(err, NW_EPLUGIN, "plugin '%s' has a descriptor of %u bytes; rebuild it", path, p->size);
	if (p->kind < NW_KIND_PARSER || p->kind > NW_KIND_NOTIFIER)
		return nw_fail(err, NW_EPLUGIN, "plugin '%s' is of an unknown kind (%u)", path, p->kind);
	if (p->name == NULL || strcmp(p->name, name) != 0)
		return nw_fail(err, NW_EPLUGIN, "plugin '%s' calls itself '%.64s'; the file must have that name", path,
		    p->name != NULL ? p->name : "");
	if (!kind_fits_name(p->kind, name))
		return nw_fail(err, NW_EPLUGIN, "plugin '%s' is named for another kind than it has (%u)", path, p->kind);
	if (p->version == NULL || p->summary == NULL || p->open == NULL || !operations_ok(p))
		return nw_fail(err, NW_EPLUGIN, "plugin '%s' lacks version, summary, open or an operation", path);
	return 0;
}

int
nw_loader_open(struct nw_arena *a, const char *dir, const char *name, const struct nw_plugin **plugin_r,
    struct nw_err *err)
{
	char path[PATH_MAX], link[64];
	const struct nw_plugin *p;
	struct nw_plugin *copy;
	void *lib;
	int fd = -1;

	if (!name_ok(name))
		return nw_fail(err, NW_ECONF, "plugin '%.64s': a plugin is named by lower-case letters, digits and hyphens",
		    name);
	if (snprintf(path, sizeof(path), "%s/%s.so", dir, name) >= (int)sizeof(path))
		return nw_fail(err, NW_ECONF, "plugin folder '%s': the path is too long", dir);
	if (open_file(dir, path, &fd, err) == -1)
		return -1;
	(void)snprintf(link, sizeof(link), "/proc/self/fd/%d", fd); /* fits */
	if ((lib = dlopen(link, RTLD_NOW | RTLD_LOCAL)) == NULL)
		return nw_fail(err, NW_EPLUGIN, "plugin '%s' does not load: %s", path, dlerror());
	if ((p = dlsym(lib, "nw_plugin")) == NULL)
		return nw_fail(err, NW_EPLUGIN, "plugin '%s' has no symbol nw_plugin; declare it by NW_PLUGIN()", path);
	if (nw_loader_judge(p, path, name, err) == -1)
		return -1;
	if ((copy = nw_arena_zalloc(a, sizeof(*copy))) == NULL)
		return nw_fail(err, NW_ERES, "plugin '%s': out of memory", path);
	memcpy(copy, p, p->size < sizeof(*copy) ? p->size : sizeof(*copy));
	*plugin_r = copy;
	return 0;
}
