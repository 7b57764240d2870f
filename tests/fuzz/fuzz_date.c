#include <stdint.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/str.h"
#include "base/utf8.h"
#include "text/dates.h"

/* What is found in any text lies between 1900 and 2200, and a day begins at midnight.  The first byte chooses
 * hints. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const langs[] = {"", "en", "zh-TW", "ja", "fa", "ar", "de", "fi"};
	static const char *const zones[] = {"", "Asia/Shanghai", "America/New_York", "Nowhere/Land"};
	struct nw_date_hint hint = {.now_ms = 1710936000000};
	struct nw_time t = {0};
	struct nw_buf b = {0};
	uint32_t flags = NW_DATE_MACHINE | NW_DATE_VISIBLE;

	if (size > 0) {
		hint.lang = nw_str(langs[*data & 7]);
		hint.timezone = nw_str(zones[*data >> 3 & 3]);
		flags = *data >> 5;
		data++;
		size--;
	}
	nw_utf8_repair(&b, data, size);
	if (nw_date_parse(nw_buf_str(&b), flags, &hint, &t) == 0) {
		if (t.precision < NW_PREC_YEAR || t.precision > NW_PREC_MINUTE || t.origin != NW_ORIGIN_NONE)
			abort();
		if (t.at_ms < -2209075200000 || t.at_ms > 7289740800000 ||
		    (t.precision < NW_PREC_MINUTE && t.at_ms % 86400000 != 0))
			abort();
	}
	nw_buf_done(&b);
	return 0;
}
