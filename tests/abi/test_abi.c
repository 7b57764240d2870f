/*
 * A plugin built with the header of release 1.0 still loads: nothing that header names may move.  The numbers are of
 * a 64-bit machine and are never edited; a struct may only grow at its end, and those in arrays not even that.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include <newswatch/plugin.h>

#include "base/err.h"
#include "worker/host.h"
#include "worker/loader.h"

_Static_assert(sizeof(void *) == 8, "the table below is of a 64-bit machine");
#define FROZEN(s, n)   _Static_assert(sizeof(struct s) == (n), #s " stands in arrays and may not grow")
#define AT_LEAST(s, n) _Static_assert(sizeof(struct s) >= (n), #s " may not shrink")
#define AT(s, f, n)    _Static_assert(offsetof(struct s, f) == (n), #s "." #f " may not move")

FROZEN(nw_str, 16);
AT(nw_str, p, 0);
AT(nw_str, len, 8);
FROZEN(nw_bytes, 16);
AT(nw_bytes, p, 0);
AT(nw_bytes, len, 8);
FROZEN(nw_time, 16);
AT(nw_time, at_ms, 0);
AT(nw_time, precision, 8);
AT(nw_time, origin, 12);
FROZEN(nw_hit, 32);
AT(nw_hit, field, 0);
AT(nw_hit, off, 4);
AT(nw_hit, len, 8);
AT(nw_hit, passage_off, 12);
AT(nw_hit, passage_len, 16);
AT(nw_hit, clause, 20);
AT(nw_hit, weight, 24);
AT(nw_hit, reserved, 28);
AT_LEAST(nw_evidence, 56);
AT(nw_evidence, size, 0);
AT(nw_evidence, nhits, 4);
AT(nw_evidence, nblocked, 8);
AT(nw_evidence, nclause, 12);
AT(nw_evidence, score, 16);
AT(nw_evidence, has_score, 24);
AT(nw_evidence, reserved, 28);
AT(nw_evidence, hits, 32);
AT(nw_evidence, blocked, 40);
AT(nw_evidence, clause, 48);
FROZEN(nw_enclosure, 40);
AT(nw_enclosure, url, 0);
AT(nw_enclosure, type, 16);
AT(nw_enclosure, length, 32);
AT_LEAST(nw_tag, 88);
AT(nw_tag, size, 0);
AT(nw_tag, nhits, 4);
AT(nw_tag, kind, 8);
AT(nw_tag, name, 24);
AT(nw_tag, cls, 40);
AT(nw_tag, score, 56);
AT(nw_tag, has_score, 64);
AT(nw_tag, nclause, 68);
AT(nw_tag, hits, 72);
AT(nw_tag, clause, 80);
AT_LEAST(nw_article, 352);
AT(nw_article, size, 0);
AT(nw_article, flags, 4);
AT(nw_article, guid, 8);
AT(nw_article, key, 24);
AT(nw_article, url, 40);
AT(nw_article, title, 56);
AT(nw_article, title_html, 72);
AT(nw_article, author, 88);
AT(nw_article, summary, 104);
AT(nw_article, summary_html, 120);
AT(nw_article, body, 136);
AT(nw_article, body_html, 152);
AT(nw_article, lang, 168);
AT(nw_article, number, 184);
AT(nw_article, source, 200);
AT(nw_article, published, 216);
AT(nw_article, updated, 232);
AT(nw_article, first_seen_ms, 248);
AT(nw_article, categories, 256);
AT(nw_article, ncategories, 264);
AT(nw_article, nenclosures, 268);
AT(nw_article, enclosures, 272);
AT(nw_article, revision, 280);
AT(nw_article, ntags, 284);
AT(nw_article, prev_title, 288);
AT(nw_article, prev_body, 304);
AT(nw_article, tags, 320);
AT(nw_article, host, 328);
AT(nw_article, html_base, 336);
AT_LEAST(nw_feed, 112);
AT(nw_feed, size, 0);
AT(nw_feed, role, 4);
AT(nw_feed, title, 8);
AT(nw_feed, link, 24);
AT(nw_feed, lang, 40);
AT(nw_feed, description, 56);
AT(nw_feed, author, 72);
AT(nw_feed, updated, 88);
AT(nw_feed, incomplete, 104);
AT(nw_feed, ttl_s, 108);
AT_LEAST(nw_doc, 128);
AT(nw_doc, size, 0);
AT(nw_doc, role, 4);
AT(nw_doc, url, 8);
AT(nw_doc, content_type, 24);
AT(nw_doc, body, 40);
AT(nw_doc, source, 56);
AT(nw_doc, timezone, 72);
AT(nw_doc, lang, 88);
AT(nw_doc, charset, 104);
AT(nw_doc, fetched_at_ms, 120);
FROZEN(nw_option, 56);
AT(nw_option, name, 0);
AT(nw_option, type, 8);
AT(nw_option, flags, 12);
AT(nw_option, defval, 16);
AT(nw_option, min, 24);
AT(nw_option, max, 32);
AT(nw_option, choices, 40);
AT(nw_option, help, 48);
FROZEN(nw_value, 56);
AT(nw_value, str, 0);
AT(nw_value, num, 16);
AT(nw_value, list, 24);
AT(nw_value, nlist, 32);
AT(nw_value, given, 36);
AT(nw_value, line, 40);
AT(nw_value, reserved, 44);
AT(nw_value, host, 48);
AT_LEAST(nw_conf, 40);
AT(nw_conf, size, 0);
AT(nw_conf, nentry, 4);
AT(nw_conf, values, 8);
AT(nw_conf, entry, 16);
AT(nw_conf, name, 24);
AT(nw_conf, severity, 32);
AT_LEAST(nw_notice, 168);
AT(nw_notice, size, 0);
AT(nw_notice, severity, 4);
AT(nw_notice, id, 8);
AT(nw_notice, watch, 24);
AT(nw_notice, owner, 40);
AT(nw_notice, article, 56);
AT(nw_notice, nhits, 64);
AT(nw_notice, nclause, 68);
AT(nw_notice, nold, 72);
AT(nw_notice, provisional, 76);
AT(nw_notice, hits, 80);
AT(nw_notice, clause, 88);
AT(nw_notice, alerted_at_ms, 96);
AT(nw_notice, score, 104);
AT(nw_notice, has_score, 112);
AT(nw_notice, ntags, 116);
AT(nw_notice, tags, 120);
AT(nw_notice, old, 128);
AT(nw_notice, source_title, 136);
AT(nw_notice, document_sha256, 152);
AT_LEAST(nw_message, 72);
AT(nw_message, size, 0);
AT(nw_message, reserved, 4);
AT(nw_message, subject, 8);
AT(nw_message, text, 24);
AT(nw_message, html, 40);
AT(nw_message, json, 56);
AT_LEAST(nw_alert, 80);
AT(nw_alert, size, 0);
AT(nw_alert, entry, 4);
AT(nw_alert, severity, 8);
AT(nw_alert, nhits, 12);
AT(nw_alert, key, 16);
AT(nw_alert, score, 32);
AT(nw_alert, has_score, 40);
AT(nw_alert, nclause, 44);
AT(nw_alert, near, 48);
AT(nw_alert, nblocked, 52);
AT(nw_alert, hits, 56);
AT(nw_alert, blocked, 64);
AT(nw_alert, clause, 72);
AT_LEAST(nw_expr, 48);
AT(nw_expr, size, 0);
AT(nw_expr, flags, 4);
AT(nw_expr, entry, 8);
AT(nw_expr, cookie, 12);
AT(nw_expr, match, 16);
AT(nw_expr, score, 24);
AT(nw_expr, scope, 32);
AT_LEAST(nw_host, 168);
AT(nw_host, size, 0);
AT(nw_host, abi_minor, 4);
AT(nw_host, set_feed, 8);
AT(nw_host, add_article, 16);
AT(nw_host, add_follow, 24);
AT(nw_host, add_tag, 32);
AT(nw_host, add_alert, 40);
AT(nw_host, add_message, 48);
AT(nw_host, note, 56);
AT(nw_host, fail, 64);
AT(nw_host, log, 72);
AT(nw_host, now_ms, 80);
AT(nw_host, alloc, 88);
AT(nw_host, decode, 96);
AT(nw_host, date_parse, 104);
AT(nw_host, url_resolve, 112);
AT(nw_host, html_text, 120);
AT(nw_host, lang_detect, 128);
AT(nw_host, query_add, 136);
AT(nw_host, query_next, 144);
AT(nw_host, query_holds, 152);
AT(nw_host, refuse, 160);
AT_LEAST(nw_parser_ops, 32);
AT(nw_parser_ops, source_open, 0);
AT(nw_parser_ops, source_close, 8);
AT(nw_parser_ops, probe, 16);
AT(nw_parser_ops, parse, 24);
AT_LEAST(nw_tagger_ops, 8);
AT(nw_tagger_ops, tag, 0);
AT_LEAST(nw_rule_ops, 8);
AT(nw_rule_ops, match, 0);
AT_LEAST(nw_notifier_ops, 8);
AT(nw_notifier_ops, render, 0);
AT_LEAST(nw_plugin, 88);
AT(nw_plugin, abi_major, 0);
AT(nw_plugin, abi_minor, 4);
AT(nw_plugin, size, 8);
AT(nw_plugin, kind, 12);
AT(nw_plugin, name, 16);
AT(nw_plugin, version, 24);
AT(nw_plugin, summary, 32);
AT(nw_plugin, section, 40);
AT(nw_plugin, options, 48);
AT(nw_plugin, entry, 56);
AT(nw_plugin, open, 64);
AT(nw_plugin, close, 72);
AT(nw_plugin, ops, 80);

_Static_assert(NW_ABI_MAJOR == 1, "a new major version begins a new table");
_Static_assert(NW_OK == 0 && NW_DONE == 1 && NW_NEAR == 2 && NW_EINPUT == -1 && NW_ERES == -5, "codes may not change");
_Static_assert(NW_KIND_PARSER == 1 && NW_KIND_NOTIFIER == 4, "kinds may not change");
_Static_assert(NW_FIELD_REMOVED_BODY == 6 && NW_SEV_CRITICAL == 3 && NW_OPT_SCORE == 9, "enums may only grow");

static int
noop_open(const struct nw_host *h, const struct nw_instance *i, const struct nw_conf *c, void **state_r)
{
	(void)h;
	(void)i;
	(void)c;
	(void)state_r;
	return NW_OK;
}

static int
noop_tag(void *state, const struct nw_article *a, struct nw_sink *out)
{
	(void)state;
	(void)a;
	(void)out;
	return NW_OK;
}

static const struct nw_tagger_ops ops = {noop_tag};

static struct nw_plugin
good(void)
{
	return (struct nw_plugin){
	    NW_PLUGIN_HEAD(NW_KIND_TAGGER),
	    .name = "tagger-x",
	    .version = "1",
	    .summary = "s",
	    .open = noop_open,
	    .ops = {.tagger = &ops},
	};
}

static void
refused(const struct nw_plugin *p, const char *why)
{
	struct nw_err err = {0};

	assert_int_equal(nw_loader_judge(p, "/x/tagger-x.so", "tagger-x", &err), -1);
	if (strstr(err.msg, why) == NULL || strstr(err.msg, "/x/tagger-x.so") == NULL)
		fail_msg("'%s' says neither the path nor '%s'", err.msg, why);
}

static void
a_whole_plugin_is_accepted(void **state)
{
	struct nw_plugin p = good();
	struct nw_err err;

	(void)state;
	assert_int_equal(nw_loader_judge(&p, "/x/tagger-x.so", "tagger-x", &err), 0);
}

static void
of_another_major_version_nothing_else_is_read(void **state)
{
	/* so little memory that reading more would be seen */
	uint32_t only_major = 2;
	struct nw_plugin *p = (struct nw_plugin *)(void *)&only_major;

	(void)state;
	refused(p, "ABI 2");
}

static void
a_younger_minor_version_is_refused(void **state)
{
	struct nw_plugin p = good();

	(void)state;
	p.abi_minor = NW_ABI_MINOR + 1;
	refused(&p, "upgrade");
}

static void
a_plugin_without_what_its_kind_needs_is_refused(void **state)
{
	static const struct nw_tagger_ops none = {NULL};
	struct nw_plugin p = good();

	(void)state;
	p.ops.tagger = &none;
	refused(&p, "lacks");
	p = good();
	p.open = NULL;
	refused(&p, "lacks");
	p = good();
	p.version = NULL;
	refused(&p, "lacks");
	p = good();
	p.size = 8;
	refused(&p, "descriptor");
	p = good();
	p.name = "tagger-y";
	refused(&p, "calls itself");
	p = good();
	p.kind = NW_KIND_PARSER;
	refused(&p, "named for another kind");
}

static void
every_call_of_the_host_table_is_there(void **state)
{
	const unsigned char *p = (const unsigned char *)&nw_host_table + offsetof(struct nw_host, set_feed);
	const unsigned char *end = (const unsigned char *)&nw_host_table + sizeof(nw_host_table);
	void (*call)(void);

	(void)state;
	assert_int_equal(nw_host_table.size, sizeof(struct nw_host));
	assert_int_equal(nw_host_table.abi_minor, NW_ABI_MINOR);
	for (; p < end; p += sizeof(call)) {
		memcpy(&call, p, sizeof(call));
		assert_non_null(call);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_whole_plugin_is_accepted),
	    cmocka_unit_test(of_another_major_version_nothing_else_is_read),
	    cmocka_unit_test(a_younger_minor_version_is_refused),
	    cmocka_unit_test(a_plugin_without_what_its_kind_needs_is_refused),
	    cmocka_unit_test(every_call_of_the_host_table_is_there),
	};

	return cmocka_run_group_tests_name("abi", tests, NULL, NULL);
}
