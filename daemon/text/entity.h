/*
 * entity.h - character references: named and numbered, with the mistakes of real pages.
 * Floor 2.
 */
#ifndef NW_TEXT_ENTITY_H
#define NW_TEXT_ENTITY_H

#include <newswatch/plugin.h>

struct nw_buf;

/*
 * nw_entity_at(p, end, len_r):
 * The code point of the reference that begins at p (*p is '&'), 0 if none does.  Numbers 128 to 159 mean
 * windows-1252, as in browsers; surrogates, NUL and numbers past U+10FFFF give U+FFFD.  A missing ";" is forgiven
 * for numbers and for the names of Latin-1.
 */
uint32_t nw_entity_at(const char *p, const char *end, size_t *len_r);
/* Appends [p, end) with its references replaced; what is none stays.  Returns how many there were. */
size_t nw_entity_add(struct nw_buf *, const char *p, const char *end);
/*
 * nw_entity_extend(html, copy):
 * ${html} with the references that libxml2 does not know, or not without ";", replaced; it knows HTML 4's.
 * Returns ${html} itself where there is none, else what stands in ${copy}.
 */
struct nw_str nw_entity_extend(struct nw_str html, struct nw_buf *copy);
/* The character windows-1252 has for a C1 control, else ${c}. */
uint32_t nw_entity_mend_c1(uint32_t c);
#endif
