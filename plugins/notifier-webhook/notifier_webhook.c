/* notifier-webhook - renders alerts as one JSON object under the size Standard Webhooks allows. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <newswatch/plugin.h>

#define BODY_MAX     (20u * 1024 - 256) /* bytes; the receiver may refuse 20 kB and more */
#define PASSAGE_MAX  1200		/* bytes of one passage at first; halved until the body fits */
#define EVIDENCE_MAX 16

static const struct nw_host *the_host; /* one process, one host table, set once in open() */

static int
webhook_open(const struct nw_host *host, const struct nw_instance *inst, const struct nw_conf *conf, void **state_r)
{
	(void)inst;
	(void)conf;
	the_host = host;
	*state_r = NULL;
	return NW_OK;
}

/* How much of a body is shown: one step smaller each time it does not fit. */
struct size {
	size_t text;
	uint32_t evidence, alerts;
};

static size_t
cut(struct nw_str s, size_t max)
{
	if (s.len <= max)
		return s.len;
	while (max > 0 && ((unsigned char)s.p[max] & 0xc0) == 0x80)
		max--;
	return max;
}

/* The host has checked UTF-8, so jansson takes it; a failure would make a field vanish and must show. */
static int
set_text(json_t *o, const char *name, struct nw_str s, size_t max)
{
	return json_object_set_new(o, name, json_stringn(s.p, cut(s, max)));
}

static json_t *
instant(int64_t at_ms)
{
	time_t at = (time_t)(at_ms / 1000);
	char text[64];
	struct tm tm;

	if (at_ms == NW_TIME_NONE || gmtime_r(&at, &tm) == NULL)
		return json_null();
	return json_stringn(text, strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &tm));
}

static struct nw_str
field_text(const struct nw_article *a, uint32_t field, const char **name_r)
{
	static const char *const name[NW_FIELD_N] = {"title", "body", "summary", "author", "url", "removed:title",
	    "removed:body"};
	const struct nw_str text[NW_FIELD_N] = {a->title, a->body, a->summary, a->author, a->url, a->prev_title,
	    a->prev_body};

	*name_r = field < NW_FIELD_N ? name[field] : "";
	return field < NW_FIELD_N ? text[field] : (struct nw_str){"", 0};
}

static json_t *
evidence(const struct nw_notice *n, const struct size *size)
{
	json_t *list = json_array();

	for (uint32_t i = 0; i < n->nhits && i < size->evidence; i++) {
		const struct nw_hit *h = &n->hits[i];
		const char *name;
		struct nw_str t = field_text(n->article, h->field, &name);
		json_t *o;

		if ((size_t)h->off + h->len > t.len || (size_t)h->passage_off + h->passage_len > t.len)
			continue;
		o = json_pack("{s:s,s:I,s:I,s:I}", "field", name, "start", (json_int_t)h->off, "end",
		    (json_int_t)h->off + h->len, "passage_start", (json_int_t)h->passage_off);
		if (o == NULL || set_text(o, "text", (struct nw_str){t.p + h->off, h->len}, size->text) == -1 ||
		    set_text(o, "passage", (struct nw_str){t.p + h->passage_off, h->passage_len}, size->text) == -1 ||
		    (h->clause < n->nclause && set_text(o, "clause", n->clause[h->clause], size->text) == -1) ||
		    json_array_append_new(list, o) == -1) {
			json_decref(list);
			return NULL;
		}
	}
	return list;
}

static json_t *
topics(const struct nw_notice *n)
{
	json_t *list = json_array();

	for (uint32_t i = 0; i < n->ntags; i++) {
		json_t *o = json_object();

		if (set_text(o, "kind", n->tags[i]->kind, 64) == -1 || set_text(o, "name", n->tags[i]->name, 64) == -1 ||
		    set_text(o, "class", n->tags[i]->cls, 64) == -1 || json_array_append_new(list, o) == -1) {
			json_decref(list);
			return NULL;
		}
	}
	return list;
}

static json_t *
article(const struct nw_article *a, const struct size *size)
{
	static const char *const precision[] = {"", "year", "month", "day", "minute"};
	json_t *o = json_object();

	if (set_text(o, "url", a->url, 4096) == -1 || set_text(o, "title", a->title, size->text) == -1 ||
	    set_text(o, "source", a->source, 256) == -1 || set_text(o, "language", a->lang, 64) == -1 ||
	    set_text(o, "author", a->author, 256) == -1 || set_text(o, "number", a->number, 256) == -1 ||
	    json_object_set_new(o, "published", instant(a->published.at_ms)) == -1 ||
	    json_object_set_new(o, "published_precision",
		json_string(precision[a->published.precision <= NW_PREC_MINUTE ? a->published.precision : 0])) == -1 ||
	    json_object_set_new(o, "first_seen", instant(a->first_seen_ms)) == -1 ||
	    json_object_set_new(o, "revision", json_integer(a->revision)) == -1) {
		json_decref(o);
		return NULL;
	}
	return o;
}

static json_t *
old_sentences(const struct nw_notice *n, const struct size *size)
{
	json_t *list = json_array();

	for (uint32_t i = 0; i < n->nold && i < size->evidence; i++)
		if (json_array_append_new(list, json_stringn(n->old[i].p, cut(n->old[i], size->text))) == -1) {
			json_decref(list);
			return NULL;
		}
	return list;
}

/* A word of the daemon itself to its operator: no address and no evidence, its body is what it says. */
static int
is_own(const struct nw_notice *n)
{
	return n->article->url.len == 0 && n->nhits == 0;
}

static json_t *
alert(const struct nw_notice *n, const struct size *size)
{
	static const char *const severity[] = {"info", "normal", "high", "critical"};
	json_t *o = json_object();

	if (set_text(o, "id", n->id, 128) == -1 || set_text(o, "watch", n->watch, 256) == -1 ||
	    json_object_set_new(o, "severity",
		json_string(severity[n->severity <= NW_SEV_CRITICAL ? n->severity : NW_SEV_NORMAL])) == -1 ||
	    set_text(o, "owner", n->owner, 256) == -1 ||
	    json_object_set_new(o, "score", n->has_score ? json_integer(n->score) : json_null()) == -1 ||
	    json_object_set_new(o, "provisional", json_boolean(n->provisional)) == -1 ||
	    json_object_set_new(o, "alerted", instant(n->alerted_at_ms)) == -1 ||
	    json_object_set_new(o, "article", article(n->article, size)) == -1 ||
	    json_object_set_new(o, "topics", topics(n)) == -1 ||
	    json_object_set_new(o, "evidence", evidence(n, size)) == -1 ||
	    json_object_set_new(o, "evidence_total", json_integer(n->nhits)) == -1 ||
	    json_object_set_new(o, "removed", old_sentences(n, size)) == -1 ||
	    set_text(o, "document_sha256", n->document_sha256, 64) == -1 ||
	    (is_own(n) && set_text(o, "text", n->article->body, 8 * size->text) == -1)) {
		json_decref(o);
		return NULL;
	}
	return o;
}

static char *
body(const struct nw_notice *const *notice, uint32_t n, const struct size *size)
{
	json_t *o = json_object(), *list = json_array();
	char *text = NULL;
	uint32_t i, shown = n < size->alerts ? n : size->alerts;

	for (i = 0; i < shown; i++)
		if (json_array_append_new(list, alert(notice[i], size)) == -1)
			break;
	if (i == shown && json_object_set_new(o, "type", json_string(is_own(notice[0]) ? "newswatch.notice" : "newswatch.alert")) == 0 &&
	    json_object_set_new(o, "timestamp", instant(notice[0]->alerted_at_ms)) == 0 &&
	    json_object_set_new(o, "omitted", json_integer(n - shown)) == 0 && json_object_set(o, "alerts", list) == 0)
		text = json_dumps(o, JSON_COMPACT);
	json_decref(list);
	json_decref(o);
	return text;
}

/* First the texts of all, then their number: what is left out is at least counted. */
static void
make_smaller(struct size *size)
{
	size->evidence = size->evidence > 2 ? size->evidence / 2 : 1;
	if (size->text < PASSAGE_MAX / 4 && size->alerts > 1)
		size->alerts = (size->alerts + 1) / 2;
	if (size->text > 8)
		size->text /= 2;
}

static int
webhook_render(void *state, struct nw_str kind, const struct nw_notice *const *notice, uint32_t n, struct nw_sink *sink)
{
	struct size size = {PASSAGE_MAX, EVIDENCE_MAX, n};
	struct nw_message m = {.size = sizeof(m)};
	char *text;
	int rc;

	(void)state;
	if (kind.len != 7 || memcmp(kind.p, "webhook", 7) != 0)
		return NW_DONE;
	if (n == 0)
		return the_host->fail(sink, NW_EPLUGIN, "nothing to render");
	while ((text = body(notice, n, &size)) != NULL && strlen(text) > BODY_MAX && (size.text > 8 || size.alerts > 1)) {
		free(text);
		make_smaller(&size);
	}
	if (text == NULL)
		return the_host->fail(sink, NW_ERES, "the webhook's JSON could not be made");
	m.json = (struct nw_str){text, strlen(text)};
	rc = the_host->add_message(sink, &m);
	free(text);
	return rc;
}

static const struct nw_notifier_ops ops = {.render = webhook_render};

NW_PLUGIN(notifier_webhook) = {
    NW_PLUGIN_HEAD(NW_KIND_NOTIFIER),
    .name = "notifier-webhook",
    .version = "1.0",
    .summary = "alerts as one JSON object for a webhook",
    .open = webhook_open,
    .ops.notifier = &ops,
};
