#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "core/conf.h"
#include "core/conf_diag.h"
#include "core/frame.h"
#include "cli/cli.h"
#include "cli/session.h"
#include "cli/tags.h"

/* The taggers alone, and nothing for them to read: that is a start without compiling a topic. */
static int
ask(const struct nw_cli *cli, const struct nw_config *conf, struct nw_session **session_r, struct nw_err *err)
{
	struct nw_arena *a = nw_arena_new(0);
	struct nw_conf_diags diags = {0};
	Nw__Config *c;
	int rc = a != NULL ? nw_session_config(cli, conf, NW_SESSION_TAGGERS, a, &c, err)
			   : nw_fail(err, NW_ERES, "out of memory");

	if (rc == 0) {
		c->n_sources = c->n_lists = c->n_sections = 0;
		rc = nw_session_open(cli, c, 1, &diags, session_r, err);
	}
	nw_conf_diags_done(&diags); /* of the configuration 'newswatch check' tells */
	nw_arena_free(a);
	return rc;
}

/* Whether one of the plugins reads a section. */
static int
is_read(const struct nw_session_plugin *p, uint32_t n, struct nw_str section)
{
	for (uint32_t i = 0; i < n; i++)
		if (nw_str_is(section, p[i].section))
			return 1;
	return 0;
}

static int
collect(const struct nw_session *s, const struct nw_config *conf, struct nw_str **names_r, uint32_t *n_r)
{
	uint32_t nplugin, room = 0, n = 0;
	const struct nw_session_plugin *p = nw_session_plugins(s, &nplugin);
	struct nw_str *name;

	for (uint32_t i = 0; i < conf->nsection; i++)
		room += conf->section[i].nentry;
	if ((name = calloc((size_t)room + 1, sizeof(*name))) == NULL)
		return -1;
	for (uint32_t i = 0; i < conf->nsection; i++)
		for (uint32_t k = 0;
		     k < conf->section[i].nentry && is_read(p, nplugin, conf->section[i].name); k++)
			name[n++] = conf->section[i].entry[k]->name;
	*names_r = name;
	*n_r = n;
	return 0;
}

int
nw_tags_known(const struct nw_cli *cli, const struct nw_config *conf, struct nw_str **names_r, uint32_t *n_r)
{
	struct nw_session *s = NULL;
	struct nw_err err;
	int rc = 0;

	*names_r = NULL;
	*n_r = 0;
	if (ask(cli, conf, &s, &err) == -1)
		(void)fprintf(stderr, "note: the names of tags are not checked: %s\n", err.msg);
	else if (nw_session_knows_tags(s))
		rc = collect(s, conf, names_r, n_r);
	nw_session_close(s);
	return rc;
}
