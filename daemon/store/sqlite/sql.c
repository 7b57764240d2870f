#include "store/sqlite/sql.h"

#define NW_SQL(name, text) text,
const char *const nw_sql_text[NW_SQL_N] = {
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
};
