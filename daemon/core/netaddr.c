#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#include "base/err.h"
#include "core/netaddr.h"

struct range {
	const char *addr;
	uint32_t bits;
};

static const struct range denied4[] = {
    {"0.0.0.0", 8}, {"10.0.0.0", 8}, {"100.64.0.0", 10}, {"127.0.0.0", 8}, {"169.254.0.0", 16}, {"172.16.0.0", 12},
    {"192.0.0.0", 24}, {"192.0.2.0", 24}, {"192.88.99.0", 24}, {"192.168.0.0", 16}, {"198.18.0.0", 15}, {"198.51.100.0", 24},
    {"203.0.113.0", 24}, {"224.0.0.0", 4}, {"240.0.0.0", 4},
};
static const struct range denied6[] = {
    {"::", 96}, {"::ffff:0:0:0", 96}, {"64:ff9b::", 96}, {"64:ff9b:1::", 48}, {"100::", 64}, {"2001::", 23},
    {"2001:db8::", 32}, {"2002::", 16}, {"3fff::", 20}, {"5f00::", 16}, {"fc00::", 7}, {"fe80::", 10}, {"fec0::", 10},
    {"ff00::", 8},
};

static void
map4(const void *in4, uint8_t out[16])
{
	memset(out, 0, 10);
	out[10] = out[11] = 0xff;
	memcpy(out + 12, in4, 4);
}

static int
is_mapped4(const uint8_t a[16])
{
	static const uint8_t head[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

	return memcmp(a, head, sizeof(head)) == 0;
}

static int
inside(const uint8_t a[16], const uint8_t net[16], uint32_t bits)
{
	uint32_t whole = bits / 8, rest = bits % 8;

	if (memcmp(a, net, whole) != 0)
		return 0;
	return rest == 0 || ((a[whole] ^ net[whole]) >> (8 - rest)) == 0;
}

int
nw_cidr_parse(struct nw_str text, struct nw_cidr *cidr_r, struct nw_err *err)
{
	char buf[64], *slash, *end = NULL;
	struct nw_cidr c = {.bits = 128};
	uint8_t in4[4];
	unsigned long bits;
	int is4;

	if (text.len >= sizeof(buf))
		return nw_fail(err, NW_ECONF, "'%.40s...' is no address range", text.p);
	memcpy(buf, text.p, text.len);
	buf[text.len] = '\0';
	if ((slash = strchr(buf, '/')) != NULL)
		*slash++ = '\0';
	is4 = inet_pton(AF_INET, buf, in4) == 1;
	if (is4)
		map4(in4, c.addr);
	else if (inet_pton(AF_INET6, buf, c.addr) != 1)
		return nw_fail(err, NW_ECONF, "'%s' is no address range: write 10.1.2.0/24 or fd00::/8", buf);
	if (slash != NULL) {
		bits = strtoul(slash, &end, 10);
		if (end == slash || *end != '\0' || bits > (is4 ? 32u : 128u))
			return nw_fail(err, NW_ECONF, "'/%s' is no prefix length: write 0 to %d", slash, is4 ? 32 : 128);
		c.bits = (uint32_t)bits + (is4 ? 96 : 0);
	}
	*cidr_r = c;
	return 0;
}

static int
in_table(const uint8_t a[16], const struct range *table, size_t n, int family)
{
	uint8_t net[16], in4[4];

	for (size_t i = 0; i < n; i++) {
		if (family == AF_INET) {
			(void)inet_pton(AF_INET, table[i].addr, in4); /* constants */
			map4(in4, net);
		} else {
			(void)inet_pton(AF_INET6, table[i].addr, net); /* constants */
		}
		if (inside(a, net, table[i].bits + (family == AF_INET ? 96 : 0)))
			return 1;
	}
	return 0;
}

int
nw_netaddr_allowed(const struct sockaddr *sa, const struct nw_cidr *allow, size_t nallow)
{
	uint8_t a[16];

	if (sa->sa_family == AF_INET)
		map4(&((const struct sockaddr_in *)(const void *)sa)->sin_addr, a);
	else if (sa->sa_family == AF_INET6)
		memcpy(a, &((const struct sockaddr_in6 *)(const void *)sa)->sin6_addr, 16);
	else
		return 0;
	for (size_t i = 0; i < nallow; i++)
		if (inside(a, allow[i].addr, allow[i].bits))
			return 1;
	if (is_mapped4(a))
		return !in_table(a, denied4, sizeof(denied4) / sizeof(denied4[0]), AF_INET);
	return !in_table(a, denied6, sizeof(denied6) / sizeof(denied6[0]), AF_INET6);
}

const char *
nw_netaddr_text(const struct sockaddr *sa, char buf[64])
{
	const void *addr = sa->sa_family == AF_INET6 ?
	    (const void *)&((const struct sockaddr_in6 *)(const void *)sa)->sin6_addr :
	    (const void *)&((const struct sockaddr_in *)(const void *)sa)->sin_addr;

	if (inet_ntop(sa->sa_family, addr, buf, 64) == NULL)
		memcpy(buf, "?", 2);
	return buf;
}

static int
is_own_name(const char *host)
{
	static const char *const name[] = {"localhost", "localhost.localdomain", "localhost6", "ip6-localhost", "ip6-loopback"};
	size_t n = strlen(host), tail = strlen(".localhost");

	for (size_t i = 0; i < sizeof(name) / sizeof(name[0]); i++)
		if (strcasecmp(host, name[i]) == 0)
			return 1;
	return n > tail && strcasecmp(host + n - tail, ".localhost") == 0;
}

int
nw_netaddr_host_allowed(struct nw_str host, const struct nw_cidr *allow, size_t nallow, char *refused)
{
	struct sockaddr_in a4 = {.sin_family = AF_INET};
	struct sockaddr_in6 a6 = {.sin6_family = AF_INET6};
	const struct sockaddr *sa = (const struct sockaddr *)&a4;
	char buf[64];

	if (host.len >= 2 && host.p[0] == '[') /* [::1] */
		host = (struct nw_str){host.p + 1, host.len - 2};
	while (host.len > 0 && host.p[host.len - 1] == '.')
		host.len--;
	if (host.len >= sizeof(buf))
		return 1; /* no address is so long */
	memcpy(buf, host.p, host.len);
	buf[host.len] = '\0';
	if (inet_pton(AF_INET6, buf, &a6.sin6_addr) == 1)
		sa = (const struct sockaddr *)&a6;
	else if (is_own_name(buf))
		a4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	else if (inet_aton(buf, &a4.sin_addr) == 0)
		return 1;
	if (nw_netaddr_allowed(sa, allow, nallow))
		return 1;
	(void)nw_netaddr_text(sa, refused);
	return 0;
}

int
nw_netaddr_socket(const struct sockaddr *a, int type, int protocol, const struct nw_cidr *allow, size_t nallow,
    char *refused)
{
	if (!nw_netaddr_allowed(a, allow, nallow)) {
		(void)nw_netaddr_text(a, refused);
		return -1;
	}
	return socket(a->sa_family, type | SOCK_CLOEXEC, protocol);
}
