#include <string.h>
#include <libxml/HTMLparser.h>
#include <libxml/entities.h>

#include "feed_entities.h"

#define NAME_MAX_LEN 32 /* bytes; the longest name of HTML 4 has 8 */

static size_t
put_utf8(char buf[8], uint32_t c)
{
	if (c < 0x80) {
		buf[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		buf[0] = (char)(0xc0 | c >> 6);
		buf[1] = (char)(0x80 | (c & 0x3f));
		return 2;
	}
	buf[0] = (char)(0xe0 | c >> 12); /* HTML 4 has none above U+FFFF */
	buf[1] = (char)(0x80 | (c >> 6 & 0x3f));
	buf[2] = (char)(0x80 | (c & 0x3f));
	return 3;
}

/* A declared entity, if it is a short text without markup and without references: nothing can grow from it. */
static const char *
declared(xmlParserCtxt *ctxt, const char *name)
{
	const xmlEntity *e = ctxt->myDoc != NULL ? xmlGetDocEntity(ctxt->myDoc, (const xmlChar *)name) : NULL;
	const char *s;

	if (e == NULL || e->etype != XML_INTERNAL_GENERAL_ENTITY || e->content == NULL || e->length > FEED_ENTITY_MAX)
		return NULL;
	s = (const char *)e->content;
	return strpbrk(s, "&<") == NULL ? s : NULL;
}

const char *
feed_entities_text(xmlParserCtxt *ctxt, const char *name, char buf[8])
{
	const htmlEntityDesc *html = htmlEntityLookup((const xmlChar *)name);

	if (html == NULL)
		return declared(ctxt, name);
	buf[put_utf8(buf, html->value)] = '\0';
	return buf;
}

/* The name in "&name;" at s, and how many bytes the reference has; 0 if there is none. */
static size_t
reference(const char *s, size_t n, char name[NAME_MAX_LEN])
{
	const char *end = memchr(s, ';', n < NAME_MAX_LEN ? n : NAME_MAX_LEN);
	size_t len = end != NULL ? (size_t)(end - s) : 0;

	if (len < 2)
		return 0;
	memcpy(name, s + 1, len - 1);
	name[len - 1] = '\0';
	return len + 1;
}

void
feed_entities_decode(xmlParserCtxt *ctxt, struct feed_text *out, const char *s, size_t n)
{
	const char *amp;

	while ((amp = memchr(s, '&', n)) != NULL) {
		char name[NAME_MAX_LEN], buf[8];
		const char *text = NULL;
		size_t before = (size_t)(amp - s), len = reference(amp, n - before, name);

		feed_text_add(out, s, before);
		if (len > 0)
			text = strcmp(name, "#38") == 0 ? "&" : feed_entities_text(ctxt, name, buf);
		if (text != NULL)
			feed_text_adds(out, text);
		else
			feed_text_add(out, amp, len = 1);
		s = amp + len;
		n -= before + len;
	}
	feed_text_add(out, s, n);
}
