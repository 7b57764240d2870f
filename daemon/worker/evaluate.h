/*
 * evaluate.h - one article through the taggers and the rules.
 * Floor 4.
 */
#ifndef NW_WORKER_EVALUATE_H
#define NW_WORKER_EVALUATE_H

#include "worker/sink.h"

struct nw_conf_place;

enum {
	NW_EVALUATE_TAG = 1,	 /* run the taggers; else the tags the article came with count */
	NW_EVALUATE_RULES = 2,
	NW_EVALUATE_SIMHASH = 4,
	NW_EVALUATE_LANGUAGE = 8, /* ask tagger-language where the language is not known */
	NW_EVALUATE_KEEP = 16,	  /* with TAG: the tags the article came with stand beside the taggers' */
};

/*
 * nw_evaluate(sink, article, what):
 * Analyse ${article} once, give it tags and alerts.  A tagger or rule that fails leaves a note, the others go on.
 * errors  -1 with sink->err where the article could not be analysed or the batch is full: the job has failed.
 */
int nw_evaluate(struct nw_sink *, Nw__Article *, uint32_t what);

/* The host table's query_add(), query_next() and query_holds(). */
int nw_evaluate_add(const struct nw_instance *, const struct nw_expr *);
/* What is wrong with an expression or a list (a nw_query_diag_fn's severity): once where that refuses the whole. */
void nw_evaluate_tell(struct nw_worker *, uint32_t severity, const struct nw_conf_place *, const char *text);
/* After open(): expressions can be found by their cookies. */
void nw_evaluate_ready(struct nw_instance *);
int nw_evaluate_next(struct nw_sink *, const struct nw_article *, uint32_t *cookie_r, struct nw_evidence *);
int nw_evaluate_holds(struct nw_sink *, const struct nw_article *, uint32_t cookie, struct nw_evidence *);
#endif
