"""The commands that read the store: alerts, explain, nearmiss, deliveries, sources, status; with and without a daemon."""
import json
import pathlib
import re
import shutil
import sqlite3
import subprocess
import time

import pytest

from rig import LISTS, SECRET, Rig
from sinks import HookSink, MailSink
from site_pages import OLD, Article, Ministry

TOP = pathlib.Path(__file__).resolve().parents[2]
WATCHES = LISTS + """  - name: elsewhere
    sources: [gone]
    notify: [desk]
    match: |
      treaty
  - name: drafted
    state: draft
    match: |
      treaty
  - name: chinese
    lang: [zh]
    notify: [desk]
    match: |
      treaty
  - name: far
    notify: [desk]
    match: |
      treaty NEAR/2 negotiators
  - name: lacking
    notify: [desk]
    match: |
      (treaty AND (football OR tennis)) OR chess
  - name: envoys
    notify: [desk]
    match: |
      ambassadors
  - name: trial
    state: shadow
    notify: [desk]
    match: |
      treaty
  - name: scored
    notify: [desk]
    score: |
      30: treaty
      40: football
      >= 900
  - name: titled
    notify: [desk]
    match: |
      title:(minister AND treaty)
  - name: both
    notify: [desk]
    match: |
      watch(envoys) AND treaty
  - name: negated
    notify: [desk]
    match: |
      treaty AND NOT lanterns
"""


@pytest.fixture(scope="module")
def read(build, tmp_path_factory):
    """A store with one alert, one near miss, a failing source; nothing runs."""
    site, mail, hook = Ministry(), MailSink(), HookSink(SECRET)
    sources = f"""  - name: mfa
    url: {site.base}/eng/xw/
    parser: page
    every: 1s
    lang: en
    timezone: Asia/Shanghai
    listing: {{ link: 't\\d{{8}}_\\d+\\.html', min_items: 5 }}
    article: {{ title: ['meta[name=ArticleTitle]'], body: ['.content_text'] }}
  - {{ name: gone, url: '{site.base}/nothing.xml', parser: feed, every: 1s }}
  - {{ name: off, url: 'https://off.example.org/feed.xml', enabled: false, reason: 'moved to a wall' }}
"""
    rig = Rig(build, tmp_path_factory.mktemp("read"), sources, mail, hook, rules=WATCHES)
    assert rig.once() == 0, rig.said()
    site.publish("treaty", "listed")
    site.publish("silent", "listed")
    time.sleep(1.5)
    assert rig.once() == 0, rig.said()
    rig.site = site
    yield rig
    for server in (site, mail, hook):
        server.close()


def url(rig, number):
    return f"{rig.site.base}/eng/xw/202611/t20261124_{number}.html"


def lines(run):
    assert run.returncode in (0, 1), run.stderr
    return [json.loads(line) for line in run.stdout.splitlines()]


def explain(rig, number, watch):
    answer, = lines(rig.cli("explain", url(rig, number), watch, "--json"))
    return answer


def test_alerts_lists_the_newest_first_and_filters(read):
    rows = lines(read.cli("alerts", "--json"))
    assert {r["watch"] for r in rows} == {"treaty-news", "negated", "envoys", "trial"}
    assert [r["at"] for r in rows] == sorted((r["at"] for r in rows), reverse=True)
    row, = lines(read.cli("alerts", "--json", "--watch", "treaty-news"))
    assert row["severity"] == "high" and row["state"] == "live" and row["source"] == "mfa"
    assert row["article"]["url"] == url(read, 1024) and row["article"]["revision"] == 1
    assert lines(read.cli("alerts", "--json", "--watch", "lacking")) == []
    assert lines(read.cli("alerts", "--json", "--since", "2020-01-01", "--until", "2021-01-01")) == []
    assert len(lines(read.cli("alerts", "--json", "--since", "1h", "--limit", "1"))) == 1
    text = read.cli("alerts", "--watch", "treaty-news").stdout
    assert row["id"][:12] in text and url(read, 1024) in text


def test_one_alert_is_shown_whole(read):
    row, = lines(read.cli("alerts", "--json", "--watch", "treaty-news"))
    alert, = lines(read.cli("alerts", "--json", row["id"][:8]))
    hit = alert["evidence"][0]
    body = alert["text"]["body_text"].encode()
    assert body[hit["start"]:hit["end"]].decode() == hit["text"]
    assert hit["text"] in hit["passage"] == "The two ministers signed the extradition treaty between the two countries."
    assert {t["name"] for t in alert["text"]["topics"]} == {"treaties"}
    assert {d["channel"] for d in alert["deliveries"]} == {"desk", "hub"}
    assert all(d["state"] == "delivered" and d["attempts"] == 1 for d in alert["deliveries"])
    assert alert["document"]["url"] == url(read, 1024) and len(alert["document"]["sha256"]) == 64
    text = read.cli("alerts", row["id"]).stdout
    for part in ("evidence", ">>", "expression", "Both sides welcomed", "desk to desk@example.org: delivered"):
        assert part in text


def test_an_alert_nobody_knows_is_exit_1_and_a_wrong_line_exit_2(read):
    assert read.cli("alerts", "0123456789").returncode == 1
    assert read.cli("alerts", "a", "b").returncode == 2
    assert read.cli("alerts", "--since", "yesterday").returncode == 2
    assert read.cli("alerts", "--state", "nonsense").returncode == 2


def test_explain_tells_the_way_of_what_was_delivered(read):
    answer = explain(read, 1024, "treaty-news")
    assert answer["stopped_at"] is None
    assert [s["station"] for s in answer["steps"]][:7] == \
        ["source", "listed", "fetched", "read", "matched", "fired", "live"]
    assert [s["station"] for s in answer["steps"]].count("delivered") == 2
    tag = next(t for t in answer["tags"] if t["name"] == "treaties")
    assert tag["class"] == "news" and "signed the extradition treaty" in tag["evidence"][0]["text"]


@pytest.mark.parametrize("watch,why", [("elsewhere", "other sources only: gone"), ("drafted", "state draft")])
def test_explain_names_the_envelope_that_kept_a_watch_silent(read, watch, why):
    answer = explain(read, 1024, watch)
    assert answer["stopped_at"] == "fired" and why in answer["why"]


@pytest.mark.parametrize("watch,lacks", [
    ("chinese", [("scope", "")]),
    ("far", [("apart", "treaty NEAR/2 negotiators")]),
    ("scored", [("absent", "football")]),
    ("titled", [("absent", "title:treaty")]),
    ("both", [("absent", "watch(envoys)")]),
    ("lacking", [("instead", "treaty AND (football OR tennis)"), ("absent", "football OR tennis")]),
])
def test_explain_names_what_the_article_lacks(read, watch, lacks):
    answer = explain(read, 1024, watch)
    assert answer["stopped_at"] == "fired"
    assert [(x["what"], x["part"]) for x in answer["lacks"]] == lacks


def test_explain_tells_what_first_contact_and_shadow_mute(read):
    answer = lines(read.cli("explain", f"{read.site.base}{OLD[0].path}", "envoys", "--json"))[0]
    assert answer["stopped_at"] == "live" and "first contact" in answer["why"]
    answer = explain(read, 1024, "trial")
    assert answer["stopped_at"] == "live" and "state shadow" in answer["why"]
    rows = lines(read.cli("alerts", "--json", "--watch", "trial", "--state", "shadow"))
    assert {r["article"]["url"] for r in rows} == {url(read, 1024), url(read, 1025)}
    assert all(r["state"] == "shadow" and lines(read.cli("deliveries", "--json", r["id"])) == [] for r in rows)


def test_explain_names_a_source_that_is_configured_but_not_read(read):
    run = read.cli("explain", "https://off.example.org/17.html", "far", "--json")
    assert run.returncode == 1 and "disabled" in json.loads(run.stdout)["why"]


def test_explain_shows_what_blocked_a_near_miss(read):
    answer = explain(read, 1025, "negated")
    assert answer["stopped_at"] == "fired" and "near" in answer["why"]
    assert [b["text"] for b in answer["blocked_by"]] == ["lanterns"]
    text = read.cli("explain", url(read, 1025), "negated").stdout
    assert "=> stopped at 'fired'" in text and ">>lanterns<<" in text


def test_explain_knows_how_far_an_article_nobody_listed_could_have_come(read):
    run = read.cli("explain", url(read, 7777), "far", "--json")
    assert run.returncode == 1
    answer = json.loads(run.stdout)
    assert answer["article"] is None and answer["stopped_at"] == "listed"
    assert any("mfa" in s["text"] and s["ok"] for s in answer["steps"])
    run = read.cli("explain", "https://nobody.example.org/1.html", "far")
    assert run.returncode == 1 and "none watches its host" in run.stdout


def test_explain_takes_an_article_by_its_number_and_by_its_alert(read):
    alert, = lines(read.cli("alerts", "--json", "--watch", "treaty-news"))
    for name in (f"article:{alert['article']['id']}", alert["id"], alert["id"][:8]):
        answer, = lines(read.cli("explain", name, "treaty-news", "--json"))
        assert answer["url"] == url(read, 1024), name
    assert read.cli("explain", "article:999999", "treaty-news").returncode == 1


def test_explain_without_a_watch_shows_all_that_fired_or_nearly_did(read):
    answer, = lines(read.cli("explain", url(read, 1025), "--json"))
    fired = [s["text"] for s in answer["steps"] if s["station"] == "fired"]
    assert any("negated" in t for t in fired) and any("treaty-news" in t for t in fired)


def test_explain_without_a_watch_ranks_those_that_came_nearest_to_an_article_nothing_fired_on(read):
    harbour, music = (next(o for o in OLD if word in o.title) for word in ("Deputy Minister", "Traditional Music"))
    answer, = lines(read.cli("explain", f"{read.site.base}{harbour.path}", "--json"))
    assert answer["why"] == "no watch fired on it" and answer["lacks"] == []
    assert [(n["watch"], n["share"], [x["part"] for x in n["lacks"]]) for n in answer["nearest"]] == \
        [("titled", 50, ["title:treaty"])]
    text = read.cli("explain", f"{read.site.base}{harbour.path}").stdout
    assert "nearest: titled (50 % of it is there)\n     - absent: title:treaty\n" in text
    answer, = lines(read.cli("explain", f"{read.site.base}{music.path}", "--json"))
    assert answer["nearest"] == []


def test_nearmiss_lists_and_shows_what_blocked(read):
    rows = lines(read.cli("nearmiss", "--json", "--watch", "negated"))
    assert [r["article"]["url"] for r in rows] == [url(read, 1025)]
    whole, = lines(read.cli("nearmiss", "--json", rows[0]["id"]))
    assert whole["blocked_by"][0]["text"] == "lanterns" and whole["state"] == "near"


def test_deliveries_are_listed_by_channel_and_by_alert(read):
    rows = lines(read.cli("deliveries", "--json"))
    assert {r["channel"] for r in rows} == {"desk", "hub"}
    assert all(r["channel"] == "hub" for r in lines(read.cli("deliveries", "--json", "--channel", "hub")))
    assert lines(read.cli("deliveries", "--json", "--state", "failed")) == []
    alert, = lines(read.cli("alerts", "--json", "--watch", "treaty-news"))
    assert len(lines(read.cli("deliveries", "--json", alert["id"]))) == 2


def test_sources_tell_health(read):
    rows = {r["name"]: r for r in lines(read.cli("sources", "--json"))}
    assert rows["mfa"]["health"] == "ok" and rows["mfa"]["articles"] == 8 and rows["mfa"]["last_ok"]
    assert rows["gone"]["health"] == "failing" and "404" in rows["gone"]["last_error"] and rows["gone"]["last_ok"] is None
    assert [r["name"] for r in lines(read.cli("sources", "--json", "--failing"))] == ["gone"]
    assert read.cli("sources", "nobody").returncode == 1


def test_status_tells_broken_from_quiet(read):
    run = read.cli("status", "--json")
    status = json.loads(run.stdout)
    assert run.returncode == 1 and status["verdict"] == "broken" and status["running"] is False
    assert any("source is failing" in p for p in status["problems"])
    assert any("does not answer" in p for p in status["problems"])
    assert status["queue"]["failed"] == 0 and status["queue"]["delivered"] >= 3 and status["sources"]["ok"] == 1
    assert read.cli("status").stdout.startswith("broken\n")


def promtool():
    if shutil.which("promtool") is None:
        pytest.skip("promtool is not installed")
    return "promtool"


def test_metrics_are_prometheus_text(read):
    run = read.cli("status", "--metrics")
    assert run.returncode == 0
    check = subprocess.run([promtool(), "check", "metrics"], input=run.stdout, text=True, capture_output=True)
    assert (check.returncode, check.stdout, check.stderr) == (0, "", "")
    for line in ("newswatch_up 0", 'newswatch_sources{health="failing"} 1', 'newswatch_source_failures{source="gone"}'):
        assert line in run.stdout


def test_the_rules_shipped_are_accepted_and_name_only_metrics_that_exist(read):
    rules = TOP / "systemd/alerts.rules.yml"
    check = subprocess.run([promtool(), "check", "rules", rules], text=True, capture_output=True)
    assert check.returncode == 0, check.stdout + check.stderr
    read.start()
    try:
        assert read.wait_for(lambda: "newswatch_worker_lock_level" in read.cli("status", "--metrics").stdout)
        metrics = read.cli("status", "--metrics").stdout
    finally:
        read.stop()
    known = set(re.findall(r"^# TYPE (\S+)", metrics, re.M)) | {"newswatch_oldest_undelivered_timestamp_seconds"}
    assert set(re.findall(r"newswatch_[a-z_]+", "".join(
        line for line in rules.read_text().splitlines(True) if "expr:" in line))) <= known


def test_with_a_daemon_status_has_its_own_answer(read):
    read.start()
    try:
        assert read.wait_for(lambda: json.loads(read.cli("status", "--json").stdout)["running"]), read.said()
        status = json.loads(read.cli("status", "--json").stdout)
        assert status["daemon"]["pid"] == read.process.pid and status["daemon"]["generation"] == 1
        assert "running, pid" in read.cli("status").stdout
    finally:
        assert read.stop() == 0


@pytest.mark.parametrize("command", ["alerts", "deliveries", "explain", "nearmiss", "sources", "status"])
def test_every_command_has_help_with_an_example_and_refuses_nonsense(build, command):
    run = subprocess.run([build / "newswatch", command, "--help"], capture_output=True, text=True)
    assert run.returncode == 0 and f"newswatch {command}" in run.stdout and "Example" in run.stdout
    assert subprocess.run([build / "newswatch", command, "--nonsense"], capture_output=True).returncode == 2


def test_without_a_store_it_is_exit_3_and_one_line(build, tmp_path):
    conf = tmp_path / "newswatchd.yaml"
    conf.write_text(f"store: {{ path: '{tmp_path}/news.db' }}\n")
    for command in ("alerts", "sources", "status", "nearmiss", "deliveries"):
        run = subprocess.run([build / "newswatch", command, "-c", conf], capture_output=True, text=True)
        assert run.returncode == 3 and len(run.stderr.splitlines()) == 1
        assert not (tmp_path / "news.db").exists()


def test_foreign_text_moves_no_terminal(world):
    rig, site = world.rig, world.site
    assert rig.once() == 0, rig.said()
    site.listed.insert(0, Article("/eng/xw/202611/t20261124_1099.html", "Treaty \u202esigned\u009b31m now",
                                  ["The two ministers signed the treaty \u202eto-day\u2066."]))
    site.refresh()
    time.sleep(1.5)
    assert rig.once() == 0, rig.said()
    text = rig.cli("alerts").stdout
    assert "signed" in text and not any(c in text for c in "\u202e\u2066\u009b\x1b")
    alert = text.split()[0]
    assert not any(c in rig.cli("alerts", alert).stdout for c in "\u202e\u2066\u009b\x1b")


def test_explain_follows_an_alert_that_is_refused_or_waits(world):
    rig, site, mail = world.rig, world.site, world.mail
    rig.write("watches.d/rules.yaml", LISTS.replace("notify: [desk, hub]", "notify: [desk]") + """  - name: patient
    notify: [hub]
    group_by: watch
    group_wait: 10m
    match: |
      treaty
""")
    assert rig.once() == 0, rig.said()
    mail.before = lambda _: "550 5.7.1 we take no alerts"
    site.publish("treaty", "listed")
    time.sleep(1.5)
    rig.start()
    try:
        assert rig.wait_for(lambda: rig.sql("select count(*) from delivery where state = 'failed'")[0][0] == 1), rig.said()
        answer = explain(rig_with_site(rig, site), 1024, "treaty-news")
        assert answer["stopped_at"] == "delivered" and "we take no alerts" in answer["why"]
        answer = explain(rig, 1024, "patient")
        assert answer["stopped_at"] == "grouped" and "hub" in answer["why"]
        status = json.loads(rig.cli("status", "--json").stdout)
        assert status["verdict"] == "broken" and status["queue"]["failed"] == 1 and status["queue"]["waiting"] >= 1
        assert [d["state"] for d in lines(rig.cli("deliveries", "--json", "--state", "failed"))] == ["failed"]
    finally:
        rig.stop()


def rig_with_site(rig, site):
    rig.site = site
    return rig


def give_up(rig, path):
    """Every try that a page has, now instead of over hours."""
    for _ in range(30):
        db = sqlite3.connect(rig.state / "news.db")
        left = db.execute("update target set due_at = 0 where kind = 2 and url like ?", ("%" + path,)).rowcount
        db.commit()
        db.close()
        if left == 0:
            return
        assert rig.once() == 0, rig.said()
    pytest.fail("the page is never given up")


def test_a_lost_page_is_told_as_that_and_stops_its_article(world):
    rig, site = world.rig, world.site
    assert rig.once() == 0, rig.said()
    lost = Article("/eng/xw/202611/t20261124_5001.html", "A football match", ["It was long."])
    site.listed.insert(0, lost)
    site.refresh()
    site.status[lost.path] = 503
    time.sleep(1.5)
    assert rig.once() == 0, rig.said()
    answer = explain(rig_with_site(rig, site), 5001, "treaty-news")
    assert answer["stopped_at"] == "fetched" and "503" in answer["why"] and "1 failure," in answer["why"]
    give_up(rig, lost.path)
    answer = explain(rig, 5001, "treaty-news")
    assert answer["stopped_at"] == "fetched" and "title and summary stand for it" in answer["why"]
    source, = lines(rig.cli("sources", "--json", "mfa"))
    assert source["health"] == "ok", "a page is not its source"
    told = json.loads(rig.cli("status", "--json").stdout)["conditions"]
    assert [c["key"] for c in told] == ["pages/mfa"] and "503" in told[0]["text"]
    notice, = [a for a in lines(rig.cli("alerts", "--json", "--state", "operator")) if "a page is given up" in a["subject"]]
    assert "503" in rig.cli("alerts", notice["id"][:10]).stdout
    site.publish("treaty", "listed")
    time.sleep(1.5)
    assert rig.once() == 0, rig.said()
    assert json.loads(rig.cli("status", "--json").stdout)["conditions"] == [], "it ends when a page is read"


def set_source(rig, change):
    db = sqlite3.connect(rig.state / "news.db")
    db.execute(change)
    db.commit()
    db.close()


def test_quiet_and_late_are_told_apart_from_ok(world):
    rig = world.rig
    assert rig.once() == 0, rig.said()
    now = int(time.time() * 1000)
    hour = 3600000

    def health():
        return lines(rig.cli("sources", "--json", "mfa"))[0]["health"]
    set_source(rig, f"update target set due_at = {now + hour} where kind = 0")
    set_source(rig, f"update source set rhythm = {hour}, last_new = {now - 2 * hour}")
    assert health() == "ok", "two usual gaps are nothing"
    set_source(rig, f"update source set last_new = {now - 4 * hour}")
    assert health() == "quiet"
    set_source(rig, f"update source set rhythm = 1000, last_new = {now - hour // 2}")
    assert health() == "ok", "a burst does not make half an hour a silence"
    set_source(rig, f"update target set due_at = {now - hour} where kind = 0")
    assert health() == "late"
    assert any("due and not polled" in p for p in json.loads(rig.cli("status", "--json").stdout)["problems"])
