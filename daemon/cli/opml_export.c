#include "base/str.h"
#include "cli/opml.h"

static void
add_attr(struct nw_buf *b, const char *name, struct nw_str s)
{
	if (s.len == 0)
		return;
	nw_buf_addf(b, " %s=\"", name);
	for (size_t i = 0; i < s.len; i++)
		switch (s.p[i]) {
		case '&':
			nw_buf_adds(b, "&amp;");
			break;
		case '<':
			nw_buf_adds(b, "&lt;");
			break;
		case '"':
			nw_buf_adds(b, "&quot;");
			break;
		default: /* XML 1.0 has no way to write other control characters */
			nw_buf_addc(b, (unsigned char)s.p[i] < ' ' ? ' ' : s.p[i]);
		}
	nw_buf_addc(b, '"');
}

static void
add_source(struct nw_buf *b, const struct nw_conf_source *s)
{
	int feed = !nw_str_is(s->parser, "page") && !nw_str_is(s->parser, "sitemap");

	for (uint32_t i = 0; i < s->nurl; i++) {
		nw_buf_adds(b, feed ? "      <outline type=\"rss\"" : "      <outline type=\"link\"");
		add_attr(b, "text", s->title.len > 0 ? s->title : s->name);
		add_attr(b, "title", s->title);
		add_attr(b, feed ? "xmlUrl" : "url", s->url[i]);
		add_attr(b, "language", s->lang);
		nw_buf_adds(b, "/>\n");
	}
}

/* "asia" of ".../sources.d/asia.yaml". */
static struct nw_str
folder_of(struct nw_str file)
{
	size_t from = file.len;
	struct nw_str s;

	while (from > 0 && file.p[from - 1] != '/')
		from--;
	s = (struct nw_str){file.p + from, file.len - from};
	for (size_t i = s.len; i > 1; i--)
		if (s.p[i - 1] == '.') {
			s.len = i - 1;
			break;
		}
	return s;
}

void
nw_opml_export(const struct nw_config *c, struct nw_buf *b)
{
	struct nw_str folder = NW_STR("");

	nw_buf_adds(b, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<opml version=\"2.0\">\n"
		       "  <head>\n    <title>Sources of newswatchd</title>\n  </head>\n  <body>\n");
	for (uint32_t i = 0; i < c->nsource; i++) { /* in the order of their files */
		struct nw_str its = folder_of(c->source[i]->at.file);

		if (i == 0 || !nw_str_eq(its, folder)) {
			nw_buf_adds(b, i == 0 ? "    <outline" : "    </outline>\n    <outline");
			add_attr(b, "text", its);
			nw_buf_adds(b, ">\n");
			folder = its;
		}
		add_source(b, c->source[i]);
	}
	nw_buf_adds(b, c->nsource > 0 ? "    </outline>\n  </body>\n</opml>\n" : "  </body>\n</opml>\n");
}
