/*
 * fetch_own.h - what the files of the fetch station share: fetch.c drives libcurl, fetch_hosts.c holds each
 * host's slots, fetch_setup.c makes a handle, fetch_answer.c takes what comes, fetch_redirect.c decides about
 * the next hop.
 */
#ifndef NW_MAIN_FETCH_OWN_H
#define NW_MAIN_FETCH_OWN_H

#include <curl/curl.h>
#include <uthash.h>

#include "base/buf.h"
#include "base/err.h"
#include "core/netaddr.h"
#include "main/fetch.h"

#define NW_FETCH_HEADERS_KEPT (16u << 10)
#define NW_FETCH_VALUE_MAX    1024 /* bytes of an ETag or Last-Modified; longer ones are dropped */

struct nw_transfer;

/* One host's politeness. */
struct nw_host_slot {
	char *name;		  /* "host:port" */
	uint32_t running, gap_ms; /* the gap that the last start asked for */
	int64_t last_ms;	  /* monotonic: the last start; 0 if none */
	struct nw_transfer *first, *last;
	struct nw_host_slot *next, *prev; /* of those that have somebody waiting */
	UT_hash_handle hh;
};

struct nw_transfer {
	struct nw_fetch *fetch;
	struct nw_host_slot *slot;
	struct nw_transfer *next; /* waiting for its host */
	struct nw_transfer *run_next, *run_prev;
	nw_fetch_fn *fn;
	void *cookie;
	CURL *easy;				 /* NULL until its first start */
	/* what any host is told; the same with the source's own headers, for its own host */
	struct curl_slist *general, *headers;
	char *url; /* of the hop */
	char *proxy, *ca_file;
	struct nw_cidr *allow;
	uint32_t nallow, max_bytes, gap_ms, ip;
	int64_t left_ms; /* of the whole transfer's time */
	unsigned legacy_tls : 1, cookies : 1, allow_http : 1, self_redirect : 1, over : 1, nomem : 1,
	    paused : 1;
	unsigned foreign : 1; /* a redirect has left the host: the source's headers stay behind */
	unsigned was_temporary : 1;
	unsigned listed : 1; /* among those that run */
	uint32_t made; /* of its handle, see nw_idle */
	uint32_t redirects;
	struct nw_buf body, head, etag, last_modified, content_type, location, moved_to;
	int64_t retry_after_ms;
	char refused[64];
	char curl_error[CURL_ERROR_SIZE];
};

/* A handle kept for reuse, still set up for a transfer without options of its own where ${made} is the station's. */
struct nw_idle {
	CURL *easy;
	uint32_t made; /* 0: otherwise */
};

struct nw_fetch {
	struct event_base *base;
	struct event *timer, *host_timer;
	CURLM *multi;
	struct nw_idle idle[64];
	uint32_t nidle, made; /* made: counts configurations */
	struct nw_host_slot *hosts, *waiting;
	struct nw_transfer *running;
	uint32_t nrunning, nwaiting;
	int64_t swept_ms;
	size_t bodies; /* decoded bytes held: arriving and waiting for workers */
	char *user_agent, *ca_file, *proxy;
	struct nw_fetch_options opt;
	int stopped, any_paused;
};

/* fetch_hosts.c: put a transfer behind its host's others, -1 without memory; start what may start now: the
 * monotonic moment at which a host's gap ends, or -1; forget all. */
int nw_fetch_wait(struct nw_transfer *);
int64_t nw_fetch_start_ready(struct nw_fetch *, int64_t now_ms);
void nw_fetch_drop_waiting(struct nw_fetch *);
/* fetch.c: why a transfer could not begin, or its address was refused: -1. */
int nw_fetch_why_not(const struct nw_transfer *, struct nw_err *);
/* fetch_setup.c: through a proxy, whether the URL itself names a private address; then t->refused says which. */
int nw_fetch_is_refused(struct nw_transfer *);
/* An easy handle with all of a transfer's options; for its next hop; -1 without memory. */
int nw_fetch_setup(struct nw_transfer *);
int nw_fetch_copy_request(struct nw_transfer *, const struct nw_request *); /* -1 without memory */
void nw_fetch_free_headers(struct nw_transfer *);
void nw_fetch_setup_hop(struct nw_transfer *);
/* fetch_answer.c: header and write callbacks, and the response of a finished transfer: ${err} NULL if all
 * went well. */
size_t nw_fetch_on_header(char *, size_t, size_t, void *transfer);
size_t nw_fetch_on_body(char *, size_t, size_t, void *transfer);
int nw_fetch_verdict(const struct nw_transfer *, CURLcode, struct nw_err *);
void nw_fetch_report(struct nw_transfer *, const struct nw_err *);
void nw_fetch_forget_answer(struct nw_transfer *); /* of the hop before */
void nw_transfer_free(struct nw_transfer *);
/* fetch_redirect.c: 1 the transfer has its next URL, 0 the answer is the last one, -1 the redirect is
 * refused. */
int nw_fetch_redirect(struct nw_transfer *, struct nw_err *);
/* fetch.c: hand a transfer to libcurl; -1 without memory. */
int nw_fetch_begin(struct nw_transfer *, int64_t now_ms);
void nw_fetch_fail_to_begin(struct nw_transfer *);
#endif
