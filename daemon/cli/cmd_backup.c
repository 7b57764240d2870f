/* Copies of the store: backup, restore. */
#include <sys/stat.h>

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/str.h"
#include "cli/ask.h"
#include "cli/cli.h"
#include "cli/out.h"
#include "cli/show.h"
#include "store/store_admin.h"

/* -c and the one file; 0 to go on with the configuration read, else the exit code + 1. */
static int
read_file(struct nw_cli *cli, int argc, char **argv, struct nw_ask *a, const char **file_r)
{
	const char *config = NULL;
	const struct nw_cli_option table[] = {
	    {"config", 'c', NW_CLI_TEXT, &config, "FILE", "configuration that names the store"},
	    {0},
	};
	int first, rc = nw_options_read(cli, table, argc, argv, &first);

	if (rc != 0)
		return rc;
	if (argc - first != 1)
		return nw_cli_fail(cli, NW_EXIT_USAGE, "it takes one file") + 1;
	*file_r = argv[first];
	rc = nw_ask_open(cli, config, a);
	return rc != 0 ? rc + 1 : 0;
}

static int
show_backup(const struct nw_cli *cli, const char *file)
{
	struct stat sb = {0};
	json_t *o;

	(void)stat(file, &sb); /* it was there a moment ago; else its size is 0 */
	if (!cli->json) {
		printf("%s: %" PRId64 " bytes, read back and sound\n", file, (int64_t)sb.st_size);
		return nw_out_done(cli, NW_EXIT_OK);
	}
	o = json_object();
	if (nw_show_set(o, "backup", nw_show_text(nw_str(file))) | nw_show_set(o, "bytes", json_integer(sb.st_size))) {
		json_decref(o);
		o = NULL;
	}
	return o != NULL && nw_show_line(o) == 0 ? nw_out_done(cli, NW_EXIT_OK) :
	    nw_cli_fail(cli, NW_EXIT_BROKEN, "cannot write the answer");
}

/* A reader's copy: it is the same with and without a daemon. */
static int
backup(const struct nw_config *conf, const char *file, struct nw_err *err)
{
	struct nw_store_options o = {.path = conf->daemon.store.path.p, .mode = NW_STORE_COPY};
	struct nw_store *st = NULL;
	int rc;

	if (nw_store_open(&o, &st, NULL, err) == -1)
		return -1;
	rc = nw_store_backup(st, file, err);
	nw_store_close(st);
	return rc;
}

int
nw_cmd_backup(struct nw_cli *cli, int argc, char **argv)
{
	const char *file;
	struct nw_err err;
	struct nw_ask a;
	int rc = read_file(cli, argc, argv, &a, &file);

	if (rc != 0)
		return rc - 1;
	rc = backup(a.conf, file, &err) == 0 ? show_backup(cli, file) : nw_cli_fail_by(cli, &err);
	nw_ask_close(&a);
	return rc;
}

static int
show_restored(const struct nw_cli *cli, struct nw_str store, const char *file, uint32_t held)
{
	json_t *o;

	if (!cli->json) {
		printf("%s is the state of %s; what stood there lies beside it\n", store.p, file);
		if (held > 0)
			printf("%u deliveries may have been made since the backup, so they are held:\n"
			       "look at 'newswatch deliveries --state held', send them with 'newswatch resend --held'\n", held);
		return nw_out_done(cli, NW_EXIT_OK);
	}
	o = json_object();
	if (nw_show_set(o, "store", nw_show_text(store)) | nw_show_set(o, "restored", nw_show_text(nw_str(file))) |
	    nw_show_set(o, "held", json_integer(held))) {
		json_decref(o);
		o = NULL;
	}
	return o != NULL && nw_show_line(o) == 0 ? nw_out_done(cli, NW_EXIT_OK) :
	    nw_cli_fail(cli, NW_EXIT_BROKEN, "cannot write the answer");
}

int
nw_cmd_restore(struct nw_cli *cli, int argc, char **argv)
{
	const char *file;
	uint32_t held = 0;
	struct nw_err err;
	struct nw_ask a;
	int rc = read_file(cli, argc, argv, &a, &file);

	if (rc != 0)
		return rc - 1;
	if (nw_store_restore(a.conf->daemon.store.path.p, file, nw_clock_wall_ms(), &held, &err) == 0)
		rc = show_restored(cli, a.conf->daemon.store.path, file, held);
	else
		rc = nw_cli_fail_by(cli, &err);
	nw_ask_close(&a);
	return rc;
}
