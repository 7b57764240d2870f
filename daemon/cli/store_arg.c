#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/str.h"
#include "core/limits.h"
#include "core/time.h"
#include "cli/cli.h"
#include "cli/store_arg.h"

int
nw_store_arg_open(const struct nw_cli *cli, const char *config, struct nw_store_arg *a)
{
	struct nw_conf_from from = {.path = config};
	struct nw_conf_diags diags = {0};
	struct nw_store_options options = {.mode = NW_STORE_READ};
	struct nw_store_opened opened;
	struct nw_err err;
	int rc;

	*a = (struct nw_store_arg){.now_ms = nw_clock_wall_ms()};
	rc = nw_conf_load(&from, &a->conf, &diags, &err);
	nw_conf_diags_done(&diags); /* newswatch check tells them */
	if (rc == -1)
		return nw_cli_fail(cli, NW_EXIT_BROKEN, "%s", err.msg);
	options.path = a->conf->daemon.store.path.p;
	if (nw_store_open(&options, &a->store, &opened, &err) == -1) {
		nw_store_arg_close(a);
		return nw_cli_fail(cli, NW_EXIT_BROKEN, "%s", err.msg);
	}
	return 0;
}

void
nw_store_arg_close(struct nw_store_arg *a)
{
	nw_store_close(a->store);
	nw_conf_free(a->conf);
	*a = (struct nw_store_arg){0};
}

int
nw_store_arg_since(
    const struct nw_cli *cli, const char *option, const char *text, int64_t now_ms, int64_t *at_r)
{
	struct nw_time t;
	int64_t seconds;

	*at_r = NW_TIME_NONE;
	if (text == NULL)
		return 0;
	if (strchr(text, '-') == NULL && nw_time_parse_duration(nw_str(text), &seconds) == 0)
		*at_r = now_ms - seconds * 1000;
	else if (nw_time_parse_rfc3339(nw_str(text), &t) == 0)
		*at_r = t.at_ms;
	else
		return nw_cli_fail(cli, NW_EXIT_USAGE,
		    "%s '%s' is no instant: write 24h, 3d, 2026-03-01 or 2026-03-01T09:00:00Z", option, text);
	return 0;
}

/* --- sources -------------------------------------------------------------------------------------------- */

struct pages {
	nw_store_source_fn *fn;
	void *cookie;
	int64_t last_id;
	uint32_t n;
	int stopped;
};

static int
page_row(void *cookie, const struct nw_store_source_row *r)
{
	struct pages *p = cookie;

	p->last_id = r->id;
	p->n++;
	return p->stopped = p->fn(p->cookie, r);
}

int
nw_store_arg_sources(struct nw_store_arg *a, const struct nw_store_filter *filter, nw_store_source_fn *fn,
    void *cookie, struct nw_err *err)
{
	struct nw_store_filter f = {.since_ms = NW_TIME_NONE, .until_ms = NW_TIME_NONE};
	struct pages p = {.fn = fn, .cookie = cookie};

	if (filter != NULL)
		f = *filter;
	do {
		p.n = 0;
		f.before = p.last_id;
		if (nw_store_sources(a->store, &f, page_row, &p, err) == -1)
			return -1;
	} while (p.n == NW_STORE_ROWS_MAX && !p.stopped);
	return 0;
}
