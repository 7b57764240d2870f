#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "core/limits.h"
#include "core/url.h"
#include "core/url_host.h"

/* What may stand raw in the parts of a URL (RFC 3986, appendix A), one bit a part. */
enum { IN_USER = 1, IN_PATH = 2, IN_QUERY = 4 };

static int
is_alpha(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static int
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static int
is_unreserved(char c)
{
	return is_alpha(c) || is_digit(c) || c == '-' || c == '.' || c == '_' || c == '~';
}

static unsigned
allowed_in(char c)
{
	if (is_unreserved(c) || (c != '\0' && strchr("!$&'()*+,;=:", c) != NULL))
		return IN_USER | IN_PATH | IN_QUERY;
	switch (c) {
	case '@':
	case '/':
		return IN_PATH | IN_QUERY;
	case '?': /* "[" and "]" stand raw in queries of every browser */
	case '[':
	case ']':
		return IN_QUERY;
	default:
		return 0;
	}
}

static int
hex_value(char c)
{
	if (is_digit(c))
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

static int
is_escape(struct nw_str s, size_t i)
{
	return s.p[i] == '%' && s.len - i > 2 && hex_value(s.p[i + 1]) >= 0 && hex_value(s.p[i + 2]) >= 0;
}

static struct nw_str
cut(struct nw_str s, size_t from, size_t to)
{
	return (struct nw_str){s.p + from, to - from};
}

static struct nw_str
trim(struct nw_str s)
{
	while (s.len > 0 && (unsigned char)s.p[0] <= ' ')
		s.p++, s.len--;
	while (s.len > 0 && (unsigned char)s.p[s.len - 1] <= ' ')
		s.len--;
	return s;
}

static size_t
find_any(struct nw_str s, size_t from, const char *stop)
{
	while (from < s.len && (s.p[from] == '\0' || strchr(stop, s.p[from]) == NULL))
		from++;
	return from;
}

/* The length of "scheme" if s begins with "scheme:", else 0. */
static size_t
scheme_length(struct nw_str s)
{
	size_t i = 0;

	if (s.len == 0 || !is_alpha(s.p[0]))
		return 0;
	while (i < s.len && (is_alpha(s.p[i]) || is_digit(s.p[i]) || s.p[i] == '+' || s.p[i] == '-' || s.p[i] == '.'))
		i++;
	return i < s.len && s.p[i] == ':' ? i : 0;
}

static int
scheme_ok(struct nw_str scheme)
{
	return (scheme.len == 4 && strncasecmp(scheme.p, "http", 4) == 0) ||
	    (scheme.len == 5 && strncasecmp(scheme.p, "https", 5) == 0);
}

static int
check_bytes(struct nw_str s, int allow_blank, struct nw_err *err)
{
	size_t i;

	if (s.len > NW_URL_MAX)
		return nw_fail(err, NW_EINPUT, "the URL is longer than %d bytes", NW_URL_MAX);
	for (i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (c < ' ' || c == 0x7f || c == '\\' || (c == ' ' && !allow_blank))
			return nw_fail(err, NW_EINPUT, "the URL holds a %s",
			    c == '\\' ? "backslash" : c == ' ' ? "blank" : "control byte");
	}
	return 0;
}

static int
parse_port(struct nw_str port, struct nw_err *err)
{
	unsigned n = 0;
	size_t i;

	for (i = 0; i < port.len; i++) {
		if (!is_digit(port.p[i]) || (n = n * 10 + (unsigned)(port.p[i] - '0')) > 65535)
			return nw_fail(err, NW_EINPUT, "the URL's port is no number from 1 to 65535");
	}
	if (port.len > 0 && n == 0)
		return nw_fail(err, NW_EINPUT, "the URL's port is no number from 1 to 65535");
	return (int)n;
}

/* [userinfo "@"] host [":" port]; an "@" inside userinfo is refused, since readers differ on which one counts. */
static int
parse_authority(struct nw_str a, struct nw_url *u, struct nw_err *err)
{
	char host[NW_URL_HOST_MAX];
	size_t at = find_any(a, 0, "@"), i, end;

	if (at < a.len) {
		u->has_userinfo = 1;
		u->userinfo = cut(a, 0, at);
		a = cut(a, at + 1, a.len);
		for (i = 0; i < u->userinfo.len; i++) {
			if (!(allowed_in(u->userinfo.p[i]) & IN_USER) && !is_escape(u->userinfo, i))
				return nw_fail(err, NW_EINPUT, "the URL's user name holds a raw special character");
		}
	}
	end = a.len > 0 && a.p[0] == '[' ? find_any(a, 0, "]") + 1 : find_any(a, 0, ":");
	if (end > a.len)
		return nw_fail(err, NW_EINPUT, "the IPv6 address is not closed by ']'");
	u->host = cut(a, 0, end);
	u->port = cut(a, end < a.len ? end + 1 : end, a.len);
	if (end < a.len && a.p[end] != ':')
		return nw_fail(err, NW_EINPUT, "the URL's host is followed by something other than a port");
	if (parse_port(u->port, err) == -1)
		return -1;
	return nw_url_host_normal(u->host, host, err);
}

static void
split_tail(struct nw_str s, struct nw_url *u)
{
	size_t q = find_any(s, 0, "?#"), f = find_any(s, q, "#");

	u->path = cut(s, 0, q);
	u->has_query = q < f;
	u->query = u->has_query ? cut(s, q + 1, f) : cut(s, f, f);
	u->has_fragment = f < s.len;
	u->fragment = u->has_fragment ? cut(s, f + 1, s.len) : cut(s, s.len, s.len);
}

static int
parse(struct nw_str s, int allow_blank, struct nw_url *url_r, struct nw_err *err)
{
	struct nw_url u = {0};
	size_t n, start, end;

	if (check_bytes(s, allow_blank, err) == -1)
		return -1;
	n = scheme_length(s);
	u.scheme = cut(s, 0, n);
	if (!scheme_ok(u.scheme))
		return nw_fail(err, NW_EINPUT, "the URL does not begin with http:// or https://");
	if (s.len < n + 3 || memcmp(s.p + n, "://", 3) != 0)
		return nw_fail(err, NW_EINPUT, "two slashes are missing after the URL's scheme");
	start = n + 3;
	end = find_any(s, start, "/?#");
	u.userinfo = cut(s, start, start);
	if (parse_authority(cut(s, start, end), &u, err) == -1)
		return -1;
	split_tail(cut(s, end, s.len), &u);
	*url_r = u;
	return 0;
}

int
nw_url_parse(struct nw_str text, struct nw_url *url_r, struct nw_err *err)
{
	return parse(trim(text), 0, url_r, err);
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

		if (is_escape(s, i)) {
			char e[3] = {'%', hex[hex_value(s.p[i + 1])], hex[hex_value(s.p[i + 2])]};

			nw_buf_add(b, e, 3);
			i += 2;
		} else if (c == '%' || allowed_in((char)c) & part) {
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

		end = find_any(path, i, "/");
		seg = cut(path, i < path.len ? i : path.len, end);
		dots = dot_segment(seg);
		if (dots == 2) {
			while (b->len > floor && b->p[--b->len] != '/')
				;
		}
		if (dots == 0) {
			nw_buf_addc(b, '/');
			add_encoded(b, seg, IN_PATH);
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
	int https = u->scheme.len == 5, port = parse_port(u->port, NULL);
	char host[NW_URL_HOST_MAX];

	nw_buf_adds(b, https ? "https://" : "http://");
	if (u->has_userinfo && u->userinfo.len > 0) {
		add_encoded(b, u->userinfo, IN_USER);
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
		add_encoded(b, u->query, IN_QUERY);
	}
	if (u->has_fragment) {
		nw_buf_addc(b, '#');
		add_encoded(b, u->fragment, IN_QUERY);
	}
}

/* ${ref} without the tabs and line ends that browsers drop from it. */
static int
clean(struct nw_str s, struct nw_buf *b, struct nw_err *err)
{
	size_t i;

	s = trim(s);
	if (s.len > 2 * NW_URL_MAX)
		return nw_fail(err, NW_EINPUT, "the URL is longer than %d bytes", NW_URL_MAX);
	for (i = 0; i < s.len; i++) {
		if (s.p[i] != '\t' && s.p[i] != '\r' && s.p[i] != '\n')
			nw_buf_addc(b, s.p[i]);
	}
	if (b->failed)
		return nw_fail(err, NW_ERES, "url: out of memory");
	return check_bytes(nw_buf_str(b), 1, err);
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
	split_tail(ref, t);
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
	if (scheme_length(ref) > 0) {
		if (parse(ref, 1, &t, err) == -1)
			goto out;
	} else if (parse(trim(base), 1, &b, err) == -1) {
		goto out;
	} else if (nw_str_starts(ref, "//")) {
		nw_buf_addstr(&scratch, b.scheme);
		nw_buf_addc(&scratch, ':');
		nw_buf_addstr(&scratch, ref);
		if (parse(nw_buf_str(&scratch), 1, &t, err) == -1)
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
nw_url_resolve(struct nw_arena *arena, struct nw_str base, struct nw_str ref, struct nw_str *url_r, struct nw_err *err)
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
	int px = parse_port(a->port, NULL), py = parse_port(b->port, NULL);

	if (px <= 0)
		px = a->scheme.len == 5 ? 443 : 80;
	if (py <= 0)
		py = b->scheme.len == 5 ? 443 : 80;
	return px == py && nw_url_host_normal(a->host, x, NULL) == 0 && nw_url_host_normal(b->host, y, NULL) == 0 &&
	    strcmp(x, y) == 0;
}
