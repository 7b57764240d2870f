/*
 * examples.h - the entries' own examples, run through the whole chain: a watch that breaks its promise is refused.
 * Floor 4.
 */
#ifndef NW_WORKER_EXAMPLES_H
#define NW_WORKER_EXAMPLES_H

#include "worker/sink.h"

/*
 * nw_examples_check(worker, sink):
 * For every entry whose table has `examples.fires`, `.silent` (and `.news`, `.stance`, `.mention` of topics): each
 * example is an article, "body" or "title | body", in the entry's language, of its first source, of now.  What does
 * not do as it says is an error at its place in worker->diags.
 * errors  -1 without memory.
 */
int nw_examples_check(struct nw_worker *, struct nw_sink *);
#endif
