/*
 * rule-watch - raises an alert for each watch whose condition holds, and a near miss for each that only a negative
 * clause silenced.
 */
#include <stdlib.h>

#include <newswatch/plugin.h>

enum { MATCH, SCORE, LANG, SCOPE };

static const struct nw_option entry_options[] = {
    {.name = "match", .type = NW_OPT_QUERY, .help = "the condition"},
    {.name = "score", .type = NW_OPT_SCORE, .help = "the same by weighted clauses; with match beside it both must hold"},
    {.name = "lang", .type = NW_OPT_LIST, .max = 64, .help = "only articles in these languages; empty: all"},
    {.name = "scope",
	.type = NW_OPT_ENUM,
	.defval = "any",
	.choices = "any|new-text|title|lead",
	.help = "where the condition looks: everywhere, in what an edit added, in the title, in the lead"},
    {.name = "examples.fires", .type = NW_OPT_LIST, .max = 1000, .help = "texts on which the watch must fire"},
    {.name = "examples.silent", .type = NW_OPT_LIST, .max = 1000, .help = "texts on which it must stay silent"},
    {0},
};

struct watches {
	const struct nw_host *host;
	uint32_t severity[]; /* of each entry */
};

static int
add_watch(const struct nw_host *host, const struct nw_instance *inst, uint32_t entry, const struct nw_value *v)
{
	struct nw_expr x = {
	    .size = sizeof(x),
	    .entry = entry,
	    .cookie = entry,
	    .match = &v[MATCH],
	    .score = &v[SCORE],
	    .scope = v[SCOPE].str,
	};

	if (!v[MATCH].given && !v[SCORE].given)
		return host->refuse(inst, entry, NULL, "a watch needs 'match' or 'score'");
	return host->query_add(inst, &x);
}

static int
watches_open(const struct nw_host *host, const struct nw_instance *inst, const struct nw_conf *conf, void **state_r)
{
	struct watches *w = calloc(1, sizeof(*w) + conf->nentry * sizeof(w->severity[0]));

	if (w == NULL)
		return NW_ERES;
	w->host = host;
	for (uint32_t i = 0; i < conf->nentry; i++) {
		w->severity[i] = conf->severity[i];
		/* what is wrong with a watch was told with its place; the others are looked at in the same run */
		if (add_watch(host, inst, i, conf->entry[i]) == NW_ERES) {
			free(w);
			return NW_ERES;
		}
	}
	*state_r = w;
	return NW_OK;
}

static void
watches_close(void *state)
{
	free(state);
}

static int
watches_match(void *state, const struct nw_article *a, struct nw_sink *out)
{
	const struct watches *w = state;
	struct nw_evidence ev = {.size = sizeof(ev)};
	uint32_t i; /* the cookie: which watch */
	int rc;

	while ((rc = w->host->query_next(out, a, &i, &ev)) == NW_OK || rc == NW_NEAR) {
		struct nw_alert alert = {
		    .size = sizeof(alert),
		    .entry = i,
		    .severity = w->severity[i],
		    .score = ev.score,
		    .has_score = ev.has_score,
		    .near = rc == NW_NEAR,
		    .nhits = ev.nhits,
		    .nblocked = ev.nblocked,
		    .nclause = ev.nclause,
		    .hits = ev.hits,
		    .blocked = ev.blocked,
		    .clause = ev.clause,
		};

		if ((rc = w->host->add_alert(out, &alert)) != NW_OK)
			break;
	}
	return rc == NW_DONE ? NW_OK : rc;
}

static const struct nw_rule_ops ops = {.match = watches_match};

NW_PLUGIN(rule_watch) = {
    NW_PLUGIN_HEAD(NW_KIND_RULE),
    .name = "rule-watch",
    .version = "1.0",
    .summary = "alerts by conditions of the watch language",
    .section = "watches",
    .entry = entry_options,
    .open = watches_open,
    .close = watches_close,
    .ops = {.rule = &ops},
};
