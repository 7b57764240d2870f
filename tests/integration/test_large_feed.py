"""A feed too long for one answer: its articles are evaluated and sent in the middle of reading, and nothing shows of it."""
import json
import subprocess

import pytest

from rig import LISTS, Rig
from site_pages import Site

ITEMS = 300
TOPICS = LISTS[:LISTS.index("watches:")]


def item(n):
    said = "The two sides have agreed to renew the treaty." if n % 7 == 0 else "The café was busy."
    return (f"<item><title>Communiqué number {n}</title><link>https://e.example/{n}</link><guid>{n}</guid>"
            f"<category>no. {n}</category><description>Résumé of {n}</description><content:encoded><![CDATA["
            f"<p>{said} {n}</p>" + "<p>The minister spoke of things that nobody remembers, à propos of nothing.</p>\n" * 55
            + "]]></content:encoded></item>")


def feed(numbers, encoding, end="</channel></rss>"):
    head = f'<?xml version="1.0" encoding="{encoding}"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/">' \
        "<channel><title>Sampleland</title><link>https://e.example/</link><language>en</language><description>News</description>"
    return (head + "".join(map(item, numbers)) + end).encode(encoding)


def parse(build, folder, documents):
    paths = []
    for n, document in enumerate(documents):
        paths.append(folder / f"{n}.xml")
        paths[-1].write_bytes(document)
    (folder / "topics.yaml").write_text(TOPICS)
    (folder / "conf.yaml").write_text("{}\n")
    run = subprocess.run([build / "newswatch", "parse", "-c", folder / "topics.yaml", "--tag", "--base-url", "https://e.example/feed", *paths],
                         capture_output=True, check=True)
    return [json.loads(line) for line in run.stdout.splitlines()]


@pytest.mark.parametrize("encoding, end", [("utf-8", "</channel></rss>"), ("windows-1252", "</channel></rss>"), ("utf-8", "<item><title>cut")])
def test_its_articles_are_those_of_the_same_items_in_short_feeds(build, tmp_path, encoding, end):
    large = feed(range(ITEMS), encoding, end)
    assert len(large) > 1 << 20
    short = [feed(range(n, n + 30), encoding) for n in range(0, ITEMS, 30)]
    whole, *parts = parse(build, tmp_path, [large] + short)
    assert whole["articles"] == [a for p in parts for a in p["articles"]]
    assert len(whole["articles"]) == ITEMS
    assert [bool(a["topics"]) for a in whole["articles"]] == [n % 7 == 0 for n in range(ITEMS)]
    assert whole["feed"] == parts[0]["feed"]


WATCH = """watches:
  - name: treaty-news
    severity: high
    match: |
      treaty NEAR/8 renew*
"""


def test_each_of_its_articles_is_stored_and_judged(build, tmp_path):
    site = Site()
    site.set("/rss.xml", "application/rss+xml", feed(range(ITEMS), "utf-8"))
    rig = Rig(build, tmp_path, f"  - {{ name: rss, url: '{site.base}/rss.xml', parser: feed, every: 1h, full_text: never, backfill: alert }}\n",
              extra="delivery: { notify: [] }\n", rules=WATCH)
    try:
        assert rig.once() == 0, rig.said()
    finally:
        site.close()
    assert rig.sql("SELECT count(*), count(DISTINCT guid) FROM article") == [(ITEMS, ITEMS)]
    fired = rig.sql("SELECT x.id, a.guid FROM alert x JOIN article a ON a.id = x.article")
    assert sorted(int(guid) for _, guid in fired) == list(range(0, ITEMS, 7))
    for alert, guid in (fired[0], fired[-1]):
        shown = json.loads(rig.cli("alerts", alert, "--json").stdout)
        assert shown["article"]["url"].endswith("/" + guid)
        assert [e["passage"] for e in shown["evidence"]] == ["The two sides have agreed to renew the treaty."] * len(shown["evidence"])
