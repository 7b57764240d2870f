/*
 * zone_rule.h - the rule that a TZif file ends with ("CET-1CEST,M3.5.0,M10.5.0/3"): what holds after its last
 * transition.
 * Floor 1, private to zone.c.
 */
#ifndef NW_CORE_ZONE_RULE_H
#define NW_CORE_ZONE_RULE_H

#include <newswatch/plugin.h>

struct nw_zone_change {
	uint32_t form;	     /* 'M' month.week.weekday, 'J' day of the year without 29 February, '0' day from 0 */
	int32_t a, week, day; /* month, or the day of the year */
	int32_t time_s;	     /* local, by the clock before the change */
};
struct nw_zone_rule {
	int32_t std_s, dst_s; /* seconds east */
	uint32_t has_dst;
	struct nw_zone_change begin, end;
};

/* -1: it is no such rule. */
int nw_zone_rule_parse(struct nw_str, struct nw_zone_rule *rule_r);
int32_t nw_zone_rule_offset(const struct nw_zone_rule *, int64_t at_s);
#endif
