/* parser-page on any bytes.  The first byte chooses the role and whether a source is configured; the host of
 * the test library asserts what a plugin owes it. */
#include <assert.h>
#include <stdint.h>

#include "fake_host.h"

extern const struct nw_plugin nw_plugin_parser_page;
int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static struct fake_host *
configured(void)
{
	struct fake_host *fh = fake_host_new(&nw_plugin_parser_page);
	int rc = fake_host_source(fh, "listing.link", "t\\d+_\\d+|/art/", "listing.item", "li\ntr\n.row",
	    "listing.key", "(\\d{4,})", "listing.pages", "3", "listing.rewrite",
	    "f_view\\('(\\d+)'\\) => ?seq=$1", "listing.title", "h3\na@title", "listing.date", ".date\nspan",
	    "article.title", "h1\n.title", "article.body", "#body\n.content\narticle", "article.date",
	    "meta[name=PubDate]\ntime", "article.author", ".author", "article.remove", ".share\nnav",
	    "article.number", "No\\. (\\d+)", "article.title_strip", "_.*$", NULL);

	assert(rc == NW_OK);
	return fh;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct fake_host *plain, *with_source;
	static const uint32_t roles[] = {NW_ROLE_AUTO, NW_ROLE_LISTING, NW_ROLE_ARTICLE, NW_ROLE_ARTICLE};
	struct nw_bytes b;
	struct fake_host *fh;

	if (size == 0)
		return 0;
	if (plain == NULL) {
		plain = fake_host_new(&nw_plugin_parser_page);
		with_source = configured();
	}
	b = (struct nw_bytes){data + 1, size - 1};
	fh = (data[0] & 4) != 0 ? with_source : plain;
	fake_host_fuzz(fh, b, "https://www.ministry.example/news/202608/t20260804_1.html", "text/html", roles[data[0] & 3]);
	return 0;
}
