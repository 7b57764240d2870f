/* First contact with a source: one mail says what would have fired. */
#include <stdio.h>

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
	nw_operator_report(c->operator, key, nw_str(subject), nw_buf_str(&text));
	nw_buf_done(&text);
}
