"""A broken configuration at SIGHUP and at boot: all errors with file:line:column; what was accepted stays live."""
import json
import re
import signal

from rig import LISTS
from site_pages import Article

BROKEN = LISTS + """  - name: first
    severty: high
    match: |
      treaty
  - name: second
    match: |
      treaty AND
  - name: third
    notify: [dsek]
    match: |
      treaty
"""


def told(rig, start):
    """file:line:column of every error since."""
    text = rig.said()[start:]
    return re.findall(r"rules\.yaml:(\d+):(\d+): error: (.*)", text), text


def check_errors(rig, start):
    places, text = told(rig, start)
    lines = BROKEN.splitlines()
    assert len(places) == 3, text
    assert {int(line) for line, _, _ in places} == {lines.index("    severty: high") + 1, lines.index("      treaty AND") + 1,
                                                    lines.index("    notify: [dsek]") + 1}
    assert "did you mean 'severity'" in text and "did you mean 'desk'" in text and "^" in text


def publish(site, n):
    site.listed.insert(0, Article(f"/eng/xw/202611/t20261124_{4000 + n}.html", f"Protocol number {n} extended",
                                  [f"The two sides agreed to extend protocol number {n}."]))
    site.refresh()


def test_at_sighup_every_error_is_told_and_the_accepted_one_stays_live(world):
    rig, site, mail = world.rig, world.site, world.mail
    rig.start()
    assert rig.wait_for(lambda: rig.sql("select count(*) from article where state = 'final'")[0][0] == 6), rig.said()
    start = len(rig.said())
    rig.write("watches.d/rules.yaml", BROKEN)
    rig.process.send_signal(signal.SIGHUP)
    assert rig.wait_for(lambda: "refused" in rig.said()[start:]), rig.said()
    check_errors(rig, start)
    publish(site, 1)
    assert len(mail.wait(1, 30)) == 1, rig.said()
    status = json.loads(rig.cli("status", "--json").stdout)
    assert status["daemon"]["generation"] == 1 and any("refused" in p for p in status["problems"])
    rig.write("watches.d/rules.yaml", LISTS)
    rig.process.send_signal(signal.SIGHUP)
    assert rig.wait_for(lambda: json.loads(rig.cli("status", "--json").stdout)["daemon"].get("generation", 0) > 1), rig.said()
    assert json.loads(rig.cli("status", "--json").stdout)["problems"] == []
    assert rig.sql("select episode, until is null from condition where key = 'configuration'") == [(1, 0)], "told once, and its end"
    assert rig.stop() == 0, rig.said()


def test_at_boot_the_accepted_one_stands_in_and_says_so(world):
    rig, site, mail = world.rig, world.site, world.mail
    assert rig.once() == 0, rig.said()
    start = len(rig.said())
    rig.write("watches.d/rules.yaml", BROKEN)
    rig.start()
    publish(site, 2)
    assert len(mail.wait(1, 30)) == 1, rig.said()
    check_errors(rig, start)
    status = json.loads(rig.cli("status", "--json").stdout)
    assert status["verdict"] == "broken" and any("accepted" in p or "refused" in p for p in status["problems"])
    assert rig.sql("select subject from condition where key = 'configuration' and until is null")[0][0].startswith("the configuration is refused")
    assert rig.stop() == 0, rig.said()


def test_at_the_first_boot_there_is_nothing_to_stand_in(world):
    rig = world.rig
    rig.write("watches.d/rules.yaml", BROKEN)
    assert rig.once() == 1
    check_errors(rig, 0)
    assert "none was accepted before" in rig.said()
