#include <string.h>
#include <strings.h>

#include "page_text.h"
#include "page_tidy.h"

static const char end_frame[] = "</iframe>";

struct tidy {
	const char *p, *end; /* what is still to be read */
	char *to;	     /* where it goes; never ahead of p */
	int cut;	     /* an attribute was left out */
	unsigned endless;    /* of the dropped elements: no end of it lies ahead */
};

static int
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

static int
is_alpha(char c)
{
	return (c | 32) >= 'a' && (c | 32) <= 'z';
}

static void
keep(struct tidy *t, const char *from, const char *until)
{
	memmove(t->to, from, (size_t)(until - from)); /* what is left out makes room: `to` stays behind */
	t->to += until - from;
}

/* Past `-->`; a comment without end reaches to the end of the document, as in browsers. */
static const char *
comment_end(const char *p, const char *end)
{
	for (; p < end; p++) {
		if ((p = memchr(p, '-', (size_t)(end - p))) == NULL)
			return end;
		if (end - p >= 3 && p[1] == '-' && p[2] == '>')
			return p + 3;
		if (end - p >= 4 && memcmp(p, "--!>", 4) == 0)
			return p + 4;
	}
	return end;
}

/* Past `</name>`; NULL if it never comes. */
static const char *
raw_end(const char *p, const char *end, const char *name, size_t len)
{
	for (; (p = memchr(p, '<', (size_t)(end - p))) != NULL; p++) {
		if ((size_t)(end - p) < len + 3)
			return NULL;
		if (p[1] == '/' && strncasecmp(p + 2, name, len) == 0 && !is_alpha(p[2 + len])) {
			p = memchr(p, '>', (size_t)(end - p));
			return p != NULL ? p + 1 : end;
		}
	}
	return NULL;
}

/* One attribute from a non-blank; returns where it ends. */
static const char *
attribute_end(const char *p, const char *end)
{
	const char *close;

	if (*p == '=') /* a name may begin with it */
		p++;
	while (p < end && !is_space(*p) && *p != '=' && *p != '>' && *p != '/')
		p++;
	while (p < end && is_space(*p))
		p++;
	if (p == end || *p != '=')
		return p;
	p++;
	while (p < end && is_space(*p))
		p++;
	if (p < end && (*p == '"' || *p == '\'') &&
	    (close = memchr(p + 1, *p, (size_t)(end - p - 1))) != NULL)
		return close + 1;
	while (p < end && !is_space(*p) && *p != '>')
		p++;
	return p;
}

/* A tag after its name, up to and with '>'. */
static void
attributes(struct tidy *t)
{
	const char *from;
	unsigned n = 0;

	while (t->p < t->end && *t->p != '>') {
		from = t->p;
		if (is_space(*t->p) || *t->p == '/') {
			t->p++;
			keep(t, from, t->p);
			continue;
		}
		t->p = attribute_end(t->p, t->end);
		if (++n <= NW_PAGE_ATTRS_MAX && t->p - from <= NW_PAGE_VALUE_MAX)
			keep(t, from, t->p);
		else
			t->cut = 1;
	}
	if (t->p < t->end) {
		keep(t, t->p, t->p + 1);
		t->p++;
	}
}

static int
holds(const char *from, const char *until, const char *word)
{
	return nw_page_text_ifind((struct nw_str){from, (size_t)(until - from)}, word) != NULL;
}

/* Elements whose content is raw text or no text at all, and is dropped with them. */
enum dropped { SCRIPT, STYLE, SVG, IFRAME, NOEMBED, OBJECT, KEPT };

static enum dropped
dropped_of(const char *name, size_t len)
{
	static const char *const list[] = {"script", "style", "svg", "iframe", "noembed", "object"};

	for (size_t i = 0; i < sizeof(list) / sizeof(*list); i++)
		if (strlen(list[i]) == len && strncasecmp(name, list[i], len) == 0)
			return (enum dropped)i;
	return KEPT;
}

/* Past the end of a dropped element; NULL if it never comes, which is looked for once. */
static const char *
past_dropped(struct tidy *t, enum dropped what, const char *name, size_t len)
{
	const char *past = (t->endless & 1u << what) != 0 ? NULL : raw_end(t->p, t->end, name, len);

	if (past == NULL)
		t->endless |= 1u << what;
	return past == NULL && what == SCRIPT ? t->end : past;
}

/* At "<" and a letter. */
static void
start_tag(struct tidy *t)
{
	const char *name = t->p + 1, *tag = t->p, *past;
	enum dropped what;
	char *to = t->to;
	size_t len = 0;

	while (name + len < t->end && (is_alpha(name[len]) || (name[len] >= '0' && name[len] <= '9')))
		len++;
	keep(t, t->p, name + len);
	t->p = name + len;
	attributes(t);
	what = dropped_of(name, len);
	if (what == KEPT || (what == SVG && t->p - tag >= 2 && t->p[-2] == '/') || /* <svg/> is whole */
	    (past = past_dropped(t, what, name, len)) == NULL)
		return;
	if (what == SCRIPT && holds(tag, t->p, "ld+json") && past - t->p <= (ptrdiff_t)NW_PAGE_JSON_MAX)
		keep(t, t->p, past);
	else if (what == IFRAME)
		keep(t, end_frame,
		    end_frame + sizeof(end_frame) - 1); /* its address may be where the text is */
	else
		t->to = to;
	t->p = past;
}

struct nw_str
nw_page_tidy(struct nw_page *pg, struct nw_str html)
{
	char *copy = nw_page_alloc(pg, html.len + 1);
	struct tidy t = {.p = html.p, .end = html.p + html.len, .to = copy};
	const char *lt;

	if (copy == NULL)
		return (struct nw_str){"", 0};
	while (t.p < t.end) {
		lt = memchr(t.p, '<', (size_t)(t.end - t.p));
		keep(&t, t.p, lt != NULL ? lt : t.end);
		if (lt == NULL)
			break;
		t.p = lt;
		if (t.end - lt >= 4 && memcmp(lt, "<!--", 4) == 0) {
			if (t.end - lt >= 5 && lt[4] == '>') /* these two are whole comments to browsers */
				t.p = lt + 5;
			else if (t.end - lt >= 6 && memcmp(lt + 4, "->", 2) == 0)
				t.p = lt + 6;
			else
				t.p = comment_end(lt + 4, t.end);
		} else if (t.end - lt >= 2 && is_alpha(lt[1])) {
			start_tag(&t);
		} else {
			keep(&t, lt, lt + 1);
			t.p++;
		}
	}
	*t.to = '\0';
	if (t.cut)
		pg->host->note(pg->out, "attributes past the bound were left out");
	return (struct nw_str){copy, (size_t)(t.to - copy)};
}
