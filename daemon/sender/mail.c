/* One mail to one recipient by libcurl's SMTP; results are judged by the response code, not the CURLcode. */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/str.h"
#include "core/frame.h"
#include "core/limits.h"
#include "sender/sender.h"

#define STAGE_MS 30000	/* silence before the dot where the channel does not say: greeting, MAIL, RCPT, DATA */
#define DOT_MS	 600000 /* silence after the dot (RFC 5321, 4.5.3.2.6): impatience makes duplicates */

struct upload {
	struct nw_str message;
	size_t sent;
	int64_t moved_ms; /* monotonic, when a byte last went or came */
	curl_off_t seen_up, seen_down;
	int64_t stage_ms; /* silence allowed before the dot */
	int slow; /* our own deadline struck */
	char reply[256]; /* the server's last line, cut if longer */
};

static size_t
read_message(char *to, size_t size, size_t n, void *cookie)
{
	struct upload *u = cookie;
	size_t want = size * n, left = u->message.len - u->sent;

	if (want > left)
		want = left;
	memcpy(to, u->message.p + u->sent, want);
	u->sent += want;
	u->moved_ms = nw_clock_mono_ms();
	return want;
}

/* libcurl hands over each line of the server's replies as it would a header. */
static size_t
keep_reply(char *line, size_t size, size_t n, void *cookie)
{
	struct upload *u = cookie;
	size_t len = size * n;

	while (len > 0 && (line[len - 1] == '\n' || line[len - 1] == '\r'))
		len--;
	if (len >= sizeof(u->reply))
		len = sizeof(u->reply) - 1;
	memcpy(u->reply, line, len);
	u->reply[len] = '\0';
	return size * n;
}

/* What the server said of this mail, in its words; libcurl has none for a refusal after the dot. */
static void
say_reply(const struct nw_sender *s, const struct upload *u, long code, struct nw_outcome_text *out)
{
	if (strtol(u->reply, NULL, 10) == code)
		nw_sender_say(out, "%s", u->reply);
	else
		nw_sender_say(out, "%ld %s", code, s->curl_error);
}

/* libcurl has one limit of silence for all stages; RFC 5321 asks for two. */
static int
watch_silence(void *cookie, curl_off_t dltotal, curl_off_t down, curl_off_t ultotal, curl_off_t up)
{
	struct upload *u = cookie;
	int64_t now = nw_clock_mono_ms();

	(void)dltotal;
	(void)ultotal;
	if (up != u->seen_up || down != u->seen_down) {
		u->seen_up = up;
		u->seen_down = down;
		u->moved_ms = now;
	}
	u->slow = now - u->moved_ms > (u->sent == u->message.len ? DOT_MS : u->stage_ms);
	return u->slow;
}

/* Before the dot nothing was taken: again.  After it without an answer it may have been: again, same id. */
static void
judge_broken(const struct nw_sender *s, const struct upload *u, CURLcode rc, struct nw_outcome_text *out)
{
	int after_dot = u->sent == u->message.len && (out->code == 354 || out->code == 0);

	out->result = after_dot && out->code == 354 ? NW_OUT_AMBIGUOUS : NW_OUT_DEFERRED;
	if (s->refused[0] != '\0')
		nw_sender_say(out, "address %s is private: allow it with allow_private", s->refused);
	else if (rc == CURLE_USE_SSL_FAILED)
		nw_sender_say(out, "the server does not offer STARTTLS: refused, nothing was sent");
	else if (u->slow)
		nw_sender_say(out, "no answer from the server %s", after_dot ? "after the message" : "in time");
	else
		nw_sender_say(out, "%s", s->curl_error[0] != '\0' ? s->curl_error : curl_easy_strerror(rc));
}

static void
judge(const struct nw_sender *s, const struct upload *u, CURLcode rc, struct nw_outcome_text *out)
{
	long code = 0;

	(void)curl_easy_getinfo(s->curl, CURLINFO_RESPONSE_CODE, &code); /* stays 0 */
	out->code = (uint32_t)code;
	if (rc == CURLE_OK) {
		out->result = NW_OUT_DELIVERED;
		say_reply(s, u, code, out);
	} else if (rc == CURLE_LOGIN_DENIED || code == 530 || code == 535) {
		out->result = NW_OUT_DEFERRED; /* the operator mends it; the mail waits */
		nw_sender_say(out, "%ld the server refuses the login", code);
	} else if (code >= 500 && (rc == CURLE_SEND_ERROR || (rc == CURLE_WEIRD_SERVER_REPLY && u->sent != 0))) {
		out->result = NW_OUT_FAILED;
		say_reply(s, u, code, out);
	} else if (code >= 400) { /* a 5xx greeting too: it speaks of the server, not of this mail */
		out->result = NW_OUT_DEFERRED;
		say_reply(s, u, code, out);
	} else {
		judge_broken(s, u, rc, out);
	}
}

static void
set_login(struct nw_sender *s)
{
	const Nw__Channel *c = s->channel;

	if (c->username.len == 0)
		return;
	curl_easy_setopt(s->curl, CURLOPT_USERNAME, nw_pb_str(c->username).p);
	curl_easy_setopt(s->curl, CURLOPT_PASSWORD, nw_pb_str(c->password).p);
}

/* libcurl says EHLO with the path of the URL, and with the machine's name where there is none. */
static void
add_server(struct nw_buf *url, const Nw__Channel *c)
{
	static const char ok[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-";
	struct nw_str server = nw_pb_str(c->server), name = nw_pb_str(c->hostname);

	while (server.len > 0 && server.p[server.len - 1] == '/')
		server.len--;
	nw_buf_addstr(url, server);
	if (name.len > 0 && strspn(name.p, ok) == name.len)
		nw_buf_addf(url, "/%s", name.p);
}

static void
transfer(struct nw_sender *s, const Nw__Deliver *d, struct nw_str message, struct nw_outcome_text *out)
{
	struct upload u = {.message = message, .moved_ms = nw_clock_mono_ms()};
	struct nw_buf from = {0}, to = {0}, url = {0};
	struct curl_slist *rcpt = NULL;
	struct nw_str spec_from = {"", 0}, spec_to = {"", 0};

	(void)nw_header_addr_spec(nw_pb_str(s->channel->from), &spec_from); /* mime.c has checked both */
	(void)nw_header_addr_spec(nw_pb_str(d->recipient), &spec_to);
	nw_buf_addf(&from, "<%.*s>", (int)spec_from.len, spec_from.p);
	nw_buf_addf(&to, "<%.*s>", (int)spec_to.len, spec_to.p);
	rcpt = curl_slist_append(NULL, nw_buf_str(&to).p);
	nw_sender_curl_reset(s);
	set_login(s);
	curl_easy_setopt(s->curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
	u.stage_ms = s->channel->timeout_ms != 0 ? s->channel->timeout_ms : STAGE_MS;
	add_server(&url, s->channel);
	curl_easy_setopt(s->curl, CURLOPT_URL, nw_buf_str(&url).p);
	curl_easy_setopt(s->curl, CURLOPT_USE_SSL, (long)(s->channel->starttls == 1 ? CURLUSESSL_NONE : CURLUSESSL_ALL));
	curl_easy_setopt(s->curl, CURLOPT_MAIL_FROM, nw_buf_str(&from).p);
	curl_easy_setopt(s->curl, CURLOPT_MAIL_RCPT, rcpt);
	curl_easy_setopt(s->curl, CURLOPT_UPLOAD, 1L);
	curl_easy_setopt(s->curl, CURLOPT_READFUNCTION, read_message);
	curl_easy_setopt(s->curl, CURLOPT_READDATA, &u);
	curl_easy_setopt(s->curl, CURLOPT_HEADERFUNCTION, keep_reply);
	curl_easy_setopt(s->curl, CURLOPT_HEADERDATA, &u);
	curl_easy_setopt(s->curl, CURLOPT_INFILESIZE_LARGE, (curl_off_t)message.len); /* for SIZE= */
	curl_easy_setopt(s->curl, CURLOPT_NOPROGRESS, 0L);
	curl_easy_setopt(s->curl, CURLOPT_XFERINFOFUNCTION, watch_silence);
	curl_easy_setopt(s->curl, CURLOPT_XFERINFODATA, &u);
	curl_easy_setopt(s->curl, CURLOPT_SERVER_RESPONSE_TIMEOUT, (long)(DOT_MS / 1000));
	curl_easy_setopt(s->curl, CURLOPT_TIMEOUT_MS, (long)NW_SENDER_MS - 5000);
	judge(s, &u, curl_easy_perform(s->curl), out);
	curl_slist_free_all(rcpt);
	nw_buf_done(&from);
	nw_buf_done(&to);
	nw_buf_done(&url);
}

void
nw_mail_send(struct nw_sender *s, const Nw__Deliver *d, struct nw_outcome_text *out)
{
	struct nw_buf message = {0};
	struct nw_err err;

	if (nw_mime_build(s->channel, d, &message, &err) == -1) {
		out->result = NW_OUT_FAILED;
		nw_sender_say(out, "%s", err.msg);
	} else {
		transfer(s, d, nw_buf_str(&message), out);
	}
	nw_buf_done(&message);
}
