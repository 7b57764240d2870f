/* The operator's alerts must not need the server that they may have to report. */
#include <stdio.h>

#include "base/str.h"
#include "core/conf.h"
#include "core/conf_diag.h"
#include "core/conf_load.h"
#include "core/conf_valid.h"
#include "core/url.h"

/* Where a channel's server stands: host and port, "" if it cannot be told. */
static struct nw_str
server_of(const struct nw_conf_channel *c, char text[600])
{
	struct nw_str s = c->type == NW_CHANNEL_EMAIL ? c->server : c->url;
	struct nw_url u;

	if (c->type == NW_CHANNEL_EMAIL) /* the rules of a URL are those of http */
		(void)snprintf(text, 600, "http%s", nw_str_starts(s, "smtp") ? s.p + 4 : "");
	else
		(void)snprintf(text, 600, "%s", s.p);
	return nw_url_parse(nw_str(text), &u, NULL) == 0 ? u.host : NW_STR("");
}

static int
share_server(const struct nw_conf_channel *a, const struct nw_conf_channel *b)
{
	char text_a[600], text_b[600];
	struct nw_str host_a = server_of(a, text_a), host_b = server_of(b, text_b);

	return a == b || (host_a.len > 0 && nw_str_eq(host_a, host_b));
}

/* A channel that alerts go to and that shares its server with ${c}; NULL if none does. */
static const struct nw_conf_channel *
rival(const struct nw_config *conf, const struct nw_conf_channel *c)
{
	const struct nw_conf_section *watches = nw_conf_section_find(conf, "watches");

	for (uint32_t i = 0; watches != NULL && i < watches->nentry; i++)
		for (uint32_t k = 0; k < watches->entry[i]->nnotify; k++)
			if (share_server(c, conf->channel[watches->entry[i]->notify[k]]))
				return conf->channel[watches->entry[i]->notify[k]];
	return NULL;
}

void
nw_conf_operator_check(struct nw_conf_loading *l)
{
	const struct nw_conf_naming *n = &l->operator_notify;

	for (uint32_t i = 0; n->value != NULL && i < n->value->nlist; i++) {
		struct nw_conf_place at = nw_conf_valid_place(&n->at, n->value, i);
		int k = nw_conf_channel_find(l->c, n->value->list[i]);
		const struct nw_conf_channel *c = k != -1 ? rival(l->c, l->c->channel[k]) : NULL;

		if (c != NULL)
			nw_conf_diag(l->diags, NW_CONF_WARNING, &at,
			    "'%s' uses the server of '%s', which alerts go to: when it fails, the operator is not "
			    "told; name a channel that takes another way",
			    n->value->list[i].p, c->name.p);
	}
}
