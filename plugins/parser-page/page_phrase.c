#include <string.h>

#include "page_phrase.h"
#include "page_text.h"

#define NETWORKS_MAX	140 /* bytes of a line that names networks to follow */
#define NETWORKS_BESIDE 16  /* letters of other words in such a line */
#define NOTICE_MAX	700 /* bytes of a notice of cookies */
#define SENTENCE_MIN	240 /* bytes: longer lines are sentences, whatever they begin with */

/* All of these are compared with the line in small letters.  Whole lines, without marks at their ends. */
static const char *const whole[] = {"advertisement", "advertising", "advert", "ad", "share", "print", "close",
    "email", "tweet", "facebook", "twitter", "whatsapp", "linkedin", "read more", "comments", "comment",
    "save", "home", "top", "back to top", "anzeige", "werbung", "publicité", "publicidad", "publicidade",
    "pubblicità", "реклама", "広告", "广告", "打印", "关闭", "分享", "分享到", "上一篇", "下一篇", "返回顶部", "分享让更多人看到",
    "列印", "關閉", "シェア", "印刷", "печать", "поделиться", "распечатать", "طباعة", "مشاركة", "إعلان",
    "teilen", "drucken", "partager", "imprimer", "compartir", "imprimir", "condividi", "stampa",
    "suggest to a friend", "suggest to friend", "suggset to friend", NULL};

/* How a line begins; a ':' in the table must be there, in either width. */
static const char *const begins[] = {"read more:", "read also:", "see also:", "see more:", "related post",
    "related story", "related article", "like this story?", "don't miss", "don’t miss",
    "also read:", "read next:", "more:", "related:", "watch:", "listen:", "share this", "share on",
    "follow us", "follow @", "sign up", "subscribe to", "click here", "click to", "copyright ©",
    "copyright (c", "copyright 19", "copyright 20", "©", "(c) 20", "all rights reserved",
    "photo:", "photo by", "photos:", "image:", "image credit", "picture:", "getty images", "skip to",
    "editor:", "reporter:", "责任编辑", "责编", "（责任编辑", "(责任编辑", "（责编", "(责编", "【责任编辑", "［责任编辑",
    "（编辑：", "(编辑：", "扫码关注", "扫描二维码", "长按二维码", "微信扫", "编辑:", "来源:", "稿源", "相关阅读", "相关新闻", "相关链接",
    "延伸阅读", "扫一扫", "分享到", "责任编辑", "版权所有", "版权声明", "上一篇", "下一篇", "【打印】",
    "【关闭】", "[打印]", "[关闭]", "相關新聞", "相關閱讀", "相關連結", "相關報導", "関連記事",
    "あわせて読みたい", "写真:", "читайте также", "читать также", "смотрите также",
    "фото:", "источник:", "поделиться", "подписывайтесь", "اقرأ أيضا", "اقرأ أيضًا", "شاهد أيضا",
    "المصدر:", "lesen sie auch", "mehr zum thema", "lire aussi", "à lire aussi", "lea también", "lee también",
    "te puede interesar", "leia também", "leia mais", "leggi anche", "lees ook", "foto:", "crédit photo",
    "[print]", "[close]", "suggest to", "suggset to", "read or share", "like us on", "find us on", NULL};

/* How a line begins that is no sentence: with a stop at its end it may be one ("Loading of grain began on
 * Monday."). */
static const char *const begins_no_sentence[] = {"loading", "back to", "advertisement", "copyright", "版权",
    "相關", "相关", "теги", "tags", "filed under", "categories", "etiquetas", "schlagworte", "mots-clés",
    "标签", "关键词", NULL};

/* Headings after which no text of the article comes. */
static const char *const ends[] = {"related articles", "related stories", "related news", "related content",
    "related posts", "related topics", "more from", "more on this", "you may also like",
    "you might also like", "recommended for you", "most read", "most popular", "trending now",
    "leave a reply", "leave a comment", "post a comment", "comments (", "相关阅读", "相关新闻", "相关推荐",
    "推荐阅读", "热门推荐", "関連記事", "читайте также", "материалы по теме", "lesen sie auch",
    "mehr zum thema", "sur le même sujet", "leia também", "te puede interesar", "leggi anche", "اقرأ أيضا",
    NULL};

/* Drops brackets, marks and blanks from both ends. */
static struct nw_str
stripped(struct nw_str s)
{
	while (s.len > 0 && strchr(" []()|:.>-*", s.p[0]) != NULL) {
		s.p++;
		s.len--;
	}
	while (s.len > 0 && strchr(" []()|:.>-*", s.p[s.len - 1]) != NULL)
		s.len--;
	return s;
}

static int
begins_with(struct nw_str s, const char *phrase)
{
	size_t n;
	struct nw_str rest;

	if (s.p[0] != phrase[0])
		return 0;
	n = strlen(phrase);
	if (phrase[n - 1] != ':')
		return strncmp(s.p, phrase, n) == 0;
	if (s.len < n || memcmp(s.p, phrase, n - 1) != 0)
		return 0;
	rest = (struct nw_str){s.p + n - 1, s.len - n + 1};
	return rest.p[0] == ':' || nw_page_text_istarts(rest, " :") ||
	       nw_page_text_istarts(rest, "\xef\xbc\x9a");
}

static int
ends_sentence(struct nw_str s)
{
	static const char *const stops[] = {
	    ".", "!", "?", ".\"", ".”", "。", "！", "？", "”", "؟", "।", NULL};

	for (size_t i = 0; stops[i] != NULL; i++) {
		size_t n = strlen(stops[i]);

		if (s.len >= n && memcmp(s.p + s.len - n, stops[i], n) == 0)
			return 1;
	}
	return 0;
}

static int
invites(struct nw_str s)
{
	static const char *const words[] = {"follow", "share", "subscri", "like us", "join us", "@", "关注",
	    "關注", "подпис", "поделит", "síguenos", "siga", "suivez", "folge", "seguici", "تابع"};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (strstr(s.p, words[i]) != NULL)
			return 1;
	return 0;
}

/* A line that names two or more networks and little else, or invites there. */
static int
names_networks(struct nw_str s)
{
	static const char *const names[] = {"facebook", "twitter", "instagram", "youtube", "whatsapp",
	    "telegram", "linkedin", "pinterest", "tiktok", "вконтакте", "微信", "微博", "wechat", "weibo"};
	uint32_t left = nw_page_text_weight(s);
	int n = 0;

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (strstr(s.p, names[i]) != NULL) {
			uint32_t its = nw_page_text_weight(nw_page_text_of(names[i]));

			left -= its < left ? its : left;
			n++;
		}
	return n >= 2 && (left <= NETWORKS_BESIDE || invites(s));
}

/* A notice of cookies speaks of what "we" do with them; an article about them does not. */
static int
is_cookie_notice(struct nw_str s)
{
	static const char *const we[] = {"we use", "we and our", "our use", "uses cookies", "use of cookies",
	    "accept", "by continuing", "wir verwenden", "wir nutzen", "nous utilisons", "utilizamos",
	    "usamos", "utilizziamo", "gebruiken", "używamy", "мы используем", "использует файлы", "vi bruger",
	    "vi använder", "käytämme", "çerez", "我们使用", "使用cookie", "本网站使用", "cookieを使用",
	    "нажимая"};

	if (strstr(s.p, "cookie") == NULL && strstr(s.p, "куки") == NULL && strstr(s.p, "çerez") == NULL)
		return 0;
	for (size_t i = 0; i < sizeof(we) / sizeof(*we); i++)
		if (strstr(s.p, we[i]) != NULL)
			return 1;
	return 0;
}

/* "© 2026 Ministry. All rights reserved." wherever it stands in a line. */
static int
reserves_rights(struct nw_str s)
{
	static const char *const words[] = {"all rights reserved", "tous droits réservés",
	    "alle rechte vorbehalten", "todos los derechos reservados", "todos os direitos reservados",
	    "tutti i diritti riservati", "все права защищены", "版权所有", "無断転載", "جميع الحقوق محفوظة"};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (strstr(s.p, words[i]) != NULL)
			return 1;
	return 0;
}

/* "<img ...>", "[button ...]": markup a system printed as text. */
static int
is_markup(struct nw_str s)
{
	return s.len > 3 &&
	       ((s.p[0] == '<' && s.p[s.len - 1] == '>') || (s.p[0] == '[' && s.p[s.len - 1] == ']')) &&
	       memchr(s.p, '=', s.len) != NULL;
}

/* "... (Image: Getty)": a picture's line that names its source at the end. */
static int
ends_in_credit(struct nw_str s)
{
	static const char *const words[] = {"(image:", "(image credit", "(photo:", "(photo by",
	    "(photo credit", "(pic:", "(picture:", "(credit:", "(file photo", "[photo", "[image", "（图",
	    "(foto:", "(fotos:", "(bild:", "(фото", "(archivo", "(photo ", "/getty", "/reuters", "/afp",
	    "/ap)", "/epa"};
	const char *at;

	if (strpbrk(s.p, "([/") == NULL && strstr(s.p, "（图") == NULL)
		return 0;
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if ((at = strstr(s.p, words[i])) != NULL && s.p + s.len - at < 48)
			return words[i][0] != '/' ||
			       (at > s.p &&
				   at[-1] != ' '); /* "Jane Doe/Reuters", not "... on Monday. /AFP" */
	return 0;
}

int
nw_page_phrase_of(struct nw_str text)
{
	char low[NOTICE_MAX + 1];
	struct nw_str s;

	if (is_markup(text))
		return NW_PAGE_PHRASE_AROUND;
	if (text.len > NOTICE_MAX)
		return NW_PAGE_PHRASE_NONE;
	text = nw_page_text_lower(text, low);
	if (is_cookie_notice(text))
		return NW_PAGE_PHRASE_AROUND;
	if (text.len > SENTENCE_MIN)
		return NW_PAGE_PHRASE_NONE;
	if (reserves_rights(text))
		return NW_PAGE_PHRASE_AROUND;
	s = stripped(text);
	if ((text.len < NETWORKS_MAX && names_networks(text)) || ends_in_credit(text))
		return NW_PAGE_PHRASE_AROUND;
	for (size_t i = 0; ends[i] != NULL; i++)
		if (begins_with(text, ends[i]) && text.len < strlen(ends[i]) + 24)
			return NW_PAGE_PHRASE_END;
	for (size_t i = 0; whole[i] != NULL; i++)
		if (s.len > 0 && s.p[0] == whole[i][0] && strlen(whole[i]) == s.len &&
		    memcmp(s.p, whole[i], s.len) == 0)
			return NW_PAGE_PHRASE_AROUND;
	for (size_t i = 0; begins[i] != NULL; i++)
		if (begins_with(text, begins[i]))
			return NW_PAGE_PHRASE_AROUND;
	for (size_t i = 0; begins_no_sentence[i] != NULL; i++)
		if (begins_with(text, begins_no_sentence[i]))
			return ends_sentence(text) ? NW_PAGE_PHRASE_NONE : NW_PAGE_PHRASE_AROUND;
	return NW_PAGE_PHRASE_NONE;
}
