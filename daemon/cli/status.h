/*
 * status.h - how everything stands: the daemon's own answer, the store's counts, sources by health, and a
 * verdict. Floor 4. Life: nw_status_get() -> nw_status_*() -> nw_status_done().
 */
#ifndef NW_CLI_STATUS_H
#define NW_CLI_STATUS_H

#include <jansson.h>

#include "base/buf.h"
#include "base/err.h"
#include "cli/store_arg.h"

enum nw_status_health {
	NW_STATUS_OK,
	NW_STATUS_QUIET,
	NW_STATUS_NEW,
	NW_STATUS_LATE,
	NW_STATUS_FAILING,
	NW_STATUS_DISABLED,
	NW_STATUS_NHEALTH
};
extern const char *const nw_status_health_name[NW_STATUS_NHEALTH];

struct nw_status {
	struct nw_store_arg *from;
	struct nw_store_counts counts;
	struct nw_store_health health;
	uint32_t sources[NW_STATUS_NHEALTH];
	int running;
	struct nw_err why_not; /* the daemon does not answer */
	struct nw_buf daemon;  /* its answer: "key value" lines */
	json_t *problems;      /* sentences: what is broken */
	json_t *conditions;    /* what the operator was told and still stands */
};

/* 0, or -1 with err: the store cannot be read. */
int nw_status_get(struct nw_store_arg *, struct nw_status *, struct nw_err *);
void nw_status_done(struct nw_status *);
/* The value of a key of the daemon's answer, "" if it does not run or says none. */
struct nw_str nw_status_daemon(const struct nw_status *, const char *key);
/* "broken" (problems is not empty), "quiet" (nothing alerted for a day), "ok". */
const char *nw_status_verdict(const struct nw_status *);

int nw_status_text(struct nw_status *, struct nw_err *);
json_t *nw_status_json(const struct nw_status *);
/* Prometheus text format, on standard output. */
int nw_status_metrics(struct nw_status *, struct nw_err *);
#endif
