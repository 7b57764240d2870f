#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/str.h"
#include "core/control.h"
#include "cli/ask.h"
#include "cli/cli.h"
#include "cli/out.h"
#include "cli/show.h"

int
nw_ask_open(const struct nw_cli *cli, const char *config, struct nw_ask *a)
{
	struct nw_conf_from from = {.path = config};
	struct nw_conf_diags diags = {0};
	struct nw_err err;
	int rc;

	*a = (struct nw_ask){0};
	rc = nw_conf_load(&from, &a->conf, &diags, &err);
	nw_conf_diags_done(&diags); /* newswatch check tells them; only the socket's path is needed */
	return rc == 0 ? 0 : nw_cli_fail(cli, NW_EXIT_BROKEN, "%s", err.msg);
}

void
nw_ask_close(struct nw_ask *a)
{
	nw_conf_free(a->conf);
	nw_buf_done(&a->answer);
	*a = (struct nw_ask){0};
}

/* On one line of the request. */
static char *
flat(const char *arg)
{
	char *copy = strdup(arg);

	for (char *p = copy; p != NULL && *p != '\0'; p++)
		if ((unsigned char)*p < ' ')
			*p = ' ';
	return copy;
}

int
nw_ask(const struct nw_cli *cli, struct nw_ask *a, const char *const *argv, int argc)
{
	char *copy[NW_CONTROL_ARGS_MAX] = {NULL};
	const char *request[NW_CONTROL_ARGS_MAX];
	struct nw_err err;
	int rc = argc <= NW_CONTROL_ARGS_MAX ? 0 : nw_fail(&err, NW_ECONF, "too many arguments");

	for (int i = 0; i < argc && rc == 0; i++) {
		if ((copy[i] = flat(argv[i])) == NULL)
			rc = nw_fail(&err, NW_ERES, "out of memory");
		request[i] = copy[i];
	}
	if (rc == 0)
		rc = nw_control_call(a->conf->daemon.control.path.p, request, argc, &a->answer, &err);
	for (int i = 0; i < NW_CONTROL_ARGS_MAX; i++)
		free(copy[i]);
	return rc == 0 ? 0 : nw_cli_fail_by(cli, &err);
}

struct nw_str
nw_ask_text(const struct nw_ask *a, const char *key)
{
	struct nw_str all = {a->answer.p, a->answer.len}, found = NW_STR("");
	size_t n = strlen(key);
	const char *nl;

	/* the last one holds: answers of several requests stand one after another */
	while (all.len > 0 && (nl = memchr(all.p, '\n', all.len)) != NULL) {
		size_t len = (size_t)(nl - all.p);

		if (len > n && memcmp(all.p, key, n) == 0 && all.p[n] == ' ')
			found = (struct nw_str){all.p + n + 1, len - n - 1};
		all.p = nl + 1;
		all.len -= len + 1;
	}
	return found;
}

int64_t
nw_ask_number(const struct nw_ask *a, const char *key)
{
	struct nw_str s = nw_ask_text(a, key);

	return s.len > 0 ? strtoll(s.p, NULL, 10) : -1; /* a line feed ends it */
}

static json_t *
answer_lines(struct nw_str all)
{
	json_t *list = json_array();
	const char *nl;

	while (list != NULL && all.len > 0 && (nl = memchr(all.p, '\n', all.len)) != NULL) {
		size_t len = (size_t)(nl - all.p);

		if (json_array_append_new(list, nw_show_text((struct nw_str){all.p, len})) == -1) {
			json_decref(list);
			return NULL;
		}
		all.p = nl + 1;
		all.len -= len + 1;
	}
	return list;
}

int
nw_ask_done(const struct nw_cli *cli, struct nw_ask *a, const char *text)
{
	json_t *o;
	int rc = 0;

	if (a->answer.len == 0)
		nw_buf_addf(&a->answer, "%s\n", text);
	if (cli->json) {
		o = json_object();
		if (nw_show_set(o, "command", json_string(cli->command->name)) |
		    nw_show_set(o, "answer", answer_lines(nw_buf_str(&a->answer)))) {
			json_decref(o);
			rc = -1;
		} else {
			rc = nw_show_line(o);
		}
	} else {
		nw_out_block("", nw_buf_str(&a->answer));
	}
	nw_ask_close(a);
	return rc == -1 ? nw_cli_fail(cli, NW_EXIT_BROKEN, "cannot write the answer") : nw_out_done(cli, NW_EXIT_OK);
}
