#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "core/digest.h"
#include "core/frame.h"
#include "core/limits.h"
#include "cli/alert_list.h"
#include "cli/cli.h"
#include "cli/folder.h"
#include "cli/history.h"
#include "cli/out.h"
#include "cli/rows.h"
#include "cli/show.h"

#define NAME_SIZE 64 /* "revision-N.json" with any N */

struct export {
	struct nw_store_arg *from;
	struct nw_folder *to;
	struct nw_arena *arena;
	const struct nw_store_proof *proof;
	int64_t n;	   /* of the revision in hand */
	json_t *revisions;
	struct nw_err *err;
	int failed; /* within a callback */
};

static int
add_json(struct export *e, const char *name, const json_t *v)
{
	char *text = v != NULL ? json_dumps(v, JSON_INDENT(2)) : NULL;
	int rc;

	if (text == NULL)
		return nw_fail(e->err, NW_ERES, "out of memory");
	rc = nw_folder_add(e->to, name, text, strlen(text), e->err);
	free(text);
	return rc;
}

/* --- each revision ---------------------------------------------------------------------------------------------- */

static int
add_text(void *cookie, const struct nw_store_revision_row *r)
{
	struct export *e = cookie;
	struct nw_buf text = {0};
	char name[NAME_SIZE];
	json_t *o = nw_show_article(r->m, 1);

	nw_buf_addstr(&text, nw_pb_str(r->m->title));
	nw_buf_adds(&text, "\n\n");
	nw_buf_addstr(&text, nw_pb_str(r->m->body.len > 0 ? r->m->body : r->m->summary));
	nw_buf_adds(&text, "\n");
	(void)snprintf(name, sizeof(name), "revision-%lld.txt", (long long)e->n);
	if (text.failed)
		e->failed = nw_fail(e->err, NW_ERES, "out of memory") == -1;
	else
		e->failed = nw_folder_add(e->to, name, text.p, text.len, e->err) == -1;
	(void)snprintf(name, sizeof(name), "revision-%lld.json", (long long)e->n);
	e->failed = e->failed || add_json(e, name, o) == -1;
	json_decref(o);
	nw_buf_done(&text);
	return 1;
}

/* The bytes must still be those that were fetched, or they prove nothing. */
static int
add_document(struct export *e, const struct nw_store_history_row *r)
{
	struct nw_bytes body = {NULL, 0};
	uint8_t sum[NW_SHA256_LEN];
	char name[NAME_SIZE];
	int rc = nw_store_document(e->from->store, r->sha256, e->arena, &body, e->err);

	if (rc != 1)
		return rc == 0 ? nw_fail(e->err, NW_ERES, "the bytes of revision %lld are gone", (long long)r->n) : -1;
	nw_sha256(body.p, body.len, sum);
	if (r->sha256.len != sizeof(sum) || memcmp(sum, r->sha256.p, sizeof(sum)) != 0)
		return nw_fail(e->err, NW_ERES, "the kept bytes of revision %lld are not those that were fetched", (long long)r->n);
	(void)snprintf(name, sizeof(name), "document-%lld.bytes", (long long)r->n);
	if (nw_folder_add(e->to, name, body.p, body.len, e->err) == -1)
		return -1;
	(void)snprintf(name, sizeof(name), "document-%lld.headers", (long long)r->n);
	return nw_folder_add(e->to, name, r->headers.p, r->headers.len, e->err);
}

static int
add_revisions(struct export *e)
{
	struct nw_store *st = e->from->store;
	struct nw_history h;

	if (nw_history_read(st, e->proof->row.article, e->arena, &h, e->err) == -1)
		return -1;
	for (uint32_t i = 0; i < h.n; i++) {
		const struct nw_store_history_row *r = &h.row[i];

		e->n = r->n;
		if (nw_store_revision(st, r->revision, NW_STORE_WITH_TAGS, add_text, e, e->err) == -1 || e->failed ||
		    (r->kept && add_document(e, r) == -1))
			return -1;
		if (json_array_append_new(e->revisions, nw_history_json(r)) != 0)
			return nw_fail(e->err, NW_ERES, "out of memory");
	}
	return add_json(e, "revisions.json", e->revisions);
}

/* --- the alert -------------------------------------------------------------------------------------------------- */

static int
add_alert(struct export *e)
{
	json_t *o;
	int rc;

	nw_fail(e->err, NW_ERES, "out of memory"); /* unless the store says better */
	if ((o = nw_alert_whole_json(e->from, e->proof, e->err)) == NULL)
		return -1;
	rc = add_json(e, "alert.json", o);
	json_decref(o);
	if (rc == 0)
		rc = nw_folder_add(e->to, "watch.txt", e->proof->watch_text.p, e->proof->watch_text.len, e->err);
	return rc;
}

static int
export(struct nw_store_arg *from, const struct nw_store_proof *proof, struct nw_arena *arena, const char *dir, struct nw_err *err)
{
	struct nw_folder to;
	struct export e = {.from = from, .to = &to, .arena = arena, .proof = proof, .err = err};
	int rc;

	if (nw_folder_new(&to, dir, err) == -1)
		return -1;
	e.revisions = json_array();
	rc = e.revisions == NULL ? nw_fail(err, NW_ERES, "out of memory") : add_alert(&e);
	if (rc == 0 && (rc = add_revisions(&e)) == 0)
		rc = nw_folder_done(&to, err);
	if (rc == -1)
		nw_folder_drop(&to);
	json_decref(e.revisions);
	return rc;
}

static int
run(const struct nw_cli *cli, struct nw_store_arg *from, const char *id, const char *dir)
{
	struct nw_arena *arena = nw_arena_new(0);
	struct nw_store_proof *proof = NULL;
	struct nw_err err;
	int rc;

	if (arena == NULL)
		return nw_cli_fail(cli, NW_EXIT_BROKEN, "out of memory");
	rc = nw_store_proof(from->store, nw_str(id), arena, &proof, &err);
	if (rc == 0)
		rc = nw_fail(&err, NW_EINPUT, "there is no alert '%s', or more than one begins so", id);
	if (rc == 1)
		rc = export(from, proof, arena, dir, &err);
	nw_arena_free(arena);
	if (rc == -1)
		return nw_cli_fail_by(cli, &err);
	if (cli->json)
		printf("{\"export\":true}\n");
	else
		printf("check it with: cd %s && sha256sum -c SHA256SUMS\n", dir);
	return nw_out_done(cli, NW_EXIT_OK);
}

int
nw_cmd_export(struct nw_cli *cli, int argc, char **argv)
{
	const char *config = NULL;
	const struct nw_cli_option table[] = {
	    {"config", 'c', NW_CLI_TEXT, &config, "FILE", "configuration that names the store"},
	    {0},
	};
	int first, rc = nw_options_read(cli, table, argc, argv, &first);
	struct nw_store_arg store;

	if (rc != 0)
		return rc - 1;
	if (argc - first != 2)
		return nw_cli_fail(cli, NW_EXIT_USAGE, "it takes an alert and a new folder");
	if ((rc = nw_store_arg_open(cli, config, &store)) != 0)
		return rc;
	rc = run(cli, &store, argv[first], argv[first + 1]);
	nw_store_arg_close(&store);
	return rc;
}
