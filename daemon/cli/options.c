#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"

#define COMMON 4

static void
show(const struct nw_cli_option *o)
{
	char left[40];

	(void)snprintf(left, sizeof(left), "%s%s%s%s", o->name, o->kind != NW_CLI_FLAG ? " " : "",
	    o->kind != NW_CLI_FLAG ? o->arg : "", "");
	if (o->letter != 0)
		printf("  -%c, --%-22s %s\n", o->letter, left, o->help);
	else
		printf("      --%-22s %s\n", left, o->help);
}

static int
help(const struct nw_cli *cli, const struct nw_cli_option *own, const struct nw_cli_option *common)
{
	const struct nw_command *c = cli->command;

	printf("newswatch %s %s\n%s.\n\n", c->name, c->args, c->summary);
	for (; own->name != NULL; own++)
		show(own);
	for (; common->name != NULL; common++)
		show(common);
	printf("\nExample:\n  %s\n", c->example);
	return NW_EXIT_OK + 1;
}

static const struct nw_cli_option *
find(const struct nw_cli_option *t, const char *arg, size_t len)
{
	for (; t->name != NULL; t++)
		if ((arg[1] == '-' && strlen(t->name) == len - 2 && strncmp(t->name, arg + 2, len - 2) == 0) ||
		    (arg[1] != '-' && len == 2 && t->letter != 0 && t->letter == arg[1]))
			return t;
	return NULL;
}

static int
wrong(const struct nw_cli *cli, const char *what, const char *arg)
{
	return nw_cli_fail(cli, NW_EXIT_USAGE, "%s '%s'; see 'newswatch %s --help'", what, arg, cli->command->name) + 1;
}

static int
set_value(const struct nw_cli *cli, const struct nw_cli_option *o, const char *value)
{
	char *end;

	if (o->kind == NW_CLI_TEXT) {
		*(const char **)o->to = value;
		return 0;
	}
	errno = 0;
	*(uint64_t *)o->to = strtoull(value, &end, 10);
	if (errno != 0 || end == value || *end != '\0' || value[0] == '-')
		return wrong(cli, "this is no number:", value);
	return 0;
}

/* One option at argv[i]; how many words it took, 0 where the usage is wrong (told, *rc_r set). */
static int
take(const struct nw_cli *cli, const struct nw_cli_option *own, const struct nw_cli_option *common, char **argv, int i,
    int argc, int *rc_r)
{
	const char *arg = argv[i], *equals = strchr(arg, '=');
	size_t len = arg[1] == '-' && equals != NULL ? (size_t)(equals - arg) : strlen(arg);
	const struct nw_cli_option *o = find(own, arg, len);

	if (o == NULL)
		o = find(common, arg, len);
	*rc_r = 0;
	if (o == NULL) {
		*rc_r = wrong(cli, "unknown option", arg);
		return 0;
	}
	if (o->kind == NW_CLI_FLAG) {
		*(int *)o->to = 1;
		return 1;
	}
	if (arg[len] == '=') {
		*rc_r = set_value(cli, o, arg + len + 1);
		return *rc_r == 0;
	}
	if (i + 1 >= argc) {
		*rc_r = wrong(cli, "an argument is missing after", arg);
		return 0;
	}
	*rc_r = set_value(cli, o, argv[i + 1]);
	return *rc_r == 0 ? 2 : 0;
}

int
nw_options_read(struct nw_cli *cli, const struct nw_cli_option *own, int argc, char **argv, int *first_r)
{
	int asked = 0, i = 1, n, rc, nrest = 0;
	char **rest = calloc((size_t)argc + 1, sizeof(*rest));
	const struct nw_cli_option common[COMMON + 1] = {
	    {"json", 0, NW_CLI_FLAG, &cli->json, NULL, "answer as JSON"},
	    {"helpers", 0, NW_CLI_TEXT, &cli->helpers, "DIR", "where newswatch-worker lies"},
	    {"plugins", 0, NW_CLI_TEXT, &cli->plugins, "DIR", "where the plugins lie"},
	    {"help", 'h', NW_CLI_FLAG, &asked, NULL, "this text"},
	};

	if (rest == NULL)
		return nw_cli_fail(cli, NW_EXIT_BROKEN, "out of memory") + 1;
	while (i < argc && strcmp(argv[i], "--") != 0) {
		if (argv[i][0] != '-' || argv[i][1] == '\0') {
			rest[nrest++] = argv[i++];
			continue;
		}
		if ((n = take(cli, own, common, argv, i, argc, &rc)) == 0) {
			free(rest);
			return rc;
		}
		i += n;
	}
	for (i += i < argc; i < argc; i++)
		rest[nrest++] = argv[i];
	*first_r = argc - nrest;
	memcpy(argv + *first_r, rest, (size_t)nrest * sizeof(*rest));
	free(rest);
	return asked ? help(cli, own, common) : 0;
}
