/* Time stands still until a scenario moves it. */
#include <time.h>

#include "base/clock.h"
#include "play.h"

static int64_t wall_ms;

void
play_clock_set(int64_t ms)
{
	wall_ms = ms;
}

int64_t
nw_clock_wall_ms(void)
{
	return wall_ms;
}

int64_t
nw_clock_mono_ms(void)
{
	return wall_ms;
}

int64_t
nw_clock_cpu_us(void)
{
	return 0;
}
