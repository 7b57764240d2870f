/*
 * evidence.h - evidence for people: each passage once, its hits marked.
 * Floor 4.
 */
#ifndef NW_CLI_EVIDENCE_H
#define NW_CLI_EVIDENCE_H

#include "wire.pb-c.h"

/* "    title: The ministry >>imposed sanctions<< on Friday.", a line for each passage of the ${n} hits. */
void nw_evidence_print(const char *indent, const Nw__Article *, Nw__Hit *const *, size_t n);
#endif
