#include <stdio.h>
#include <string.h>

#include <jansson.h>

#include "page_dom.h"
#include "page_json.h"
#include "page_jsonld.h"
#include "page_plain.h"
#include "page_text.h"

#define BLOCKS_MAX 32	/* JSON-LD scripts of a page */
#define NODES_MAX  2000 /* objects looked at in one */
#define DEPTH_MAX  12	/* graphs in lists in graphs */
#define NAMES_MAX  50	/* authors of one article */
#define DOCS_MAX   4	/* one after the other in one script */

static const char articles[] =
    " Article NewsArticle ReportageNewsArticle AnalysisNewsArticle OpinionNewsArticle "
    "BackgroundNewsArticle ReviewNewsArticle AskPublicNewsArticle BlogPosting LiveBlogPosting "
    "SocialMediaPosting "
    "TechArticle ScholarlyArticle Report SatiricalArticle AdvertiserContentArticle GovernmentArticle "
    "SpecialAnnouncement PressRelease DiscussionForumPosting ";

struct reading {
	struct nw_page *pg;
	struct nw_page_jsonld *out;
	const json_t *doc; /* the whole block: what "@id" refers to stands in it */
	int nodes;
};

static int
type_is(const json_t *v, const char *list)
{
	const char *s = json_string_value(v), *at, *colon;
	size_t len;

	if (s == NULL)
		return 0;
	if ((colon = strrchr(s, '/')) != NULL ||
	    (colon = strrchr(s, ':')) != NULL) /* "http://schema.org/NewsArticle" */
		s = colon + 1;
	len = strlen(s);
	for (at = list; len > 0 && (at = strstr(at, s)) != NULL; at++)
		if (at != list && at[-1] == ' ' && at[len] == ' ')
			return 1;
	return 0;
}

static int
has_type(const json_t *o, const char *list)
{
	const json_t *type = json_object_get(o, "@type");
	size_t i;
	json_t *v;

	if (json_is_array(type)) {
		json_array_foreach((json_t *)type, i, v) if (type_is(v, list)) return 1;
		return 0;
	}
	return type_is(type, list);
}

static struct nw_str
string(struct nw_page *pg, const json_t *v)
{
	if (json_is_array(v))
		v = json_array_get(v, 0);
	if (json_is_object(v))
		v = json_object_get(v, "@value");
	return json_is_string(v)
		   ? nw_page_plain_line(pg, (struct nw_str){json_string_value(v), json_string_length(v)})
		   : (struct nw_str){"", 0};
}

/* A date may be a number of seconds. */
static struct nw_str
date(struct nw_page *pg, const json_t *v)
{
	char digits[24];

	if (!json_is_integer(v))
		return string(pg, v);
	return nw_page_text_dup(
	    pg, digits, (size_t)snprintf(digits, sizeof(digits), "%lld", (long long)json_integer_value(v)));
}

/* The object that has this "@id" and more than that; NULL if none is found in time. */
static const json_t *
find_id(const json_t *v, const char *id, int depth, int *nodes)
{
	const json_t *found = NULL;
	const char *key, *own;
	size_t i;
	json_t *one;

	if (depth > DEPTH_MAX || ++*nodes > NODES_MAX)
		return NULL;
	if (json_is_array(v)) {
		json_array_foreach((json_t *)v, i,
		    one) if ((found = find_id(one, id, depth + 1, nodes)) != NULL) return found;
		return NULL;
	}
	own = json_string_value(json_object_get(v, "@id"));
	if (own != NULL && strcmp(own, id) == 0 && json_object_size(v) > 1)
		return v;
	json_object_foreach(
	    (json_t *)v, key, one) if ((json_is_object(one) || json_is_array(one)) &&
				       (found = find_id(one, id, depth + 1, nodes)) != NULL) return found;
	return NULL;
}

static void
add_string(struct nw_page_buf *b, struct nw_str s)
{
	if (s.len == 0 || s.len > NW_PAGE_TITLE_MAX)
		return;
	if (b->len > 0)
		nw_page_text_adds(b, ", ");
	nw_page_text_add(b, s.p, s.len);
}

/* "givenName" and "familyName", where there is no "name". */
static struct nw_str
two_names(struct nw_page *pg, const json_t *v)
{
	struct nw_page_buf b = {.pg = pg};
	struct nw_str given = string(pg, json_object_get(v, "givenName")),
		      family = string(pg, json_object_get(v, "familyName"));

	nw_page_text_add(&b, given.p, given.len);
	if (given.len > 0 && family.len > 0)
		nw_page_text_adds(&b, " ");
	nw_page_text_add(&b, family.p, family.len);
	return nw_page_text_str(&b);
}

static void
add_name(const struct reading *r, struct nw_page_buf *b, const json_t *v)
{
	const json_t *name = json_object_get(v, "name");
	const char *id = json_string_value(json_object_get(v, "@id"));
	int nodes = 0;
	size_t i;
	json_t *one;

	if (json_is_object(v) && name == NULL && id != NULL && r->doc != NULL &&
	    (v = find_id(r->doc, id, 0, &nodes)) != NULL)
		name = json_object_get(v, "name");
	if (!json_is_object(v))
		add_string(b, string(b->pg, v));
	else if (name == NULL)
		add_string(b, two_names(b->pg, v));
	else if (!json_is_array(name))
		add_string(b, string(b->pg, name));
	else
		json_array_foreach((json_t *)name, i, one) add_string(b, string(b->pg, one));
}

static struct nw_str
names(const struct reading *r, const json_t *v)
{
	struct nw_page_buf b = {.pg = r->pg};
	size_t i;
	json_t *one;

	if (json_is_array(v)) {
		json_array_foreach((json_t *)v, i, one) if (i < NAMES_MAX) add_name(r, &b, one);
	} else {
		add_name(r, &b, v);
	}
	return nw_page_text_str(&b);
}

static void
set(struct nw_str *field, struct nw_str s)
{
	if (field->len == 0)
		*field = s;
}

static void
take_article(struct reading *r, const json_t *o)
{
	struct nw_page_jsonld *out = r->out;
	struct nw_page *pg = r->pg;
	const json_t *body = json_object_get(o, "articleBody");

	out->is_article = 1;
	set(&out->headline, string(pg, json_object_get(o, "headline")));
	set(&out->name, string(pg, json_object_get(o, "name")));
	set(&out->author, names(r, json_object_get(o, "author")));
	set(&out->author, names(r, json_object_get(o, "creator")));
	set(&out->published, date(pg, json_object_get(o, "datePublished")));
	set(&out->published, date(pg, json_object_get(o, "dateCreated")));
	set(&out->modified, date(pg, json_object_get(o, "dateModified")));
	set(&out->lang, string(pg, json_object_get(o, "inLanguage")));
	set(&out->section, string(pg, json_object_get(o, "articleSection")));
	if (json_is_string(body))
		set(&out->body, nw_page_text_dup(pg, json_string_value(body), json_string_length(body)));
}

static void
look(struct reading *r, const json_t *v, int depth)
{
	static const char *const inside[] = {
	    "@graph", "mainEntity", "mainEntityOfPage", "itemListElement", "item", "hasPart"};
	size_t i;
	json_t *one;

	if (depth > DEPTH_MAX || ++r->nodes > NODES_MAX)
		return;
	if (json_is_array(v)) {
		json_array_foreach((json_t *)v, i, one) look(r, one, depth + 1);
		return;
	}
	if (!json_is_object(v))
		return;
	if (has_type(v, articles)) {
		if (!r->out->is_article)
			take_article(r, v);
		return;
	}
	if (has_type(v, " ItemList BreadcrumbList "))
		return;
	if (has_type(v, " WebPage ItemPage AboutPage VideoObject ")) {
		set(&r->out->page_published, date(r->pg, json_object_get(v, "datePublished")));
		set(&r->out->page_published, date(r->pg, json_object_get(v, "uploadDate")));
	}
	for (i = 0; i < sizeof(inside) / sizeof(*inside); i++)
		look(r, json_object_get(v, inside[i]), depth + 1);
}

static struct nw_str
source_of(struct nw_page *pg, const xmlNode *script)
{
	struct nw_page_buf b = {.pg = pg};

	for (const xmlNode *n = script->children; n != NULL; n = n->next)
		if (n->content != NULL)
			nw_page_text_add(&b, (const char *)n->content, strlen((const char *)n->content));
	return nw_page_text_str(&b);
}

/* The string after "key": in a text that is no JSON as a whole. */
static struct nw_str
loose_string(struct nw_page *pg, struct nw_str s, const char *key)
{
	char quoted[64];
	const char *at, *end = s.p + s.len;
	struct reading r = {.pg = pg};
	json_t *v = NULL;
	struct nw_str found = {"", 0};

	snprintf(quoted, sizeof(quoted), "\"%s\"", key);
	if ((at = nw_page_text_ifind(s, quoted)) == NULL)
		return found;
	for (at += strlen(quoted); at < end && (*at == ' ' || *at == ':'); at++)
		;
	if (at < end && (*at == '"' || *at == '{' || *at == '['))
		v = json_loadb(
		    at, (size_t)(end - at), JSON_ALLOW_NUL | JSON_DISABLE_EOF_CHECK | JSON_DECODE_ANY, NULL);
	found = json_is_object(v) || json_is_array(v) ? names(&r, v) : string(pg, v);
	json_decref(v);
	return found;
}

/* A comma too many spoils the whole for a strict reader; the members that matter can still be read one by
 * one. */
static void
take_loose(struct reading *r, struct nw_str s)
{
	struct nw_str type = loose_string(r->pg, s, "@type");
	json_t *v = json_stringn(type.p, type.len);
	int is_article = type_is(v, articles);

	json_decref(v);
	if (!is_article || r->out->is_article)
		return;
	r->out->is_article = 1;
	r->out->headline = loose_string(r->pg, s, "headline");
	r->out->author = loose_string(r->pg, s, "author");
	r->out->published = loose_string(r->pg, s, "datePublished");
	r->out->modified = loose_string(r->pg, s, "dateModified");
}

static void
read_block(struct reading *r, struct nw_str text)
{
	json_error_t where;
	json_t *v;
	size_t brace;

	for (int n = 0; n < DOCS_MAX && text.len > 0; n++) {
		v = json_loadb(text.p, text.len, JSON_ALLOW_NUL | JSON_DISABLE_EOF_CHECK, &where);
		if (v == NULL) {
			take_loose(r, text);
			return;
		}
		r->nodes = 0;
		r->doc = v;
		look(r, v, 0);
		r->doc = NULL;
		json_decref(v);
		brace = (size_t)where.position + strcspn(text.p + where.position, "{[");
		text = (struct nw_str){text.p + brace, text.len - brace};
	}
}

void
nw_page_jsonld_read(struct nw_page *pg, struct nw_page_jsonld *out)
{
	struct reading r = {.pg = pg, .out = out};
	int n = 0;

	*out = (struct nw_page_jsonld){.headline = {"", 0},
	    .name = {"", 0},
	    .author = {"", 0},
	    .published = {"", 0},
	    .page_published = {"", 0},
	    .modified = {"", 0},
	    .body = {"", 0},
	    .lang = {"", 0},
	    .section = {"", 0}};
	for (const xmlNode *x = pg->root; x != NULL && n < BLOCKS_MAX; x = nw_page_dom_next(x, pg->root)) {
		if (!nw_page_dom_is(x, "script") ||
		    nw_page_text_ifind(nw_page_dom_attr(x, "type"), "ld+json") == NULL)
			continue;
		n++;
		read_block(&r, nw_page_json_mend(pg, source_of(pg, x)));
	}
}
