"""A feed of numbered treaties, a daemon that mails each, and which numbers came."""
import time

from rig import Rig
from sinks import MailSink
from site_pages import Site

ITEM = """<item><guid>{n}</guid><link>{base}/{n}</link><title>Talks {n}</title><pubDate>{date}</pubDate>
<description>The two sides signed the extradition treaty number {n}. {fill}</description></item>"""
RULES = """watches:
  - name: treaties
    severity: high
    notify: [desk]
    match: |
      treaty NEAR/8 sign*
"""


def feed(items):
    return f'<rss version="2.0"><channel><title>M</title>{"".join(items)}</channel></rss>'.encode()


def now():
    return time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime())


def numbers_told(mail):
    """The numbers that arrived, each with the Message-IDs of the mails that told it."""
    found = {}
    for m in list(mail.messages):
        for word in m.get_body(("plain",)).get_content().replace(">>", "").replace("<<", "").split("treaty number ")[1:]:
            found.setdefault(int(word.split(".")[0]), []).append(m["Message-ID"])
    return found


class World:
    def __init__(self, build, folder):
        self.site, self.mail, self.listed = Site(), MailSink(), []
        self.publish()
        self.rig = Rig(build, folder, f"  - {{ name: mfa, url: '{self.site.base}/feed.xml', parser: feed, every: 1s, "
                       "full_text: never, backfill: alert }\n", self.mail, rules=RULES, extra="delivery: { flood: 0 }\n")

    def publish(self, *numbers, fill=""):
        """The feed lists the newest 30."""
        for n in numbers:
            self.listed.insert(0, ITEM.format(n=n, base=self.site.base, date=now(), fill=fill))
        self.site.set("/feed.xml", "application/rss+xml", feed(self.listed[:30]))

    def read(self):
        """The feed was read once by the daemon that runs."""
        assert self.rig.wait_for(lambda: self.rig.sql("SELECT last_ok FROM target WHERE last_ok IS NOT NULL"), 30), self.rig.said()

    def start(self):
        self.rig.start()
        self.read()

    def told(self):
        return {n: set(ids) for n, ids in numbers_told(self.mail).items()}

    def arrived(self, *numbers, seconds=30):
        assert self.rig.wait_for(lambda: set(self.told()) >= set(numbers), seconds), (sorted(self.told()), self.rig.said()[-3000:])

    def close(self):
        if self.rig.process and self.rig.process.poll() is None:
            self.rig.kill()
        self.mail.close()
        self.site.close()
