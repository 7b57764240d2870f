/*
 * quote.h - what an alert quotes, as a number: the folded interval and its folded passage.
 * Floor 4.  An edit alerts again only where it has a quote that no earlier alert had, so the number is SHA-256's and
 * outlives releases.
 */
#ifndef NW_WORKER_QUOTE_H
#define NW_WORKER_QUOTE_H

#include "batch.pb-c.h"

/* Never 0 for evidence inside its field (0 means: not made). */
uint64_t nw_quote_of(const Nw__Article *, const Nw__Hit *);
#endif
