#include <stdio.h>

#include "base/str.h"
#include "core/limits.h"
#include "core/time.h"
#include "core/zone.h"
#include "main/silence.h"

#define DAY_MS	 INT64_C(86400000)
#define DAYS_MAX 800 /* counted at most; more is silence in every sense */

/* Whether "MM-DD" lies in "MM-DD..MM-DD", which may run over the new year. */
static int
is_recess(struct nw_str range, int month, int day)
{
	int m1, d1, m2, d2, from, to, at = month * 100 + day;

	if (sscanf(range.p, "%d-%d..%d-%d", &m1, &d1, &m2, &d2) != 4)
		return 0; /* the configuration was checked */
	from = m1 * 100 + d1;
	to = m2 * 100 + d2;
	return from <= to ? at >= from && at <= to : at >= from || at <= to;
}

static int
is_expected(const struct nw_conf_source *s, int64_t day)
{
	int year, month, date,
	    weekday = (int)(((day + 3) % 7 + 7) % 7); /* 1970-01-01 was a Thursday; 0 = Monday */

	if ((s->expected_days & 1u << weekday) == 0)
		return 0;
	nw_time_civil(day, &year, &month, &date);
	for (uint32_t i = 0; i < s->nrecess; i++)
		if (is_recess(s->recess[i], month, date))
			return 0;
	return 1;
}

int64_t
nw_silence_ms(const struct nw_conf_source *s, int64_t from_ms, int64_t to_ms)
{
	struct nw_zone *zone = NULL;
	int64_t sum = 0, at = from_ms, next;

	if (nw_zone_open(s->timezone, &zone, NULL) == -1 && nw_zone_open(NW_STR("UTC"), &zone, NULL) == -1)
		return to_ms - from_ms;
	for (int i = 0; at < to_ms && i < DAYS_MAX; i++) {
		next = nw_zone_next(zone, at, 0);
		if (next > to_ms || next <= at)
			next = to_ms;
		if (is_expected(s, nw_zone_day(zone, at)))
			sum += next - at;
		at = next;
	}
	nw_zone_free(zone);
	return sum;
}

int64_t
nw_silence_bound_ms(const struct nw_conf_source *s, int64_t rhythm_ms)
{
	int64_t ms;

	if (s->silence_s > 0)
		return s->silence_s * 1000;
	if (rhythm_ms <= 0)
		return 0;
	ms = rhythm_ms > NW_SILENCE_MAX_S * INT64_C(1000) / NW_SILENCE_GAPS ? NW_SILENCE_MAX_S * INT64_C(1000)
									    : rhythm_ms * NW_SILENCE_GAPS;
	return ms < NW_SILENCE_MIN_S * INT64_C(1000) ? NW_SILENCE_MIN_S * INT64_C(1000) : ms;
}
