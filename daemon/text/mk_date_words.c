/*
 * mk_date_words.c - generates the table of date_words.h: months and weekdays as CLDR has them for the languages
 * below, and by hand what CLDR does not tell: abbreviations seen in the wild, zones, units, relative days.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <unicode/udat.h>
#include <unicode/ureldatefmt.h>
#include <unicode/ustring.h>

#include "text/date_fold.h"
#include "text/date_words.h"

#define ROWS_MAX 8000
#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static struct row {
	struct nw_date_word w;
	size_t order; /* in which it was added: of two months of one name the first is the default */
} rows[ROWS_MAX];
static size_t nrows;

static const char *const locales[] = {"en", "en_GB", "en_AU", "fr", "fr_CA", "de", "de_AT", "es", "es_MX", "pt", "pt_PT", "it",
    "ru", "uk", "be", "bg", "sr", "sr_Latn", "mk", "pl", "cs", "sk", "sl", "hr", "bs", "ar", "ar_EG", "ar_SY", "ar_LB", "ar_IQ",
    "ar_DZ", "ar_MA", "ar_SA", "fa", "fa_AF", "tr", "az", "kk", "uz", "nl", "sv", "da", "nb", "nn", "fi", "et", "lv", "lt", "el",
    "ro", "hu", "id", "ms", "he", "th", "ka", "hy", "ca", "sq", "is", "hi", "ur", "sw", "eu", "gl", "mt", "ga", "ky", "mn", "zh", "zh_TW", "ja", "ko", "vi"};

/* {class, value, words}: "_" stands for the blank inside a word, language ":" before a list that only it uses. */
static const struct {
	uint8_t cls;
	int16_t value;
	const char *words;
} extra[] = {
    /* clang-format off */
	/* abbreviations and spellings beyond CLDR */
	{NW_DATE_MONTH, 1, "jan janv jän jänner jaenner januari janeiro ene enero gen gennaio янв ян стд січ sty led ιαν ιανουάριος oca ocak"},
	{NW_DATE_MONTH, 2, "feb feber febr febv fev févr fév feverero fevereiro фев февр лют лютий lut lutego úno φεβ şub şubat"},
	{NW_DATE_MONTH, 3, "mar mär maerz mrz maart mars март мар бер берез ber bře μαρ μάρτ tháng_ba"},
	{NW_DATE_MONTH, 4, "apr avr abr abril apl апр квіт кві kwi dub απρ nis"},
	{NW_DATE_MONTH, 5, "mai mayo maio maj mei mag maggio май мая травень тра трав kvě μάι μαϊ μαι"},
	{NW_DATE_MONTH, 6, "jun june juni juin giu jui июн июнь черв чер čer cze čvn ιουν ιούν haz"},
	{NW_DATE_MONTH, 7, "jul july juli juil juill lug июл июль лип lip čvc ιουλ ιούλ tem"},
	{NW_DATE_MONTH, 8, "aug ago août aoû aout авг серп сер sie srp αυγ ağu"},
	{NW_DATE_MONTH, 9, "sep sept septem set setiembre setembro сен сент вер верес wrz zář σεπ σεπτ eyl"},
	{NW_DATE_MONTH, 10, "oct okt out ott okto окт жовт жов अक्टूबर paź říj οκτ eki"},
	{NW_DATE_MONTH, 11, "nov novem ноя нояб листоп лист лис studenog studenom lis νοε νοέ kas"},
	{NW_DATE_MONTH, 12, "dec dez dic déc des decem дек груд гру gru pro δεκ ara"},
	/* North Africa, and Egypt's spellings */
	{NW_DATE_MONTH, 1, "يناير جانفي كانون_الثاني كانون_ثاني"}, {NW_DATE_MONTH, 2, "فبراير فيفري شباط"},
	{NW_DATE_MONTH, 3, "مارس آذار اذار"}, {NW_DATE_MONTH, 4, "أبريل ابريل إبريل أفريل نيسان"},
	{NW_DATE_MONTH, 5, "مايو ماي أيار ايار آيار ماى"}, {NW_DATE_MONTH, 6, "يونيو يونيه جوان حزيران يونية"},
	{NW_DATE_MONTH, 7, "جولای يوليو يوليه جويلية تموز يولية يوليوز"}, {NW_DATE_MONTH, 8, "آگوست أغسطس اغسطس أوت آب غشت"},
	{NW_DATE_MONTH, 9, "سبتمبر أيلول ايلول شتنبر"}, {NW_DATE_MONTH, 10, "أكتوبر اكتوبر تشرين_الأول تشرين_أول"},
	{NW_DATE_MONTH, 11, "نوفمبر تشرين_الثاني تشرين_ثاني نونبر"}, {NW_DATE_MONTH, 12, "ديسمبر كانون_الأول كانون_أول دجنبر"},
	{NW_DATE_WEEKDAY, 0, "mon tue tues wed weds thu thur thurs fri sat sun mo di mi do fr sa so lun mar mer jeu ven sam dim "
	    "dom lunedì seg ter qua qui sex sáb jue vie mié пн вт ср чт пт сб вс нд ma wo vr za zo man tir ons tor lør søn ke pe "
	    "paz pzt sal çar per cum cmt feira pirm antr"},
	{NW_DATE_WEEK_OF, 0, "星期 周 週 礼拜 禮拜"},

	{NW_DATE_AM, 0, "am ante 上午 早上 凌晨 清晨 早晨 午前 오전 ص صباحا صباحًا πμ öö sa de ق_ظ dop fm sáng SA 早 पूर्वाह्न"},
	{NW_DATE_PM, 0, "pm post 中午 正午 noon 下午 晚上 傍晚 午後 夜 晚间 晚間 오후 م مساء مساءً μμ ös du ب_ظ odp em chiều CH 晚 अपराह्न"},

	{NW_DATE_ZONE, 0, "z ut utc gmt wet гринвич 格林尼治时间"},
	{NW_DATE_ZONE, 60, "cet bst west wat mez met ist_ie"}, {NW_DATE_ZONE, 120, "cest eet sast cat mesz mest ces"},
	{NW_DATE_ZONE, 180, "eest msk мск eat trt ast_sa 莫斯科时间"}, {NW_DATE_ZONE, 210, "irst"}, {NW_DATE_ZONE, 240, "msd gst amt azt samt"},
	{NW_DATE_ZONE, 270, "irdt aft"}, {NW_DATE_ZONE, 300, "pkt uzt yekt"}, {NW_DATE_ZONE, 330, "ist"}, {NW_DATE_ZONE, 345, "npt"},
	{NW_DATE_ZONE, 360, "almt omst"}, {NW_DATE_ZONE, 390, "mmt"}, {NW_DATE_ZONE, 420, "ict wib krat novt"},
	{NW_DATE_ZONE, 480, "hkt sgt pht awst wita myt irkt 北京时间 北京時間 香港时间 香港時間"},
	{NW_DATE_ZONE, 540, "jst kst wit yakt 日本時間 东京时间 首尔时间"}, {NW_DATE_ZONE, 570, "acst"},
	{NW_DATE_ZONE, 600, "aest vlat"}, {NW_DATE_ZONE, 630, "acdt"}, {NW_DATE_ZONE, 660, "aedt"}, {NW_DATE_ZONE, 720, "nzst"},
	{NW_DATE_ZONE, 780, "nzdt"}, {NW_DATE_ZONE, -150, "ndt"}, {NW_DATE_ZONE, -180, "adt brt art uyt clst"},
	{NW_DATE_ZONE, -210, "nst"}, {NW_DATE_ZONE, -240, "edt ast clt vet bot at"}, {NW_DATE_ZONE, -300, "est cdt et cot pet ect"},
	{NW_DATE_ZONE, -360, "cst mdt ct"}, {NW_DATE_ZONE, -420, "mst pdt mt"}, {NW_DATE_ZONE, -480, "pst akdt pt"},
	{NW_DATE_ZONE, -540, "akst"}, {NW_DATE_ZONE, -600, "hst hast"}, {NW_DATE_ZONE, -540, "hadt"},

	{NW_DATE_UNIT, NW_DATE_SECOND, "s sec secs second seconds 秒 秒钟 秒鐘 秒間 초 секунда секунды секунд секунду секунди seconde secondes "
	    "sekunde sekunden segundo segundos secondo secondi ثانية ثوان ثواني ثانیه saniye seconden sekund sekundy "
	    "sekunder sekunnin sekuntia δευτερόλεπτα secunde másodperce giây detik"},
	{NW_DATE_UNIT, NW_DATE_MINUTE, "m min mins minute minutes 分 分钟 分鐘 分間 분 минута минуты минут минуту мин хвилина хвилини хвилин хвилину "
	    "minuten minuto minutos minuti دقيقة دقائق دقیقه dakika dk minuut minuta minuty minut minutami minuter minutter "
	    "minuutti minuuttia λεπτά λεπτό perce perccel phút menit"},
	{NW_DATE_UNIT, NW_DATE_HOUR, "ч godz sejam h hr hrs hour hours 小时 小時 时 個小時 个小时 時間 시간 час часа часов година години годин годину heure heures "
	    "stunde stunden hora horas ora ore ساعة ساعات ساعت saat uur uren godzina godziny godzin godzinę hodina hodiny hodin "
	    "hodinami hodinou timme timmar time timer tunti tuntia ώρα ώρες órája óra órával giờ tiếng jam"},
	{NW_DATE_UNIT, NW_DATE_DAY, "sehari pv d day days 天 日 日間 일 день дня дней дні днів jour jours tag tage tagen día días dia dias giorno giorni "
	    "يوم أيام ايام روز gün dag dagen dzień dni den dny dnů dnem dagar dage dager päivä päivää ημέρα ημέρες μέρες zi zile napja nappal ngày hari"},
	{NW_DATE_UNIT, NW_DATE_WEEK, "seminggu 일주일 주일 vk vko w wk week weeks 周 週 星期 週間 주 неделя недели недель неделю тиждень тижні тижнів semaine semaines woche "
	    "wochen semana semanas settimana settimane أسبوع أسابيع هفته hafta weken tydzień tygodnie tygodni týden týdny týdnů "
	    "vecka veckor uge uger uke uker viikko viikkoa εβδομάδα εβδομάδες săptămână săptămâni hete héttel tuần minggu"},
	{NW_DATE_UNIT, NW_DATE_MONTHS, "sebulan kk mo month months 个月 個月 か月 ヶ月 カ月 ヵ月 개월 달 месяц месяца месяцев місяць місяці місяців mois monat monate "
	    "monaten mes meses mês mese mesi شهر أشهر شهور ماه ay maand maanden miesiąc miesiące miesięcy měsíc měsíce měsíců "
	    "månad månader måned måneder kuukausi kuukautta μήνας μήνες lună luni hónapja hónappal bulan"},
	{NW_DATE_UNIT, NW_DATE_YEARS, "setahun y yr yrs year years 年 년 год года лет рік роки років an ans année années jahr jahre jahren año años ano anos "
	    "anno anni سنة سنوات عام أعوام سال yıl jaar rok lata lat roky let år vuosi vuotta χρόνια χρόνος éve évvel năm tahun"},
	{NW_DATE_TWO, NW_DATE_MINUTE, "دقيقتين دقيقتان"}, {NW_DATE_TWO, NW_DATE_HOUR, "ساعتين ساعتان"}, {NW_DATE_TWO, NW_DATE_DAY, "يومين يومان"},
	{NW_DATE_TWO, NW_DATE_WEEK, "أسبوعين"}, {NW_DATE_TWO, NW_DATE_MONTHS, "شهرين"}, {NW_DATE_TWO, NW_DATE_YEARS, "سنتين عامين"},
	{NW_DATE_AGO, 0, "ago earlier before atrás il_ya în_urmă 前 之前 以前 전 назад тому il_y vor hace há fa önce منذ قبل پیش geleden temu před pred sedan siden sitten πριν "
	    "acum órája ezelőtt trước lalu преди пре pirms prieš tagasi"},
	{NW_DATE_NOW, 0, "now 刚刚 剛剛 刚才 たった今 방금 只今 сейчас только_что щойно maintenant ahora adesso jetzt الآن şimdi اکنون gerade az_önce şimdi لحظاتی_پیش"},
	{NW_DATE_DAYS_BACK, 0, "today 今天 今日 오늘 сегодня сьогодні aujourd hui heute hoy hoje oggi اليوم امروز bugün vandaag dzisiaj dziś dnes "
	    "idag i_dag tänään σήμερα azi astăzi ma hôm_nay днес danas hari_ini"},
	{NW_DATE_DAYS_BACK, 1, "yesterday 昨天 昨日 어제 گزشتہ_کل вчера вчора hier gestern ayer ontem ieri أمس امس البارحة دیروز dün gisteren wczoraj "
	    "včera igår i_går eilen χθες χτες tegnap hôm_qua kemarin jučer juče เมื่อวานนี้ เมื่อวาน"},
	{NW_DATE_DAYS_BACK, 3, "大前天"},
	{NW_DATE_DAYS_BACK, 2, "before_yesterday پریروز önceki_gün 前天 一昨日 おととい 그제 그저께 позавчера позавчора avant-hier altro_ieri أول_أمس اول_امس evvelsi_gün i_förrgår i_forgårs toissa_päivänä hôm_kia kemarin_dulu онзи_ден گزشتہ_پرسوں vorgestern anteayer anteontem eergisteren przedwczoraj předevčírem"},
	{NW_DATE_ONE, 1, "a an one 元 ein eine einer einem einen un une una uno um uma bir один одну одна одного واحدة een één jedna jednu egy en ett eno yhden"},
	{NW_DATE_ONE, 2, "two deux zwei dos due dois duas два две дві двох iki دو اثنين 두 dua hai"},
	{NW_DATE_ONE, 3, "three trois drei tres tre três три üç سه ثلاث ثلاثة 세 tiga ba"},
	{NW_DATE_ONE, 4, "four quatre vier cuatro quattro quatro четыре чотири dört چهار أربع أربعة 네 empat bốn tư"},
	{NW_DATE_ONE, 5, "five cinq fünf cinco cinque пять п'ять beş پنج خمس خمسة 다섯 lima năm"},
	{NW_DATE_ONE, 6, "six sechs seis sei шесть шість altı شش ست ستة 여섯 enam sáu"},
	{NW_DATE_ONE, 7, "seven sept sieben siete sette sete семь сім yedi هفت سبع سبعة 일곱 tujuh bảy"},
	{NW_DATE_ONE, 8, "eight huit acht ocho otto oito восемь вісім sekiz هشت ثماني ثمانية 여덟 delapan tám"},
	{NW_DATE_ONE, 9, "nine neuf neun nueve nove девять дев'ять dokuz نه تسع تسعة 아홉 sembilan chín"},
	{NW_DATE_ONE, 10, "ten dix zehn diez dieci dez десять on ده عشر عشرة 열 sepuluh mười"},
	{NW_DATE_ONE, 11, "eleven onze elf once undici mười_một"}, {NW_DATE_ONE, 12, "twelve douze zwölf doce dodici doze mười_hai"},
	{NW_DATE_ONE, 1, "한 một satu یک"},
	{NW_DATE_DAY_WORD, 1, "premier primo primero primeiro первое первого перше першого اول یکم"}, {NW_DATE_DAY_WORD, 2, "دوم"},
	{NW_DATE_DAY_WORD, 3, "سوم"}, {NW_DATE_DAY_WORD, 4, "چهارم"}, {NW_DATE_DAY_WORD, 5, "پنجم"}, {NW_DATE_DAY_WORD, 6, "ششم"},
	{NW_DATE_DAY_WORD, 7, "هفتم"}, {NW_DATE_DAY_WORD, 8, "هشتم"}, {NW_DATE_DAY_WORD, 9, "نهم"}, {NW_DATE_DAY_WORD, 10, "دهم"},
	{NW_DATE_DAY_WORD, 11, "یازدهم"}, {NW_DATE_DAY_WORD, 12, "دوازدهم"}, {NW_DATE_DAY_WORD, 13, "سیزدهم"},
	{NW_DATE_DAY_WORD, 14, "چهاردهم"}, {NW_DATE_DAY_WORD, 15, "پانزدهم"}, {NW_DATE_DAY_WORD, 16, "شانزدهم"},
	{NW_DATE_DAY_WORD, 17, "هفدهم"}, {NW_DATE_DAY_WORD, 18, "هجدهم هیجدهم"}, {NW_DATE_DAY_WORD, 19, "نوزدهم"},
	{NW_DATE_DAY_WORD, 20, "بیستم بیست"}, {NW_DATE_DAY_WORD, 30, "سی سی_ام سیام"},
	{NW_DATE_LAST, NW_DATE_WEEK, "last_week 上周 上週 上星期 先週 지난주 semaine_dernière letzte_woche vorige_woche semana_pasada semana_passada "
	    "settimana_scorsa geçen_hafta هفته_گذشته"},
	{NW_DATE_LAST, NW_DATE_MONTHS, "last_month 上个月 上個月 上月 先月 지난달 mois_dernier letzten_monat mes_pasado mês_passado mese_scorso geçen_ay "
	    "ماه_گذشته"},
	{NW_DATE_LAST, NW_DATE_YEARS, "last_year 去年 昨年 작년 지난해 letztes_jahr año_pasado ano_passado anno_scorso geçen_yıl سال_گذشته"},
	{NW_DATE_CALENDAR, NW_DATE_CAL_HIJRI, "ه هـ هجري هجرية هجریة"}, {NW_DATE_CALENDAR, NW_DATE_CAL_JALALI, "شمسی خورشیدی ه_ش"},
	{NW_DATE_HOUR_WORD, 12, "noon midday midi mediodía mezzogiorno mittag meio-dia полдень podne"},
	{NW_DATE_HOUR_WORD, 0, "midnight minuit medianoche mezzanotte mitternacht meia-noite полночь ponoć"},
	{NW_DATE_ORDINAL, 0, "st nd rd th er ère eme ème º ª o го ого е й ой ый ий e te de ste εις η ен ти"},
	{NW_DATE_FILLER, 0, "of the de del di da do dos den dem des der le la el il on am om dnia dne г года р року рік year day m d r "
	    "roku năm a à og och и й і e y et und and ve в от від و من في عام لسنة م ميلادي ميلادية ماه წლის წ წელს هـ هجري سال تاريخ το του της v feira l "
	    "公元 西元 公历 yang พศ คศ ж жылы жылғы gada"},
	{NW_DATE_AT, 0, "at um à a_las alle ore às as kl klo kello kell klokken o ob uhr hrs hours uur godz v в о у об ora orele saat الساعة "
	    "ساعت pukul jam lúc στις h t и час klukkan u בשעה เวลา les a_les en во në pada को बजे کو i"},
	{NW_DATE_YEAR_MARK, 0, "年 년 năm"}, {NW_DATE_MONTH_MARK, 0, "月 월 tháng thg 月份"}, {NW_DATE_DAY_MARK, 0, "日 号 號 일 ngày"},
	{NW_DATE_HOUR_MARK, 0, "час часов часа heure heures horas hora 时 時 点 點 시 h giờ 点钟 點鐘 u ч uhr uur"}, {NW_DATE_MINUTE_MARK, 0, "минут минуты минута minutes minutos دقیقه 分 분 min phút mn хв мин"},
	{NW_DATE_SECOND_MARK, 0, "секунд ثانیه 秒 초 s"}, {NW_DATE_HALF, 0, "半 half"}, {NW_DATE_HALF, 1, "полчаса півгодини"},
	{NW_DATE_ERA, 2018, "令和 ㋿"}, {NW_DATE_ERA, 1988, "平成 ㍻"}, {NW_DATE_ERA, 1925, "昭和 ㍼"}, {NW_DATE_ERA, 1911, "大正 ㍽ 民國 民国 中華民國 中华民国"},
	{NW_DATE_ERA, 1867, "明治 ㍾"}, {NW_DATE_ERA, 2018, "ja:r"}, {NW_DATE_ERA, 1988, "ja:h"}, {NW_DATE_ERA, 1925, "ja:s"},
    /* clang-format on */
};

static void
put(const char *word, uint8_t cls, int value, const char *lang)
{
	struct nw_date_word *w = &rows[nrows].w;

	if (*word == '\0' || strlen(word) >= sizeof(w->word) || strpbrk(word, "0123456789\"\\") != NULL)
		return;
	for (size_t i = 0; i < nrows; i++)
		if (strcmp(rows[i].w.word, word) == 0 && rows[i].w.cls == cls && rows[i].w.value == value &&
		    (cls != NW_DATE_UNIT || strncmp(rows[i].w.lang, lang, 2) == 0)) /* "година" is an hour or a year */
			return;
	if (nrows == ROWS_MAX)
		exit(1);
	strcpy(w->word, word);
	w->cls = cls;
	w->value = (int16_t)value;
	snprintf(w->lang, sizeof(w->lang), "%.2s", lang);
	rows[nrows].order = nrows;
	nrows++;
}

/* Folds one word; "_" becomes a blank, dots and the like vanish. */
static void
fold(const char *s, size_t len, char *out, size_t size)
{
	char c8[NW_DATE_FOLD_MAX];
	int32_t i = 0;
	size_t n, at = 0;
	UChar32 c;

	while (i < (int32_t)len) {
		U8_NEXT(s, i, (int32_t)len, c);
		if (c == '.' || c == 0x2019 || c == '\'' || c == 0x200f || c == 0x200e || c == 0x200c || nw_date_fold_is_sign(c))
			continue;
		n = nw_date_fold_char(c == '_' || c == 0xa0 ? ' ' : c, c8);
		if (at + n >= size)
			break;
		memcpy(out + at, c8, n);
		at += n;
	}
	out[at] = '\0';
}

/* A word, two words (the first is then a prefix), or more, which no date needs. */
static void
add(const char *s, size_t len, uint8_t cls, int value, const char *lang)
{
	char w[128], *blank, *hyphen;

	fold(s, len, w, sizeof(w));
	if ((hyphen = strchr(w, '-')) != NULL && cls == NW_DATE_WEEKDAY)
		*hyphen = '\0'; /* "segunda-feira" */
	blank = strpbrk(w, " -");
	if (blank != NULL && (strpbrk(blank + 1, " -") != NULL || blank[1] == '\0'))
		return;
	put(w, cls, value, lang);
	if (blank != NULL) {
		*blank = '\0';
		put(w, NW_DATE_PREFIX, 0, "");
	}
}

static void
add_symbols(const char *locale, const char *calendar, UDateFormatSymbolType type, int first, int n, uint8_t cls)
{
	char name[64], utf8[128], prefixed[160];
	UErrorCode ec = U_ZERO_ERROR;
	UDateFormat *f;
	UChar u[64];

	snprintf(name, sizeof(name), "%s@calendar=%s", locale, calendar);
	f = udat_open(UDAT_LONG, UDAT_LONG, name, NULL, 0, NULL, 0, &ec);
	for (int i = 0; U_SUCCESS(ec) && i < n; i++) {
		int32_t len = udat_getSymbols(f, type, first + i, u, 64, &ec);

		u_strToUTF8(utf8, sizeof(utf8), &len, u, len, &ec);
		if (U_SUCCESS(ec) && len > 1)
			add(utf8, (size_t)len, cls, i + 1, locale);
		if (U_SUCCESS(ec) && len > 1 && strncmp(locale, "he", 2) == 0) { /* "of March" is one word */
			snprintf(prefixed, sizeof(prefixed), "ב%s", utf8);
			add(prefixed, strlen(prefixed), cls, i + 1, locale);
			snprintf(prefixed, sizeof(prefixed), "ל%s", utf8);
			add(prefixed, strlen(prefixed), cls, i + 1, locale);
		}
	}
	udat_close(f);
}

static void
add_locale(const char *locale)
{
	static const UDateFormatSymbolType months[] = {UDAT_MONTHS, UDAT_STANDALONE_MONTHS, UDAT_SHORT_MONTHS,
	    UDAT_STANDALONE_SHORT_MONTHS};
	static const UDateFormatSymbolType days[] = {UDAT_WEEKDAYS, UDAT_STANDALONE_WEEKDAYS, UDAT_SHORT_WEEKDAYS,
	    UDAT_STANDALONE_SHORT_WEEKDAYS};

	for (size_t i = 0; i < COUNT(months); i++) {
		add_symbols(locale, "gregorian", months[i], 0, 12, NW_DATE_MONTH);
		add_symbols(locale, "gregorian", days[i], 1, 7, NW_DATE_WEEKDAY);
	}
	add_symbols(locale, "gregorian", UDAT_AM_PMS, 0, 1, NW_DATE_AM);
	add_symbols(locale, "gregorian", UDAT_AM_PMS, 1, 1, NW_DATE_PM);
}

/* --- relative dates: "3 hours ago" */

#define WORDS_MAX 8 /* of one relative date */

/* A relative date cut at its blanks, with the place of its number (n where there is none). */
struct phrase {
	char text[256];
	char *word[WORDS_MAX];
	size_t n, number;
};

static int
is_number(const char *w)
{
	return w[strspn(w, "0123456789\xd9\xdb\xa0\xa1\xa2\xa3\xa4\xa5\xa6\xa7\xa8\xa9\xb0\xb1\xb2\xb3\xb4\xb5\xb6\xb7\xb8\xb9")] == '\0';
}

static void
cut_phrase(struct phrase *ph, const UChar *u, int32_t len)
{
	UErrorCode ec = U_ZERO_ERROR;
	char utf8[256], *p;

	u_strToUTF8(utf8, sizeof(utf8), NULL, u, len, &ec);
	fold(utf8, U_SUCCESS(ec) ? strlen(utf8) : 0, ph->text, sizeof(ph->text));
	ph->n = 0;
	for (p = strtok(ph->text, " "); p != NULL && ph->n < WORDS_MAX; p = strtok(NULL, " "))
		ph->word[ph->n++] = p;
	for (ph->number = 0; ph->number < ph->n && !is_number(ph->word[ph->number]); ph->number++)
		;
}

static int
holds(const struct phrase *ph, const char *word)
{
	for (size_t i = 0; i < ph->n; i++)
		if (strcmp(ph->word[i], word) == 0)
			return 1;
	return 0;
}

/* A word that stands in the phrase of every unit says "ago"; of several the outermost does. */
static void
add_phrase(const struct phrase units[6], size_t u, int amount, const char *lang)
{
	const struct phrase *ph = &units[u];
	size_t ago = 0, own = 0, last_own = 0;

	for (size_t i = 0; i < ph->n; i++) {
		int common = i != ph->number;

		for (size_t k = 0; k < 6 && common; k++)
			common = holds(&units[k], ph->word[i]);
		if (common) {
			int outermost = i == 0 || i + 1 == ph->n;

			put(ph->word[i], outermost && strlen(ph->word[i]) > 2 ? NW_DATE_AGO : NW_DATE_FILLER, 0, lang);
			ago++;
		} else if (i != ph->number) {
			own++;
			last_own = i;
		}
	}
	if (own != 1)
		return;
	put(ph->word[last_own], ph->number == ph->n && amount == 2 ? NW_DATE_TWO : NW_DATE_UNIT, (int)u + NW_DATE_MINUTE, lang);
	if (ago == 0) /* "ชั่วโมงที่ผ่านมา" is both */
		put(ph->word[last_own], NW_DATE_AGO, 0, lang);
}

static void
add_relative(const char *locale)
{
	static const URelativeDateTimeUnit units[] = {UDAT_REL_UNIT_MINUTE, UDAT_REL_UNIT_HOUR, UDAT_REL_UNIT_DAY, UDAT_REL_UNIT_WEEK,
	    UDAT_REL_UNIT_MONTH, UDAT_REL_UNIT_YEAR};
	static const int amounts[] = {1, 2, 3, 5, 11, 21, 100};
	UErrorCode ec = U_ZERO_ERROR;
	URelativeDateTimeFormatter *f = ureldatefmt_open(locale, NULL, UDAT_STYLE_LONG, UDISPCTX_CAPITALIZATION_NONE, &ec);
	struct phrase ph[6];
	UChar u[128];
	int32_t n;

	for (size_t a = 0; U_SUCCESS(ec) && a < COUNT(amounts); a++) {
		for (size_t i = 0; i < 6; i++) {
			n = ureldatefmt_formatNumeric(f, -amounts[a], units[i], u, 128, &ec);
			cut_phrase(&ph[i], u, n);
		}
		for (size_t i = 0; i < 6; i++)
			add_phrase(ph, i, amounts[a], locale);
	}
	for (int back = 0; U_SUCCESS(ec) && back < 3; back++) {
		n = ureldatefmt_format(f, back == 0 ? 0.0 : -back, UDAT_REL_UNIT_DAY, u, 128, &ec);
		cut_phrase(&ph[0], u, n);
		if (ph[0].n == 1)
			put(ph[0].word[0], NW_DATE_DAYS_BACK, back, locale);
	}
	ureldatefmt_close(f);
}

static void
add_extra(uint8_t cls, int value, const char *p)
{
	char lang[3] = "";

	if (strlen(p) > 3 && p[2] == ':') {
		memcpy(lang, p, 2);
		p += 3;
	}
	while (*p != '\0') {
		size_t n = strcspn(p, " ");

		if (n > 0)
			add(p, n, cls, value, lang);
		p += n + (p[n] == ' ');
	}
}

static int
compare(const void *a, const void *b)
{
	const struct row *x = a, *y = b;
	int order = strcmp(x->w.word, y->w.word);

	if (order != 0)
		return order;
	return x->w.cls != y->w.cls ? x->w.cls - y->w.cls : (x->order > y->order) - (x->order < y->order);
}

/* A weekday without its number next to the same with it. */
static int
superfluous(const struct row *r, size_t i)
{
	if (r[i].w.cls != NW_DATE_WEEKDAY || r[i].w.value != 0)
		return 0;
	return i + 1 < nrows && strcmp(r[i + 1].w.word, r[i].w.word) == 0 && r[i + 1].w.cls == NW_DATE_WEEKDAY;
}

int
main(void)
{
	size_t n = 0;

	for (size_t i = 0; i < COUNT(extra); i++)
		add_extra(extra[i].cls, extra[i].value, extra[i].words);
	for (size_t i = 0; i < COUNT(locales); i++) {
		add_locale(locales[i]);
		if (strspn(locales[i], "zjk") == 0 || strncmp(locales[i], "ka", 2) == 0 || strncmp(locales[i], "kk", 2) == 0 ||
		    strncmp(locales[i], "ky", 2) == 0) /* not Chinese, Japanese, Korean: they write no blanks */
			add_relative(locales[i]);
	}
	add_symbols("fa", "persian", UDAT_MONTHS, 0, 12, NW_DATE_JALALI);
	add_symbols("fa_AF", "persian", UDAT_MONTHS, 0, 12, NW_DATE_JALALI);
	add_symbols("ar", "islamic", UDAT_MONTHS, 0, 12, NW_DATE_HIJRI);
	add_symbols("ur", "islamic", UDAT_MONTHS, 0, 12, NW_DATE_HIJRI);
	qsort(rows, nrows, sizeof(rows[0]), compare);
	printf("#include \"text/date_words.h\"\n\nconst struct nw_date_word nw_date_words[] = {\n");
	for (size_t i = 0; i < nrows; i++) {
		if (superfluous(rows, i))
			continue;
		n++;
		printf("{\"%s\", %d, %u, \"%s\"},\n", rows[i].w.word, rows[i].w.value, (unsigned)rows[i].w.cls, rows[i].w.lang);
	}
	printf("};\nconst size_t nw_date_words_n = %zu;\n", n);
	return 0;
}
