/* Signs of life to the outside: what the heartbeat asks of the daemon. */
#include "base/err.h"
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

int
nw_daemon_beat(struct nw_daemon *d, struct nw_err *err)
{
	struct nw_heartbeat_ops ops = {give_config, is_well, on_condition, d};

	if (d->options->once)
		return 0;
	if (d->heartbeat == NULL && (d->heartbeat = nw_heartbeat_new(d->base, d->sender_program, &ops, err)) == NULL)
		return -1;
	nw_heartbeat_renew(d->heartbeat);
	return 0;
}
