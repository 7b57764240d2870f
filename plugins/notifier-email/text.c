/* The plain text part. */
#include "out.h"
#include "passage.h"
#include "render.h"

/* The sentences with their neighbours; what fired stands in >>...<<. */
static void
add_passage(struct out *o, const struct nw_article *a, const struct passage *p)
{
	struct nw_str t = passage_field(a, p->field);
	size_t at = p->off - p->before, end = p->off + p->len + p->after;

	out_adds(o, p->field == NW_FIELD_BODY ? "  \"" : p->field == NW_FIELD_TITLE ? "  Title: \"" : "  \"");
	for (uint32_t i = 0; i < p->nmarks; i++) {
		out_flat(o, (struct nw_str){t.p + at, p->mark[i].off - at});
		out_adds(o, ">>");
		out_flat(o, (struct nw_str){t.p + p->mark[i].off, p->mark[i].len});
		out_adds(o, "<<");
		at = p->mark[i].off + p->mark[i].len;
	}
	out_flat(o, (struct nw_str){t.p + at, end - at});
	out_adds(o, "\"\n");
}

static void
add_tags(struct out *o, const struct nw_notice *n)
{
	uint32_t shown = 0;

	for (uint32_t i = 0; i < n->ntags; i++) {
		out_adds(o, shown++ == 0 ? "Topics:    " : ", ");
		out_str(o, n->tags[i]->name);
		if (n->tags[i]->cls.len != 0) {
			out_adds(o, " (");
			out_str(o, n->tags[i]->cls);
			out_adds(o, ")");
		}
	}
	if (shown != 0)
		out_adds(o, "\n");
}

static void
add_old(struct out *o, const struct nw_notice *n)
{
	if (n->nold == 0)
		return;
	out_adds(o, "\n  Before this edit it said:\n");
	for (uint32_t i = 0; i < n->nold; i++) {
		out_adds(o, "  \"");
		out_flat(o, n->old[i]);
		out_adds(o, "\"\n");
	}
}

/* The daemon's own words, line by line. */
static void
add_own(struct out *o, const struct nw_notice *n)
{
	out_str(o, n->article->body.len != 0 ? n->article->body : n->article->title);
	out_adds(o, "\n");
	if (n->article->source.len != 0) {
		out_adds(o, "\nSource:    ");
		out_str(o, n->article->source);
		out_adds(o, "\n");
	}
}

static void
add_alert(struct out *o, const struct nw_notice *n)
{
	struct passage p[PASSAGES_MAX];
	uint32_t np = passages_of(n, p);

	out_flat(o, n->article->title);
	out_adds(o, "\n");
	out_str(o, n->article->url);
	out_adds(o, "\n\n");
	for (uint32_t i = 0; i < np; i++) {
		add_passage(o, n->article, &p[i]);
		out_adds(o, "\n");
	}
	add_old(o, n);
	if (n->provisional)
		out_adds(o, "Provisional: only the list entry or summary could be read so far.\n");
	out_adds(o, "Watch:     ");
	out_str(o, n->watch);
	out_addf(o, " (%s)", render_severity(n->severity));
	if (n->has_score)
		out_addf(o, ", score %lld", (long long)n->score);
	out_adds(o, "\nSource:    ");
	out_str(o, n->source_title.len != 0 ? n->source_title : n->article->source);
	out_adds(o, "\nPublished: ");
	out_date(o, &n->article->published);
	out_adds(o, "\n");
	if (n->owner.len != 0) {
		out_adds(o, "Owner:     ");
		out_str(o, n->owner);
		out_adds(o, "\n");
	}
	add_tags(o, n);
	if (n->article->revision > 1)
		out_addf(o, "Revision:  %u\n", n->article->revision);
	out_adds(o, "Alert:     ");
	out_str(o, n->id);
	out_adds(o, "\n");
}

void
render_text(struct out *o, const struct nw_notice *const *notice, uint32_t n)
{
	for (uint32_t i = 0; i < n && i < ALERTS_MAX; i++) {
		if (i != 0)
			out_adds(o, "\n----------------------------------------------------------------\n\n");
		if (render_is_own(notice[i]))
			add_own(o, notice[i]);
		else
			add_alert(o, notice[i]);
	}
	for (uint32_t i = ALERTS_MAX; i < n; i++) {
		out_adds(o, i == ALERTS_MAX ? "\nAnd also:\n" : "");
		out_adds(o, "- ");
		out_flat(o, notice[i]->article->title);
		out_adds(o, " <");
		out_str(o, notice[i]->article->url);
		out_adds(o, ">\n");
	}
	if (render_is_own(notice[0]))
		return;
	out_adds(o, "\nWhy this came: newswatch explain ");
	out_str(o, notice[0]->article->url);
	out_adds(o, " ");
	out_str(o, notice[0]->watch);
	out_adds(o, "\n");
}
