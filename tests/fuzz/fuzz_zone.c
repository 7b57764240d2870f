/* Time zone files: any bytes give a zone whose clock comes round, or an error. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "core/zone.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static const uint8_t none;
	struct nw_zone *z = NULL;

	if (nw_zone_parse((struct nw_bytes){n > 0 ? p : &none, n}, &z, NULL) == -1)
		return 0;
	for (int64_t at = 0; at < INT64_C(4000000000000); at += INT64_C(400000000000))
		if (nw_zone_next(z, at, 420) <= at || nw_zone_last(z, at, 420) > at)
			abort();
	nw_zone_free(z);
	return 0;
}
