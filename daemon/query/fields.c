#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "query/fields.h"

void
nw_fields_init(struct nw_fields *fs, struct nw_analyse *an)
{
	*fs = (struct nw_fields){.an = an};
}

void
nw_fields_done(struct nw_fields *fs)
{
	for (uint32_t i = 0; i < NW_FIELDS_N; i++) {
		nw_text_done(&fs->f[i].t);
		free(fs->f[i].stem);
		free(fs->f[i].changed);
	}
	nw_sentence_set_done(&fs->other);
	*fs = (struct nw_fields){0};
}

/* What the article says in a field, if the rules ask for it; 0 if it need not be read. */
static int
content(struct nw_fields *fs, uint32_t field, uint32_t asked, struct nw_str *s)
{
	const struct nw_article *a = fs->article;
	uint32_t revised = a->revision > 1 && (asked & (1u << NW_PROG_NEW | 1u << NW_PROG_REMOVED));

	switch (field) {
	case NW_FIELDS_TITLE:
		*s = a->title;
		return 1;
	case NW_FIELDS_BODY:
		*s = fs->body_field == NW_FIELD_BODY ? a->body : a->summary;
		return 1;
	case NW_FIELDS_AUTHOR:
		*s = a->author;
		return (asked & 1u << NW_PROG_AUTHOR) != 0;
	case NW_FIELDS_URL:
		*s = a->url;
		return (asked & 1u << NW_PROG_URL) != 0;
	case NW_FIELDS_OLD_TITLE:
		*s = a->prev_title;
		return revised;
	default:
		*s = a->prev_body;
		return revised;
	}
}

static int
set_field(struct nw_fields *fs, uint32_t field, struct nw_str s, struct nw_vocab *v, struct nw_vocab_tongue *tongue, int stems)
{
	struct nw_fields_text *f = &fs->f[field];

	if (nw_analyse_text(fs->an, nw_str_or_empty(s), &f->t) == -1)
		return -1;
	if (stems && f->stem_cap < f->t.n) {
		uint32_t *stem = realloc(f->stem, f->t.cap * sizeof(*stem));

		if (stem == NULL)
			return -1;
		f->stem = stem;
		f->stem_cap = f->t.cap;
	}
	f->used = 1;
	return nw_vocab_look(v, tongue, &f->t, stems ? f->stem : NULL);
}

int
nw_fields_set(struct nw_fields *fs, const struct nw_article *a, uint32_t asked, struct nw_vocab *v,
    struct nw_vocab_tongue *tongue, int stems)
{
	fs->article = a;
	fs->lang = nw_str_or_empty(a->lang);
	fs->body_field = a->body.len == 0 && a->summary.len != 0 ? NW_FIELD_SUMMARY : NW_FIELD_BODY;
	fs->failed = 0;
	for (uint32_t i = 0; i < NW_FIELDS_N; i++) {
		struct nw_fields_text *f = &fs->f[i];
		struct nw_str s;

		f->t.n = f->t.nsentence = 0;
		f->used = f->sentences = f->compared = 0;
		if (content(fs, i, asked, &s) && set_field(fs, i, s, v, tongue, stems) == -1)
			return -1;
	}
	return 0;
}

const struct nw_text *
nw_fields_sentences(struct nw_fields *fs, uint32_t field)
{
	struct nw_fields_text *f = &fs->f[field];

	if (!f->sentences) {
		if (nw_analyse_sentences(&f->t, fs->lang) == -1)
			fs->failed = 1;
		f->sentences = 1;
	}
	return &f->t;
}

/* The units are asked for while spans are joined, where nothing may fail: fields are prepared before. */
uint32_t
nw_fields_sentence(const void *fields, uint32_t pos)
{
	const struct nw_fields *fs = fields;
	uint32_t field = pos >> NW_SPAN_FIELD_SHIFT;

	return nw_fields_base(field) | nw_analyse_sentence_of(&fs->f[field].t, pos - nw_fields_base(field));
}

uint32_t
nw_fields_paragraph(const void *fields, uint32_t pos)
{
	const struct nw_fields *fs = fields;
	uint32_t field = pos >> NW_SPAN_FIELD_SHIFT;
	const struct nw_text *t = &fs->f[field].t;

	if (t->nsentence == 0)
		return nw_fields_base(field);
	return nw_fields_base(field) | t->sentence[nw_analyse_sentence_of(t, pos - nw_fields_base(field))].para;
}

/* Mark the sentences of a field that the other revision's title and body do not have. */
static int
compare(struct nw_fields *fs, uint32_t field)
{
	struct nw_fields_text *f = &fs->f[field];
	const struct nw_text *t = nw_fields_sentences(fs, field);
	int old = field >= NW_FIELDS_OLD_TITLE;

	f->compared = 1;
	if (f->changed_cap < t->nsentence) {
		uint8_t *changed = realloc(f->changed, t->nsentence);

		if (changed == NULL)
			return -1;
		f->changed = changed;
		f->changed_cap = t->nsentence;
	}
	nw_sentence_set_clear(&fs->other);
	if (nw_sentence_set_add(
		&fs->other, nw_fields_sentences(fs, old ? NW_FIELDS_TITLE : NW_FIELDS_OLD_TITLE)) == -1 ||
	    nw_sentence_set_add(&fs->other, nw_fields_sentences(fs, old ? NW_FIELDS_BODY : NW_FIELDS_OLD_BODY)) == -1)
		return -1;
	nw_sentence_set_seal(&fs->other);
	for (uint32_t i = 0; i < t->nsentence; i++)
		f->changed[i] = !nw_sentence_set_has(&fs->other, t, i);
	return 0;
}

int
nw_fields_is_changed(struct nw_fields *fs, struct nw_span s)
{
	uint32_t field = nw_span_field(s), base = nw_fields_base(field), from, to;
	struct nw_fields_text *f = &fs->f[field];

	if (fs->article->revision <= 1) /* the whole text is new */
		return field < NW_FIELDS_OLD_TITLE;
	if (!f->compared && compare(fs, field) == -1) {
		fs->failed = 1;
		return 0;
	}
	from = nw_analyse_sentence_of(&f->t, s.from - base);
	to = nw_analyse_sentence_of(&f->t, s.to - base);
	for (uint32_t i = from; i <= to && i < f->t.nsentence; i++)
		if (!f->changed[i])
			return 0;
	return 1;
}

uint32_t
nw_fields_name(const struct nw_fields *fs, uint32_t field)
{
	static const uint8_t names[] = {[NW_FIELDS_TITLE] = NW_FIELD_TITLE, [NW_FIELDS_BODY] = NW_FIELD_BODY,
	    [NW_FIELDS_AUTHOR] = NW_FIELD_AUTHOR, [NW_FIELDS_URL] = NW_FIELD_URL,
	    [NW_FIELDS_OLD_TITLE] = NW_FIELD_REMOVED_TITLE, [NW_FIELDS_OLD_BODY] = NW_FIELD_REMOVED_BODY};

	return field == NW_FIELDS_BODY ? fs->body_field : names[field];
}
