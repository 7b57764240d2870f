#include <string.h>

#include "base/hash.h"
#include "pool/pool_own.h"

void
nw_suspects_add(struct nw_suspects *s, const char *source, int64_t now_ms)
{
	uint64_t hash = nw_hash64(source, strlen(source));
	struct nw_suspect *at = &s->list[0];
	uint32_t max = sizeof(s->list) / sizeof(s->list[0]);

	if (source[0] == '\0')
		return;
	for (uint32_t i = 0; i < s->n; i++) {
		if (s->list[i].hash == hash) {
			s->list[i].until_ms = now_ms + NW_SUSPECT_S * INT64_C(1000);
			return;
		}
		if (s->list[i].until_ms < at->until_ms)
			at = &s->list[i];
	}
	if (s->n < max)
		at = &s->list[s->n++];
	*at = (struct nw_suspect){hash, now_ms + NW_SUSPECT_S * INT64_C(1000)};
}

int
nw_suspects_has(const struct nw_suspects *s, const char *source, int64_t now_ms)
{
	uint64_t hash = s->n != 0 ? nw_hash64(source, strlen(source)) : 0;

	for (uint32_t i = 0; i < s->n; i++)
		if (s->list[i].hash == hash && s->list[i].until_ms > now_ms)
			return 1;
	return 0;
}
