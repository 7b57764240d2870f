/* parser-sitemap on any bytes; the host of the test library asserts what a plugin owes it. */
#include <assert.h>
#include <stdint.h>

#include "fake_host.h"

extern const struct nw_plugin nw_plugin_parser_sitemap;
int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct fake_host *fh;
	struct nw_bytes b = {data, size};

	if (fh == NULL)
		fh = fake_host_new(&nw_plugin_parser_sitemap);
	(void)fake_host_probe(fh, b, "");
	if (fake_host_parse(fh, b, "https://feeds.example/dir/feed.xml", "", NW_ROLE_AUTO) == NW_OK)
		assert(fh->has_feed);
	else
		assert(fh->fail.len > 0);
	return 0;
}
