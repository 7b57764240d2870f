/*
 * rows.h - rows of the store as JSON.
 * Floor 4.  The shapes are a contract (newswatch.1).  Each gives a new reference, NULL without memory.
 */
#ifndef NW_CLI_ROWS_H
#define NW_CLI_ROWS_H

#include <jansson.h>

#include "store/store_read.h"

json_t *nw_rows_instant(int64_t at_ms); /* RFC 3339 or null */
json_t *nw_rows_alert(const struct nw_store_alert_row *);
json_t *nw_rows_delivery(const struct nw_store_delivery_row *);
json_t *nw_rows_source(const struct nw_store_source_row *, int64_t now_ms);
/*
 * How a source stands: "disabled", "failing" (the last polls failed), "late" (due and not polled: nobody
 * polls), "new" (never read yet), "quiet" (answers, but nothing new for more than three of its usual gaps and an hour),
 * "ok".
 */
const char *nw_rows_health(const struct nw_store_source_row *, int64_t now_ms);
json_t *nw_rows_condition(const struct nw_store_condition_row *);
#endif
