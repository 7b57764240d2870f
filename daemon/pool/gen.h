/*
 * gen.h - one configuration generation as the pool keeps it: packed for the next worker, and what its alerts may name.
 * Floor 3, the pool's own.
 * Life: nw_gen_new() -> nw_gen_ref()/nw_gen_unref().
 */
#ifndef NW_POOL_GEN_H
#define NW_POOL_GEN_H

#include "base/buf.h"
#include "wire.pb-c.h"

struct nw_err;

struct nw_gen {
	uint64_t number;
	uint32_t refs;
	struct nw_buf first;  /* the CONFIG frame with its checks, for the first worker; empty once sent */
	struct nw_buf later;  /* without: what was checked once is not checked again */
	/* the highest severity of each entry, by section as written and, after HELLO, by plugin */
	struct nw_gen_section {
		char *name;
		uint8_t *severity;
		uint32_t n;
	} *section;
	uint32_t nsection;
	const struct nw_gen_section **plugin; /* [nplugin]; NULL: it owns no section */
	uint32_t nplugin;
};

/* errors  NULL without memory. */
struct nw_gen *nw_gen_new(const Nw__Config *);
struct nw_gen *nw_gen_ref(struct nw_gen *);
void nw_gen_unref(struct nw_gen *); /* NULL is fine */
/* Which plugin owns which section.  errors  NW_EPLUGIN if a later worker of this generation says otherwise. */
int nw_gen_hello(struct nw_gen *, const Nw__Hello *, struct nw_err *);
/* An answer of a worker of this generation: its number, and every alert's plugin, entry and severity. */
int nw_gen_check(const struct nw_gen *, const Nw__Batch *, struct nw_err *);
#endif
