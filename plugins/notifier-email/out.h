/*
 * out.h - text under construction in the host's scratch memory.
 * Failure (no memory) is kept and asked for once, by out_str().
 */
#ifndef NOTIFIER_EMAIL_OUT_H
#define NOTIFIER_EMAIL_OUT_H

#include <newswatch/plugin.h>

struct out {
	const struct nw_host *host;
	struct nw_sink *sink;
	char *p;
	size_t len, cap;
	int failed;
};

void out_add(struct out *, const char *, size_t);
void out_adds(struct out *, const char *);
void out_str(struct out *, struct nw_str);
void out_addf(struct out *, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* &<>"' as entities. */
void out_html(struct out *, struct nw_str);
/* Line feeds and runs of blanks as one blank. */
void out_flat(struct out *, struct nw_str);
/* A date as far as it is known: "2021-03-23", "2021-03-23 09:30 UTC". */
void out_date(struct out *, const struct nw_time *);
/* The text so far, NUL-terminated; "" if it failed. */
struct nw_str out_done(struct out *);
#endif
