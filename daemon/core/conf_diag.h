/*
 * conf_diag.h - what is wrong in a configuration, collected over a whole run and shown as one list.
 * Floor 1.  No libyaml here: the worker links it too.
 * Life: struct nw_conf_diags d = {0}; nw_conf_diag()*; nw_conf_diag_print(); nw_conf_diags_done().
 */
#ifndef NW_CORE_CONF_DIAG_H
#define NW_CORE_CONF_DIAG_H

#include <stdarg.h>
#include <stdio.h>

#include <newswatch/plugin.h>

struct nw_arena;

/* As in Nw__Diag. */
enum nw_conf_severity { NW_CONF_ERROR, NW_CONF_WARNING, NW_CONF_NOTE };

/* A place in a file; line and col are 1-based, col in bytes, len the bytes to underline (0 is shown as 1). */
struct nw_conf_place {
	struct nw_str file;
	uint32_t line, col, len;
	struct nw_str entry; /* "watch treaty-news", "source mfa-cn", "" */
};

struct nw_conf_diag {
	struct nw_conf_place at;
	uint32_t severity;
	struct nw_str text; /* one sentence with the remedy */
};

struct nw_conf_diags {
	struct nw_conf_diag **item;
	uint32_t n, cap;
	uint32_t nerror, nwarning, nnote; /* all that were reported, also those past NW_CONF_ERRORS_MAX */
	struct nw_arena *arena;		  /* owns the items */
};

/*
 * nw_conf_diag(diags, severity, place, fmt, ...):
 * Copy one finding in.  returns -1, so that callers write `return nw_conf_diag(...)`.  ${diags} NULL is fine.
 * limits  NW_CONF_ERRORS_MAX items are kept; later ones are only counted, but an error takes the place of a note.
 */
int nw_conf_diag(struct nw_conf_diags *, uint32_t severity, const struct nw_conf_place *, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
void nw_conf_diags_done(struct nw_conf_diags *); /* frees; empty and usable again */
/* By file in order of first report, then line, then column; errors, warnings and notes mixed. */
void nw_conf_diags_sort(struct nw_conf_diags *);
/*
 * nw_conf_diag_print(out, diag):
 * "FILE:LINE:COLUMN: error: entry: text", then the source line and a caret under the place, where the file can still
 * be read.  Foreign control bytes are escaped.
 */
void nw_conf_diag_print(FILE *, const struct nw_conf_diag *);
/* All of them, then one line that says how many were left out, if any. */
void nw_conf_diags_print(FILE *, struct nw_conf_diags *);
#endif
