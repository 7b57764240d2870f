/* robots.txt: any bytes give rules that can be asked about any path. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/str.h"
#include "core/robots.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t n = size < 64 ? size : 64;
	const struct nw_robots_rule *rule;
	struct nw_robots r;

	if (nw_robots_parse((struct nw_bytes){data, size}, nw_str("newswatchd"), &r) == -1)
		return 0;
	(void)nw_robots_allows(&r, (struct nw_str){(const char *)data + size - n, n}, &rule);
	if (rule != NULL && rule->pattern.len == 0)
		abort();
	nw_robots_done(&r);
	return 0;
}
