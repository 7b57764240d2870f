#include <stdlib.h>

#include "query/prog.h"
#include "query/regex.h"

int
nw_prog_room(void **v, uint32_t *cap, uint32_t used, uint32_t n, size_t size)
{
	uint32_t want = *cap == 0 ? 16 : *cap;
	void *p;

	if (n > UINT32_MAX / 2 - used)
		return -1;
	if (used + n <= *cap)
		return 0;
	while (want < used + n)
		want += want / 2;
	if ((p = realloc(*v, want * size)) == NULL)
		return -1;
	*v = p;
	*cap = want;
	return 0;
}

struct nw_prog_text
nw_prog_add_text(struct nw_prog *p, const char *s, size_t len)
{
	struct nw_prog_text t = {(uint32_t)p->text.len, (uint32_t)len};

	nw_buf_add(&p->text, s, len);
	nw_buf_addc(&p->text, '\0');
	return t;
}

size_t
nw_prog_bytes(const struct nw_prog *p)
{
	return nw_phrase_bytes(&p->phrases) + p->node_cap * sizeof(*p->node) + p->value_cap * sizeof(*p->value) +
	    p->list_cap * sizeof(*p->list) + (p->entry_cap + p->list_regex_cap) * sizeof(*p->entry) +
	    p->clause_cap * sizeof(*p->clause) + p->expr_cap * sizeof(*p->expr) + p->text.cap +
	    (p->by_phrase_first != NULL ? (2 * p->phrases.n + p->nlist + 2 * p->nexpr) * sizeof(uint32_t) : 0) + p->ntag * sizeof(*p->tag);
}

void
nw_prog_done(struct nw_prog *p)
{
	for (uint32_t i = 0; i < p->nregex; i++)
		nw_regex_free(p->regex[i]);
	nw_phrase_done(&p->phrases);
	free(p->node);
	free(p->value);
	free(p->list);
	free(p->entry);
	free(p->list_regex);
	free(p->regex);
	free(p->clause);
	free(p->expr);
	free(p->same);
	free(p->list_of_first);
	free(p->list_of);
	free(p->by_phrase_first);
	free(p->by_phrase);
	free(p->by_list_first);
	free(p->by_list);
	free(p->tag);
	nw_buf_done(&p->text);
	*p = (struct nw_prog){0};
}
