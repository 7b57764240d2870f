/*
 * fields.h - the texts of one article, cut and looked up once: title, body (or the summary in its stead), author, url,
 * and those of the revision before; with what is new and what was removed between the two (R16, R29).
 * Floor 2.  Life: nw_fields_init() -> nw_fields_set()* -> nw_fields_done().  Memory is kept from article to article.
 */
#ifndef NW_QUERY_FIELDS_H
#define NW_QUERY_FIELDS_H

#include "query/prog.h"
#include "query/sentence_set.h"

enum nw_fields_kind { /* the order of global positions, and of evidence */
	NW_FIELDS_TITLE,
	NW_FIELDS_BODY,
	NW_FIELDS_AUTHOR,
	NW_FIELDS_URL,
	NW_FIELDS_OLD_TITLE,
	NW_FIELDS_OLD_BODY,
	NW_FIELDS_N
};

struct nw_fields_text {
	struct nw_text t;
	uint32_t *stem; /* [stem_cap]; valid if the rules stem */
	uint32_t stem_cap;
	int used;	/* of this article */
	int sentences;	/* found */
	uint8_t *changed; /* [changed_cap] by sentence: new here, or removed in the revision after */
	uint32_t changed_cap;
	int compared;	/* changed[] is filled */
};

struct nw_fields {
	struct nw_analyse *an;
	const struct nw_article *article;
	struct nw_str lang;
	uint32_t body_field; /* NW_FIELD_BODY, or NW_FIELD_SUMMARY while there is no body */
	struct nw_fields_text f[NW_FIELDS_N];
	struct nw_sentence_set other; /* scratch: of the other revision */
	int failed; /* no memory */
};

void nw_fields_init(struct nw_fields *, struct nw_analyse *);
void nw_fields_done(struct nw_fields *);
/* Cut and look up the fields of ${article} that the rules ask for (1 << enum nw_prog_scope).  -1: memory. */
int nw_fields_set(struct nw_fields *, const struct nw_article *, uint32_t asked, struct nw_vocab *,
    struct nw_vocab_tongue *, int stems);

static inline uint32_t
nw_fields_base(uint32_t field)
{
	return field << NW_SPAN_FIELD_SHIFT;
}
/* The text a global position lies in, with its sentences found. */
const struct nw_text *nw_fields_sentences(struct nw_fields *, uint32_t field);
/* Numbers of the sentence and the paragraph of a global position; they grow with the position. */
uint32_t nw_fields_sentence(const void *fields, uint32_t pos);
uint32_t nw_fields_paragraph(const void *fields, uint32_t pos);
/* Whether a span lies in text added (title, body) or removed (the old ones) since the revision before. */
int nw_fields_is_changed(struct nw_fields *, struct nw_span);
/* The field as evidence names it, enum nw_field. */
uint32_t nw_fields_name(const struct nw_fields *, uint32_t field);
#endif
