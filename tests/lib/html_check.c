#include <string.h>

#include <libxml/HTMLparser.h>

#include "html_check.h"

#define DEPTH_MAX 4096

static const char elements[] =
    " a abbr acronym address article aside b bdi bdo big blockquote br caption cite code col colgroup dd del "
    "details dfn div dl dt em "
    "figcaption figure footer h1 h2 h3 h4 h5 h6 header hgroup hr i img ins kbd li main mark ol p pre q rb "
    "ruby s samp section small "
    "span strike strong sub summary sup table tbody td tfoot th thead time tr tt u ul var wbr ";
static const char empty_elements[] = " br col hr img wbr ";
static const char attributes[] =
    " alt cite colspan datetime dir height href lang rowspan src start title value width ";

/* Whether " word " stands in the list. */
static int
in(const char *list, const char *word, size_t n)
{
	char key[32];

	if (n == 0 || n + 3 > sizeof(key))
		return 0;
	key[0] = ' ';
	memcpy(key + 1, word, n);
	memcpy(key + n + 1, " ", 2);
	return strstr(list, key) != NULL;
}

static int
is_url(const char *name, size_t n)
{
	return in(" href src cite ", name, n);
}

/* name="value" pairs up to ">"; NULL if they are written in any other way. */
static const char *
check_attributes(const char *p, const char *end, const char **why)
{
	const char *name, *value;
	size_t n;

	while (p < end && *p == ' ') {
		name = ++p;
		while (p < end && *p >= 'a' && *p <= 'z')
			p++;
		n = (size_t)(p - name);
		if (end - p < 2 || p[0] != '=' || p[1] != '"') {
			*why = "an attribute is not quoted";
			return NULL;
		}
		value = p += 2;
		while (p < end && *p != '"' && *p != '<' && *p != '>')
			p++;
		if (p >= end || *p != '"' || !in(attributes, name, n)) {
			*why = "an attribute is not allowed";
			return NULL;
		}
		if (is_url(name, n) && strncmp(value, "http://", 7) != 0 &&
		    strncmp(value, "https://", 8) != 0) {
			*why = "an address is not http";
			return NULL;
		}
		p++;
	}
	if (p < end && *p == '>')
		return p + 1;
	*why = "a tag is malformed";
	return NULL;
}

/* The text as it is written: every tag by the book, every element closed. */
static const char *
check_syntax(struct nw_str html)
{
	static struct nw_str open[DEPTH_MAX];
	const char *p = html.p, *end = p + html.len, *name, *why = NULL;
	size_t depth = 0, n;
	int closing;

	while (p < end) {
		if (*p == '>')
			return "a raw >";
		if (*p++ != '<')
			continue;
		closing = p < end && *p == '/';
		name = p += closing;
		while (p < end && ((*p >= 'a' && *p <= 'z') || (*p >= '0' && *p <= '9')))
			p++;
		n = (size_t)(p - name);
		if (!in(elements, name, n))
			return "an element is not allowed";
		if (closing) {
			if (p >= end || *p++ != '>')
				return "an end tag is malformed";
			if (depth == 0 || open[depth - 1].len != n || memcmp(open[--depth].p, name, n) != 0)
				return "an end tag has no start";
			continue;
		}
		if ((p = check_attributes(p, end, &why)) == NULL)
			return why;
		if (in(empty_elements, name, n))
			continue;
		if (depth == DEPTH_MAX)
			return "too deep";
		open[depth++] = (struct nw_str){name, n};
	}
	return depth == 0 ? NULL : "an element is left open";
}

static const char *
check_node(const xmlNode *n)
{
	if (n->type == XML_TEXT_NODE)
		return NULL;
	if (n->type != XML_ELEMENT_NODE)
		return "the parser sees something that is neither element nor text";
	if (!in(elements, (const char *)n->name, strlen((const char *)n->name)) &&
	    strcmp((const char *)n->name, "html") != 0 && strcmp((const char *)n->name, "body") != 0)
		return "the parser sees an element that is not allowed";
	for (const xmlAttr *a = n->properties; a != NULL; a = a->next)
		if (!in(attributes, (const char *)a->name, strlen((const char *)a->name)))
			return "the parser sees an attribute that is not allowed";
	return NULL;
}

/* What a parser makes of it. */
static const char *
check_tree(struct nw_str html)
{
	htmlDocPtr doc = htmlReadMemory(html.p, (int)html.len, NULL, "UTF-8",
	    HTML_PARSE_NONET | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_NODEFDTD);
	const xmlNode *n = doc != NULL ? xmlDocGetRootElement(doc) : NULL;
	const char *why = NULL;

	while (n != NULL && why == NULL) { /* every node, without recursion */
		why = check_node(n);
		if (n->children != NULL) {
			n = n->children;
			continue;
		}
		while (n != NULL && n->next == NULL)
			n = n->parent != (const xmlNode *)doc ? n->parent : NULL;
		n = n != NULL ? n->next : NULL;
	}
	xmlFreeDoc(doc);
	return why;
}

const char *
html_check(struct nw_str html)
{
	const char *why = check_syntax(html);

	return why != NULL ? why : check_tree(html);
}
