/*
 * sink.h - collects what one job yields: the batch that goes back, the notes, the one failure.
 * Floor 4.  Everything a plugin hands over is copied into the batch's arena here, repaired and bounded by limits.h.
 * Life: nw_sink_begin() -> (nw_sink_enter() -> operation -> nw_sink_leave())* -> the batch is packed -> next begin.
 */
#ifndef NW_WORKER_SINK_H
#define NW_WORKER_SINK_H

#include <stdarg.h>

#include "base/err.h"
#include "core/limits.h"
#include "worker/worker.h"

struct nw_arena;
struct nw_seen;

/* Which operation is running; each host call is legal in some of them only. */
enum nw_phase {
	NW_PHASE_NONE = 0,
	NW_PHASE_SOURCE = 1,
	NW_PHASE_PARSE = 2,
	NW_PHASE_TAG = 4,
	NW_PHASE_RULE = 8,
	NW_PHASE_RENDER = 16,
};

/* An array of pointers that grows in an arena. */
struct nw_vec {
	void **p;
	uint32_t n, cap;
};
int nw_vec_add(struct nw_arena *, struct nw_vec *, void *); /* -1 without memory */

struct nw_sink {
	struct nw_worker *worker;
	struct nw_instance *inst; /* whose operation runs */
	uint32_t phase;
	struct nw_arena *out;	  /* the batch's, but for its articles */
	struct nw_arena *items;	  /* the articles'; forgotten when they have been sent ahead */
	struct nw_arena *into;	  /* one of the two: where texts go now */
	struct nw_arena *scratch; /* what an operation was given; forgotten when it returns */
	struct nw_arena *aside;	  /* the scratch of operations inside parse() */
	Nw__Batch batch;
	Nw__Document document;
	struct nw_vec articles, follow, messages, hints;
	ProtobufCBinaryData notes[NW_NOTES_MAX];
	uint32_t nnotes;
	/* READ */
	const struct nw_doc *doc;
	struct nw_seen *seen; /* NULL: nothing is known */
	uint32_t evaluate;    /* what articles are asked, NW_EVALUATE_* */
	uint32_t html;	      /* bodies are sanitised, too */
	int cited;	      /* an article so far has alerts, or may yet have */
	/* both NULL: the whole answer is one frame.  full() is called with articles of NW_SLICE_BYTES, send() by it */
	int (*full)(struct nw_sink *);
	int (*send)(struct nw_sink *, struct nw_err *);
	uint64_t id; /* of the request: send()'s own */
	uint64_t guid[NW_ITEMS_MAX], followed[NW_FOLLOW_MAX]; /* hashes */
	uint32_t nguid, nfollowed;
	/* tagging and matching: the article in hand */
	Nw__Article *article;
	struct nw_article *view;
	struct nw_arena *eval; /* forgotten with the article */
	struct nw_vec tags, tag_views, alerts;
	uint32_t near, all_states, count_only;
	int analysed; /* the query engine knows the article in hand */
	/* the first failure of the operation, by fail() or by a call that could not be obeyed */
	struct nw_err err;
	int failed;
};

/* 0, or -1 without memory.  Articles are sent ahead if the caller then sets send() and id. */
int nw_sink_begin(struct nw_sink *, struct nw_worker *);
void nw_sink_done(struct nw_sink *); /* frees the arenas */
void nw_sink_enter(struct nw_sink *, struct nw_instance *, uint32_t phase);
void nw_sink_leave(struct nw_sink *);

/* Text as the batch keeps it: valid UTF-8, at most ${max} bytes, cut with a note that names ${what}; "" for NULL. */
struct nw_str nw_sink_text(struct nw_sink *, struct nw_str, size_t max, const char *what);
void nw_sink_note(struct nw_sink *, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void nw_sink_vnote(struct nw_sink *, const char *fmt, va_list) __attribute__((format(printf, 2, 0)));
/* Remember the first failure; returns ${code}. */
int nw_sink_fail(struct nw_sink *, int code, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
int nw_sink_vfail(struct nw_sink *, int code, const char *fmt, va_list) __attribute__((format(printf, 3, 0)));
/* NW_OK if the running operation is one of ${phases}, else the call fails with NW_EPLUGIN. */
int nw_sink_allowed(struct nw_sink *, uint32_t phases, const char *call);

/* The host table's calls that give results; articles are article.h's, tags and alerts evidence.h's. */
int nw_sink_set_feed(struct nw_sink *, const struct nw_feed *);
int nw_sink_add_follow(struct nw_sink *, struct nw_str url, uint32_t role);
int nw_sink_add_message(struct nw_sink *, const struct nw_message *);
int nw_sink_suggest(struct nw_sink *, const char *name, struct nw_str value);

/* A struct that begins with its size, as this release knows it: younger members are zero, unknown ones left out. */
void nw_sink_sized(void *to, size_t to_size, const void *from);

/* The articles so far have been sent ahead. */
int nw_sink_forget_articles(struct nw_sink *); /* -1 without memory */

/* Put the collected arrays into the batch, ready to be packed. */
void nw_sink_finish(struct nw_sink *);
#endif
