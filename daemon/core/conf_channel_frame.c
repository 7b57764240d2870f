#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/io.h"
#include "base/str.h"
#include "core/conf.h"
#include "core/digest.h"
#include "core/frame.h"
#include "core/limits.h"

#define SECRET_MAX 4096u /* bytes of a password or key */
#define KEY_MIN	   24u	 /* bytes of a signing key: Standard Webhooks, "Symmetric" */
#define KEY_MAX	   64u
#define KEY_PREFIX "whsec_"

static int
open_secret(struct nw_str name, char path[4096], struct nw_err *err)
{
	const char *dir = getenv("CREDENTIALS_DIRECTORY");
	struct stat st;
	int n, fd;

	if (memchr(name.p, '/', name.len) == NULL && dir != NULL)
		n = snprintf(path, 4096, "%s/%s", dir, name.p);
	else
		n = snprintf(path, 4096, "%s", name.p);
	if (n >= 4096)
		return nw_fail(err, NW_ECONF, "the path of the secret '%s' is too long", name.p);
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (fd == -1)
		return nw_fail(err, NW_ECONF, "cannot read the secret '%s': %s", path, strerror(errno));
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && (st.st_mode & 077) == 0)
		return fd;
	(void)close(fd); /* only looked at */
	return nw_fail(err, NW_ECONF,
	    "the secret '%s' is no file, or others may read it; chmod 600 it, or use LoadCredential=", path);
}

/* The file's first line, in the arena. */
static int
read_secret(struct nw_str name, struct nw_arena *a, struct nw_str *secret_r, struct nw_err *err)
{
	char path[4096], text[SECRET_MAX + 1];
	int fd = open_secret(name, path, err);
	ssize_t n;
	size_t len;

	if (fd == -1)
		return -1;
	n = read(fd, text, SECRET_MAX);
	(void)close(fd); /* read */
	if (n < 0)
		return nw_fail(err, NW_ECONF, "cannot read the secret '%s': %s", path, strerror(errno));
	text[n] = '\0';
	len = strcspn(text, "\r\n");
	*secret_r = nw_arena_str(a, text, len);
	explicit_bzero(text, sizeof(text));
	if (secret_r->p == NULL)
		return nw_fail(err, NW_ERES, "out of memory");
	if (len == 0)
		return nw_fail(err, NW_ECONF, "the first line of the secret '%s' is empty", path);
	return 0;
}

static int
check_key(struct nw_str name, struct nw_str key, struct nw_err *err)
{
	struct nw_buf raw = {0};
	struct nw_str base64;
	size_t n;
	int ok;

	if (!nw_str_starts(key, KEY_PREFIX))
		return nw_fail(
		    err, NW_ECONF, "the signing key in '%s' does not begin with " KEY_PREFIX, name.p);
	base64 = (struct nw_str){key.p + strlen(KEY_PREFIX), key.len - strlen(KEY_PREFIX)};
	ok = nw_base64_decode(base64, &raw) == 0;
	n = raw.len;
	if (raw.p != NULL)
		explicit_bzero(raw.p, raw.cap);
	nw_buf_done(&raw);
	if (!ok || n < KEY_MIN || n > KEY_MAX)
		return nw_fail(err, NW_ECONF,
		    "the signing key in '%s' is not " KEY_PREFIX " and the base64 of %u to %u bytes", name.p,
		    KEY_MIN, KEY_MAX);
	return 0;
}

static int
add_secrets(const struct nw_conf_channel *ch, struct nw_arena *a, Nw__Channel *m, struct nw_err *err)
{
	struct nw_str secret;
	uint32_t i;

	if (ch->password_file.len > 0) {
		if (read_secret(ch->password_file, a, &secret, err) == -1)
			return -1;
		m->password = nw_pb(secret);
	}
	for (i = 0; i < ch->nsecret_files; i++) {
		if (read_secret(ch->secret_files[i], a, &secret, err) == -1 ||
		    check_key(ch->secret_files[i], secret, err) == -1)
			return -1;
		m->secrets[m->n_secrets++] = nw_pb(secret);
	}
	return 0;
}

static ProtobufCBinaryData *
list_of(struct nw_arena *a, const struct nw_str *s, uint32_t n)
{
	ProtobufCBinaryData *d = nw_arena_array(a, (size_t)n + 1, sizeof(*d));
	uint32_t i;

	for (i = 0; d != NULL && i < n; i++)
		d[i] = nw_pb(s[i]);
	return d;
}

int
nw_conf_channel_frame(const struct nw_config *c, const struct nw_conf_channel *ch, const char *hostname,
    struct nw_arena *a, Nw__Channel **channel_r, struct nw_err *err)
{
	Nw__Channel *m = nw_arena_alloc(a, sizeof(*m));

	if (m == NULL)
		return nw_fail(err, NW_ERES, "out of memory");
	nw__channel__init(m);
	m->version = NW_WIRE_VERSION;
	m->name = nw_pb(ch->name);
	m->type = nw_pb(nw_str(ch->type == NW_CHANNEL_EMAIL ? "email" : "webhook"));
	m->server = nw_pb(ch->server);
	m->url = nw_pb(ch->url);
	m->from = nw_pb(ch->from);
	m->username = nw_pb(ch->username);
	m->ca_file = nw_pb(ch->ca_file);
	m->proxy = nw_pb(ch->proxy);
	m->starttls = ch->starttls == NW_STARTTLS_NONE;
	m->timeout_ms = (uint32_t)ch->timeout_s * 1000;
	m->list_id = nw_pb(ch->list_id);
	m->subject_prefix = nw_pb(ch->subject_prefix);
	m->user_agent = nw_pb(c->daemon.fetch.user_agent);
	m->hostname =
	    nw_pb(c->daemon.delivery.hostname.len > 0 ? c->daemon.delivery.hostname : nw_str(hostname));
	m->headers = list_of(a, ch->headers, ch->nheaders);
	m->allow_private = list_of(a, ch->allow_private, ch->nallow_private);
	m->secrets = list_of(a, NULL, 0);
	if (ch->nsecret_files > 0)
		m->secrets = nw_arena_array(a, ch->nsecret_files, sizeof(*m->secrets));
	if (m->headers == NULL || m->allow_private == NULL || m->secrets == NULL)
		return nw_fail(err, NW_ERES, "out of memory");
	m->n_headers = ch->nheaders;
	m->n_allow_private = ch->nallow_private;
	if (add_secrets(ch, a, m, err) == -1) {
		nw_conf_channel_wipe(m);
		return -1;
	}
	*channel_r = m;
	return 0;
}

void
nw_conf_channel_wipe(Nw__Channel *m)
{
	size_t i;

	if (m == NULL)
		return;
	if (m->password.len > 0)
		explicit_bzero(m->password.data, m->password.len);
	for (i = 0; i < m->n_secrets; i++)
		explicit_bzero(m->secrets[i].data, m->secrets[i].len);
}
