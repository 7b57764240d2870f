#include <inttypes.h>
#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "base/str.h"
#include "base/suggest.h"
#include "core/conf_type.h"
#include "core/conf_value.h"
#include "core/time.h"

/* What one value is read with: place and diags are NULL for a default. */
struct reading {
	struct nw_arena *arena;
	const struct nw_option *option;
	const struct nw_conf_place *at;
	struct nw_conf_diags *diags;
};

#define WRONG(r, ...) ((r)->at != NULL ? nw_conf_diag((r)->diags, NW_CONF_ERROR, (r)->at, __VA_ARGS__) : -1)

static struct nw_str
scalar_text(const Nw__Scalar *s)
{
	return (struct nw_str){s->text.data != NULL ? (const char *)s->text.data : "", s->text.len};
}

static int
word_of(struct nw_str s, const char *const *words)
{
	int i;

	for (i = 0; words[i] != NULL; i++) {
		if (s.len == strlen(words[i]) && strncasecmp(s.p, words[i], s.len) == 0)
			return 1;
	}
	return 0;
}

static int
read_bool(const struct reading *r, struct nw_str s, int64_t *num_r)
{
	static const char *const yes[] = {"true", "yes", "on", NULL}, *const no[] = {
									  "false", "no", "off", NULL};

	if (!word_of(s, yes) && !word_of(s, no))
		return WRONG(r, "'%s' is 'true' or 'false', not '%s'", r->option->name, s.p);
	*num_r = word_of(s, yes);
	return 0;
}

static int
read_int(const struct reading *r, struct nw_str s, int64_t *num_r)
{
	size_t i = s.len > 0 && s.p[0] == '-';
	int64_t n = 0;

	if (i == s.len || s.len > 18)
		return WRONG(r, "'%s' is a whole number, not '%s'", r->option->name, s.p);
	for (; i < s.len; i++) {
		if (s.p[i] < '0' || s.p[i] > '9')
			return WRONG(r, "'%s' is a whole number, not '%s'", r->option->name, s.p);
		n = n * 10 + (s.p[i] - '0');
	}
	*num_r = s.p[0] == '-' ? -n : n;
	return 0;
}

static int
read_seconds(const struct reading *r, struct nw_str s, int64_t *num_r)
{
	if (nw_time_parse_duration(s, num_r) == -1)
		return WRONG(
		    r, "'%s' is a duration such as 90s, 10m, 6h, 2d or 1w, not '%s'", r->option->name, s.p);
	return 0;
}

static int
read_bytes(const struct reading *r, struct nw_str s, int64_t *num_r)
{
	static const char unit[] = "kKmMgG";
	size_t i, digits = 0;
	int64_t n = 0;
	const char *u;

	for (i = 0; i < s.len && i < 13 && s.p[i] >= '0' && s.p[i] <= '9'; i++, digits++)
		n = n * 10 + (s.p[i] - '0');
	u = i + 1 == s.len && s.p[i] != '\0' ? strchr(unit, s.p[i]) : NULL;
	if (digits == 0 || digits > 9 || (i != s.len && u == NULL))
		return WRONG(r, "'%s' is a number of bytes such as 65536, 64k, 8M or 1G, not '%s'",
		    r->option->name, s.p);
	*num_r = u != NULL ? n << 10 * ((u - unit) / 2 + 1) : n;
	return 0;
}

/* The bounds of the table in the words of its type. */
static const char *
bound(const struct reading *r, int64_t n, char buf[24])
{
	if (r->option->type == NW_OPT_SECONDS)
		return nw_time_duration(n, buf);
	if (r->option->type == NW_OPT_BYTES && n > 0 && n % (1 << 20) == 0)
		(void)snprintf(buf, 24, "%" PRId64 "M", n >> 20);
	else
		(void)snprintf(buf, 24, "%" PRId64, n);
	return buf;
}

static int
check_range(const struct reading *r, int64_t n, const char *what)
{
	int64_t min = r->option->min, max = r->option->max;
	char a[24], b[24], now[24];

	if ((min == 0 && max == 0) || (n >= min && (n <= max || max < min)))
		return 0;
	if (max < min)
		return WRONG(r, "%s'%s' is at least %s, not %s", what, r->option->name, bound(r, min, a),
		    bound(r, n, now));
	return WRONG(r, "%s'%s' is from %s to %s, not %s", what, r->option->name, bound(r, min, a),
	    bound(r, max, b), bound(r, n, now));
}

/* Calls for each choice of "a|b|c"; returns the index of s, or -1. */
static int
choice_of(const char *choices, struct nw_str s, struct nw_suggest *near)
{
	int i;

	for (i = 0; *choices != '\0'; i++) {
		struct nw_str c = {choices, strcspn(choices, "|")};

		if (nw_str_eq(c, s))
			return i;
		nw_suggest_offer(near, c);
		choices += c.len + (choices[c.len] == '|');
	}
	return -1;
}

static int
read_enum(const struct reading *r, struct nw_str s, int64_t *num_r)
{
	struct nw_suggest near = nw_suggest_init(s);
	int i = choice_of(r->option->choices != NULL ? r->option->choices : "", s, &near);

	if (i == -1 && near.best.len > 0)
		return WRONG(r, "'%s' is one of %s, not '%s'; did you mean '%.*s'?", r->option->name,
		    r->option->choices, s.p, (int)near.best.len, near.best.p);
	if (i == -1)
		return WRONG(r, "'%s' is one of %s, not '%s'", r->option->name, r->option->choices, s.p);
	*num_r = i;
	return 0;
}

/* Only forms that YAML passes on whole: R27 of the watch language. */
static int
check_query_style(const struct reading *r, const Nw__Scalar *s)
{
	const char *name = r->option->name;

	if (s->style == NW_SCALAR_LITERAL || s->style == NW_SCALAR_SINGLE)
		return 0;
	if (s->style == NW_SCALAR_FOLDED && r->option->type == NW_OPT_QUERY)
		return 0;
	if (s->style == NW_SCALAR_FOLDED)
		return WRONG(r, "'%s' needs its line ends, which '>' folds away; write '%s: |'", name, name);
	if (s->style == NW_SCALAR_DOUBLE)
		return WRONG(r,
		    "a double-quoted '%s' loses its quotes; write '%s: |' and the text indented on the next "
		    "line",
		    name, name);
	return WRONG(r,
	    "a plain '%s' loses what stands behind ' #'; write '%s: |' and the text indented on the next "
	    "line",
	    name, name);
}

static int
read_scalar(const struct reading *r, struct nw_str s, struct nw_value *v)
{
	int64_t n = 0;
	int rc = 0;

	switch (r->option->type) {
	case NW_OPT_BOOL:
		rc = read_bool(r, s, &n);
		break;
	case NW_OPT_INT:
		rc = read_int(r, s, &n);
		break;
	case NW_OPT_SECONDS:
		rc = read_seconds(r, s, &n);
		break;
	case NW_OPT_BYTES:
		rc = read_bytes(r, s, &n);
		break;
	case NW_OPT_ENUM:
		rc = read_enum(r, s, &n);
		break;
	default:
		rc = check_range(r, (int64_t)s.len, "the length in bytes of ");
		break;
	}
	if (rc == 0 && r->option->type >= NW_OPT_INT && r->option->type <= NW_OPT_BYTES)
		rc = check_range(r, n, "");
	if (rc == 0) {
		v->str = s;
		v->num = n;
	}
	return rc;
}

static int
read_list(const struct reading *r, const struct nw_str *item, size_t n, struct nw_value *v)
{
	struct nw_str *list;

	if (check_range(r, (int64_t)n, "the number of values of ") == -1)
		return -1;
	list = nw_arena_array(r->arena, n + 1, sizeof(*list));
	if (list == NULL || n > UINT32_MAX)
		return WRONG(r, "out of memory");
	if (n > 0)
		memcpy(list, item, n * sizeof(*list));
	v->list = list;
	v->nlist = (uint32_t)n;
	v->str = n > 0 ? list[0] : (struct nw_str){"", 0};
	return 0;
}

static int
read_values(const struct reading *r, const Nw__Key *k, struct nw_value *v)
{
	struct nw_str *item = nw_arena_array(r->arena, k->n_values + 1, sizeof(*item));
	size_t i;

	if (item == NULL)
		return WRONG(r, "out of memory");
	for (i = 0; i < k->n_values; i++) {
		item[i] = scalar_text(k->values[i]);
		if (item[i].len == 0 && k->values[i]->style == NW_SCALAR_PLAIN)
			return WRONG(
			    r, "a value of '%s' is empty; write '' for an empty text", r->option->name);
	}
	return read_list(r, item, k->n_values, v);
}

int
nw_conf_value_read(struct nw_arena *a, const struct nw_option *o, const Nw__Key *k,
    const struct nw_conf_place *entry, struct nw_value *v, struct nw_conf_diags *diags)
{
	struct nw_conf_place key_at = nw_conf_at_key(entry, k), at;
	struct reading r = {a, o, &key_at, diags};
	const Nw__Scalar *s;

	if (o->type == NW_OPT_LIST && (k->list || k->n_values > 0)) {
		if (!k->list && k->n_values == 1 && k->values[0]->text.len == 0 &&
		    k->values[0]->style == NW_SCALAR_PLAIN)
			return WRONG(&r, "'%s' has no value", o->name);
		return read_values(&r, k, v);
	}
	if (k->list)
		return WRONG(&r, "'%s' is a single value, not a list", o->name);
	if (k->n_values != 1)
		return WRONG(&r, "'%s' is a single value", o->name);
	s = k->values[0];
	if (s->text.len == 0 && s->style == NW_SCALAR_PLAIN)
		return WRONG(&r, "'%s' has no value", o->name);
	at = nw_conf_at_scalar(entry, s);
	r.at = &at;
	if ((o->type == NW_OPT_QUERY || o->type == NW_OPT_SCORE) && check_query_style(&r, s) == -1)
		return -1;
	return read_scalar(&r, scalar_text(s), v);
}

/* "[a, b]" or one word */
static int
default_list(const struct reading *r, struct nw_str s, struct nw_value *v)
{
	struct nw_str item[16];
	size_t n = 0, i, start;

	if (s.len < 2 || s.p[0] != '[')
		return read_list(r, &s, 1, v);
	for (i = start = 1; i < s.len && n < 16; i++) {
		if (s.p[i] != ',' && s.p[i] != ']')
			continue;
		while (start < i && s.p[start] == ' ')
			start++;
		if (i > start) {
			item[n] = nw_arena_str(r->arena, s.p + start, i - start);
			if (item[n++].p == NULL)
				return -1;
		}
		start = i + 1;
	}
	return read_list(r, item, n, v);
}

int
nw_conf_value_default(struct nw_arena *a, const struct nw_option *o, struct nw_value *value_r)
{
	struct reading r = {a, o, NULL, NULL};
	struct nw_value v = {.str = {"", 0}};
	int rc = 0;

	if (o->defval != NULL)
		rc = o->type == NW_OPT_LIST ? default_list(&r, nw_str(o->defval), &v)
					    : read_scalar(&r, nw_str(o->defval), &v);
	if (rc == 0)
		*value_r = v;
	return rc;
}
