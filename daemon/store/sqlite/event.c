#include <stdarg.h>
#include <stdio.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "store/sqlite/db.h"
#include "store/sqlite/event.h"

#define TEXT_MAX 2048 /* bytes of an event's text; longer ones are cut */

int
nw_event_add(struct nw_store *st, int64_t at_ms, const char *kind, struct nw_str ref, struct nw_str text,
    struct nw_err *err)
{
	struct nw_str cut = {text.p, nw_utf8_cut(text, TEXT_MAX)};

	return nw_db_run(st, NW_SQL_EVENT,
	    NW_ARGS(nw_db_int(at_ms), nw_db_text(kind), nw_db_str(ref), nw_db_str(cut)), err);
}

static int
add_formatted(struct nw_store *st, int64_t at_ms, const char *kind, struct nw_str ref, struct nw_err *err,
    const char *fmt, va_list ap)
{
	struct nw_buf b = {0};
	int rc;

	nw_buf_addvf(&b, fmt, ap);
	rc = nw_event_add(st, at_ms, kind, ref, nw_buf_str(&b), err);
	nw_buf_done(&b);
	return rc;
}

int
nw_event_article(struct nw_store *st, int64_t at_ms, const char *kind, int64_t article, struct nw_err *err,
    const char *fmt, ...)
{
	char ref[40];
	va_list ap;
	int rc;

	(void)snprintf(ref, sizeof(ref), "article:%lld", (long long)article);
	va_start(ap, fmt);
	rc = add_formatted(st, at_ms, kind, nw_str(ref), err, fmt, ap);
	va_end(ap);
	return rc;
}

int
nw_event_source(struct nw_store *st, int64_t at_ms, const char *kind, struct nw_str source,
    struct nw_err *err, const char *fmt, ...)
{
	char ref[8 + NW_NAME_MAX + 1];
	va_list ap;
	int rc;

	(void)snprintf(ref, sizeof(ref), "source:%.*s", (int)source.len, source.p);
	va_start(ap, fmt);
	rc = add_formatted(st, at_ms, kind, nw_str(ref), err, fmt, ap);
	va_end(ap);
	return rc;
}
