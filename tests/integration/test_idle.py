"""Nothing to do costs nothing: no program of the family turns in circles, or holds memory for sources that wait."""
import os
import time

from feeds import Feeds
from rig import Rig

TICK = os.sysconf("SC_CLK_TCK")


def family(pid):
    """The daemon and all its children, each with its name and CPU seconds so far."""
    found = {}
    for entry in filter(str.isdigit, os.listdir("/proc")):
        try:
            name, rest = open(f"/proc/{entry}/stat").read().split("(", 1)[1].rsplit(")", 1)
        except (OSError, IndexError):
            continue
        fields = rest.split()
        if int(entry) == pid or int(fields[1]) == pid:
            found[int(entry)] = (name, (int(fields[11]) + int(fields[12])) / TICK)
    return found


def test_an_idle_daemon_and_its_helpers_are_idle(world):
    world.rig.start()
    assert world.rig.wait_for(lambda: any(name == "newswatch-index" for name, _ in family(world.rig.process.pid).values()), 20)
    time.sleep(2)  # first contact and first index
    before = family(world.rig.process.pid)
    time.sleep(3)
    after = family(world.rig.process.pid)
    for pid, (name, used) in after.items():
        assert used - before.get(pid, (name, 0))[1] < 0.3, f"{name} used {used - before[pid][1]:.2f} s of 3 s"


def anonymous(pid):
    """Bytes of the family's own memory, by process: no page of a file, which others share."""
    found = {}
    for one, (name, _) in family(pid).items():
        text = open(f"/proc/{one}/smaps_rollup").read()
        found[f"{name} {one}"] = 1024 * next(int(line.split()[1]) for line in text.splitlines() if line.startswith("Anonymous:"))
    return found


def held(build, folder, n):
    """The family's memory after a burst of ${n} polls of sources that wait since, while one is busy."""
    folder.mkdir()
    feeds = Feeds("The office renewed {words} in its treaty calendar of day {n}.")
    sources = "".join(f"  - {{ name: f{i}, url: '{feeds.base}/f{i}', parser: feed, every: 1d, full_text: never }}\n" for i in range(n))
    rig = Rig(build, folder, sources + f"  - {{ name: busy, url: '{feeds.base}/busy', parser: feed, every: 1s, every_max: 1s, full_text: never }}\n",
              extra="delivery: { notify: [] }\n")
    rig.conf.write_text(rig.conf.read_text().replace("host_gap: 0", "host_gap: 0, host_connections: 16"))
    rig.write("watches.d/rules.yaml", "watches:\n  - { name: treaty, match: 'treaty' }\n")
    try:
        rig.once(120)
        assert rig.sql("select count(*) from source where first_read is not null")[0][0] == n + 1, rig.said()[-2000:]
        rig.start()
        articles = 3 * n
        assert rig.wait_for(lambda: rig.sql("select count(*) from article")[0][0] > articles + 15, 60), rig.said()[-2000:]
        return anonymous(rig.process.pid)
    finally:
        rig.stop()
        feeds.close()


def test_sources_that_wait_take_next_to_no_memory(build, tmp_path):
    few, many = (held(build, tmp_path / str(n), n) for n in (100, 3100))
    grown = sum(many.values()) - sum(few.values())
    assert grown < 1_000_000, f"3,000 sources more take {grown}: {few} {many}"
