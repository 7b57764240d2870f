/*
 * idn.h - resolve a reference whose host may hold letters beyond ASCII.
 * Floor 4.  core/url knows ASCII hosts only; here ICU makes punycode of the others first (UTS 46).
 */
#ifndef NW_WORKER_IDN_H
#define NW_WORKER_IDN_H

#include <newswatch/plugin.h>

struct nw_arena;
struct nw_err;

/* As nw_url_resolve().  errors NW_EINPUT if it is no http(s) URL or its host no name. */
int nw_idn_resolve(struct nw_arena *, struct nw_str base, struct nw_str ref, struct nw_str *url_r, struct nw_err *);
void nw_idn_warm(void);
#endif
