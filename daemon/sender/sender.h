/*
 * sender.h - newswatch-sender: one active channel's deliveries, one at a time, over one kept connection.
 * Floor 4.  Blocking libcurl; knows only its own channel's secrets; main ends it by SIGKILL at its deadline.
 * Life of the process: CHANNEL -> READY | FAILED -> (DELIVER -> OUTCOME)* -> end of file.
 */
#ifndef NW_SENDER_SENDER_H
#define NW_SENDER_SENDER_H

#include <curl/curl.h>

#include "core/netaddr.h"
#include "wire.pb-c.h"

struct nw_buf;
struct nw_err;

#define NW_SENDER_ALLOW_MAX 64

/* What came of a delivery.  Ambiguous: it may have been accepted, so it goes again under the same id. */
enum nw_outcome { NW_OUT_DELIVERED, NW_OUT_DEFERRED, NW_OUT_FAILED, NW_OUT_AMBIGUOUS };

struct nw_sender {
	const Nw__Channel *channel;
	CURL *curl;
	char curl_error[CURL_ERROR_SIZE];
	struct nw_cidr allow[NW_SENDER_ALLOW_MAX];
	size_t nallow;
	char refused[64]; /* the address the last connection was refused for, "" if none */
};

struct nw_outcome_text {
	uint32_t result, code;
	int64_t retry_after_ms;
	int disable;
	char text[256]; /* the last answer, one line, escaped */
};

/* curl.c: a handle with what every delivery shares: addresses checked, no proxy or cookies from outside, CA file. */
int nw_sender_curl_open(struct nw_sender *, struct nw_err *);
void nw_sender_curl_reset(struct nw_sender *);
/* The answer as one printable line. */
void nw_sender_say(struct nw_outcome_text *, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* mail.c, webhook.c, heartbeat.c: one delivery. */
void nw_mail_send(struct nw_sender *, const Nw__Deliver *, struct nw_outcome_text *);
void nw_webhook_send(struct nw_sender *, const Nw__Deliver *, struct nw_outcome_text *);
void nw_heartbeat_send(struct nw_sender *, struct nw_outcome_text *);

/*
 * mime.c: nw_mime_build(channel, deliver, buf, err):
 * The whole message with CRLF lines, equal bytes for equal input: boundary and Message-ID come from the delivery's
 * id, Date from date_ms.  No header value holds CR, LF or NUL; non-ASCII goes through RFC 2047; no raw 8-bit bytes.
 * errors  NW_EPLUGIN for parts that cannot be mail.
 */
int nw_mime_build(const Nw__Channel *, const Nw__Deliver *, struct nw_buf *, struct nw_err *);

/* header.c: "Name: value" folded under 78 columns, CRLF at the end.  _text encodes by RFC 2047 where needed. */
void nw_header_text(struct nw_buf *, const char *name, struct nw_str value);
void nw_header_raw(struct nw_buf *, const char *name, struct nw_str value); /* ASCII tokens of our own making */
/* An address header: "Display <a@b>" or "a@b"; -1 if it is no address. */
int nw_header_address(struct nw_buf *, const char *name, struct nw_str address);
/* The addr-spec of "Display <a@b>"; -1 if there is none. */
int nw_header_addr_spec(struct nw_str address, struct nw_str *spec_r);
#endif
