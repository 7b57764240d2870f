/* What a server answers: headers, decoded bytes, and the verdict on a finished transfer. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "base/str.h"
#include "base/utf8.h"
#include "core/limits.h"
#include "core/time.h"
#include "main/fetch_own.h"

/* A new status line: what the answer before it said (100, a proxy's) no longer counts. */
void
nw_fetch_forget_answer(struct nw_transfer *t)
{
	nw_buf_reset(&t->head);
	nw_buf_reset(&t->etag);
	nw_buf_reset(&t->last_modified);
	nw_buf_reset(&t->content_type);
	nw_buf_reset(&t->location);
	t->fetch->bodies -= t->body.len;
	nw_buf_reset(&t->body);
	t->retry_after_ms = 0;
}

static void
keep(struct nw_buf *b, struct nw_str v, size_t max)
{
	nw_buf_reset(b);
	if (v.len <= max && nw_utf8_valid(v.p, v.len))
		nw_buf_addstr(b, v);
}

/* Whether the line is `name: value`; the value without blanks around it. */
static int
is_header(struct nw_str line, const char *name, struct nw_str *value_r)
{
	size_t n = strlen(name), end = line.len;

	if (line.len <= n || line.p[n] != ':' || strncasecmp(line.p, name, n) != 0)
		return 0;
	for (n++; n < end && (line.p[n] == ' ' || line.p[n] == '\t'); n++)
		continue;
	while (end > n && strchr(" \t\r\n", line.p[end - 1]) != NULL)
		end--;
	*value_r = (struct nw_str){line.p + n, end - n};
	return 1;
}

size_t
nw_fetch_on_header(char *p, size_t size, size_t n, void *cookie)
{
	struct nw_transfer *t = cookie;
	struct nw_str line = {p, size * n}, v;
	char value[64];

	if (line.len > 5 && memcmp(p, "HTTP/", 5) == 0)
		nw_fetch_forget_answer(t);
	if (t->head.len + line.len <= NW_FETCH_HEADERS_KEPT)
		nw_buf_addstr(&t->head, line);
	if (is_header(line, "etag", &v))
		keep(&t->etag, v, NW_FETCH_VALUE_MAX);
	else if (is_header(line, "last-modified", &v))
		keep(&t->last_modified, v, NW_FETCH_VALUE_MAX);
	else if (is_header(line, "content-type", &v))
		keep(&t->content_type, v, NW_FETCH_VALUE_MAX);
	else if (is_header(line, "location", &v))
		keep(&t->location, v, NW_URL_MAX);
	else if (is_header(line, "retry-after", &v) && v.len < sizeof(value)) {
		memcpy(value, v.p, v.len);
		value[v.len] = '\0';
		t->retry_after_ms =
		    nw_time_parse_retry_after((struct nw_str){value, v.len}, nw_clock_wall_ms());
	}
	return line.len;
}

size_t
nw_fetch_on_body(char *p, size_t size, size_t n, void *cookie)
{
	struct nw_transfer *t = cookie;
	size_t len = size * n, max = t->max_bytes != 0 ? t->max_bytes : NW_BODY_MAX;

	if (t->body.len + len > max) {
		t->over = 1;
		return 0;
	}
	if (t->fetch->bodies + len > NW_BODIES_MAX && t->fetch->bodies > t->body.len) {
		t->paused = 1; /* others hold the memory: wait until workers have taken it */
		t->fetch->any_paused = 1;
		return CURL_WRITEFUNC_PAUSE;
	}
	nw_buf_add(&t->body, p, len);
	if (t->body.failed) {
		t->nomem = 1;
		return 0;
	}
	t->fetch->bodies += len;
	return len;
}

int
nw_fetch_verdict(const struct nw_transfer *t, CURLcode rc, struct nw_err *err)
{
	if (rc == CURLE_OK)
		return 0;
	if (t->over)
		return nw_fail(err, NW_ELIMIT,
		    "more than %u bytes after decoding: raise max_bytes if this is meant",
		    t->max_bytes != 0 ? t->max_bytes : NW_BODY_MAX);
	if (t->nomem || rc == CURLE_OUT_OF_MEMORY)
		return nw_fail(err, NW_ERES, "out of memory");
	if (t->refused[0] != '\0')
		return nw_fetch_why_not(t, err);
	return nw_fail(
	    err, NW_EINPUT, "%s", t->curl_error[0] != '\0' ? t->curl_error : curl_easy_strerror(rc));
}

void
nw_fetch_report(struct nw_transfer *t, const struct nw_err *err)
{
	struct nw_response r = {.host = t};
	long status = 0;

	(void)curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &status); /* stays 0 */
	r.status = (uint32_t)status;
	r.url = nw_str(t->url);
	r.moved_to = err == NULL ? nw_buf_str(&t->moved_to) : (struct nw_str){"", 0};
	r.etag = nw_buf_str(&t->etag);
	r.last_modified = nw_buf_str(&t->last_modified);
	r.content_type = nw_buf_str(&t->content_type);
	r.headers = nw_buf_str(&t->head);
	r.retry_after_ms = t->retry_after_ms;
	r.body = (struct nw_bytes){(const uint8_t *)nw_buf_str(&t->body).p, t->body.len};
	t->fn(t->cookie, &r, err);
}

uint8_t *
nw_response_take_body(const struct nw_response *r)
{
	struct nw_transfer *t = r->host;

	return (uint8_t *)nw_buf_take(&t->body, NULL);
}

void
nw_transfer_free(struct nw_transfer *t)
{
	if (t == NULL)
		return;
	t->fetch->bodies -= t->body.len; /* 0 if the body was taken: it goes on counting */
	if (t->easy != NULL)
		curl_easy_cleanup(t->easy);
	nw_fetch_free_headers(t);
	nw_buf_done(&t->body);
	nw_buf_done(&t->head);
	nw_buf_done(&t->etag);
	nw_buf_done(&t->last_modified);
	nw_buf_done(&t->content_type);
	nw_buf_done(&t->location);
	nw_buf_done(&t->moved_to);
	free(t->allow);
	free(t->url);
	free(t->proxy);
	free(t->ca_file);
	free(t);
}
