#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "core/digest.h"
#include "core/limits.h"
#include "cli/history.h"
#include "cli/rows.h"
#include "cli/show.h"

struct reading {
	struct nw_history *to;
	struct nw_arena *arena;
	int failed;
};

static int
keep_row(void *cookie, const struct nw_store_history_row *r)
{
	struct reading *rd = cookie;
	struct nw_store_history_row *to = &rd->to->row[rd->to->n];
	struct nw_str sha = nw_arena_dup(rd->arena, (struct nw_str){(const char *)r->sha256.p, r->sha256.len});

	*to = *r;
	to->sha256.p = (const uint8_t *)sha.p;
	to->url = nw_arena_dup(rd->arena, r->url);
	to->type = nw_arena_dup(rd->arena, r->type);
	to->headers = nw_arena_dup(rd->arena, r->headers);
	rd->failed = sha.p == NULL || to->url.p == NULL || to->type.p == NULL || to->headers.p == NULL;
	rd->to->n++;
	return rd->failed || rd->to->n == NW_STORE_ROWS_MAX;
}

int
nw_history_read(struct nw_store *st, int64_t article, struct nw_arena *arena, struct nw_history *h, struct nw_err *err)
{
	struct reading rd = {.to = h, .arena = arena};

	*h = (struct nw_history){.row = nw_arena_array(arena, NW_STORE_ROWS_MAX, sizeof(*h->row))};
	if (h->row == NULL)
		return nw_fail(err, NW_ERES, "out of memory");
	if (nw_store_history(st, article, keep_row, &rd, err) == -1)
		return -1;
	return rd.failed ? nw_fail(err, NW_ERES, "out of memory") : 0;
}

json_t *
nw_history_json(const struct nw_store_history_row *r)
{
	char hex[2 * NW_SHA256_LEN + 1] = "";
	json_t *o = json_object();

	if (r->sha256.len == NW_SHA256_LEN)
		(void)nw_hex(r->sha256.p, r->sha256.len, hex);
	return nw_show_whole(o,
	    nw_show_set(o, "n", json_integer(r->n)) | nw_show_set(o, "seen", nw_rows_instant(r->seen_ms)) |
		nw_show_set(o, "url", nw_show_text(r->url)) |
		nw_show_set(o, "fetched", nw_rows_instant(r->fetched_ms)) |
		nw_show_set(o, "type", nw_show_text(r->type)) | nw_show_set(o, "sha256", json_string(hex)) |
		nw_show_set(o, "kept", json_boolean(r->kept)));
}
