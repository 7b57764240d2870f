/*
 * idna.h - resolve a reference whose host may hold letters beyond ASCII.
 * Floor 2.  core/url knows ASCII hosts only; ICU makes punycode of the others first (UTS 46).
 */
#ifndef NW_TEXT_IDNA_H
#define NW_TEXT_IDNA_H

#include <newswatch/plugin.h>

struct nw_arena;
struct nw_err;

/* As nw_url_resolve(), where "\\" before a query is "/" as in browsers.  errors NW_EINPUT if it is no http(s) URL or its host no name. */
int nw_idna_resolve(struct nw_arena *, struct nw_str base, struct nw_str ref, struct nw_str *url_r, struct nw_err *);
void nw_idna_warm(void);
#endif
