#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "core/limits.h"
#include "pool/lines.h"

#define LINE_MAX_BYTES 4096
#define MINUTE_MS      60000

struct hearer {
	void (*on_line)(void *cookie, const char *line, size_t len);
	void *cookie;
};

static void
tell_line(struct nw_lines *l, const struct hearer *to, const char *line, size_t len)
{
	static const char full[] = "further lines of this minute are left out";
	int64_t now_ms = nw_clock_mono_ms();

	if (now_ms - l->minute_ms >= MINUTE_MS) {
		l->minute_ms = now_ms;
		l->n = 0;
	}
	if (l->n++ < NW_STDERR_LINES)
		to->on_line(to->cookie, line, len);
	else if (l->n == NW_STDERR_LINES + 1)
		to->on_line(to->cookie, full, sizeof(full) - 1);
}

static void
tell_lines(struct nw_lines *l, const struct hearer *to, int rest)
{
	struct nw_buf *b = &l->said;
	char *nl;
	size_t at = 0;

	while ((nl = memchr(b->p + at, '\n', b->len - at)) != NULL) {
		tell_line(l, to, b->p + at, (size_t)(nl - b->p) - at);
		at = (size_t)(nl - b->p) + 1;
	}
	if ((rest || b->len - at >= LINE_MAX_BYTES) && b->len > at) {
		tell_line(l, to, b->p + at, b->len - at);
		at = b->len;
	}
	memmove(b->p, b->p + at, b->len - at);
	b->len -= at;
}

int
nw_lines_read(struct nw_lines *l, int fd, void (*on_line)(void *, const char *, size_t), void *cookie)
{
	const struct hearer to = {on_line, cookie};
	char *room = nw_buf_room(&l->said, LINE_MAX_BYTES);
	ssize_t n = room != NULL ? read(fd, room, LINE_MAX_BYTES) : 0;

	if (n > 0)
		l->said.len += (size_t)n;
	if (on_line == NULL)
		l->said.len = 0;
	else if (l->said.len > 0)
		tell_lines(l, &to, n == 0);
	return n != 0;
}

void
nw_lines_done(struct nw_lines *l)
{
	nw_buf_done(&l->said);
}
