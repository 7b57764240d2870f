/*
 * conf_mark.h - where libyaml's marks stand in the file's bytes, and its errors in our words.
 * Floor 1, conf_*.c alone.
 */
#ifndef NW_CORE_CONF_MARK_H
#define NW_CORE_CONF_MARK_H

#include <yaml.h>

#include "core/conf_raw.h"

struct nw_conf_marks {
	const struct nw_conf_file *file;
	uint32_t *start; /* offset of each line */
	uint32_t n;
	uint32_t ascii; /* columns are bytes */
};

/* -1 without memory. */
int nw_conf_marks_init(struct nw_conf_marks *, const struct nw_conf_file *);
void nw_conf_marks_done(struct nw_conf_marks *);

/* A line without its end, 0-based; "" past the last. */
struct nw_str nw_conf_marks_line(const struct nw_conf_marks *, size_t line);
/* 1-based line and byte column. */
struct nw_conf_place nw_conf_marks_place(const struct nw_conf_marks *, yaml_mark_t);
/* Where the text of a block scalar begins, whose indicator stands at the mark: its first line and its indentation. */
struct nw_conf_place nw_conf_marks_block(const struct nw_conf_marks *, yaml_mark_t, struct nw_str text, int literal);
/*
 * nw_conf_marks_folds(marks, event, text, fold):
 * Where the lines of a scalar of several lines, whose breaks YAML folds away, stand: for each line with text the offset
 * of its first byte in ${text}, its line and its column, both from 1.  Not for double quotes, whose escapes it does not
 * read.
 * limits  ${fold} has room for three numbers a line of the event.
 * returns how many numbers.
 */
size_t nw_conf_marks_folds(const struct nw_conf_marks *, const yaml_event_t *, struct nw_str text, uint32_t *fold);

/*
 * What libyaml reads but an editor counts otherwise, or what it would read in another encoding: lone carriage returns,
 * NEL and the Unicode line separators, UTF-16.  1 if something was reported.
 */
int nw_conf_marks_refuse(const struct nw_conf_marks *, struct nw_conf_diags *);
/* The parser's error, with the remedy where a query was written as a plain or quoted scalar. */
void nw_conf_marks_error(const struct nw_conf_marks *, const yaml_parser_t *, struct nw_conf_diags *);
#endif
