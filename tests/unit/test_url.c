#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "core/limits.h"
#include "core/url.h"

static void
check_resolve(const char *base, const char *ref, const char *want)
{
	struct nw_arena *a = nw_arena_new(1u << 20);
	struct nw_str url = {"", 0};
	struct nw_err err = {0};
	int rc = nw_url_resolve(a, nw_str(base), nw_str(ref), &url, &err);

	if (want == NULL) {
		if (rc == 0)
			fail_msg("'%s' was accepted as '%s'", ref, url.p);
		assert_int_equal(err.code, NW_EINPUT);
		assert_true(err.msg[0] != '\0');
	} else if (rc == -1) {
		fail_msg("'%s': %s", ref, err.msg);
	} else {
		assert_string_equal(url.p, want);
	}
	nw_arena_free(a);
}

/* RFC 3986, 5.4.1 and 5.4.2 */
static void
url_references_resolve_as_rfc3986_says(void **state)
{
	static const char *const t[][2] = {{"g", "http://a/b/c/g"}, {"./g", "http://a/b/c/g"},
	    {"g/", "http://a/b/c/g/"}, {"/g", "http://a/g"}, {"//g", "http://g/"},
	    {"?y", "http://a/b/c/d;p?y"}, {"g?y", "http://a/b/c/g?y"}, {"#s", "http://a/b/c/d;p?q#s"},
	    {"g#s", "http://a/b/c/g#s"}, {"g?y#s", "http://a/b/c/g?y#s"}, {";x", "http://a/b/c/;x"},
	    {"g;x", "http://a/b/c/g;x"}, {"", "http://a/b/c/d;p?q"}, {".", "http://a/b/c/"},
	    {"./", "http://a/b/c/"}, {"..", "http://a/b/"}, {"../", "http://a/b/"}, {"../g", "http://a/b/g"},
	    {"../..", "http://a/"}, {"../../g", "http://a/g"}, {"../../../g", "http://a/g"},
	    {"../../../../g", "http://a/g"}, {"/./g", "http://a/g"}, {"/../g", "http://a/g"},
	    {"g.", "http://a/b/c/g."}, {".g", "http://a/b/c/.g"}, {"g..", "http://a/b/c/g.."},
	    {"./../g", "http://a/b/g"}, {"./g/.", "http://a/b/c/g/"}, {"g/./h", "http://a/b/c/g/h"},
	    {"g/../h", "http://a/b/c/h"}, {"g;x=1/./y", "http://a/b/c/g;x=1/y"},
	    {"g;x=1/../y", "http://a/b/c/y"}, {"g?y/./x", "http://a/b/c/g?y/./x"},
	    {"g#s/../x", "http://a/b/c/g#s/../x"}};

	(void)state;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++)
		check_resolve("http://a/b/c/d;p?q", t[i][0], t[i][1]);
}

static void
url_is_written_in_one_form(void **state)
{
	(void)state;
	check_resolve("", "HTTP://WWW.Example.ORG:80/%7eA%2fb", "http://www.example.org/%7EA%2Fb");
	check_resolve("", "https://h:443?x#y", "https://h/?x#y");
	check_resolve("", "https://h:0443/", "https://h/");
	check_resolve("", "http://h:8080/", "http://h:8080/");
	check_resolve("", "  http://h/\n", "http://h/");
	check_resolve("", "http://h/a b\t\nc", "http://h/a%20bc");
	check_resolve("", "http://h/外?q=交#部", "http://h/%E5%A4%96?q=%E4%BA%A4#%E9%83%A8");
	check_resolve("", "http://h/a/%2E%2e/b/%2e", "http://h/b/");
	check_resolve("", "http://h/?a[]=1&j={\"x\":1}", "http://h/?a[]=1&j=%7B%22x%22:1%7D");
	check_resolve("", "http://h/%u6587%", "http://h/%u6587%");
	check_resolve("", "http://u:p%40@h/", "http://u:p%40@h/");
}

static void
url_of_a_list_page_resolves(void **state)
{
	(void)state;
	check_resolve("https://www.mfa.gov.cn/eng/xw/zyxw/", "./202403/t20240312_11257843.html",
	    "https://www.mfa.gov.cn/eng/xw/zyxw/202403/t20240312_11257843.html");
	check_resolve("https://h/a/index.html?x", "//mirror.h/t.htm", "https://mirror.h/t.htm");
	check_resolve("https://h/a/index.html?x", "?page=2", "https://h/a/index.html?page=2");
}

static void
url_host_has_one_spelling(void **state)
{
	(void)state;
	check_resolve("", "http://0x7f000001/", "http://127.0.0.1/");
	check_resolve("", "http://2130706433/", "http://127.0.0.1/");
	check_resolve("", "http://127.1/", "http://127.0.0.1/");
	check_resolve("", "http://0177.0.0.1/", "http://127.0.0.1/");
	check_resolve("", "http://0/", "http://0.0.0.0/");
	check_resolve("", "http://127.0.0.1./", "http://127.0.0.1/");
	check_resolve("", "http://a.example./", "http://a.example./");
	check_resolve("", "http://1.2.3.4.5./", NULL);
	check_resolve("", "http://[0:0:0:0:0:0:0:1]/", "http://[::1]/");
	check_resolve("", "http://[::FFFF:127.0.0.1]:81/", "http://[::ffff:127.0.0.1]:81/");
}

static void
url_that_readers_understand_differently_is_refused(void **state)
{
	static const char *const t[] = {"http://h\\@evil/", "http://a@b@c/", "http:/h/x", "http:///h/x",
	    "http:h", "javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "mailto:a@b",
	    "http://h:65536/", "http://h:0/", "http://h:8x/", "http://h:-1/", "http://[::1/",
	    "http://[::1]x/", "http://[::1%25eth0]/", "http://[x]/", "http://", "http://?x", "http://a..b/",
	    "http://.a/", "http://1.2.3.4.5/", "http://256.1.1.1/", "http://a.1/", "http://0x/",
	    "http://a.0x/", "http://09/", "http://h%2eexample/", "http://bücher.example/", "http://h /",
	    "http://h\x01/", "http://h/\x7f", "http://a b@h/", "/relative/without/base", ""};

	(void)state;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++)
		check_resolve("", t[i], NULL);
}

static void
url_that_is_too_long_is_refused(void **state)
{
	char text[NW_URL_MAX + 2];

	(void)state;
	memset(text, 'a', sizeof(text));
	memcpy(text, "http://h/", 9);
	text[NW_URL_MAX] = '\0';
	check_resolve("", text, text);
	text[NW_URL_MAX] = 'a';
	text[NW_URL_MAX + 1] = '\0';
	check_resolve("", text, NULL);
	memset(text + 9, '"', NW_URL_MAX - 9); /* three bytes each when encoded */
	text[NW_URL_MAX] = '\0';
	check_resolve("", text, NULL);
}

static void
url_failure_leaves_the_output_alone(void **state)
{
	struct nw_arena *a = nw_arena_new(4096);
	struct nw_str url = nw_str("untouched");

	(void)state;
	assert_int_equal(nw_url_resolve(a, nw_str(""), nw_str("x"), &url, NULL), -1);
	assert_string_equal(url.p, "untouched");
	nw_arena_free(a);
}

static void
url_parts_borrow_from_the_text(void **state)
{
	struct nw_str text = nw_str("https://u:p@Host.example:8443/p/q;r?s=t#f");
	struct nw_url u;

	(void)state;
	assert_int_equal(nw_url_parse(text, &u, NULL), 0);
	assert_true(nw_str_is(u.scheme, "https") && nw_str_is(u.userinfo, "u:p") &&
		    nw_str_is(u.host, "Host.example"));
	assert_true(nw_str_is(u.port, "8443") && nw_str_is(u.path, "/p/q;r") && nw_str_is(u.query, "s=t"));
	assert_true(nw_str_is(u.fragment, "f") && u.has_userinfo && u.has_query && u.has_fragment);
	assert_ptr_equal(u.host.p, text.p + 12);
	assert_int_equal(nw_url_parse(nw_str("http://h/a b"), &u, NULL), -1);
}

static void
check_canonical(const char *url, const char *want)
{
	struct nw_arena *a = nw_arena_new(1u << 20);
	struct nw_str c;

	assert_int_equal(nw_url_canonical(a, nw_str(url), &c, NULL), 0);
	assert_string_equal(c.p, want);
	nw_arena_free(a);
}

static void
url_canonical_form_is_no_longer_than_a_url(void **state)
{
	char url[NW_URL_MAX + 1] = "http://h/";
	struct nw_arena *a = nw_arena_new(0);
	struct nw_str c;

	(void)state;
	memset(url + 9, '%', 2000); /* each is written as %25 */
	url[2009] = '\0';
	assert_int_equal(nw_url_canonical(a, nw_str(url), &c, NULL), -1);
	url[1009] = '\0';
	assert_int_equal(nw_url_canonical(a, nw_str(url), &c, NULL), 0);
	nw_arena_free(a);
}

static void
url_canonical_form_folds_what_does_not_tell_pages_apart(void **state)
{
	(void)state;
	check_canonical(
	    "http://H.example:80/a//b/?utm_source=x&id=2&fbclid=3#f", "https://h.example/a/b?id=2");
	check_canonical("https://h.example/a/b?id=2", "https://h.example/a/b?id=2");
	check_canonical("http://h/%7Euser/%41?", "https://h/~user/A");
	check_canonical("http://h/", "https://h/");
	check_canonical("http://h", "https://h/");
	check_canonical("http://h/index.php/news/1/", "https://h/index.php/news/1");
	check_canonical("http://h/p?dtl/37654", "https://h/p?dtl/37654");
	check_canonical("http://h/p?utm_id=1&utm_term=2", "https://h/p");
	check_canonical("http://h/p?utmost=1", "https://h/p?utmost=1");
	check_canonical("http://h:8080/p", "https://h:8080/p");
	check_canonical("http://h/%2f", "https://h/%2F");
}

static int
same(const char *a, const char *b)
{
	struct nw_url x, y;

	assert_int_equal(nw_url_parse(nw_str(a), &x, NULL), 0);
	assert_int_equal(nw_url_parse(nw_str(b), &y, NULL), 0);
	return nw_url_same_host(&x, &y);
}

static void
url_hosts_are_the_same_by_name_and_port(void **state)
{
	(void)state;
	assert_true(same("http://H/a", "http://h:80/b"));
	assert_true(same("http://h:443/", "https://h/"));
	assert_true(same("http://127.1/", "http://127.0.0.1/"));
	assert_false(same("http://h/", "https://h/"));
	assert_false(same("http://h/", "http://g/"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(url_references_resolve_as_rfc3986_says),
	    cmocka_unit_test(url_is_written_in_one_form),
	    cmocka_unit_test(url_of_a_list_page_resolves),
	    cmocka_unit_test(url_host_has_one_spelling),
	    cmocka_unit_test(url_that_readers_understand_differently_is_refused),
	    cmocka_unit_test(url_that_is_too_long_is_refused),
	    cmocka_unit_test(url_failure_leaves_the_output_alone),
	    cmocka_unit_test(url_parts_borrow_from_the_text),
	    cmocka_unit_test(url_canonical_form_folds_what_does_not_tell_pages_apart),
	    cmocka_unit_test(url_canonical_form_is_no_longer_than_a_url),
	    cmocka_unit_test(url_hosts_are_the_same_by_name_and_port),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
