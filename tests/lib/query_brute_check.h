/*
 * query_brute_check.h - one random text and expression through the engine and through query_brute.h.
 */
#ifndef NW_TEST_QUERY_BRUTE_CHECK_H
#define NW_TEST_QUERY_BRUTE_CHECK_H

#include "query_brute.h"

/* 1 if both say the same, 0 if the case is void (refused, or too large for the oracle); ends the program otherwise. */
int nw_brute_check(struct nw_brute_dice *, int place);
#endif
