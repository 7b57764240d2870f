#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "base/utf8.h"
#include "core/frame.h"
#include "core/limits.h"
#include "core/time.h"
#include "cli/input.h"

struct nw_input {
	FILE *f;
	char *line;
	size_t cap, number; /* of the line */
	/* a document whose articles are being given */
	json_t *document;
	size_t at;
};

int
nw_input_open(const char *path, struct nw_input **input_r, struct nw_err *err)
{
	struct nw_input *in = calloc(1, sizeof(*in));

	if (in == NULL)
		return nw_fail(err, NW_ERES, "out of memory");
	in->f = strcmp(path, "-") == 0 ? stdin : fopen(path, "re");
	if (in->f == NULL) {
		free(in);
		return nw_fail(err, NW_ERES, "cannot open '%s': %s", path, strerror(errno));
	}
	*input_r = in;
	return 0;
}

void
nw_input_close(struct nw_input *in)
{
	if (in == NULL)
		return;
	if (in->f != stdin)
		(void)fclose(in->f); /* read only */
	json_decref(in->document);
	free(in->line);
	free(in);
}

/* --- one article -------------------------------------------------------------------------------------------------------- */

/* jansson gives valid UTF-8 without NUL; too much of it is cut, as the worker would. */
static ProtobufCBinaryData
text(struct nw_arena *a, const json_t *o, const char *key, size_t max)
{
	const json_t *v = json_object_get(o, key);
	struct nw_str s = {json_string_value(v), json_string_length(v)};

	if (s.p == NULL)
		return nw_pb((struct nw_str){"", 0});
	if (s.len > max)
		s.len = nw_utf8_cut(s, max);
	return nw_pb(nw_str_or_empty(nw_arena_dup(a, s)));
}

static Nw__Time *
instant(struct nw_arena *a, const json_t *o, const char *key)
{
	static const char *const precision[] = {"", "year", "month", "day", "minute"};
	const char *s = json_string_value(json_object_get(o, key));
	const char *p = json_string_value(json_object_get(o, "published_precision"));
	struct nw_time t;
	Nw__Time *m;

	if (s == NULL || nw_time_parse_rfc3339(nw_str(s), &t) == -1 || (m = nw_arena_alloc(a, sizeof(*m))) == NULL)
		return NULL;
	nw__time__init(m);
	m->at_ms = t.at_ms;
	m->precision = t.precision;
	m->origin = NW_ORIGIN_FEED;
	for (uint32_t i = 1; p != NULL && strcmp(key, "published") == 0 && i < sizeof(precision) / sizeof(precision[0]); i++)
		if (strcmp(p, precision[i]) == 0)
			m->precision = i;
	return m;
}

/* "topics" of parse --tag count as tags. */
static int
take_topics(struct nw_arena *a, const json_t *o, Nw__Article *out)
{
	const json_t *list = json_object_get(o, "topics");
	size_t n = json_array_size(list);

	if (n > NW_TAGS_MAX)
		n = NW_TAGS_MAX;
	if (n == 0)
		return 0;
	if ((out->tags = nw_arena_array(a, n, sizeof(*out->tags))) == NULL)
		return -1;
	for (size_t i = 0; i < n; i++) {
		const json_t *t = json_array_get(list, i);
		Nw__Tag *tag = nw_arena_alloc(a, sizeof(*tag));

		if (tag == NULL)
			return -1;
		nw__tag__init(tag);
		tag->kind = nw_pb(NW_STR("topic"));
		tag->name = text(a, t, "name", NW_TAG_NAME_MAX);
		tag->cls = text(a, t, "class", NW_NAME_MAX);
		tag->has_score = json_is_integer(json_object_get(t, "score"));
		tag->score = json_integer_value(json_object_get(t, "score"));
		if (tag->name.len != 0)
			out->tags[out->n_tags++] = tag;
	}
	return 0;
}

static struct nw_str
id_of(struct nw_arena *a, const json_t *o, const Nw__Article *m, size_t line)
{
	const json_t *id = json_object_get(o, "id");

	if (json_is_integer(id))
		return nw_arena_printf(a, "%" JSON_INTEGER_FORMAT, json_integer_value(id));
	if (json_is_string(id))
		return nw_arena_str(a, json_string_value(id), json_string_length(id));
	if (m->guid.len != 0)
		return nw_pb_str(m->guid);
	return m->url.len != 0 ? nw_pb_str(m->url) : nw_arena_printf(a, "line %zu", line);
}

/* An article whose words stand under keys that nobody reads would match nothing, in silence. */
static int
check_keys(const struct nw_input *in, const json_t *o, struct nw_err *err)
{
	static const char *const read[] = {"title", "body_text", "text", "summary_text", NULL};
	size_t i = 0;

	while (read[i] != NULL && json_object_get(o, read[i]) == NULL)
		i++;
	if (read[i] == NULL)
		return nw_fail(err, NW_EINPUT, "line %zu has neither title nor body_text: there is nothing to match", in->number);
	if (json_object_get(o, "body") != NULL && json_object_get(o, "body_text") == NULL && json_object_get(o, "text") == NULL)
		return nw_fail(err, NW_EINPUT, "line %zu: the key body is not read: name it body_text", in->number);
	return 0;
}

static int
take(struct nw_input *in, struct nw_arena *a, const json_t *o, Nw__Article **article_r, struct nw_str *id_r,
    struct nw_err *err)
{
	Nw__Article *m = nw_arena_alloc(a, sizeof(*m));

	if (!json_is_object(o))
		return nw_fail(err, NW_EINPUT, "line %zu is no JSON object", in->number);
	if (check_keys(in, o, err) == -1)
		return -1;
	if (m == NULL)
		return nw_fail(err, NW_ERES, "out of memory");
	nw__article__init(m);
	m->guid = text(a, o, "guid", NW_KEY_MAX);
	m->key = text(a, o, "key", NW_KEY_MAX);
	m->url = text(a, o, "url", NW_URL_MAX);
	m->title = text(a, o, "title", NW_TITLE_MAX);
	m->author = text(a, o, "author", NW_TITLE_MAX);
	m->summary = text(a, o, "summary_text", NW_SUMMARY_MAX);
	m->body = text(a, o, json_object_get(o, "body_text") != NULL ? "body_text" : "text", NW_TEXT_MAX);
	m->lang = text(a, o, json_object_get(o, "language") != NULL ? "language" : "lang", NW_NAME_MAX);
	m->source = text(a, o, "source", NW_NAME_MAX);
	m->number = text(a, o, "number", NW_KEY_MAX);
	m->prev_title = text(a, o, "previous_title", NW_TITLE_MAX);
	m->prev_body = text(a, o, "previous_body", NW_TEXT_MAX);
	m->revision = m->prev_title.len != 0 || m->prev_body.len != 0 ? 2 : 1;
	m->published = instant(a, o, "published");
	m->updated = instant(a, o, "updated");
	*id_r = id_of(a, o, m, in->number);
	if (id_r->p == NULL || take_topics(a, o, m) == -1)
		return nw_fail(err, NW_ERES, "out of memory");
	*article_r = m;
	return 1;
}

/* --- lines -------------------------------------------------------------------------------------------------------------- */

static int
read_line(struct nw_input *in, size_t *len_r, struct nw_err *err)
{
	ssize_t n;

	do {
		errno = 0;
		if ((n = getline(&in->line, &in->cap, in->f)) == -1)
			return errno == 0 ? 0 : nw_fail(err, NW_ERES, "cannot read articles: %s", strerror(errno));
		in->number++;
		if ((size_t)n > NW_INPUT_LINE_MAX)
			return nw_fail(err, NW_EINPUT, "line %zu is longer than %u bytes", in->number, NW_INPUT_LINE_MAX);
	} while (n <= 1); /* empty lines are nothing */
	*len_r = (size_t)n;
	return 1;
}

int
nw_input_next(struct nw_input *in, struct nw_arena *a, Nw__Article **article_r, struct nw_str *id_r,
    struct nw_err *err)
{
	json_error_t why;
	size_t len = 0;
	int rc;

	for (;;) {
		if (in->document != NULL && in->at < json_array_size(json_object_get(in->document, "articles")))
			return take(in, a, json_array_get(json_object_get(in->document, "articles"), in->at++), article_r, id_r,
			    err);
		json_decref(in->document);
		in->document = NULL;
		if ((rc = read_line(in, &len, err)) != 1)
			return rc;
		if ((in->document = json_loadb(in->line, len, JSON_REJECT_DUPLICATES, &why)) == NULL)
			return nw_fail(err, NW_EINPUT, "line %zu, column %d: %s", in->number, why.column, why.text);
		in->at = 0;
		if (json_is_array(json_object_get(in->document, "articles")))
			continue;
		rc = take(in, a, in->document, article_r, id_r, err);
		json_decref(in->document);
		in->document = NULL;
		return rc;
	}
}
