#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "core/frame.h"
#include "cli/cli.h"
#include "cli/conf_arg.h"
#include "cli/session.h"
#include "cli/show.h"

static const char *const kind_name[] = {"?", "parser", "tagger", "rule", "notifier"};

static const char *
kind_of(const struct nw_session_plugin *p)
{
	return kind_name[p->kind < sizeof(kind_name) / sizeof(kind_name[0]) ? p->kind : 0];
}

static int
show(const struct nw_cli *cli, const struct nw_session_plugin *p)
{
	json_t *o;

	if (!cli->json)
		return printf("%-20s %-9s %-8s %-10s %s\n", p->name, p->version, kind_of(p), p->section, p->summary) < 0;
	o = json_object();
	if (nw_show_set(o, "name", json_string(p->name)) | nw_show_set(o, "version", json_string(p->version)) |
	    nw_show_set(o, "kind", json_string(kind_of(p))) | nw_show_set(o, "section", json_string(p->section)) |
	    nw_show_set(o, "summary", json_string(p->summary))) {
		json_decref(o);
		return -1;
	}
	return nw_show_line(o);
}

/* Load the plugins of ${config} in a worker, as newswatchd would, and show what it says of them. */
static int
load(struct nw_cli *cli, Nw__Config *config)
{
	struct nw_conf_diags diags = {0};
	struct nw_session *s = NULL;
	const struct nw_session_plugin *p;
	struct nw_err err;
	uint32_t n;
	int rc = NW_EXIT_OK;

	config->strict_entries = 1;
	if (nw_session_open(cli, config, 1, &diags, &s, &err) == -1) {
		nw_conf_arg_tell(&diags, NW_CONF_ARG_SOME_NOTES);
		return nw_cli_fail(cli, NW_EXIT_NO, "%s", err.code == NW_ECONF ? "not every plugin loads" : err.msg);
	}
	nw_conf_arg_tell(&diags, NW_CONF_ARG_SOME_NOTES);
	p = nw_session_plugins(s, &n);
	for (uint32_t i = 0; i < n; i++) {
		if (p[i].kind == 0) /* told: it does not load */
			rc = NW_EXIT_NO;
		else if (show(cli, &p[i]) != 0)
			rc = NW_EXIT_BROKEN;
	}
	nw_session_close(s);
	return rc;
}

/* "DIR/NAME.so" as a folder and a name. */
static int
name_file(struct nw_cli *cli, const char *path, char dir[PATH_MAX], Nw__PluginConf *plugin)
{
	const char *slash = strrchr(path, '/'), *base = slash != NULL ? slash + 1 : path;
	size_t n = strlen(base);

	if (n <= 3 || strcmp(base + n - 3, ".so") != 0)
		return nw_cli_fail(cli, NW_EXIT_USAGE, "'%s': a plugin's file ends in .so", path);
	if (snprintf(dir, PATH_MAX, "%.*s", slash != NULL ? (int)(slash - path) : 1, slash != NULL ? path : ".") >= PATH_MAX)
		return nw_cli_fail(cli, NW_EXIT_USAGE, "'%s': the path is too long", path);
	plugin->name = nw_pb((struct nw_str){base, n - 3});
	return 0;
}

static int
check_file(struct nw_cli *cli, const char *path, Nw__Config *config)
{
	char dir[PATH_MAX];
	Nw__PluginConf plugin = NW__PLUGIN_CONF__INIT, *list[] = {&plugin};
	int rc = name_file(cli, path, dir, &plugin);

	if (rc != 0)
		return rc;
	config->plugin_dir = nw_pb(nw_str(dir[0] != '\0' ? dir : "/"));
	config->plugins = list;
	config->n_plugins = 1;
	return load(cli, config);
}

int
nw_cmd_plugin(struct nw_cli *cli, int argc, char **argv)
{
	const struct nw_cli_option table[] = {{0}};
	struct nw_arena *a = nw_arena_new(0);
	Nw__Config *config;
	struct nw_err err;
	int first, rc = nw_options_read(cli, table, argc, argv, &first);

	if (rc != 0)
		rc = rc - 1;
	else if (a == NULL || nw_session_config(cli, NULL, NW_SESSION_ALL, a, &config, &err) == -1)
		rc = nw_cli_fail(cli, NW_EXIT_BROKEN, "%s", a == NULL ? "out of memory" : err.msg);
	else if (argc - first == 1 && strcmp(argv[first], "list") == 0)
		rc = load(cli, config);
	else if (argc - first == 2 && strcmp(argv[first], "check") == 0)
		rc = check_file(cli, argv[first + 1], config);
	else
		rc = nw_cli_fail(cli, NW_EXIT_USAGE, "it is 'plugin list' or 'plugin check FILE.so'");
	nw_arena_free(a);
	return rc;
}
