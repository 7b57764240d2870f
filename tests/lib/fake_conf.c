#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "core/time.h"
#include "fake_conf.h"

static _Noreturn void
mistake(const char *name, const char *value, const char *what)
{
	fprintf(stderr, "fake_conf: option '%s', value '%s': %s\n", name, value, what);
	abort();
}

static int64_t
number(const char *name, const char *value)
{
	char *end;
	long long n;

	errno = 0;
	n = strtoll(value, &end, 10);
	if (errno != 0 || end == value)
		mistake(name, value, "not a number");
	if (*end == 'k' && end[1] == '\0')
		return n << 10;
	if (*end == 'M' && end[1] == '\0')
		return n << 20;
	if (*end != '\0')
		mistake(name, value, "not a number");
	return n;
}

static int64_t
choice(const struct nw_option *o, const char *value)
{
	size_t n = strlen(value);
	int64_t i = 0;

	for (const char *p = o->choices; p != NULL; i++) {
		const char *bar = strchr(p, '|');
		size_t len = bar != NULL ? (size_t)(bar - p) : strlen(p);

		if (len == n && memcmp(p, value, n) == 0)
			return i;
		p = bar != NULL ? bar + 1 : NULL;
	}
	mistake(o->name, value, "none of the choices");
}

static void
split(struct nw_arena *a, struct nw_value *v)
{
	uint32_t n = 1;
	struct nw_str *list;
	const char *p = v->str.p;

	for (size_t i = 0; i < v->str.len; i++)
		n += p[i] == '\n';
	list = nw_arena_array(a, n, sizeof(*list));
	for (uint32_t i = 0; i < n; i++) {
		size_t len = strcspn(p, "\n");

		list[i] = nw_arena_str(a, p, len);
		p += len + 1;
	}
	v->list = list;
	v->nlist = n;
}

static void
assign(struct nw_arena *a, const struct nw_option *o, struct nw_value *v, const char *value)
{
	v->str = nw_arena_dup(a, nw_str(value));
	switch (o->type) {
	case NW_OPT_BOOL:
		v->num = strcmp(value, "true") == 0;
		break;
	case NW_OPT_INT:
	case NW_OPT_BYTES:
		v->num = number(o->name, value);
		break;
	case NW_OPT_SECONDS:
		if (nw_time_parse_duration(v->str, &v->num) != 0)
			mistake(o->name, value, "not a duration");
		break;
	case NW_OPT_ENUM:
		v->num = choice(o, value);
		break;
	case NW_OPT_LIST:
		split(a, v);
		break;
	default:
		break;
	}
}

static size_t
count(const struct nw_option *table)
{
	size_t n = 0;

	while (table != NULL && table[n].type != NW_OPT_NONE)
		n++;
	return n;
}

struct nw_value *
fake_conf_values(struct nw_arena *a, const struct nw_option *table)
{
	size_t n = count(table);
	struct nw_value *v = nw_arena_array(a, n + 1, sizeof(*v));

	for (size_t i = 0; i < n; i++) {
		v[i].str = nw_str("");
		if (table[i].defval != NULL)
			assign(a, &table[i], &v[i], table[i].defval);
	}
	return v;
}

void
fake_conf_set(struct nw_arena *a, const struct nw_option *table, struct nw_value *v, const char *name,
    const char *value)
{
	size_t n = count(table);

	for (size_t i = 0; i < n; i++) {
		if (strcmp(table[i].name, name) != 0)
			continue;
		assign(a, &table[i], &v[i], value);
		v[i].given = 1;
		v[i].line = 1;
		return;
	}
	mistake(name, value, "no such option");
}

void
fake_conf_pairs(struct nw_arena *a, const struct nw_option *table, struct nw_value *v, va_list ap)
{
	const char *name;

	while ((name = va_arg(ap, const char *)) != NULL)
		fake_conf_set(a, table, v, name, va_arg(ap, const char *));
}
