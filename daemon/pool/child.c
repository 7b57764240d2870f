#include <errno.h>
#include <event2/event.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "core/frame.h"
#include "core/limits.h"
#include "pool/child.h"
#include "pool/lines.h"

#define READ_BYTES     (256u << 10) /* of the socket in one turn of the loop */
#define FILE_BYTES     65536 /* of a file in one piece */
#define REAP_MS	       5

struct nw_child {
	struct event_base *base;
	struct nw_child_options opt;
	pid_t pid; /* 0 once reaped */
	int fd, err_fd;
	struct event *readable, *writable, *err_readable, *reaper;
	struct nw_buf in, out;
	struct nw_lines lines; /* of its stderr */
	size_t sent; /* of out */
	struct {
		int fd;
		off_t at;
		size_t left;
	} file; /* written behind out */
	int wipe, closing, ending, in_callback, freed;
	const char *why;
	char status[96];
};

static void
close_fd(int *fd)
{
	if (*fd != -1)
		(void)close(*fd); /* nothing of ours is lost with it */
	*fd = -1;
}

static void
drop_event(struct event **ev)
{
	if (*ev != NULL)
		event_free(*ev);
	*ev = NULL;
}

static void
destroy(struct nw_child *c)
{
	if (c->wipe && c->out.p != NULL)
		explicit_bzero(c->out.p, c->out.cap);
	drop_event(&c->readable);
	drop_event(&c->writable);
	drop_event(&c->err_readable);
	drop_event(&c->reaper);
	close_fd(&c->fd);
	close_fd(&c->err_fd);
	nw_buf_done(&c->in);
	nw_buf_done(&c->out);
	nw_lines_done(&c->lines);
	free(c);
}

static void
describe(struct nw_child *c, int status)
{
	if (WIFSIGNALED(status))
		(void)snprintf(c->status, sizeof(c->status), "killed by signal %d (%s)", WTERMSIG(status),
		    strsignal(WTERMSIG(status)));
	else
		(void)snprintf(c->status, sizeof(c->status), "ended with status %d", WEXITSTATUS(status));
}

static void on_err_readable(evutil_socket_t, short, void *);

static void
on_reap(evutil_socket_t fd, short what, void *cookie)
{
	struct nw_child *c = cookie;
	struct timeval again = {0, REAP_MS * 1000};
	int status;

	(void)fd;
	(void)what;
	if (waitpid(c->pid, &status, WNOHANG) == 0) {
		event_add(c->reaper, &again);
		return;
	}
	c->pid = 0;
	describe(c, status);
	if (c->err_readable != NULL)
		on_err_readable(c->err_fd, EV_READ, c); /* its last words */
	c->opt.on_end(c->opt.cookie, c->why != NULL ? c->why : c->status);
	destroy(c);
}

/* Whatever happened, the process must be gone before anybody is told. */
static void
end(struct nw_child *c, const char *why)
{
	struct timeval now = {0, 0};

	if (c->ending)
		return;
	c->ending = 1;
	c->why = why;
	drop_event(&c->readable);
	drop_event(&c->writable);
	(void)kill(c->pid, SIGKILL); /* it may be gone already */
	event_add(c->reaper, &now);
}

static void
on_frame(struct nw_child *c, struct nw_bytes bytes)
{
	struct nw_arena *arena = nw_arena_new(c->opt.arena_max);
	Nw__Frame *f;
	struct nw_err err;

	if (arena == NULL || nw_frame_unpack(arena, bytes, &f, &err) == -1) {
		nw_arena_free(arena);
		end(c, "it sent a frame that cannot be read");
		return;
	}
	c->opt.on_frame(c->opt.cookie, arena, f);
}

/* Hand over the whole frames at the beginning.  How many bytes these were. */
static size_t
take_frames(struct nw_child *c, struct nw_bytes b)
{
	size_t at = 0, len;

	c->in_callback++;
	while (!c->ending && !c->freed && b.len - at >= NW_FRAME_HEAD) {
		len = nw_frame_length(b.p + at, c->opt.frame_max);
		if (len == 0) {
			end(c, "it announced a frame of a length that is not allowed");
			break;
		}
		if (b.len - at - NW_FRAME_HEAD < len)
			break;
		on_frame(c, (struct nw_bytes){b.p + at + NW_FRAME_HEAD, len});
		at += NW_FRAME_HEAD + len;
	}
	c->in_callback--;
	return at;
}

/* What came, behind what is kept of a frame that is not whole yet; most frames come in one piece, and nothing is kept. */
static void
take(struct nw_child *c, struct nw_bytes b)
{
	size_t n;

	if (c->in.len > 0) {
		nw_buf_add(&c->in, b.p, b.len);
		b = (struct nw_bytes){(const uint8_t *)c->in.p, c->in.len};
	}
	n = c->in.failed ? 0 : take_frames(c, b);
	if (c->freed) {
		destroy(c);
		return;
	}
	if (n == b.len) {
		nw_buf_done(&c->in);
	} else if (c->in.len == 0) {
		nw_buf_add(&c->in, b.p + n, b.len - n);
	} else if (n > 0) {
		memmove(c->in.p, c->in.p + n, b.len - n);
		c->in.len -= n;
	}
	if (c->in.failed)
		end(c, "no memory for what it sends");
}

static void
on_readable(evutil_socket_t fd, short what, void *cookie)
{
	static uint8_t piece[READ_BYTES]; /* of all children: no callback reads */
	struct nw_child *c = cookie;
	ssize_t n = read(fd, piece, sizeof(piece));

	(void)what;
	if (n > 0)
		take(c, (struct nw_bytes){piece, (size_t)n});
	else if (n == 0 || (errno != EAGAIN && errno != EINTR))
		end(c, NULL);
}

static void
after_write(struct nw_child *c)
{
	if (c->wipe)
		explicit_bzero(c->out.p, c->out.cap);
	c->wipe = 0;
	nw_buf_done(&c->out);
	c->sent = 0;
	event_del(c->writable);
	if (c->closing)
		(void)shutdown(c->fd, SHUT_WR); /* it reads end of file and ends */
}

/* 1 when all of the file is written.  What the socket does not take is read again. */
static int
write_file(struct nw_child *c)
{
	char piece[FILE_BYTES];
	ssize_t n;

	while (c->file.left > 0) {
		n = pread(c->file.fd, piece, c->file.left < FILE_BYTES ? c->file.left : FILE_BYTES, c->file.at);
		if (n <= 0) {
			end(c, "the document it was being sent cannot be read, or was made shorter meanwhile");
			return 0;
		}
		n = send(c->fd, piece, (size_t)n, MSG_NOSIGNAL);
		if (n == -1 && (errno == EAGAIN || errno == EINTR))
			return 0;
		if (n == -1) {
			event_del(c->writable); /* the reader will see the end, and what it said before */
			return 0;
		}
		c->file.at += n;
		c->file.left -= (size_t)n;
	}
	return 1;
}

static void
on_writable(evutil_socket_t fd, short what, void *cookie)
{
	struct nw_child *c = cookie;
	ssize_t n;

	(void)what;
	while (c->sent < c->out.len) {
		n = send(fd, c->out.p + c->sent, c->out.len - c->sent, MSG_NOSIGNAL);
		if (n == -1 && (errno == EAGAIN || errno == EINTR))
			return;
		if (n == -1) {
			event_del(c->writable); /* the reader will see the end, and what it said before */
			return;
		}
		c->sent += (size_t)n;
	}
	if (write_file(c))
		after_write(c);
}

static void
on_err_readable(evutil_socket_t fd, short what, void *cookie)
{
	struct nw_child *c = cookie;

	(void)what;
	if (!nw_lines_read(&c->lines, fd, c->opt.on_line, c->opt.cookie))
		drop_event(&c->err_readable);
}

/* --- start ------------------------------------------------------------------------------------------------------ */

static int
start_program(struct nw_child *c, int child_fd, int child_err)
{
	static char *const env[] = {NULL};
	char *const argv[] = {(char *)(uintptr_t)c->opt.path, NULL};
	posix_spawn_file_actions_t fa;
	posix_spawnattr_t attr;
	sigset_t none, all;
	int rc;

	(void)sigemptyset(&none); /* these cannot fail with their own arguments */
	(void)sigfillset(&all);
	if (posix_spawn_file_actions_init(&fa) != 0)
		return ENOMEM;
	if (posix_spawnattr_init(&attr) != 0) {
		posix_spawn_file_actions_destroy(&fa);
		return ENOMEM;
	}
	rc = posix_spawn_file_actions_addopen(&fa, 0, "/dev/null", O_RDWR, 0);
	rc = rc != 0 ? rc : posix_spawn_file_actions_adddup2(&fa, 0, 1);
	rc = rc != 0 ? rc : posix_spawn_file_actions_adddup2(&fa, child_err, 2);
	rc = rc != 0 ? rc : posix_spawn_file_actions_adddup2(&fa, child_fd, 3);
	rc = rc != 0 ? rc : posix_spawn_file_actions_addclosefrom_np(&fa, 4);
	rc = rc != 0 ? rc : posix_spawnattr_setsigmask(&attr, &none);
	rc = rc != 0 ? rc : posix_spawnattr_setsigdefault(&attr, &all);
	rc = rc != 0 ? rc : posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	rc = rc != 0 ? rc : posix_spawn(&c->pid, c->opt.path, &fa, &attr, argv, env);
	posix_spawnattr_destroy(&attr);
	posix_spawn_file_actions_destroy(&fa);
	return rc;
}

static int
add_events(struct nw_child *c)
{
	c->readable = event_new(c->base, c->fd, EV_READ | EV_PERSIST, on_readable, c);
	c->writable = event_new(c->base, c->fd, EV_WRITE | EV_PERSIST, on_writable, c);
	c->err_readable = event_new(c->base, c->err_fd, EV_READ | EV_PERSIST, on_err_readable, c);
	c->reaper = evtimer_new(c->base, on_reap, c);
	if (c->readable == NULL || c->writable == NULL || c->err_readable == NULL || c->reaper == NULL)
		return -1;
	return event_add(c->readable, NULL) | event_add(c->err_readable, NULL);
}

int
nw_child_spawn(struct event_base *base, const struct nw_child_options *o, struct nw_child **child_r, struct nw_err *err)
{
	struct nw_child *c = calloc(1, sizeof(*c));
	int pair[2] = {-1, -1}, pipe_fd[2] = {-1, -1}, rc;

	if (c == NULL)
		return nw_fail(err, NW_ERES, "out of memory");
	*c = (struct nw_child){.base = base, .opt = *o, .fd = -1, .err_fd = -1};
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) == -1 || pipe2(pipe_fd, O_CLOEXEC) == -1) {
		rc = errno;
	} else {
		rc = start_program(c, pair[1], pipe_fd[1]);
		c->fd = pair[0];
		c->err_fd = pipe_fd[0];
		pair[0] = pipe_fd[0] = -1;
	}
	close_fd(&pair[0]);
	close_fd(&pair[1]);
	close_fd(&pipe_fd[0]);
	close_fd(&pipe_fd[1]);
	if (rc == 0 && (fcntl(c->fd, F_SETFL, O_NONBLOCK) == -1 || fcntl(c->err_fd, F_SETFL, O_NONBLOCK) == -1 ||
	    add_events(c) == -1))
		rc = ENOMEM;
	if (rc != 0) {
		nw_child_free(c);
		return nw_fail(err, NW_ERES, "cannot start '%s': %s", o->path, strerror(rc));
	}
	*child_r = c;
	return 0;
}

/* --- speaking to it --------------------------------------------------------------------------------------------- */

static int
still_takes_a_file(const struct nw_child *c, struct nw_err *err)
{
	return c->file.left > 0 ? nw_fail(err, NW_ERES, "it has not read what it was sent before") : 0;
}

static int
queued(struct nw_child *c, struct nw_err *err)
{
	if (c->out.failed)
		return nw_fail(err, NW_ERES, "out of memory for a frame");
	if (c->ending)
		return 0;
	on_writable(c->fd, EV_WRITE, c); /* it begins at once, whatever else we still have to do */
	if (nw_child_is_writing(c) && !c->ending)
		(void)event_add(c->writable, NULL); /* fails only without memory, then the deadline strikes */
	return 0;
}

int
nw_child_send(struct nw_child *c, const Nw__Frame *f, struct nw_err *err)
{
	if (still_takes_a_file(c, err) == -1)
		return -1;
	if (nw_frame_pack(&c->out, f) == -1)
		return nw_fail(err, NW_ERES, "out of memory for a frame");
	return queued(c, err);
}

int
nw_child_send_packed(struct nw_child *c, struct nw_bytes b, struct nw_err *err)
{
	if (still_takes_a_file(c, err) == -1)
		return -1;
	nw_buf_add(&c->out, b.p, b.len);
	return queued(c, err);
}

int
nw_child_send_file(struct nw_child *c, int fd, size_t len, struct nw_err *err)
{
	if (still_takes_a_file(c, err) == -1)
		return -1;
	c->file.fd = fd;
	c->file.at = 0;
	c->file.left = len;
	return queued(c, err);
}

int
nw_child_is_writing(const struct nw_child *c)
{
	return c->sent < c->out.len || c->file.left > 0;
}

void
nw_child_wipe_after_send(struct nw_child *c)
{
	c->wipe = 1;
}

void
nw_child_close(struct nw_child *c)
{
	c->closing = 1;
	if (!nw_child_is_writing(c) && !c->ending)
		(void)shutdown(c->fd, SHUT_WR); /* it reads end of file and ends */
}

void
nw_child_kill(struct nw_child *c, const char *why)
{
	end(c, why);
}

int
nw_child_pid(const struct nw_child *c)
{
	return c->pid;
}

void
nw_child_free(struct nw_child *c)
{
	if (c == NULL)
		return;
	if (c->pid > 0) {
		(void)kill(c->pid, SIGKILL); /* it may be gone already */
		(void)waitpid(c->pid, NULL, 0);
		c->pid = 0;
	}
	if (c->in_callback) {
		c->freed = 1; /* take_frames() is above us */
		return;
	}
	destroy(c);
}
