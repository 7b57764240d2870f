/*
 * explain.h - the whole way of an article, from the store's steps, with what is known of the watch beside
 * them. Floor 4.
 */
#ifndef NW_CLI_EXPLAIN_H
#define NW_CLI_EXPLAIN_H

#include <jansson.h>

#include "cli/store_arg.h"

struct nw_cli;
struct nw_err;

struct nw_explain {
	const struct nw_cli *cli;
	struct nw_store_arg *from;
	struct nw_str article, watch;	   /* as asked; ${watch} "": all */
	const struct nw_conf_entry *entry; /* of the watch, NULL if it is not configured */
	const char *no_watch;		   /* then why */
};

/*
 * nw_explain_run(explain, err):
 * Print it: as text, or as one JSON object a known article.
 * returns  1 the article is known, 0 it is not (how far it could have come was printed), -1.
 */
int nw_explain_run(struct nw_explain *, struct nw_err *);

/*
 * What of the watch's expression is wanting: [{"what","part","text"}]; NULL without memory.
 * ${apart_from_envelope}: its envelope keeps the watch silent anyway, so that an expression that holds is no
 * riddle.
 */
json_t *nw_explain_lacks(const struct nw_explain *, const Nw__Article *, int apart_from_envelope);
/* The watches that came nearest to firing: [{"watch","share","lacks"}], share in hundredths; NULL without memory. */
json_t *nw_explain_nearest(const struct nw_explain *, const Nw__Article *);
/* For an address the store knows nothing of: the source that is configured for its host, NULL if none; a new
 * reference. */
json_t *nw_explain_configured(const struct nw_explain *);
/* The reason the watch's envelope gives for not looking at the article, NULL if none: a new reference. */
json_t *nw_explain_envelope(const struct nw_explain *, const Nw__Article *);
#endif
