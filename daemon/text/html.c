#include <string.h>

#include <libxml/HTMLparser.h>
#include <libxml/parserInternals.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "base/utf8.h"
#include "core/limits.h"
#include "text/entity.h"
#include "text/flow.h"
#include "text/html.h"
#include "text/html_scan.h"
#include "text/html_tags.h"
#include "text/idna.h"
#include "text/sanitize.h"

#define DICT_MAX 20000 /* names a parser may have learned before it is replaced */

/* One document on its way through libxml2's SAX calls. */
struct reading {
	struct nw_flow flow;
	struct nw_sanitize clean;
	int want_html;
	size_t depth, skip; /* open elements; where leaving out began, 0: nowhere */
	int too_deep;
	htmlParserCtxt *parser;
	struct nw_buf unescaped, guarded, extended; /* the document, where it had to be rewritten */
};

static htmlParserCtxt *kept; /* reused: making one costs more than parsing a short text */

/* --- what the reader cannot see */

static int
style_hides(const char *style)
{
	const char *p = strcasestr(style, "display");

	if (p == NULL)
		return 0;
	for (p += 7; *p == ' ' || *p == ':'; p++)
		;
	return strncasecmp(p, "none", 4) == 0;
}

static int
hidden(const xmlChar **atts)
{
	for (; atts != NULL && atts[0] != NULL; atts += 2) {
		if (xmlStrEqual(atts[0], BAD_CAST "hidden"))
			return atts[1] == NULL || !xmlStrEqual(atts[1], BAD_CAST "until-found");
		if (atts[1] != NULL && xmlStrEqual(atts[0], BAD_CAST "style"))
			return style_hides((const char *)atts[1]);
	}
	return 0;
}

/* --- SAX */

static uint32_t
list_start(const xmlChar **atts)
{
	uint32_t n = 0;
	const char *p;

	for (; atts != NULL && atts[0] != NULL; atts += 2) {
		if (atts[1] == NULL || !xmlStrEqual(atts[0], BAD_CAST "start"))
			continue;
		for (p = (const char *)atts[1]; *p >= '0' && *p <= '9' && n < 100000; p++)
			n = n * 10 + (uint32_t)(*p - '0');
		return n > 0 ? n : 1;
	}
	return 1;
}

static void
on_start(void *cookie, const xmlChar *name, const xmlChar **atts)
{
	struct reading *r = cookie;
	const struct nw_tag_info *tag = nw_html_tags_find((const char *)name, strlen((const char *)name));

	if (++r->depth > NW_FRAGMENT_DEPTH_MAX) {
		r->too_deep = 1;
		xmlStopParser(r->parser);
		return;
	}
	if (r->skip != 0)
		return;
	if ((tag != NULL && tag->flags & NW_TAG_SKIP) || hidden(atts)) {
		r->skip = r->depth;
		return;
	}
	if (tag == NULL)
		return;
	nw_flow_open(&r->flow, tag->flags, tag->flags & NW_TAG_NUMBERED ? list_start(atts) : 0);
	if (r->want_html)
		nw_sanitize_open(&r->clean, tag, (const char *const *)atts);
}

static void
on_end(void *cookie, const xmlChar *name)
{
	struct reading *r = cookie;
	const struct nw_tag_info *tag;

	if (r->skip != 0) {
		if (r->depth == r->skip)
			r->skip = 0;
		r->depth -= r->depth > 0;
		return;
	}
	r->depth -= r->depth > 0;
	tag = nw_html_tags_find((const char *)name, strlen((const char *)name));
	if (tag == NULL)
		return;
	nw_flow_close(&r->flow, tag->flags);
	if (r->want_html)
		nw_sanitize_close(&r->clean, tag);
}

static void
add_text(struct reading *r, const char *p, size_t n)
{
	nw_flow_text(&r->flow, p, n);
	if (r->want_html)
		nw_sanitize_text(&r->clean, p, n);
}

static void
on_text(void *cookie, const xmlChar *text, int len)
{
	struct reading *r = cookie;
	const char *p = (const char *)text, *end = p + len, *c2 = p;
	char out[4];
	uint32_t c;

	if (r->skip != 0)
		return;
	/* a C1 control is windows-1252 by mistake */
	while (c2 < end - 1 && (c2 = memchr(c2, 0xc2, (size_t)(end - 1 - c2))) != NULL) {
		c = (unsigned char)c2[1];
		if (nw_entity_mend_c1(c) == c) {
			c2++;
			continue;
		}
		add_text(r, p, (size_t)(c2 - p));
		add_text(r, out, nw_utf8_put(out, nw_entity_mend_c1(c)));
		p = c2 += 2;
	}
	add_text(r, p, (size_t)(end - p));
	if (r->flow.out.failed)
		xmlStopParser(r->parser); /* NW_TEXT_MAX is reached */
}

static const xmlSAXHandler handler = {
    .startElement = on_start,
    .endElement = on_end,
    .characters = on_text,
    .ignorableWhitespace = on_text,
    .initialized = 1,
};

/* --- the parser */

static htmlParserCtxt *
parser_get(void)
{
	if (kept != NULL && xmlDictSize(kept->dict) > DICT_MAX) {
		htmlFreeParserCtxt(kept);
		kept = NULL;
	}
	if (kept == NULL && (kept = htmlNewParserCtxt()) != NULL)
		*kept->sax = handler;
	if (kept == NULL)
		return NULL;
	htmlCtxtUseOptions(kept, HTML_PARSE_RECOVER | HTML_PARSE_NONET | HTML_PARSE_NOERROR |
				     HTML_PARSE_NOWARNING | HTML_PARSE_IGNORE_ENC | HTML_PARSE_NODEFDTD);
	kept->options |= XML_PARSE_HUGE; /* without it libxml2 drops what lies deep, and long texts */
	return kept;
}

static int
parse(struct reading *r, struct nw_str html)
{
	htmlParserCtxt *ctxt = parser_get();
	xmlParserInputBuffer *in;
	xmlParserInput *input;

	if (ctxt == NULL || html.len > INT32_MAX)
		return -1;
	in = xmlParserInputBufferCreateMem(html.p, (int)html.len, XML_CHAR_ENCODING_NONE);
	if (in == NULL)
		return -1;
	input = xmlNewIOInputStream(ctxt, in, XML_CHAR_ENCODING_NONE);
	if (input == NULL) {
		xmlFreeParserInputBuffer(in);
		return -1;
	}
	if (inputPush(ctxt, input) < 0)
		return -1;
	ctxt->charset = XML_CHAR_ENCODING_UTF8;
	ctxt->encoding = xmlStrdup(BAD_CAST "UTF-8");
	ctxt->userData = r;
	r->parser = ctxt;
	(void)htmlParseDocument(ctxt); /* what is not well-formed was repaired */
	ctxt->userData = NULL;
	htmlCtxtReset(ctxt); /* what it read is not its own */
	return 0;
}

/* --- text without markup */

static void
plain_html(struct nw_sanitize *s, struct nw_str text)
{
	const char *p = text.p, *end = p + text.len, *stop;
	const struct nw_tag_info *para = nw_html_tags_find("p", 1), *line = nw_html_tags_find("br", 2);
	int whole = memmem(text.p, text.len, "\n\n", 2) == NULL; /* one paragraph needs no <p> */

	while (p < end) {
		if (!whole && s->depth == 0)
			nw_sanitize_open(s, para, NULL);
		stop = memchr(p, '\n', (size_t)(end - p));
		if (stop == NULL)
			stop = end;
		nw_sanitize_text(s, p, (size_t)(stop - p));
		if (stop + 1 < end && stop[1] == '\n')
			nw_sanitize_end(s);
		else if (stop < end)
			nw_sanitize_open(s, line, NULL);
		for (p = stop; p < end && *p == '\n'; p++)
			;
	}
	nw_sanitize_end(s);
}

static void
read_plain(struct reading *r, struct nw_str text)
{
	nw_flow_plain(&r->flow, text.p, text.len);
	if (r->want_html)
		plain_html(&r->clean, nw_buf_str(&r->flow.out));
}

/* --- */

/* Whether unescaped text was HTML, escaped once too often; paragraphs need no end tags. */
static int
was_markup(struct nw_str html, const struct nw_html_scan *first)
{
	return (first->start == html.p && first->info != NULL && first->info->flags & NW_TAG_BLOCK) ||
	       nw_html_scan_markup(html);
}

/* Text, or HTML, or HTML escaped once more than it should be. */
static int
read_any(struct reading *r, struct nw_str html)
{
	struct nw_html_scan tag;

	html = nw_html_scan_unwrap(html);
	if (!nw_html_scan_tag(html.p, html.p + html.len, &tag)) {
		if (memchr(html.p, '&', html.len) != NULL &&
		    nw_entity_add(&r->unescaped, html.p, html.p + html.len) > 0)
			html = nw_buf_str(&r->unescaped);
		if (!nw_html_scan_tag(html.p, html.p + html.len, &tag) || !was_markup(html, &tag)) {
			read_plain(r, html);
			return 0;
		}
	}
	html = nw_html_scan_guard(html, &r->guarded);
	return parse(r, nw_entity_extend(html, &r->extended));
}

/* One after the other, so that a long text and its HTML are not twice in memory at once. */
static int
to_arena(struct nw_arena *arena, struct nw_buf *b, struct nw_str *out_r)
{
	struct nw_str s = nw_buf_str(b);
	int failed = b->failed;

	if (b->failed) /* past its bound: what was written before is still there */
		s = (struct nw_str){b->p != NULL ? b->p : "", b->len};
	*out_r = nw_arena_dup(arena, s);
	nw_buf_done(b);
	b->failed = failed;
	return out_r->p != NULL ? 0 : -1;
}

static int
finish(struct reading *r, struct nw_arena *arena, struct nw_str *text_r, struct nw_str *html_r,
    struct nw_err *err)
{
	struct nw_str text, html = {"", 0};

	nw_sanitize_end(&r->clean);
	if (to_arena(arena, &r->flow.out, &text) == -1 ||
	    (r->want_html && to_arena(arena, &r->clean.out, &html) == -1))
		return nw_fail(err, NW_ELIMIT, "html: the text does not fit into the memory of its job");
	if (r->flow.out.failed || r->clean.full || r->too_deep)
		(void)nw_fail(err, NW_ELIMIT, "html: the text is cut %s",
		    r->too_deep ? "where elements nest too deeply" : "at its bound");
	*text_r = text;
	if (html_r != NULL)
		*html_r = html;
	return 0;
}

int
nw_html_text(struct nw_arena *arena, struct nw_str html, struct nw_str base, struct nw_str *text_r,
    struct nw_str *html_r, struct nw_err *err)
{
	struct reading r = {.want_html = html_r != NULL};
	int rc;

	if (err != NULL)
		err->code = NW_OK;
	nw_flow_init(&r.flow, NW_TEXT_MAX);
	nw_sanitize_init(&r.clean, arena, nw_str_or_empty(base), NW_TEXT_MAX * 2);
	rc = read_any(&r, nw_str_or_empty(html));
	if (rc == -1 || r.unescaped.failed || r.guarded.failed || r.extended.failed)
		rc = nw_fail(err, NW_ERES, "html: out of memory");
	else
		rc = finish(&r, arena, text_r, html_r, err);
	nw_flow_done(&r.flow);
	nw_sanitize_done(&r.clean);
	nw_buf_done(&r.unescaped);
	nw_buf_done(&r.guarded);
	nw_buf_done(&r.extended);
	return rc;
}

void
nw_html_warm(void)
{
	xmlInitParser();
	nw_idna_warm();
	(void)parser_get(); /* tried again when it is needed */
}
