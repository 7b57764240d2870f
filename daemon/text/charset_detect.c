#include <string.h>
#include <strings.h>

#include <unicode/ucsdet.h>

#include "base/buf.h"
#include "base/str.h"
#include "text/charset_convert.h"
#include "text/charset_detect.h"
#include "text/charset_table.h"

#define SAMPLE_MAX     (32u << 10) /* bytes looked at, from the first that is not ASCII */
#define LANG_BONUS     40	   /* points of ICU's 100 for an encoding of the expected language */
#define CONFIDENCE_MIN 15	   /* below it ICU's word is worth less than the language's usual encoding */

/* What pages in a language are written in where they do not say; the first is the fallback. */
static const struct habit {
	char lang[8];
	const char *labels[3];
} habits[] = {
    {"ar", {"windows-1256", "iso-8859-6"}},
    {"az", {"windows-1254"}},
    {"be", {"windows-1251", "koi8-r", "iso-8859-5"}},
    {"bg", {"windows-1251", "koi8-r", "iso-8859-5"}},
    {"bs", {"windows-1250", "iso-8859-2"}},
    {"cs", {"windows-1250", "iso-8859-2"}},
    {"el", {"windows-1253", "iso-8859-7"}},
    {"et", {"windows-1257"}},
    {"fa", {"windows-1256"}},
    {"he", {"windows-1255", "iso-8859-8"}},
    {"hr", {"windows-1250", "iso-8859-2"}},
    {"hu", {"windows-1250", "iso-8859-2"}},
    {"ja", {"shift_jis", "euc-jp", "iso-2022-jp"}},
    {"kk", {"windows-1251", "koi8-r", "iso-8859-5"}},
    {"ko", {"euc-kr"}},
    {"lt", {"windows-1257"}},
    {"lv", {"windows-1257"}},
    {"mk", {"windows-1251", "iso-8859-5"}},
    {"pl", {"windows-1250", "iso-8859-2"}},
    {"ro", {"windows-1250", "iso-8859-2"}},
    {"ru", {"windows-1251", "koi8-r", "iso-8859-5"}},
    {"sk", {"windows-1250", "iso-8859-2"}},
    {"sl", {"windows-1250", "iso-8859-2"}},
    {"sr", {"windows-1251", "iso-8859-5"}},
    {"th", {"windows-874"}},
    {"tr", {"windows-1254"}},
    {"uk", {"windows-1251", "koi8-u", "koi8-r"}},
    {"ur", {"windows-1256"}},
    {"vi", {"windows-1258"}},
    {"zh-hant", {"big5", "gb18030"}},
    {"zh-hk", {"big5", "gb18030"}},
    {"zh-mo", {"big5", "gb18030"}},
    {"zh-tw", {"big5", "gb18030"}},
    {"zh", {"gb18030", "big5"}},
};

struct shape {
	size_t high;   /* bytes above 0x7f */
	size_t paired; /* of them those that stand beside another */
};

static UCharsetDetector *detector;

static const struct habit *
habit_of(struct nw_str lang)
{
	for (size_t i = 0; i < sizeof(habits) / sizeof(habits[0]); i++) {
		size_t n = strlen(habits[i].lang);

		if (lang.len >= n && strncasecmp(lang.p, habits[i].lang, n) == 0 &&
		    (lang.len == n || lang.p[n] == '-' || lang.p[n] == '_'))
			return &habits[i];
	}
	return NULL;
}

static struct nw_bytes
sample_of(struct nw_bytes in)
{
	size_t from = 0;

	while (from < in.len && in.p[from] < 0x80 && in.p[from] != 0x1b)
		from++;
	from = from > 64 ? from - 64 : 0;
	return (struct nw_bytes){in.p + from, in.len - from < SAMPLE_MAX ? in.len - from : SAMPLE_MAX};
}

static struct shape
shape_of(struct nw_bytes in)
{
	struct shape s = {0, 0};

	for (size_t i = 0; i < in.len; i++) {
		if (in.p[i] < 0x80)
			continue;
		s.high++;
		s.paired += (i > 0 && in.p[i - 1] >= 0x80) || (i + 1 < in.len && in.p[i + 1] >= 0x80);
	}
	return s;
}

/* Whether ${enc} is possible at all: East Asian text comes in runs of high bytes and decodes almost without
 * error. */
static int
possible(const struct nw_charset_enc *enc, struct nw_bytes sample, const struct shape *shape)
{
	struct nw_buf b = {0};
	size_t bad = 0;
	int ok;

	if (enc == NULL || enc->kind == NW_CHARSET_REFUSED || enc->kind == NW_CHARSET_UTF8 ||
	    enc->kind == NW_CHARSET_UTF16)
		return 0;
	if (enc->kind != NW_CHARSET_MULTI || shape->high == 0)
		return 1; /* iso-2022-jp has no high bytes */
	if (shape->paired * 10 < shape->high * 7)
		return 0;
	ok = nw_charset_convert_add(&b, enc, sample, &bad) == 0 && bad * 50 <= shape->high;
	nw_buf_done(&b);
	return ok;
}

static int
bonus(const struct nw_charset_enc *enc, const struct habit *habit)
{
	for (size_t i = 0; habit != NULL && i < 3 && habit->labels[i] != NULL; i++)
		if (nw_charset_table_find(nw_str(habit->labels[i])) == enc)
			return LANG_BONUS;
	return 0;
}

static const struct nw_charset_enc *
best_match(struct nw_bytes sample, const struct shape *shape, const struct habit *habit)
{
	const struct nw_charset_enc *best = NULL, *enc;
	const UCharsetMatch **match;
	int32_t n = 0, points, most = CONFIDENCE_MIN - 1;
	UErrorCode ec = U_ZERO_ERROR;

	nw_charset_detect_warm();
	if (detector == NULL)
		return NULL;
	ucsdet_setText(detector, (const char *)sample.p, (int32_t)sample.len, &ec);
	match = ucsdet_detectAll(detector, &n, &ec);
	for (int32_t i = 0; U_SUCCESS(ec) && i < n; i++) {
		const char *name = ucsdet_getName(match[i], &ec);

		enc = U_SUCCESS(ec) ? nw_charset_table_find(nw_str(name)) : NULL;
		points = ucsdet_getConfidence(match[i], &ec) + (enc != NULL ? bonus(enc, habit) : 0);
		if (points > most && possible(enc, sample, shape)) {
			most = points;
			best = enc;
		}
	}
	return best;
}

const struct nw_charset_enc *
nw_charset_detect_pick(struct nw_bytes in, struct nw_str lang)
{
	const struct nw_charset_enc *enc = NULL, *usual = NULL;
	const struct habit *habit = habit_of(lang);
	struct nw_bytes sample = sample_of(in);
	struct shape shape = shape_of(sample);

	if (habit != NULL)
		usual = nw_charset_table_find(nw_str(habit->labels[0]));
	if (!possible(usual, sample, &shape))
		usual = NULL;
	enc = best_match(sample, &shape, habit);
	/* ICU knows no Thai, Baltic or Vietnamese code pages: there the language is the better witness */
	if (usual != NULL && (enc == NULL || bonus(enc, habit) == 0))
		enc = usual;
	return enc != NULL ? enc : nw_charset_table_find(nw_str("windows-1252"));
}

void
nw_charset_detect_warm(void)
{
	UErrorCode ec = U_ZERO_ERROR;

	if (detector != NULL)
		return;
	detector = ucsdet_open(&ec);
	if (U_FAILURE(ec))
		detector = NULL;
	else
		ucsdet_enableInputFilter(detector, 1);
}
