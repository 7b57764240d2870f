"""From a list page to one mail and one verified webhook; a second look sends nothing; an edit is a revision."""
import json
import sqlite3
import time

from rig import LISTS, Rig
from sinks import MailSink
from site_pages import NEW, OLD, Article, Site, rss


def due_again(rig):
    time.sleep(1.5)  # `every: 1s`


def look_again(rig, path):
    """The second look at a page, now instead of in hours."""
    db = sqlite3.connect(rig.state / "news.db")
    assert db.execute("update target set due_at = 0 where kind = 3 and url like ?", ("%" + path,)).rowcount == 1
    db.commit()
    db.close()


def test_baseline_alert_silence_revision(world):
    rig, site = world.rig, world.site
    assert rig.once() == 0, rig.said()
    assert rig.sql("select count(*) from alert where state = 'live'")[0][0] == 0
    assert world.mail.raw == [] and world.hook.got == []

    site.publish("treaty", "listed")
    due_again(rig)
    assert rig.once() == 0, rig.said()
    assert rig.sql("select count(*) from alert")[0][0] == 1, rig.said()
    assert len(world.mail.raw) == 1 and len(world.hook.got) == 1, rig.said()
    assert world.hook.got[0]["ok"]
    message = world.mail.messages[0]
    text = message.get_body(("plain",)).get_content().replace(">>", "").replace("<<", "")
    assert "The two ministers signed the extradition treaty" in " ".join(text.split())
    assert message["Auto-Submitted"] == "auto-generated"

    due_again(rig)
    assert rig.once() == 0, rig.said()
    assert len(world.mail.raw) == 1 and len(world.hook.got) == 1


def test_an_edited_page_becomes_revision_2(world):
    rig, site = world.rig, world.site
    assert rig.once() == 0, rig.said()
    site.publish("treaty", "listed")
    due_again(rig)
    assert rig.once() == 0, rig.said()
    path = NEW["treaty"].path
    before, = rig.sql("select a.id, a.n from article a where a.url like ?", "%" + path)
    assert before[1] == 1
    edited = Article(path, NEW["treaty"].title, NEW["treaty"].paragraphs + ["Corrected: the ceremony was on Monday."])
    site.set(path, "text/html; charset=utf-8", edited.page())
    look_again(rig, path)
    assert rig.once() == 0, rig.said()
    assert rig.sql("select id, n from article where url like ?", "%" + path) == [(before[0], 2)], rig.said()
    bodies = [row[0] for row in rig.sql("select body from revision where article = ? and n > 0 order by n", before[0])]
    assert len(bodies) == 2 and "Monday" not in bodies[0] and "Monday" in bodies[1], "what was said before is kept"
    told = [json.loads(line) for line in rig.cli("revisions", site.base + path, "--json").stdout.splitlines()]
    assert [(r["n"], r["changes"]) for r in told] == [
        (0, []), (1, []), (2, [{"change": "added", "field": "body", "text": "Corrected: the ceremony was on Monday."}])]
    assert "  + Corrected: the ceremony was on Monday.\n" in rig.cli("revisions", f"article:{before[0]}").stdout
    unknown = rig.cli("revisions", "https://nowhere.example/")
    assert unknown.returncode == 1 and "no article 'https://nowhere.example/'" in unknown.stderr
    assert rig.sql("select count(*) from alert")[0][0] == 1 and len(world.mail.raw) == 1, "the evidence is not new"


def test_an_item_edited_in_its_feed_becomes_revision_2(build, tmp_path):
    site, mail = Site(), MailSink()
    try:
        site.set("/rss.xml", "application/rss+xml", rss(site.base, OLD))
        rig = Rig(build, tmp_path, f"  - {{ name: rss, url: '{site.base}/rss.xml', parser: feed, every: 1s, full_text: never }}\n", mail,
                  rules=LISTS.replace("[desk, hub]", "[desk]"))
        assert rig.once() == 0, rig.said()
        changed = Article(OLD[0].path, OLD[0].title, ["The two ministers signed the extradition treaty."])
        site.set("/rss.xml", "application/rss+xml", rss(site.base, [changed] + OLD[1:]))
        due_again(rig)
        assert rig.once() == 0, rig.said()
        assert rig.sql("select n from article where n > 1") == [(2,)], rig.said()
        assert len(mail.raw) == 1, "its new sentence fires"
    finally:
        site.close()
        mail.close()


def test_a_broken_configuration_names_every_error_and_changes_nothing(world):
    rig = world.rig
    assert rig.once() == 0, rig.said()
    rig.write("watches.d/rules.yaml", "watches:\n  - name: a\n    severty: high\n    match: |\n      treaty AND\n")
    out = rig.cli("check")
    assert out.returncode == 1
    assert "rules.yaml:3:" in out.stderr + out.stdout and "severity" in out.stderr + out.stdout
    assert rig.once() == 0, "the configuration accepted last stands in: " + rig.said()


def test_a_killed_daemon_sends_the_same_message_again(world):
    import os
    import signal
    import threading
    rig, site, struck = world.rig, world.site, threading.Event()
    assert rig.once() == 0, rig.said()

    def strike(_):
        if not struck.is_set():
            struck.set()
            os.kill(rig.process.pid, signal.SIGKILL)
            time.sleep(0.3)
    world.mail.before = strike
    site.listed.insert(0, Article("/eng/xw/202611/t20261124_1099.html", "Protocol Extended", ["The two sides agreed to extend the protocol."]))
    site.refresh()
    rig.start()
    assert struck.wait(30), rig.said()
    rig.process.wait()
    rig.start()
    assert rig.wait_for(lambda: len(world.mail.raw) >= 2, 60), rig.said()
    ids = {m["Message-ID"] for m in world.mail.messages}
    assert len(ids) == 1
    assert rig.stop() == 0, rig.said()
