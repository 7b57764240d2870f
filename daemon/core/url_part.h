/*
 * url_part.h - the characters and parts of URLs: what url.c is made of.
 * Floor 1.
 */
#ifndef NW_CORE_URL_PART_H
#define NW_CORE_URL_PART_H

#include "core/url.h"

/* Where a character may stand raw (RFC 3986, appendix A). */
enum { NW_URL_IN_USER = 1, NW_URL_IN_PATH = 2, NW_URL_IN_QUERY = 4 };
unsigned nw_url_part_allowed(char);
/* Whether s[i] begins "%xx". */
int nw_url_part_is_escape(struct nw_str, size_t i);

/* [from, to) of s; s without blanks and control bytes around; the first of ${stop} at or after ${from}, or the end. */
struct nw_str nw_url_part_cut(struct nw_str, size_t from, size_t to);
struct nw_str nw_url_part_trim(struct nw_str);
size_t nw_url_part_find(struct nw_str, size_t from, const char *stop);
/* The length of "scheme" if s begins with "scheme:", else 0. */
size_t nw_url_part_scheme(struct nw_str);

/* Each -1 with NW_EINPUT for what it is not.  A port of "" is 0. */
int nw_url_part_check(struct nw_str, int allow_blank, struct nw_err *);
int nw_url_part_port(struct nw_str, struct nw_err *);
/* Path, query and fragment. */
void nw_url_part_tail(struct nw_str, struct nw_url *);
/* An absolute http(s) URL; blanks inside pass where they are going to be encoded. */
int nw_url_part_parse(struct nw_str, int allow_blank, struct nw_url *url_r, struct nw_err *);
#endif
