#include <stdlib.h>

#include "base/arena.h"
#include "base/str.h"
#include "core/conf.h"
#include "core/frame.h"
#include "core/conf_files.h"

void
nw_conf_free(struct nw_config *c)
{
	if (c == NULL)
		return;
	nw_conf_files_free(c->files);
	nw_arena_free(c->raw);
	nw_arena_free(c->arena);
	free(c);
}

void
nw_conf_shrink(struct nw_config *c)
{
	uint32_t i, k;

	for (i = 0; i < c->nsection; i++) {
		for (k = 0; k < c->section[i].nentry; k++) {
			struct nw_conf_entry *e = c->section[i].entry[k];

			e->keys = NULL;
			e->nkeys = 0;
			e->at.file = c->main_file;
			e->at.entry = e->name;
		}
	}
	for (i = 0; i < c->nchannel; i++) {
		c->channel[i]->at.file = c->main_file;
		c->channel[i]->at.entry = c->channel[i]->name;
	}
	c->source = NULL;
	c->list = NULL;
	c->plugin = NULL;
	c->nsource = c->nlist = c->nplugin = 0;
	nw_conf_files_free(c->files);
	c->files = NULL;
	nw_arena_free(c->raw);
	c->raw = NULL;
}

const struct nw_conf_source *
nw_conf_source_find(const struct nw_config *c, struct nw_str name)
{
	uint32_t i;

	for (i = 0; i < c->nsource; i++) {
		if (nw_str_eq(c->source[i]->name, name))
			return c->source[i];
	}
	return NULL;
}

const struct nw_conf_section *
nw_conf_section_find(const struct nw_config *c, const char *name)
{
	uint32_t i;

	for (i = 0; i < c->nsection; i++) {
		if (nw_str_is(c->section[i].name, name))
			return &c->section[i];
	}
	return NULL;
}

const struct nw_conf_entry *
nw_conf_entry_find(const struct nw_conf_section *s, struct nw_str name)
{
	uint32_t i;

	for (i = 0; s != NULL && i < s->nentry; i++) {
		if (nw_str_eq(s->entry[i]->name, name))
			return s->entry[i];
	}
	return NULL;
}

struct nw_str
nw_conf_entry_text(const struct nw_conf_entry *e, const char *key)
{
	for (size_t i = 0; i < e->nkeys; i++)
		if (nw_str_is(nw_pb_str(e->keys[i]->name), key) && e->keys[i]->n_values > 0)
			return nw_pb_str(e->keys[i]->values[0]->text);
	return (struct nw_str){"", 0};
}

int
nw_conf_channel_find(const struct nw_config *c, struct nw_str name)
{
	uint32_t i;

	for (i = 0; i < c->nchannel; i++) {
		if (nw_str_eq(c->channel[i]->name, name))
			return (int)i;
	}
	return -1;
}
