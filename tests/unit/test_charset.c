#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/io.h"
#include "base/str.h"
#include "text/charset.h"

/* One text a legacy encoding, as its bytes and as UTF-8. */
static const struct sample {
	const char *name, *lang, *bytes, *text;
} samples[] = {
    /* clang-format off */
    {"gbk", "zh", "\xcd\xe2\xbd\xbb\xb2\xbf\xb7\xa2\xd1\xd4\xc8\xcb\xd6\xec\xe9\x46\xbb\xf9", "外交部发言人朱镕基"},
    {"big5", "zh-TW", "\xa5\x7e\xa5\xe6\xb3\xa1\xb5\x6f\xa8\xa5\xa4\x48\xa5\x44\xab\xf9\xa8\xd2\xa6\xe6\xb0\x4f\xaa\xcc\xb7\x7c", "外交部發言人主持例行記者會"},
    {"shift_jis", "ja", "\x8a\x4f\x96\xb1\x8f\xc8\x82\xcd\x96\x7b\x93\xfa\x8b\x4c\x8e\xd2\x89\xef\x8c\xa9\x82\xf0\x8a\x4a\x82\xa2\x82\xbd", "外務省は本日記者会見を開いた"},
    {"euc-jp", "ja", "\xb3\xb0\xcc\xb3\xbe\xca\xa4\xcf\xcb\xdc\xc6\xfc\xb5\xad\xbc\xd4\xb2\xf1\xb8\xab\xa4\xf2\xb3\xab\xa4\xa4\xa4\xbf", "外務省は本日記者会見を開いた"},
    {"euc-kr", "ko", "\xbf\xdc\xb1\xb3\xba\xce\xb4\xc2\x20\xbf\xc0\xb4\xc3\x20\xb1\xe2\xc0\xda\xc8\xb8\xb0\xdf\xc0\xbb\x20\xbf\xad\xbe\xfa\xb4\xd9", "외교부는 오늘 기자회견을 열었다"},
    {"windows-1251", "ru", "\xcc\xe8\xed\xe8\xf1\xf2\xe5\xf0\xf1\xf2\xe2\xee\x20\xe8\xed\xee\xf1\xf2\xf0\xe0\xed\xed\xfb\xf5\x20\xe4\xe5\xeb", "Министерство иностранных дел"},
    {"koi8-r", "ru", "\xed\xc9\xce\xc9\xd3\xd4\xc5\xd2\xd3\xd4\xd7\xcf\x20\xc9\xce\xcf\xd3\xd4\xd2\xc1\xce\xce\xd9\xc8\x20\xc4\xc5\xcc", "Министерство иностранных дел"},
    {"windows-1253", "el", "\xd5\xf0\xef\xf5\xf1\xe3\xe5\xdf\xef\x20\xc5\xee\xf9\xf4\xe5\xf1\xe9\xea\xfe\xed", "Υπουργείο Εξωτερικών"},
    {"windows-1255", "he", "\xee\xf9\xf8\xe3\x20\xe4\xe7\xe5\xf5", "משרד החוץ"},
    {"windows-1256", "ar", "\xe6\xd2\xc7\xd1\xc9\x20\xc7\xe1\xce\xc7\xd1\xcc\xed\xc9", "وزارة الخارجية"},
    {"windows-1254", "tr", "\x44\xfd\xfe\x69\xfe\x6c\x65\x72\x69\x20\x42\x61\x6b\x61\x6e\x6c\xfd\xf0\xfd", "Dışişleri Bakanlığı"},
    {"windows-1250", "cs", "\x50\xf8\xed\x6c\x69\x9a\x20\x9e\x6c\x75\x9d\x6f\x75\xe8\x6b\xfd\x20\x6b\xf9\xf2", "Příliš žluťoučký kůň"},
    {"windows-874", "th", "\xa1\xc3\xd0\xb7\xc3\xc7\xa7\xa1\xd2\xc3\xb5\xe8\xd2\xa7\xbb\xc3\xd0\xe0\xb7\xc8", "กระทรวงการต่างประเทศ"},
    {"windows-1252", "fr", "\x4d\x69\x6e\x69\x73\x74\xe8\x72\x65\x20\x64\x65\x73\x20\x61\x66\x66\x61\x69\x72\x65\x73\x20\xe9\x74\x72\x61\x6e\x67\xe8\x72\x65\x73\x2c\x20\xab\x20\x63\x6f\x6d\x6d\x75\x6e\x69\x71\x75\xe9\x20\xbb", "Ministère des affaires étrangères, « communiqué »"},
    {"iso-2022-jp", "ja", "\x1b\x24\x42\x33\x30\x4c\x33\x3e\x4a\x24\x4f\x4b\x5c\x46\x7c\x1b\x28\x42", "外務省は本日"},
    /* clang-format on */
};
#define NSAMPLES (sizeof(samples) / sizeof(samples[0]))

static struct nw_arena *arena;

static int
set_up(void **state)
{
	(void)state;
	arena = nw_arena_new(16u << 20);
	return arena != NULL ? 0 : -1;
}

static int
tear_down(void **state)
{
	(void)state;
	nw_arena_free(arena);
	return 0;
}

static struct nw_str
decode(const void *p, size_t n, struct nw_charset_hint hint, const char *want_name)
{
	struct nw_str text, name;
	struct nw_err err;

	assert_int_equal(nw_charset_decode(arena, (struct nw_bytes){p, n}, &hint, &text, &name, &err), 0);
	if (want_name != NULL)
		assert_string_equal(name.p, want_name);
	return text;
}

#define DECODE(literal, hint, name) decode(literal, sizeof(literal) - 1, hint, name)

static void
labels_are_those_of_the_standard(void **state)
{
	(void)state;
	assert_string_equal(nw_charset_of_label(NW_STR("GB2312")), "gbk");
	assert_string_equal(nw_charset_of_label(NW_STR(" latin1\n")), "windows-1252");
	assert_string_equal(nw_charset_of_label(NW_STR("us-ascii")), "windows-1252");
	assert_string_equal(nw_charset_of_label(NW_STR("ISO-8859-9")), "windows-1254");
	assert_string_equal(nw_charset_of_label(NW_STR("tis-620")), "windows-874");
	assert_string_equal(nw_charset_of_label(NW_STR("ks_c_5601-1987")), "euc-kr");
	assert_string_equal(nw_charset_of_label(NW_STR("x-sjis")), "shift_jis");
	assert_string_equal(nw_charset_of_label(NW_STR("unicode")), "utf-16le");
	assert_string_equal(nw_charset_of_label(NW_STR("unicode11utf8")), "utf-8");
	assert_string_equal(nw_charset_of_label(NW_STR("x-x-big5")), "big5");
	assert_string_equal(nw_charset_of_label(NW_STR("hz-gb-2312")), "replacement");
	assert_null(nw_charset_of_label(NW_STR("")));
	assert_null(nw_charset_of_label(NW_STR("utf-7")));
	assert_null(nw_charset_of_label(NW_STR("windows-1252 oder so etwas, sehr lang geschrieben")));
}

static void
labels_near_those_of_the_standard_are_understood(void **state)
{
	static const struct {
		const char *label, *name;
	} near[] = {{"cp-1251", "windows-1251"}, {"Win 1256", "windows-1256"}, {"1250", "windows-1250"},
	    {"tis620", "windows-874"}, {"cp874", "windows-874"}, {"Shift JIS", "shift_jis"}, {"MS949", "euc-kr"},
	    {"cp-932", "shift_jis"}, {"EUC_KR", "euc-kr"}, {"UTF 8", "utf-8"}, {"ISO8859_15", "iso-8859-15"}};

	(void)state;
	for (size_t i = 0; i < sizeof(near) / sizeof(near[0]); i++)
		assert_string_equal(nw_charset_of_label(nw_str(near[i].label)), near[i].name);
	assert_null(nw_charset_of_label(NW_STR("ansi")));
	assert_null(nw_charset_of_label(NW_STR("-")));
	assert_null(nw_charset_of_label(NW_STR("iso8859-2\"")));
	assert_null(nw_charset_of_label(NW_STR("cp1")));
	assert_null(nw_charset_of_label(NW_STR("1111111111111111111111111111111")));
}

static void
markup_in_bytes_is_not_utf_16_whatever_is_said(void **state)
{
	(void)state;
	DECODE("<?xml version='1.0' encoding='unicode'?><a>\xcf\xf0\xe0\xe2\xe8\xf2\xe5\xeb\xfc\xf1\xf2\xe2\xee</a>",
	    ((struct nw_charset_hint){.markup = 'x', .lang = NW_STR("ru")}), "windows-1251");
}

static void
a_declared_encoding_is_read_from_header_and_meta_and_xml(void **state)
{
	char page[1024];
	int n;

	(void)state;
	for (size_t i = 0; i < NSAMPLES; i++) {
		const struct sample *s = &samples[i];
		struct nw_str got;

		n = snprintf(
		    page, sizeof(page), "<html><head><META Charset='%s'><body>%s", s->name, s->bytes);
		got = decode(page, (size_t)n, (struct nw_charset_hint){.markup = 'h'}, s->name);
		assert_non_null(strstr(got.p, s->text));
		n = snprintf(page, sizeof(page), "<?xml version=\"1.0\" encoding=\"%s\"?><a>%s</a>", s->name,
		    s->bytes);
		got = decode(page, (size_t)n, (struct nw_charset_hint){.markup = 'x'}, s->name);
		assert_non_null(strstr(got.p, s->text));
		n = snprintf(page, sizeof(page), "text/html; Charset=\"%s\"", s->name);
		got = decode(s->bytes, strlen(s->bytes),
		    (struct nw_charset_hint){.content_type = {page, (size_t)n}, .markup = 'h'}, s->name);
		assert_string_equal(got.p, s->text);
	}
}

static void
an_undeclared_encoding_is_detected_with_the_language_of_the_source(void **state)
{
	(void)state;
	for (size_t i = 0; i < NSAMPLES; i++) {
		const struct sample *s = &samples[i];
		struct nw_str got = decode(s->bytes, strlen(s->bytes),
		    (struct nw_charset_hint){.markup = 'h', .lang = nw_str(s->lang)}, NULL);

		if (strcmp(got.p, s->text) != 0 &&
		    strcmp(s->name, "euc-jp") != 0) /* one line of it may be Shift_JIS too */
			fail_msg("%s: '%s'", s->name, got.p);
	}
}

static void
utf_8_over_other_bytes_is_a_lie(void **state)
{
	struct nw_charset_hint hint = {
	    .content_type = NW_STR("text/html; charset=utf-8"), .markup = 'h', .lang = NW_STR("zh")};
	struct nw_str got =
	    DECODE("<meta charset=utf-8>\xcd\xe2\xbd\xbb\xb2\xbf\xb7\xa2\xd1\xd4\xc8\xcb", hint, NULL);

	(void)state;
	assert_non_null(strstr(got.p, "外交部发言人"));
	hint.content_type = NW_STR("text/html; charset=UTF-8"); /* the next witness is asked first */
	got = DECODE("<meta charset=windows-1251>\xcc\xe8\xed\xe8\xf1\xf2\xe5\xf0", hint, "windows-1251");
	assert_non_null(strstr(got.p, "Министер"));
}

static void
another_encoding_over_utf_8_is_a_lie(void **state)
{
	struct nw_charset_hint hint = {
	    .content_type = NW_STR("text/html; charset=ISO-8859-1"), .markup = 'h'};

	(void)state;
	assert_string_equal(DECODE("Minist\xc3\xa8re", hint, "utf-8").p, "Ministère");
	hint.content_type = NW_STR("text/html; charset=gb2312");
	assert_string_equal(DECODE("外交部发言人", hint, "utf-8").p, "外交部发言人");
}

static void
a_character_cut_by_the_end_is_no_lie(void **state)
{
	struct nw_charset_hint hint = {
	    .content_type = NW_STR("text/html; charset=utf-8"), .markup = 'h', .lang = NW_STR("zh")};

	(void)state;
	assert_string_equal(DECODE("外交部\xe5\x8f", hint, "utf-8").p, "外交部\xef\xbf\xbd");
	assert_string_equal(
	    DECODE("外交\xe5\x8f部发言人朱镕基外交部发言人朱镕基外交部发言人朱镕基", hint, "utf-8").p,
	    "外交\xef\xbf\xbd部发言人朱镕基外交部发言人朱镕基外交部发言人朱镕基");
}

static void
a_byte_order_mark_wins_and_vanishes(void **state)
{
	struct nw_charset_hint hint = {
	    .content_type = NW_STR("text/html; charset=gbk"), .override = NW_STR("big5"), .markup = 'h'};

	(void)state;
	assert_string_equal(DECODE("\xef\xbb\xbf<p>x", hint, "utf-8").p, "<p>x");
	assert_string_equal(DECODE("\xff\xfe<\0a\0>\0", hint, "utf-16le").p, "<a>");
	assert_string_equal(DECODE("\xfe\xff\x59\x16\x4e\xa4", hint, "utf-16be").p, "外交");
}

static void
utf_16_without_a_mark_is_told_by_its_zeros(void **state)
{
	(void)state;
	assert_string_equal(
	    DECODE("<\0?\0x\0m\0l\0 \0?\0>\0", (struct nw_charset_hint){.markup = 'x'}, "utf-16le").p,
	    "<?xml ?>");
	assert_string_equal(
	    DECODE("\0<\0?\0x\0m\0l\0 \0?\0>", (struct nw_charset_hint){.markup = 'x'}, "utf-16be").p,
	    "<?xml ?>");
}

static void
the_sources_own_charset_wins_over_header_and_meta(void **state)
{
	struct nw_charset_hint hint = {
	    .content_type = NW_STR("text/html; charset=utf-8"), .override = NW_STR("koi8-r"), .markup = 'h'};

	(void)state;
	assert_non_null(strstr(DECODE("<meta charset=gbk>\xcd\xc9\xc4", hint, "koi8-r").p, "мид"));
}

static void
the_prescan_reads_meta_as_browsers_do(void **state)
{
	struct nw_charset_hint h = {.markup = 'h', .lang = NW_STR("ru")};
	static char far[20000] = "<head>";

	(void)state;
	DECODE("<!-- <meta charset=big5> --><meta charset=windows-1251>\xc8", h, "windows-1251");
	DECODE("<meta http-equiv=Content-Type content='text/html; charset = \"koi8-r\"'>\xc8", h, "koi8-r");
	DECODE("<meta content='text/html;charset=koi8-r' http-equiv=content-type>\xc8", h, "koi8-r");
	DECODE("<p title='<meta charset=big5>'><meta charset=iso-8859-5>\xc8", h, "iso-8859-5");
	DECODE("<meta charset=utf-16><meta charset=big5>ascii", h, "utf-8");
	DECODE("<meta charset=x-user-defined>\xc8\xc8\xc8", h, "windows-1252");
	memset(
	    far + 6, ' ', sizeof(far) - 7); /* past the prescan, where the tree builder would still find it */
	memcpy(far + 9000, "<script>'<meta charset=big5>'</script><meta charset=iso-8859-2>\xb9\xb9", 66);
	decode(far, sizeof(far) - 1, h, "iso-8859-2");
}

static void
refused_encodings_are_read_as_undeclared(void **state)
{
	struct nw_charset_hint hint = {
	    .content_type = NW_STR("text/html; charset=hz-gb-2312"), .markup = 'h'};

	(void)state;
	assert_string_equal(DECODE("<p>plain</p>", hint, "utf-8").p, "<p>plain</p>");
}

static void
results_equal_browsers_where_icu_differs(void **state)
{
	struct nw_charset_hint h = {.markup = 'h'};

	(void)state;
	h.override = NW_STR("gbk");
	assert_string_equal(DECODE("\x80\xa3\xa0\xa6\xd9", h, "gbk").p, "€\u3000\ufe10");
	h.override = NW_STR("windows-1252");
	assert_string_equal(DECODE("\x80\x93\x81", h, NULL).p, "€“\xc2\x81");
	h.override = NW_STR("koi8-u");
	assert_string_equal(DECODE("\xae\xbe", h, NULL).p, "ўЎ");
	h.override = NW_STR("windows-1255");
	assert_string_equal(DECODE("\xca", h, NULL).p, "\u05ba");
	h.override = NW_STR("big5");
	assert_string_equal(DECODE("\x88\x62\xa3\xe0\x8e\x69", h, NULL).p, "Ê̄\u2421箸");
	h.override = NW_STR("iso-8859-16");
	assert_string_equal(DECODE("\xaa\xba\xde\xfe", h, NULL).p, "ȘșȚț");
	h.override = NW_STR("x-user-defined");
	assert_string_equal(DECODE("A\x80\xff", h, NULL).p, "A\uf780\uf7ff");
	h.override = NW_STR("shift_jis");
	assert_string_equal(
	    DECODE("\x81<b>", h, NULL).p, "\ufffd<b>"); /* a broken character does not eat the tag */
	h.override = NW_STR("gb18030");
	assert_string_equal(DECODE("\x90\x30\x81\x30", h, NULL).p, "\U00010000");
}

static void
a_nul_becomes_a_replacement_character(void **state)
{
	(void)state;
	assert_string_equal(DECODE("a\0b", (struct nw_charset_hint){.markup = 'h'}, "utf-8").p, "a\ufffdb");
	assert_string_equal(
	    DECODE("a\0\xc8", ((struct nw_charset_hint){.markup = 'h', .override = NW_STR("windows-1251")}),
		NULL)
		.p,
	    "a\ufffdИ");
}

static void
terminated_utf_8_is_borrowed(void **state)
{
	static const char text[] = "外交部";

	(void)state;
	assert_ptr_equal(
	    DECODE(text, ((struct nw_charset_hint){.markup = 'j', .terminated = 1}), "utf-8").p, text);
	assert_ptr_not_equal(DECODE(text, (struct nw_charset_hint){.markup = 'j'}, "utf-8").p, text);
}

static void
a_document_larger_than_its_memory_is_refused(void **state)
{
	struct nw_arena *small = nw_arena_new(1000);
	struct nw_charset_hint hint = {.markup = 'h'};
	static const uint8_t page[5000];
	struct nw_str text = {"", 0}, name;
	struct nw_err err;

	(void)state;
	assert_int_equal(
	    nw_charset_decode(small, (struct nw_bytes){page, sizeof(page)}, &hint, &text, &name, &err), -1);
	assert_int_equal(err.code, NW_ELIMIT);
	nw_arena_free(small);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(labels_are_those_of_the_standard),
	    cmocka_unit_test(labels_near_those_of_the_standard_are_understood),
	    cmocka_unit_test(markup_in_bytes_is_not_utf_16_whatever_is_said),
	    cmocka_unit_test(a_declared_encoding_is_read_from_header_and_meta_and_xml),
	    cmocka_unit_test(an_undeclared_encoding_is_detected_with_the_language_of_the_source),
	    cmocka_unit_test(utf_8_over_other_bytes_is_a_lie),
	    cmocka_unit_test(another_encoding_over_utf_8_is_a_lie),
	    cmocka_unit_test(a_character_cut_by_the_end_is_no_lie),
	    cmocka_unit_test(a_byte_order_mark_wins_and_vanishes),
	    cmocka_unit_test(utf_16_without_a_mark_is_told_by_its_zeros),
	    cmocka_unit_test(the_sources_own_charset_wins_over_header_and_meta),
	    cmocka_unit_test(the_prescan_reads_meta_as_browsers_do),
	    cmocka_unit_test(refused_encodings_are_read_as_undeclared),
	    cmocka_unit_test(results_equal_browsers_where_icu_differs),
	    cmocka_unit_test(a_nul_becomes_a_replacement_character),
	    cmocka_unit_test(terminated_utf_8_is_borrowed),
	    cmocka_unit_test(a_document_larger_than_its_memory_is_refused),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
