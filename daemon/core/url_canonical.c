#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "core/limits.h"
#include "core/url.h"

/* Parameters that say where a reader came from and never which page is meant.  "x*" is a prefix. */
static const char *const tracking[] = {"utm_*", "fbclid", "gclid", "gclsrc", "dclid", "gbraid", "wbraid",
    "msclkid", "yclid", "ysclid", "twclid", "igshid", "mc_cid", "mc_eid", "_ga", "_gl", "_hsenc", "_hsmi",
    "mkt_tok", "vero_id", "wt_mc", "at_medium", "at_campaign", "spm", "share_token", "ref_src", "ref_url",
    NULL};

static int
is_tracking(struct nw_str param)
{
	const char *eq = memchr(param.p, '=', param.len);
	struct nw_str name = {param.p, eq != NULL ? (size_t)(eq - param.p) : param.len};
	size_t i, n;

	for (i = 0; tracking[i] != NULL; i++) {
		n = strlen(tracking[i]);
		if (tracking[i][n - 1] == '*' ? name.len >= n - 1 && memcmp(name.p, tracking[i], n - 1) == 0
					      : nw_str_is(name, tracking[i]))
			return 1;
	}
	return 0;
}

/* "%7E" and "~" are the same (RFC 3986, 6.2.2.2); escapes are upper-case and whole here. */
static void
add_unescaped(struct nw_buf *b, struct nw_str s)
{
	static const char digits[] = "0123456789ABCDEF";
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
	size_t i;

	for (i = 0; i < s.len; i++) {
		char c;

		if (s.p[i] != '%' || s.len - i < 3 || strchr(digits, s.p[i + 1]) == NULL ||
		    strchr(digits, s.p[i + 2]) == NULL) {
			if (s.p[i] == '%')
				nw_buf_adds(b, "%25"); /* or it would join what is unescaped behind it */
			else
				nw_buf_addc(b, s.p[i]);
			continue;
		}
		c = (char)(nw_str_hex(s.p[i + 1]) << 4 | nw_str_hex(s.p[i + 2]));
		if (c != '\0' && strchr(plain, c) != NULL)
			nw_buf_addc(b, c);
		else
			nw_buf_add(b, s.p + i, 3);
		i += 2;
	}
}

static void
add_path(struct nw_buf *b, struct nw_str path)
{
	struct nw_buf plain = {0};
	struct nw_str s;
	size_t i, end;

	add_unescaped(&plain, path);
	s = nw_buf_str(&plain);
	end = s.len;
	while (end > 1 && s.p[end - 1] == '/')
		end--;
	for (i = 0; i < end; i++) {
		if (i == 0 || s.p[i] != '/' || s.p[i - 1] != '/')
			nw_buf_addc(b, s.p[i]);
	}
	b->failed |= plain.failed;
	nw_buf_done(&plain);
}

static void
add_query(struct nw_buf *b, struct nw_str query)
{
	size_t start = 0, i, n = 0;

	for (i = 0; i <= query.len; i++) {
		struct nw_str param = {query.p + start, i - start};

		if (i < query.len && query.p[i] != '&')
			continue;
		if (param.len > 0 && !is_tracking(param)) {
			nw_buf_addc(b, n++ == 0 ? '?' : '&');
			add_unescaped(b, param);
		}
		start = i + 1;
	}
}

int
nw_url_canonical(struct nw_arena *arena, struct nw_str url, struct nw_str *url_r, struct nw_err *err)
{
	struct nw_buf b = {0};
	struct nw_str s;
	struct nw_url u;
	int rc = -1;

	if (nw_url_resolve(arena, nw_str(""), url, &s, err) == -1 || nw_url_parse(s, &u, err) == -1)
		return -1;
	nw_buf_adds(&b, "https://");
	nw_buf_addstr(&b, u.host);
	if (u.port.len > 0 && !nw_str_is(u.port, "443") && !nw_str_is(u.port, "80")) {
		nw_buf_addc(&b, ':');
		nw_buf_addstr(&b, u.port);
	}
	add_path(&b, u.path);
	add_query(&b, u.query);
	s = nw_buf_str(&b);
	if (s.len > NW_URL_MAX) { /* a lone '%' takes three bytes */
		nw_buf_done(&b);
		return nw_fail(err, NW_EINPUT, "the URL is longer than %d bytes", NW_URL_MAX);
	}
	s = nw_arena_str(arena, s.p, s.len);
	if (b.failed || s.p == NULL)
		nw_fail(err, NW_ERES, "url: out of memory");
	else {
		*url_r = s;
		rc = 0;
	}
	nw_buf_done(&b);
	return rc;
}
