#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "feed_attrs.h"
#include "feed_capture.h"
#include "feed_elements.h"
#include "feed_take.h"
#include "feed_tree.h"
#include "feed_url.h"

static const struct feed_frame outside = {.kind = FRAME_SKIP, .base = {"", 0}, .lang = {"", 0}};

const struct feed_frame *
feed_tree_top(const struct feed_parse *p)
{
	return p->depth > 0 ? &p->frame[p->depth - 1] : &outside;
}

struct feed_record *
feed_tree_record(struct feed_parse *p)
{
	return feed_tree_top(p)->in_item ? &p->item : &p->feed;
}

void
feed_tree_note_scope(struct feed_parse *p, uint32_t slot)
{
	struct feed_record *r = feed_tree_record(p);
	const struct feed_frame *f = feed_tree_top(p);

	if (slot == SLOT_TITLE || !feed_record_wants(r, slot, p->capture.rank))
		return;
	if (slot == SLOT_SUMMARY && r->value[SLOT_BODY].given)
		return;
	r->base = f->base;
	if (f->lang.len > 0)
		r->lang = f->lang;
}

void
feed_tree_reset(struct feed_parse *p)
{
	p->depth = p->beyond = 0;
	p->dialect = DIALECT_NONE;
	p->root[0] = '\0';
	free(p->own_uri);
	p->own_uri = NULL;
	p->items = p->bad_dates = 0;
	p->ttl_s = p->sy_period_s = p->sy_frequency = 0;
	memset(p->memo, 0, sizeof(p->memo));
	feed_record_reset(&p->feed);
	feed_record_reset(&p->item);
}

/* --- namespaces */

static enum feed_ns
family(const struct feed_parse *p)
{
	return p->dialect == DIALECT_ATOM ? NS_ATOM : NS_RSS;
}

static enum feed_ns
find_ns(const struct feed_parse *p, const char *uri, const char *prefix)
{
	if (uri != NULL && p->own_uri != NULL && strcmp(uri, p->own_uri) == 0)
		return family(p);
	if (uri == NULL && prefix == NULL)
		return family(p);
	return feed_elements_ns(uri, prefix);
}

/* libxml2 interns URIs, so their address is enough to find them again. */
static enum feed_ns
ns_of(struct feed_parse *p, const struct feed_tag *tag)
{
	struct feed_ns_memo *m = &p->memo[((uintptr_t)tag->uri >> 3) % (sizeof(p->memo) / sizeof(p->memo[0]))];
	enum feed_ns ns;

	if (tag->uri != NULL && m->uri == tag->uri)
		return m->ns;
	ns = find_ns(p, tag->uri, tag->prefix);
	if (tag->uri != NULL && ns != NS_OTHER) /* what is not known may still be known by its prefix */
		*m = (struct feed_ns_memo){tag->uri, (uint8_t)ns};
	return ns;
}

/* --- the root */

static void
open_item(struct feed_parse *p, struct feed_frame *f, const struct feed_tag *tag)
{
	f->kind = FRAME_ITEM;
	f->place = IN_ITEM;
	f->in_item = 1;
	p->item_elements = 0;
	feed_record_reset(&p->item);
	p->item.lang = f->lang;
	p->item.base = f->base;
	feed_attrs_about(p, tag);
}

static const struct root {
	const char *name;
	uint8_t dialect, kind, place;
} roots[] = {
	{"rss", DIALECT_RSS, FRAME_GROUP, IN_FEED},
	{"rdf", DIALECT_RSS, FRAME_GROUP, IN_FEED},
	{"channel", DIALECT_RSS, FRAME_GROUP, IN_FEED},
	{"item", DIALECT_RSS, FRAME_ITEM, IN_ITEM},
	{"feed", DIALECT_ATOM, FRAME_GROUP, IN_FEED},
	{"entry", DIALECT_ATOM, FRAME_ITEM, IN_ITEM},
};

/* The namespace whose elements are the feed's own: the root's, or in RDF the default one. */
static void
note_own_uri(struct feed_parse *p, const struct feed_tag *tag)
{
	const char *uri = feed_same(tag->local, "rdf") ? tag->default_uri : tag->uri;

	if (uri != NULL)
		p->own_uri = strdup(uri); /* on failure the known URIs still count */
}

static void
open_root(struct feed_parse *p, struct feed_frame *f, const struct feed_tag *tag)
{
	snprintf(p->root, sizeof(p->root), "%s", tag->local);
	f->kind = FRAME_SKIP;
	for (size_t i = 0; i < sizeof(roots) / sizeof(roots[0]); i++) {
		if (!feed_same(tag->local, roots[i].name))
			continue;
		f->kind = roots[i].kind;
		f->place = roots[i].place;
		p->dialect = roots[i].dialect;
		p->feed.lang = f->lang;
		note_own_uri(p, tag);
		if (f->kind == FRAME_ITEM)
			open_item(p, f, tag);
	}
}

/* --- elements */

/* A child of a group, item or person: what the table says. */
static void
open_element(struct feed_parse *p, struct feed_frame *f, const struct feed_tag *tag)
{
	uint32_t rank = 0;
	enum feed_ns ns = ns_of(p, tag);
	const struct feed_element *e = feed_elements_find(ns, tag->local, f->place, &rank);

	f->element = e;
	p->item_elements++;
	if (e == NULL) {
		f->kind = f->place == IN_PERSON			      ? FRAME_GROUP
			  : f->place == IN_FEED && ns == family(p) ? FRAME_WRAP
								      : FRAME_SKIP;
		return;
	}
	if (e->inside != 0)
		f->place = e->inside;
	switch (e->opens) {
	case OPENS_ITEM:
		open_item(p, f, tag);
		return;
	case OPENS_TEXT:
		f->kind = FRAME_TEXT;
		feed_capture_begin(p, e, rank);
		break;
	case OPENS_PERSON:
		f->kind = FRAME_PERSON;
		f->rank = (uint8_t)rank;
		feed_take_person_begin(p);
		break;
	default:
		f->kind = e->opens == OPENS_GROUP ? FRAME_GROUP : FRAME_SKIP;
	}
	if (f->kind == FRAME_GROUP && !f->in_item && p->feed.lang.len == 0)
		p->feed.lang = f->lang; /* of a channel */
	if (e->start != NULL)
		e->start(p, tag, e);
}

/* "<entries>" around the entries, "<section>" around some of them. */
static void
open_wrapped(struct feed_parse *p, struct feed_frame *f, const struct feed_tag *tag)
{
	uint32_t rank;
	const struct feed_element *e = feed_elements_find(ns_of(p, tag), tag->local, f->place, &rank);

	if (e != NULL && e->opens == OPENS_ITEM)
		open_item(p, f, tag);
}

/* xml:base and xml:lang change what is in scope. */
static void
scope(struct feed_parse *p, struct feed_frame *f, const struct feed_tag *tag)
{
	const struct feed_attr *base = feed_attrs_xml(tag, "base"), *lang = feed_attrs_xml(tag, "lang");
	struct nw_str url;

	if (base != NULL && feed_url_resolve(p, base->value, &url))
		f->base = url;
	if (lang != NULL && (lang->value.len != f->lang.len || memcmp(lang->value.p, f->lang.p, f->lang.len) != 0)) {
		char *copy = p->host->alloc(p->sink, lang->value.len + 1);

		if (copy != NULL) {
			memcpy(copy, lang->value.p, lang->value.len);
			f->lang = (struct nw_str){copy, lang->value.len};
		}
	}
}

void
feed_tree_start(struct feed_parse *p, const struct feed_tag *tag)
{
	const struct feed_frame *parent = feed_tree_top(p);
	int root = p->depth == 0;
	struct feed_frame *f;

	if (p->depth == FEED_DEPTH_MAX) {
		p->beyond++;
		return;
	}
	f = &p->frame[p->depth++];
	*f = *parent;
	f->element = NULL;
	f->prefix = tag->prefix;
	f->local = tag->local;
	if (tag->nattr > 0)
		scope(p, f, tag);
	if (root)
		open_root(p, f, tag);
	else if (parent->kind == FRAME_TEXT || parent->kind == FRAME_INNER || parent->kind == FRAME_SILENT)
		f->kind = (uint8_t)feed_capture_open(p, tag, parent->kind == FRAME_INNER);
	else if (parent->kind == FRAME_WRAP)
		open_wrapped(p, f, tag);
	else if (parent->kind != FRAME_SKIP)
		open_element(p, f, tag);
}

void
feed_tree_text(struct feed_parse *p, const char *s, size_t n)
{
	const struct feed_frame *f = feed_tree_top(p);

	if (f->kind == FRAME_TEXT || f->kind == FRAME_SILENT)
		feed_capture_text(p, 0, s, n);
	else if (f->kind == FRAME_INNER)
		feed_capture_text(p, 1, s, n);
	else if (f->place == IN_PERSON && f->kind != FRAME_SKIP)
		feed_text_add(&p->person_text, s, n);
}

/* --- the end of elements */

/* A CDATA section without its end reaches to the end of the next one, over everything between. */
static int
swallows_an_item(const struct feed_text *t)
{
	const char *begin = t->len > 0 ? memmem(t->p, t->len, "<![CDATA[", 9) : NULL;

	return begin != NULL && (memmem(t->p, t->len, "</item>", 7) != NULL || memmem(t->p, t->len, "</entry>", 8) != NULL);
}

/* What is open around an item: a second reading begins behind it. */
static void
note_open(struct feed_parse *p)
{
	feed_text_reset(&p->safe_open);
	for (uint32_t i = 0; i + 1 < p->depth; i++) {
		if (p->frame[i].prefix != NULL) {
			feed_text_adds(&p->safe_open, p->frame[i].prefix);
			feed_text_adds(&p->safe_open, ":");
		}
		feed_text_adds(&p->safe_open, p->frame[i].local);
		feed_text_add(&p->safe_open, "", 1);
	}
}

/* An item is whole.  In a second reading those given before are passed over. */
static void
close_item(struct feed_parse *p)
{
	int rc;

	if (p->incomplete && p->item_elements == 0)
		return; /* made by a repair */
	p->items++;
	note_open(p);
	if (p->items <= p->given || p->full || p->rc != NW_OK)
		return;
	rc = feed_record_emit_item(p);
	if (rc == NW_ELIMIT)
		p->full = 1;
	else if (rc != NW_OK)
		p->rc = rc;
	else
		p->given++;
}

void
feed_tree_end(struct feed_parse *p, const char *local)
{
	const struct feed_frame *f;

	if (p->beyond > 0) {
		p->beyond--;
		return;
	}
	if (p->depth == 0)
		return;
	f = &p->frame[p->depth - 1];
	if (f->kind == FRAME_INNER) {
		feed_capture_close(p, local);
	} else if (!p->cut && f->kind == FRAME_TEXT) {
		p->swallowed = p->lost_section && swallows_an_item(&p->capture.text);
		feed_capture_end(p);
		if (f->place == IN_PERSON)
			feed_take_person_part(p, f->element);
		else
			feed_take_text(p, f->element);
	} else if (!p->cut && f->kind == FRAME_PERSON) {
		feed_take_person_end(p, f->rank);
	} else if (!p->cut && f->kind == FRAME_ITEM) {
		close_item(p);
	}
	p->depth--;
}
