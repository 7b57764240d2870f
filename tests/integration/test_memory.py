"""What a feed of 25 MB costs: the peak of each program's resident memory over that of a small feed."""
import os
import re
import subprocess
import time

import pytest

from rig import Rig
from site_pages import Site

SIZE = 25_000_000
KEPT = 30_000_000  # no program takes more for it

SHORT = "<item><title>Item number {n}</title><link>https://e.example/{n}</link><guid>{n}</guid><description>" + "word " * 60 + \
    "</description></item>"
WHOLE = "<item><title>Item number {n}</title><link>https://e.example/{n}</link><guid>{n}</guid><description>" + "word " * 60 + \
    "</description><content:encoded><![CDATA[" + ("<p>" + "word " * 60 + "</p>\n") * 12 + "]]></content:encoded></item>"
# 2,000 of them are the whole feed: 25 MB of summaries; of text, and as much again of HTML
SUMMARY = "<item><title>Item number {n}</title><link>https://e.example/{n}</link><guid>{n}</guid><description>" + "word " * 2460 + \
    "</description></item>"
TEXT = "<item><title>Item number {n}</title><link>https://e.example/{n}</link><guid>{n}</guid><content:encoded><![CDATA[<p>" + \
    "word " * 2460 + "</p>]]></content:encoded></item>"
SHAPES = {"short": SHORT, "whole": WHOLE, "summary": SUMMARY, "text": TEXT}


def feed(item, size):
    head = '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/">' \
        "<channel><title>Sampleland</title><link>https://e.example/</link><description>News</description>"
    count = max(20, size // len(item))
    return (head + "".join(item.format(n=n) for n in range(count)) + "</channel></rss>").encode()


def status(pid):
    """Name, parent and peak of resident bytes; None if it is gone."""
    try:
        text = open(f"/proc/{pid}/status").read()
    except OSError:
        return None
    peak = re.search(r"^VmHWM:\s+(\d+) kB", text, re.M)
    if not peak:
        return None
    return text.split("\n", 1)[0].split("\t")[1], int(re.search(r"^PPid:\s+(\d+)", text, re.M)[1]), int(peak[1]) * 1024


class Family:
    """A process and its children: the highest peak seen of each name."""

    def __init__(self, pid):
        self.pid, self.peaks, self.others = pid, {}, set()

    def look(self):
        for entry in filter(str.isdigit, os.listdir("/proc")):
            if entry in self.others or not (found := status(entry)):
                continue
            name, parent, peak = found
            if int(entry) == self.pid or parent == self.pid:
                if name != "pytest" and not name.startswith("python"):  # not before exec
                    self.peaks[name] = max(peak, self.peaks.get(name, 0))
            elif len(self.others) < 10_000:
                self.others.add(entry)


def parse(build, folder, document):
    """The small ones behind it keep the programs alive until they have been looked at."""
    (folder / "large.xml").write_bytes(document)
    (folder / "small.xml").write_bytes(feed(WHOLE, 0))
    run = subprocess.Popen([build / "newswatch", "parse", "--base-url", "https://e.example/feed", "--max-bytes", str(2 * SIZE),
                            folder / "large.xml"] + [folder / "small.xml"] * 400, stdout=subprocess.DEVNULL)
    family = Family(run.pid)
    while run.poll() is None:
        family.look()
        time.sleep(0.005)
    assert run.returncode == 0
    return family.peaks["newswatch"], family.peaks["newswatch-worke"]


@pytest.mark.parametrize("shape", SHAPES)
def test_parse_takes_little_more_than_the_document(build, tmp_path, shape):
    item = SHAPES[shape]
    base, base_worker = parse(build, tmp_path, feed(item, 0))
    parent, worker = parse(build, tmp_path, feed(item, SIZE))
    print(f"over the base: newswatch {(parent - base) / 1e6:.1f} MB, worker {(worker - base_worker) / 1e6:.1f} MB")
    assert parent - base <= KEPT
    assert worker - base_worker <= KEPT
    assert worker - base_worker > SIZE * 0.9, "the worker was measured while it held the document"


def daemon(build, folder, document):
    site = Site()
    folder.mkdir()
    site.set("/rss.xml", "application/rss+xml", document)
    rig = Rig(build, folder, f"  - {{ name: rss, url: '{site.base}/rss.xml', parser: feed, every: 1h, full_text: never, max_bytes: 32M }}\n",
              extra="delivery: { notify: [] }\n", rules="{}\n")
    family = Family(rig.start().pid)

    def is_stored():
        family.look()
        return rig.sql("select count(*) from article")[0][0] >= 20

    try:
        assert rig.wait_for(is_stored, 60), rig.said()
        family.look()
    finally:
        rig.kill()
        site.close()
    return family.peaks["newswatchd"], family.peaks["newswatch-worke"]


@pytest.mark.parametrize("shape", SHAPES)
def test_the_daemon_takes_little_more_than_the_document(build, tmp_path, shape):
    item = SHAPES[shape]
    base, base_worker = daemon(build, tmp_path / "small", feed(item, 0))
    peak, worker = daemon(build, tmp_path / "large", feed(item, SIZE))
    print(f"over the base: newswatchd {(peak - base) / 1e6:.1f} MB, worker {(worker - base_worker) / 1e6:.1f} MB")
    assert SIZE * 0.9 < peak - base <= KEPT
    assert worker - base_worker <= KEPT
