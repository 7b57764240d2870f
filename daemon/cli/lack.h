/*
 * lack.h - what of a watch's expression an article lacks: the nearest miss, part by part.
 * Floor 4.  Evaluates the expression as configured now, with the engine that live rules use.
 */
#ifndef NW_CLI_LACK_H
#define NW_CLI_LACK_H

#include "core/conf.h"

enum nw_lack {
	NW_LACK_NOTHING,  /* as configured now, the watch fires on this text */
	NW_LACK_SCOPE,	  /* the expression holds, but the watch does not look at this source or language */
	NW_LACK_ABSENT,	  /* this part holds nowhere in the article */
	NW_LACK_APART,	  /* all its operands stand there, but not as it asks */
	NW_LACK_EXCLUDED, /* it would hold, but for this negative part */
	NW_LACK_INSTEAD, /* none of several alternatives holds: what follows is about this one, the nearest */
	NW_LACK_UNKNOWN, /* the expression as configured now has errors */
};
typedef void nw_lack_fn(void *cookie, enum nw_lack, struct nw_str part);

/*
 * nw_lack_find(conf, watch, article, now_ms, fn, cookie):
 * Tell ${fn} each thing that is missing; parts come in canonical form.
 * limits  NW_LACK_PARTS parts of an expression are looked at.
 * errors  -1 without memory.
 */
int nw_lack_find(const struct nw_config *, const struct nw_conf_entry *watch, const Nw__Article *,
    int64_t now_ms, nw_lack_fn *, void *cookie);

/*
 * nw_lack_near(conf, article, now_ms, max, fn, cookie):
 * Tell ${fn} the ${max} watches of which most is there, the nearest first; those of which nothing is are left out.
 * units   ${share} in hundredths of the expression's parts; 100: it holds.
 * limits  the first NW_LACK_WATCHES of the configuration are looked at.
 * errors  -1 without memory.
 */
typedef void nw_lack_near_fn(void *cookie, const struct nw_conf_entry *watch, uint32_t share);
int nw_lack_near(const struct nw_config *, const Nw__Article *, int64_t now_ms, uint32_t max, nw_lack_near_fn *,
    void *cookie);
#endif
