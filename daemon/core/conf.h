/*
 * conf.h - the configuration as written: read, typed, cross-checked; what main, the CLI and (as Nw__Config) the
 * worker work from.
 * Floor 1.  Reads files; opens nothing else.
 * Life: nw_conf_load() -> look at diags.nerror -> use -> nw_conf_free().
 *
 * Core types its own options (daemon, sources, channels, the envelope of entries).  What belongs to plugins (an
 * entry's `match`, a source's `listing.link`) stays an Nw__Key array with its place, for the worker to type.
 * All text and arrays are owned by the model; nothing is NULL, absent text is "".
 */
#ifndef NW_CORE_CONF_H
#define NW_CORE_CONF_H

#include <newswatch/plugin.h>

#include "core/conf_diag.h"
#include "core/conf_type.h"
#include "wire.pb-c.h"

struct nw_arena;
struct nw_buf;
struct nw_conf_files;
struct nw_err;

/* --- the daemon's own options (every one is described in conf/newswatchd.yaml) --------------------------------- */

enum nw_sandbox { NW_SANDBOX_OFF, NW_SANDBOX_REQUIRE, NW_SANDBOX_FULL };
enum nw_keep { NW_KEEP_NONE, NW_KEEP_ALERTS, NW_KEEP_ALL }; /* = ReadJob.keep */
enum nw_backfill { NW_BACKFILL_MUTE, NW_BACKFILL_ALERT };

struct nw_conf_daemon {
	struct {
		struct nw_str path;
		uint32_t keep;	     /* enum nw_keep, where a source does not say */
		int64_t retention_s; /* 0 = for ever */
	} store;
	struct {
		struct nw_str path; /* search.db; "" = beside the store */
		uint32_t enabled;
	} index;
	struct {
		struct nw_str user_agent; /* with contact, ready to send */
		struct nw_str contact;
		struct nw_str proxy, ca_file;
		const struct nw_str *allow_private; /* ranges every source may reach */
		uint32_t nallow_private;
		uint32_t connections, host_connections, redirects, robots, unconditional_every;
		int64_t every_s, every_max_s, host_gap_s, timeout_s, connect_timeout_s, max_bytes;
	} fetch;
	struct {
		int64_t wait_s;		/* an article pending for its page is matched provisionally after this */
		const int64_t *relook_s; /* growing intervals after the first reading */
		uint32_t nrelook;
		int64_t alert_age_s; /* first contact: older items are muted */
		uint32_t backfill;   /* enum nw_backfill */
	} follow;
	struct {
		const struct nw_str *notify; /* channels of watches that name none */
		uint32_t nnotify;
		int64_t max_age_s, group_wait_s;
		uint32_t flood; /* alerts of one watch in an hour; above it a digest; 0 = never */
		struct nw_str hostname; /* of EHLO and Message-ID; "" = the machine's */
	} delivery;
	struct {
		const struct nw_str *notify; /* channels of the operator's alerts; empty: only the log */
		uint32_t nnotify;
		struct nw_str heartbeat_url;
		int64_t heartbeat_every_s;
		int32_t statement_min; /* daily statement, minutes after midnight; -1 = none */
	} operator;
	struct {
		uint32_t count;	  /* 0 = max(3, processors) */
		uint32_t jobs;	  /* then recycled */
		int64_t job_ms, memory_bytes;
	} workers;
	struct {
		struct nw_str path, group;
	} control;
	uint32_t sandbox;   /* enum nw_sandbox */
	uint32_t log_level; /* enum nw_log_level */
	struct nw_str timezone; /* of digests, quiet hours and statements where a channel does not say */
};

/* --- sources ------------------------------------------------------------------------------------------------------ */

enum nw_full_text { NW_FULL_TEXT_AUTO, NW_FULL_TEXT_NEVER, NW_FULL_TEXT_ALWAYS };
enum nw_identity { NW_IDENTITY_AUTO, NW_IDENTITY_GUID, NW_IDENTITY_URL, NW_IDENTITY_TITLE };
enum nw_ip { NW_IP_ANY, NW_IP_4, NW_IP_6 };

struct nw_conf_source {
	struct nw_conf_place at;
	struct nw_str name, title;
	const struct nw_str *url; /* one or several listings, absolute, canonical spelling */
	uint32_t nurl;
	struct nw_str parser;	/* "feed", "page" ...: a plugin's name without "parser-"; "" = probe */
	uint32_t enabled;	/* 0: kept in the file, not polled */
	struct nw_str reason;	/* of enabled: false */
	int64_t every_s, every_max_s, crawl_delay_s;
	struct nw_str timezone, lang, country, charset;
	uint32_t full_text, identity, keep, backfill, ip;
	uint32_t allow_http, tls_legacy, cookies, robots, self_redirect;
	const struct nw_str *allow_private, *headers;
	uint32_t nallow_private, nheaders;
	struct nw_str proxy, ca_file, user_agent;
	int64_t max_bytes, timeout_s;
	uint32_t expected_days;	     /* bit 0 = Monday .. bit 6 = Sunday */
	const struct nw_str *recess; /* "08-01..08-15": silence is normal */
	uint32_t nrecess;
	int64_t silence_s;  /* operator alert after so long without a new item; 0 = learned */
	int64_t alert_age_s; /* items published longer ago never alert; 0 = no bound */
	/* the parser's own options; and parser-page's, for the articles a feed leads to: there `article.*` */
	Nw__Key **keys, **page_keys;
	size_t nkeys, npage_keys;
	Nw__Key **all; /* every option as written, for nw_conf_source_pack() */
	size_t nall;
};

/* --- entries of plugins' sections --------------------------------------------------------------------------------- */

enum nw_group_by { NW_GROUP_NONE, NW_GROUP_STORY, NW_GROUP_WATCH, NW_GROUP_NUMBER, NW_GROUP_SOURCE };
enum nw_entry_state { NW_STATE_LIVE, NW_STATE_SHADOW, NW_STATE_DRAFT };
enum nw_on_revision { NW_REVISION_EVIDENCE, NW_REVISION_NEVER, NW_REVISION_ALWAYS };

struct nw_conf_entry { /* the envelope; Batch's {plugin, entry} leads here */
	struct nw_conf_place at;
	struct nw_str name, owner;
	const struct nw_str *sources; /* empty: all */
	const uint32_t *notify;	      /* indexes into channels; delivery.notify where the entry says nothing */
	uint32_t nsources, nnotify;
	uint32_t severity, group_by, state, on_revision;
	int64_t group_wait_s;	/* -1: delivery.group_wait */
	int64_t expires_at_ms;	/* NW_TIME_NONE: never; the end of the day written */
	Nw__Key **keys;		/* the plugin's own options */
	size_t nkeys;
};
struct nw_conf_section {
	struct nw_str name; /* "topics", "watches", or another plugin's */
	struct nw_conf_entry **entry;
	uint32_t nentry;
};

struct nw_conf_list {
	struct nw_conf_place at;
	struct nw_str name;
	Nw__Scalar **values, **file_values;
	size_t nvalues, nfile_values;
	struct nw_str values_file;
};

struct nw_conf_plugin { /* plugins: { NAME: ... } */
	struct nw_conf_place at;
	struct nw_str name;
	uint32_t enabled;
	Nw__Key **keys;
	size_t nkeys;
};

/* --- channels ----------------------------------------------------------------------------------------------------- */

enum nw_channel_type { NW_CHANNEL_EMAIL, NW_CHANNEL_WEBHOOK };
enum nw_starttls { NW_STARTTLS_REQUIRED, NW_STARTTLS_NONE };

struct nw_conf_channel {
	struct nw_conf_place at;
	struct nw_str name;
	uint32_t type; /* enum nw_channel_type */
	uint32_t enabled, starttls, parallel, min_severity;
	const struct nw_str *to; /* one message a recipient */
	const struct nw_str *headers, *allow_private, *secret_files;
	uint32_t nto, nheaders, nallow_private, nsecret_files;
	struct nw_str server, url, from, username, password_file;
	struct nw_str ca_file, proxy, subject_prefix, list_id, timezone;
	int64_t timeout_s, max_age_s;
	/* when: all off by default, critical alerts pass them all */
	const uint32_t *digest_min; /* minutes after midnight */
	uint32_t ndigest;
	uint32_t throttle_n; /* at most so many messages in throttle_s; 0 = no bound */
	int64_t throttle_s;
	int32_t quiet_from_min, quiet_to_min; /* -1 = no quiet hours */
	int32_t statement_min;		      /* daily statement, -1 = none */
	int32_t escalate_to;		      /* channel index, -1 = none */
	int64_t escalate_after_s;
};

/* --- the model ---------------------------------------------------------------------------------------------------- */

struct nw_config {
	struct nw_arena *arena;
	struct nw_conf_daemon daemon;
	struct nw_conf_source **source;
	struct nw_conf_section *section;
	struct nw_conf_list **list;
	struct nw_conf_channel **channel;
	struct nw_conf_plugin **plugin;
	uint32_t nsource, nsection, nlist, nchannel, nplugin;
	struct nw_str main_file;
	uint32_t alone;		/* a file of rules alone: sources, and perhaps topics, are elsewhere */
	uint8_t hash[32];	/* SHA-256 of every file's name and bytes, in order */
	struct nw_arena *raw;	/* what nw_conf_shrink() gives back */
	struct nw_conf_files *files; /* the bytes that were read, for the bundle */
};

enum {
	NW_CONF_ALONE = 1, /* only ${path}, no *.d folders: newswatch match --watches */
	NW_CONF_RULES = 2, /* `lists`, `topics` and `watches` alone may stand in it; channels and sources named there
			    * are not looked up */
	NW_CONF_OPTIONS = 4, /* the daemon's own options alone are made; no hash */
};
struct nw_conf_from {
	const char *path;     /* NULL: NW_CONF_DIR/newswatchd.yaml with the folders of both; else the folders beside it */
	const char *conf_dir; /* used without path; NULL: NW_CONF_DIR */
	const char *data_dir; /* used without path; NULL: NW_DATA_DIR */
	uint32_t flags;
};

/*
 * nw_conf_load(from, config_r, diags, err):
 * Read, type and check everything; go on after errors so that ${diags} holds all of them.
 * owns    the caller frees with nw_conf_free().
 * errors  0 with a model, also when diags->nerror > 0: then the model holds what could be read (so that a worker can
 *         report its own findings in the same run) and must not go live.  -1 only without memory or when the main
 *         file cannot be read (NW_ECONF; nothing is in ${diags} then).
 */
int nw_conf_load(const struct nw_conf_from *, struct nw_config **config_r, struct nw_conf_diags *, struct nw_err *);
void nw_conf_free(struct nw_config *); /* NULL is fine */
/* Where the index of the store is: index.path, else search.db beside news.db (another store's has its name and .search).
 * errors  NW_ECONF for a path too long. */
int nw_conf_index_path(const struct nw_conf_daemon *, char *path_r, size_t size, struct nw_err *);
/*
 * nw_conf_shrink(config):
 * Once the CONFIG message is packed, the bundle written and the sources are in the store, give back what only they
 * needed: the files' bytes, sources, lists, and the plugin-owned keys of entries.  Daemon options, channels and the
 * envelopes of entries stay.
 */
void nw_conf_shrink(struct nw_config *);

/*
 * The accepted configuration, to be started with when the files are broken: every file's name and bytes in one blob,
 * read back through the same reader.
 */
int nw_conf_bundle_write(const struct nw_config *, const char *path, struct nw_err *);
int nw_conf_bundle_read(const char *path, struct nw_config **config_r, struct nw_conf_diags *, struct nw_err *);

/*
 * nw_conf_worker(config, run, arena, config_r, err):
 * The CONFIG message for workers; borrows from ${config}, so pack it before that is freed.
 */
struct nw_conf_run {
	uint64_t generation;
	const char *plugin_dir;
	uint32_t sandbox;
	int64_t now_ms;
	uint32_t check;	 /* examples and sources' parser options: at load, not when a worker is replaced */
	uint32_t strict; /* entries that are wrong refuse the whole */
	uint32_t only_check; /* the model has errors already: collect the worker's own, go live in no case */
};
int nw_conf_worker(const struct nw_config *, const struct nw_conf_run *, struct nw_arena *, Nw__Config **config_r,
    struct nw_err *);

/*
 * A source alone, for the store: all its keys as written.  Unpacking types it again, with the daemon's options as
 * defaults; so an idle source costs no memory in main.
 */
int nw_conf_source_pack(const struct nw_config *, const struct nw_conf_source *, struct nw_buf *);
int nw_conf_source_unpack(struct nw_arena *, struct nw_bytes, const struct nw_conf_daemon *,
    struct nw_conf_source **source_r, struct nw_err *);
/* Which parser reads a document of this source in the role (enum nw_role), "" = probe; its options follow. */
struct nw_str nw_conf_source_parser(const struct nw_conf_source *, uint32_t role, Nw__Key ***keys_r, size_t *nkeys_r);

/*
 * nw_conf_channel_frame(config, channel, hostname, arena, channel_r, err):
 * The CHANNEL message, secrets read now from their files (a name without "/" is one in $CREDENTIALS_DIRECTORY, where
 * that is set).  Wipe the packed bytes and call nw_conf_channel_wipe() after sending.
 * errors  NW_ECONF: a secret file is missing, readable by others (mode & 077), empty, or no whsec_ key.
 */
int nw_conf_channel_frame(const struct nw_config *, const struct nw_conf_channel *, const char *hostname,
    struct nw_arena *, Nw__Channel **channel_r, struct nw_err *);
void nw_conf_channel_wipe(Nw__Channel *);

/* Look-ups by name; NULL or -1 if there is none. */
const struct nw_conf_source *nw_conf_source_find(const struct nw_config *, struct nw_str name);
const struct nw_conf_section *nw_conf_section_find(const struct nw_config *, const char *name);
const struct nw_conf_entry *nw_conf_entry_find(const struct nw_conf_section *, struct nw_str name);
/* The first value of one of its plugin's options, as written; "" where it is not. */
struct nw_str nw_conf_entry_text(const struct nw_conf_entry *, const char *key);
int nw_conf_channel_find(const struct nw_config *, struct nw_str name);

/* Core's tables, for "did you mean" in the worker, the example configuration's test and the documentation. */
extern const struct nw_option nw_conf_daemon_options[], nw_conf_source_options[], nw_conf_entry_options[],
    nw_conf_channel_options[];
#endif
