#include <string.h>

#include "feed_html.h"
#include "feed_tree.h"
#include "feed_url.h"

struct nw_str
feed_url_base(const struct feed_parse *p)
{
	struct nw_str base = feed_tree_top(p)->base;

	return base.len > 0 ? base : p->doc->url;
}

int
feed_url_is_absolute(struct nw_str s)
{
	return feed_starts(s, "http://") || feed_starts(s, "https://");
}

static int
clean(struct nw_str raw, struct feed_text *out)
{
	for (size_t i = 0; i < raw.len; i++) {
		char c = raw.p[i];

		if (c == '\n' || c == '\r' || c == '\t')
			continue;
		if (c == ' ')
			feed_text_adds(out, "%20");
		else
			feed_text_add(out, &c, 1);
		if (c == '&' && raw.len - i > 4 && memcmp(raw.p + i, "&amp;", 5) == 0)
			i += 4;
	}
	return !out->failed;
}

static int
needs_cleaning(struct nw_str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (feed_is_space(s.p[i]) || s.p[i] == '&')
			return 1;
	return 0;
}

int
feed_url_resolve(struct feed_parse *p, struct nw_str raw, struct nw_str *url_r)
{
	struct nw_str ref = feed_trim(raw);
	struct feed_text cleaned = {0};
	int ok;

	if (ref.len == 0)
		return 0;
	if (needs_cleaning(ref) || ref.p[ref.len] != '\0') {
		if (!clean(ref, &cleaned)) {
			feed_text_done(&cleaned);
			return 0;
		}
		ref = feed_text_str(&cleaned);
	}
	ok = p->host->url_resolve(p->sink, feed_url_base(p), ref, url_r) == NW_OK;
	feed_text_done(&cleaned);
	return ok;
}

/* --- addresses of pages, as people paste them */

/* Blanks and marks beyond ASCII that stay behind when an address is copied. */
static size_t
invisible(struct nw_str s, int at_end)
{
	static const char *const marks[] = {"\u00a0", "\u200b", "\u200c", "\u200d", "\u200e", "\u200f", "\u2028", "\u202f",
	    "\u2060", "\u3000", "\ufeff"};

	if (s.len == 0 || (unsigned char)s.p[at_end ? s.len - 1 : 0] < 0x80)
		return 0;
	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
		size_t n = strlen(marks[i]);

		if (s.len >= n && memcmp(at_end ? s.p + s.len - n : s.p, marks[i], n) == 0)
			return n;
	}
	return 0;
}

static struct nw_str
bare(struct nw_str s)
{
	size_t n;

	for (s = feed_trim(s); (n = invisible(s, 0)) > 0; s = feed_trim(s)) {
		s.p += n;
		s.len -= n;
	}
	for (; (n = invisible(s, 1)) > 0; s = feed_trim(s))
		s.len -= n;
	return s;
}

/* Whether a host stands here: a dot before the first slash, and not at an end of it. */
static int
is_host(struct nw_str s)
{
	size_t n = strcspn(s.p, "/?#");
	const char *dot = memchr(s.p, '.', n < s.len ? n : s.len);

	return n > 3 && n <= s.len && dot != NULL && dot > s.p && dot + 1 < s.p + n;
}

/* What stands behind a scheme that is missing or lacks a sign ("www.a.example", "http:/a.example", "https//a.example"),
 * from the host on; "" where the scheme is whole, or there is none. */
static struct nw_str
behind_scheme(struct nw_str s)
{
	size_t n = feed_starts(s, "https") ? 5 : feed_starts(s, "http") ? 4 : 0, signs;
	struct nw_str rest = s;

	if (feed_starts(s, "www."))
		return is_host((struct nw_str){s.p + 4, s.len - 4}) ? s : NW_STR("");
	signs = n > 0 ? strspn(s.p + n, ":/") : 0;
	rest.p += n + signs;
	rest.len -= n + signs;
	if (signs == 0 || (signs == 3 && memcmp(s.p + n, "://", 3) == 0) || !is_host(rest))
		return NW_STR("");
	return rest;
}

int
feed_url_page(struct feed_parse *p, struct nw_str raw, struct nw_str *url_r)
{
	struct nw_str ref = bare(raw), rest;
	struct feed_text whole = {0};
	int ok;

	if (ref.len > 0 && ref.p[0] == '<')
		ref = feed_html_href(ref);
	rest = behind_scheme(ref);
	if (rest.len == 0)
		return feed_url_resolve(p, ref, url_r);
	feed_text_adds(&whole, feed_starts(ref, "https") ? "https://" : feed_starts(ref, "http") ? "http://" : "//");
	feed_text_add(&whole, rest.p, rest.len);
	ok = !whole.failed && feed_url_resolve(p, feed_text_str(&whole), url_r);
	feed_text_done(&whole);
	return ok;
}
