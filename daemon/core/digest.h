/*
 * digest.h - SHA-256, HMAC, base64, hex, random bytes, by libcrypto.  Identity that outlives a release stands on these.
 * Floor 1.
 */
#ifndef NW_CORE_DIGEST_H
#define NW_CORE_DIGEST_H

#include <newswatch/plugin.h>

struct nw_buf;

#define NW_SHA256_LEN 32u

void nw_sha256(const void *, size_t, uint8_t out[NW_SHA256_LEN]);
/* Of several parts, each preceded by its length, so that ("ab","c") and ("a","bc") differ. */
void nw_sha256_parts(const struct nw_str *, size_t n, uint8_t out[NW_SHA256_LEN]);
void nw_hmac_sha256(struct nw_bytes key, struct nw_bytes data, uint8_t out[NW_SHA256_LEN]);
void nw_base64_add(struct nw_buf *, const void *, size_t); /* no line breaks */
int nw_base64_decode(struct nw_str, struct nw_buf *);	    /* strict; -1 */
const char *nw_hex(const uint8_t *, size_t, char *out);	    /* out holds 2n+1 */
int nw_unhex(struct nw_str, uint8_t *out, size_t n);	    /* exactly n bytes; -1 */
void nw_random(void *, size_t);				    /* aborts the program if the system has none */
#endif
