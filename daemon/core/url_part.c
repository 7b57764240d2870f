#include <string.h>
#include <strings.h>

#include "base/err.h"
#include "base/str.h"
#include "core/limits.h"
#include "core/url_host.h"
#include "core/url_part.h"

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

unsigned
nw_url_part_allowed(char c)
{
	if (is_unreserved(c) || (c != '\0' && strchr("!$&'()*+,;=:", c) != NULL))
		return NW_URL_IN_USER | NW_URL_IN_PATH | NW_URL_IN_QUERY;
	switch (c) {
	case '@':
	case '/':
		return NW_URL_IN_PATH | NW_URL_IN_QUERY;
	case '?': /* "[" and "]" stand raw in queries of every browser */
	case '[':
	case ']':
		return NW_URL_IN_QUERY;
	default:
		return 0;
	}
}

int
nw_url_part_is_escape(struct nw_str s, size_t i)
{
	return s.p[i] == '%' && s.len - i > 2 && nw_str_hex(s.p[i + 1]) >= 0 && nw_str_hex(s.p[i + 2]) >= 0;
}

struct nw_str
nw_url_part_cut(struct nw_str s, size_t from, size_t to)
{
	return (struct nw_str){s.p + from, to - from};
}

struct nw_str
nw_url_part_trim(struct nw_str s)
{
	while (s.len > 0 && (unsigned char)s.p[0] <= ' ')
		s.p++, s.len--;
	while (s.len > 0 && (unsigned char)s.p[s.len - 1] <= ' ')
		s.len--;
	return s;
}

size_t
nw_url_part_find(struct nw_str s, size_t from, const char *stop)
{
	while (from < s.len && (s.p[from] == '\0' || strchr(stop, s.p[from]) == NULL))
		from++;
	return from;
}

size_t
nw_url_part_scheme(struct nw_str s)
{
	size_t i = 0;

	if (s.len == 0 || !is_alpha(s.p[0]))
		return 0;
	while (i < s.len &&
	       (is_alpha(s.p[i]) || is_digit(s.p[i]) || s.p[i] == '+' || s.p[i] == '-' || s.p[i] == '.'))
		i++;
	return i < s.len && s.p[i] == ':' ? i : 0;
}

static int
scheme_ok(struct nw_str scheme)
{
	return (scheme.len == 4 && strncasecmp(scheme.p, "http", 4) == 0) ||
	       (scheme.len == 5 && strncasecmp(scheme.p, "https", 5) == 0);
}

int
nw_url_part_check(struct nw_str s, int allow_blank, struct nw_err *err)
{
	size_t i;

	if (s.len > NW_URL_MAX)
		return nw_fail(err, NW_EINPUT, "the URL is longer than %d bytes", NW_URL_MAX);
	for (i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (c < ' ' || c == 0x7f || c == '\\' || (c == ' ' && !allow_blank))
			return nw_fail(err, NW_EINPUT, "the URL holds a %s",
			    c == '\\'  ? "backslash"
			    : c == ' ' ? "blank"
				       : "control byte");
	}
	return 0;
}

int
nw_url_part_port(struct nw_str port, struct nw_err *err)
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

/* [userinfo "@"] host [":" port]; an "@" inside userinfo is refused, since readers differ on which one
 * counts. */
static int
parse_authority(struct nw_str a, struct nw_url *u, struct nw_err *err)
{
	char host[NW_URL_HOST_MAX];
	size_t at = nw_url_part_find(a, 0, "@"), i, end;

	if (at < a.len) {
		u->has_userinfo = 1;
		u->userinfo = nw_url_part_cut(a, 0, at);
		a = nw_url_part_cut(a, at + 1, a.len);
		for (i = 0; i < u->userinfo.len; i++) {
			if (!(nw_url_part_allowed(u->userinfo.p[i]) & NW_URL_IN_USER) &&
			    !nw_url_part_is_escape(u->userinfo, i))
				return nw_fail(
				    err, NW_EINPUT, "the URL's user name holds a raw special character");
		}
	}
	end = a.len > 0 && a.p[0] == '[' ? nw_url_part_find(a, 0, "]") + 1 : nw_url_part_find(a, 0, ":");
	if (end > a.len)
		return nw_fail(err, NW_EINPUT, "the IPv6 address is not closed by ']'");
	u->host = nw_url_part_cut(a, 0, end);
	u->port = nw_url_part_cut(a, end < a.len ? end + 1 : end, a.len);
	if (end < a.len && a.p[end] != ':')
		return nw_fail(err, NW_EINPUT, "the URL's host is followed by something other than a port");
	if (nw_url_part_port(u->port, err) == -1)
		return -1;
	return nw_url_host_normal(u->host, host, err);
}

void
nw_url_part_tail(struct nw_str s, struct nw_url *u)
{
	size_t q = nw_url_part_find(s, 0, "?#"), f = nw_url_part_find(s, q, "#");

	u->path = nw_url_part_cut(s, 0, q);
	u->has_query = q < f;
	u->query = u->has_query ? nw_url_part_cut(s, q + 1, f) : nw_url_part_cut(s, f, f);
	u->has_fragment = f < s.len;
	u->fragment = u->has_fragment ? nw_url_part_cut(s, f + 1, s.len) : nw_url_part_cut(s, s.len, s.len);
}

int
nw_url_part_parse(struct nw_str s, int allow_blank, struct nw_url *url_r, struct nw_err *err)
{
	struct nw_url u = {0};
	size_t n, start, end;

	if (nw_url_part_check(s, allow_blank, err) == -1)
		return -1;
	n = nw_url_part_scheme(s);
	u.scheme = nw_url_part_cut(s, 0, n);
	if (!scheme_ok(u.scheme))
		return nw_fail(err, NW_EINPUT, "the URL does not begin with http:// or https://");
	if (s.len < n + 3 || memcmp(s.p + n, "://", 3) != 0)
		return nw_fail(err, NW_EINPUT, "two slashes are missing after the URL's scheme");
	start = n + 3;
	end = nw_url_part_find(s, start, "/?#");
	u.userinfo = nw_url_part_cut(s, start, start);
	if (parse_authority(nw_url_part_cut(s, start, end), &u, err) == -1)
		return -1;
	nw_url_part_tail(nw_url_part_cut(s, end, s.len), &u);
	*url_r = u;
	return 0;
}
