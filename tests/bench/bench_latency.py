#!/usr/bin/python3
"""From the last byte of a feed's body to the end of the mail about an article in it, 10,000 watches, 100 articles a second.

  bench_latency.py BUILD        NW_SECONDS: how long it measures, after WARM seconds (60)

A feed server, a mail server and newswatchd, each a process of its own, share one clock.  Each of 20 feeds is polled every
second and has five new articles a second, and each article makes one watch fire, whose alerts go singly.  Articles and the
other watches are those of ../shared/bench, absent which this says so and ends with 77.
"""
import asyncio
import email
import email.policy
import html
import json
import multiprocessing
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

TOP = pathlib.Path(__file__).resolve().parents[2]
BENCH = TOP.parent / "shared" / "bench"
sys.path.insert(0, str(TOP / "tests/lib/py"))
from rig import Rig  # noqa: E402

FEEDS, RATE, WATCHES, LISTED = 20, 100, 10000, 25
WARM, SECONDS = 10, int(os.environ.get("NW_SECONDS", "60"))
BUDGET_MS = 50
TEXTS = 2000  # different texts; an article's title and one word of its text are its own


def articles(folder):
    with open(folder / "articles.jsonl", "wb") as out:
        subprocess.run(["/usr/bin/python3", "gen_articles.py", str(TEXTS)], cwd=BENCH, stdout=out, check=True)
    return [json.loads(line) for line in open(folder / "articles.jsonl", encoding="utf-8")]


def rules(folder):
    made = subprocess.run(["/usr/bin/python3", "gen_rules.py", str(WATCHES), "--yaml"], cwd=BENCH, stdout=subprocess.PIPE, check=True, text=True).stdout
    return made + "  - name: marked\n    severity: critical\n    notify: [desk]\n    match: |\n      newsmark\n"


def item(feed, n, texts):
    a = texts[(feed * 101 + n) % len(texts)]
    return (f"<item><title>Item {feed}x{n}x {html.escape(a['title'])}</title><link>https://example.org/{feed}/{n}</link><guid>f{feed}-{n}</guid>"
            f"<description>{html.escape('<p>' + a['text'] + f'</p><p>This is newsmark number {feed}x{n}.</p>')}</description></item>")


class Feeds:
    """Serves the feeds; each grows by the clock alone.  `sent` holds when an item's bytes had all been written."""

    def __init__(self, texts, began):
        self.texts, self.began, self.sent, self.items = texts, began, {}, {}

    def document(self, feed):
        # each feed at its own moment of the second
        upto = max(0, int((time.monotonic() - self.began.value - feed / FEEDS) * RATE / FEEDS)) if self.began.value else 0
        listed = range(upto, max(0, upto - LISTED), -1)
        for n in listed:
            if (feed, n) not in self.items:
                self.items[feed, n] = item(feed, n, self.texts)
        return listed, ("<?xml version=\"1.0\" encoding=\"utf-8\"?><rss version=\"2.0\"><channel><title>Feed</title><link>https://example.org/</link>"
                        f"<description>d</description>{''.join(self.items[feed, n] for n in listed)}</channel></rss>").encode()

    async def serve(self, reader, writer):
        try:
            while request := await reader.readuntil(b"\r\n\r\n"):
                feed = int(re.match(rb"GET /f(\d+)", request)[1])
                listed, body = self.document(feed)
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
                await writer.drain()
                at = time.monotonic()
                for n in listed:
                    self.sent.setdefault(f"{feed}x{n}x", at)
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()


class Mails:
    """Takes all mail.  `taken` holds when the dot that asks for the 250 had come, and the head of the mail."""

    def __init__(self):
        self.taken, self.connections = [], 0

    async def serve(self, reader, writer):
        self.connections += 1
        writer.write(b"220 here\r\n")
        try:
            while line := await reader.readline():
                verb = line.split()[0].upper() if line.split() else b""
                if verb == b"DATA":
                    writer.write(b"354 go\r\n")
                    message = await reader.readuntil(b"\r\n.\r\n")
                    self.taken.append((time.monotonic(), message.split(b"\r\n\r\n")[0]))
                writer.write({b"EHLO": b"250-here\r\n250-PIPELINING\r\n250 8BITMIME\r\n", b"QUIT": b"221 bye\r\n"}.get(verb, b"250 fine\r\n"))
                if verb == b"QUIT":
                    break
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        writer.close()


def run_server(kind, port_at, answer_at, *args):
    """A process: serves until it is asked for what it has seen."""
    server = kind(*args)

    async def live():
        listening = await asyncio.start_server(server.serve, "127.0.0.1", 0, limit=1 << 24)
        port_at.send(listening.sockets[0].getsockname()[1])
        await asyncio.get_running_loop().run_in_executor(None, answer_at.recv)
    asyncio.run(live())
    answer_at.send({k: v for k, v in vars(server).items() if k in ("sent", "taken", "connections")})


class Process:
    def __init__(self, kind, *args):
        port, port_at = multiprocessing.Pipe()
        self.answer, answer_at = multiprocessing.Pipe()
        self.process = multiprocessing.Process(target=run_server, args=(kind, port_at, answer_at, *args), daemon=True)
        self.process.start()
        self.port = port.recv()

    def ends(self):
        self.answer.send(None)
        return self.answer.recv()


def cpu(pid):
    """CPU seconds of the daemon and of its children that live."""
    used, tick = {}, os.sysconf("SC_CLK_TCK")
    for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            before, rest = stat.read_text().rsplit(")", 1)
        except OSError:
            continue
        f = rest.split()
        if int(stat.parent.name) == pid or int(f[1]) == pid:
            name = before.split("(", 1)[1]
            used[name] = used.get(name, 0) + (int(f[11]) + int(f[12])) / tick
    return used


def measure(build, folder):
    texts, began = articles(folder), multiprocessing.Value("d", 0.0)
    feeds, mails = Process(Feeds, texts, began), Process(Mails)
    sources = "".join(f"  - {{ name: f{i}, url: 'http://127.0.0.1:{feeds.port}/f{i}', parser: feed, every: 1s, every_max: 1s, full_text: never }}\n"
                      for i in range(FEEDS))
    rig = Rig(build, folder, sources, mails, rules=rules(folder), extra="delivery: { flood: 0 }\n")
    rig.conf.write_text(rig.conf.read_text().replace("host_gap: 0", "host_gap: 0, host_connections: 8"))
    rig.start()
    try:
        assert rig.wait_for(lambda: rig.sql("select count(*) from source where first_read is not null")[0][0] == FEEDS, 120), rig.said()[-2000:]
        began.value = time.monotonic()
        time.sleep(WARM)
        before = cpu(rig.process.pid)
        time.sleep(SECONDS)
        after = cpu(rig.process.pid)
        time.sleep(3)
        rig.stop()
        return began.value, feeds.ends(), mails.ends(), {k: after[k] - before.get(k, 0) for k in after}, rig.said()
    finally:
        if rig.process.poll() is None:
            rig.kill()


def asked(mails):
    """When a mail about an item was first there, by the name in its subject."""
    found = {}
    for at, head in mails["taken"]:
        name = re.search(r"Item (\d+x\d+x)", email.message_from_bytes(head, policy=email.policy.default)["Subject"])
        if name:
            found.setdefault(name[1], at)
    return found


def disk(folder):
    """Milliseconds to have 4 kB on this disk: the middle and the 99th of a hundred."""
    took = []
    with open(folder / "synced", "wb") as f:
        for _ in range(100):
            f.write(b"x" * 4096)
            f.flush()
            began = time.monotonic()
            os.fdatasync(f.fileno())
            took.append((time.monotonic() - began) * 1000)
    return sorted(took)[50], sorted(took)[98]


def report(began, feeds, mails, used, said):
    due = {n: at for n, at in feeds["sent"].items() if WARM <= at - began < WARM + SECONDS}
    there = asked(mails)
    took = sorted((there[n] - at) * 1000 for n, at in due.items() if n in there)
    missing = len(due) - len(took)
    if not took or missing:
        print(f"  {missing} of {len(due)} alerts did not arrive\n{said[-1500:]}")
    if not took:
        return 1
    p50, p99 = took[len(took) // 2], took[int(len(took) * 0.99)]
    print(f"  {len(took)} articles in {SECONDS} s, {WATCHES} watches: p50 {p50:.1f} ms, p90 {took[int(len(took) * 0.9)]:.1f} ms, p99 {p99:.1f} ms,"
          f" max {took[-1]:.1f} ms; {mails['connections']} connections")
    print("  CPU s: " + ", ".join(f"{name} {s:.1f}" for name, s in sorted(used.items())))
    print(f"ratio\tlast byte of a body to the mail's dot, p99 ms\t{p99:.1f}\t{BUDGET_MS}")
    return 0 if p99 < BUDGET_MS and not missing and len(took) >= 0.95 * RATE * SECONDS else 1


def main():
    if not BENCH.is_dir():
        print("bench_latency: ../shared/bench is not here")
        return 77
    with tempfile.TemporaryDirectory() as folder:
        print("  the disk takes %.1f ms, at the 99th %.1f ms, for a write" % disk(pathlib.Path(folder)))
        return report(*measure(pathlib.Path(sys.argv[1]), pathlib.Path(folder)))


if __name__ == "__main__":
    sys.exit(main())
