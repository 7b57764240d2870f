#include <string.h>

#include "page_dom.h"
#include "page_jsonld.h"
#include "page_line.h"
#include "page_meta.h"
#include "page_options.h"
#include "page_plain.h"
#include "page_regex.h"
#include "page_select.h"
#include "page_text.h"
#include "page_title.h"

#define HEADING_MIN    8  /* bytes of a heading that may be the title */
#define UNDERSCORE_MIN 4  /* letters before an underscore that are a title */
#define WIDE_TITLE_MIN 24 /* letters before a hyphen without blanks: eight characters */
#define WIDE_SITE_MIN  6  /* bytes of a site's name behind it */
#define WIDE_SITE_MAX  45
#define TITLE_MIN      15 /* letters a title keeps when its end is cut off */

/* What stands between a title and a site's name. */
static const char *const separators[] = {" | ", " - ", " \xe2\x80\x93 ", " \xe2\x80\x94 ",
    " :: ", " \xc2\xbb ", " \xc2\xb7 ", "\xe2\x80\x94\xe2\x80\x94", " / ", "|", "\xef\xbd\x9c",
    "\xe4\xb8\xa8", " -- "};

static size_t
letters(struct nw_str s)
{
	return nw_page_text_weight(s);
}

/* The last separator in a title: where what follows begins, and how long the title is without. */
static int
last_cut(struct nw_str s, size_t *before_r, size_t *after_r)
{
	size_t best = 0, n;
	int found = 0;

	for (size_t k = 0; k < sizeof(separators) / sizeof(*separators); k++) {
		n = strlen(separators[k]);
		for (size_t i = s.len; i-- > 1;)
			if (i + n <= s.len && memcmp(s.p + i, separators[k], n) == 0) {
				if (!found || i > best) {
					best = i;
					*before_r = i;
					*after_r = i + n;
					found = 1;
				}
				break;
			}
	}
	return found;
}

static int
same(struct nw_page *pg, struct nw_str a, struct nw_str b)
{
	struct nw_str x = nw_page_text_bare(pg, a), y = nw_page_text_bare(pg, b);

	return x.len > 0 && x.len == y.len && memcmp(x.p, y.p, x.len) == 0;
}

static struct nw_str
dup_trim(struct nw_page *pg, const char *p, size_t len)
{
	return nw_page_text_line(pg, (struct nw_str){p, len});
}

/* The site's name as the page gives it: what follows a separator and equals it is cut. */
static int
is_site(struct nw_page *pg, struct nw_str part)
{
	static const char *const names[] = {
	    "og:site_name", "application-name", "twitter:site", "publisher", "sitename", NULL};
	struct nw_str name;

	for (int i = 0; names[i] != NULL; i++)
		if ((name = nw_page_meta_get(pg, names[i])).len > 0 && same(pg, name, part))
			return 1;
	return 0;
}

/* "Sanctions on steel - what they mean": words that begin small are no name. */
static int
goes_on(struct nw_str part)
{
	return part.len > 0 && part.p[0] >= 'a' && part.p[0] <= 'z' && memchr(part.p, ' ', part.len) != NULL;
}

/* What follows the first ${len} bytes is a separator and a name, or nothing. */
static int
ends_there(struct nw_str title, size_t len)
{
	struct nw_str rest = {title.p + len, title.len - len};

	if (rest.len == 0 || rest.p[0] == '_')
		return 1;
	for (size_t i = 0; i < sizeof(separators) / sizeof(*separators); i++)
		if (nw_page_text_istarts(rest, separators[i]))
			return 1;
	return 0;
}

/* The <h1> that ${title} begins with, "" if none does. */
static struct nw_str
heading_like(struct nw_page *pg, struct nw_str title)
{
	char line[NW_PAGE_BRIEF_BYTES];
	struct nw_str h;

	for (xmlNode *n = pg->body; n != NULL; n = nw_page_dom_next(n, pg->body)) {
		if (!nw_page_dom_is(n, "h1"))
			continue;
		h = nw_page_line_brief(pg, n, line);
		if (h.len >= HEADING_MIN && h.len <= title.len && memcmp(h.p, title.p, h.len) == 0 &&
		    ends_there(title, h.len))
			return nw_page_text_dup(pg, h.p, h.len);
	}
	return (struct nw_str){"", 0};
}

/* "Title_Channel_Site": an underscore never stands in a title, so all that follows the first one goes. */
static struct nw_str
before_underscore(struct nw_page *pg, struct nw_str t)
{
	const char *at = memchr(t.p, '_', t.len);
	struct nw_str left;

	if (at == NULL || strncmp(at, "__", 2) == 0)
		return t;
	left = dup_trim(pg, t.p, (size_t)(at - t.p));
	return letters(left) >= UNDERSCORE_MIN ? left : t;
}

static int
is_wide_site(struct nw_str s)
{
	static const char *const ends[] = {"网", "網", "网站", "部", "局", "委", "委员会", "报", "報", "社",
	    "台", "政府", "厅", "办公室", "院", "频道", "中心", "省", "市", "大学", "学院"};
	size_t n;

	if (s.len < WIDE_SITE_MIN || s.len > WIDE_SITE_MAX)
		return 0;
	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++) {
		n = strlen(ends[i]);
		if (s.len > n && memcmp(s.p + s.len - n, ends[i], n) == 0)
			return 1;
	}
	return 0;
}

/* "标题-新华网": Chinese sites set their name behind a hyphen without blanks. */
static struct nw_str
before_wide_site(struct nw_page *pg, struct nw_str t)
{
	size_t at = t.len;
	struct nw_str left;

	while (at > 0 && t.p[at - 1] != '-')
		at--;
	if (at < 2 || (unsigned char)t.p[at - 2] < 0x80 ||
	    !is_wide_site((struct nw_str){t.p + at, t.len - at}))
		return t;
	left = dup_trim(pg, t.p, at - 1);
	return letters(left) >= WIDE_TITLE_MIN ? left : t;
}

/* <title> without the site: what a heading repeats, else up to the last separator if enough is left. */
struct nw_str
nw_page_title_of_page(struct nw_page *pg)
{
	struct nw_str t = nw_page_meta_page_title(pg), h = heading_like(pg, t), left;
	size_t before, after;

	if (h.len > 0)
		return h;
	if ((left = before_underscore(pg, t)).len < t.len || (left = before_wide_site(pg, t)).len < t.len)
		return left;
	if (last_cut(t, &before, &after)) {
		left = dup_trim(pg, t.p, before);
		if (is_site(pg, dup_trim(pg, t.p + after, t.len - after)) ||
		    (letters(left) >= TITLE_MIN && !goes_on((struct nw_str){t.p + after, t.len - after})))
			return left;
	}
	return t;
}

static struct nw_str
without_site(struct nw_page *pg, struct nw_str t)
{
	size_t before, after;

	if (last_cut(t, &before, &after) && is_site(pg, dup_trim(pg, t.p + after, t.len - after)))
		return dup_trim(pg, t.p, before);
	return t;
}

/* Of JSON-LD's two names the one that <title> begins with; some sites keep a kind of page in `headline`. */
static struct nw_str
from_jsonld(struct nw_page *pg, const struct nw_page_jsonld *ld)
{
	struct nw_str tag = nw_page_text_bare(pg, nw_page_meta_page_title(pg)),
		      name = nw_page_text_bare(pg, ld->name);
	struct nw_str headline = nw_page_text_bare(pg, ld->headline);

	if (headline.len == 0)
		return ld->name;
	if (name.len > 0 && name.len <= tag.len && memcmp(name.p, tag.p, name.len) == 0 &&
	    (headline.len > tag.len || memcmp(headline.p, tag.p, headline.len) != 0))
		return ld->name;
	return ld->headline;
}

static struct nw_str
from_metas(struct nw_page *pg, const struct nw_page_jsonld *ld)
{
	static const char *const first[] = {"articletitle", NULL};
	static const char *const names[] = {"dc:title", "dcterms:title", "dcterm:title", "og:title",
	    "weibo:article:title", "weibo:webpage:title", "citation_title", "parsely-title", "twitter:title",
	    "headline", "title", NULL};
	struct nw_str t = nw_page_plain_line(pg, nw_page_meta_first(pg, first));

	if (t.len == 0)
		t = from_jsonld(pg, ld); /* a headline, not a window's title: it is left whole */
	return t.len > 0 ? t : without_site(pg, nw_page_plain_line(pg, nw_page_meta_first(pg, names)));
}

static struct nw_str
first_heading(struct nw_page *pg)
{
	const xmlNode *h = nw_page_dom_first(pg->body, "h1");

	return h != NULL ? nw_page_line_text(pg, h)
			 : nw_page_line_text(pg, nw_page_dom_first(pg->body, "h2"));
}

const xmlNode *
nw_page_title_at(struct nw_page *pg, struct nw_str title)
{
	struct nw_str bare = nw_page_text_bare(pg, title);
	char line[NW_PAGE_BRIEF_BYTES];

	for (const xmlNode *n = pg->body; n != NULL && bare.len > 0; n = nw_page_dom_next(n, pg->body))
		if (nw_page_dom_in(n, " h1 h2 h3 ") &&
		    nw_page_text_same(nw_page_text_bare(pg, nw_page_line_brief(pg, n, line)), bare))
			return n;
	return NULL;
}

struct nw_str
nw_page_title_find(struct nw_page *pg, const struct nw_page_jsonld *ld)
{
	const struct nw_page_source *s = pg->source;
	struct nw_str t = {"", 0};

	if (s != NULL && s->title != NULL)
		t = nw_page_select_text(s->title, pg, pg->root);
	if (t.len == 0)
		t = from_metas(pg, ld);
	if (t.len == 0)
		t = nw_page_title_of_page(pg);
	if (t.len == 0)
		t = first_heading(pg);
	if (s != NULL && s->title_strip != NULL)
		t = nw_page_text_line(
		    pg, nw_page_regex_replace(s->title_strip, pg, t, (struct nw_str){"", 0}));
	return t;
}
