/*
 * event.h - the history: one row for what happened.
 * Floor 3, private to store/sqlite.
 */
#ifndef NW_STORE_EVENT_H
#define NW_STORE_EVENT_H

#include "store/store.h"

/* ${kind}: revised, vanished, reappeared, alerted, delivered, failed, acknowledged, reviewed, configuration, note, renamed, escalated,
 * quarantined, conflict, moved, resent, silenced, held, raised, cleared, told, expired, dropped.  ${ref}: an id, or "article:N", "source:NAME". */
int nw_event_add(struct nw_store *, int64_t at_ms, const char *kind, struct nw_str ref, struct nw_str text,
    struct nw_err *);
/* Of an article or a source; ${text} by format. */
int nw_event_article(struct nw_store *, int64_t at_ms, const char *kind, int64_t article, struct nw_err *,
    const char *fmt, ...) __attribute__((format(printf, 6, 7)));
int nw_event_source(struct nw_store *, int64_t at_ms, const char *kind, struct nw_str source, struct nw_err *,
    const char *fmt, ...) __attribute__((format(printf, 6, 7)));
#endif
