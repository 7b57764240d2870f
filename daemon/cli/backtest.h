/*
 * backtest.h - what the files of `newswatch backtest` share: the tried watches in one or two configurations,
 * and which revisions of the archive each of them fires on. Floor 4.
 */
#ifndef NW_CLI_BACKTEST_H
#define NW_CLI_BACKTEST_H

#include "cli/archive.h"
#include "cli/session.h"

struct nw_arena;
struct nw_cli;
struct nw_need;
struct nw_query_set;

enum { NW_BACKTEST_NOW, NW_BACKTEST_EDIT, NW_BACKTEST_SIDES };

/* A revision that a watch fires on; afterwards, an article. */
struct nw_backtest_hit {
	int64_t revision, article, seen_ms;
	uint32_t watch, sides; /* 1 << NW_BACKTEST_NOW, 1 << NW_BACKTEST_EDIT */
};

struct nw_backtest {
	struct nw_cli *cli;
	struct nw_archive archive;
	struct nw_arena *keep;
	int64_t from, before; /* the first revision that counts; the first that does not any more, 0 none */
	/* what is tried */
	struct nw_str *name; /* [nname] of watches */
	uint32_t nname, nsides;
	struct nw_config *overlay[NW_BACKTEST_SIDES];
	Nw__Config *config[NW_BACKTEST_SIDES]; /* borrow from the archive's configuration and the overlay */
	struct nw_query_set *set[NW_BACKTEST_SIDES]; /* bt->need borrows from them */
	struct nw_session *session[NW_BACKTEST_SIDES];
	struct nw_need *need; /* of all of them */
	int uses_tags, uses_age;
	/* what came */
	struct nw_backtest_hit *hit;
	size_t nhit, hit_cap;
	uint64_t looked, failed;
	int64_t last;
};

/*
 * backtest_conf.c.  Each returns 0, else the exit code, told.
 * nw_backtest_conf(bt, side, overlay):
 * The configuration of a side: the archive's, with what the file ${overlay} defines in place of the same
 * names (NULL: as it is), and no watch but the tried ones.
 */
int nw_backtest_conf(struct nw_backtest *, uint32_t side, const char *overlay);
/* The watches that a file defines become the tried ones. */
int nw_backtest_names_of(struct nw_backtest *, const char *path);
/* What the tried watches of both sides need: bt->need, uses_tags, uses_age. NW_EXIT_NO, untold: one is wrong. */
int nw_backtest_need(struct nw_backtest *);

/* backtest_run.c: look at every candidate; hits are by revision, in no order. */
int nw_backtest_run(struct nw_backtest *);
/* One revision again on a side, with its evidence; ${answer_r} is the worker's article in *job_r
 * (nw_job_free()). */
int nw_backtest_again(struct nw_backtest *, uint32_t side, int64_t revision, struct nw_job **job_r,
    const Nw__Article **answer_r);

/* Which tried watch an alert of a side is of; nname if of none. */
uint32_t nw_backtest_watch_of(const struct nw_backtest *, uint32_t side, const Nw__Alert *);

/* backtest_show.c */
int nw_backtest_show(struct nw_backtest *, uint64_t limit);
#endif
