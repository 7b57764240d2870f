/*
 * outbox_own.h - what the outbox's files share: outbox.c the turn, outbox_group.c from due groups to messages,
 * outbox_render.c from messages to parts, outbox_deliver.c what senders ask and what came of it.
 */
#ifndef NW_MAIN_OUTBOX_OWN_H
#define NW_MAIN_OUTBOX_OWN_H

#include "core/limits.h"
#include "main/channels.h"
#include "main/outbox.h"
#include "main/senders.h"

#define NW_ACCEPTED_KEPT (NW_ACCEPTED_MAX + NW_SENDERS_MAX) /* each sender may bring one more */
#define NW_ACCEPTED_TEXT 120

#define NW_RENDERS_MAX 4 /* RENDER jobs in hand: the workers have documents to read, too */

/* A delivery that was accepted, until its outcome is on disk. */
struct nw_accepted {
	char id[NW_STORE_ID_LEN + 1], answer[NW_ACCEPTED_TEXT + 1];
	uint32_t code;
};

struct nw_outbox {
	struct nw_store *store;
	struct nw_senders *senders;
	struct nw_channels *channels;
	struct nw_outbox_ops ops;
	uint32_t rendering;
	int stale;	  /* something happened that the store's rows do not show */
	struct nw_accepted accepted[NW_ACCEPTED_KEPT];
	uint32_t naccepted;
	uint32_t undone; /* groups of the store that were, when it was last looked at: outcomes may have gone with one */
	int lost;	 /* some of `accepted` are to be recorded anew */
	int64_t rest_until_ms; /* wall: the store took nothing, so nothing leaves before */
	uint64_t changes; /* of the store, when it was last looked at */
	int64_t last_ms;  /* wall; of the last turn */
	int64_t next_ms;  /* wall; before it nothing is to be done, unless something changes */
	uint32_t floods;       /* that stand, as far as is known */
	int64_t flood_look_ms; /* wall; when they are next asked whether they are over */
	char hostname[256];
};

static inline const struct nw_config *
nw_outbox_config(const struct nw_outbox *o)
{
	return o->ops.config(o->ops.cookie);
}

/* NULL: not configured. */
static inline const struct nw_conf_channel *
nw_outbox_channel(const struct nw_outbox *o, struct nw_str name)
{
	int i = nw_conf_channel_find(nw_outbox_config(o), name);

	return i == -1 ? NULL : nw_outbox_config(o)->channel[i];
}

/* Whether alerts may leave by it at all: configured, enabled, not gone. */
int nw_outbox_is_open(const struct nw_outbox *, struct nw_str channel);

/* outbox_group.c: all that is due, or waits for company alone when ${flush}. */
int nw_outbox_make_messages(struct nw_outbox *, int64_t now_ms, int flush, struct nw_err *);
int nw_outbox_escalate(struct nw_outbox *, int64_t now_ms, struct nw_err *);
/* Floods that have ebbed are told once. */
int nw_outbox_look_at_floods(struct nw_outbox *, int64_t now_ms, struct nw_err *);
/* outbox_render.c: as many as the workers should have. */
int nw_outbox_render(struct nw_outbox *, int64_t now_ms, struct nw_err *);
/* outbox_deliver.c: to disk what was accepted, while the next is on its way. */
void nw_outbox_save_accepted(struct nw_outbox *);
/* A channel cannot be used, told once. */
void nw_outbox_failing(struct nw_outbox *, struct nw_str channel, struct nw_str why);
/* Senders for what is due; and when the next delivery of a channel that is free falls due. */
int nw_outbox_wake(struct nw_outbox *, int64_t now_ms, int64_t *next_ms_r, struct nw_err *);
void nw_outbox_sender_ops(struct nw_outbox *, struct nw_senders_ops *ops_r);
#endif
