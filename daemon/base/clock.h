/*
 * clock.h - the one place that reads a clock; tests link tests/lib/fake_clock.c instead.
 * Floor 0.  Milliseconds; intervals are measured on the monotonic clock, instants are wall time in UTC.
 */
#ifndef NW_BASE_CLOCK_H
#define NW_BASE_CLOCK_H

#include <stdint.h>

int64_t nw_clock_wall_ms(void);
int64_t nw_clock_mono_ms(void);
int64_t nw_clock_cpu_us(void); /* of this process */
#endif
