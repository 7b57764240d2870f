/*
 * page_when.h - dates on pages, by origin.
 */
#ifndef NW_PAGE_WHEN_H
#define NW_PAGE_WHEN_H

#include "page.h"

static inline int
nw_page_when_known(const struct nw_time *t)
{
	return t->precision != NW_PREC_NONE && t->at_ms != NW_TIME_NONE;
}

/* Each fills ${when} and returns 1, or returns 0 and leaves it.  flags are NW_DATE_*. */
int nw_page_when_parse(
    struct nw_page *, struct nw_str text, uint32_t flags, uint32_t origin, struct nw_time *when);
/* A short text that is a date and little else ("Published: 12 May 2026, 10:40"). */
int nw_page_when_alone(struct nw_page *, struct nw_str text, struct nw_time *when);
/* The same of what stands in an element. */
int nw_page_when_in(struct nw_page *, const xmlNode *, struct nw_time *when);
/* 2026/03/18, 20260318, 2026-03-18, 202603/t20260318_: the day in an address. */
int nw_page_when_url(struct nw_str url, struct nw_time *when);
#endif
