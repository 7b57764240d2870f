#include "page.h"

static const struct {
	uint64_t most;
	const char *note;
} works[NW_PAGE_WORKS] = {
    [NW_PAGE_WORK_LINES] = {8000000, "the page's lines were read no further after %llu steps"},
    [NW_PAGE_WORK_DATES] = {30000, "no more dates were looked for after %llu texts"},
    [NW_PAGE_WORK_SELECTORS] = {20000000, "the selectors were given up after %llu steps"},
};

void *
nw_page_alloc(struct nw_page *pg, size_t n)
{
	void *p = pg->host->alloc(pg->out, n != 0 ? n : 1);

	if (p == NULL)
		pg->oom = 1;
	return p;
}

uint64_t
nw_page_left(const struct nw_page *pg, enum nw_page_work work)
{
	return pg->spent[work] < works[work].most ? works[work].most - pg->spent[work] : 0;
}

int
nw_page_spend(struct nw_page *pg, enum nw_page_work work, uint64_t steps)
{
	uint64_t before = pg->spent[work], most = works[work].most;

	pg->spent[work] += steps;
	if (pg->spent[work] <= most)
		return 1;
	if (before <= most)
		pg->host->note(pg->out, works[work].note, (unsigned long long)most);
	return 0;
}
