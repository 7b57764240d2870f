#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <yaml.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/hash.h"
#include "base/str.h"
#include "core/conf_mark.h"
#include "core/conf_type.h"
#include "core/conf_yaml.h"
#include "core/limits.h"

#define NAME_LEN_MAX 128u /* bytes of a dotted name */
#define NAMES_N	     256u /* names kept once, of which a file repeats a few */

struct reader {
	yaml_parser_t parser;
	yaml_event_t event; /* the one to be read next */
	int stopped;	    /* an error that ends the file was reported */
	int no_memory;
	unsigned depth;
	struct nw_conf_marks marks;
	struct nw_arena *arena;
	struct nw_conf_raws *raws;
	struct nw_conf_diags *diags;
	struct nw_buf name;	       /* dotted name being built */
	struct nw_str names[NAMES_N]; /* by hash: option names in the arena */
	Nw__Key **keys;		       /* of the entry being read */
	size_t nkeys, cap;
};

static int
wrong(struct reader *r, yaml_mark_t mark, uint32_t len, const char *text)
{
	struct nw_conf_place at = nw_conf_marks_place(&r->marks, mark);

	at.len = len;
	return nw_conf_diag(r->diags, NW_CONF_ERROR, &at, "%s", text);
}

static yaml_event_type_t
type(const struct reader *r)
{
	return r->stopped ? YAML_NO_EVENT : r->event.type;
}

static void
stop(struct reader *r)
{
	r->stopped = 1;
}

static void
out_of_memory(struct reader *r)
{
	r->no_memory = 1;
	stop(r);
}

static void
advance(struct reader *r)
{
	if (r->stopped)
		return;
	yaml_event_delete(&r->event);
	if (yaml_parser_parse(&r->parser, &r->event))
		return;
	memset(&r->event, 0, sizeof(r->event));
	if (r->parser.error == YAML_MEMORY_ERROR)
		out_of_memory(r);
	else
		nw_conf_marks_error(&r->marks, &r->parser, r->diags);
	stop(r);
}

/* What a query that YAML took for something of its own should look like; "" for other options. */
static const char *
query_remedy(struct reader *r)
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
refuse_sign(struct reader *r, const char *what)
{
	struct nw_conf_place at = nw_conf_marks_place(&r->marks, r->event.start_mark);

	at.len = 1;
	nw_conf_diag(r->diags, NW_CONF_ERROR, &at, "%s%s", what, query_remedy(r));
}

/* Anchors and tags of the node at hand; 1 if it was refused (it is still to be read). */
static int
refuse_properties(struct reader *r)
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
		refuse_sign(r, "'&' begins a YAML anchor, which is not read here; quote the value, or use a list (@name)");
	else if (tag != NULL)
		refuse_sign(r, "'!' begins a YAML tag, which is not read here; quote the value");
	return anchor != NULL || tag != NULL;
}

static void
refuse_alias(struct reader *r)
{
	refuse_sign(r, "'*' begins a YAML alias, which is not read here; put a word that begins with '*' in single quotes");
}

/* Reads past one node, whatever it holds. */
static void
skip_node(struct reader *r)
{
	unsigned depth = 0;

	do {
		switch (type(r)) {
		case YAML_MAPPING_START_EVENT:
		case YAML_SEQUENCE_START_EVENT:
			if (++depth > NW_CONF_DEPTH_MAX) {
				wrong(r, r->event.start_mark, 1, "the nesting is deeper than 32 levels");
				stop(r);
			}
			break;
		case YAML_MAPPING_END_EVENT:
		case YAML_SEQUENCE_END_EVENT:
			depth--;
			break;
		default:
			break;
		}
		advance(r);
	} while (depth > 0 && !r->stopped);
}

static struct nw_str
intern(struct reader *r, struct nw_str name)
{
	struct nw_str *slot = &r->names[nw_hash_str(name) % NAMES_N];

	if (slot->p == NULL || !nw_str_eq(*slot, name)) {
		*slot = nw_arena_dup(r->arena, name);
		if (slot->p == NULL)
			out_of_memory(r);
	}
	return *slot;
}

static struct nw_str
event_text(const struct reader *r)
{
	return (struct nw_str){(const char *)r->event.data.scalar.value, r->event.data.scalar.length};
}

static int
refuse_control(struct reader *r, struct nw_str s)
{
	size_t i;

	for (i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if ((c < ' ' && c != '\n' && c != '\t') || c == 0x7f)
			return wrong(r, r->event.start_mark, 1, "the text holds a control byte (written as an escape); remove it");
	}
	return 0;
}

/* The scalar at hand into ${s}; -1 if it was refused. */
static int
take_scalar(struct reader *r, Nw__Scalar *s)
{
	static const uint32_t style[] = {NW_SCALAR_PLAIN, NW_SCALAR_PLAIN, NW_SCALAR_SINGLE, NW_SCALAR_DOUBLE,
	    NW_SCALAR_LITERAL, NW_SCALAR_FOLDED};
	yaml_scalar_style_t y = r->event.data.scalar.style;
	struct nw_conf_place at;
	struct nw_str text;

	if (refuse_properties(r) || refuse_control(r, event_text(r)) == -1)
		return -1;
	text = nw_arena_dup(r->arena, event_text(r));
	if (text.p == NULL) {
		out_of_memory(r);
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
	return 0;
}

static void
add_key(struct reader *r, Nw__Key *k, struct nw_str name, const struct nw_conf_place *at)
{
	if (r->nkeys == r->cap) {
		size_t cap = r->cap > 0 ? 2 * r->cap : 32;
		Nw__Key **keys = realloc(r->keys, cap * sizeof(*keys));

		if (keys == NULL) {
			out_of_memory(r);
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
read_scalar(struct reader *r, struct nw_str name, const struct nw_conf_place *at)
{
	struct one {
		Nw__Key key;
		Nw__Scalar *value;
		Nw__Scalar scalar;
	} *one = nw_arena_alloc(r->arena, sizeof(*one));

	if (one == NULL) {
		out_of_memory(r);
		return;
	}
	if (take_scalar(r, &one->scalar) == 0) {
		nw__key__init(&one->key);
		one->value = &one->scalar;
		one->key.values = &one->value;
		one->key.n_values = 1;
		add_key(r, &one->key, name, at);
	}
	advance(r);
}

/* One more value for k, whose array has room for *cap. */
static int
add_value(struct reader *r, Nw__Key *k, size_t *cap)
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
		out_of_memory(r);
		return -1;
	}
	if (take_scalar(r, s) == 0)
		k->values[k->n_values++] = s;
	return 0;
}

/* The rest of a sequence of scalars, whose start is behind us. */
static void
read_values(struct reader *r, struct nw_str name, const struct nw_conf_place *at)
{
	Nw__Key *k = nw_arena_alloc(r->arena, sizeof(*k));
	size_t cap = 0;

	if (k == NULL) {
		out_of_memory(r);
		return;
	}
	nw__key__init(k);
	k->list = 1;
	while (!r->stopped && type(r) != YAML_SEQUENCE_END_EVENT) {
		if (type(r) == YAML_SCALAR_EVENT) {
			if (k->n_values >= NW_LIST_ENTRIES_MAX) {
				wrong(r, r->event.start_mark, 1, "the list is longer than 200000 entries");
				stop(r);
			} else if (add_value(r, k, &cap) == 0) {
				advance(r);
			}
		} else if (type(r) == YAML_ALIAS_EVENT) {
			refuse_alias(r);
			advance(r);
		} else {
			wrong(r, r->event.start_mark, 1, "a value of this list is itself a list or a mapping; write single values");
			skip_node(r);
		}
	}
	add_key(r, k, name, at);
	advance(r);
}

static void read_keys(struct reader *);

/* The value of the option that r->name names. */
static void
read_value(struct reader *r, const struct nw_conf_place *at)
{
	size_t len = r->name.len;

	switch (type(r)) {
	case YAML_SCALAR_EVENT:
		read_scalar(r, intern(r, nw_buf_str(&r->name)), at);
		break;
	case YAML_SEQUENCE_START_EVENT:
		if (refuse_properties(r)) {
			skip_node(r);
			break;
		}
		advance(r);
		read_values(r, intern(r, nw_buf_str(&r->name)), at);
		break;
	case YAML_MAPPING_START_EVENT:
		if (refuse_properties(r)) {
			skip_node(r);
			break;
		}
		advance(r);
		nw_buf_addc(&r->name, '.');
		read_keys(r);
		r->name.len = len;
		advance(r);
		break;
	case YAML_ALIAS_EVENT:
		refuse_alias(r);
		advance(r);
		break;
	default:
		break;
	}
}

/* An option's name at hand is added to r->name; 0 if it is none, and then it and its value are skipped. */
static int
take_name(struct reader *r, struct nw_conf_place *at_r)
{
	struct nw_str s;

	if (type(r) != YAML_SCALAR_EVENT || refuse_properties(r)) {
		if (type(r) == YAML_ALIAS_EVENT)
			refuse_alias(r);
		else if (type(r) != YAML_SCALAR_EVENT)
			wrong(r, r->event.start_mark, 1, "the name of an option is a single word");
		skip_node(r);
		skip_node(r);
		return 0;
	}
	s = event_text(r);
	if (s.len == 0 || r->name.len + s.len > NAME_LEN_MAX || memchr(s.p, '\0', s.len) != NULL) {
		wrong(r, r->event.start_mark, 1, "the name of an option is empty or too long");
		advance(r);
		skip_node(r);
		return 0;
	}
	*at_r = nw_conf_marks_place(&r->marks, r->event.start_mark);
	nw_buf_addstr(&r->name, s);
	if (r->name.failed)
		out_of_memory(r);
	advance(r);
	return 1;
}

/* All options up to the end of the mapping, whose start is behind us. */
static void
read_keys(struct reader *r)
{
	size_t len = r->name.len;
	struct nw_conf_place at;

	if (++r->depth > NW_CONF_DEPTH_MAX) {
		wrong(r, r->event.start_mark, 1, "the nesting is deeper than 32 levels");
		stop(r);
	}
	while (!r->stopped && type(r) != YAML_MAPPING_END_EVENT) {
		if (take_name(r, &at))
			read_value(r, &at);
		r->name.len = len;
	}
	r->depth--;
}

/* What was read into r->keys becomes one entry. */
static void
emit(struct reader *r, struct nw_str section, struct nw_str name, struct nw_conf_place at)
{
	struct nw_conf_raw raw = {.section = section, .name = name, .at = at, .nkeys = r->nkeys};

	raw.keys = nw_arena_array(r->arena, r->nkeys + 1, sizeof(*raw.keys));
	if (raw.keys == NULL) {
		out_of_memory(r);
		return;
	}
	if (r->nkeys > 0)
		memcpy(raw.keys, r->keys, r->nkeys * sizeof(*raw.keys));
	r->nkeys = 0;
	if (nw_conf_raw_add(r->raws, &raw) == -1)
		out_of_memory(r);
}

/* The entries of a section, from the first on, to the end of its sequence. */
static void
read_entries(struct reader *r, struct nw_str section)
{
	while (!r->stopped && type(r) != YAML_SEQUENCE_END_EVENT) {
		struct nw_conf_place at = nw_conf_marks_place(&r->marks, r->event.start_mark);

		if (type(r) != YAML_MAPPING_START_EVENT || refuse_properties(r)) {
			if (type(r) == YAML_ALIAS_EVENT)
				refuse_alias(r);
			else if (type(r) != YAML_MAPPING_START_EVENT)
				wrong(r, r->event.start_mark, 1, "an entry of this section is a mapping; begin it with '- name: ...'");
			skip_node(r);
			continue;
		}
		advance(r);
		nw_buf_reset(&r->name);
		read_keys(r);
		if (!r->stopped)
			emit(r, section, (struct nw_str){"", 0}, at);
		advance(r);
	}
	advance(r);
}

/* lists: and plugins:, mappings from a name to what it holds */
static void
read_named(struct reader *r, struct nw_str section)
{
	static const struct nw_str entries = {"entries", 7};
	struct nw_conf_place at;
	struct nw_str name;

	while (!r->stopped && type(r) != YAML_MAPPING_END_EVENT) {
		nw_buf_reset(&r->name);
		if (!take_name(r, &at))
			continue;
		name = nw_arena_dup(r->arena, nw_buf_str(&r->name));
		nw_buf_reset(&r->name);
		if (name.p == NULL) {
			out_of_memory(r);
		} else if (type(r) == YAML_MAPPING_START_EVENT && !refuse_properties(r)) {
			advance(r);
			read_keys(r);
			advance(r);
		} else {
			nw_buf_addstr(&r->name, entries);
			read_value(r, &at);
		}
		at.len = (uint32_t)name.len;
		if (!r->stopped)
			emit(r, section, name, at);
	}
	advance(r);
}

static int
is_empty_value(const struct reader *r)
{
	return type(r) == YAML_SCALAR_EVENT && r->event.data.scalar.length == 0 &&
	    r->event.data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
}

/* A sequence at the top: entries of a section that a plugin owns, or the values of an option of the daemon. */
static void
read_top_sequence(struct reader *r, struct nw_str name, const struct nw_conf_place *at, int entries)
{
	advance(r);
	if (entries || type(r) == YAML_MAPPING_START_EVENT) {
		read_entries(r, name);
		return;
	}
	read_values(r, name, at);
	emit(r, (struct nw_str){"", 0}, (struct nw_str){"", 0}, *at);
}

static void
read_section(struct reader *r, struct nw_str name, const struct nw_conf_place *at)
{
	int entries = nw_str_is(name, "sources") || nw_str_is(name, "topics") || nw_str_is(name, "watches") ||
	    nw_str_is(name, "channels");
	int named = nw_str_is(name, "lists") || nw_str_is(name, "plugins");

	if ((entries || named) && is_empty_value(r)) { /* all of it is commented out */
		advance(r);
	} else if (type(r) == YAML_SEQUENCE_START_EVENT && !named && !refuse_properties(r)) {
		read_top_sequence(r, name, at, entries);
	} else if (named && type(r) == YAML_MAPPING_START_EVENT && !refuse_properties(r)) {
		advance(r);
		read_named(r, name);
	} else if (entries || named) {
		wrong(r, r->event.start_mark, 1,
		    entries ? "this section is a list; begin each entry with '- name: ...'"
			    : "this section is a mapping; write 'NAME: ...' for each entry");
		skip_node(r);
	} else {
		read_value(r, at);
		emit(r, (struct nw_str){"", 0}, (struct nw_str){"", 0}, *at);
	}
}

/* A section or option that stood in this file before is told. */
static int
seen_before(struct reader *r, struct nw_str name, const struct nw_conf_place *at, struct nw_str *seen, uint32_t *n)
{
	struct nw_conf_place here = *at;
	uint32_t i;

	here.len = (uint32_t)name.len;
	for (i = 0; i < *n; i++) {
		if (nw_str_eq(seen[i], name))
			return nw_conf_diag(r->diags, NW_CONF_ERROR, &here, "'%s' stands twice in this file; join the two", name.p);
	}
	if (*n < 32)
		seen[(*n)++] = name;
	return 0;
}

static void
read_document(struct reader *r)
{
	struct nw_str seen[32], name;
	struct nw_conf_place at;
	uint32_t n = 0;

	if (is_empty_value(r)) {
		advance(r);
		return;
	}
	if (type(r) != YAML_MAPPING_START_EVENT || refuse_properties(r)) {
		if (!r->stopped && type(r) != YAML_MAPPING_START_EVENT)
			wrong(r, r->event.start_mark, 1, "a configuration file holds sections such as 'sources:' or 'watches:'");
		stop(r);
	}
	advance(r);
	while (!r->stopped && type(r) != YAML_MAPPING_END_EVENT) {
		nw_buf_reset(&r->name);
		if (!take_name(r, &at))
			continue;
		name = intern(r, nw_buf_str(&r->name));
		if (r->stopped || seen_before(r, name, &at, seen, &n) == -1)
			skip_node(r);
		else
			read_section(r, name, &at);
	}
	advance(r);
}

static void
read_stream(struct reader *r)
{
	advance(r); /* stream start */
	advance(r);
	if (type(r) == YAML_STREAM_END_EVENT)
		return;
	advance(r); /* document start */
	read_document(r);
	advance(r); /* document end */
	if (type(r) == YAML_DOCUMENT_START_EVENT)
		wrong(r, r->event.start_mark, 3, "a second document begins here; write one document a file");
}

int
nw_conf_yaml_read(const struct nw_conf_file *file, struct nw_arena *arena, struct nw_conf_raws *raws,
    struct nw_conf_diags *diags)
{
	struct reader *r = calloc(1, sizeof(*r));
	int rc;

	if (r == NULL)
		return -1;
	r->arena = arena;
	r->raws = raws;
	r->diags = diags;
	if (nw_conf_marks_init(&r->marks, file) == -1 || !yaml_parser_initialize(&r->parser)) {
		nw_conf_marks_done(&r->marks);
		free(r);
		return -1;
	}
	yaml_parser_set_encoding(&r->parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&r->parser, (const unsigned char *)file->text.p + r->marks.start[0],
	    file->text.len - r->marks.start[0]);
	if (!nw_conf_marks_refuse(&r->marks, diags))
		read_stream(r);
	rc = r->no_memory ? -1 : 0;
	yaml_event_delete(&r->event);
	yaml_parser_delete(&r->parser);
	nw_conf_marks_done(&r->marks);
	nw_buf_done(&r->name);
	free(r->keys);
	free(r);
	return rc;
}
