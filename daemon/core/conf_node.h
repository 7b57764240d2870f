/*
 * conf_node.h - options out of YAML events: scalars, lists and nested mappings as dotted keys.
 * Floor 1, conf_*.c alone.  One event is at hand; what reads a node ends with the next one at hand.  An error that ends
 * the file, and lack of memory, set `stopped`: then nw_conf_node_type() is YAML_NO_EVENT.
 */
#ifndef NW_CORE_CONF_NODE_H
#define NW_CORE_CONF_NODE_H

#include <yaml.h>

#include "base/buf.h"
#include "core/conf_mark.h"
#include "core/conf_raw.h"

#define NW_CONF_NODE_NAMES 256u /* option names kept once, of which a file repeats a few */

struct nw_conf_reader {
	yaml_parser_t parser;
	yaml_event_t event; /* the one to be read next */
	int stopped;	    /* an error that ends the file was reported */
	int no_memory;
	unsigned depth;
	struct nw_conf_marks marks;
	struct nw_arena *arena;
	struct nw_conf_raws *raws;
	struct nw_conf_diags *diags;
	struct nw_buf name;	       /* dotted name being built */
	struct nw_str names[NW_CONF_NODE_NAMES]; /* by hash: option names in the arena */
	Nw__Key **keys;		       /* of the entry being read */
	size_t nkeys, cap;
};

yaml_event_type_t nw_conf_node_type(const struct nw_conf_reader *);
void nw_conf_node_advance(struct nw_conf_reader *);
void nw_conf_node_skip(struct nw_conf_reader *); /* past one node, whatever it holds */
void nw_conf_node_stop(struct nw_conf_reader *);
void nw_conf_node_no_memory(struct nw_conf_reader *);

/* Reports at a mark; returns -1. */
int nw_conf_node_wrong(struct nw_conf_reader *, yaml_mark_t, uint32_t len, const char *text);
/* Anchors and tags of the node at hand: 1 if it was refused; it is still to be read. */
int nw_conf_node_refuse_properties(struct nw_conf_reader *);
void nw_conf_node_refuse_alias(struct nw_conf_reader *);

/* The name in the arena, once a file for those that come often. */
struct nw_str nw_conf_node_intern(struct nw_conf_reader *, struct nw_str name);
/* An option's name at hand is added to r->name: 1; else it and its value are told and skipped: 0. */
int nw_conf_node_name(struct nw_conf_reader *, struct nw_conf_place *at_r);
/* The value of the option that r->name names becomes keys of the entry. */
void nw_conf_node_value(struct nw_conf_reader *, const struct nw_conf_place *at);
/* The rest of a sequence of scalars, whose start is behind us, as one key. */
void nw_conf_node_values(struct nw_conf_reader *, struct nw_str name, const struct nw_conf_place *at);
/* All options up to the end of the mapping, whose start is behind us; the end stays at hand. */
void nw_conf_node_keys(struct nw_conf_reader *);
#endif
