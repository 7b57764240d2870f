#include <string.h>

#include "page_phrase.h"
#include "page_text.h"

#define NETWORKS_MAX 140 /* bytes of a line that names networks to follow */
#define SENTENCE_MIN 240 /* bytes: longer lines are sentences, whatever they begin with */

/* Whole lines, without marks at their ends. */
static const char *const whole[] = {"advertisement", "advertising", "advert", "ad", "share", "print", "close", "email", "tweet",
    "facebook", "twitter", "whatsapp", "linkedin", "read more", "comments", "comment", "save", "home", "top", "back to top",
    "anzeige", "werbung", "publicité", "publicidad", "publicidade", "pubblicità", "реклама", "広告", "广告",
    "打印", "关闭", "分享", "分享到", "上一篇", "下一篇", "返回顶部", "列印", "關閉", "シェア", "印刷", "печать",
    "поделиться", "распечатать", "طباعة", "مشاركة", "إعلان", "teilen", "drucken", "partager", "imprimer", "compartir",
    "imprimir", "condividi", "stampa", "suggest to a friend", "suggest to friend", "suggset to friend", NULL};

/* How a line begins; a ':' in the table must be there, in either width. */
static const char *const begins[] = {"read more:", "read also:", "see also:", "see more:", "related post", "related story", "related article", "like this story?", "don't miss", "don’t miss", "also read:", "read next:", "more:",
    "related:", "watch:", "listen:", "share this", "share on", "follow us", "follow @", "sign up", "subscribe to",
    "click here", "click to", "copyright", "©", "(c) 20", "all rights reserved", "photo:", "photo by", "photos:", "image:",
    "image credit", "picture:", "getty images", "advertisement", "skip to", "back to", "loading", "editor:", "reporter:",
    "责任编辑", "责编", "编辑:", "来源:", "稿源", "相关阅读", "相关新闻", "相关链接", "延伸阅读", "扫一扫", "分享到", "责任编辑",
    "版权", "上一篇", "下一篇", "【打印】", "【关闭】", "[打印]", "[关闭]", "相關", "関連記事", "あわせて読みたい", "写真:",
    "читайте также", "читать также", "смотрите также", "фото:", "источник:", "поделиться", "подписывайтесь",
    "اقرأ أيضا", "اقرأ أيضًا", "شاهد أيضا", "المصدر:", "lesen sie auch", "mehr zum thema", "lire aussi", "à lire aussi",
    "lea también", "lee también", "te puede interesar", "leia também", "leia mais", "leggi anche", "lees ook",
    "foto:", "crédit photo", "[print]", "[close]", "suggest to", "suggset to", NULL};

/* Headings after which no text of the article comes. */
static const char *const ends[] = {"related articles", "related stories", "related news", "related content", "related posts",
    "related topics", "more from", "more on this", "you may also like", "you might also like", "recommended for you",
    "most read", "most popular", "trending now", "leave a reply", "leave a comment", "post a comment",
    "comments (", "相关阅读", "相关新闻", "相关推荐", "推荐阅读", "热门推荐", "関連記事", "читайте также",
    "материалы по теме", "lesen sie auch", "mehr zum thema", "sur le même sujet", "leia também",
    "te puede interesar", "leggi anche", "اقرأ أيضا", NULL};

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
	size_t n = strlen(phrase);
	struct nw_str rest;

	if (phrase[n - 1] != ':')
		return nw_page_text_istarts(s, phrase);
	if (s.len < n || nw_page_text_ifind((struct nw_str){s.p, n - 1}, "") == NULL)
		return 0;
	for (size_t i = 0; i + 1 < n; i++) {
		char a = s.p[i], b = phrase[i];

		if (a != b && !((a | 32) == (b | 32) && (a | 32) >= 'a' && (a | 32) <= 'z'))
			return 0;
	}
	rest = (struct nw_str){s.p + n - 1, s.len - n + 1};
	return rest.p[0] == ':' || nw_page_text_istarts(rest, " :") || nw_page_text_istarts(rest, "\xef\xbc\x9a");
}

/* Two or more networks named in one short line invite to follow or share. */
static int
names_networks(struct nw_str s)
{
	static const char *const names[] = {"facebook", "twitter", "instagram", "youtube", "whatsapp", "telegram", "linkedin",
	    "pinterest", "tiktok", "вконтакте", "微信", "微博", "wechat", "weibo"};
	int n = 0;

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		n += nw_page_text_ifind(s, names[i]) != NULL;
	return n >= 2;
}

/* "<img ...>", "[button ...]": markup a system printed as text. */
static int
is_markup(struct nw_str s)
{
	return s.len > 3 && ((s.p[0] == '<' && s.p[s.len - 1] == '>') || (s.p[0] == '[' && s.p[s.len - 1] == ']')) &&
	    memchr(s.p, '=', s.len) != NULL;
}

/* "... (Image: Getty)": a picture's line that names its source at the end. */
static int
ends_in_credit(struct nw_str s)
{
	static const char *const words[] = {"(image:", "(image credit", "(photo:", "(photo by", "(photo credit", "(pic:",
	    "(picture:", "(credit:", "(file photo", "[photo", "[image", "（图", "(foto:", "(fotos:", "(bild:", "(фото",
	    "(archivo", "(photo ", "(source:", "/getty", "/reuters", "/afp", "/ap)", "/epa"};
	const char *at;

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if ((at = nw_page_text_ifind(s, words[i])) != NULL && s.p + s.len - at < 48)
			return 1;
	return 0;
}

int
nw_page_phrase_of(struct nw_str text)
{
	struct nw_str s = stripped(text);

	if (is_markup(text))
		return NW_PAGE_PHRASE_AROUND;
	if (text.len > SENTENCE_MIN)
		return NW_PAGE_PHRASE_NONE;
	if ((text.len < NETWORKS_MAX && names_networks(text)) || ends_in_credit(text))
		return NW_PAGE_PHRASE_AROUND;
	for (size_t i = 0; ends[i] != NULL; i++)
		if (nw_page_text_istarts(text, ends[i]) && text.len < strlen(ends[i]) + 24)
			return NW_PAGE_PHRASE_END;
	for (size_t i = 0; whole[i] != NULL; i++)
		if (nw_page_text_ieq(s, whole[i]))
			return NW_PAGE_PHRASE_AROUND;
	for (size_t i = 0; begins[i] != NULL; i++)
		if (begins_with(text, begins[i]))
			return NW_PAGE_PHRASE_AROUND;
	return NW_PAGE_PHRASE_NONE;
}
