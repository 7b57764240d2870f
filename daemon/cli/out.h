/*
 * out.h - lines for people: foreign text made harmless for a terminal, instants, cut to a width.
 * Floor 4.  Everything goes to standard output; a failure to write is seen once, by nw_out_done().
 */
#ifndef NW_CLI_OUT_H
#define NW_CLI_OUT_H

#include <newswatch/plugin.h>

struct nw_cli;

/* Foreign text on one line; ${max} bytes, 0: whole. */
void nw_out_text(struct nw_str, size_t max);
/* Several lines of foreign text, each behind ${indent}. */
void nw_out_block(const char *indent, struct nw_str);
/* A passage with the parts that hold marked: bold on a terminal, else >>so<<. */
struct nw_out_mark {
	size_t off, len; /* within the passage */
};
void nw_out_passage(struct nw_str passage, const struct nw_out_mark *, size_t n);
/* "2026-03-01T09:00:00Z", or ${none}. */
const char *nw_out_instant(int64_t at_ms, const char *none, char buf[32]);
/* "12m ago", "in 3h", or ${none}. */
const char *nw_out_ago(int64_t at_ms, int64_t now_ms, const char *none, char buf[32]);
/* ${code}, or NW_EXIT_BROKEN told where standard output could not be written. */
int nw_out_done(const struct nw_cli *, int code);
#endif
