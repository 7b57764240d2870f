#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/str.h"
#include "core/conf.h"
#include "core/time.h"
#include "index/hunt.h"
#include "index/index.h"
#include "cli/archive.h"
#include "cli/cli.h"
#include "cli/conf_arg.h"

static int
open_store(const struct nw_cli *cli, struct nw_archive *a)
{
	struct nw_store_options o = {.path = a->conf->daemon.store.path.p, .mode = NW_STORE_READ};
	struct nw_err err;

	if (nw_store_open(&o, &a->store, NULL, &err) == -1)
		return nw_cli_fail(cli, NW_EXIT_BROKEN, "%s", err.msg);
	return 0;
}

/* An index that cannot be used only makes it slower. */
static void
open_index(struct nw_archive *a)
{
	char path[PATH_MAX];
	struct nw_err err;
	int fits;

	if (nw_conf_index_path(&a->conf->daemon, path, sizeof(path), &err) == 0 &&
	    nw_index_open(path, NW_INDEX_READ, &a->index, NULL, &err) == 0) {
		if ((fits = nw_index_fits(a->index, a->store, &err)) == 1)
			return;
		if (fits == 0)
			(void)nw_fail(&err, NW_ECONF, "the index '%s' is of another store", path);
	}
	nw_index_close(a->index);
	a->index = NULL;
	(void)fprintf(stderr, "note: %s; the archive itself is read\n", err.msg);
}

int
nw_archive_open(const struct nw_cli *cli, const char *config, struct nw_archive *archive_r)
{
	struct nw_conf_diags diags = {0};
	struct nw_archive a = {0};
	int rc = nw_conf_arg_load(cli, config, NULL, &a.conf, &diags);

	if (rc == 0 && diags.nerror > 0)
		rc = NW_EXIT_NO;
	if (rc != 0)
		nw_conf_arg_tell(&diags, 0);
	else
		nw_conf_diags_done(&diags);
	if (rc == 0 && (rc = open_store(cli, &a)) == 0)
		open_index(&a);
	if (rc != 0)
		nw_archive_close(&a);
	else
		*archive_r = a;
	return rc;
}

void
nw_archive_close(struct nw_archive *a)
{
	nw_index_close(a->index);
	nw_store_close(a->store);
	nw_conf_free(a->conf);
	*a = (struct nw_archive){0};
}

int
nw_archive_since(const struct nw_cli *cli, struct nw_archive *a, const char *since, int64_t *id_r)
{
	struct nw_err err;
	int64_t seconds, id, at_ms;
	struct nw_time day;

	*id_r = 0;
	if (since == NULL || *since == '\0')
		return 0;
	if (nw_time_parse_duration(nw_str(since), &seconds) == 0)
		at_ms = nw_clock_wall_ms() - seconds * 1000;
	else if (nw_time_parse_rfc3339(nw_str(since), &day) == 0)
		at_ms = day.at_ms;
	else
		return nw_cli_fail(cli, NW_EXIT_USAGE, "--since '%s': write how long ago (90d, 12h) or a day (2026-08-01)", since);
	if (nw_store_revision_since(a->store, at_ms, &id, &err) == -1)
		return nw_cli_fail(cli, NW_EXIT_BROKEN, "%s", err.msg);
	*id_r = id != 0 ? id : INT64_MAX;
	return 0;
}

void
nw_archive_note(const struct nw_hunt_report *r)
{
	if (r->bound)
		(void)fprintf(stderr, "note: %llu revisions were read without the help of the index, which is as far as one "
		    "search goes: --before %lld reads on\n", (unsigned long long)r->scanned, (long long)r->stopped_at);
	else if (r->scanned > (uint64_t)r->pending)
		(void)fprintf(stderr, "note: the expression needs no word that the index could look up: %llu revisions were read\n",
		    (unsigned long long)r->scanned);
}
