#include <stdarg.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/log.h"
#include "base/str.h"
#include "core/conf_type.h"
#include "core/frame.h"
#include "text/charset.h"
#include "text/dates.h"
#include "text/html.h"
#include "text/idna.h"
#include "text/lang.h"
#include "worker/article.h"
#include "worker/entries.h"
#include "worker/evaluate.h"
#include "worker/evidence.h"
#include "worker/host.h"
#include "worker/sink.h"

static int
note(struct nw_sink *s, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	nw_sink_vnote(s, fmt, ap);
	va_end(ap);
	return NW_OK;
}

static int
fail(struct nw_sink *s, int code, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	code = nw_sink_vfail(s, code, fmt, ap);
	va_end(ap);
	return code;
}

/* A line on stderr, which newswatchd reads, escapes and counts. */
static void
log_line(const struct nw_instance *inst, uint32_t level, const char *fmt, ...)
{
	struct nw_buf b = {.max = NW_LOG_LINE_MAX};
	va_list ap;

	va_start(ap, fmt);
	nw_buf_addvf(&b, fmt, ap);
	va_end(ap);
	nw_log_line(level, inst->plugin->name, nw_buf_str(&b).p, nw_buf_str(&b).len);
	nw_buf_done(&b);
}

static int64_t
now_ms(const struct nw_instance *inst)
{
	return inst->worker->now_ms;
}

static void *
alloc(struct nw_sink *s, size_t n)
{
	return nw_arena_zalloc(s->scratch, n);
}

/* A document of the ABI's first release has all members below; a shorter one is no document. */
static int
decode(struct nw_sink *s, const struct nw_doc *doc, int markup, struct nw_str *text_r, struct nw_str *charset_r)
{
	struct nw_charset_hint hint = {
	    .content_type = doc->content_type,
	    .override = doc->charset,
	    .lang = doc->lang,
	    .markup = markup,
	    /* the job's own bytes are followed by a NUL; a plugin's copy may not be */
	    .terminated = s->doc != NULL && doc->body.p == s->doc->body.p && doc->body.len == s->doc->body.len,
	};
	struct nw_str text, name;
	struct nw_err err;

	if (nw_charset_decode(s->scratch, doc->body, &hint, &text, &name, &err) == -1)
		return nw_sink_fail(s, err.code, "%s", err.msg);
	s->document.charset = nw_pb(nw_sink_text(s, name, NW_NAME_MAX, NULL));
	if (text_r != NULL)
		*text_r = text;
	if (charset_r != NULL)
		*charset_r = name;
	return NW_OK;
}

static int
date_parse(struct nw_sink *s, struct nw_str text, uint32_t flags, const struct nw_doc *doc, struct nw_time *time_r)
{
	struct nw_date_hint hint = {.timezone = {"", 0}, .lang = {"", 0}, .now_ms = s->worker->now_ms};

	if (doc != NULL) {
		hint.timezone = nw_str_or_empty(doc->timezone);
		hint.lang = nw_str_or_empty(doc->lang);
		hint.now_ms = doc->fetched_at_ms;
	}
	return nw_date_parse(text, flags, &hint, time_r) == 0 ? NW_OK : NW_EINPUT;
}

static int
url_resolve(struct nw_sink *s, struct nw_str base, struct nw_str ref, struct nw_str *url_r)
{
	return nw_idna_resolve(s->scratch, base, ref, url_r, NULL) == 0 ? NW_OK : NW_EINPUT;
}

static int
html_text(struct nw_sink *s, struct nw_str html, struct nw_str base, struct nw_str *text_r, struct nw_str *html_r)
{
	struct nw_str text;
	struct nw_err err = {0};

	if (nw_html_text(s->scratch, html, base, &text, html_r, &err) == -1)
		return nw_sink_fail(s, err.code, "%s", err.msg);
	if (err.code == NW_ELIMIT)
		nw_sink_note(s, "a text is cut to %u bytes", NW_TEXT_MAX);
	if (text_r != NULL)
		*text_r = text;
	return NW_OK;
}

static int
lang_detect(struct nw_sink *s, struct nw_str text, struct nw_str hint, struct nw_str *lang_r)
{
	char out[NW_LANG_MAX];
	struct nw_str copy;

	nw_lang_detect(text, hint, out);
	copy = nw_arena_str(s->scratch, out, strlen(out));
	*lang_r = nw_str_or_empty(copy);
	return copy.p != NULL ? NW_OK : NW_ELIMIT;
}

static int
refuse(const struct nw_instance *inst, uint32_t entry, const struct nw_value *value, const char *fmt, ...)
{
	struct nw_conf_place place, at;
	struct nw_buf b = {.max = NW_ERR_MAX};
	va_list ap;

	if (!inst->opening)
		return NW_EPLUGIN;
	place = at = nw_entries_place(inst, entry);
	if (value != NULL && value->host != NULL)
		at = nw_conf_at_key(&place, value->host);
	va_start(ap, fmt);
	nw_buf_addvf(&b, fmt, ap);
	va_end(ap);
	nw_conf_diag(inst->worker->diags, NW_CONF_ERROR, &at, "%s", nw_buf_str(&b).p);
	nw_buf_done(&b);
	return NW_ECONF;
}

const struct nw_host nw_host_table = {
    .size = sizeof(struct nw_host),
    .abi_minor = NW_ABI_MINOR,
    .set_feed = nw_sink_set_feed,
    .add_article = nw_article_add,
    .add_follow = nw_sink_add_follow,
    .add_tag = nw_evidence_add_tag,
    .add_alert = nw_evidence_add_alert,
    .add_message = nw_sink_add_message,
    .note = note,
    .fail = fail,
    .log = log_line,
    .now_ms = now_ms,
    .alloc = alloc,
    .decode = decode,
    .date_parse = date_parse,
    .url_resolve = url_resolve,
    .html_text = html_text,
    .lang_detect = lang_detect,
    .query_add = nw_evaluate_add,
    .query_next = nw_evaluate_next,
    .query_holds = nw_evaluate_holds,
    .refuse = refuse,
    .suggest = nw_sink_suggest,
};
