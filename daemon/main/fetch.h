/*
 * fetch.h - HTTP transfers on the event loop: polite to hosts, exact about limits, deaf to private addresses.
 * Floor 4, newswatchd.  Knows URLs and bytes, not sources, targets or stores.
 * Life: nw_fetch_new() -> nw_fetch_start()* -> nw_fetch_free().  Event loop only, no threads of our own.
 */
#ifndef NW_MAIN_FETCH_H
#define NW_MAIN_FETCH_H

#include <newswatch/plugin.h>

struct event_base;
struct nw_cidr;
struct nw_err;
struct nw_fetch;

struct nw_fetch_options {
	const char *user_agent; /* with contact */
	const char *ca_file;	/* NULL: the system's */
	const char *proxy;	/* NULL: none */
	uint32_t max;		/* transfers at once */
	uint32_t host_max;	/* of them to one host */
	uint32_t host_gap_ms;	/* between two starts to one host */
	uint32_t connect_ms;	/* until a connection stands; 0 = NW_CONNECT_MS */
	uint32_t redirects;	/* followed in one transfer */
};

/* What to fetch.  Everything is copied by nw_fetch_start(). */
struct nw_request {
	struct nw_str url;
	struct nw_str etag, last_modified;	  /* "" = unconditional */
	struct nw_str proxy, ca_file, user_agent; /* "" = the options' */
	const struct nw_str
	    *headers; /* "Name: value"; only the URL's own host gets them, whatever redirects say */
	uint32_t nheaders;
	const struct nw_cidr *allow; /* private ranges this source may reach */
	uint32_t nallow;
	uint32_t max_bytes;  /* decoded; 0 = NW_BODY_MAX */
	uint32_t timeout_ms; /* 0 = NW_FETCH_MS */
	uint32_t gap_ms;     /* between two starts to its host, where that is more than the options' */
	uint32_t ip;	     /* 0 any, 4, 6 */
	/* self_redirect: a redirect to the same URL is followed, as cookie gates send it */
	unsigned legacy_tls : 1, cookies : 1, allow_http : 1, self_redirect : 1;
};

/* What came.  Borrowed during the callback, but for the body, which nw_response_take_body() hands over. */
struct nw_response {
	uint32_t status;	/* of the last answer */
	struct nw_str url;	/* after redirects */
	struct nw_str moved_to; /* where permanent redirects alone lead; "" if none or if one was temporary */
	struct nw_str etag, last_modified, content_type;
	struct nw_str headers;	/* the last answer's, as received, at most 16 kB: proof */
	int64_t retry_after_ms; /* 0 if not said */
	struct nw_bytes body;	/* followed by a NUL */
	void *host;		/* the station's own */
};

typedef void nw_fetch_fn(void *cookie, const struct nw_response *, const struct nw_err *);

/* errors NW_ERES. */
struct nw_fetch *nw_fetch_new(struct event_base *, const struct nw_fetch_options *, struct nw_err *);
void nw_fetch_free(struct nw_fetch *); /* no callback afterwards; NULL is fine */
/* New politeness and names, for transfers started from now on. */
int nw_fetch_configure(struct nw_fetch *, const struct nw_fetch_options *, struct nw_err *);

/*
 * nw_fetch_start(fetch, request, fn, cookie, err):
 * Queue a transfer; call ${fn}(${cookie}, response, NULL) or (cookie, response or NULL, err) once, never
 * before this returns. limits  decoded bytes, wall time of all hops, redirects; a transfer waits for its
 * host's gap and slots, and again where a redirect leads to another host. errors  -1 only without memory;
 * through ${fn}: NW_EINPUT the server or the network (status in the response if one came), NW_ELIMIT a bound,
 *         NW_ERES the machine.  Any HTTP status is no error here.
 */
int nw_fetch_start(
    struct nw_fetch *, const struct nw_request *, nw_fetch_fn *, void *cookie, struct nw_err *);
/* Keep the body beyond the callback: malloc'ed, the caller's; counts as waiting until nw_fetch_body_free().
 */
uint8_t *nw_response_take_body(const struct nw_response *);
void nw_fetch_body_free(struct nw_fetch *, uint8_t *body, size_t len);

/* How many more transfers may be started now: 0 while decoded bodies above NW_BODIES_MAX wait for workers. */
uint32_t nw_fetch_room(const struct nw_fetch *);
uint32_t nw_fetch_running(const struct nw_fetch *);
/* Stop taking part: transfers that run are dropped without callback. */
void nw_fetch_stop(struct nw_fetch *);
#endif
