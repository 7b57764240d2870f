/*
 * zone.h - local time of an IANA zone, from the machine's TZif files (RFC 8536), without the process's own TZ.
 * Floor 1.  For digests, quiet hours and statements: when does a wall clock next show 07:00?
 * Life: nw_zone_open() -> nw_zone_*() -> nw_zone_free().
 */
#ifndef NW_CORE_ZONE_H
#define NW_CORE_ZONE_H

#include <newswatch/plugin.h>

struct nw_err;
struct nw_zone;

/*
 * nw_zone_open(name, zone_r, err):
 * The zone of an IANA name ("Europe/Berlin").  "UTC" needs no file.
 * limits  NW_ZONE_FILE_MAX.
 * errors  NW_ECONF: no such zone on this machine, or its file is malformed.
 */
int nw_zone_open(struct nw_str name, struct nw_zone **zone_r, struct nw_err *);
/* The same from the bytes of a TZif file; NULL bytes are UTC. */
int nw_zone_parse(struct nw_bytes, struct nw_zone **zone_r, struct nw_err *);
void nw_zone_free(struct nw_zone *); /* NULL is fine */

/* Seconds east of UTC at an instant. */
int32_t nw_zone_offset_s(const struct nw_zone *, int64_t at_ms);
/* Minutes after local midnight, and days since 1970-01-01 of the local date. */
uint32_t nw_zone_minute(const struct nw_zone *, int64_t at_ms);
int64_t nw_zone_day(const struct nw_zone *, int64_t at_ms);
/*
 * nw_zone_next(zone, after_ms, minute), nw_zone_last(zone, at_ms, minute):
 * The first instant after ${after_ms}, the last one not after ${at_ms}, at which a local clock shows ${minute} (0 to
 * 1439).  It comes once every local day: an hour shown twice counts the first time; a time that is skipped comes as
 * much later as the clock jumps.
 */
int64_t nw_zone_next(const struct nw_zone *, int64_t after_ms, uint32_t minute);
int64_t nw_zone_last(const struct nw_zone *, int64_t at_ms, uint32_t minute);
#endif
