#include <unicode/ucnv.h>
#include <unicode/ucnv_cb.h>
#include <unicode/utf16.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "text/charset_convert.h"
#include "text/charset_table.h"

#define CHUNK	       4096 /* UTF-16 units converted at a time */
#define REPLACEMENT    0xfffd
#define ENCODINGS_KEPT 64 /* slots for open converters; the standard has 40 encodings */

/* What the callback needs of the conversion that runs. */
struct run {
	const struct nw_charset_enc *enc;
	size_t bad;
};

static UConverter *kept[ENCODINGS_KEPT];

/* Browsers' answer to a sequence ICU refuses: the table's, else U+FFFD, and an ASCII trail byte stands for
 * itself. */
static void
on_refused(const void *context, UConverterToUnicodeArgs *args, const char *bytes, int32_t n,
    UConverterCallbackReason reason, UErrorCode *ec)
{
	struct run *run = (struct run *)(uintptr_t)context;
	const struct nw_charset_fix *fix = NULL;
	UChar out[2] = {REPLACEMENT, 0};
	uint32_t code = 0;

	if (reason > UCNV_IRREGULAR)
		return;
	*ec = U_ZERO_ERROR;
	for (int32_t i = 0; i < n && i < 4; i++)
		code = code << 8 | (unsigned char)bytes[i];
	if (n <= 2)
		fix = nw_charset_table_fix(run->enc->in, run->enc->nin, code);
	if (fix != NULL)
		out[0] = fix->to;
	else
		run->bad++;
	if (fix == NULL && n == 2 && (unsigned char)bytes[0] >= 0x80 && (unsigned char)bytes[1] < 0x80)
		out[1] = (UChar)bytes[1];
	ucnv_cbToUWriteUChars(args, out, out[1] != 0 ? 2 : 1, 0, ec);
}

static UConverter *
converter(const struct nw_charset_enc *enc)
{
	size_t slot = (size_t)(enc - nw_charset_table_at(0));
	UErrorCode ec = U_ZERO_ERROR;

	if (slot >= ENCODINGS_KEPT)
		return NULL;
	if (kept[slot] == NULL)
		kept[slot] = ucnv_open(enc->icu, &ec);
	if (U_FAILURE(ec))
		kept[slot] = NULL;
	return kept[slot];
}

/* Writes one character as browsers would have it, at most 6 bytes. */
static size_t
put_char(struct run *run, char *out, UChar32 c)
{
	const struct nw_charset_enc *enc = run->enc;
	const struct nw_charset_fix *fix =
	    enc->nout != 0 ? nw_charset_table_fix(enc->out, enc->nout, (uint32_t)c) : NULL;
	size_t n;

	if (fix != NULL) {
		n = nw_utf8_put(out, fix->to);
		return fix->then != 0 ? n + nw_utf8_put(out + n, fix->then) : n;
	}
	/* ICU lets unassigned codes through as private use and as C1 controls where browsers see an error */
	if ((enc->kind == NW_CHARSET_MULTI && c >= 0x81 && c < 0xa0) ||
	    (!enc->private_ok && c >= 0xe000 && c <= 0xf8ff)) {
		run->bad++;
		c = REPLACEMENT;
	}
	return nw_utf8_put(out, c == 0 ? REPLACEMENT : (uint32_t)c);
}

static void
add_units(struct nw_buf *b, struct run *run, const UChar *u, int32_t n)
{
	char *out = nw_buf_room(b, (size_t)n * 6);
	size_t used = 0;
	int32_t i = 0;
	UChar32 c;

	if (out == NULL)
		return;
	while (i < n) {
		if (u[i] < 0x80 && u[i] != 0) {
			out[used++] = (char)u[i++];
			continue;
		}
		U16_NEXT(u, i, n, c);
		used += put_char(run, out + used, c);
	}
	b->len += used;
}

static int
by_icu(struct nw_buf *b, struct run *run, struct nw_bytes in)
{
	const char *src = (const char *)in.p, *end = src + in.len;
	UConverter *cv = converter(run->enc);
	UErrorCode ec = U_ZERO_ERROR;
	UChar chunk[CHUNK], *to = chunk;
	UChar lead;

	if (cv == NULL)
		return -1;
	ucnv_reset(cv);
	ucnv_setToUCallBack(cv, on_refused, run, NULL, NULL, &ec);
	do {
		ec = U_ZERO_ERROR;
		ucnv_toUnicode(cv, &to, chunk + CHUNK, &src, end, NULL, 1, &ec);
		/* a pair that the end of the chunk split waits for its second half */
		lead = ec == U_BUFFER_OVERFLOW_ERROR && U16_IS_LEAD(to[-1]) ? *--to : 0;
		add_units(b, run, chunk, (int32_t)(to - chunk));
		to = chunk;
		if (lead != 0)
			*to++ = lead;
	} while (ec == U_BUFFER_OVERFLOW_ERROR && !b->failed);
	return U_SUCCESS(ec) || b->failed ? 0 : -1;
}

static void
by_table(struct nw_buf *b, struct run *run, struct nw_bytes in)
{
	uint32_t cp;

	for (size_t i = 0; i < in.len && !b->failed; i++) {
		cp = in.p[i];
		if (cp == 0)
			cp = REPLACEMENT;
		else if (cp >= 0x80 && run->enc->kind == NW_CHARSET_USER_DEFINED)
			cp += 0xf780 - 0x80;
		else if (cp >= 0xa0)
			cp = nw_charset_table_latin10[cp - 0xa0];
		nw_utf8_add(b, cp);
	}
}

int
nw_charset_convert_add(struct nw_buf *b, const struct nw_charset_enc *enc, struct nw_bytes in, size_t *bad_r)
{
	struct run run = {.enc = enc};
	int rc = 0;

	if (enc->icu != NULL)
		rc = by_icu(b, &run, in);
	else
		by_table(b, &run, in);
	if (rc == 0 && bad_r != NULL)
		*bad_r = run.bad;
	return rc;
}

void
nw_charset_convert_warm(void)
{
	const struct nw_charset_enc *enc;

	for (size_t i = 0; (enc = nw_charset_table_at(i)) != NULL; i++)
		if (enc->icu != NULL)
			(void)converter(
			    enc); /* one that does not open now is tried again when it is needed */
}
