#include <string.h>

#include "page_dom.h"
#include "page_text.h"
#include "page_write.h"

#define INLINE_MAX 8 /* nested inline elements that are written; deeper ones lose their markup */

static void
escape(struct nw_page_buf *b, const char *p, size_t len)
{
	size_t run = 0;

	for (size_t i = 0; i < len; i++) {
		const char *as = p[i] == '<'   ? "&lt;"
				 : p[i] == '>' ? "&gt;"
				 : p[i] == '&' ? "&amp;"
				 : p[i] == '"' ? "&quot;"
					       : NULL;

		if (as == NULL)
			continue;
		nw_page_text_add(b, p + run, i - run);
		nw_page_text_adds(b, as);
		run = i + 1;
	}
	nw_page_text_add(b, p + run, len - run);
}

/* The inline elements around a leaf, outermost first, below its block. */
static int
chain_of(const xmlNode *leaf, const xmlNode *owner, const xmlNode *chain[INLINE_MAX])
{
	const xmlNode *all[INLINE_MAX];
	int n = 0, left = NW_PAGE_LEVELS_MAX;

	for (const xmlNode *x = leaf->parent; x != NULL && x != owner && n < INLINE_MAX && left-- > 0;
	     x = x->parent)
		if (nw_page_dom_in(x, " a em i strong b sub sup code q u mark ") &&
		    (!nw_page_dom_is(x, "a") || nw_page_dom_attr(x, "href").len > 0))
			all[n++] = x;
	for (int i = 0; i < n; i++)
		chain[i] = all[n - 1 - i];
	return n;
}

static void
open_inline(struct nw_page *pg, struct nw_page_buf *b, const xmlNode *n)
{
	struct nw_str url;

	nw_page_text_adds(b, "<");
	nw_page_text_adds(b, (const char *)n->name);
	if (nw_page_dom_is(n, "a") && (url = nw_page_dom_url(pg, nw_page_dom_attr(n, "href"))).len > 0) {
		nw_page_text_adds(b, " href=\"");
		escape(b, url.p, url.len);
		nw_page_text_adds(b, "\"");
	}
	nw_page_text_adds(b, ">");
}

static void
close_inline(struct nw_page_buf *b, const xmlNode *n)
{
	nw_page_text_adds(b, "</");
	nw_page_text_adds(b, (const char *)n->name);
	nw_page_text_adds(b, ">");
}

/* Close what the next leaf does not stand in, open what it does. */
static void
change(struct nw_page *pg, struct nw_page_buf *b, const xmlNode **open, int *nopen, const xmlNode **next,
    int nnext)
{
	int same = 0;

	while (same < *nopen && same < nnext && open[same] == next[same])
		same++;
	while (*nopen > same)
		close_inline(b, open[--*nopen]);
	while (*nopen < nnext) {
		open_inline(pg, b, next[*nopen]);
		open[*nopen] = next[*nopen];
		++*nopen;
	}
}

static void
write_runs(struct nw_page *pg, struct nw_page_buf *b, const struct nw_page_block *block, const xmlNode *owner)
{
	const xmlNode *open[INLINE_MAX], *next[INLINE_MAX], *last = block->last;
	int nopen = 0, nnext;

	for (const xmlNode *n = block->first; n != NULL; n = nw_page_dom_next(n, owner)) {
		if (nw_page_dom_is(n, "br") && n != block->first)
			nw_page_text_adds(b, block->kind == NW_PAGE_PRE ? "\n" : "<br>");
		if (n->type == XML_TEXT_NODE) {
			nnext = chain_of(n, owner, next);
			change(pg, b, open, &nopen, next, nnext);
			escape(b, (const char *)n->content, strlen((const char *)n->content));
		}
		if (n == last)
			break;
	}
	change(pg, b, open, &nopen, next, 0);
}

/* What wraps a block. */
static const char *
wrapper(const struct nw_page_block *b, const xmlNode *owner)
{
	static const char *const headings[] = {"h2", "h2", "h3", "h4", "h5", "h6"};

	if (b->kind == NW_PAGE_HEADING)
		return owner->name[0] == 'h' && owner->name[1] >= '1' && owner->name[1] <= '6'
			   ? headings[owner->name[1] - '1']
			   : "h3";
	return b->kind == NW_PAGE_PRE ? "pre" : "p";
}

struct writing {
	struct nw_page_buf b;
	const xmlNode *list, *item; /* open <ul> or <ol>, open <li> */
	const xmlNode *table, *row; /* open ones */
};

static void
end_list(struct writing *w)
{
	if (w->item != NULL)
		nw_page_text_adds(&w->b, "</li>\n");
	if (w->list != NULL)
		nw_page_text_adds(&w->b, nw_page_dom_is(w->list, "ol") ? "</ol>\n" : "</ul>\n");
	w->list = w->item = NULL;
}

static void
end_table(struct writing *w)
{
	if (w->row != NULL)
		nw_page_text_adds(&w->b, "</tr>\n");
	if (w->table != NULL)
		nw_page_text_adds(&w->b, "</table>\n");
	w->table = w->row = NULL;
}

static void
enter_item(struct writing *w, const xmlNode *item)
{
	const xmlNode *list = nw_page_dom_up(item, " ul ol dl menu ");

	end_table(w);
	if (w->list == NULL || w->list != list) {
		end_list(w);
		w->list = list != NULL ? list : item->parent;
		nw_page_text_adds(&w->b, nw_page_dom_is(w->list, "ol") ? "<ol>\n" : "<ul>\n");
	}
	if (w->item != item) {
		if (w->item != NULL)
			nw_page_text_adds(&w->b, "</li>\n");
		nw_page_text_adds(&w->b, "<li>");
		w->item = item;
	}
}

static void
enter_cell(struct writing *w, const xmlNode *cell)
{
	const xmlNode *table = nw_page_dom_up(cell, " table "), *row = nw_page_dom_up(cell, " tr ");

	end_list(w);
	if (w->table != table || table == NULL) {
		end_table(w);
		nw_page_text_adds(&w->b, "<table>\n");
		w->table = table;
	}
	if (w->row != row || row == NULL) {
		nw_page_text_adds(&w->b, w->row != NULL ? "</tr>\n<tr>" : "<tr>");
		w->row = row;
	}
}

static void
write_block(struct nw_page *pg, struct writing *w, const struct nw_page_block *b, const xmlNode *owner)
{
	const xmlNode *item = b->kind == NW_PAGE_ITEM ? nw_page_dom_up(owner, " li dd dt ") : NULL;
	const xmlNode *cell = b->kind == NW_PAGE_CELL ? nw_page_dom_up(owner, " td th ") : NULL;
	const char *wrap = wrapper(b, owner);

	if (item != NULL)
		enter_item(w, item);
	else
		end_list(w);
	if (cell != NULL)
		enter_cell(w, cell);
	else if (item == NULL)
		end_table(w);
	if (cell != NULL)
		wrap = "td";
	if (item == NULL || nw_page_dom_is(owner, "p")) {
		nw_page_text_adds(&w->b, "<");
		nw_page_text_adds(&w->b, wrap);
		nw_page_text_adds(&w->b, ">");
	}
	write_runs(pg, &w->b, b, owner);
	if (item == NULL || nw_page_dom_is(owner, "p")) {
		nw_page_text_adds(&w->b, "</");
		nw_page_text_adds(&w->b, wrap);
		nw_page_text_adds(&w->b, cell != NULL ? ">" : ">\n");
	}
}

struct nw_str
nw_page_write_html(struct nw_page *pg, const struct nw_page_blocks *bs, uint32_t from, uint32_t past)
{
	struct writing w = {.b.pg = pg};

	for (uint32_t i = from; i < past; i++)
		if (bs->v[i].keep)
			write_block(pg, &w, &bs->v[i], bs->info[bs->v[i].owner].node);
	end_list(&w);
	end_table(&w);
	return nw_page_text_str(&w.b);
}

struct nw_str
nw_page_write_text(struct nw_page *pg, const struct nw_page_blocks *bs, uint32_t from, uint32_t past)
{
	struct nw_page_buf b = {.pg = pg};

	for (uint32_t i = from; i < past; i++) {
		if (!bs->v[i].keep)
			continue;
		if (b.len > 0)
			nw_page_text_adds(&b, "\n\n");
		nw_page_text_add(&b, bs->v[i].text.p, bs->v[i].text.len);
	}
	return nw_page_text_str(&b);
}
