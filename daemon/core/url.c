#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "core/limits.h"
#include "core/url.h"
#include "core/url_host.h"
#include "core/url_part.h"

int
nw_url_parse(struct nw_str text, struct nw_url *url_r, struct nw_err *err)
{
	return nw_url_part_parse(nw_url_part_trim(text), 0, url_r, err);
}

/* The length of a dot segment's "." at s[i], also spelled %2e; 0 if none. */
static size_t
dot_at(struct nw_str s, size_t i)
{
	if (i < s.len && s.p[i] == '.')
		return 1;
	return s.len - i > 2 && s.p[i] == '%' && s.p[i + 1] == '2' && (s.p[i + 2] | 32) == 'e' ? 3 : 0;
}

/* How many dots segment s is made of, if it is "." or "..", else 0. */
static int
dot_segment(struct nw_str s)
{
	size_t one = dot_at(s, 0), two;

	if (one == 0)
		return 0;
	if (one == s.len)
		return 1;
	two = dot_at(s, one);
	return two > 0 && one + two == s.len ? 2 : 0;
}

static void
add_encoded(struct nw_buf *b, struct nw_str s, unsigned part)
{
	static const char hex[] = "0123456789ABCDEF";
	size_t i;

	for (i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (nw_url_part_is_escape(s, i)) {
			char e[3] = {'%', hex[nw_str_hex(s.p[i + 1])], hex[nw_str_hex(s.p[i + 2])]};

			nw_buf_add(b, e, 3);
			i += 2;
		} else if (c == '%' || nw_url_part_allowed((char)c) & part) {
			nw_buf_addc(b, (char)c); /* a lone "%" stays, as in browsers: servers know "%u6587" */
		} else {
			char e[3] = {'%', hex[c >> 4], hex[c & 15]};

			nw_buf_add(b, e, 3);
		}
	}
}

/* Appends the absolute path without its dot segments; `floor` is where the path begins in b. */
static void
add_path(struct nw_buf *b, struct nw_str path)
{
	size_t floor = b->len, i = 0, end;

	if (path.len > 0 && path.p[0] == '/')
		i = 1;
	for (;; i = end + 1) {
		struct nw_str seg;
		int dots;

		end = nw_url_part_find(path, i, "/");
		seg = nw_url_part_cut(path, i < path.len ? i : path.len, end);
		dots = dot_segment(seg);
		if (dots == 2) {
			while (b->len > floor && b->p[--b->len] != '/')
				;
		}
		if (dots == 0) {
			nw_buf_addc(b, '/');
			add_encoded(b, seg, NW_URL_IN_PATH);
		} else if (end >= path.len) {
			nw_buf_addc(b, '/');
		}
		if (end >= path.len)
			break;
	}
}

static void
add_authority(struct nw_buf *b, const struct nw_url *u)
{
	int https = u->scheme.len == 5, port = nw_url_part_port(u->port, NULL);
	char host[NW_URL_HOST_MAX];

	nw_buf_adds(b, https ? "https://" : "http://");
	if (u->has_userinfo && u->userinfo.len > 0) {
		add_encoded(b, u->userinfo, NW_URL_IN_USER);
		nw_buf_addc(b, '@');
	}
	if (nw_url_host_normal(u->host, host, NULL) == 0)
		nw_buf_adds(b, host);
	if (port > 0 && port != (https ? 443 : 80))
		nw_buf_addf(b, ":%d", port);
}

static void
serialise(struct nw_buf *b, const struct nw_url *u)
{
	add_authority(b, u);
	add_path(b, u->path);
	if (u->has_query) {
		nw_buf_addc(b, '?');
		add_encoded(b, u->query, NW_URL_IN_QUERY);
	}
	if (u->has_fragment) {
		nw_buf_addc(b, '#');
		add_encoded(b, u->fragment, NW_URL_IN_QUERY);
	}
}

/* ${ref} without the tabs and line ends that browsers drop from it. */
static int
clean(struct nw_str s, struct nw_buf *b, struct nw_err *err)
{
	size_t i;

	s = nw_url_part_trim(s);
	if (s.len > 2 * NW_URL_MAX)
		return nw_fail(err, NW_EINPUT, "the URL is longer than %d bytes", NW_URL_MAX);
	for (i = 0; i < s.len; i++) {
		if (s.p[i] != '\t' && s.p[i] != '\r' && s.p[i] != '\n')
			nw_buf_addc(b, s.p[i]);
	}
	if (b->failed)
		return nw_fail(err, NW_ERES, "url: out of memory");
	return nw_url_part_check(nw_buf_str(b), 1, err);
}

/* The base's path up to its last slash, then the reference's: RFC 3986, 5.2.3. */
static struct nw_str
merge(struct nw_buf *b, struct nw_str base, struct nw_str ref)
{
	size_t n = base.len;

	while (n > 0 && base.p[n - 1] != '/')
		n--;
	nw_buf_add(b, n > 0 ? base.p : "/", n > 0 ? n : 1);
	nw_buf_addstr(b, ref);
	return nw_buf_str(b);
}

/* RFC 3986, 5.2.2, for a reference without scheme and authority. */
static void
combine(const struct nw_url *base, struct nw_str ref, struct nw_buf *scratch, struct nw_url *t)
{
	*t = *base;
	nw_url_part_tail(ref, t);
	if (t->path.len == 0) {
		t->path = base->path;
		if (!t->has_query) {
			t->has_query = base->has_query;
			t->query = base->query;
		}
	} else if (t->path.p[0] != '/') {
		t->path = merge(scratch, base->path, t->path);
	}
}

static int
resolve(struct nw_str base, struct nw_str ref, struct nw_buf *out, struct nw_err *err)
{
	struct nw_buf text = {0}, scratch = {0};
	struct nw_url b, t;
	int rc = -1;

	if (clean(ref, &text, err) == -1)
		goto out;
	ref = nw_buf_str(&text);
	if (nw_url_part_scheme(ref) > 0) {
		if (nw_url_part_parse(ref, 1, &t, err) == -1)
			goto out;
	} else if (nw_url_part_parse(nw_url_part_trim(base), 1, &b, err) == -1) {
		goto out;
	} else if (nw_str_starts(ref, "//")) {
		nw_buf_addstr(&scratch, b.scheme);
		nw_buf_addc(&scratch, ':');
		nw_buf_addstr(&scratch, ref);
		if (nw_url_part_parse(nw_buf_str(&scratch), 1, &t, err) == -1)
			goto out;
	} else {
		combine(&b, ref, &scratch, &t);
	}
	serialise(out, &t);
	if (out->failed || scratch.failed || out->len > NW_URL_MAX)
		nw_fail(err, NW_EINPUT, "the URL is longer than %d bytes", NW_URL_MAX);
	else
		rc = 0;
out:
	nw_buf_done(&scratch);
	nw_buf_done(&text);
	return rc;
}

int
nw_url_resolve(
    struct nw_arena *arena, struct nw_str base, struct nw_str ref, struct nw_str *url_r, struct nw_err *err)
{
	struct nw_buf out = {0};
	struct nw_str s;
	int rc = resolve(base, ref, &out, err);

	if (rc == 0) {
		s = nw_arena_str(arena, out.p, out.len);
		if (s.p == NULL)
			rc = nw_fail(err, NW_ERES, "url: out of memory");
		else
			*url_r = s;
	}
	nw_buf_done(&out);
	return rc;
}

int
nw_url_same_host(const struct nw_url *a, const struct nw_url *b)
{
	char x[NW_URL_HOST_MAX], y[NW_URL_HOST_MAX];
	int px = nw_url_part_port(a->port, NULL), py = nw_url_part_port(b->port, NULL);

	if (px <= 0)
		px = a->scheme.len == 5 ? 443 : 80;
	if (py <= 0)
		py = b->scheme.len == 5 ? 443 : 80;
	return px == py && nw_url_host_normal(a->host, x, NULL) == 0 &&
	       nw_url_host_normal(b->host, y, NULL) == 0 && strcmp(x, y) == 0;
}
