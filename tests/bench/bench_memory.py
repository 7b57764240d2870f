#!/usr/bin/python3
"""Proportional memory of the whole family: daemon, workers, senders, indexer; 10,000 sources, 1,000 watches, all have worked.

  bench_memory.py BUILD

Every source is polled once, then those that are to be idle are not asked again; what 9,000 of them add is the difference to
a run with 1,000.  Watches are those of ../shared/bench, absent which this says so and ends with 77.
"""
import hashlib
import http.server
import pathlib
import subprocess
import sys
import tempfile
import threading
import time

TOP = pathlib.Path(__file__).resolve().parents[2]
BENCH = TOP.parent / "shared" / "bench"
sys.path.insert(0, str(TOP / "tests/lib/py"))
from rig import Rig  # noqa: E402
from sinks import MailSink  # noqa: E402

SOURCES, FEW, WATCHES = 10000, 1000, 1000
BUDGET_MB, BUDGET_IDLE_MB = 120, 2
POLL_S = 600  # at most, until all have been polled once


class Feeds(http.server.ThreadingHTTPServer):
    """A feed of three items at every path; those of /busy grow by one with each request."""

    daemon_threads, request_queue_size = True, 1024

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Answer)
        self.base, self.asked = f"http://127.0.0.1:{self.server_address[1]}", 0
        threading.Thread(target=self.serve_forever, daemon=True).start()


class Answer(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.server.asked += 1
        extra = self.server.asked if self.path.startswith("/busy") else 0
        words = hashlib.sha256(self.path.encode()).hexdigest()
        items = "".join(f"<item><title>Notice {words[:8]} {n}</title><link>https://example.org{self.path}/{n}</link><guid>{self.path}-{n}</guid>"
                        f"<description>The office announced the change {words[8:24]} of newsmark {n} in its calendar.</description></item>"
                        for n in (extra, extra + 1, extra + 2))
        body = f'<?xml version="1.0"?><rss version="2.0"><channel><title>F</title><link>https://example.org/</link><description>d</description>{items}</channel></rss>'.encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/rss+xml")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


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
    feeds, mail = Feeds(), MailSink()
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
        feeds.shutdown()
        feeds.server_close()
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
