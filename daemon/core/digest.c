#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "base/buf.h"
#include "base/str.h"
#include "core/digest.h"

/* One context and one algorithm for the whole run: looking them up costs more than hashing a short text. */
static EVP_MD_CTX *
begin(void)
{
	static EVP_MD_CTX *ctx;
	static EVP_MD *sha256;

	if (ctx == NULL)
		ctx = EVP_MD_CTX_new();
	if (sha256 == NULL)
		sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
	return ctx != NULL && sha256 != NULL && EVP_DigestInit_ex2(ctx, sha256, NULL) == 1 ? ctx : NULL;
}

static void
end(EVP_MD_CTX *ctx, int ok, uint8_t out[NW_SHA256_LEN])
{
	if (!ok || EVP_DigestFinal_ex(ctx, out, NULL) != 1)
		abort(); /* only without memory; a wrong identity would be worse than a restart */
}

void
nw_sha256(const void *p, size_t n, uint8_t out[NW_SHA256_LEN])
{
	EVP_MD_CTX *ctx = begin();

	end(ctx, ctx != NULL && EVP_DigestUpdate(ctx, p, n) == 1, out);
}

void
nw_sha256_parts(const struct nw_str *part, size_t n, uint8_t out[NW_SHA256_LEN])
{
	EVP_MD_CTX *ctx = begin();
	size_t i;
	int ok = ctx != NULL;

	for (i = 0; i < n && ok; i++) {
		uint64_t len = part[i].len;
		uint8_t head[8];
		int b;

		for (b = 0; b < 8; b++)
			head[b] = (uint8_t)(len >> (56 - 8 * b));
		ok = EVP_DigestUpdate(ctx, head, sizeof(head)) == 1 &&
		     EVP_DigestUpdate(ctx, part[i].p, part[i].len) == 1;
	}
	end(ctx, ok, out);
}

void
nw_hmac_sha256(struct nw_bytes key, struct nw_bytes data, uint8_t out[NW_SHA256_LEN])
{
	static const uint8_t none[1];

	/* an empty key must not be NULL: HMAC() would reuse the one before */
	if (key.len > INT32_MAX ||
	    HMAC(EVP_sha256(), key.len > 0 ? key.p : none, (int)key.len, data.p, data.len, out, NULL) == NULL)
		abort();
}

void
nw_base64_add(struct nw_buf *b, const void *p, size_t n)
{
	const uint8_t *src = p;

	while (n > 0) { /* whole groups, so that pieces join: 3 MiB at a time, below EVP's int */
		size_t piece = n < 3u << 20 ? n : 3u << 20;
		char *dst = nw_buf_room(b, (piece + 2) / 3 * 4 + 1);

		if (dst == NULL)
			return;
		b->len += (size_t)EVP_EncodeBlock((unsigned char *)dst, src, (int)piece);
		src += piece;
		n -= piece;
	}
}

static int
base64_shape(struct nw_str s, size_t *pad_r)
{
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	size_t i, pad = 0;

	if (s.len % 4 != 0 || s.len > INT32_MAX)
		return -1;
	while (pad < 2 && pad < s.len && s.p[s.len - 1 - pad] == '=')
		pad++;
	for (i = 0; i < s.len - pad; i++) {
		if (s.p[i] == '\0' || strchr(alphabet, s.p[i]) == NULL)
			return -1;
	}
	/* the bits that padding leaves over must be zero, or two texts would mean one value */
	if (pad > 0 && (strchr(alphabet, s.p[s.len - 1 - pad]) - alphabet) % (pad == 1 ? 4 : 16) != 0)
		return -1;
	*pad_r = pad;
	return 0;
}

int
nw_base64_decode(struct nw_str s, struct nw_buf *b)
{
	size_t pad;
	char *dst;
	int n;

	if (base64_shape(s, &pad) == -1)
		return -1;
	if (s.len == 0)
		return 0;
	dst = nw_buf_room(b, s.len / 4 * 3 + 1);
	if (dst == NULL)
		return -1;
	n = EVP_DecodeBlock((unsigned char *)dst, (const unsigned char *)s.p, (int)s.len);
	if (n < 0 || (size_t)n < pad)
		return -1;
	b->len += (size_t)n - pad;
	return 0;
}

const char *
nw_hex(const uint8_t *p, size_t n, char *out)
{
	static const char digit[] = "0123456789abcdef";
	size_t i;

	for (i = 0; i < n; i++) {
		out[2 * i] = digit[p[i] >> 4];
		out[2 * i + 1] = digit[p[i] & 15];
	}
	out[2 * n] = '\0';
	return out;
}

int
nw_unhex(struct nw_str s, uint8_t *out, size_t n)
{
	size_t i;

	if (s.len != 2 * n)
		return -1;
	for (i = 0; i < s.len; i++) {
		if (nw_str_hex(s.p[i]) < 0)
			return -1;
	}
	for (i = 0; i < n; i++)
		out[i] = (uint8_t)(nw_str_hex(s.p[2 * i]) << 4 | nw_str_hex(s.p[2 * i + 1]));
	return 0;
}

void
nw_random(void *p, size_t n)
{
	uint8_t *out = p;

	while (n > 0) {
		ssize_t got = getrandom(out, n, 0);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			abort();
		out += got;
		n -= (size_t)got;
	}
}
