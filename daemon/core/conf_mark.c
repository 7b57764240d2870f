#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/utf8.h"
#include "core/conf_mark.h"

#define HINT_LINES 20 /* how far above an error the query it broke is looked for */

int
nw_conf_marks_init(struct nw_conf_marks *m, const struct nw_conf_file *file)
{
	const char *p = file->text.p, *end = p + file->text.len, *nl;
	uint32_t n = 1, i = 0;
	size_t k;

	for (nl = p; (nl = memchr(nl, '\n', (size_t)(end - nl))) != NULL; nl++)
		n++;
	*m = (struct nw_conf_marks){.file = file, .n = n, .ascii = 1};
	m->start = malloc(n * sizeof(*m->start));
	if (m->start == NULL)
		return -1;
	m->start[i++] = file->text.len >= 3 && memcmp(p, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
	for (nl = p; (nl = memchr(nl, '\n', (size_t)(end - nl))) != NULL; nl++)
		m->start[i++] = (uint32_t)(nl + 1 - p);
	for (k = m->start[0]; k < file->text.len && m->ascii; k++)
		m->ascii = (unsigned char)p[k] < 0x80;
	return 0;
}

void
nw_conf_marks_done(struct nw_conf_marks *m)
{
	free(m->start);
	m->start = NULL;
}

struct nw_str
nw_conf_marks_line(const struct nw_conf_marks *m, size_t line)
{
	size_t from, to;

	if (line >= m->n)
		return (struct nw_str){"", 0};
	from = m->start[line];
	to = line + 1 < m->n ? m->start[line + 1] - 1 : m->file->text.len;
	if (to > from && m->file->text.p[to - 1] == '\r')
		to--;
	return (struct nw_str){m->file->text.p + from, to - from};
}

struct nw_conf_place
nw_conf_marks_place(const struct nw_conf_marks *m, yaml_mark_t mark)
{
	struct nw_conf_place at = {.file = m->file->path, .entry = {"", 0}, .line = (uint32_t)mark.line + 1};
	struct nw_str line = nw_conf_marks_line(m, mark.line);
	const char *p = line.p, *end = line.p + line.len;
	size_t i, n;

	if (m->ascii) {
		at.col = (uint32_t)mark.column + 1;
		return at;
	}
	for (i = 0; i < mark.column && p < end; i++, p += n)
		(void)nw_utf8_next(p, end, &n);
	at.col = (uint32_t)(p - line.p) + 1;
	return at;
}

struct nw_conf_place
nw_conf_marks_block(const struct nw_conf_marks *m, yaml_mark_t mark, struct nw_str text, int literal)
{
	struct nw_conf_place at = {
	    .file = m->file->path, .entry = {"", 0}, .line = (uint32_t)mark.line + 2, .col = 1};
	size_t line = mark.line + 1, blank = 0, i;
	struct nw_str raw;

	while (blank < text.len && text.p[blank] == '\n') /* blank lines on top belong to the text */
		blank++;
	raw = nw_conf_marks_line(m, line + blank);
	if (literal) {
		const char *nl = memchr(text.p + blank, '\n', text.len - blank);
		size_t len = nl != NULL ? (size_t)(nl - text.p) - blank : text.len - blank;

		at.col = raw.len >= len ? (uint32_t)(raw.len - len) + 1 : 1;
		return at;
	}
	for (i = 0; i < raw.len && raw.p[i] == ' '; i++)
		;
	at.col = (uint32_t)i + 1;
	return at;
}

static int
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n';
}

size_t
nw_conf_marks_folds(const struct nw_conf_marks *m, const yaml_event_t *e, struct nw_str text, uint32_t *fold)
{
	yaml_scalar_style_t style = e->data.scalar.style;
	int single = style == YAML_SINGLE_QUOTED_SCALAR_STYLE;
	size_t first = e->start_mark.line, line = first + (style == YAML_FOLDED_SCALAR_STYLE), pos = 0, n = 0;

	for (; line <= e->end_mark.line && pos < text.len; line++) {
		struct nw_str raw = nw_conf_marks_line(m, line);
		const char *p = raw.p, *end = raw.p + raw.len;

		if (line == first)
			p += nw_conf_marks_place(m, e->start_mark).col - 1 + (uint32_t)single;
		while (p < end && is_blank(*p))
			p++;
		while (end > p && is_blank(end[-1]))
			end--;
		while (pos < text.len && is_blank(text.p[pos]))
			pos++;
		if (p >= end)
			continue;
		fold[n++] = (uint32_t)pos;
		fold[n++] = (uint32_t)line + 1;
		fold[n++] = (uint32_t)(p - raw.p) + 1;
		for (; p < end && pos < text.len; p += single && *p == '\'' ? 2 : 1)
			pos++;
	}
	return n;
}

static int
refuse_at(const struct nw_conf_marks *m, const char *p, const char *what, struct nw_conf_diags *diags)
{
	size_t offset = (size_t)(p - m->file->text.p), lo = 0, hi = m->n;
	struct nw_conf_place at = {.file = m->file->path, .entry = {"", 0}};

	while (hi - lo > 1) {
		size_t mid = (lo + hi) / 2;

		if (m->start[mid] <= offset)
			lo = mid;
		else
			hi = mid;
	}
	at.line = (uint32_t)lo + 1;
	at.col = (uint32_t)(offset >= m->start[lo] ? offset - m->start[lo] : 0) + 1;
	nw_conf_diag(diags, NW_CONF_ERROR, &at, "%s", what);
	return 1;
}

int
nw_conf_marks_refuse(const struct nw_conf_marks *m, struct nw_conf_diags *diags)
{
	static const char *const separator[] = {"\xc2\x85", "\xe2\x80\xa8", "\xe2\x80\xa9"};
	struct nw_str t = m->file->text;
	const char *p = t.p, *end = t.p + t.len;
	size_t i;

	if (t.len >= 2 && (memcmp(p, "\xff\xfe", 2) == 0 || memcmp(p, "\xfe\xff", 2) == 0))
		return refuse_at(m, p, "the file is UTF-16; save it as UTF-8", diags);
	for (; (p = memchr(p, '\r', (size_t)(end - p))) != NULL; p++) {
		if (p + 1 == end || p[1] != '\n')
			return refuse_at(m, p,
			    "a carriage return without line feed; save the file with Unix line ends", diags);
	}
	for (i = 0; i < 3 && !m->ascii; i++) {
		p = memmem(t.p, t.len, separator[i], strlen(separator[i]));
		if (p != NULL)
			return refuse_at(
			    m, p, "an invisible Unicode line separator stands here; remove it", diags);
	}
	return 0;
}

/* The query option that begins on a line, if its text does too (so that YAML had to read it); NULL else. */
static const char *
query_on_line(struct nw_str line)
{
	static const char *const option[] = {"match", "news", "stance", "score"};
	size_t i = 0, k, n;

	while (i < line.len && (line.p[i] == ' ' || line.p[i] == '-' || line.p[i] == '{'))
		i++;
	for (k = 0; k < 4; k++) {
		n = strlen(option[k]);
		if (line.len - i <= n || memcmp(line.p + i, option[k], n) != 0 || line.p[i + n] != ':')
			continue;
		for (i += n + 1; i < line.len && line.p[i] == ' '; i++)
			;
		return i < line.len && line.p[i] != '|' && line.p[i] != '>' ? option[k] : NULL;
	}
	return NULL;
}

static const char *
broken_query(const struct nw_conf_marks *m, size_t line)
{
	size_t i;

	for (i = 0; i < HINT_LINES && i <= line; i++) {
		const char *option = query_on_line(nw_conf_marks_line(m, line - i));

		if (option != NULL)
			return option;
	}
	return NULL;
}

/* libyaml's sentence, or ours where it says little to somebody who writes watches. */
static const char *
words_for(const char *problem, struct nw_str line, size_t col)
{
	if (strstr(problem, "cannot start any token") != NULL && col < line.len && line.p[col] == '\t')
		return "a tab stands where blanks indent";
	if (strstr(problem, "cannot start any token") != NULL)
		return "no plain value begins with this character; put the value in single quotes";
	if (strstr(problem, "mapping values are not allowed") != NULL)
		return "': ' may not stand inside a plain value, or this line is indented wrongly";
	if (strstr(problem, "expected key") != NULL || strstr(problem, "<block end>") != NULL ||
	    strstr(problem, "'-' indicator") != NULL)
		return "this does not continue what stands above: look at the indentation, a missing '- ' or "
		       "text behind a quote";
	if (strstr(problem, "could not find expected ':'") != NULL)
		return "a ':' and a blank are missing behind the option's name";
	return problem;
}

static void
reader_error(const struct nw_conf_marks *m, const yaml_parser_t *p, struct nw_conf_diags *diags)
{
	size_t offset = p->problem_offset < m->file->text.len ? p->problem_offset : m->file->text.len;
	int control = strstr(p->problem, "control") != NULL;

	refuse_at(m, m->file->text.p + offset,
	    control ? "a control byte stands here; remove it" : "this is not UTF-8; save the file as UTF-8",
	    diags);
}

void
nw_conf_marks_error(const struct nw_conf_marks *m, const yaml_parser_t *p, struct nw_conf_diags *diags)
{
	int open = p->context != NULL && strstr(p->context, "quoted scalar") != NULL && p->problem != NULL &&
		   strstr(p->problem, "end of stream") != NULL;
	yaml_mark_t mark = open ? p->context_mark : p->problem_mark;
	struct nw_conf_place at;
	const char *query, *words;

	if (p->error == YAML_READER_ERROR && p->problem != NULL) {
		reader_error(m, p, diags);
		return;
	}
	at = nw_conf_marks_place(m, mark);
	words = open ? "the quote that opens here is never closed"
		     : words_for(p->problem != NULL ? p->problem : "not YAML",
			   nw_conf_marks_line(m, mark.line), at.col - 1);
	query = broken_query(m, mark.line);
	if (query != NULL)
		nw_conf_diag(diags, NW_CONF_ERROR, &at,
		    "%s; write '%s: |' and the text indented on the next line", words, query);
	else
		nw_conf_diag(diags, NW_CONF_ERROR, &at, "%s", words);
}
