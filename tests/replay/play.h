/*
 * play.h - what a scenario plays: the clock, the web, the senders.  Each takes the place of the real file by the link
 * line; the worker runs in this process (pool_inline.c), on the real plugins.
 */
#ifndef NW_REPLAY_PLAY_H
#define NW_REPLAY_PLAY_H

#include <stddef.h>
#include <stdint.h>

/* fake_clock.c */
void play_clock_set(int64_t wall_ms);

/* fake_net.c: what is answered at an address from now on.  Strings are copied; NULL where nothing is said. */
struct play_reply {
	const char *url;
	int status;		   /* 0: the connection fails */
	const char *body, *type, *etag, *modified, *location;
	int64_t retry_after_ms;
};
void play_net_reply(const struct play_reply *);
void play_net_reset(void);
struct play_net {
	uint32_t fetched, conditional, waiting;
	char unknown[512]; /* an address that was asked for and has no answer */
};
extern struct play_net play_net;

/* fake_senders.c */
enum { PLAY_CHANNELS = 8, PLAY_NAME = 64 };
struct play_channel {
	char name[PLAY_NAME];
	int code;		/* what it answers: 250, 451, 550, 429 ...; 0: the sender dies */
	int64_t retry_after_ms;
	int ambiguous;		/* the connection is lost after the last byte */
	uint32_t tried, sent;	/* since play_senders_mark() */
	char id[2][96];		/* of the last two deliveries tried, the newest first */
	char recipient[128];
	char *text;		/* the last message: subject, text, html or json; NULL: none */
	/* every delivery accepted; NULL: nobody listens */
	void (*accepted)(void *cookie, const char *id, const char *text);
	void *cookie;
};
struct play_channel *play_channel(const char *name); /* made when first named, answering 250 */
uint32_t play_senders_waiting(void);
void play_senders_mark(void); /* count from here */
void play_senders_reset(void);
#endif
