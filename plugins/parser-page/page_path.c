#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "page_dom.h"
#include "page_item.h"
#include "page_path.h"
#include "page_select.h"
#include "page_text.h"

#define STEPS	 8  /* of a selector; longer ones break with the next redesign */
#define WORD_MAX 64 /* bytes of a class or id that a person would write */

struct nw_str
nw_page_path_class(const char **p)
{
	struct nw_str s;

	while (**p != '\0' && (unsigned char)**p <= ' ')
		++*p;
	s.p = *p;
	while ((unsigned char)**p > ' ')
		++*p;
	s.len = (size_t)(*p - s.p);
	return s;
}

static int is_position_word(struct nw_str class)
{
	static const char *const words[] = {"odd", "even", "first", "last", "active", "current", "alt", "top",
	    "new", "hot", "cur", "on", "selected", "sticky", "visited"};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (nw_page_text_ieq(class, words[i]))
			return 1;
	return 0;
}

int nw_page_path_is_positional(struct nw_str class)
{
	for (size_t i = 0; i < class.len; i++)
		if (class.p[i] >= '0' && class.p[i] <= '9')
			return 1;
	return is_position_word(class);
}

/* A name that needs no escape and counts nothing but a version ("list1"): one digit at its end. */
static int
is_plain(struct nw_str s)
{
	size_t digits = 0;

	if (s.len == 0 || s.len >= WORD_MAX || (s.p[0] >= '0' && s.p[0] <= '9'))
		return 0;
	for (size_t i = 0; i < s.len; i++) {
		if (strchr(" .:#'\"[]()/@,>+~*\\=&;{}%!?$|<^`", s.p[i]) != NULL)
			return 0;
		digits += s.p[i] >= '0' && s.p[i] <= '9';
	}
	return digits <= 1;
}

/* Its id; else its tag, with a class if it has one. */
static void
write_step(struct nw_page_buf *b, const xmlNode *n, int is_row, int in_list)
{
	const char *p = nw_page_dom_attr(n, "class").p;
	struct nw_str id = nw_page_dom_attr(n, "id"), c;

	if (!is_row && is_plain(id)) {
		nw_page_text_adds(b, "#");
		nw_page_text_add(b, id.p, id.len);
		return;
	}
	nw_page_text_adds(b, (const char *)n->name);
	while ((c = nw_page_path_class(&p)).len > 0)
		if (is_plain(c) && !(in_list && is_position_word(c)) &&
		    !(is_row && nw_page_path_is_positional(c))) {
			nw_page_text_adds(b, ".");
			nw_page_text_add(b, c.p, c.len);
			return;
		}
}

/* The selector of ${steps} elements upward; the lowest ${rows} of them are repeated. */
static struct nw_str
path_of(struct nw_page *pg, const xmlNode *n, int steps, int rows)
{
	const xmlNode *up[STEPS];
	struct nw_page_buf b = {.pg = pg};
	int have = 0;

	for (; n != NULL && n->type == XML_ELEMENT_NODE && have < steps; n = n->parent)
		up[have++] = n;
	if (have < steps)
		return (struct nw_str){"", 0};
	while (have-- > 0) {
		write_step(&b, up[have], have<rows, rows> 0);
		if (have > 0)
			nw_page_text_adds(&b, " > ");
	}
	return nw_page_text_str(&b);
}

struct seen {
	const xmlNode **links; /* of the list, by address in memory */
	uint32_t nlinks;
	const xmlNode *want;
	uint32_t n, known;
};

static int
by_address(const void *a, const void *b)
{
	uintptr_t x = (uintptr_t) * (const xmlNode *const *)a, y = (uintptr_t) * (const xmlNode *const *)b;

	return x < y ? -1 : x > y;
}

/* 0 without memory. */
static int
know(struct nw_page *pg, const struct nw_page_items *items, struct seen *s)
{
	if ((s->links = nw_page_alloc(pg, items->n * sizeof(*s->links))) == NULL)
		return 0;
	for (s->nlinks = 0; s->nlinks < items->n; s->nlinks++)
		s->links[s->nlinks] = items->v[s->nlinks].link;
	qsort(s->links, s->nlinks, sizeof(*s->links), by_address);
	return 1;
}

static int
see(void *cookie, xmlNode *n)
{
	struct seen *s = cookie;

	s->n++;
	s->known += n == s->want || (s->nlinks > 0 && bsearch(&n, s->links, s->nlinks, sizeof(*s->links),
							  by_address) != NULL);
	return s->n > 2 * NW_PAGE_ITEMS_MAX;
}

static int
ask(struct nw_page *pg, struct nw_str css, struct seen *s)
{
	char why[256];
	struct nw_page_select *select =
	    css.len > 0 ? nw_page_select_new(pg, &css, 1, why, sizeof(why)) : NULL;

	if (select == NULL)
		return -1;
	nw_page_select_nodes(select, pg, pg->root, see, s);
	nw_page_select_free(select);
	return 0;
}

struct nw_str
nw_page_path_of(struct nw_page *pg, const xmlNode *n)
{
	for (int steps = 1; steps <= STEPS; steps++) {
		struct nw_str css = path_of(pg, n, steps, 0);
		struct seen s = {.want = n};

		if (ask(pg, css, &s) == 0 && s.n == 1 && s.known == 1)
			return css;
	}
	return (struct nw_str){"", 0};
}

struct nw_str
nw_page_path_of_list(struct nw_page *pg, const struct nw_page_items *items, uint32_t *found_r)
{
	struct nw_str best = {"", 0};
	uint32_t least = UINT32_MAX, loss;
	int is_named = 0, named;
	struct seen s = {0};

	if (!know(pg, items, &s))
		return best;
	for (int steps = 2; steps <= STEPS; steps++) {
		struct nw_str css = path_of(pg, items->v[0].link, steps, 2);

		s.n = s.known = 0;
		if (ask(pg, css, &s) != 0)
			continue;
		loss = 2 * (items->n - s.known) + (s.n - s.known);
		named = strpbrk(css.p, ".#") != NULL; /* "li > a" finds more tomorrow */
		if (s.known > 0 && (loss < least || (loss == least && named && !is_named))) {
			least = loss;
			best = css;
			is_named = named;
			*found_r = s.n;
		}
	}
	return best;
}
