#include <libxml/parser.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "core/limits.h"
#include "core/url.h"
#include "cli/opml.h"
#include "cli/trial.h"

struct import {
	const struct nw_config *conf;
	struct nw_arena *arena;
	struct nw_str *known; /* canonical addresses, of ${conf} and made here */
	struct nw_str *name;  /* made here */
	uint32_t nknown, n;
	xmlNode *folder; /* whose comment was written last */
	struct nw_buf *yaml;
	nw_opml_left_fn *left;
	void *cookie;
};

/* Entities of the file's own are not read: a short one in many places would grow without bound. */
static int
is_plain(const xmlNode *part)
{
	while (part != NULL && part->type == XML_TEXT_NODE)
		part = part->next;
	return part == NULL;
}

/* An attribute whose name is written in any case, as some programs do; "" if it is not there. */
static struct nw_str
attr(struct import *m, const xmlNode *node, const char *name)
{
	struct nw_str s = NW_STR("");
	xmlChar *v;

	for (const xmlAttr *a = node->properties; a != NULL; a = a->next) {
		if (xmlStrcasecmp(a->name, (const xmlChar *)name) != 0)
			continue;
		if (!is_plain(a->children))
			break;
		if ((v = xmlNodeListGetString(node->doc, a->children, 1)) != NULL)
			s = nw_arena_dup(m->arena, nw_str((const char *)v));
		xmlFree(v);
		break;
	}
	return nw_str_or_empty(s);
}

static int
is_known(struct import *m, struct nw_str url, struct nw_str *canonical_r)
{
	struct nw_err ignored;

	if (nw_url_canonical(m->arena, url, canonical_r, &ignored) == -1)
		return -1;
	for (uint32_t i = 0; i < m->nknown; i++)
		if (nw_str_eq(m->known[i], *canonical_r))
			return 1;
	return 0;
}

static int
is_taken(const struct import *m, struct nw_str name)
{
	for (uint32_t i = 0; i < m->n; i++)
		if (nw_str_eq(m->name[i], name))
			return 1;
	return nw_conf_source_find(m->conf, name) != NULL;
}

/* Of the host; the second of one host gets -2. */
static struct nw_str
make_name(struct import *m, const char *base)
{
	char name[NW_NAME_MAX + 1];

	(void)snprintf(name, sizeof(name), "%s", base);
	for (unsigned k = 2; is_taken(m, nw_str(name)); k++)
		(void)snprintf(name, sizeof(name), "%.*s-%u", NW_NAME_MAX - 8, base, k);
	return nw_arena_dup(m->arena, nw_str(name));
}

static void
add_folder(struct import *m, xmlNode *node)
{
	xmlNode *parent = node->parent;

	if (parent == m->folder)
		return;
	m->folder = parent;
	if (xmlStrcmp(parent->name, (const xmlChar *)"outline") != 0)
		return;
	nw_buf_adds(m->yaml, "  # ");
	nw_trial_quote(m->yaml, attr(m, parent, "text"));
	nw_buf_addc(m->yaml, '\n');
}

static void
add_entry(struct import *m, xmlNode *node, struct nw_str url, struct nw_str title, int page)
{
	struct nw_trial_guess g;
	struct nw_str name, lang = attr(m, node, "language");

	nw_trial_guess(url, &g);
	name = make_name(m, g.name);
	add_folder(m, node);
	nw_buf_addf(m->yaml, "  - name: %s\n    url: ", name.p);
	nw_trial_quote(m->yaml, url);
	nw_buf_addc(m->yaml, '\n');
	if (title.len > 0 && title.len <= 256) {
		nw_buf_adds(m->yaml, "    title: ");
		nw_trial_quote(m->yaml, title);
		nw_buf_addc(m->yaml, '\n');
	}
	nw_buf_adds(m->yaml, page ? "    parser: page\n" : "");
	if (lang.len >= 2 && strspn(lang.p, "abcdefghijklmnopqrstuvwxyz") >= 2)
		nw_buf_addf(m->yaml, "    lang: %.2s\n", lang.p);
	if (nw_str_starts(url, "http:"))
		nw_buf_adds(m->yaml, "    allow_http: true     # anybody on the way can change what it says: try https\n");
	if (name.p != NULL)
		m->name[m->n++] = name;
}

static void
take(struct import *m, xmlNode *node)
{
	struct nw_str url = attr(m, node, "xmlUrl"), title = attr(m, node, "title"), resolved, canonical;
	struct nw_err why;
	int page = url.len == 0, known;

	if (page && nw_str_is(attr(m, node, "type"), "link"))
		url = attr(m, node, "url");
	if (title.len == 0)
		title = attr(m, node, "text");
	if (url.len == 0)
		return; /* a folder, or a note */
	if (m->n >= NW_OPML_SOURCES_MAX)
		m->left(m->cookie, "too many sources", title, url);
	else if (nw_url_resolve(m->arena, url, NW_STR(""), &resolved, &why) == -1 ||
	    (known = is_known(m, resolved, &canonical)) == -1)
		m->left(m->cookie, "no web address", title, url);
	else if (known)
		m->left(m->cookie, "known already", title, url);
	else {
		m->known[m->nknown++] = canonical;
		add_entry(m, node, resolved, title, page);
	}
}

/* Depth first, without recursion. */
static void
walk(struct import *m, xmlNode *root)
{
	xmlNode *node = root;

	while (node != NULL) {
		if (node->type == XML_ELEMENT_NODE && xmlStrcmp(node->name, (const xmlChar *)"outline") == 0)
			take(m, node);
		if (node->children != NULL && node->type == XML_ELEMENT_NODE) {
			node = node->children;
			continue;
		}
		while (node != root && node->next == NULL)
			node = node->parent;
		node = node == root ? NULL : node->next;
	}
}

static int
import(struct import *m, xmlNode *root, struct nw_err *err)
{
	size_t urls = 0;
	struct nw_str canonical;

	for (uint32_t i = 0; i < m->conf->nsource; i++)
		urls += m->conf->source[i]->nurl;
	m->known = nw_arena_array(m->arena, urls + NW_OPML_SOURCES_MAX, sizeof(*m->known));
	m->name = nw_arena_array(m->arena, NW_OPML_SOURCES_MAX, sizeof(*m->name));
	if (m->known == NULL || m->name == NULL)
		return nw_fail(err, NW_ERES, "out of memory");
	for (uint32_t i = 0; i < m->conf->nsource; i++)
		for (uint32_t k = 0; k < m->conf->source[i]->nurl; k++)
			if (is_known(m, m->conf->source[i]->url[k], &canonical) == 0)
				m->known[m->nknown++] = canonical;
	nw_buf_adds(m->yaml, "sources:\n");
	walk(m, root);
	return m->yaml->failed ? nw_fail(err, NW_ERES, "out of memory") : 0;
}

int
nw_opml_import(const struct nw_config *conf, struct nw_bytes xml, struct nw_buf *yaml, uint32_t *n_r, nw_opml_left_fn *left,
    void *cookie, struct nw_err *err)
{
	struct import m = {.conf = conf, .arena = nw_arena_new(0), .yaml = yaml, .left = left, .cookie = cookie};
	xmlDoc *doc = NULL;
	xmlNode *root;
	int rc = -1;

	/* no network, no entities of its own, no larger limits */
	if (xml.len <= NW_OPML_BYTES_MAX)
		doc = xmlReadMemory((const char *)xml.p, (int)xml.len, NULL, NULL,
		    XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_RECOVER);
	root = doc != NULL ? xmlDocGetRootElement(doc) : NULL;
	if (m.arena == NULL)
		nw_fail(err, NW_ERES, "out of memory");
	else if (root == NULL || xmlStrcmp(root->name, (const xmlChar *)"opml") != 0)
		nw_fail(err, NW_EINPUT, "it is no OPML: its root is not <opml>");
	else
		rc = import(&m, root, err);
	xmlFreeDoc(doc);
	nw_arena_free(m.arena);
	*n_r = m.n;
	return rc;
}
