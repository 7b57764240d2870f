#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/str.h"
#include "core/url_host.h"

#define LABEL_MAX    63u /* bytes; RFC 1035, 2.3.4 */
#define NAME_MAX_DNS 253u

static int
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* A number as the WHATWG URL Standard reads it in an IPv4 host: decimal, 0octal, 0xhex. */
static int
ipv4_number(struct nw_str s, uint64_t *n_r)
{
	unsigned base = 10;
	uint64_t n = 0;
	size_t i = 0;

	if (s.len == 0)
		return -1;
	if (s.len >= 2 && s.p[0] == '0' && s.p[1] == 'x') {
		base = 16;
		i = 2;
	} else if (s.len >= 2 && s.p[0] == '0') {
		base = 8;
		i = 1;
	}
	if (base == 16 && i == s.len) /* browsers read "0x" as 0, curl as a name */
		return -1;
	for (; i < s.len; i++) {
		int v = nw_str_hex(s.p[i]);

		if (v < 0 || (unsigned)v >= base)
			return -1;
		n = n * base + (unsigned)v;
		if (n > UINT32_MAX)
			return -1;
	}
	*n_r = n;
	return 0;
}

/* The last label decides: a name that ends in a number, "0x" included, is an address or nothing. */
static int
ends_in_number(struct nw_str name)
{
	size_t i = name.len, start;
	int hex;

	while (i > 0 && name.p[i - 1] != '.')
		i--;
	start = i;
	hex = name.len - i >= 2 && name.p[i] == '0' && name.p[i + 1] == 'x';
	if (hex)
		i += 2;
	while (i < name.len && (hex ? nw_str_hex(name.p[i]) >= 0 : is_digit(name.p[i])))
		i++;
	return i == name.len && i > start;
}

static int
ipv4_parse(struct nw_str s, uint32_t *addr_r)
{
	uint64_t part[4], addr = 0;
	size_t i, start = 0, n = 0;

	for (i = 0; i <= s.len; i++) {
		if (i < s.len && s.p[i] != '.')
			continue;
		if (n == 4 || ipv4_number((struct nw_str){s.p + start, i - start}, &part[n]) == -1)
			return -1;
		n++;
		start = i + 1;
	}
	for (i = 0; i + 1 < n; i++) {
		if (part[i] > 255)
			return -1;
		addr |= part[i] << (24 - 8 * i);
	}
	if (part[n - 1] >= 1ull << (8 * (5 - n)))
		return -1;
	*addr_r = (uint32_t)(addr | part[n - 1]);
	return 0;
}

static int
ipv6_normal(struct nw_str host, char out[NW_URL_HOST_MAX], struct nw_err *err)
{
	char text[INET6_ADDRSTRLEN];
	struct in6_addr a;

	if (host.len < 4 || host.len - 2 >= sizeof(text) || host.p[host.len - 1] != ']')
		return nw_fail(err, NW_EINPUT, "the IPv6 address is not closed by ']' or too long");
	memcpy(text, host.p + 1, host.len - 2);
	text[host.len - 2] = '\0';
	if (memchr(text, '\0', host.len - 2) != NULL || inet_pton(AF_INET6, text, &a) != 1)
		return nw_fail(err, NW_EINPUT, "no IPv6 address stands between the brackets");
	if (inet_ntop(AF_INET6, &a, text, sizeof(text)) == NULL)
		return nw_fail(err, NW_EINPUT, "the IPv6 address cannot be written");
	(void)snprintf(out, NW_URL_HOST_MAX, "[%s]", text);
	return 0;
}

static char *
octet_write(uint32_t n, char *p)
{
	if (n >= 100)
		*p++ = (char)('0' + n / 100);
	if (n >= 10)
		*p++ = (char)('0' + n / 10 % 10);
	*p++ = (char)('0' + n % 10);
	return p;
}

/* As inet_ntop() does; every source's address passes here at a start. */
static void
ipv4_write(uint32_t addr, char *out)
{
	for (int shift = 24; shift >= 0; shift -= 8) {
		out = octet_write(addr >> shift & 255, out);
		*out++ = shift > 0 ? '.' : '\0';
	}
}

/* Lower-cases into out and checks characters and labels. */
static int
name_lower(struct nw_str host, char out[NW_URL_HOST_MAX], struct nw_err *err)
{
	size_t i, label = 0;

	if (host.len == 0)
		return nw_fail(err, NW_EINPUT, "the URL has no host");
	if (host.len > NAME_MAX_DNS)
		return nw_fail(err, NW_EINPUT, "the host is longer than %u bytes", NAME_MAX_DNS);
	for (i = 0; i < host.len; i++) {
		char c = host.p[i];

		if (c >= 'A' && c <= 'Z')
			c = (char)(c + 32);
		if (c == '.' ? label == 0 : ++label > LABEL_MAX)
			return nw_fail(
			    err, NW_EINPUT, "the host has an empty or too long part between its dots");
		if (c == '.')
			label = 0;
		else if ((unsigned char)c >= 0x80)
			return nw_fail(
			    err, NW_EINPUT, "the host is not ASCII: write it in punycode (xn--...)");
		else if (!(c >= 'a' && c <= 'z') && !is_digit(c) && c != '-' && c != '_')
			return nw_fail(err, NW_EINPUT, "the host holds a character that no host has");
		out[i] = c;
	}
	out[i] = '\0';
	return 0;
}

int
nw_url_host_normal(struct nw_str host, char out[NW_URL_HOST_MAX], struct nw_err *err)
{
	struct nw_str lower;
	uint32_t addr;

	if (host.len > 0 && host.p[0] == '[')
		return ipv6_normal(host, out, err);
	if (name_lower(host, out, err) == -1)
		return -1;
	lower = (struct nw_str){out, host.len};
	if (lower.p[lower.len - 1] == '.') /* the root's: an address with it is the same address */
		lower.len--;
	if (!ends_in_number(lower))
		return 0;
	if (ipv4_parse(lower, &addr) == -1)
		return nw_fail(err, NW_EINPUT, "the host ends in a number but is no IPv4 address");
	ipv4_write(addr, out);
	return 0;
}
