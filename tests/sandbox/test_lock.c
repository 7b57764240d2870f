/* Each forbidden act, from inside the worker's lock, in a process of its own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/jail.h"
#include "base/str.h"
#include "core/conf.h"
#include "text/charset.h"
#include "text/dates.h"
#include "text/html.h"
#include "text/idna.h"
#include "text/lang.h"
#include "worker/lock.h"

#define KILLED (-1) /* by SIGSYS */

/* Run ${act} behind the lock: KILLED, or what it returned (0 to 127). */
static int
locked(int (*act)(void))
{
	struct nw_err err;
	uint32_t level;
	int status;
	pid_t pid = fork();

	assert_int_not_equal(pid, -1);
	if (pid == 0) {
		if (nw_lock(NW_SANDBOX_REQUIRE, 0, &level, &err) == -1 || level < NW_LOCK_SECCOMP)
			_exit(127);
		_exit(act());
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
only_unsanitized(void **state)
{
	(void)state;
	if (nw_jail_sanitized())
		print_message("sanitizers do not live under the lock: this build skips it\n");
	return 0;
}

#define SKIP_SANITIZED()          \
	do {                      \
		(void)state;      \
		if (nw_jail_sanitized()) \
			skip();   \
	} while (0)

/* --- files ------------------------------------------------------------------------------------------------------------- */

static int
open_file(void)
{
	return open("/etc/passwd", O_RDONLY) == -1 ? errno : 0;
}

static int
make_file(void)
{
	return open("/tmp/nw-sandbox-test", O_WRONLY | O_CREAT, 0600) == -1 ? errno : 0;
}

static int
look_at_file(void)
{
	struct stat st;

	return stat("/etc/passwd", &st) == -1 ? errno : 0;
}

static int
read_environment_of_init(void)
{
	return open("/proc/1/environ", O_RDONLY) == -1 ? errno : 0;
}

static void
files_are_refused_not_fatal(void **state)
{
	SKIP_SANITIZED();
	assert_int_equal(locked(open_file), EACCES);
	assert_int_equal(locked(make_file), EACCES);
	assert_int_equal(locked(look_at_file), EACCES);
	assert_int_equal(locked(read_environment_of_init), EACCES);
}

/* --- the rest is fatal ---------------------------------------------------------------------------------------------------- */

static int
act_socket(void)
{
	return socket(AF_INET, SOCK_STREAM, 0) == -1 ? errno : 0;
}

static int
act_unix_socket(void)
{
	return socket(AF_UNIX, SOCK_STREAM, 0) == -1 ? errno : 0;
}

static int
act_connect(void)
{
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(9), .sin_addr = {htonl(INADDR_LOOPBACK)}};

	return connect(2, (struct sockaddr *)&to, sizeof(to)) == -1 ? errno : 0;
}

static int
act_fork(void)
{
	return fork() == -1 ? errno : 0;
}

static int
act_exec(void)
{
	return execl("/bin/true", "true", (char *)NULL) == -1 ? errno : 0;
}

static int
act_kill(void)
{
	return kill(getppid(), 0) == -1 ? errno : 0;
}

static int
act_ptrace(void)
{
	return ptrace(PTRACE_TRACEME, 0, NULL, NULL) == -1 ? errno : 0;
}

static int
act_unlink(void)
{
	return unlink("/tmp/nw-sandbox-test") == -1 ? errno : 0;
}

#define RAW(name, call)                                             \
	static int act_##name(void)                                 \
	{                                                           \
		return syscall(call, 0, 0, 0, 0, 0, 0) == -1 ? errno : 0; \
	}
RAW(io_uring, SYS_io_uring_setup)
RAW(bpf, SYS_bpf)
RAW(userfaultfd, SYS_userfaultfd)
RAW(memfd, SYS_memfd_create)
RAW(keyctl, SYS_keyctl)
RAW(prctl, SYS_prctl)
RAW(clone3, SYS_clone3)
RAW(mount, SYS_mount)
RAW(setrlimit, SYS_prlimit64)
RAW(ioctl, SYS_ioctl)
RAW(recvmsg, SYS_recvmsg)
RAW(vm_readv, SYS_process_vm_readv)

static void
sockets_processes_and_kernel_doors_are_fatal(void **state)
{
	static const struct {
		const char *name;
		int (*act)(void);
	} acts[] = {{"socket", act_socket}, {"unix socket", act_unix_socket}, {"connect", act_connect}, {"fork", act_fork},
	    {"exec", act_exec}, {"kill", act_kill}, {"ptrace", act_ptrace}, {"unlink", act_unlink}, {"io_uring", act_io_uring},
	    {"bpf", act_bpf}, {"userfaultfd", act_userfaultfd}, {"memfd_create", act_memfd}, {"keyctl", act_keyctl},
	    {"prctl", act_prctl}, {"clone3", act_clone3}, {"mount", act_mount}, {"prlimit", act_setrlimit}, {"ioctl", act_ioctl},
	    {"recvmsg", act_recvmsg}, {"process_vm_readv", act_vm_readv}};

	SKIP_SANITIZED();
	for (size_t i = 0; i < sizeof(acts) / sizeof(acts[0]); i++)
		if (locked(acts[i].act) != KILLED)
			fail_msg("%s was survived", acts[i].name);
}

/* --- memory ------------------------------------------------------------------------------------------------------------- */

static int
map_code(void)
{
	return mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED ? errno : 0;
}

static int
make_code(void)
{
	void *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return p == MAP_FAILED ? 1 : mprotect(p, 4096, PROT_READ | PROT_EXEC) == -1 ? errno : 0;
}

static int
take_10_gb(void)
{
	char *volatile p = malloc((size_t)10 << 30);

	return p == NULL ? ENOMEM : 0;
}

static int
take_64_mb(void)
{
	char *volatile p = malloc(64u << 20);

	if (p == NULL)
		return errno;
	memset(p, 1, 64u << 20);
	free(p);
	return 0;
}

static void
memory_is_never_executable_and_never_without_bound(void **state)
{
	SKIP_SANITIZED();
	assert_int_equal(locked(map_code), EPERM);
	assert_int_equal(locked(make_code), EPERM);
	assert_int_equal(locked(take_10_gb), ENOMEM);
	assert_int_equal(locked(take_64_mb), 0);
}

/* --- what must still work ------------------------------------------------------------------------------------------------ */

static int
decode_all(struct nw_arena *a)
{
	static const char *const label[] = {"gb2312", "big5", "euc-kr", "shift_jis", "euc-jp", "koi8-r", "windows-1251",
	    "windows-1252", "iso-8859-5", "utf-16le", "macintosh"};
	struct nw_str text, name;
	struct nw_err err;

	for (size_t i = 0; i < sizeof(label) / sizeof(label[0]); i++) {
		struct nw_charset_hint hint = {
		    .content_type = {"", 0}, .override = nw_str(label[i]), .lang = {"", 0}, .markup = 'h'};

		if (nw_charset_decode(a, (struct nw_bytes){(const uint8_t *)"\xb0\xa1\xb0\xa1", 4}, &hint, &text, &name, &err) == -1)
			return 10 + (int)i;
	}
	return 0;
}

static int
do_the_work(void)
{
	struct nw_date_hint hint = {NW_STR("Asia/Shanghai"), NW_STR("zh"), 1616457600000};
	struct nw_arena *a = nw_arena_new(0);
	struct nw_str text, html, url;
	char lang[NW_LANG_MAX];
	struct nw_time t;
	struct nw_err err;
	int rc;

	if (a == NULL)
		return 1;
	if ((rc = decode_all(a)) != 0)
		return rc;
	if (nw_html_text(a, NW_STR("<p>one<p>two <a href=x>three"), NW_STR("https://example.org/"), &text, &html, &err) == -1)
		return 2;
	if (nw_date_parse(NW_STR("2021年3月23日 10:30"), NW_DATE_VISIBLE, &hint, &t) == -1)
		return 3;
	nw_lang_detect(NW_STR("Министерство иностранных дел"), NW_STR(""), lang);
	if (strcmp(lang, "ru") != 0)
		return 4;
	if (nw_idna_resolve(a, NW_STR("https://example.org/"), NW_STR("https://m\xc3\xbcnchen.example/"), &url, &err) == -1)
		return 5;
	return fprintf(stderr, "%s", "") < 0;
}

static void
reading_works_behind_the_lock_once_warm(void **state)
{
	SKIP_SANITIZED();
	nw_charset_warm();
	nw_html_warm();
	nw_date_warm();
	nw_lang_warm();
	nw_idna_warm();
	assert_int_equal(locked(do_the_work), 0);
}

/* --- the walls by themselves ----------------------------------------------------------------------------------------------- */

static void
landlock_alone_refuses_files(void **state)
{
	int status;
	pid_t pid;

	SKIP_SANITIZED();
	if ((pid = fork()) == 0) {
		if (nw_jail_landlock(NULL, 0) == -1)
			_exit(126);
		_exit(open_file());
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) == 126) {
		print_message("this kernel has no Landlock\n");
		skip();
	}
	assert_int_equal(WEXITSTATUS(status), EACCES);
}

static void
the_level_reached_is_told(void **state)
{
	struct nw_err err;
	uint32_t level = 99;

	(void)state;
	assert_int_equal(nw_lock(NW_SANDBOX_OFF, 0, &level, &err), 0);
	assert_int_equal(level, NW_LOCK_NONE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(files_are_refused_not_fatal),
	    cmocka_unit_test(sockets_processes_and_kernel_doors_are_fatal),
	    cmocka_unit_test(memory_is_never_executable_and_never_without_bound),
	    cmocka_unit_test(reading_works_behind_the_lock_once_warm),
	    cmocka_unit_test(landlock_alone_refuses_files),
	    cmocka_unit_test(the_level_reached_is_told),
	};

	return cmocka_run_group_tests_name("sandbox", tests, only_unsanitized, NULL);
}
