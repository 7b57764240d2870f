#include <stdlib.h>
#include <string.h>

#include <unicode/uregex.h>
#include <unicode/ustring.h>

#include "base/buf.h"
#include "base/str.h"
#include "base/utf8.h"
#include "query/pattern.h"

#define DEPTH_MAX 32 /* groups in groups; deeper ones are not looked into */

static const char *
reason(UErrorCode ec)
{
	switch (ec) {
	case U_REGEX_BAD_ESCAPE_SEQUENCE:
		return "an unknown escape: a backslash stands before what it is to make literal";
	case U_REGEX_MISMATCHED_PAREN:
		return "a bracket without its partner: write \\( for a bracket in the text";
	case U_REGEX_MISSING_CLOSE_BRACKET:
		return "a [ without its ]: write \\[ for a bracket in the text";
	case U_REGEX_NUMBER_TOO_BIG:
	case U_REGEX_BAD_INTERVAL:
	case U_REGEX_MAX_LT_MIN:
		return "a repetition is written {n} or {min,max}: write \\{ for a brace in the text";
	case U_REGEX_INVALID_RANGE:
		return "a range runs from the smaller character to the greater: write [a-z]";
	case U_REGEX_PROPERTY_SYNTAX:
		return "there is no such property: write \\p{L} for any letter";
	case U_REGEX_INVALID_BACK_REF:
		return "a back reference without its group: write \\\\ for a backslash in the text";
	case U_REGEX_LOOK_BEHIND_LIMIT:
		return "what is looked behind for needs a greatest length: write {0,20} instead of *";
	case U_REGEX_RULE_SYNTAX:
		return "a syntax error: put a backslash before a sign that is to be literal";
	default:
		return "ICU refuses it: put a backslash before signs that are to be literal";
	}
}

/* The byte of the UTF-8 text at which its UTF-16 form has had `units` units. */
static size_t
byte_of(struct nw_str s, int32_t units)
{
	const char *p = s.p, *end = s.p + s.len;
	size_t n;

	while (p < end && units > 0) {
		units -= nw_utf8_next(p, end, &n) > 0xffff ? 2 : 1;
		p += n;
	}
	return (size_t)(p - s.p);
}

int
nw_pattern_check(struct nw_str pattern, const char **why_r, size_t *off_r)
{
	UChar *u = malloc((pattern.len + 1) * sizeof(*u));
	UErrorCode ec = U_ZERO_ERROR;
	UParseError at = {0};
	URegularExpression *re;
	int32_t n;

	if (u == NULL) {
		*why_r = "out of memory";
		*off_r = 0;
		return -1;
	}
	u_strFromUTF8(u, (int32_t)pattern.len + 1, &n, pattern.p, (int32_t)pattern.len, &ec);
	re = uregex_open(u, n, 0, &at, &ec);
	if (U_FAILURE(ec)) {
		*why_r = reason(ec);
		/* ICU names the character it had just read, counted from 1 */
		*off_r = byte_of(pattern, at.offset > 0 ? at.offset - 1 : 0);
	}
	if (re != NULL)
		uregex_close(re);
	free(u);
	return U_FAILURE(ec) ? -1 : 0;
}

/* --- the literal that every match contains */

struct run {
	char s[256];
	size_t len;
	size_t last; /* where its last character begins */
	uint32_t chars;
	int full; /* what follows would not be contiguous */
};

struct scan {
	const char *p, *end;
	struct run best;
	int icase, lost; /* lost: something was met whose end is not known */
};

static void
run_add(struct run *r, const char *p, size_t n)
{
	if (r->full || r->len + n > sizeof(r->s)) {
		r->full = 1;
		return;
	}
	memcpy(r->s + r->len, p, n);
	r->last = r->len;
	r->len += n;
	r->chars++;
}

static void
run_drop_last(struct run *r)
{
	if (r->chars == 0)
		return;
	r->len = r->last;
	r->chars--;
}

static void
run_end(struct scan *sc, struct run *r)
{
	if (r->chars > sc->best.chars)
		sc->best = *r;
	*r = (struct run){.len = 0};
}

/* A quantifier at p: how often at least, -1 if there is none. */
static int
quantifier(struct scan *sc)
{
	int min = -1;

	if (sc->p == sc->end)
		return -1;
	switch (*sc->p) {
	case '*':
	case '?':
		min = 0;
		break;
	case '+':
		min = 1;
		break;
	case '{':
		min = sc->p + 1 < sc->end && sc->p[1] == '0' ? 0 : 1;
		while (sc->p < sc->end && *sc->p != '}')
			sc->p++;
		break;
	default:
		return -1;
	}
	if (sc->p < sc->end)
		sc->p++;
	if (sc->p < sc->end && (*sc->p == '?' || *sc->p == '+')) /* lazy, possessive */
		sc->p++;
	return min;
}

/* A set [...], sets within it too. */
static void
skip_set(struct scan *sc)
{
	int depth = 0;

	if (sc->end - sc->p >= 2 &&
	    (sc->p[1] == ']' || (sc->p[1] == '^' && sc->end - sc->p >= 3 && sc->p[2] == ']'))) {
		sc->lost = 1;
		return;
	}
	for (; sc->p < sc->end; sc->p++) {
		if (*sc->p == '\\' && sc->p + 1 < sc->end)
			sc->p++;
		else if (*sc->p == '[')
			depth++;
		else if (*sc->p == ']' && --depth == 0)
			break;
	}
	sc->p += sc->p < sc->end;
}

/* \Q...\E: every character as it is. */
static void
quoted(struct scan *sc, struct run *r)
{
	while (sc->p < sc->end && !(sc->end - sc->p >= 2 && sc->p[0] == '\\' && sc->p[1] == 'E')) {
		size_t n;

		nw_utf8_next(sc->p, sc->end, &n);
		run_add(r, sc->p, n);
		sc->p += n;
	}
	sc->p += sc->p < sc->end ? 2 : 0;
}

/* After a backslash: a literal sign continues the run, a place (\b) is nothing, all else ends it. */
static void
escape(struct scan *sc, struct run *r)
{
	char c = *++sc->p;
	size_t n;

	if (strchr("bBAZzG", c) != NULL) {
		sc->p++;
	} else if (c == 'Q') {
		sc->p++;
		quoted(sc, r);
	} else if (strchr("dDsSwWhHvVRXnrtfea", c) != NULL) {
		sc->p++;
		run_end(sc, r);
	} else if (c == 'p' || c == 'P') {
		run_end(sc, r);
		while (sc->p < sc->end && *sc->p != '}')
			sc->p++;
		sc->p += sc->p < sc->end;
	} else if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) {
		sc->lost = 1; /* \x41, A, \N{...}, \1: rare, and of several lengths */
	} else {
		nw_utf8_next(sc->p, sc->end, &n);
		run_add(r, sc->p, n);
		sc->p += n;
	}
}

static void alternatives(struct scan *, int depth);

/* A group at p.  What it must contain counts only if the group must be there and is no assertion. */
static void
group(struct scan *sc, int depth)
{
	struct run kept = sc->best;
	int drop = 0, min;

	sc->p++;
	if (sc->end - sc->p >= 2 && *sc->p == '?') {
		char c = sc->p[1], d = sc->end - sc->p >= 3 ? sc->p[2] : 0;

		if (c == ':' || c == '>') {
			sc->p += 2;
		} else if (c == '=' || c == '!' || (c == '<' && (d == '=' || d == '!'))) {
			sc->p += c == '<' ? 3 : 2;
			drop = 1;
		} else if (c == '<') {
			while (sc->p < sc->end && *sc->p != '>')
				sc->p++;
			sc->p += sc->p < sc->end;
		} else if (c == 'i' && (d == ')' || d == ':')) {
			sc->icase = 1;
			sc->p += d == ':' ? 3 : 2;
		} else {
			sc->lost = 1; /* other flags, comments */
		}
	}
	alternatives(sc, depth + 1);
	sc->p += sc->p < sc->end; /* its bracket */
	min = quantifier(sc);
	if (drop || min == 0)
		sc->best = kept;
}

/* One sign and its quantifier. */
static void
sign(struct scan *sc, struct run *r)
{
	struct run again = {.len = 0};
	uint32_t before = r->chars;
	size_t n;
	int min;

	if (*sc->p == '\\' && sc->p + 1 < sc->end) {
		escape(sc, r);
	} else if (*sc->p == '[') {
		run_end(sc, r);
		skip_set(sc);
	} else if (*sc->p == '.') {
		run_end(sc, r);
		sc->p++;
	} else if (*sc->p == '^' || *sc->p == '$') {
		sc->p++;
	} else {
		nw_utf8_next(sc->p, sc->end, &n);
		run_add(r, sc->p, n);
		sc->p += n;
	}
	if (sc->lost || (min = quantifier(sc)) == -1)
		return;
	if (r->chars > before && min == 0)
		run_drop_last(r);
	else if (r->chars > before)
		run_add(
		    &again, r->s + r->last, r->len - r->last); /* the last repetition begins the next run */
	run_end(sc, r);
	*r = again;
}

/* Up to the end of a group or of the pattern.  With an alternative in it nothing must be there. */
static void
alternatives(struct scan *sc, int depth)
{
	struct run r = {.len = 0}, kept = sc->best;
	int branches = 1;

	if (depth > DEPTH_MAX)
		sc->lost = 1;
	while (sc->p < sc->end && *sc->p != ')' && !sc->lost) {
		if (*sc->p == '|') {
			branches++;
			sc->p++;
			run_end(sc, &r);
		} else if (*sc->p == '(') {
			run_end(sc, &r);
			group(sc, depth);
		} else {
			sign(sc, &r);
		}
	}
	run_end(sc, &r);
	if (branches > 1)
		sc->best = kept;
}

uint32_t
nw_pattern_literal(struct nw_str pattern, struct nw_buf *b, int *icase_r)
{
	struct scan sc = {.p = pattern.p, .end = pattern.p + pattern.len};

	*icase_r = 0;
	alternatives(&sc, 0);
	if (sc.lost || sc.p < sc.end)
		return 0;
	*icase_r = sc.icase;
	nw_buf_add(b, sc.best.s, sc.best.len);
	return sc.best.chars;
}
