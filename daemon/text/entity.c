#include <string.h>

#include <libxml/HTMLparser.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "text/entity.h"

#define NAME_MAX_LEN 32 /* bytes of a name with its NUL; the longest of HTML 4 has 8 */
#define DIGITS_MAX   10 /* of a number; more are no character */

/* What windows-1252 has at 0x80 to 0x9f; 0 where it has nothing. */
static const uint16_t c1[32] = {
    0x20ac,
    0,
    0x201a,
    0x0192,
    0x201e,
    0x2026,
    0x2020,
    0x2021,
    0x02c6,
    0x2030,
    0x0160,
    0x2039,
    0x0152,
    0,
    0x017d,
    0,
    0,
    0x2018,
    0x2019,
    0x201c,
    0x201d,
    0x2022,
    0x2013,
    0x2014,
    0x02dc,
    0x2122,
    0x0161,
    0x203a,
    0x0153,
    0,
    0x017e,
    0x0178,
};

/* Names HTML 5 added to HTML 4's (which libxml2 knows): ASCII, Latin, Cyrillic, punctuation.  Ascending. */
/* clang-format off */
static const struct name {
	char name[9];
	uint16_t c;
} names[] = {
	{"AMP", 0x26}, {"Abreve", 0x102}, {"Acy", 0x410}, {"Amacr", 0x100}, {"Aogon", 0x104}, {"Bcy", 0x411},
	{"CHcy", 0x427}, {"COPY", 0xa9}, {"Cacute", 0x106}, {"Ccaron", 0x10c}, {"Ccirc", 0x108}, {"Cdot", 0x10a},
	{"Cedilla", 0xb8}, {"DJcy", 0x402}, {"DScy", 0x405}, {"DZcy", 0x40f}, {"Dcaron", 0x10e}, {"Dcy", 0x414},
	{"Dot", 0xa8}, {"Dstrok", 0x110}, {"ENG", 0x14a}, {"Ecaron", 0x11a}, {"Ecy", 0x42d}, {"Edot", 0x116},
	{"Emacr", 0x112}, {"Eogon", 0x118}, {"Fcy", 0x424}, {"GJcy", 0x403}, {"GT", 0x3e}, {"Gbreve", 0x11e},
	{"Gcedil", 0x122}, {"Gcirc", 0x11c}, {"Gcy", 0x413}, {"Gdot", 0x120}, {"HARDcy", 0x42a}, {"Hat", 0x5e},
	{"Hcirc", 0x124}, {"Hstrok", 0x126}, {"IEcy", 0x415}, {"IJlig", 0x132}, {"IOcy", 0x401}, {"Icy", 0x418},
	{"Idot", 0x130}, {"Imacr", 0x12a}, {"Iogon", 0x12e}, {"Itilde", 0x128}, {"Iukcy", 0x406}, {"Jcirc", 0x134},
	{"Jcy", 0x419}, {"Jsercy", 0x408}, {"Jukcy", 0x404}, {"KHcy", 0x425}, {"KJcy", 0x40c}, {"Kcedil", 0x136},
	{"Kcy", 0x41a}, {"LJcy", 0x409}, {"LT", 0x3c}, {"Lacute", 0x139}, {"Lcaron", 0x13d}, {"Lcedil", 0x13b},
	{"Lcy", 0x41b}, {"Lmidot", 0x13f}, {"Lstrok", 0x141}, {"Mcy", 0x41c}, {"NJcy", 0x40a}, {"Nacute", 0x143},
	{"Ncaron", 0x147}, {"Ncedil", 0x145}, {"Ncy", 0x41d}, {"NewLine", 0xa}, {"Ocy", 0x41e}, {"Odblac", 0x150},
	{"Omacr", 0x14c}, {"OverBar", 0x203e}, {"Pcy", 0x41f}, {"QUOT", 0x22}, {"REG", 0xae}, {"Racute", 0x154},
	{"Rcaron", 0x158}, {"Rcedil", 0x156}, {"Rcy", 0x420}, {"SHCHcy", 0x429}, {"SHcy", 0x428}, {"SOFTcy", 0x42c},
	{"Sacute", 0x15a}, {"Scedil", 0x15e}, {"Scirc", 0x15c}, {"Scy", 0x421}, {"TSHcy", 0x40b}, {"TScy", 0x426},
	{"Tab", 0x9}, {"Tcaron", 0x164}, {"Tcedil", 0x162}, {"Tcy", 0x422}, {"Tstrok", 0x166}, {"Ubrcy", 0x40e},
	{"Ubreve", 0x16c}, {"Ucy", 0x423}, {"Udblac", 0x170}, {"Umacr", 0x16a}, {"UnderBar", 0x5f},
	{"Uogon", 0x172}, {"Uring", 0x16e}, {"Utilde", 0x168}, {"Vcy", 0x412}, {"Verbar", 0x2016}, {"Vert", 0x2016},
	{"Wcirc", 0x174}, {"YAcy", 0x42f}, {"YIcy", 0x407}, {"YUcy", 0x42e}, {"Ycirc", 0x176}, {"Ycy", 0x42b},
	{"ZHcy", 0x416}, {"Zacute", 0x179}, {"Zcaron", 0x17d}, {"Zcy", 0x417}, {"Zdot", 0x17b}, {"abreve", 0x103},
	{"acy", 0x430}, {"amacr", 0x101}, {"angst", 0xc5}, {"aogon", 0x105}, {"ast", 0x2a}, {"bcy", 0x431},
	{"bprime", 0x2035}, {"bsol", 0x5c}, {"bullet", 0x2022}, {"cacute", 0x107}, {"caret", 0x2041},
	{"ccaron", 0x10d}, {"ccirc", 0x109}, {"cdot", 0x10b}, {"chcy", 0x447}, {"circledR", 0xae}, {"colon", 0x3a},
	{"comma", 0x2c}, {"commat", 0x40}, {"dash", 0x2010}, {"dcaron", 0x10f}, {"dcy", 0x434}, {"ddagger", 0x2021},
	{"die", 0xa8}, {"div", 0xf7}, {"djcy", 0x452}, {"dollar", 0x24}, {"dscy", 0x455}, {"dstrok", 0x111},
	{"dzcy", 0x45f}, {"ecaron", 0x11b}, {"ecy", 0x44d}, {"edot", 0x117}, {"emacr", 0x113}, {"eng", 0x14b},
	{"eogon", 0x119}, {"equals", 0x3d}, {"excl", 0x21}, {"fcy", 0x444}, {"filig", 0xfb01}, {"fllig", 0xfb02},
	{"gacute", 0x1f5}, {"gbreve", 0x11f}, {"gcirc", 0x11d}, {"gcy", 0x433}, {"gdot", 0x121}, {"gjcy", 0x453},
	{"grave", 0x60}, {"half", 0xbd}, {"hardcy", 0x44a}, {"hcirc", 0x125}, {"horbar", 0x2015}, {"hstrok", 0x127},
	{"hybull", 0x2043}, {"hyphen", 0x2010}, {"icy", 0x438}, {"iecy", 0x435}, {"ijlig", 0x133}, {"imacr", 0x12b},
	{"imath", 0x131}, {"inodot", 0x131}, {"iocy", 0x451}, {"iogon", 0x12f}, {"itilde", 0x129}, {"iukcy", 0x456},
	{"jcirc", 0x135}, {"jcy", 0x439}, {"jsercy", 0x458}, {"jukcy", 0x454}, {"kcedil", 0x137}, {"kcy", 0x43a},
	{"kgreen", 0x138}, {"khcy", 0x445}, {"kjcy", 0x45c}, {"lacute", 0x13a}, {"lbrace", 0x7b}, {"lbrack", 0x5b},
	{"lcaron", 0x13e}, {"lcedil", 0x13c}, {"lcub", 0x7b}, {"lcy", 0x43b}, {"ldquor", 0x201e}, {"ljcy", 0x459},
	{"lmidot", 0x140}, {"lowbar", 0x5f}, {"lpar", 0x28}, {"lsqb", 0x5b}, {"lsquor", 0x201a}, {"lstrok", 0x142},
	{"mcy", 0x43c}, {"midast", 0x2a}, {"mldr", 0x2026}, {"nacute", 0x144}, {"napos", 0x149}, {"ncaron", 0x148},
	{"ncedil", 0x146}, {"ncy", 0x43d}, {"njcy", 0x45a}, {"nldr", 0x2025}, {"num", 0x23}, {"numero", 0x2116},
	{"ocy", 0x43e}, {"odblac", 0x151}, {"omacr", 0x14d}, {"pcy", 0x43f}, {"percnt", 0x25}, {"period", 0x2e},
	{"pertenk", 0x2031}, {"plus", 0x2b}, {"pm", 0xb1}, {"quest", 0x3f}, {"racute", 0x155}, {"rbrace", 0x7d},
	{"rbrack", 0x5d}, {"rcaron", 0x159}, {"rcedil", 0x157}, {"rcub", 0x7d}, {"rcy", 0x440}, {"rdquor", 0x201d},
	{"rpar", 0x29}, {"rsqb", 0x5d}, {"rsquor", 0x2019}, {"sacute", 0x15b}, {"scedil", 0x15f}, {"scirc", 0x15d},
	{"scy", 0x441}, {"semi", 0x3b}, {"shchcy", 0x449}, {"shcy", 0x448}, {"softcy", 0x44c}, {"sol", 0x2f},
	{"strns", 0xaf}, {"tcaron", 0x165}, {"tcedil", 0x163}, {"tcy", 0x442}, {"tprime", 0x2034}, {"tscy", 0x446},
	{"tshcy", 0x45b}, {"tstrok", 0x167}, {"ubrcy", 0x45e}, {"ubreve", 0x16d}, {"ucy", 0x443}, {"udblac", 0x171},
	{"umacr", 0x16b}, {"uogon", 0x173}, {"uring", 0x16f}, {"utilde", 0x169}, {"vcy", 0x432}, {"verbar", 0x7c},
	{"vert", 0x7c}, {"wcirc", 0x175}, {"yacy", 0x44f}, {"ycirc", 0x177}, {"ycy", 0x44b}, {"yicy", 0x457},
	{"yucy", 0x44e}, {"zacute", 0x17a}, {"zcaron", 0x17e}, {"zcy", 0x437}, {"zdot", 0x17c}, {"zhcy", 0x436},
};
/* clang-format on */

uint32_t
nw_entity_mend_c1(uint32_t c)
{
	return c >= 0x80 && c < 0xa0 && c1[c - 0x80] != 0 ? c1[c - 0x80] : c;
}

static int
digit_of(char c, int hex)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (hex && (c | 0x20) >= 'a' && (c | 0x20) <= 'f')
		return (c | 0x20) - 'a' + 10;
	return -1;
}

/* p stands behind "&#". */
static uint32_t
numbered(const char *p, const char *end, const char **stop_r)
{
	int hex = p < end && (*p | 0x20) == 'x', digit, n = 0;
	uint32_t c = 0;

	for (p += hex; p < end && n <= DIGITS_MAX && (digit = digit_of(*p, hex)) >= 0; p++, n++)
		c = c > 0x10ffff ? c : c * (hex ? 16 : 10) + (uint32_t)digit;
	if (n == 0 || n > DIGITS_MAX)
		return 0;
	*stop_r = p < end && *p == ';' ? p + 1 : p;
	if (c == 0 || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		return 0xfffd;
	return nw_entity_mend_c1(c);
}

static uint32_t
look_up(const char *name)
{
	const htmlEntityDesc *known = htmlEntityLookup((const xmlChar *)name);
	size_t lo = 0, hi = sizeof(names) / sizeof(names[0]), mid;
	int order;

	if (known != NULL)
		return known->value;
	while (lo < hi) {
		mid = (lo + hi) / 2;
		order = strcmp(name, names[mid].name);
		if (order == 0)
			return names[mid].c;
		if (order < 0)
			hi = mid;
		else
			lo = mid + 1;
	}
	return 0;
}

static int
alnum(char c)
{
	return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

/* p stands behind "&". */
static uint32_t
named(const char *p, const char *end, const char **stop_r)
{
	char name[NAME_MAX_LEN];
	size_t n = 0;
	uint32_t c;

	while (p + n < end && n + 1 < sizeof(name) && alnum(p[n])) {
		name[n] = p[n];
		n++;
	}
	name[n] = '\0';
	if (n < 2 || (c = look_up(name)) == 0)
		return 0;
	if (p + n < end && p[n] == ';') {
		*stop_r = p + n + 1;
		return c;
	}
	*stop_r = p + n;
	return c < 0x100 && (p + n == end || p[n] != '=') ? c : 0; /* "?a=1&lt=2" is no reference */
}

uint32_t
nw_entity_at(const char *p, const char *end, size_t *len_r)
{
	const char *stop = p;
	uint32_t c = 0;

	if (end - p >= 3)
		c = p[1] == '#' ? numbered(p + 2, end, &stop) : named(p + 1, end, &stop);
	if (c != 0)
		*len_r = (size_t)(stop - p);
	return c;
}

size_t
nw_entity_add(struct nw_buf *b, const char *p, const char *end)
{
	const char *amp;
	size_t len, found = 0;
	uint32_t c;

	while (p < end) {
		amp = memchr(p, '&', (size_t)(end - p));
		if (amp == NULL)
			amp = end;
		nw_buf_add(b, p, (size_t)(amp - p));
		p = amp;
		if (p == end)
			break;
		if ((c = nw_entity_at(p, end, &len)) != 0) {
			nw_utf8_add(b, c);
			p += len;
			found++;
		} else {
			nw_buf_addc(b, *p++);
		}
	}
	return found;
}

/* Whether libxml2 reads the reference [p, p + len) itself. */
static int
libxml2_knows(const char *p, size_t len)
{
	char name[NAME_MAX_LEN];

	if (p[len - 1] != ';' || len - 2 >= sizeof(name))
		return 0;
	if (p[1] == '#')
		return 1;
	memcpy(name, p + 1, len - 2);
	name[len - 2] = '\0';
	return htmlEntityLookup((const xmlChar *)name) != NULL;
}

struct nw_str
nw_entity_extend(struct nw_str html, struct nw_buf *copy)
{
	const char *p = html.p, *end = p + html.len, *from = p;
	size_t len;
	uint32_t c;

	for (; (p = memchr(p, '&', (size_t)(end - p))) != NULL; p++) {
		if ((c = nw_entity_at(p, end, &len)) == 0 || libxml2_knows(p, len))
			continue;
		nw_buf_add(copy, from, (size_t)(p - from));
		if (c < 0x80)
			nw_buf_addf(copy, "&#%u;", (unsigned)c); /* it may mean markup, but is none */
		else
			nw_utf8_add(copy, c);
		from = p + len;
		p = from - 1;
	}
	if (from == html.p)
		return html;
	nw_buf_add(copy, from, (size_t)(end - from));
	return nw_buf_str(copy);
}
