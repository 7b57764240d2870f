#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/err.h"
#include "base/str.h"
#include "core/limits.h"
#include "cli/fetcher.h"

#define HEAD_MAX (16u << 10) /* bytes: a URL, a content type and two numbers */
#define SAID_MAX 1024	     /* of what newswatchd says on its way out */

/* --- the process */

static int
spawn(const struct nw_fetcher *f, const char *url, int out, int err_fd, pid_t *pid_r)
{
	char *argv[8] = {(char *)(uintptr_t)f->daemon, "--fetch", (char *)(uintptr_t)url};
	char *environment[] = {NULL};
	posix_spawn_file_actions_t fa;
	int n = 3, rc;

	if (f->config != NULL) {
		argv[n++] = "-c";
		argv[n++] = (char *)(uintptr_t)f->config;
	}
	if (f->allow_private != NULL) {
		argv[n++] = "--allow-private";
		argv[n++] = (char *)(uintptr_t)f->allow_private;
	}
	if ((rc = posix_spawn_file_actions_init(&fa)) != 0)
		return rc;
	rc = posix_spawn_file_actions_addopen(&fa, 0, "/dev/null", O_RDONLY, 0);
	rc = rc != 0 ? rc : posix_spawn_file_actions_adddup2(&fa, out, 1);
	rc = rc != 0 ? rc : posix_spawn_file_actions_adddup2(&fa, err_fd, 2);
	rc = rc != 0 ? rc : posix_spawn_file_actions_addclosefrom_np(&fa, 3);
	rc = rc != 0 ? rc : posix_spawn(pid_r, f->daemon, &fa, NULL, argv, environment);
	posix_spawn_file_actions_destroy(&fa);
	return rc;
}

/* Everything up to its end, but at most ${max} bytes are kept. */
static void
drain(int fd, struct nw_buf *b, size_t max)
{
	char piece[16384];
	ssize_t n;

	while ((n = read(fd, piece, sizeof(piece))) > 0 || (n == -1 && errno == EINTR))
		if (n > 0 && b->len + (size_t)n <= max)
			nw_buf_add(b, piece, (size_t)n);
}

/* Its last line without the program's name: one sentence of what went wrong. */
static struct nw_str
last_words(struct nw_buf *said)
{
	static const char prefix[] = "newswatchd: error: ";
	struct nw_str s = nw_buf_str(said);
	const char *line;

	while (s.len > 0 && s.p[s.len - 1] == '\n')
		s.len--;
	line = s.len > 0 ? memrchr(s.p, '\n', s.len) : NULL;
	if (line != NULL)
		s = (struct nw_str){line + 1, s.len - (size_t)(line + 1 - s.p)};
	if (nw_str_starts(s, prefix))
		s = (struct nw_str){s.p + sizeof(prefix) - 1, s.len - sizeof(prefix) + 1};
	return s.len > 0 ? s : nw_str("newswatchd ended without a word");
}

static int
run(const struct nw_fetcher *f, const char *url, struct nw_buf *out, struct nw_err *err)
{
	struct nw_buf said = {0};
	struct nw_str words;
	int fd[2] = {-1, -1}, told = -1, rc, status = 0;
	pid_t pid;

	/* a pipe for the document; what it says goes to a file of no name, so that neither can block the
	 * other */
	if (pipe2(fd, O_CLOEXEC) == -1 || (told = memfd_create("newswatchd", MFD_CLOEXEC)) == -1)
		rc = errno;
	else
		rc = spawn(f, url, fd[1], told, &pid);
	if (fd[1] != -1)
		close(fd[1]);
	if (rc == 0) {
		drain(fd[0], out, HEAD_MAX + NW_BODY_CEILING);
		while (waitpid(pid, &status, 0) == -1 && errno == EINTR)
			;
		(void)lseek(told, 0, SEEK_SET);
		drain(told, &said, SAID_MAX);
	}
	if (fd[0] != -1)
		close(fd[0]);
	if (told != -1)
		close(told);
	words = last_words(&said);
	if (rc != 0)
		rc = nw_fail(err, NW_ERES, "cannot run %s: %s", f->daemon, strerror(rc));
	else if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
		rc = nw_fail(err, WIFEXITED(status) && WEXITSTATUS(status) == 1 ? NW_EINPUT : NW_ERES, "%.*s",
		    (int)words.len, words.p);
	nw_buf_done(&said);
	return rc;
}

/* --- its answer */

/* The rest of the line that begins with ${name}; the lines are made NUL-terminated as they are read. */
static char *
line_of(char **p, const char *name)
{
	size_t n = strlen(name);
	char *value = *p + n, *end;

	if (strncmp(*p, name, n) != 0 || (end = strchr(value, '\n')) == NULL)
		return NULL;
	*end = '\0';
	*p = end + 1;
	return value;
}

static int
split(struct nw_buf *out, struct nw_fetched *r)
{
	const char *end = out->len > 0 ? memmem(out->p, out->len, "\n\n", 2) : NULL;
	char *p, *status, *url, *type, *bytes;
	size_t head, len;

	if (end == NULL)
		return -1;
	head = (size_t)(end - out->p) + 2;
	nw_buf_add(&r->head, out->p, head);
	p = (char *)(uintptr_t)nw_buf_str(&r->head).p; /* ours to cut */
	if ((status = line_of(&p, "status ")) == NULL || (url = line_of(&p, "url ")) == NULL ||
	    (type = line_of(&p, "type ")) == NULL || (bytes = line_of(&p, "bytes ")) == NULL)
		return -1;
	len = strtoull(bytes, NULL, 10);
	if (len != out->len - head)
		return -1;
	r->status = (uint32_t)strtoul(status, NULL, 10);
	r->url = nw_str(url);
	r->content_type = nw_str(type);
	nw_buf_add(&r->body, out->p + head, len);
	return r->body.failed ? -1 : 0;
}

int
nw_fetcher_get(const struct nw_fetcher *f, const char *url, struct nw_fetched *fetched_r, struct nw_err *err)
{
	struct nw_buf out = {0};
	int rc = run(f, url, &out, err);

	*fetched_r = (struct nw_fetched){.url = NW_STR(""), .content_type = NW_STR("")};
	if (rc == 0 && split(&out, fetched_r) == -1)
		rc = nw_fail(err, NW_ERES, "what %s wrote is not whole", f->daemon);
	nw_buf_done(&out);
	return rc;
}

void
nw_fetched_done(struct nw_fetched *r)
{
	nw_buf_done(&r->head);
	nw_buf_done(&r->body);
}
