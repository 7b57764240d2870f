/*
 * silence.h - how long a source has been silent, counted on the days on which it is expected to speak.
 * Floor 4, newswatchd.  Arithmetic on instants; reads the machine's time zones.
 */
#ifndef NW_MAIN_SILENCE_H
#define NW_MAIN_SILENCE_H

#include "core/conf.h"

/* Milliseconds of expected days between two instants, in the source's zone: none of the other weekdays, none
 * of a recess. */
int64_t nw_silence_ms(const struct nw_conf_source *, int64_t from_ms, int64_t to_ms);
/* From when on silence is told: `silence`, else so many usual gaps; 0: its rhythm is not known yet. */
int64_t nw_silence_bound_ms(const struct nw_conf_source *, int64_t rhythm_ms);
#endif
