/*
 * helpers.h - where the helper programs and the plugins lie.
 * Floor 3.  A program with newswatch-worker beside it (a build tree) takes that and plugins/ there; an installed one
 * the folders it was built for.  Never an environment variable.
 */
#ifndef NW_POOL_HELPERS_H
#define NW_POOL_HELPERS_H

#include <limits.h>

struct nw_err;

struct nw_helpers {
	char helpers[PATH_MAX], plugins[PATH_MAX];
	char worker[PATH_MAX], sender[PATH_MAX], indexer[PATH_MAX];
	char daemon[PATH_MAX]; /* newswatchd itself */
};

/*
 * nw_helpers_find(helpers, plugins, found_r, err):
 * ${helpers} and ${plugins} are --helpers and --plugins, NULL where not given.
 * errors  NW_ERES where a path is too long.
 */
int nw_helpers_find(const char *helpers, const char *plugins, struct nw_helpers *found_r, struct nw_err *);
#endif
