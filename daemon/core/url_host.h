/*
 * url_host.h - hosts of URLs: names, IPv4 in all its spellings, IPv6 in brackets.
 * Floor 1.
 */
#ifndef NW_CORE_URL_HOST_H
#define NW_CORE_URL_HOST_H

#include <newswatch/plugin.h>

#define NW_URL_HOST_MAX 256u /* bytes of a host with its NUL: a DNS name has at most 253 */

struct nw_err;

/*
 * nw_url_host_normal(host, out, err):
 * The one spelling of ${host}: lower-case; `0x7f.1` becomes 127.0.0.1 as in browsers; [0:0::1] becomes [::1].
 * errors  NW_EINPUT for what is no host: empty labels, other characters than letters, digits, "-" and "_",
 *         percent-encoding, a number that is no address.
 */
int nw_url_host_normal(struct nw_str host, char out[NW_URL_HOST_MAX], struct nw_err *);
#endif
