#include <stdlib.h>
#include <string.h>
#include <openssl/evp.h>

#include "feed_attrs.h"
#include "feed_capture.h"
#include "feed_url.h"

void
feed_capture_begin(struct feed_parse *p, const struct feed_element *e, uint32_t rank)
{
	struct feed_capture *c = &p->capture;

	feed_text_reset(&c->text);
	c->mode = e->content == CONTENT_HTML ? CAPTURE_MIXED : CAPTURE_TEXT;
	c->html = e->content == CONTENT_HTML;
	c->markup = e->content != CONTENT_TEXT;
	c->sniff = c->ignored = c->binary = c->full = 0;
	c->permalink = PERMALINK_TAKEN;
	c->rank = rank;
}

/* No text may need much more than the document it stands in; what is left out is told once. */
static int
is_full(struct feed_parse *p)
{
	struct feed_capture *c = &p->capture;

	if (c->text.len < FEED_TEXT_MAX || c->full)
		return c->full;
	c->full = 1;
	if (p->long_texts++ == 0)
		p->host->note(p->sink, "a text of item %u is cut to %u bytes", p->items + 1, FEED_TEXT_MAX);
	return 1;
}

void
feed_capture_text(struct feed_parse *p, int nested, const char *s, size_t n)
{
	struct feed_capture *c = &p->capture;

	if (c->ignored || is_full(p))
		return;
	if (c->mode == CAPTURE_XHTML || (c->mode == CAPTURE_MIXED && nested))
		feed_text_add_escaped(&c->text, s, n);
	else
		feed_text_add(&c->text, s, n);
}

/* --- inline markup */

static int
is_void(const char *name)
{
	static const char *const names[] = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta",
	    "param", "source", "track", "wbr"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (feed_same(name, names[i]))
			return 1;
	return 0;
}

static int
is_address(const char *name)
{
	return feed_same(name, "href") || feed_same(name, "src") || feed_same(name, "cite") ||
	    feed_same(name, "longdesc") || feed_same(name, "poster");
}

static void
write_attr(struct feed_parse *p, const struct feed_attr *a)
{
	struct feed_text *t = &p->capture.text;
	struct nw_str v = a->value, url;

	if (a->prefix != NULL)
		return;
	if (is_address(a->local) && v.len > 0 && v.p[0] != '#' && feed_url_resolve(p, v, &url))
		v = url;
	feed_text_adds(t, " ");
	feed_text_adds(t, a->local);
	feed_text_adds(t, "=\"");
	feed_text_add_escaped(t, v.p, v.len);
	feed_text_adds(t, "\"");
}

/* Plain text that turns out to hold tags: what came before them was text. */
static void
become_xhtml(struct feed_capture *c)
{
	struct feed_text before = {0};

	feed_text_swap(&before, &c->text);
	feed_text_add_escaped(&c->text, feed_text_str(&before).p, before.len);
	feed_text_done(&before);
	c->mode = CAPTURE_XHTML;
	c->html = 1;
	c->sniff = 0;
}

int
feed_capture_open(struct feed_parse *p, const struct feed_tag *tag, int nested)
{
	struct feed_capture *c = &p->capture;
	int wrapper = c->mode == CAPTURE_XHTML && !nested && feed_same(tag->local, "div") &&
	    feed_text_is_blank(&c->text);

	if (c->ignored || c->mode == CAPTURE_BASE64 || wrapper || is_full(p))
		return FRAME_SILENT;
	if (c->mode == CAPTURE_TEXT) {
		if (!c->markup)
			return FRAME_SILENT;
		become_xhtml(c);
	}
	feed_text_adds(&c->text, "<");
	feed_text_adds(&c->text, tag->local);
	for (uint32_t i = 0; i < tag->nattr; i++)
		write_attr(p, &tag->attr[i]);
	feed_text_adds(&c->text, ">");
	return FRAME_INNER;
}

void
feed_capture_close(struct feed_parse *p, const char *local)
{
	struct feed_text *t = &p->capture.text;

	if (is_void(local))
		return;
	feed_text_adds(t, "</");
	feed_text_adds(t, local);
	feed_text_adds(t, ">");
}

/* --- at the end */

/* Whether decoded bytes are a text: no control characters, nothing that did not decode. */
static int
is_text(struct nw_str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (((unsigned char)s.p[i] < ' ' && !feed_is_space(s.p[i])) || s.p[i] == 0x7f)
			return 0;
	return strstr(s.p, "\xef\xbf\xbd") == NULL; /* U+FFFD */
}

/* Bytes that were hidden in base64, as valid text; -1 if they are none. */
static int
decode_base64(struct feed_parse *p)
{
	struct feed_text *t = &p->capture.text;
	EVP_ENCODE_CTX *ctx = EVP_ENCODE_CTX_new();
	unsigned char *out = malloc(t->len / 4 * 3 + 64);
	struct nw_doc doc = *p->doc;
	struct nw_str text, charset;
	int n = 0, tail = 0, rc = -1;

	if (ctx == NULL || out == NULL || t->len > INT32_MAX / 2)
		goto out;
	EVP_DecodeInit(ctx);
	if (EVP_DecodeUpdate(ctx, out, &n, (const unsigned char *)feed_text_str(t).p, (int)t->len) < 0 ||
	    EVP_DecodeFinal(ctx, out + n, &tail) != 1 || memchr(out, '\0', (size_t)(n + tail)) != NULL)
		goto out;
	out[n + tail] = '\0';
	doc.body = (struct nw_bytes){out, (size_t)(n + tail)};
	doc.content_type = NW_STR("");
	doc.charset = NW_STR("utf-8");
	if (p->host->decode(p->sink, &doc, 'h', &text, &charset) != NW_OK || !is_text(text))
		goto out;
	feed_text_reset(t);
	feed_text_add(t, text.p, text.len);
	rc = 0;
out:
	EVP_ENCODE_CTX_free(ctx);
	free(out);
	return rc;
}

/* "</p>", "<br", "&#8217;", "&amp;": what no writer of plain text means. */
static int
looks_like_html(struct nw_str s)
{
	for (const char *q = s.p; (q = strpbrk(q, "<&")) != NULL; q++) {
		size_t letters = strspn(q + 1 + (q[1] == '/' || q[1] == '#'),
		    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");
		char end = q[1 + (q[1] == '/' || q[1] == '#') + letters];

		if (letters == 0)
			continue;
		if (*q == '&' && end == ';' && letters < 9)
			return 1;
		if (*q == '<' && q[1] == '/' && end == '>')
			return 1;
		if (*q == '<' && letters == 2 && feed_starts((struct nw_str){q + 1, 2}, "br"))
			return 1;
		if (*q == '<' && letters == 3 && feed_starts((struct nw_str){q + 1, 3}, "img"))
			return 1;
	}
	return 0;
}

void
feed_capture_end(struct feed_parse *p)
{
	struct feed_capture *c = &p->capture;

	if (c->ignored)
		feed_text_reset(&c->text);
	if (c->mode == CAPTURE_BASE64) {
		c->sniff = 1;
		if (decode_base64(p) == -1 && c->binary)
			feed_text_reset(&c->text);
	}
	if (c->sniff && !c->html)
		c->html = (uint8_t)looks_like_html(feed_text_str(&c->text));
}
