#include <string.h>
#include <unicode/uidna.h>

#include "base/arena.h"
#include "base/err.h"
#include "core/url.h"
#include "worker/idn.h"

#define HOST_MAX 1024 /* bytes of a host before and after; DNS allows 253 */

static UIDNA *idna; /* opened once, before the lock */

void
nw_idn_warm(void)
{
	UErrorCode ec = U_ZERO_ERROR;

	if (idna == NULL)
		idna = uidna_openUTS46(UIDNA_NONTRANSITIONAL_TO_ASCII | UIDNA_CHECK_BIDI, &ec);
}

/* Where the host of "scheme://[user@]host[:port]..." or "//host" stands; 0 if there is none. */
static int
find_host(struct nw_str ref, size_t *from_r, size_t *to_r)
{
	const char *p = memmem(ref.p, ref.len, "//", 2);
	size_t from, to, i;

	if (p == NULL || (p != ref.p && p[-1] != ':'))
		return 0;
	from = (size_t)(p - ref.p) + 2;
	for (to = from; to < ref.len && strchr("/?#", ref.p[to]) == NULL; to++)
		;
	for (i = from; i < to; i++)
		if (ref.p[i] == '@')
			from = i + 1;
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

int
nw_idn_resolve(struct nw_arena *a, struct nw_str base, struct nw_str ref, struct nw_str *url_r, struct nw_err *err)
{
	UIDNAInfo info = UIDNA_INFO_INITIALIZER;
	UErrorCode ec = U_ZERO_ERROR;
	char host[HOST_MAX];
	struct nw_str ascii;
	size_t from, to;
	int32_t n;

	if (all_ascii(ref.p, ref.len) || !find_host(ref, &from, &to) || all_ascii(ref.p + from, to - from))
		return nw_url_resolve(a, base, ref, url_r, err);
	nw_idn_warm();
	if (idna == NULL || to - from > HOST_MAX)
		return nw_fail(err, NW_EINPUT, "the URL's host is no name");
	n = uidna_nameToASCII_UTF8(idna, ref.p + from, (int32_t)(to - from), host, sizeof(host), &info, &ec);
	if (U_FAILURE(ec) || info.errors != 0 || n <= 0 || n >= HOST_MAX)
		return nw_fail(err, NW_EINPUT, "the URL's host is no name");
	ascii = nw_arena_printf(a, "%.*s%.*s%.*s", (int)from, ref.p, (int)n, host, (int)(ref.len - to), ref.p + to);
	if (ascii.p == NULL)
		return nw_fail(err, NW_ELIMIT, "no memory for a URL");
	return nw_url_resolve(a, base, ascii, url_r, err);
}
