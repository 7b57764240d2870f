#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "page_dom.h"
#include "page_fragment.h"
#include "page_options.h"
#include "page_text.h"
#include "page_tidy.h"

#define NAME_BYTES 128 /* of one member's name */

static const json_t *
step(const json_t *v, const char *name)
{
	return json_is_array(v) ? json_array_get(v, strtoul(name, NULL, 10)) : json_object_get(v, name);
}

static const json_t *
follow(const json_t *v, const char *path)
{
	char name[NAME_BYTES];
	size_t len;

	while (v != NULL && *path != '\0') {
		len = strcspn(path, ".");
		if (len >= sizeof(name))
			return NULL;
		memcpy(name, path, len);
		name[len] = '\0';
		v = step(v, name);
		path += len + (path[len] == '.');
	}
	return v;
}

int
nw_page_fragment_open(struct nw_page *pg)
{
	const char *path = pg->source->json;
	struct nw_str charset, text;
	const json_t *found;
	json_error_t why;
	json_t *root;
	int rc = pg->host->decode(pg->out, pg->doc, 'j', &text, &charset);

	if (rc != NW_OK)
		return rc;
	if ((root = json_loadb(text.p, text.len, JSON_ALLOW_NUL, &why)) == NULL)
		return pg->host->fail(pg->out, NW_EINPUT, "no JSON at line %d: %s", why.line, why.text);
	found = follow(root, path);
	if (json_is_string(found))
		pg->html = nw_page_text_dup(pg, json_string_value(found), json_string_length(found));
	json_decref(root);
	if (pg->html.len == 0)
		return pg->host->fail(pg->out, NW_EINPUT,
		    "the answer has no text at '%s' (listing.json): layout changed?", path);
	return nw_page_dom_build(pg, nw_page_tidy(pg, pg->html));
}
