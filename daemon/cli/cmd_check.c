#include <stdio.h>

#include "base/arena.h"
#include "base/err.h"
#include "core/conf.h"
#include "cli/check_store.h"
#include "cli/cli.h"
#include "cli/conf_arg.h"
#include "cli/out.h"
#include "cli/schema.h"
#include "cli/session.h"
#include "cli/show.h"

/* What the worker finds: queries, examples, parser options.  0, or the exit code, told. */
static int
ask_worker(const struct nw_cli *cli, const struct nw_config *conf, struct nw_conf_diags *diags, uint32_t *level_r)
{
	struct nw_arena *a = nw_arena_new(0);
	struct nw_session *s = NULL;
	Nw__Config *config;
	struct nw_err err;
	int rc;

	if (a == NULL)
		return nw_cli_fail(cli, NW_EXIT_BROKEN, "out of memory");
	rc = nw_session_config(cli, conf, NW_SESSION_ALL | NW_SESSION_CHECK, a, &config, &err);
	if (rc == 0) {
		config->strict_entries = 1;
		rc = nw_session_open(cli, config, 1, diags, &s, &err);
	}
	if (rc == 0)
		*level_r = nw_session_lock_level(s);
	nw_session_close(s);
	nw_arena_free(a);
	if (rc == -1 && err.code != NW_ECONF)
		return nw_cli_fail(cli, NW_EXIT_BROKEN, "%s", err.msg);
	return 0;
}

static json_t *
diag_json(const struct nw_conf_diag *d)
{
	static const char *const severity[] = {"error", "warning", "note"};
	json_t *o = json_object();

	if (nw_show_set(o, "file", nw_show_text(d->at.file)) | nw_show_set(o, "line", json_integer(d->at.line)) |
	    nw_show_set(o, "column", json_integer(d->at.col)) | nw_show_set(o, "length", json_integer(d->at.len)) |
	    nw_show_set(o, "severity", json_string(severity[d->severity <= NW_CONF_NOTE ? d->severity : NW_CONF_NOTE])) |
	    nw_show_set(o, "entry", nw_show_text(d->at.entry)) | nw_show_set(o, "text", nw_show_text(d->text))) {
		json_decref(o);
		return NULL;
	}
	return o;
}

static int
tell_json(struct nw_conf_diags *diags)
{
	int rc = 0;

	nw_conf_diags_sort(diags);
	for (uint32_t i = 0; i < diags->n; i++)
		rc |= nw_show_line(diag_json(diags->item[i]));
	nw_conf_diags_done(diags);
	return rc;
}

static uint32_t
entries(const struct nw_config *c, const char *section)
{
	const struct nw_conf_section *s = nw_conf_section_find(c, section);

	return s != NULL ? s->nentry : 0;
}

int
nw_cmd_check(struct nw_cli *cli, int argc, char **argv)
{
	const char *path = NULL;
	int store = 0, repair = 0, schema = 0, notes = 0;
	const struct nw_cli_option table[] = {
	    {"config", 'c', NW_CLI_TEXT, &path, "FILE", "the main file; the *.d folders beside it are read too"},
	    {"notes", 0, NW_CLI_FLAG, &notes, NULL, "print every note, not the first 20 alone"},
	    {"store", 0, NW_CLI_FLAG, &store, NULL, "check the store it names, not the configuration; a daemon may run"},
	    {"repair", 0, NW_CLI_FLAG, &repair, NULL, "with --store: mend what can be mended; no daemon may run"},
	    {"schema", 0, NW_CLI_FLAG, &schema, NULL, "print a JSON Schema of the configuration, for editors"},
	    {0},
	};
	struct nw_conf_diags diags = {0};
	struct nw_config *conf = NULL;
	uint32_t nerror, nwarning, level = 0;
	int first, rc = nw_options_read(cli, table, argc, argv, &first);

	if (rc != 0)
		return rc - 1;
	if (first != argc)
		return nw_cli_fail(cli, NW_EXIT_USAGE, "'%s' is no option; the file comes by -c", argv[first]);
	if (schema)
		return nw_show_line(nw_schema_json()) == 0 ? nw_out_done(cli, NW_EXIT_OK) :
		    nw_cli_fail(cli, NW_EXIT_BROKEN, "cannot write the schema");
	if (repair && !store)
		return nw_cli_fail(cli, NW_EXIT_USAGE, "--repair goes with --store");
	if (store)
		return nw_check_store(cli, path, repair);
	rc = nw_conf_arg_load(cli, path, NULL, &conf, &diags);
	if (rc == 0)
		rc = ask_worker(cli, conf, &diags, &level);
	nerror = diags.nerror;
	nwarning = diags.nwarning;
	if (cli->json)
		(void)tell_json(&diags); /* the exit code says the same */
	else
		nw_conf_arg_tell(&diags, notes ? NW_CONF_ARG_ALL_NOTES :
		    nerror > 0 ? NW_CONF_ARG_NO_NOTES : NW_CONF_ARG_SOME_NOTES); /* what must be mended stands alone */
	if (rc == 0 && nerror == 0 && !cli->json)
		printf("%s: fine: %u sources, %u topics, %u watches, %u channels, %u warnings; workers lock at level %u\n",
		    conf->main_file.p, conf->nsource, entries(conf, "topics"), entries(conf, "watches"), conf->nchannel,
		    nwarning, level);
	nw_conf_free(conf);
	return rc != 0 ? rc : nerror > 0 ? NW_EXIT_NO : NW_EXIT_OK;
}
