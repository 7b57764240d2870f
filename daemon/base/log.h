/*
 * log.h - one line an event on stderr, for programs (floor 4) only.
 * Floor 0.  Under systemd (JOURNAL_STREAM set) lines carry a <N> priority and no time; else time, level, program.
 * Foreign bytes are escaped (controls, invalid UTF-8, bidirectional overrides) and a line is at most NW_LOG_LINE_MAX.
 */
#ifndef NW_BASE_LOG_H
#define NW_BASE_LOG_H

#include <newswatch/plugin.h>

struct nw_buf;

#define NW_LOG_LINE_MAX 2048 /* bytes of a line; longer ones are cut with "..." */

void nw_log_open(const char *program, uint32_t level_max);
/* From now on no line is waited for: what a full pipe does not take is counted, and told once somebody reads again.  For
 * programs that may poll(). */
void nw_log_never_wait(void);
void nw_log(uint32_t level, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* A line another process wrote (a worker's stderr): escaped, capped, with its origin before it. */
void nw_log_line(uint32_t level, const char *origin, const char *line, size_t len);
/* Lines that were made for standard error elsewhere, harmless already: as they are, with nothing before them. */
void nw_log_text(const char *text, size_t len);
/* Append foreign text so that no terminal is moved by it; once ${b} holds ${max} bytes, the rest is "...". */
void nw_log_escape(struct nw_buf *b, const char *p, size_t n, size_t max);
/* Whether it could move a terminal or hide text: C0, DEL, C1, line separators, bidirectional controls. */
int nw_log_is_unsafe(int32_t cp);
#endif
