#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/io.h"
#include "base/str.h"
#include "scenario.h"

struct reader {
	const char *path;
	char *at;
	int number;
};

static _Noreturn void
wrong(const struct reader *r, const char *what)
{
	fprintf(stderr, "%s:%d: %s\n", r->path, r->number, what);
	exit(2);
}

static char *
next_line(struct reader *r)
{
	char *line = r->at, *end;

	if (*line == '\0')
		return NULL;
	r->number++;
	end = line + strcspn(line, "\n");
	r->at = *end != '\0' ? end + 1 : end;
	*end = '\0';
	return line;
}

/* Words parted by blanks; "..." holds blanks. */
static void
split(struct reader *r, char *s, struct scenario_line *l)
{
	while (*(s += strspn(s, " \t")) != '\0') {
		int quoted = *s == '"';

		if (l->n == SCENARIO_WORDS)
			wrong(r, "too many words");
		s += quoted;
		l->word[l->n++] = s;
		s += strcspn(s, quoted ? "\"" : " \t");
		if (quoted && *s == '\0')
			wrong(r, "a quote is not closed");
		if (*s != '\0')
			*s++ = '\0';
	}
}

/* The lines up to ${end}, closed up to one text in place. */
static char *
here_document(struct reader *r, const char *end)
{
	char *text = r->at, *line;

	for (;;) {
		char *start = r->at;

		if ((line = next_line(r)) == NULL)
			wrong(r, "a document does not end");
		if (strcmp(line, end) == 0) {
			*start = '\0';
			return text;
		}
		line[strlen(line)] = '\n';
	}
}

static void
add_line(struct reader *r, struct scenario *s, char *text)
{
	struct scenario_line *l;
	const char *last;

	s->line = realloc(s->line, (s->n + 1) * sizeof(*s->line));
	l = &s->line[s->n++];
	memset(l, 0, sizeof(*l));
	l->number = r->number;
	split(r, text, l);
	last = l->word[l->n - 1];
	if (strncmp(last, "<<", 2) == 0) {
		l->n--;
		l->text = here_document(r, last + 2);
	}
}

void
scenario_read(const char *path, struct scenario *s)
{
	struct reader r = {.path = path};
	struct nw_buf b = {0};
	struct nw_err err;
	char *line;

	memset(s, 0, sizeof(*s));
	if (nw_io_read_file(path, 1u << 20, &b, &err) == -1) {
		fprintf(stderr, "%s\n", err.msg);
		exit(2);
	}
	s->data = r.at = nw_buf_take(&b, NULL);
	if ((line = next_line(&r)) == NULL || line[0] != '#')
		wrong(&r, "a scenario begins with '# its story'");
	s->title = line + 1 + strspn(line + 1, " ");
	while ((line = next_line(&r)) != NULL) {
		line += strspn(line, " \t");
		if (*line != '\0' && *line != '#')
			add_line(&r, s, line);
	}
}

void
scenario_done(struct scenario *s)
{
	free(s->data);
	free(s->line);
}
