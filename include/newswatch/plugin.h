/*
 * plugin.h - the whole contract between newswatch-worker (the host) and a plugin, and the value types all share.
 * Floor 0.  Includes only <stddef.h> and <stdint.h>; valid C11 and C++.
 *
 * A plugin is one .so with one exported data symbol, made by NW_PLUGIN().  It is a pure function of what it is
 * given: it does not fork, thread, print, open sockets or files, read the clock, touch signals or locale.  After
 * open() it runs inside the worker's lock (seccomp, Landlock, no network, no files).
 *
 * Ownership, in four sentences.  A batch owns all its strings.  What a plugin hands to the host is copied before
 * the call returns.  What the host hands to a plugin is valid until that operation returns.  Plugin state belongs
 * to the plugin from open() to close().
 *
 * Growth.  Structs that begin with `size` may grow at their end: the receiver copies min(size, its own) and zeroes
 * the rest.  Structs without `size` stand in arrays and are frozen for this major version.  Enums travel as
 * uint32_t.  All text is valid UTF-8, NUL-terminated and never NULL; all times are milliseconds since 1970 in UTC.
 *
 * ABI history.  1.0: first release.
 */
#ifndef NEWSWATCH_PLUGIN_H
#define NEWSWATCH_PLUGIN_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define NW_ABI_MAJOR 1u
#define NW_ABI_MINOR 1u /* 1: suggest */

/* A time that is not known; never 0, which is a real instant. */
#define NW_TIME_NONE INT64_MIN

/* What an operation returns.  Negative values name the culprit; see daemon/DESIGN.md, "Errors". */
enum {
	NW_OK = 0,
	NW_DONE = 1,	     /* query_next: nothing more for this article */
	NW_NEAR = 2,	     /* query_next: all but a negative clause holds */
	NW_EINPUT = -1,	     /* the bytes, the server */
	NW_EPLUGIN = -2,     /* a plugin: bad output, crash */
	NW_ECONF = -3,	     /* the operator's configuration */
	NW_ELIMIT = -4,	     /* a bound of limits.h was reached */
	NW_ERES = -5,	     /* the machine: memory, disk, fork */
};

/* Text: valid UTF-8, p[len] == 0, p is never NULL. */
struct nw_str {
	const char *p;
	size_t len;
};

/* Raw bytes, of which nothing has been checked. */
struct nw_bytes {
	const uint8_t *p;
	size_t len;
};

#define NW_STR(literal) ((struct nw_str){ (literal), sizeof(literal) - 1 })

enum nw_precision { NW_PREC_NONE, NW_PREC_YEAR, NW_PREC_MONTH, NW_PREC_DAY, NW_PREC_MINUTE };
/* Where a date was found; later ones never beat earlier ones. */
enum nw_origin { NW_ORIGIN_NONE, NW_ORIGIN_FEED, NW_ORIGIN_META, NW_ORIGIN_VISIBLE, NW_ORIGIN_TITLE, NW_ORIGIN_URL, NW_ORIGIN_BODY };
enum nw_severity { NW_SEV_INFO, NW_SEV_NORMAL, NW_SEV_HIGH, NW_SEV_CRITICAL };
enum nw_log_level { NW_LOG_ERROR, NW_LOG_WARNING, NW_LOG_NOTICE, NW_LOG_INFO, NW_LOG_DEBUG };
/* What a document is expected to be, or turned out to be. */
enum nw_role { NW_ROLE_AUTO, NW_ROLE_FEED, NW_ROLE_LISTING, NW_ROLE_ARTICLE };

/* An instant with what is known of it.  A day is T00:00:00Z of that calendar day, never shifted by a zone. */
struct nw_time {
	int64_t at_ms; /* NW_TIME_NONE if unknown */
	uint32_t precision;
	uint32_t origin;
};

/* Fields that evidence can stand in. */
enum nw_field {
	NW_FIELD_TITLE,
	NW_FIELD_BODY,
	NW_FIELD_SUMMARY,
	NW_FIELD_AUTHOR,
	NW_FIELD_URL,
	NW_FIELD_REMOVED_TITLE,
	NW_FIELD_REMOVED_BODY,
	NW_FIELD_N
};

/* One piece of evidence: bytes [off, off + len) of the field's original text, and the passage (the sentence or
 * sentences it touches).  clause indexes nw_evidence.clause.  Frozen: stands in arrays. */
struct nw_hit {
	uint32_t field;
	uint32_t off, len;
	uint32_t passage_off, passage_len;
	uint32_t clause;
	int32_t weight; /* points in a score block, else 0 */
	uint32_t reserved;
};

/* What query_next() found.  `hits` is why it holds (or would hold), `blocked` what stood in a near miss's way. */
struct nw_evidence {
	uint32_t size, nhits, nblocked, nclause;
	int64_t score;	    /* valid if has_score */
	uint32_t has_score, reserved;
	const struct nw_hit *hits, *blocked;
	const struct nw_str *clause; /* canonical text of the operand or score line each hit satisfies */
};

struct nw_enclosure {
	struct nw_str url, type;
	int64_t length; /* -1 if not said */
};

/* A tag as rules and later taggers see it.  A tagger that owns a section names its tags as its entries: `tag:` with
 * another name is refused.  cls is "news", "stance", "mention" or "". */
struct nw_tag {
	uint32_t size;
	uint32_t nhits;
	struct nw_str kind; /* "topic", "place", "person", "body", "language"; "" means the tagger's own: "topic" */
	struct nw_str name;
	struct nw_str cls;
	int64_t score; /* valid if has_score */
	uint32_t has_score, nclause;
	const struct nw_hit *hits;
	const struct nw_str *clause;
};

/*
 * An article, as a parser gives it and as taggers and rules get it.
 * A parser fills what the document says and leaves the rest zero ({"",0} or NULL are both fine here).  Raw HTML
 * goes into *_html: the host makes text of it, but only for articles it does not know yet, so a parser should not do
 * that work itself.  Where a parser gives text, that text is taken.  Taggers and rules read the text; body_html is
 * there, sanitised, only where somebody asked for it (newswatch parse).
 */
struct nw_article {
	uint32_t size;
	uint32_t flags;		    /* NW_ARTICLE_* */
	struct nw_str guid;	    /* as in the document; "" if there is none */
	struct nw_str key;	    /* the source's own key (`listing.key`), else "" */
	struct nw_str url;	    /* absolute */
	struct nw_str title;	    /* plain text */
	struct nw_str title_html;   /* parser only: a title that may hold markup or entities */
	struct nw_str author;	    /* several joined by ", " */
	struct nw_str summary, summary_html;
	struct nw_str body, body_html;
	struct nw_str lang;	    /* BCP 47, "" if unknown */
	struct nw_str number;	    /* announcement number, as the source's option found it */
	struct nw_str source;	    /* host only: the source's name */
	struct nw_time published, updated;
	int64_t first_seen_ms;	    /* host only */
	const struct nw_str *categories;
	uint32_t ncategories, nenclosures;
	const struct nw_enclosure *enclosures;
	/* host only, for `new:` and `removed:`; prev_* are "" on the first revision */
	uint32_t revision, ntags;
	struct nw_str prev_title, prev_body;
	const struct nw_tag *const *tags; /* what earlier taggers said */
	void *host;			  /* the host's own; opaque */
	struct nw_str html_base;	  /* parser only: what relative links in *_html stand against, if neither
					   * url nor the document's own address (xml:base); else "" */
};
enum {
	NW_ARTICLE_TEASER = 1,	    /* the text is only a teaser: fetch url for the whole (host decides by `full_text`) */
	NW_ARTICLE_INCOMPLETE = 2,  /* the document was cut inside this article */
};

/* Facts of the document as a whole, set once by a parser. */
struct nw_feed {
	uint32_t size;
	uint32_t role; /* what it turned out to be */
	struct nw_str title, link, lang, description, author;
	struct nw_time updated;
	uint32_t incomplete; /* 1: cut or repaired: what was whole is here, validators must not be kept */
	uint32_t ttl_s;	     /* the rhythm the document asks for (ttl, sy:), 0 if it does not say */
};

/* A document to parse. */
struct nw_doc {
	uint32_t size;
	uint32_t role;		    /* what the target is configured to be */
	struct nw_str url;	    /* absolute, after redirects: the base of relative links */
	struct nw_str content_type; /* as sent: "text/html; charset=gb2312", "" if absent */
	struct nw_bytes body;	    /* decoded from transfer and content coding, nothing else */
	struct nw_str source;	    /* name, "" in a trial */
	struct nw_str timezone;	    /* IANA name, "" = UTC */
	struct nw_str lang;	    /* the source's language, "" if not said */
	struct nw_str charset;	    /* the source's own override, "" if not said */
	int64_t fetched_at_ms;
};

/* --- configuration ------------------------------------------------------------------------------------------- */

enum nw_option_type {
	NW_OPT_NONE, /* ends a table */
	NW_OPT_BOOL, /* num 0 or 1 */
	NW_OPT_INT,  /* num within min..max */
	NW_OPT_SECONDS, /* "90s", "10m", "6h", "2d" or a plain number of seconds; num in seconds */
	NW_OPT_BYTES, /* "8M", "64k"; num in bytes */
	NW_OPT_STR,  /* str */
	NW_OPT_LIST, /* a sequence of scalars, or one scalar; list, nlist */
	NW_OPT_ENUM, /* str and num (index) out of `help_enum`, "a|b|c" */
	NW_OPT_QUERY, /* the watch language, a block scalar */
	NW_OPT_SCORE, /* a score block, a block scalar */
};
enum {
	NW_OPTF_REQUIRED = 1,
	NW_OPTF_SECRET = 2, /* never shown, never logged */
};

/* One option.  A nested mapping is written with dots: `listing: { link: x }` is "listing.link".  min/max bound num,
 * or the length of str in bytes, or the count of a list; both 0 means unbounded. */
struct nw_option {
	const char *name;
	uint32_t type, flags;
	const char *defval; /* as it would be written; NULL: absent */
	int64_t min, max;
	const char *choices; /* NW_OPT_ENUM: "a|b|c" */
	const char *help;    /* one sentence with unit and reason */
};

/* A value, in the order of the option table, each present (absent: given == 0 and the default's value). */
struct nw_value {
	struct nw_str str;
	int64_t num;
	const struct nw_str *list;
	uint32_t nlist;
	uint32_t given;	 /* the operator wrote it */
	uint32_t line;	 /* where, 1-based; 0 if not given */
	uint32_t reserved;
	const void *host; /* the host's own: position for messages */
};

/* A plugin's configuration: its own options, and the entries of the section it owns. */
struct nw_conf {
	uint32_t size, nentry;
	const struct nw_value *values;	      /* as `options` */
	const struct nw_value *const *entry;  /* [entry][option] as the plugin's `entry` table */
	const struct nw_str *name;	      /* [entry]: the entry's name, from the envelope */
	const uint32_t *severity;	      /* [entry]: enum nw_severity, the highest an alert may carry */
};

/* An alert to be rendered (notifier). */
struct nw_notice {
	uint32_t size, severity;
	struct nw_str id, watch, owner;
	const struct nw_article *article;
	uint32_t nhits, nclause, nold;
	uint32_t provisional;	     /* full text still missing */
	const struct nw_hit *hits;
	const struct nw_str *clause;
	int64_t alerted_at_ms, score;
	uint32_t has_score, ntags;
	const struct nw_tag *const *tags;
	const struct nw_str *old;    /* for an edit: sentences of the revision before */
	struct nw_str source_title;
	struct nw_str document_sha256; /* hex, the bytes it came from */
};

/* What a notifier renders: {subject, text, html} for mail, {json} for webhooks. */
struct nw_message {
	uint32_t size, reserved;
	struct nw_str subject, text, html, json;
};

/* An alert, as a rule gives it: an index, a key, a severity not above the entry's, hits. */
struct nw_alert {
	uint32_t size, entry, severity, nhits;
	struct nw_str key; /* "" = the article's */
	int64_t score;
	uint32_t has_score, nclause, near, nblocked; /* near: 1 for a near miss, kept but not sent */
	const struct nw_hit *hits, *blocked;
	const struct nw_str *clause;
};

/* --- the host ------------------------------------------------------------------------------------------------- */

struct nw_sink;	    /* collects what one operation yields */
struct nw_instance; /* one open plugin */

enum { /* date_parse flags */
	NW_DATE_MACHINE = 1, /* RFC 822, RFC 3339 and their real-world lies */
	NW_DATE_VISIBLE = 2, /* text a reader sees; localised forms */
	NW_DATE_SEARCH = 4,  /* find the first date inside a longer text */
};

/* An expression for the query engine: a condition, a score block, or both (then both must hold). */
enum {
	NW_EXPR_LAZY = 1, /* never offered by query_next, only asked by query_holds */
};
struct nw_expr {
	uint32_t size, flags;
	uint32_t entry;		       /* of the plugin's section: whose envelope and position count */
	uint32_t cookie;	       /* the plugin's own name for it, unique within the plugin */
	const struct nw_value *match;  /* as given to open(); NULL or absent: none */
	const struct nw_value *score;
	struct nw_str scope;	       /* "any", "new-text", "title", "lead"; "" = any */
};

/*
 * The host table: append-only.  A call is legal only inside the operation its sink or instance was given for.
 * Calls return NW_OK or a negative code; memory they hand out lives until the operation returns.
 */
struct nw_host {
	uint32_t size, abi_minor;

	/* results; each copies */
	int (*set_feed)(struct nw_sink *, const struct nw_feed *);
	int (*add_article)(struct nw_sink *, const struct nw_article *);
	int (*add_follow)(struct nw_sink *, struct nw_str url, uint32_t role); /* a document to fetch next */
	int (*add_tag)(struct nw_sink *, const struct nw_tag *);
	int (*add_alert)(struct nw_sink *, const struct nw_alert *);
	int (*add_message)(struct nw_sink *, const struct nw_message *);
	int (*note)(struct nw_sink *, const char *fmt, ...);	       /* what was repaired or left out */
	int (*fail)(struct nw_sink *, int code, const char *fmt, ...); /* one clear line; returns code */

	/* services */
	void (*log)(const struct nw_instance *, uint32_t level, const char *fmt, ...);
	int64_t (*now_ms)(const struct nw_instance *); /* the job's time: replays are exact */
	void *(*alloc)(struct nw_sink *, size_t);      /* scratch memory, zeroed, freed by the host; NULL past the cap */

	/* doc's bytes as UTF-8, decoded as browsers do; `markup` is 'x' for XML, 'h' for HTML, 'j' for JSON */
	int (*decode)(struct nw_sink *, const struct nw_doc *, int markup, struct nw_str *text_r,
	    struct nw_str *charset_r);
	/* origin is left to the caller; tz and lang as in nw_doc */
	int (*date_parse)(struct nw_sink *, struct nw_str text, uint32_t flags, const struct nw_doc *,
	    struct nw_time *time_r);
	/* RFC 3986 resolution, http and https only, canonical form; NW_EINPUT if it is no such URL */
	int (*url_resolve)(struct nw_sink *, struct nw_str base, struct nw_str ref, struct nw_str *url_r);
	/* readable text, and sanitised HTML with absolute links; either output may be NULL */
	int (*html_text)(struct nw_sink *, struct nw_str html, struct nw_str base, struct nw_str *text_r,
	    struct nw_str *html_r);
	/* BCP 47 of a text, "" if unknown; hint is a declared language or "" */
	int (*lang_detect)(struct nw_sink *, struct nw_str text, struct nw_str hint, struct nw_str *lang_r);

	/* the query engine: in open(), one expression under the plugin's own cookie; `sources` and `lang` of the entry
	 * (its envelope) are applied by the host before the expression is asked */
	int (*query_add)(const struct nw_instance *, const struct nw_expr *);
	/* in tag() or match(): the next expression that holds (NW_OK) or nearly does (NW_NEAR); NW_DONE at the end */
	int (*query_next)(struct nw_sink *, const struct nw_article *, uint32_t *cookie_r,
	    struct nw_evidence *ev_r);
	/* in tag() or match(): does the expression under this cookie hold?  NW_OK, NW_NEAR or NW_DONE (no) */
	int (*query_holds)(struct nw_sink *, const struct nw_article *, uint32_t cookie, struct nw_evidence *ev_r);
	/* in open(): refuse the configuration, at a value's place (value NULL: the entry's; entry ~0: the plugin's) */
	int (*refuse)(const struct nw_instance *, uint32_t entry, const struct nw_value *, const char *fmt, ...);

	/* since 1.1 */
	/* in parse() of a document of no source: an option of a source's entry that would read this one well, or
	 * "feed" with the address of a feed it names.  Several of one name make a list. */
	int (*suggest)(struct nw_sink *, const char *name, struct nw_str value);
};

/* --- the plugin ----------------------------------------------------------------------------------------------- */

enum nw_kind { NW_KIND_PARSER = 1, NW_KIND_TAGGER, NW_KIND_RULE, NW_KIND_NOTIFIER };

struct nw_parser_ops {
	/* per source, its checked options in the order of `entry`; both run inside the lock.  May be NULL. */
	int (*source_open)(void *state, const struct nw_value *values, struct nw_sink *, void **source_r);
	void (*source_close)(void *source);
	/* 0 not mine .. 100 sure; looks at the first bytes only */
	int (*probe)(void *state, const struct nw_doc *);
	/* source is NULL for a document of no source */
	int (*parse)(void *state, void *source, const struct nw_doc *, struct nw_sink *);
};
struct nw_tagger_ops {
	int (*tag)(void *state, const struct nw_article *, struct nw_sink *);
};
struct nw_rule_ops {
	int (*match)(void *state, const struct nw_article *, struct nw_sink *);
};
struct nw_notifier_ops {
	/* kind is the channel's type, "email" or "webhook" */
	int (*render)(void *state, struct nw_str kind, const struct nw_notice *const *, uint32_t n,
	    struct nw_sink *);
};

struct nw_plugin {
	uint32_t abi_major; /* first; if it differs nothing else is read, not even the name */
	uint32_t abi_minor; /* at most the host's */
	uint32_t size;	    /* what memory exists */
	uint32_t kind;	    /* exactly one: one job, one plugin */
	const char *name;   /* the file's name without ".so" */
	const char *version, *summary;
	const char *section;		 /* configuration section it owns: "topics", "watches"; NULL: none */
	const struct nw_option *options; /* its own, under `plugins: { NAME: ... }`; ends with {0}; may be NULL */
	const struct nw_option *entry;	 /* an entry's of its section, or (parser) a source's; may be NULL */
	int (*open)(const struct nw_host *, const struct nw_instance *, const struct nw_conf *, void **state_r);
	void (*close)(void *state);
	union {
		const struct nw_parser_ops *parser;
		const struct nw_tagger_ops *tagger;
		const struct nw_rule_ops *rule;
		const struct nw_notifier_ops *notifier;
	} ops;
};

/* NW_PLUGIN(tagger_topics) = { .abi_major = NW_ABI_MAJOR, ... };  With -DNW_PLUGIN_STATIC several plugins link into
 * one test program. */
#ifdef NW_PLUGIN_STATIC
#define NW_PLUGIN(id) extern const struct nw_plugin nw_plugin_##id; const struct nw_plugin nw_plugin_##id
#else
#define NW_PLUGIN(id)                                                     \
	extern __attribute__((visibility("default"))) const struct nw_plugin nw_plugin; \
	const struct nw_plugin nw_plugin
#endif
#define NW_PLUGIN_HEAD(k) .abi_major = NW_ABI_MAJOR, .abi_minor = NW_ABI_MINOR, .size = sizeof(struct nw_plugin), .kind = (k)

#ifdef __cplusplus
}
#endif
#endif
