#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "base/suggest.h"
#include "core/conf_load.h"
#include "core/conf_names.h"
#include "core/conf_table.h"
#include "core/conf_valid.h"
#include "core/time.h"
#include "core/url.h"

/* One channel being made of its values. */
struct making {
	struct nw_conf_loading *l;
	const struct nw_value *value;
	struct nw_conf_channel *ch;
};

/* Options that mean nothing to the other type are refused: a typing error would else be silent. */
static const char *const email_only[] = {
    "to", "from", "server", "starttls", "username", "password_file", "subject_prefix", "list_id", NULL};
static const char *const webhook_only[] = {"url", "secret_file", "headers", "proxy", NULL};

static const struct nw_value *
value(const struct making *m, const char *name)
{
	return nw_conf_table_value(nw_conf_channel_options, m->value, name);
}

static struct nw_conf_valid
valid(const struct making *m, const char *name, uint32_t i)
{
	return (struct nw_conf_valid){m->l->diags, nw_conf_valid_place(&m->ch->at, value(m, name), i), name};
}

static void
need(const struct making *m, const char *name)
{
	if (!value(m, name)->given)
		nw_conf_diag(m->l->diags, NW_CONF_ERROR, &m->ch->at, "'%s' is missing", name);
}

static void
refuse_foreign(const struct making *m, const char *const *names, const char *type)
{
	for (; *names != NULL; names++) {
		const Nw__Key *k = value(m, *names)->host;
		struct nw_conf_place at;

		if (k == NULL)
			continue;
		at = nw_conf_at_key(&m->ch->at, k);
		nw_conf_diag(m->l->diags, NW_CONF_ERROR, &at, "'%s' is not an option of a channel of type %s",
		    *names, type);
	}
}

static void
check_email(struct making *m)
{
	static const uint32_t mode[] = {NW_STARTTLS_REQUIRED, NW_STARTTLS_REQUIRED, NW_STARTTLS_NONE};
	struct nw_conf_channel *ch = m->ch;
	struct nw_conf_valid at;
	int loopback = 0;
	uint32_t i;

	refuse_foreign(m, webhook_only, "email");
	need(m, "to");
	need(m, "from");
	need(m, "server");
	for (i = 0; i < ch->nto; i++) {
		at = valid(m, "to", i);
		nw_conf_valid_mail(&at, ch->to[i]);
	}
	at = valid(m, "from", 0);
	if (ch->from.len > 0)
		nw_conf_valid_sender(&at, ch->from);
	at = valid(m, "server", 0);
	if (ch->server.len > 0)
		nw_conf_valid_server(&at, ch->server, &loopback);
	ch->starttls = mode[value(m, "starttls")->num % 3];
	if (value(m, "starttls")->num == 0 && loopback)
		ch->starttls = NW_STARTTLS_NONE;
	at = valid(m, "username", 0);
	if (ch->username.len > 0 && ch->password_file.len == 0)
		nw_conf_diag(m->l->diags, NW_CONF_ERROR, &at.at, "'username' needs 'password_file'");
	if (ch->username.len > 0 && ch->starttls == NW_STARTTLS_NONE && !loopback &&
	    !nw_str_starts(ch->server, "smtps:"))
		nw_conf_diag(m->l->diags, NW_CONF_ERROR, &at.at,
		    "the password would travel in clear; use 'starttls: required'");
}

static void
check_webhook(struct making *m)
{
	struct nw_conf_channel *ch = m->ch;
	struct nw_conf_valid at = valid(m, "url", 0);
	struct nw_str url;
	struct nw_url u;
	uint32_t i;

	refuse_foreign(m, email_only, "webhook");
	need(m, "url");
	if (ch->url.len > 0 && nw_conf_valid_url(&at, m->l->c->arena, ch->url, &url) == 0) {
		ch->url = url;
		if (nw_str_starts(url, "http:") && ch->nallow_private == 0 &&
		    nw_url_parse(url, &u, NULL) == 0 && !nw_conf_valid_loopback(u.host))
			nw_conf_diag(m->l->diags, NW_CONF_ERROR, &at.at,
			    "alerts would travel in clear; write https://");
	}
	for (i = 0; i < ch->nheaders; i++) {
		at = valid(m, "headers", i);
		nw_conf_valid_header(&at, ch->headers[i]);
	}
	at = valid(m, "proxy", 0);
	nw_conf_valid_proxy(&at, ch->proxy);
}

static void
set_digest(struct making *m)
{
	const struct nw_value *v = value(m, "digest");
	uint32_t *min = nw_arena_array(m->l->c->arena, (size_t)v->nlist + 1, sizeof(*min));
	uint32_t i;

	m->l->no_memory |= min == NULL;
	for (i = 0; min != NULL && i < v->nlist; i++) {
		struct nw_conf_valid at = valid(m, "digest", i);
		int32_t t;

		if (nw_conf_valid_clock(&at, v->list[i], &t) == -1)
			continue;
		if (m->ch->ndigest > 0 && (uint32_t)t <= min[m->ch->ndigest - 1])
			nw_conf_diag(
			    m->l->diags, NW_CONF_ERROR, &at.at, "the times of 'digest' stand in their order");
		min[m->ch->ndigest++] = (uint32_t)t;
	}
	m->ch->digest_min = min;
}

/* "20/1h" */
static void
set_throttle(struct making *m)
{
	struct nw_str s = value(m, "throttle")->str;
	const char *slash = memchr(s.p, '/', s.len);
	struct nw_conf_valid at = valid(m, "throttle", 0);
	size_t digits = strspn(s.p, "0123456789"), i;

	if (s.len == 0)
		return;
	for (i = 0; i < digits; i++)
		m->ch->throttle_n = m->ch->throttle_n * 10 + (uint32_t)(s.p[i] - '0');
	if (slash == NULL || digits == 0 || digits > 6 || (size_t)(slash - s.p) != digits ||
	    m->ch->throttle_n == 0 ||
	    nw_time_parse_duration((struct nw_str){slash + 1, s.len - digits - 1}, &m->ch->throttle_s) ==
		-1 ||
	    m->ch->throttle_s < 1)
		nw_conf_diag(m->l->diags, NW_CONF_ERROR, &at.at,
		    "'throttle' is written 20/1h: so many messages in that time");
}

/* "22:00-07:00" */
static void
set_quiet(struct making *m)
{
	struct nw_str s = value(m, "quiet_hours")->str;
	struct nw_conf_valid at = valid(m, "quiet_hours", 0);
	struct nw_str from, to;

	m->ch->quiet_from_min = m->ch->quiet_to_min = -1;
	if (s.len == 0)
		return;
	from = nw_arena_str(m->l->scratch, s.p, s.len < 5 ? s.len : 5);
	to = nw_arena_str(m->l->scratch, s.len > 6 ? s.p + 6 : "", s.len > 6 ? s.len - 6 : 0);
	if (s.len != 11 || s.p[5] != '-' || from.p == NULL || to.p == NULL)
		nw_conf_diag(m->l->diags, NW_CONF_ERROR, &at.at, "'quiet_hours' is written 22:00-07:00");
	else if (nw_conf_valid_clock(&at, from, &m->ch->quiet_from_min) == 0 &&
		 nw_conf_valid_clock(&at, to, &m->ch->quiet_to_min) == 0 &&
		 m->ch->quiet_from_min == m->ch->quiet_to_min)
		nw_conf_diag(
		    m->l->diags, NW_CONF_ERROR, &at.at, "'quiet_hours' begin and end at the same time");
}

static void
set_times(struct making *m)
{
	const struct nw_conf_daemon *d = &m->l->c->daemon;
	struct nw_conf_channel *ch = m->ch;
	struct nw_conf_valid at = valid(m, "timezone", 0);

	ch->timezone = value(m, "timezone")->given ? nw_arena_dup(m->l->c->arena, value(m, "timezone")->str)
						   : d->timezone;
	m->l->no_memory |= ch->timezone.p == NULL;
	if (value(m, "timezone")->given)
		nw_conf_valid_zone(&at, value(m, "timezone")->str);
	ch->max_age_s = value(m, "max_age")->given ? value(m, "max_age")->num : d->delivery.max_age_s;
	set_digest(m);
	set_throttle(m);
	set_quiet(m);
	ch->statement_min = -1;
	at = valid(m, "statement", 0);
	if (value(m, "statement")->str.len > 0)
		nw_conf_valid_clock(&at, value(m, "statement")->str, &ch->statement_min);
}

static void
make(struct making *m)
{
	struct nw_conf_channel *ch = m->ch;
	struct nw_conf_valid at;
	uint32_t i;

	if (nw_conf_table_bind(
		m->l->c->arena, nw_conf_channel_options, nw_conf_channel_binds, m->value, ch) == -1) {
		m->l->no_memory = 1;
		return;
	}
	ch->escalate_to = -1;
	at = valid(m, "name", 0);
	if (value(m, "name")->given)
		nw_conf_valid_name(&at, ch->name);
	for (i = 0; i < ch->nallow_private; i++) {
		at = valid(m, "allow_private", i);
		nw_conf_valid_cidr(&at, ch->allow_private[i]);
	}
	set_times(m);
	if (value(m, "type")->given && ch->type == NW_CHANNEL_EMAIL)
		check_email(m);
	else if (value(m, "type")->given)
		check_webhook(m);
}

static struct nw_value *
load_channel(struct nw_conf_loading *l, const struct nw_conf_raw *raw, struct nw_conf_names *names)
{
	struct nw_conf_channel *ch = nw_arena_zalloc(l->c->arena, sizeof(*ch));
	struct nw_conf_typing t = {
	    .table = nw_conf_channel_options, .keys = raw->keys, .nkeys = raw->nkeys, .at = raw->at};
	struct nw_value *v = NULL;
	struct making m = {l, NULL, ch};
	uint32_t first = 0;
	int added;

	if (ch != NULL) {
		ch->at = raw->at;
		ch->at.entry = nw_conf_load_label(l, "channel", raw);
		t.at = ch->at;
		(void)nw_conf_type(l->c->raw, &t, &v, l->diags); /* told to the diags */
	}
	if (v == NULL) {
		l->no_memory = 1;
		return NULL;
	}
	m.value = v;
	make(&m);
	added = ch->name.p != NULL && ch->name.len > 0
		    ? nw_conf_names_add(names, ch->name, l->c->nchannel, &first)
		    : 1;
	if (added == 0) {
		struct nw_conf_valid at = valid(&m, "name", 0);

		nw_conf_diag(l->diags, NW_CONF_ERROR, &at.at,
		    "there is a channel '%s' already, in %s:%" PRIu32, ch->name.p,
		    l->c->channel[first]->at.file.p, l->c->channel[first]->at.line);
	}
	l->no_memory |= added == -1;
	l->c->channel[l->c->nchannel++] = ch;
	return v;
}

/* Once all channels are known. */
static void
resolve_escalation(struct nw_conf_loading *l, uint32_t i, const struct nw_value *values)
{
	struct making m = {l, values, l->c->channel[i]};
	struct nw_str to = value(&m, "escalate_to")->str;
	struct nw_conf_valid at = valid(&m, "escalate_to", 0);

	if (to.len == 0)
		return;
	m.ch->escalate_to = nw_conf_channel_find(l->c, to);
	if (m.ch->escalate_to == -1)
		nw_conf_load_no_channel(l, &at.at, to);
	else if (m.ch->escalate_to == (int32_t)i)
		nw_conf_diag(l->diags, NW_CONF_ERROR, &at.at, "a channel cannot escalate to itself");
}

/* operator.notify and delivery.notify */
static void
check_names(struct nw_conf_loading *l, const struct nw_conf_naming *n)
{
	uint32_t i;

	for (i = 0; n->value != NULL && i < n->value->nlist; i++) {
		struct nw_conf_place at = nw_conf_valid_place(&n->at, n->value, i);

		if (nw_conf_channel_find(l->c, n->value->list[i]) == -1)
			nw_conf_load_no_channel(l, &at, n->value->list[i]);
	}
}

void
nw_conf_channels_load(struct nw_conf_loading *l)
{
	struct nw_conf_names names = {0};
	struct nw_value **values;
	size_t i, n = 0;

	for (i = 0; i < l->raws.n; i++)
		n += nw_str_is(l->raws.item[i].section, "channels");
	l->c->channel = nw_arena_array(l->c->arena, n + 1, sizeof(*l->c->channel));
	values = nw_arena_array(l->c->raw, n + 1, sizeof(*values));
	l->no_memory |= l->c->channel == NULL || values == NULL;
	for (i = 0, n = 0; i < l->raws.n && !l->no_memory; i++) {
		if (nw_str_is(l->raws.item[i].section, "channels"))
			values[n++] = load_channel(l, &l->raws.item[i], &names);
	}
	for (i = 0; i < l->c->nchannel && !l->no_memory; i++)
		resolve_escalation(l, (uint32_t)i, values[i]);
	check_names(l, &l->operator_notify);
	check_names(l, &l->delivery_notify);
	nw_conf_names_done(&names);
}
