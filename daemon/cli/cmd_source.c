#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/io.h"
#include "base/str.h"
#include "core/batch.h"
#include "core/frame.h"
#include "core/limits.h"
#include "text/idna.h"
#include "cli/cli.h"
#include "cli/conf_arg.h"
#include "cli/fetcher.h"
#include "cli/session.h"
#include "cli/trial.h"

struct source {
	struct nw_cli *cli;
	/* options */
	const char *base_url, *content_type, *as, *config, *allow_private;
	uint32_t role;
	/* the run */
	struct nw_arena *arena;
	struct nw_fetcher fetcher;
	struct nw_session *session;
	struct nw_trial trial;
};

/* One document on its way through a worker. */
struct reading {
	struct nw_job *job; /* ours, with its batch, once read */
	int failed;
	struct nw_err err;
};

static int
read_options(struct source *s, int argc, char **argv, int *first_r)
{
	const struct nw_cli_option table[] = {
	    {"base-url", 0, NW_CLI_TEXT, &s->base_url, "URL",
		"where a FILE comes from: what the source would ask"},
	    {"content-type", 0, NW_CLI_TEXT, &s->content_type, "TYPE", "of a FILE, as the server sent it"},
	    {"as", 0, NW_CLI_TEXT, &s->as, "KIND", "auto, feed or listing (auto)"},
	    {"config", 'c', NW_CLI_TEXT, &s->config, "FILE", "configuration whose fetch options count"},
	    {"allow-private", 0, NW_CLI_TEXT, &s->allow_private, "RANGE",
		"private addresses that may be reached"},
	    {0},
	};

	return nw_options_read(s->cli, table, argc, argv, first_r);
}

static int
find_role(struct source *s)
{
	static const char *const name[] = {"auto", "feed", "listing"};

	for (s->role = 0; s->role < sizeof(name) / sizeof(name[0]); s->role++)
		if (s->as == NULL || strcmp(s->as, name[s->role]) == 0)
			return 0;
	return nw_cli_fail(s->cli, NW_EXIT_USAGE, "--as %s: it is auto, feed or listing", s->as);
}

static int
open_session(struct source *s)
{
	struct nw_conf_diags diags = {0};
	Nw__Config *config;
	struct nw_err err;
	int rc = nw_session_config(s->cli, NULL, NW_SESSION_PARSERS, s->arena, &config, &err);

	if (rc == 0)
		rc = nw_session_open(s->cli, config, 1, &diags, &s->session, &err);
	nw_conf_arg_tell(&diags, NW_CONF_ARG_NO_NOTES);
	return rc == 0 ? 0 : nw_cli_fail(s->cli, NW_EXIT_BROKEN, "%s", err.msg);
}

/* --- one document
 * ------------------------------------------------------------------------------------------------- */

static void
on_read(void *cookie, struct nw_job *job /* ours */, const struct nw_err *err)
{
	struct reading *r = cookie;

	r->job = job;
	r->failed = err != NULL;
	if (err != NULL)
		r->err = *err;
}

/* What begins like text to a parser and is none: its words would be taken for an article's. */
static int
refuse_pdf(struct nw_bytes body, struct nw_err *err)
{
	static const char pdf[] = "%PDF-";

	if (body.len < sizeof(pdf) - 1 || memcmp(body.p, pdf, sizeof(pdf) - 1) != 0)
		return 0;
	return nw_fail(
	    err, NW_EINPUT, "a PDF document, which no parser reads: a source needs the page that links to it");
}

static int
read_document(struct source *s, struct nw_str url, struct nw_str type, struct nw_bytes body, uint32_t role,
    struct reading *r)
{
	struct nw_trial_guess guess;
	Nw__ReadJob read = NW__READ_JOB__INIT;
	Nw__Job m = NW__JOB__INIT;
	struct nw_job *job;

	if (refuse_pdf(body, &r->err) == -1)
		return -1;
	if ((job = nw_job_new()) == NULL) {
		r->failed = 1;
		return nw_fail(&r->err, NW_ERES, "out of memory");
	}
	nw_trial_guess(s->trial.url, &guess);
	read.url = nw_pb(url);
	read.content_type = nw_pb(type);
	read.timezone = nw_pb(nw_str(guess.zone));
	read.role = role;
	read.html = 1;
	read.fetched_at_ms = nw_clock_wall_ms();
	read.body = (ProtobufCBinaryData){body.len, (uint8_t *)(uintptr_t)body.p};
	m.job_case = NW__JOB__JOB_READ;
	m.read = &read;
	job->m = &m;
	nw_session_submit(s->session, job, on_read, r);
	nw_session_wait(s->session);
	return r->failed ? -1 : nw_batch_gather(r->job->batch, &r->err);
}

static int
told(const struct source *s, const char *what, const struct nw_err *err)
{
	return nw_cli_fail(s->cli, err->code == NW_ERES ? NW_EXIT_BROKEN : NW_EXIT_NO, "%s: %s", what, err->msg);
}

/* --- the document, its first article, the answer
 * -------------------------------------------------------------------- */

static int
fetch_first(struct source *s, const char *url, struct reading *r)
{
	struct nw_fetched f;
	struct nw_err err;
	struct nw_str asked;
	int rc = 0;

	if (nw_idna_resolve(s->arena, nw_str(url), nw_str(url), &asked, &err) == -1)
		return told(s, url, &err);
	s->trial.url = asked;
	if (nw_fetcher_get(&s->fetcher, asked.p, &f, &err) == -1) {
		rc = told(s, asked.p, &err);
	} else {
		s->trial.status = f.status;
		if (read_document(s, f.url, f.content_type,
			(struct nw_bytes){(uint8_t *)f.body.p, f.body.len}, s->role, r) == -1)
			rc = f.status >= 400
				 ? nw_cli_fail(s->cli, NW_EXIT_NO, "%s answers with status %u: %s", asked.p,
				       f.status, r->err.msg)
				 : nw_cli_fail(s->cli, NW_EXIT_NO, "%s: %s", asked.p, r->err.msg);
		else if (f.status >= 400)
			rc = nw_cli_fail(s->cli, NW_EXIT_NO, "%s answers with status %u", asked.p, f.status);
	}
	nw_fetched_done(&f);
	return rc;
}

static int
read_file(struct source *s, const char *path, struct reading *r)
{
	struct nw_buf body = {0};
	struct nw_err err;
	int rc = 0;

	if (nw_idna_resolve(s->arena, nw_str(s->base_url), nw_str(s->base_url), &s->trial.url, &err) == -1)
		return nw_cli_fail(s->cli, NW_EXIT_USAGE, "--base-url %s: %s", s->base_url, err.msg);
	if (nw_io_read_file(path, NW_BODY_MAX, &body, &err) == -1)
		rc = nw_cli_fail_by(s->cli, &err); /* which names the file */
	else if (read_document(s, s->trial.url, nw_str(s->content_type),
		     (struct nw_bytes){(uint8_t *)body.p, body.len}, s->role, r) == -1)
		rc = nw_cli_fail(s->cli, NW_EXIT_NO, "%s: %s", path, r->err.msg);
	nw_buf_done(&body);
	return rc;
}

static int
bad_status(const struct nw_fetched *f, struct nw_err *err)
{
	return f->status < 400 ? 0 : nw_fail(err, NW_EINPUT, "the server answers with status %u", f->status);
}

static void
read_page(struct source *s, const Nw__Batch *b, struct reading *r)
{
	struct nw_fetched f = {0};
	struct nw_trial *t = &s->trial;
	size_t i = 0;

	while (i < b->n_articles && b->articles[i]->url.len == 0)
		i++;
	if (i == b->n_articles || b->document->role == NW_ROLE_ARTICLE)
		return;
	t->page_url = nw_pb_str(b->articles[i]->url);
	if (nw_fetcher_get(&s->fetcher, t->page_url.p, &f, &r->err) == -1 || bad_status(&f, &r->err) == -1 ||
	    read_document(s, f.url, f.content_type, (struct nw_bytes){(uint8_t *)f.body.p, f.body.len},
		NW_ROLE_ARTICLE, r) == -1)
		t->page_error = nw_str(r->err.msg);
	else
		t->page = r->job->batch->m;
	nw_fetched_done(&f);
}

static int
try_it(struct source *s, const char *what)
{
	struct reading list = {0}, page = {0};
	int is_url = strstr(what, "://") != NULL;
	int rc = is_url ? fetch_first(s, what, &list) : read_file(s, what, &list);

	if (rc == 0) {
		s->trial.batch = list.job->batch->m;
		if (is_url)
			read_page(s, s->trial.batch, &page);
		if ((s->cli->json ? nw_trial_show_json(&s->trial) : nw_trial_show(&s->trial)) == -1)
			rc = nw_cli_fail(s->cli, NW_EXIT_BROKEN, "cannot write the answer");
		else if (s->trial.batch->document->role == NW_ROLE_ARTICLE)
			rc = NW_EXIT_NO;
	}
	nw_job_free(list.job);
	nw_job_free(page.job);
	return rc;
}

static int
open_all(struct source *s, struct nw_helpers *found)
{
	struct nw_err err;

	if ((s->arena = nw_arena_new(0)) == NULL ||
	    nw_helpers_find(s->cli->helpers, s->cli->plugins, found, &err) == -1)
		return nw_cli_fail(
		    s->cli, NW_EXIT_BROKEN, "%s", s->arena == NULL ? "out of memory" : err.msg);
	s->fetcher = (struct nw_fetcher){found->daemon, s->config, s->allow_private};
	s->trial.allow_private = s->allow_private;
	s->trial.page_url = s->trial.page_error = nw_str("");
	return open_session(s);
}

/* Neither an address nor told where it comes from: a file, or an address as people write it. */
static int
no_address(const struct nw_cli *cli, const char *what)
{
	if (strcmp(what, "-") != 0 && access(what, F_OK) == -1)
		return nw_cli_fail(
		    cli, NW_EXIT_USAGE, "'%s' is no file, and an address begins with https:// or http://", what);
	return nw_cli_fail(
	    cli, NW_EXIT_USAGE, "--base-url URL is missing: what address does the file come from?");
}

int
nw_cmd_source(struct nw_cli *cli, int argc, char **argv)
{
	struct source s = {.cli = cli};
	struct nw_helpers *found = NULL;
	int first, rc = read_options(&s, argc, argv, &first);

	if (rc != 0)
		return rc - 1;
	if ((rc = find_role(&s)) != 0)
		return rc;
	if (argc - first != 2 || strcmp(argv[first], "try") != 0)
		return nw_cli_fail(cli, NW_EXIT_USAGE, "write: newswatch source try URL|FILE");
	if (strstr(argv[first + 1], "://") == NULL && s.base_url == NULL)
		return no_address(cli, argv[first + 1]);
	if ((found = malloc(sizeof(*found))) == NULL)
		return nw_cli_fail(cli, NW_EXIT_BROKEN, "out of memory");
	if ((rc = open_all(&s, found)) == 0)
		rc = try_it(&s, argv[first + 1]);
	nw_session_close(s.session);
	nw_arena_free(s.arena);
	free(found);
	return rc;
}
