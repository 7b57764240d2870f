#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "base/io.h"
#include "base/str.h"
#include "core/batch.h"
#include "core/conf.h"
#include "core/frame.h"
#include "core/limits.h"
#include "cli/cli.h"
#include "cli/conf_arg.h"
#include "cli/session.h"
#include "cli/show.h"

#define WINDOW 8 /* documents in flight: their answers wait for their turn */

struct parse {
	struct nw_cli *cli;
	/* options */
	const char *base_url, *content_type, *as, *config, *source_name;
	int tag, quiet;
	uint64_t max_bytes;
	/* the run */
	struct nw_config *conf;
	const struct nw_conf_source *source;
	uint32_t role;
	struct nw_session *session;
	/* answers by number, until it is their turn to be printed */
	struct answer {
		struct parse *parse;
		const char *path;
		struct nw_job *job;
		int done, failed;
		struct nw_err err;
	} answer[WINDOW];
	size_t printed, submitted;
	int rc;
};

static int
read_options(struct parse *p, int argc, char **argv, int *first_r)
{
	const struct nw_cli_option table[] = {
	    {"base-url", 0, NW_CLI_TEXT, &p->base_url, "URL", "where the documents come from: relative links stand on it"},
	    {"content-type", 0, NW_CLI_TEXT, &p->content_type, "TYPE", "as the server sent it"},
	    {"as", 0, NW_CLI_TEXT, &p->as, "KIND", "auto, feed, listing or article (auto)"},
	    {"config", 'c', NW_CLI_TEXT, &p->config, "FILE", "configuration with sources and topics"},
	    {"source", 0, NW_CLI_TEXT, &p->source_name, "NAME", "read as this source of the configuration"},
	    {"tag", 0, NW_CLI_FLAG, &p->tag, NULL, "show topics, too"},
	    {"quiet", 0, NW_CLI_FLAG, &p->quiet, NULL, "do all the work, print nothing"},
	    {"max-bytes", 0, NW_CLI_NUMBER, &p->max_bytes, "N", "longest document (8 MiB)"},
	    {0},
	};

	return nw_options_read(p->cli, table, argc, argv, first_r);
}

static int
find_role(struct parse *p)
{
	static const char *const name[] = {"auto", "feed", "listing", "article"};

	for (p->role = 0; p->role < sizeof(name) / sizeof(name[0]); p->role++)
		if (p->as == NULL || strcmp(p->as, name[p->role]) == 0)
			return 0;
	return nw_cli_fail(p->cli, NW_EXIT_USAGE, "--as %s: it is auto, feed, listing or article", p->as);
}

/* --- the configuration ---------------------------------------------------------------------------------------------- */

static int
load_conf(struct parse *p)
{
	struct nw_conf_diags diags = {0};
	int rc = nw_conf_arg_load(p->cli, p->config, NULL, &p->conf, &diags);

	if (rc == 0 && diags.nerror > 0)
		rc = NW_EXIT_NO;
	if (rc != 0)
		nw_conf_arg_tell(&diags, NW_CONF_ARG_NO_NOTES);
	nw_conf_diags_done(&diags);
	if (rc == 0 && p->source_name != NULL &&
	    (p->source = nw_conf_source_find(p->conf, nw_str(p->source_name))) == NULL)
		rc = nw_cli_fail(p->cli, NW_EXIT_USAGE, "there is no source '%s'", p->source_name);
	return rc;
}

static int
open_session(struct parse *p, int nfiles)
{
	struct nw_arena *a = nw_arena_new(0);
	struct nw_conf_diags diags = {0};
	uint32_t what = NW_SESSION_PARSERS | (p->tag ? NW_SESSION_TAGGERS : 0), cores = nw_session_cores();
	uint32_t n = (uint32_t)nfiles / WINDOW + 1;
	Nw__Config *config;
	struct nw_err err;
	int rc = -1;

	if (a == NULL)
		return nw_cli_fail(p->cli, NW_EXIT_BROKEN, "out of memory");
	if (nw_session_config(p->cli, p->conf, what, a, &config, &err) == 0) {
		if (!p->tag) /* nobody reads the entries */
			config->n_sections = config->n_lists = 0;
		config->strict_entries = 1;
		rc = nw_session_open(p->cli, config, n < cores ? n : cores, &diags, &p->session, &err);
	}
	nw_conf_arg_tell(&diags, NW_CONF_ARG_NO_NOTES);
	if (rc == -1)
		rc = nw_cli_fail_by(p->cli, &err);
	nw_arena_free(a);
	return rc;
}

/* --- answers ---------------------------------------------------------------------------------------------------------- */

static void
print(struct parse *p, struct answer *a)
{
	if (a->failed) {
		struct nw_buf why = {0};

		nw_log_escape(&why, a->err.msg, strlen(a->err.msg), SIZE_MAX); /* it may name what the document says */
		(void)fprintf(stderr, "newswatch parse: %s: %s\n", a->path, nw_buf_str(&why).p);
		nw_buf_done(&why);
		p->rc = NW_EXIT_NO;
	} else if (!p->quiet && nw_show_document_line(a->job->batch, p->tag) == -1) {
		p->rc = nw_cli_fail(p->cli, NW_EXIT_BROKEN, "cannot write the answer");
	}
	nw_job_free(a->job);
	*a = (struct answer){0};
}

static void
print_ready(struct parse *p)
{
	for (; p->printed < p->submitted && p->answer[p->printed % WINDOW].done; p->printed++)
		print(p, &p->answer[p->printed % WINDOW]);
}

static void
on_read(void *cookie, struct nw_job *job /* ours */, const struct nw_err *err)
{
	struct answer *a = cookie;

	a->job = job;
	a->done = 1;
	a->failed = err != NULL;
	if (err != NULL)
		a->err = *err;
	print_ready(a->parse);
}

/* --- documents -------------------------------------------------------------------------------------------------------- */

static void
describe(const struct parse *p, Nw__ReadJob *read)
{
	const struct nw_conf_source *s = p->source;

	read->url = nw_pb(nw_str(p->base_url));
	read->content_type = nw_pb(nw_str(p->content_type));
	read->role = p->role;
	read->fetched_at_ms = nw_clock_wall_ms();
	read->tag = p->tag;
	read->html = 1;
	if (s == NULL)
		return;
	if (p->base_url == NULL && s->nurl > 0)
		read->url = nw_pb(s->url[0]);
	read->parser = nw_pb(nw_conf_source_parser(s, p->role, &read->options, &read->n_options));
	read->source = nw_pb(s->name);
	read->timezone = nw_pb(s->timezone);
	read->lang = nw_pb(s->lang);
	read->charset = nw_pb(s->charset);
}

static void
submit(struct parse *p, const char *path, ProtobufCBinaryData body, int fd /* of its bytes, or -1; taken */)
{
	struct answer *a = &p->answer[p->submitted % WINDOW];
	Nw__ReadJob read = NW__READ_JOB__INIT;
	Nw__Job m = NW__JOB__INIT;
	struct nw_job *job = nw_job_new();
	struct nw_err err;

	*a = (struct answer){.parse = p, .path = path, .job = job};
	p->submitted++;
	if (job == NULL) {
		if (fd != -1)
			(void)close(fd); /* only read */
		nw_fail(&err, NW_ERES, "out of memory");
		on_read(a, NULL, &err);
		return;
	}
	describe(p, &read);
	read.body = body;
	job->body_fd = fd;
	m.job_case = NW__JOB__JOB_READ;
	m.read = &read;
	job->m = &m;
	nw_session_submit(p->session, job, on_read, a);
}

/* A large file is not read here: its bytes go from it to the worker piece by piece.  -1: read it, then. */
static int
open_large(const struct parse *p, const char *path, size_t *len_r)
{
	struct stat st;
	int fd;

	if (stat(path, &st) == -1 || !S_ISREG(st.st_mode) || st.st_size <= NW_JOB_HELD_MAX ||
	    (uint64_t)st.st_size > p->max_bytes || (fd = open(path, O_RDONLY | O_CLOEXEC)) == -1)
		return -1;
	*len_r = (size_t)st.st_size;
	return fd;
}

static void
read_file(struct parse *p, const char *path)
{
	struct nw_buf body = {0};
	struct nw_err err;
	size_t len;
	int fd;

	while (p->submitted - p->printed == WINDOW)
		nw_session_turn(p->session);
	if ((fd = open_large(p, path, &len)) != -1) {
		submit(p, path, (ProtobufCBinaryData){len, NULL}, fd);
	} else if (nw_io_read_file(path, (size_t)p->max_bytes, &body, &err) == 0) {
		submit(p, path, (ProtobufCBinaryData){body.len, (uint8_t *)body.p}, -1);
	} else {
		p->answer[p->submitted++ % WINDOW] = (struct answer){.parse = p, .path = path, .done = 1, .failed = 1, .err = err};
		print_ready(p);
	}
	nw_buf_done(&body);
}

int
nw_cmd_parse(struct nw_cli *cli, int argc, char **argv)
{
	struct parse p = {.cli = cli, .max_bytes = NW_BODY_MAX};
	int first, rc = read_options(&p, argc, argv, &first);

	if (rc != 0)
		return rc - 1;
	if ((rc = find_role(&p)) != 0)
		return rc;
	if (first == argc)
		return nw_cli_fail(cli, NW_EXIT_USAGE, "which document? '-' is standard input");
	if (p.base_url == NULL && p.source_name == NULL)
		return nw_cli_fail(cli, NW_EXIT_USAGE, "--base-url URL is missing: links need the document's address");
	if (p.base_url != NULL && strncasecmp(p.base_url, "http://", 7) != 0 && strncasecmp(p.base_url, "https://", 8) != 0)
		return nw_cli_fail(cli, NW_EXIT_USAGE, "--base-url %s: it begins with http:// or https://", p.base_url);
	if (p.max_bytes == 0 || p.max_bytes > NW_BODY_CEILING)
		return nw_cli_fail(cli, NW_EXIT_USAGE, "--max-bytes: from 1 to %u", NW_BODY_CEILING);
	if (p.config != NULL || p.source_name != NULL || p.tag)
		rc = load_conf(&p);
	if (rc == 0)
		rc = open_session(&p, argc - first);
	if (rc == 0) {
		for (; first < argc; first++)
			read_file(&p, argv[first]);
		nw_session_wait(p.session);
		rc = p.rc;
	}
	nw_session_close(p.session);
	nw_conf_free(p.conf);
	return rc;
}
