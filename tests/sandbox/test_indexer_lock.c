/* What an indexer that was taken over can do no more: from inside its lock, in a process of its own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/err.h"
#include "base/jail.h"
#include "core/conf.h"
#include "index/index.h"
#include "store/store_read.h"
#include "indexer/lock.h"
#include "store_kit.h"

#define KILLED (-1) /* by SIGSYS */

static struct kit k;
static char search_path[128];
static pid_t
    writer; /* holds the store open, as newswatchd does: SQLite's handles do not live through a fork */
static uint32_t level;

/* Both databases open and locked as the program does it; then ${act}: KILLED, or what it returned (0 to 126).
 */
static int
locked(int (*act)(struct nw_index *, struct nw_store *))
{
	struct nw_store_options o = {.path = k.path, .mode = NW_STORE_READ};
	pid_t pid = fork();
	int status;

	assert_int_not_equal(pid, -1);
	if (pid == 0) {
		struct nw_index *ix;
		struct nw_store *st;
		struct nw_err err;

		if (nw_index_open(search_path, NW_INDEX_WRITE, &ix, NULL, &err) == -1 ||
		    nw_lock_files(NW_SANDBOX_REQUIRE, k.path, &level, &err) == -1 ||
		    nw_store_open(&o, &st, NULL, &err) == -1 ||
		    nw_lock_all(NW_SANDBOX_REQUIRE, &level, &err) == -1 || level < NW_LOCK_SECCOMP)
			_exit(127);
		_exit(act(ix, st));
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (WIFSIGNALED(status)) {
		assert_int_equal(WTERMSIG(status), SIGSYS);
		return KILLED;
	}
	assert_int_not_equal(WEXITSTATUS(status), 127);
	return WEXITSTATUS(status);
}

static int
setup(void **state)
{
	(void)state;
	int ready[2];
	char c;

	if (nw_jail_sanitized())
		return 0;
	kit_open(&k);
	kit_source(&k, "mfa", "http://example.org/feed");
	kit_batch(&k);
	kit_article(&k, "g1", "http://example.org/1", "Treaty", "The two sides renewed the treaty.");
	kit_poll(&k, "http://example.org/feed");
	snprintf(search_path, sizeof(search_path), "%s/search.db", k.dir);
	nw_store_close(k.st);
	k.st = NULL;
	assert_int_equal(pipe(ready), 0);
	assert_int_not_equal(writer = fork(), -1);
	if (writer == 0) {
		kit_reopen(&k);
		if (write(ready[1], "", 1) == 1)
			pause();
		_exit(0);
	}
	assert_int_equal(read(ready[0], &c, 1), 1);
	close(ready[0]);
	close(ready[1]);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	if (nw_jail_sanitized())
		return 0;
	kill(writer, SIGKILL);
	waitpid(writer, NULL, 0);
	kit_reopen(&k);
	assert_int_equal(kit_count(&k, "SELECT count(*) FROM revision"), 1);
	kit_close(&k);
	return 0;
}

static int
add(void *cookie, const struct nw_store_revision_row *row)
{
	struct nw_err err;

	return nw_index_add(cookie, row, &err) == -1 ||
	       nw_index_commit(cookie, row->id, row->seen_ms, &err) == -1;
}

static int
does_its_work(struct nw_index *ix, struct nw_store *st)
{
	struct nw_index_state s;
	struct nw_err err;

	if (nw_store_revisions(st, 0, INT64_MAX, 0, 0, add, ix, &err) == -1 ||
	    nw_index_state(ix, &s, &err) == -1 || nw_index_is_gone(ix))
		return 1;
	while (nw_index_tidy(ix, &err) == 1)
		;
	return s.mark == 0;
}

static int
opens_a_file(struct nw_index *ix, struct nw_store *st)
{
	(void)ix;
	(void)st;
	return open("/etc/passwd", O_RDONLY) == -1 && errno == EACCES ? 0 : 1;
}

static int
opens_the_store_again(struct nw_index *ix, struct nw_store *st)
{
	(void)ix;
	(void)st;
	return open(k.path, O_RDWR) == -1 && errno == EACCES && unlink(k.path) == -1 ? 0 : 1;
}

static int
opens_a_socket(struct nw_index *ix, struct nw_store *st)
{
	(void)ix;
	(void)st;
	return socket(AF_INET, SOCK_STREAM, 0) == -1;
}

static int
starts_a_process(struct nw_index *ix, struct nw_store *st)
{
	(void)ix;
	(void)st;
	return fork() == -1;
}

static int
makes_code(struct nw_index *ix, struct nw_store *st)
{
	(void)ix;
	(void)st;
	return mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) ==
		       MAP_FAILED
		   ? 0
		   : 1;
}

/* Every descriptor that leads to one of the store's files refuses to be written. */
static int
writes_the_store(struct nw_index *ix, struct nw_store *st)
{
	static const char *const tail[] = {"", "-wal", "-shm"};
	char name[160];
	int wrote = 0;

	if (level < NW_LOCK_LANDLOCK)
		return 0; /* this kernel cannot forbid the shared memory; the others are open for reading
			     alone */
	(void)ix;
	(void)st;
	for (int fd = 3; fd < 32; fd++) {
		struct stat of, is;

		for (size_t i = 0; fstat(fd, &is) == 0 && i < 3; i++) {
			snprintf(name, sizeof(name), "%s%s", k.path, tail[i]);
			if (stat(name, &of) == 0 && of.st_ino == is.st_ino && pwrite(fd, "x", 1, 0) == 1)
				wrote = 1;
		}
	}
	return wrote;
}

static void
its_work_is_possible_and_nothing_else(void **state)
{
	(void)state;
	if (nw_jail_sanitized())
		skip();
	assert_int_equal(locked(does_its_work), 0);
	assert_int_equal(locked(opens_a_file), 0);
	assert_int_equal(locked(opens_the_store_again), 0);
	assert_int_equal(locked(opens_a_socket), KILLED);
	assert_int_equal(locked(starts_a_process), KILLED);
	assert_int_equal(locked(makes_code), 0);
}

static void
the_store_cannot_be_written(void **state)
{
	(void)state;
	if (nw_jail_sanitized())
		skip();
	assert_int_equal(locked(writes_the_store), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(its_work_is_possible_and_nothing_else, setup, teardown),
	    cmocka_unit_test_setup_teardown(the_store_cannot_be_written, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
