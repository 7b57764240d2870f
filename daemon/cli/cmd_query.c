#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <unicode/uchar.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "base/utf8.h"
#include "core/conf.h"
#include "core/frame.h"
#include "query/import.h"
#include "query/query.h"
#include "cli/cli.h"
#include "cli/conf_arg.h"
#include "cli/show.h"

/* Messages about an expression of the command line: the line, and a caret below the place. */
struct told {
	const char *expr;
	int errors;
};

/* Columns of a terminal that a character takes: Han two, a mark none. */
static int
columns(int32_t c)
{
	int w = c < 0 ? U_EA_NEUTRAL : u_getIntPropertyValue(c, UCHAR_EAST_ASIAN_WIDTH);

	if (c >= 0 && (u_charType(c) == U_NON_SPACING_MARK || u_charType(c) == U_FORMAT_CHAR))
		return 0;
	return w == U_EA_WIDE || w == U_EA_FULLWIDTH ? 2 : 1;
}

/* As many signs as the text is wide; a tab stays one. */
static void
fill(const char *p, const char *end, char sign)
{
	size_t n;

	for (; p < end; p += n) {
		int32_t c = nw_utf8_next(p, end, &n);

		for (int k = columns(c); k > 0; k--)
			(void)fputc(c == '\t' ? '\t' : sign, stderr);
	}
}

static void
caret(const char *expr, uint32_t line, uint32_t col, uint32_t len)
{
	const char *end, *from, *to;

	while (line-- > 1 && (end = strchr(expr, '\n')) != NULL)
		expr = end + 1;
	end = strchrnul(expr, '\n');
	from = (size_t)(end - expr) > col - 1 ? expr + col - 1 : end;
	to = (size_t)(end - from) > len ? from + len : end;
	(void)fprintf(stderr, "  %.*s\n  ", (int)(end - expr), expr);
	fill(expr, from, ' ');
	if (from == to)
		(void)fputc('^', stderr);
	fill(from, to, '^');
	(void)fputc('\n', stderr);
}

static void
tell(void *cookie, uint32_t severity, uint32_t line, uint32_t col, uint32_t len, const char *text)
{
	static const char *const word[] = {"error", "warning", "note"};
	struct told *t = cookie;

	t->errors += severity == NW_QDIAG_ERROR;
	(void)fprintf(stderr, "%u:%u: %s: %s\n", line, col,
	    word[severity <= NW_QDIAG_NOTE ? severity : NW_QDIAG_NOTE], text);
	if (t->expr != NULL)
		caret(t->expr, line, col, len);
}

static int
add_lists(struct nw_query_set *set, const struct nw_config *conf, struct told *lists)
{
	for (uint32_t i = 0; conf != NULL && i < conf->nlist; i++) {
		const struct nw_conf_list *l = conf->list[i];
		struct nw_str *entry = calloc(l->nvalues + l->nfile_values + 1, sizeof(*entry));

		if (entry == NULL)
			return -1;
		for (size_t j = 0; j < l->nvalues; j++)
			entry[j] = nw_pb_str(l->values[j]->text);
		for (size_t j = 0; j < l->nfile_values; j++)
			entry[l->nvalues + j] = nw_pb_str(l->file_values[j]->text);
		(void)nw_query_list_add(
		    set, l->name, entry, (uint32_t)(l->nvalues + l->nfile_values), tell, lists);
		free(entry); /* copied */
	}
	return 0;
}

static int
print(struct nw_cli *cli, struct nw_query_set *set, uint32_t id, int expand, int cost)
{
	struct nw_buf text = {0}, words = {0};
	int always = 0, rc;
	json_t *o = json_object();

	nw_query_print(set, id, expand, &text);
	if (cost && nw_query_cost(set, id, &words, &always) == -1)
		words.failed = 1;
	if (cli->json) {
		rc = nw_show_set(o, "canonical", nw_show_text(nw_buf_str(&text)));
		if (cost)
			rc |= nw_show_set(o, "required", nw_show_text(nw_buf_str(&words))) |
			      nw_show_set(o, "always", json_boolean(always));
		rc = rc == 0 ? nw_show_line(json_incref(o)) : rc;
	} else {
		rc = printf("%s\n", nw_buf_str(&text).p) < 0;
		if (cost)
			rc |= printf(always ? "evaluated on every article\n" : "required words: %s\n",
				  nw_buf_str(&words).p) < 0;
	}
	json_decref(o);
	nw_buf_done(&text);
	nw_buf_done(&words);
	return rc == 0 ? NW_EXIT_OK : NW_EXIT_BROKEN;
}

static int
ask(struct nw_cli *cli, const struct nw_config *conf, const char *expr, int expand, int cost)
{
	struct nw_query_set *set = nw_query_set_new();
	struct told told = {.expr = expr}, lists = {0};
	int is_score = strchr(expr, '\n') != NULL, rc;
	struct nw_err err;
	uint32_t id;

	if (set == NULL || add_lists(set, conf, &lists) == -1) {
		nw_query_set_free(set);
		return nw_cli_fail(cli, NW_EXIT_BROKEN, "out of memory");
	}
	rc = nw_query_add(set, 0, 0, is_score ? NW_STR("") : nw_str(expr),
	    is_score ? nw_str(expr) : NW_STR(""), NW_STR("any"), &id, tell, &told);
	if (rc == -1)
		rc = told.errors > 0 ? NW_EXIT_NO : nw_cli_fail(cli, NW_EXIT_BROKEN, "out of memory");
	else if (nw_query_compile(set, &err) == -1)
		rc = nw_cli_fail(cli, NW_EXIT_NO, "%s", err.msg);
	else
		rc = print(cli, set, id, expand, cost);
	nw_query_set_free(set);
	return rc;
}

/* A vendor's query as text of the language; what changes is told on stderr with its place. */
static int
import(struct nw_cli *cli, const char *vendor, const char *expr, struct nw_buf *out)
{
	struct told told = {.expr = expr};
	int v = nw_import_vendor(nw_str(vendor));

	if (v == -1)
		return nw_cli_fail(
		    cli, NW_EXIT_USAGE, "--import %s: the vendors are lexis, factiva and emm", vendor);
	if (nw_import((enum nw_import_vendor)v, nw_str(expr), out, tell, &told) == -1 || out->failed)
		return told.errors > 0 ? NW_EXIT_NO : nw_cli_fail(cli, NW_EXIT_BROKEN, "out of memory");
	return NW_EXIT_OK;
}

int
nw_cmd_query(struct nw_cli *cli, int argc, char **argv)
{
	const char *path = NULL, *vendor = NULL;
	int expand = 0, cost = 0;
	const struct nw_cli_option table[] = {
	    {"config", 'c', NW_CLI_TEXT, &path, "FILE", "configuration whose lists may be named"},
	    {"expand", 0, NW_CLI_FLAG, &expand, NULL, "with the content of its lists"},
	    {"cost", 0, NW_CLI_FLAG, &cost, NULL, "the words it needs to be evaluated at all"},
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
	if (argc - first != 1)
		return nw_cli_fail(cli, NW_EXIT_USAGE, "it takes one expression, in quotes");
	if (path != NULL)
		rc = nw_conf_arg_load(cli, path, NULL, &conf, &diags);
	if (diags.nerror > 0)
		rc = NW_EXIT_NO;
	nw_conf_arg_tell(&diags, 0);
	if (rc == 0 && vendor != NULL)
		rc = import(cli, vendor, argv[first], &imported);
	if (rc == 0)
		rc = ask(cli, conf, vendor != NULL ? nw_buf_str(&imported).p : argv[first], expand, cost);
	nw_buf_done(&imported);
	nw_conf_free(conf);
	return rc;
}
