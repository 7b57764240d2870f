#!/usr/bin/python3
"""Proportional memory of the whole family: daemon, workers, senders, indexer; 10,000 sources, 1,000 watches, all have worked.

  bench_memory.py BUILD

Every source is polled once, then those that are to be idle are not asked again; what 9,000 of them add is the difference to
a run with 1,000.  Watches are those of ../shared/bench, absent which this says so and ends with 77.
"""
import pathlib
import subprocess
import sys
import tempfile
import time

TOP = pathlib.Path(__file__).resolve().parents[2]
BENCH = TOP.parent / "shared" / "bench"
sys.path.insert(0, str(TOP / "tests/lib/py"))
from feeds import Feeds  # noqa: E402
from rig import Rig  # noqa: E402
from sinks import MailSink  # noqa: E402

SOURCES, FEW, WATCHES = 10000, 1000, 1000
BUDGET_MB, BUDGET_IDLE_MB = 120, 2
POLL_S = 600  # at most, until all have been polled once


def rules():
    made = subprocess.run(["/usr/bin/python3", "gen_rules.py", str(WATCHES), "--yaml"], cwd=BENCH, stdout=subprocess.PIPE, check=True, text=True).stdout
    return made + "  - name: marked\n    severity: high\n    notify: [desk]\n    match: |\n      newsmark\n"


def proportional(root):
    """{program: [MB, ...]} of the daemon and its children."""
    found = {}
    for folder in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            before, rest = (folder / "stat").read_text().rsplit(")", 1)
            if int(folder.name) != root and int(rest.split()[1]) != root:
                continue
            rollup = (folder / "smaps_rollup").read_text()
        except OSError:
            continue
        kb = next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))
        found.setdefault(before.split("(", 1)[1], []).append(kb / 1024)
    return found


def measure(build, folder, n):
    """The family's memory once `n` sources have been polled and some busy ones keep workers and a sender at work."""
    folder.mkdir()
    feeds, mail = Feeds("The office announced the change {words} of newsmark {n} in its calendar."), MailSink()
    sources = "".join(f"  - {{ name: f{i}, url: '{feeds.base}/f{i}', parser: feed, every: 6h, full_text: never }}\n" for i in range(n))
    sources += "".join(f"  - {{ name: busy{i}, url: '{feeds.base}/busy{i}', parser: feed, every: 1s, every_max: 1s, full_text: never }}\n" for i in range(10))
    rig = Rig(build, folder, sources, mail, rules=rules(), extra="delivery: { group_wait: 1s, flood: 0 }\n")
    rig.conf.write_text(rig.conf.read_text().replace("host_gap: 0", "host_gap: 0, host_connections: 16"))
    rig.start()
    try:
        assert rig.wait_for(lambda: rig.process.poll() is not None or rig.sql("select count(*) from source where first_read is not null")[0][0] == n + 10, POLL_S), rig.said()[-2000:]
        time.sleep(3)  # the index catches up
        n = len(mail.raw)
        assert len(mail.wait(n + 2, 60)) >= n + 2, rig.said()[-2000:]
        return proportional(rig.process.pid)
    finally:
        rig.stop()
        feeds.close()
        mail.close()


def main():
    if not BENCH.is_dir():
        print("bench_memory: ../shared/bench is not here")
        return 77
    build, total = pathlib.Path(sys.argv[1]), {}
    with tempfile.TemporaryDirectory() as folder:
        for n in (FEW, SOURCES):
            found = measure(build, pathlib.Path(folder) / str(n), n)
            total[n] = sum(map(sum, found.values()))
            print(f"  {n} sources, {WATCHES} watches: {total[n]:.1f} MB; " +
                  ", ".join(f"{name} {' '.join(f'{mb:.1f}' for mb in sizes)}" for name, sizes in sorted(found.items())))
    idle = total[SOURCES] - total[FEW]
    print(f"ratio\tmemory of the family, {SOURCES} sources, MB\t{total[SOURCES]:.1f}\t{BUDGET_MB}")
    print(f"ratio\tmemory of {SOURCES - FEW} more idle sources, MB\t{idle:.1f}\t{BUDGET_IDLE_MB}")
    return 0 if total[SOURCES] < BUDGET_MB and idle <= BUDGET_IDLE_MB else 1


if __name__ == "__main__":
    sys.exit(main())
