#include <unicode/ubrk.h>
#include <unicode/utext.h>

#include "base/utf8.h"
#include "query/cut.h"
#include "query/fold.h"
#include "query/segment.h"

static void
open_iterator(struct nw_analyse *an)
{
	UErrorCode code = U_ZERO_ERROR;

	if (an->segment != NULL || an->no_segment)
		return;
	an->segment = ubrk_open(UBRK_WORD, "th", NULL, 0, &code);
	if (U_FAILURE(code)) {
		an->segment = NULL;
		an->no_segment = 1;
	}
}

int32_t
nw_segment_start(struct nw_analyse *an, const char *p, size_t n)
{
	UErrorCode code = U_ZERO_ERROR;
	UText text = UTEXT_INITIALIZER;

	an->segment_at = 0;
	an->segment_on = 0;
	if (n == 0 || n > INT32_MAX)
		return -1;
	open_iterator(an);
	if (an->segment == NULL)
		return 0;
	utext_openUTF8(&text, p, (int64_t)n, &code);
	ubrk_setUText(an->segment, &text, &code); /* clones the text object, not the bytes */
	utext_close(&text);
	an->segment_on = U_SUCCESS(code) && ubrk_first(an->segment) == 0;
	return 0;
}

int32_t
nw_segment_next(struct nw_analyse *an, size_t n)
{
	int32_t to;

	if (!an->segment_on) { /* without ICU's help the run is one word */
		to = an->segment_at == 0 ? (int32_t)n : -1;
		an->segment_at = 1;
		return to;
	}
	to = ubrk_next(an->segment);
	return to == UBRK_DONE ? -1 : to;
}

int
nw_segment_is_word(const char *p, size_t n)
{
	const char *end = p + n;
	size_t len;

	for (; p < end; p += len) {
		int32_t cp = nw_utf8_next(p, end, &len);
		uint32_t e = cp < 0 ? 0 : nw_fold_entry((uint32_t)cp), to = NW_FOLD_CHAR(e, (uint32_t)cp);

		if ((e & NW_FOLD_LETTER) || (!(e & NW_FOLD_MULTI) && to >= '0' && to <= '9'))
			return 1;
	}
	return 0;
}

void
nw_segment_warm(struct nw_analyse *an)
{
	static const char sample[] = "\xe0\xb8\xa0\xe0\xb8\xb2\xe0\xb8\xa9\xe0\xb8\xb2\xe0\xb9\x84\xe0\xb8\x97\xe0\xb8\xa2";

	(void)nw_segment_start(an, sample, sizeof(sample) - 1);
	while (nw_segment_next(an, sizeof(sample) - 1) >= 0)
		;
}

void
nw_segment_close(struct nw_analyse *an)
{
	if (an->segment != NULL)
		ubrk_close(an->segment);
	an->segment = NULL;
}
