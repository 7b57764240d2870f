/*
 * parser-feed on any bytes; and its recovery, which must always write a well-formed document.
 * The host of the test library asserts that every text is valid UTF-8 with its NUL and that a refusal is one line.
 */
#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <libxml/parser.h>

#include "../../plugins/parser-feed/feed_recover.h"
#include "base/buf.h"
#include "base/utf8.h"
#include "fake_host.h"

extern const struct nw_plugin nw_plugin_parser_feed;
int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
write_text(void *cookie, const char *p, size_t n)
{
	nw_buf_add(cookie, p, n);
}

static void
write_nothing(void *cookie)
{
	(void)cookie;
}

static void
silent(void *cookie, xmlError *e)
{
	(void)cookie;
	(void)e;
}

/* The plugin knows every entity; whether a name is one is not what is tested here. */
static xmlEntity *
any_entity(void *cookie, const xmlChar *name)
{
	static xmlEntity e;

	(void)cookie;
	e.type = XML_ENTITY_DECL;
	e.etype = XML_INTERNAL_PREDEFINED_ENTITY;
	e.name = name;
	e.content = (xmlChar *)(uintptr_t) "x";
	return &e;
}

static void
recovered_text_is_well_formed(struct nw_bytes b)
{
	struct nw_buf text = {0}, out = {0};
	struct feed_recover_out to = {write_text, write_nothing, &out};
	uint32_t repairs[REPAIR_N];
	xmlParserCtxt *ctxt;
	xmlDoc *doc;

	nw_buf_adds(&text, "<rss>");
	nw_utf8_repair(&text, b.p, b.len);
	assert(feed_recover_run(nw_buf_str(&text), NW_STR(""), &to, repairs) == 0);
	xmlSetStructuredErrorFunc(NULL, silent);
	ctxt = xmlNewParserCtxt();
	ctxt->sax->getEntity = any_entity;
	doc = xmlCtxtReadMemory(ctxt, nw_buf_str(&out).p, (int)out.len, "http://a.example/", "UTF-8",
	    XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
	if (doc == NULL || !ctxt->wellFormed) {
		fprintf(stderr, "%s in: %s\n", xmlCtxtGetLastError(ctxt)->message, nw_buf_str(&out).p);
		abort();
	}
	xmlFreeDoc(doc);
	xmlFreeParserCtxt(ctxt);
	nw_buf_done(&text);
	nw_buf_done(&out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct fake_host *fh;
	struct nw_bytes b = {data, size};

	if (fh == NULL)
		fh = fake_host_new(&nw_plugin_parser_feed);
	fake_host_fuzz(fh, b, "https://feeds.example/dir/feed.xml", "text/xml", NW_ROLE_AUTO);
	recovered_text_is_well_formed(b);
	return 0;
}
