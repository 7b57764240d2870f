/*
 * The pool against a worker that does what its documents say.  That worker is this very program: started with a
 * socket on descriptor 3, it plays one instead of running tests.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <event2/event.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "core/batch.h"
#include "core/frame.h"
#include "core/limits.h"
#include "pool/pool.h"

/* --- the worker -------------------------------------------------------------------------------------------------------- */

static void
say(Nw__Frame *f)
{
	struct nw_err err;

	if (nw_frame_write(3, f, &err) == -1)
		_exit(9);
}

static void
greet(const Nw__Config *c)
{
	Nw__Frame f = NW__FRAME__INIT;
	Nw__Hello hello = NW__HELLO__INIT;
	Nw__Refused refused = NW__REFUSED__INIT;
	Nw__Diag diag = NW__DIAG__INIT, *diags[] = {&diag};
	Nw__PluginInfo rule = NW__PLUGIN_INFO__INIT, *plugins[] = {&rule};

	if (c->n_lists > 0) { /* a configuration that is wrong */
		diag.text = nw_pb(NW_STR("wrong"));
		refused.diags = diags;
		refused.n_diags = 1;
		f.kind_case = NW__FRAME__KIND_REFUSED;
		f.refused = &refused;
	} else {
		rule.section = nw_pb(NW_STR("watches"));
		hello.version = NW_WIRE_VERSION;
		hello.generation = c->generation;
		hello.plugins = plugins;
		hello.n_plugins = 1;
		f.kind_case = NW__FRAME__KIND_HELLO;
		f.hello = &hello;
	}
	say(&f);
}

static int
begins(struct nw_str s, const char *word)
{
	return nw_str_starts(s, word);
}

/* The file whose name follows the word exists already; it does from now on. */
static int
second_time(struct nw_str doc, const char *word)
{
	char path[256];
	int fd;

	(void)snprintf(path, sizeof(path), "%s", doc.p + strlen(word) + 1);
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);
	if (fd == -1)
		return 1;
	(void)close(fd);
	return 0;
}

static void
misbehave(struct nw_str doc)
{
	if (begins(doc, "crash-once") && !second_time(doc, "crash-once"))
		(void)raise(SIGKILL);
	if (nw_str_is(doc, "crash"))
		(void)raise(SIGKILL);
	if (nw_str_is(doc, "exit"))
		_exit(0);
	if (nw_str_is(doc, "stall"))
		(void)pause();
	if (nw_str_is(doc, "slow"))
		(void)usleep(150000);
	if (nw_str_is(doc, "garbage") && write(3, "\0\0\0\x04garb", 8) != 8)
		_exit(9);
	if (nw_str_is(doc, "complain"))
		(void)fputs("<4>a plugin complains\n", stderr);
}

/* A long document is all of one letter; its answer tells how long it came. */
static ProtobufCBinaryData
title_of(struct nw_str doc)
{
	static char title[64];

	if (doc.len <= NW_JOB_HELD_MAX)
		return nw_pb(doc);
	for (size_t i = 0; i < doc.len; i++)
		if (doc.p[i] != doc.p[0])
			return nw_pb(NW_STR("it is damaged"));
	(void)snprintf(title, sizeof(title), "%zu times %c", doc.len, doc.p[0]);
	return nw_pb(nw_str(title));
}

/* One article sent ahead of the answer, with what its name says is wrong with it. */
static void
send_part(const Nw__Frame *job, uint64_t generation, const char *title, struct nw_str doc)
{
	Nw__Frame f = NW__FRAME__INIT;
	Nw__Batch batch = NW__BATCH__INIT;
	Nw__Document document = NW__DOCUMENT__INIT;
	Nw__Article article = NW__ARTICLE__INIT, *articles[] = {&article};
	Nw__Alert alert = NW__ALERT__INIT, *alerts[] = {&alert};

	f.id = job->id + nw_str_is(doc, "part-of-another-id");
	f.kind_case = NW__FRAME__KIND_MORE;
	f.more = &batch;
	batch.generation = generation + nw_str_is(doc, "part-of-another-generation");
	batch.articles = articles;
	batch.n_articles = !nw_str_is(doc, "empty-part");
	batch.document = nw_str_is(doc, "part-with-a-document") ? &document : NULL;
	article.title = nw_pb(nw_str(title));
	article.body = nw_str_is(doc, "part-not-utf8") ? nw_pb(NW_STR("\xff")) : nw_pb(NW_STR("whole"));
	article.alerts = alerts;
	article.n_alerts = 1;
	alert.severity = nw_str_is(doc, "part-too-severe") ? NW_SEV_CRITICAL : NW_SEV_HIGH;
	say(&f);
}

static void
send_parts(const Nw__Frame *job, uint64_t generation, struct nw_str doc)
{
	int n = nw_str_is(doc, "parts-of-too-many") ? NW_ITEMS_MAX : 2;

	if (!begins(doc, "part") && !nw_str_is(doc, "empty-part"))
		return;
	for (int i = 0; i < n; i++)
		send_part(job, generation, i == 0 ? "one" : "two", doc);
	if (begins(doc, "parts-then-crash-once") && !second_time(doc, "parts-then-crash-once"))
		(void)raise(SIGKILL);
}

static void
answer(const Nw__Frame *job, uint64_t generation)
{
	int is_read = job->job->job_case == NW__JOB__JOB_READ;
	struct nw_str doc = is_read ? nw_pb_str(job->job->read->body) : NW_STR("parts-of-no-document");
	Nw__Frame f = NW__FRAME__INIT;
	Nw__Batch batch = NW__BATCH__INIT;
	Nw__Failed failed = NW__FAILED__INIT;
	Nw__Alert alert = NW__ALERT__INIT, *alerts[] = {&alert};
	Nw__Article article = NW__ARTICLE__INIT, *articles[] = {&article};

	misbehave(doc);
	send_parts(job, generation, doc);
	f.id = job->id + nw_str_is(doc, "another-id");
	f.kind_case = NW__FRAME__KIND_DONE;
	f.done = &batch;
	batch.generation = generation + nw_str_is(doc, "another-generation");
	batch.articles = articles;
	batch.n_articles = 1;
	article.title = title_of(doc);
	article.alerts = alerts;
	article.n_alerts = 1;
	alert.severity = nw_str_is(doc, "too-severe") ? NW_SEV_CRITICAL : NW_SEV_HIGH;
	alert.entry = nw_str_is(doc, "no-such-entry");
	alert.plugin = nw_str_is(doc, "no-such-plugin");
	if (nw_str_is(doc, "not-utf8"))
		article.title = nw_pb(NW_STR("\xff"));
	if (nw_str_is(doc, "fail") || nw_str_is(doc, "parts-then-fail")) {
		failed.code = NW_EINPUT;
		failed.text = nw_pb(NW_STR("this is no feed"));
		f.kind_case = NW__FRAME__KIND_FAILED;
		f.failed = &failed;
	}
	say(&f);
}

static int
play_worker(void)
{
	struct nw_arena *a = nw_arena_new(0);
	struct nw_err err;
	Nw__Frame *f;
	uint64_t generation;

	if (a == NULL || nw_frame_read(3, NW_FRAME_CONFIG_MAX, a, &f, &err) != 1)
		return 9;
	generation = f->config->generation;
	if (generation == 13) {
		(void)fputs("<7>loading plugin 'parser-x'\n", stderr);
		(void)raise(SIGKILL);
	}
	greet(f->config);
	while (nw_frame_read(3, NW_FRAME_MAX, a, &f, &err) == 1)
		answer(f, generation);
	nw_arena_free(a);
	return 0;
}

/* --- the tests' world --------------------------------------------------------------------------------------------------- */

static struct {
	struct event_base *base;
	struct nw_pool *pool;
	/* the configuration's answer */
	int configured, hello, refused, config_err;
	char config_msg[256];
	/* answers */
	int done, submitted;
	struct got {
		int failed, code;
		uint32_t killed;
		uint64_t generation;
		char title[64], msg[256];
		size_t n; /* articles, and of those that came in parts how many are whole again */
		uint32_t whole;
	} got[NW_JOBS_MAX + 8];
	int in_submit, early;
	uint32_t most_busy;
	char line[256];
} w;

static void
on_line(void *cookie, uint32_t level, const char *line, size_t len)
{
	(void)cookie;
	(void)level;
	(void)snprintf(w.line, sizeof(w.line), "%.*s", (int)len, line);
}

static void
turn(void)
{
	uint32_t busy;

	assert_int_equal(event_base_loop(w.base, EVLOOP_ONCE), 0);
	busy = nw_pool_busy(w.pool);
	if (busy > w.most_busy)
		w.most_busy = busy;
}

static void
open_pool(const char *worker, uint32_t nworkers)
{
	struct nw_pool_options o = {.worker = worker, .nworkers = nworkers, .job_ms = 400, .config_ms = 5000, .tell = on_line};
	struct nw_err err;

	memset(&w, 0, sizeof(w));
	w.base = event_base_new();
	assert_non_null(w.base);
	w.pool = nw_pool_new(w.base, &o, &err);
	assert_non_null(w.pool);
}

static int
teardown(void **state)
{
	(void)state;
	nw_pool_free(w.pool);
	event_base_free(w.base);
	return 0;
}

/* One section with one entry of severity high. */
static Nw__Config *
config(uint64_t generation)
{
	static Nw__Entry entry, *entries[] = {&entry};
	static Nw__Section section, *sections[] = {&section};
	static Nw__Config c;

	nw__entry__init(&entry);
	entry.severity = NW_SEV_HIGH;
	nw__section__init(&section);
	section.name = nw_pb(NW_STR("watches"));
	section.entries = entries;
	section.n_entries = 1;
	nw__config__init(&c);
	c.generation = generation;
	c.sections = sections;
	c.n_sections = 1;
	return &c;
}

static void
on_config(void *cookie, const Nw__Hello *hello, const Nw__Refused *refused, const struct nw_err *err)
{
	(void)cookie;
	w.configured++;
	w.hello += hello != NULL;
	w.refused += refused != NULL && refused->n_diags == 1;
	w.config_err += err != NULL;
	if (err != NULL)
		(void)snprintf(w.config_msg, sizeof(w.config_msg), "%.255s", err->msg);
}

static void
configure(uint64_t generation)
{
	int before = w.configured;

	nw_pool_config(w.pool, config(generation), on_config, NULL);
	assert_int_equal(w.configured, before); /* not before it returns */
	while (w.configured == before)
		turn();
}

/* Heads in memory have neither text nor alerts; whole they have both, and stand in their order. */
static void
look_at_parts(const struct nw_batch *b, struct got *g)
{
	static const char *const title[] = {"one", "two"};
	const Nw__Article *a;
	struct nw_err err;

	for (size_t i = 0; b->parts != NULL && i < b->m->n_articles; i++) {
		if (b->m->articles[i]->body.len != 0 || b->m->articles[i]->n_alerts != 0)
			continue;
		assert_non_null(a = nw_batch_article_whole(b, i, &err));
		g->whole += a->n_alerts == 1 &&
		    (i < 2 ? nw_str_is(nw_pb_str(a->title), title[i]) && nw_str_is(nw_pb_str(a->body), "whole") : 1);
	}
}

static void
on_job(void *cookie, struct nw_job *job, const struct nw_err *err)
{
	struct got *g = cookie;

	w.early += w.in_submit;
	w.done++;
	g->failed = err != NULL;
	g->killed = job->killed;
	g->generation = job->generation;
	if (err != NULL) {
		g->code = err->code;
		(void)snprintf(g->msg, sizeof(g->msg), "%.255s", err->msg);
		assert_null(job->batch);
	} else {
		(void)snprintf(g->title, sizeof(g->title), "%s", nw_pb_str(job->batch->m->articles[0]->title).p);
		g->n = job->batch->m->n_articles;
		look_at_parts(job->batch, g);
	}
	nw_job_free(job);
}

static struct got *
submit_body(const char *source, ProtobufCBinaryData body, int fd)
{
	Nw__ReadJob read = NW__READ_JOB__INIT;
	Nw__Job m = NW__JOB__INIT;
	struct nw_job *job = nw_job_new();
	struct got *g;

	g = &w.got[w.submitted++];
	assert_non_null(job);
	read.body = body;
	job->body_fd = fd;
	m.job_case = NW__JOB__JOB_READ;
	m.read = &read;
	job->m = &m;
	job->source = (struct nw_str){source, strlen(source)};
	w.in_submit = 1;
	nw_pool_submit(w.pool, job, on_job, g);
	w.in_submit = 0;
	return g;
}

static struct got *
submit_from(const char *source, const char *doc)
{
	return submit_body(source, nw_pb((struct nw_str){doc, strlen(doc)}), -1);
}

static struct got *
submit(const char *doc)
{
	return submit_from("", doc);
}

static void
wait_for(int n)
{
	while (w.done < n)
		turn();
	assert_int_equal(w.early, 0);
}

static int
ready(void **state)
{
	(void)state;
	open_pool("/proc/self/exe", 2);
	configure(1);
	assert_int_equal(w.hello, 1);
	return 0;
}

/* --- facts -------------------------------------------------------------------------------------------------------------- */

static void
a_job_gets_its_answer_after_submit_returned(void **state)
{
	struct got *g = submit("news");

	(void)state;
	wait_for(1);
	assert_false(g->failed);
	assert_string_equal(g->title, "news");
	assert_int_equal(g->generation, 1);
}

static void
what_the_worker_says_of_the_bytes_is_told(void **state)
{
	struct got *g = submit("fail");

	(void)state;
	wait_for(1);
	assert_true(g->failed);
	assert_int_equal(g->code, NW_EINPUT);
	assert_string_equal(g->msg, "this is no feed");
	assert_int_equal(g->killed, 0);
}

static void
a_document_that_kills_twice_is_given_up_and_others_go_on(void **state)
{
	struct got *bad = submit_from("bad", "crash"), *good = submit_from("good", "news");

	(void)state;
	wait_for(2);
	assert_true(bad->failed);
	assert_int_equal(bad->killed, 1);
	assert_int_equal(bad->code, NW_ERES);
	assert_non_null(strstr(bad->msg, "signal 9"));
	assert_false(good->failed);
}

static void
a_document_whose_worker_died_once_is_read_by_a_fresh_one(void **state)
{
	char path[] = "/tmp/nw-test-pool-XXXXXX", doc[64];
	struct got *g;

	(void)state;
	assert_non_null(mkdtemp(path));
	(void)snprintf(doc, sizeof(doc), "crash-once %s/mark", path);
	g = submit(doc);
	wait_for(1);
	assert_false(g->failed);
	assert_int_equal(unlink(doc + strlen("crash-once ")), 0);
	assert_int_equal(rmdir(path), 0);
}

static void
a_stalled_worker_is_killed_at_the_deadline(void **state)
{
	struct got *g = submit("stall"), *next = submit("news");

	(void)state;
	wait_for(2);
	assert_true(g->failed);
	assert_non_null(strstr(g->msg, "deadline"));
	assert_false(next->failed);
}

static void
leaving_without_an_answer_is_no_success(void **state)
{
	struct got *g = submit("exit");

	(void)state;
	wait_for(1);
	assert_true(g->failed);
	assert_int_equal(g->killed, 1);
}

static void
a_worker_that_lies_is_killed(void **state)
{
	static const char *const lies[] = {"garbage", "another-id", "another-generation", "too-severe", "no-such-entry",
	    "no-such-plugin", "not-utf8", "part-of-another-id", "part-of-another-generation", "part-with-a-document",
	    "part-not-utf8", "part-too-severe", "empty-part", "parts-of-too-many"};

	(void)state;
	for (size_t i = 0; i < sizeof(lies) / sizeof(lies[0]); i++) {
		struct got *g = submit(lies[i]);

		wait_for((int)i + 1);
		if (!g->failed || !g->killed)
			fail_msg("'%s' was believed", lies[i]);
	}
}

static void
an_answer_in_parts_is_one_answer(void **state)
{
	struct got *g = submit("parts"), *next;

	(void)state;
	wait_for(1);
	assert_false(g->failed);
	assert_int_equal(g->n, 3);
	assert_int_equal(g->whole, 3);
	assert_string_equal(g->title, "one");
	next = submit("news");
	wait_for(2);
	assert_int_equal(next->n, 1); /* nothing of the job before */
	assert_int_equal(next->whole, 0);
}

static void
parts_of_a_worker_that_died_are_forgotten(void **state)
{
	char path[] = "/tmp/nw-test-pool-XXXXXX", doc[64];
	struct got *g;

	(void)state;
	assert_non_null(mkdtemp(path));
	(void)snprintf(doc, sizeof(doc), "parts-then-crash-once %s/mark", path);
	g = submit(doc);
	wait_for(1);
	assert_false(g->failed);
	assert_int_equal(g->n, 3); /* the second answer alone */
	assert_int_equal(g->whole, 3);
	assert_int_equal(unlink(doc + strlen("parts-then-crash-once ")), 0);
	assert_int_equal(rmdir(path), 0);
}

static void
parts_before_a_failure_are_forgotten(void **state)
{
	struct got *g = submit("parts-then-fail"), *next;

	(void)state;
	wait_for(1);
	assert_true(g->failed);
	assert_int_equal(g->code, NW_EINPUT);
	assert_int_equal(g->killed, 0);
	next = submit("news");
	wait_for(2);
	assert_int_equal(next->n, 1);
}

static void
only_a_document_is_answered_in_parts(void **state)
{
	Nw__RenderJob render = NW__RENDER_JOB__INIT;
	Nw__Job m = NW__JOB__INIT;
	struct nw_job *job = nw_job_new();

	(void)state;
	assert_non_null(job);
	m.job_case = NW__JOB__JOB_RENDER;
	m.render = &render;
	job->m = &m;
	job->source = NW_STR("");
	nw_pool_submit(w.pool, job, on_job, &w.got[0]);
	wait_for(1);
	assert_true(w.got[0].failed);
	assert_int_equal(w.got[0].killed, 1);
}

static void
a_source_has_one_job_at_a_time(void **state)
{
	(void)state;
	(void)submit_from("mfa", "slow");
	(void)submit_from("mfa", "slow");
	wait_for(2);
	assert_int_equal(w.most_busy, 1);
}

static void
different_sources_are_read_side_by_side(void **state)
{
	(void)state;
	(void)submit_from("mfa", "slow");
	(void)submit_from("fco", "slow");
	wait_for(2);
	assert_int_equal(w.most_busy, 2);
}

static void
suspect_sources_leave_a_worker_to_the_others(void **state)
{
	struct got *good;

	(void)state;
	(void)submit_from("a", "crash");
	(void)submit_from("b", "crash");
	wait_for(2);
	w.most_busy = 0;
	(void)submit_from("a", "slow");
	(void)submit_from("b", "slow");
	good = submit_from("good", "news");
	while (!good->title[0])
		turn();
	assert_int_equal(w.done, 3); /* it did not wait for either */
	wait_for(5);
}

static void
a_refused_configuration_leaves_the_old_one_live(void **state)
{
	Nw__List list = NW__LIST__INIT, *lists[] = {&list};
	Nw__Config *bad = config(2);
	struct got *g;

	(void)state;
	bad->lists = lists;
	bad->n_lists = 1;
	nw_pool_config(w.pool, bad, on_config, NULL);
	while (w.configured < 2)
		turn();
	assert_int_equal(w.refused, 1);
	g = submit("news");
	wait_for(1);
	assert_false(g->failed);
	assert_int_equal(g->generation, 1);
}

static void
jobs_in_flight_count_under_their_own_generation_and_waiting_ones_under_the_new(void **state)
{
	struct got *first, *waiting;

	(void)state;
	first = submit_from("mfa", "slow");
	while (nw_pool_busy(w.pool) == 0)
		turn();
	waiting = submit_from("mfa", "news");
	configure(2);
	wait_for(2);
	assert_int_equal(first->generation, 1);
	assert_int_equal(waiting->generation, 2);
	assert_false(first->failed);
	assert_false(waiting->failed);
}

#define LONG (NW_JOB_HELD_MAX + 70001)

static ProtobufCBinaryData
long_document(char c)
{
	static uint8_t doc[LONG];

	memset(doc, c, sizeof(doc));
	return (ProtobufCBinaryData){sizeof(doc), doc};
}

/* A file without a name, ${len} bytes long. */
static int
file_of(size_t len)
{
	ProtobufCBinaryData doc = long_document('f');
	FILE *f = tmpfile();
	int fd;

	assert_non_null(f);
	assert_int_equal(fwrite(doc.data, 1, len, f), len);
	assert_int_equal(fflush(f), 0);
	fd = dup(fileno(f));
	assert_int_not_equal(fd, -1);
	(void)fclose(f);
	return fd;
}

static void
a_long_document_is_read_also_when_a_newer_configuration_came_meanwhile(void **state)
{
	struct got *waiting;

	(void)state;
	(void)submit_from("mfa", "slow");
	while (nw_pool_busy(w.pool) == 0)
		turn();
	waiting = submit_body("mfa", long_document('a'), -1);
	(void)long_document('b'); /* the submitter's memory is its own again */
	configure(2);
	wait_for(2);
	assert_string_equal(waiting->title, "1118577 times a");
	assert_int_equal(waiting->generation, 2);
}

static void
a_document_in_a_file_is_read_from_it(void **state)
{
	struct got *g = submit_body("", (ProtobufCBinaryData){LONG, NULL}, file_of(LONG));

	(void)state;
	wait_for(1);
	assert_string_equal(g->title, "1118577 times f");
}

static void
a_file_that_became_shorter_costs_its_job_and_no_other(void **state)
{
	struct got *g = submit_body("", (ProtobufCBinaryData){LONG, NULL}, file_of(LONG - 1)), *other;

	(void)state;
	wait_for(1);
	assert_true(g->failed);
	assert_non_null(strstr(g->msg, "shorter"));
	other = submit("news");
	wait_for(2);
	assert_string_equal(other->title, "news");
}

static void
a_newer_configuration_replaces_one_on_trial(void **state)
{
	(void)state;
	nw_pool_config(w.pool, config(2), on_config, NULL);
	nw_pool_config(w.pool, config(3), on_config, NULL);
	while (w.configured < 3)
		turn();
	assert_int_equal(w.config_err, 1);
	assert_int_equal(w.hello, 2);
}

static void
a_worker_that_dies_at_its_start_is_told_with_what_it_was_doing(void **state)
{
	(void)state;
	nw_pool_config(w.pool, config(13), on_config, NULL);
	while (w.configured < 2)
		turn();
	assert_int_equal(w.config_err, 1);
	assert_non_null(strstr(w.config_msg, "while loading plugin 'parser-x'"));
}

static void
more_waiting_jobs_than_the_limit_are_turned_away(void **state)
{
	struct got *last = NULL;

	(void)state;
	for (int i = 0; i < NW_JOBS_MAX + 1; i++)
		last = submit("news");
	wait_for(NW_JOBS_MAX + 1);
	assert_true(last->failed);
	assert_int_equal(last->code, NW_ELIMIT);
	assert_false(w.got[0].failed);
}

static void
a_worker_s_line_is_told(void **state)
{
	(void)state;
	(void)submit("complain");
	wait_for(1);
	while (w.line[0] == '\0')
		turn();
	assert_string_equal(w.line, "a plugin complains");
}

static void
no_callback_follows_the_pool_s_end(void **state)
{
	(void)state;
	(void)submit("stall");
	(void)submit("news");
	while (nw_pool_busy(w.pool) == 0)
		turn();
	nw_pool_free(w.pool);
	w.pool = NULL;
	(void)event_base_loop(w.base, EVLOOP_NONBLOCK);
	assert_int_equal(w.done, 0);
}

static void
jobs_fail_when_no_worker_starts(void **state)
{
	struct nw_err err;
	struct got *g;

	(void)state;
	open_pool("/bin/false", 2);
	assert_int_equal(nw_pool_adopt(w.pool, config(1), &err), 0);
	g = submit("news");
	wait_for(1);
	assert_true(g->failed);
	assert_int_equal(g->code, NW_ERES);
	assert_int_equal(g->killed, 0); /* the document is not to blame */
}

static void
an_adopted_configuration_starts_workers_with_the_first_job(void **state)
{
	struct nw_err err;
	int pid;

	(void)state;
	open_pool("/proc/self/exe", 2);
	assert_int_equal(nw_pool_adopt(w.pool, config(5), &err), 0);
	(void)event_base_loop(w.base, EVLOOP_NONBLOCK);
	assert_int_equal(nw_pool_pids(w.pool, &pid, 1), 0);
	assert_int_equal(submit("news")->failed, 0);
	wait_for(1);
	assert_int_equal(w.got[0].generation, 5);
	assert_int_equal(nw_pool_pids(w.pool, &pid, 1), 1);
}

#define T(f) cmocka_unit_test_setup_teardown(f, ready, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    T(a_job_gets_its_answer_after_submit_returned),
	    T(what_the_worker_says_of_the_bytes_is_told),
	    T(a_document_that_kills_twice_is_given_up_and_others_go_on),
	    T(a_document_whose_worker_died_once_is_read_by_a_fresh_one),
	    T(a_stalled_worker_is_killed_at_the_deadline),
	    T(leaving_without_an_answer_is_no_success),
	    T(a_worker_that_lies_is_killed),
	    T(an_answer_in_parts_is_one_answer),
	    T(parts_of_a_worker_that_died_are_forgotten),
	    T(parts_before_a_failure_are_forgotten),
	    T(only_a_document_is_answered_in_parts),
	    T(a_source_has_one_job_at_a_time),
	    T(different_sources_are_read_side_by_side),
	    T(suspect_sources_leave_a_worker_to_the_others),
	    T(a_refused_configuration_leaves_the_old_one_live),
	    T(jobs_in_flight_count_under_their_own_generation_and_waiting_ones_under_the_new),
	    T(a_long_document_is_read_also_when_a_newer_configuration_came_meanwhile),
	    T(a_document_in_a_file_is_read_from_it),
	    T(a_file_that_became_shorter_costs_its_job_and_no_other),
	    T(a_newer_configuration_replaces_one_on_trial),
	    T(a_worker_that_dies_at_its_start_is_told_with_what_it_was_doing),
	    T(more_waiting_jobs_than_the_limit_are_turned_away),
	    T(a_worker_s_line_is_told),
	    T(no_callback_follows_the_pool_s_end),
	    cmocka_unit_test_teardown(jobs_fail_when_no_worker_starts, teardown),
	    cmocka_unit_test_teardown(an_adopted_configuration_starts_workers_with_the_first_job, teardown),
	};
	struct stat st;

	if (fstat(3, &st) == 0 && S_ISSOCK(st.st_mode))
		return play_worker();
	return cmocka_run_group_tests_name("pool", tests, NULL, NULL);
}
