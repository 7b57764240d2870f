#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/io.h"
#include "core/batch.h"
#include "core/frame.h"
#include "pool/pool_own.h"

struct nw_job *
nw_job_new(void)
{
	struct nw_ticket *t = calloc(1, sizeof(*t));

	if (t == NULL)
		return NULL;
	t->job.body_fd = -1;
	return &t->job;
}

void
nw_job_unpack(struct nw_ticket *t)
{
	nw_buf_done(&t->frame);
	if (t->job.body_fd != -1)
		(void)close(t->job.body_fd); /* only read */
	t->job.body_fd = -1;
}

void
nw_job_free(struct nw_job *j)
{
	struct nw_ticket *t = (struct nw_ticket *)j;

	if (t == NULL)
		return;
	nw_batch_free(j->batch);
	nw_job_unpack(t);
	free(t);
}

static int
pack(struct nw_ticket *t, Nw__Job *m)
{
	Nw__Frame f = NW__FRAME__INIT;

	m->generation = t->job.generation;
	f.id = t->id;
	f.kind_case = NW__FRAME__KIND_JOB;
	f.job = m;
	return nw_frame_pack(&t->frame, &f);
}

/*
 * A large body goes to a file in memory that no program has mapped: jobs may wait, and a worker that dies is given the
 * body again.  Where there is none it stays in the frame.
 */
static int
put_aside(ProtobufCBinaryData body)
{
	int fd = memfd_create("document", MFD_CLOEXEC);

	if (fd != -1 && nw_io_write_full(fd, body.data, body.len) == -1) {
		(void)close(fd); /* the body is still there */
		fd = -1;
	}
	return fd;
}

static int
pack_read(struct nw_ticket *t, Nw__Job *m)
{
	ProtobufCBinaryData body = m->read->body;
	int rc;

	if (t->job.body_fd == -1 && body.len > NW_JOB_HELD_MAX)
		t->job.body_fd = put_aside(body);
	if (t->job.body_fd != -1) {
		t->body_len = body.len;
		m->read->body.data = NULL;
	}
	rc = pack(t, m);
	m->read->body = body;
	return rc;
}

int
nw_job_pack(struct nw_ticket *t, uint64_t id)
{
	Nw__Job *m = t->job.m;

	t->id = id;
	t->job.m = NULL;
	(void)snprintf(t->source, sizeof(t->source), "%.*s", (int)t->job.source.len,
	    t->job.source.p != NULL ? t->job.source.p : ""); /* names are no longer than that */
	t->job.source = (struct nw_str){t->source, strlen(t->source)};
	t->in_parts = m->job_case == NW__JOB__JOB_READ;
	return t->in_parts ? pack_read(t, m) : pack(t, m);
}

int
nw_job_restamp(struct nw_ticket *t, uint64_t generation)
{
	struct nw_arena *a = nw_arena_new(0); /* our own frame */
	struct nw_bytes bytes = {(const uint8_t *)t->frame.p + NW_FRAME_HEAD, t->frame.len - NW_FRAME_HEAD};
	struct nw_buf old = t->frame;
	Nw__Frame *f;
	int rc = -1;

	if (a != NULL && (t->job.body_fd != -1 ? nw_frame_unpack_open : nw_frame_unpack)(a, bytes, &f, NULL) == 0) {
		t->job.generation = generation;
		t->frame = (struct nw_buf){0}; /* the document still lies in the old one */
		rc = pack(t, f->job);
		nw_buf_done(&old);
	}
	nw_arena_free(a);
	return rc;
}
