/*
 * netaddr.h - which socket addresses a transfer may reach, and whose certificates it believes.
 * Floor 1.  The decision stands on the address a socket is about to connect to, so spellings, redirects and DNS
 * rebinding cannot get around it.  Ranges: IANA special-purpose registries (RFC 6890 and successors), and what embeds
 * an IPv4 address (mapped, compatible, translated, NAT64, 6to4, Teredo).
 */
#ifndef NW_CORE_NETADDR_H
#define NW_CORE_NETADDR_H

#include <newswatch/plugin.h>

struct nw_err;
struct sockaddr;

/* A range "10.1.2.0/24", "::1/128" or one address. */
struct nw_cidr {
	uint8_t addr[16]; /* IPv4 as ::ffff:a.b.c.d */
	uint32_t bits;	  /* of 128 */
};

/* errors NW_ECONF with the text. */
int nw_cidr_parse(struct nw_str, struct nw_cidr *cidr_r, struct nw_err *);
/* 1 if a transfer may connect there: public, or inside one of ${allow}. */
int nw_netaddr_allowed(const struct sockaddr *, const struct nw_cidr *allow, size_t nallow);
/*
 * nw_netaddr_host_allowed(host, allow, nallow, refused):
 * What a URL's host says by itself, where somebody else connects (a proxy): 0 for an address, in any spelling that
 * resolvers take, or a name of this machine, that is neither public nor allowed (${refused} holds its text then, in at
 * least 64 bytes); 1 for everything else, names above all.
 */
int nw_netaddr_host_allowed(struct nw_str host, const struct nw_cidr *allow, size_t nallow, char *refused);
/* "127.0.0.1" for messages; buf holds at least 64 bytes. */
const char *nw_netaddr_text(const struct sockaddr *, char buf[64]);
/*
 * nw_netaddr_socket(address, type, protocol, allow, nallow, refused):
 * A socket to connect to ${address} with, closed on exec; -1 where that is not allowed (${refused} holds its text then,
 * in at least 64 bytes) or the machine has none.
 */
int nw_netaddr_socket(const struct sockaddr *, int type, int protocol, const struct nw_cidr *allow, size_t nallow,
    char *refused);

/* The authorities of the system, one file: with a directory of them libcurl reads all anew for each connection. */
#define NW_CA_FILE "/etc/ssl/certs/ca-certificates.crt"
#endif
