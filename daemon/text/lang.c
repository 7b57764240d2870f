#include <string.h>
#include <strings.h>

#include "base/str.h"
#include "base/utf8.h"
#include "core/limits.h"
#include "text/lang.h"
#include "text/lang_score.h"
#include "text/lang_script.h"

static int
same_language(const char *a, const char *b)
{
	size_t n = strcspn(a, "-");

	return n == strcspn(b, "-") && strncmp(a, b, n) == 0;
}

/* By script, then by words; "" if unknown. */
static struct nw_lang_score
detect(struct nw_str text, const struct nw_lang_writing *w, const char *said)
{
	switch (w->script) {
	case NW_LANG_LATIN:
		return nw_lang_score_of(text, 'L', said);
	case NW_LANG_CYRILLIC:
		return nw_lang_score_of(text, 'C', said);
	case NW_LANG_ARABIC:
		return nw_lang_score_of(text, 'A', said);
	case NW_LANG_DEVANAGARI:
		return nw_lang_score_of(text, 'D', said);
	case NW_LANG_CHINESE:
		return (struct nw_lang_score){"zh", 1};
	case NW_LANG_JAPANESE:
		return (struct nw_lang_score){"ja", 1};
	default:
		return (struct nw_lang_score){w->lang, w->lang[0] != '\0'};
	}
}

/* A long text that speaks clearly in another language; languages hardly told apart do not contradict each
 * other. */
static int
contradicts(const struct nw_lang_score *found, const struct nw_lang_writing *w, const char *said)
{
	static const char near[][2][3] = {{"hr", "sr"}, {"hr", "bs"}, {"sr", "bs"}, {"id", "ms"},
	    {"da", "no"}, {"da", "nb"}, {"no", "nb"}, {"no", "nn"}, {"cs", "sk"}, {"gl", "pt"}, {"gl", "es"}};

	if (!found->clear || w->script == NW_LANG_CHINESE || same_language(found->lang, said))
		return 0;
	for (size_t i = 0; i < sizeof(near) / sizeof(near[0]); i++)
		if ((same_language(near[i][0], said) && same_language(near[i][1], found->lang)) ||
		    (same_language(near[i][1], said) && same_language(near[i][0], found->lang)))
			return 0;
	return 1;
}

void
nw_lang_detect(struct nw_str text, struct nw_str hint, char out[NW_LANG_MAX])
{
	char said[NW_LANG_MAX] = "", base[NW_LANG_MAX];
	struct nw_lang_writing w;
	struct nw_lang_score found;

	text = nw_str_or_empty(text);
	text.len = nw_utf8_cut(text, NW_LANG_TEXT_MAX);
	(void)nw_lang_normalize(hint, said); /* what is no tag says nothing */
	w = nw_lang_script_of(text);
	strcpy(base, said);
	base[strcspn(base, "-")] = '\0';
	found = detect(text, &w, base);
	if (said[0] == '\0' || !nw_lang_script_fits(base, &w) || contradicts(&found, &w, said))
		strcpy(out, found.lang);
	else
		strcpy(out, said);
}

int
nw_lang_covers(struct nw_str want, struct nw_str have)
{
	if (have.len == 0)
		return 1;
	if (want.len > have.len || strncasecmp(want.p, have.p, want.len) != 0)
		return 0;
	return want.len == have.len || have.p[want.len] == '-';
}

void
nw_lang_warm(void)
{
	char out[NW_LANG_MAX];

	nw_lang_detect(NW_STR("Министерство иностранных дел"), NW_STR("ru"), out); /* loads ICU's tables */
}
