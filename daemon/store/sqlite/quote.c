#include "base/buf.h"
#include "base/hash.h"
#include "core/frame.h"
#include "store/sqlite/db.h"
#include "store/sqlite/quote.h"

static struct nw_str
field_text(const Nw__Article *art, uint32_t field)
{
	switch (field) {
	case NW_FIELD_TITLE:
		return nw_pb_str(art->title);
	case NW_FIELD_BODY:
		return nw_pb_str(art->body);
	case NW_FIELD_SUMMARY:
		return nw_pb_str(art->summary);
	case NW_FIELD_AUTHOR:
		return nw_pb_str(art->author);
	case NW_FIELD_URL:
		return nw_pb_str(art->url);
	case NW_FIELD_REMOVED_TITLE:
		return nw_pb_str(art->prev_title);
	case NW_FIELD_REMOVED_BODY:
		return nw_pb_str(art->prev_body);
	default:
		return NW_STR("");
	}
}

/* A part of a field without the difference of ASCII case and white space; the place itself where the text is not at
 * hand, which is new after every shift: an alert too many, never one too few. */
static void
add_folded(struct nw_buf *b, struct nw_str text, uint32_t off, uint32_t len)
{
	nw_buf_addc(b, '\n');
	if (off > text.len || len > text.len - off) {
		nw_buf_addf(b, "%u+%u", off, len);
		return;
	}
	for (uint32_t i = off; i < off + len; i++) {
		char ch = text.p[i];

		if (ch == ' ' || ch == '\t' || ch == '\n' || ch == '\r')
			ch = ' ';
		else if (ch >= 'A' && ch <= 'Z')
			ch = (char)(ch + 'a' - 'A');
		if (ch != ' ' || (b->len > 0 && b->p[b->len - 1] != ' '))
			nw_buf_addc(b, ch);
	}
}

/* Folded by the worker where it did; what was removed is another quotation than what stands. */
static int64_t
quote_of(struct nw_str watch, const Nw__Article *art, const Nw__Hit *h)
{
	int removed = h->field == NW_FIELD_REMOVED_TITLE || h->field == NW_FIELD_REMOVED_BODY;
	uint64_t seed = nw_hash_str(watch) ^ (removed ? UINT64_C(0x9e3779b97f4a7c15) : 0), q = h->quote;
	struct nw_buf b = {0};

	if (q == 0) {
		add_folded(&b, field_text(art, h->field), h->off, h->len);
		add_folded(&b, field_text(art, h->field), h->passage_off, h->passage_len);
		q = nw_hash64(b.p, b.len);
		nw_buf_done(&b);
	}
	return (int64_t)nw_hash64_seed(&q, sizeof(q), seed);
}

int
nw_quote_is_new(struct nw_store *st, struct nw_str watch, int64_t article, const Nw__Article *art,
    const Nw__Alert *al, struct nw_err *err)
{
	int64_t one;
	int rc;

	for (size_t i = 0; i < al->n_hits; i++) {
		rc = nw_db_get(st, NW_SQL_QUOTE_FIND,
		    NW_ARGS(nw_db_int(article), nw_db_int(quote_of(watch, art, al->hits[i]))), 0, &one, err);
		if (rc != 1)
			return rc == 0 ? 1 : -1;
	}
	return 0;
}

int
nw_quote_add_all(struct nw_store *st, struct nw_str watch, int64_t article, const Nw__Article *art,
    const Nw__Alert *al, struct nw_err *err)
{
	for (size_t i = 0; i < al->n_hits; i++)
		if (nw_db_run(st, NW_SQL_QUOTE_ADD,
			NW_ARGS(nw_db_int(article), nw_db_int(quote_of(watch, art, al->hits[i]))), err) == -1)
			return -1;
	return 0;
}
