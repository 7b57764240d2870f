/*
 * conf_arg.h - a command's configuration: -c FILE, --watches FILE, or the installed one; read, checked, told.
 * Floor 4.
 */
#ifndef NW_CLI_CONF_ARG_H
#define NW_CLI_CONF_ARG_H

#include "core/conf.h"

struct nw_cli;

/*
 * nw_conf_arg_load(cli, config, watches, conf_r, diags):
 * Both NULL: the installed configuration.  What is wrong is in ${diags}; the caller prints it.
 * returns  0 with a model (also when diags->nerror > 0), else the exit code, told.
 */
int nw_conf_arg_load(const struct nw_cli *, const char *config, const char *watches, struct nw_config **conf_r,
    struct nw_conf_diags *);
/* Print findings to standard error, of the notes as many as ${notes} says, and forget them. */
enum { NW_CONF_ARG_NO_NOTES = 0, NW_CONF_ARG_SOME_NOTES = 20 };
#define NW_CONF_ARG_ALL_NOTES UINT32_MAX
void nw_conf_arg_tell(struct nw_conf_diags *, uint32_t notes);
/* A list's entries, inline ones first, borrowed from the configuration; the array is freed by the caller.  NULL: memory. */
struct nw_str *nw_conf_arg_list(const struct nw_conf_list *, uint32_t *n_r);
#endif
