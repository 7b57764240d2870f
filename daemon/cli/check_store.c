#include <stdio.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/str.h"
#include "cli/ask.h"
#include "cli/check_store.h"
#include "cli/cli.h"
#include "cli/out.h"
#include "cli/show.h"
#include "store/store_admin.h"

struct told {
	const struct nw_cli *cli;
	int failed;
};

static void
on_finding(void *cookie, const char *text)
{
	struct told *t = cookie;
	json_t *o;

	if (!t->cli->json) {
		nw_out_text(nw_str(text), 0);
		(void)putchar('\n');
		return;
	}
	o = json_object();
	if (nw_show_set(o, "finding", nw_show_text(nw_str(text))) == 0) {
		t->failed |= nw_show_line(o) != 0;
		return;
	}
	json_decref(o);
	t->failed = 1;
}

static int
look(const char *path, struct told *t, struct nw_err *err)
{
	struct nw_store_options o = {.path = path, .mode = NW_STORE_READ};
	struct nw_store *st = NULL;
	int rc;

	if (nw_store_open(&o, &st, NULL, err) == -1)
		return -1;
	rc = nw_store_check(st, on_finding, t, err);
	nw_store_close(st);
	return rc;
}

int
nw_check_store(const struct nw_cli *cli, const char *config, int repair)
{
	struct told t = {.cli = cli};
	struct nw_err err;
	struct nw_ask a;
	struct nw_str path;
	int rc = nw_ask_open(cli, config, &a);

	if (rc != 0)
		return rc;
	path = a.conf->daemon.store.path;
	rc = repair ? nw_store_repair(path.p, nw_clock_wall_ms(), on_finding, &t, &err) : look(path.p, &t, &err);
	if (rc == 0 && !cli->json)
		printf("%s: sound\n", path.p);
	nw_ask_close(&a);
	if (rc == -1)
		return nw_cli_fail_by(cli, &err);
	return t.failed ? nw_cli_fail(cli, NW_EXIT_BROKEN, "cannot write the answer") :
	    nw_out_done(cli, rc == 0 ? NW_EXIT_OK : NW_EXIT_NO);
}
