/*
 * page_challenge.h - pages with status 200 that are not what was asked for: bot walls, log-ins, missing
 * pages, shells.
 */
#ifndef NW_PAGE_CHALLENGE_H
#define NW_PAGE_CHALLENGE_H

#include "page.h"

/*
 * nw_page_challenge_of(pg):
 * What the page is instead ("challenge page (Cloudflare)"), or NULL if nothing says so.
 * limits  a page with more than a screen of text is never one, but for a missing page that says so in its
 *         heading: an article may speak of captchas.
 */
const char *nw_page_challenge_of(struct nw_page *);
/* The page has no text of its own and a script draws it, or it was left unfinished; NULL otherwise. */
const char *nw_page_challenge_shell(struct nw_page *);
#endif
