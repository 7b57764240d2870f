#include <string.h>

#include "page_dom.h"
#include "page_meta.h"
#include "page_redirect.h"
#include "page_text.h"

/* The quoted string that follows, within a few characters. */
static struct nw_str
quoted_after(struct nw_page *pg, const char *p)
{
	size_t skip = strcspn(p, "\"'"), len;
	char quote[2] = {p[skip], '\0'};

	if (quote[0] == '\0' || skip > 8)
		return (struct nw_str){"", 0};
	p += skip + 1;
	len = strcspn(p, quote);
	return p[len] != '\0' && len > 0 && len < 2048 ? nw_page_text_dup(pg, p, len)
						       : (struct nw_str){"", 0};
}

/* window.location.href = '...', location.replace("..."), and the {href:"..."} object of an old Chinese
 * system. */
static struct nw_str
by_script(struct nw_page *pg)
{
	static const char *const marks[] = {"location.href", "location.replace(", "location.assign(",
	    "window.location", "document.location", "_cofing1={href:"};
	struct nw_str ref, url;
	const char *at;

	for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++) {
		if ((at = nw_page_text_ifind(pg->html, marks[i])) == NULL)
			continue;
		ref = quoted_after(pg, at + strlen(marks[i]));
		if (ref.len > 0 && (url = nw_page_dom_url(pg, ref)).len > 0)
			return url;
	}
	return (struct nw_str){"", 0};
}

/* "5; url=/news/1.html" */
static struct nw_str
by_refresh(struct nw_page *pg)
{
	struct nw_str s = nw_page_meta_get(pg, "refresh");
	const char *at = nw_page_text_ifind(s, "url=");

	if (at == NULL)
		return (struct nw_str){"", 0};
	at += strlen("url=");
	at += strspn(at, "'\" ");
	return nw_page_dom_url(pg, (struct nw_str){at, strcspn(at, "'\"")});
}

static struct nw_str
by_frame(struct nw_page *pg)
{
	for (const xmlNode *n = pg->root; n != NULL; n = nw_page_dom_next(n, pg->root))
		if (nw_page_dom_in(n, " iframe frame ") && nw_page_dom_is_own(pg, nw_page_dom_attr(n, "src")))
			return nw_page_dom_url(pg, nw_page_dom_attr(n, "src"));
	return (struct nw_str){"", 0};
}

struct nw_str
nw_page_redirect_of(struct nw_page *pg)
{
	struct nw_str url = by_refresh(pg);

	if (url.len == 0)
		url = by_script(pg);
	if (url.len == 0)
		url = by_frame(pg);
	return nw_page_text_same(url, pg->doc->url) ? (struct nw_str){"", 0} : url;
}
