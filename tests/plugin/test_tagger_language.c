#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#if __has_include(<cld2/public/compact_lang_det.h>)
#include "base/str.h"
#include "fake_host.h"
#include "text/lang.h"

extern const struct nw_plugin nw_plugin_tagger_language;

static int
set_up(void **state)
{
	*state = fake_host_new(&nw_plugin_tagger_language);
	return fake_host_open(*state) == NW_OK ? 0 : -1;
}

static int
tear_down(void **state)
{
	fake_host_free(*state);
	return 0;
}

/* The tag's name, "" without one. */
static const char *
language_of(struct fake_host *fh, const char *title, const char *body)
{
	struct nw_article a = {
	    .size = sizeof(a), .title = nw_str(title), .body = nw_str(body), .lang = NW_STR("en")};

	assert_int_equal(fake_host_tag(fh, &a), NW_OK);
	if (fh->ntags == 0)
		return "";
	assert_int_equal(fh->ntags, 1);
	assert_string_equal(fh->tag[0].kind.p, "language");
	return fh->tag[0].name.p;
}

static void
headlines_of_many_languages_are_told_apart(void **state)
{
	char line[1024], *title;
	FILE *f = fopen(NW_TOP "/tests/data/languages.txt", "r");
	unsigned n = 0, wrong = 0;

	assert_non_null(f);
	while (fgets(line, sizeof(line), f) != NULL && n < 29) {
		line[strcspn(line, "\n")] = '\0';
		if (line[0] == '#' || (title = strchr(line, '\t')) == NULL)
			continue;
		*title++ = '\0';
		if (strcmp(language_of(*state, title, ""), line) != 0) {
			print_message(
			    "'%s': '%s', expected %s\n", title, language_of(*state, title, ""), line);
			wrong++;
		}
		n++;
	}
	fclose(f);
	assert_int_equal(n, 29);
	assert_true(wrong <= 2); /* Danish and Norwegian headlines are hardly different */
}

/* As the worker asks: the words first, this plugin where they told nothing. */
static const char *
language_asked(struct fake_host *fh, const char *title, char words[NW_LANG_MAX])
{
	nw_lang_detect(nw_str(title), NW_STR(""), words);
	return words[0] != '\0' ? words : language_of(fh, title, "");
}

static void
of_short_texts_a_wrong_language_is_rarer_than_none(void **state)
{
	char line[1024], words[NW_LANG_MAX], *title;
	FILE *f = fopen(NW_TOP "/tests/data/languages_short.txt", "r");
	unsigned n = 0, right = 0, wrong = 0;
	const char *said;

	assert_non_null(f);
	while (fgets(line, sizeof(line), f) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		if (line[0] == '#' || (title = strchr(line, '\t')) == NULL)
			continue;
		*title++ = '\0';
		said = language_asked(*state, title, words);
		n++;
		if (strcmp(said, line) == 0) {
			right++;
			continue;
		}
		print_message("'%s': '%s', expected %s\n", title, said, line);
		wrong += said[0] != '\0';
	}
	fclose(f);
	assert_int_equal(n, 116);
	assert_true(right >= 111);
	assert_true(wrong <= 1); /* a Danish one that is nearly Norwegian */
}

static void
a_declaration_that_lies_shows_beside_the_tag(void **state)
{
	assert_string_equal(language_of(*state, "Communiqué",
				"Le ministre des affaires étrangères s'est entretenu avec son homologue."),
	    "fr");
}

static void
a_language_that_does_not_write_a_letter_of_the_text_is_not_said(void **state)
{
	assert_string_equal(language_of(*state, "Връчване на акредитивни писма", ""), "");
	assert_string_equal(language_of(*state, "Министар спољних послова разговарао је са амбасадором", ""), "sr");
}

static void
short_texts_get_no_tag(void **state)
{
	assert_string_equal(language_of(*state, "Sanctions", ""), "");
	assert_string_equal(language_of(*state, "", ""), "");
}

static void
a_text_cut_inside_a_character_is_no_harm(void **state)
{
	static char body[10000];

	for (size_t i = 0; i + 3 < sizeof(body); i += 3)
		memcpy(body + i, "\xe5\xa4\x96", 3);
	(void)language_of(*state, "外", body);
	(void)language_of(*state, "ab外", body);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(headlines_of_many_languages_are_told_apart, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(of_short_texts_a_wrong_language_is_rarer_than_none, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(a_declaration_that_lies_shows_beside_the_tag, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(a_language_that_does_not_write_a_letter_of_the_text_is_not_said, set_up,
		tear_down),
	    cmocka_unit_test_setup_teardown(short_texts_get_no_tag, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(a_text_cut_inside_a_character_is_no_harm, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
#else
int
main(void)
{
	puts("built without CLD2: nothing to test");
	return 0;
}
#endif
