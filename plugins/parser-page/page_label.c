#include <string.h>

#include "page_dom.h"
#include "page_label.h"
#include "page_line.h"
#include "page_text.h"

#define NODES_MAX 60 /* of an element that is a label */

static int
has_class(const xmlNode *n, const char *const *words)
{
	struct nw_str class = nw_page_dom_attr(n, "class");

	for (; class.len > 0 && *words != NULL; words++)
		if (nw_page_text_has_word(class, *words))
			return 1;
	return 0;
}

static int
stands_beside(const xmlNode *n)
{
	static const char *const words[] = {"role", "job", "jobtitle", "title", "position", "organization",
	    "social", "date", "time", "timestamp", "bio", "email", "twitter", "label", NULL};

	return nw_page_dom_in(n, " time figure img svg ") ||
	       (n->type == XML_ELEMENT_NODE && has_class(n, words));
}

static struct nw_str
text_of(struct nw_page *pg, const xmlNode *top, int names)
{
	struct nw_page_buf b = {.pg = pg};
	const xmlNode *n = top;

	for (int left = NODES_MAX; n != NULL && left > 0 && b.len < NW_PAGE_BRIEF_BYTES &&
				   nw_page_spend(pg, NW_PAGE_WORK_LINES, 1);
	     left--) {
		int skip =
		    nw_page_dom_in(n, " script style template ") || (names && n != top && stands_beside(n));

		if (n->type == XML_TEXT_NODE) {
			struct nw_str s = nw_page_text_start((const char *)n->content, NW_PAGE_BRIEF_BYTES);

			if (n->prev != NULL || n->parent != top)
				nw_page_text_fold(&b, " ", 1);
			nw_page_text_fold(&b, s.p, s.len);
		}
		n = skip ? nw_page_dom_skip(n, top) : nw_page_dom_next(n, top);
	}
	return nw_page_text_str(&b);
}

struct nw_str
nw_page_label_spaced(struct nw_page *pg, const xmlNode *n)
{
	return text_of(pg, n, 0);
}

/* The element inside that holds the name alone; NULL if there is none or several. */
static const xmlNode *
name_inside(const xmlNode *top)
{
	static const char *const words[] = {"fn", "name", NULL};
	const xmlNode *found = NULL, *n = nw_page_dom_next(top, top);

	for (int left = NODES_MAX; n != NULL && left > 0; left--) {
		int is_name =
		    n->type == XML_ELEMENT_NODE && !stands_beside(n) &&
		    (nw_page_text_ieq(nw_page_dom_attr(n, "itemprop"), "name") || has_class(n, words));

		if (is_name && found != NULL)
			return NULL;
		if (is_name)
			found = n;
		n = is_name ? nw_page_dom_skip(n, top) : nw_page_dom_next(n, top);
	}
	return found;
}

struct nw_str
nw_page_label_names(struct nw_page *pg, const xmlNode *n)
{
	const xmlNode *name = name_inside(n);
	struct nw_str s = name != NULL ? nw_page_dom_attr(name, "content") : (struct nw_str){"", 0};

	if (s.len == 0)
		s = text_of(pg, name != NULL ? name : n, 1);
	return s;
}
