/* Every option of a transfer, in one place: handles share nothing but connections and the CA cache. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/str.h"
#include "core/limits.h"
#include "main/fetch_own.h"

/* OpenSSL 3 refuses servers without RFC 5746 unless told otherwise; some ministries still run one. */
#define LEGACY_CIPHERS "DEFAULT@SECLEVEL=1"

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
	curl_easy_setopt(h, CURLOPT_ACCEPT_ENCODING, "gzip, deflate");
}

static void
set_identity(struct nw_transfer *t)
{
	struct nw_fetch *f = t->fetch;
	const char *proxy = t->proxy != NULL ? t->proxy : f->proxy != NULL ? f->proxy : "";
	const char *ca = t->ca_file != NULL ? t->ca_file : f->ca_file != NULL ? f->ca_file : NW_CA_FILE;
	CURL *h = t->easy;

	curl_easy_setopt(h, CURLOPT_USERAGENT, t->user_agent != NULL ? t->user_agent : f->user_agent);
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
	if (*proxy == '\0') { /* a configured proxy is the operator's own choice of address */
		curl_easy_setopt(h, CURLOPT_OPENSOCKETFUNCTION, open_socket);
		curl_easy_setopt(h, CURLOPT_OPENSOCKETDATA, t);
		curl_easy_setopt(h, CURLOPT_PREREQFUNCTION, check_kept);
		curl_easy_setopt(h, CURLOPT_PREREQDATA, t);
	}
}

void
nw_fetch_setup_hop(struct nw_transfer *t)
{
	struct curl_slist *headers = t->headers != NULL && !t->foreign ? t->headers : t->validators;

	curl_easy_setopt(t->easy, CURLOPT_URL, t->url);
	curl_easy_setopt(t->easy, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(t->easy, CURLOPT_TIMEOUT_MS, (long)t->left_ms);
}

int
nw_fetch_setup(struct nw_transfer *t)
{
	struct nw_fetch *f = t->fetch;

	t->easy = f->nidle > 0 ? f->idle[--f->nidle] : curl_easy_init();
	if (t->easy == NULL)
		return -1;
	curl_easy_reset(t->easy);
	set_limits(t);
	set_identity(t);
	nw_fetch_setup_hop(t);
	curl_easy_setopt(t->easy, CURLOPT_PRIVATE, t);
	curl_easy_setopt(t->easy, CURLOPT_ERRORBUFFER, t->curl_error);
	curl_easy_setopt(t->easy, CURLOPT_WRITEFUNCTION, nw_fetch_on_body);
	curl_easy_setopt(t->easy, CURLOPT_WRITEDATA, t);
	curl_easy_setopt(t->easy, CURLOPT_HEADERFUNCTION, nw_fetch_on_header);
	curl_easy_setopt(t->easy, CURLOPT_HEADERDATA, t);
	return 0;
}

/* --- what was asked for -------------------------------------------------------------------------------- */

static char *
dup_str(struct nw_str s)
{
	return s.len != 0 ? strndup(s.p, s.len) : NULL;
}

static int
add_header(struct curl_slist **list, const char *name, struct nw_str v)
{
	struct nw_buf line = {0};
	struct curl_slist *longer;

	nw_buf_addf(&line, "%s%s%.*s", name, *name != '\0' ? ": " : "", (int)v.len, v.p);
	longer = line.failed ? NULL : curl_slist_append(*list, nw_buf_str(&line).p);
	nw_buf_done(&line);
	if (longer == NULL)
		return -1;
	*list = longer;
	return 0;
}

static int
add_validators(struct curl_slist **list, const struct nw_request *q)
{
	if ((q->etag.len != 0 && add_header(list, "If-None-Match", q->etag) == -1) ||
	    (q->last_modified.len != 0 && add_header(list, "If-Modified-Since", q->last_modified) == -1))
		return -1;
	return 0;
}

int
nw_fetch_copy_request(struct nw_transfer *t, const struct nw_request *q)
{
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
	t->user_agent = dup_str(q->user_agent);
	if (t->url == NULL || (q->proxy.len != 0 && t->proxy == NULL) ||
	    (q->ca_file.len != 0 && t->ca_file == NULL) || (q->user_agent.len != 0 && t->user_agent == NULL))
		return -1;
	if (add_validators(&t->validators, q) == -1 ||
	    (q->nheaders > 0 && add_validators(&t->headers, q) == -1))
		return -1;
	for (uint32_t i = 0; i < q->nheaders; i++)
		if (add_header(&t->headers, "", q->headers[i]) == -1)
			return -1;
	return 0;
}
