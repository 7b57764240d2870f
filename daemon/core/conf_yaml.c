#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "core/conf_node.h"
#include "core/conf_yaml.h"

/* What was read into r->keys becomes one entry. */
static void
emit(struct nw_conf_reader *r, struct nw_str section, struct nw_str name, struct nw_conf_place at)
{
	struct nw_conf_raw raw = {.section = section, .name = name, .at = at, .nkeys = r->nkeys};

	raw.keys = nw_arena_array(r->arena, r->nkeys + 1, sizeof(*raw.keys));
	if (raw.keys == NULL) {
		nw_conf_node_no_memory(r);
		return;
	}
	if (r->nkeys > 0)
		memcpy(raw.keys, r->keys, r->nkeys * sizeof(*raw.keys));
	r->nkeys = 0;
	if (nw_conf_raw_add(r->raws, &raw) == -1)
		nw_conf_node_no_memory(r);
}

/* The entries of a section, from the first on, to the end of its sequence. */
static void
read_entries(struct nw_conf_reader *r, struct nw_str section)
{
	while (!r->stopped && nw_conf_node_type(r) != YAML_SEQUENCE_END_EVENT) {
		struct nw_conf_place at = nw_conf_marks_place(&r->marks, r->event.start_mark);

		if (nw_conf_node_type(r) != YAML_MAPPING_START_EVENT || nw_conf_node_refuse_properties(r)) {
			if (nw_conf_node_type(r) == YAML_ALIAS_EVENT)
				nw_conf_node_refuse_alias(r);
			else if (nw_conf_node_type(r) != YAML_MAPPING_START_EVENT)
				nw_conf_node_wrong(r, r->event.start_mark, 1,
				    "an entry of this section is a mapping; begin it with '- name: ...'");
			nw_conf_node_skip(r);
			continue;
		}
		nw_conf_node_advance(r);
		nw_buf_reset(&r->name);
		nw_conf_node_keys(r);
		if (!r->stopped)
			emit(r, section, (struct nw_str){"", 0}, at);
		nw_conf_node_advance(r);
	}
	nw_conf_node_advance(r);
}

/* lists: and plugins:, mappings from a name to what it holds */
static void
read_named(struct nw_conf_reader *r, struct nw_str section)
{
	static const struct nw_str entries = {"entries", 7};
	struct nw_conf_place at;
	struct nw_str name;

	while (!r->stopped && nw_conf_node_type(r) != YAML_MAPPING_END_EVENT) {
		nw_buf_reset(&r->name);
		if (!nw_conf_node_name(r, &at))
			continue;
		name = nw_arena_dup(r->arena, nw_buf_str(&r->name));
		nw_buf_reset(&r->name);
		if (name.p == NULL) {
			nw_conf_node_no_memory(r);
		} else if (nw_conf_node_type(r) == YAML_MAPPING_START_EVENT &&
			   !nw_conf_node_refuse_properties(r)) {
			nw_conf_node_advance(r);
			nw_conf_node_keys(r);
			nw_conf_node_advance(r);
		} else {
			nw_buf_addstr(&r->name, entries);
			nw_conf_node_value(r, &at);
		}
		at.len = (uint32_t)name.len;
		if (!r->stopped)
			emit(r, section, name, at);
	}
	nw_conf_node_advance(r);
}

static int
is_empty_value(const struct nw_conf_reader *r)
{
	return nw_conf_node_type(r) == YAML_SCALAR_EVENT && r->event.data.scalar.length == 0 &&
	       r->event.data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
}

/* A sequence at the top: entries of a section that a plugin owns, or the values of an option of the daemon.
 */
static void
read_top_sequence(struct nw_conf_reader *r, struct nw_str name, const struct nw_conf_place *at, int entries)
{
	nw_conf_node_advance(r);
	if (entries || nw_conf_node_type(r) == YAML_MAPPING_START_EVENT) {
		read_entries(r, name);
		return;
	}
	nw_conf_node_values(r, name, at);
	emit(r, (struct nw_str){"", 0}, (struct nw_str){"", 0}, *at);
}

static void
read_section(struct nw_conf_reader *r, struct nw_str name, const struct nw_conf_place *at)
{
	int entries = nw_str_is(name, "sources") || nw_str_is(name, "topics") || nw_str_is(name, "watches") ||
		      nw_str_is(name, "channels");
	int named = nw_str_is(name, "lists") || nw_str_is(name, "plugins");

	if ((entries || named) && is_empty_value(r)) { /* all of it is commented out */
		nw_conf_node_advance(r);
	} else if (nw_conf_node_type(r) == YAML_SEQUENCE_START_EVENT && !named &&
		   !nw_conf_node_refuse_properties(r)) {
		read_top_sequence(r, name, at, entries);
	} else if (named && nw_conf_node_type(r) == YAML_MAPPING_START_EVENT &&
		   !nw_conf_node_refuse_properties(r)) {
		nw_conf_node_advance(r);
		read_named(r, name);
	} else if (entries || named) {
		nw_conf_node_wrong(r, r->event.start_mark, 1,
		    entries ? "this section is a list; begin each entry with '- name: ...'"
			    : "this section is a mapping; write 'NAME: ...' for each entry");
		nw_conf_node_skip(r);
	} else {
		nw_conf_node_value(r, at);
		emit(r, (struct nw_str){"", 0}, (struct nw_str){"", 0}, *at);
	}
}

/* A section or option that stood in this file before is told. */
static int
seen_before(struct nw_conf_reader *r, struct nw_str name, const struct nw_conf_place *at, struct nw_str *seen,
    uint32_t *n)
{
	struct nw_conf_place here = *at;
	uint32_t i;

	here.len = (uint32_t)name.len;
	for (i = 0; i < *n; i++) {
		if (nw_str_eq(seen[i], name))
			return nw_conf_diag(r->diags, NW_CONF_ERROR, &here,
			    "'%s' stands twice in this file; join the two", name.p);
	}
	if (*n < 32)
		seen[(*n)++] = name;
	return 0;
}

static void
read_document(struct nw_conf_reader *r)
{
	struct nw_str seen[32], name;
	struct nw_conf_place at;
	uint32_t n = 0;

	if (is_empty_value(r)) {
		nw_conf_node_advance(r);
		return;
	}
	if (nw_conf_node_type(r) != YAML_MAPPING_START_EVENT || nw_conf_node_refuse_properties(r)) {
		if (!r->stopped && nw_conf_node_type(r) != YAML_MAPPING_START_EVENT)
			nw_conf_node_wrong(r, r->event.start_mark, 1,
			    "a configuration file holds sections such as 'sources:' or 'watches:'");
		nw_conf_node_stop(r);
	}
	nw_conf_node_advance(r);
	while (!r->stopped && nw_conf_node_type(r) != YAML_MAPPING_END_EVENT) {
		nw_buf_reset(&r->name);
		if (!nw_conf_node_name(r, &at))
			continue;
		name = nw_conf_node_intern(r, nw_buf_str(&r->name));
		if (r->stopped || seen_before(r, name, &at, seen, &n) == -1)
			nw_conf_node_skip(r);
		else
			read_section(r, name, &at);
	}
	nw_conf_node_advance(r);
}

static void
read_stream(struct nw_conf_reader *r)
{
	nw_conf_node_advance(r); /* stream start */
	nw_conf_node_advance(r);
	if (nw_conf_node_type(r) == YAML_STREAM_END_EVENT)
		return;
	nw_conf_node_advance(r); /* document start */
	read_document(r);
	nw_conf_node_advance(r); /* document end */
	if (nw_conf_node_type(r) == YAML_DOCUMENT_START_EVENT)
		nw_conf_node_wrong(
		    r, r->event.start_mark, 3, "a second document begins here; write one document a file");
}

int
nw_conf_yaml_read(const struct nw_conf_file *file, struct nw_arena *arena, struct nw_conf_raws *raws,
    struct nw_conf_diags *diags)
{
	struct nw_conf_reader *r = calloc(1, sizeof(*r));
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
