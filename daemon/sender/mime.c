/* A multipart/alternative message (RFC 2045 to 2049, RFC 5322): same input, same bytes. */
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "base/utf8.h"
#include "core/digest.h"
#include "core/frame.h"
#include "core/time.h"
#include "sender/sender.h"

#define LINE_MAX_BYTES 998 /* RFC 5322, 2.1.1 */
#define B64_LINE       57  /* bytes that make 76 columns */

/* Whether a text may go as it is: ASCII without controls but tab and line feed, lines within the limit. */
static int
is_7bit(struct nw_str s)
{
	size_t column = 0;

	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (c == '\n' || c == '\r')
			column = 0; /* both become CRLF */
		else if (++column > LINE_MAX_BYTES || c >= 0x7f || (c < 0x20 && c != '\t'))
			return 0;
	}
	return 1;
}

/* Line ends as CRLF, whatever they were: a bare LF is a smuggler's tool. */
static void
add_crlf(struct nw_buf *b, struct nw_str s)
{
	for (size_t i = 0; i < s.len; i++) {
		if (s.p[i] == '\r' && i + 1 < s.len && s.p[i + 1] == '\n')
			continue;
		if (s.p[i] == '\n' || s.p[i] == '\r')
			nw_buf_adds(b, "\r\n");
		else
			nw_buf_addc(b, s.p[i]);
	}
}

static void
add_base64_lines(struct nw_buf *b, struct nw_str s)
{
	for (size_t i = 0; i < s.len; i += B64_LINE) {
		nw_base64_add(b, s.p + i, s.len - i < B64_LINE ? s.len - i : B64_LINE);
		nw_buf_adds(b, "\r\n");
	}
}

static void
add_part(struct nw_buf *b, const char *boundary, const char *type, struct nw_str text)
{
	struct nw_buf crlf = {0}, valid = {0};

	nw_utf8_repair(&valid, text.p, text.len);
	add_crlf(&crlf, nw_buf_str(&valid));
	nw_buf_addf(b, "--%s\r\nContent-Type: %s; charset=utf-8\r\n", boundary, type);
	if (is_7bit(nw_buf_str(&valid))) {
		nw_buf_adds(b, "Content-Transfer-Encoding: 7bit\r\n\r\n");
		nw_buf_addstr(b, nw_buf_str(&crlf));
		nw_buf_adds(b, "\r\n");
	} else {
		nw_buf_adds(b, "Content-Transfer-Encoding: base64\r\n\r\n");
		add_base64_lines(b, nw_buf_str(&crlf));
	}
	b->failed |= crlf.failed | valid.failed;
	nw_buf_done(&crlf);
	nw_buf_done(&valid);
}

static void
add_message_id(struct nw_buf *b, const char *name, struct nw_str id, struct nw_str domain)
{
	nw_buf_addf(b, "%s: <%.*s@%.*s>\r\n", name, (int)id.len, id.p, (int)domain.len, domain.p);
}

/* Ids are ours (hex); anything else would be a fault of main, but never a header of somebody's choosing. */
static int
is_token(struct nw_str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (strchr("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ._-", s.p[i]) == NULL)
			return 0;
	return s.len > 0 && s.len <= 128;
}

static void
add_subject(struct nw_buf *b, struct nw_str prefix, struct nw_str subject)
{
	struct nw_buf whole = {0};

	nw_buf_addstr(&whole, prefix);
	if (prefix.len > 0)
		nw_buf_addc(&whole, ' ');
	nw_buf_addstr(&whole, subject);
	nw_header_text(b, "Subject", nw_buf_str(&whole));
	b->failed |= whole.failed;
	nw_buf_done(&whole);
}

/* RFC 2919: as configured, else of the channel's name and the sender's domain. */
static void
add_list_id(struct nw_buf *b, const Nw__Channel *c, struct nw_str domain)
{
	struct nw_str own = nw_pb_str(c->list_id);
	struct nw_buf id = {0};

	if (own.len > 0 && memchr(own.p, '<', own.len) != NULL)
		nw_buf_addstr(&id, own);
	else if (own.len > 0)
		nw_buf_addf(&id, "<%.*s>", (int)own.len, own.p);
	else
		nw_buf_addf(&id, "<%.*s.newswatch.%.*s>", (int)c->name.len, (const char *)c->name.data, (int)domain.len,
		    domain.p);
	nw_header_raw(b, "List-Id", nw_buf_str(&id));
	b->failed |= id.failed;
	nw_buf_done(&id);
}

static int
add_headers(struct nw_buf *b, const Nw__Channel *c, const Nw__Deliver *d, struct nw_err *err)
{
	struct nw_str from = nw_pb_str(c->from), id = nw_pb_str(d->id), thread = nw_pb_str(d->thread_id), spec, domain;
	char date[40];
	const char *at;

	if (nw_header_address(b, "From", from) == -1 || nw_header_addr_spec(from, &spec) == -1)
		return nw_fail(err, NW_ECONF, "channel '%.*s': from is no address: '%.*s'", (int)c->name.len,
		    (const char *)c->name.data, (int)from.len, from.p);
	if (nw_header_address(b, "To", nw_pb_str(d->recipient)) == -1)
		return nw_fail(err, NW_ECONF, "recipient is no address: '%.*s'", (int)d->recipient.len,
		    (const char *)d->recipient.data);
	if (!is_token(id) || (thread.len != 0 && !is_token(thread)))
		return nw_fail(err, NW_EPLUGIN, "delivery id is no token");
	at = memrchr(spec.p, '@', spec.len);
	domain = (struct nw_str){at + 1, (size_t)(spec.p + spec.len - at - 1)};
	add_subject(b, nw_pb_str(c->subject_prefix), nw_pb_str(d->message->subject));
	nw_header_raw(b, "Date", nw_str(nw_time_rfc5322(d->date_ms, date)));
	add_message_id(b, "Message-ID", id, domain);
	if (thread.len != 0 && !nw_str_eq(thread, id)) {
		add_message_id(b, "In-Reply-To", thread, domain);
		add_message_id(b, "References", thread, domain);
	}
	add_list_id(b, c, domain);
	nw_buf_adds(b, "Auto-Submitted: auto-generated\r\n");
	if (d->severity.len != 0)
		nw_header_raw(b, "X-Newswatch-Severity", nw_pb_str(d->severity));
	if (nw_str_is(nw_pb_str(d->severity), "critical"))
		nw_buf_adds(b, "Importance: high\r\n");
	if (d->watch.len != 0)
		nw_header_text(b, "X-Newswatch-Watch", nw_pb_str(d->watch));
	return 0;
}

int
nw_mime_build(const Nw__Channel *c, const Nw__Deliver *d, struct nw_buf *b, struct nw_err *err)
{
	struct nw_str text = nw_pb_str(d->message->text), html = nw_pb_str(d->message->html);
	uint8_t sum[NW_SHA256_LEN];
	char boundary[2 * NW_SHA256_LEN + 16] = "=_nw_", hex[2 * NW_SHA256_LEN + 1];
	struct nw_str seed[2] = {NW_STR("boundary"), nw_pb_str(d->id)};

	if (text.len == 0)
		return nw_fail(err, NW_EPLUGIN, "a mail needs a text part");
	if (add_headers(b, c, d, err) == -1)
		return -1;
	nw_sha256_parts(seed, 2, sum);
	memcpy(boundary + 5, nw_hex(sum, 20, hex), 41); /* no text forges a hash of the id: it was rendered before */
	nw_buf_addf(b, "MIME-Version: 1.0\r\nContent-Type: multipart/alternative;\r\n boundary=\"%s\"\r\n\r\n", boundary);
	add_part(b, boundary, "text/plain", text);
	if (html.len != 0)
		add_part(b, boundary, "text/html", html);
	nw_buf_addf(b, "--%s--\r\n", boundary);
	return b->failed ? nw_fail(err, NW_ERES, "out of memory") : 0;
}
