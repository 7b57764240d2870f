#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/io.h"
#include "base/str.h"
#include "core/conf.h"
#include "core/frame.h"
#include "core/limits.h"

#define DATA NW_TOP "/tests/data/conf"

/* A configuration loaded for a test. */
struct loaded {
	struct nw_config *c;
	struct nw_conf_diags d;
	struct nw_err err;
	int rc;
};

static void
load(struct loaded *l, const char *path, uint32_t flags)
{
	struct nw_conf_from from = {.path = path, .flags = flags};

	memset(l, 0, sizeof(*l));
	l->rc = nw_conf_load(&from, &l->c, &l->d, &l->err);
}

static void
unload(struct loaded *l)
{
	if (l->rc == 0)
		nw_conf_free(l->c);
	nw_conf_diags_done(&l->d);
}

/* Findings as a person would want to see them when a test fails. */
static void
load_clean(struct loaded *l, const char *path, uint32_t flags)
{
	load(l, path, flags);
	if (l->rc == -1)
		fail_msg("%s", l->err.msg);
	if (l->d.n > 0) {
		nw_conf_diags_print(stderr, &l->d);
		fail_msg("%s is not clean", path);
	}
}

static void
make_folder(char folder[64])
{
	(void)snprintf(folder, 64, "/tmp/nw-conf-XXXXXX");
	assert_non_null(mkdtemp(folder));
}

static void
write_in(const char *folder, const char *name, const void *text, size_t n)
{
	char path[512];
	FILE *f;

	(void)snprintf(path, sizeof(path), "%s/%s", folder, name);
	f = fopen(path, "wb");
	assert_non_null(f);
	assert_int_equal(fwrite(text, 1, n, f), n);
	assert_int_equal(fclose(f), 0);
}

static void
put(const char *folder, const char *name, const char *text)
{
	write_in(folder, name, text, strlen(text));
}

static void
remove_folder(const char *folder)
{
	char command[128];

	(void)snprintf(command, sizeof(command), "rm -rf '%s'", folder);
	assert_int_equal(system(command), 0);
}

/* --- the bad files
 * ------------------------------------------------------------------------------------------------ */

struct expected {
	uint32_t line, col, severity;
	const char *text;
	size_t len;
	int met;
};

/* "# EXPECT 4:12 error text that the message contains" */
static size_t
read_expected(const char *text, struct expected *e, size_t max)
{
	static const char *const word[] = {"error", "warning", "note"};
	size_t n = 0, i;

	for (; (text = strstr(text, "# EXPECT ")) != NULL && n < max; n++) {
		char severity[16];
		int used = 0;

		text += 9;
		assert_int_equal(sscanf(text, "%u:%u %15s %n", &e[n].line, &e[n].col, severity, &used), 3);
		for (i = 0; i < 3 && strcmp(word[i], severity) != 0; i++)
			;
		assert_true(i < 3);
		e[n].severity = (uint32_t)i;
		e[n].text = text + used;
		e[n].len = strcspn(e[n].text, "\n");
		e[n].met = 0;
	}
	return n;
}

static int
as_expected(const struct nw_conf_diag *d, const struct expected *e)
{
	struct nw_buf b = {0};
	int rc;

	if (d->at.entry.len > 0)
		nw_buf_addf(&b, "%s: ", d->at.entry.p);
	nw_buf_addstr(&b, d->text);
	rc = d->at.line == e->line && d->at.col == e->col && d->severity == e->severity &&
	     memmem(nw_buf_str(&b).p, b.len, e->text, e->len) != NULL;
	nw_buf_done(&b);
	return rc;
}

static unsigned
check_bad(const char *path)
{
	struct expected e[32];
	struct nw_buf text = {0};
	struct loaded l;
	unsigned wrong = 0;
	size_t n, i, k;

	assert_int_equal(nw_io_read_file(path, 1 << 20, &text, NULL), 0);
	n = read_expected(nw_buf_str(&text).p, e, 32);
	assert_true(n > 0);
	load(&l, path, NW_CONF_ALONE);
	assert_int_equal(l.rc, 0);
	for (i = 0; i < l.d.n; i++) {
		for (k = 0; k < n && (e[k].met || !as_expected(l.d.item[i], &e[k])); k++)
			;
		if (k < n) {
			e[k].met = 1;
			continue;
		}
		fprintf(stderr, "not expected: ");
		nw_conf_diag_print(stderr, l.d.item[i]);
		wrong++;
	}
	for (k = 0; k < n; k++) {
		if (!e[k].met)
			fprintf(stderr, "%s:%u:%u: missing: %.*s\n", path, e[k].line, e[k].col, (int)e[k].len,
			    e[k].text);
		wrong += !e[k].met;
	}
	nw_buf_done(&text);
	unload(&l);
	return wrong;
}

static void
conf_every_bad_file_is_told_with_its_places(void **state)
{
	DIR *d = opendir(DATA);
	struct dirent *e;
	unsigned wrong = 0, n = 0;
	char path[512];

	(void)state;
	assert_non_null(d);
	while ((e = readdir(d)) != NULL) {
		if (strncmp(e->d_name, "bad-", 4) != 0)
			continue;
		(void)snprintf(path, sizeof(path), DATA "/%s", e->d_name);
		wrong += check_bad(path);
		n++;
	}
	(void)closedir(d);
	assert_true(n >= 25);
	assert_int_equal(wrong, 0);
}

static void
conf_finding_is_printed_with_line_and_caret(void **state)
{
	struct loaded l;
	char *out = NULL;
	size_t n = 0;
	FILE *f = open_memstream(&out, &n);

	(void)state;
	load(&l, DATA "/bad-names.yaml", NW_CONF_ALONE);
	nw_conf_diags_print(f, &l.d);
	assert_int_equal(fclose(f), 0);
	assert_non_null(strstr(out,
	    "/bad-names.yaml:9:15: error: watch w: there is no source 'mfa-ch'; did you mean 'mfa-cn'?\n"
	    "        sources: [mfa-ch]\n"
	    "                  ^~~~~~\n"));
	free(out);
	unload(&l);
}

/* --- what a good one becomes
 * -------------------------------------------------------------------------------------- */

static void
conf_daemon_options_are_typed(void **state)
{
	const struct nw_conf_daemon *d;
	struct loaded l;

	(void)state;
	load_clean(&l, DATA "/good.yaml", NW_CONF_ALONE);
	d = &l.c->daemon;
	assert_string_equal(d->store.path.p, "/tmp/news.db");
	assert_int_equal(d->store.keep, NW_KEEP_ALL);
	assert_int_equal(d->store.retention_s, 52 * 604800);
	assert_int_equal(d->fetch.every_s, 1200);
	assert_int_equal(d->fetch.redirects, 5);
	assert_true(nw_str_starts(d->fetch.user_agent, "newswatchd/"));
	assert_non_null(strstr(d->fetch.user_agent.p, " (+mailto:ops@example.org)"));
	assert_int_equal(d->follow.nrelook, 2);
	assert_int_equal(d->follow.relook_s[1], 3 * 86400);
	assert_int_equal(d->operator.nnotify, 1);
	assert_int_equal(d->workers.job_ms, 5000);
	assert_int_equal(d->sandbox, NW_SANDBOX_FULL);
	assert_int_equal(d->log_level, NW_LOG_DEBUG);
	unload(&l);
}

static void
conf_sources_are_typed_and_their_parsers_options_kept(void **state)
{
	const struct nw_conf_source *a, *b;
	struct loaded l;
	Nw__Key **keys;
	size_t n;

	(void)state;
	load_clean(&l, DATA "/good.yaml", NW_CONF_ALONE);
	a = nw_conf_source_find(l.c, NW_STR("a"));
	b = nw_conf_source_find(l.c, NW_STR("b"));
	assert_non_null(a);
	assert_non_null(b);
	assert_string_equal(a->url[0].p, "https://a.example/x");
	assert_int_equal(a->every_s, 600);
	assert_int_equal(b->every_s, 1200); /* the daemon's */
	assert_int_equal(b->keep, NW_KEEP_NONE);
	assert_int_equal(a->expected_days, 0x5f);
	assert_true(b->allow_http); /* an address inside allow_private */
	assert_false(b->enabled);
	assert_int_equal(b->nurl, 2);
	assert_string_equal(nw_conf_source_parser(a, NW_ROLE_LISTING, &keys, &n).p, "page");
	assert_int_equal(n, 3);
	assert_true(nw_str_is(nw_pb_str(keys[0]->name), "listing.link"));
	assert_string_equal(nw_conf_source_parser(b, NW_ROLE_FEED, &keys, &n).p, "feed");
	assert_int_equal(n, 0);
	assert_string_equal(nw_conf_source_parser(b, NW_ROLE_ARTICLE, &keys, &n).p, "page");
	assert_int_equal(n, 1);
	unload(&l);
}

static void
conf_a_stored_source_is_the_same_source(void **state)
{
	struct nw_arena *arena = nw_arena_new(1 << 20);
	const struct nw_conf_source *a;
	struct nw_conf_source *back;
	struct nw_buf packed = {0};
	struct nw_err err;
	struct loaded l;

	(void)state;
	load_clean(&l, DATA "/good.yaml", NW_CONF_ALONE);
	a = nw_conf_source_find(l.c, NW_STR("a"));
	assert_int_equal(nw_conf_source_pack(l.c, a, &packed), 0);
	assert_int_equal(nw_conf_source_unpack(arena, (struct nw_bytes){(uint8_t *)packed.p, packed.len},
			     &l.c->daemon, &back, &err),
	    0);
	assert_string_equal(back->name.p, "a");
	assert_string_equal(back->url[0].p, a->url[0].p);
	assert_int_equal(back->every_s, a->every_s);
	assert_int_equal(back->nkeys, a->nkeys);
	assert_int_equal(back->expected_days, a->expected_days);
	/* what the store gives back is checked like everything else */
	for (size_t cut = 0; cut < packed.len; cut++)
		(void)nw_conf_source_unpack(
		    arena, (struct nw_bytes){(uint8_t *)packed.p, cut}, &l.c->daemon, &back, &err);
	nw_buf_done(&packed);
	nw_arena_free(arena);
	unload(&l);
}

static void
conf_envelopes_are_typed_and_the_rest_kept(void **state)
{
	const struct nw_conf_section *s;
	const struct nw_conf_entry *e;
	struct loaded l;

	(void)state;
	load_clean(&l, DATA "/good.yaml", NW_CONF_ALONE);
	s = nw_conf_section_find(l.c, "watches");
	e = nw_conf_entry_find(s, NW_STR("w1"));
	assert_int_equal(e->severity, NW_SEV_CRITICAL);
	assert_int_equal(e->nsources, 1);
	assert_int_equal(e->nnotify, 1); /* delivery.notify */
	assert_string_equal(l.c->channel[e->notify[0]]->name.p, "hub");
	assert_int_equal(e->group_wait_s, -1);
	assert_int_equal(e->nkeys, 3);
	assert_true(nw_str_is(nw_pb_str(e->keys[1]->name), "examples.fires"));
	assert_true(e->keys[2]->list && e->keys[2]->n_values == 0);
	e = nw_conf_entry_find(s, NW_STR("w2"));
	assert_int_equal(e->state, NW_STATE_SHADOW);
	assert_int_equal(e->nnotify, 2);
	assert_int_equal(e->group_by, NW_GROUP_STORY);
	assert_int_equal(e->group_wait_s, 90);
	assert_true(e->expires_at_ms > 7258032000000);
	assert_string_equal(e->at.entry.p, "watch w2");
	unload(&l);
}

static void
conf_a_place_inside_a_query_is_a_place_in_the_file(void **state)
{
	const struct nw_conf_section *s;
	const struct nw_conf_entry *e;
	struct nw_conf_place at;
	struct loaded l;

	(void)state;
	load_clean(&l, DATA "/good.yaml", NW_CONF_ALONE);
	s = nw_conf_section_find(l.c, "watches");
	e = nw_conf_entry_find(s, NW_STR("w1"));
	assert_string_equal((char *)e->keys[0]->values[0]->text.data, "\n@treaty NEAR/8\n  signed\n");
	at = nw_conf_at_text(&e->at, e->keys[0]->values[0], 3, 3, 6); /* "signed" */
	assert_int_equal(at.line, 42);
	assert_int_equal(at.col, 9);
	e = nw_conf_entry_find(s, NW_STR("w2"));
	assert_string_equal((char *)e->keys[0]->values[0]->text.data, "it's");
	at = nw_conf_at_text(&e->at, e->keys[0]->values[0], 1, 4, 1); /* "s", behind a doubled quote */
	assert_int_equal(at.line, 50);
	assert_int_equal(at.col, 17);
	unload(&l);
}

static void
conf_queries_are_written_as_blocks_or_in_single_quotes(void **state)
{
	static const struct nw_option table[] = {{"name", NW_OPT_STR, NW_OPTF_REQUIRED, NULL, 0, 0, NULL, ""},
	    {"match", NW_OPT_QUERY, 0, NULL, 0, 0, NULL, ""},
	    {"score", NW_OPT_SCORE, 0, NULL, 0, 0, NULL, ""}, {0}};
	static const struct {
		const char *yaml, *want;
		uint32_t line, col;
	} t[] = {{"match: '\"a b\" OR c'", NULL, 0, 0}, {"match: |\n      a\n", NULL, 0, 0},
	    {"match: |-\n      a # b\n", NULL, 0, 0}, {"match: >\n      a\n      b\n", NULL, 0, 0},
	    {"match: \"four-point agreement\"", "a double-quoted 'match' loses its quotes; write 'match: |'",
		3, 12},
	    {"match: a # b", "a plain 'match' loses what stands behind ' #'; write 'match: |'", 3, 12},
	    {"match: [a, b]", "'match' is a single value, not a list", 3, 5},
	    {"match:", "'match' has no value", 3, 5},
	    {"score: >\n      30: a\n      >= 30\n",
		"'score' needs its line ends, which '>' folds away; write 'score: |'", 4, 7},
	    {"macth: |\n      a\n", "there is no option 'macth' here; did you mean 'match'?", 3, 5},
	    {"severty: high", "there is no option 'severty' here; did you mean 'severity'?", 3, 5}};
	char folder[64], path[128], text[256];
	struct nw_arena *arena = nw_arena_new(0);

	(void)state;
	make_folder(folder);
	(void)snprintf(path, sizeof(path), "%s/x.yaml", folder);
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		const struct nw_conf_entry *e;
		struct nw_conf_typing typing = {.table = table, .also = nw_conf_entry_options};
		struct nw_conf_diags d = {0};
		struct nw_value *v;
		struct loaded l;

		(void)snprintf(text, sizeof(text), "items:\n  - name: x\n    %s\n", t[i].yaml);
		put(folder, "x.yaml", text);
		load_clean(&l, path, NW_CONF_ALONE);
		e = nw_conf_section_find(l.c, "items")->entry[0];
		typing.keys = e->keys;
		typing.nkeys = e->nkeys;
		typing.at = e->at;
		(void)nw_conf_type(arena, &typing, &v, &d);
		/* the name is core's and was taken out: it is missing here, and told as such */
		assert_int_equal(d.nerror, t[i].want != NULL ? 2 : 1);
		nw_conf_diags_sort(&d);
		if (t[i].want != NULL &&
		    (strstr(d.item[1]->text.p, t[i].want) == NULL || d.item[1]->at.line != t[i].line ||
			d.item[1]->at.col != t[i].col))
			fail_msg("%s: %u:%u: %s", t[i].yaml, d.item[1]->at.line, d.item[1]->at.col,
			    d.item[1]->text.p);
		nw_conf_diags_done(&d);
		unload(&l);
	}
	nw_arena_free(arena);
	remove_folder(folder);
}

static void
conf_words_of_yaml_stay_words_in_lists(void **state)
{
	static const char *const want[] = {"treaty", "framework agreement", "no", "2231", "1_0", "~"};
	struct loaded l;

	(void)state;
	load_clean(&l, DATA "/good.yaml", NW_CONF_ALONE);
	assert_int_equal(l.c->nlist, 2);
	assert_int_equal(l.c->list[0]->nvalues, 6);
	for (size_t i = 0; i < 6; i++)
		assert_string_equal((char *)l.c->list[0]->values[i]->text.data, want[i]);
	assert_int_equal(l.c->list[1]->nvalues, 2);
	assert_int_equal(l.c->list[1]->nfile_values, 2);
	assert_string_equal((char *)l.c->list[1]->file_values[1]->text.data, "王毅");
	assert_int_equal(l.c->list[1]->file_values[1]->line, 4);
	assert_int_equal(l.c->list[1]->file_values[1]->col, 3);
	assert_string_equal(l.c->list[1]->values_file.p, DATA "/names.txt");
	unload(&l);
}

static void
conf_channels_are_typed(void **state)
{
	const struct nw_conf_channel *c;
	struct loaded l;

	(void)state;
	load_clean(&l, DATA "/good.yaml", NW_CONF_ALONE);
	c = l.c->channel[nw_conf_channel_find(l.c, NW_STR("desk"))];
	assert_int_equal(c->nto, 2);
	assert_int_equal(c->starttls, NW_STARTTLS_NONE); /* the machine itself */
	assert_int_equal(c->ndigest, 2);
	assert_int_equal(c->digest_min[1], 18 * 60 + 30);
	assert_int_equal(c->throttle_n, 20);
	assert_int_equal(c->throttle_s, 3600);
	assert_int_equal(c->quiet_from_min, 22 * 60);
	assert_int_equal(c->quiet_to_min, 7 * 60);
	assert_int_equal(c->statement_min, -1);
	assert_int_equal(c->max_age_s, 2 * 86400);
	assert_int_equal(c->escalate_to, nw_conf_channel_find(l.c, NW_STR("hub")));
	assert_string_equal(c->timezone.p, "Europe/Berlin");
	c = l.c->channel[c->escalate_to];
	assert_string_equal(c->url.p, "https://hub.example/in");
	assert_string_equal(c->timezone.p, "Asia/Tokyo");
	assert_int_equal(c->statement_min, 8 * 60);
	assert_int_equal(c->quiet_from_min, -1);
	assert_int_equal(c->escalate_to, -1);
	unload(&l);
}

static void
conf_shrinking_keeps_what_main_lives_on(void **state)
{
	const struct nw_conf_section *s;
	struct loaded l;

	(void)state;
	load_clean(&l, DATA "/good.yaml", NW_CONF_ALONE);
	nw_conf_shrink(l.c);
	s = nw_conf_section_find(l.c, "watches");
	assert_int_equal(s->nentry, 2);
	assert_string_equal(s->entry[1]->name.p, "w2");
	assert_int_equal(s->entry[0]->nsources, 1);
	assert_string_equal(s->entry[0]->sources[0].p, "a");
	assert_string_equal(s->entry[1]->at.entry.p, "w2");
	assert_string_equal(l.c->channel[0]->server.p, "smtp://localhost:25");
	assert_string_equal(l.c->channel[0]->at.file.p, DATA "/good.yaml");
	assert_string_equal(l.c->daemon.timezone.p, "Europe/Berlin");
	assert_int_equal(l.c->nsource, 0);
	unload(&l);
}

/* --- files and folders
 * -------------------------------------------------------------------------------------------- */

static void
conf_folders_are_read_in_byte_order_and_overridden_by_name(void **state)
{
	char data[64], etc[64], path[128];
	struct nw_conf_from from = {.data_dir = data, .conf_dir = etc};
	struct nw_conf_diags d = {0};
	struct nw_config *c;
	struct nw_err err;

	(void)state;
	make_folder(data);
	make_folder(etc);
	for (int i = 0; i < 2; i++) {
		(void)snprintf(path, sizeof(path), "%s/sources.d", i == 0 ? data : etc);
		assert_int_equal(mkdir(path, 0755), 0);
		(void)snprintf(path, sizeof(path), "%s/watches.d", i == 0 ? data : etc);
		assert_int_equal(mkdir(path, 0755), 0);
	}
	put(data, "sources.d/b.yaml", "sources: [{ name: shipped-b, url: 'https://b.example/' }]\n");
	put(data, "sources.d/c.yaml", "sources: [{ name: shipped-c, url: 'https://c.example/' }]\n");
	put(data, "sources.d/d.yml", "sources: [{ name: shipped-d, url: 'https://d.example/' }]\n");
	put(data, "watches.d/x.yaml", "watches: [{ name: never-read }]\n");
	put(etc, "newswatchd.yaml", "# nothing\n");
	put(etc, "sources.d/a.yaml", "sources: [{ name: own-a, url: 'https://a.example/' }]\n");
	put(etc, "sources.d/b.yaml", "sources: [{ name: own-b, url: 'https://b2.example/' }]\n");
	put(etc, "sources.d/.hidden.yaml", "this is not read\n");
	put(etc, "sources.d/b.yaml~", "nor is this\n");
	(void)snprintf(path, sizeof(path), "%s/sources.d/d.yml", etc);
	assert_int_equal(symlink("/dev/null", path), 0); /* masked */
	assert_int_equal(nw_conf_load(&from, &c, &d, &err), 0);
	assert_int_equal(d.n, 0);
	assert_int_equal(c->nsource, 3);
	assert_string_equal(c->source[0]->name.p, "own-a");
	assert_string_equal(c->source[1]->name.p, "own-b");
	assert_string_equal(c->source[2]->name.p, "shipped-c");
	assert_int_equal(nw_conf_section_find(c, "watches")->nentry, 0);
	nw_conf_free(c);
	/* with a path the folders beside it are all there is */
	(void)snprintf(path, sizeof(path), "%s/newswatchd.yaml", etc);
	from.path = path;
	assert_int_equal(nw_conf_load(&from, &c, &d, &err), 0);
	assert_int_equal(c->nsource, 2);
	nw_conf_free(c);
	remove_folder(data);
	remove_folder(etc);
}

static void
conf_missing_main_file_is_an_error_of_its_own(void **state)
{
	struct loaded l;

	(void)state;
	load(&l, "/nonexistent/newswatchd.yaml", 0);
	assert_int_equal(l.rc, -1);
	assert_int_equal(l.err.code, NW_ECONF);
	assert_non_null(strstr(l.err.msg, "/nonexistent/newswatchd.yaml"));
	unload(&l);
}

static void
conf_bundle_is_the_same_configuration(void **state)
{
	char folder[64], bundle[128], path[128];
	struct nw_conf_diags d = {0};
	struct nw_config *back;
	struct nw_err err;
	struct loaded l;
	struct nw_buf b = {0};

	(void)state;
	make_folder(folder);
	(void)snprintf(bundle, sizeof(bundle), "%s/accepted", folder);
	load_clean(&l, DATA "/good.yaml", NW_CONF_ALONE);
	assert_int_equal(nw_conf_bundle_write(l.c, bundle, &err), 0);
	assert_int_equal(nw_conf_bundle_read(bundle, &back, &d, &err), 0);
	assert_int_equal(d.n, 0);
	assert_memory_equal(back->hash, l.c->hash, 32);
	assert_int_equal(back->nsource, l.c->nsource);
	assert_int_equal(back->list[1]->nfile_values, 2); /* names.txt lies in it */
	nw_conf_free(back);
	/* any byte of it matters */
	assert_int_equal(nw_io_read_file(bundle, 1 << 20, &b, &err), 0);
	(void)snprintf(path, sizeof(path), "%s/broken", folder);
	for (size_t i = 0; i < b.len; i += 37) {
		b.p[i] ^= 1;
		write_in(folder, "broken", b.p, b.len);
		assert_int_equal(nw_conf_bundle_read(path, &back, &d, &err), -1);
		assert_int_equal(err.code, NW_ECONF);
		b.p[i] ^= 1;
		write_in(folder, "broken", b.p, i);
		assert_int_equal(nw_conf_bundle_read(path, &back, &d, &err), -1);
	}
	nw_buf_done(&b);
	unload(&l);
	remove_folder(folder);
}

static void
conf_hash_changes_with_every_file(void **state)
{
	char folder[64], path[128];
	struct loaded l;
	uint8_t one[32];

	(void)state;
	make_folder(folder);
	(void)snprintf(path, sizeof(path), "%s/n.yaml", folder);
	put(folder, "n.yaml", "lists: { a: { file: names } }\n");
	put(folder, "names", "one\n");
	load_clean(&l, path, NW_CONF_ALONE);
	memcpy(one, l.c->hash, 32);
	unload(&l);
	put(folder, "names", "two\n");
	load_clean(&l, path, NW_CONF_ALONE);
	assert_memory_not_equal(one, l.c->hash, 32);
	unload(&l);
	remove_folder(folder);
}

static void
conf_rules_file_may_name_what_it_does_not_know(void **state)
{
	char folder[64], path[128];
	struct loaded l;

	(void)state;
	make_folder(folder);
	(void)snprintf(path, sizeof(path), "%s/w.yaml", folder);
	put(folder, "w.yaml", "watches:\n  - { name: a, sources: [x], notify: [y], match: 'a' }\n");
	load_clean(&l, path, NW_CONF_ALONE | NW_CONF_RULES);
	assert_int_equal(nw_conf_section_find(l.c, "watches")->nentry, 1);
	unload(&l);
	put(folder, "w.yaml", "watches: []\nstore: { path: x }\n");
	load(&l, path, NW_CONF_ALONE | NW_CONF_RULES);
	assert_int_equal(l.d.nerror, 1);
	unload(&l);
	remove_folder(folder);
}

/* --- hostile files
 * -------------------------------------------------------------------------------------------------- */

static void
check_refused(const char *text, size_t n, const char *want)
{
	char folder[64], path[128];
	struct loaded l;
	size_t i;

	make_folder(folder);
	write_in(folder, "x.yaml", text, n);
	(void)snprintf(path, sizeof(path), "%s/x.yaml", folder);
	load(&l, path, NW_CONF_ALONE);
	assert_int_equal(l.rc, 0);
	assert_true(l.d.nerror > 0);
	for (i = 0; i < l.d.n && strstr(l.d.item[i]->text.p, want) == NULL; i++)
		;
	if (i == l.d.n)
		fail_msg("'%s' was not said; instead: %s", want, l.d.item[0]->text.p);
	unload(&l);
	remove_folder(folder);
}

static void
conf_deep_nesting_ends_at_once(void **state)
{
	size_t n = 4u << 20;
	char *text = malloc(n + 16);

	(void)state;
	assert_non_null(text);
	memset(text, '[', n);
	memcpy(text, "store: ", 7);
	check_refused(text, n, "a value of this list is itself a list");
	memcpy(text, "{a: {a: ", 8);
	for (size_t i = 0; i + 4 < n; i += 4)
		memcpy(text + i, "{a: ", 4);
	check_refused(text, n, "the nesting is deeper than 32 levels");
	for (size_t i = 0; i + 3 < n; i += 3)
		memcpy(text + i, "? [", 3);
	check_refused(text, n, "the name of an option is a single word");
	free(text);
}

static void
conf_utf16_is_refused_with_the_remedy(void **state)
{
	(void)state;
	check_refused("\xff\xfe"
		      "a\0:\0 \0b\0",
	    10, "save it as UTF-8");
}

static void
conf_a_megabyte_of_anything_is_bounded(void **state)
{
	size_t n = 1u << 20;
	char *text = malloc(n);

	(void)state;
	assert_non_null(text);
	memset(text, 'a', n);
	check_refused(text, n, "");
	for (size_t i = 0; i + 5 <= n; i += 5)
		memcpy(text + i, "a: b\n", 5);
	check_refused(text, n, "stands twice in this file");
	free(text);
}

static void
conf_findings_past_the_cap_are_counted(void **state)
{
	struct nw_conf_place at = {.file = NW_STR("f"), .entry = NW_STR("")};
	struct nw_conf_diags d = {0};
	char *out = NULL;
	size_t n = 0;
	FILE *f = open_memstream(&out, &n);

	(void)state;
	for (at.line = 500; at.line > 0; at.line--)
		(void)nw_conf_diag(&d, NW_CONF_ERROR, &at, "wrong");
	assert_int_equal(d.nerror, 500);
	assert_int_equal(d.n, 200);
	nw_conf_diags_print(f, &d);
	assert_int_equal(fclose(f), 0);
	assert_int_equal(strncmp(out, "f:301:1: error: wrong\n", 22), 0);
	assert_non_null(strstr(out, "and 300 more findings, not shown\n"));
	free(out);
	nw_conf_diags_done(&d);
}

/* --- the shipped configuration
 * ------------------------------------------------------------------------------------ */

/* Uncomments every option: "#" directly before a word or before the blanks of an indented line. */
static void
uncomment(struct nw_buf *in, struct nw_buf *out)
{
	struct nw_str s = nw_buf_str(in);
	size_t i;

	for (i = 0; i < s.len; i++) {
		int begins = i == 0 || s.p[i - 1] == '\n';
		int option =
		    begins && s.p[i] == '#' && i + 2 < s.len &&
		    ((s.p[i + 1] >= 'a' && s.p[i + 1] <= 'z') || (s.p[i + 1] == ' ' && s.p[i + 2] == ' '));

		if (!option)
			nw_buf_addc(out, s.p[i]);
	}
}

static void
conf_example_holds_every_option_at_its_default(void **state)
{
	struct nw_buf in = {0}, out = {0};
	char folder[64], path[128], name[128];
	struct loaded shown, built_in;
	size_t i;

	(void)state;
	assert_int_equal(nw_io_read_file(NW_TOP "/conf/newswatchd.yaml", 1 << 20, &in, NULL), 0);
	uncomment(&in, &out);
	make_folder(folder);
	write_in(folder, "all.yaml", out.p, out.len);
	write_in(folder, "none.yaml", in.p, in.len);
	(void)snprintf(path, sizeof(path), "%s/all.yaml", folder);
	load_clean(&shown, path, NW_CONF_ALONE);
	(void)snprintf(path, sizeof(path), "%s/none.yaml", folder);
	load_clean(&built_in, path, NW_CONF_ALONE);
	/* each stands in the file */
	for (i = 0; nw_conf_daemon_options[i].name != NULL; i++) {
		const char *dot = strrchr(nw_conf_daemon_options[i].name, '.');

		(void)snprintf(name, sizeof(name), "\n%s%s: ", dot != NULL ? "  " : "",
		    dot != NULL ? dot + 1 : nw_conf_daemon_options[i].name);
		if (memmem(out.p, out.len, name, strlen(name)) == NULL)
			fail_msg("conf/newswatchd.yaml does not show '%s'", nw_conf_daemon_options[i].name);
	}
#define SAME(field)	assert_true(shown.c->daemon.field == built_in.c->daemon.field)
#define SAME_STR(field) assert_string_equal(shown.c->daemon.field.p, built_in.c->daemon.field.p)
	SAME_STR(store.path);
	SAME(store.keep);
	SAME(store.retention_s);
	SAME_STR(index.path);
	SAME(index.enabled);
	SAME_STR(fetch.user_agent);
	SAME_STR(fetch.contact);
	SAME_STR(fetch.proxy);
	SAME_STR(fetch.ca_file);
	SAME(fetch.nallow_private);
	SAME(fetch.connections);
	SAME(fetch.host_connections);
	SAME(fetch.redirects);
	SAME(fetch.robots);
	SAME(fetch.unconditional_every);
	SAME(fetch.every_s);
	SAME(fetch.every_max_s);
	SAME(fetch.host_gap_s);
	SAME(fetch.timeout_s);
	SAME(fetch.connect_timeout_s);
	SAME(fetch.max_bytes);
	SAME(follow.wait_s);
	SAME(follow.nrelook);
	SAME(follow.alert_age_s);
	SAME(follow.backfill);
	assert_memory_equal(shown.c->daemon.follow.relook_s, built_in.c->daemon.follow.relook_s,
	    built_in.c->daemon.follow.nrelook * sizeof(int64_t));
	SAME(delivery.nnotify);
	SAME(delivery.max_age_s);
	SAME(delivery.group_wait_s);
	SAME(delivery.flood);
	SAME_STR(delivery.hostname);
	SAME(operator.nnotify);
	SAME_STR(operator.heartbeat_url);
	SAME(operator.heartbeat_every_s);
	SAME(operator.statement_min);
	SAME(workers.count);
	SAME(workers.jobs);
	SAME(workers.job_ms);
	SAME(workers.memory_bytes);
	SAME_STR(control.path);
	SAME_STR(control.group);
	SAME(sandbox);
	SAME(log_level);
	SAME_STR(timezone);
	unload(&shown);
	unload(&built_in);
	nw_buf_done(&in);
	nw_buf_done(&out);
	remove_folder(folder);
}

static void
conf_shipped_configuration_is_clean(void **state)
{
	static const char *const promised[] = {"mfa-cn-en", "mfa-cn", "mofcom-cn", "gb-fcdo", "un-news"};
	struct loaded l;

	(void)state;
	load_clean(&l, NW_TOP "/conf/newswatchd.yaml", 0);
	for (size_t i = 0; i < 5; i++) {
		const struct nw_conf_source *s = nw_conf_source_find(l.c, nw_str(promised[i]));

		if (s == NULL || !s->enabled)
			fail_msg("the source '%s' is not shipped, or disabled", promised[i]);
	}
	assert_non_null(nw_conf_entry_find(nw_conf_section_find(l.c, "topics"), NW_STR("treaties")));
	assert_non_null(nw_conf_entry_find(nw_conf_section_find(l.c, "topics"), NW_STR("sanctions")));
	assert_int_equal(l.c->nchannel, 2);
	unload(&l);
}

static void
check_described(const char *page, const struct nw_option *table)
{
	char line[128];

	for (; table->name != NULL; table++) {
		(void)snprintf(line, sizeof(line), "\n.It Cm %s : ", table->name);
		if (strstr(page, line) == NULL)
			fail_msg("newswatchd.yaml(5) does not describe '%s'", table->name);
		assert_non_null(table->help);
	}
}

static void
conf_manual_describes_every_option(void **state)
{
	struct nw_buf page = {0};

	(void)state;
	assert_int_equal(nw_io_read_file(NW_TOP "/conf/newswatchd.yaml.5", 1 << 20, &page, NULL), 0);
	check_described(nw_buf_str(&page).p, nw_conf_daemon_options);
	check_described(nw_buf_str(&page).p, nw_conf_source_options);
	check_described(nw_buf_str(&page).p, nw_conf_entry_options);
	check_described(nw_buf_str(&page).p, nw_conf_channel_options);
	nw_buf_done(&page);
}

/* --- messages for other processes
 * -------------------------------------------------------------------------------- */

static void
conf_worker_gets_everything_but_channels_and_secrets(void **state)
{
	char folder[64];
	struct nw_conf_run run = {
	    .generation = 7, .plugin_dir = folder, .sandbox = NW_SANDBOX_REQUIRE, .check = 1, .strict = 1};
	static const char *const file[] = {"rule-watch.so", "tagger-zeta.so", "parser-page.so",
	    "tagger-topics.so", "tagger-language.so", "notifier-email.so", "tagger-alpha.so", "README",
	    ".x.so"};
	static const char *const want[] = {
	    "parser-page", "tagger-topics", "tagger-alpha", "tagger-zeta", "rule-watch", "notifier-email"};
	struct nw_arena *arena = nw_arena_new(0);
	struct nw_buf b = {0};
	Nw__Frame frame = NW__FRAME__INIT;
	Nw__Config *m;
	struct nw_err err;
	struct loaded l;

	(void)state;
	make_folder(folder);
	load_clean(&l, DATA "/good.yaml", NW_CONF_ALONE);
	assert_int_equal(nw_conf_worker(l.c, &run, arena, &m, &err),
	    -1); /* tagger-language is off, parser-page not there */
	assert_non_null(strstr(err.msg, "there is no plugin 'parser-page'"));
	for (size_t i = 0; i < sizeof(file) / sizeof(file[0]); i++)
		put(folder, file[i], "");
	assert_int_equal(nw_conf_worker(l.c, &run, arena, &m, &err), 0);
	assert_int_equal(m->n_plugins, 6);
	for (size_t i = 0; i < 6; i++)
		assert_string_equal((char *)m->plugins[i]->name.data, want[i]);
	assert_int_equal(m->plugins[0]->n_keys, 1);
	assert_int_equal(m->n_sources, 2);
	assert_int_equal(m->n_check_sources, 3); /* b's feed and its pages */
	assert_int_equal(m->n_lists, 2);
	assert_int_equal(m->n_sections, 2);
	assert_false(m->sections[1]->entries[1]->draft); /* shadow: evaluated and kept */
	frame.kind_case = NW__FRAME__KIND_CONFIG;
	frame.config = m;
	assert_int_equal(nw_frame_pack(&b, &frame), 0);
	assert_null(memmem(b.p, b.len, "smtp://", 7));
	assert_null(memmem(b.p, b.len, "hub.example", 11));
	nw_buf_done(&b);
	nw_arena_free(arena);
	unload(&l);
	remove_folder(folder);
}

static int
channel_frame(const char *folder, const char *secret, unsigned mode, struct nw_err *err)
{
	struct nw_arena *arena = nw_arena_new(0);
	char path[128], key[128];
	Nw__Channel *m;
	struct loaded l;
	int rc;

	(void)snprintf(path, sizeof(path), "%s/n.yaml", folder);
	(void)snprintf(key, sizeof(key), "%s/key", folder);
	put(folder, "n.yaml",
	    "channels:\n  - { name: h, type: webhook, url: 'https://h.example/', secret_file: key, headers: "
	    "['A: b'] }\n");
	put(folder, "key", secret);
	assert_int_equal(chmod(key, mode), 0);
	load_clean(&l, path, NW_CONF_ALONE);
	rc = nw_conf_channel_frame(l.c, l.c->channel[0], "host.example", arena, &m, err);
	if (rc == 0) {
		assert_int_equal(m->n_secrets, 1);
		assert_string_equal((char *)m->hostname.data, "host.example");
		assert_int_equal(m->n_headers, 1);
		assert_int_equal(memcmp(m->secrets[0].data, "whsec_", 6), 0);
		nw_conf_channel_wipe(m);
		assert_int_equal(m->secrets[0].data[0], 0);
		assert_int_equal(m->secrets[0].data[m->secrets[0].len - 1], 0);
	}
	nw_arena_free(arena);
	unload(&l);
	return rc;
}

static void
conf_secrets_are_read_late_and_only_from_closed_files(void **state)
{
	static const char good[] = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=\n";
	struct nw_err err;
	char folder[64];

	(void)state;
	make_folder(folder);
	assert_int_equal(setenv("CREDENTIALS_DIRECTORY", folder, 1), 0);
	assert_int_equal(channel_frame(folder, good, 0600, &err), 0);
	assert_int_equal(channel_frame(folder, good, 0644, &err), -1);
	assert_int_equal(err.code, NW_ECONF);
	assert_non_null(strstr(err.msg, "chmod 600"));
	assert_null(strstr(err.msg, "MDEy"));
	assert_int_equal(channel_frame(folder, "\n", 0600, &err), -1);
	assert_int_equal(channel_frame(folder, "secret\n", 0600, &err), -1);
	assert_int_equal(channel_frame(folder, "whsec_c2hvcnQ=\n", 0600, &err), -1);
	assert_int_equal(channel_frame(folder, "whsec_!!!!\n", 0600, &err), -1);
	assert_null(strstr(err.msg, "!!!!"));
	assert_int_equal(unsetenv("CREDENTIALS_DIRECTORY"), 0);
	assert_int_equal(channel_frame(folder, good, 0600, &err), -1); /* a bare name is one beside nothing */
	remove_folder(folder);
}

static void
conf_an_error_takes_the_place_of_a_note(void **state)
{
	struct nw_conf_diags d = {0};
	const struct nw_conf_place at = {.file = nw_str("f.yaml"), .line = 1, .col = 1, .entry = nw_str("")};
	uint32_t errors = 0;

	(void)state;
	for (uint32_t i = 0; i < NW_CONF_ERRORS_MAX + 10; i++)
		(void)nw_conf_diag(&d, NW_CONF_NOTE, &at, "note %u", i);
	(void)nw_conf_diag(&d, NW_CONF_ERROR, &at, "refused");
	assert_int_equal(d.n, NW_CONF_ERRORS_MAX);
	assert_int_equal(d.nnote, NW_CONF_ERRORS_MAX + 10);
	assert_int_equal(d.nerror, 1);
	for (uint32_t i = 0; i < d.n; i++)
		errors += d.item[i]->severity == NW_CONF_ERROR && nw_str_is(d.item[i]->text, "refused");
	assert_int_equal(errors, 1);
	nw_conf_diags_done(&d);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(conf_every_bad_file_is_told_with_its_places),
	    cmocka_unit_test(conf_finding_is_printed_with_line_and_caret),
	    cmocka_unit_test(conf_daemon_options_are_typed),
	    cmocka_unit_test(conf_sources_are_typed_and_their_parsers_options_kept),
	    cmocka_unit_test(conf_a_stored_source_is_the_same_source),
	    cmocka_unit_test(conf_envelopes_are_typed_and_the_rest_kept),
	    cmocka_unit_test(conf_a_place_inside_a_query_is_a_place_in_the_file),
	    cmocka_unit_test(conf_queries_are_written_as_blocks_or_in_single_quotes),
	    cmocka_unit_test(conf_words_of_yaml_stay_words_in_lists),
	    cmocka_unit_test(conf_channels_are_typed),
	    cmocka_unit_test(conf_shrinking_keeps_what_main_lives_on),
	    cmocka_unit_test(conf_folders_are_read_in_byte_order_and_overridden_by_name),
	    cmocka_unit_test(conf_missing_main_file_is_an_error_of_its_own),
	    cmocka_unit_test(conf_bundle_is_the_same_configuration),
	    cmocka_unit_test(conf_hash_changes_with_every_file),
	    cmocka_unit_test(conf_rules_file_may_name_what_it_does_not_know),
	    cmocka_unit_test(conf_deep_nesting_ends_at_once),
	    cmocka_unit_test(conf_utf16_is_refused_with_the_remedy),
	    cmocka_unit_test(conf_a_megabyte_of_anything_is_bounded),
	    cmocka_unit_test(conf_findings_past_the_cap_are_counted),
	    cmocka_unit_test(conf_example_holds_every_option_at_its_default),
	    cmocka_unit_test(conf_an_error_takes_the_place_of_a_note),
	    cmocka_unit_test(conf_shipped_configuration_is_clean),
	    cmocka_unit_test(conf_manual_describes_every_option),
	    cmocka_unit_test(conf_worker_gets_everything_but_channels_and_secrets),
	    cmocka_unit_test(conf_secrets_are_read_late_and_only_from_closed_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
