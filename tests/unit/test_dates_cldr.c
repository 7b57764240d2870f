/* The oracle: whatever ICU writes in a language is read back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include <unicode/udat.h>
#include <unicode/ureldatefmt.h>
#include <unicode/ustring.h>

#include "base/str.h"
#include "core/time.h"
#include "text/dates.h"

#define DAY_MS 86400000ll
#define NOW    1711000000000ll /* 2024-03-21 */

/* All months, days of one and two digits, mornings and evenings. */
static const int64_t instants[] = {1704105000000, 1707552000000, 1710513000000, 1712275200000, 1714545000000,
    1717236000000, 1721469600000, 1724500800000, 1725235200000, 1729000800000, 1699194600000, 1733740200000,
    1738000000000};

struct tally {
	unsigned n, failed;
};

static void
write_date(int64_t at_ms, int date_style, int time_style, const char *locale, char out[512])
{
	UErrorCode ec = U_ZERO_ERROR;
	UDateFormat *f = udat_open(
	    (UDateFormatStyle)time_style, (UDateFormatStyle)date_style, locale, u"UTC", -1, NULL, 0, &ec);
	UChar u[256];
	int32_t n = udat_format(f, (UDate)at_ms, u, 256, NULL, &ec);

	u_strToUTF8(out, 512, NULL, u, n, &ec);
	assert_true(U_SUCCESS(ec));
	udat_close(f);
}

/* "zh_TW@calendar=roc" -> "zh-TW" */
static void
hint_language(const char *locale, char lang[16])
{
	snprintf(lang, 16, "%.*s", (int)strcspn(locale, "@"), locale);
	for (char *p = lang; *p != '\0'; p++)
		if (*p == '_')
			*p = '-';
}

static void
read_back(const char *locale, int date_style, int time_style, int64_t at_ms, struct tally *tally)
{
	char text[512], lang[16], got[32] = "none", want[32];
	struct nw_date_hint hint = {.now_ms = NOW};
	struct nw_time t = {0};
	uint32_t precision = time_style == UDAT_NONE ? NW_PREC_DAY : NW_PREC_MINUTE;

	write_date(at_ms, date_style, time_style, locale, text);
	hint_language(locale, lang);
	hint.lang = nw_str(lang);
	at_ms -= time_style == UDAT_NONE ? at_ms % DAY_MS : time_style == UDAT_SHORT ? at_ms % 60000 : 0;
	tally->n++;
	if (nw_date_parse(nw_str(text), NW_DATE_VISIBLE, &hint, &t) == 0 && t.at_ms == at_ms &&
	    t.precision == precision)
		return;
	if (t.precision != NW_PREC_NONE)
		nw_time_rfc3339(t.at_ms, got);
	print_error("%s '%s': %s, expected %s\n", locale, text, got, nw_time_rfc3339(at_ms, want));
	tally->failed++;
}

static void
read_back_all(const char *const *locales, size_t n, int shortest)
{
	static const int times[] = {UDAT_NONE, UDAT_SHORT, UDAT_MEDIUM};
	struct tally tally = {0, 0};

	for (size_t l = 0; l < n; l++)
		for (int style = UDAT_FULL; style <= shortest; style++)
			for (size_t k = 0; k < 3; k++)
				for (size_t i = 0; i < sizeof(instants) / sizeof(instants[0]); i++)
					read_back(locales[l], style, times[k], instants[i], &tally);
	assert_true(tally.n > 0);
	assert_int_equal(tally.failed, 0);
}

static void
every_style_of_every_language_is_read_back(void **state)
{
	static const char *const locales[] = {"zh", "zh_TW", "zh_HK", "ja", "ko", "ru", "uk", "fr", "fr_CA",
	    "de", "de_AT", "es", "es_MX", "pt", "pt_PT", "it", "ar", "ar_EG", "ar_LB", "ar_MA", "fa", "tr",
	    "en", "en_GB", "en_AU", "nl", "pl", "cs", "sv", "da", "nb", "fi", "el", "ro", "hu", "vi", "id",
	    "be", "bg", "sr", "sr_Latn", "hr", "sk", "sl", "et", "lv", "lt", "he", "th", "ca", "kk", "az",
	    "sq", "mk", "ms", "hi", "ur"};

	(void)state;
	read_back_all(locales, sizeof(locales) / sizeof(locales[0]), UDAT_SHORT);
}

static void
dates_of_other_calendars_are_read_back(void **state)
{
	static const char *const locales[] = {"fa_IR@calendar=persian", "ja@calendar=japanese",
	    "zh_TW@calendar=roc", "th@calendar=buddhist", "ar_SA@calendar=islamic-umalqura"};

	(void)state;
	read_back_all(locales, sizeof(locales) / sizeof(locales[0]), UDAT_LONG);
}

/* --- relative dates */

static const struct unit {
	URelativeDateTimeUnit unit;
	uint32_t precision;
} units[] = {
    {UDAT_REL_UNIT_MINUTE, NW_PREC_MINUTE},
    {UDAT_REL_UNIT_HOUR, NW_PREC_MINUTE},
    {UDAT_REL_UNIT_DAY, NW_PREC_DAY},
    {UDAT_REL_UNIT_WEEK, NW_PREC_DAY},
    {UDAT_REL_UNIT_MONTH, NW_PREC_MONTH},
    {UDAT_REL_UNIT_YEAR, NW_PREC_YEAR},
};

/* ${n} units before now, as a reader understands it. */
static int64_t
before(int n, URelativeDateTimeUnit unit)
{
	int64_t today = NOW / DAY_MS;
	int year, month, day;

	nw_time_civil(today, &year, &month, &day);
	switch (unit) {
	case UDAT_REL_UNIT_MINUTE:
		return NOW - n * 60000ll;
	case UDAT_REL_UNIT_HOUR:
		return NOW - n * 3600000ll;
	case UDAT_REL_UNIT_DAY:
		return (today - n) * DAY_MS;
	case UDAT_REL_UNIT_WEEK:
		return (today - 7 * n) * DAY_MS;
	case UDAT_REL_UNIT_MONTH:
		month += 12 * year - 1 - n;
		return nw_time_days(month / 12, month % 12 + 1, 1) * DAY_MS;
	default:
		return nw_time_days(year - n, 1, 1) * DAY_MS;
	}
}

static void
read_relative(
    const char *locale, const UChar *u, int32_t len, int n, const struct unit *unit, struct tally *tally)
{
	struct nw_date_hint hint = {.lang = nw_str(locale), .now_ms = NOW};
	UErrorCode ec = U_ZERO_ERROR;
	struct nw_time t;
	char text[256];

	u_strToUTF8(text, sizeof(text), NULL, u, len, &ec);
	tally->n++;
	if (nw_date_parse(nw_str(text), NW_DATE_VISIBLE, &hint, &t) == 0 &&
	    t.at_ms == before(n, unit->unit) && t.precision == unit->precision)
		return;
	print_error("%s '%s' is not %d units back\n", locale, text, n);
	tally->failed++;
}

static void
relative_dates_of_every_language_are_read_back(void **state)
{
	static const char *const locales[] = {"zh", "ja", "ko", "ru", "uk", "fr", "de", "es", "pt", "it",
	    "ar", "fa", "tr", "en", "nl", "pl", "cs", "sv", "da", "nb", "fi", "el", "ro", "hu", "vi", "id",
	    "be", "bg", "sr", "hr", "sk", "sl", "et", "lv", "lt", "kk", "az", "sq", "mk", "ms", "hi", "ur"};
	static const int amounts[] = {1, 2, 3, 5, 11, 21};
	struct tally tally = {0, 0};
	UErrorCode ec = U_ZERO_ERROR;
	UChar u[128];
	int32_t len;

	(void)state;
	for (size_t l = 0; l < sizeof(locales) / sizeof(locales[0]); l++) {
		URelativeDateTimeFormatter *f =
		    ureldatefmt_open(locales[l], NULL, UDAT_STYLE_LONG, UDISPCTX_CAPITALIZATION_NONE, &ec);

		for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
			for (size_t k = 0; k < sizeof(amounts) / sizeof(amounts[0]); k++) {
				len = ureldatefmt_formatNumeric(f, -amounts[k], units[i].unit, u, 128, &ec);
				read_relative(locales[l], u, len, amounts[k], &units[i], &tally);
			}
		for (int n = 1; n <= 2; n++) { /* "yesterday" */
			len = ureldatefmt_format(f, -n, UDAT_REL_UNIT_DAY, u, 128, &ec);
			read_relative(locales[l], u, len, n, &units[2], &tally);
		}
		ureldatefmt_close(f);
	}
	assert_true(U_SUCCESS(ec));
	assert_true(tally.n > 1500);
	assert_int_equal(tally.failed, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_style_of_every_language_is_read_back),
	    cmocka_unit_test(dates_of_other_calendars_are_read_back),
	    cmocka_unit_test(relative_dates_of_every_language_are_read_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
