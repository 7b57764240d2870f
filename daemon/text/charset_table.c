#include <string.h>

#include "text/charset_table.h"

#define COUNT(a)  (sizeof(a) / sizeof((a)[0]))
#define IN(table) .in = (table), .nin = COUNT(table)
#define OUT(table) .out = (table), .nout = COUNT(table)
#define LABEL_MAX 32 /* bytes; the longest label has 19 */

enum {
	UTF_8, IBM866, ISO_8859_2, ISO_8859_3, ISO_8859_4, ISO_8859_5, ISO_8859_6, ISO_8859_7, ISO_8859_8,
	ISO_8859_8_I, ISO_8859_10, ISO_8859_13, ISO_8859_14, ISO_8859_15, ISO_8859_16, KOI8_R, KOI8_U,
	MACINTOSH, WINDOWS_874, WINDOWS_1250, WINDOWS_1251, WINDOWS_1252, WINDOWS_1253, WINDOWS_1254,
	WINDOWS_1255, WINDOWS_1256, WINDOWS_1257, WINDOWS_1258, X_MAC_CYRILLIC, GBK, GB18030, BIG5,
	EUC_JP, ISO_2022_JP, SHIFT_JIS, EUC_KR, REPLACEMENT, UTF_16BE, UTF_16LE, X_USER_DEFINED,
};

/* What ICU refuses and browsers read, and what ICU reads otherwise (the index tables of the standard). */
static const struct nw_charset_fix gb18030_in[] = {{0x80, 0x20ac, 0}};
static const struct nw_charset_fix gb18030_out[] = {
	{0xe5e5, 0x3000, 0}, {0xe78d, 0xfe10, 0}, {0xe78e, 0xfe12, 0}, {0xe78f, 0xfe11, 0},
	{0xe790, 0xfe13, 0}, {0xe791, 0xfe14, 0}, {0xe792, 0xfe15, 0}, {0xe793, 0xfe16, 0},
	{0xe794, 0xfe17, 0}, {0xe795, 0xfe18, 0}, {0xe796, 0xfe19, 0}, {0xe81e, 0x9fb4, 0},
	{0xe826, 0x9fb5, 0}, {0xe82b, 0x9fb6, 0}, {0xe82c, 0x9fb7, 0}, {0xe832, 0x9fb8, 0},
	{0xe843, 0x9fb9, 0}, {0xe854, 0x9fba, 0}, {0xe864, 0x9fbb, 0},
};
static const struct nw_charset_fix koi8_u_out[] = {{0x255d, 0x45e, 0}, {0x256c, 0x40e, 0}};
static const struct nw_charset_fix shift_jis_in[] = {{0x80, 0x80, 0}};
static const struct nw_charset_fix windows_1253_out[] = {{0xaa, 0xfffd, 0}};
static const struct nw_charset_fix windows_1255_in[] = {{0xca, 0x5ba, 0}};
static const struct nw_charset_fix big5_out[] = {
	{0xf303, 0x31c0, 0}, {0xf304, 0x31c1, 0}, {0xf305, 0x31c2, 0}, {0xf306, 0x31c3, 0},
	{0xf307, 0x31c4, 0}, {0xf309, 0x31c5, 0}, {0xf30c, 0x31c6, 0}, {0xf30d, 0x31c7, 0},
	{0xf310, 0x31c8, 0}, {0xf312, 0x31c9, 0}, {0xf313, 0x31ca, 0}, {0xf314, 0x31cb, 0},
	{0xf315, 0x31cc, 0}, {0xf317, 0x31cd, 0}, {0xf318, 0x31ce, 0}, {0xf325, 0xca, 0x304},
	{0xf327, 0xca, 0x30c}, {0xf344, 0xea, 0x304}, {0xf346, 0xea, 0x30c}, {0xf34a, 0x23da, 0},
	{0xf34b, 0x23db, 0}, {0xf57a, 0x9fa6, 0}, {0xf5a4, 0x9fa7, 0}, {0xf5ab, 0x9fa8, 0},
	{0xf5cc, 0x9fa9, 0}, {0xf5ce, 0x9faa, 0}, {0xf5d0, 0x9fab, 0}, {0xf5d5, 0x9fac, 0},
	{0xf5ec, 0x9fad, 0}, {0xf5ed, 0x9fae, 0}, {0xf5ef, 0x9faf, 0}, {0xf602, 0x9fb2, 0},
	{0xf61c, 0x9fb3, 0}, {0xf7e5, 0x31cf, 0}, {0xf7eb, 0x9fb0, 0}, {0xf7ed, 0x9fb1, 0},
};
static const struct nw_charset_fix big5_in[] = {
	{0x87a4, 0x9f97, 0}, {0x87ac, 0x9f96, 0}, {0x8e69, 0x7bb8, 0}, {0x8e6f, 0x7c06, 0},
	{0x8e7e, 0x7cce, 0}, {0x8eab, 0x7dd2, 0}, {0x8eb4, 0x7e1d, 0}, {0x8ecd, 0x8005, 0},
	{0x8ed0, 0x8028, 0}, {0x8f57, 0x83c1, 0}, {0x8f69, 0x84a8, 0}, {0x8f6e, 0x840f, 0},
	{0x8fcb, 0x89a6, 0}, {0x8fcc, 0x89a9, 0}, {0x8ffe, 0x8d77, 0}, {0x906d, 0x90fd, 0},
	{0x907a, 0x92b9, 0}, {0x90dc, 0x975c, 0}, {0x90f1, 0x97ff, 0}, {0x91bf, 0x9f16, 0},
	{0x9244, 0x8503, 0}, {0x92af, 0x5159, 0}, {0x92b0, 0x515b, 0}, {0x92b1, 0x515d, 0},
	{0x92b2, 0x515e, 0}, {0x92c8, 0x936e, 0}, {0x92d1, 0x7479, 0}, {0x9447, 0x6d67, 0},
	{0x94ca, 0x799b, 0}, {0x95d9, 0x9097, 0}, {0x9644, 0x975d, 0}, {0x96ed, 0x701e, 0},
	{0x96fc, 0x5b28, 0}, {0x9b76, 0x7201, 0}, {0x9b78, 0x77d7, 0}, {0x9b7b, 0x7e87, 0},
	{0x9bc6, 0x99d6, 0}, {0x9bde, 0x91d4, 0}, {0x9bec, 0x60de, 0}, {0x9bf6, 0x6fb6, 0},
	{0x9c42, 0x8f36, 0}, {0x9c53, 0x4fbb, 0}, {0x9c62, 0x71df, 0}, {0x9c68, 0x9104, 0},
	{0x9c6b, 0x9df0, 0}, {0x9c77, 0x83cf, 0}, {0x9cbc, 0x5c10, 0}, {0x9cbd, 0x79e3, 0},
	{0x9cd0, 0x5a67, 0}, {0x9d57, 0x8f0b, 0}, {0x9d5a, 0x7b51, 0}, {0x9dc4, 0x62d0, 0},
	{0x9ea9, 0x6062, 0}, {0x9eef, 0x75f9, 0}, {0x9efd, 0x6c4a, 0}, {0x9f60, 0x9b2e, 0},
	{0x9f66, 0x9f17, 0}, {0x9fcb, 0x50ed, 0}, {0x9fd8, 0x5f0c, 0}, {0xa063, 0x880f, 0},
	{0xa077, 0x62ce, 0}, {0xa0d5, 0x7468, 0}, {0xa0df, 0x7162, 0}, {0xa0e4, 0x7250, 0},
	{0xa3c0, 0x2400, 0}, {0xa3c1, 0x2401, 0}, {0xa3c2, 0x2402, 0}, {0xa3c3, 0x2403, 0},
	{0xa3c4, 0x2404, 0}, {0xa3c5, 0x2405, 0}, {0xa3c6, 0x2406, 0}, {0xa3c7, 0x2407, 0},
	{0xa3c8, 0x2408, 0}, {0xa3c9, 0x2409, 0}, {0xa3ca, 0x240a, 0}, {0xa3cb, 0x240b, 0},
	{0xa3cc, 0x240c, 0}, {0xa3cd, 0x240d, 0}, {0xa3ce, 0x240e, 0}, {0xa3cf, 0x240f, 0},
	{0xa3d0, 0x2410, 0}, {0xa3d1, 0x2411, 0}, {0xa3d2, 0x2412, 0}, {0xa3d3, 0x2413, 0},
	{0xa3d4, 0x2414, 0}, {0xa3d5, 0x2415, 0}, {0xa3d6, 0x2416, 0}, {0xa3d7, 0x2417, 0},
	{0xa3d8, 0x2418, 0}, {0xa3d9, 0x2419, 0}, {0xa3da, 0x241a, 0}, {0xa3db, 0x241b, 0},
	{0xa3dc, 0x241c, 0}, {0xa3dd, 0x241d, 0}, {0xa3de, 0x241e, 0}, {0xa3df, 0x241f, 0},
	{0xa3e0, 0x2421, 0}, {0xc6cf, 0x5ef4, 0}, {0xc6d3, 0x65e0, 0}, {0xc6d5, 0x7676, 0},
	{0xc6d7, 0x96b6, 0}, {0xc6de, 0x3003, 0}, {0xc6df, 0x4edd, 0}, {0xfa5f, 0x5029, 0},
	{0xfa66, 0x507d, 0}, {0xfabd, 0x5305, 0}, {0xfac5, 0x5344, 0}, {0xfad5, 0x537f, 0},
	{0xfb48, 0x5605, 0}, {0xfbb8, 0x5a77, 0}, {0xfbf3, 0x5e75, 0}, {0xfbf9, 0x5ed0, 0},
	{0xfc4f, 0x5f58, 0}, {0xfc6c, 0x60a4, 0}, {0xfcb9, 0x6490, 0}, {0xfce2, 0x6674, 0},
	{0xfcf1, 0x675e, 0}, {0xfdb7, 0x6c9c, 0}, {0xfdb8, 0x6e1d, 0}, {0xfdbb, 0x6e2f, 0},
	{0xfdf1, 0x716e, 0}, {0xfe52, 0x732a, 0}, {0xfe6f, 0x745c, 0}, {0xfeaa, 0x74e9, 0},
	{0xfedd, 0x7809, 0},
};

const uint16_t nw_charset_table_latin10[96] = {
	0x00a0, 0x0104, 0x0105, 0x0141, 0x20ac, 0x201e, 0x0160, 0x00a7, 0x0161, 0x00a9, 0x0218, 0x00ab,
	0x0179, 0x00ad, 0x017a, 0x017b, 0x00b0, 0x00b1, 0x010c, 0x0142, 0x017d, 0x201d, 0x00b6, 0x00b7,
	0x017e, 0x010d, 0x0219, 0x00bb, 0x0152, 0x0153, 0x0178, 0x017c, 0x00c0, 0x00c1, 0x00c2, 0x0102,
	0x00c4, 0x0106, 0x00c6, 0x00c7, 0x00c8, 0x00c9, 0x00ca, 0x00cb, 0x00cc, 0x00cd, 0x00ce, 0x00cf,
	0x0110, 0x0143, 0x00d2, 0x00d3, 0x00d4, 0x0150, 0x00d6, 0x015a, 0x0170, 0x00d9, 0x00da, 0x00db,
	0x00dc, 0x0118, 0x021a, 0x00df, 0x00e0, 0x00e1, 0x00e2, 0x0103, 0x00e4, 0x0107, 0x00e6, 0x00e7,
	0x00e8, 0x00e9, 0x00ea, 0x00eb, 0x00ec, 0x00ed, 0x00ee, 0x00ef, 0x0111, 0x0144, 0x00f2, 0x00f3,
	0x00f4, 0x0151, 0x00f6, 0x015b, 0x0171, 0x00f9, 0x00fa, 0x00fb, 0x00fc, 0x0119, 0x021b, 0x00ff,
};

static const struct nw_charset_enc encodings[] = {
	[UTF_8] = {.name = "utf-8", .kind = NW_CHARSET_UTF8},
	[IBM866] = {.name = "ibm866", .icu = "ibm-866_P100-1995", .kind = NW_CHARSET_SINGLE},
	[ISO_8859_2] = {.name = "iso-8859-2", .icu = "iso-8859-2", .kind = NW_CHARSET_SINGLE},
	[ISO_8859_3] = {.name = "iso-8859-3", .icu = "iso-8859-3", .kind = NW_CHARSET_SINGLE},
	[ISO_8859_4] = {.name = "iso-8859-4", .icu = "iso-8859-4", .kind = NW_CHARSET_SINGLE},
	[ISO_8859_5] = {.name = "iso-8859-5", .icu = "iso-8859-5", .kind = NW_CHARSET_SINGLE},
	[ISO_8859_6] = {.name = "iso-8859-6", .icu = "iso-8859-6", .kind = NW_CHARSET_SINGLE},
	[ISO_8859_7] = {.name = "iso-8859-7", .icu = "iso-8859-7", .kind = NW_CHARSET_SINGLE},
	[ISO_8859_8] = {.name = "iso-8859-8", .icu = "iso-8859-8", .kind = NW_CHARSET_SINGLE},
	[ISO_8859_8_I] = {.name = "iso-8859-8-i", .icu = "iso-8859-8", .kind = NW_CHARSET_SINGLE},
	[ISO_8859_10] = {.name = "iso-8859-10", .icu = "iso-8859-10", .kind = NW_CHARSET_SINGLE},
	[ISO_8859_13] = {.name = "iso-8859-13", .icu = "iso-8859-13", .kind = NW_CHARSET_SINGLE},
	[ISO_8859_14] = {.name = "iso-8859-14", .icu = "iso-8859-14", .kind = NW_CHARSET_SINGLE},
	[ISO_8859_15] = {.name = "iso-8859-15", .icu = "iso-8859-15", .kind = NW_CHARSET_SINGLE},
	[ISO_8859_16] = {.name = "iso-8859-16", .kind = NW_CHARSET_LATIN10},
	[KOI8_R] = {.name = "koi8-r", .icu = "KOI8-R", .kind = NW_CHARSET_SINGLE},
	[KOI8_U] = {.name = "koi8-u", .icu = "KOI8-U", .kind = NW_CHARSET_SINGLE, OUT(koi8_u_out)},
	[MACINTOSH] = {.name = "macintosh", .icu = "macintosh", .kind = NW_CHARSET_SINGLE, .private_ok = 1},
	[WINDOWS_874] = {.name = "windows-874", .icu = "windows-874-2000", .kind = NW_CHARSET_SINGLE},
	[WINDOWS_1250] = {.name = "windows-1250", .icu = "windows-1250", .kind = NW_CHARSET_SINGLE},
	[WINDOWS_1251] = {.name = "windows-1251", .icu = "windows-1251", .kind = NW_CHARSET_SINGLE},
	[WINDOWS_1252] = {.name = "windows-1252", .icu = "ibm-5348_P100-1997", .kind = NW_CHARSET_SINGLE},
	[WINDOWS_1253] = {.name = "windows-1253", .icu = "windows-1253", .kind = NW_CHARSET_SINGLE, OUT(windows_1253_out)},
	[WINDOWS_1254] = {.name = "windows-1254", .icu = "windows-1254", .kind = NW_CHARSET_SINGLE},
	[WINDOWS_1255] = {.name = "windows-1255", .icu = "windows-1255", .kind = NW_CHARSET_SINGLE, IN(windows_1255_in)},
	[WINDOWS_1256] = {.name = "windows-1256", .icu = "windows-1256", .kind = NW_CHARSET_SINGLE},
	[WINDOWS_1257] = {.name = "windows-1257", .icu = "windows-1257", .kind = NW_CHARSET_SINGLE},
	[WINDOWS_1258] = {.name = "windows-1258", .icu = "windows-1258", .kind = NW_CHARSET_SINGLE},
	[X_MAC_CYRILLIC] = {.name = "x-mac-cyrillic", .icu = "x-mac-cyrillic", .kind = NW_CHARSET_SINGLE},
	[GBK] = {.name = "gbk", .icu = "gb18030", .kind = NW_CHARSET_MULTI, .private_ok = 1, IN(gb18030_in), OUT(gb18030_out)},
	[GB18030] = {.name = "gb18030", .icu = "gb18030", .kind = NW_CHARSET_MULTI, .private_ok = 1, IN(gb18030_in), OUT(gb18030_out)},
	[BIG5] = {.name = "big5", .icu = "Big5-HKSCS", .kind = NW_CHARSET_MULTI, IN(big5_in), OUT(big5_out)},
	[EUC_JP] = {.name = "euc-jp", .icu = "euc-jp-2007", .kind = NW_CHARSET_MULTI},
	[ISO_2022_JP] = {.name = "iso-2022-jp", .icu = "ISO-2022-JP", .kind = NW_CHARSET_MULTI},
	[SHIFT_JIS] = {.name = "shift_jis", .icu = "ibm-943_P15A-2003", .kind = NW_CHARSET_MULTI, .private_ok = 1, IN(shift_jis_in)},
	[EUC_KR] = {.name = "euc-kr", .icu = "windows-949-2000", .kind = NW_CHARSET_MULTI},
	[REPLACEMENT] = {.name = "replacement", .kind = NW_CHARSET_REFUSED},
	[UTF_16BE] = {.name = "utf-16be", .icu = "UTF-16BE", .kind = NW_CHARSET_UTF16, .private_ok = 1},
	[UTF_16LE] = {.name = "utf-16le", .icu = "UTF-16LE", .kind = NW_CHARSET_UTF16, .private_ok = 1},
	[X_USER_DEFINED] = {.name = "x-user-defined", .kind = NW_CHARSET_USER_DEFINED},
};

/* Ascending, for the binary search. */
static const struct label {
	char label[20];
	uint8_t encoding;
} labels[] = {
	{"866", IBM866}, {"ansi_x3.4-1968", WINDOWS_1252}, {"arabic", ISO_8859_6}, {"ascii", WINDOWS_1252},
	{"asmo-708", ISO_8859_6}, {"big5", BIG5}, {"big5-hkscs", BIG5}, {"chinese", GBK},
	{"cn-big5", BIG5}, {"cp1250", WINDOWS_1250}, {"cp1251", WINDOWS_1251}, {"cp1252", WINDOWS_1252},
	{"cp1253", WINDOWS_1253}, {"cp1254", WINDOWS_1254}, {"cp1255", WINDOWS_1255},
	{"cp1256", WINDOWS_1256}, {"cp1257", WINDOWS_1257}, {"cp1258", WINDOWS_1258},
	{"cp819", WINDOWS_1252}, {"cp866", IBM866}, {"csbig5", BIG5}, {"cseuckr", EUC_KR},
	{"cseucpkdfmtjapanese", EUC_JP}, {"csgb2312", GBK}, {"csibm866", IBM866},
	{"csiso2022jp", ISO_2022_JP}, {"csiso2022kr", REPLACEMENT}, {"csiso58gb231280", GBK},
	{"csiso88596e", ISO_8859_6}, {"csiso88596i", ISO_8859_6}, {"csiso88598e", ISO_8859_8},
	{"csiso88598i", ISO_8859_8_I}, {"csisolatin1", WINDOWS_1252}, {"csisolatin2", ISO_8859_2},
	{"csisolatin3", ISO_8859_3}, {"csisolatin4", ISO_8859_4}, {"csisolatin5", WINDOWS_1254},
	{"csisolatin6", ISO_8859_10}, {"csisolatin9", ISO_8859_15}, {"csisolatinarabic", ISO_8859_6},
	{"csisolatincyrillic", ISO_8859_5}, {"csisolatingreek", ISO_8859_7},
	{"csisolatinhebrew", ISO_8859_8}, {"cskoi8r", KOI8_R}, {"csksc56011987", EUC_KR},
	{"csmacintosh", MACINTOSH}, {"csshiftjis", SHIFT_JIS}, {"csunicode", UTF_16LE},
	{"cyrillic", ISO_8859_5}, {"dos-874", WINDOWS_874}, {"ecma-114", ISO_8859_6},
	{"ecma-118", ISO_8859_7}, {"elot_928", ISO_8859_7}, {"euc-jp", EUC_JP}, {"euc-kr", EUC_KR},
	{"gb18030", GB18030}, {"gb2312", GBK}, {"gb_2312", GBK}, {"gb_2312-80", GBK}, {"gbk", GBK},
	{"greek", ISO_8859_7}, {"greek8", ISO_8859_7}, {"hebrew", ISO_8859_8}, {"hz-gb-2312", REPLACEMENT},
	{"ibm819", WINDOWS_1252}, {"ibm866", IBM866}, {"iso-10646-ucs-2", UTF_16LE},
	{"iso-2022-cn", REPLACEMENT}, {"iso-2022-cn-ext", REPLACEMENT}, {"iso-2022-jp", ISO_2022_JP},
	{"iso-2022-kr", REPLACEMENT}, {"iso-8859-1", WINDOWS_1252}, {"iso-8859-10", ISO_8859_10},
	{"iso-8859-11", WINDOWS_874}, {"iso-8859-13", ISO_8859_13}, {"iso-8859-14", ISO_8859_14},
	{"iso-8859-15", ISO_8859_15}, {"iso-8859-16", ISO_8859_16}, {"iso-8859-2", ISO_8859_2},
	{"iso-8859-3", ISO_8859_3}, {"iso-8859-4", ISO_8859_4}, {"iso-8859-5", ISO_8859_5},
	{"iso-8859-6", ISO_8859_6}, {"iso-8859-6-e", ISO_8859_6}, {"iso-8859-6-i", ISO_8859_6},
	{"iso-8859-7", ISO_8859_7}, {"iso-8859-8", ISO_8859_8}, {"iso-8859-8-e", ISO_8859_8},
	{"iso-8859-8-i", ISO_8859_8_I}, {"iso-8859-9", WINDOWS_1254}, {"iso-ir-100", WINDOWS_1252},
	{"iso-ir-101", ISO_8859_2}, {"iso-ir-109", ISO_8859_3}, {"iso-ir-110", ISO_8859_4},
	{"iso-ir-126", ISO_8859_7}, {"iso-ir-127", ISO_8859_6}, {"iso-ir-138", ISO_8859_8},
	{"iso-ir-144", ISO_8859_5}, {"iso-ir-148", WINDOWS_1254}, {"iso-ir-149", EUC_KR},
	{"iso-ir-157", ISO_8859_10}, {"iso-ir-58", GBK}, {"iso8859-1", WINDOWS_1252},
	{"iso8859-10", ISO_8859_10}, {"iso8859-11", WINDOWS_874}, {"iso8859-13", ISO_8859_13},
	{"iso8859-14", ISO_8859_14}, {"iso8859-15", ISO_8859_15}, {"iso8859-2", ISO_8859_2},
	{"iso8859-3", ISO_8859_3}, {"iso8859-4", ISO_8859_4}, {"iso8859-5", ISO_8859_5},
	{"iso8859-6", ISO_8859_6}, {"iso8859-7", ISO_8859_7}, {"iso8859-8", ISO_8859_8},
	{"iso8859-9", WINDOWS_1254}, {"iso88591", WINDOWS_1252}, {"iso885910", ISO_8859_10},
	{"iso885911", WINDOWS_874}, {"iso885913", ISO_8859_13}, {"iso885914", ISO_8859_14},
	{"iso885915", ISO_8859_15}, {"iso88592", ISO_8859_2}, {"iso88593", ISO_8859_3},
	{"iso88594", ISO_8859_4}, {"iso88595", ISO_8859_5}, {"iso88596", ISO_8859_6},
	{"iso88597", ISO_8859_7}, {"iso88598", ISO_8859_8}, {"iso88599", WINDOWS_1254},
	{"iso_8859-1", WINDOWS_1252}, {"iso_8859-15", ISO_8859_15}, {"iso_8859-1:1987", WINDOWS_1252},
	{"iso_8859-2", ISO_8859_2}, {"iso_8859-2:1987", ISO_8859_2}, {"iso_8859-3", ISO_8859_3},
	{"iso_8859-3:1988", ISO_8859_3}, {"iso_8859-4", ISO_8859_4}, {"iso_8859-4:1988", ISO_8859_4},
	{"iso_8859-5", ISO_8859_5}, {"iso_8859-5:1988", ISO_8859_5}, {"iso_8859-6", ISO_8859_6},
	{"iso_8859-6:1987", ISO_8859_6}, {"iso_8859-7", ISO_8859_7}, {"iso_8859-7:1987", ISO_8859_7},
	{"iso_8859-8", ISO_8859_8}, {"iso_8859-8:1988", ISO_8859_8}, {"iso_8859-9", WINDOWS_1254},
	{"iso_8859-9:1989", WINDOWS_1254}, {"koi", KOI8_R}, {"koi8", KOI8_R}, {"koi8-r", KOI8_R},
	{"koi8-ru", KOI8_U}, {"koi8-u", KOI8_U}, {"koi8_r", KOI8_R}, {"korean", EUC_KR},
	{"ks_c_5601-1987", EUC_KR}, {"ks_c_5601-1989", EUC_KR}, {"ksc5601", EUC_KR}, {"ksc_5601", EUC_KR},
	{"l1", WINDOWS_1252}, {"l2", ISO_8859_2}, {"l3", ISO_8859_3}, {"l4", ISO_8859_4},
	{"l5", WINDOWS_1254}, {"l6", ISO_8859_10}, {"l9", ISO_8859_15}, {"latin1", WINDOWS_1252},
	{"latin2", ISO_8859_2}, {"latin3", ISO_8859_3}, {"latin4", ISO_8859_4}, {"latin5", WINDOWS_1254},
	{"latin6", ISO_8859_10}, {"logical", ISO_8859_8_I}, {"mac", MACINTOSH}, {"macintosh", MACINTOSH},
	{"ms932", SHIFT_JIS}, {"ms_kanji", SHIFT_JIS}, {"replacement", REPLACEMENT},
	{"shift-jis", SHIFT_JIS}, {"shift_jis", SHIFT_JIS}, {"sjis", SHIFT_JIS},
	{"sun_eu_greek", ISO_8859_7}, {"tis-620", WINDOWS_874}, {"ucs-2", UTF_16LE}, {"unicode", UTF_16LE},
	{"unicode-1-1-utf-8", UTF_8}, {"unicode11utf8", UTF_8}, {"unicode20utf8", UTF_8},
	{"unicodefeff", UTF_16LE}, {"unicodefffe", UTF_16BE}, {"us-ascii", WINDOWS_1252},
	{"utf-16", UTF_16LE}, {"utf-16be", UTF_16BE}, {"utf-16le", UTF_16LE}, {"utf-8", UTF_8},
	{"utf8", UTF_8}, {"visual", ISO_8859_8}, {"windows-1250", WINDOWS_1250},
	{"windows-1251", WINDOWS_1251}, {"windows-1252", WINDOWS_1252}, {"windows-1253", WINDOWS_1253},
	{"windows-1254", WINDOWS_1254}, {"windows-1255", WINDOWS_1255}, {"windows-1256", WINDOWS_1256},
	{"windows-1257", WINDOWS_1257}, {"windows-1258", WINDOWS_1258}, {"windows-31j", SHIFT_JIS},
	{"windows-874", WINDOWS_874}, {"windows-949", EUC_KR}, {"x-cp1250", WINDOWS_1250},
	{"x-cp1251", WINDOWS_1251}, {"x-cp1252", WINDOWS_1252}, {"x-cp1253", WINDOWS_1253},
	{"x-cp1254", WINDOWS_1254}, {"x-cp1255", WINDOWS_1255}, {"x-cp1256", WINDOWS_1256},
	{"x-cp1257", WINDOWS_1257}, {"x-cp1258", WINDOWS_1258}, {"x-euc-jp", EUC_JP}, {"x-gbk", GBK},
	{"x-mac-cyrillic", X_MAC_CYRILLIC}, {"x-mac-roman", MACINTOSH},
	{"x-mac-ukrainian", X_MAC_CYRILLIC}, {"x-sjis", SHIFT_JIS}, {"x-unicode20utf8", UTF_8},
	{"x-user-defined", X_USER_DEFINED}, {"x-x-big5", BIG5},
};

const struct nw_charset_enc *
nw_charset_table_at(size_t i)
{
	return i < COUNT(encodings) ? &encodings[i] : NULL;
}

static int
blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r' && c != '\v');
}

/* What publishers write besides: code pages by their number alone. */
static const struct label pages[] = {
	{"cp932", SHIFT_JIS}, {"cp936", GBK}, {"cp950", BIG5}, {"cp65001", UTF_8}, {"euccn", GBK},
};

/* Without "-", "_" and blanks; a code page is "cp" and its number, whoever numbered it. */
static void
squeeze(const char *label, char out[LABEL_MAX])
{
	static const char *const owners[] = {"windows", "win", "ms", "dos", "ibm", "cp", ""};
	char key[LABEL_MAX];
	size_t n = 0, digits, skip;

	for (; *label != '\0'; label++)
		if (*label != '-' && *label != '_' && *label != ' ')
			key[n++] = *label;
	key[n] = '\0';
	strcpy(out, key);
	for (size_t i = 0; i < COUNT(owners); i++) {
		skip = strlen(owners[i]);
		digits = strncmp(key, owners[i], skip) == 0 ? strspn(key + skip, "0123456789") : 0;
		if (digits < 3 || skip + digits != n || digits + 2 >= LABEL_MAX)
			continue;
		memcpy(out, "cp", 2);
		strcpy(out + 2, key + skip);
		return;
	}
}

/* "cp-1251", "Shift JIS", "tis620", "win1256": nobody can mean anything else by them. */
static const struct nw_charset_enc *
find_squeezed(const char *key)
{
	char want[LABEL_MAX], have[LABEL_MAX];

	squeeze(key, want);
	for (size_t i = 0; i < COUNT(pages); i++)
		if (strcmp(want, pages[i].label) == 0)
			return &encodings[pages[i].encoding];
	for (size_t i = 0; i < COUNT(labels); i++) {
		squeeze(labels[i].label, have);
		if (strcmp(want, have) == 0)
			return &encodings[labels[i].encoding];
	}
	return NULL;
}

const struct nw_charset_enc *
nw_charset_table_find(struct nw_str label)
{
	char key[LABEL_MAX];
	size_t lo = 0, hi = COUNT(labels), mid, n = 0;
	int order;

	while (label.len > 0 && blank(label.p[0])) {
		label.p++;
		label.len--;
	}
	while (label.len > 0 && blank(label.p[label.len - 1]))
		label.len--;
	if (label.len == 0 || label.len >= LABEL_MAX)
		return NULL;
	for (; n < label.len; n++)
		key[n] = label.p[n] >= 'A' && label.p[n] <= 'Z' ? (char)(label.p[n] | 0x20) : label.p[n];
	key[n] = '\0';
	while (lo < hi) {
		mid = (lo + hi) / 2;
		order = strcmp(key, labels[mid].label);
		if (order == 0)
			return &encodings[labels[mid].encoding];
		if (order < 0)
			hi = mid;
		else
			lo = mid + 1;
	}
	return find_squeezed(key);
}

const struct nw_charset_fix *
nw_charset_table_fix(const struct nw_charset_fix *fix, size_t n, uint32_t from)
{
	size_t lo = 0, hi = n, mid;

	while (lo < hi) {
		mid = (lo + hi) / 2;
		if (fix[mid].from == from)
			return &fix[mid];
		if (fix[mid].from > from)
			hi = mid;
		else
			lo = mid + 1;
	}
	return NULL;
}
