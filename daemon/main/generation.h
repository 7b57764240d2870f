/*
 * generation.h - configurations by number: the live one, and older ones that jobs in flight still count under.
 * Floor 4, newswatchd.  Knows configuration and the store's view of watches, not processes.
 */
#ifndef NW_MAIN_GENERATION_H
#define NW_MAIN_GENERATION_H

#include "core/conf.h"
#include "store/store_commit.h"
#include "wire.pb-c.h"

struct nw_err;
struct nw_store;

struct nw_generation {
	struct nw_generation *older;
	uint64_t number;
	struct nw_config *config;
	struct nw_arena *arena;
	struct nw_store_watch *watch; /* as the section of entries: [entry] */
	uint32_t nwatch, nsource;
	uint32_t rule_plugin;	      /* index in Config.plugins of the plugin that owns `watches` */
	uint32_t any_fast;	      /* a high or critical watch names no sources: all of them are polled at `every` */
	uint32_t engine_version, always, expressions, lock_level, warnings;
	uint32_t sorted; /* config->source, by name */
};

struct nw_generations {
	struct nw_generation *live;
	uint32_t kept;
	uint32_t at_once; /* --once: the first polls of many sources are not spread */
};

/*
 * nw_generation_new(config, hello, number, gen_r, err):
 * owns    takes ${config} in every case; ${hello} is borrowed.
 */
int nw_generation_new(struct nw_config *, const Nw__Hello *, uint64_t number, struct nw_generation **gen_r,
    struct nw_err *);
/* Bring watch versions and sources of the store in line, then make it the live one.  -1: the older stays live. */
int nw_generation_adopt(struct nw_generations *, struct nw_generation *, const Nw__Hello *, struct nw_store *,
    int64_t now_ms, struct nw_err *);
void nw_generation_free(struct nw_generation *); /* NULL is fine */
void nw_generations_done(struct nw_generations *);
/* The rules of a number for the store; .gone is set when it is no longer live.  NULL: forgotten. */
const struct nw_generation *nw_generation_find(const struct nw_generations *, uint64_t number);
void nw_generation_rules(const struct nw_generations *, const struct nw_generation *, struct nw_store_rules *rules_r);
/* With at_once: the source of a name.  NULL: there is none, or the store alone has it. */
struct nw_conf_source *nw_generation_source(const struct nw_generation *, struct nw_str name);
/* 1 if a live watch of high or critical severity looks at this source: never slower than `every`. */
int nw_generation_is_fast(const struct nw_generation *, struct nw_str source);
#endif
