/* newswatch-sender: started by newswatchd with a socket on descriptor 3; see core/wire.proto. */
#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "core/frame.h"
#include "core/limits.h"
#include "sender/sender.h"

#define FD	   3
#define EXIT_USAGE 2

static int
answer(uint64_t id, const struct nw_outcome_text *o, struct nw_err *err)
{
	Nw__Outcome m = NW__OUTCOME__INIT;
	Nw__Frame f = NW__FRAME__INIT;

	m.result = o->result;
	m.code = o->code;
	m.text = nw_pb(nw_str(o->text));
	m.retry_after_ms = o->retry_after_ms;
	m.disable = o->disable;
	f.id = id;
	f.kind_case = NW__FRAME__KIND_OUTCOME;
	f.outcome = &m;
	return nw_frame_write(FD, &f, err);
}

static int
ready(struct nw_err *err)
{
	Nw__Ready m = NW__READY__INIT;
	Nw__Frame f = NW__FRAME__INIT;

	m.version = NW_WIRE_VERSION;
	f.kind_case = NW__FRAME__KIND_READY;
	f.ready = &m;
	return nw_frame_write(FD, &f, err);
}

static void
refuse(const struct nw_err *why)
{
	Nw__Failed m = NW__FAILED__INIT;
	Nw__Frame f = NW__FRAME__INIT;

	m.code = why->code;
	m.text = nw_pb(nw_str(why->msg));
	f.kind_case = NW__FRAME__KIND_FAILED;
	f.failed = &m;
	(void)nw_frame_write(FD, &f, NULL); /* we end either way */
}

static void
deliver(struct nw_sender *s, const Nw__Deliver *d, struct nw_outcome_text *out)
{
	struct nw_str type = nw_pb_str(s->channel->type);

	if (nw_str_is(type, "email"))
		nw_mail_send(s, d, out);
	else if (nw_str_is(type, "heartbeat"))
		nw_heartbeat_send(s, out);
	else
		nw_webhook_send(s, d, out);
}

/* Deliveries until main closes its end. */
static int
serve(struct nw_sender *s, struct nw_err *err)
{
	struct nw_arena *arena = nw_arena_new(2u * NW_FRAME_SENDER_MAX);
	Nw__Frame *f;
	int rc = -1, got;

	if (arena == NULL)
		return nw_fail(err, NW_ERES, "out of memory");
	while ((got = nw_frame_read(FD, NW_FRAME_SENDER_MAX, arena, &f, err)) == 1) {
		struct nw_outcome_text out = {0};

		if (f->kind_case != NW__FRAME__KIND_DELIVER || f->deliver->message == NULL) {
			nw_fail(err, NW_EPLUGIN, "unexpected frame");
			goto out;
		}
		deliver(s, f->deliver, &out);
		if (answer(f->id, &out, err) == -1)
			goto out;
		nw_arena_reset(arena);
	}
	rc = got;
out:
	nw_arena_free(arena);
	return rc;
}

static int
run(struct nw_arena *arena, struct nw_err *err)
{
	struct nw_sender s = {0};
	Nw__Frame *f;
	int got = nw_frame_read(FD, NW_FRAME_SENDER_MAX, arena, &f, err), rc;

	if (got != 1)
		return got;
	if (f->kind_case != NW__FRAME__KIND_CHANNEL || f->channel->version != NW_WIRE_VERSION)
		return nw_fail(err, NW_EPLUGIN, "expected a channel of version %u", NW_WIRE_VERSION);
	s.channel = f->channel;
	if (nw_sender_curl_open(&s, err) == -1) {
		refuse(err);
		return -1;
	}
	rc = ready(err) == 0 ? serve(&s, err) : -1;
	curl_easy_cleanup(s.curl);
	return rc;
}

int
main(int argc, char **argv)
{
	struct nw_arena *arena;
	struct nw_err err = {.msg = ""};

	(void)argv;
	if (argc > 1 || fcntl(FD, F_GETFD) == -1) {
		(void)fputs("newswatch-sender is started by newswatchd, with a socket on descriptor 3\n", stderr);
		return EXIT_USAGE;
	}
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL); /* main's pipe end tells as well */
	(void)prctl(PR_SET_DUMPABLE, 0);	/* secrets stay out of core files */
	(void)signal(SIGPIPE, SIG_IGN);
	(void)setlocale(LC_CTYPE, "C.UTF-8"); /* libcurl's IDN needs it */
	if ((arena = nw_arena_new(2u * NW_FRAME_SENDER_MAX)) == NULL)
		return 1;
	if (run(arena, &err) == -1) {
		fprintf(stderr, "newswatch-sender: %s\n", err.msg);
		return 1;
	}
	nw_arena_free(arena);
	return 0;
}
