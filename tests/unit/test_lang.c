#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "text/lang.h"

static void
assert_tag(const char *said, const char *want)
{
	char out[NW_LANG_MAX] = "untouched";

	if (want == NULL) {
		assert_int_equal(nw_lang_normalize(nw_str(said), out), -1);
		assert_string_equal(out, "untouched");
	} else {
		assert_int_equal(nw_lang_normalize(nw_str(said), out), 0);
		assert_string_equal(out, want);
	}
}

static void
declared_tags_become_bcp_47(void **state)
{
	(void)state;
	assert_tag("EN_us", "en-US");
	assert_tag("zh-tw", "zh-TW");
	assert_tag("zh-hans-cn", "zh-Hans-CN");
	assert_tag(" en ", "en");
	assert_tag("eng", "en");
	assert_tag("deu", "de");
	assert_tag("ger", "de");
	assert_tag("chi", "zh");
	assert_tag("haw", "haw");
	assert_tag("en-uk", "en-GB");
	assert_tag("es-419", "es-419");
	assert_tag("en-US-x-private", "en-US");
	assert_tag("zh_CN.UTF-8", "zh-CN");
	assert_tag("English", "en");
	assert_tag("iw", "he");
	assert_tag("jp", "ja");
	assert_tag("en, fr", "en");
}

static void
what_is_no_tag_is_refused(void **state)
{
	(void)state;
	assert_tag("", NULL);
	assert_tag("und", NULL);
	assert_tag("mul", NULL);
	assert_tag("x", NULL);
	assert_tag("12", NULL);
	assert_tag("{{lang}}", NULL);
	assert_tag("klingonish", NULL);
	assert_tag("a_very_long_thing_that_is_no_language", NULL);
}

static void
one_line_headlines_are_told_apart(void **state)
{
	char line[1024], out[NW_LANG_MAX], *text;
	FILE *f = fopen(NW_TOP "/tests/data/languages.txt", "r");
	unsigned n = 0, failed = 0;

	(void)state;
	assert_non_null(f);
	while (fgets(line, sizeof(line), f) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		if (line[0] == '#' || (text = strchr(line, '\t')) == NULL)
			continue;
		*text++ = '\0';
		nw_lang_detect(nw_str(text), NW_STR(""), out);
		if (strcmp(out, line) != 0) {
			print_error("'%s': %s, expected %s\n", text, out, line);
			failed++;
		}
		n++;
	}
	fclose(f);
	assert_true(n >= 60);
	assert_int_equal(failed, 0);
}

static void
assert_detects(const char *text, const char *hint, const char *want)
{
	char out[NW_LANG_MAX];

	nw_lang_detect(nw_str(text), nw_str(hint), out);
	assert_string_equal(out, want);
}

static void
a_declaration_is_believed_unless_the_script_contradicts(void **state)
{
	(void)state;
	assert_detects("Minister meets counterpart", "fr", "fr");
	assert_detects("外交部发言人答记者问", "en", "zh");
	assert_detects("外交部发言人答记者问", "zh-Hans", "zh-Hans");
	assert_detects("外交部今日表示，歡迎條約生效，並期盼雙方合作。", "zh-Hant", "zh-Hant");
	assert_detects("外務省", "ja", "ja");
	assert_detects("Министр иностранных дел", "en-US", "ru");
	assert_detects("Министар спољних послова", "sr", "sr");
	assert_detects("Ministar spoljnih poslova", "sr-Latn", "sr-Latn");
	assert_detects("12 345", "de", "de"); /* nothing speaks against it */
	assert_detects("?", "nonsense", "");
}

static void
a_short_text_never_outweighs_what_it_is_declared_to_be(void **state)
{
	char line[1024], out[NW_LANG_MAX], *text;
	FILE *f = fopen(NW_TOP "/tests/data/languages_short.txt", "r");
	unsigned n = 0;

	(void)state;
	assert_non_null(f);
	while (fgets(line, sizeof(line), f) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		if (line[0] == '#' || (text = strchr(line, '\t')) == NULL)
			continue;
		*text++ = '\0';
		nw_lang_detect(nw_str(text), nw_str(line), out);
		assert_string_equal(out, line);
		n++;
	}
	fclose(f);
	assert_int_equal(n, 116);
}

static void
a_long_text_outweighs_a_wrong_declaration(void **state)
{
	static const char french[] = "Le ministre des affaires étrangères a rencontré son homologue allemand "
				     "à Paris pour évoquer la situation en Europe. "
				     "Les deux ministres ont signé une déclaration commune sur la "
				     "coopération entre leurs pays et sur les sanctions qui ont "
				     "été décidées contre la Russie. Ils se sont entretenus avec le "
				     "président de la République, qui les a reçus après la "
				     "conférence de presse. Cette visite était la première depuis la "
				     "formation du nouveau gouvernement.";

	(void)state;
	assert_detects(french, "en", "fr");
	assert_detects(french, "fr-CA", "fr-CA");
}

static void
unknown_stays_unknown(void **state)
{
	(void)state;
	assert_detects("", "", "");
	assert_detects("2024-03-15 / 17:30", "", "");
	assert_detects("Xyzzy plugh", "", "");
}

/* A wrong guess would silence a watch by its `lang`; no guess does not. */
static void
a_language_no_table_has_is_not_taken_for_one_that_lends_it_words(void **state)
{
	static const char *const texts[] = {
	    "Mae Llywodraeth Cymru wedi cyhoeddi heddiw y bydd y cytundeb masnach newydd yn dod i rym ym mis Ionawr, ac mae'r "
	    "Gweinidog wedi croesawu'r penderfyniad yn y Senedd ddoe. ",
	    "La ministro pri eksterlandaj aferoj anoncis hodiaŭ ke la nova interkonsento ekvalidos en januaro, kaj li bonvenigis la "
	    "decidon de la parlamento. ",
	    "Wasiirka arrimaha dibadda ayaa maanta ku dhawaaqay in heshiiska cusub uu dhaqan geli doono bisha Janaayo, wuxuuna soo "
	    "dhaweeyay go'aanka baarlamaanka. ",
	    "UNgqongqoshe wezangaphandle umemezele namuhla ukuthi isivumelwano esisha sizoqala ukusebenza ngoMasingana. "};
	char four[4096];

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		assert_detects(texts[i], "", "");
		snprintf(four, sizeof(four), "%s%s%s%s", texts[i], texts[i], texts[i], texts[i]);
		assert_detects(four, "", "");
		assert_detects(four, "cy", "cy");
	}
}

static void
a_language_covers_its_variants(void **state)
{
	(void)state;
	assert_int_equal(nw_lang_covers(NW_STR("zh"), NW_STR("zh-Hant")), 1);
	assert_int_equal(nw_lang_covers(NW_STR("zh-Hant"), NW_STR("zh-Hant")), 1);
	assert_int_equal(nw_lang_covers(NW_STR("zh-Hant"), NW_STR("zh")), 0);
	assert_int_equal(nw_lang_covers(NW_STR("en"), NW_STR("eng")), 0);
	assert_int_equal(nw_lang_covers(NW_STR("en"), NW_STR("")), 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(declared_tags_become_bcp_47),
	    cmocka_unit_test(what_is_no_tag_is_refused),
	    cmocka_unit_test(one_line_headlines_are_told_apart),
	    cmocka_unit_test(a_declaration_is_believed_unless_the_script_contradicts),
	    cmocka_unit_test(a_short_text_never_outweighs_what_it_is_declared_to_be),
	    cmocka_unit_test(a_long_text_outweighs_a_wrong_declaration),
	    cmocka_unit_test(unknown_stays_unknown),
	    cmocka_unit_test(a_language_no_table_has_is_not_taken_for_one_that_lends_it_words),
	    cmocka_unit_test(a_language_covers_its_variants),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
