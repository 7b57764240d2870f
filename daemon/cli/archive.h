/*
 * archive.h - the store and its index, as the configuration says where they are, opened for reading.
 * Floor 4.
 */
#ifndef NW_CLI_ARCHIVE_H
#define NW_CLI_ARCHIVE_H

#include "cli/store_arg.h"

struct nw_hunt_report;
struct nw_index;

struct nw_archive {
	struct nw_store_arg from;
	struct nw_index *index; /* NULL: there is none that can be used, and why was told */
};

/* ${config} is -c, NULL: the installed one.  returns  0, else the exit code, told. */
int nw_archive_open(const struct nw_cli *, const char *config, struct nw_archive *archive_r);
void nw_archive_close(struct nw_archive *);
/*
 * nw_archive_since(cli, archive, option, since, id_r):
 * The first revision seen since ${since}, as nw_store_arg_since() reads it.  *id_r is 0 where it is NULL,
 * INT64_MAX where nothing was seen since.
 * returns  0, else the exit code, told.
 */
int nw_archive_since(
    const struct nw_cli *, struct nw_archive *, const char *option, const char *since, int64_t *id_r);
/* Say on standard error what the index could not help with, and where reading ended. */
void nw_archive_note(const struct nw_hunt_report *);
#endif
