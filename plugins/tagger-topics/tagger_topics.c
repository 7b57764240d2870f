/*
 * tagger-topics - gives an article the topics whose conditions hold, each with its class.
 * A topic is asked by `match` (or `score`, or both); only where it holds, `news` and `stance` are asked: news if
 * something is done, stance if somebody speaks for or against, else mention.  Where a topic has a `setting`, news is news
 * only in it: the setting says what kind of text this must be, and its words are no evidence of the act.
 */
#include <stdlib.h>
#include <string.h>

#include <newswatch/plugin.h>

enum { MATCH, SCORE, NEWS, STANCE, SETTING, LANG };

static const struct nw_option entry_options[] = {
    {.name = "match", .type = NW_OPT_QUERY, .help = "when the article is about the topic"},
    {.name = "score", .type = NW_OPT_SCORE, .help = "the same by weighted clauses; with match beside it both must hold"},
    {.name = "news", .type = NW_OPT_QUERY, .help = "something is done: class news"},
    {.name = "stance", .type = NW_OPT_QUERY, .help = "somebody speaks for or against: class stance"},
    {.name = "setting", .type = NW_OPT_QUERY, .help = "what must hold beside news for class news; it shows no evidence"},
    {.name = "lang", .type = NW_OPT_LIST, .max = 64, .help = "only articles in these languages; empty: all"},
    {.name = "examples.news", .type = NW_OPT_LIST, .max = 1000, .help = "texts that must get class news"},
    {.name = "examples.stance", .type = NW_OPT_LIST, .max = 1000, .help = "texts that must get class stance"},
    {.name = "examples.mention", .type = NW_OPT_LIST, .max = 1000, .help = "texts that must get class mention"},
    {.name = "examples.fires", .type = NW_OPT_LIST, .max = 1000, .help = "texts that must get the topic, of any class"},
    {.name = "examples.silent", .type = NW_OPT_LIST, .max = 1000, .help = "texts that must not get the topic"},
    {0},
};

/* A topic's expressions lie at cookie 4 * entry + one of these. */
enum { ASK_TOPIC, ASK_NEWS, ASK_STANCE, ASK_SETTING, COOKIES = 4 };

struct topics {
	const struct nw_host *host;
	uint32_t n;
	struct topic {
		char *name;
		int has_setting;
	} *topic;
};

static void
topics_close(void *state)
{
	struct topics *t = state;

	if (t == NULL)
		return;
	for (uint32_t i = 0; t->topic != NULL && i < t->n; i++)
		free(t->topic[i].name);
	free(t->topic);
	free(t);
}

static int
add_class(const struct nw_host *host, const struct nw_instance *inst, uint32_t entry, const struct nw_value *match,
    uint32_t ask)
{
	struct nw_expr x = {
	    .size = sizeof(x),
	    .flags = NW_EXPR_LAZY,
	    .entry = entry,
	    .cookie = entry * COOKIES + ask,
	    .match = match,
	};

	return match->given ? host->query_add(inst, &x) : NW_OK;
}

static int
add_topic(const struct nw_host *host, const struct nw_instance *inst, uint32_t entry, const struct nw_value *v)
{
	struct nw_expr x = {
	    .size = sizeof(x),
	    .entry = entry,
	    .cookie = entry * COOKIES + ASK_TOPIC,
	    .match = &v[MATCH],
	    .score = &v[SCORE],
	};
	int rc;

	if (!v[MATCH].given && !v[SCORE].given)
		return host->refuse(inst, entry, NULL, "a topic needs 'match' or 'score'");
	if ((rc = host->query_add(inst, &x)) != NW_OK || (rc = add_class(host, inst, entry, &v[NEWS], ASK_NEWS)) != NW_OK ||
	    (rc = add_class(host, inst, entry, &v[SETTING], ASK_SETTING)) != NW_OK)
		return rc;
	return add_class(host, inst, entry, &v[STANCE], ASK_STANCE);
}

static int
topics_open(const struct nw_host *host, const struct nw_instance *inst, const struct nw_conf *conf, void **state_r)
{
	struct topics *t = calloc(1, sizeof(*t));
	int rc = NW_OK;

	if (t == NULL || (t->topic = calloc(conf->nentry + 1u, sizeof(*t->topic))) == NULL) {
		free(t);
		return NW_ERES;
	}
	t->host = host;
	t->n = conf->nentry;
	/* what is wrong with a topic was told with its place; the others are looked at in the same run */
	for (uint32_t i = 0; i < t->n && rc != NW_ERES; i++) {
		t->topic[i].has_setting = conf->entry[i][SETTING].given;
		t->topic[i].name = strdup(conf->name[i].p);
		rc = t->topic[i].name != NULL ? add_topic(host, inst, i, conf->entry[i]) : NW_ERES;
	}
	if (rc == NW_ERES) {
		topics_close(t);
		return rc;
	}
	*state_r = t;
	return NW_OK;
}

static int
in_setting(const struct topics *t, uint32_t entry, const struct nw_article *a, struct nw_sink *out)
{
	struct nw_evidence unshown = {.size = sizeof(unshown)};

	return !t->topic[entry].has_setting ||
	       t->host->query_holds(out, a, entry * COOKIES + ASK_SETTING, &unshown) == NW_OK;
}

/* The class, and in ${ev} what shows it; the topic's own expression shows a mention. */
static const char *
class_of(const struct topics *t, uint32_t entry, const struct nw_article *a, struct nw_sink *out, struct nw_evidence *ev)
{
	if (in_setting(t, entry, a, out) && t->host->query_holds(out, a, entry * COOKIES + ASK_NEWS, ev) == NW_OK)
		return "news";
	if (t->host->query_holds(out, a, entry * COOKIES + ASK_STANCE, ev) == NW_OK)
		return "stance";
	ev->nhits = ev->nclause = 0;
	return "mention";
}

static int
has_hit(const struct nw_hit *hits, uint32_t n, const struct nw_hit *h)
{
	for (uint32_t i = 0; i < n; i++)
		if (hits[i].field == h->field && hits[i].off == h->off && hits[i].len == h->len)
			return 1;
	return 0;
}

/* The class's evidence first, then the topic's; no place twice.  -1 without memory. */
static int
join(const struct topics *t, struct nw_sink *out, const struct nw_evidence *cls, const struct nw_evidence *topic,
    struct nw_tag *tag)
{
	struct nw_hit *hits = t->host->alloc(out, (cls->nhits + topic->nhits + 1u) * sizeof(*hits));
	struct nw_str *clause = t->host->alloc(out, (cls->nclause + topic->nclause + 1u) * sizeof(*clause));
	uint32_t n = cls->nhits;

	if (hits == NULL || clause == NULL)
		return -1;
	for (uint32_t i = 0; i < cls->nhits; i++)
		hits[i] = cls->hits[i];
	for (uint32_t i = 0; i < cls->nclause; i++)
		clause[i] = cls->clause[i];
	for (uint32_t i = 0; i < topic->nclause; i++)
		clause[cls->nclause + i] = topic->clause[i];
	for (uint32_t i = 0; i < topic->nhits; i++) {
		if (has_hit(hits, n, &topic->hits[i]))
			continue;
		hits[n] = topic->hits[i];
		hits[n++].clause += cls->nclause;
	}
	tag->hits = hits;
	tag->nhits = n;
	tag->clause = clause;
	tag->nclause = cls->nclause + topic->nclause;
	return 0;
}

static int
topics_tag(void *state, const struct nw_article *a, struct nw_sink *out)
{
	const struct topics *t = state;
	struct nw_evidence topic = {.size = sizeof(topic)}, cls = {.size = sizeof(cls)};
	uint32_t cookie;
	int rc;

	while ((rc = t->host->query_next(out, a, &cookie, &topic)) == NW_OK || rc == NW_NEAR) {
		const char *name = t->topic[cookie / COOKIES].name, *class;
		struct nw_tag tag = {.size = sizeof(tag), .score = topic.score, .has_score = topic.has_score};

		if (rc == NW_NEAR)
			continue;
		class = class_of(t, cookie / COOKIES, a, out, &cls);
		tag.name = (struct nw_str){name, strlen(name)};
		tag.cls = (struct nw_str){class, strlen(class)};
		if (join(t, out, &cls, &topic, &tag) == -1)
			return t->host->fail(out, NW_ELIMIT, "no memory for the evidence of topic %s", name);
		if ((rc = t->host->add_tag(out, &tag)) != NW_OK)
			break;
	}
	return rc == NW_DONE ? NW_OK : rc;
}

static const struct nw_tagger_ops ops = {.tag = topics_tag};

NW_PLUGIN(tagger_topics) = {
    NW_PLUGIN_HEAD(NW_KIND_TAGGER),
    .name = "tagger-topics",
    .version = "1.0",
    .summary = "topics by conditions of the watch language, with class news, stance or mention",
    .section = "topics",
    .entry = entry_options,
    .open = topics_open,
    .close = topics_close,
    .ops = {.tagger = &ops},
};
