/* Signs of life to the outside: what the heartbeat asks of the daemon. */
#include "base/err.h"
#include "base/log.h"
#include "main/daemon.h"
#include "main/heartbeat.h"
#include "main/operator.h"

static const struct nw_conf_daemon *
give_config(void *cookie)
{
	const struct nw_daemon *d = cookie;

	return &d->generations.live->config->daemon;
}

/* A store that takes nothing, and a stop, are to be noticed. */
static int
is_well(void *cookie)
{
	const struct nw_daemon *d = cookie;
	struct nw_store_health h;

	nw_store_health(d->store, &h);
	return !d->stopping && !h.broken && !h.full;
}

static void
on_condition(void *cookie, int raise, const char *text)
{
	struct nw_daemon *d = cookie;
	struct nw_str none = {"", 0};

	if (raise)
		nw_operator_raise(d->operator, "heartbeat", none, NW_SEV_HIGH, text);
	else
		nw_operator_clear(d->operator, "heartbeat", none, text);
}

/* --once: the one beat is over, and with it the run. */
static void
on_beaten(void *cookie, const char *why)
{
	struct nw_daemon *d = cookie;

	if (*why != '\0')
		nw_log(NW_LOG_WARNING, "the heartbeat URL cannot be reached: %s", why);
	nw_daemon_leave(d, 0);
}

static int
open_heartbeat(struct nw_daemon *d, struct nw_err *err)
{
	struct nw_heartbeat_ops ops = {
	    .config = give_config,
	    .well = is_well,
	    .beaten = d->options->once ? on_beaten : NULL,
	    .condition = on_condition,
	    .cookie = d,
	};

	if (d->heartbeat == NULL)
		d->heartbeat = nw_heartbeat_new(d->base, d->sender_program, &ops, err);
	return d->heartbeat != NULL ? 0 : -1;
}

int
nw_daemon_beat(struct nw_daemon *d, struct nw_err *err)
{
	if (d->options->once)
		return 0; /* at its end, when it is known to have been well */
	if (open_heartbeat(d, err) == -1)
		return -1;
	nw_heartbeat_renew(d->heartbeat);
	return 0;
}

int
nw_daemon_beat_once(struct nw_daemon *d)
{
	struct nw_err err;

	if (!d->options->once || d->heartbeat != NULL || give_config(d)->operator.heartbeat_url.len == 0 || !is_well(d))
		return 0;
	if (open_heartbeat(d, &err) == -1) {
		nw_log(NW_LOG_WARNING, "heartbeat: %s", err.msg);
		return 0;
	}
	nw_heartbeat_renew(d->heartbeat);
	return 1;
}
