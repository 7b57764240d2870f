#include <string.h>

#include <unicode/uchar.h>
#include <unicode/uscript.h>

#include "base/utf8.h"
#include "text/lang_script.h"

#define LATIN_SHARE 4 /* foreign names: Latin letters count only if four times as many as the rest */

/* Scripts with their language, where one language has most of the readers. */
static const struct {
	UScriptCode code;
	char lang[3];
} alone[] = {
    {USCRIPT_GREEK, "el"},
    {USCRIPT_HEBREW, "he"},
    {USCRIPT_THAI, "th"},
    {USCRIPT_HANGUL, "ko"},
    {USCRIPT_GEORGIAN, "ka"},
    {USCRIPT_ARMENIAN, "hy"},
    {USCRIPT_BENGALI, "bn"},
    {USCRIPT_TAMIL, "ta"},
    {USCRIPT_TELUGU, "te"},
    {USCRIPT_KANNADA, "kn"},
    {USCRIPT_MALAYALAM, "ml"},
    {USCRIPT_GUJARATI, "gu"},
    {USCRIPT_GURMUKHI, "pa"},
    {USCRIPT_ORIYA, "or"},
    {USCRIPT_SINHALA, "si"},
    {USCRIPT_KHMER, "km"},
    {USCRIPT_LAO, "lo"},
    {USCRIPT_MYANMAR, "my"},
    {USCRIPT_ETHIOPIC, "am"},
    {USCRIPT_TIBETAN, "bo"},
    {USCRIPT_THAANA, "dv"},
    {USCRIPT_MONGOLIAN, "mn"},
};
#define NALONE (sizeof(alone) / sizeof(alone[0]))

/* Characters of Japan's reform of 1946 that neither form of Chinese writes. */
static const char japanese[] =
    "脳駅対県円図変満戦撃拡権沢浜済総経続読転鉄険顔験毎囲圧歳気発両児実応戻働込畑峠訳釈択検剣剤"
    "価仮会党帰広択塩駆区継鶏捜挿騒蔵帯滝単団弾遅昼鋳庁徴逓伝灯稲闘独弐悩廃売髪抜氷浜並辺弁";

enum { LATIN, CYRILLIC, ARABIC, DEVANAGARI, HAN, KANA, FIRST_ALONE, NCOUNTS = FIRST_ALONE + NALONE };

static int
slot_of(int32_t c)
{
	UErrorCode ec = U_ZERO_ERROR;
	UScriptCode code;

	if (c < 0x80)
		return (c | 0x20) >= 'a' && (c | 0x20) <= 'z' ? LATIN : -1;
	if (!u_isalpha(c))
		return -1;
	switch (code = uscript_getScript(c, &ec)) {
	case USCRIPT_LATIN:
		return LATIN;
	case USCRIPT_CYRILLIC:
		return CYRILLIC;
	case USCRIPT_ARABIC:
		return ARABIC;
	case USCRIPT_DEVANAGARI:
		return DEVANAGARI;
	case USCRIPT_HAN:
		return HAN;
	case USCRIPT_HIRAGANA:
	case USCRIPT_KATAKANA:
		return KANA;
	default:
		break;
	}
	for (size_t i = 0; i < NALONE; i++)
		if (alone[i].code == code)
			return FIRST_ALONE + (int)i;
	return -1;
}

/* Characters Japan shares with simplified Chinese only, and with traditional Chinese only: both together are
 * Japan's. */
static const char simplified[] = "会国学来体点当声区万号参辞医写旧宝双台";
static const char traditional[] =
    "談議長訪問東車門開島領務員計設認説話語調論記請諸証評試詳報導協輸貿運過達選閣陸陽際隊";

/* Those of the list of Japan that China writes too are no witnesses. */
static const char shared[] = "会党区单灯独图两实读辺並昼";

/* What a Han character witnesses; filled from the lists at the first question. */
enum { FROM_JAPAN = 1, SIMPLIFIED = 2, TRADITIONAL = 4 };
#define HAN_FIRST 0x4e00
#define HAN_LAST  0x9fff
static uint8_t witness[HAN_LAST - HAN_FIRST + 1];

static void
mark(const char *list, size_t n, uint8_t bit, int on)
{
	const char *end = list + n;
	size_t len;
	int32_t c;

	for (; list < end; list += len) {
		c = nw_utf8_next(list, end, &len);
		if (c >= HAN_FIRST && c <= HAN_LAST)
			witness[c - HAN_FIRST] = on ? witness[c - HAN_FIRST] | bit : witness[c - HAN_FIRST] & (uint8_t)~bit;
	}
}

static void
fill_witness(void)
{
	mark(japanese, sizeof(japanese) - 1, FROM_JAPAN, 1);
	mark(shared, sizeof(shared) - 1, FROM_JAPAN, 0);
	mark(simplified, sizeof(simplified) - 1, SIMPLIFIED, 1);
	mark(traditional, sizeof(traditional) - 1, TRADITIONAL, 1);
}

/* What the Han characters of a text tell of its country. */
struct han {
	size_t japanese, simplified, traditional;
};

static void
look_at_han(struct han *h, int32_t c)
{
	static int filled;
	uint8_t w;

	if (!filled)
		fill_witness();
	filled = 1;
	w = c >= HAN_FIRST && c <= HAN_LAST ? witness[c - HAN_FIRST] : 0;
	h->japanese += (w & FROM_JAPAN) != 0;
	h->simplified += (w & SIMPLIFIED) != 0;
	h->traditional += (w & TRADITIONAL) != 0;
}

static struct nw_lang_writing
han(size_t nhan, size_t nkana, const struct han *h)
{
	struct nw_lang_writing w = {NW_LANG_CHINESE, "", nhan + nkana};

	if (nkana * 12 > nhan || h->japanese * 100 > nhan ||
	    (h->simplified * 50 > nhan && h->traditional * 50 > nhan))
		w.script = NW_LANG_JAPANESE;
	return w;
}

static struct nw_lang_writing
writing(size_t slot, const size_t count[NCOUNTS], const struct han *h)
{
	static const int scripts[] = {NW_LANG_LATIN, NW_LANG_CYRILLIC, NW_LANG_ARABIC, NW_LANG_DEVANAGARI};

	if (count[slot] == 0)
		return (struct nw_lang_writing){NW_LANG_NO_SCRIPT, "", 0};
	if (slot == HAN || slot == KANA)
		return han(count[HAN], count[KANA], h);
	if (slot >= FIRST_ALONE)
		return (struct nw_lang_writing){NW_LANG_ALONE, alone[slot - FIRST_ALONE].lang, count[slot]};
	return (struct nw_lang_writing){scripts[slot], "", count[slot]};
}

/* The ASCII letters of the run of ASCII at *p, which is moved behind it. */
static size_t
ascii_letters(const char **p, const char *end)
{
	const char *q = *p;
	size_t n = 0;

	for (; q < end && (unsigned char)*q < 0x80; q++)
		n += (*q | 0x20) >= 'a' && (*q | 0x20) <= 'z';
	*p = q;
	return n;
}

struct nw_lang_writing
nw_lang_script_of(struct nw_str text)
{
	size_t count[NCOUNTS] = {0}, best = CYRILLIC, rest = 0, len;
	struct han h = {0, 0, 0};
	const char *p = text.p, *end = p + text.len;
	int32_t c;
	int slot;

	for (; p < end; p += len) {
		count[LATIN] += ascii_letters(&p, end);
		if (p == end)
			break;
		c = nw_utf8_next(p, end, &len);
		if ((slot = slot_of(c)) < 0)
			continue;
		count[slot] += slot == HAN || slot == KANA || c >= 0xac00 ? 2 : 1;
		if (slot == HAN)
			look_at_han(&h, c);
	}
	for (size_t i = CYRILLIC; i < NCOUNTS; i++) {
		rest += count[i];
		if (count[i] > count[best])
			best = i;
	}
	if (count[LATIN] > rest * LATIN_SHARE)
		best = LATIN;
	return writing(best, count, &h);
}

/* Languages written in more scripts than ICU's first one. */
static int
also(const char *lang, int script)
{
	static const struct {
		char lang[4];
		int script;
	} more[] = {{"sr", NW_LANG_LATIN}, {"sr", NW_LANG_CYRILLIC}, {"bs", NW_LANG_CYRILLIC},
	    {"az", NW_LANG_CYRILLIC}, {"az", NW_LANG_ARABIC}, {"uz", NW_LANG_CYRILLIC},
	    {"uz", NW_LANG_ARABIC}, {"kk", NW_LANG_LATIN}, {"kk", NW_LANG_ARABIC}, {"ky", NW_LANG_LATIN},
	    {"tk", NW_LANG_CYRILLIC}, {"ku", NW_LANG_ARABIC}, {"ku", NW_LANG_LATIN}, {"pa", NW_LANG_ARABIC},
	    {"sd", NW_LANG_DEVANAGARI}, {"ms", NW_LANG_ARABIC}, {"tt", NW_LANG_LATIN}, {"mn", NW_LANG_ALONE},
	    {"ja", NW_LANG_CHINESE}, {"ko", NW_LANG_CHINESE}, {"zh", NW_LANG_CHINESE},
	    {"yue", NW_LANG_CHINESE}, {"wuu", NW_LANG_CHINESE}};

	for (size_t i = 0; i < sizeof(more) / sizeof(more[0]); i++)
		if (strcmp(more[i].lang, lang) == 0 && more[i].script == script)
			return 1;
	return 0;
}

static int
code_is(UScriptCode code, const struct nw_lang_writing *w)
{
	switch (w->script) {
	case NW_LANG_LATIN:
		return code == USCRIPT_LATIN;
	case NW_LANG_CYRILLIC:
		return code == USCRIPT_CYRILLIC;
	case NW_LANG_ARABIC:
		return code == USCRIPT_ARABIC;
	case NW_LANG_DEVANAGARI:
		return code == USCRIPT_DEVANAGARI;
	case NW_LANG_CHINESE:
		return code == USCRIPT_SIMPLIFIED_HAN || code == USCRIPT_TRADITIONAL_HAN ||
		       code == USCRIPT_HAN;
	case NW_LANG_JAPANESE:
		return code == USCRIPT_KATAKANA || code == USCRIPT_HIRAGANA || code == USCRIPT_JAPANESE;
	default:
		return 0;
	}
}

int
nw_lang_script_fits(const char *lang, const struct nw_lang_writing *w)
{
	UScriptCode codes[8];
	UErrorCode ec = U_ZERO_ERROR;
	int32_t n = uscript_getCode(lang, codes, 8, &ec);

	if (w->script == NW_LANG_NO_SCRIPT || n <= 0 || U_FAILURE(ec) || also(lang, w->script) ||
	    strcmp(lang, w->lang) == 0)
		return 1;
	for (int32_t i = 0; i < n; i++) {
		if (code_is(codes[i], w))
			return 1;
		for (size_t k = 0; w->script == NW_LANG_ALONE && k < NALONE;
		     k++) /* "ti" is Ethiopic as "am" is */
			if (codes[i] == alone[k].code && strcmp(alone[k].lang, w->lang) == 0)
				return 1;
	}
	return 0;
}
