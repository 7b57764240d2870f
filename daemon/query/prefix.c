#include <string.h>

#include "base/str.h"
#include "base/utf8.h"
#include "query/prefix.h"

/* Every Arabic letter is two bytes of UTF-8. */
#define LETTER 2u

static const struct {
	const char *s;
	uint32_t left; /* letters that must be left */
} attached[] = {{"ال", 3}, {"بال", 3}, {"كال", 3}, {"لل", 3}, {"ب", 4}, {"ك", 4}, {"ل", 4}};

static struct nw_str
behind(struct nw_str s, size_t n)
{
	return (struct nw_str){s.p + n, s.len - n};
}

static uint32_t
strip_attached(struct nw_str word, struct nw_str *form, uint32_t n)
{
	for (size_t i = 0; i < sizeof(attached) / sizeof(attached[0]) && n < NW_PREFIX_FORMS; i++) {
		size_t len = strlen(attached[i].s);

		if (nw_str_starts(word, attached[i].s) && nw_utf8_count(behind(word, len)) >= attached[i].left)
			form[n++] = behind(word, len);
	}
	return n;
}

uint32_t
nw_prefix_strip(struct nw_str word, struct nw_str form[NW_PREFIX_FORMS])
{
	uint32_t n = strip_attached(word, form, 0);

	if (!nw_str_starts(word, "و") && !nw_str_starts(word, "ف"))
		return n;
	word = behind(word, LETTER);
	if (nw_utf8_count(word) >= 3 && n < NW_PREFIX_FORMS)
		form[n++] = word;
	return strip_attached(word, form, n);
}
