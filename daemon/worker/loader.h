/*
 * loader.h - find a plugin's file, judge it, load it, judge its descriptor.
 * Floor 4.  A file is opened once, checked by descriptor and loaded from that descriptor, so that it cannot be
 * exchanged in between.  Nothing is ever unloaded.
 */
#ifndef NW_WORKER_LOADER_H
#define NW_WORKER_LOADER_H

#include <newswatch/plugin.h>

struct nw_arena;
struct nw_err;

/*
 * nw_loader_open(arena, dir, name, plugin_r, err):
 * Load ${dir}/${name}.so.
 * owns    ${plugin_r} is the host's copy of the descriptor, in ${arena}: younger members are zero.
 * errors  NW_ECONF for a file that may not be loaded, NW_EPLUGIN for one that is no plugin of this release; the
 *         sentence names the path.
 */
int nw_loader_open(struct nw_arena *, const char *dir, const char *name, const struct nw_plugin **plugin_r,
    struct nw_err *);
/* Judge a descriptor under the name its file has; the same checks without a file. */
int nw_loader_judge(const struct nw_plugin *, const char *path, const char *name, struct nw_err *);
#endif
