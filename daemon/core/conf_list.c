#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "base/utf8.h"
#include "core/conf_load.h"
#include "core/conf_names.h"
#include "core/conf_valid.h"
#include "core/limits.h"

static const struct nw_option list_options[] = {
    {"entries", NW_OPT_LIST, 0, "[]", 0, 0, NULL, "The terms of the list."},
    {"file", NW_OPT_STR, 0, "", 0, 4096, NULL,
	"A file of further terms, one a line, beside the configuration file."},
    {0},
};

/* A relative path starts at the folder of the file that names it. */
static struct nw_str
path_beside(struct nw_arena *a, struct nw_str from, struct nw_str path)
{
	const char *slash = memrchr(from.p, '/', from.len);

	if (path.p[0] == '/' || slash == NULL)
		return nw_arena_dup(a, path);
	return nw_arena_printf(a, "%.*s/%s", (int)(slash - from.p), from.p, path.p);
}

static size_t
count_lines(struct nw_str text)
{
	const char *p = text.p, *end = p + text.len;
	size_t n = 1;

	for (; (p = memchr(p, '\n', (size_t)(end - p))) != NULL; p++)
		n++;
	return n;
}

/* One line's term; NULL for a blank one and a comment. */
static Nw__Scalar *
take_line(struct nw_conf_loading *l, struct nw_str line, uint32_t number)
{
	Nw__Scalar *s;
	size_t skip = 0;
	struct nw_str text;

	while (skip < line.len && (line.p[skip] == ' ' || line.p[skip] == '\t'))
		skip++;
	for (size_t i = skip; i + 1 < line.len; i++)
		if (i > 0 && line.p[i] == '#' && strchr(" \t", line.p[i - 1]) != NULL &&
		    line.p[i + 1] == ' ') {
			line.len = i; /* "name # comment"; "case #5" is a name */
			break;
		}
	while (
	    line.len > skip && strchr(" \t\r", line.p[line.len - 1]) != NULL && line.p[line.len - 1] != '\0')
		line.len--;
	if (skip == line.len || line.p[skip] == '#')
		return NULL;
	s = nw_arena_alloc(l->c->raw, sizeof(*s));
	text = nw_arena_str(l->c->raw, line.p + skip, line.len - skip);
	if (s == NULL || text.p == NULL) {
		l->no_memory = 1;
		return NULL;
	}
	nw__scalar__init(s);
	s->text = (ProtobufCBinaryData){text.len, (uint8_t *)(uintptr_t)text.p};
	s->line = number;
	s->col = (uint32_t)skip + 1;
	return s;
}

static void
read_lines(struct nw_conf_loading *l, const struct nw_conf_file *f, struct nw_conf_list *list)
{
	const char *p = f->text.p, *end = p + f->text.len, *nl;
	struct nw_conf_place at = {.file = f->path, .entry = list->at.entry, .line = 1};
	Nw__Scalar *s;

	if (f->text.len >= 3 && memcmp(p, "\xef\xbb\xbf", 3) == 0)
		p += 3;
	list->file_values = nw_arena_array(l->c->raw, count_lines(f->text), sizeof(*list->file_values));
	l->no_memory |= list->file_values == NULL;
	for (; p < end && !l->no_memory; p = nl + 1, at.line++) {
		nl = memchr(p, '\n', (size_t)(end - p));
		if (nl == NULL)
			nl = end;
		if (!nw_utf8_valid(p, (size_t)(nl - p))) {
			nw_conf_diag(
			    l->diags, NW_CONF_ERROR, &at, "this line is not UTF-8; save the file as UTF-8");
			return;
		}
		s = take_line(l, (struct nw_str){p, (size_t)(nl - p)}, at.line);
		if (s != NULL)
			list->file_values[list->nfile_values++] = s;
	}
	if (list->nfile_values + list->nvalues > NW_LIST_ENTRIES_MAX)
		nw_conf_diag(
		    l->diags, NW_CONF_ERROR, &at, "the list is longer than %d entries", NW_LIST_ENTRIES_MAX);
}

static void
read_file(
    struct nw_conf_loading *l, const struct nw_conf_place *at, struct nw_str path, struct nw_conf_list *list)
{
	const struct nw_conf_file *f;
	struct nw_err err;

	list->values_file = path_beside(l->c->raw, list->at.file, path);
	if (list->values_file.p == NULL) {
		l->no_memory = 1;
		return;
	}
	if (nw_conf_files_get(l->c->files, list->values_file.p, 0, &f, &err) == -1)
		nw_conf_diag(l->diags, NW_CONF_ERROR, at, "%s", err.msg);
	else
		read_lines(l, f, list);
}

static void
load_list(struct nw_conf_loading *l, const struct nw_conf_raw *raw)
{
	struct nw_conf_list *list = nw_arena_zalloc(l->c->raw, sizeof(*list));
	struct nw_conf_typing t = {.table = list_options, .keys = raw->keys, .nkeys = raw->nkeys};
	struct nw_conf_valid v = {l->diags, raw->at, "name"};
	struct nw_value *values = NULL;
	const Nw__Key *k;

	if (list == NULL) {
		l->no_memory = 1;
		return;
	}
	list->name = raw->name;
	list->values_file = nw_str("");
	list->at = raw->at;
	list->at.entry = nw_arena_printf(l->c->raw, "list %s", raw->name.p);
	t.at = list->at;
	if (list->at.entry.p != NULL)
		(void)nw_conf_type(l->c->raw, &t, &values, l->diags); /* told to the diags */
	if (values == NULL) {
		l->no_memory = 1;
		return;
	}
	nw_conf_valid_name(&v, list->name);
	k = values[0].host;
	if (k != NULL) {
		list->values = k->values;
		list->nvalues = k->n_values;
	}
	if (values[1].given) {
		struct nw_conf_place at = nw_conf_valid_place(&list->at, &values[1], 0);

		read_file(l, &at, values[1].str, list);
	}
	l->c->list[l->c->nlist++] = list;
}

void
nw_conf_lists_load(struct nw_conf_loading *l)
{
	struct nw_conf_names names = {0};
	size_t i, n = 0;
	uint32_t first;
	int added;

	for (i = 0; i < l->raws.n; i++)
		n += nw_str_is(l->raws.item[i].section, "lists");
	l->c->list = nw_arena_array(l->c->raw, n + 1, sizeof(*l->c->list));
	l->no_memory |= l->c->list == NULL;
	for (i = 0; i < l->raws.n && !l->no_memory; i++) {
		const struct nw_conf_raw *raw = &l->raws.item[i];

		if (!nw_str_is(raw->section, "lists"))
			continue;
		added = nw_conf_names_add(&names, raw->name, l->c->nlist, &first);
		if (added == 1)
			load_list(l, raw);
		else if (added == 0)
			nw_conf_diag(l->diags, NW_CONF_ERROR, &raw->at,
			    "there is a list '%s' already, in %s:%" PRIu32, raw->name.p,
			    l->c->list[first]->at.file.p, l->c->list[first]->at.line);
		l->no_memory |= added == -1;
	}
	nw_conf_names_done(&names);
}
