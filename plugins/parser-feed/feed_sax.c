#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>

#include "feed_entities.h"
#include "feed_sax.h"
#include "feed_tree.h"

#define CHUNK 16384 /* bytes; libxml2 keeps what it has not read yet */

struct feed_sax {
	struct feed_parse *parse;
	xmlParserCtxt *ctxt;
	int limit; /* stopped by ourselves */
	long safe; /* bytes up to the end of the last whole item */

	/* the tag being handed over; values in one buffer */
	struct feed_attr attr[FEED_ATTRS_MAX];
	size_t value[FEED_ATTRS_MAX]; /* offset of each in values */
	struct feed_text values;

	/* the entity last asked for */
	xmlEntity entity;
	struct feed_text entity_text;
	uint32_t unknown; /* references nobody knows */
};

static void
stop(struct feed_sax *s)
{
	s->limit = 1;
	xmlStopParser(s->ctxt);
}

/* --- from libxml2 to the tree */

/* libxml2 gives five pointers an attribute: name, prefix, URI, begin and end of the value. */
static uint32_t
take_attrs(struct feed_sax *s, const xmlChar **in, int n)
{
	uint32_t count = n < FEED_ATTRS_MAX ? (uint32_t)n : FEED_ATTRS_MAX;

	feed_text_reset(&s->values);
	for (uint32_t i = 0; i < count; i++, in += 5) {
		s->attr[i].local = (const char *)in[0];
		s->attr[i].prefix = (const char *)in[1];
		s->attr[i].uri = (const char *)in[2];
		s->value[i] = s->values.len;
		feed_entities_decode(s->ctxt, &s->values, (const char *)in[3], (size_t)(in[4] - in[3]));
		s->attr[i].value.len = s->values.len - s->value[i];
		feed_text_add(&s->values, "", 1);
	}
	if (s->values.failed)
		return 0;
	for (uint32_t i = 0; i < count; i++)
		s->attr[i].value.p = s->values.p + s->value[i];
	return count;
}

static void
on_start(void *user, const xmlChar *local, const xmlChar *prefix, const xmlChar *uri, int nspaces,
    const xmlChar **spaces, int nattr, int ndefaulted, const xmlChar **attr)
{
	struct feed_sax *s = user;
	struct feed_tag tag = {
		.local = (const char *)local,
		.prefix = (const char *)prefix,
		.uri = (const char *)uri,
		.attr = s->attr,
	};

	(void)ndefaulted; /* a default is a value like others */
	if (s->ctxt->nsNr > 2 * FEED_SPACES_MAX || s->parse->beyond > FEED_DEPTH_STOP - FEED_DEPTH_MAX ||
	    xmlDictSize(s->ctxt->dict) > FEED_NAMES_MAX) {
		stop(s);
		return;
	}
	for (int i = 0; i < nspaces; i++)
		if (spaces[2 * i] == NULL)
			tag.default_uri = (const char *)spaces[2 * i + 1];
	if (nattr > 0)
		tag.nattr = take_attrs(s, attr, nattr);
	feed_tree_start(s->parse, &tag);
}

static void
on_end(void *user, const xmlChar *local, const xmlChar *prefix, const xmlChar *uri)
{
	struct feed_sax *s = user;
	uint32_t items = s->parse->items;

	(void)prefix;
	(void)uri; /* the tree knows what is open */
	feed_tree_end(s->parse, (const char *)local);
	if (s->parse->items != items)
		s->safe = xmlByteConsumed(s->ctxt);
	if (s->parse->rc != NW_OK)
		stop(s);
	else if (s->parse->swallowed)
		xmlStopParser(s->ctxt);
}

/* What windows-1252 has where Unicode has control characters: "&#146;" is meant as an apostrophe. */
static const char *
windows_1252(unsigned char second)
{
	static const char *const table[32] = {"\u20ac", NULL, "\u201a", "\u0192", "\u201e", "\u2026", "\u2020",
	    "\u2021", "\u02c6", "\u2030", "\u0160", "\u2039", "\u0152", NULL, "\u017d", NULL, NULL, "\u2018",
	    "\u2019", "\u201c", "\u201d", "\u2022", "\u2013", "\u2014", "\u02dc", "\u2122", "\u0161", "\u203a",
	    "\u0153", NULL, "\u017e", "\u0178"};

	return second >= 0x80 && second < 0xa0 ? table[second - 0x80] : NULL;
}

static void
on_text(void *user, const xmlChar *text, int n)
{
	struct feed_parse *p = ((struct feed_sax *)user)->parse;
	const char *s = (const char *)text, *end = s + n, *c1 = s;

	while ((c1 = memchr(c1, 0xc2, (size_t)(end - c1))) != NULL && ++c1 < end) {
		const char *meant = windows_1252((unsigned char)*c1);

		if (meant == NULL)
			continue;
		feed_tree_text(p, s, (size_t)(c1 - 1 - s));
		feed_tree_text(p, meant, strlen(meant));
		s = ++c1;
	}
	feed_tree_text(p, s, (size_t)(end - s));
}

/*
 * Every reference gets an answer, so that one unknown name does not end the document.  In text the answer is of the
 * predefined kind, which libxml2 hands over as text and never parses; in an attribute only the name is handed over,
 * and feed_entities_decode() does the rest.  In the DTD there is none: nothing is built from other entities.
 */
static xmlEntity *
on_entity(void *user, const xmlChar *name)
{
	struct feed_sax *s = user;
	char buf[8];
	const char *text;

	if (s->ctxt->inSubset != 0)
		return NULL;
	memset(&s->entity, 0, sizeof(s->entity));
	s->entity.type = XML_ENTITY_DECL;
	s->entity.name = name;
	if (s->ctxt->instate == XML_PARSER_ATTRIBUTE_VALUE) {
		s->entity.etype = XML_INTERNAL_GENERAL_ENTITY;
		s->entity.content = (xmlChar *)"";
		s->entity.checked = 2; /* known to hold no "<" */
		return &s->entity;
	}
	text = feed_entities_text(s->ctxt, (const char *)name, buf);
	feed_text_reset(&s->entity_text);
	feed_text_adds(&s->entity_text, text != NULL ? text : "&");
	if (text == NULL) {
		feed_text_adds(&s->entity_text, (const char *)name);
		feed_text_adds(&s->entity_text, ";");
		s->unknown++;
	}
	s->entity.etype = XML_INTERNAL_PREDEFINED_ENTITY;
	s->entity.content = (xmlChar *)(s->entity_text.failed ? "" : s->entity_text.p);
	s->entity.length = (int)strlen((const char *)s->entity.content);
	return &s->entity;
}

static void
on_error(void *user, xmlError *error)
{
	(void)user;
	(void)error; /* the context keeps the last one; nothing is printed */
}

/* --- life */

struct feed_sax *
feed_sax_new(struct feed_parse *p)
{
	struct feed_sax *s = calloc(1, sizeof(*s));
	xmlSAXHandler h = {
		.initialized = XML_SAX2_MAGIC,
		.startElementNs = on_start,
		.endElementNs = on_end,
		.characters = on_text,
		.ignorableWhitespace = on_text,
		.cdataBlock = on_text,
		.getEntity = on_entity,
		.serror = on_error,
	};

	if (s == NULL)
		return NULL;
	s->parse = p;
	s->ctxt = xmlCreatePushParserCtxt(&h, s, NULL, 0, p->doc->url.p);
	if (s->ctxt == NULL) {
		feed_sax_free(s);
		return NULL;
	}
	xmlCtxtUseOptions(s->ctxt, XML_PARSE_NONET | XML_PARSE_IGNORE_ENC);
	return s;
}

void
feed_sax_free(struct feed_sax *s)
{
	if (s == NULL)
		return;
	if (s->ctxt != NULL) {
		xmlFreeDoc(s->ctxt->myDoc); /* holds declared entities */
		s->ctxt->myDoc = NULL;
		xmlFreeParserCtxt(s->ctxt);
	}
	feed_text_done(&s->values);
	feed_text_done(&s->entity_text);
	free(s);
}

size_t
feed_sax_safe(const struct feed_sax *s)
{
	return s->safe > 0 ? (size_t)s->safe : 0;
}

int
feed_sax_stopped(const struct feed_sax *s)
{
	return s->ctxt->disableSAX != 0;
}

void
feed_sax_push(struct feed_sax *s, const char *p, size_t n)
{
	while (n > 0 && !feed_sax_stopped(s)) {
		size_t part = n < CHUNK ? n : CHUNK;

		/* libxml2 wants whole characters */
		while (part < n && part > 1 && ((unsigned char)p[part] & 0xc0) == 0x80)
			part--;
		xmlParseChunk(s->ctxt, p, (int)part, 0);
		p += part;
		n -= part;
	}
}

enum feed_sax_end
feed_sax_finish(struct feed_sax *s, char message[FEED_ERROR_MAX])
{
	const xmlError *e;
	size_t n;

	message[0] = '\0';
	if (!feed_sax_stopped(s))
		xmlParseChunk(s->ctxt, NULL, 0, 1);
	if (s->unknown > 0)
		s->parse->host->note(s->parse->sink, "%u references to entities nobody declared are kept as text",
		    s->unknown);
	if (s->limit)
		return FEED_SAX_LIMIT;
	if (s->ctxt->wellFormed && !s->parse->swallowed)
		return FEED_SAX_OK;
	e = xmlCtxtGetLastError(s->ctxt);
	snprintf(message, FEED_ERROR_MAX, "line %d: %s", e != NULL ? e->line : 0,
	    e != NULL && e->message != NULL ? e->message : "not well-formed");
	for (n = strlen(message); n > 0 && feed_is_space(message[n - 1]); n--)
		message[n - 1] = '\0';
	for (n = 0; message[n] != '\0'; n++)
		if ((unsigned char)message[n] < ' ' || (unsigned char)message[n] >= 0x7f)
			message[n] = message[n] >= 0 && message[n] < ' ' ? ' ' : '?';
	return FEED_SAX_BROKEN;
}
