#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "core/batch.h"
#include "core/frame.h"
#include "pool/pool_own.h"

struct nw_job *
nw_job_new(void)
{
	struct nw_ticket *t = calloc(1, sizeof(*t));

	return t != NULL ? &t->job : NULL;
}

void
nw_job_free(struct nw_job *j)
{
	struct nw_ticket *t = (struct nw_ticket *)j;

	if (t == NULL)
		return;
	nw_batch_free(j->batch);
	nw_buf_done(&t->frame);
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

int
nw_job_pack(struct nw_ticket *t, uint64_t id)
{
	Nw__Job *m = t->job.m;

	t->id = id;
	t->job.m = NULL;
	(void)snprintf(t->source, sizeof(t->source), "%.*s", (int)t->job.source.len,
	    t->job.source.p != NULL ? t->job.source.p : ""); /* names are no longer than that */
	t->job.source = (struct nw_str){t->source, strlen(t->source)};
	return pack(t, m);
}

int
nw_job_restamp(struct nw_ticket *t, uint64_t generation)
{
	struct nw_arena *a = nw_arena_new(0); /* our own frame */
	struct nw_bytes bytes = {(const uint8_t *)t->frame.p + NW_FRAME_HEAD, t->frame.len - NW_FRAME_HEAD};
	struct nw_buf old = t->frame;
	Nw__Frame *f;
	int rc = -1;

	if (a != NULL && nw_frame_unpack(a, bytes, &f, NULL) == 0) {
		t->job.generation = generation;
		t->frame = (struct nw_buf){0}; /* the document still lies in the old one */
		rc = pack(t, f->job);
		nw_buf_done(&old);
	}
	nw_arena_free(a);
	return rc;
}
