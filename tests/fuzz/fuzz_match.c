/* Random expressions on random texts: the engine must say what the definition says. */
#include <stddef.h>
#include <stdint.h>

#include "query_brute_check.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct nw_brute_dice dice = {.p = p, .n = n};

	if (n < 8 || n > 512)
		return 0;
	(void)nw_brute_check(&dice, p[0] & 1);
	return 0;
}
