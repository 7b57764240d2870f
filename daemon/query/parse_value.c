#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include <unicode/uchar.h>
#include <unicode/uloc.h>

#include "base/arena.h"
#include "base/str.h"
#include "core/time.h"
#include "query/defs.h"
#include "query/parse.h"
#include "text/lang.h"

#define DAY_MS 86400000

const char *
nw_parse_value_example(unsigned cfield)
{
	static const char *const examples[] = {"source:mfa-cn or source:(mfa-cn OR mofcom-cn)", "lang:zh",
	    "country:RU", "topic:sanctions, topic:sanctions/news or topic:sanctions>=40", "tag:sanctions",
	    "date:2026-01-01..2026-02-01", "age:<2d", "number:2025-59"};

	return examples[cfield];
}

static int
refuse(struct nw_parse *p, unsigned cfield, const struct nw_token *t, const char *what)
{
	struct nw_parse_quote q;

	nw_parse_error(p, t->off, t->len, "%s: \"%s\" %s: write %s", nw_parse_field_name(1, cfield),
	    nw_parse_quote(&q, t->text), what, nw_parse_value_example(cfield));
	return -1;
}

/* A name that the configuration must know. */
static int
known(
    struct nw_parse *p, unsigned cfield, enum nw_defs_kind kind, const struct nw_token *t, struct nw_str name)
{
	const char *noun = nw_parse_field_name(1, cfield);
	struct nw_parse_quote q, q2;
	struct nw_str near_;

	if (p->ctx->defs == NULL || (p->ctx->flags & NW_AST_ANY_NAME) != 0 ||
	    nw_defs_knows(p->ctx->defs, kind, name))
		return 0;
	nw_parse_quote(&q, name);
	near_ = nw_defs_nearest(p->ctx->defs, kind, name);
	if (near_.len != 0)
		nw_parse_error(p, t->off, t->len, "there is no %s \"%s\": did you mean \"%s\"?", noun, q.s,
		    nw_parse_quote(&q2, near_));
	else
		nw_parse_error(p, t->off, t->len,
		    "there is no %s \"%s\": write a name that the configuration defines", noun, q.s);
	return -1;
}

/* NAME, NAME/class, NAME>=score, NAME/class>=score */
static int
topic(struct nw_parse *p, const struct nw_token *t, struct nw_ast_value *v)
{
	static const char *const classes[] = {"news", "stance", "mention"};
	struct nw_str s = t->text;
	size_t i, j;

	v->lo = INT64_MIN;
	for (i = 0; i < s.len && strchr("<>=", s.p[i]) == NULL; i++)
		continue;
	if (i < s.len) {
		if (s.len - i < 3 || s.p[i] != '>' || s.p[i + 1] != '=' ||
		    (v->lo = nw_parse_number((struct nw_str){s.p + i + 2, s.len - i - 2})) == -1)
			return refuse(
			    p, NW_AST_TOPIC, t, "compares a score with anything but >= and a number");
		s.len = i;
	}
	for (j = 0; j < s.len && s.p[j] != '/'; j++)
		continue;
	if (j < s.len) {
		struct nw_str cls = {s.p + j + 1, s.len - j - 1};

		for (i = 0; i < 3; i++)
			if (nw_str_is(cls, classes[i]))
				v->cls = nw_str(classes[i]);
		if (v->cls.len == 0)
			return refuse(
			    p, NW_AST_TOPIC, t, "names no class; the classes are news, stance and mention");
		s.len = j;
	}
	if (s.len == 0)
		return refuse(p, NW_AST_TOPIC, t, "names no topic");
	v->text = s;
	return known(p, NW_AST_TOPIC, NW_DEFS_TOPIC, t, s);
}

static int
digits(const char *s, size_t n, int *out)
{
	*out = 0;
	for (size_t i = 0; i < n; i++) {
		if (s[i] < '0' || s[i] > '9')
			return -1;
		*out = *out * 10 + (s[i] - '0');
	}
	return 0;
}

/* YYYY-MM-DD as days; -1 if it is no date. */
static int
day(struct nw_str s, int64_t *days_r)
{
	int y, m, d;

	if (s.len != 10 || s.p[4] != '-' || s.p[7] != '-' || digits(s.p, 4, &y) == -1 ||
	    digits(s.p + 5, 2, &m) == -1 || digits(s.p + 8, 2, &d) == -1 || !nw_time_date_ok(y, m, d))
		return -1;
	*days_r = nw_time_days(y, m, d);
	return 0;
}

static int
date(struct nw_parse *p, const struct nw_token *t, struct nw_ast_value *v)
{
	struct nw_str s = t->text, from = s, to = s;
	int64_t a = 0, b = 0;
	const char *dots = s.len >= 2 ? memmem(s.p, s.len, "..", 2) : NULL;

	if (dots != NULL) {
		from.len = (size_t)(dots - s.p);
		to = (struct nw_str){dots + 2, s.len - from.len - 2};
		if (from.len == 0 && to.len == 0)
			return refuse(p, NW_AST_DATE, t, "leaves out both ends");
	}
	if ((from.len != 0 && day(from, &a) == -1) || (to.len != 0 && day(to, &b) == -1))
		return refuse(p, NW_AST_DATE, t, "is no date of the form YYYY-MM-DD");
	if (from.len != 0 && to.len != 0 && a > b)
		return refuse(p, NW_AST_DATE, t, "ends before it begins, so it can never hold");
	v->lo = from.len != 0 ? a * DAY_MS : INT64_MIN;
	v->hi = to.len != 0 ? (b + 1) * DAY_MS - 1 : INT64_MAX;
	v->text = s;
	return 0;
}

static int
age(struct nw_parse *p, const struct nw_token *t, struct nw_ast_value *v)
{
	struct nw_str s = t->text, d = {s.p + 1, s.len - 1};
	int64_t seconds;
	char buf[32];

	if (s.len < 3 || s.len > sizeof(buf) || (s.p[0] != '<' && s.p[0] != '>') ||
	    strchr("mhdw", s.p[s.len - 1]) == NULL)
		return refuse(p, NW_AST_AGE, t, "is no age: < or > and a number of m, h, d or w");
	memcpy(buf, d.p, d.len);
	buf[d.len] = '\0';
	if (nw_time_parse_duration((struct nw_str){buf, d.len}, &seconds) == -1 || seconds <= 0)
		return refuse(p, NW_AST_AGE, t, "is no age: < or > and a number of m, h, d or w");
	v->lo = s.p[0] == '>' ? seconds * 1000 : INT64_MIN;
	v->hi = s.p[0] == '<' ? seconds * 1000 : INT64_MAX;
	v->text = s;
	return 0;
}

/* What people write for a language that has another code. */
static const char *
language_meant(struct nw_str s)
{
	static const char *const pairs[][2] = {{"cn", "zh"}, {"jp", "ja"}, {"kr", "ko"}, {"ua", "uk"},
	    {"gr", "el"}, {"cz", "cs"}, {"dk", "da"}, {"chinese", "zh"}, {"english", "en"}, {"french", "fr"},
	    {"german", "de"}, {"russian", "ru"}, {"spanish", "es"}, {"arabic", "ar"}, {"japanese", "ja"},
	    {"korean", "ko"}, {"persian", "fa"}};

	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
		if (s.len == strlen(pairs[i][0]) && strncasecmp(s.p, pairs[i][0], s.len) == 0)
			return pairs[i][1];
	return NULL;
}

/* Whether ICU knows every part of a normalised tag. */
static int
language_exists(const char *tag)
{
	char part[NW_LANG_MAX], region[NW_LANG_MAX + 4];
	const char *s = tag;
	size_t n = strcspn(s, "-");

	memcpy(part, s, n);
	part[n] = '\0';
	if (uloc_getISO3Language(part)[0] == '\0')
		return 0;
	for (s += n; *s == '-'; s += n) {
		n = strcspn(++s, "-");
		memcpy(part, s, n);
		part[n] = '\0';
		if (n == 4 && isalpha((unsigned char)part[0]) &&
		    u_getPropertyValueEnum(UCHAR_SCRIPT, part) == UCHAR_INVALID_CODE)
			return 0;
		snprintf(region, sizeof(region), "und_%s", part);
		if (n == 2 && uloc_getISO3Country(region)[0] == '\0')
			return 0;
	}
	return 1;
}

/* A tag bears the name of an entry, or is the code of a language. */
static int
tag(struct nw_parse *p, const struct nw_token *t)
{
	struct nw_str own = nw_arena_dup(p->ctx->arena, t->text);
	char code[NW_LANG_MAX];

	if (own.p != NULL && nw_lang_normalize(own, code) == 0 && nw_str_is(own, code) && language_exists(code))
		return 0;
	return known(p, NW_AST_TAG, NW_DEFS_TAG, t, t->text);
}

static int
language(struct nw_parse *p, const struct nw_token *t, struct nw_ast_value *v)
{
	struct nw_str own = nw_arena_dup(p->ctx->arena, t->text);
	char tag[NW_LANG_MAX];
	const char *meant = language_meant(t->text);
	struct nw_parse_quote q;

	if (own.p != NULL && meant == NULL && nw_lang_normalize(own, tag) == 0 && language_exists(tag)) {
		v->text = nw_arena_dup(p->ctx->arena, nw_str(tag));
		return 0;
	}
	nw_parse_quote(&q, t->text);
	if (meant != NULL)
		nw_parse_error(
		    p, t->off, t->len, "lang: there is no language \"%s\": did you mean \"%s\"?", q.s, meant);
	else
		nw_parse_error(p, t->off, t->len,
		    "lang: there is no language \"%s\": write its code, as in lang:zh, lang:zh-Hant or "
		    "lang:en",
		    q.s);
	return -1;
}

static int
country(struct nw_parse *p, const struct nw_token *t, struct nw_ast_value *v)
{
	char code[3] = "", region[8];

	if (t->text.len != 2 || !isalpha((unsigned char)t->text.p[0]) ||
	    !isalpha((unsigned char)t->text.p[1]))
		return refuse(p, NW_AST_COUNTRY, t, "is no code of two letters (ISO 3166)");
	for (int i = 0; i < 2; i++)
		code[i] = (char)toupper((unsigned char)t->text.p[i]);
	snprintf(region, sizeof(region), "und_%s", code);
	if (strcmp(code, "UK") == 0) {
		nw_parse_error(p, t->off, t->len,
		    "country: there is no country \"UK\" (ISO 3166): did you mean \"GB\"?");
		return -1;
	}
	v->text = nw_arena_dup(p->ctx->arena, nw_str(code));
	if (p->ctx->defs != NULL && nw_defs_has(p->ctx->defs, NW_DEFS_COUNTRY))
		return known(p, NW_AST_COUNTRY, NW_DEFS_COUNTRY, t, v->text);
	if (uloc_getISO3Country(region)[0] == '\0' && strcmp(code, "EU") != 0 && strcmp(code, "XK") != 0)
		return refuse(p, NW_AST_COUNTRY, t, "is no country of ISO 3166");
	return 0;
}

int
nw_parse_value(struct nw_parse *p, unsigned cfield, const struct nw_token *t, struct nw_ast_value *v)
{
	int rc = 0;

	*v = (struct nw_ast_value){.text = t->text, .cls = {"", 0}, .lo = INT64_MIN, .hi = INT64_MAX};
	if (t->text.len == 0)
		return refuse(p, cfield, t, "is empty");
	if (cfield == NW_AST_SOURCE)
		rc = known(p, cfield, NW_DEFS_SOURCE, t, t->text);
	else if (cfield == NW_AST_TAG)
		rc = tag(p, t);
	else if (cfield == NW_AST_TOPIC)
		rc = topic(p, t, v);
	else if (cfield == NW_AST_DATE)
		rc = date(p, t, v);
	else if (cfield == NW_AST_AGE)
		rc = age(p, t, v);
	else if (cfield == NW_AST_LANG)
		rc = language(p, t, v);
	else if (cfield == NW_AST_COUNTRY)
		rc = country(p, t, v);
	if (rc == 0 && (v->text = nw_arena_dup(p->ctx->arena, v->text)).p == NULL) {
		(void)nw_parse_oom(p);
		return -1;
	}
	return rc;
}
