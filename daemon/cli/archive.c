#include <limits.h>
#include <stdio.h>

#include "base/err.h"
#include "index/hunt.h"
#include "index/index.h"
#include "cli/archive.h"
#include "cli/cli.h"

/* An index that cannot be used only makes it slower. */
static void
open_index(struct nw_archive *a)
{
	char path[PATH_MAX];
	struct nw_err err;
	int fits;

	if (nw_conf_index_path(&a->from.conf->daemon, path, sizeof(path), &err) == 0 &&
	    nw_index_open(path, NW_INDEX_READ, &a->index, NULL, &err) == 0) {
		if ((fits = nw_index_fits(a->index, a->from.store, &err)) == 1)
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
	struct nw_archive a = {0};
	int rc = nw_store_arg_open(cli, config, &a.from);

	if (rc != 0)
		return rc;
	open_index(&a);
	*archive_r = a;
	return 0;
}

void
nw_archive_close(struct nw_archive *a)
{
	nw_index_close(a->index);
	nw_store_arg_close(&a->from);
	*a = (struct nw_archive){0};
}

int
nw_archive_since(
    const struct nw_cli *cli, struct nw_archive *a, const char *option, const char *since, int64_t *id_r)
{
	struct nw_err err;
	int64_t id, at_ms;
	int rc = nw_store_arg_since(cli, option, since, a->from.now_ms, &at_ms);

	*id_r = 0;
	if (rc != 0 || at_ms == NW_TIME_NONE)
		return rc;
	if (nw_store_revision_since(a->from.store, at_ms, &id, &err) == -1)
		return nw_cli_fail(cli, NW_EXIT_BROKEN, "%s", err.msg);
	*id_r = id != 0 ? id : INT64_MAX;
	return 0;
}

void
nw_archive_note(const struct nw_hunt_report *r)
{
	if (r->bound)
		(void)fprintf(stderr,
		    "note: %llu revisions were read without the help of the index, which is as far as one "
		    "search goes: --before %lld reads on\n",
		    (unsigned long long)r->scanned, (long long)r->stopped_at);
	else if (r->scanned > (uint64_t)r->pending)
		(void)fprintf(stderr,
		    "note: the expression needs no word that the index could look up: %llu revisions were "
		    "read\n",
		    (unsigned long long)r->scanned);
}
