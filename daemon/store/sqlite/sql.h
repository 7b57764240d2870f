/*
 * sql.h - every statement of the store, by name: NW_SQL_CLAIM is the text beside CLAIM in one of the sql_*.def files.
 * Floor 3, private to store/sqlite.  Plain SQL; arguments are ?1, ?2, ... in the order they are given.
 */
#ifndef NW_STORE_SQL_H
#define NW_STORE_SQL_H

#define NW_SQL(name, text) NW_SQL_##name,
enum nw_sql {
#include "store/sqlite/sql_base.def"
#include "store/sqlite/sql_config.def"
#include "store/sqlite/sql_target.def"
#include "store/sqlite/sql_commit.def"
#include "store/sqlite/sql_alert.def"
#include "store/sqlite/sql_outbox.def"
#include "store/sqlite/sql_tell.def"
#include "store/sqlite/sql_read.def"
#include "store/sqlite/sql_admin.def"
#include "store/sqlite/sql_statement.def"
	NW_SQL_N
};
#undef NW_SQL

extern const char *const nw_sql_text[NW_SQL_N];
#endif
