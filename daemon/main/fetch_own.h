/* fetch_own.h - what the files of the fetch station share. */
#ifndef NW_MAIN_FETCH_OWN_H
#define NW_MAIN_FETCH_OWN_H

#include <curl/curl.h>
#include <uthash.h>

#include "base/buf.h"
#include "base/err.h"
#include "core/netaddr.h"
#include "main/fetch.h"

#define NW_FETCH_HEADERS_KEPT (16u << 10)
#define NW_FETCH_ALLOW_MAX    16
#define NW_FETCH_VALUE_MAX    1024 /* bytes of an ETag or Last-Modified; longer ones are dropped */

struct nw_transfer;

/* One host's politeness. */
struct nw_host_slot {
	char *name; /* "host:port" */
	uint32_t running, waiting;
	int64_t next_ms; /* monotonic: the next start is not before */
	struct nw_transfer *first, *last;
	UT_hash_handle hh;
};

struct nw_transfer {
	struct nw_fetch *fetch;
	struct nw_host_slot *slot;
	struct nw_transfer *next;	/* waiting for its host */
	struct nw_transfer *run_next, *run_prev;
	nw_fetch_fn *fn;
	void *cookie;
	CURL *easy; /* NULL while it waits */
	struct curl_slist *headers;
	char *url, *proxy, *ca_file;
	struct nw_cidr allow[NW_FETCH_ALLOW_MAX];
	uint32_t nallow, max_bytes, timeout_ms;
	unsigned legacy_tls : 1, cookies : 1, allow_http : 1, over : 1, is_permanent : 1, nomem : 1, paused : 1;
	uint32_t redirects;
	struct nw_buf body, head, etag, last_modified, content_type;
	int64_t retry_after_ms;
	char refused[64];
	char curl_error[CURL_ERROR_SIZE];
};

struct nw_fetch {
	struct event_base *base;
	struct event *timer, *host_timer;
	CURLM *multi;
	CURL *idle[64]; /* handles kept for reuse */
	uint32_t nidle;
	struct nw_host_slot *hosts;
	struct nw_transfer *running;
	uint32_t nrunning, nwaiting;
	size_t bodies; /* decoded bytes held: arriving and waiting for workers */
	char *user_agent, *ca_file, *proxy;
	struct nw_fetch_options opt;
	int stopped, any_paused;
};

/* fetch_setup.c: an easy handle with all of a transfer's options; -1 without memory. */
int nw_fetch_setup(struct nw_transfer *);
/* fetch_answer.c: header and write callbacks, and the response of a finished transfer. */
size_t nw_fetch_on_header(char *, size_t, size_t, void *transfer);
size_t nw_fetch_on_body(char *, size_t, size_t, void *transfer);
void nw_fetch_report(struct nw_transfer *, CURLcode);
void nw_transfer_free(struct nw_transfer *);
/* fetch.c */
void nw_fetch_unpause(struct nw_fetch *);
#endif
