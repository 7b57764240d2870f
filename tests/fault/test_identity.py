"""Feeds that lie about which item is which: one daemon reads one feed of each kind, and tells every number once a feed."""
import random
import time

import pytest

from numbered import ITEM, RULES, feed, now, numbers_told
from rig import Rig
from sinks import MailSink
from site_pages import Site

NUMBERS = 12  # items that come, one after the other
WINDOW = 5    # what a feed with a small window shows of them


class Feed:
    """A feed of which an item is made by `item(n)` at each poll, and the document by `shown(poll)`."""

    def __init__(self, kind, base, first):
        self.kind, self.base, self.first = kind, base, first
        self.numbers, self.dates, self.polls = [], {}, 0

    def item(self, n):
        guid = {"new": f"{n}-{self.polls}", "same": "the-one", "flip": f"{('http', 'https')[self.polls % 2]}://guid.example/{n}"}.get(self.kind, str(n))
        text = ITEM.format(n=n, base=f"{self.base}/{self.kind}", date=self.dates[n], fill="")
        text = text.replace(f"<title>Talks {n}</title>", f"<title>Talks of round {n} {self.kind}</title>")
        if self.kind in ("none", "title"):
            return text.replace(f"<guid>{n}</guid>", "" if self.kind == "none" else f"<guid>Talks of round {n}{' (corrected)' * (self.polls > 4)}</guid>")
        return text.replace(f"<guid>{n}</guid>", f"<guid isPermaLink='false'>{guid}</guid>")

    def document(self):
        self.polls += 1
        shown = list(self.numbers)
        if self.kind == "shuffled":
            random.Random(self.polls).shuffle(shown)
        if self.kind == "window":
            shown = shown[:WINDOW]
        if self.kind == "versions" and self.polls % 2:
            shown = shown[1:]
        if self.kind == "empties" and self.polls % 3 == 1:
            shown = []
        return feed(self.item(n) for n in shown)

    def publish(self, n):
        self.numbers.insert(0, self.first + n)
        self.dates[self.first + n] = now()


KINDS = ["stable", "new", "flip", "same", "none", "title", "shuffled", "window", "versions", "empties"]
CASES = {"stable": "the opposite of all others", "new": "G-1", "flip": "G-2", "same": "G-3", "none": "G-4", "title": "G-4", "shuffled": "G-8",
         "window": "G-8", "versions": "G-6", "empties": "G-5"}


@pytest.fixture(scope="module")
def run(build, tmp_path_factory):
    site, mail = Site(), MailSink()
    feeds = [Feed(kind, site.base, 1000 * (i + 1)) for i, kind in enumerate(KINDS)]

    def refresh():
        for f in feeds:
            site.set(f"/{f.kind}.xml", "application/rss+xml", f.document())
    refresh()
    sources = "".join(f"  - {{ name: {f.kind}, url: '{site.base}/{f.kind}.xml', parser: feed, every: 1s, full_text: never, backfill: alert }}\n"
                      for f in feeds)
    rig = Rig(build, tmp_path_factory.mktemp("identity"), sources, mail, rules=RULES, extra="delivery: { flood: 0 }\n")
    rig.start()
    assert rig.wait_for(lambda: rig.sql("SELECT count(*) FROM target WHERE last_ok IS NOT NULL")[0][0] == len(feeds), 30), rig.said()
    for n in range(NUMBERS):
        for f in feeds:
            f.publish(n)
        for _ in range(2):
            refresh()
            time.sleep(1.2)
    time.sleep(3)
    told = numbers_told(mail)
    said = rig.said()
    assert rig.stop() == 0
    mail.close()
    site.close()
    return feeds, told, said


@pytest.mark.parametrize("kind", KINDS)
def test_every_number_is_told_once_whatever_the_feed_says_of_its_items(run, kind):
    feeds, told, said = run
    f = next(f for f in feeds if f.kind == kind)
    due = {f.first + n for n in range(NUMBERS)}
    got = {n: ids for n, ids in told.items() if f.first <= n < f.first + 1000}
    assert due - set(got) == set(), f"{CASES[kind]}: never told\n{said[-3000:]}"
    assert {n: len(ids) for n, ids in got.items() if len(ids) != 1} == {}, f"{CASES[kind]}: told again"
