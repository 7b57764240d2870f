/* One webhook request, signed as Standard Webhooks 1.0.0 says; redirects are failures and never followed. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/str.h"
#include "core/digest.h"
#include "core/frame.h"
#include "core/limits.h"
#include "core/time.h"
#include "sender/sender.h"

#define ANSWER_MAX     65536	  /* bytes of an answer that are read; its status has decided by then */
#define REQUEST_MS     30000

struct answer {
	size_t seen;
	int64_t retry_after_ms, now_ms;
	int cut;
};

static size_t
swallow(char *p, size_t size, size_t n, void *cookie)
{
	struct answer *a = cookie;

	(void)p; /* nothing in it is asked for */
	a->seen += size * n;
	a->cut = a->seen > ANSWER_MAX;
	return a->cut ? 0 : size * n;
}

static size_t
read_header(char *p, size_t size, size_t n, void *cookie)
{
	static const char name[] = "retry-after:";
	struct answer *a = cookie;
	size_t len = size * n;
	char value[128];
	size_t i, k = 0;

	if (len > sizeof(name) - 1 && strncasecmp(p, name, sizeof(name) - 1) == 0) {
		for (i = sizeof(name) - 1; i < len && (p[i] == ' ' || p[i] == '\t'); i++)
			continue;
		while (i < len && p[i] != '\r' && p[i] != '\n' && k + 1 < sizeof(value))
			value[k++] = p[i++];
		value[k] = '\0';
		a->retry_after_ms = nw_time_parse_retry_after((struct nw_str){value, k}, a->now_ms);
	}
	return len;
}

/* "whsec_" and base64, 24 to 64 bytes of key. */
static int
sign_with(struct nw_buf *out, struct nw_str secret, struct nw_str signed_text)
{
	struct nw_buf key = {0};
	uint8_t mac[NW_SHA256_LEN];
	int rc = -1;

	if (nw_str_starts(secret, "whsec_"))
		secret = (struct nw_str){secret.p + 6, secret.len - 6};
	if (nw_base64_decode(secret, &key) == 0 && key.len >= 24 && key.len <= 64) {
		nw_hmac_sha256((struct nw_bytes){(uint8_t *)key.p, key.len},
		    (struct nw_bytes){(const uint8_t *)signed_text.p, signed_text.len}, mac);
		nw_buf_adds(out, out->len != 0 ? " v1," : "v1,");
		nw_base64_add(out, mac, sizeof(mac));
		rc = 0;
	}
	if (key.p != NULL)
		explicit_bzero(key.p, key.len);
	nw_buf_done(&key);
	return rc;
}

static struct curl_slist *
add_header(struct curl_slist *list, const char *name, struct nw_str value)
{
	struct nw_buf line = {0};
	struct curl_slist *longer;

	nw_buf_addf(&line, "%s: %.*s", name, (int)value.len, value.p);
	longer = curl_slist_append(list, nw_buf_str(&line).p);
	nw_buf_done(&line);
	return longer != NULL ? longer : list;
}

static struct curl_slist *
request_headers(const Nw__Channel *c, const Nw__Deliver *d, struct nw_outcome_text *out)
{
	struct nw_buf text = {0}, signature = {0};
	struct curl_slist *list = NULL;
	char when[32];

	(void)snprintf(when, sizeof(when), "%lld", (long long)(d->now_ms / 1000)); /* fits */
	nw_buf_addf(&text, "%.*s.%s.", (int)d->id.len, (const char *)d->id.data, when);
	nw_buf_addstr(&text, nw_pb_str(d->message->json));
	for (size_t i = 0; i < c->n_secrets; i++)
		if (sign_with(&signature, nw_pb_str(c->secrets[i]), nw_buf_str(&text)) == -1)
			nw_sender_say(out, "secret %zu is no whsec_ key of 24 to 64 bytes in base64", i + 1);
	list = add_header(list, "Content-Type", NW_STR("application/json"));
	list = add_header(list, "webhook-id", nw_pb_str(d->id));
	list = add_header(list, "webhook-timestamp", nw_str(when));
	if (signature.len != 0)
		list = add_header(list, "webhook-signature", nw_buf_str(&signature));
	list = add_header(list, "Expect", (struct nw_str){"", 0});
	for (size_t i = 0; i < c->n_headers; i++)
		list = curl_slist_append(list, nw_pb_str(c->headers[i]).p);
	nw_buf_done(&text);
	nw_buf_done(&signature);
	return list;
}

static void
judge(const struct nw_sender *s, const struct answer *a, CURLcode rc, struct nw_outcome_text *out)
{
	long code = 0;

	(void)curl_easy_getinfo(s->curl, CURLINFO_RESPONSE_CODE, &code); /* stays 0 */
	out->code = (uint32_t)code;
	out->retry_after_ms = a->retry_after_ms;
	if (code >= 200 && code < 300 && (rc == CURLE_OK || rc == CURLE_WRITE_ERROR || a->seen > 0)) {
		out->result = NW_OUT_DELIVERED; /* the status line decides, whatever the body does */
		nw_sender_say(out, "%ld accepted", code);
		return;
	}
	out->result = NW_OUT_DEFERRED;
	if (s->refused[0] != '\0')
		nw_sender_say(out, "address %s is private: allow it with allow_private", s->refused);
	else if (code == 410) {
		out->result = NW_OUT_FAILED;
		out->disable = 1;
		nw_sender_say(out, "410 the receiver is gone for good: channel disabled");
	} else if (code >= 300 && code < 400)
		nw_sender_say(out, "%ld a redirect: not followed, write the final address into url", code);
	else if (code != 0)
		nw_sender_say(out, "%ld refused", code);
	else {
		/* a request that went out whole and got no answer may have been taken */
		curl_off_t sent = 0;

		(void)curl_easy_getinfo(s->curl, CURLINFO_SIZE_UPLOAD_T, &sent); /* stays 0 */
		out->result = sent > 0 ? NW_OUT_AMBIGUOUS : NW_OUT_DEFERRED;
		nw_sender_say(out, "%s", s->curl_error[0] != '\0' ? s->curl_error : curl_easy_strerror(rc));
	}
}

void
nw_webhook_send(struct nw_sender *s, const Nw__Deliver *d, struct nw_outcome_text *out)
{
	struct answer a = {.now_ms = nw_clock_wall_ms()};
	struct nw_str body = nw_pb_str(d->message->json);
	struct curl_slist *headers;

	nw_sender_curl_reset(s);
	headers = request_headers(s->channel, d, out);
	if (out->text[0] != '\0') {
		out->result = NW_OUT_FAILED;
		curl_slist_free_all(headers);
		return;
	}
	curl_easy_setopt(s->curl, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(s->curl, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(s->curl, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(s->curl, CURLOPT_URL, nw_pb_str(s->channel->url).p);
	curl_easy_setopt(s->curl, CURLOPT_USERAGENT, nw_pb_str(s->channel->user_agent).p);
	curl_easy_setopt(s->curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)body.len);
	curl_easy_setopt(s->curl, CURLOPT_POSTFIELDS, body.p);
	curl_easy_setopt(s->curl, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(s->curl, CURLOPT_WRITEFUNCTION, swallow);
	curl_easy_setopt(s->curl, CURLOPT_WRITEDATA, &a);
	curl_easy_setopt(s->curl, CURLOPT_HEADERFUNCTION, read_header);
	curl_easy_setopt(s->curl, CURLOPT_HEADERDATA, &a);
	curl_easy_setopt(s->curl, CURLOPT_TIMEOUT_MS,
	    (long)(s->channel->timeout_ms != 0 ? s->channel->timeout_ms : REQUEST_MS));
	judge(s, &a, curl_easy_perform(s->curl), out);
	curl_slist_free_all(headers);
}
