#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "core/url.h"
#include "cli/trial.h"

/* Top-level domains, their ISO codes, and the zone of their capitals. */
static const struct {
	const char *domain, *country, *zone;
} places[] = {
    {"ae", "AE", "Asia/Dubai"},
    {"am", "AM", "Asia/Yerevan"},
    {"ar", "AR", "America/Argentina/Buenos_Aires"},
    {"at", "AT", "Europe/Vienna"},
    {"au", "AU", "Australia/Sydney"},
    {"az", "AZ", "Asia/Baku"},
    {"ba", "BA", "Europe/Sarajevo"},
    {"be", "BE", "Europe/Brussels"},
    {"bg", "BG", "Europe/Sofia"},
    {"br", "BR", "America/Sao_Paulo"},
    {"by", "BY", "Europe/Minsk"},
    {"ca", "CA", "America/Toronto"},
    {"ch", "CH", "Europe/Zurich"},
    {"cl", "CL", "America/Santiago"},
    {"cn", "CN", "Asia/Shanghai"},
    {"co", "CO", "America/Bogota"},
    {"cu", "CU", "America/Havana"},
    {"cy", "CY", "Asia/Nicosia"},
    {"cz", "CZ", "Europe/Prague"},
    {"de", "DE", "Europe/Berlin"},
    {"dk", "DK", "Europe/Copenhagen"},
    {"dz", "DZ", "Africa/Algiers"},
    {"ee", "EE", "Europe/Tallinn"},
    {"eg", "EG", "Africa/Cairo"},
    {"es", "ES", "Europe/Madrid"},
    {"et", "ET", "Africa/Addis_Ababa"},
    {"eu", "", "Europe/Brussels"},
    {"fi", "FI", "Europe/Helsinki"},
    {"fr", "FR", "Europe/Paris"},
    {"ge", "GE", "Asia/Tbilisi"},
    {"gov", "US", "America/New_York"},
    {"gr", "GR", "Europe/Athens"},
    {"hk", "HK", "Asia/Hong_Kong"},
    {"hr", "HR", "Europe/Zagreb"},
    {"hu", "HU", "Europe/Budapest"},
    {"id", "ID", "Asia/Jakarta"},
    {"ie", "IE", "Europe/Dublin"},
    {"il", "IL", "Asia/Jerusalem"},
    {"in", "IN", "Asia/Kolkata"},
    {"iq", "IQ", "Asia/Baghdad"},
    {"ir", "IR", "Asia/Tehran"},
    {"is", "IS", "Atlantic/Reykjavik"},
    {"it", "IT", "Europe/Rome"},
    {"jo", "JO", "Asia/Amman"},
    {"jp", "JP", "Asia/Tokyo"},
    {"ke", "KE", "Africa/Nairobi"},
    {"kg", "KG", "Asia/Bishkek"},
    {"kp", "KP", "Asia/Pyongyang"},
    {"kr", "KR", "Asia/Seoul"},
    {"kz", "KZ", "Asia/Almaty"},
    {"lb", "LB", "Asia/Beirut"},
    {"lt", "LT", "Europe/Vilnius"},
    {"lu", "LU", "Europe/Luxembourg"},
    {"lv", "LV", "Europe/Riga"},
    {"ma", "MA", "Africa/Casablanca"},
    {"md", "MD", "Europe/Chisinau"},
    {"me", "ME", "Europe/Podgorica"},
    {"mil", "US", "America/New_York"},
    {"mk", "MK", "Europe/Skopje"},
    {"mm", "MM", "Asia/Yangon"},
    {"mn", "MN", "Asia/Ulaanbaatar"},
    {"mo", "MO", "Asia/Macau"},
    {"mx", "MX", "America/Mexico_City"},
    {"my", "MY", "Asia/Kuala_Lumpur"},
    {"ng", "NG", "Africa/Lagos"},
    {"nl", "NL", "Europe/Amsterdam"},
    {"no", "NO", "Europe/Oslo"},
    {"np", "NP", "Asia/Kathmandu"},
    {"nz", "NZ", "Pacific/Auckland"},
    {"ph", "PH", "Asia/Manila"},
    {"pk", "PK", "Asia/Karachi"},
    {"pl", "PL", "Europe/Warsaw"},
    {"pt", "PT", "Europe/Lisbon"},
    {"qa", "QA", "Asia/Qatar"},
    {"ro", "RO", "Europe/Bucharest"},
    {"rs", "RS", "Europe/Belgrade"},
    {"ru", "RU", "Europe/Moscow"},
    {"sa", "SA", "Asia/Riyadh"},
    {"se", "SE", "Europe/Stockholm"},
    {"sg", "SG", "Asia/Singapore"},
    {"si", "SI", "Europe/Ljubljana"},
    {"sk", "SK", "Europe/Bratislava"},
    {"sy", "SY", "Asia/Damascus"},
    {"th", "TH", "Asia/Bangkok"},
    {"tj", "TJ", "Asia/Dushanbe"},
    {"tm", "TM", "Asia/Ashgabat"},
    {"tr", "TR", "Europe/Istanbul"},
    {"tw", "TW", "Asia/Taipei"},
    {"ua", "UA", "Europe/Kyiv"},
    {"uk", "GB", "Europe/London"},
    {"us", "US", "America/New_York"},
    {"uz", "UZ", "Asia/Tashkent"},
    {"ve", "VE", "America/Caracas"},
    {"vn", "VN", "Asia/Ho_Chi_Minh"},
    {"za", "ZA", "Africa/Johannesburg"},
};

/* "www.mfa.gov.cn" and "/eng/xw/" make "mfa-gov-cn". */
static void
make_name(struct nw_str host, char name[65])
{
	size_t n = 0;

	if (nw_str_starts(host, "www."))
		host = (struct nw_str){host.p + 4, host.len - 4};
	for (size_t i = 0; i < host.len && n < 64; i++) {
		int c = tolower((unsigned char)host.p[i]);

		if (isalnum(c))
			name[n++] = (char)c;
		else if (n > 0 && name[n - 1] != '-')
			name[n++] = '-';
	}
	while (n > 0 && name[n - 1] == '-')
		n--;
	name[n] = '\0';
	if (n == 0)
		memcpy(name, "source", sizeof("source"));
}

void
nw_trial_guess(struct nw_str url, struct nw_trial_guess *g)
{
	struct nw_url u;
	const char *dot;
	size_t len;

	*g = (struct nw_trial_guess){.name = "source", .country = "", .zone = "", .zone_from = ""};
	if (nw_url_parse(url, &u, NULL) == -1)
		return;
	make_name(u.host, g->name);
	if ((dot = memrchr(u.host.p, '.', u.host.len)) == NULL)
		return;
	len = u.host.len - (size_t)(dot + 1 - u.host.p);
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		if (strlen(places[i].domain) == len && strncmp(places[i].domain, dot + 1, len) == 0) {
			g->country = places[i].country;
			g->zone = places[i].zone;
			g->zone_from = places[i].domain;
		}
}
