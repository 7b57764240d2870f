#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/log.h"
#include "core/time.h"
#include "cli/cli.h"
#include "cli/out.h"

void
nw_out_text(struct nw_str s, size_t max)
{
	struct nw_buf b = {0};

	nw_log_escape(&b, s.p, s.len, max != 0 ? max : SIZE_MAX);
	(void)fputs(nw_buf_str(&b).p, stdout);
	nw_buf_done(&b);
}

void
nw_out_block(const char *indent, struct nw_str s)
{
	const char *p = s.p, *end = s.p + s.len, *nl;

	for (; p < end; p = nl + 1) {
		if ((nl = memchr(p, '\n', (size_t)(end - p))) == NULL)
			nl = end;
		(void)fputs(indent, stdout);
		nw_out_text((struct nw_str){p, (size_t)(nl - p)}, 0);
		(void)putchar('\n');
	}
}

void
nw_out_passage(struct nw_str s, const struct nw_out_mark *mark, size_t n)
{
	int tty = isatty(STDOUT_FILENO);
	size_t at = 0;

	for (size_t i = 0; i < n; i++) {
		if (mark[i].off < at || mark[i].off > s.len || mark[i].len > s.len - mark[i].off)
			continue; /* overlaps the one before */
		nw_out_text((struct nw_str){s.p + at, mark[i].off - at}, 0);
		(void)fputs(tty ? "\033[1m" : ">>", stdout);
		nw_out_text((struct nw_str){s.p + mark[i].off, mark[i].len}, 0);
		(void)fputs(tty ? "\033[0m" : "<<", stdout);
		at = mark[i].off + mark[i].len;
	}
	nw_out_text((struct nw_str){s.p + at, s.len - at}, 0);
}

const char *
nw_out_instant(int64_t at_ms, const char *none, char buf[32])
{
	return at_ms == NW_TIME_NONE ? none : nw_time_rfc3339(at_ms, buf);
}

const char *
nw_out_ago(int64_t at_ms, int64_t now_ms, const char *none, char buf[32])
{
	int64_t s = (at_ms > now_ms ? at_ms - now_ms : now_ms - at_ms) / 1000;
	char span[24];

	if (at_ms == NW_TIME_NONE)
		return none;
	/* two units would be more than anybody reads: whole minutes, hours, days */
	s -= s >= 172800 ? s % 86400 : s >= 7200 ? s % 3600 : s >= 120 ? s % 60 : 0;
	(void)nw_time_duration(s, span);
	(void)snprintf(buf, 32, at_ms > now_ms ? "in %s" : "%s ago", span);
	return buf;
}

int
nw_out_done(const struct nw_cli *cli, int code)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return code;
	return nw_cli_fail(cli, NW_EXIT_BROKEN, "cannot write the answer");
}
