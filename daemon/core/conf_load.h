/*
 * conf_load.h - from files to the model: what the parts of the loader share.
 * Floor 1, conf_*.c alone.
 */
#ifndef NW_CORE_CONF_LOAD_H
#define NW_CORE_CONF_LOAD_H

#include "core/conf_files.h"

/* An option of the daemon that names channels, until these are known. */
struct nw_conf_naming {
	const struct nw_value *value;
	struct nw_conf_place at;
};

/* One load, as its parts see it. */
struct nw_conf_loading {
	struct nw_config *c;
	struct nw_conf_raws raws;
	struct nw_conf_diags *diags;
	struct nw_arena *scratch; /* reset after each entry */
	struct nw_conf_naming operator_notify, delivery_notify;
	uint32_t flags;
	int64_t now_ms;
	int no_memory;
};

/* Takes ${files} in every case. */
int nw_conf_load_files(struct nw_conf_files *, uint32_t flags, struct nw_config **config_r, struct nw_conf_diags *,
    struct nw_err *);

/* Each types the raw entries of its kind into the model; findings go to the diags, lack of memory to no_memory. */
void nw_conf_daemon_load(struct nw_conf_loading *);
void nw_conf_lists_load(struct nw_conf_loading *);
void nw_conf_channels_load(struct nw_conf_loading *);
void nw_conf_sources_load(struct nw_conf_loading *);
void nw_conf_entries_load(struct nw_conf_loading *);
/* Once all are known: a warning where the operator is told by the server that alerts use. */
void nw_conf_operator_check(struct nw_conf_loading *);

/* "watch treaty-news", for messages; "watch" while the entry has no name.  In the raw arena, never NULL. */
struct nw_str nw_conf_load_label(struct nw_conf_loading *, const char *kind, const struct nw_conf_raw *);
/* There is no such channel; did you mean ... */
void nw_conf_load_no_channel(struct nw_conf_loading *, const struct nw_conf_place *, struct nw_str name);
#endif
