"""SIGKILL at random moments, at the daemon, its workers, its senders and its indexer, while articles keep coming: all arrive.

A short form runs in the suite; NW_LONG=1 kills 200 times.  NW_SEED chooses the order of kinds and the moments."""
import json
import os
import pathlib
import random
import signal
import sqlite3
import threading
import time

from rig import SECRET, Rig
from sinks import HookSink, MailSink
from site_pages import LIST, OLD, Article, Site, rss

LONG = os.environ.get("NW_LONG") == "1"
KILLS = int(os.environ.get("NW_KILLS", "200" if LONG else "8"))
SEED = int(os.environ.get("NW_SEED", "1"))
GAP = 0.1  # seconds between two articles
LISTED = 400  # articles a list shows: more than are published while the daemon is down
KINDS = {"daemon": "newswatchd", "worker": "newswatch-worke", "sender": "newswatch-sende", "indexer": "newswatch-index"}
RULES = """watches:
  - name: protocols
    severity: critical
    notify: [desk, hub]
    match: |
      protocol NEAR/8 extend*
"""


class Stream(Site):
    """Every GAP a new article, by turns in a feed that carries its text and in a list whose pages carry it."""

    def __init__(self):
        super().__init__()
        self.feed, self.listed, self.published, self.ending = list(OLD[:2]), list(OLD), 0, threading.Event()
        for a in OLD:
            self.set(a.path, "text/html; charset=utf-8", a.page())
        self.refresh()

    def refresh(self):
        items = "\n".join(f'<li><a href="{a.path}">{a.title}</a>({a.date})</li>' for a in self.listed[:LISTED])
        self.set("/eng/xw/", "text/html; charset=utf-8", LIST.format(items=items).encode())
        self.set("/rss.xml", "application/rss+xml", rss(self.base, self.feed[:LISTED]))

    def publish(self):
        n = self.published + 1
        a = Article(f"/eng/xw/202611/t20261124_{10000 + n}.html", f"Round {n}: Protocol Extended",
                    [f"The two sides agreed to extend the protocol in round {n}."])
        self.set(a.path, "text/html; charset=utf-8", a.page())
        (self.feed if n % 2 else self.listed).insert(0, a)
        self.refresh()
        self.published = n

    def run(self):
        while not self.ending.wait(GAP):
            self.publish()

    def begin(self):
        self.thread = threading.Thread(target=self.run)
        self.thread.start()

    def end(self):
        self.ending.set()
        self.thread.join()


def family(root):
    """Pids of the daemon and all below it, by the name of their program."""
    parent, name = {}, {}
    for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            before, rest = stat.read_text().rsplit(")", 1)
        except OSError:
            continue
        pid = int(stat.parent.name)
        name[pid], parent[pid] = before.split("(", 1)[1], int(rest.split()[1]) if rest.split()[0] != "Z" else 0
    found = {}
    for pid in name:
        at = pid
        while at not in (root, 0, 1):
            at = parent.get(at, 0)
        if at == root:
            found.setdefault(name[pid], []).append(pid)
    return found


def strike(rig, dice, kind):
    """True if one of this kind was there to be killed."""
    pids = family(rig.process.pid).get(KINDS[kind], [])
    if not pids:
        return False
    try:
        os.kill(dice.choice(pids), signal.SIGKILL)
    except ProcessLookupError:
        return False
    if kind == "daemon":
        rig.process.wait()
        rig.start()
    return True


def kill_all_over(rig, dice):
    """KILLS of them at random moments, each kind as often, in random order; how many of each kind."""
    struck, end = dict.fromkeys(KINDS, 0), time.monotonic() + 30 + 3 * KILLS
    for turn in range(0, KILLS, len(KINDS)):
        for kind in dice.sample(list(KINDS), len(KINDS)):
            time.sleep(dice.uniform(0.0, 0.8))
            while not strike(rig, dice, kind):
                assert time.monotonic() < end, (kind, turn, struck, rig.said()[-3000:])
                time.sleep(dice.uniform(0.0, 0.1))
            struck[kind] += 1
    return struck


def settled(rig, published):
    return rig.sql("select count(*) from alert where state = 'live'")[0][0] >= published and \
        rig.sql("select (select count(*) from outbox where message is null) + (select count(*) from delivery where state <> 'delivered')"
                " + (select count(*) from message where rendered_at is null)")[0][0] == 0


def by_round(copies):
    """{round: {id: how often}} of (id, title) pairs."""
    found = {}
    for key, title in copies:
        ids = found.setdefault(int(title.split("Round ")[1].split(":")[0]), {})
        ids[key] = ids.get(key, 0) + 1
    return found


def judge(published, copies):
    """(lost, twice under one id, under more than one id)."""
    found = by_round(copies)
    return (sorted(set(range(1, published + 1)) - found.keys()),
            sum(n - 1 for ids in found.values() for n in ids.values()),
            sorted(n for n, ids in found.items() if len(ids) > 1))


def judge_mails(published, mail):
    copies = [(m["Message-ID"], m["Subject"], m.get_body(("plain",)).get_content()) for m in mail.messages]
    assert len({(key, body) for key, _, body in copies}) == len({key for key, _, _ in copies}), "copies of one mail differ"
    return judge(published, [(key, subject) for key, subject, _ in copies])


def judge_webhooks(published, hook):
    assert all(got["ok"] for got in hook.got), "a signature is wrong"
    return judge(published, [(got["id"], a["article"]["title"]) for got in hook.got for a in got["json"]["alerts"]])


def is_whole(rig):
    db = sqlite3.connect(f"{rig.state}/news.db")
    try:
        assert db.execute("pragma integrity_check").fetchall() == [("ok",)]
        assert db.execute("pragma foreign_key_check").fetchall() == []
    finally:
        db.close()
    run = rig.cli("check", "--store")
    assert run.returncode == 0, run.stdout + run.stderr


def test_random_kills_lose_nothing_and_repeat_only_under_one_id(build, tmp_path):
    dice = random.Random(SEED)
    mail, hook, site = MailSink(lambda _: time.sleep(0.005)), HookSink(SECRET, lambda _: time.sleep(0.005) or 204), Stream()
    sources = (f"  - {{ name: feed, url: '{site.base}/rss.xml', parser: feed, every: 1s, every_max: 1s, full_text: never }}\n"
               f"  - name: list\n    url: {site.base}/eng/xw/\n    parser: page\n    every: 1s\n    every_max: 1s\n    lang: en\n"
               "    listing: { link: 't\\d{8}_\\d+\\.html', min_items: 5 }\n"
               "    article: { title: ['meta[name=ArticleTitle]'], body: ['.content_text'] }\n")
    rig = Rig(build, tmp_path, sources, mail, hook, rules=RULES, extra="delivery: { flood: 0 }\n")
    rig.conf.write_text(rig.conf.read_text().replace("host_gap: 0", "host_gap: 0, host_connections: 8"))
    try:
        rig.start()
        assert rig.wait_for(lambda: rig.sql("select count(*) from source where first_read is not null")[0][0] == 2), rig.said()
        site.begin()
        struck = kill_all_over(rig, dice)
        site.end()
        quiet = rig.wait_for(lambda: settled(rig, site.published), 400 if LONG else 120)
        mails, hooks = judge_mails(site.published, mail), judge_webhooks(site.published, hook)
        print(f"seed {SEED}: killed {json.dumps(struck)}; {site.published} articles; lost {len(mails[0])} mails, {len(hooks[0])} webhooks;"
              f" twice {mails[1]} and {hooks[1]}; under two ids {len(mails[2])} and {len(hooks[2])}")
        assert quiet, rig.said()[-3000:]
        assert mails[0] == [] and hooks[0] == [], "lost"
        assert mails[2] == [] and hooks[2] == [], "an article under two ids"
        assert rig.stop() == 0, rig.said()[-3000:]
        is_whole(rig)
    finally:
        site.ending.set()
        if rig.process and rig.process.poll() is None:
            rig.kill()
        site.close()
        mail.close()
        hook.close()
