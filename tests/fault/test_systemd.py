"""The unit under a real systemd, booted in namespaces of its own: it starts, reloads, is watched, is started again, stops."""
import os
import re
import shutil
import subprocess
import time

import pytest

from conftest import TOP
from sinks import MailSink
from site_pages import Ministry

CONF = """fetch: {{ allow_private: [127.0.0.0/8], host_gap: 0, robots: false, contact: 'mailto:ops@example.org' }}
"""
SOURCE = """sources:
  - {{ name: site, url: '{site}/rss.xml', parser: feed, every: 1s, allow_http: true, full_text: always }}
"""
CHANNEL = """channels:
  - {{ name: desk, type: email, to: [desk@example.org], from: newswatch@example.org, server: 'smtp://127.0.0.1:{port}', starttls: none,
      allow_private: [127.0.0.0/8] }}
"""
WATCH = """watches:
  - name: anything
    notify: [desk]
    match: |
      treaty OR 条约
"""


class Machine:
    """`root` is laid over this machine's root; commands run inside."""

    def __init__(self, folder, root):
        self.boot = subprocess.Popen(["unshare", "--pid", "--mount", "--fork", "--cgroup", "--uts", "--ipc", "--kill-child",
                                      TOP / "tests/fault/boot_systemd.sh", folder, root],
                                     stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        self.first = None

    def init(self):
        """systemd is the child of unshare, once it has come so far."""
        children = open(f"/proc/{self.boot.pid}/task/{self.boot.pid}/children").read().split()
        if children and open(f"/proc/{children[0]}/comm").read().strip() == "systemd":
            return children[0]
        return None

    def run(self, *command):
        return subprocess.run(["nsenter", "-t", self.first, "-m", "-p", "-C", "-r", "-w", *command], capture_output=True, text=True,
                              timeout=60)

    def wait(self, condition, seconds=20):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if condition():
                return True
            time.sleep(0.1)
        return False

    def is_up(self):
        if self.boot.poll() is not None:
            return False
        self.first = self.first or self.init()
        return self.first is not None and self.run("systemctl", "is-system-running").stdout.strip() in ("running", "degraded")

    def shows(self, what):
        return self.run("systemctl", "show", "-P", what, "newswatchd").stdout.strip()

    def journal(self):
        return self.run("journalctl", "--no-pager", "-o", "cat", "-u", "newswatchd").stdout

    def end(self):
        self.boot.kill()
        self.boot.wait()


@pytest.fixture(scope="module")
def world(build, tmp_path_factory):
    if os.geteuid() != 0 or any(shutil.which(p) is None for p in ("unshare", "nsenter", "systemctl")) or not os.path.exists("/lib/systemd/systemd"):
        pytest.skip("needs root, util-linux and systemd")
    folder, root = tmp_path_factory.mktemp("machine"), tmp_path_factory.mktemp("root")
    site, mail = Ministry(), MailSink()
    subprocess.run(["make", "-s", f"O={os.path.relpath(build, TOP)}", f"DESTDIR={root}", "PREFIX=/usr/local",
                    "UNITDIR=/usr/lib/systemd/system", "install"], cwd=TOP, check=True)
    etc = root / "etc/newswatch"
    for shipped in [root / "usr/local/share/newswatch/sources.d", etc / "watches.d", etc / "channels.d"]:
        shutil.rmtree(shipped)
        shipped.mkdir()
    (etc / "newswatchd.yaml").write_text(CONF.format())
    (etc / "sources.d/site.yaml").write_text(SOURCE.format(site=site.base))
    (etc / "watches.d/all.yaml").write_text(WATCH)
    (etc / "channels.d/desk.yaml").write_text(CHANNEL.format(port=mail.port))
    machine = Machine(folder, root)
    machine.site, machine.mail = site, mail
    if not machine.wait(machine.is_up):
        machine.end()
        pytest.skip("systemd does not boot here: " + machine.boot.stderr.read()[-300:])
    yield machine
    machine.run("systemctl", "stop", "newswatchd")
    machine.end()
    site.close()
    mail.close()


def start(world):
    done = world.run("systemctl", "start", "newswatchd")
    assert done.returncode == 0, done.stderr + world.journal()


def pid(world):
    return world.shows("MainPID")


def test_the_unit_starts_locked_and_under_a_user_of_its_own(world):
    start(world)
    assert world.shows("ActiveState") == "active" and world.shows("Type") == "notify"
    assert "lock level 3" in world.shows("StatusText"), world.shows("StatusText")
    status = world.run("cat", f"/proc/{pid(world)}/status").stdout
    uid = int(re.search(r"^Uid:\s+(\d+)", status, re.M)[1])
    assert 61184 <= uid <= 65519  # systemd's dynamic users
    assert re.search(r"^CapEff:\s+0+$", status, re.M) and re.search(r"^NoNewPrivs:\s+1$", status, re.M)
    assert world.run("stat", "-Lc", "%a", "/var/lib/private/newswatch").stdout.strip() == "700"
    assert "error" not in world.journal() and "indexer: " not in world.journal(), world.journal()


def test_news_becomes_mail(world):
    start(world)
    assert world.wait(lambda: "first contact" in world.journal()), world.journal()
    world.site.publish("treaty", "in_rss")
    assert world.wait(lambda: world.mail.messages), world.journal()


def test_reload_takes_a_good_configuration_and_refuses_a_broken_one(world):
    start(world)
    before = pid(world)
    assert world.run("systemctl", "reload", "newswatchd").returncode == 0
    assert world.wait(lambda: "accepted generation 2" in world.journal()), world.journal()
    world.run("sh", "-c", "echo 'wathces: []' >/etc/newswatch/watches.d/broken.yaml")
    world.run("systemctl", "reload", "newswatchd")
    assert world.wait(lambda: "did you mean 'watches'" in world.journal()), world.journal()
    world.run("rm", "/etc/newswatch/watches.d/broken.yaml")
    assert pid(world) == before and world.shows("ActiveState") == "active"


def test_what_is_killed_is_started_again(world):
    start(world)
    before = pid(world)
    world.run("systemctl", "kill", "-s", "KILL", "--kill-who=main", "newswatchd")
    assert world.wait(lambda: pid(world) not in ("0", before) and world.shows("ActiveState") == "active"), world.journal()
    assert world.shows("NRestarts") != "0"


def test_the_command_line_reaches_it(world):
    start(world)
    done = world.run("newswatch", "status")
    assert done.returncode == 0 and "running" in done.stdout, done.stdout + done.stderr


def test_a_loop_that_hangs_is_noticed(world):
    start(world)
    world.run("mkdir", "-p", "/run/systemd/system/newswatchd.service.d")
    world.run("sh", "-c", "printf '[Service]\\nWatchdogSec=2\\n' >/run/systemd/system/newswatchd.service.d/soon.conf")
    world.run("systemctl", "daemon-reload")
    assert world.run("systemctl", "restart", "newswatchd").returncode == 0, world.journal()
    before = pid(world)
    world.run("kill", "-STOP", before)
    assert world.wait(lambda: pid(world) not in ("0", before) and world.shows("ActiveState") == "active", 30), world.journal()
    world.run("rm", "-r", "/run/systemd/system/newswatchd.service.d")
    world.run("systemctl", "daemon-reload")


def test_it_stops_within_five_seconds(world):
    start(world)
    begin = time.monotonic()
    assert world.run("systemctl", "stop", "newswatchd").returncode == 0
    assert time.monotonic() - begin < 5
    assert world.shows("Result") == "success", world.journal()
