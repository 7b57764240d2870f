/*
 * punycode.h - the ASCII form of a host with other letters, for remedies in messages (RFC 3492).
 * Floor 1.  No IDNA mapping: letters are taken as they are, ASCII ones in lower case.
 */
#ifndef NW_CORE_PUNYCODE_H
#define NW_CORE_PUNYCODE_H

#include <newswatch/plugin.h>

struct nw_buf;

/* Appends ${host} with each label that is not ASCII as "xn--...".  -1 for invalid UTF-8 or a label over 63 bytes. */
int nw_punycode_host(struct nw_str host, struct nw_buf *);
#endif
