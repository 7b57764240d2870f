#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "worker/deflate.h"

/* Whatever is kept comes back as it was, and fits the room it was promised. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct nw_deflate *d; /* as a worker keeps it, from document to document */
	uint8_t *z = malloc(nw_deflate_bound(size)), *back = malloc(size + 1);
	uLongf got = size + 1;
	size_t n;

	if (d == NULL)
		d = nw_deflate_new();
	if (d == NULL || z == NULL || back == NULL)
		abort();
	n = nw_deflate(d, (struct nw_bytes){data, size}, z);
	if (n > nw_deflate_bound(size) || uncompress(back, &got, z, n) != Z_OK || got != size || memcmp(back, data, size) != 0)
		abort();
	free(back);
	free(z);
	return 0;
}
