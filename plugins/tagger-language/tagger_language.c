/*
 * tagger-language - the language of an article's text by CLD2, as a tag of kind "language".
 * It says what the text is in, not what was declared: a declaration that lies shows beside it.  Nothing is
 * said of short texts and of texts CLD2 is not sure of.
 */
#include <stdlib.h>
#include <string.h>

#include <newswatch/plugin.h>

#include "cld2_shim.h"

enum { MIN_BYTES };

#define SHORT	 256  /* bytes that CLD2 may be sure of and wrong */
#define TEXT_MAX 4096 /* bytes looked at; more costs time and changes nothing */

static const struct nw_option options[] = {
    {.name = "min_bytes",
	.type = NW_OPT_INT,
	.defval = "20",
	.min = 1,
	.max = 4096,
	.help = "shorter texts get no tag: a word or two tell little"},
    {0},
};

struct language {
	const struct nw_host *host;
	int64_t min_bytes;
};

static int
language_open(
    const struct nw_host *host, const struct nw_instance *inst, const struct nw_conf *conf, void **state_r)
{
	struct language *l = calloc(1, sizeof(*l));

	(void)inst;
	if (l == NULL)
		return NW_ERES;
	l->host = host;
	l->min_bytes = conf->values[MIN_BYTES].num;
	*state_r = l;
	return NW_OK;
}

static void
language_close(void *state)
{
	free(state);
}

/* Title and body in one piece, cut at a character. */
static size_t
join(const struct nw_article *a, char text[TEXT_MAX + 2])
{
	size_t n = a->title.len < TEXT_MAX / 2 ? a->title.len : TEXT_MAX / 2, m;

	memcpy(text, a->title.p, n);
	text[n++] = '\n';
	m = a->body.len < TEXT_MAX - n ? a->body.len : TEXT_MAX - n;
	memcpy(text + n, a->body.p, m);
	for (n += m; n > 0 && ((unsigned char)text[n - 1] & 0xc0) == 0x80; n--)
		;
	if (n > 0 && (unsigned char)text[n - 1] >= 0xc0)
		n--; /* the last character may be cut; it is not missed */
	text[n] = '\0';
	return n;
}

/*
 * The Cyrillic letters of neighbours that a language does not write: of a few words CLD2 may take one for the other,
 * and is sure.  A longer text may quote its neighbours, and CLD2 knows it well.
 */
static int
can_be_written_in(const char *code, const char *text, size_t n)
{
	static const struct {
		const char *code, *letters;
	} foreign[] = {
	    {"sr", "ъьщыэёйюяіїєґўѓѕќ"},
	    {"mk", "ъьщыэёйюяіїєґўђћ"},
	    {"bg", "ыэёіїєґўђѓѕјљњћќџ"},
	    {"ru", "іїєґўђѓѕјљњћќџ"},
	    {"uk", "ъыэёўђѓѕјљњћќџ"},
	    {"be", "ъщиїєґђѓѕјљњћќџ"},
	};
	char letter[3] = "";

	for (size_t i = 0; n <= SHORT && i < sizeof(foreign) / sizeof(foreign[0]); i++)
		for (const char *p = foreign[i].letters; strcmp(foreign[i].code, code) == 0 && *p != '\0'; p += 2) {
			memcpy(letter, p, 2);
			if (strstr(text, letter) != NULL)
				return 0;
		}
	return 1;
}

static int
language_tag(void *state, const struct nw_article *a, struct nw_sink *out)
{
	const struct language *l = state;
	struct nw_tag tag = {.size = sizeof(tag), .kind = NW_STR("language"), .cls = NW_STR("")};
	char text[TEXT_MAX + 2];
	size_t n = join(a, text);
	const char *code;

	if ((int64_t)n < l->min_bytes || (code = cld2_language(text, n)) == NULL ||
	    !can_be_written_in(code, text, n))
		return NW_OK;
	tag.name = (struct nw_str){code, strlen(code)};
	return l->host->add_tag(out, &tag);
}

static const struct nw_tagger_ops ops = {.tag = language_tag};

NW_PLUGIN(tagger_language) = {
    NW_PLUGIN_HEAD(NW_KIND_TAGGER),
    .name = "tagger-language",
    .version = "1.0",
    .summary = "the language a text is really in, by CLD2",
    .options = options,
    .open = language_open,
    .close = language_close,
    .ops = {.tagger = &ops},
};
