/* The HTML part: no script, no remote image, no foreign style; links are http(s) by the host's word. */
#include <string.h>

#include "out.h"
#include "passage.h"
#include "render.h"

static void
add_passage(struct out *o, const struct nw_article *a, const struct passage *p)
{
	struct nw_str t = passage_field(a, p->field);
	size_t at = p->off - p->before, end = p->off + p->len;

	out_adds(o, "<blockquote style=\"margin:8px 0;padding:4px 12px;border-left:3px solid #999\">"
		    "<span style=\"color:#777\">");
	out_html(o, (struct nw_str){t.p + at, p->before});
	out_adds(o, "</span>");
	at = p->off;
	for (uint32_t i = 0; i < p->nmarks; i++) {
		out_html(o, (struct nw_str){t.p + at, p->mark[i].off - at});
		out_adds(o, "<mark style=\"background:#ffec99\">");
		out_html(o, (struct nw_str){t.p + p->mark[i].off, p->mark[i].len});
		out_adds(o, "</mark>");
		at = p->mark[i].off + p->mark[i].len;
	}
	out_html(o, (struct nw_str){t.p + at, end - at});
	out_adds(o, "<span style=\"color:#777\">");
	out_html(o, (struct nw_str){t.p + end, p->after});
	out_adds(o, "</span></blockquote>\n");
}

static int
is_web_link(struct nw_str url)
{
	return (url.len > 8 && memcmp(url.p, "https://", 8) == 0) || (url.len > 7 && memcmp(url.p, "http://", 7) == 0);
}

static void
add_title(struct out *o, const struct nw_article *a)
{
	int link = is_web_link(a->url);

	if (link) {
		out_adds(o, "<a href=\"");
		out_html(o, a->url);
		out_adds(o, "\">");
	}
	out_html(o, a->title.len != 0 ? a->title : a->url);
	if (link)
		out_adds(o, "</a>");
}

static void
add_row(struct out *o, const char *name)
{
	out_addf(o, "<tr><td style=\"color:#777;padding-right:12px\">%s</td><td>", name);
}

static void
add_facts(struct out *o, const struct nw_notice *n)
{
	out_adds(o, "<table style=\"font-size:90%\">");
	add_row(o, "Watch");
	out_html(o, n->watch);
	out_addf(o, " (%s)", render_severity(n->severity));
	if (n->has_score)
		out_addf(o, ", score %lld", (long long)n->score);
	out_adds(o, "</td></tr>");
	add_row(o, "Source");
	out_html(o, n->source_title.len != 0 ? n->source_title : n->article->source);
	out_adds(o, "</td></tr>");
	add_row(o, "Published");
	out_date(o, &n->article->published);
	out_adds(o, "</td></tr>");
	if (n->owner.len != 0) {
		add_row(o, "Owner");
		out_html(o, n->owner);
		out_adds(o, "</td></tr>");
	}
	for (uint32_t i = 0; i < n->ntags; i++) {
		add_row(o, i == 0 ? "Topics" : "");
		out_html(o, n->tags[i]->name);
		if (n->tags[i]->cls.len != 0) {
			out_adds(o, " (");
			out_html(o, n->tags[i]->cls);
			out_adds(o, ")");
		}
		out_adds(o, "</td></tr>");
	}
	add_row(o, "Alert");
	out_html(o, n->id);
	out_adds(o, "</td></tr></table>\n");
}

/* The daemon's own words, line by line. */
static void
add_own(struct out *o, const struct nw_notice *n)
{
	out_adds(o, "<p style=\"white-space:pre-wrap\">");
	out_html(o, n->article->body.len != 0 ? n->article->body : n->article->title);
	out_adds(o, "</p>\n");
	if (n->article->source.len != 0) {
		out_adds(o, "<table style=\"font-size:90%\">");
		add_row(o, "Source");
		out_html(o, n->article->source);
		out_adds(o, "</td></tr></table>\n");
	}
}

static void
add_alert(struct out *o, const struct nw_notice *n)
{
	struct passage p[PASSAGES_MAX];
	uint32_t np = passages_of(n, p);

	out_adds(o, "<h2 style=\"font-size:120%;margin:16px 0 4px\">");
	add_title(o, n->article);
	out_adds(o, "</h2>\n");
	for (uint32_t i = 0; i < np; i++)
		add_passage(o, n->article, &p[i]);
	for (uint32_t i = 0; i < n->nold; i++) {
		out_adds(o, i == 0 ? "<p style=\"margin:4px 0\">Before this edit it said:</p>" : "");
		out_adds(o, "<blockquote style=\"color:#777;margin:4px 0;padding:0 12px\"><del>");
		out_html(o, n->old[i]);
		out_adds(o, "</del></blockquote>\n");
	}
	if (n->provisional)
		out_adds(o, "<p>Provisional: only the list entry or summary could be read so far.</p>\n");
	add_facts(o, n);
}

void
render_html(struct out *o, const struct nw_notice *const *notice, uint32_t n)
{
	out_adds(o, "<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"></head>\n"
		    "<body style=\"font-family:sans-serif;max-width:46em\">\n");
	for (uint32_t i = 0; i < n && i < ALERTS_MAX; i++)
		if (render_is_own(notice[i]))
			add_own(o, notice[i]);
		else
			add_alert(o, notice[i]);
	for (uint32_t i = ALERTS_MAX; i < n; i++) {
		out_adds(o, "<p>");
		add_title(o, notice[i]->article);
		out_adds(o, "</p>\n");
	}
	out_adds(o, "</body></html>\n");
}
