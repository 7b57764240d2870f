"""A hostile plugin inside the daemon: its document is quarantined with a reason, the daemon and the other sources go on."""
import os
import pathlib
import shutil
import subprocess

import pytest

from rig import LISTS, SECRET, Rig
from sinks import HookSink, MailSink
from site_pages import Article, Site, rss

TOP = pathlib.Path(__file__).resolve().parents[2]
CC = os.environ.get("CC", "cc")
OLD = [Article("/0.html", "An old item", ["Nothing of note."])]
NEWS = [Article("/1.html", "Treaty signed", ["The two ministers signed the extradition treaty."])]
WORDS = ["crash", "loop", "socket", "eat"]


@pytest.fixture
def plugins(build, tmp_path):
    if "__asan_init" in subprocess.run(["nm", "-D", build / "newswatch-worker"], capture_output=True, text=True).stdout:
        pytest.skip("sanitizers do not live under the lock")
    folder = tmp_path / "plugins"
    shutil.copytree(build / "plugins", folder)
    subprocess.run([CC, "-shared", "-fPIC", "-O1", "-I", TOP / "include", "-o", folder / "parser-hostile.so",
                    TOP / "tests/plugin/hostile/parser_hostile.c"], check=True)
    return folder


class HostileRig(Rig):
    def command(self, *more):
        return super().command("--plugins", str(self.dir / "plugins"), *more)


@pytest.fixture
def hostile(build, plugins, tmp_path):
    site, mail, hook = Site(), MailSink(), HookSink(SECRET)
    site.set("/good.xml", "application/rss+xml", rss(site.base, OLD))
    sources = f"  - {{ name: good, url: '{site.base}/good.xml', parser: feed, every: 1s, full_text: never }}\n"
    for word in WORDS:
        site.set(f"/{word}", "text/plain", b"HOSTILE " + word.encode())
        sources += f"  - {{ name: bad-{word}, url: '{site.base}/{word}', parser: hostile, every: 1h }}\n"
    rig = HostileRig(build, tmp_path, sources, mail, hook, rules=LISTS, extra="workers: { deadline: 5s, memory: 128M }\n")
    yield rig, site, mail, hook
    if rig.process and rig.process.poll() is None:
        rig.kill()
    for server in (site, mail, hook):
        server.close()


def errors(rig):
    return dict(rig.sql("select s.name, t.last_error from source s join target t on t.source = s.id where t.failures > 0"))


def test_documents_that_kill_are_quarantined_and_news_goes_on(hostile):
    rig, site, mail, hook = hostile
    rig.start()
    assert rig.wait_for(lambda: set(errors(rig)) == {f"bad-{w}" for w in WORDS}, 60), (errors(rig), rig.said())
    site.set("/good.xml", "application/rss+xml", rss(site.base, NEWS + OLD))
    assert len(mail.wait(1, 30)) == 1 and len(hook.wait(1, 30)) == 1, rig.said()
    assert hook.got[0]["ok"] and "Treaty signed" in mail.messages[0]["Subject"]
    found = errors(rig)
    assert "worker ended" in found["bad-crash"] and "worker ended" in found["bad-socket"], found
    assert "deadline" in found["bad-loop"] and "no memory" in found["bad-eat"], found
    quarantined = "\n".join(row[0] for row in rig.sql("select text from event where kind = 'quarantined'"))
    for word in ("crash", "loop", "socket"):
        assert f"/{word}" in quarantined or word in quarantined, quarantined
    told = {key for (key,) in rig.sql("select key from condition where until is null and key like 'quarantine/%'")}
    assert told == {f"quarantine/bad-{w}" for w in ("crash", "loop", "socket")}, told
    assert rig.sql("select count(*) from article a join source s on s.id = a.source where s.name like 'bad-%'")[0][0] == 0
    assert rig.process.poll() is None, "the daemon has gone on"
    assert rig.stop() == 0, rig.said()
    lines = [line for line in rig.said().splitlines() if "quarantined" in line]
    assert all(len([line for line in lines if f"bad-{w}" in line]) == 1 for w in ("crash", "loop", "socket")), lines
