#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/utf8.h"

static const char *log_program = "newswatch";
static uint32_t log_level = NW_LOG_INFO;
static int log_journal;
static int log_never_waits;
static uint64_t log_lost; /* lines that standard error did not take */

void
nw_log_open(const char *program, uint32_t level_max)
{
	log_program = program;
	log_level = level_max;
	log_journal = getenv("JOURNAL_STREAM") != NULL;
}

void
nw_log_never_wait(void)
{
	log_never_waits = 1;
}

int
nw_log_is_unsafe(int32_t cp)
{
	return cp < 0x20 || (cp >= 0x7f && cp <= 0x9f) || cp == 0x61c || (cp >= 0x200e && cp <= 0x200f) ||
	    (cp >= 0x2028 && cp <= 0x202e) || (cp >= 0x2066 && cp <= 0x2069);
}

void
nw_log_escape(struct nw_buf *b, const char *p, size_t n, size_t max)
{
	const char *end = p + n;
	size_t len;
	int32_t cp;

	for (; p < end && b->len < max; p += len) {
		cp = nw_utf8_next(p, end, &len);
		if (cp == -1)
			for (size_t i = 0; i < len; i++)
				nw_buf_addf(b, "\\x%02x", (unsigned char)p[i]);
		else if (cp == '\t')
			nw_buf_addc(b, ' ');
		else if (nw_log_is_unsafe(cp))
			nw_buf_addf(b, cp < 0x100 ? "\\x%02x" : "\\u%04x", (unsigned)cp);
		else
			nw_buf_add(b, p, len);
	}
	if (p < end)
		nw_buf_adds(b, "...");
}

static void
add_head(struct nw_buf *b, uint32_t level)
{
	static const char *const name[] = {"error", "warning", "notice", "info", "debug"};
	static const int priority[] = {3, 4, 5, 6, 7};
	time_t now = (time_t)(nw_clock_wall_ms() / 1000);
	struct tm tm;
	char when[32];

	if (level > NW_LOG_DEBUG)
		level = NW_LOG_DEBUG;
	if (log_journal) {
		nw_buf_addf(b, "<%d>", priority[level]);
		return;
	}
	(void)gmtime_r(&now, &tm);
	(void)strftime(when, sizeof(when), "%Y-%m-%dT%H:%M:%SZ", &tm); /* fits */
	nw_buf_addf(b, "%s %s %s: ", when, log_program, name[level]);
}

/* A line is shorter than what a pipe or a socket that is ready takes at once, so that nothing waits here. */
static int
is_ready(void)
{
	struct pollfd p = {.fd = STDERR_FILENO, .events = POLLOUT};

	return !log_never_waits || poll(&p, 1, 0) == 1;
}

/* 1 written, or nobody is left to tell; 0 nobody reads. */
static int
put_if_ready(const struct nw_buf *line)
{
	if (!is_ready())
		return 0;
	(void)!write(STDERR_FILENO, line->p, line->len);
	return 1;
}

static int
say_lost(void)
{
	struct nw_buf b = {0};
	int rc;

	add_head(&b, NW_LOG_WARNING);
	nw_buf_addf(&b, "%llu lines before this one were lost: nobody read standard error\n", (unsigned long long)log_lost);
	rc = b.failed || put_if_ready(&b);
	nw_buf_done(&b);
	if (rc)
		log_lost = 0;
	return rc;
}

static void
put(const struct nw_buf *line)
{
	if (line->failed)
		return;
	if ((log_lost != 0 && !say_lost()) || !put_if_ready(line))
		log_lost++;
}

void
nw_log_text(const char *text, size_t len)
{
	while (len > 0) {
		const char *nl = memchr(text, '\n', len);
		struct nw_buf b = {0};
		size_t n = nl != NULL ? (size_t)(nl - text) + 1 : len;

		nw_buf_add(&b, text, n <= NW_LOG_LINE_MAX ? n : NW_LOG_LINE_MAX - 1);
		if (n > NW_LOG_LINE_MAX)
			nw_buf_addc(&b, '\n');
		put(&b);
		nw_buf_done(&b);
		text += n;
		len -= n;
	}
}

void
nw_log_line(uint32_t level, const char *origin, const char *line, size_t len)
{
	struct nw_buf b = {0};

	if (level > log_level)
		return;
	add_head(&b, level);
	if (origin != NULL)
		nw_buf_addf(&b, "%s: ", origin);
	nw_log_escape(&b, line, len, NW_LOG_LINE_MAX - 16);
	nw_buf_addc(&b, '\n');
	put(&b);
	nw_buf_done(&b);
}

void
nw_log(uint32_t level, const char *fmt, ...)
{
	struct nw_buf b = {0};
	va_list ap;

	if (level > log_level)
		return;
	va_start(ap, fmt);
	nw_buf_addvf(&b, fmt, ap);
	va_end(ap);
	nw_log_line(level, NULL, nw_buf_str(&b).p, b.failed ? 0 : b.len);
	nw_buf_done(&b);
}
