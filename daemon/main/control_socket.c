#include <errno.h>
#include <event2/bufferevent.h>
#include <event2/buffer.h>
#include <event2/event.h>
#include <event2/listener.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "core/control.h"
#include "main/control_socket.h"

#define CLIENTS_MAX  16
#define CLIENT_S     10 /* silence of a client */

struct client {
	struct nw_control *control;
	struct client *next;
	struct bufferevent *bev;
	char who[64];
	int answered;
};

struct nw_control {
	struct event_base *base;
	struct evconnlistener *listener;
	struct client *first;
	uint32_t n;
	char path[sizeof(((struct sockaddr_un *)0)->sun_path)];
	nw_control_fn *fn;
	void *cookie;
};

static void
client_free(struct client *c)
{
	struct client **at = &c->control->first;

	while (*at != c)
		at = &(*at)->next;
	*at = c->next;
	if (c->control->n-- == CLIENTS_MAX)
		evconnlistener_enable(c->control->listener);
	bufferevent_free(c->bev);
	free(c);
}

static void
answer(struct client *c, char *line)
{
	struct nw_control *control = c->control;
	char *argv[NW_CONTROL_ARGS_MAX];
	struct nw_buf text = {0};
	struct nw_err err;
	int argc, rc;

	if (nw_control_split(line, argv, &argc) == -1)
		rc = nw_fail(&err, NW_ECONF, "an empty request, or one of too many arguments");
	else
		rc = control->fn(control->cookie, argc, argv, c->who, &text, &err);
	if (rc == 0)
		nw_buf_adds(&text, "ok\n");
	else
		nw_buf_addf(&text, "error %s\n", err.msg);
	c->answered = 1;
	bufferevent_disable(c->bev, EV_READ);
	bufferevent_write(c->bev, nw_buf_str(&text).p, text.len);
	nw_buf_done(&text);
}

static void
on_client_read(struct bufferevent *bev, void *cookie)
{
	struct client *c = cookie;
	struct evbuffer *in = bufferevent_get_input(bev);
	char *line;

	if (c->answered)
		return;
	line = evbuffer_readln(in, NULL, EVBUFFER_EOL_LF);
	if (line != NULL) {
		answer(c, line);
		free(line);
	} else if (evbuffer_get_length(in) >= NW_CONTROL_LINE_MAX) {
		client_free(c);
	}
}

static void
on_client_written(struct bufferevent *bev, void *cookie)
{
	struct client *c = cookie;

	(void)bev;
	if (c->answered)
		client_free(c);
}

static void
on_client_event(struct bufferevent *bev, short what, void *cookie)
{
	(void)bev;
	(void)what; /* end, error, silence: all the same to us */
	client_free(cookie);
}

static void
name_peer(int fd, char *who, size_t size)
{
	struct ucred u = {.uid = (uid_t)-1};
	socklen_t len = sizeof(u);
	struct passwd *pw;

	(void)getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &u, &len); /* else the uid stays -1 */
	pw = getpwuid(u.uid);
	(void)snprintf(who, size, "%s (%d)", pw != NULL ? pw->pw_name : "uid", (int)u.uid); /* cut is fine */
}

static void
on_accept(struct evconnlistener *l, evutil_socket_t fd, struct sockaddr *sa, int len, void *cookie)
{
	struct nw_control *control = cookie;
	struct client *c = calloc(1, sizeof(*c));
	struct timeval tv = {CLIENT_S, 0};

	(void)sa;
	(void)len;
	if (c == NULL || (c->bev = bufferevent_socket_new(control->base, fd, BEV_OPT_CLOSE_ON_FREE)) == NULL) {
		(void)close(fd); /* the client sees it */
		free(c);
		return;
	}
	c->control = control;
	c->next = control->first;
	control->first = c;
	name_peer(fd, c->who, sizeof(c->who));
	bufferevent_setcb(c->bev, on_client_read, on_client_written, on_client_event, c);
	bufferevent_setwatermark(c->bev, EV_READ, 0, NW_CONTROL_LINE_MAX);
	bufferevent_set_timeouts(c->bev, &tv, &tv);
	bufferevent_enable(c->bev, EV_READ | EV_WRITE);
	if (++control->n == CLIENTS_MAX)
		evconnlistener_disable(l); /* no spin at a full table */
}

static int
set_access(const char *path, const char *group, struct nw_err *err)
{
	struct group *g = group != NULL && *group != '\0' ? getgrnam(group) : NULL;

	if (g != NULL && chown(path, (uid_t)-1, g->gr_gid) == -1 && errno != EPERM)
		return nw_fail(err, NW_ERES, "chown '%s': %s", path, strerror(errno));
	if (chmod(path, 0660) == -1)
		return nw_fail(err, NW_ERES, "chmod '%s': %s", path, strerror(errno));
	return 0;
}

struct nw_control *
nw_control_new(struct event_base *base, const char *path, const char *group, nw_control_fn *fn, void *cookie,
    struct nw_err *err)
{
	struct nw_control *c = calloc(1, sizeof(*c));
	struct sockaddr_un sa = {.sun_family = AF_UNIX};
	struct stat sb;

	if (c == NULL || strlen(path) >= sizeof(sa.sun_path)) {
		nw_fail(err, NW_ERES, c == NULL ? "out of memory" : "the path of the control socket is too long");
		free(c);
		return NULL;
	}
	*c = (struct nw_control){.base = base, .fn = fn, .cookie = cookie};
	memcpy(c->path, path, strlen(path) + 1);
	memcpy(sa.sun_path, path, strlen(path) + 1);
	if (lstat(path, &sb) == 0 && S_ISSOCK(sb.st_mode))
		(void)unlink(path); /* of a daemon that was killed; the store's lock keeps a second one away */
	c->listener = evconnlistener_new_bind(base, on_accept, c, LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC, 8,
	    (struct sockaddr *)&sa, sizeof(sa));
	if (c->listener == NULL) {
		nw_fail(err, NW_ERES, "control socket '%s': %s", path, strerror(errno));
		free(c);
		return NULL;
	}
	if (set_access(path, group, err) == -1) {
		nw_control_free(c);
		return NULL;
	}
	return c;
}

void
nw_control_free(struct nw_control *c)
{
	if (c == NULL)
		return;
	while (c->first != NULL)
		client_free(c->first);
	evconnlistener_free(c->listener);
	(void)unlink(c->path); /* it may be gone */
	free(c);
}
