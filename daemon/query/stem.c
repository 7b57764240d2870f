#include <libstemmer.h>
#include <string.h>

#include "base/buf.h"
#include "core/limits.h"
#include "query/fold.h"
#include "query/stem.h"

static const char known[][3] = {"ar", "ca", "da", "de", "el", "en", "es", "eu", "fi", "fr", "ga", "hi", "hu", "hy", "id", "it",
    "lt", "ne", "nl", "no", "pt", "ro", "ru", "sr", "sv", "ta", "tr", "yi"};

void
nw_stem_name(struct nw_str lang, char out[NW_STEM_NAME_MAX])
{
	out[0] = '\0';
	if (lang.len < 2 || (lang.len > 2 && lang.p[2] != '-'))
		return;
	if (memcmp(lang.p, "nb", 2) == 0 || memcmp(lang.p, "nn", 2) == 0)
		lang = NW_STR("no");
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (memcmp(lang.p, known[i], 2) == 0)
			memcpy(out, known[i], 3);
}

struct sb_stemmer *
nw_stem_open(const char *name)
{
	return name[0] != '\0' ? sb_stemmer_new(name, "UTF_8") : NULL;
}

void
nw_stem_close(struct sb_stemmer *s)
{
	if (s != NULL)
		sb_stemmer_delete(s);
}

void
nw_stem_word(struct sb_stemmer *s, struct nw_str lower, struct nw_buf *out)
{
	const sb_symbol *stem = NULL;

	if (lower.len <= NW_QUERY_WORD_MAX)
		stem = sb_stemmer_stem(s, (const sb_symbol *)lower.p, (int)lower.len);
	if (stem != NULL)
		nw_fold_word(out, (const char *)stem, (size_t)sb_stemmer_length(s));
	else
		nw_fold_word(out, lower.p, lower.len);
}
