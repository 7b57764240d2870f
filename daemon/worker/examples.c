#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "core/conf_type.h"
#include "core/frame.h"
#include "text/lang.h"
#include "worker/entries.h"
#include "worker/evaluate.h"
#include "worker/examples.h"

/* What an example promises. */
static const struct promise {
	const char *option;
	int fires;
	const char *cls; /* NULL: any */
} promises[] = {
    {"examples.fires", 1, NULL},
    {"examples.silent", 0, NULL},
    {"examples.news", 1, "news"},
    {"examples.stance", 1, "stance"},
    {"examples.mention", 1, "mention"},
};

/* What the chain said of the entry. */
struct outcome {
	int fired;
	struct nw_str cls;
	const Nw__Hit *hit; /* the first piece of evidence, NULL if none */
};

static void
make_article(struct nw_sink *s, const struct nw_instance *inst, uint32_t entry, struct nw_str text, Nw__Article *a)
{
	const Nw__Entry *e = inst->entry[entry];
	int lang = nw_conf_option(inst->plugin->entry, NW_STR("lang"));
	const struct nw_value *v = lang >= 0 ? &inst->conf.entry[entry][lang] : NULL;
	const char *bar = memmem(text.p, text.len, " | ", 3);
	char detected[NW_LANG_MAX];
	Nw__Time *now = nw_arena_alloc(s->out, sizeof(*now));

	nw__article__init(a);
	a->body = nw_pb(text);
	if (bar != NULL) {
		a->title = nw_pb(nw_sink_text(s, (struct nw_str){text.p, (size_t)(bar - text.p)}, NW_TITLE_MAX, NULL));
		a->body = nw_pb((struct nw_str){bar + 3, text.len - (size_t)(bar + 3 - text.p)});
	}
	if (v != NULL && v->nlist > 0) {
		a->lang = nw_pb(v->list[0]);
	} else {
		nw_lang_detect(text, (struct nw_str){"", 0}, detected);
		a->lang = nw_pb(nw_sink_text(s, nw_str(detected), NW_LANG_MAX, NULL));
	}
	if (e->n_sources > 0)
		a->source = e->sources[0];
	a->revision = 1;
	a->first_seen_ms = s->worker->now_ms;
	if (now != NULL) {
		nw__time__init(now);
		now->at_ms = s->worker->now_ms;
		now->precision = NW_PREC_MINUTE;
		now->origin = NW_ORIGIN_FEED;
		a->published = now;
	}
}

static struct outcome
outcome_of(const struct nw_instance *inst, uint32_t entry, const Nw__Article *a)
{
	struct nw_str name = nw_pb_str(inst->entry[entry]->name);
	uint32_t index = inst->info[entry].section_index;

	for (size_t i = 0; inst->plugin->kind == NW_KIND_RULE && i < a->n_alerts; i++)
		if (a->alerts[i]->plugin == inst->index && a->alerts[i]->entry == index && !a->alerts[i]->near)
			return (struct outcome){1, {"", 0}, a->alerts[i]->n_hits > 0 ? a->alerts[i]->hits[0] : NULL};
	for (size_t i = 0; inst->plugin->kind == NW_KIND_TAGGER && i < a->n_tags; i++)
		if (nw_str_eq(nw_pb_str(a->tags[i]->name), name) && nw_str_is(nw_pb_str(a->tags[i]->kind), "topic"))
			return (struct outcome){1, nw_pb_str(a->tags[i]->cls),
			    a->tags[i]->n_hits > 0 ? a->tags[i]->hits[0] : NULL};
	return (struct outcome){0, {"", 0}, NULL};
}

static struct nw_str
hit_text(const Nw__Article *a, const Nw__Hit *h)
{
	struct nw_str text = nw_pb_str(h->field == NW_FIELD_TITLE ? a->title : a->body);

	return (struct nw_str){text.p + h->off, h->len};
}

static void
judge(struct nw_sink *s, const struct promise *p, const struct outcome *o, const Nw__Article *a,
    const struct nw_conf_place *at)
{
	struct nw_str hit = o->hit != NULL ? hit_text(a, o->hit) : (struct nw_str){"", 0};

	if (p->fires && !o->fired)
		(void)nw_conf_diag(s->worker->diags, NW_CONF_ERROR, at,
		    "this example must fire, but stays silent; see 'newswatch match'");
	else if (!p->fires && o->fired)
		(void)nw_conf_diag(s->worker->diags, NW_CONF_ERROR, at,
		    "this example must stay silent, but fires on '%.*s'", (int)hit.len, hit.p);
	else if (o->fired && p->cls != NULL && !nw_str_is(o->cls, p->cls))
		(void)nw_conf_diag(s->worker->diags, NW_CONF_ERROR, at, "this example must be %s, but is %s (on '%.*s')",
		    p->cls, o->cls.len != 0 ? o->cls.p : "of no class", (int)hit.len, hit.p);
}

static int
check_one(struct nw_sink *s, struct nw_instance *inst, uint32_t entry, const struct promise *p, struct nw_str text,
    const struct nw_conf_place *at)
{
	struct nw_worker *w = s->worker;
	struct outcome o;
	Nw__Article a;

	if (nw_sink_begin(s, w) == -1)
		return -1;
	s->all_states = 1;
	make_article(s, inst, entry, text, &a);
	if (nw_evaluate(s, &a, NW_EVALUATE_TAG | NW_EVALUATE_RULES) == -1) {
		(void)nw_conf_diag(w->diags, NW_CONF_ERROR, at, "this example cannot be evaluated: %s", s->err.msg);
		return 0;
	}
	o = outcome_of(inst, entry, &a);
	judge(s, p, &o, &a, at);
	return 0;
}

static int
check_entry(struct nw_sink *s, struct nw_instance *inst, uint32_t entry)
{
	struct nw_conf_place place = nw_entries_place(inst, entry), at;

	for (size_t i = 0; i < sizeof(promises) / sizeof(promises[0]); i++) {
		int option = nw_conf_option(inst->plugin->entry, nw_str(promises[i].option));
		const struct nw_value *v = option >= 0 ? &inst->conf.entry[entry][option] : NULL;
		const Nw__Key *key = v != NULL ? v->host : NULL;

		for (uint32_t j = 0; v != NULL && j < v->nlist; j++) {
			at = key != NULL && j < key->n_values ? nw_conf_at_scalar(&place, key->values[j]) : place;
			if (check_one(s, inst, entry, &promises[i], v->list[j], &at) == -1)
				return -1;
		}
	}
	return 0;
}

int
nw_examples_check(struct nw_worker *w, struct nw_sink *s)
{
	for (uint32_t i = 0; i < w->ninst; i++) {
		struct nw_instance *inst = &w->inst[i];

		for (uint32_t e = 0; inst->is_open && inst->plugin->entry != NULL && e < inst->nentry; e++)
			if (!inst->info[e].refused && check_entry(s, inst, e) == -1)
				return -1;
	}
	return 0;
}
