#include "query/delta.h"
#include "query/sentence_set.h"

/* One revision, cut; with what the other one holds. */
struct side {
	struct nw_text text[2]; /* title, body */
	struct nw_sentence_set all;
};

static int
read_side(struct nw_analyse *an, const struct nw_delta_side *from, struct side *s)
{
	if (nw_analyse_text(an, from->title, &s->text[0]) == -1 || nw_analyse_text(an, from->body, &s->text[1]) == -1)
		return -1;
	for (int i = 0; i < 2; i++)
		if (nw_analyse_sentences(&s->text[i], from->lang) == -1 || nw_sentence_set_add(&s->all, &s->text[i]) == -1)
			return -1;
	nw_sentence_set_seal(&s->all);
	return 0;
}

static void
done_side(struct side *s)
{
	nw_text_done(&s->text[0]);
	nw_text_done(&s->text[1]);
	nw_sentence_set_done(&s->all);
}

/* Tell the run of sentences from ${i} on that the other side does not have; where it ends, or -1. */
static int64_t
tell_run(const struct side *here, const struct side *there, struct nw_delta_change c, uint32_t i, nw_delta_fn *fn,
    void *cookie)
{
	const struct nw_text *t = &here->text[!c.title];

	for (; i < t->nsentence && !nw_sentence_set_has(&there->all, t, i); i++) {
		c.text = (struct nw_str){t->s.p + t->sentence[i].off, t->sentence[i].len};
		if (c.text.len != 0 && fn(cookie, &c) != 0)
			return -1;
	}
	return i;
}

/* What both have keeps the two in step: beside one kept sentence of either, the runs between them are told. */
static int
tell_field(const struct side *before, const struct side *after, int title, nw_delta_fn *fn, void *cookie)
{
	uint32_t n = before->text[!title].nsentence, m = after->text[!title].nsentence;
	int64_t i = 0, k = 0;

	while (i < n || k < m) {
		i = tell_run(before, after, (struct nw_delta_change){1, title, {0}}, (uint32_t)i, fn, cookie);
		if (i == -1)
			return -1;
		k = tell_run(after, before, (struct nw_delta_change){0, title, {0}}, (uint32_t)k, fn, cookie);
		if (k == -1)
			return -1;
		i += i < n;
		k += k < m;
	}
	return 0;
}

int
nw_delta(struct nw_analyse *an, const struct nw_delta_side *before, const struct nw_delta_side *after, nw_delta_fn *fn,
    void *cookie)
{
	struct side old = {0}, new = {0};
	int rc = read_side(an, before, &old) == -1 || read_side(an, after, &new) == -1 ? -1 : 0;

	for (int title = 1; rc == 0 && title >= 0; title--)
		rc = tell_field(&old, &new, title, fn, cookie);
	done_side(&old);
	done_side(&new);
	return rc;
}
