/*
 * feed.h - what the files of parser-feed share: one document being read.
 *
 * The way of a document: prolog (what is it?) -> sax (libxml2, strict) -> tree (frames, elements) -> record (an item)
 * -> host.  Where strict reading stops, recover writes the rest well-formed again for the same way, and the items
 * already given are skipped.
 */
#ifndef FEED_H
#define FEED_H

#include <newswatch/plugin.h>

#include "feed_record.h"
#include "feed_text.h"

#define FEED_DEPTH_MAX	512  /* elements that are looked at; below, text is kept and tags are not */
#define FEED_DEPTH_STOP 8192 /* elements; a document nested deeper is not read on */
#define FEED_ATTRS_MAX	512  /* attributes of one tag; libxml2 is quadratic in them */
#define FEED_SPACES_MAX 1024 /* namespaces in scope; each look-up walks them */
#define FEED_NAMES_MAX	32768 /* different names, prefixes and namespaces; libxml2's dictionary has 16,384 rows */
#define FEED_TEXT_MAX	(8u << 20) /* bytes of one text; the host keeps 2 MB of it, as HTML 4 */
#define FEED_SHOWN_MAX	80   /* bytes of the document quoted in a message */

/* Namespaces, whatever URI or prefix a document uses for them. */
enum feed_ns {
	NS_OTHER,
	NS_RSS, /* none, RSS 0.90, 1.0, 1.1, userland */
	NS_ATOM,
	NS_RDF,
	NS_DC,
	NS_DCTERMS,
	NS_CONTENT,
	NS_XHTML,
	NS_MEDIA,
	NS_ITUNES,
	NS_GOOGLEPLAY,
	NS_SY,
	NS_FEEDBURNER,
	NS_PRISM,
	NS_YANDEX,
	NS_TURBO,
	NS_XML,
	NS_N
};

/* Where an element stands: what its children may be. */
enum feed_place { IN_FEED = 1, IN_ITEM = 2, IN_PERSON = 4, IN_SOURCE = 8 };

/* What an element opens. */
enum feed_opens {
	OPENS_NOTHING, /* the element and all in it are passed over */
	OPENS_GROUP,   /* its children count as its parent's */
	OPENS_ITEM,
	OPENS_PERSON,
	OPENS_TEXT, /* its text is collected */
};

struct feed_parse;
struct feed_tag;

/* A row of the table in elements.c. */
struct feed_element {
	uint8_t ns, places, opens;
	uint8_t slot, rank, content; /* enum feed_slot; 0 wins over 1; enum feed_content */
	uint8_t inside;		     /* the place its children stand in; 0: the same */
	const char *name;	     /* lower-case, local */
	void (*start)(struct feed_parse *, const struct feed_tag *, const struct feed_element *); /* or NULL */
};

enum feed_content {
	CONTENT_TEXT, /* markup inside is dropped */
	CONTENT_HTML, /* the text is HTML; markup inside is written out */
	CONTENT_ATOM, /* as the attributes type and mode say */
};

struct feed_attr {
	const char *local, *prefix, *uri; /* prefix and uri may be NULL */
	struct nw_str value;		  /* decoded; borrowed during the call */
};

struct feed_tag {
	const char *local, *prefix, *uri; /* prefix and uri may be NULL */
	const char *default_uri;	  /* a default namespace declared by this tag, or NULL */
	const struct feed_attr *attr;
	uint32_t nattr;
};

/* FRAME_WRAP is of a name nobody knows, in a feed: only the items in it count. */
enum frame_kind { FRAME_SKIP, FRAME_WRAP, FRAME_GROUP, FRAME_ITEM, FRAME_PERSON, FRAME_TEXT, FRAME_INNER, FRAME_SILENT };

/* An open element. */
struct feed_frame {
	uint8_t kind, place;
	uint8_t in_item; /* the item's record is meant, not the feed's */
	uint8_t rank;	 /* FRAME_PERSON */
	const struct feed_element *element; /* FRAME_TEXT, FRAME_PERSON */
	const char *prefix, *local;	    /* its name; libxml2's */
	struct nw_str base, lang;	    /* in scope; scratch memory */
};

/* How the text of the open FRAME_TEXT is collected. */
enum capture_mode {
	CAPTURE_TEXT,	/* as it is; markup inside makes it CAPTURE_XHTML where HTML may stand */
	CAPTURE_HTML,	/* as it is, and it is HTML, also between tags that should have been escaped */
	CAPTURE_MIXED,	/* the same, but text between such tags is text */
	CAPTURE_XHTML,	/* all text is text, tags are written out */
	CAPTURE_BASE64,
};

/* What a guid's isPermaLink says: a guid that nobody says is a link is one only if it looks like it. */
enum feed_permalink { PERMALINK_NOT, PERMALINK_TAKEN, PERMALINK_SAID };

struct feed_capture {
	struct feed_text text;
	uint8_t mode;
	uint8_t html;	   /* the text is HTML */
	uint8_t markup;	   /* tags inside are written out, not dropped */
	uint8_t sniff;	   /* nobody said what it is: look whether it is HTML */
	uint8_t ignored;   /* a link of another kind, an image, a document elsewhere */
	uint8_t binary;	   /* of no use unless it decodes to text */
	uint8_t full;	   /* FEED_TEXT_MAX is reached */
	uint8_t permalink; /* enum feed_permalink */
	uint32_t rank;	   /* of the element here */
};

enum feed_dialect { DIALECT_NONE, DIALECT_RSS, DIALECT_ATOM };

/* A URI's namespace, remembered by the address of libxml2's interned string. */
struct feed_ns_memo {
	const char *uri;
	uint8_t ns;
};

struct feed_parse {
	const struct nw_host *host;
	struct nw_sink *sink;
	const struct nw_doc *doc;
	struct nw_str text; /* the document as UTF-8 */

	/* tree.c */
	struct feed_frame *frame; /* FEED_DEPTH_MAX of them */
	uint32_t depth, beyond;	  /* open frames, and open elements below FEED_DEPTH_MAX */
	uint32_t dialect;
	char *own_uri;		   /* the root's namespace: its children are ours, whatever it is; "" for none */
	char root[FEED_SHOWN_MAX]; /* name of the root element, for messages; "" before it */
	struct feed_ns_memo memo[16];
	struct feed_capture capture;
	struct feed_text person_text, person_name, person_email;

	/* results */
	struct feed_record feed, item;
	size_t safe_at;		    /* behind the last whole item, in text; 0 if there is none */
	struct feed_text safe_open; /* names of what is open there, each with its NUL */
	uint32_t item_elements; /* in the open item */
	uint32_t items;	      /* seen whole in this pass */
	uint32_t given;	      /* handed to the host, over both passes */
	uint32_t full;	      /* the host's limit is reached; it says so itself */
	uint32_t bad_dates;
	uint32_t long_texts; /* cut at FEED_TEXT_MAX */
	uint32_t lost_section; /* a text that holds the end of its item shall end the first reading */
	uint32_t swallowed;    /* such a text was found */
	uint32_t incomplete;  /* cut or repaired */
	uint32_t cut;	      /* what closes now was never finished */
	uint32_t ttl_s, sy_period_s, sy_frequency;
	int rc;		      /* the first failure of the host */
};
#endif
