#include "base/buf.h"
#include "base/utf8.h"
#include "core/batch.h"
#include "core/digest.h"
#include "query/fold.h"
#include "worker/quote.h"

static int
in_word(int32_t cp)
{
	switch (NW_FOLD_CLASS(nw_fold_entry((uint32_t)cp))) {
	case NW_FOLD_WORD:
	case NW_FOLD_MARK:
	case NW_FOLD_HAN:
	case NW_FOLD_SEGMENT:
	case NW_FOLD_IGN:
		return 1;
	default:
		return 0;
	}
}

static void
add_word(struct nw_buf *b, const char *p, size_t n)
{
	if (n == 0)
		return;
	if (b->len > 0)
		nw_buf_addc(b, ' ');
	nw_fold_word(b, p, n);
}

/* The folded words of p[0..n), one blank between them: what a moved comma or a changed case does not change. */
static void
add_folded(struct nw_buf *b, const char *p, size_t n)
{
	const char *end = p + n, *word = p;
	size_t len;
	int32_t cp;

	for (; p < end; p += len) {
		cp = nw_utf8_next(p, end, &len);
		if (cp >= 0 && in_word(cp))
			continue;
		add_word(b, word, (size_t)(p - word));
		word = p + len;
	}
	add_word(b, word, (size_t)(p - word));
}

uint64_t
nw_quote_of(const Nw__Article *a, const Nw__Hit *h)
{
	struct nw_str text = nw_batch_field(a, h->field), part[2];
	struct nw_buf interval = {0}, passage = {0};
	uint8_t digest[NW_SHA256_LEN];
	uint64_t quote = 0;

	add_folded(&interval, text.p + h->off, h->len);
	add_folded(&passage, text.p + h->passage_off, h->passage_len);
	part[0] = nw_buf_str(&interval);
	part[1] = nw_buf_str(&passage);
	nw_sha256_parts(part, 2, digest);
	for (int i = 0; i < 8; i++)
		quote = quote << 8 | digest[i];
	nw_buf_done(&interval);
	nw_buf_done(&passage);
	return quote != 0 ? quote : 1;
}
