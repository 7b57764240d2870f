#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "core/limits.h"
#include "worker/seen.h"

static struct nw_arena *arena;

static int
setup(void **state)
{
	(void)state;
	return (arena = nw_arena_new(0)) == NULL;
}

static int
teardown(void **state)
{
	(void)state;
	nw_arena_free(arena);
	return 0;
}

static struct nw_seen *
from(struct nw_bytes blob)
{
	struct nw_seen *s = nw_seen_new(arena, blob);

	assert_non_null(s);
	return s;
}

/* The blob after a visit that showed keys first..last, each with the raw hash key * factor. */
static struct nw_bytes
visit(struct nw_bytes before, uint64_t first, uint64_t last, uint64_t factor)
{
	struct nw_seen *s = from(before);

	for (uint64_t k = first; k <= last; k++)
		(void)nw_seen_look(s, k, k * factor);
	return nw_seen_blob(s);
}

static const struct nw_bytes nothing = {NULL, 0};

static void
a_first_visit_knows_nothing(void **state)
{
	(void)state;
	assert_int_equal(nw_seen_look(from(nothing), 1, 2), NW_SEEN_NEW);
}

static void
the_next_visit_tells_same_changed_and_new(void **state)
{
	struct nw_seen *s;

	(void)state;
	s = from(visit(nothing, 1, 100, 3));
	assert_int_equal(nw_seen_look(s, 50, 150), NW_SEEN_SAME);
	assert_int_equal(nw_seen_look(s, 51, 9), NW_SEEN_CHANGED);
	assert_int_equal(nw_seen_look(s, 101, 303), NW_SEEN_NEW);
	assert_int_equal(nw_seen_look(s, 0, 0), NW_SEEN_NEW);
	assert_int_equal(nw_seen_look(s, UINT64_MAX, 0), NW_SEEN_NEW);
}

static void
what_slid_out_of_the_document_is_remembered(void **state)
{
	struct nw_bytes blob = visit(visit(nothing, 1, 30, 3), 20, 50, 3);

	(void)state;
	assert_int_equal(blob.len, 50 * NW_SEEN_PAIR);
	assert_int_equal(nw_seen_look(from(blob), 1, 3), NW_SEEN_SAME);
}

static void
a_changed_item_replaces_what_it_was(void **state)
{
	struct nw_bytes blob = visit(visit(nothing, 7, 7, 3), 7, 7, 5);

	(void)state;
	assert_int_equal(blob.len, NW_SEEN_PAIR);
	assert_int_equal(nw_seen_look(from(blob), 7, 35), NW_SEEN_SAME);
	assert_int_equal(nw_seen_look(from(blob), 7, 21), NW_SEEN_CHANGED);
}

static void
items_that_share_a_key_are_told_apart(void **state)
{
	struct nw_seen *s = from(nothing);
	struct nw_bytes blob;

	(void)state;
	(void)nw_seen_look(s, 7, 1);
	(void)nw_seen_look(s, 7, 2);
	(void)nw_seen_look(s, 7, 2); /* the same twice is kept once */
	blob = nw_seen_blob(s);
	assert_int_equal(blob.len, 2 * NW_SEEN_PAIR);
	assert_int_equal(nw_seen_look(from(blob), 7, 1), NW_SEEN_SAME);
	assert_int_equal(nw_seen_look(from(blob), 7, 2), NW_SEEN_SAME);
	assert_int_equal(nw_seen_look(from(blob), 7, 3), NW_SEEN_CHANGED);
}

static void
the_document_s_own_items_stay_when_there_is_no_room(void **state)
{
	struct nw_bytes blob = visit(visit(nothing, 1, NW_SEEN_MAX, 3), 100000, 100099, 3);
	struct nw_seen *s = from(blob);

	(void)state;
	assert_int_equal(blob.len, NW_SEEN_MAX * NW_SEEN_PAIR);
	for (uint64_t k = 100000; k < 100100; k++)
		assert_int_equal(nw_seen_look(s, k, k * 3), NW_SEEN_SAME);
}

static void
a_blob_that_is_none_is_taken_as_empty(void **state)
{
	uint8_t junk[3 * NW_SEEN_PAIR] = {9, 8, 7, 6, 5, 4, 3, 2, 1};

	(void)state;
	assert_int_equal(nw_seen_look(from((struct nw_bytes){junk, 17}), 1, 1), NW_SEEN_NEW);
	/* unsorted: whatever it answers, it answers, and the next blob is in order */
	memset(junk, 0xff, NW_SEEN_PAIR);
	(void)nw_seen_look(from((struct nw_bytes){junk, sizeof(junk)}), 1, 1);
	assert_int_equal(visit((struct nw_bytes){junk, sizeof(junk)}, 5, 6, 3).len % NW_SEEN_PAIR, 0);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    T(a_first_visit_knows_nothing),
	    T(the_next_visit_tells_same_changed_and_new),
	    T(what_slid_out_of_the_document_is_remembered),
	    T(a_changed_item_replaces_what_it_was),
	    T(items_that_share_a_key_are_told_apart),
	    T(the_document_s_own_items_stay_when_there_is_no_room),
	    T(a_blob_that_is_none_is_taken_as_empty),
	};

	return cmocka_run_group_tests_name("seen", tests, NULL, NULL);
}
