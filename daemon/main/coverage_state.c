/* The conditions that stand, in memory: what stands already is not asked of the store again. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/log.h"
#include "base/str.h"
#include "core/limits.h"
#include "main/coverage_own.h"
#include "main/operator.h"
#include "store/store_read.h"
#include "store/store_tell.h"

#define KEEP_MS 3600000 /* how exactly the store knows when something was last so */

void
nw_coverage_key(char key[NW_COVERAGE_KEY_MAX], const char *kind, struct nw_str source, const char *more)
{
	size_t n = strlen(kind), len = source.len < NW_NAME_MAX ? source.len : NW_NAME_MAX;

	memcpy(key, kind, n); /* a word of ours */
	key[n++] = '/';
	memcpy(key + n, source.p, len);
	n += len;
	key[n] = '\0';
	if (*more != '\0')
		(void)snprintf(key + n, NW_COVERAGE_KEY_MAX - n, "/%s", more); /* short */
}

struct nw_standing *
nw_coverage_find(const struct nw_coverage *c, const char *key)
{
	struct nw_standing *e;

	HASH_FIND_STR(c->entries, key, e);
	return e;
}

struct nw_standing *
nw_coverage_of(const struct nw_coverage *c, const char *kind, struct nw_str source)
{
	char key[NW_COVERAGE_KEY_MAX];

	if (HASH_COUNT(c->entries) == 0)
		return NULL;
	nw_coverage_key(key, kind, source, "");
	return nw_coverage_find(c, key);
}

struct nw_standing *
nw_coverage_find_or_add(struct nw_coverage *c, const char *key)
{
	struct nw_standing *e = nw_coverage_find(c, key);

	if (e != NULL || (e = calloc(1, sizeof(*e))) == NULL)
		return e;
	if ((e->key = strdup(key)) == NULL) {
		free(e);
		return NULL;
	}
	HASH_ADD_KEYPTR(hh, c->entries, e->key, strlen(e->key), e);
	return e;
}

void
nw_coverage_drop(struct nw_coverage *c, struct nw_standing *e)
{
	HASH_DEL(c->entries, e);
	free(e->key);
	free(e);
}

/* With --once a program lives for a visit: what must be so several times, or be over for a day, is known to the store. */
static void
keep_streak(const struct nw_coverage *c, const struct nw_standing *e, uint32_t n)
{
	struct nw_err err;

	if (nw_store_streak_set(c->store, nw_str(e->key), n, &err) == -1)
		nw_log(NW_LOG_WARNING, "store: %s", err.msg); /* memory counts on */
}

static void
keep_last(const struct nw_coverage *c, struct nw_standing *e)
{
	struct nw_err err;

	if (e->last_ms - e->kept_ms < KEEP_MS)
		return;
	e->kept_ms = e->last_ms;
	if (nw_store_condition_again(c->store, nw_str(e->key), e->last_ms, &err) == -1)
		nw_log(NW_LOG_WARNING, "store: %s", err.msg); /* the next hour tries again */
}

void
nw_coverage_so(struct nw_coverage *c, const struct nw_coverage_visit *v, const char *kind, uint32_t times,
    uint32_t severity, const char *fmt, ...)
{
	char key[NW_COVERAGE_KEY_MAX], text[NW_NOTE_MAX];
	struct nw_standing *e;
	va_list ap;

	nw_coverage_key(key, kind, v->source->name, "");
	if ((e = nw_coverage_find_or_add(c, key)) == NULL)
		return; /* without memory it is told next time */
	e->last_ms = v->end->now_ms;
	if (e->stands) {
		keep_last(c, e);
		return;
	}
	if (e->streak < times)
		e->streak++;
	if (e->streak < times) {
		keep_streak(c, e, e->streak);
		return;
	}
	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap); /* cut is fine */
	va_end(ap);
	nw_operator_source(c->operator, 1, v->source->name, key, severity, text);
	e->stands = 1;
	e->kept_ms = e->last_ms;
	if (times > 1)
		keep_streak(c, e, 0);
}

void
nw_coverage_over(
    struct nw_coverage *c, const struct nw_coverage_visit *v, const char *kind, const char *fmt, ...)
{
	struct nw_standing *e = nw_coverage_of(c, kind, v->source->name);
	char text[NW_NOTE_MAX];
	va_list ap;

	if (e == NULL)
		return;
	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap); /* cut is fine */
	va_end(ap);
	if (!e->stands)
		keep_streak(c, e, 0);
	else
		nw_operator_source(c->operator, 0, v->source->name, e->key, NW_SEV_NORMAL, text);
	nw_coverage_drop(c, e);
}

static int
take_standing(void *cookie, const struct nw_store_condition_row *row)
{
	struct nw_coverage *c = cookie;
	char key[NW_COVERAGE_KEY_MAX];
	struct nw_standing *e;

	if (row->source.len == 0 || row->key.len >= sizeof(key))
		return 0;
	memcpy(key, row->key.p, row->key.len);
	key[row->key.len] = '\0';
	if ((e = nw_coverage_find_or_add(c, key)) != NULL) {
		e->stands = 1;
		e->last_ms = e->kept_ms = row->last_ms;
	}
	return 0;
}

static int
take_streak(void *cookie, struct nw_str name, uint32_t n)
{
	struct nw_coverage *c = cookie;
	char key[NW_COVERAGE_KEY_MAX];
	struct nw_standing *e;

	if (name.len >= sizeof(key))
		return 0;
	memcpy(key, name.p, name.len);
	key[name.len] = '\0';
	if ((e = nw_coverage_find_or_add(c, key)) != NULL)
		e->streak = n;
	return 0;
}

static void
drop_all(struct nw_coverage *c)
{
	struct nw_standing *e, *tmp;

	HASH_ITER (hh, c->entries, e, tmp)
		nw_coverage_drop(c, e);
}

/* What the store knows. */
static int
load(struct nw_coverage *c, struct nw_err *err)
{
	return nw_store_streaks(c->store, take_streak, c, err) == -1 ||
		       nw_store_conditions(c->store, take_standing, c, err) == -1
		   ? -1
		   : 0;
}

void
nw_coverage_renew(struct nw_coverage *c)
{
	struct nw_err err;

	drop_all(c);
	if (load(c, &err) == -1)
		nw_log(NW_LOG_WARNING, "store: %s", err.msg); /* what stands is not raised twice: the store knows */
}

struct nw_coverage *
nw_coverage_new(struct nw_operator *operator, struct nw_store * store, struct nw_err *err)
{
	struct nw_coverage *c = calloc(1, sizeof(*c));

	if (c == NULL) {
		nw_fail(err, NW_ERES, "out of memory");
		return NULL;
	}
	c->operator= operator;
	c->store = store;
	c->owes = 1; /* the last life may have ended between a first contact and its report */
	if (load(c, err) == -1) {
		nw_coverage_free(c);
		return NULL;
	}
	return c;
}

void
nw_coverage_free(struct nw_coverage *c)
{
	if (c == NULL)
		return;
	drop_all(c);
	free(c);
}
