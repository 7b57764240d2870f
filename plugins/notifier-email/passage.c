#include <string.h>

#include "passage.h"

struct nw_str
passage_field(const struct nw_article *a, uint32_t field)
{
	switch (field) {
	case NW_FIELD_TITLE:
		return a->title;
	case NW_FIELD_BODY:
		return a->body;
	case NW_FIELD_SUMMARY:
		return a->summary;
	case NW_FIELD_AUTHOR:
		return a->author;
	case NW_FIELD_URL:
		return a->url;
	case NW_FIELD_REMOVED_TITLE:
		return a->prev_title;
	case NW_FIELD_REMOVED_BODY:
		return a->prev_body;
	}
	return (struct nw_str){"", 0};
}

static int
is_tail_byte(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

/* A sentence may end after this byte: a full stop, its ideographic form's last byte, a line feed. */
static int
ends_sentence(struct nw_str t, size_t i)
{
	return strchr(".!?\n", t.p[i]) != NULL ||
	    (i >= 2 && (memcmp(t.p + i - 2, "\xe3\x80\x82", 3) == 0 || memcmp(t.p + i - 2, "\xef\xbc\x81", 3) == 0 ||
	    memcmp(t.p + i - 2, "\xef\xbc\x9f", 3) == 0));
}

/* How many bytes before `off` belong to the neighbour: back to the end of the sentence before it. */
static size_t
neighbour_before(struct nw_str t, size_t off)
{
	size_t p = off, least = off > NEIGHBOUR ? off - NEIGHBOUR : 0, text = off;

	while (text > least && strchr(" \n", t.p[text - 1]) != NULL)
		text--;
	for (p = text; p > least; p--)
		if (p < text && ends_sentence(t, p - 1) && (t.p[p] == ' ' || (unsigned char)t.p[p] >= 0x80 || t.p[p - 1] == '\n'))
			break;
	while (p < off && (is_tail_byte(t.p[p]) || strchr(" \n", t.p[p]) != NULL))
		p++;
	return off - p;
}

static size_t
neighbour_after(struct nw_str t, size_t off)
{
	size_t p = off, most = t.len - off > NEIGHBOUR ? off + NEIGHBOUR : t.len;

	while (p < most && strchr(" \n", t.p[p]) != NULL)
		p++;
	while (p < most && !ends_sentence(t, p))
		p++;
	if (p < most)
		p++;
	while (p > off && p < t.len && is_tail_byte(t.p[p]))
		p--;
	return p - off;
}

static void
add_mark(struct passage *p, const struct nw_hit *h)
{
	struct mark *last = p->nmarks != 0 ? &p->mark[p->nmarks - 1] : NULL;

	if (last != NULL && h->off <= last->off + last->len) {
		if (h->off + h->len > last->off + last->len)
			last->len = h->off + h->len - last->off;
	} else if (p->nmarks < MARKS_MAX) {
		p->mark[p->nmarks++] = (struct mark){h->off, h->len};
	}
}

/* Hits come in text order, field by field. */
uint32_t
passages_of(const struct nw_notice *n, struct passage out[PASSAGES_MAX])
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < n->nhits; i++) {
		const struct nw_hit *h = &n->hits[i];
		struct nw_str t = passage_field(n->article, h->field);
		struct passage *p = count != 0 ? &out[count - 1] : NULL;
		size_t end = (size_t)h->passage_off + h->passage_len;

		if (end > t.len || (size_t)h->off + h->len > t.len)
			continue;
		if (p == NULL || p->field != h->field || h->passage_off > p->off + p->len + p->after ||
		    h->passage_off < p->off) {
			if (count == PASSAGES_MAX)
				break;
			p = &out[count++];
			*p = (struct passage){.field = h->field, .off = h->passage_off, .len = h->passage_len};
			p->before = h->field == NW_FIELD_BODY ? neighbour_before(t, p->off) : 0;
		} else if (end > p->off + p->len) {
			p->len = end - p->off;
		}
		p->after = h->field == NW_FIELD_BODY ? neighbour_after(t, p->off + p->len) : 0;
		add_mark(p, h);
	}
	return count;
}
