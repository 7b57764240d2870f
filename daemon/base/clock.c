#include <time.h>

#include "base/clock.h"

static int64_t
read_ns(clockid_t id)
{
	struct timespec ts;

	(void)clock_gettime(id, &ts); /* cannot fail for these clocks */
	return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

int64_t
nw_clock_wall_ms(void)
{
	return read_ns(CLOCK_REALTIME) / 1000000;
}

int64_t
nw_clock_mono_ms(void)
{
	return read_ns(CLOCK_MONOTONIC) / 1000000;
}

int64_t
nw_clock_cpu_us(void)
{
	return read_ns(CLOCK_PROCESS_CPUTIME_ID) / 1000;
}
