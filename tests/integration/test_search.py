"""The archive is searched as it is watched: at once, whatever becomes of the index; alerts never wait for it."""
import json
import os
import re
import signal
import sqlite3
import subprocess
import time

from site_pages import Article

WATCH = "treaty-news"


def indexer(rig):
    for line in subprocess.run(["pgrep", "-P", str(rig.process.pid), "-f", "newswatch-indexer"], stdout=subprocess.PIPE, text=True).stdout.split():
        return int(line)
    return None


def indexed(rig):
    """Revisions in the index, or -1 while it cannot be read."""
    try:
        db = sqlite3.connect(f"file:{rig.state}/search.db?mode=ro", uri=True)
        try:
            return db.execute("select mark from state").fetchone()[0]
        finally:
            db.close()
    except sqlite3.Error:
        return -1


def last(rig):
    return rig.sql("select max(id) from revision")[0][0] or 0


def is_caught_up(rig):
    return last(rig) > 0 and indexed(rig) == last(rig)


def publish(site, n, title, text):
    site.listed.insert(0, Article(f"/eng/xw/202611/t20261124_{n}.html", title, [text]))
    site.refresh()


def search(rig, expr, *more):
    out = rig.cli("search", "--json", *more, expr)
    assert out.returncode == 0, out.stderr
    return [json.loads(line) for line in out.stdout.splitlines()], out.stderr


def titles(rig, expr):
    return [hit["title"] for hit in search(rig, expr)[0]]


def reaches(rig, expr):
    """What query --expand says of the patterns, None where the archive has no index."""
    out = rig.cli("query", "--json", "--expand", expr)
    assert out.returncode == 0, out.stderr
    return json.loads(out.stdout).get("reaches")


def stored_with(rig, word):
    rows = rig.sql("select title, body from revision")
    return sum(re.search(r"(?<!\w)%s(?!\w)" % word, f"{title} {body}", re.I) is not None for title, body in rows)


def test_what_was_just_stored_is_found_at_once(world):
    rig, site = world.rig, world.site
    rig.start()
    assert rig.wait_for(lambda: is_caught_up(rig)), rig.said()
    os.kill(indexer(rig), signal.SIGSTOP)
    before = last(rig)
    publish(site, 1501, "Ferry Line Opens", "The ferry line between Norland and Suthmark opened on Tuesday.")
    assert rig.wait_for(lambda: rig.sql("select count(*) from revision where title = 'Ferry Line Opens' and n > 0")[0][0] == 1), rig.said()
    assert indexed(rig) == before
    hits, _ = search(rig, '"ferry line" NEAR/3 norland')
    assert [h["title"] for h in hits] == ["Ferry Line Opens"]
    item = hits[0]["evidence"][0]
    assert item["text"] == "ferry line between Norland" and item["passage"].startswith("The ferry line") and hits[0]["current"]
    os.kill(indexer(rig), signal.SIGKILL)  # stopped or not, it is replaced
    assert rig.wait_for(lambda: is_caught_up(rig)), rig.said()
    assert titles(rig, '"ferry line" NEAR/3 norland') == ["Ferry Line Opens"]
    assert rig.stop() == 0, rig.said()


def test_reindex_by_the_daemon_and_without_one(world):
    rig = world.rig
    rig.start()
    assert rig.wait_for(lambda: is_caught_up(rig)), rig.said()
    found = titles(rig, "minister*")
    assert found
    out = rig.cli("reindex")
    assert out.returncode == 0, out.stderr
    assert rig.wait_for(lambda: "made anew: that was asked for" in rig.said() and is_caught_up(rig)), rig.said()
    assert titles(rig, "minister*") == found
    assert rig.stop() == 0, rig.said()
    reach = reaches(rig, "title:minister* AND NOT minis*")
    assert [r["pattern"] for r in reach] == ["minister*", "minis*"]
    counts = {w["word"]: w["revisions"] for w in reach[0]["words"]}
    assert counts.get("minister") == stored_with(rig, "minister") and set(counts) <= {w["word"] for w in reach[1]["words"]}
    (rig.state / "search.db").unlink()
    assert reaches(rig, "minister*") is None
    hits, said = search(rig, "minister*")
    assert [h["title"] for h in hits] == found and "there is no index" in said
    out = rig.cli("reindex")
    assert out.returncode == 0, out.stderr
    assert is_caught_up(rig)
    hits, said = search(rig, "minister*")
    assert [h["title"] for h in hits] == found and "index" not in said


def test_an_indexer_killed_again_and_again_loses_nothing(world):
    rig, site = world.rig, world.site
    rig.start()
    assert rig.wait_for(lambda: is_caught_up(rig)), rig.said()
    for i in range(4):
        publish(site, 1600 + i, f"Notice {i}", f"Notice number{i} concerns the harbour.")
        assert rig.wait_for(lambda: indexer(rig) is not None, 30), rig.said()
        os.kill(indexer(rig), signal.SIGKILL)
        assert rig.wait_for(lambda: rig.sql(f"select count(*) from revision where title = 'Notice {i}'")[0][0] > 0), rig.said()
        assert titles(rig, f"number{i}") == [f"Notice {i}"]
    assert rig.wait_for(lambda: is_caught_up(rig), 60), rig.said()
    for i in range(4):
        assert titles(rig, f"number{i}") == [f"Notice {i}"]
    rows = sqlite3.connect(f"file:{rig.state}/search.db?mode=ro", uri=True).execute("select n from state").fetchone()[0]
    assert rows == rig.sql("select count(*) from revision")[0][0]
    assert rig.stop() == 0, rig.said()


def test_a_damaged_or_removed_index_is_made_again_and_alerts_go_on(world):
    rig, site = world.rig, world.site
    rig.start()
    assert rig.wait_for(lambda: is_caught_up(rig)), rig.said()
    assert rig.stop() == 0
    path = rig.state / "search.db"
    for tail in ("-wal", "-shm"):
        (rig.state / f"search.db{tail}").unlink()
    path.write_bytes(b"nonsense" * 4096)
    rig.start()
    assert rig.wait_for(lambda: "it was damaged" in rig.said() and is_caught_up(rig)), rig.said()
    path.unlink()
    site.publish("treaty", "listed")
    assert rig.wait_for(lambda: rig.sql("select count(*) from alert where state = 'live'")[0][0] == 1), rig.said()
    assert rig.wait_for(lambda: len(world.mail.raw) == 1, 30), rig.said()
    assert rig.wait_for(lambda: path.exists() and is_caught_up(rig), 60), rig.said()
    assert len(titles(rig, f"watch({WATCH})")) == 1
    assert rig.stop() == 0, rig.said()


def test_live_rule_search_and_backtest_agree(world, tmp_path):
    rig, site = world.rig, world.site
    assert rig.once() == 0, rig.said()
    time.sleep(1.5)
    site.publish("treaty", "listed")
    rig.start()
    assert rig.wait_for(lambda: rig.sql("select count(*) from alert where state = 'live'")[0][0] == 1), rig.said()
    assert rig.wait_for(lambda: is_caught_up(rig)), rig.said()
    alerted = [row[0] for row in rig.sql("select a.url from alert l join article a on a.id = l.article where l.state = 'live'")]
    out = rig.cli("backtest", "--json", WATCH)
    assert out.returncode == 0, out.stderr
    test = json.loads(out.stdout)
    hits, _ = search(rig, f"watch({WATCH})")
    assert [h["url"] for h in hits] == [h["url"] for h in test["hits"]] == alerted
    assert [e["text"] for e in hits[0]["evidence"]] == [e["text"] for e in test["hits"][0]["evidence"]]
    assert test["fires"] == 1 and test["per_day"][0]["fires"] == 1 and test["not_judged"] == 0

    by_topic = tmp_path / "topic.yaml"
    by_topic.write_text("watches:\n  - name: by-topic\n    match: |\n      topic:treaties/news\n", encoding="utf-8")
    out = rig.cli("backtest", "--json", str(by_topic))
    assert out.returncode == 0, out.stderr
    test = json.loads(out.stdout)
    assert [h["url"] for h in test["hits"]] == alerted and test["looked_at"] < last(rig), "a topic's own words propose candidates"

    sent = rig.sql("select count(*) from outbox")[0][0]
    edited = tmp_path / "edited.yaml"
    edited.write_text(f"watches:\n  - name: {WATCH}\n    match: |\n      title:ministers OR title:minister\n", encoding="utf-8")
    out = rig.cli("backtest", "--json", "--against", str(edited), WATCH)
    assert out.returncode == 0, out.stderr
    test = json.loads(out.stdout)
    gained = {h["title"] for h in test["hits"] if h["change"] == "gained"}
    assert gained == set(titles(rig, "title:ministers OR title:minister")) - {hits[0]["title"]}
    assert test["fires"] == 1 and test["gained"] == len(gained) and test["fires_edited"] == test["fires"] + test["gained"] - test["lost"]
    assert rig.sql("select count(*) from outbox")[0][0] == sent, "a backtest never touches the outbox"
    assert rig.stop() == 0, rig.said()


def test_pages_follow_each_other(world):
    rig = world.rig
    assert rig.once() == 0, rig.said()
    everything = [h["article"] for h in search(rig, "lang:en")[0]]
    assert len(everything) > 3
    paged, before = [], None
    while True:
        hits, _ = search(rig, "lang:en", "--limit", "2", *(["--before", str(before)] if before else []))
        if not hits:
            break
        paged += [h["article"] for h in hits]
        before = hits[-1]["revision"]
    assert paged == everything
    assert rig.cli("search", "treaty AND (").returncode == 1
    assert rig.cli("search", "--since", "yesterday", "treaty").returncode == 2
    assert search(rig, "lang:en", "--since", "1d")[0] and not search(rig, "lang:en", "--since", "2150-01-01")[0]
    assert search(rig, "lang:en", "--until", "2150-01-01")[0] and not search(rig, "lang:en", "--until", "1d")[0]
    assert rig.cli("search", "--until", "yesterday", "treaty").returncode == 2
    assert json.loads(rig.cli("backtest", "--json", "--until", "1d", WATCH).stdout)["looked_at"] == 0


def test_an_indexer_that_cannot_write_costs_no_alert_and_is_told_once(world):
    rig, site = world.rig, world.site
    (rig.state / "search.db").mkdir()
    rig.start()
    assert rig.wait_for(lambda: rig.sql("select count(*) from article")[0][0] == 6), rig.said()
    site.publish("treaty", "listed")
    assert rig.wait_for(lambda: len(world.mail.raw) >= 1, 30), rig.said()
    assert len(titles(rig, f"watch({WATCH})")) == 1
    assert rig.wait_for(lambda: "newswatch-indexer ends again and again" in rig.said(), 60), rig.said()
    (rig.state / "search.db").rmdir()
    assert rig.wait_for(lambda: is_caught_up(rig), 60), rig.said()
    assert rig.said().count("newswatch-indexer ends again and again") == 1
    assert rig.stop() == 0, rig.said()
