/*
 * Redirects are followed by our own rules, one hop at a time: libcurl's reading of a Location differs from
 * core/url's, and it can neither refuse what leads to itself nor leave a source's headers behind.
 */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "core/limits.h"
#include "core/url.h"
#include "main/fetch_own.h"

static int
is_redirect(long status)
{
	return (status >= 301 && status <= 303) || status == 307 || status == 308;
}

static int
same_place(const struct nw_url *a, const struct nw_url *b)
{
	return nw_str_eq(a->scheme, b->scheme) && nw_url_same_host(a, b);
}

/* Whether the hop is allowed; the URL is absolute. */
static int
check_hop(const struct nw_transfer *t, struct nw_str url, int *foreign_r, struct nw_err *err)
{
	struct nw_url from, to;

	if (nw_url_parse(nw_str(t->url), &from, err) == -1 || nw_url_parse(url, &to, err) == -1)
		return -1;
	if (to.has_userinfo)
		return nw_fail(err, NW_EINPUT, "a redirect carries a name and password: not followed");
	if (nw_str_is(from.scheme, "https") && nw_str_is(to.scheme, "http") && !t->allow_http)
		return nw_fail(err, NW_EINPUT,
		    "a redirect leads from https to plain http: the source may allow it with allow_http");
	if (nw_str_eq(url, nw_str(t->url)) && !t->self_redirect)
		return nw_fail(err, NW_EINPUT,
		    "a redirect leads to the same URL, as cookie gates send it: the source may follow it "
		    "with self_redirect");
	*foreign_r = !same_place(&from, &to);
	return 0;
}

static struct nw_str
without_fragment(struct nw_str url)
{
	const char *hash = memchr(url.p, '#', url.len);

	return hash == NULL ? url : (struct nw_str){url.p, (size_t)(hash - url.p)};
}

static int
take_hop(struct nw_transfer *t, struct nw_str url, long status, int foreign, struct nw_err *err)
{
	char *copy = strndup(url.p, url.len);

	if (copy == NULL)
		return nw_fail(err, NW_ERES, "out of memory");
	free(t->url);
	t->url = copy;
	t->redirects++;
	t->foreign |= (unsigned)foreign;
	t->was_temporary |= status != 301 && status != 308;
	if (!t->was_temporary) {
		nw_buf_reset(&t->moved_to);
		nw_buf_addstr(&t->moved_to, url);
	}
	return 1;
}

int
nw_fetch_redirect(struct nw_transfer *t, struct nw_err *err)
{
	struct nw_arena *arena;
	struct nw_str url;
	long status = 0;
	int rc, foreign = 0;

	(void)curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &status); /* stays 0 */
	if (!is_redirect(status) || t->location.len == 0)
		return 0;
	if (t->redirects >= t->fetch->opt.redirects)
		return nw_fail(err, NW_EINPUT, "more than %u redirects", t->fetch->opt.redirects);
	if ((arena = nw_arena_new(0)) == NULL)
		return nw_fail(err, NW_ERES, "out of memory");
	rc = nw_url_resolve(arena, nw_str(t->url), nw_buf_str(&t->location), &url, err);
	if (rc == 0) {
		url = without_fragment(url);
		rc = check_hop(t, url, &foreign, err);
	}
	if (rc == 0)
		rc = take_hop(t, url, status, foreign, err);
	nw_arena_free(arena);
	return rc;
}
