/*
 * conf_valid.h - texts of the configuration that must be something: a name, a URL, a zone, a time of day.
 * Floor 1, conf_*.c alone.  Each reports to the diags, at the place given, and returns -1 for what it is not.
 */
#ifndef NW_CORE_CONF_VALID_H
#define NW_CORE_CONF_VALID_H

#include "core/conf_diag.h"

/* Where a value of an option stands (${i}-th of a list), or the entry where it was not written. */
struct nw_conf_place nw_conf_valid_place(const struct nw_conf_place *entry, const struct nw_value *, uint32_t i);

/* Where, what and to whom: the option's name stands in messages. */
struct nw_conf_valid {
	struct nw_conf_diags *diags;
	struct nw_conf_place at;
	const char *option;
};

/* Letters, digits, ".", "_", "-"; begins with a letter or digit. */
int nw_conf_valid_name(const struct nw_conf_valid *, struct nw_str);
/* http(s), resolved spelling; a host that is not ASCII is refused with its punycode. */
int nw_conf_valid_url(const struct nw_conf_valid *, struct nw_arena *, struct nw_str, struct nw_str *url_r);
int nw_conf_valid_zone(const struct nw_conf_valid *, struct nw_str);
int nw_conf_valid_lang(const struct nw_conf_valid *, struct nw_str);
int nw_conf_valid_country(const struct nw_conf_valid *, struct nw_str);
/* name@host; _sender also "Name <name@host>". */
int nw_conf_valid_sender(const struct nw_conf_valid *, struct nw_str);
int nw_conf_valid_mail(const struct nw_conf_valid *, struct nw_str);
int nw_conf_valid_header(const struct nw_conf_valid *, struct nw_str);
int nw_conf_valid_cidr(const struct nw_conf_valid *, struct nw_str);
int nw_conf_valid_proxy(const struct nw_conf_valid *, struct nw_str);
/* "HH:MM" in minutes after midnight. */
int nw_conf_valid_clock(const struct nw_conf_valid *, struct nw_str, int32_t *minutes_r);
/* smtp://host[:port] or smtps://...; loopback_r: 127.0.0.0/8, ::1, localhost. */
int nw_conf_valid_server(const struct nw_conf_valid *, struct nw_str, int *loopback_r);
int nw_conf_valid_loopback(struct nw_str host);
/* 1 if the host of a URL is an address, or localhost, inside the range. */
int nw_conf_valid_within(struct nw_str host, struct nw_str range);
#endif
