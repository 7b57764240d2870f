/* Which pages a revision lies in, as told to the disk in advance: each is found, and a file of nonsense does
 * no harm. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sqlite3.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "core/frame.h"
#include "core/limits.h"
#include "store/sqlite/ahead.h"
#include "store/store_read.h"
#include "store_kit.h"

#define FEED	 "http://example.org/feed"
#define ARTICLES 3000 /* deep enough for pages above pages */
#define BATCH	 500
#define PAGE	 4096

static struct kit k;
static uint32_t revision_root, article_root;

/* Every seventh text fills several pages. */
static char *
text_of(int i)
{
	size_t len = i % 7 == 0 ? 9000 + (size_t)i : 40 + (size_t)(i % 11) * 200;
	char *s = nw_arena_alloc(k.a, len + 32), end[32];

	memset(s, 'x', len);
	snprintf(s, 32, "begin%d ", i);
	s[strlen(s)] = 'y';
	snprintf(end, sizeof(end), " end%d.", i);
	memcpy(s + len - strlen(end), end, strlen(end) + 1);
	return s;
}

static void
read_roots(void)
{
	revision_root = (uint32_t)kit_count(&k, "SELECT rootpage FROM sqlite_schema WHERE name = 'revision'");
	article_root = (uint32_t)kit_count(&k, "SELECT rootpage FROM sqlite_schema WHERE name = 'article'");
}

static int
setup(void **state)
{
	sqlite3 *db;

	(void)state;
	kit_open(&k);
	kit_source(&k, "mfa", FEED);
	for (int i = 0; i < ARTICLES; i += BATCH) {
		kit_batch(&k);
		for (int n = i; n < i + BATCH; n++)
			kit_article(&k, nw_arena_printf(k.a, "g%d", n).p,
			    nw_arena_printf(k.a, "http://example.org/%d", n).p, "Title", text_of(n));
		kit_poll(&k, FEED);
		k.now_ms += KIT_DAY;
	}
	read_roots();
	nw_store_close(k.st);
	k.st = NULL;
	assert_int_equal(sqlite3_open(k.path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, "PRAGMA wal_checkpoint(TRUNCATE)", NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	kit_close(&k);
	return 0;
}

static int
holds(int fd, uint32_t page, uint32_t n, const char *what)
{
	char *bytes = malloc((size_t)n * PAGE);
	ssize_t got = pread(fd, bytes, (size_t)n * PAGE, (off_t)(page - 1) * PAGE);
	int found = got > 0 && memmem(bytes, (size_t)got, what, strlen(what)) != NULL;

	free(bytes);
	return found;
}

static void
test_every_revision_is_found(void **state)
{
	struct nw_ahead *a = nw_ahead_open(k.path, revision_root, article_root);
	int fd = open(k.path, O_RDONLY), whole = 0;
	struct nw_ahead_place p;
	char what[32];

	(void)state;
	assert_non_null(a);
	for (int i = 0; i < ARTICLES; i++) {
		if (nw_ahead_find(a, i + 1, &p) != 1)
			fail_msg("revision %d is not found", i + 1);
		assert_int_equal(p.article, i + 1);
		snprintf(what, sizeof(what), "begin%d ", i);
		assert_true(holds(fd, p.page, 1, what));
		assert_true((p.rest != 0) == (i % 7 == 0));
		snprintf(what, sizeof(what), " end%d.", i);
		if (p.rest == 0)
			assert_true(holds(fd, p.page, 1, what));
		else
			whole += holds(fd, p.rest, p.nrest, what);
	}
	/* the pages of a text lie side by side but where the file had holes */
	assert_true(whole > ARTICLES / 7 * 9 / 10);
	assert_int_equal(nw_ahead_find(a, 0, &p), 0);
	assert_int_equal(nw_ahead_find(a, -5, &p), 0);
	assert_int_equal(nw_ahead_find(a, ARTICLES + 1, &p), 0);
	assert_int_equal(nw_ahead_find(a, INT64_MAX, &p), 0);
	close(fd);
	nw_ahead_close(a);
}

/* Bytes of the file that are nonsense, a file cut short: nothing is read beyond a page, nothing hangs. */
static void
test_a_file_of_nonsense_does_no_harm(void **state)
{
	int64_t id[NW_STORE_AHEAD_N + 10];
	uint32_t dice = 2463534242u;
	struct nw_ahead *a = nw_ahead_open(k.path, revision_root, article_root);
	int fd = open(k.path, O_RDWR);
	off_t size = lseek(fd, 0, SEEK_END);

	(void)state;
	assert_non_null(a);
	for (size_t i = 0; i < sizeof(id) / sizeof(*id); i++)
		id[i] = ARTICLES - (int64_t)i * 2;
	for (int round = 0; round < 300; round++) {
		uint8_t noise[64];

		for (int n = 0; n < 400; n++) {
			for (size_t b = 0; b < sizeof(noise); b++)
				noise[b] =
				    (uint8_t)((dice ^= dice << 13, dice ^= dice >> 17, dice ^= dice << 5) >>
					      8);
			/* the heads of pages are where it hurts */
			assert_int_equal(
			    pwrite(fd, noise, 1 + dice % sizeof(noise),
				(off_t)(dice % (uint32_t)(size / PAGE)) * PAGE + (n % 2 ? 3 : dice % PAGE)),
			    1 + dice % sizeof(noise));
		}
		nw_ahead_rows(a, id, sizeof(id) / sizeof(*id));
		nw_ahead_rest(a, id, sizeof(id) / sizeof(*id));
		if (round % 100 == 99)
			assert_int_equal(ftruncate(fd, size /= 2), 0);
	}
	nw_ahead_close(a);
	assert_non_null(a = nw_ahead_open(k.path, 0, article_root));
	nw_ahead_rows(a, id, sizeof(id) / sizeof(*id));
	nw_ahead_rest(a, id, sizeof(id) / sizeof(*id));
	nw_ahead_close(a);
	assert_null(nw_ahead_open("/nonexistent", revision_root, article_root));
	close(fd);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(test_every_revision_is_found, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_a_file_of_nonsense_does_no_harm, setup, teardown)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
