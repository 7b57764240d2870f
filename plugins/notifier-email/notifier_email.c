/* notifier-email - renders alerts as a subject, a plain text and an HTML part; see notifier-email.7. */
#include <string.h>

#include "out.h"
#include "passage.h"
#include "render.h"

static const char *const severity_name[] = {"info", "normal", "high", "critical"};

const char *
render_severity(uint32_t severity)
{
	return severity_name[severity <= NW_SEV_CRITICAL ? severity : NW_SEV_NORMAL];
}

int
render_is_own(const struct nw_notice *n)
{
	return n->article->url.len == 0 && n->nhits == 0;
}

static const struct nw_host *the_host; /* one process, one host table, set once in open() */

static int
email_open(const struct nw_host *host, const struct nw_instance *inst, const struct nw_conf *conf, void **state_r)
{
	(void)inst;
	(void)conf;
	the_host = host;
	*state_r = NULL;
	return NW_OK;
}

static uint32_t
highest(const struct nw_notice *const *notice, uint32_t n)
{
	uint32_t most = 0;

	for (uint32_t i = 0; i < n; i++)
		if (notice[i]->severity > most)
			most = notice[i]->severity;
	return most;
}

/* "[high] treaty-news: Title" or "[high] 12 alerts: treaty-news: Title ..."; "newswatchd: what it says" */
static struct nw_str
subject(struct nw_sink *sink, const struct nw_notice *const *notice, uint32_t n)
{
	struct out o = {.host = the_host, .sink = sink};

	if (!render_is_own(notice[0]) || notice[0]->severity >= NW_SEV_HIGH)
		out_addf(&o, "[%s] ", render_severity(highest(notice, n)));
	if (n > 1)
		out_addf(&o, "%u alerts: ", n);
	if (render_is_own(notice[0]))
		out_adds(&o, "newswatchd");
	else
		out_str(&o, notice[0]->watch);
	out_adds(&o, ": ");
	out_flat(&o, notice[0]->article->title.len != 0 ? notice[0]->article->title : notice[0]->article->url);
	if (notice[0]->provisional)
		out_adds(&o, " (provisional)");
	return out_done(&o);
}

static int
email_render(void *state, struct nw_str kind, const struct nw_notice *const *notice, uint32_t n, struct nw_sink *sink)
{
	struct out text = {.host = the_host, .sink = sink}, html = text;
	struct nw_message m = {.size = sizeof(m)};

	(void)state;
	if (kind.len != 5 || memcmp(kind.p, "email", 5) != 0)
		return NW_DONE;
	if (n == 0)
		return the_host->fail(sink, NW_EPLUGIN, "nothing to render");
	m.subject = subject(sink, notice, n);
	render_text(&text, notice, n);
	render_html(&html, notice, n);
	m.text = out_done(&text);
	m.html = out_done(&html);
	if (text.failed || html.failed)
		return the_host->fail(sink, NW_ELIMIT, "the mail of %u alerts does not fit", n);
	return the_host->add_message(sink, &m);
}

static const struct nw_notifier_ops ops = {.render = email_render};

NW_PLUGIN(notifier_email) = {
    NW_PLUGIN_HEAD(NW_KIND_NOTIFIER),
    .name = "notifier-email",
    .version = "1.0",
    .summary = "alerts as e-mail: subject, text and HTML with the sentence that fired",
    .open = email_open,
    .ops.notifier = &ops,
};
