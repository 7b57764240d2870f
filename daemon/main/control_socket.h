/*
 * control_socket.h - the daemon's side of core/control.h: a Unix socket, one request a connection.
 * Floor 4, newswatchd.  Who may ask is decided by the socket's mode (0660) and group.
 * Life: nw_control_new() -> requests come by callback -> nw_control_free().
 */
#ifndef NW_MAIN_CONTROL_SOCKET_H
#define NW_MAIN_CONTROL_SOCKET_H

#include <newswatch/plugin.h>

struct event_base;
struct nw_buf;
struct nw_control;
struct nw_err;

/* Answer a request: lines into ${answer}; 0, or -1 with err.  ${who}: "user (uid)" of the asker. */
typedef int nw_control_fn(void *cookie, int argc, char **argv, const char *who, struct nw_buf *answer, struct nw_err *);

/* A stale socket at ${path} is replaced.  ${group} NULL: the process's own.  errors NW_ERES. */
struct nw_control *nw_control_new(struct event_base *, const char *path, const char *group, nw_control_fn *, void *cookie,
    struct nw_err *);
void nw_control_free(struct nw_control *); /* removes the socket; NULL is fine */
#endif
