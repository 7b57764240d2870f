/*
 * fetcher.h - documents for commands, fetched by `newswatchd --fetch`: newswatch itself links nothing that
 * reaches a network, and what is tried is what a poll will get: same limits, identity and guard of private
 * addresses. Floor 4.
 */
#ifndef NW_CLI_FETCHER_H
#define NW_CLI_FETCHER_H

#include "base/buf.h"

struct nw_err;

struct nw_fetcher {
	const char *daemon;	   /* path of newswatchd */
	const char *config;	   /* -c, NULL: the installed one, or none */
	const char *allow_private; /* NULL: as configured */
};

struct nw_fetched {
	uint32_t status;
	struct nw_str url, content_type; /* point into head */
	struct nw_buf head, body;
};

/*
 * nw_fetcher_get(fetcher, url, fetched_r, err):
 * owns    the caller calls nw_fetched_done(), also after an error.
 * errors  NW_EINPUT the server or the network, NW_ERES newswatchd cannot be run or says nothing sensible.  A
 * status of 400 and above is no error.
 */
int nw_fetcher_get(const struct nw_fetcher *, const char *url, struct nw_fetched *fetched_r, struct nw_err *);
void nw_fetched_done(struct nw_fetched *);
#endif
