"""A sample ministry on loopback: list page, articles, feeds; written for this project.  It grows only on command."""
import hashlib
import html
import http.server
import threading

LIST = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>News_Ministry of Foreign Affairs of Sampleland</title></head>
<body><div class="header"><a href="/eng/">Home</a> <a href="/eng/about.html">About the Ministry</a> <a href="/eng/links.html">Links</a></div>
<div class="newsList_body"><ul class="list1">
{items}
</ul></div><div class="footer"><a href="/eng/contact.html">Contact Us</a></div></body></html>"""

PAGE = """<!DOCTYPE html><html lang="{lang}"><head><meta charset="{charset}">
<meta name="ArticleTitle" content="{title}"><meta name="PubDate" content="{date} 10:30:00">
<title>{title}_{site}</title></head>
<body><div class="header"><a href="/">{home}</a></div>
<div class="news-main"><h1 class="news-title">{title}</h1><p class="time">{date} 10:30</p>
<div class="news-content content_text">
{paragraphs}
</div><div class="share"><a href="#">Suggest to a Friend</a></div></div>
<div class="footer"><a href="/contact.html">Contact Us</a></div></body></html>"""

SITE_NAME = {"en": "Ministry of Foreign Affairs of Sampleland", "zh-Hans": "样例国外交部", "zh-Hant": "樣例國外交部"}
HOME = {"en": "Home", "zh-Hans": "首页", "zh-Hant": "首頁"}


class Article:
    """An article of the sample site; `path` is where its page stands."""

    def __init__(self, path, title, paragraphs, lang="en", date="2026-11-24", charset="utf-8"):
        self.path, self.title, self.paragraphs = path, title, paragraphs
        self.lang, self.date, self.charset = lang, date, charset

    def page(self):
        text = PAGE.format(lang=self.lang, charset=self.charset, title=html.escape(self.title), date=self.date,
                           site=SITE_NAME[self.lang], home=HOME[self.lang],
                           paragraphs="\n".join(f"<p>{html.escape(p)}</p>" for p in self.paragraphs))
        return text.encode(self.charset)


OLD = [Article(f"/eng/xw/202611/t202611{day:02d}_10{day:02d}.html", title, [body], date=f"2026-11-{day:02d}")
       for day, title, body in [
           (12, "Minister Receives New Ambassadors", "On 12 November the Minister received the credentials of four new ambassadors."),
           (13, "Talks on Rail Transport", "The two delegations reviewed the rail timetable between the two capitals and agreed to meet again."),
           (14, "Consular Service Hours in December", "The consular section publishes its opening hours for December and the public holidays."),
           (16, "Exhibition of Traditional Music Opens", "An exhibition of traditional musical instruments opened in the old customs house."),
           (17, "Statement on the Flood in the North", "The Ministry conveyed its sympathy to the families of those affected by the flood."),
           (18, "Deputy Minister Visits Harbour", "The Deputy Minister visited the new harbour and spoke with pilots and engineers."),
       ]]

OLD_GB = [Article(f"/zh/t202611{day:02d}_20{day:02d}.html", title, [body], lang="zh-Hans", charset="gb18030", date=f"2026-11-{day:02d}")
          for day, title, body in [
              (12, "样例国商务部召开例行新闻发布会", "样例国商务部今日召开例行新闻发布会，介绍前三季度服务贸易情况。"),
              (13, "秋季商品展览会在首都开幕", "秋季商品展览会今日在首都开幕，来自各地的商家参加了展览。"),
              (14, "港口货运量保持增长", "统计显示，前十个月港口货运量保持增长，铁路联运线路继续增加。"),
              (16, "样例国举办电子商务培训班", "培训班为期五天，学员来自十二个省份的中小企业。"),
              (17, "商务部负责人会见企业代表", "商务部负责人今日会见企业代表，听取对营商环境的意见和建议。"),
              (18, "节日市场供应充足", "节日期间市场供应充足，主要食品价格平稳。"),
          ]]

NEW = {
    "treaty": Article(
        "/eng/xw/202611/t20261124_1024.html", "Foreign Minister Meets Counterpart from Norland",
        ["On 24 November the Foreign Minister met the Foreign Minister of Norland in the capital.",
         "The talks lasted two hours and covered trade, transport and consular affairs. The two ministers signed the extradition treaty "
         "between the two countries. Both sides welcomed the result and thanked their negotiators.",
         "The two ministers will meet again in spring."]),
    "silent": Article(
        "/eng/xw/202611/t20261124_1025.html", "Treaty Port Marks Its Anniversary",
        ["This year marks the 20th anniversary of the signing of the Treaty of Friendship, and the old treaty port was decorated with lanterns.",
         "Visitors came from all parts of the country to see the boats and to hear the choir."]),
    "hant": Article(
        "/zh/t20261124_2001.html", "外交部舉行記者會", ["樣例國外交部今日舉行記者會。雙方簽署了引渡條約。發言人介紹了有關情況。"], lang="zh-Hant"),
    "hans": Article(
        "/zh/t20261124_2002.html", "外交部发言人宣布决定",
        ["样例国外交部发言人今日在例行记者会上介绍情况。根据有关法律，外交部宣布对两家公司实施制裁。有关决定自公布之日起生效。"], lang="zh-Hans"),
    "gb": Article(
        "/zh/t20261124_2003.html", "商务部公告", ["样例国商务部今日发布公告。决定将有关企业列入不可靠实体清单，自公布之日起实施。特此公告。"],
        lang="zh-Hans", charset="gb18030"),
}


def rss(base, articles):
    items = "".join(f"<item><title>{html.escape(a.title)}</title><link>{base}{a.path}</link><guid isPermaLink=\"true\">{base}{a.path}</guid>"
                    f"<pubDate>Tue, 24 Nov 2026 10:30:00 +0800</pubDate><description>{html.escape('<p>' + '</p><p>'.join(a.paragraphs) + '</p>')}</description></item>"
                    for a in articles)
    return f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Sampleland</title><link>{base}/</link><description>News</description>{items}</channel></rss>'.encode()


def atom(base, articles):
    items = "".join(f"<entry><title>{html.escape(a.title)}</title><link href=\"{base}{a.path}\"/><id>{base}{a.path}</id>"
                    f"<updated>2026-11-24T10:30:00+08:00</updated><content type=\"html\">{html.escape('<p>' + '</p><p>'.join(a.paragraphs) + '</p>')}</content></entry>"
                    for a in articles)
    return f'<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Sampleland</title><id>{base}/</id><updated>2026-11-24T10:30:00+08:00</updated>{items}</feed>'.encode()


class Site:
    """`site.set(path, type, bytes)` says what is served; `site.requests` what was asked for."""

    def __init__(self):
        site = self
        self.files, self.requests, self.status = {}, [], {}

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                site.requests.append((self.path, self.headers.get("If-None-Match")))
                status = site.status.get(self.path, 200)
                kind, body = site.files.get(self.path, ("text/plain", None))
                if body is None:
                    status, body = 404, b"not found"
                tag = '"' + hashlib.sha256(body).hexdigest()[:16] + '"'
                if status == 200 and self.headers.get("If-None-Match") == tag:
                    status, body = 304, b""
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("ETag", tag)
                if status != 304:
                    self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.base = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def set(self, path, kind, body):
        self.files[path] = (kind, body)

    def close(self):
        self.server.shutdown()
        self.server.server_close()


class Ministry(Site):
    """The sample ministry: a list page (articles are read from their pages), an RSS and an Atom feed, and a list in GB18030."""

    def __init__(self):
        super().__init__()
        self.listed, self.in_rss, self.in_atom, self.in_gb = list(OLD), OLD[:3], OLD[3:], list(OLD_GB)
        self.refresh()

    def publish(self, name, where):
        getattr(self, where).insert(0, NEW[name])
        self.refresh()

    def refresh(self):
        def item(a):
            return f'<li><a href="{a.path}">{html.escape(a.title)}</a>({a.date})</li>'

        for a in self.listed + self.in_rss + self.in_atom + self.in_gb:
            self.set(a.path, f"text/html; charset={a.charset}" if a.charset != "gb18030" else "text/html", a.page())
        self.set("/eng/xw/", "text/html; charset=utf-8", LIST.format(items="\n".join(map(item, self.listed))).encode())
        self.set("/zh/gb/", "text/html", LIST.format(items="\n".join(map(item, self.in_gb))).replace("utf-8", "gb18030").encode("gb18030"))
        self.set("/rss.xml", "application/rss+xml", rss(self.base, self.in_rss))
        self.set("/atom.xml", "application/atom+xml", atom(self.base, self.in_atom))
