/* mime, header: what the sender puts on the wire. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "core/frame.h"
#include "sender/sender.h"

static Nw__Channel channel = NW__CHANNEL__INIT;
static Nw__Message message = NW__MESSAGE__INIT;
static Nw__Deliver deliver = NW__DELIVER__INIT;

static int
set_up(void **state)
{
	(void)state;
	channel.name = nw_pb(NW_STR("desk"));
	channel.from = nw_pb(NW_STR("Newswatch <newswatch@example.org>"));
	message.subject = nw_pb(NW_STR("[high] treaty-news: plain"));
	message.text = nw_pb(NW_STR("one\ntwo\n"));
	message.html = nw_pb(NW_STR(""));
	deliver.id = nw_pb(NW_STR("0123456789abcdef"));
	deliver.recipient = nw_pb(NW_STR("desk@example.org"));
	deliver.message = &message;
	deliver.date_ms = 1616457600000;
	deliver.thread_id = nw_pb(NW_STR(""));
	return 0;
}

static struct nw_str
build(struct nw_buf *b)
{
	struct nw_err err;

	nw_buf_reset(b);
	assert_int_equal(nw_mime_build(&channel, &deliver, b, &err), 0);
	return nw_buf_str(b);
}

static void
equal_input_gives_equal_bytes(void **state)
{
	struct nw_buf a = {0}, b = {0};

	(void)state;
	message.html = nw_pb(NW_STR("<p>\xe6\x9d\xa1\xe7\xba\xa6</p>"));
	assert_string_equal(build(&a).p, build(&b).p);
	assert_non_null(strstr(a.p, "Message-ID: <0123456789abcdef@example.org>\r\n"));
	assert_non_null(strstr(a.p, "Date: Tue, 23 Mar 2021 00:00:00 +0000\r\n"));
	assert_non_null(strstr(a.p, "Auto-Submitted: auto-generated\r\n"));
	nw_buf_done(&a);
	nw_buf_done(&b);
}

/* Lines end in CRLF, none is over 998 bytes, none of the head holds a raw 8-bit byte. */
static void
check_lines(struct nw_str m)
{
	size_t column = 0;
	const char *body = strstr(m.p, "\r\n\r\n");

	assert_non_null(body);
	for (size_t i = 0; i < m.len; i++) {
		if (m.p[i] == '\n')
			assert_true(i > 0 && m.p[i - 1] == '\r');
		if (m.p[i] == '\r')
			assert_int_equal(m.p[i + 1], '\n');
		column = m.p[i] == '\n' ? 0 : column + 1;
		assert_true(column <= 999);
		if (m.p + i < body)
			assert_true((unsigned char)m.p[i] < 0x80);
	}
}

static void
a_hostile_subject_makes_no_header_and_no_raw_byte(void **state)
{
	struct nw_buf b = {0};
	struct nw_str m;

	(void)state;
	message.subject = nw_pb(NW_STR("x\r\nBcc: evil@example.com\n\xe6\x9d\xa1\xe7\xba\xa6\xe2\x80\xae\xe7\xad\xbe\xe7\xbd\xb2"));
	m = build(&b);
	check_lines(m);
	assert_null(strstr(m.p, "\r\nBcc:"));
	assert_non_null(strstr(m.p, "Subject: =?UTF-8?B?"));
	nw_buf_done(&b);
}

static void
a_long_subject_is_folded_below_78_columns(void **state)
{
	struct nw_buf b = {0};
	const char *line, *end;

	(void)state;
	message.subject = nw_pb(NW_STR("The ministers of foreign affairs of thirty-two countries signed the convention on the "
				       "protection of submarine cables in the presence of the President of the Republic"));
	line = strstr(build(&b).p, "Subject:");
	for (int i = 0; i < 3; i++, line = end + 2) {
		end = strstr(line, "\r\n");
		assert_true(end - line < 78);
		if (end[2] != ' ')
			break;
	}
	nw_buf_done(&b);
}

static void
a_bare_line_feed_or_return_in_the_text_becomes_crlf(void **state)
{
	struct nw_buf b = {0};

	(void)state;
	message.text = nw_pb(NW_STR("a\n.\nb\rc\r\nd"));
	check_lines(build(&b));
	assert_non_null(strstr(b.p, "a\r\n.\r\nb\r\nc\r\nd"));
	nw_buf_done(&b);
}

static void
an_address_with_a_line_feed_or_a_second_recipient_is_refused(void **state)
{
	struct nw_buf b = {0};
	struct nw_err err;

	(void)state;
	deliver.recipient = nw_pb(NW_STR("a@example.org\r\nBcc: b@example.org"));
	assert_int_equal(nw_mime_build(&channel, &deliver, &b, &err), -1);
	nw_buf_reset(&b);
	deliver.recipient = nw_pb(NW_STR("a@example.org, b@example.org"));
	assert_int_equal(nw_mime_build(&channel, &deliver, &b, &err), -1);
	nw_buf_done(&b);
}

static void
a_later_mail_of_a_story_refers_to_the_first(void **state)
{
	struct nw_buf b = {0};

	(void)state;
	deliver.thread_id = nw_pb(NW_STR("fedcba9876543210"));
	assert_non_null(strstr(build(&b).p, "References: <fedcba9876543210@example.org>\r\n"));
	nw_buf_done(&b);
}

static void
a_mail_without_text_is_refused(void **state)
{
	struct nw_buf b = {0};
	struct nw_err err;

	(void)state;
	message.text = nw_pb(NW_STR(""));
	assert_int_equal(nw_mime_build(&channel, &deliver, &b, &err), -1);
	assert_int_equal(err.code, NW_EPLUGIN);
	nw_buf_done(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(equal_input_gives_equal_bytes, set_up),
	    cmocka_unit_test_setup(a_hostile_subject_makes_no_header_and_no_raw_byte, set_up),
	    cmocka_unit_test_setup(a_long_subject_is_folded_below_78_columns, set_up),
	    cmocka_unit_test_setup(a_bare_line_feed_or_return_in_the_text_becomes_crlf, set_up),
	    cmocka_unit_test_setup(an_address_with_a_line_feed_or_a_second_recipient_is_refused, set_up),
	    cmocka_unit_test_setup(a_later_mail_of_a_story_refers_to_the_first, set_up),
	    cmocka_unit_test_setup(a_mail_without_text_is_refused, set_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
