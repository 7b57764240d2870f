#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "text/flow.h"
#include "text/html_tags.h"

#define CELLS_MAX 8 /* tabs in a row for empty cells */

/* What a byte begins: text, blank, a character that needs a look, or nothing to keep. */
enum { TEXT, BLANK, LOOK, DROP };

#define D8 DROP, DROP, DROP, DROP, DROP, DROP, DROP, DROP

static const uint8_t kinds[256] = {
    D8,
    DROP,
    BLANK,
    BLANK,
    BLANK,
    BLANK,
    BLANK,
    DROP,
    DROP,
    D8,
    D8,
    [' '] = BLANK,
    [0x7f] = DROP,
    [0xc2] = LOOK,
    [0xe1] = LOOK,
    [0xe2] = LOOK,
    [0xe3] = LOOK,
    [0xef] = LOOK,
};

static int
kind_of(char c)
{
	return kinds[(unsigned char)c];
}

/* What a character beyond ASCII is: LINE and PARAGRAPH separators count as blanks of their own. */
static int
kind_of_char(int32_t c)
{
	if (c == 0xa0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200a) || c == 0x202f || c == 0x205f ||
	    c == 0x3000 || c == 0x85 || c == 0x2028 || c == 0x2029)
		return BLANK;
	if (c == 0xad || c == 0x200b || c == 0x2060 || c == 0xfeff || (c >= 0x80 && c < 0xa0))
		return DROP;
	return TEXT;
}

/* Han, kana and their punctuation, which know no blank between words. */
static int
is_cjk(int32_t c)
{
	return (c >= 0x2e80 && c <= 0x31ff && !(c >= 0x3130 && c <= 0x318f)) ||
	       (c >= 0x3400 && c <= 0x9fff) || (c >= 0xf900 && c <= 0xfaff) || (c >= 0xff00 && c <= 0xff9f) ||
	       (c >= 0x20000 && c <= 0x3ffff);
}

void
nw_flow_init(struct nw_flow *f, size_t max_bytes)
{
	*f = (struct nw_flow){.out.max = max_bytes};
}

void
nw_flow_done(struct nw_flow *f)
{
	nw_buf_done(&f->out);
}

static void
widen(struct nw_flow *f, uint32_t gap)
{
	if (f->gap < gap)
		f->gap = gap;
}

static int
joins(const struct nw_flow *f, const char *p, const char *end)
{
	size_t len;

	if (!f->broke_line || f->out.len == 0 || (unsigned char)f->out.p[f->out.len - 1] < 0x80 ||
	    (unsigned char)*p < 0x80)
		return 0;
	return is_cjk(nw_utf8_prev(f->out.p, f->out.p + f->out.len, &len)) &&
	       is_cjk(nw_utf8_next(p, end, &len));
}

/* What waits before the text that begins at p. */
static void
settle(struct nw_flow *f, const char *p, const char *end)
{
	if (f->out.len > 0) {
		if (f->gap == NW_FLOW_PARAGRAPH)
			nw_buf_add(&f->out, "\n\n", 2);
		else if (f->gap == NW_FLOW_LINE)
			nw_buf_addc(&f->out, '\n');
		else if (f->gap == NW_FLOW_CELLS)
			nw_buf_add(&f->out, "\t\t\t\t\t\t\t\t", f->cells);
		else if (f->gap == NW_FLOW_BLANK && !joins(f, p, end))
			nw_buf_addc(&f->out, ' ');
		f->cell_broken |= f->cell_text && f->gap >= NW_FLOW_LINE;
	}
	if (f->marker_n > 0)
		nw_buf_add(&f->out, f->marker, f->marker_n);
	f->gap = NW_FLOW_NOTHING;
	f->cells = f->broke_line = f->marker_n = 0;
	f->cell_text = 1;
}

static void
open_item(struct nw_flow *f)
{
	uint32_t *number =
	    f->nlist > 0 ? &f->number[(f->nlist < NW_FLOW_LISTS ? f->nlist : NW_FLOW_LISTS) - 1] : NULL;

	if (number == NULL || *number == 0)
		f->marker_n = (uint32_t)snprintf(f->marker, sizeof(f->marker), "- ");
	else
		f->marker_n = (uint32_t)snprintf(f->marker, sizeof(f->marker), "%u. ", (*number)++);
}

static void
open_cell(struct nw_flow *f)
{
	if (!f->in_row || f->cell_broken) {
		widen(f, NW_FLOW_PARAGRAPH);
	} else {
		f->gap = NW_FLOW_CELLS;
		if (f->cells < CELLS_MAX)
			f->cells++;
	}
	f->in_row = 1;
	f->cell_text = f->cell_broken = 0;
}

void
nw_flow_open(struct nw_flow *f, uint32_t flags, uint32_t start)
{
	if (flags & NW_TAG_BLOCK && !(f->in_row && f->gap == NW_FLOW_CELLS))
		widen(f, NW_FLOW_PARAGRAPH);
	if (flags & NW_TAG_LINE)
		widen(f, f->gap == NW_FLOW_LINE ? NW_FLOW_PARAGRAPH : NW_FLOW_LINE);
	if (flags & NW_TAG_LIST && f->nlist++ < NW_FLOW_LISTS)
		f->number[f->nlist - 1] = flags & NW_TAG_NUMBERED ? start : 0;
	if (flags & NW_TAG_ITEM)
		open_item(f);
	if (flags & NW_TAG_ROW)
		f->in_row = f->cell_broken = 0;
	if (flags & NW_TAG_CELL)
		open_cell(f);
	if (flags & NW_TAG_PRE)
		f->pre++;
	if (flags & NW_TAG_QUOTE)
		nw_flow_text(f, "\u201c", 3);
}

void
nw_flow_close(struct nw_flow *f, uint32_t flags)
{
	if (flags & NW_TAG_BLOCK)
		widen(f, NW_FLOW_PARAGRAPH);
	if (flags & NW_TAG_LIST && f->nlist > 0)
		f->nlist--;
	if (flags & NW_TAG_ITEM)
		f->marker_n = 0;
	if (flags & NW_TAG_ROW)
		f->in_row = 0;
	if (flags & NW_TAG_PRE && f->pre > 0)
		f->pre--;
	if (flags & NW_TAG_QUOTE) {
		f->gap = f->gap == NW_FLOW_BLANK ? NW_FLOW_NOTHING : f->gap;
		nw_flow_text(f, "\u201d", 3);
	}
}

static void
blank(struct nw_flow *f, char c)
{
	if (f->pre > 0 && c == '\n')
		widen(f, f->gap == NW_FLOW_LINE ? NW_FLOW_PARAGRAPH : NW_FLOW_LINE);
	else if (f->pre > 0 && f->gap == NW_FLOW_NOTHING && c == '\t')
		nw_buf_addc(&f->out, '\t');
	else
		widen(f, NW_FLOW_BLANK);
	f->broke_line |= c == '\n';
}

#define EACH(byte) (0x0101010101010101u * (uint64_t)(byte))

/* How many of eight bytes are words with single blanks between them: 8, 7 if the last is a blank, or 0 for
 * "look". */
static size_t
plain_eight(const char *p)
{
	uint64_t w, blanks;

	memcpy(&w, p, 8);
	if (w & EACH(0x80) || ((w + EACH(0x60)) & EACH(0x80)) != EACH(0x80) || (w + EACH(1)) & EACH(0x80))
		return 0; /* beyond ASCII, a control, DEL */
	blanks = ~((w ^ EACH(' ')) + EACH(0x7f)) & EACH(0x80);
	if (blanks & (blanks << 8))
		return 0;
	return p[7] == ' ' ? 7 : 8;
}

/* The end of the run that can be taken over as it is; single blanks between words belong to it. */
static const char *
run_end(const char *p, const char *end)
{
	int32_t c;
	size_t len;

	while (p < end) {
		while (end - p > 8 && (len = plain_eight(p)) > 0)
			p += len;
		if (kind_of(*p) == TEXT) {
			p++;
		} else if (*p == ' ' && p + 1 < end && kind_of(p[1]) == TEXT) {
			p += 2;
		} else if (kind_of(*p) == LOOK) {
			c = nw_utf8_next(p, end, &len);
			if (c != -1 && kind_of_char(c) != TEXT)
				break;
			p += len;
		} else {
			break;
		}
	}
	return p;
}

/* What of the run still fits, then the buffer refuses the rest. */
static void
put_run(struct nw_flow *f, struct nw_str run)
{
	size_t left = f->out.max - f->out.len;

	if (run.len > left && !f->out.failed)
		nw_buf_add(&f->out, run.p, nw_utf8_cut(run, left));
	nw_buf_add(&f->out, run.p, run.len);
}

void
nw_flow_text(struct nw_flow *f, const char *p, size_t n)
{
	const char *end = p + n, *stop;
	size_t len;
	int32_t c;

	while (p < end) {
		stop = kind_of(*p) == BLANK ? p : run_end(p, end);
		if (stop > p) {
			settle(f, p, end);
			put_run(f, (struct nw_str){p, (size_t)(stop - p)});
			p = stop;
			continue;
		}
		c = nw_utf8_next(p, end, &len);
		if (c < 0x80 ? kind_of(*p) == BLANK : kind_of_char(c) == BLANK)
			blank(f, c == 0x2028 || c == 0x2029 ? '\n' : c < 0x80 ? *p : ' ');
		p += len;
	}
}

void
nw_flow_plain(struct nw_flow *f, const char *p, size_t n)
{
	f->pre++;
	nw_flow_text(f, p, n);
	f->pre--;
}
