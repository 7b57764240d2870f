/*
 * tagger-places - gives an article the countries, people and bodies it speaks of.
 * An entry's condition says how it is named; a country's tag is of kind place, so that `country:RU` sees it.
 */
#include <stdlib.h>
#include <string.h>

#include <newswatch/plugin.h>

enum { MATCH, KIND, TITLE, LANG };

static const struct nw_option entry_options[] = {
    {.name = "match", .type = NW_OPT_QUERY, .flags = NW_OPTF_REQUIRED, .help = "how texts name it"},
    {.name = "kind", .type = NW_OPT_ENUM, .defval = "country", .choices = "country|person|organisation",
	.help = "what it is; the name of a country is its ISO 3166 code"},
    {.name = "title", .type = NW_OPT_STR, .defval = "", .max = 256, .help = "its name for people"},
    {.name = "lang", .type = NW_OPT_LIST, .max = 64, .help = "only articles in these languages; empty: all"},
    {.name = "examples.fires", .type = NW_OPT_LIST, .max = 1000, .help = "texts that must get the tag"},
    {.name = "examples.silent", .type = NW_OPT_LIST, .max = 1000, .help = "texts that must not get it"},
    {0},
};

/* By the option's choices. */
static const char *const kinds[] = {"place", "person", "organisation"};

struct place {
	char *name;
	const char *kind;
};

struct places {
	const struct nw_host *host;
	uint32_t n;
	struct place *place;
};

static void
places_close(void *state)
{
	struct places *p = state;

	if (p == NULL)
		return;
	for (uint32_t i = 0; p->place != NULL && i < p->n; i++)
		free(p->place[i].name);
	free(p->place);
	free(p);
}

static int
add_place(struct places *p, const struct nw_instance *inst, uint32_t i, struct nw_str name, const struct nw_value *v)
{
	struct nw_expr x = {.size = sizeof(x), .entry = i, .cookie = i, .match = &v[MATCH]};

	if ((p->place[i].name = strndup(name.p, name.len)) == NULL)
		return NW_ERES;
	p->place[i].kind = kinds[v[KIND].num];
	return p->host->query_add(inst, &x);
}

static int
places_open(const struct nw_host *host, const struct nw_instance *inst, const struct nw_conf *conf, void **state_r)
{
	struct places *p = calloc(1, sizeof(*p));
	int rc = NW_OK;

	if (p == NULL || (p->place = calloc(conf->nentry + 1u, sizeof(*p->place))) == NULL) {
		free(p);
		return NW_ERES;
	}
	p->host = host;
	p->n = conf->nentry;
	/* what is wrong with one was told with its place; the others are looked at in the same run */
	for (uint32_t i = 0; i < p->n && rc != NW_ERES; i++)
		rc = add_place(p, inst, i, conf->name[i], conf->entry[i]);
	if (rc == NW_ERES) {
		places_close(p);
		return rc;
	}
	*state_r = p;
	return NW_OK;
}

static int
places_tag(void *state, const struct nw_article *a, struct nw_sink *out)
{
	struct places *p = state;
	struct nw_evidence ev = {.size = sizeof(ev)};
	uint32_t cookie;
	int rc;

	while ((rc = p->host->query_next(out, a, &cookie, &ev)) == NW_OK || rc == NW_NEAR) {
		const struct place *place = &p->place[cookie];
		struct nw_tag tag = {.size = sizeof(tag), .kind = {place->kind, strlen(place->kind)},
		    .name = {place->name, strlen(place->name)}, .hits = ev.hits, .nhits = ev.nhits, .clause = ev.clause,
		    .nclause = ev.nclause};

		if (rc == NW_OK && (rc = p->host->add_tag(out, &tag)) != NW_OK)
			break;
	}
	return rc == NW_DONE ? NW_OK : rc;
}

static const struct nw_tagger_ops ops = {.tag = places_tag};

NW_PLUGIN(tagger_places) = {
    NW_PLUGIN_HEAD(NW_KIND_TAGGER),
    .name = "tagger-places",
    .version = "1.0",
    .summary = "countries, people and bodies an article speaks of, by the names of a list",
    .section = "places",
    .entry = entry_options,
    .open = places_open,
    .close = places_close,
    .ops = {.tagger = &ops},
};
