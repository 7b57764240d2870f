/*
 * robots.h - robots.txt (RFC 9309): which paths of a host a crawler may ask for.
 * Floor 1.  A format of lines, read where HTTP headers are read; no markup, no recursion.
 * Life: nw_robots_parse() -> nw_robots_allows() -> nw_robots_done().  A zeroed struct allows everything.
 */
#ifndef NW_CORE_ROBOTS_H
#define NW_CORE_ROBOTS_H

#include <newswatch/plugin.h>

struct nw_robots_rule {
	struct nw_str pattern; /* percent-encoding made equal */
	uint32_t allow;
};

struct nw_robots {
	struct nw_robots_rule *rule;
	char *text; /* the patterns */
	uint32_t nrule;
};

/*
 * nw_robots_parse(file, agent, robots_r):
 * The rules of all groups that name ${agent} (a product token, any case), else those of "*".
 * owns    the caller frees with nw_robots_done().
 * limits  NW_ROBOTS_MAX bytes, NW_ROBOTS_RULES rules of NW_ROBOTS_PATTERN bytes with NW_ROBOTS_STARS stars;
 * what is longer is cut, so that a disallow reaches further and an allow of that length is dropped. errors -1
 * only without memory.
 */
int nw_robots_parse(struct nw_bytes, struct nw_str agent, struct nw_robots *robots_r);
void nw_robots_done(struct nw_robots *);
/* Whether a path with its query may be asked for; ${rule_r} is the deciding rule, NULL if there is none. */
int nw_robots_allows(const struct nw_robots *, struct nw_str path, const struct nw_robots_rule **rule_r);
/* The product token of a User-Agent: "newswatchd" of "newswatchd/1.0 (+mailto:...)". */
struct nw_str nw_robots_token(struct nw_str user_agent);
#endif
