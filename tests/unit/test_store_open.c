/* Opening: places, locks, versions, damage; what a crash, a full disk or a failed commit leaves. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sqlite3.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "core/limits.h"
#include "store/sqlite/sql.h"
#include "store/schema.h"
#include "store/store_outbox.h"
#include "store/store_read.h"
#include "store_kit.h"

#define FEED "http://example.org/feed"

static struct kit k;

static int
setup(void **state)
{
	(void)state;
	kit_open(&k);
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
try_open(const char *path, uint32_t mode, struct nw_err *err)
{
	struct nw_store_options o = {.path = path, .mode = mode, .now_ms = KIT_T0};
	struct nw_store *st = NULL;
	int rc = nw_store_open(&o, &st, NULL, err);

	nw_store_close(st);
	return rc;
}

static void
close_store(void)
{
	nw_store_close(k.st);
	k.st = NULL;
}

static void
path_in(char *buf, size_t size, const char *tail)
{
	snprintf(buf, size, "%s/%s", k.dir, tail);
}

/* One article with one alert, at this guid. */
static void
news(const char *guid)
{
	char url[96];

	snprintf(url, sizeof(url), "http://example.org/%s", guid);
	k.policy.backfill = NW_STORE_BACKFILL_ALERT;
	kit_batch(&k);
	kit_alert(&k, kit_article(&k, guid, url, guid, "The treaty was renewed."), 0, "treaty");
	kit_poll(&k, FEED);
	assert_int_equal(nw_store_flush(k.st, NULL), 0);
	k.now_ms += KIT_HOUR;
}

/* --- places ----------------------------------------------------------------------------------------------------- */

static void
a_second_writer_is_refused_and_the_first_unharmed(void **state)
{
	struct nw_err err;

	(void)state;
	kit_source(&k, "mfa", FEED);
	assert_int_equal(try_open(k.path, NW_STORE_WRITE, &err), -1);
	assert_int_equal(err.code, NW_ECONF);
	assert_non_null(strstr(err.msg, "in use by another newswatchd"));
	news("g1");
	assert_int_equal(kit_count(&k, "SELECT count(*) FROM alert"), 1);
}

static void
a_reader_reads_while_the_writer_lives_and_after_it_has_gone(void **state)
{
	struct nw_err err;

	(void)state;
	assert_int_equal(try_open(k.path, NW_STORE_READ, &err), 0);
	close_store();
	assert_int_equal(try_open(k.path, NW_STORE_READ, &err), 0);
}

static void
a_reader_of_nothing_says_who_makes_it(void **state)
{
	struct nw_err err;
	char path[128];

	(void)state;
	path_in(path, sizeof(path), "none.db");
	assert_int_equal(try_open(path, NW_STORE_READ, &err), -1);
	assert_non_null(strstr(err.msg, "newswatchd makes it"));
}

static void
unsafe_places_are_refused(void **state)
{
	struct nw_err err;
	char path[128], other[128], dir[128];

	(void)state;
	close_store();
	path_in(path, sizeof(path), "link.db");
	assert_int_equal(symlink("/etc/passwd", path), 0);
	assert_int_equal(try_open(path, NW_STORE_WRITE, &err), -1);
	assert_int_equal(err.code, NW_ECONF);
	path_in(path, sizeof(path), "hard.db");
	path_in(other, sizeof(other), "news.db");
	assert_int_equal(link(other, path), 0);
	assert_int_equal(try_open(path, NW_STORE_WRITE, &err), -1);
	assert_non_null(strstr(err.msg, "hard links"));
	assert_int_equal(unlink(path), 0);
	path_in(path, sizeof(path), "fifo.db");
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_int_equal(try_open(path, NW_STORE_WRITE, &err), -1);
	path_in(path, sizeof(path), "missing/news.db");
	assert_int_equal(try_open(path, NW_STORE_WRITE, &err), -1);
	assert_non_null(strstr(err.msg, "create it"));
	snprintf(dir, sizeof(dir), "%s-link", k.dir);
	assert_int_equal(symlink(k.dir, dir), 0);
	if (geteuid() == 0) /* one that root made is followed */
		assert_int_equal(lchown(dir, 65534, 65534), 0);
	snprintf(path, sizeof(path), "%s-link/news.db", k.dir);
	assert_int_equal(try_open(path, NW_STORE_WRITE, &err), -1);
	assert_non_null(strstr(err.msg, "symbolic link"));
	assert_int_equal(unlink(dir), 0);
	assert_int_equal(chmod(k.dir, 0777), 0);
	assert_int_equal(try_open(k.path, NW_STORE_WRITE, &err), -1);
	assert_non_null(strstr(err.msg, "writable for everyone"));
	assert_int_equal(chmod(k.dir, 0700), 0);
	assert_int_equal(chmod(k.path, 0666), 0);
	assert_int_equal(try_open(k.path, NW_STORE_WRITE, &err), -1);
	assert_int_equal(chmod(k.path, 0640), 0);
	assert_int_equal(try_open(k.path, NW_STORE_WRITE, &err), 0);
}

static void
the_lock_is_not_inherited_and_ends_with_its_process(void **state)
{
	struct nw_err err;
	int status;
	pid_t pid;

	(void)state;
	close_store();
	if ((pid = fork()) == 0) {
		struct nw_store_options o = {.path = k.path, .mode = NW_STORE_WRITE, .now_ms = KIT_T0};
		struct nw_store *st;

		_exit(nw_store_open(&o, &st, NULL, NULL) == 0 ? 7 : 1); /* dies with the store open */
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(WEXITSTATUS(status), 7);
	assert_int_equal(try_open(k.path, NW_STORE_WRITE, &err), 0);
}

/* --- versions --------------------------------------------------------------------------------------------------- */

static uint32_t
steps(void)
{
	uint32_t n = 0;

	while (nw_schema[n].name != NULL)
		n++;
	return n;
}

/* A database as the first ${n} steps leave it, with a row in tables that exist by then. */
static void
make_old(const char *path, uint32_t n)
{
	char sql[96];
	sqlite3 *db;

	unlink(path);
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	for (uint32_t i = 0; i < n; i++)
		assert_int_equal(sqlite3_exec(db, nw_schema[i].sql, NULL, NULL, NULL), SQLITE_OK);
	snprintf(sql, sizeof(sql), "PRAGMA user_version=%u; PRAGMA application_id=1853322289", n);
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, "INSERT INTO source (id, name, title, options, enabled, every, identity, first_read, last_read, last_new,"
			     " rhythm, articles, charset, last_number) VALUES (7, 'old', 'Old', x'', 1, 60000, 0, 1, 2, 3, 0, 3, '', '')",
			     NULL, NULL, NULL), SQLITE_OK);
	if (n >= 2)
		assert_int_equal(sqlite3_exec(db, "INSERT INTO article (id, source, policy_key, url, guid, lang, number, first_seen, precision,"
						  " origin, state, baseline, mute_before, churned, n, listed_hash, matched, matching) VALUES"
						  " (3, 7, x'', '', '', '', '', 1, 0, 0, 'final', 0, 0, 0, 1, 0, 1, 0);"
						  "INSERT INTO revision VALUES (1, 3, 1, 1, 0, 77, NULL, 'T', '', '', '', '', '');"
						  "INSERT INTO story_band (band, article, at) VALUES (77, 3, 1)",
				     NULL, NULL, NULL), SQLITE_OK);
	if (n >= 4)
		assert_int_equal(sqlite3_exec(db,
				     "INSERT INTO message (id, channel, group_key, watch, story, severity, alerts, digest, made_at, render_at,"
				     " rendering, rendered_at, tries, error, subject, text, html, json)"
				     " VALUES ('m', 'desk', '', '', NULL, 1, 1, 0, 1, 1, 0, 2, 0, '', 'Subject', 'Text', '', '');"
				     "INSERT INTO notice VALUES ('n', 'key', '', 1, 1, '', '');"
				     "INSERT INTO outbox (id, notice, channel, group_key, severity, since, due_at, digest, reason)"
				     " VALUES (1, 'n', 'desk', 'n', 1, 1, 1, 0, ''), (2, 'n', 'hub', 'n', 1, 1, 1, 0, '');"
				     "INSERT INTO meta VALUES ('held_outbox', '1')",
				     NULL, NULL, NULL),
		    SQLITE_OK);
	sqlite3_close(db);
}

static void
an_older_schema_is_copied_and_brought_forward(void **state)
{
	char copy[128];
	struct stat sb;

	(void)state;
	for (uint32_t v = 1; v < steps(); v++) {
		close_store();
		make_old(k.path, v);
		kit_reopen(&k);
		assert_int_equal(k.opened.migrated_from, v);
		assert_int_equal(kit_count(&k, "PRAGMA user_version"), steps());
		snprintf(copy, sizeof(copy), "%s.v%u", k.path, v);
		assert_int_equal(stat(copy, &sb), 0);
		assert_int_equal(kit_count(&k, "SELECT articles FROM source WHERE name = 'old'"), 3);
		assert_int_equal(kit_count(&k, "SELECT count(*) FROM message WHERE subject = 'Subject'"), v >= 4);
		assert_int_equal(kit_count(&k, "SELECT sum(id * held) FROM outbox"), v >= 4 && v < 7);
		assert_int_equal(kit_count(&k, "SELECT count(*) FROM story_band WHERE article = 3 AND simhash = 77"), v >= 2 && v < 8);
		kit_source(&k, "mfa", FEED);
		news("g1");
		assert_int_equal(kit_count(&k, "SELECT count(*) FROM alert"), 1);
		k.now_ms = KIT_T0;
	}
}

static void
a_newer_schema_is_refused_and_left_untouched(void **state)
{
	struct nw_err err;
	struct stat before, after;

	(void)state;
	kit_count(&k, "PRAGMA user_version = 999");
	close_store();
	assert_int_equal(stat(k.path, &before), 0);
	assert_int_equal(try_open(k.path, NW_STORE_WRITE, &err), -1);
	assert_int_equal(err.code, NW_ECONF);
	assert_non_null(strstr(err.msg, "schema 999"));
	assert_int_equal(stat(k.path, &after), 0);
	assert_int_equal(before.st_mtim.tv_nsec, after.st_mtim.tv_nsec);
	assert_int_equal(before.st_size, after.st_size);
	assert_int_equal(try_open(k.path, NW_STORE_READ, &err), -1);
}

static void
another_programs_database_is_refused(void **state)
{
	struct nw_err err;
	char path[128];
	sqlite3 *db;

	(void)state;
	path_in(path, sizeof(path), "other.db");
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, "CREATE TABLE bookmarks (x)", NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
	assert_int_equal(try_open(path, NW_STORE_WRITE, &err), -1);
	assert_non_null(strstr(err.msg, "another program"));
}

/* --- damage ----------------------------------------------------------------------------------------------------- */

static void
overwrite(const char *path, long at, const char *what, size_t n)
{
	int fd = open(path, O_WRONLY);

	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, what, n, at), (ssize_t)n);
	close(fd);
}

static void
expect_set_aside(void)
{
	struct stat sb;

	kit_reopen(&k);
	assert_int_equal(k.opened.corrupt, 1);
	assert_non_null(strstr(k.opened.corrupt_path, "news.db.corrupt-20231114T221320Z"));
	assert_int_equal(stat(k.opened.corrupt_path, &sb), 0);
	assert_int_equal(kit_count(&k, "SELECT count(*) FROM article"), 0);
}

static void
a_damaged_page_is_found_after_an_unclean_stop_and_set_aside(void **state)
{
	char junk[2048];
	sqlite3 *db;

	(void)state;
	kit_source(&k, "mfa", FEED);
	news("g1");
	close_store();
	assert_int_equal(sqlite3_open(k.path, &db), SQLITE_OK);
	sqlite3_exec(db, "UPDATE meta SET value = '0' WHERE key = 'clean'; PRAGMA wal_checkpoint(TRUNCATE)",
	    NULL, NULL, NULL);
	sqlite3_close(db);
	memset(junk, 0x5a, sizeof(junk));
	overwrite(k.path, 4096 * 5, junk, sizeof(junk));
	k.now_ms = KIT_T0;
	expect_set_aside();
}

static void
garbage_and_emptiness_are_set_aside(void **state)
{
	char junk[8192];

	(void)state;
	close_store();
	memset(junk, 'x', sizeof(junk));
	overwrite(k.path, 0, junk, sizeof(junk));
	expect_set_aside();
	close_store();
	assert_int_equal(truncate(k.path, 0), 0);
	{
		char wal[128];

		path_in(wal, sizeof(wal), "news.db-wal");
		unlink(wal);
	}
	kit_reopen(&k);
	assert_int_equal(k.opened.corrupt, 1);
	assert_string_equal(k.opened.corrupt_path, "");
}

static void
a_first_start_is_neither_unclean_nor_corrupt(void **state)
{
	(void)state;
	assert_int_equal(k.opened.created, 1);
	assert_int_equal(k.opened.unclean, 0);
	assert_int_equal(k.opened.corrupt, 0);
	kit_reopen(&k);
	assert_int_equal(k.opened.created, 0);
	assert_int_equal(k.opened.unclean, 0);
}

/* --- crashes ---------------------------------------------------------------------------------------------------- */

/* A child commits n articles and dies without closing; what it said it had committed is there. */
static void
what_was_acknowledged_survives_a_kill(void **state)
{
	int fd[2], status;
	char said = 0, got;
	pid_t pid;

	(void)state;
	kit_source(&k, "mfa", FEED);
	close_store();
	for (int round = 0; round < 5; round++) {
		assert_int_equal(pipe(fd), 0);
		if ((pid = fork()) == 0) {
			char guid[32];

			kit_reopen(&k);
			for (int i = 0;; i++) {
				snprintf(guid, sizeof(guid), "r%d-%d", round, i);
				k.now_ms += KIT_DAY;
				news(guid);
				if (write(fd[1], "x", 1) != 1)
					_exit(1);
			}
		}
		close(fd[1]);
		for (int i = 0; i < 3 + round; i++)
			assert_int_equal(read(fd[0], &got, 1), 1);
		kill(pid, SIGKILL);
		waitpid(pid, &status, 0);
		for (said = (char)(3 + round); read(fd[0], &got, 1) == 1;)
			said++;
		close(fd[0]);
		k.now_ms += 1000 * KIT_DAY;
		kit_reopen(&k);
		assert_int_equal(k.opened.unclean, 1);
		assert_int_equal(k.opened.corrupt, 0);
		{
			char sql[96];

			snprintf(
			    sql, sizeof(sql), "SELECT count(*) FROM article WHERE guid LIKE 'r%d-%%'", round);
			assert_true(kit_count(&k, sql) >= said);
		}
		assert_int_equal(
		    kit_count(&k, "SELECT (SELECT count(*) FROM alert) - (SELECT count(*) FROM outbox)"), 0);
		assert_int_equal(kit_count(&k, "SELECT count(*) FROM pragma_foreign_key_check"), 0);
		close_store();
	}
	kit_reopen(&k);
}

static void
leases_of_a_dead_process_are_free_at_the_next_start(void **state)
{
	int status;
	pid_t pid;

	(void)state;
	kit_source(&k, "mfa", FEED);
	close_store();
	if ((pid = fork()) == 0) {
		kit_reopen(&k);
		_exit(kit_target(&k, FEED) != 0 && nw_store_flush(k.st, NULL) == 0 ? 7 : 1);
	}
	waitpid(pid, &status, 0);
	assert_int_equal(WEXITSTATUS(status), 7);
	kit_reopen(&k);
	assert_int_equal(k.opened.leases, 1);
	assert_int_not_equal(kit_target(&k, FEED), 0);
}

/* --- a full disk ------------------------------------------------------------------------------------------------ */

static void
a_full_disk_undoes_the_whole_commit_and_is_survived(void **state)
{
	struct nw_store_health h;
	struct nw_err err;
	char big[200000];
	int64_t target;
	int rc;

	(void)state;
	kit_source(&k, "mfa", FEED);
	news("g1");
	close_store();
	if (mount("none", k.dir, "tmpfs", 0, "size=800k,mode=700") == -1) {
		print_message("needs root to mount a small file system: skipped\n");
		kit_reopen(&k);
		skip();
	}
	memset(big, 'a', sizeof(big) - 1);
	big[sizeof(big) - 1] = '\0';
	k.now_ms = KIT_T0;
	kit_reopen(&k);
	kit_source(&k, "mfa", FEED);
	news("g1");
	for (rc = 0; rc == 0; k.now_ms += KIT_HOUR) {
		char guid[32];

		snprintf(guid, sizeof(guid), "big%lld", (long long)k.now_ms);
		kit_batch(&k);
		kit_alert(&k, kit_article(&k, guid, "http://example.org/big", guid, big), 1, "aa");
		assert_int_not_equal(target = kit_target(&k, FEED), 0);
		rc = kit_try_commit(&k, target, &err);
	}
	assert_int_equal(rc, -1);
	assert_non_null(strstr(err.msg, "make room"));
	nw_store_health(k.st, &h);
	assert_int_equal(h.full, 1);
	assert_true(nw_store_filled(k.st) > 0);
	assert_int_equal(h.broken, 0);
	/* what was there is there, nothing of the rest; and there is room for small things once there is room again */
	assert_int_equal(mount("none", k.dir, "tmpfs", MS_REMOUNT, "size=8m,mode=700"), 0);
	k.now_ms += KIT_DAY;
	assert_int_equal(
	    kit_count(&k, "SELECT count(*) FROM pragma_integrity_check WHERE integrity_check <> 'ok'"), 0);
	assert_int_equal(
	    kit_count(&k, "SELECT (SELECT count(*) FROM alert) - (SELECT count(*) FROM outbox)"), 0);
	news("after");
	assert_int_equal(kit_count(&k, "SELECT count(*) FROM article WHERE guid = 'after'"), 1);
	nw_store_health(k.st, &h);
	assert_int_equal(h.full, 0);
	close_store();
	assert_int_equal(umount(k.dir), 0);
	kit_reopen(&k);
}

/* --- groups ----------------------------------------------------------------------------------------------------- */

static void
calls_ride_in_a_group_until_it_is_flushed(void **state)
{
	struct nw_err err;

	(void)state;
	kit_source(&k, "mfa", FEED);
	assert_int_equal(nw_store_flush_at(k.st), -1);
	assert_int_not_equal(kit_target(&k, FEED), 0);
	assert_true(nw_store_flush_at(k.st) > 0);
	assert_int_equal(nw_store_flush(k.st, &err), 0);
	assert_int_equal(nw_store_flush_at(k.st), -1);
}

static void
a_failing_call_undoes_itself_alone(void **state)
{
	struct nw_store_watch none = k.watch[0];
	struct nw_err err;
	int64_t target;

	(void)state;
	kit_source(&k, "mfa", FEED);
	target = kit_target(&k, FEED); /* a lease in the group */
	none.version = 12345;	       /* refers to no row: the alert's insertion fails */
	k.watch[0] = none;
	k.policy.backfill = NW_STORE_BACKFILL_ALERT;
	kit_batch(&k);
	kit_article(&k, "g0", "http://example.org/0", "First", "Text.");
	kit_alert(&k, kit_article(&k, "g1", "http://example.org/1", "Talks", "The treaty."), 0, "treaty");
	assert_int_equal(kit_try_commit(&k, target, &err), -1);
	assert_int_equal(err.code, NW_ERES);
	assert_int_equal(kit_count(&k, "SELECT count(*) FROM article"), 0);
	assert_int_equal(kit_count(&k, "SELECT leased FROM target"), 1);
	assert_int_equal(kit_count(&k, "SELECT first_read IS NULL FROM target"), 1);
	k.watch[0].version = 0;
	kit_commit(&k, target);
	assert_int_equal(kit_count(&k, "SELECT count(*) FROM article"), 2);
}

static void
a_reader_that_holds_on_does_not_stop_the_writer(void **state)
{
	sqlite3_stmt *s;
	struct nw_store_health h;
	sqlite3 *db;
	char guid[32];

	(void)state;
	kit_source(&k, "mfa", FEED);
	news("g0");
	assert_int_equal(sqlite3_open_v2(k.path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(db, "SELECT id FROM article", -1, &s, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(s), SQLITE_ROW);
	for (int i = 1; i < 200; i++) {
		snprintf(guid, sizeof(guid), "g%d", i);
		news(guid);
	}
	assert_int_equal(nw_store_checkpoint(k.st, NULL), -1);
	nw_store_health(k.st, &h);
	assert_true(h.wal_bytes > 500000);
	sqlite3_finalize(s);
	sqlite3_close(db);
	assert_int_equal(nw_store_checkpoint(k.st, NULL), 0);
	nw_store_health(k.st, &h);
	assert_int_equal(h.wal_bytes, 0);
}

static void
a_reader_gives_up_at_its_deadline(void **state)
{
	struct nw_store_options o = {.path = k.path, .mode = NW_STORE_READ, .read_ms = 1};
	struct nw_store_filter f = {.since_ms = NW_TIME_NONE, .until_ms = NW_TIME_NONE, .text = NW_STR("")};
	struct nw_store_counts c;
	struct nw_store *st;
	struct nw_err err;

	(void)state;
	kit_source(&k, "mfa", FEED);
	news("g0");
	kit_count(&k, "INSERT INTO event (at, kind, ref, text) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL "
		      "SELECT i + 1 FROM n"
		      " WHERE i < 300000) SELECT i, 'note', 'x', 'y' FROM n");
	f.kind = NW_STR("no such kind");
	assert_int_equal(nw_store_open(&o, &st, NULL, &err), 0);
	assert_int_equal(nw_store_events(st, &f, NULL, NULL, &err), -1);
	assert_int_equal(err.code, NW_ERES);
	assert_non_null(strstr(err.msg, "deadline"));
	assert_int_equal(nw_store_counts(st, KIT_T0, &c, &err), 0);
	nw_store_close(st);
}

/* --- plans ------------------------------------------------------------------------------------------------------ */

/* They are prepared when they are first needed, which must not be the day one is found to be wrong. */
static void
every_statement_fits_the_schema(void **state)
{
	sqlite3_stmt *s;
	sqlite3 *db;

	(void)state;
	assert_int_equal(sqlite3_open_v2(k.path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
	for (int i = 0; i < NW_SQL_N; i++) {
		if (sqlite3_prepare_v2(db, nw_sql_text[i], -1, &s, NULL) != SQLITE_OK)
			fail_msg("%s\n%s", nw_sql_text[i], sqlite3_errmsg(db));
		sqlite3_finalize(s);
	}
	sqlite3_close(db);
}

/* What runs on every poll, commit or delivery never goes through a whole table. */
static void
no_statement_of_the_hot_path_scans_a_table(void **state)
{
	static const enum nw_sql hot[] = {NW_SQL_CLAIM, NW_SQL_LEASE, NW_SQL_TARGET_STATE, NW_SQL_TARGET_SAVE,
	    NW_SQL_KEY_FIND, NW_SQL_ARTICLE_STATE, NW_SQL_MATCH_DUE, NW_SQL_ALERT_BEFORE, NW_SQL_BAND_FIND,
	    NW_SQL_GROUP_OF, NW_SQL_GROUP_ITEMS, NW_SQL_GROUP_ROWS, NW_SQL_RENDER_NEXT, NW_SQL_RENDER_ITEMS,
	    NW_SQL_DELIVERY_NEXT, NW_SQL_DELIVERY_CHANNEL_NEXT, NW_SQL_THREAD_OF, NW_SQL_DUE_TARGET,
	    NW_SQL_DUE_MATCH, NW_SQL_DUE_OUTBOX, NW_SQL_DUE_RENDER, NW_SQL_DUE_DELIVERY, NW_SQL_LOAD_REVISION,
	    NW_SQL_PAGE_POKE, NW_SQL_DOCUMENT_FIND, NW_SQL_FREE_SENDING, NW_SQL_FREE_MATCHES,
	    NW_SQL_MESSAGE_NTH, NW_SQL_ALERT_NTH, NW_SQL_ESCALATE_NEXT, NW_SQL_ESCALATE_ADD, NW_SQL_DUE_ESCALATION,
	    NW_SQL_GROUP_ROWS_WAITING, NW_SQL_OUTBOX_RELEASE, NW_SQL_DOCUMENT_FORGET};
	sqlite3_stmt *s;
	sqlite3 *db;
	char sql[4096];

	(void)state;
	assert_int_equal(sqlite3_open_v2(k.path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
	for (size_t i = 0; i < sizeof(hot) / sizeof(*hot); i++) {
		snprintf(sql, sizeof(sql), "EXPLAIN QUERY PLAN %s", nw_sql_text[hot[i]]);
		assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &s, NULL), SQLITE_OK);
		while (sqlite3_step(s) == SQLITE_ROW) {
			const char *plan = (const char *)sqlite3_column_text(s, 3);

			/* walking an index of only the rows that wait is what it is for */
			if (strncmp(plan, "SCAN", 4) == 0 && strstr(plan, "USING") == NULL)
				fail_msg("%s\n%s", nw_sql_text[hot[i]], plan);
			/* the alerts of one message and the mails of one story are few */
			if (strstr(plan, "TEMP B-TREE") != NULL && hot[i] != NW_SQL_RENDER_ITEMS &&
			    hot[i] != NW_SQL_THREAD_OF)
				fail_msg("%s\n%s", nw_sql_text[hot[i]], plan);
		}
		sqlite3_finalize(s);
	}
	sqlite3_close(db);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_second_writer_is_refused_and_the_first_unharmed),
	    TEST(a_reader_reads_while_the_writer_lives_and_after_it_has_gone),
	    TEST(a_reader_of_nothing_says_who_makes_it),
	    TEST(unsafe_places_are_refused),
	    TEST(the_lock_is_not_inherited_and_ends_with_its_process),
	    TEST(an_older_schema_is_copied_and_brought_forward),
	    TEST(a_newer_schema_is_refused_and_left_untouched),
	    TEST(another_programs_database_is_refused),
	    TEST(a_damaged_page_is_found_after_an_unclean_stop_and_set_aside),
	    TEST(garbage_and_emptiness_are_set_aside),
	    TEST(a_first_start_is_neither_unclean_nor_corrupt),
	    TEST(what_was_acknowledged_survives_a_kill),
	    TEST(leases_of_a_dead_process_are_free_at_the_next_start),
	    TEST(a_full_disk_undoes_the_whole_commit_and_is_survived),
	    TEST(calls_ride_in_a_group_until_it_is_flushed),
	    TEST(a_failing_call_undoes_itself_alone),
	    TEST(a_reader_that_holds_on_does_not_stop_the_writer),
	    TEST(a_reader_gives_up_at_its_deadline),
	    TEST(every_statement_fits_the_schema),
	    TEST(no_statement_of_the_hot_path_scans_a_table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
