/*
 * page_challenge.h - pages with status 200 that are not what was asked for: bot walls, log-ins, missing pages.
 */
#ifndef NW_PAGE_CHALLENGE_H
#define NW_PAGE_CHALLENGE_H

#include "page.h"

/* What the page is instead ("challenge page (Cloudflare)"), or NULL if nothing says so. */
const char *nw_page_challenge_of(struct nw_page *);
#endif
