#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "base/suggest.h"
#include "core/conf_type.h"
#include "core/conf_valid.h"
#include "core/netaddr.h"
#include "core/punycode.h"
#include "core/url.h"
#include "core/url_host.h"

#define ZONE_DIR      "/usr/share/zoneinfo"
#define WRONG(v, ...) nw_conf_diag((v)->diags, NW_CONF_ERROR, &(v)->at, __VA_ARGS__)

static int
is_alnum(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static int
only(struct nw_str s, const char *more)
{
	size_t i;

	for (i = 0; i < s.len; i++) {
		if (!is_alnum(s.p[i]) && (s.p[i] == '\0' || strchr(more, s.p[i]) == NULL))
			return 0;
	}
	return 1;
}

struct nw_conf_place
nw_conf_valid_place(const struct nw_conf_place *entry, const struct nw_value *v, uint32_t i)
{
	const Nw__Key *k = v->host;

	if (k == NULL)
		return *entry;
	return i < k->n_values ? nw_conf_at_scalar(entry, k->values[i]) : nw_conf_at_key(entry, k);
}

int
nw_conf_valid_name(const struct nw_conf_valid *v, struct nw_str s)
{
	if (s.len == 0 || !is_alnum(s.p[0]) || !only(s, "._-"))
		return WRONG(v,
		    "a name has letters, digits, '.', '_' and '-' and begins with a letter or digit: '%s'",
		    s.p);
	return 0;
}

/* A host with other letters than ASCII is said in punycode. */
static int
refuse_idn(const struct nw_conf_valid *v, struct nw_str url)
{
	const char *p = memmem(url.p, url.len, "://", 3);
	struct nw_buf b = {0};
	struct nw_str host;
	size_t i = 0, start;

	if (p == NULL)
		return 0;
	start = (size_t)(p + 3 - url.p);
	while (start + i < url.len && strchr("/?#:", url.p[start + i]) == NULL)
		i++;
	host = (struct nw_str){url.p + start, i};
	for (i = 0; i < host.len && (unsigned char)host.p[i] < 0x80; i++)
		;
	if (i == host.len)
		return 0;
	if (nw_punycode_host(host, &b) == 0)
		WRONG(v, "the host is not ASCII; write %s", nw_buf_str(&b).p);
	else
		WRONG(v, "the host is not ASCII; write it in punycode (xn--...)");
	nw_buf_done(&b);
	return 1;
}

int
nw_conf_valid_url(
    const struct nw_conf_valid *v, struct nw_arena *arena, struct nw_str s, struct nw_str *url_r)
{
	struct nw_err err;

	if (refuse_idn(v, s))
		return -1;
	if (nw_url_resolve(arena, nw_str(""), s, url_r, &err) == -1)
		return WRONG(v, "%s", err.msg);
	return 0;
}

int
nw_conf_valid_zone(const struct nw_conf_valid *v, struct nw_str s)
{
	char path[256];
	struct stat st;

	if (nw_str_is(s, "UTC"))
		return 0;
	if (!only(s, "_+-/") || s.len == 0 || s.p[0] == '/' || s.len > 64)
		return WRONG(v, "'%s' is no time zone; write a name such as Europe/Berlin", s.p);
	if (stat(ZONE_DIR "/UTC", &st) == -1) /* no zones on this machine: the workers know them */
		return 0;
	(void)snprintf(path, sizeof(path), ZONE_DIR "/%s", s.p);
	if (stat(path, &st) == -1 || !S_ISREG(st.st_mode))
		return WRONG(v,
		    "there is no time zone '%s'; write a name such as Europe/Berlin or Asia/Shanghai", s.p);
	return 0;
}

int
nw_conf_valid_lang(const struct nw_conf_valid *v, struct nw_str s)
{
	const char *dash = memchr(s.p, '-', s.len);
	size_t first = dash != NULL ? (size_t)(dash - s.p) : s.len;

	if (s.len == 0)
		return 0;
	if (first < 2 || first > 3 || !only(s, "-") || s.p[s.len - 1] == '-')
		return WRONG(v, "'%s' is no language; write a code such as en, zh or zh-Hant", s.p);
	return 0;
}

int
nw_conf_valid_country(const struct nw_conf_valid *v, struct nw_str s)
{
	size_t i;

	for (i = 0; i < s.len; i++) {
		if (s.p[i] < 'A' || s.p[i] > 'Z')
			return WRONG(
			    v, "'%s' is no country; write an ISO code in capitals such as CN or RU", s.p);
	}
	if (s.len != 0 && s.len != 2)
		return WRONG(v, "'%s' is no country; write an ISO code in capitals such as CN or RU", s.p);
	return 0;
}

/* addr-spec without comments and quoted strings; "Name <addr>" is for headers, not here. */
int
nw_conf_valid_mail(const struct nw_conf_valid *v, struct nw_str s)
{
	const char *at = memrchr(s.p, '@', s.len);
	struct nw_str local, host;
	size_t i;

	if (at == NULL)
		return WRONG(v, "'%s' is no e-mail address; write name@host", s.p);
	local = (struct nw_str){s.p, (size_t)(at - s.p)};
	host = (struct nw_str){at + 1, s.len - local.len - 1};
	for (i = 0; i < host.len && (unsigned char)host.p[i] < 0x80; i++)
		;
	if (i < host.len)
		return WRONG(v, "the host of '%s' is not ASCII; write it in punycode (xn--...)", s.p);
	if (local.len == 0 || local.len > 64 || !only(local, "!#$%&'*+-/=?^_`{|}~.") || host.len == 0 ||
	    host.len > 253 || !only(host, ".-") || !is_alnum(host.p[0]))
		return WRONG(v, "'%s' is no e-mail address; write name@host, without a display name", s.p);
	return 0;
}

int
nw_conf_valid_sender(const struct nw_conf_valid *v, struct nw_str s)
{
	const char *open = memchr(s.p, '<', s.len);
	char address[340];
	size_t n;

	if (open == NULL)
		return nw_conf_valid_mail(v, s);
	n = s.len - (size_t)(open + 1 - s.p);
	if (n < 2 || n >= sizeof(address) || s.p[s.len - 1] != '>' || memchr(s.p, '\n', s.len) != NULL)
		return WRONG(v, "a sender is written name@host or Name <name@host>, not '%s'", s.p);
	memcpy(address, open + 1, n - 1);
	address[n - 1] = '\0';
	return nw_conf_valid_mail(v, nw_str(address));
}

int
nw_conf_valid_header(const struct nw_conf_valid *v, struct nw_str s)
{
	const char *colon = memchr(s.p, ':', s.len);
	struct nw_str name = {s.p, colon != NULL ? (size_t)(colon - s.p) : 0};

	if (name.len == 0 || !only(name, "!#$%&'*+-.^_`|~") || memchr(s.p, '\n', s.len) != NULL)
		return WRONG(v, "a header is written \"Name: value\" on one line, not '%s'", s.p);
	if ((name.len == 4 && strncasecmp(name.p, "Host", 4) == 0) ||
	    (name.len == 14 && strncasecmp(name.p, "Content-Length", 14) == 0) ||
	    (name.len == 17 && strncasecmp(name.p, "Transfer-Encoding", 17) == 0))
		return WRONG(v, "the header '%.*s' is made by the program; remove it", (int)name.len, name.p);
	return 0;
}

int
nw_conf_valid_cidr(const struct nw_conf_valid *v, struct nw_str s)
{
	struct nw_cidr range;
	struct nw_err err;

	return nw_cidr_parse(s, &range, &err) == -1 ? WRONG(v, "%s", err.msg) : 0;
}

int
nw_conf_valid_proxy(const struct nw_conf_valid *v, struct nw_str s)
{
	struct nw_err err;
	struct nw_url u;

	if (s.len == 0)
		return 0;
	if (nw_url_parse(s, &u, &err) == -1 || u.path.len > 1 || u.has_query || u.has_fragment)
		return WRONG(v, "a proxy is written http://host:port, not '%s'", s.p);
	return 0;
}

int
nw_conf_valid_clock(const struct nw_conf_valid *v, struct nw_str s, int32_t *minutes_r)
{
	int hour, minute;
	char text[6];

	if (s.len != 5 || s.p[2] != ':' || strspn(s.p, "0123456789:") < 5)
		return WRONG(v, "'%s' holds times such as 07:00, not '%s'", v->option, s.p);
	memcpy(text, s.p, 5);
	text[5] = '\0';
	if (sscanf(text, "%2d:%2d", &hour, &minute) != 2 || hour > 23 || minute > 59)
		return WRONG(v, "'%s' holds times from 00:00 to 23:59, not '%s'", v->option, s.p);
	*minutes_r = hour * 60 + minute;
	return 0;
}

int
nw_conf_valid_loopback(struct nw_str host)
{
	return nw_str_is(host, "localhost") || nw_str_is(host, "[::1]") || nw_str_starts(host, "127.");
}

int
nw_conf_valid_within(struct nw_str host, struct nw_str range)
{
	struct nw_cidr inside, outside;
	char text[NW_URL_HOST_MAX];
	struct nw_str address;
	uint32_t i;

	if (nw_url_host_normal(nw_str_is(host, "localhost") ? nw_str("127.0.0.1") : host, text, NULL) == -1)
		return 0;
	address = nw_str(text);
	if (address.p[0] == '[')
		address = (struct nw_str){address.p + 1, address.len - 2};
	if (nw_cidr_parse(address, &inside, NULL) == -1 || nw_cidr_parse(range, &outside, NULL) == -1)
		return 0;
	for (i = 0; i < outside.bits; i++) {
		if ((inside.addr[i / 8] ^ outside.addr[i / 8]) & (0x80 >> i % 8))
			return 0;
	}
	return 1;
}

int
nw_conf_valid_server(const struct nw_conf_valid *v, struct nw_str s, int *loopback_r)
{
	int tls = nw_str_starts(s, "smtps://");
	char text[600], host[NW_URL_HOST_MAX];
	struct nw_err err;
	struct nw_url u;

	if (!tls && !nw_str_starts(s, "smtp://"))
		return WRONG(
		    v, "a mail server is written smtp://host:port or smtps://host:port, not '%s'", s.p);
	if (refuse_idn(v, s))
		return -1;
	/* the rules of a URL are those of http */
	(void)snprintf(text, sizeof(text), "http%s", s.p + (tls ? 5 : 4));
	if (nw_url_parse(nw_str(text), &u, &err) == -1)
		return WRONG(v, "%s", err.msg);
	if (u.has_userinfo)
		return WRONG(v, "a user name and password do not stand in the address; use 'username' and "
				"'password_file'");
	if (u.path.len > 1 || u.has_query || u.has_fragment)
		return WRONG(v, "nothing follows the port of a mail server");
	*loopback_r = nw_url_host_normal(u.host, host, NULL) == 0 && nw_conf_valid_loopback(nw_str(host));
	return 0;
}
