/*
 * heartbeat.h - operator.heartbeat_url is asked while all is well, so that somebody else notices when this machine, or
 * this program, is dead.
 * Floor 4, newswatchd.  The request is a sender process's: main opens no connection for it.
 * Life: nw_heartbeat_new() -> nw_heartbeat_renew()* -> nw_heartbeat_free().
 */
#ifndef NW_MAIN_HEARTBEAT_H
#define NW_MAIN_HEARTBEAT_H

struct event_base;
struct nw_conf_daemon;
struct nw_err;
struct nw_heartbeat;

struct nw_heartbeat_ops {
	const struct nw_conf_daemon *(*config)(void *cookie); /* the live one */
	int (*well)(void *cookie); /* 1: beat; 0: be silent, so that it is noticed */
	/* The outcome of one beat, "" if it was reached; NULL: nobody asks. */
	void (*beaten)(void *cookie, const char *why);
	/* The URL has not answered several times in a row, or does again. */
	void (*condition)(void *cookie, int raise, const char *text);
	void *cookie;
};

struct nw_heartbeat *nw_heartbeat_new(struct event_base *, const char *sender_program, const struct nw_heartbeat_ops *,
    struct nw_err *);
void nw_heartbeat_free(struct nw_heartbeat *); /* NULL is fine */
/* A configuration is live: beat now, then in its rhythm. */
void nw_heartbeat_renew(struct nw_heartbeat *);
#endif
