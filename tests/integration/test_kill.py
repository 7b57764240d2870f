"""kill -9 of the daemon, a worker, a sender at several moments of a delivery: the same alerts arrive, twice only under one id."""
import json
import os
import signal
import time

import pytest

from site_pages import Article

MOMENTS = [0.0, 0.05, 0.15, 0.3, 0.6, 1.0]  # seconds after the article stands in the list


def publish(site, n):
    site.listed.insert(0, Article(f"/eng/xw/202611/t20261124_{3000 + n}.html", f"Round {n}: Protocol Extended",
                                  [f"The two sides agreed to extend the protocol in round {n}."]))
    site.refresh()


def settled(rig, n):
    """Round n's alert exists, and nothing waits any more."""
    return rig.sql("select count(*) from alert a join revision r on r.id = a.revision where a.state = 'live' and r.title like ?",
                   f"Round {n}:%")[0][0] == 1 and \
        rig.sql("select (select count(*) from outbox where message is null) + (select count(*) from delivery where state <> 'delivered')"
                " + (select count(*) from message where rendered_at is null)")[0][0] == 0


def pids(rig, kind):
    if kind == "daemon":
        return [rig.process.pid]
    run = rig.cli("status", "--json")
    daemon = json.loads(run.stdout)["daemon"] if run.stdout else None
    return (daemon or {}).get(kind + "s", [])


def strike(rig, kind):
    """True if somebody was there to be killed."""
    struck = False
    for pid in pids(rig, kind):
        try:
            os.kill(pid, signal.SIGKILL)
            struck = True
        except ProcessLookupError:
            pass
    if kind == "daemon":
        rig.process.wait()
        rig.start()
    return struck


def judge(rig, mail, hook):
    """Each alert in one mail and one webhook; more copies only under the same id; the mails are the store's deliveries."""
    for channel, got in (("desk", [m["Message-ID"] for m in mail.messages]), ("hub", [g["id"] for g in hook.got])):
        stored = {row[0] for row in rig.sql("select id from delivery where channel = ?", channel)}
        assert {i.strip("<>").split("@")[0] for i in got} == stored
    sent = {}
    for m in mail.messages:
        body = m.get_body(("plain",)).get_content()
        sent.setdefault(m["Message-ID"], set()).add(body)
    assert all(len(copies) == 1 for copies in sent.values()), "copies of one message differ"
    webhooks = {}
    for g in hook.got:
        assert g["ok"]
        webhooks.setdefault(g["id"], set()).add(tuple(sorted(a["id"] for a in g["json"]["alerts"])))
    assert all(len(alerts) == 1 for alerts in webhooks.values())
    told = [a for alerts in webhooks.values() for ids in alerts for a in ids]
    assert sorted(told) == sorted(row[0] for row in rig.sql("select id from alert where state = 'live'")), "each alert exactly once"


@pytest.mark.parametrize("kind", ["daemon", "worker", "sender"])
def test_whoever_is_killed_the_same_alerts_arrive(world, kind):
    rig, site, mail, hook = world.rig, world.site, world.mail, world.hook
    rig.start()
    assert rig.wait_for(lambda: rig.sql("select count(*) from article where state = 'final'")[0][0] == 6), rig.said()
    mail.before = lambda _: time.sleep(0.2)  # a delivery takes a while, so that there is a middle
    struck = 0
    for n, moment in enumerate(MOMENTS):
        publish(site, n)
        assert rig.wait_for(lambda: rig.cli("poll", "mfa").returncode == 0), rig.said()
        time.sleep(moment)
        struck += strike(rig, kind)
        assert rig.wait_for(lambda: settled(rig, n), 60), (n, moment, rig.said()[-3000:])
    assert struck >= 1, "no moment met one"
    judge(rig, mail, hook)
    assert rig.stop() == 0, rig.said()


@pytest.mark.parametrize("kind", ["daemon", "sender"])
def test_a_kill_between_acceptance_and_answer_gives_a_second_copy_under_the_same_id(world, kind):
    rig, site, mail, hook = world.rig, world.site, world.mail, world.hook
    rig.start()
    assert rig.wait_for(lambda: rig.sql("select count(*) from article where state = 'final'")[0][0] == 6), rig.said()
    done = []

    def before(_):
        if not done:
            done.append(pids(rig, kind))
            for pid in done[0]:
                os.kill(pid, signal.SIGKILL)
            time.sleep(0.3)
    mail.before = before
    publish(site, 0)
    assert rig.wait_for(lambda: done, 30), rig.said()
    if kind == "daemon":
        rig.process.wait()
        rig.start()
    assert rig.wait_for(lambda: settled(rig, 0), 60), rig.said()
    assert len(mail.raw) == 2 and len({m["Message-ID"] for m in mail.messages}) == 1
    judge(rig, mail, hook)
    assert rig.stop() == 0, rig.said()
