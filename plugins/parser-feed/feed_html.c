#include <string.h>

#include "feed_html.h"
#include "feed_url.h"

#define HEAD_MAX (256u << 10) /* bytes that are looked at: the links stand in the head */
#define TAG_MAX	 2048	      /* bytes of one <link> */
#define SHOWN	 3

/* The value of an attribute in a tag, as written. */
static struct nw_str
attr(struct nw_str tag, const char *name)
{
	size_t n = strlen(name);

	for (size_t i = 1; i + n < tag.len; i++) {
		struct nw_str rest = {tag.p + i, tag.len - i};
		const char *end;
		size_t at = n;

		if (!feed_is_space(tag.p[i - 1]) || !feed_starts(rest, name))
			continue;
		while (at < rest.len && feed_is_space(rest.p[at]))
			at++;
		if (at + 1 >= rest.len || rest.p[at] != '=')
			continue;
		for (at++; at < rest.len && feed_is_space(rest.p[at]); at++)
			;
		if (at == rest.len)
			break;
		if (rest.p[at] == '"' || rest.p[at] == '\'') {
			at++;
			end = memchr(rest.p + at, rest.p[at - 1], rest.len - at);
			return (struct nw_str){rest.p + at, end != NULL ? (size_t)(end - rest.p) - at : rest.len - at};
		}
		rest = (struct nw_str){rest.p + at, rest.len - at};
		return (struct nw_str){rest.p, strcspn(rest.p, " \t\r\n>")};
	}
	return NW_STR("");
}

static int
is_feed_type(struct nw_str type)
{
	static const char *const types[] = {"application/rss+xml", "application/atom+xml", "application/rdf+xml",
	    "application/feed+json"};

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (feed_starts(feed_trim(type), types[i]))
			return 1;
	return 0;
}

void
feed_html_alternates(struct feed_parse *p, struct feed_text *out)
{
	const char *at = p->text.p, *end = at + (p->text.len < HEAD_MAX ? p->text.len : HEAD_MAX);
	uint32_t shown = 0;

	while (shown < SHOWN && (at = memmem(at, (size_t)(end - at), "<", 1)) != NULL) {
		size_t max = (size_t)(end - at) < TAG_MAX ? (size_t)(end - at) : TAG_MAX;
		const char *close = memchr(at, '>', max);
		struct nw_str tag = {at, close != NULL ? (size_t)(close - at) : 0}, url;

		at++;
		if (!feed_starts(tag, "<link") || !is_feed_type(attr(tag, "type")))
			continue;
		if (!feed_starts(feed_trim(attr(tag, "rel")), "alternate") || !feed_url_resolve(p, attr(tag, "href"), &url))
			continue;
		feed_text_adds(out, shown++ > 0 ? ", " : "");
		feed_text_add(out, url.p, url.len);
	}
}

struct nw_str
feed_html_href(struct nw_str html)
{
	const char *close = html.len > 0 && html.p[0] == '<' ? memchr(html.p, '>', html.len) : NULL;

	return close != NULL ? attr((struct nw_str){html.p, (size_t)(close - html.p)}, "href") : NW_STR("");
}
