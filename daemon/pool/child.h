/*
 * child.h - one helper process (worker, sender or indexer): started, spoken to in frames, watched, ended.
 * Floor 3, newswatchd and newswatch.  Knows frames and process ids, not what they mean.
 * Life: nw_child_spawn() -> nw_child_send()* -> (on_end | nw_child_free()).  Event loop only, no threads.
 *
 * The child inherits nothing: an own program by posix_spawn, its socket on descriptor 3, stderr a pipe to us, the
 * rest closed, the environment cleared.  What it sends is hostile.
 */
#ifndef NW_POOL_CHILD_H
#define NW_POOL_CHILD_H

#include <newswatch/plugin.h>

#include "wire.pb-c.h"

struct event_base;
struct nw_arena;
struct nw_child;
struct nw_err;

struct nw_child_options {
	const char *path;	   /* of the program */
	size_t frame_max;	   /* bytes of a frame it may send */
	size_t arena_max;	   /* memory an unpacked frame may take */
	/* A frame came; the callback owns ${arena}, in which it lies. */
	void (*on_frame)(void *cookie, struct nw_arena *, Nw__Frame *);
	/* A line on its stderr, without its line feed; at most 4 kB.  May be NULL. */
	void (*on_line)(void *cookie, const char *line, size_t len);
	/* It is gone, by itself, by nw_child_kill(), or killed since it spoke nonsense: ${why} is one sentence.  Called
	 * once; the child is freed after it returns. */
	void (*on_end)(void *cookie, const char *why);
	void *cookie;
};

/* errors NW_ERES.  Strings of ${options} but the path are kept by reference. */
int nw_child_spawn(struct event_base *, const struct nw_child_options *, struct nw_child **child_r, struct nw_err *);
/*
 * nw_child_send(child, frame, err):
 * Queue a frame; it is written as the socket takes it.
 * errors  NW_ERES without memory.
 */
int nw_child_send(struct nw_child *, const Nw__Frame *, struct nw_err *);
/* A frame with its head, packed before (a configuration for several workers); copied. */
int nw_child_send_packed(struct nw_child *, struct nw_bytes, struct nw_err *);
/*
 * nw_child_send_file(child, fd, len, err):
 * The last ${len} bytes of an open frame (frame.h) sent just before: those of a file, from its beginning, read as the
 * socket takes them.
 * owns    ${fd} stays the caller's, who keeps it open until nw_child_is_writing() says 0 or the child is gone.
 * limits  nothing can be sent before they are.
 * errors  NW_ERES; a file that cannot be read or is shorter ends the child.
 */
int nw_child_send_file(struct nw_child *, int fd, size_t len, struct nw_err *);
/* 1 while it has not been sent all that is queued. */
int nw_child_is_writing(const struct nw_child *);
/* Queued bytes hold secrets: they are overwritten once written. */
void nw_child_wipe_after_send(struct nw_child *);
/* No more frames will be sent: the child sees end of file once all is written, and ends by itself. */
void nw_child_close(struct nw_child *);
/* SIGKILL; on_end follows with ${why} (a literal). */
void nw_child_kill(struct nw_child *, const char *why);
int nw_child_pid(const struct nw_child *);
/* Kill, reap, free; no callback.  NULL is fine. */
void nw_child_free(struct nw_child *);
#endif
