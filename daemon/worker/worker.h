/*
 * worker.h - what the files of newswatch-worker share: one configuration, its open plugins, its expressions.
 * Floor 4.  Life: nw_load() fills it, the jobs use it, the process ends with it.
 */
#ifndef NW_WORKER_WORKER_H
#define NW_WORKER_WORKER_H

#include "base/err.h"
#include "wire.pb-c.h"

struct nw_arena;
struct nw_query_set;
struct nw_worker;

/* One open plugin. */
struct nw_instance {
	struct nw_worker *worker;
	const struct nw_plugin *plugin; /* the host's copy of the descriptor */
	void *state;
	uint32_t index; /* in Config.plugins, and its group in the query set */
	uint32_t nentry;
	struct nw_entry_info { /* what is still asked of an entry after open() */
		uint32_t section_index; /* its place in the section as written: what an alert names */
		uint32_t severity, draft;
		uint32_t refused; /* an expression of it could not be added */
	} *info;
	/* until HELLO */
	const Nw__PluginConf *pconf;
	const Nw__Entry **entry; /* [nentry] as written */
	struct nw_conf conf;
	/* expressions: cookie -> id, in the order of query_add */
	struct nw_expr_id {
		uint32_t cookie, id, entry;
	} *expr;
	uint32_t nexpr, expr_cap;
	int opening; /* inside open(): query_add and refuse are legal */
	int is_open;
};

/* Which instance and cookie an expression of the set belongs to; indexed by its id. */
struct nw_expr_owner {
	uint32_t inst, expr; /* index into inst's expr[] */
	uint32_t given;	     /* the id is in use */
};

struct nw_worker {
	struct nw_arena *keep; /* lives as long as the process */
	/* until HELLO */
	const Nw__Config *conf;
	struct nw_arena *load; /* the configuration and its typed values */
	struct nw_conf_diags *diags;
	/* afterwards */
	uint64_t generation;
	struct nw_instance *inst;
	uint32_t ninst;
	struct nw_query_set *set;
	struct nw_expr_owner *owner;
	uint32_t nowner;
	uint32_t nexpr; /* expressions in the set */
	int lacking; /* a topic, or what many name, could not be added: others cannot keep their promises without it */
	uint32_t lock_level;
	int64_t now_ms; /* the job's time */
	struct nw_sources *sources;
};

/* The first open instance of a kind at or after ${from}, or NULL. */
static inline struct nw_instance *
nw_worker_next(struct nw_worker *w, uint32_t kind, uint32_t from)
{
	for (uint32_t i = from; i < w->ninst; i++)
		if (w->inst[i].is_open && w->inst[i].plugin->kind == kind)
			return &w->inst[i];
	return NULL;
}
#endif
