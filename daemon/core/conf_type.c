#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "base/str.h"
#include "base/suggest.h"
#include "core/conf_type.h"
#include "core/conf_value.h"

static struct nw_str
key_name(const Nw__Key *k)
{
	return (struct nw_str){k->name.data != NULL ? (const char *)k->name.data : "", k->name.len};
}

int
nw_conf_option(const struct nw_option *table, struct nw_str name)
{
	int i;

	for (i = 0; table[i].name != NULL; i++) {
		if (table[i].name[0] == name.p[0] && strncmp(table[i].name, name.p, name.len) == 0 &&
		    table[i].name[name.len] == '\0')
			return i;
	}
	return -1;
}

struct nw_conf_place
nw_conf_at_key(const struct nw_conf_place *entry, const Nw__Key *k)
{
	const char *dot = k->name.data != NULL ? memrchr(k->name.data, '.', k->name.len) : NULL;
	struct nw_conf_place at = *entry;

	at.line = k->line;
	at.col = k->col;
	at.len = (uint32_t)(dot != NULL ? k->name.len - (size_t)(dot + 1 - (const char *)k->name.data)
					: k->name.len);
	return at;
}

struct nw_conf_place
nw_conf_at_scalar(const struct nw_conf_place *entry, const Nw__Scalar *s)
{
	const char *text = s->text.data != NULL ? (const char *)s->text.data : "",
		   *nl = memchr(text, '\n', s->text.len);
	struct nw_conf_place at = *entry;

	at.line = s->line;
	at.col = s->col;
	at.len = (uint32_t)(nl != NULL ? (size_t)(nl - text) : s->text.len);
	if (s->style == NW_SCALAR_SINGLE || s->style == NW_SCALAR_DOUBLE)
		at.len += 2;
	return at;
}

/* The byte of the text where a line's column is. */
static size_t
offset_of(struct nw_str text, uint32_t line, uint32_t col)
{
	const char *p = text.p, *end = text.p + text.len, *nl;

	for (; line > 1 && (nl = memchr(p, '\n', (size_t)(end - p))) != NULL; line--)
		p = nl + 1;
	return (size_t)(p - text.p) + (col > 0 ? col - 1 : 0);
}

/* The quotes in a part of a single-quoted text; in the file each is written twice. */
static uint32_t
doubled(const Nw__Scalar *s, size_t from, size_t to)
{
	uint32_t n = 0;

	for (; s->style == NW_SCALAR_SINGLE && from < to && from < s->text.len; from++)
		n += s->text.data[from] == '\'';
	return n;
}

struct nw_conf_place
nw_conf_at_text(
    const struct nw_conf_place *entry, const Nw__Scalar *s, uint32_t line, uint32_t col, uint32_t len)
{
	struct nw_str text = {s->text.data != NULL ? (const char *)s->text.data : "", s->text.len};
	size_t at_byte = offset_of(text, line, col), from = 0, i;
	int quoted = s->style == NW_SCALAR_SINGLE || s->style == NW_SCALAR_DOUBLE;
	struct nw_conf_place at = *entry;

	at.line = s->line;
	at.col = s->col + (uint32_t)quoted;
	for (i = 0; i + 3 <= s->n_folds && (i == 0 || s->folds[i] <= at_byte); i += 3) {
		from = s->folds[i];
		at.line = s->folds[i + 1];
		at.col = s->folds[i + 2];
	}
	if (i == 0 && !quoted && line > 1) { /* the lines of a literal block are those of the file */
		at.line += line - 1;
		from = offset_of(text, line, 1);
	}
	at.col += (uint32_t)(at_byte > from ? at_byte - from : 0) + doubled(s, from, at_byte);
	at.len = len + doubled(s, at_byte, at_byte + len);
	return at;
}

static size_t
prefix_of(const char *name, size_t len)
{
	const char *dot = memrchr(name, '.', len);

	return dot != NULL ? (size_t)(dot + 1 - name) : 0;
}

/* The nearest name, its last part compared within the mapping that was written; "" if none is near. */
static struct nw_str
nearest(const struct nw_conf_typing *t, struct nw_str name)
{
	const struct nw_option *const table[] = {t->table, t->also};
	struct nw_suggest whole = nw_suggest_init(name), part;
	size_t n = prefix_of(name.p, name.len), i;
	const struct nw_option *o;
	int known = 0;

	part = nw_suggest_init((struct nw_str){name.p + n, name.len - n});
	for (i = 0; i < 2; i++) {
		for (o = table[i]; o != NULL && o->name != NULL; o++) {
			nw_suggest_offer(&whole, nw_str(o->name));
			if (prefix_of(o->name, strlen(o->name)) != n || strncmp(o->name, name.p, n) != 0)
				continue;
			known = 1;
			nw_suggest_offer(&part, nw_str(o->name + n));
		}
	}
	if (!known) /* the mapping itself may be misspelt */
		return whole.best;
	return part.best.len > 0 ? (struct nw_str){part.best.p - n, part.best.len + n} : part.best;
}

static const char *
by_last_part(const struct nw_option *table, struct nw_str name)
{
	for (; table != NULL && table->name != NULL; table++) {
		const char *dot = strrchr(table->name, '.');

		if (dot != NULL && nw_str_is(name, dot + 1))
			return table->name;
	}
	return NULL;
}

static int
is_mapping(const struct nw_option *table, struct nw_str name)
{
	for (; table->name != NULL; table++) {
		if (strncmp(table->name, name.p, name.len) == 0 && table->name[name.len] == '.')
			return 1;
	}
	return 0;
}

static void
unknown(const struct nw_conf_typing *t, const Nw__Key *k, struct nw_conf_diags *diags)
{
	struct nw_conf_place at = nw_conf_at_key(&t->at, k);
	const char *inside = by_last_part(t->table, key_name(k));
	struct nw_str near = nearest(t, key_name(k));

	if (is_mapping(t->table, key_name(k)))
		nw_conf_diag(diags, NW_CONF_ERROR, &at,
		    "'%s' holds options of its own; write them indented below it", key_name(k).p);
	else if (inside != NULL)
		nw_conf_diag(diags, NW_CONF_ERROR, &at, "there is no option '%s' here; did you mean '%s'?",
		    key_name(k).p, inside);
	else if (near.len > 0)
		nw_conf_diag(diags, NW_CONF_ERROR, &at, "there is no option '%s' here; did you mean '%s'?",
		    key_name(k).p, near.p);
	else
		nw_conf_diag(diags, NW_CONF_ERROR, &at, "there is no option '%s' here", key_name(k).p);
}

static int
twice(const struct nw_conf_typing *t, const Nw__Key *k, const Nw__Key *first, struct nw_conf_diags *diags)
{
	struct nw_conf_place at = nw_conf_at_key(&t->at, k);

	return nw_conf_diag(diags, NW_CONF_ERROR, &at,
	    "'%s' stands here twice, first in line %" PRIu32 "; remove one", key_name(k).p, first->line);
}

/* Unknown keys that go to somebody else, without what stands twice. */
static int
keep_rest(const struct nw_conf_typing *t, Nw__Key *k, struct nw_conf_diags *diags)
{
	size_t i;

	for (i = 0; i < *t->nrest_r; i++) {
		if (nw_str_eq(key_name((*t->rest_r)[i]), key_name(k)))
			return twice(t, k, (*t->rest_r)[i], diags);
	}
	(*t->rest_r)[(*t->nrest_r)++] = k;
	return 0;
}

static int
type_key(struct nw_arena *a, const struct nw_conf_typing *t, Nw__Key *k, struct nw_value *values,
    struct nw_conf_diags *diags)
{
	int i = nw_conf_option(t->table, key_name(k));

	if (i == -1 && t->rest_r != NULL)
		return keep_rest(t, k, diags);
	if (i == -1) {
		unknown(t, k, diags);
		return -1;
	}
	if (values[i].given)
		return twice(t, k, values[i].host, diags);
	values[i].given = 1;
	values[i].line = k->line;
	values[i].host = k;
	if (nw_conf_value_read(a, &t->table[i], k, &t->at, &values[i], diags) == 0)
		return 0;
	if (t->wrong_r != NULL)
		(*t->wrong_r)++;
	return -1;
}

static int
check_required(const struct nw_conf_typing *t, const struct nw_value *values, struct nw_conf_diags *diags)
{
	int rc = 0, i;

	for (i = 0; t->table[i].name != NULL; i++) {
		if (!(t->table[i].flags & NW_OPTF_REQUIRED) || values[i].given)
			continue;
		rc = nw_conf_diag(diags, NW_CONF_ERROR, &t->at, "'%s' is missing", t->table[i].name);
		if (t->wrong_r != NULL)
			(*t->wrong_r)++;
	}
	return rc;
}

struct nw_value *
nw_conf_type_defaults(struct nw_arena *a, const struct nw_option *table)
{
	struct nw_value *values;
	size_t n = 0, i;

	while (table[n].name != NULL)
		n++;
	values = nw_arena_array(a, n + 1, sizeof(*values));
	for (i = 0; values != NULL && i < n; i++) {
		if (nw_conf_value_default(a, &table[i], &values[i]) == -1)
			return NULL;
	}
	return values;
}

int
nw_conf_type(struct nw_arena *a, const struct nw_conf_typing *t, struct nw_value **values_r,
    struct nw_conf_diags *diags)
{
	struct nw_value *values = NULL;
	size_t n = 0, i;
	int rc = 0;

	if (t->defaults != NULL) {
		while (t->table[n].name != NULL)
			n++;
		values = nw_arena_alloc(a, (n + 1) * sizeof(*values));
		if (values != NULL)
			memcpy(values, t->defaults, (n + 1) * sizeof(*values));
	} else {
		values = nw_conf_type_defaults(a, t->table);
	}
	if (t->wrong_r != NULL)
		*t->wrong_r = 0;
	if (t->rest_r != NULL) {
		*t->nrest_r = 0;
		*t->rest_r = nw_arena_array(a, t->nkeys + 1, sizeof(**t->rest_r));
	}
	if (values == NULL || (t->rest_r != NULL && *t->rest_r == NULL))
		return nw_conf_diag(diags, NW_CONF_ERROR, &t->at, "out of memory");
	for (i = 0; i < t->nkeys; i++)
		rc |= type_key(a, t, t->keys[i], values, diags);
	rc |= check_required(t, values, diags);
	*values_r = values;
	return rc;
}
