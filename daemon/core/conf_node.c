#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/hash.h"
#include "base/str.h"
#include "core/conf_node.h"
#include "core/conf_type.h"
#include "core/limits.h"

#define NAME_MAX_BYTES 128u /* of a dotted name */

int
nw_conf_node_wrong(struct nw_conf_reader *r, yaml_mark_t mark, uint32_t len, const char *text)
{
	struct nw_conf_place at = nw_conf_marks_place(&r->marks, mark);

	at.len = len;
	return nw_conf_diag(r->diags, NW_CONF_ERROR, &at, "%s", text);
}

yaml_event_type_t
nw_conf_node_type(const struct nw_conf_reader *r)
{
	return r->stopped ? YAML_NO_EVENT : r->event.type;
}

void
nw_conf_node_stop(struct nw_conf_reader *r)
{
	r->stopped = 1;
}

void
nw_conf_node_no_memory(struct nw_conf_reader *r)
{
	r->no_memory = 1;
	nw_conf_node_stop(r);
}

void
nw_conf_node_advance(struct nw_conf_reader *r)
{
	if (r->stopped)
		return;
	yaml_event_delete(&r->event);
	if (yaml_parser_parse(&r->parser, &r->event))
		return;
	memset(&r->event, 0, sizeof(r->event));
	if (r->parser.error == YAML_MEMORY_ERROR)
		nw_conf_node_no_memory(r);
	else
		nw_conf_marks_error(&r->marks, &r->parser, r->diags);
	nw_conf_node_stop(r);
}

/* What a query that YAML took for something of its own should look like; "" for other options. */
static const char *
query_remedy(struct nw_conf_reader *r)
{
	static const char *const option[] = {"match", "news", "stance", "score"};
	static const char *const remedy[] = {"; write 'match: |' and the text indented on the next line",
	    "; write 'news: |' and the text indented on the next line",
	    "; write 'stance: |' and the text indented on the next line",
	    "; write 'score: |' and the text indented on the next line"};
	struct nw_str name = nw_buf_str(&r->name);
	size_t i;

	for (i = 0; i < 4; i++) {
		if (nw_str_is(name, option[i]))
			return remedy[i];
	}
	return "";
}

static void
refuse_sign(struct nw_conf_reader *r, const char *what)
{
	struct nw_conf_place at = nw_conf_marks_place(&r->marks, r->event.start_mark);

	at.len = 1;
	nw_conf_diag(r->diags, NW_CONF_ERROR, &at, "%s%s", what, query_remedy(r));
}

/* Anchors and tags of the node at hand; 1 if it was refused (it is still to be read). */
int
nw_conf_node_refuse_properties(struct nw_conf_reader *r)
{
	const yaml_event_t *e = &r->event;
	const yaml_char_t *anchor = NULL, *tag = NULL;

	if (e->type == YAML_SCALAR_EVENT) {
		anchor = e->data.scalar.anchor;
		tag = e->data.scalar.tag;
	} else if (e->type == YAML_SEQUENCE_START_EVENT) {
		anchor = e->data.sequence_start.anchor;
		tag = e->data.sequence_start.tag;
	} else if (e->type == YAML_MAPPING_START_EVENT) {
		anchor = e->data.mapping_start.anchor;
		tag = e->data.mapping_start.tag;
	}
	if (anchor != NULL)
		refuse_sign(r, "'&' begins a YAML anchor, which is not read here; quote the value, or use a "
			       "list (@name)");
	else if (tag != NULL)
		refuse_sign(r, "'!' begins a YAML tag, which is not read here; quote the value");
	return anchor != NULL || tag != NULL;
}

void
nw_conf_node_refuse_alias(struct nw_conf_reader *r)
{
	refuse_sign(r, "'*' begins a YAML alias, which is not read here; put a word that begins with '*' in "
		       "single quotes");
}

/* Reads past one node, whatever it holds. */
void
nw_conf_node_skip(struct nw_conf_reader *r)
{
	unsigned depth = 0;

	do {
		switch (nw_conf_node_type(r)) {
		case YAML_MAPPING_START_EVENT:
		case YAML_SEQUENCE_START_EVENT:
			if (++depth > NW_CONF_DEPTH_MAX) {
				nw_conf_node_wrong(
				    r, r->event.start_mark, 1, "the nesting is deeper than 32 levels");
				nw_conf_node_stop(r);
			}
			break;
		case YAML_MAPPING_END_EVENT:
		case YAML_SEQUENCE_END_EVENT:
			depth--;
			break;
		default:
			break;
		}
		nw_conf_node_advance(r);
	} while (depth > 0 && !r->stopped);
}

struct nw_str
nw_conf_node_intern(struct nw_conf_reader *r, struct nw_str name)
{
	struct nw_str *slot = &r->names[nw_hash_str(name) % NW_CONF_NODE_NAMES];

	if (slot->p == NULL || !nw_str_eq(*slot, name)) {
		*slot = nw_arena_dup(r->arena, name);
		if (slot->p == NULL)
			nw_conf_node_no_memory(r);
	}
	return *slot;
}

static struct nw_str
event_text(const struct nw_conf_reader *r)
{
	return (struct nw_str){(const char *)r->event.data.scalar.value, r->event.data.scalar.length};
}

static int
refuse_control(struct nw_conf_reader *r, struct nw_str s)
{
	size_t i;

	for (i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if ((c < ' ' && c != '\n' && c != '\t') || c == 0x7f)
			return nw_conf_node_wrong(r, r->event.start_mark, 1,
			    "the text holds a control byte (written as an escape); remove it");
	}
	return 0;
}

/* Where the lines of the scalar at hand stand whose breaks are no longer in its text. */
static void
take_folds(struct nw_conf_reader *r, struct nw_str text, Nw__Scalar *s)
{
	size_t lines = r->event.end_mark.line - r->event.start_mark.line + 1;

	if (lines == 1 || s->style == NW_SCALAR_LITERAL || s->style == NW_SCALAR_DOUBLE)
		return;
	s->folds = nw_arena_array(r->arena, 3 * lines, sizeof(*s->folds));
	if (s->folds == NULL)
		nw_conf_node_no_memory(r);
	else
		s->n_folds = nw_conf_marks_folds(&r->marks, &r->event, text, s->folds);
}

/* The scalar at hand into ${s}; -1 if it was refused. */
static int
take_scalar(struct nw_conf_reader *r, Nw__Scalar *s)
{
	static const uint32_t style[] = {NW_SCALAR_PLAIN, NW_SCALAR_PLAIN, NW_SCALAR_SINGLE, NW_SCALAR_DOUBLE,
	    NW_SCALAR_LITERAL, NW_SCALAR_FOLDED};
	yaml_scalar_style_t y = r->event.data.scalar.style;
	struct nw_conf_place at;
	struct nw_str text;

	if (nw_conf_node_refuse_properties(r) || refuse_control(r, event_text(r)) == -1)
		return -1;
	text = nw_arena_dup(r->arena, event_text(r));
	if (text.p == NULL) {
		nw_conf_node_no_memory(r);
		return -1;
	}
	nw__scalar__init(s);
	s->style = (unsigned)y < sizeof(style) / sizeof(style[0]) ? style[y] : NW_SCALAR_PLAIN;
	if (s->style == NW_SCALAR_LITERAL || s->style == NW_SCALAR_FOLDED)
		at = nw_conf_marks_block(&r->marks, r->event.start_mark, text, s->style == NW_SCALAR_LITERAL);
	else
		at = nw_conf_marks_place(&r->marks, r->event.start_mark);
	s->text = (ProtobufCBinaryData){text.len, (uint8_t *)(uintptr_t)text.p};
	s->line = at.line;
	s->col = at.col;
	take_folds(r, text, s);
	return 0;
}

static void
add_key(struct nw_conf_reader *r, Nw__Key *k, struct nw_str name, const struct nw_conf_place *at)
{
	if (r->nkeys == r->cap) {
		size_t cap = r->cap > 0 ? 2 * r->cap : 32;
		Nw__Key **keys = realloc(r->keys, cap * sizeof(*keys));

		if (keys == NULL) {
			nw_conf_node_no_memory(r);
			return;
		}
		r->keys = keys;
		r->cap = cap;
	}
	k->name = (ProtobufCBinaryData){name.len, (uint8_t *)(uintptr_t)name.p};
	k->line = at->line;
	k->col = at->col;
	r->keys[r->nkeys++] = k;
}

static void
read_scalar(struct nw_conf_reader *r, struct nw_str name, const struct nw_conf_place *at)
{
	struct one {
		Nw__Key key;
		Nw__Scalar *value;
		Nw__Scalar scalar;
	} *one = nw_arena_alloc(r->arena, sizeof(*one));

	if (one == NULL) {
		nw_conf_node_no_memory(r);
		return;
	}
	if (take_scalar(r, &one->scalar) == 0) {
		nw__key__init(&one->key);
		one->value = &one->scalar;
		one->key.values = &one->value;
		one->key.n_values = 1;
		add_key(r, &one->key, name, at);
	}
	nw_conf_node_advance(r);
}

/* One more value for k, whose array has room for *cap. */
static int
add_value(struct nw_conf_reader *r, Nw__Key *k, size_t *cap)
{
	Nw__Scalar *s = nw_arena_alloc(r->arena, sizeof(*s));

	if (k->n_values == *cap) {
		Nw__Scalar **values = nw_arena_array(r->arena, *cap * 2 + 8, sizeof(*values));

		if (values != NULL && k->n_values > 0)
			memcpy(values, k->values, k->n_values * sizeof(*values));
		k->values = values;
		*cap = *cap * 2 + 8;
	}
	if (s == NULL || k->values == NULL) {
		nw_conf_node_no_memory(r);
		return -1;
	}
	if (take_scalar(r, s) == 0)
		k->values[k->n_values++] = s;
	return 0;
}

/* The rest of a sequence of scalars, whose start is behind us. */
void
nw_conf_node_values(struct nw_conf_reader *r, struct nw_str name, const struct nw_conf_place *at)
{
	Nw__Key *k = nw_arena_alloc(r->arena, sizeof(*k));
	size_t cap = 0;

	if (k == NULL) {
		nw_conf_node_no_memory(r);
		return;
	}
	nw__key__init(k);
	k->list = 1;
	while (!r->stopped && nw_conf_node_type(r) != YAML_SEQUENCE_END_EVENT) {
		if (nw_conf_node_type(r) == YAML_SCALAR_EVENT) {
			if (k->n_values >= NW_LIST_ENTRIES_MAX) {
				nw_conf_node_wrong(
				    r, r->event.start_mark, 1, "the list is longer than 200000 entries");
				nw_conf_node_stop(r);
			} else if (add_value(r, k, &cap) == 0) {
				nw_conf_node_advance(r);
			}
		} else if (nw_conf_node_type(r) == YAML_ALIAS_EVENT) {
			nw_conf_node_refuse_alias(r);
			nw_conf_node_advance(r);
		} else {
			nw_conf_node_wrong(r, r->event.start_mark, 1,
			    "a value of this list is itself a list or a mapping; write single values");
			nw_conf_node_skip(r);
		}
	}
	add_key(r, k, name, at);
	nw_conf_node_advance(r);
}

/* The value of the option that r->name names. */
void
nw_conf_node_value(struct nw_conf_reader *r, const struct nw_conf_place *at)
{
	size_t len = r->name.len;

	switch (nw_conf_node_type(r)) {
	case YAML_SCALAR_EVENT:
		read_scalar(r, nw_conf_node_intern(r, nw_buf_str(&r->name)), at);
		break;
	case YAML_SEQUENCE_START_EVENT:
		if (nw_conf_node_refuse_properties(r)) {
			nw_conf_node_skip(r);
			break;
		}
		nw_conf_node_advance(r);
		nw_conf_node_values(r, nw_conf_node_intern(r, nw_buf_str(&r->name)), at);
		break;
	case YAML_MAPPING_START_EVENT:
		if (nw_conf_node_refuse_properties(r)) {
			nw_conf_node_skip(r);
			break;
		}
		nw_conf_node_advance(r);
		nw_buf_addc(&r->name, '.');
		nw_conf_node_keys(r);
		r->name.len = len;
		nw_conf_node_advance(r);
		break;
	case YAML_ALIAS_EVENT:
		nw_conf_node_refuse_alias(r);
		nw_conf_node_advance(r);
		break;
	default:
		break;
	}
}

/* An option's name at hand is added to r->name; 0 if it is none, and then it and its value are skipped. */
int
nw_conf_node_name(struct nw_conf_reader *r, struct nw_conf_place *at_r)
{
	struct nw_str s;

	if (nw_conf_node_type(r) != YAML_SCALAR_EVENT || nw_conf_node_refuse_properties(r)) {
		if (nw_conf_node_type(r) == YAML_ALIAS_EVENT)
			nw_conf_node_refuse_alias(r);
		else if (nw_conf_node_type(r) != YAML_SCALAR_EVENT)
			nw_conf_node_wrong(
			    r, r->event.start_mark, 1, "the name of an option is a single word");
		nw_conf_node_skip(r);
		nw_conf_node_skip(r);
		return 0;
	}
	s = event_text(r);
	if (s.len == 0 || r->name.len + s.len > NAME_MAX_BYTES || memchr(s.p, '\0', s.len) != NULL) {
		nw_conf_node_wrong(r, r->event.start_mark, 1, "the name of an option is empty or too long");
		nw_conf_node_advance(r);
		nw_conf_node_skip(r);
		return 0;
	}
	*at_r = nw_conf_marks_place(&r->marks, r->event.start_mark);
	nw_buf_addstr(&r->name, s);
	if (r->name.failed)
		nw_conf_node_no_memory(r);
	nw_conf_node_advance(r);
	return 1;
}

/* All options up to the end of the mapping, whose start is behind us. */
void
nw_conf_node_keys(struct nw_conf_reader *r)
{
	size_t len = r->name.len;
	struct nw_conf_place at;

	if (++r->depth > NW_CONF_DEPTH_MAX) {
		nw_conf_node_wrong(r, r->event.start_mark, 1, "the nesting is deeper than 32 levels");
		nw_conf_node_stop(r);
	}
	while (!r->stopped && nw_conf_node_type(r) != YAML_MAPPING_END_EVENT) {
		if (nw_conf_node_name(r, &at))
			nw_conf_node_value(r, &at);
		r->name.len = len;
	}
	r->depth--;
}
