#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <unicode/uchar.h>

#include "base/err.h"
#include "base/str.h"
#include "base/utf8.h"
#include "core/conf.h"
#include "core/frame.h"
#include "query/query.h"
#include "cli/cli.h"
#include "cli/conf_arg.h"
#include "cli/expression.h"
#include "cli/tags.h"

/* --- messages with their place */

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

void
nw_expression_tell(
    void *cookie, uint32_t severity, uint32_t line, uint32_t col, uint32_t len, const char *text)
{
	static const char *const word[] = {"error", "warning", "note"};
	struct nw_expression_told *t = cookie;

	severity &= NW_QDIAG_SEVERITY;
	t->errors += severity == NW_QDIAG_ERROR;
	(void)fprintf(stderr, "%u:%u: %s: %s\n", line, col,
	    word[severity <= NW_QDIAG_NOTE ? severity : NW_QDIAG_NOTE], text);
	caret(t->expr, line, col, len);
}

/* --- what the configuration defines */

static int
add_list(struct nw_query_set *set, const struct nw_conf_list *l)
{
	uint32_t n;
	struct nw_str *entry = nw_conf_arg_list(l, &n);

	if (entry == NULL)
		return -1;
	/* what is wrong with a list is said by newswatch check, and again when it is used */
	(void)nw_query_list_add(set, l->name, entry, n, NULL, NULL);
	free(entry); /* copied */
	return 0;
}

static int
add_watches(struct nw_query_set *set, const struct nw_conf_section *s)
{
	for (uint32_t i = 0; s != NULL && i < s->nentry; i++) {
		struct nw_str match = nw_conf_entry_text(s->entry[i], "match");

		if (nw_query_watch_add(set, s->entry[i]->name, match,
			nw_conf_entry_text(s->entry[i], "score").len != 0) == -1)
			return -1;
	}
	return 0;
}

/* What comparisons may name, so that a slip is told: borrowed from the configuration until the set is
 * compiled. */
struct names {
	struct nw_str *both; /* sources, then topics */
	struct nw_str *tags; /* NULL: any */
};

static void
names_done(struct names *n)
{
	free(n->both);
	free(n->tags);
}

/* ${expr} is whose tags are checked, NULL: nobody's; only where it may ask for one is it worth a worker. */
static int
add_names(const struct nw_cli *cli, struct nw_query_set *set, const struct nw_config *conf, const char *expr,
    struct names *own)
{
	const struct nw_conf_section *topics = nw_conf_section_find(conf, "topics");
	uint32_t ntopics = topics != NULL ? topics->nentry : 0;
	struct nw_query_names names = {.nsources = conf->nsource, .ntopics = ntopics};

	if ((own->both = calloc((size_t)conf->nsource + ntopics + 1, sizeof(*own->both))) == NULL ||
	    (expr != NULL && strstr(expr, "tag") != NULL &&
		nw_tags_known(cli, conf, &own->tags, &names.ntags) == -1))
		return -1;
	for (uint32_t i = 0; i < conf->nsource; i++)
		own->both[i] = conf->source[i]->name;
	for (uint32_t i = 0; i < ntopics; i++)
		own->both[conf->nsource + i] = topics->entry[i]->name;
	names.sources = own->both;
	names.topics = own->both + conf->nsource;
	names.tags = own->tags;
	nw_query_set_names(set, &names);
	return 0;
}

static int
define(const struct nw_cli *cli, struct nw_query_set *set, const struct nw_config *conf, const char *expr,
    struct names *own)
{
	for (uint32_t i = 0; i < conf->nlist; i++)
		if (add_list(set, conf->list[i]) == -1)
			return -1;
	if (add_watches(set, nw_conf_section_find(conf, "watches")) == -1)
		return -1;
	return add_names(cli, set, conf, expr, own);
}

static int
add_expression(const struct nw_cli *cli, struct nw_query_set *set, const char *expr, uint32_t *id_r)
{
	struct nw_expression_told told = {.expr = expr};
	int is_score = strchr(expr, '\n') != NULL;
	struct nw_err err;

	if (nw_query_add(set, 0, 0, is_score ? NW_STR("") : nw_str(expr),
		is_score ? nw_str(expr) : NW_STR(""), NW_STR("any"), id_r, nw_expression_tell, &told) == -1)
		return told.errors > 0 ? NW_EXIT_NO : nw_cli_fail(cli, NW_EXIT_BROKEN, "out of memory");
	if (nw_query_compile(set, &err) == -1)
		return nw_cli_fail(cli, NW_EXIT_NO, "%s", err.msg);
	return 0;
}

int
nw_expression_compile(const struct nw_cli *cli, const struct nw_config *conf, const char *expr,
    struct nw_query_set **set_r, uint32_t *id_r)
{
	struct nw_query_set *set = nw_query_set_new();
	struct names own = {0};
	int rc;

	if (set == NULL || (conf != NULL && define(cli, set, conf, expr, &own) == -1))
		rc = nw_cli_fail(cli, NW_EXIT_BROKEN, "out of memory");
	else
		rc = add_expression(cli, set, expr, id_r);
	if (rc == 0)
		*set_r = set;
	else
		nw_query_set_free(set);
	names_done(&own);
	return rc;
}

static int
add_all(const struct nw_cli *cli, struct nw_query_set *set, const struct nw_conf_section *s)
{
	struct nw_err err;
	uint32_t id;

	for (uint32_t i = 0; s != NULL && i < s->nentry; i++) {
		struct nw_str match = nw_conf_entry_text(s->entry[i], "match");

		if (nw_query_add(set, 0, 0, match, nw_conf_entry_text(s->entry[i], "score"), NW_STR("any"),
			&id, NULL, NULL) == -1)
			return nw_cli_fail(cli, NW_EXIT_NO,
			    "watch %s has errors: 'newswatch check' tells them", s->entry[i]->name.p);
	}
	return nw_query_compile(set, &err) == -1 ? nw_cli_fail(cli, NW_EXIT_NO, "%s", err.msg) : 0;
}

int
nw_expression_watches(const struct nw_cli *cli, const struct nw_config *conf, struct nw_query_set **set_r)
{
	struct nw_query_set *set = nw_query_set_new();
	struct names own = {0};
	int rc;

	if (set == NULL || define(cli, set, conf, NULL, &own) == -1)
		rc = nw_cli_fail(cli, NW_EXIT_BROKEN, "out of memory");
	else
		rc = add_all(cli, set, nw_conf_section_find(conf, "watches"));
	if (rc == 0)
		*set_r = set;
	else
		nw_query_set_free(set);
	names_done(&own);
	return rc;
}
