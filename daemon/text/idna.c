#include <string.h>

#include <unicode/uidna.h>

#include "base/arena.h"
#include "base/err.h"
#include "core/limits.h"
#include "core/url.h"
#include "text/idna.h"

#define HOST_MAX 1024 /* bytes of a host before and after; DNS allows 253 */

static UIDNA *idna; /* opened once, before the lock */

void
nw_idna_warm(void)
{
	UErrorCode ec = U_ZERO_ERROR;

	if (idna == NULL)
		idna = uidna_openUTS46(UIDNA_NONTRANSITIONAL_TO_ASCII | UIDNA_CHECK_BIDI, &ec);
}

/* Where the host of "scheme://[user@]host[:port]..." or "//host..." stands; 0 if there is none. */
static int
find_host(struct nw_str ref, size_t *from_r, size_t *to_r)
{
	size_t from = 0, to, i;

	while (from < ref.len && strchr("/?#", ref.p[from]) == NULL)
		from++;
	if (from + 2 > ref.len || memcmp(ref.p + from, "//", 2) != 0)
		return 0;
	from += 2;
	for (to = from; to < ref.len && strchr("/?#", ref.p[to]) == NULL; to++)
		if (ref.p[to] == '@')
			from = to + 1;
	for (i = from; i < to; i++)
		if (ref.p[i] == ':')
			to = i;
	*from_r = from;
	*to_r = to;
	return to > from;
}

static int
all_ascii(const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if ((unsigned char)p[i] >= 0x80)
			return 0;
	return 1;
}

/* Browsers take "\\" before a query for "/", and so do those who write "news\\detail.htm"; "" without memory. */
static struct nw_str
slashed(struct nw_arena *arena, struct nw_str ref)
{
	size_t end = 0;
	char *copy;

	while (end < ref.len && ref.p[end] != '?' && ref.p[end] != '#')
		end++;
	if (memchr(ref.p, '\\', end) == NULL)
		return ref;
	if ((copy = nw_arena_alloc(arena, ref.len + 1)) == NULL)
		return (struct nw_str){"", 0};
	memcpy(copy, ref.p, ref.len);
	copy[ref.len] = '\0';
	for (size_t i = 0; i < end; i++)
		if (copy[i] == '\\')
			copy[i] = '/';
	return (struct nw_str){copy, ref.len};
}

int
nw_idna_resolve(
    struct nw_arena *arena, struct nw_str base, struct nw_str ref, struct nw_str *url_r, struct nw_err *err)
{
	UIDNAInfo info = UIDNA_INFO_INITIALIZER;
	UErrorCode ec = U_ZERO_ERROR;
	char host[HOST_MAX];
	struct nw_str ascii;
	size_t from, to, len = ref.len;
	int32_t n;

	if (len <= 2 * NW_URL_MAX && (ref = slashed(arena, ref)).len != len)
		return nw_fail(err, NW_ELIMIT, "the URL does not fit into the memory of its job");
	if (all_ascii(ref.p, ref.len) || !find_host(ref, &from, &to) || all_ascii(ref.p + from, to - from))
		return nw_url_resolve(arena, base, ref, url_r, err);
	nw_idna_warm();
	if (idna == NULL)
		return nw_fail(err, NW_ERES, "url: out of memory");
	if (to - from > HOST_MAX || ref.len > 2 * NW_URL_MAX)
		return nw_fail(err, NW_EINPUT, "the URL is longer than %d bytes", NW_URL_MAX);
	n = uidna_nameToASCII_UTF8(idna, ref.p + from, (int32_t)(to - from), host, sizeof(host), &info, &ec);
	if (U_FAILURE(ec) || info.errors != 0 || n <= 0 || n >= HOST_MAX)
		return nw_fail(err, NW_EINPUT, "the URL's host is no name");
	ascii = nw_arena_printf(
	    arena, "%.*s%.*s%.*s", (int)from, ref.p, (int)n, host, (int)(ref.len - to), ref.p + to);
	if (ascii.p == NULL)
		return nw_fail(err, NW_ELIMIT, "the URL does not fit into the memory of its job");
	return nw_url_resolve(arena, base, ascii, url_r, err);
}
