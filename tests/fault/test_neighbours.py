"""One hostile or hanging source among a hundred: the others are on time; and names that lie, in a network of their own."""
import os
import pathlib
import subprocess
import sys
import time

import pytest

from fault_http import FaultServer, answer, feed
from rig import SECRET, Rig
from sinks import HookSink
from test_fetch import HOST, bomb, endless, headers_without_end, redirect, silence

RULES = "watches:\n  - name: w\n    severity: high\n    notify: [hub]\n    match: |\n      ratified\n"
HOSTILE = {
    "silence": lambda c, q: silence(c),
    "trickle": lambda c, q: c.trickle(answer(feed("slow", 400)), 10, 0.5),
    "endless": endless,
    "bomb": lambda c, q: bomb(c, "gzip"),
    "headers": headers_without_end,
    "loop": redirect("/bad"),
}
ROUNDS, FEEDS = 3, 99


def item(name, n):
    return (f"<item><title>{name} number {n}: treaty ratified</title><link>https://example.org/{name}/{n}</link><guid>{name}-{n}</guid>"
            f"<description>The treaty was ratified today by {name}.</description></item>")


def document(name, upto):
    items = "".join(item(name, n) for n in range(upto, 0, -1))
    return answer(f'<?xml version="1.0"?><rss version="2.0"><channel><title>{name}</title><link>https://example.org/</link><description>d</description>{items}</channel></rss>'.encode())


def latencies(build, folder, hostile):
    """Seconds from publishing to the webhook, for every item of the healthy feeds."""
    server, hook = FaultServer(HOST), HookSink(SECRET)
    server.on["/bad"] = hostile
    for i in range(FEEDS):
        server.on[f"/f{i}"] = document(f"f{i}", 0)
    names = [f"f{i}" for i in range(FEEDS)] + ["bad"]
    sources = "".join(f"  - {{ name: {n}, url: '{server.base}/{n}', parser: feed, every: 1s, every_max: 1s, full_text: never, timeout: 5s }}\n" for n in names)
    folder.mkdir()
    rig = Rig(build, folder, sources, hook=hook, rules=RULES, extra="delivery: { flood: 0 }\n")
    rig.conf.write_text(rig.conf.read_text().replace("host_gap: 0", "host_gap: 0, host_connections: 16"))
    rig.start()
    try:
        assert rig.wait_for(lambda: rig.sql("select count(*) from source where first_read is not null")[0][0] >= FEEDS, 60), rig.said()[-2000:]
        published, found = {}, {}
        for n in range(1, ROUNDS + 1):
            for i in range(FEEDS):
                server.on[f"/f{i}"] = document(f"f{i}", n)
                published[f"f{i} number {n}:"] = time.monotonic()
            end = time.monotonic() + 30
            while len(found) < FEEDS * n and time.monotonic() < end:
                at = time.monotonic()
                for got in list(hook.got):
                    for alert in got["json"]["alerts"]:
                        found.setdefault(alert["article"]["title"].split(" treaty")[0], at)
                time.sleep(0.02)
            assert len(found) == FEEDS * n, f"{len(found)} of {FEEDS * n}: " + rig.said()[-2000:]
        return sorted(found[k] - published[k] for k in published)
    finally:
        rig.stop()
        server.close()
        hook.close()


def p99(values):
    return values[int(len(values) * 0.99)]


@pytest.fixture(scope="module")
def quiet(build, tmp_path_factory):
    return p99(latencies(build, tmp_path_factory.mktemp("quiet") / "rig", document("bad", 0)))


@pytest.mark.parametrize("kind", HOSTILE)
def test_the_other_ninety_nine_are_on_time(build, tmp_path, quiet, kind):
    assert p99(latencies(build, tmp_path / "rig", HOSTILE[kind])) < 2 * quiet


def test_E_21_names_that_lie_or_never_answer(build, tmp_path):
    """NXDOMAIN, SERVFAIL, silence, rebinding, an alias to what is private: in a network and name space of its own."""
    world = pathlib.Path(__file__).parent / "names_world.py"
    enter = ["unshare", "--net", "--mount", "--propagation", "private"]
    if subprocess.run([*enter, "true"], capture_output=True).returncode != 0:
        pytest.skip("this machine allows no network of its own")
    done = subprocess.run([*enter, "/usr/bin/python3", str(world), str(build), str(tmp_path)], capture_output=True, text=True, timeout=120,
                          env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)})
    assert done.returncode == 0, done.stdout + done.stderr
