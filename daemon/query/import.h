/*
 * import.h - a query of LexisNexis, Factiva or the Europe Media Monitor, read with the vendor's meaning (R25).
 * Floor 2.  The result is text of the watch language; the caller parses it, so that names and terms are checked there.
 */
#ifndef NW_QUERY_IMPORT_H
#define NW_QUERY_IMPORT_H

#include "query/query.h"

enum nw_import_vendor { NW_IMPORT_LEXIS, NW_IMPORT_FACTIVA, NW_IMPORT_EMM, NW_IMPORT_N };

/* The vendor of a name in any case ("lexis", "factiva", "emm"); -1 if there is none. */
int nw_import_vendor(struct nw_str name);

/*
 * nw_import(vendor, text, out, diag, cookie):
 * Append to ${out} what ${text} means, in canonical form; a definition with weights becomes a score block.  Every
 * change of meaning or spelling is told to ${diag} as a note, what is wider or narrower than the vendor's as a warning.
 * limits  NW_QUERY_TEXT_MAX, NW_QUERY_DEPTH_MAX.
 * errors  -1 after ${diag} got what cannot be said here and what to write instead; ${out} is then untouched.
 */
int nw_import(enum nw_import_vendor, struct nw_str text, struct nw_buf *out, nw_query_diag_fn *, void *cookie);
#endif
