/*
 * robots.h - what each host's robots.txt says, asked once a day and kept in memory.
 * Floor 4, newswatchd.  Knows hosts and paths, not sources.
 */
#ifndef NW_MAIN_ROBOTS_H
#define NW_MAIN_ROBOTS_H

#include "main/fetch.h"

enum nw_robots_answer {
	NW_ROBOTS_ALLOWED,
	NW_ROBOTS_DISALLOWED,
	NW_ROBOTS_UNREACHABLE, /* the file cannot be had: nothing of the host may be asked for (RFC
				  9309, 2.3.1.4) */
	NW_ROBOTS_LATER,       /* the file is being asked for: the callback comes, once */
};

struct nw_robots_cache;
/* ${why}: the rule, or why the file cannot be had; "" if allowed.  Borrowed during the call. */
typedef void nw_robots_fn(void *cookie, enum nw_robots_answer, struct nw_str why);

struct nw_robots_cache *nw_robots_new(struct nw_fetch *); /* NULL without memory */
void nw_robots_free(struct nw_robots_cache *); /* after nw_fetch_stop(); no callback comes; NULL is fine */
/*
 * nw_robots_ask(cache, request, user_agent, fn, cookie, why):
 * Whether ${request}'s URL may be asked for by ${user_agent}; the file is fetched the way of ${request}.
 * does    ${fn} is called only after NW_ROBOTS_LATER; the other answers come at once, with ${why}.
 * owns    ${why} holds at least 256 bytes.
 * errors  without memory the answer is NW_ROBOTS_UNREACHABLE.
 */
enum nw_robots_answer nw_robots_ask(struct nw_robots_cache *, const struct nw_request *,
    struct nw_str user_agent, nw_robots_fn *, void *cookie, char why[256]);
#endif
