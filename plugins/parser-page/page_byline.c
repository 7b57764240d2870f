#include <string.h>

#include "page_byline.h"
#include "page_dom.h"
#include "page_extract.h"
#include "page_jsonld.h"
#include "page_label.h"
#include "page_line.h"
#include "page_meta.h"
#include "page_name.h"
#include "page_plain.h"
#include "page_options.h"
#include "page_select.h"
#include "page_text.h"

#define LEVELS_MAX	12  /* above a byline that tell whose it is */
#define ELEMENT_LETTERS 160 /* of an element that is a byline; longer holds more than that */

static struct nw_str
from_metas(struct nw_page *pg)
{
	static const char *const names[] = {"dc.creator", "dcterms.creator", "dcterm.creator", "author",
	    "parsely-author", "citation_author", "article:author", "byl", "sailthru.author",
	    "twitter:creator:name", "og:author", "author_name", "rnews:creator", "contentsource", NULL};
	struct nw_page_buf b = {.pg = pg};
	struct nw_str s;
	uint32_t k;

	for (int i = 0; b.len == 0 && names[i] != NULL; i++)
		for (k = 0; (s = nw_page_meta_each(pg, names[i], &k)).len > 0;) {
			if ((s = nw_page_name_of(pg, nw_page_plain_line(pg, s))).len == 0)
				continue;
			if (b.len > 0)
				nw_page_text_adds(&b, ", ");
			nw_page_text_add(&b, s.p, s.len);
		}
	return nw_page_text_str(&b);
}

/* Other words for the one who wrote, as whole words of class or id. */
static int
is_named(const xmlNode *n)
{
	static const char *const words[] = {
	    "author", "writer", "reporter", "autor", "auteur", "autore", "submitted", "zuozhe", NULL};
	struct nw_str class = nw_page_dom_attr(n, "class"), id = nw_page_dom_attr(n, "id");

	for (int i = 0; (class.len > 0 || id.len > 0) && words[i] != NULL; i++)
		if (nw_page_text_has_word(class, words[i]) || nw_page_text_has_word(id, words[i]))
			return 1;
	return 0;
}

static int
names_author(const xmlNode *n)
{
	if (nw_page_text_ifind(nw_page_dom_attr(n, "class"), "follow") != NULL)
		return 0; /* someone to follow */
	return nw_page_text_ieq(nw_page_dom_attr(n, "rel"), "author") ||
	       nw_page_text_ifind(nw_page_dom_attr(n, "itemprop"), "author") != NULL ||
	       nw_page_text_ifind(nw_page_dom_attr(n, "class"), "byline") != NULL ||
	       nw_page_text_ifind(nw_page_dom_attr(n, "class"), "author") != NULL ||
	       nw_page_text_ifind(nw_page_dom_attr(n, "id"), "byline") != NULL ||
	       nw_page_dom_is(n, "author") ||
	       nw_page_text_ieq(nw_page_dom_attr(n, "data-component"), "byline") || is_named(n);
}

static int
stands_aside(const xmlNode *n)
{
	return nw_page_dom_up(n, " aside nav footer ") != NULL;
}

/* Of a picture, or of a reader. */
static int
is_anothers(const xmlNode *n)
{
	if (nw_page_dom_up(n, " figure ") != NULL)
		return 1;
	for (int level = 0; n != NULL && n->type == XML_ELEMENT_NODE && level < LEVELS_MAX;
	     n = n->parent, level++)
		if (nw_page_text_ifind(nw_page_dom_attr(n, "class"), "comment") != NULL ||
		    nw_page_text_ifind(nw_page_dom_attr(n, "id"), "comment") != NULL)
			return 1;
	return 0;
}

/* The first byline that is not one of a comment or of another article's teaser; else the first at all. */
static struct nw_str
from_elements(struct nw_page *pg)
{
	struct nw_str s, other = {"", 0};

	for (xmlNode *n = pg->body; n != NULL; n = nw_page_dom_next(n, pg->body)) {
		if (n->type != XML_ELEMENT_NODE || nw_page_dom_in(n, " body script style ") ||
		    !names_author(n))
			continue;
		if (nw_page_line_weight(pg, n) > ELEMENT_LETTERS ||
		    (s = nw_page_name_of(pg, nw_page_label_names(pg, n))).len == 0 || is_anothers(n))
			continue;
		if (!stands_aside(n))
			return s;
		if (other.len == 0)
			other = s;
	}
	return other;
}

/* What follows "作者：" in a line beside the text, up to the next gap or bar. */
static struct nw_str
after_label(struct nw_page *pg, struct nw_str line, const char *label)
{
	const char *at = nw_page_text_ifind(line, label), *p, *q, *end = line.p + line.len;
	uint32_t c;

	if (at == NULL)
		return (struct nw_str){"", 0};
	for (at += strlen(label); at < end && *at == ' '; at++)
		;
	for (p = q = at; p < end; q = p) {
		c = nw_page_text_next(&p, end);
		if (c == '|' || c == '/' || c == 0x3000 || c == ' ' || c == 0x3010 || c == ']')
			break;
	}
	return nw_page_name_of(pg, nw_page_text_dup(pg, at, (size_t)(q - at)));
}

/* A labelled name in the scripts that write their names without blanks. */
static struct nw_str
from_near(struct nw_page *pg, const struct nw_page_text *text)
{
	static const char *const labels[] = {
	    "作者：", "作者:", "记者：", "记者:", "記者：", "撰文：", "著者：", "기자:", NULL};
	struct nw_str s;

	for (uint32_t i = 0; i < text->nnear; i++)
		for (int k = 0; labels[k] != NULL; k++)
			if ((s = after_label(pg, text->near[i], labels[k])).len > 0)
				return s;
	return (struct nw_str){"", 0};
}

/* The two lines below a shared link: "Written by" and the name. */
static struct nw_str
from_card(struct nw_page *pg)
{
	if (nw_page_text_ieq(nw_page_meta_get(pg, "twitter:label1"), "written by"))
		return nw_page_name_of(pg, nw_page_meta_get(pg, "twitter:data1"));
	return (struct nw_str){"", 0};
}

/* "CC7567": what someone is called inside a system. */
static int
is_handle(struct nw_str s)
{
	int digits = 0;

	for (size_t i = 0; i < s.len; i++) {
		if (s.p[i] == ' ' || (unsigned char)s.p[i] >= 0x80)
			return 0;
		digits += s.p[i] >= '0' && s.p[i] <= '9';
	}
	return digits > 0;
}

/* The name in the byline, where it has two parts or nothing else is known. */
static struct nw_str
longer_name(struct nw_str handle, struct nw_str byline)
{
	return handle.len == 0 || (byline.len > 0 && memchr(byline.p, ' ', byline.len) != NULL) ? byline
												: handle;
}

struct nw_str
nw_page_byline_find(struct nw_page *pg, const struct nw_page_jsonld *ld, const struct nw_page_text *text)
{
	const struct nw_page_source *s = pg->source;
	struct nw_str name = {"", 0};

	if (s != NULL && s->author != NULL)
		name = nw_page_name_of(pg, nw_page_select_text(s->author, pg, pg->root));
	if (name.len == 0)
		name = nw_page_name_of(pg, ld->author);
	if (name.len == 0)
		name = from_metas(pg);
	if (name.len == 0)
		name = from_card(pg);
	if (name.len == 0 || is_handle(name))
		name = longer_name(name, from_elements(pg));
	return name.len > 0 ? name : from_near(pg, text);
}
