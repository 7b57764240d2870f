/* Every option of a transfer, in one place: handles share nothing but connections and the CA cache. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#include "base/err.h"
#include "base/str.h"
#include "core/limits.h"
#include "core/url.h"
#include "main/fetch_own.h"

/* OpenSSL 3 refuses servers without RFC 5746 unless told otherwise; some ministries still run one. */
#define LEGACY_CIPHERS "DEFAULT@SECLEVEL=1"
#define ENCODINGS      "gzip, deflate"

static curl_socket_t
open_socket(void *cookie, curlsocktype purpose, struct curl_sockaddr *a)
{
	struct nw_transfer *t = cookie;

	(void)purpose; /* there is only one */
	return nw_netaddr_socket(&a->addr, a->socktype, a->protocol, t->allow, t->nallow, t->refused);
}

/* A connection kept from another source was checked for that one alone. */
static int
check_kept(void *cookie, char *ip, char *local_ip, int port, int local_port)
{
	struct nw_transfer *t = cookie;
	struct sockaddr_in in4 = {.sin_family = AF_INET};
	struct sockaddr_in6 in6 = {.sin6_family = AF_INET6};
	const struct sockaddr *sa = (const struct sockaddr *)&in4;

	(void)local_ip;
	(void)port;
	(void)local_port;
	if (inet_pton(AF_INET, ip, &in4.sin_addr) != 1) {
		if (inet_pton(AF_INET6, ip, &in6.sin6_addr) != 1)
			return CURL_PREREQFUNC_ABORT;
		sa = (const struct sockaddr *)&in6;
	}
	if (nw_netaddr_allowed(sa, t->allow, t->nallow))
		return CURL_PREREQFUNC_OK;
	(void)nw_netaddr_text(sa, t->refused);
	return CURL_PREREQFUNC_ABORT;
}

static CURLcode
allow_old_renegotiation(CURL *h, void *ctx, void *cookie)
{
	(void)h;
	(void)cookie;
	SSL_CTX_set_options(ctx, SSL_OP_LEGACY_SERVER_CONNECT);
	return CURLE_OK;
}

static void
set_limits(struct nw_transfer *t)
{
	static const long family[] = {CURL_IPRESOLVE_WHATEVER, CURL_IPRESOLVE_V4, CURL_IPRESOLVE_V6};
	uint32_t connect_ms = t->fetch->opt.connect_ms;
	CURL *h = t->easy;

	curl_easy_setopt(h, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(h, CURLOPT_QUICK_EXIT, 1L); /* a dead resolver must not hold the loop */
	curl_easy_setopt(
	    h, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1); /* HTTP/2 floods hold the loop */
	curl_easy_setopt(h, CURLOPT_CONNECTTIMEOUT_MS, (long)(connect_ms != 0 ? connect_ms : NW_CONNECT_MS));
	curl_easy_setopt(h, CURLOPT_LOW_SPEED_LIMIT, 1L);
	curl_easy_setopt(h, CURLOPT_LOW_SPEED_TIME, 30L);
	curl_easy_setopt(h, CURLOPT_DNS_CACHE_TIMEOUT, 600L);
	curl_easy_setopt(h, CURLOPT_IPRESOLVE, family[t->ip == 4 ? 1 : t->ip == 6 ? 2 : 0]);
	curl_easy_setopt(h, CURLOPT_PROTOCOLS_STR, "http,https"); /* redirects: fetch_redirect.c */
	curl_easy_setopt(h, CURLOPT_ACCEPT_ENCODING, ENCODINGS); /* decode; asked for by a header of ours */
}

static const char *
proxy_of(const struct nw_transfer *t)
{
	return t->proxy != NULL ? t->proxy : t->fetch->proxy != NULL ? t->fetch->proxy : "";
}

/* The socket is the proxy's: what the URL says decides, as far as it says it. */
int
nw_fetch_is_refused(struct nw_transfer *t)
{
	struct nw_url url;
	struct nw_err err;

	if (*proxy_of(t) == '\0' || nw_url_parse(nw_str(t->url), &url, &err) == -1)
		return 0;
	return !nw_netaddr_host_allowed(url.host, t->allow, t->nallow, t->refused);
}

static void
set_identity(struct nw_transfer *t)
{
	struct nw_fetch *f = t->fetch;
	const char *proxy = proxy_of(t);
	const char *ca = t->ca_file != NULL ? t->ca_file : f->ca_file != NULL ? f->ca_file : NW_CA_FILE;
	CURL *h = t->easy;

	curl_easy_setopt(h, CURLOPT_PROXY, proxy);
	curl_easy_setopt(h, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	curl_easy_setopt(h, CURLOPT_CAPATH, NULL); /* with a path set the CA cache does not work */
	curl_easy_setopt(h, CURLOPT_CAINFO, ca);
	if (t->legacy_tls) {
		curl_easy_setopt(
		    h, CURLOPT_SSL_CIPHER_LIST, LEGACY_CIPHERS); /* also keeps its connections apart */
		curl_easy_setopt(h, CURLOPT_SSL_CTX_FUNCTION, allow_old_renegotiation);
	}
	if (t->cookies)
		curl_easy_setopt(h, CURLOPT_COOKIEFILE, ""); /* in memory, for this transfer's redirects */
	if (*proxy == '\0') { /* a configured proxy is the operator's own choice of address; what it is asked for is not */
		curl_easy_setopt(h, CURLOPT_OPENSOCKETFUNCTION, open_socket);
		curl_easy_setopt(h, CURLOPT_PREREQFUNCTION, check_kept);
	} else {
		curl_easy_setopt(h, CURLOPT_USERAGENT, f->user_agent); /* for its CONNECT */
	}
}

static void
set_callbacks(struct nw_transfer *t)
{
	curl_easy_setopt(t->easy, CURLOPT_WRITEFUNCTION, nw_fetch_on_body);
	curl_easy_setopt(t->easy, CURLOPT_HEADERFUNCTION, nw_fetch_on_header);
}

/* Whose handle it is. */
static void
set_owner(struct nw_transfer *t)
{
	curl_easy_setopt(t->easy, CURLOPT_PRIVATE, t);
	curl_easy_setopt(t->easy, CURLOPT_ERRORBUFFER, t->curl_error);
	curl_easy_setopt(t->easy, CURLOPT_OPENSOCKETDATA, t);
	curl_easy_setopt(t->easy, CURLOPT_PREREQDATA, t);
	curl_easy_setopt(t->easy, CURLOPT_WRITEDATA, t);
	curl_easy_setopt(t->easy, CURLOPT_HEADERDATA, t);
}

void
nw_fetch_setup_hop(struct nw_transfer *t)
{
	struct curl_slist *headers = t->headers != NULL && !t->foreign ? t->headers : t->general;

	curl_easy_setopt(t->easy, CURLOPT_URL, t->url);
	curl_easy_setopt(t->easy, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(t->easy, CURLOPT_TIMEOUT_MS, (long)t->left_ms);
}

/* Most sources leave a handle's options as they are: they are set once a configuration. */
static int
is_plain(const struct nw_transfer *t)
{
	return t->proxy == NULL && t->ca_file == NULL && t->ip == 0 && !t->legacy_tls && !t->cookies;
}

int
nw_fetch_setup(struct nw_transfer *t)
{
	struct nw_fetch *f = t->fetch;
	struct nw_idle idle = {NULL, 0};

	if (f->nidle > 0)
		idle = f->idle[--f->nidle];
	if ((t->easy = idle.easy != NULL ? idle.easy : curl_easy_init()) == NULL)
		return -1;
	t->made = is_plain(t) ? f->made : 0;
	if (t->made == 0 || t->made != idle.made) {
		curl_easy_reset(t->easy);
		set_limits(t);
		set_identity(t);
		set_callbacks(t);
	}
	set_owner(t);
	nw_fetch_setup_hop(t);
	return 0;
}

/* --- what was asked for -------------------------------------------------------------------------------- */

static char *
dup_str(struct nw_str s)
{
	return s.len != 0 ? strndup(s.p, s.len) : NULL;
}

/* A line behind the others, in one piece with its node: libcurl only reads the list. */
static int
add_header(struct curl_slist **list, const char *name, struct nw_str v)
{
	size_t n = strlen(name);
	struct curl_slist *h = malloc(sizeof(*h) + n + v.len + 1);

	if (h == NULL)
		return -1;
	h->data = (char *)(h + 1);
	memcpy(h->data, name, n);
	memcpy(h->data + n, v.p, v.len);
	h->data[n + v.len] = '\0';
	h->next = NULL;
	while (*list != NULL)
		list = &(*list)->next;
	*list = h;
	return 0;
}

static void
free_headers(struct curl_slist *h)
{
	for (struct curl_slist *next; h != NULL; h = next) {
		next = h->next;
		free(h);
	}
}

void
nw_fetch_free_headers(struct nw_transfer *t)
{
	free_headers(t->general);
	free_headers(t->headers);
}

static int
has_own(const struct nw_request *q, const char *name)
{
	for (uint32_t i = 0; i < q->nheaders; i++)
		if (q->headers[i].len >= strlen(name) && strncasecmp(q->headers[i].p, name, strlen(name)) == 0)
			return 1;
	return 0;
}

/* Every line here is one that libcurl would otherwise write twice, letter by letter, for each request. */
static int
add_general(struct curl_slist **list, const struct nw_request *q, struct nw_str agent, int own)
{
	if ((!(own && has_own(q, "User-Agent:")) && add_header(list, "User-Agent: ", agent) == -1) ||
	    (!(own && has_own(q, "Accept-Encoding:")) &&
		add_header(list, "Accept-Encoding: ", nw_str(ENCODINGS)) == -1) ||
	    (q->etag.len != 0 && add_header(list, "If-None-Match: ", q->etag) == -1) ||
	    (q->last_modified.len != 0 && add_header(list, "If-Modified-Since: ", q->last_modified) == -1))
		return -1;
	return 0;
}

int
nw_fetch_copy_request(struct nw_transfer *t, const struct nw_request *q)
{
	struct nw_str agent = q->user_agent.len != 0 ? q->user_agent : nw_str(t->fetch->user_agent);

	t->max_bytes = q->max_bytes;
	t->left_ms = q->timeout_ms != 0 ? q->timeout_ms : NW_FETCH_MS;
	t->gap_ms = q->gap_ms;
	t->ip = q->ip;
	t->legacy_tls = q->legacy_tls;
	t->cookies = q->cookies;
	t->allow_http = q->allow_http;
	t->self_redirect = q->self_redirect;
	t->nallow = q->nallow;
	if (q->nallow != 0 && (t->allow = malloc(q->nallow * sizeof(*t->allow))) == NULL)
		return -1;
	if (q->nallow != 0)
		memcpy(t->allow, q->allow, q->nallow * sizeof(*t->allow));
	t->url = strndup(q->url.p, q->url.len);
	t->proxy = dup_str(q->proxy);
	t->ca_file = dup_str(q->ca_file);
	if (t->url == NULL || (q->proxy.len != 0 && t->proxy == NULL) ||
	    (q->ca_file.len != 0 && t->ca_file == NULL))
		return -1;
	if (add_general(&t->general, q, agent, 0) == -1 ||
	    (q->nheaders > 0 && add_general(&t->headers, q, agent, 1) == -1))
		return -1;
	for (uint32_t i = 0; i < q->nheaders; i++)
		if (add_header(&t->headers, "", q->headers[i]) == -1)
			return -1;
	return 0;
}
