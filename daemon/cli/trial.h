/*
 * trial.h - what `newswatch source try` found out, and its two forms: for eyes and as JSON.
 * Floor 4.
 */
#ifndef NW_CLI_TRIAL_H
#define NW_CLI_TRIAL_H

#include <newswatch/plugin.h>

#include "wire.pb-c.h"

struct nw_buf;

struct nw_trial {
	struct nw_str url;	   /* what the source would ask */
	uint32_t status;	   /* 0: a file */
	const Nw__Batch *batch;	   /* of the document */
	const Nw__Batch *page;	   /* of its first article's page, NULL if it was not read */
	struct nw_str page_url;	   /* "" if none was asked for */
	struct nw_str page_error;  /* why it could not be read */
	const char *allow_private; /* NULL: not needed */
};

/* What is guessed of a publisher from its host; "" where nothing is known.  zone_from: why, as a reader says
 * it. */
struct nw_trial_guess {
	char name[65];
	const char *country, *zone, *zone_from;
};
/* trial_guess.c */
void nw_trial_guess(struct nw_str url, struct nw_trial_guess *guess_r);

/* trial_entry.c: the entry of a source, as YAML that `newswatch check` accepts.  -1 without memory. */
int nw_trial_entry(const struct nw_trial *, struct nw_buf *);
/* A text as YAML: on one line, in single quotes. */
void nw_trial_quote(struct nw_buf *, struct nw_str);
/* The values suggested under a name: the first from ${*i} on, which is moved past it; "" at the end. */
struct nw_str nw_trial_hint(const Nw__Batch *, const char *name, size_t *i);
/* The language all articles share, "" if they do not. */
struct nw_str nw_trial_lang(const struct nw_trial *);

/* trial_show.c: on standard output; -1 if it could not be written. */
int nw_trial_show(const struct nw_trial *);
int nw_trial_show_json(const struct nw_trial *);
#endif
