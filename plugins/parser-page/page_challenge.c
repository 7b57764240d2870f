#include "page_challenge.h"
#include "page_text.h"

#define SMALL 60000 /* bytes: walls are small pages; a long one that names such a firm is an article about it */

static const struct {
	const char *mark, *what;
} walls[] = {
    {"cf-browser-verification", "challenge page (Cloudflare)"},
    {"cf_chl_opt", "challenge page (Cloudflare)"},
    {"challenge-platform", "challenge page (Cloudflare)"},
    {"_Incapsula_Resource", "challenge page (Incapsula)"},
    {"TSPD_101", "challenge page (F5)"},
    {"bobcmn", "challenge page (F5)"},
    {"validate.perfdrive.com", "challenge page (Radware)"},
};

const char *
nw_page_challenge_of(struct nw_page *pg)
{
	for (size_t i = 0; pg->html.len < SMALL && i < sizeof(walls) / sizeof(*walls); i++)
		if (nw_page_text_ifind(pg->html, walls[i].mark) != NULL)
			return walls[i].what;
	return NULL;
}
