#include <string.h>
#include <strings.h>

#include <libxml/HTMLparser.h>
#include <libxml/HTMLtree.h>
#include <libxml/SAX2.h>
#include <libxml/parserInternals.h>

#include "page_dom.h"
#include "page_text.h"
#include "page_tidy.h"

#define SEARCHES_MAX 50000000 /* of open elements for the one that an end tag closes, in vain */
#define BINARY_BYTES 4096     /* of the beginning that tell whether it is text */

xmlNode *
nw_page_dom_skip(const xmlNode *n, const xmlNode *top)
{
	while (n != NULL && n != top) {
		if (n->next != NULL)
			return n->next;
		n = n->parent;
	}
	return NULL;
}

xmlNode *
nw_page_dom_next(const xmlNode *n, const xmlNode *top)
{
	if (n->type == XML_ELEMENT_NODE && n->children != NULL)
		return n->children;
	return nw_page_dom_skip(n, top);
}

int
nw_page_dom_in(const xmlNode *n, const char *list)
{
	const char *name, *at = list;
	size_t i;

	if (n == NULL || n->type != XML_ELEMENT_NODE)
		return 0;
	name = (const char *)n->name;
	while (*++at != '\0') { /* at stands behind a blank */
		for (i = 0; name[i] != '\0' && name[i] == at[i]; i++)
			;
		if (name[i] == '\0' && at[i] == ' ')
			return 1;
		for (at += i; *at != ' '; at++)
			;
	}
	return 0;
}

struct nw_str
nw_page_dom_attr(const xmlNode *n, const char *name)
{
	if (n == NULL || n->type != XML_ELEMENT_NODE)
		return (struct nw_str){"", 0};
	for (const xmlAttr *a = n->properties; a != NULL; a = a->next)
		if (xmlStrEqual(a->name, BAD_CAST name)) /* one text child: entities were resolved */
			return nw_page_text_of(
			    a->children != NULL ? (const char *)a->children->content : NULL);
	return (struct nw_str){"", 0};
}

xmlNode *
nw_page_dom_up(const xmlNode *n, const char *list)
{
	if (n != NULL && n->type != XML_ELEMENT_NODE)
		n = n->parent;
	for (int level = 0; n != NULL && n->type == XML_ELEMENT_NODE && level < NW_PAGE_LEVELS_MAX;
	     n = n->parent, level++)
		if (nw_page_dom_in(n, list))
			return (xmlNode *)n;
	return NULL;
}

int
nw_page_dom_within(const xmlNode *n, const xmlNode *ancestor)
{
	for (; n != NULL; n = n->parent)
		if (n == ancestor)
			return 1;
	return 0;
}

static int
depth_of(const xmlNode *n)
{
	int depth = 0;

	for (; n != NULL; n = n->parent)
		depth++;
	return depth;
}

const xmlNode *
nw_page_dom_around(const xmlNode *a, const xmlNode *b)
{
	int down = depth_of(a) - depth_of(b);

	for (; down > 0; down--)
		a = a->parent;
	for (; down < 0; down++)
		b = b->parent;
	while (a != b) {
		a = a->parent;
		b = b->parent;
	}
	return a;
}

xmlNode *
nw_page_dom_first(const xmlNode *top, const char *name)
{
	for (const xmlNode *n = top; n != NULL; n = nw_page_dom_next(n, top))
		if (nw_page_dom_is(n, name))
			return (xmlNode *)n;
	return NULL;
}

struct nw_str
nw_page_dom_url(struct nw_page *pg, struct nw_str ref)
{
	struct nw_str url;

	ref = nw_page_text_trim(ref);
	if (ref.len == 0 || nw_page_text_istarts(ref, "javascript:") ||
	    nw_page_text_istarts(ref, "mailto:") || nw_page_text_istarts(ref, "data:") ||
	    nw_page_text_istarts(ref, "tel:") || pg->host->url_resolve(pg->out, pg->base, ref, &url) != NW_OK)
		return (struct nw_str){"", 0};
	return url;
}

/* The host of an absolute URL without "www.", "" if there is none. */
static struct nw_str
host_of(struct nw_str url)
{
	const char *p = strstr(url.p, "//");
	size_t len;

	if (p == NULL)
		return (struct nw_str){"", 0};
	p += 2;
	len = strcspn(p, "/?#");
	if (len > 4 && strncasecmp(p, "www.", 4) == 0)
		return (struct nw_str){p + 4, len - 4};
	return (struct nw_str){p, len};
}

static int
same_host(struct nw_str a, struct nw_str b)
{
	return a.len == b.len && strncasecmp(a.p, b.p, a.len) == 0;
}

/* The address the page gives itself: it may have come through a mirror. */
static struct nw_str
canonical_of(const struct nw_page *pg)
{
	for (const xmlNode *n = pg->root; n != NULL; n = nw_page_dom_next(n, pg->root))
		if (nw_page_dom_is(n, "link") && nw_page_text_ieq(nw_page_dom_attr(n, "rel"), "canonical"))
			return nw_page_dom_attr(n, "href");
	return (struct nw_str){"", 0};
}

int
nw_page_dom_is_own(struct nw_page *pg, struct nw_str ref)
{
	struct nw_str other = {"", 0};

	ref = nw_page_text_trim(ref);
	if (nw_page_text_istarts(ref, "http:") || nw_page_text_istarts(ref, "https:") ||
	    nw_page_text_istarts(ref, "//"))
		other = host_of(ref);
	return other.len == 0 || same_host(other, host_of(pg->doc->url)) ||
	       same_host(other, host_of(pg->canonical));
}

/* A tree that is being built; libxml2 itself has no bounds under XML_PARSE_HUGE. */
struct building {
	uint32_t elements;
	uint64_t searched;
	int deep, many, wrong; /* why it was cut */
};

/* The tree is cut at a depth that walking up can afford, and a size that memory can. */
static void
on_start(void *cookie, const xmlChar *name, const xmlChar **attributes)
{
	htmlParserCtxt *ctxt = cookie;
	struct building *b = ctxt->_private;

	b->deep |= ctxt->nameNr >= NW_PAGE_DEPTH_MAX;
	b->many |= ++b->elements > NW_PAGE_ELEMENTS_MAX;
	if (b->deep || b->many)
		xmlStopParser(ctxt);
	else
		xmlSAX2StartElement(cookie, name, attributes);
}

/* An end tag that closes nothing was compared with all open elements. */
static void
on_error(void *cookie, const char *format, ...)
{
	htmlParserCtxt *ctxt = cookie;
	struct building *b = ctxt->_private;

	(void)format;
	b->searched += (uint64_t)ctxt->nameNr;
	b->wrong = b->searched > SEARCHES_MAX;
	if (b->wrong)
		xmlStopParser(ctxt);
}

/* An id that stands there twice is no matter to be printed. */
static void
on_twice(void *cookie, const char *format, ...)
{
	(void)cookie;
	(void)format;
}

/* htmlCtxtReadMemory() puts its own in place of what was set before it. */
static void
on_begin(void *cookie)
{
	htmlParserCtxt *ctxt = cookie;

	ctxt->vctxt.error = on_twice;
	xmlSAX2StartDocument(cookie);
}

/* Why the tree ends before the page does. */
static void
note_cut(struct nw_page *pg, const struct building *b)
{
	if (b->deep)
		pg->host->note(pg->out, "elements nested deeper than %d were left out", NW_PAGE_DEPTH_MAX);
	if (b->many)
		pg->host->note(
		    pg->out, "what follows the first %d elements was left out", NW_PAGE_ELEMENTS_MAX);
	if (b->wrong)
		pg->host->note(pg->out, "what follows too many end tags that close nothing was left out");
}

static void
build_empty(struct nw_page *pg)
{
	if (pg->dom == NULL && (pg->dom = htmlNewDocNoDtD(NULL, NULL)) == NULL)
		return;
	if ((pg->root = xmlNewDocNode(pg->dom, NULL, BAD_CAST "html", NULL)) != NULL)
		xmlDocSetRootElement(pg->dom, pg->root);
}

int
nw_page_dom_build(struct nw_page *pg, struct nw_str html)
{
	htmlParserCtxt *ctxt = htmlNewParserCtxt();
	struct building b = {0};
	struct nw_str base;

	if (ctxt == NULL)
		return pg->host->fail(pg->out, NW_ERES, "page: out of memory");
	nw_page_dom_close(pg);
	ctxt->_private = &b;
	ctxt->sax->startDocument = on_begin;
	ctxt->sax->startElement = on_start;
	ctxt->sax->error = on_error;
	ctxt->sax->fatalError = on_error;
	ctxt->sax->processingInstruction = NULL; /* nobody asks for them */
	ctxt->sax->comment = NULL;
	ctxt->options |= XML_PARSE_HUGE;
	pg->dom = htmlCtxtReadMemory(ctxt, html.p, (int)html.len, NULL, "UTF-8",
	    HTML_PARSE_RECOVER | HTML_PARSE_NOWARNING | HTML_PARSE_NONET | HTML_PARSE_COMPACT |
		XML_PARSE_HUGE);
	htmlFreeParserCtxt(ctxt);
	pg->root = pg->dom != NULL ? xmlDocGetRootElement(pg->dom) : NULL;
	if (pg->root == NULL && memchr(pg->html.p, '<', pg->html.len) != NULL)
		build_empty(pg); /* scripts alone: what they are is told from the source */
	if (pg->root == NULL)
		return pg->host->fail(pg->out, NW_EINPUT, "page: no markup in %zu bytes", pg->html.len);
	note_cut(pg, &b);
	if ((pg->body = nw_page_dom_first(pg->root, "body")) == NULL)
		pg->body = pg->root;
	pg->base = pg->doc->url;
	base = nw_page_dom_url(pg, nw_page_dom_attr(nw_page_dom_first(pg->root, "base"), "href"));
	if (base.len > 0)
		pg->base = base;
	pg->canonical = canonical_of(pg);
	return NW_OK;
}

/* Bytes that no text has make more than a twentieth of the beginning. */
static int
is_binary(struct nw_bytes body, struct nw_str charset)
{
	size_t n = body.len < BINARY_BYTES ? body.len : BINARY_BYTES, odd = 0;

	if (charset.len >= 6 &&
	    (strncasecmp(charset.p, "utf-16", 6) == 0 || strncasecmp(charset.p, "utf-32", 6) == 0))
		return 0; /* half of their bytes are such */
	for (size_t i = 0; i < n; i++)
		odd += body.p[i] < 0x20 && memchr("\t\n\v\f\r\033", body.p[i], 6) == NULL;
	return odd * 20 > n;
}

int
nw_page_dom_open(struct nw_page *pg)
{
	struct nw_str charset, tidy;
	int rc = pg->host->decode(pg->out, pg->doc, 'h', &pg->html, &charset);

	if (rc != NW_OK)
		return rc;
	if (is_binary(pg->doc->body, charset))
		return pg->host->fail(
		    pg->out, NW_EINPUT, "page: no text: %zu bytes of something else", pg->doc->body.len);
	tidy = nw_page_tidy(pg, pg->html);
	if (pg->oom)
		return pg->host->fail(pg->out, NW_ELIMIT, "page: scratch memory ran out");
	return nw_page_dom_build(pg, tidy);
}

void
nw_page_dom_close(struct nw_page *pg)
{
	if (pg->dom != NULL)
		xmlFreeDoc(pg->dom);
	pg->dom = NULL;
	pg->numbered = 0;
	pg->root = pg->body = NULL;
}
