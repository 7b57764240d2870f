#include <ctype.h>
#include <string.h>
#include <strings.h>

#include <unicode/uloc.h>

#include "base/str.h"
#include "text/lang.h"

/* What feeds and pages write instead of a tag: names, countries, retired codes, ISO 639-2/B. */
static const struct {
	char said[12], tag[8];
} wrong[] = {
    {"al", "sq"},
    {"alb", "sq"},
    {"arabic", "ar"},
    {"arm", "hy"},
    {"baq", "eu"},
    {"bur", "my"},
    {"chi", "zh"},
    {"chinese", "zh"},
    {"cn", "zh-CN"},
    {"cz", "cs"},
    {"cze", "cs"},
    {"czech", "cs"},
    {"danish", "da"},
    {"deutsch", "de"},
    {"dk", "da"},
    {"dut", "nl"},
    {"dutch", "nl"},
    {"english", "en"},
    {"espanol", "es"},
    {"finnish", "fi"},
    {"francais", "fr"},
    {"fre", "fr"},
    {"french", "fr"},
    {"geo", "ka"},
    {"ger", "de"},
    {"german", "de"},
    {"gr", "el"},
    {"gre", "el"},
    {"greek", "el"},
    {"hebrew", "he"},
    {"hungarian", "hu"},
    {"ice", "is"},
    {"in", "id"},
    {"italian", "it"},
    {"italiano", "it"},
    {"iw", "he"},
    {"japanese", "ja"},
    {"ji", "yi"},
    {"jp", "ja"},
    {"korean", "ko"},
    {"kr", "ko"},
    {"mac", "mk"},
    {"may", "ms"},
    {"norwegian", "no"},
    {"per", "fa"},
    {"persian", "fa"},
    {"polish", "pl"},
    {"portugues", "pt"},
    {"portuguese", "pt"},
    {"romanian", "ro"},
    {"rum", "ro"},
    {"russian", "ru"},
    {"slo", "sk"},
    {"sp", "es"},
    {"spanish", "es"},
    {"svenska", "sv"},
    {"swedish", "sv"},
    {"thai", "th"},
    {"tib", "bo"},
    {"turkish", "tr"},
    {"ua", "uk"},
    {"ukrainian", "uk"},
    {"us", "en-US"},
    {"vietnamese", "vi"},
    {"vn", "vi"},
    {"wel", "cy"},
};

static int
letters(const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!(((p[i] | 0x20) >= 'a' && (p[i] | 0x20) <= 'z')))
			return 0;
	return n > 0;
}

static int
digits(const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (p[i] < '0' || p[i] > '9')
			return 0;
	return n > 0;
}

static void
copy_case(char *out, const char *p, size_t n, int first_upper, int rest_upper)
{
	for (size_t i = 0; i < n; i++)
		out[i] = (char)((i == 0 ? first_upper : rest_upper) ? p[i] & ~0x20 : p[i] | 0x20);
	out[n] = '\0';
}

/* The language itself, two letters where there are two. */
static int
primary(const char *p, size_t n, char out[NW_LANG_MAX])
{
	UErrorCode ec = U_ZERO_ERROR;
	char three[ULOC_LANG_CAPACITY], name[12], two[ULOC_LANG_CAPACITY];

	if (!letters(p, n) || n >= sizeof(name))
		return -1;
	copy_case(name, p, n, 0, 0);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		if (strcmp(wrong[i].said, name) == 0) {
			strcpy(out, wrong[i].tag);
			return 0;
		}
	if (n != 2 && n != 3)
		return -1;
	strcpy(three, name);
	if (strcmp(name, "und") == 0 || strcmp(name, "mul") == 0 || strcmp(name, "zxx") == 0 ||
	    strcmp(name, "mis") == 0)
		return -1;
	if (uloc_getLanguage(three, two, sizeof(two), &ec) <= 0 || U_FAILURE(ec))
		return -1;
	strcpy(out, two);
	return 0;
}

/* Script and region behind the language; anything else is left out. */
static void
add_subtag(char out[NW_LANG_MAX], const char *p, size_t n)
{
	char part[NW_LANG_MAX];
	size_t at = strlen(out);

	if (n == 4 && letters(p, n) && strchr(out, '-') == NULL)
		copy_case(part, p, n, 1, 0);
	else if (n == 2 && letters(p, n))
		copy_case(part, p, n, 1, 1);
	else if (n == 3 && digits(p, n))
		memcpy(part, p, n), part[n] = '\0';
	else
		return;
	if (strcmp(part, "UK") == 0)
		strcpy(part, "GB");
	if (at > 3 && strlen(part) <= 3 && out[at - 3] == '-')
		return; /* it has its region */
	if (at + 1 + strlen(part) < NW_LANG_MAX) {
		out[at] = '-';
		strcpy(out + at + 1, part);
	}
}

int
nw_lang_normalize(struct nw_str tag, char out[NW_LANG_MAX])
{
	char result[NW_LANG_MAX];
	size_t n;

	tag = nw_str_or_empty(tag);
	while (tag.len > 0 && isspace((unsigned char)tag.p[0]))
		tag.p++, tag.len--;
	for (n = 0; n < tag.len && isalnum((unsigned char)tag.p[n]); n++)
		;
	if (primary(tag.p, n, result) == -1)
		return -1;
	while (n < tag.len && (tag.p[n] == '-' || tag.p[n] == '_')) {
		size_t from = n + 1;

		for (n = from; n < tag.len && isalnum((unsigned char)tag.p[n]); n++)
			;
		if (n - from == 1)
			break; /* extensions and private use */
		add_subtag(result, tag.p + from, n - from);
	}
	strcpy(out, result);
	return 0;
}
