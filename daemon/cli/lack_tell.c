/* What one watch's expression lacks, told part by part. */
#include <stdlib.h>

#include "base/buf.h"
#include "cli/lack_own.h"

struct tale {
	const struct nw_lack_watch *watch;
	nw_lack_fn *fn;
	void *cookie;
};

static void
tell(struct tale *l, enum nw_lack what, const struct nw_ast *node)
{
	const struct nw_lack_part *p = nw_lack_part(l->watch, node);
	struct nw_buf text = {0};

	nw_lack_print(node, p != NULL ? p->field : NULL, &text);
	l->fn(l->cookie, what, nw_buf_str(&text));
	nw_buf_done(&text);
}

static void describe(struct tale *, const struct nw_ast *);

static void
describe_or(struct tale *l, const struct nw_ast *a)
{
	const struct nw_ast *best = NULL;
	uint32_t most = 0, s;

	for (uint32_t i = 0; i < a->nkid; i++)
		if ((s = nw_lack_share(l->watch, a->kid[i])) > most) {
			most = s;
			best = a->kid[i];
		}
	if (best == NULL) {
		tell(l, NW_LACK_ABSENT, a);
		return;
	}
	tell(l, NW_LACK_INSTEAD, best);
	describe(l, best);
}

/* Operands that do not hold by themselves are what is missing; where all hold, it is their distance. */
static void
describe_kids(struct tale *l, const struct nw_ast *a)
{
	uint32_t told = 0;

	for (uint32_t i = 0; i < a->nkid; i++) {
		const struct nw_ast *kid = a->kid[i];

		if (kid->kind == NW_AST_NOT) {
			if (nw_lack_holds(l->watch, kid->kid[0]) &&
			    nw_lack_part(l->watch, kid->kid[0]) != NULL)
				tell(l, NW_LACK_EXCLUDED, kid->kid[0]), told++;
		} else if (!nw_lack_holds(l->watch, kid)) {
			describe(l, kid), told++;
		}
	}
	if (told == 0)
		tell(l, NW_LACK_APART, a);
}

static void
describe(struct tale *l, const struct nw_ast *a)
{
	switch (a->kind) {
	case NW_AST_OR:
		describe_or(l, a);
		break;
	case NW_AST_AND:
	case NW_AST_NEAR:
	case NW_AST_PRE:
	case NW_AST_SENT:
	case NW_AST_PARA:
	case NW_AST_IN:
	case NW_AST_FIELD:
		describe_kids(l, a);
		break;
	case NW_AST_NOTNEAR:
	case NW_AST_NOTSENT:
	case NW_AST_NOTPARA:
	case NW_AST_NOTIN:
		if (nw_lack_holds(l->watch, a->kid[0]))
			tell(l, NW_LACK_EXCLUDED, a);
		else
			describe(l, a->kid[0]);
		break;
	default:
		tell(l, NW_LACK_ABSENT, a);
	}
}

/* --- the whole ------------------------------------------------------------------------------------------ */

static void
tell_watch(struct nw_lack_hand *h, struct tale *l)
{
	const struct nw_lack_watch *w = l->watch;
	enum nw_lack what = nw_lack_whole(h, w);

	if (what != NW_LACK_ABSENT) {
		l->fn(l->cookie, what, NW_STR(""));
		return;
	}
	for (uint32_t i = 0; i < w->nroot; i++)
		if (!nw_lack_holds(w, w->root[i]))
			describe(l, w->root[i]);
}

int
nw_lack_find(const struct nw_config *conf, const struct nw_conf_entry *watch, const Nw__Article *article,
    int64_t now_ms, nw_lack_fn *fn, void *cookie)
{
	struct nw_lack_watch *w = malloc(sizeof(*w));
	struct tale l = {.watch = w, .fn = fn, .cookie = cookie};
	struct nw_lack_hand h = {0};
	int rc = -1;

	if (w != NULL && nw_lack_open(&h, conf) == 0 && nw_lack_add(&h, w, watch) == 0 &&
	    nw_lack_ask(&h, article, now_ms, w, 1) == 0) {
		tell_watch(&h, &l);
		rc = 0;
	}
	nw_lack_close(&h);
	free(w);
	return rc;
}
