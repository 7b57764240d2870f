#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "core/conf_table.h"

static int
bind_list(struct nw_arena *arena, const struct nw_value *v, const struct nw_str **list_r)
{
	struct nw_str *list;
	uint32_t i;

	if (arena == NULL || v->nlist == 0) {
		*list_r = v->list;
		return 0;
	}
	list = nw_arena_array(arena, v->nlist, sizeof(*list));
	for (i = 0; list != NULL && i < v->nlist; i++) {
		list[i] = nw_arena_dup(arena, v->list[i]);
		if (list[i].p == NULL)
			return -1;
	}
	*list_r = list;
	return list != NULL ? 0 : -1;
}

static int
bind_one(struct nw_arena *arena, const struct nw_conf_bind *b, const struct nw_value *v, char *object)
{
	uint32_t u32 = (uint32_t)v->num;
	const struct nw_str *list;
	struct nw_str s;

	switch (b->how) {
	case NW_BIND_U32:
		memcpy(object + b->offset, &u32, sizeof(u32));
		return 0;
	case NW_BIND_I64:
		memcpy(object + b->offset, &v->num, sizeof(v->num));
		return 0;
	case NW_BIND_STR:
		s = nw_str_or_empty(v->str);
		if (arena != NULL && s.len > 0)
			s = nw_arena_dup(arena, s);
		memcpy(object + b->offset, &s, sizeof(s));
		return s.p != NULL ? 0 : -1;
	case NW_BIND_LIST:
		if (bind_list(arena, v, &list) == -1)
			return -1;
		memcpy(object + b->offset, &list, sizeof(list));
		memcpy(object + b->count_offset, &v->nlist, sizeof(v->nlist));
		return 0;
	default:
		return 0;
	}
}

int
nw_conf_table_bind(struct nw_arena *arena, const struct nw_option *table, const struct nw_conf_bind *binds,
    const struct nw_value *values, void *object)
{
	size_t i;

	for (i = 0; table[i].name != NULL; i++) {
		if (bind_one(arena, &binds[i], &values[i], object) == -1)
			return -1;
	}
	return 0;
}

const struct nw_value *
nw_conf_table_value(const struct nw_option *table, const struct nw_value *values, const char *name)
{
	size_t i = 0;

	while (table[i].name != NULL && (table[i].name[0] != name[0] || strcmp(table[i].name, name) != 0))
		i++;
	return &values[i]; /* past the last option stands an empty value */
}
