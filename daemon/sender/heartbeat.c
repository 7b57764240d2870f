/* The heartbeat: a URL is asked, and its status is all that counts. */
#include "base/str.h"
#include "core/frame.h"
#include "sender/sender.h"

#define REQUEST_MS 20000
#define ANSWER_MAX 65536 /* bytes of an answer that are read; its status has decided by then */

static size_t
swallow(char *p, size_t size, size_t n, void *cookie)
{
	size_t *seen = cookie;

	(void)p; /* nothing in it is asked for */
	*seen += size * n;
	return *seen > ANSWER_MAX ? 0 : size * n;
}

void
nw_heartbeat_send(struct nw_sender *s, struct nw_outcome_text *out)
{
	size_t seen = 0;
	long code = 0;
	CURLcode rc;

	nw_sender_curl_reset(s);
	curl_easy_setopt(s->curl, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(s->curl, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(s->curl, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(s->curl, CURLOPT_URL, nw_pb_str(s->channel->url).p);
	curl_easy_setopt(s->curl, CURLOPT_USERAGENT, nw_pb_str(s->channel->user_agent).p);
	curl_easy_setopt(s->curl, CURLOPT_WRITEFUNCTION, swallow);
	curl_easy_setopt(s->curl, CURLOPT_WRITEDATA, &seen);
	curl_easy_setopt(s->curl, CURLOPT_TIMEOUT_MS, (long)REQUEST_MS);
	rc = curl_easy_perform(s->curl);
	(void)curl_easy_getinfo(s->curl, CURLINFO_RESPONSE_CODE, &code); /* stays 0 */
	out->code = (uint32_t)code;
	out->result = code >= 200 && code < 300 ? NW_OUT_DELIVERED : NW_OUT_DEFERRED;
	if (s->refused[0] != '\0')
		nw_sender_say(out, "address %s is private: allow it with fetch.allow_private", s->refused);
	else if (code != 0)
		nw_sender_say(out, "it answers %ld", code);
	else
		nw_sender_say(out, "%s", s->curl_error[0] != '\0' ? s->curl_error : curl_easy_strerror(rc));
}
