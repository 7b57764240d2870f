#include <limits.h>
#include <stdlib.h>
#include <zlib.h>

#include "sitemap_inflate.h"

#define FIRST  (256u << 10) /* bytes of the first buffer */
#define WINDOW (MAX_WBITS + 16) /* gzip only */

int
sitemap_inflate_is_gzip(struct nw_bytes b)
{
	return b.len > 2 && b.p[0] == 0x1f && b.p[1] == 0x8b && b.p[2] == Z_DEFLATED;
}

/* A larger buffer, one byte more than asked for; 0 without memory. */
static int
grow(uint8_t **p, size_t *cap, size_t max)
{
	size_t n = *cap == 0 ? FIRST : *cap * 2;
	uint8_t *q;

	n = n < max ? n : max;
	q = realloc(*p, n + 1);
	if (q == NULL)
		return 0;
	*p = q;
	*cap = n;
	return 1;
}

int
sitemap_inflate(struct nw_bytes in, size_t max, struct nw_bytes *out_r, uint32_t *cut_r)
{
	z_stream z = {.next_in = (Bytef *)(uintptr_t)in.p, .avail_in = in.len < UINT_MAX ? (uInt)in.len : UINT_MAX};
	uint8_t *out = NULL;
	size_t cap = 0, len = 0;
	int rc = Z_OK;

	if (inflateInit2(&z, WINDOW) != Z_OK)
		return NW_ERES;
	while (rc == Z_OK && len < max) {
		if (len == cap && !grow(&out, &cap, max)) {
			rc = Z_MEM_ERROR;
			break;
		}
		z.next_out = out + len;
		z.avail_out = (uInt)(cap - len);
		rc = inflate(&z, Z_NO_FLUSH);
		len = cap - z.avail_out;
	}
	inflateEnd(&z);
	if (rc == Z_MEM_ERROR || len == 0) {
		free(out);
		return rc == Z_MEM_ERROR ? NW_ERES : NW_EINPUT;
	}
	out[len] = '\0';
	*out_r = (struct nw_bytes){out, len};
	*cut_r = rc != Z_STREAM_END;
	return NW_OK;
}
