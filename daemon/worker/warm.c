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

void
nw_warm(struct nw_worker *w)
{
	(void)setenv("TZ", "UTC", 1); /* else localtime() looks for a file; fails only without memory */
	tzset();
	nw_charset_warm();
	nw_html_warm();
	nw_date_warm();
	nw_lang_warm();
	nw_idna_warm();
	nw_query_warm(w->set);
}
