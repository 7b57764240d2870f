/*
 * conf_yaml.h - a file's YAML events as raw entries: nested mappings become dotted names, everything stays text.
 * Floor 1, conf_*.c alone.  Anchors, aliases, tags and second documents are refused.
 */
#ifndef NW_CORE_CONF_YAML_H
#define NW_CORE_CONF_YAML_H

#include "core/conf_raw.h"

/*
 * nw_conf_yaml_read(file, arena, raws, diags):
 * Append the file's entries to ${raws}; what is no YAML is reported, entries before it are kept.
 * owns    text is copied into ${arena}.
 * limits  NW_CONF_DEPTH_MAX.
 * errors  -1 without memory only.
 */
int nw_conf_yaml_read(const struct nw_conf_file *, struct nw_arena *, struct nw_conf_raws *, struct nw_conf_diags *);
#endif
