#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/str.h"
#include "query/import_int.h"

/* Words that look like an operator and are none: as part of a phrase they would be sought as text, in
 * silence. */

static int
is_factiva(const struct nw_import *im)
{
	return im->rules == &nw_import_factiva;
}

/* Signs that stand for an operator at one vendor or another; "&" and "-" also stand in names. */
static const char *
sign_meant(const struct nw_import *im, struct nw_str w)
{
	if (w.p[0] == '|')
		return "write or";
	if (nw_import_is(w, "&&"))
		return "write and";
	if (w.p[0] == '%')
		return is_factiva(im)
			   ? "it stands for exactly one word at Factiva: write w/2, which also takes none"
			   : "it excludes at Westlaw: write and not";
	return strchr("+~^=<>#!", w.p[0]) != NULL ? "leave it out, or put it in quotes with its words" : NULL;
}

static int
is_sign(struct nw_str w)
{
	for (size_t i = 0; i < w.len; i++)
		if (isalnum((unsigned char)w.p[i]) || (unsigned char)w.p[i] >= 0x80)
			return 0;
	return w.len > 0;
}

/* "w/", "w/n", "pre/five": a distance that no number follows. */
static int
lacks_number(struct nw_str w)
{
	static const char *const prefix[] = {"w/", "pre/", "near/", "onear/", "not/", "adj/"};

	for (size_t i = 0; i < sizeof(prefix) / sizeof(prefix[0]); i++)
		if (w.len >= strlen(prefix[i]) && strncasecmp(w.p, prefix[i], strlen(prefix[i])) == 0)
			return 1;
	return 0;
}

/* Behind "date" at Factiva, where no date could be read. */
static int
begins_a_date(struct nw_import *im)
{
	static const char *const word[] = {
	    "after", "before", "from", "to", "on", "in", "last", "today", "yesterday"};
	struct nw_import_token t;

	nw_import_peek(im, &t);
	if (t.type != NW_IMPORT_WORD)
		return 0;
	for (size_t i = 0; i < sizeof(word) / sizeof(word[0]); i++)
		if (nw_import_is(t.text, word[i]))
			return 1;
	return t.text.p[0] == '-' || isdigit((unsigned char)t.text.p[0]);
}

void
nw_import_check_word(struct nw_import *im, const struct nw_import_token *t)
{
	const char *meant;

	if (is_sign(t->text) && (meant = sign_meant(im, t->text)) != NULL)
		nw_import_tell(im, NW_QDIAG_ERROR, t->off, t->len, "%.*s is no operator of %s: %s",
		    (int)t->len, t->text.p, im->rules->name, meant);
	else if (lacks_number(t->text))
		nw_import_tell(im, NW_QDIAG_ERROR, t->off, t->len,
		    "%.*s is no distance of %s: write w/5 (in quotes it is a word)", (int)t->len, t->text.p,
		    im->rules->name);
	else if (!is_factiva(im) && t->text.p[0] == '!')
		nw_import_tell(im, NW_QDIAG_ERROR, t->off, 1,
		    "! stands at the end of a word: write the word's beginning before it");
	else if (is_factiva(im) && nw_import_is(t->text, "date") && begins_a_date(im))
		nw_import_tell(im, NW_QDIAG_ERROR, t->off, t->len,
		    "date begins a date here, and none could be read: write date after 20260131, date from "
		    "20260101 to 20260131 or date -7 (in quotes it is a word)");
}
