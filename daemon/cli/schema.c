#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "core/conf.h"
#include "cli/schema.h"
#include "cli/show.h"

/* Numbers may be written with a unit, so their range is left to `newswatch check`. */
static json_t *
type_of(const struct nw_option *o)
{
	switch (o->type) {
	case NW_OPT_BOOL:
		return json_pack("{s:s}", "type", "boolean");
	case NW_OPT_INT:
		if (o->min == 0 && o->max == 0)
			return json_pack("{s:s}", "type", "integer");
		return json_pack("{s:s, s:I, s:I}", "type", "integer", "minimum", (json_int_t)o->min, "maximum", (json_int_t)o->max);
	case NW_OPT_SECONDS:
	case NW_OPT_BYTES:
		return json_pack("{s:[s, s]}", "type", "string", "integer");
	case NW_OPT_LIST:
		return json_pack("{s:[s, s, s, s, s]}", "type", "array", "string", "integer", "boolean", "number");
	default:
		return json_pack("{s:[s, s, s]}", "type", "string", "integer", "number");
	}
}

static int
add_choices(json_t *property, const char *choices)
{
	json_t *list = json_array();
	int rc = list != NULL ? 0 : -1;

	for (const char *p = choices; rc == 0 && p != NULL;) {
		size_t n = strcspn(p, "|");

		rc = json_array_append_new(list, json_stringn(p, n));
		p = p[n] == '|' ? p + n + 1 : NULL;
	}
	return rc | nw_show_set(property, "enum", list);
}

static json_t *
property_of(const struct nw_option *o)
{
	json_t *p = o->type == NW_OPT_ENUM ? json_object() : type_of(o);

	if ((o->type == NW_OPT_ENUM && add_choices(p, o->choices) != 0) | nw_show_set(p, "description", json_string(o->help))) {
		json_decref(p);
		return NULL;
	}
	return p;
}

/* The object that holds a dotted name's last part, made where it is not there. */
static json_t *
parent_of(json_t *properties, const char **name)
{
	char part[64];
	const char *dot;
	json_t *object;

	while ((dot = strchr(*name, '.')) != NULL && (size_t)(dot - *name) < sizeof(part)) {
		(void)snprintf(part, sizeof(part), "%.*s", (int)(dot - *name), *name); /* the loop's condition */
		if ((object = json_object_get(properties, part)) == NULL) {
			object = json_pack("{s:s, s:{}, s:b}", "type", "object", "properties", "additionalProperties", 0);
			if (json_object_set_new(properties, part, object) == -1)
				return NULL;
		}
		properties = json_object_get(object, "properties");
		*name = dot + 1;
	}
	return properties;
}

/* ${open}: a plugin's own options may stand there too. */
static json_t *
object_of(const struct nw_option *table, int open)
{
	json_t *o = json_pack("{s:s, s:{}, s:[], s:b}", "type", "object", "properties", "required", "additionalProperties", open);

	for (; o != NULL && table->name != NULL; table++) {
		const char *name = table->name;
		json_t *to = parent_of(json_object_get(o, "properties"), &name);

		if (nw_show_set(to, name, property_of(table)) != 0 ||
		    ((table->flags & NW_OPTF_REQUIRED) != 0 &&
			json_array_append_new(json_object_get(o, "required"), json_string(name)) == -1)) {
			json_decref(o);
			return NULL;
		}
	}
	return o;
}

static int
add_section(json_t *properties, const char *name, const struct nw_option *table, int open)
{
	json_t *section = json_pack("{s:s}", "type", "array");

	return nw_show_set(section, "items", object_of(table, open)) | nw_show_set(properties, name, section);
}

json_t *
nw_schema_json(void)
{
	json_t *o = object_of(nw_conf_daemon_options, 1), *p = json_object_get(o, "properties");

	if (nw_show_set(o, "$schema", json_string("https://json-schema.org/draft/2020-12/schema")) |
	    nw_show_set(o, "title", json_string("newswatchd " NW_VERSION)) |
	    add_section(p, "sources", nw_conf_source_options, 1) | add_section(p, "channels", nw_conf_channel_options, 0) |
	    add_section(p, "topics", nw_conf_entry_options, 1) | add_section(p, "watches", nw_conf_entry_options, 1) |
	    nw_show_set(p, "lists", json_pack("{s:s}", "type", "object")) |
	    nw_show_set(p, "plugins", json_pack("{s:s}", "type", "object"))) {
		json_decref(o);
		return NULL;
	}
	return o;
}
