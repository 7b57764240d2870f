/*
 * conf_files.h - which files a configuration is made of, and their bytes.
 * Floor 1, conf_*.c alone.
 */
#ifndef NW_CORE_CONF_FILES_H
#define NW_CORE_CONF_FILES_H

#include "core/conf.h"
#include "core/conf_raw.h"

struct nw_conf_files {
	struct nw_conf_file **file; /* in the order they are read */
	uint32_t n, cap;
	uint32_t bundled; /* these are all there are: nothing is read from disk */
};

struct nw_conf_files *nw_conf_files_new(void);
void nw_conf_files_free(struct nw_conf_files *); /* NULL is fine */

/*
 * nw_conf_files_collect(files, from, diags, err):
 * The main file, then the *.d folders' files in byte order, /etc over /usr/share where both have a name.
 * errors  -1 (NW_ECONF) if the main file cannot be read; others that cannot are reported to ${diags}.
 */
int nw_conf_files_collect(struct nw_conf_files *, const struct nw_conf_from *, struct nw_conf_diags *, struct nw_err *);
/*
 * nw_conf_files_get(files, path, yaml, file_r, err):
 * A file by path, read now if it is not there yet.  errors  -1, NW_ECONF.
 */
int nw_conf_files_get(struct nw_conf_files *, const char *path, uint32_t yaml, const struct nw_conf_file **file_r,
    struct nw_err *);
/* Copies ${text} in as if it had been read from ${path}.  -1 without memory. */
int nw_conf_files_put(struct nw_conf_files *, struct nw_str path, struct nw_str text, uint32_t yaml);
void nw_conf_files_hash(const struct nw_conf_files *, uint8_t out[32]);
#endif
