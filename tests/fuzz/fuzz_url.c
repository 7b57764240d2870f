/* core/url against curl_url: what both accept means the same host, port, path and query; resolving is
 * idempotent. */
#include <arpa/inet.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <curl/curl.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "core/url.h"

static void
differ(const char *what, const char *ours, const char *theirs)
{
	fprintf(stderr, "url: %s: '%s' here, '%s' in curl\n", what, ours, theirs);
	abort();
}

static void
same_part(CURLU *u, CURLUPart part, const char *what, struct nw_str ours)
{
	char *theirs = NULL, mine[8192];

	snprintf(mine, sizeof(mine), "%.*s", (int)ours.len, ours.p);
	if (curl_url_get(u, part, &theirs, 0) != CURLUE_OK)
		theirs = NULL;
	if (strcmp(mine, theirs != NULL ? theirs : "") != 0)
		differ(what, mine, theirs != NULL ? theirs : "");
	curl_free(theirs);
}

/* curl may spell an IPv6 address otherwise. */
static int
same_host(const char *a, const char *b)
{
	struct in6_addr x, y;
	char p[64], q[64];

	if (strcasecmp(a, b) == 0)
		return 1;
	if (sscanf(a, "[%63[^]]", p) != 1 || sscanf(b, "[%63[^]]", q) != 1)
		return 0;
	return inet_pton(AF_INET6, p, &x) == 1 && inet_pton(AF_INET6, q, &y) == 1 &&
	       memcmp(&x, &y, sizeof(x)) == 0;
}

/* The host of the input as curl reads it; an address with the root's dot, which is a name to curl, without
 * it. */
static char *
host_of_input(const char *input, const char *ours)
{
	CURLU *u = curl_url();
	struct in_addr address;
	char *host = NULL, *dot;

	if (curl_url_set(u, CURLUPART_URL, input, 0) == CURLUE_OK)
		(void)curl_url_get(u, CURLUPART_HOST, &host, 0);
	dot = host != NULL && host[0] != '\0' ? host + strlen(host) - 1 : NULL;
	if (dot != NULL && *dot == '.' && inet_pton(AF_INET, ours, &address) == 1) {
		char again[600];

		snprintf(again, sizeof(again), "http://%.*s/", (int)(dot - host), host);
		curl_free(host);
		host = NULL;
		if (curl_url_set(u, CURLUPART_URL, again, 0) == CURLUE_OK)
			(void)curl_url_get(u, CURLUPART_HOST, &host, 0);
	}
	curl_url_cleanup(u);
	return host;
}

static void
compare(const char *input, const struct nw_url *u, struct nw_str text)
{
	char host[512], *theirs = NULL;
	CURLU *mine = curl_url();

	snprintf(host, sizeof(host), "%.*s", (int)u->host.len, u->host.p);
	if (curl_url_set(mine, CURLUPART_URL, text.p, CURLU_PATH_AS_IS) != CURLUE_OK)
		differ("accepted only here", text.p, "");
	same_part(mine, CURLUPART_SCHEME, "scheme", u->scheme);
	same_part(mine, CURLUPART_PORT, "port", u->port);
	same_part(mine, CURLUPART_PATH, "path", u->path);
	same_part(mine, CURLUPART_QUERY, "query", u->query);
	if (curl_url_get(mine, CURLUPART_HOST, &theirs, 0) != CURLUE_OK || !same_host(host, theirs))
		differ("host", host, theirs != NULL ? theirs : "");
	curl_free(theirs);
	/* the input itself: whoever reads it, it names one host */
	theirs = host_of_input(input, host);
	if (theirs != NULL && !same_host(host, theirs))
		differ("host of the input", host, theirs);
	curl_free(theirs);
	curl_url_cleanup(mine);
}

static void
canonical_twice(struct nw_arena *a, struct nw_str url)
{
	struct nw_str one, two;

	if (nw_url_canonical(a, url, &one, NULL) == -1)
		return;
	if (nw_url_canonical(a, one, &two, NULL) == -1 || !nw_str_eq(one, two))
		differ("canonical form is not idempotent", one.p, "");
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *line = memchr(data, '\n', size);
	size_t cut = line != NULL ? (size_t)(line - (const char *)data) : size;
	struct nw_arena *a = nw_arena_new(1u << 20);
	struct nw_str base, ref, one, two;
	struct nw_url u;

	/* first line the reference, second the base */
	ref = nw_arena_str(a, data, cut);
	base =
	    line != NULL ? nw_arena_str(a, line + 1, size - cut - 1) : nw_str("http://example.org/a/b?c#d");
	if (ref.p != NULL && base.p != NULL && nw_url_resolve(a, base, ref, &one, NULL) == 0) {
		if (nw_url_resolve(a, nw_str(""), one, &two, NULL) == -1 || !nw_str_eq(one, two))
			differ("resolving is not idempotent", one.p, "");
		if (nw_url_parse(one, &u, NULL) == -1)
			differ("the result does not parse", one.p, "");
		if (memchr(ref.p, '\0', ref.len) == NULL &&
		    nw_url_resolve(a, nw_str(""), ref, &two, NULL) == 0)
			compare(ref.p, &u, one);
		canonical_twice(a, one);
	}
	nw_arena_free(a);
	return 0;
}
