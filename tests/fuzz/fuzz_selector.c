/* Selectors of parser-page: any text is compiled or refused with a sentence, and what compiles is XPath that
 * ends. */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "../../plugins/parser-page/page_dom.h"
#include "../../plugins/parser-page/page_select.h"
#include "base/utf8.h"
#include "fake_host.h"

extern const struct nw_plugin nw_plugin_parser_page;
int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static int
count(void *cookie, xmlNode *n)
{
	(void)n;
	return ++*(int *)cookie > 100;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char html[] =
	    "<html><body><div class='a b' id=c><p lang=en>x<a href=/y>z</a></p><ul><li>1<li>2</ul></div>";
	static struct fake_host *fh;
	struct nw_doc doc = {.size = sizeof(doc),
	    .url = NW_STR("http://m.example/"),
	    .content_type = NW_STR("text/html"),
	    .body = {(const uint8_t *)html, sizeof(html) - 1},
	    .source = NW_STR(""),
	    .timezone = NW_STR(""),
	    .lang = NW_STR(""),
	    .charset = NW_STR("")};
	struct nw_page pg;
	struct nw_page_select *s;
	char text[1024], why[512] = "";
	struct nw_str list = {text, size};
	int n = 0;

	if (size >= sizeof(text) || memchr(data, 0, size) != NULL || !nw_utf8_valid(data, size))
		return 0;
	if (fh == NULL)
		fh = fake_host_new(&nw_plugin_parser_page);
	(void)fake_host_parse_text(
	    fh, html, "http://m.example/", "text/html"); /* empties the scratch memory */
	memcpy(text, data, size);
	text[size] = '\0';
	pg = (struct nw_page){.host = &fh->host, .out = fh->sink, .doc = &doc};
	if ((s = nw_page_select_new(&pg, &list, 1, why, sizeof(why))) == NULL) {
		assert(why[0] != '\0');
		return 0;
	}
	if (nw_page_dom_open(&pg) == NW_OK) {
		nw_page_select_nodes(s, &pg, pg.root, count, &n);
		assert(nw_page_select_text(s, &pg, pg.root).p != NULL);
	}
	nw_page_dom_close(&pg);
	nw_page_select_free(s);
	return 0;
}
