"""The commands that change something, against a running newswatchd."""
import json
import os
import time

import pytest


@pytest.fixture
def running(world):
    """A daemon that has alerted once, on both channels."""
    rig = world.rig
    assert rig.once() == 0
    world.site.publish("treaty", "listed")
    time.sleep(1.5)
    rig.start()
    assert rig.wait_for(lambda: rig.sql("SELECT count(*) FROM delivery WHERE state = 'delivered'")[0][0] >= 2)
    yield world
    rig.stop()


def alert(rig):
    return rig.sql("SELECT id FROM alert WHERE state = 'live' ORDER BY seq DESC LIMIT 1")[0][0]


def test_acknowledged_alerts_say_who(running):
    rig, name = running.rig, alert(running.rig)
    done = rig.cli("ack", name[:12], "--note", "desk\tinformed")
    assert (done.returncode, done.stderr) == (0, "")
    assert rig.sql("SELECT acked_at IS NOT NULL, acked_by <> '' FROM alert WHERE id = ?", name) == [(1, 1)]
    assert rig.sql("SELECT text LIKE '%: desk informed' FROM event WHERE kind = 'acknowledged'") == [(1,)]
    assert rig.cli("ack", "ffffffffffff").returncode == 1
    assert rig.cli("ack").returncode == 2


def test_reviews_are_kept_as_events_and_listed(running):
    rig, name = running.rig, alert(running.rig)
    assert rig.cli("review", name, "--as", "nonsense", "--reason", "x").returncode == 1
    assert rig.cli("review", name, "--as", "noise").returncode == 2
    assert rig.cli("review", name, "--as", "noise", "--reason", "a football treaty").returncode == 0
    whole = json.loads(rig.cli("alerts", name, "--json").stdout)
    assert [e["event"] for e in whole["events"]][0] == "reviewed" and "a football treaty" in whole["events"][0]["text"]
    listed = rig.cli("review", "--json")
    rows = [json.loads(line) for line in listed.stdout.splitlines()]
    assert [r["alert"] for r in rows] == [name]
    assert rows[0]["text"].endswith("noise, a football treaty")


def test_silence_holds_alerts_until_it_is_ended(running):
    rig = running.rig
    wrong = rig.cli("silence", "--source", "mfaa", "--for", "2h")
    assert wrong.returncode == 1 and "did you mean 'mfa'?" in wrong.stderr
    assert rig.cli("silence", "--source", "mfa", "--for", "soon").returncode == 1
    made = rig.cli("silence", "--source", "mfa", "--watch", "cn-list-add", "--for", "2h", "--reason", "the site moves")
    assert made.returncode == 0, made.stderr
    number = made.stdout.split()[1]
    shown = json.loads(rig.cli("silence", "--json").stdout)
    assert (shown["source"], shown["watch"], shown["reason"]) == ("mfa", "cn-list-add", "the site moves")
    assert rig.cli("silence", "--end", number).returncode == 0
    assert rig.cli("silence", "--end", number).returncode == 1
    assert rig.cli("silence").stdout == "nothing is silenced\n"


def test_resend_sends_with_the_same_id(running):
    rig, name = running.rig, alert(running.rig)
    ids = lambda: [m["Message-ID"] for m in running.mail.messages]
    before = ids()
    assert rig.cli("resend", name).returncode == 0
    assert rig.wait_for(lambda: len(ids()) == len(before) + 1)
    assert ids()[-1] in before
    message = rig.sql("SELECT id FROM message ORDER BY made_at DESC LIMIT 1")[0][0]
    assert rig.cli("resend", message).returncode == 0
    assert rig.cli("resend", "--failed").stdout == "0 deliveries are due\n"
    assert rig.cli("resend", "--failed", name).returncode == 2


def test_poll_and_release_name_what_exists(running):
    rig = running.rig
    assert rig.cli("poll", "mfa").stdout == "polling 1 address\n"
    assert rig.cli("poll", "nobody").returncode == 1
    for words in (["release", "nobody"], ["drop", "--waiting", "--channel", "nobody"], ["silence", "--end", "99"]):
        refused = rig.cli(*words)
        assert refused.returncode == 1 and refused.stderr.count("\n") == 1, words
    assert rig.cli("release", "desk").returncode == 0


def test_reload_tells_how_it_ended(running):
    rig = running.rig
    good = (rig.dir / "watches.d/rules.yaml").read_text()
    rig.write("watches.d/rules.yaml", good + "  - name: broken\n    match: |\n      (unclosed\n")
    refused = rig.cli("reload")
    assert refused.returncode == 1 and "refused" in refused.stderr
    rig.write("watches.d/rules.yaml", good)
    live = rig.cli("reload")
    assert live.returncode == 0 and "is live: 1 sources, 3 watches" in live.stdout


def test_without_a_daemon_they_say_so(world):
    for words in (["ack", "0123456789"], ["poll", "mfa"], ["reload"], ["resend", "--held"]):
        said = world.rig.cli(*words)
        assert said.returncode == 3 and "newswatchd does not answer" in said.stderr, words
