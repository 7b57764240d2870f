#include <event2/event.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/io.h"
#include "base/log.h"
#include "base/str.h"
#include "core/conf.h"
#include "core/limits.h"
#include "core/netaddr.h"
#include "main/daemon.h"
#include "main/fetch.h"
#include "main/fetch_once.h"

#define RANGES_MAX                                                                                           \
	65 /* private ranges: those of the configuration that a transfer takes, and the command line's */

struct once {
	const struct nw_options *options;
	struct nw_config *config; /* NULL: nothing is configured */
	struct event_base *base;
	struct nw_fetch *fetch;
	struct nw_cidr allow[RANGES_MAX];
	uint32_t nallow;
	int status;
};

static int
told(const struct nw_err *err)
{
	struct nw_buf line = {0};

	nw_log_escape(&line, err->msg, strlen(err->msg), SIZE_MAX); /* it may hold what a server wrote */
	(void)fprintf(stderr, "newswatchd: error: %s\n", nw_buf_str(&line).p);
	nw_buf_done(&line);
	return err->code == NW_EINPUT || err->code == NW_ELIMIT ? 1 : 3;
}

static int
write_answer(const struct nw_response *r)
{
	if (printf("status %u\nurl %s\ntype %s\nbytes %zu\n\n", r->status, r->url.p, r->content_type.p,
		r->body.len) < 0 ||
	    fflush(stdout) != 0 || nw_io_write_full(STDOUT_FILENO, r->body.p, r->body.len) == -1)
		return 3;
	return 0;
}

static void
on_answer(void *cookie, const struct nw_response *r, const struct nw_err *err)
{
	struct once *o = cookie;

	o->status = err != NULL ? told(err) : write_answer(r);
	event_base_loopbreak(o->base);
}

/* The files' options if there are any: a source is tried before anything is configured, too. */
static int
read_config(struct once *o, struct nw_err *err)
{
	struct nw_conf_from from = {.path = o->options->conf};
	struct nw_conf_diags diags = {0};
	int rc;

	if (from.path == NULL && access(NW_CONF_DIR "/newswatchd.yaml", R_OK) == -1)
		return 0;
	rc = nw_conf_load(&from, &o->config, &diags, err);
	nw_conf_diags_done(&diags); /* `newswatch check` tells them; a source may be tried meanwhile */
	return rc;
}

static int
add_range(struct once *o, struct nw_str text, struct nw_err *err)
{
	if (o->nallow == RANGES_MAX)
		return nw_fail(err, NW_ECONF, "more than %d private ranges", RANGES_MAX);
	return nw_cidr_parse(text, &o->allow[o->nallow++], err);
}

static int
add_ranges(struct once *o, struct nw_err *err)
{
	const struct nw_conf_daemon *d = o->config != NULL ? &o->config->daemon : NULL;

	for (uint32_t i = 0; d != NULL && i < d->fetch.nallow_private; i++)
		if (add_range(o, d->fetch.allow_private[i], err) == -1)
			return -1;
	return o->options->allow_private == NULL ? 0 : add_range(o, nw_str(o->options->allow_private), err);
}

static int
open_station(struct once *o, struct nw_err *err)
{
	struct nw_fetch_options f = {
	    .user_agent = "newswatchd/" NW_VERSION, .max = 1, .host_max = 1, .redirects = NW_REDIRECTS_MAX};

	if (o->config != NULL)
		nw_daemon_fetch_options(&o->config->daemon, &f);
	if ((o->base = event_base_new()) == NULL)
		return nw_fail(err, NW_ERES, "no event loop");
	return (o->fetch = nw_fetch_new(o->base, &f, err)) != NULL ? 0 : -1;
}

int
nw_fetch_once(const struct nw_options *options)
{
	struct once o = {.options = options, .status = 3};
	struct nw_request q = {
	    .url = nw_str(options->fetch_url), .cookies = 1, .allow_http = 1, .self_redirect = 1};
	struct nw_err err = {0};

	q.etag = q.last_modified = q.proxy = q.ca_file = q.user_agent = NW_STR("");
	q.allow = o.allow;
	if (read_config(&o, &err) == -1 || add_ranges(&o, &err) == -1 || open_station(&o, &err) == -1) {
		o.status = told(&err);
	} else {
		q.nallow = o.nallow;
		if (nw_fetch_start(o.fetch, &q, on_answer, &o, &err) == -1)
			o.status = told(&err);
		else
			(void)event_base_dispatch(o.base); /* -1: nothing was answered, which status says */
	}
	nw_fetch_free(o.fetch);
	if (o.base != NULL)
		event_base_free(o.base);
	nw_conf_free(o.config);
	return o.status;
}
