/*
 * feed_record.h - what is known so far of an item, or of the feed itself: the best value for each slot.
 */
#ifndef FEED_RECORD_H
#define FEED_RECORD_H

#include <newswatch/plugin.h>

#include "feed_text.h"

#define FEED_LIST_MAX 64 /* categories and enclosures of an item; the host takes no more */
#define FEED_AUTHOR_MAX 4096 /* bytes of names, after which no more are taken: each is looked for in them */

struct feed_parse;

enum feed_slot {
	SLOT_NONE,
	/* texts */
	SLOT_TITLE,
	SLOT_SUMMARY,
	SLOT_BODY,
	SLOT_URL,
	SLOT_GUID,
	SLOT_LANG,
	SLOT_TEXTS,
	/* others */
	SLOT_PUBLISHED = SLOT_TEXTS,
	SLOT_UPDATED,
	SLOT_TIMES_END,
	SLOT_AUTHOR = SLOT_TIMES_END,
	SLOT_CATEGORY,
	SLOT_KEYWORDS, /* categories in one text, separated by commas */
	SLOT_TTL,
	SLOT_PERIOD,
	SLOT_FREQUENCY,
};
#define SLOT_TIMES (SLOT_TIMES_END - SLOT_PUBLISHED)

struct feed_value {
	struct feed_text text;
	uint8_t given, rank; /* a value of a lower rank replaces it */
	uint8_t html;
};

struct feed_record {
	struct feed_value value[SLOT_TEXTS];
	struct nw_time time[SLOT_TIMES];
	uint8_t time_rank[SLOT_TIMES];
	struct feed_value author; /* of one rank, joined */
	struct feed_text list;	  /* categories and enclosures, each with its NUL */
	uint32_t category[FEED_LIST_MAX], ncategories;
	struct {
		uint32_t url, type;
		int64_t length;
	} enclosure[FEED_LIST_MAX];
	uint32_t nenclosures;
	uint32_t overflow;	  /* entries past FEED_LIST_MAX */
	struct nw_str lang, base; /* in scope at its tag and at its text; scratch memory */
};

void feed_record_done(struct feed_record *);
void feed_record_reset(struct feed_record *);
/* Whether a value of this rank would be kept. */
int feed_record_wants(const struct feed_record *, uint32_t slot, uint32_t rank);
/* Takes the contents of ${text} by swapping buffers, if it is wanted and not blank. */
void feed_record_take(struct feed_record *, uint32_t slot, uint32_t rank, struct feed_text *, int html);
void feed_record_set(struct feed_record *, uint32_t slot, uint32_t rank, struct nw_str);
void feed_record_time(struct feed_record *, uint32_t slot, uint32_t rank, const struct nw_time *);
void feed_record_author(struct feed_record *, uint32_t rank, struct nw_str);
void feed_record_category(struct feed_record *, struct nw_str);
void feed_record_enclosure(struct feed_record *, struct nw_str url, struct nw_str type, int64_t length);

/* To the host; what it answered. */
int feed_record_emit_item(struct feed_parse *);
int feed_record_emit_feed(struct feed_parse *);
#endif
