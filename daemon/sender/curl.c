#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/str.h"
#include "base/utf8.h"
#include "core/frame.h"
#include "core/netaddr.h"
#include "sender/sender.h"

/* The socket's own address decides, whatever the URL said. */
static curl_socket_t
open_socket(void *cookie, curlsocktype purpose, struct curl_sockaddr *a)
{
	struct nw_sender *s = cookie;

	(void)purpose; /* there is only one */
	return nw_netaddr_socket(&a->addr, a->socktype, a->protocol, s->allow, s->nallow, s->refused);
}

static int
read_allow_list(struct nw_sender *s, struct nw_err *err)
{
	for (size_t i = 0; i < s->channel->n_allow_private; i++) {
		if (i == NW_SENDER_ALLOW_MAX)
			return nw_fail(err, NW_ECONF, "allow_private has more than %d ranges", NW_SENDER_ALLOW_MAX);
		if (nw_cidr_parse(nw_pb_str(s->channel->allow_private[i]), &s->allow[s->nallow++], err) == -1)
			return -1;
	}
	return 0;
}

int
nw_sender_curl_open(struct nw_sender *s, struct nw_err *err)
{
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK || (s->curl = curl_easy_init()) == NULL)
		return nw_fail(err, NW_ERES, "libcurl does not start");
	return read_allow_list(s, err);
}

/* Everything per request is set anew; the connection and the loaded CA stay with the handle. */
void
nw_sender_curl_reset(struct nw_sender *s)
{
	const Nw__Channel *c = s->channel;
	CURL *h = s->curl;
	struct nw_str ca = nw_pb_str(c->ca_file), proxy = nw_pb_str(c->proxy);

	curl_easy_reset(h);
	s->refused[0] = s->curl_error[0] = '\0';
	curl_easy_setopt(h, CURLOPT_ERRORBUFFER, s->curl_error);
	curl_easy_setopt(h, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(h, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	curl_easy_setopt(h, CURLOPT_PROXY, proxy.p);
	curl_easy_setopt(h, CURLOPT_CAPATH, NULL); /* with a path set the CA cache does not work */
	curl_easy_setopt(h, CURLOPT_CAINFO, ca.len != 0 ? ca.p : NW_CA_FILE);
	curl_easy_setopt(h, CURLOPT_CONNECTTIMEOUT_MS, 30000L);
	if (proxy.len == 0) { /* a configured proxy is the operator's own choice of address */
		curl_easy_setopt(h, CURLOPT_OPENSOCKETFUNCTION, open_socket);
		curl_easy_setopt(h, CURLOPT_OPENSOCKETDATA, s);
	}
}

void
nw_sender_say(struct nw_outcome_text *out, const char *fmt, ...)
{
	char raw[512];
	size_t n = 0, len;
	va_list ap;
	int32_t cp;

	va_start(ap, fmt);
	(void)vsnprintf(raw, sizeof(raw), fmt, ap); /* cut is fine */
	va_end(ap);
	for (const char *p = raw, *end = raw + strlen(raw); p < end && n + 5 < sizeof(out->text); p += len) {
		cp = nw_utf8_next(p, end, &len);
		if (cp == -1 || cp < 0x20 || (cp >= 0x7f && cp < 0xa0)) /* C1 rules terminals as C0 does */
			out->text[n++] = cp == '\r' || cp == '\n' ? ' ' : '?';
		else {
			memcpy(out->text + n, p, len);
			n += len;
		}
	}
	out->text[n] = '\0';
}
