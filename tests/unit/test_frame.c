#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "core/frame.h"
#include "core/limits.h"

static struct nw_arena *arena;

static int
setup(void **state)
{
	(void)state;
	arena = nw_arena_new(1u << 20);
	return arena == NULL;
}

static int
teardown(void **state)
{
	(void)state;
	nw_arena_free(arena);
	return 0;
}

static struct nw_bytes
body(const struct nw_buf *b)
{
	return (struct nw_bytes){(const uint8_t *)b->p + NW_FRAME_HEAD, b->len - NW_FRAME_HEAD};
}

static void
pack_job(struct nw_buf *b, const char *doc)
{
	Nw__Frame f = NW__FRAME__INIT;
	Nw__Job job = NW__JOB__INIT;
	Nw__ReadJob read = NW__READ_JOB__INIT;

	read.body = nw_pb((struct nw_str){doc, strlen(doc)});
	job.generation = 7;
	job.job_case = NW__JOB__JOB_READ;
	job.read = &read;
	f.id = 42;
	f.kind_case = NW__FRAME__KIND_JOB;
	f.job = &job;
	assert_int_equal(nw_frame_pack(b, &f), 0);
}

static void
a_job_comes_back_as_it_was_packed(void **state)
{
	struct nw_buf b = {0};
	Nw__Frame *f;

	(void)state;
	pack_job(&b, "<rss/>");
	assert_int_equal(nw_frame_length((const uint8_t *)b.p, NW_FRAME_MAX), b.len - NW_FRAME_HEAD);
	assert_int_equal(nw_frame_unpack(arena, body(&b), &f, NULL), 0);
	assert_int_equal(f->id, 42);
	assert_int_equal(f->kind_case, NW__FRAME__KIND_JOB);
	assert_int_equal(f->job->generation, 7);
	assert_int_equal(f->job->job_case, NW__JOB__JOB_READ);
	assert_memory_equal(f->job->read->body.data, "<rss/>", 6);
	nw_buf_done(&b);
}

static void
unpacked_bytes_are_followed_by_a_nul(void **state)
{
	struct nw_buf b = {0};
	Nw__Frame *f;

	(void)state;
	pack_job(&b, "sixteen bytes!!!");
	assert_int_equal(nw_frame_unpack(arena, body(&b), &f, NULL), 0);
	assert_int_equal(f->job->read->body.data[16], 0);
	nw_buf_done(&b);
}

static void
a_length_of_zero_or_above_the_cap_is_refused(void **state)
{
	const uint8_t zero[] = {0, 0, 0, 0}, above[] = {0, 0, 1, 1}, most[] = {0, 0, 1, 0};
	const uint8_t huge[] = {255, 255, 255, 255};

	(void)state;
	assert_int_equal(nw_frame_length(zero, 256), 0);
	assert_int_equal(nw_frame_length(above, 256), 0);
	assert_int_equal(nw_frame_length(huge, NW_FRAME_CONFIG_MAX), 0);
	assert_int_equal(nw_frame_length(most, 256), 256);
}

static void
refused(const void *p, size_t n, int code)
{
	struct nw_err err = {0};
	Nw__Frame *f;

	assert_int_equal(nw_frame_unpack(arena, (struct nw_bytes){p, n}, &f, &err), -1);
	assert_int_equal(err.code, code);
	assert_true(err.msg[0] != '\0');
}

static void
a_frame_of_no_kind_is_refused(void **state)
{
	(void)state;
	refused("\x08\x01", 2, NW_EPLUGIN); /* id: 1, nothing else */
	refused("", 0, NW_EPLUGIN);
}

static void
a_field_that_is_not_known_is_refused_at_any_depth(void **state)
{
	(void)state;
	/* kind ready {version: 1} with field 99 beside it, inside the frame and inside ready */
	refused("\x42\x02\x08\x01\x98\x06\x01", 7, NW_EPLUGIN);
	refused("\x42\x05\x08\x01\x98\x06\x01", 7, NW_EPLUGIN);
	/* done {articles {tags {hits {99: 1}}}} */
	refused("\x32\x0b\x1a\x09\x92\x01\x06\x2a\x04\x98\x06\x01\x08", 13, NW_EPLUGIN);
}

static void
every_cut_of_a_frame_is_refused_or_a_shorter_frame(void **state)
{
	struct nw_buf b = {0};
	struct nw_err err;
	Nw__Frame *f;
	size_t refusals = 0;

	(void)state;
	pack_job(&b, "a document");
	for (size_t n = 0; n < b.len - NW_FRAME_HEAD; n++) {
		nw_arena_reset(arena);
		refusals += nw_frame_unpack(arena, (struct nw_bytes){body(&b).p, n}, &f, &err) == -1;
	}
	assert_int_equal(refusals, b.len - NW_FRAME_HEAD); /* the job is the last field: no cut of it is whole */
	nw_buf_done(&b);
}

static void
small_bytes_that_become_much_memory_are_refused(void **state)
{
	size_t n = 200000;
	struct nw_buf b = {0};
	uint8_t head[] = {0x32, 0, 0, 0}; /* done, its length as a varint of three bytes */

	(void)state;
	head[1] = (uint8_t)(0x80 | (n & 0x7f));
	head[2] = (uint8_t)(0x80 | (n >> 7 & 0x7f));
	head[3] = (uint8_t)(n >> 14);
	nw_buf_add(&b, head, sizeof(head));
	for (size_t i = 0; i < n / 2; i++)
		nw_buf_add(&b, "\x1a\x00", 2); /* an empty article */
	refused(b.p, b.len, NW_ELIMIT);
	nw_buf_done(&b);
}

/* --- no message contains itself ------------------------------------------------------------------------------------ */

#define DEPTH_MAX 12

static void
walk(const ProtobufCMessageDescriptor *d, const ProtobufCMessageDescriptor **above, size_t depth)
{
	assert_true(depth < DEPTH_MAX);
	for (size_t i = 0; i < depth; i++)
		if (above[i] == d)
			fail_msg("%s contains itself", d->name);
	above[depth] = d;
	for (unsigned i = 0; i < d->n_fields; i++) {
		/* a proto3 string would lose its true length */
		assert_int_not_equal(d->fields[i].type, PROTOBUF_C_TYPE_STRING);
		if (d->fields[i].type == PROTOBUF_C_TYPE_MESSAGE)
			walk(d->fields[i].descriptor, above, depth + 1);
	}
}

static void
no_message_contains_itself_and_text_is_bytes(void **state)
{
	const ProtobufCMessageDescriptor *above[DEPTH_MAX];

	(void)state;
	walk(&nw__frame__descriptor, above, 0);
}

/* --- on a descriptor ----------------------------------------------------------------------------------------------- */

static void
frames_are_read_whole_until_the_end_of_file(void **state)
{
	Nw__Frame f = NW__FRAME__INIT, *got;
	Nw__Ready ready = NW__READY__INIT;
	struct nw_err err;
	int fd[2];

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fd), 0);
	ready.version = 3;
	f.kind_case = NW__FRAME__KIND_READY;
	f.ready = &ready;
	assert_int_equal(nw_frame_write(fd[0], &f, &err), 0);
	assert_int_equal(nw_frame_write(fd[0], &f, &err), 0);
	assert_int_equal(close(fd[0]), 0);
	assert_int_equal(nw_frame_read(fd[1], 1024, arena, &got, &err), 1);
	assert_int_equal(got->ready->version, 3);
	assert_int_equal(nw_frame_read(fd[1], 1024, arena, &got, &err), 1);
	assert_int_equal(nw_frame_read(fd[1], 1024, arena, &got, &err), 0);
	(void)close(fd[1]);
}

static void
a_document_is_borrowed_from_its_frame(void **state)
{
	struct nw_buf b = {0};
	struct nw_err err;
	Nw__Frame *f;
	ProtobufCBinaryData *doc;

	(void)state;
	pack_job(&b, "a document");
	assert_int_equal(nw_frame_unpack(arena, body(&b), &f, &err), 0);
	doc = &f->job->read->body;
	assert_int_equal(doc->len, 10);
	assert_ptr_equal(doc->data, b.p + b.len - 10);
	assert_int_equal(doc->data[10], '\0');
	assert_int_equal(f->job->read->tail_bytes, 0);
	nw_buf_done(&b);
}

/* A job whose document of ${len} bytes follows from elsewhere. */
static void
pack_open(struct nw_buf *b, size_t len)
{
	Nw__Frame f = NW__FRAME__INIT;
	Nw__Job job = NW__JOB__INIT;
	Nw__ReadJob read = NW__READ_JOB__INIT;

	read.body.len = len;
	job.job_case = NW__JOB__JOB_READ;
	job.read = &read;
	f.kind_case = NW__FRAME__KIND_JOB;
	f.job = &job;
	assert_int_equal(nw_frame_pack(b, &f), 0);
	assert_int_equal(read.body.len, len); /* as it was */
	assert_null(read.body.data);
}

static void
an_open_frame_and_the_document_behind_it_are_a_whole_one(void **state)
{
	static const size_t length[] = {1, 127, 128, 300, 70000};
	static char doc[70000];
	struct nw_err err;
	Nw__Frame *f;

	(void)state;
	memset(doc, 'd', sizeof(doc));
	for (size_t i = 0; i < sizeof(length) / sizeof(length[0]); i++) {
		struct nw_buf b = {0};

		pack_open(&b, length[i]);
		nw_buf_add(&b, doc, length[i]);
		assert_int_equal(nw_frame_length((const uint8_t *)b.p, NW_FRAME_MAX), b.len - NW_FRAME_HEAD);
		assert_int_equal(nw_frame_unpack(arena, body(&b), &f, &err), 0);
		assert_int_equal(f->job->read->body.len, length[i]);
		assert_memory_equal(f->job->read->body.data, doc, length[i]);
		nw_buf_done(&b);
	}
}

static void
an_open_frame_is_unpacked_as_such_and_as_no_other(void **state)
{
	struct nw_buf b = {0};
	struct nw_err err;
	Nw__Frame *f;

	(void)state;
	pack_open(&b, 300);
	refused(b.p + NW_FRAME_HEAD, b.len - NW_FRAME_HEAD, NW_EPLUGIN);
	assert_int_equal(nw_frame_unpack_open(arena, body(&b), &f, &err), 0);
	assert_int_equal(f->job->read->body.len, 300);
	assert_null(f->job->read->body.data);
	nw_buf_reset(&b);
	pack_job(&b, "a document");
	assert_int_equal(nw_frame_unpack_open(arena, body(&b), &f, &err), -1);
	nw_buf_done(&b);
}

static void
a_document_that_no_job_announced_is_refused(void **state)
{
	(void)state;
	refused("\x42\x02\x08\x01\x7a\x02" "ab", 8, NW_EPLUGIN); /* ready {version: 1}, tail */
	refused("\x7a\x02" "ab\x42\x02\x08\x01", 8, NW_EPLUGIN);
	refused("\x2a\x02\x12\x00\x7a\x02" "ab", 8, NW_EPLUGIN); /* job {read {}}, tail */
	refused("\x2a\x05\x12\x03\xa0\x01\x03\x7a\x02" "ab", 11, NW_EPLUGIN); /* job {read {tail_bytes: 3}}, tail of 2 */
}

static void
a_long_message_is_written_piece_by_piece(void **state)
{
	static char text[100000];
	Nw__Frame f = NW__FRAME__INIT, *got;
	Nw__Failed failed = NW__FAILED__INIT;
	struct nw_err err;
	pid_t child;
	int fd[2];

	(void)state;
	memset(text, 'x', sizeof(text));
	failed.code = NW_EINPUT;
	failed.text = (ProtobufCBinaryData){sizeof(text), (uint8_t *)text};
	failed.notes = &failed.text;
	failed.n_notes = 1;
	f.kind_case = NW__FRAME__KIND_FAILED;
	f.failed = &failed;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fd), 0);
	if ((child = fork()) == 0)
		_exit(nw_frame_write(fd[0], &f, &err) == 0 ? 0 : 1);
	assert_int_equal(nw_frame_read(fd[1], 1u << 20, arena, &got, &err), 1);
	assert_int_equal(got->failed->text.len, sizeof(text));
	assert_memory_equal(got->failed->notes[0].data, text, sizeof(text));
	assert_int_equal(waitpid(child, NULL, 0), child);
	(void)close(fd[0]);
	(void)close(fd[1]);
}

static void
a_frame_cut_by_the_end_of_file_is_an_error(void **state)
{
	struct nw_err err;
	Nw__Frame *got;
	int fd[2];

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fd), 0);
	assert_int_equal(write(fd[0], "\0\0\0\x09" "abc", 7), 7);
	assert_int_equal(close(fd[0]), 0);
	assert_int_equal(nw_frame_read(fd[1], 1024, arena, &got, &err), -1);
	(void)close(fd[1]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(a_job_comes_back_as_it_was_packed, setup, teardown),
	    cmocka_unit_test_setup_teardown(unpacked_bytes_are_followed_by_a_nul, setup, teardown),
	    cmocka_unit_test_setup_teardown(a_length_of_zero_or_above_the_cap_is_refused, setup, teardown),
	    cmocka_unit_test_setup_teardown(a_frame_of_no_kind_is_refused, setup, teardown),
	    cmocka_unit_test_setup_teardown(a_field_that_is_not_known_is_refused_at_any_depth, setup, teardown),
	    cmocka_unit_test_setup_teardown(every_cut_of_a_frame_is_refused_or_a_shorter_frame, setup, teardown),
	    cmocka_unit_test_setup_teardown(small_bytes_that_become_much_memory_are_refused, setup, teardown),
	    cmocka_unit_test_setup_teardown(no_message_contains_itself_and_text_is_bytes, setup, teardown),
	    cmocka_unit_test_setup_teardown(frames_are_read_whole_until_the_end_of_file, setup, teardown),
	    cmocka_unit_test_setup_teardown(a_document_is_borrowed_from_its_frame, setup, teardown),
	    cmocka_unit_test_setup_teardown(an_open_frame_and_the_document_behind_it_are_a_whole_one, setup, teardown),
	    cmocka_unit_test_setup_teardown(an_open_frame_is_unpacked_as_such_and_as_no_other, setup, teardown),
	    cmocka_unit_test_setup_teardown(a_document_that_no_job_announced_is_refused, setup, teardown),
	    cmocka_unit_test_setup_teardown(a_long_message_is_written_piece_by_piece, setup, teardown),
	    cmocka_unit_test_setup_teardown(a_frame_cut_by_the_end_of_file_is_an_error, setup, teardown),
	};

	return cmocka_run_group_tests_name("frame", tests, NULL, NULL);
}
