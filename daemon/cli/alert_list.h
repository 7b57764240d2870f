/*
 * alert_list.h - alerts and near misses: as a list, newest first, and one with all that proves it.
 * Floor 4.
 */
#ifndef NW_CLI_ALERT_LIST_H
#define NW_CLI_ALERT_LIST_H

#include <jansson.h>

#include "cli/store_arg.h"

/* What a list is asked for; the texts are options' arguments, NULL where not given. */
struct nw_alert_ask {
	const char *since, *until, *watch, *source, *state;
	uint64_t limit;
	int near; /* near misses, not alerts */
};
#define NW_ALERT_LIMIT 50 /* rows, where nothing is said */

/* Print the list of the store that ${config} names, or with ${id} one whole; the exit code. */
int nw_alert_answer(const struct nw_cli *, const char *config, const struct nw_alert_ask *, const char *id);
/* Print one whole, by its id or the beginning of it; the exit code. */
int nw_alert_whole(const struct nw_cli *, struct nw_store_arg *, const char *id);
/* As --json prints it: a new reference, NULL: the store does not answer, or no memory. */
json_t *nw_alert_whole_json(struct nw_store_arg *, const struct nw_store_proof *, struct nw_err *);
#endif
