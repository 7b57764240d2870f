#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "fake_conf.h"
#include "fake_host.h"
#include "fake_host_calls.h"
#include "fake_query.h"

#define NOW_MS	    1790812800000 /* 2026-10-01T00:00:00Z */
#define ITEMS_MAX   2000
#define SCRATCH_MAX (512u << 20)

struct fake_host *
fake_host_new(const struct nw_plugin *plugin)
{
	struct fake_host *fh = calloc(1, sizeof(*fh));

	assert(fh != NULL);
	fh->plugin = plugin;
	fh->now_ms = NOW_MS;
	fh->items_max = ITEMS_MAX;
	fh->arena = nw_arena_new(SCRATCH_MAX);
	fh->conf_arena = nw_arena_new(0);
	assert(fh->arena != NULL && fh->conf_arena != NULL);
	fake_host_calls(fh);
	fh->options = fake_conf_values(fh->conf_arena, plugin->options);
	fake_host_reset(fh);
	return fh;
}

static void
source_close(struct fake_host *fh)
{
	if (fh->source != NULL && fh->plugin->ops.parser->source_close != NULL)
		fh->plugin->ops.parser->source_close(fh->source);
	fh->source = NULL;
}

void
fake_host_free(struct fake_host *fh)
{
	if (fh == NULL)
		return;
	if (fh->plugin->kind == NW_KIND_PARSER)
		source_close(fh);
	if (fh->is_open && fh->plugin->close != NULL)
		fh->plugin->close(fh->state);
	if (fh->query != NULL)
		fh->query->free(fh);
	fake_host_reset(fh);
	fake_host_uncall(fh);
	nw_arena_free(fh->arena);
	nw_arena_free(fh->conf_arena);
	free(fh->entry);
	free(fh->entry_name);
	free(fh->entry_severity);
	free(fh);
}

/* --- configuration */

void
fake_host_option(struct fake_host *fh, const char *name, const char *value)
{
	fake_conf_set(fh->conf_arena, fh->plugin->options, fh->options, name, value);
}

void
fake_host_entry(struct fake_host *fh, const char *name, uint32_t severity, ...)
{
	uint32_t n = fh->nentry;
	va_list ap;

	fh->entry = realloc(fh->entry, (n + 1) * sizeof(*fh->entry));
	fh->entry_name = realloc(fh->entry_name, (n + 1) * sizeof(*fh->entry_name));
	fh->entry_severity = realloc(fh->entry_severity, (n + 1) * sizeof(*fh->entry_severity));
	assert(fh->entry != NULL && fh->entry_name != NULL && fh->entry_severity != NULL);
	fh->entry[n] = fake_conf_values(fh->conf_arena, fh->plugin->entry);
	fh->entry_name[n] = nw_arena_dup(fh->conf_arena, nw_str(name));
	fh->entry_severity[n] = severity;
	va_start(ap, severity);
	fake_conf_pairs(fh->conf_arena, fh->plugin->entry, fh->entry[n], ap);
	va_end(ap);
	fh->nentry++;
}

int
fake_host_open(struct fake_host *fh)
{
	struct nw_conf conf = {
		.size = sizeof(conf),
		.nentry = fh->nentry,
		.values = fh->options,
		.entry = (const struct nw_value *const *)fh->entry,
		.name = fh->entry_name,
		.severity = fh->entry_severity,
	};
	int rc = NW_OK;

	if (fh->plugin->open != NULL)
		rc = fh->plugin->open(&fh->host, fh->instance, &conf, &fh->state);
	fh->is_open = rc == NW_OK;
	if (rc == NW_OK && fh->query != NULL)
		fh->query->compile(fh);
	return rc;
}

static void
ensure_open(struct fake_host *fh)
{
	int rc = fh->is_open ? NW_OK : fake_host_open(fh);

	assert(rc == NW_OK);
	(void)rc; /* without assertions */
	fake_host_reset(fh);
}

int
fake_host_source(struct fake_host *fh, ...)
{
	const struct nw_parser_ops *ops = fh->plugin->ops.parser;
	struct nw_value *v = fake_conf_values(fh->conf_arena, fh->plugin->entry);
	va_list ap;

	ensure_open(fh);
	source_close(fh);
	va_start(ap, fh);
	fake_conf_pairs(fh->conf_arena, fh->plugin->entry, v, ap);
	va_end(ap);
	return ops->source_open != NULL ? ops->source_open(fh->state, v, fh->sink, &fh->source) : NW_OK;
}

/* --- operations */

int
fake_host_parse_doc(struct fake_host *fh, const struct nw_doc *doc)
{
	ensure_open(fh);
	return fh->plugin->ops.parser->parse(fh->state, fh->source, doc, fh->sink);
}

int
fake_host_parse(struct fake_host *fh, struct nw_bytes bytes, const char *url, const char *content_type,
    uint32_t role)
{
	uint8_t *copy = malloc(bytes.len + 1);
	struct nw_doc doc = {
		.size = sizeof(doc),
		.role = role,
		.url = nw_str(url),
		.content_type = nw_str(content_type),
		.source = nw_str(""),
		.timezone = nw_str(""),
		.lang = nw_str(""),
		.charset = nw_str(""),
		.fetched_at_ms = fh->now_ms,
	};
	int rc;

	assert(copy != NULL);
	if (bytes.len > 0)
		memcpy(copy, bytes.p, bytes.len);
	copy[bytes.len] = '\0';
	doc.body = (struct nw_bytes){copy, bytes.len};
	rc = fake_host_parse_doc(fh, &doc);
	free(copy);
	return rc;
}

int
fake_host_parse_text(struct fake_host *fh, const char *text, const char *url, const char *content_type)
{
	struct nw_bytes b = {(const uint8_t *)text, strlen(text)};

	return fake_host_parse(fh, b, url, content_type, NW_ROLE_AUTO);
}

int
fake_host_parse_file(struct fake_host *fh, const char *path, const char *url, const char *content_type)
{
	FILE *f = fopen(path, "rb");
	uint8_t *p;
	long n;
	int rc;

	if (f == NULL || fseek(f, 0, SEEK_END) != 0 || (n = ftell(f)) < 0) {
		fprintf(stderr, "fake_host: cannot read '%s'\n", path);
		abort();
	}
	rewind(f);
	p = malloc((size_t)n + 1);
	assert(p != NULL);
	if (fread(p, 1, (size_t)n, f) != (size_t)n)
		abort();
	fclose(f);
	rc = fake_host_parse(fh, (struct nw_bytes){p, (size_t)n}, url, content_type, NW_ROLE_AUTO);
	free(p);
	return rc;
}

int
fake_host_probe(struct fake_host *fh, struct nw_bytes bytes, const char *content_type)
{
	struct nw_doc doc = {
		.size = sizeof(doc),
		.url = nw_str("https://example.org/feed"),
		.content_type = nw_str(content_type),
		.body = bytes,
		.source = nw_str(""),
		.timezone = nw_str(""),
		.lang = nw_str(""),
		.charset = nw_str(""),
		.fetched_at_ms = fh->now_ms,
	};

	ensure_open(fh);
	return fh->plugin->ops.parser->probe(fh->state, &doc);
}

int
fake_host_tag(struct fake_host *fh, const struct nw_article *article)
{
	ensure_open(fh);
	if (fh->query != NULL)
		fh->query->begin(fh, article);
	return fh->plugin->ops.tagger->tag(fh->state, article, fh->sink);
}

int
fake_host_match(struct fake_host *fh, const struct nw_article *article)
{
	ensure_open(fh);
	if (fh->query != NULL)
		fh->query->begin(fh, article);
	return fh->plugin->ops.rule->match(fh->state, article, fh->sink);
}

int
fake_host_render(struct fake_host *fh, const char *kind, const struct nw_notice *const *notices, uint32_t n)
{
	ensure_open(fh);
	return fh->plugin->ops.notifier->render(fh->state, nw_str(kind), notices, n, fh->sink);
}

void
fake_host_fuzz(struct fake_host *fh, struct nw_bytes b, const char *url, const char *content_type, uint32_t role)
{
	(void)fake_host_probe(fh, b, content_type);
	if (fake_host_parse(fh, b, url, content_type, role) == NW_OK)
		assert(fh->has_feed);
	else
		assert(fh->fail.len > 0);
}

struct nw_str
fake_host_hint(const struct fake_host *fh, const char *name)
{
	for (uint32_t i = 0; i < fh->nhints; i++)
		if (strcmp(fh->hint[i].name.p, name) == 0)
			return fh->hint[i].value;
	return nw_str("");
}

int
fake_host_noted(const struct fake_host *fh, const char *part)
{
	for (uint32_t i = 0; i < fh->nnotes; i++)
		if (strstr(fh->note[i].p, part) != NULL)
			return 1;
	return 0;
}
