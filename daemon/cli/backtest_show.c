#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "core/batch.h"
#include "core/frame.h"
#include "core/time.h"
#include "pool/pool.h"
#include "cli/backtest.h"
#include "cli/cli.h"
#include "cli/evidence.h"
#include "cli/out.h"
#include "cli/show.h"

#define DAY_MS	   INT64_C(86400000)
#define HITS_SHOWN 6 /* of an article, for people */
#define NOW	   (1u << NW_BACKTEST_NOW)
#define EDIT	   (1u << NW_BACKTEST_EDIT)

/* What an edit does to an article. */
enum change { KEPT, GAINED, LOST, CHANGES };
static const char *const change_name[CHANGES] = {"fires", "gained", "lost"};

struct counts {
	uint64_t now, edit, change[CHANGES];
};

struct showing {
	struct nw_backtest *bt;
	uint32_t watch;
	const struct nw_backtest_hit *hit; /* of the watch, articles newest first */
	size_t n;
	uint64_t limit;
	json_t *hits; /* with --json */
};

static enum change
change_of(const struct nw_backtest *bt, uint32_t sides)
{
	if (bt->nsides == 1 || sides == (NOW | EDIT))
		return KEPT;
	return sides == EDIT ? GAINED : LOST;
}

/* --- from revisions to articles: an article fires if a revision of it does */

static int
by_article(const void *a, const void *b)
{
	const struct nw_backtest_hit *x = a, *y = b;

	if (x->watch != y->watch)
		return x->watch < y->watch ? -1 : 1;
	if (x->article != y->article)
		return x->article > y->article ? -1 : 1;
	return (x->revision < y->revision) - (x->revision > y->revision);
}

static int
by_time(const void *a, const void *b)
{
	const struct nw_backtest_hit *x = a, *y = b;

	if (x->watch != y->watch)
		return x->watch < y->watch ? -1 : 1;
	return (x->revision < y->revision) - (x->revision > y->revision);
}

/* The newest revision that fires stands for the article. */
static void
join(struct nw_backtest *bt)
{
	size_t n = 0;

	if (bt->nhit == 0)
		return;
	qsort(bt->hit, bt->nhit, sizeof(*bt->hit), by_article);
	for (size_t i = 1; i < bt->nhit; i++) {
		struct nw_backtest_hit *to = &bt->hit[n], *from = &bt->hit[i];

		if (to->watch == from->watch && to->article == from->article)
			to->sides |= from->sides;
		else
			bt->hit[++n] = *from;
	}
	bt->nhit = n + 1;
	qsort(bt->hit, bt->nhit, sizeof(*bt->hit), by_time);
}

static void
count(const struct nw_backtest *bt, const struct nw_backtest_hit *h, struct counts *c)
{
	c->now += (h->sides & NOW) != 0;
	c->edit += (h->sides & EDIT) != 0;
	c->change[change_of(bt, h->sides)]++;
}

/* --- one article */

static int
print_hit(const struct nw_backtest_hit *h, const Nw__Article *a, const Nw__Alert *al)
{
	char at[32];

	(void)nw_time_rfc3339(h->seen_ms, at);
	printf("%.10s %.5s  ", at, at + 11);
	nw_out_text(nw_pb_str(a->source), 0);
	printf("\n  ");
	nw_out_text(nw_pb_str(a->title), 0);
	printf("\n  ");
	nw_out_text(nw_pb_str(a->url), 0);
	(void)putchar('\n');
	nw_evidence_print("    ", a, al->hits, al->n_hits < HITS_SHOWN ? al->n_hits : HITS_SHOWN);
	return 0;
}

static int
add_hit(struct showing *s, const struct nw_backtest_hit *h, const Nw__Article *a, const Nw__Alert *al)
{
	json_t *o = json_object();
	char at[32];
	int rc =
	    nw_show_set(o, "change", json_string(change_name[change_of(s->bt, h->sides)])) |
	    nw_show_set(o, "article", json_integer(h->article)) |
	    nw_show_set(o, "revision", json_integer(h->revision)) |
	    nw_show_set(o, "seen", json_string(nw_time_rfc3339(h->seen_ms, at))) |
	    nw_show_set(o, "source", nw_show_bytes(a->source)) |
	    nw_show_set(o, "url", nw_show_bytes(a->url)) | nw_show_set(o, "title", nw_show_bytes(a->title)) |
	    nw_show_set(o, "score", al->has_score ? json_integer(al->score) : json_null()) |
	    nw_show_set(o, "evidence", nw_show_evidence(a, al->hits, al->n_hits, al->clause, al->n_clause));

	return rc | json_array_append_new(s->hits, o);
}

/* Judged once more, for its sentences. */
static int
show_hit(struct showing *s, const struct nw_backtest_hit *h)
{
	uint32_t side = h->sides & EDIT ? NW_BACKTEST_EDIT : NW_BACKTEST_NOW;
	const Nw__Article *a;
	struct nw_job *job;
	int rc = nw_backtest_again(s->bt, side, h->revision, &job, &a);

	if (rc != 0)
		return rc;
	for (size_t i = 0; i < a->n_alerts && rc == 0; i++)
		if (nw_backtest_watch_of(s->bt, side, a->alerts[i]) == s->watch)
			rc = s->hits != NULL ? add_hit(s, h, a, a->alerts[i]) : print_hit(h, a, a->alerts[i]);
	nw_job_free(job);
	return rc == 0 ? 0 : nw_cli_fail(s->bt->cli, NW_EXIT_BROKEN, "cannot write the answer");
}

/* The newest of one kind. */
static int
show_hits(struct showing *s, enum change which)
{
	uint64_t shown = 0;
	int rc = 0;

	for (size_t i = 0; i < s->n && rc == 0 && shown < s->limit; i++) {
		if (change_of(s->bt, s->hit[i].sides) != which)
			continue;
		if (shown++ == 0 && s->hits == NULL)
			(void)printf("\n%s:\n", change_name[which]);
		rc = show_hit(s, &s->hit[i]);
	}
	return rc;
}

/* --- a watch */

static const char *
day_of(int64_t ms, char buf[32])
{
	(void)nw_time_rfc3339(ms, buf);
	buf[10] = '\0';
	return buf;
}

/* Hits of one day from i on; the next day's first. */
static size_t
count_day(const struct showing *s, size_t i, struct counts *c)
{
	int64_t day = s->hit[i].seen_ms / DAY_MS;

	*c = (struct counts){0};
	for (; i < s->n && s->hit[i].seen_ms / DAY_MS == day; i++)
		count(s->bt, &s->hit[i], c);
	return i;
}

static void
print_counts(const struct nw_backtest *bt, const struct counts *c)
{
	if (bt->nsides == 1)
		(void)printf("%llu\n", (unsigned long long)c->now);
	else
		(void)printf("%llu now, %llu with the edit: %llu gained, %llu lost\n",
		    (unsigned long long)c->now, (unsigned long long)c->edit,
		    (unsigned long long)c->change[GAINED], (unsigned long long)c->change[LOST]);
}

static int
print_watch(struct showing *s, const struct counts *all)
{
	struct nw_backtest *bt = s->bt;
	struct counts c;
	char day[32];
	int rc = 0;

	(void)printf("%s: %lld revisions, %llu looked at; fires on ", bt->name[s->watch].p,
	    (long long)(bt->last >= bt->from ? bt->last - (bt->from > 0 ? bt->from - 1 : 0) : 0),
	    (unsigned long long)bt->looked);
	print_counts(bt, all);
	for (size_t i = 0; i < s->n;) {
		(void)printf("  %s  ", day_of(s->hit[i].seen_ms, day));
		i = count_day(s, i, &c);
		print_counts(bt, &c);
	}
	for (int which = bt->nsides == 1 ? KEPT : GAINED; which < CHANGES && rc == 0; which++)
		rc = show_hits(s, which);
	return rc;
}

static json_t *
counts_json(const struct nw_backtest *bt, const struct counts *c)
{
	json_t *o = json_object();
	int rc = nw_show_set(o, "fires", json_integer((json_int_t)c->now));

	if (bt->nsides == 2)
		rc |= nw_show_set(o, "fires_edited", json_integer((json_int_t)c->edit)) |
		      nw_show_set(o, "gained", json_integer((json_int_t)c->change[GAINED])) |
		      nw_show_set(o, "lost", json_integer((json_int_t)c->change[LOST]));
	return nw_show_whole(o, rc);
}

static json_t *
days_json(const struct showing *s)
{
	json_t *list = json_array(), *o;
	struct counts c;
	char day[32];

	for (size_t i = 0; i < s->n;) {
		(void)day_of(s->hit[i].seen_ms, day);
		i = count_day(s, i, &c);
		o = counts_json(s->bt, &c);
		if (nw_show_set(o, "day", json_string(day)) | json_array_append_new(list, o)) {
			json_decref(list);
			return NULL;
		}
	}
	return list;
}

static int
show_json(struct showing *s, const struct counts *all)
{
	json_t *o = counts_json(s->bt, all);
	int rc = 0;

	s->hits = json_array();
	for (int which = 0; which < CHANGES && rc == 0; which++)
		rc = show_hits(s, which);
	if (nw_show_set(o, "watch", nw_show_text(s->bt->name[s->watch])) |
	    nw_show_set(o, "looked_at", json_integer((json_int_t)s->bt->looked)) |
	    nw_show_set(o, "not_judged", json_integer((json_int_t)s->bt->failed)) |
	    nw_show_set(o, "per_day", days_json(s)) | nw_show_set(o, "hits", s->hits)) {
		json_decref(o);
		return nw_cli_fail(s->bt->cli, NW_EXIT_BROKEN, "out of memory");
	}
	if (rc != 0)
		json_decref(o);
	else if (nw_show_line(o) == -1)
		rc = nw_cli_fail(s->bt->cli, NW_EXIT_BROKEN, "cannot write the answer");
	return rc;
}

int
nw_backtest_show(struct nw_backtest *bt, uint64_t limit)
{
	size_t at = 0;
	int rc = 0;

	join(bt);
	for (uint32_t w = 0; w < bt->nname && rc == 0; w++) {
		struct showing s = {.bt = bt, .watch = w, .hit = bt->hit + at, .limit = limit};
		struct counts all = {0};

		while (at < bt->nhit && bt->hit[at].watch == w)
			count(bt, &bt->hit[at++], &all);
		s.n = (size_t)(bt->hit + at - s.hit);
		rc = bt->cli->json ? show_json(&s, &all) : print_watch(&s, &all);
	}
	return rc;
}
