#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "core/conf.h"
#include "core/frame.h"
#include "query/import.h"
#include "query/query.h"
#include "cli/cli.h"
#include "cli/conf_arg.h"
#include "cli/expression.h"
#include "cli/reaches.h"
#include "cli/show.h"

static int
print(struct nw_cli *cli, const struct nw_config *conf, struct nw_query_set *set, uint32_t id, int expand,
    int cost)
{
	struct nw_buf text = {0}, words = {0};
	int always = 0, rc, reached = 0;
	json_t *o = json_object();

	nw_query_print(set, id, expand, &text);
	if (cost && nw_query_cost(set, id, &words, &always) == -1)
		words.failed = 1;
	if (cli->json) {
		rc = nw_show_set(o, "canonical", nw_show_text(nw_buf_str(&text)));
		if (cost)
			rc |= nw_show_set(o, "required", nw_show_text(nw_buf_str(&words))) |
			      nw_show_set(o, "always", json_boolean(always));
		if (expand && conf != NULL)
			reached = nw_reaches_show(cli, conf, set, o);
		rc = rc == 0 ? nw_show_line(json_incref(o)) : rc;
	} else {
		rc = printf("%s\n", nw_buf_str(&text).p) < 0;
		if (cost)
			rc |= printf(always ? "evaluated on every article\n" : "required words: %s\n",
				  nw_buf_str(&words).p) < 0;
		if (expand && conf != NULL)
			reached = nw_reaches_show(cli, conf, set, NULL);
	}
	json_decref(o);
	nw_buf_done(&text);
	nw_buf_done(&words);
	return rc != 0 ? NW_EXIT_BROKEN : reached;
}

/* --cost without an expression: the words that each watch needs. */
static int
print_costs(struct nw_cli *cli, const struct nw_config *conf)
{
	const struct nw_conf_section *s = nw_conf_section_find(conf, "watches");
	struct nw_query_set *set = NULL;
	struct nw_buf words = {0};
	uint32_t n = 0;
	int rc = nw_expression_watches(cli, conf, &set), always;

	for (uint32_t i = 0; rc == 0 && s != NULL && i < s->nentry; i++) {
		json_t *o = json_object();

		nw_buf_reset(&words);
		if (nw_query_cost(set, i, &words, &always) == -1 || words.failed) {
			rc = NW_EXIT_BROKEN;
		} else if (cli->json) {
			rc = nw_show_set(o, "watch", nw_show_text(s->entry[i]->name)) |
					 nw_show_set(o, "required", nw_show_text(nw_buf_str(&words))) |
					 nw_show_set(o, "always", json_boolean(always)) ||
				     nw_show_line(json_incref(o)) == -1
				 ? NW_EXIT_BROKEN
				 : 0;
		} else {
			(void)printf("%s: %s\n", s->entry[i]->name.p,
			    always ? "evaluated on every article" : nw_buf_str(&words).p);
		}
		n += rc == 0 && always;
		json_decref(o);
	}
	if (rc == 0 && n > 0)
		(void)fprintf(stderr, "note: %u of the watches are evaluated on every article\n", n);
	nw_buf_done(&words);
	nw_query_set_free(set);
	return rc;
}

static int
ask(struct nw_cli *cli, const struct nw_config *conf, const char *expr, int expand, int cost)
{
	struct nw_query_set *set = NULL;
	uint32_t id;
	int rc = nw_expression_compile(cli, conf, expr, &set, &id);

	if (rc == 0)
		rc = print(cli, conf, set, id, expand, cost);
	nw_query_set_free(set);
	return rc;
}

/* A vendor's query as text of the language; what changes is told on stderr with its place. */
static int
import(struct nw_cli *cli, const char *vendor, const char *expr, struct nw_buf *out)
{
	struct nw_expression_told told = {.expr = expr};
	int v = nw_import_vendor(nw_str(vendor));

	if (v == -1)
		return nw_cli_fail(
		    cli, NW_EXIT_USAGE, "--import %s: the vendors are lexis, factiva and emm", vendor);
	if (nw_import((enum nw_import_vendor)v, nw_str(expr), out, nw_expression_tell, &told) == -1 ||
	    out->failed)
		return told.errors > 0 ? NW_EXIT_NO : nw_cli_fail(cli, NW_EXIT_BROKEN, "out of memory");
	return NW_EXIT_OK;
}

static int
costs_of(struct nw_cli *cli, const char *path)
{
	struct nw_conf_diags diags = {0};
	struct nw_config *conf = NULL;
	int rc = nw_conf_arg_load(cli, path, NULL, &conf, &diags);

	if (diags.nerror > 0)
		rc = NW_EXIT_NO;
	nw_conf_arg_tell(&diags, NW_CONF_ARG_NO_NOTES);
	if (rc == 0)
		rc = print_costs(cli, conf);
	nw_conf_free(conf);
	return rc;
}

int
nw_cmd_query(struct nw_cli *cli, int argc, char **argv)
{
	const char *path = NULL, *vendor = NULL;
	int expand = 0, cost = 0;
	const struct nw_cli_option table[] = {
	    {"config", 'c', NW_CLI_TEXT, &path, "FILE", "configuration whose lists may be named"},
	    {"expand", 0, NW_CLI_FLAG, &expand, NULL,
		"with the content of its lists, and the words of the archive that its wildcards reach"},
	    {"cost", 0, NW_CLI_FLAG, &cost, NULL,
		"the words it, or without it each watch, needs to be evaluated"},
	    {"import", 0, NW_CLI_TEXT, &vendor, "VENDOR",
		"the query is one of lexis, factiva or emm, and means what it means there"},
	    {0},
	};
	struct nw_conf_diags diags = {0};
	struct nw_config *conf = NULL;
	struct nw_buf imported = {0};
	int first, rc = nw_options_read(cli, table, argc, argv, &first);

	if (rc != 0)
		return rc - 1;
	if (argc == first && cost && path != NULL)
		return costs_of(cli, path);
	if (argc - first != 1)
		return nw_cli_fail(cli, NW_EXIT_USAGE, "it takes one expression, in quotes");
	if (path != NULL)
		rc = nw_conf_arg_load(cli, path, NULL, &conf, &diags);
	if (diags.nerror > 0)
		rc = NW_EXIT_NO;
	nw_conf_arg_tell(&diags, NW_CONF_ARG_NO_NOTES);
	if (rc == 0 && vendor != NULL)
		rc = import(cli, vendor, argv[first], &imported);
	if (rc == 0)
		rc = ask(cli, conf, vendor != NULL ? nw_buf_str(&imported).p : argv[first], expand, cost);
	nw_buf_done(&imported);
	nw_conf_free(conf);
	return rc;
}
