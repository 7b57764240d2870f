#include <stdlib.h>
#include <time.h>

#include "query/query.h"
#include "text/charset.h"
#include "text/dates.h"
#include "text/html.h"
#include "text/idna.h"
#include "text/lang.h"
#include "worker/warm.h"
#include "worker/worker.h"

static int
compare(const void *a, const void *b)
{
	return *(const char *)a - *(const char *)b;
}

/* glibc asks for the machine's memory (sysinfo) at the first qsort() of more than a kilobyte. */
static void
warm_qsort(void)
{
	char bytes[2048] = {1};

	qsort(bytes, sizeof(bytes), 1, compare);
}

void
nw_warm(struct nw_worker *w)
{
	(void)setenv("TZ", "UTC", 1); /* else localtime() looks for a file; fails only without memory */
	tzset();
	warm_qsort();
	nw_charset_warm();
	nw_html_warm();
	nw_date_warm();
	nw_lang_warm();
	nw_idna_warm();
	nw_query_warm(w->set);
}
