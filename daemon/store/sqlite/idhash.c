#include "core/digest.h"
#include "store/sqlite/idhash.h"

void
nw_idhash_make(const struct nw_str *parts, size_t n, char id[NW_STORE_ID_LEN + 1])
{
	uint8_t full[NW_SHA256_LEN];

	nw_sha256_parts(parts, n, full);
	(void)nw_hex(full, NW_STORE_ID_LEN / 2, id);
}

int
nw_idhash_prefix_ok(struct nw_str s)
{
	if (s.len < 6 || s.len > NW_STORE_ID_LEN)
		return 0;
	for (size_t i = 0; i < s.len; i++)
		if ((s.p[i] < '0' || s.p[i] > '9') && (s.p[i] < 'a' || s.p[i] > 'f'))
			return 0;
	return 1;
}
