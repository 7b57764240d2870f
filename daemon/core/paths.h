/*
 * paths.h - where a program finds its helpers and plugins.
 * Floor 1.  Given on the command line, else beside the program (so that build/newswatch runs uninstalled), else as
 * compiled in.  Never from the environment.
 */
#ifndef NW_CORE_PATHS_H
#define NW_CORE_PATHS_H

#include <limits.h>

struct nw_err;

struct nw_paths {
	char helpers[PATH_MAX], plugins[PATH_MAX];
};

/* errors NW_ERES: a helper is missing; the message names where it was looked for. */
int nw_paths_find(const char *helpers, const char *plugins, struct nw_paths *paths_r, struct nw_err *);
/* "DIR/newswatch-worker"; -1 past ${size}. */
int nw_paths_helper(const struct nw_paths *, const char *name, char *path_r, size_t size);
#endif
