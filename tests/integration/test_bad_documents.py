"""What is no document, or half of one: one clear line each, nothing stored as complete, validators where they were."""
import hashlib
import subprocess

import pytest

from rig import Rig
from site_pages import OLD, Article, Site, rss

NEWS = Article("/1.html", "Treaty of Friendship", ["The two ministers signed the treaty."])
HTML = b"<!DOCTYPE html><html><head><title>Please log in</title></head><body><p>Please log in to go on.</p></body></html>"


def garbage():
    block = hashlib.sha512(b"newswatch").digest()
    out = bytearray()
    while len(out) < 8 << 20:
        block = hashlib.sha512(block).digest()
        out += block
    return bytes(out)


def half_of(base):
    whole = rss(base, [NEWS] + OLD)
    return whole[:len(whole) // 2]


BAD = {"empty": lambda base: b"", "html": lambda base: HTML, "garbage": lambda base: garbage(), "half": half_of}


@pytest.fixture
def fed(build, tmp_path):
    site = Site()
    site.set("/rss.xml", "application/rss+xml", rss(site.base, OLD))
    rig = Rig(build, tmp_path, f"  - {{ name: rss, url: '{site.base}/rss.xml', parser: feed, every: 1s, full_text: never }}\n",
              extra="delivery: { notify: [] }\n", rules="{}\n")
    yield rig, site
    site.close()


def validators(rig):
    return rig.sql("select etag, last_modified, body_hash from target where kind = 0")


def target(rig):
    return rig.sql("select last_error, failures from target where kind = 0")[0]


def again(rig):
    """The next look, now: a failing source waits longer than a test does."""
    import sqlite3
    db = sqlite3.connect(rig.state / "news.db")
    db.execute("update target set due_at = 0")
    db.commit()
    db.close()
    assert rig.once() == 0, rig.said()


@pytest.mark.parametrize("kind", sorted(BAD))
def test_after_a_good_feed_a_bad_one_moves_nothing(fed, kind):
    rig, site = fed
    assert rig.once() == 0, rig.said()
    before, articles = validators(rig), rig.sql("select count(*) from article")[0][0]
    assert before[0][0] != "" and articles == 6
    site.set("/rss.xml", "application/rss+xml", BAD[kind](site.base))
    length = len(rig.said())
    again(rig)
    said = [line for line in rig.said()[length:].splitlines() if "rss" in line]
    reasons = [line for line in said if "cut" in line] if kind == "half" else \
        [line for line in said if " warning: " in line or " error: " in line]
    assert len(reasons) == 1, said
    assert validators(rig) == before, "validators move only with a complete document"
    if kind != "half":
        assert target(rig)[1] == 1 and target(rig)[0] != "", "it counts as a failure, with its reason"
        assert rig.sql("select count(*) from article")[0][0] == articles
    site.set("/rss.xml", "application/rss+xml", rss(site.base, [NEWS] + OLD))
    again(rig)
    assert rig.sql("select count(*) from article")[0][0] == 7, "the next good one is read whole"
    assert target(rig) == ("", 0) and validators(rig) != before


@pytest.mark.parametrize("kind", sorted(BAD))
def test_parse_says_one_line(build, tmp_path, kind):
    path = tmp_path / "doc"
    path.write_bytes(BAD[kind]("http://127.0.0.1"))
    run = subprocess.run([build / "newswatch", "parse", "--as", "feed", "--base-url", "http://127.0.0.1/rss.xml", path],
                         capture_output=True, text=True, timeout=60)
    if kind == "half":  # what stands there is shown, with a note that it is not all
        assert "incomplete" in run.stdout or "ends" in run.stdout or run.stderr
    else:
        assert run.returncode == 1 and run.stdout == "" and len(run.stderr.splitlines()) == 1, run.stderr
