/*
 * date_words.h - what words mean in dates: months and weekdays of all languages of interest, zones, units of time.
 * Floor 2.  The table is generated at build time from the CLDR data of ICU and the lists in mk_date_words.c.
 */
#ifndef NW_TEXT_DATE_WORDS_H
#define NW_TEXT_DATE_WORDS_H

#include <newswatch/plugin.h>

#define NW_DATE_WORD_SIZE 36 /* bytes of a folded word with its NUL; longer ones mean nothing in dates */

/* What a word can be; several at once: "mar" is March, and Tuesday in French. */
enum nw_date_class {
	NW_DATE_MONTH = 1,  /* 1..12 */
	NW_DATE_JALALI,	    /* 1..12, the Persian solar calendar */
	NW_DATE_HIJRI,	    /* 1..12, the Islamic lunar calendar */
	NW_DATE_WEEKDAY,    /* its number does not matter: it is not believed */
	NW_DATE_WEEK_OF,    /* 星期, 周: a number makes it a weekday */
	NW_DATE_AM,	    /* 0: midnight to noon; 12 the same word said of 12 o'clock at noon */
	NW_DATE_PM,
	NW_DATE_ZONE,	    /* minutes east of UTC */
	NW_DATE_UNIT,	    /* enum nw_date_unit */
	NW_DATE_AGO,	    /* "ago", "vor", "назад" */
	NW_DATE_DAYS_BACK,  /* today 0, yesterday 1 */
	NW_DATE_NOW,	    /* "just now" */
	NW_DATE_ONE,	    /* a number in letters, its value: "an" hour, "three" weeks, 元年 */
	NW_DATE_DAY_WORD,   /* a day of the month in letters: "premier", سوم */
	NW_DATE_LAST,	    /* "last week", 去年: enum nw_date_unit */
	NW_DATE_TWO,	    /* ساعتين: a unit in the dual, its value is the unit */
	NW_DATE_ORDINAL,    /* what follows a day's number: "th" */
	NW_DATE_FILLER,	    /* "of", "de", "г" */
	NW_DATE_AT,	    /* before a time of day: "at", "um", "klo"; after it "Uhr" */
	NW_DATE_YEAR_MARK,  /* 年 */
	NW_DATE_MONTH_MARK, /* 月 */
	NW_DATE_DAY_MARK,   /* 日 */
	NW_DATE_HOUR_MARK,  /* 時, "h" */
	NW_DATE_MINUTE_MARK,
	NW_DATE_SECOND_MARK,
	NW_DATE_HALF,	    /* 半: half past, half an hour; 1 where the hour is in the word */
	NW_DATE_HOUR_WORD,  /* "noon" 12, "midnight" 0 */
	NW_DATE_CALENDAR,   /* behind a year, enum nw_date_calendar: هـ */
	NW_DATE_ERA,	    /* the year before its first: 令和 is 2018, 民國 is 1911 */
	NW_DATE_PREFIX,	    /* the first of two words that mean something together */
};

enum nw_date_calendar { NW_DATE_GREGORIAN, NW_DATE_CAL_JALALI, NW_DATE_CAL_HIJRI };
enum nw_date_unit { NW_DATE_SECOND = 1, NW_DATE_MINUTE, NW_DATE_HOUR, NW_DATE_DAY, NW_DATE_WEEK, NW_DATE_MONTHS, NW_DATE_YEARS };

struct nw_date_word {
	char word[NW_DATE_WORD_SIZE]; /* folded by date_fold.h */
	int16_t value;
	uint8_t cls;
	char lang[3]; /* of whom it is said, "" of many; decides between two months of one name */
};

/* Ascending by word; generated. */
extern const struct nw_date_word nw_date_words[];
extern const size_t nw_date_words_n;

/* The entries of a folded word; 0 if it has none. */
size_t nw_date_words_find(const char *word, const struct nw_date_word **first_r);
#endif
