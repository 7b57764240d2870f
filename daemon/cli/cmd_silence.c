#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/str.h"
#include "base/suggest.h"
#include "core/time.h"
#include "cli/ask.h"
#include "cli/cli.h"
#include "cli/out.h"
#include "cli/rows.h"
#include "cli/show.h"
#include "cli/store_arg.h"
#include "store/store_tell.h"

struct wish {
	const char *config, *watch, *source, *channel, *span, *reason, *end;
};

/* --- what is silent --------------------------------------------------------------------------------------------- */

struct list {
	const struct nw_cli *cli;
	int64_t now_ms;
	uint32_t rows;
};

static void
print_name(const char *kind, struct nw_str name)
{
	if (name.len == 0)
		return;
	printf("  %s ", kind);
	nw_out_text(name, 0);
}

static int
on_silence(void *cookie, const struct nw_store_silence *s)
{
	struct list *l = cookie;
	char at[32];
	json_t *o;

	l->rows++;
	if (!l->cli->json) {
		printf("%lld", (long long)s->id);
		print_name("watch", s->watch);
		print_name("source", s->source);
		print_name("channel", s->channel);
		printf("  until %s  ", nw_out_instant(s->until_ms, "-", at));
		nw_out_text(s->who, 0);
		(void)fputs(": ", stdout);
		nw_out_text(s->reason, 0);
		(void)putchar('\n');
		return 0;
	}
	o = json_object();
	if (nw_show_set(o, "id", json_integer(s->id)) | nw_show_set(o, "watch", nw_show_text(s->watch)) |
	    nw_show_set(o, "source", nw_show_text(s->source)) | nw_show_set(o, "channel", nw_show_text(s->channel)) |
	    nw_show_set(o, "from", nw_rows_instant(s->from_ms)) | nw_show_set(o, "until", nw_rows_instant(s->until_ms)) |
	    nw_show_set(o, "who", nw_show_text(s->who)) | nw_show_set(o, "reason", nw_show_text(s->reason))) {
		json_decref(o);
		return -1;
	}
	return nw_show_line(o);
}

static int
list(const struct nw_cli *cli, const char *config)
{
	struct nw_err err = {.msg = "cannot write the answer"};
	struct nw_store_arg store;
	struct list l = {.cli = cli};
	int rc = nw_store_arg_open(cli, config, &store);

	if (rc != 0)
		return rc;
	if (nw_store_silences(store.store, store.now_ms, on_silence, &l, &err) == -1)
		rc = nw_cli_fail(cli, NW_EXIT_BROKEN, "%s", err.msg);
	else if (l.rows == 0 && !cli->json)
		puts("nothing is silenced");
	nw_store_arg_close(&store);
	return rc != 0 ? rc : nw_out_done(cli, NW_EXIT_OK);
}

/* --- silence and its end ---------------------------------------------------------------------------------------- */

static int
unknown(const struct nw_cli *cli, const char *kind, const char *name, const struct nw_suggest *near)
{
	if (near->best.len == 0)
		return nw_cli_fail(cli, NW_EXIT_NO, "there is no %s '%s' in the configuration", kind, name);
	return nw_cli_fail(cli, NW_EXIT_NO, "there is no %s '%s' in the configuration; did you mean '%.*s'?", kind, name,
	    (int)near->best.len, near->best.p);
}

/* A silence of a name that does not exist would silence nothing, and nobody would know. */
static int
check_watch(const struct nw_cli *cli, const struct nw_config *c, const char *name)
{
	struct nw_suggest near = nw_suggest_init(nw_str(name));

	for (uint32_t s = 0; s < c->nsection; s++)
		for (uint32_t i = 0; i < c->section[s].nentry; i++) {
			if (nw_str_is(c->section[s].entry[i]->name, name))
				return 0;
			nw_suggest_offer(&near, c->section[s].entry[i]->name);
		}
	return unknown(cli, "watch", name, &near);
}

static int
check_source(const struct nw_cli *cli, const struct nw_config *c, const char *name)
{
	struct nw_suggest near = nw_suggest_init(nw_str(name));

	for (uint32_t i = 0; i < c->nsource; i++) {
		if (nw_str_is(c->source[i]->name, name))
			return 0;
		nw_suggest_offer(&near, c->source[i]->name);
	}
	return unknown(cli, "source", name, &near);
}

static int
check_channel(const struct nw_cli *cli, const struct nw_config *c, const char *name)
{
	struct nw_suggest near = nw_suggest_init(nw_str(name));

	for (uint32_t i = 0; i < c->nchannel; i++) {
		if (nw_str_is(c->channel[i]->name, name))
			return 0;
		nw_suggest_offer(&near, c->channel[i]->name);
	}
	return unknown(cli, "channel", name, &near);
}

static int
silence(const struct nw_cli *cli, struct nw_ask *a, const struct wish *w)
{
	const char *request[9] = {"silence", w->span, w->reason};
	const struct {
		const char *kind, *name;
		int (*check)(const struct nw_cli *, const struct nw_config *, const char *);
	} part[] = {{"watch", w->watch, check_watch}, {"source", w->source, check_source}, {"channel", w->channel, check_channel}};
	int n = 3, rc = 0;

	for (size_t i = 0; i < sizeof(part) / sizeof(*part) && rc == 0; i++) {
		if (part[i].name == NULL)
			continue;
		rc = part[i].check(cli, a->conf, part[i].name);
		request[n++] = part[i].kind;
		request[n++] = part[i].name;
	}
	return rc != 0 ? rc : nw_ask(cli, a, request, n);
}

static int
change(const struct nw_cli *cli, const struct wish *w)
{
	const char *end[] = {"unsilence", w->end};
	struct nw_ask a;
	int rc = nw_ask_open(cli, w->config, &a);

	if (rc == 0)
		rc = w->end != NULL ? nw_ask(cli, &a, end, 2) : silence(cli, &a, w);
	if (rc == 0)
		return nw_ask_done(cli, &a, "ended");
	nw_ask_close(&a);
	return rc;
}

int
nw_cmd_silence(struct nw_cli *cli, int argc, char **argv)
{
	struct wish w = {.reason = ""};
	const struct nw_cli_option table[] = {
	    {"config", 'c', NW_CLI_TEXT, &w.config, "FILE", "configuration of the running daemon"},
	    {"watch", 0, NW_CLI_TEXT, &w.watch, "NAME", "its alerts"},
	    {"source", 0, NW_CLI_TEXT, &w.source, "NAME", "alerts of its articles"},
	    {"channel", 0, NW_CLI_TEXT, &w.channel, "NAME", "what goes there"},
	    {"for", 0, NW_CLI_TEXT, &w.span, "TIME", "how long: 2h, 3d"},
	    {"reason", 0, NW_CLI_TEXT, &w.reason, "TEXT", "shown to whoever wonders"},
	    {"end", 0, NW_CLI_TEXT, &w.end, "ID", "end the silence of this number"},
	    {0},
	};
	int first, rc = nw_options_read(cli, table, argc, argv, &first);
	int named = w.watch != NULL || w.source != NULL || w.channel != NULL;

	if (rc != 0)
		return rc - 1;
	if (first != argc)
		return nw_cli_fail(cli, NW_EXIT_USAGE, "'%s' is no option: name it by --watch, --source or --channel", argv[first]);
	if (w.end != NULL && (named || w.span != NULL))
		return nw_cli_fail(cli, NW_EXIT_USAGE, "--end stands alone");
	if (named != (w.span != NULL))
		return nw_cli_fail(cli, NW_EXIT_USAGE, "a silence has --for TIME and what it silences");
	return named || w.end != NULL ? change(cli, &w) : list(cli, w.config);
}
