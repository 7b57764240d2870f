/* First contact with a source: one mail says what would have fired. */
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/log.h"
#include "base/str.h"
#include "main/coverage_own.h"
#include "main/operator.h"
#include "store/store_read.h"
#include "store/store_tell.h"

#define SHOWN_MAX 20

struct muted {
	struct nw_buf *text;
	uint32_t n;
};

static int
add_muted(void *cookie, const struct nw_store_alert_row *a)
{
	struct muted *m = cookie;

	nw_buf_addf(m->text, "\n  %.*s: %.*s\n    %.*s", (int)a->watch.len, a->watch.p, (int)a->title.len, a->title.p,
	    (int)a->article_url.len, a->article_url.p);
	m->n++;
	return 0;
}

static void
add_list(struct nw_coverage *c, struct nw_str source, uint32_t muted, struct nw_buf *text)
{
	struct muted m = {text, 0};
	struct nw_err err;

	nw_buf_adds(text, "\nWhat would have fired, had it been new:");
	if (nw_store_baseline_alerts(c->store, source, SHOWN_MAX, add_muted, &m, &err) == -1)
		nw_log(NW_LOG_WARNING, "store: %s", err.msg);
	if (muted > m.n)
		nw_buf_addf(text, "\n  and %u more: newswatch alerts --source %.*s", muted - m.n, (int)source.len, source.p);
}

void
nw_coverage_baseline(struct nw_coverage *c, struct nw_str source)
{
	struct nw_store_baseline b;
	char key[NW_COVERAGE_KEY_MAX], subject[NW_COVERAGE_KEY_MAX + 128];
	struct nw_buf text = {0};
	struct nw_err err;

	if (nw_store_baseline_get(c->store, source, &b, &err) == -1) {
		nw_log(NW_LOG_WARNING, "store: %s", err.msg);
		c->owes = 1;
		return;
	}
	if (b.articles == 0 || b.waiting > 0)
		return;
	nw_coverage_key(key, "baseline", source, "");
	(void)snprintf(subject, sizeof(subject), "source %.*s: first contact: %u items are its baseline, %u alerts muted",
	    (int)source.len, source.p, b.articles, b.muted); /* names are short */
	nw_buf_adds(&text, subject);
	if (b.muted > 0)
		add_list(c, source, b.muted, &text);
	if (nw_operator_report(c->operator, key, source, nw_str(subject), nw_buf_str(&text)) == -1)
		c->owes = 1;
	nw_buf_done(&text);
}

/* Names first: the store is not written while it is read. */
static int
add_name(void *cookie, struct nw_str name)
{
	struct nw_buf *b = cookie;

	nw_buf_addstr(b, name);
	nw_buf_add(b, "", 1);
	return 0;
}

void
nw_coverage_baselines_owed(struct nw_coverage *c)
{
	struct nw_buf names = {0};
	struct nw_err err;

	if (!c->owes)
		return;
	c->owes = 0;
	if (nw_store_reports_owed(c->store, add_name, &names, &err) == -1 || names.failed) {
		nw_log(NW_LOG_WARNING, "store: %s", names.failed ? "out of memory" : err.msg);
		c->owes = 1;
	}
	for (size_t at = 0; !names.failed && at < names.len; at += strlen(names.p + at) + 1)
		nw_coverage_baseline(c, nw_str(names.p + at));
	nw_buf_done(&names);
}
