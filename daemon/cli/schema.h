/*
 * schema.h - the configuration as a JSON Schema (draft 2020-12), for editors that complete and check YAML.
 * Floor 4.  Made from the tables that the reader itself goes by; sections and options of plugins are left open.
 */
#ifndef NW_CLI_SCHEMA_H
#define NW_CLI_SCHEMA_H

#include <jansson.h>

json_t *nw_schema_json(void); /* a new reference; NULL without memory */
#endif
