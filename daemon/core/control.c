#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/io.h"
#include "base/str.h"
#include "core/control.h"

#define ANSWER_MAX (16u << 20)

int
nw_control_split(char *line, char *argv[NW_CONTROL_ARGS_MAX], int *argc_r)
{
	int n = 0;

	if (*line == '\0')
		return -1;
	for (char *at = line; at != NULL; n++) {
		if (n == NW_CONTROL_ARGS_MAX)
			return -1;
		argv[n] = at;
		if ((at = strchr(at, '\t')) != NULL)
			*at++ = '\0';
	}
	*argc_r = n;
	return 0;
}

static int
connect_to(const char *path, struct nw_err *err)
{
	struct sockaddr_un sa = {.sun_family = AF_UNIX};
	struct timeval tv = {NW_CONTROL_MS / 1000, 0};
	int fd;

	if (strlen(path) >= sizeof(sa.sun_path))
		return nw_fail(err, NW_ECONF, "the path of the control socket is too long: '%s'", path);
	memcpy(sa.sun_path, path, strlen(path) + 1);
	if ((fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) == -1)
		return nw_fail(err, NW_ERES, "no socket: %s", strerror(errno));
	(void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv)); /* without it we wait longer */
	if (connect(fd, (struct sockaddr *)&sa, sizeof(sa)) == -1) {
		nw_fail(err, NW_ERES, "newswatchd does not answer at '%s': %s (is it running, are you of its group?)", path,
		    strerror(errno));
		(void)close(fd); /* nothing was said */
		return -1;
	}
	return fd;
}

static int
send_request(int fd, const char *const *argv, int argc, struct nw_err *err)
{
	struct nw_buf line = {0};
	int rc = 0;

	for (int i = 0; i < argc; i++) {
		if (strpbrk(argv[i], "\t\n") != NULL)
			rc = nw_fail(err, NW_ECONF, "an argument may not hold a tab or a line feed");
		nw_buf_addf(&line, "%s%s", i != 0 ? "\t" : "", argv[i]);
	}
	nw_buf_addc(&line, '\n');
	if (rc == 0 && (line.failed || line.len > NW_CONTROL_LINE_MAX))
		rc = nw_fail(err, NW_ECONF, "the request is too long");
	if (rc == 0 && nw_io_write_full(fd, line.p, line.len) == -1)
		rc = nw_fail(err, NW_ERES, "the control socket closed: %s", strerror(errno));
	nw_buf_done(&line);
	return rc;
}

/* The last line decides; it is taken off the answer. */
static int
judge(struct nw_buf *answer, size_t start, struct nw_err *err)
{
	struct nw_str all = nw_buf_str(answer);
	size_t end = all.len, at;

	if (end > start && all.p[end - 1] == '\n')
		end--;
	for (at = end; at > start && all.p[at - 1] != '\n'; at--)
		continue;
	answer->len = at;
	if (nw_str_is((struct nw_str){all.p + at, end - at}, "ok"))
		return 0;
	if (end - at > 6 && memcmp(all.p + at, "error ", 6) == 0)
		return nw_fail(err, NW_ECONF, "%.*s", (int)(end - at - 6), all.p + at + 6);
	return nw_fail(err, NW_ERES, "newswatchd broke off its answer");
}

int
nw_control_call(const char *path, const char *const *argv, int argc, struct nw_buf *answer, struct nw_err *err)
{
	size_t start = answer->len;
	int fd = connect_to(path, err), rc = -1;
	ssize_t n = 1;
	char *room;

	if (fd == -1)
		return -1;
	if (send_request(fd, argv, argc, err) == 0) {
		while ((room = nw_buf_room(answer, 4096)) != NULL && answer->len < ANSWER_MAX &&
		    (n = read(fd, room, 4096)) > 0)
			answer->len += (size_t)n;
		rc = n == -1 ? nw_fail(err, NW_ERES, "no answer from newswatchd: %s", strerror(errno)) :
		    judge(answer, start, err);
	}
	(void)close(fd); /* the answer is here */
	return rc;
}
