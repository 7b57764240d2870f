/*
 * lang.h - the language of a text.
 * Floor 2.  Declared tags are normalised (BCP 47); detection goes by script, then by frequent short words; a plugin
 * (tagger-language) may know better.  Unknown stays unknown.
 */
#ifndef NW_TEXT_LANG_H
#define NW_TEXT_LANG_H

#include <newswatch/plugin.h>

#define NW_LANG_MAX 24 /* bytes with NUL */

/* "EN_us" -> "en-US", "zh-tw" -> "zh-TW"; 0 or -1 if it is no tag. */
int nw_lang_normalize(struct nw_str, char out[NW_LANG_MAX]);
/* out is "" if unknown; a declared hint is believed unless the script, or a long clear text, contradicts it.
 * limits  the first NW_LANG_TEXT_MAX bytes tell. */
void nw_lang_detect(struct nw_str text, struct nw_str hint, char out[NW_LANG_MAX]);
/* `want` "zh" covers "zh-Hant"; "zh-Hant" only itself.  Unknown ("") is covered by everything. */
int nw_lang_covers(struct nw_str want, struct nw_str have);
void nw_lang_warm(void);
#endif
