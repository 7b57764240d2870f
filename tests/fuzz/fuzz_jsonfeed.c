/* parser-jsonfeed on any bytes; the host of the test library asserts what a plugin owes it. */
#include <stdint.h>

#include "fake_host.h"

extern const struct nw_plugin nw_plugin_parser_jsonfeed;
int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct fake_host *fh;
	struct nw_bytes b = {data, size};

	if (fh == NULL)
		fh = fake_host_new(&nw_plugin_parser_jsonfeed);
	fake_host_fuzz(fh, b, "https://feeds.example/dir/feed.json", "", NW_ROLE_AUTO);
	return 0;
}
