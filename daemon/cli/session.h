/*
 * session.h - a command's own workers: one configuration, jobs in, answers out, until all are answered.
 * Floor 4.
 * Life: nw_session_open() -> (nw_session_submit() | nw_session_turn())* -> nw_session_wait() ->
 *       nw_session_close().
 */
#ifndef NW_CLI_SESSION_H
#define NW_CLI_SESSION_H

#include "core/conf_diag.h"
#include "pool/helpers.h"
#include "pool/pool.h"

struct nw_arena;
struct nw_cli;
struct nw_config;
struct nw_session;

/* The part of HELLO that commands use; owned by the session. */
struct nw_session_plugin {
	char *name, *version, *section, *summary;
	uint32_t kind, entries;
};

/*
 * nw_session_open(cli, config, nworkers, diags, session_r, err):
 * Start workers with ${config}; its plugin_dir and version are filled in.
 * What the first worker says (REFUSED, or HELLO's warnings) is added to ${diags}.
 * errors  -1 with NW_ECONF when the configuration was refused, NW_ERES when no worker started.
 */
int nw_session_open(const struct nw_cli *, Nw__Config *, uint32_t nworkers, struct nw_conf_diags *,
    struct nw_session **session_r, struct nw_err *);
void nw_session_close(struct nw_session *); /* NULL is fine */

/* As nw_pool_submit(); the session counts what is in flight. */
void nw_session_submit(struct nw_session *, struct nw_job *, nw_pool_fn *, void *cookie);
void nw_session_turn(struct nw_session *); /* one turn of the loop: some callbacks may run */
void nw_session_wait(struct nw_session *); /* until every job is answered */
const struct nw_session_plugin *nw_session_plugins(const struct nw_session *, uint32_t *n_r);
uint32_t nw_session_lock_level(const struct nw_session *);
int nw_session_knows_tags(const struct nw_session *); /* that every tag has the name of an entry, or of a language */

/*
 * nw_session_config(cli, conf, arena, config_r, err):
 * The CONFIG of a loaded configuration; NULL ${conf}: no entries.  Plugins whose kind is not in ${kinds}
 * (NW_SESSION_* bits) are left out; without ${conf} every plugin of the folder is named.
 */
enum {
	NW_SESSION_PARSERS = 1,
	NW_SESSION_TAGGERS = 2,
	NW_SESSION_RULES = 4,
	NW_SESSION_NOTIFIERS = 8,
	NW_SESSION_ALL = 15,
	NW_SESSION_CHECK = 16, /* examples and sources' parser options too */
};
int nw_session_config(const struct nw_cli *, const struct nw_config *, uint32_t what, struct nw_arena *,
    Nw__Config **config_r, struct nw_err *);

/* Processors, at least 1. */
uint32_t nw_session_cores(void);
#endif
