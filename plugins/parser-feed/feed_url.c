#include <string.h>

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

int
feed_url_page(struct feed_parse *p, struct nw_str raw, struct nw_str *url_r)
{
	struct nw_str ref = feed_trim(raw);
	const char *slash = memchr(ref.p, '/', ref.len);
	size_t host = slash != NULL ? (size_t)(slash - ref.p) : ref.len;
	struct feed_text whole = {0};
	int ok;

	if (!feed_starts(ref, "www.") || host < 6 || memchr(ref.p + 4, '.', host - 4) == NULL)
		return feed_url_resolve(p, raw, url_r);
	feed_text_adds(&whole, "//");
	feed_text_add(&whole, ref.p, ref.len);
	ok = !whole.failed && feed_url_resolve(p, feed_text_str(&whole), url_r);
	feed_text_done(&whole);
	return ok;
}
