#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libxml/xpathInternals.h>

#include "page_css.h"
#include "page_dom.h"
#include "page_line.h"
#include "page_select.h"
#include "page_text.h"

struct nw_page_select {
	uint32_t n;
	xmlXPathCompExpr *expr[];
};

static void
quiet(void *cookie, xmlError *error)
{
	(void)cookie;
	(void)error;
}

/* The '@NAME' at the end of a CSS selector, outside of brackets; NULL if there is none. */
static const char *
attribute_suffix(struct nw_str s)
{
	for (size_t i = s.len; i > 0; i--) {
		char c = s.p[i - 1];

		if (c == '@')
			return s.p + i - 1;
		if (!((c | 32) >= 'a' && (c | 32) <= 'z') && c != '-' && c != '_' && !(c >= '0' && c <= '9'))
			return NULL;
	}
	return NULL;
}

static int
is_xpath(struct nw_str s)
{
	static const char *const begins[] = {
	    "/", "./", "(", "string(", "normalize-space(", "concat(", "substring"};

	for (size_t i = 0; i < sizeof(begins) / sizeof(*begins); i++)
		if (nw_page_text_istarts(s, begins[i]))
			return 1;
	return 0;
}

static int
to_xpath(struct nw_page *pg, struct nw_str s, struct nw_str *xpath_r, char *why, size_t size)
{
	const char *at;
	struct nw_page_buf b = {.pg = pg};
	struct nw_str path;

	s = nw_page_text_trim(s);
	if (is_xpath(s)) {
		*xpath_r = nw_page_text_dup(pg, s.p, s.len);
		return 0;
	}
	if ((at = attribute_suffix(s)) == NULL)
		return nw_page_css_to_xpath(pg, s, xpath_r, why, size);
	if (nw_page_css_to_xpath(pg, (struct nw_str){s.p, (size_t)(at - s.p)}, &path, why, size) != 0)
		return -1;
	nw_page_text_adds(&b, "(");
	nw_page_text_add(&b, path.p, path.len);
	nw_page_text_adds(&b, ")/");
	nw_page_text_add(&b, at, (size_t)(s.p + s.len - at));
	*xpath_r = nw_page_text_str(&b);
	return 0;
}

static xmlXPathCompExpr *
compile(struct nw_page *pg, struct nw_str s, char *why, size_t size)
{
	xmlXPathContext *ctxt = xmlXPathNewContext(NULL);
	xmlXPathCompExpr *expr = NULL;
	struct nw_str xpath;

	if (ctxt == NULL) {
		snprintf(why, size, "out of memory");
		return NULL;
	}
	ctxt->error = (xmlStructuredErrorFunc)quiet;
	if (to_xpath(pg, s, &xpath, why, size) == 0 &&
	    (expr = xmlXPathCtxtCompile(ctxt, BAD_CAST xpath.p)) == NULL)
		snprintf(
		    why, size, "selector '%s': no XPath 1.0 at character %d", s.p, ctxt->lastError.int1 + 1);
	xmlXPathFreeContext(ctxt);
	return expr;
}

struct nw_page_select *
nw_page_select_new(struct nw_page *pg, const struct nw_str *list, uint32_t n, char *why, size_t size)
{
	struct nw_page_select *s = calloc(1, sizeof(*s) + n * sizeof(*s->expr));

	if (s == NULL) {
		snprintf(why, size, "out of memory");
		return NULL;
	}
	for (; s->n < n; s->n++)
		if ((s->expr[s->n] = compile(pg, list[s->n], why, size)) == NULL) {
			nw_page_select_free(s);
			return NULL;
		}
	return s;
}

void
nw_page_select_free(struct nw_page_select *s)
{
	if (s == NULL)
		return;
	for (uint32_t i = 0; i < s->n; i++)
		xmlXPathFreeCompExpr(s->expr[i]);
	free(s);
}

static xmlXPathObject *
evaluate(struct nw_page *pg, xmlXPathCompExpr *expr, xmlNode *top)
{
	xmlXPathContext *ctxt = xmlXPathNewContext(pg->dom);
	xmlXPathObject *found = NULL;

	if (ctxt == NULL)
		return NULL;
	if (!pg->numbered) /* else two elements are compared by walking from one to the other */
		xmlXPathOrderDocElems(pg->dom);
	pg->numbered = 1;
	ctxt->error = (xmlStructuredErrorFunc)quiet;
	ctxt->opLimit = nw_page_left(pg, NW_PAGE_WORK_SELECTORS) + 1; /* 0 is no limit */
	ctxt->node = top;
	found = xmlXPathCompiledEval(expr, ctxt);
	(void)nw_page_spend(pg, NW_PAGE_WORK_SELECTORS, ctxt->opCount + (found == NULL));
	xmlXPathFreeContext(ctxt);
	return found;
}

static int
each(xmlXPathObject *found, nw_page_select_fn *fn, void *cookie)
{
	xmlNodeSet *set = found->nodesetval;

	if (found->type != XPATH_NODESET || set == NULL)
		return 0;
	xmlXPathNodeSetSort(set);
	for (int i = 0; i < set->nodeNr; i++)
		if (set->nodeTab[i] != NULL && fn(cookie, set->nodeTab[i]) != 0)
			break;
	return set->nodeNr;
}

static int
walk(struct nw_page_select *s, struct nw_page *pg, xmlNode *top, int every, nw_page_select_fn *fn,
    void *cookie)
{
	xmlXPathObject *found;
	int n = 0;

	for (uint32_t i = 0; s != NULL && (every || n == 0) && i < s->n; i++) {
		if ((found = evaluate(pg, s->expr[i], top)) == NULL)
			continue;
		n += each(found, fn, cookie);
		xmlXPathFreeObject(found);
	}
	return n;
}

int
nw_page_select_nodes(
    struct nw_page_select *s, struct nw_page *pg, xmlNode *top, nw_page_select_fn *fn, void *cookie)
{
	return walk(s, pg, top, 0, fn, cookie);
}

int
nw_page_select_all(
    struct nw_page_select *s, struct nw_page *pg, xmlNode *top, nw_page_select_fn *fn, void *cookie)
{
	return walk(s, pg, top, 1, fn, cookie);
}

static int
take_first(void *cookie, xmlNode *n)
{
	*(xmlNode **)cookie = n;
	return 1;
}

xmlNode *
nw_page_select_first(struct nw_page_select *s, struct nw_page *pg, xmlNode *top)
{
	xmlNode *n = NULL;

	nw_page_select_nodes(s, pg, top, take_first, &n);
	return n;
}

struct nw_str
nw_page_select_value(struct nw_page *pg, const xmlNode *n)
{
	struct nw_str s = {"", 0};

	if (n->type == XML_ATTRIBUTE_NODE)
		s = nw_page_text_of(n->children != NULL ? (const char *)n->children->content : NULL);
	else if (nw_page_dom_is(n, "meta"))
		s = nw_page_dom_attr(n, "content");
	else if (nw_page_dom_is(n, "time"))
		s = nw_page_dom_attr(n, "datetime");
	return s.len > 0 ? nw_page_text_line(pg, s) : nw_page_line_text(pg, n);
}

struct first_text {
	struct nw_page *pg;
	struct nw_str text;
};

static int
take_text(void *cookie, xmlNode *n)
{
	struct first_text *t = cookie;

	t->text = nw_page_select_value(t->pg, n);
	return t->text.len > 0;
}

struct nw_str
nw_page_select_text(struct nw_page_select *s, struct nw_page *pg, xmlNode *top)
{
	struct first_text t = {.pg = pg, .text = {"", 0}};
	xmlXPathObject *found;

	for (uint32_t i = 0; s != NULL && t.text.len == 0 && i < s->n; i++) {
		if ((found = evaluate(pg, s->expr[i], top)) == NULL)
			continue;
		each(found, take_text, &t);
		if (found->type == XPATH_STRING && found->stringval != NULL)
			t.text = nw_page_text_line(pg, nw_page_text_of((const char *)found->stringval));
		xmlXPathFreeObject(found);
	}
	return t.text;
}
