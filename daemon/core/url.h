/*
 * url.h - http and https URLs: parse, resolve, canonical form.
 * Floor 1.  RFC 3986 with the lower-casing and default ports of the WHATWG URL Standard; backslashes, control bytes
 * and blanks inside are refused, blanks around are dropped; hosts are ASCII (text/ makes punycode of others before).
 */
#ifndef NW_CORE_URL_H
#define NW_CORE_URL_H

#include <newswatch/plugin.h>

struct nw_arena;
struct nw_err;

/* Parts borrow from the text given to nw_url_parse(). */
struct nw_url {
	struct nw_str scheme, userinfo, host, port, path, query, fragment;
	uint32_t has_query, has_fragment, has_userinfo;
};

/* An absolute http(s) URL.  errors NW_EINPUT. */
int nw_url_parse(struct nw_str, struct nw_url *url_r, struct nw_err *);
/*
 * nw_url_resolve(arena, base, ref, url_r, err):
 * ${ref} against ${base} (RFC 3986, 5.2), serialised: scheme and host lower-case, default port dropped, dot segments
 * removed, percent-encoding of what may not stand raw (UTF-8 in path and query included), upper-case hex; the
 * fragment is kept.  Idempotent.  A host that is not ASCII is refused with NW_EINPUT.
 * limits  NW_URL_MAX.
 */
int nw_url_resolve(struct nw_arena *, struct nw_str base, struct nw_str ref, struct nw_str *url_r, struct nw_err *);
/*
 * nw_url_canonical(arena, url, url_r, err):
 * The form that identity and deduplication compare: as resolved, without fragment, `utm_*` and other known tracking
 * parameters, http and https alike (https), trailing slash and duplicate slashes folded, "index.php/" kept.
 * limits  NW_URL_MAX: NW_EINPUT if the form would be longer (a lone '%' takes three bytes in it).
 */
int nw_url_canonical(struct nw_arena *, struct nw_str url, struct nw_str *url_r, struct nw_err *);
/* "host" or "host:port" for politeness and pools. */
int nw_url_same_host(const struct nw_url *, const struct nw_url *);
#endif
