/*
 * schema.h - the steps of the schema, one a file sqlite/NNN-name.sql, made into an array at build time.
 * Floor 3, private to the store.  The version of a database is the number of steps it has taken.
 */
#ifndef NW_STORE_SCHEMA_H
#define NW_STORE_SCHEMA_H

struct nw_schema_step {
	const char *name, *sql; /* NULL ends the array */
};
extern const struct nw_schema_step nw_schema[];
#endif
