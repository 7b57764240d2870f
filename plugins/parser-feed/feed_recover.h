/*
 * feed_recover.h - a broken document written out again, well-formed: the second reading.
 * It is no parser: what it writes goes to libxml2 as the first reading did, and is always well-formed (the fuzz target
 * holds it to that).  What was well-formed is passed on with the same meaning.
 */
#ifndef FEED_RECOVER_H
#define FEED_RECOVER_H

#include <newswatch/plugin.h>

#define FEED_RECOVER_DEPTH 256 /* open elements; tags below are dropped, their text is kept */
#define FEED_RECOVER_ATTRS 128 /* of one tag; the rest is dropped */
#define FEED_RECOVER_NAME  256 /* bytes; a longer name is no tag */

enum feed_repair {
	REPAIR_AMPERSAND,
	REPAIR_LESS_THAN,
	REPAIR_CONTROL,
	REPAIR_ATTRIBUTE,
	REPAIR_UNCLOSED,
	REPAIR_STRAY_END,
	REPAIR_SECTION,
	REPAIR_TRAILING,
	REPAIR_DEEP,
	REPAIR_N
};

struct feed_recover_out {
	void (*text)(void *cookie, const char *, size_t);
	void (*cut)(void *cookie); /* the document ended here; what is written after this only closes elements */
	void *cookie;
};

/*
 * feed_recover_run(text, open, out, repairs):
 * ${open} are the names of the elements open where ${text} begins, each with its NUL; "": it begins at the root's "<".
 * returns 0, -1 without memory; ${repairs} counts each kind of repair.
 */
int feed_recover_run(struct nw_str text, struct nw_str open, const struct feed_recover_out *, uint32_t repairs[REPAIR_N]);
const char *feed_recover_name(enum feed_repair); /* for a note */
#endif
