/*
 * fake_host.h - the host of a plugin under test: real services, and results kept where a test can look at them.
 * Test library; links daemon/base, core and text (and query, with fake_query.h).
 * Life: fake_host_new() -> fake_host_option()* -> fake_host_entry()* -> fake_host_open() ->
 *       (fake_host_source()? -> fake_host_parse() | _tag() | _match() | _render())* -> fake_host_free().
 * Results of an operation live until the next one.  Everything is copied as the real host does; a plugin that hands
 * over invalid UTF-8, a NULL with a length or a text without its NUL is caught by an assertion.
 */
#ifndef NW_TESTS_FAKE_HOST_H
#define NW_TESTS_FAKE_HOST_H

#include <newswatch/plugin.h>

struct nw_arena;
struct fake_query;

struct fake_follow {
	struct nw_str url;
	uint32_t role;
};

struct fake_hint {
	struct nw_str name, value;
};

struct fake_host {
	struct nw_host host; /* the table the plugin gets; a test may put its own call in place before open */
	const struct nw_plugin *plugin;
	int64_t now_ms;	    /* 2026-10-01T00:00:00Z unless a test sets it */
	uint32_t items_max; /* add_article answers NW_ELIMIT past it; 2,000 */

	/* what the last operation gave */
	int fail_code; /* 0: the plugin did not call fail() */
	struct nw_str fail;
	uint32_t has_feed;
	struct nw_feed feed;
	struct nw_article *article;
	struct fake_follow *follow;
	struct fake_hint *hint;
	struct nw_tag *tag;
	struct nw_alert *alert;
	struct nw_message *message;
	struct nw_str *note, *log, *refusal;
	uint32_t narticles, nfollow, nhints, ntags, nalerts, nmessages, nnotes, nlogs, nrefusals;

	/* the fake's own */
	struct nw_arena *arena;	     /* results and scratch, emptied by each operation */
	struct nw_arena *conf_arena; /* configuration, kept */
	struct nw_instance *instance;
	struct nw_sink *sink;
	void *state, *source;
	int is_open;
	struct nw_value *options; /* the plugin's own */
	struct nw_value **entry;
	struct nw_str *entry_name;
	uint32_t *entry_severity;
	uint32_t nentry;
	struct fake_query *query; /* NULL unless fake_query_attach() was called */
};

/*
 * fake_host_new(plugin):
 * owns    the caller frees it with fake_host_free(); ${plugin} must outlive it.
 * errors  aborts without memory, as all of this library.
 */
struct fake_host *fake_host_new(const struct nw_plugin *);
void fake_host_free(struct fake_host *); /* closes source and plugin; NULL is fine */

/*
 * Configuration, before fake_host_open().  Values are written as in YAML scalars; a list's entries are separated by
 * line feeds.  _entry takes pairs of option and value, ended by NULL.  An unknown option or a value of the wrong type
 * aborts: it is the test's mistake.
 */
void fake_host_option(struct fake_host *, const char *name, const char *value);
void fake_host_entry(struct fake_host *, const char *name, uint32_t severity, ...) __attribute__((sentinel));

int fake_host_open(struct fake_host *); /* the plugin's open(); what it refused is in `refusal` */
/* The parser's source_open() with these pairs, ended by NULL; closes the source before it. */
int fake_host_source(struct fake_host *, ...) __attribute__((sentinel));

/*
 * fake_host_parse(fh, bytes, url, content_type, role):
 * Opens the plugin if need be and parses the bytes, which lie at the end of a block of their own so that sanitizers
 * see an overrun.  Returns what parse() returned.  _file reads ${path}; _doc takes a document as it is.
 */
int fake_host_parse(struct fake_host *, struct nw_bytes, const char *url, const char *content_type, uint32_t role);
int fake_host_parse_text(struct fake_host *, const char *text, const char *url, const char *content_type);
int fake_host_parse_file(struct fake_host *, const char *path, const char *url, const char *content_type);
int fake_host_parse_doc(struct fake_host *, const struct nw_doc *);
int fake_host_probe(struct fake_host *, struct nw_bytes, const char *content_type);
/* Any bytes: probes and parses, and asserts that a document or a reason came of it.  For fuzzers. */
void fake_host_fuzz(struct fake_host *, struct nw_bytes, const char *url, const char *content_type, uint32_t role);

int fake_host_tag(struct fake_host *, const struct nw_article *);
int fake_host_match(struct fake_host *, const struct nw_article *);
int fake_host_render(struct fake_host *, const char *kind, const struct nw_notice *const *, uint32_t n);

/* What the worker would make of an article: plain text where the parser gave HTML. */
struct nw_str fake_host_title(struct fake_host *, const struct nw_article *);
struct nw_str fake_host_summary(struct fake_host *, const struct nw_article *);
struct nw_str fake_host_body(struct fake_host *, const struct nw_article *);
struct nw_str fake_host_body_html(struct fake_host *, const struct nw_article *); /* sanitised */
/* The first value suggested under this name, "" if none. */
struct nw_str fake_host_hint(const struct fake_host *, const char *name);
/* Whether a note holds this text. */
int fake_host_noted(const struct fake_host *, const char *part);
#endif
