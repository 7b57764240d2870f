#include "core/limits.h"
#include "main/sched.h"

#define RHYTHM_SHARE  8	     /* a source is asked this often between two of its news */
#define MACHINE_MS    30000  /* after a fault of our own */

/* ms moved by up to a share of itself to either side. */
static int64_t
spread(int64_t ms, uint32_t random, int64_t share)
{
	int64_t width = ms / share;

	return width < 1 ? ms : ms - width / 2 + (int64_t)(random % (uint64_t)width);
}

static int64_t
regular(const struct nw_sched_visit *v)
{
	int64_t ms = v->every_ms;

	if (!v->fast && v->rhythm_ms > 0 && v->rhythm_ms / RHYTHM_SHARE > ms)
		ms = v->rhythm_ms / RHYTHM_SHARE;
	if (ms > v->every_max_ms && v->every_max_ms >= v->every_ms)
		ms = v->every_max_ms;
	if (v->gathered && ms >= 10)
		return ms / 10 + (int64_t)(v->random % (uint64_t)(ms - ms / 10));
	return spread(ms, v->random, 10);
}

static int64_t
backed_off(const struct nw_sched_visit *v)
{
	int64_t ms = v->every_ms < 60000 ? 60000 : v->every_ms, most = NW_BACKOFF_MAX_S * INT64_C(1000);

	for (uint32_t i = 1; i < v->failures && ms < most; i++)
		ms *= 2;
	return spread(ms < most ? ms : most, v->random, 2);
}

int64_t
nw_sched_next(const struct nw_sched_visit *v)
{
	int64_t ms = v->machine ? spread(MACHINE_MS, v->random, 2) : v->failures > 0 ? backed_off(v) : regular(v);

	return v->now_ms + (ms > v->retry_after_ms ? ms : v->retry_after_ms);
}
