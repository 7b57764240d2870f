/*
 * parser-feed: RSS 0.90 to 2.0, RDF, Atom 0.3 and 1.0.  See feed.h for the way of a document, VIOLATIONS.md for what
 * real feeds do, parser-feed.7 for the operator.
 */
#include <stdlib.h>
#include <string.h>
#include <libxml/parser.h>

#include "feed.h"
#include "feed_html.h"
#include "feed_prolog.h"
#include "feed_recover.h"
#include "feed_sax.h"
#include "feed_tree.h"

#define PROBE_MAX 4096 /* bytes that are looked at */

/* --- refusals: one clear line */

/* The beginning of the document for a message: one line, whole characters. */
static void
excerpt(const struct feed_parse *p, char out[FEED_SHOWN_MAX])
{
	struct nw_str s = feed_trim(p->text);
	size_t n = s.len < FEED_SHOWN_MAX - 1 ? s.len : FEED_SHOWN_MAX - 1;

	while (n > 0 && n < s.len && ((unsigned char)s.p[n] & 0xc0) == 0x80)
		n--;
	memcpy(out, s.p, n);
	out[n] = '\0';
	for (size_t i = 0; i < n; i++)
		if ((unsigned char)out[i] < ' ' || out[i] == 0x7f)
			out[i] = ' ';
}

static int
refuse_html(struct feed_parse *p)
{
	struct feed_text links = {0};
	int rc;

	feed_html_alternates(p, &links);
	if (links.len > 0)
		rc = p->host->fail(p->sink, NW_EINPUT,
		    "this is an HTML page, not a feed; its <link rel=alternate> names %s", links.p);
	else
		rc = p->host->fail(p->sink, NW_EINPUT,
		    "this is an HTML page, not a feed, and it names none; read it with `parser: page`");
	feed_text_done(&links);
	return rc;
}

static int
refuse(struct feed_parse *p, const struct feed_prolog *look)
{
	const struct nw_host *h = p->host;
	char shown[FEED_SHOWN_MAX];

	switch (look->kind) {
	case FEED_KIND_EMPTY:
		return h->fail(p->sink, NW_EINPUT, "the document is empty");
	case FEED_KIND_JSON:
		return h->fail(p->sink, NW_EINPUT, "this is JSON, not XML; `parser: jsonfeed` reads JSON Feeds");
	case FEED_KIND_HTML:
		return refuse_html(p);
	case FEED_KIND_XML:
		return h->fail(p->sink, NW_EINPUT, "this is no feed: its root element is <%.*s>, not rss, rdf:RDF or feed",
		    (int)look->root.len, look->root.p);
	default:
		excerpt(p, shown);
		return h->fail(p->sink, NW_EINPUT, "this is no feed; it begins with '%s'", shown);
	}
}

/* --- reading */

static void
read_strict(struct feed_parse *p, size_t start, enum feed_sax_end *end_r, char message[FEED_ERROR_MAX])
{
	struct feed_sax *sax = feed_sax_new(p);

	feed_tree_reset(p);
	if (sax == NULL) {
		p->rc = NW_ERES;
		return;
	}
	p->lost_section = (uint32_t)feed_prolog_lost_section(p->text);
	feed_sax_push(sax, p->text.p + start, p->text.len - start);
	*end_r = feed_sax_finish(sax, message);
	p->lost_section = 0;
	if (feed_sax_safe(sax) > 0)
		p->safe_at = start + feed_sax_safe(sax);
	feed_sax_free(sax);
}

struct second {
	struct feed_parse *p;
	struct feed_sax *sax;
};

static void
second_text(void *cookie, const char *s, size_t n)
{
	feed_sax_push(((struct second *)cookie)->sax, s, n);
}

static void
second_cut(void *cookie)
{
	((struct second *)cookie)->p->cut = 1;
}

/* What a second reading did. */
static void
report(struct feed_parse *p, struct feed_sax *sax, const uint32_t repairs[REPAIR_N])
{
	char message[FEED_ERROR_MAX];

	if (feed_sax_finish(sax, message) != FEED_SAX_OK && p->rc == NW_OK)
		p->host->note(p->sink, "reading stopped early: %s", message[0] != '\0' ? message : "nested too deeply");
	for (uint32_t i = 0; i < REPAIR_N; i++)
		if (repairs[i] > 0)
			p->host->note(p->sink, "repaired: %s (%u)", feed_recover_name(i), repairs[i]);
	if (p->cut)
		p->host->note(p->sink, "the document is cut: %u whole items are kept, the rest is missing", p->items);
}

/*
 * The second reading.  Up to the last whole item it is the first one again, whose items are passed over; behind it
 * the text is repaired.  Without such an item everything from the root is.
 */
static void
read_repaired(struct feed_parse *p, size_t start, size_t root_at)
{
	struct second s = {p, feed_sax_new(p)};
	struct feed_recover_out out = {second_text, second_cut, &s};
	struct feed_text open = p->safe_open;
	size_t from = p->safe_at > 0 ? p->safe_at : root_at;
	struct nw_str rest = {p->text.p + from, p->text.len - from};
	uint32_t repairs[REPAIR_N];

	p->safe_open = (struct feed_text){0};
	feed_tree_reset(p);
	if (s.sax != NULL && p->safe_at > 0)
		feed_sax_push(s.sax, p->text.p + start, p->safe_at - start);
	if (s.sax == NULL || feed_recover_run(rest, feed_text_str(&open), &out, repairs) == -1)
		p->rc = NW_ERES;
	else
		report(p, s.sax, repairs);
	feed_text_done(&open);
	feed_sax_free(s.sax);
}

static void
read_feed(struct feed_parse *p, const struct feed_prolog *look)
{
	enum feed_sax_end end = FEED_SAX_BROKEN;
	char message[FEED_ERROR_MAX] = "";
	size_t start = look->start;

	if (look->junk) {
		p->host->note(p->sink, "what stands before the root element or its XML declaration is left out");
		p->incomplete = look->start == 0;
		start = p->incomplete ? look->root_at : start;
	}
	if (feed_prolog_too_many_attrs(p->text, FEED_ATTRS_MAX))
		p->host->note(p->sink, "a tag has more than %d attributes; the rest is left out", FEED_ATTRS_MAX);
	else
		read_strict(p, start, &end, message);
	if (p->swallowed)
		p->host->note(p->sink, "a CDATA section without an end reaches into the next item");
	if (end == FEED_SAX_OK || p->rc != NW_OK)
		return;
	p->incomplete = 1;
	if (end == FEED_SAX_LIMIT) {
		p->host->note(p->sink, "elements or namespaces are nested too deeply, or names are too many; the rest is not read");
		return;
	}
	if (message[0] != '\0' && !p->swallowed)
		p->host->note(p->sink, "not well-formed, read a second time: %s", message);
	read_repaired(p, start, look->root_at);
}

/* What the whole document came to. */
static int
finish(struct feed_parse *p)
{
	if (p->rc != NW_OK)
		return p->rc == NW_ERES ? p->host->fail(p->sink, NW_ERES, "out of memory while reading a feed") : p->rc;
	if (p->dialect == DIALECT_NONE || (p->cut && p->items == 0))
		return p->host->fail(p->sink, NW_EINPUT, "the document is cut or broken before its first item%s%s",
		    p->root[0] != '\0' ? "; its root element is " : "", p->root);
	return feed_record_emit_feed(p);
}

static void
parse_done(struct feed_parse *p)
{
	feed_record_done(&p->feed);
	feed_record_done(&p->item);
	feed_text_done(&p->capture.text);
	feed_text_done(&p->person_text);
	feed_text_done(&p->person_name);
	feed_text_done(&p->person_email);
	feed_text_done(&p->safe_open);
	free(p->own_uri);
	free(p->frame);
	free(p);
}

static int
feed_parse_doc(void *state, void *source, const struct nw_doc *doc, struct nw_sink *sink)
{
	const struct nw_host *host = state;
	struct feed_parse *p = calloc(1, sizeof(*p));
	struct feed_prolog look;
	struct nw_str charset;
	int rc;

	(void)source; /* no options of its own */
	if (p == NULL)
		return host->fail(sink, NW_ERES, "out of memory before reading a feed");
	p->host = host;
	p->sink = sink;
	p->doc = doc;
	p->frame = calloc(FEED_DEPTH_MAX, sizeof(*p->frame));
	rc = p->frame == NULL ? NW_ERES : host->decode(sink, doc, 'x', &p->text, &charset);
	if (rc != NW_OK) {
		parse_done(p);
		return host->fail(sink, rc, "the document cannot be decoded");
	}
	feed_prolog_look(p->text, &look);
	if (look.kind == FEED_KIND_FEED) {
		read_feed(p, &look);
		rc = finish(p);
	} else {
		rc = refuse(p, &look);
	}
	parse_done(p);
	return rc;
}

/* --- probe: the root's name in the first bytes, whatever their encoding */

static int
feed_probe(void *state, const struct nw_doc *doc)
{
	char head[PROBE_MAX + 1];
	struct feed_prolog look;
	size_t n = 0;

	(void)state;
	for (size_t i = 0; i < doc->body.len && n < PROBE_MAX; i++)
		if (doc->body.p[i] != '\0' && doc->body.p[i] < 0x80) /* UTF-16 and byte order marks fall away */
			head[n++] = (char)doc->body.p[i];
	head[n] = '\0';
	feed_prolog_look((struct nw_str){head, n}, &look);
	if (look.kind == FEED_KIND_FEED)
		return look.junk ? 80 : 100;
	if (look.kind != FEED_KIND_XML || feed_same_n(look.root, "urlset") || feed_same_n(look.root, "sitemapindex"))
		return 0;
	return feed_starts(feed_trim((struct nw_str){head, n}), "<?xml") ? 20 : 5;
}

/* --- descriptor */

static int
feed_open(const struct nw_host *host, const struct nw_instance *inst, const struct nw_conf *conf, void **state_r)
{
	(void)inst;
	(void)conf; /* no options */
	xmlInitParser(); /* before the lock */
	*state_r = (void *)(uintptr_t)host;
	return NW_OK;
}

static const struct nw_parser_ops ops = {
	.probe = feed_probe,
	.parse = feed_parse_doc,
};

NW_PLUGIN(parser_feed) = {
	NW_PLUGIN_HEAD(NW_KIND_PARSER),
	.name = "parser-feed",
	.version = "1.0",
	.summary = "RSS 0.90 to 2.0, RDF, Atom 0.3 and 1.0, also where they are broken",
	.open = feed_open,
	.ops.parser = &ops,
};
