#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/io.h"
#include "base/str.h"
#include "base/utf8.h"
#include "core/conf_diag.h"
#include "core/limits.h"

#define EXCERPT_BEFORE 100u /* bytes of the source line shown before the place, and after it */

/* The file last shown, so that a list of findings reads it once. */
struct excerpt {
	struct nw_str file;
	struct nw_buf text;
	int ok;
};

static void
count(struct nw_conf_diags *d, uint32_t severity)
{
	if (severity == NW_CONF_ERROR)
		d->nerror++;
	else if (severity == NW_CONF_WARNING)
		d->nwarning++;
	else
		d->nnote++;
}

static int
room(struct nw_conf_diags *d)
{
	struct nw_conf_diag **item;

	if (d->n < d->cap)
		return 0;
	item = realloc(d->item, (d->cap + 32) * sizeof(*item));
	if (item == NULL)
		return -1;
	d->item = item;
	d->cap += 32;
	return 0;
}

/* The last finding that is no error: notes make room for errors, which refuse the configuration.  NULL without one. */
static struct nw_conf_diag *
give_way(struct nw_conf_diags *d)
{
	for (uint32_t i = d->n; i-- > 0;)
		if (d->item[i]->severity != NW_CONF_ERROR)
			return d->item[i];
	return NULL;
}

/* Where a finding goes; NULL without memory. */
static struct nw_conf_diag *
place(struct nw_conf_diags *d)
{
	if (d->n >= NW_CONF_ERRORS_MAX)
		return give_way(d);
	if (room(d) == -1)
		return NULL;
	if ((d->item[d->n] = nw_arena_zalloc(d->arena, sizeof(**d->item))) == NULL)
		return NULL;
	return d->item[d->n++];
}

/* Files come many times; their names are kept once. */
static struct nw_str
keep(struct nw_conf_diags *d, struct nw_str s)
{
	if (d->n > 0 && nw_str_eq(d->item[d->n - 1]->at.file, s))
		return d->item[d->n - 1]->at.file;
	s = nw_arena_dup(d->arena, nw_str_or_empty(s));
	return s.p != NULL ? s : nw_str("");
}

int
nw_conf_diag(struct nw_conf_diags *d, uint32_t severity, const struct nw_conf_place *at, const char *fmt, ...)
{
	struct nw_conf_diag *item, full;
	struct nw_buf b = {0};
	va_list ap;

	if (d == NULL)
		return -1;
	count(d, severity);
	if (d->n >= NW_CONF_ERRORS_MAX && (severity != NW_CONF_ERROR || give_way(d) == NULL))
		return -1;
	if (d->arena == NULL && (d->arena = nw_arena_new(0)) == NULL)
		return -1;
	va_start(ap, fmt);
	nw_buf_addvf(&b, fmt, ap);
	va_end(ap);
	full = (struct nw_conf_diag){*at, severity, keep(d, nw_buf_str(&b))};
	full.at.file = keep(d, at->file);
	full.at.entry = keep(d, at->entry);
	if ((item = place(d)) != NULL)
		*item = full;
	nw_buf_done(&b);
	return -1;
}

void
nw_conf_diags_done(struct nw_conf_diags *d)
{
	nw_arena_free(d->arena);
	free(d->item);
	*d = (struct nw_conf_diags){0};
}

struct order {
	struct nw_conf_diag *item;
	uint32_t file, index; /* in order of first report */
};

static int
compare(const void *x, const void *y)
{
	const struct order *a = x, *b = y;

	if (a->file != b->file)
		return a->file < b->file ? -1 : 1;
	if (a->item->at.line != b->item->at.line)
		return a->item->at.line < b->item->at.line ? -1 : 1;
	if (a->item->at.col != b->item->at.col)
		return a->item->at.col < b->item->at.col ? -1 : 1;
	return a->index < b->index ? -1 : 1;
}

void
nw_conf_diags_sort(struct nw_conf_diags *d)
{
	struct order *o = calloc(d->n + 1, sizeof(*o));
	uint32_t i, j;

	for (i = 0; o != NULL && i < d->n; i++) { /* at most NW_CONF_ERRORS_MAX */
		for (j = 0; !nw_str_eq(d->item[j]->at.file, d->item[i]->at.file); j++)
			;
		o[i] = (struct order){d->item[i], j, i};
	}
	if (o != NULL)
		qsort(o, d->n, sizeof(*o), compare);
	for (i = 0; o != NULL && i < d->n; i++)
		d->item[i] = o[i].item;
	free(o);
}

/* What could move a terminal or hide text: C0, DEL, C1, line separators, bidirectional controls. */
static int
is_unsafe(int32_t cp)
{
	return cp < 0x20 || (cp >= 0x7f && cp <= 0x9f) || cp == 0xfeff || (cp >= 0x200b && cp <= 0x200f) ||
	       (cp >= 0x2028 && cp <= 0x202e) || (cp >= 0x2066 && cp <= 0x2069);
}

/* Columns a terminal gives a character. */
static unsigned
width(int32_t cp)
{
	if ((cp >= 0x300 && cp <= 0x36f) || (cp >= 0xfe00 && cp <= 0xfe0f))
		return 0;
	return (cp >= 0x1100 && cp <= 0x115f) || (cp >= 0x2e80 && cp <= 0xa4cf) ||
		       (cp >= 0xac00 && cp <= 0xd7a3) || (cp >= 0xf900 && cp <= 0xfaff) ||
		       (cp >= 0xfe30 && cp <= 0xfe6f) || (cp >= 0xff00 && cp <= 0xff60) ||
		       (cp >= 0xffe0 && cp <= 0xffe6) || (cp >= 0x1f300 && cp <= 0x1faff) ||
		       (cp >= 0x20000 && cp <= 0x3fffd)
		   ? 2
		   : 1;
}

/* Writes s with what is unsafe replaced by "?" (out may be NULL); returns its columns. */
static unsigned
show(FILE *out, struct nw_str s)
{
	const char *p = s.p, *end = s.p + s.len;
	unsigned columns = 0;
	size_t n;

	for (; p < end; p += n) {
		int32_t cp = nw_utf8_next(p, end, &n);

		if (cp == '\t')
			cp = ' ';
		if (cp == -1 || is_unsafe(cp)) {
			columns++;
			if (out != NULL)
				(void)fputc('?', out);
			continue;
		}
		columns += width(cp);
		if (out != NULL && *p == '\t')
			(void)fputc(' ', out);
		else if (out != NULL)
			(void)fwrite(p, 1, n, out);
	}
	return columns;
}

static struct nw_str
line_of(struct excerpt *x, const struct nw_conf_place *at)
{
	const char *p, *end, *nl;
	uint32_t line = 1;

	if (!nw_str_eq(x->file, at->file) || x->file.p == NULL) {
		nw_buf_reset(&x->text);
		x->file = at->file;
		x->ok = at->file.len > 0 && !nw_str_is(at->file, "-") &&
			nw_io_read_file(at->file.p, NW_CONF_FILE_MAX, &x->text, NULL) == 0;
	}
	if (!x->ok || at->line == 0)
		return (struct nw_str){"", 0};
	p = nw_buf_str(&x->text).p;
	end = p + x->text.len;
	for (; line < at->line && p < end; line++) {
		nl = memchr(p, '\n', (size_t)(end - p));
		p = nl != NULL ? nl + 1 : end;
	}
	nl = memchr(p, '\n', (size_t)(end - p));
	return (struct nw_str){p, (size_t)((nl != NULL ? nl : end) - p)};
}

/* The source line, cut around the place, and the caret under it. */
static void
print_excerpt(FILE *out, struct excerpt *x, const struct nw_conf_place *at)
{
	struct nw_str line = line_of(x, at), before, marked, after;
	size_t col = at->col > 0 ? at->col - 1 : 0, len = at->len > 0 ? at->len : 1, from, to;
	unsigned pad, n;

	if (line.len == 0 || col > line.len)
		return;
	while (col + len < line.len && ((unsigned char)line.p[col + len] & 0xc0) == 0x80)
		len++; /* whole characters */
	if (len > line.len - col)
		len = line.len - col;
	from = col > EXCERPT_BEFORE ? nw_utf8_cut(line, col - EXCERPT_BEFORE) : 0;
	to = line.len - col - len > EXCERPT_BEFORE ? nw_utf8_cut(line, col + len + EXCERPT_BEFORE) : line.len;
	before = (struct nw_str){line.p + from, col - from};
	marked = (struct nw_str){line.p + col, len};
	after = (struct nw_str){line.p + col + len, to - col - len};
	if (after.len > 0 && after.p[after.len - 1] == '\r')
		after.len--;
	(void)fputs("    ", out);
	pad = show(out, before);
	n = show(out, marked);
	(void)show(out, after);
	(void)fprintf(out, "\n    %*s^", (int)pad, "");
	while (n-- > 1)
		(void)fputc('~', out);
	(void)fputc('\n', out);
}

static void
print_one(FILE *out, struct excerpt *x, const struct nw_conf_diag *d)
{
	static const char *const word[] = {"error", "warning", "note"};

	if (d->at.file.len > 0) {
		(void)show(out, d->at.file);
		if (d->at.line > 0)
			(void)fprintf(
			    out, ":%" PRIu32 ":%" PRIu32, d->at.line, d->at.col > 0 ? d->at.col : 1);
		(void)fputs(": ", out);
	}
	(void)fprintf(out, "%s: ", word[d->severity <= NW_CONF_NOTE ? d->severity : 0]);
	if (d->at.entry.len > 0) {
		(void)show(out, d->at.entry);
		(void)fputs(": ", out);
	}
	(void)show(out, d->text);
	(void)fputc('\n', out);
	print_excerpt(out, x, &d->at);
}

void
nw_conf_diag_print(FILE *out, const struct nw_conf_diag *d)
{
	struct excerpt x = {0};

	print_one(out, &x, d);
	nw_buf_done(&x.text);
}

void
nw_conf_diags_print(FILE *out, struct nw_conf_diags *d)
{
	uint32_t all = d->nerror + d->nwarning + d->nnote, i;
	struct excerpt x = {0};

	nw_conf_diags_sort(d);
	for (i = 0; i < d->n; i++)
		print_one(out, &x, d->item[i]);
	nw_buf_done(&x.text);
	if (all > d->n)
		(void)fprintf(out, "and %" PRIu32 " more findings, not shown\n", all - d->n);
}
