/*
 * The n-th write, sync, opening, allocation of the database fails: nothing is lost, nothing doubled.
 * With NW_LONG set every n is tried, else some are left out as n grows.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sqlite3.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "core/frame.h"
#include "fault_vfs.h"
#include "store/store_config.h"
#include "store/store_outbox.h"
#include "store_kit.h"

#define FEED "http://example.org/feed"

static struct kit k;
static char ids[3][NW_STORE_ID_LEN + 1]; /* of alert, message, delivery, in a run without faults */

/* Each step may be done again and again; -1 ends the run, as main would end it. */
static int
step_open(void)
{
	struct nw_store_options o = {.path = k.path, .mode = NW_STORE_WRITE, .now_ms = k.now_ms};

	return nw_store_open(&o, &k.st, &k.opened, NULL);
}

static int
step_configure(void)
{
	struct nw_store_listing l = {NW_STR(FEED), NW_ROLE_FEED};
	struct nw_store_source s = {
	    .name = NW_STR("mfa"), .title = NW_STR("mfa"), .listing = &l, .nlisting = 1, .enabled = 1};
	struct nw_err err;

	if (nw_store_sync_begin(k.st, k.now_ms, 0, &err) == -1)
		return -1;
	if (nw_store_sync_source(k.st, &s, &err) == 0)
		return nw_store_sync_end(k.st, NULL, &err);
	nw_store_sync_abort(k.st);
	return -1;
}

/* A poll that brings one new article with an alert, and a body large enough for many pages. */
static int
step_read(void)
{
	struct nw_store_target *t;
	struct nw_err err;
	uint32_t n = 0;
	char body[20000];

	memset(body, 'a', sizeof(body));
	memcpy(body, "The treaty was renewed.", 23);
	body[sizeof(body) - 1] = '\0';
	if (nw_store_claim(k.st, k.now_ms, 1, k.a, &t, &n, &err) == -1)
		return -1;
	if (n == 0)
		return 0; /* read already */
	kit_batch(&k);
	kit_alert(&k, kit_article(&k, "g", "http://example.org/g", "Talks", body), 0, "treaty");
	k.poll.next_ms = NW_STORE_NEVER;
	return kit_try_commit(&k, t[0].id, &err) == -1 ? -1 : nw_store_flush(k.st, &err);
}

static int
step_message(void)
{
	static const struct nw_str to = {"a@example.org", 13};
	struct nw_store_group *g;
	struct nw_err err;
	char id[NW_STORE_ID_LEN + 1];
	uint32_t n = 0;

	if (nw_store_group_due(k.st, k.now_ms, 9, k.a, &g, &n, &err) == -1)
		return -1;
	return n == 0 || nw_store_group_message(k.st, g, &to, 1, k.now_ms, id, &err) != -1 ? 0 : -1;
}

static int
step_render(void)
{
	Nw__Message m = NW__MESSAGE__INIT;
	struct nw_store_render *r;
	struct nw_err err;
	int rc = nw_store_render_claim(k.st, k.now_ms, k.a, &r, &err);

	m.subject = nw_pb(NW_STR("subject"));
	return rc == 1 ? nw_store_render_done(k.st, r->id, &m, k.now_ms, &err) : rc;
}

static int sent; /* deliveries that a server has accepted */

static int
step_send(void)
{
	struct nw_store_outcome o = {NW_STORE_SENT, 250, NW_STR("ok"), 0, 0};
	struct nw_store_delivery *d;
	struct nw_err err;
	int rc = nw_store_delivery_claim(k.st, NW_STR("desk"), k.now_ms, 1000, k.a, &d, &err);

	if (rc != 1)
		return rc;
	sent++;
	assert_true(ids[2][0] == '\0' || strcmp(ids[2], d->id) == 0); /* twice is the same */
	return nw_store_delivery_done(k.st, d->id, &o, k.now_ms, NULL, &err);
}

static int (*const step[])(void) = {
    step_open, step_configure, step_read, step_message, step_render, step_send};

static int
run_once(void)
{
	int rc = 0;

	for (size_t i = 0; i < sizeof(step) / sizeof(*step) && rc == 0; i++)
		rc = step[i]();
	if (rc == 0)
		rc = nw_store_flush(k.st, NULL);
	nw_store_close(k.st);
	k.st = NULL;
	return rc;
}

static void
begin(void)
{
	kit_open(&k);
	k.policy.backfill = NW_STORE_BACKFILL_ALERT;
	k.policy.relook = 0;
	nw_store_close(k.st);
	k.st = NULL;
	sent = 0;
}

/* After the fault: a restart finishes the work, and everything stands there once. */
static void
expect_whole(void)
{
	char id[NW_STORE_ID_LEN + 1];

	k.now_ms += KIT_DAY; /* leases are over */
	assert_int_equal(run_once(), 0);
	kit_reopen(&k);
	assert_int_equal(k.opened.corrupt, 0);
	assert_int_equal(
	    kit_count(&k, "SELECT count(*) FROM pragma_integrity_check WHERE integrity_check <> 'ok'"), 0);
	assert_int_equal(kit_count(&k, "SELECT count(*) FROM pragma_foreign_key_check"), 0);
	assert_int_equal(kit_count(&k, "SELECT count(*) FROM article"), 1);
	assert_int_equal(kit_count(&k, "SELECT count(*) FROM revision"), 1);
	assert_int_equal(kit_count(&k, "SELECT count(*) FROM alert"), 1);
	assert_int_equal(kit_count(&k, "SELECT count(*) FROM outbox WHERE message IS NOT NULL"), 1);
	assert_int_equal(kit_count(&k, "SELECT count(*) FROM delivery"), 1);
	assert_int_equal(kit_count(&k, "SELECT count(*) FROM delivery WHERE state = 'delivered'"), 1);
	assert_in_range(sent, 1, 2);
	kit_text(&k, "SELECT id FROM alert", id, sizeof(id));
	assert_string_equal(id, ids[0]);
	kit_text(&k, "SELECT id FROM message", id, sizeof(id));
	assert_string_equal(id, ids[1]);
	kit_text(&k, "SELECT id FROM delivery", id, sizeof(id));
	assert_string_equal(id, ids[2]);
}

static void
fail_each(enum fault what, int for_ever)
{
	unsigned n = 1, armed, reached, runs = 0;

	do {
		begin();
		fault_vfs_arm(what, armed = n, for_ever);
		(void)run_once(); /* whatever it says, what follows must hold */
		reached = fault_vfs_disarm();
		expect_whole();
		kit_close(&k);
		n += 1 + (getenv("NW_LONG") != NULL ? 0 : n / 8);
		runs++;
	} while (reached >= armed);
	print_message("failed at %u places, the last behind place %u\n", runs - 1, reached);
	assert_true(runs > 2);
}

static int
ids_without_faults(void **state)
{
	(void)state;
	begin();
	assert_int_equal(run_once(), 0);
	assert_int_equal(sent, 1);
	kit_reopen(&k);
	kit_text(&k, "SELECT id FROM alert", ids[0], sizeof(ids[0]));
	kit_text(&k, "SELECT id FROM message", ids[1], sizeof(ids[1]));
	kit_text(&k, "SELECT id FROM delivery", ids[2], sizeof(ids[2]));
	kit_close(&k);
	return 0;
}

static void
no_space_at_the_nth_write(void **state)
{
	(void)state;
	fail_each(FAULT_WRITE_FULL, 0);
}

static void
no_space_from_the_nth_write_on(void **state)
{
	(void)state;
	fail_each(FAULT_WRITE_FULL, 1);
}

static void
an_io_error_at_the_nth_write(void **state)
{
	(void)state;
	fail_each(FAULT_WRITE_IO, 0);
}

static void
a_failed_sync_at_the_nth_place_though_the_bytes_may_be_there(void **state)
{
	(void)state;
	fail_each(FAULT_SYNC, 0);
}

static void
syncs_that_fail_for_ever(void **state)
{
	(void)state;
	fail_each(FAULT_SYNC, 1);
}

static void
no_descriptor_at_the_nth_opening(void **state)
{
	(void)state;
	fail_each(FAULT_OPEN, 0);
}

static void
no_memory_at_the_nth_allocation(void **state)
{
	(void)state;
	fail_each(FAULT_MEMORY, 0);
}

static void
after_an_io_error_nothing_more_is_written(void **state)
{
	struct nw_store_health h;
	struct nw_err err;

	(void)state;
	begin();
	assert_int_equal(step_open(), 0);
	assert_int_equal(step_configure(), 0);
	fault_vfs_arm(FAULT_SYNC, 1, 0);
	assert_int_equal(step_read(), -1);
	fault_vfs_disarm();
	nw_store_health(k.st, &h);
	assert_int_equal(h.broken, 1);
	assert_int_equal(nw_store_config_event(k.st, NW_STR("x"), k.now_ms, &err), -1);
	assert_non_null(strstr(err.msg, "start again"));
	nw_store_close(k.st);
	k.st = NULL;
	expect_whole();
	kit_close(&k);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(no_space_at_the_nth_write),
	    cmocka_unit_test(no_space_from_the_nth_write_on),
	    cmocka_unit_test(an_io_error_at_the_nth_write),
	    cmocka_unit_test(a_failed_sync_at_the_nth_place_though_the_bytes_may_be_there),
	    cmocka_unit_test(syncs_that_fail_for_ever),
	    cmocka_unit_test(no_descriptor_at_the_nth_opening),
	    cmocka_unit_test(after_an_io_error_nothing_more_is_written),
	    cmocka_unit_test(no_memory_at_the_nth_allocation),
	};

	fault_vfs_install();
	if (access("/dev/shm", W_OK) == 0)
		kit_root = "/dev/shm"; /* what is synced does not matter here, only what is said of it */
	return cmocka_run_group_tests(tests, ids_without_faults, NULL);
}
