#!/usr/bin/python3
"""What polling costs beside curl, and what a source costs that is not polled, in one run on the same feeds.

  bench_poll.py BUILD [FEEDS]

The feeds, their server and the limits are those of ../shared/bench; absent them, nginx, curl or xmllint this says so
and ends with 77.  The figures are CPU seconds of whole families of processes, ours and curl's by turns.  The
environment may say PARTS (of once, steady, cold, idle) and TREE, a folder for the feeds that is kept.
"""
import ctypes
import json
import os
import pathlib
import re
import resource
import shutil
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time

BENCH = pathlib.Path(__file__).resolve().parents[3] / "shared" / "bench"
ITEMS = 30
ROUNDS = 7        # of once and curl, by turns
STEADY_S = 20     # how long the steady daemon is looked at
STEADY_EVERY = 5  # seconds between two polls of a feed
WATCHES = 1000
LIMIT_ARTICLES = 6000
BUDGET = {"steady": 1.0, "once": 1.5, "cold": 1.6, "idle": 2.0, "all": 120.0}
PR_SET_CHILD_SUBREAPER = 36


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def reap_all(command, answer):
    """In a process of its own: run, adopt what is orphaned, wait for all, say what they cost."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    try:
        while True:
            os.waitpid(-1, 0)
    except ChildProcessError:
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode != 0:
        sys.stderr.buffer.write(done.stderr)
    os.write(answer, f"{done.returncode} {used.ru_utime + used.ru_stime}".encode())


def cpu_of(command):
    """CPU seconds of a command and of all it started, whoever waited for them."""
    read_end, write_end = os.pipe()
    pid = os.fork()
    if pid == 0:
        reap_all(command, write_end)
        os._exit(0)
    os.close(write_end)
    with open(read_end) as answer:
        code, cost = answer.read().split()
    os.waitpid(pid, 0)
    if code != "0":
        raise RuntimeError(f"{command[0]} ended with {code}")
    return float(cost)


def family(pid):
    todo, all_pids = [pid], []
    while todo:
        one = todo.pop()
        all_pids.append(one)
        for task in pathlib.Path(f"/proc/{one}/task").glob("*/children"):
            todo += [int(p) for p in task.read_text().split()]
    return all_pids


def family_cpu(pid):
    return sum(int(t.read_text().split()[0]) for p in family(pid)
               for t in pathlib.Path(f"/proc/{p}/task").glob("*/schedstat")) / 1e9


def family_pss(pid):
    """MiB of all processes together."""
    return sum(int(re.search(r"^Pss: +(\d+)", pathlib.Path(f"/proc/{p}/smaps_rollup").read_text(), re.M)[1])
               for p in family(pid)) / 1024


class Monitor:
    """A configuration and a store in a folder of their own."""

    def __init__(self, build, folder, base, sources, every, rules, more=""):
        self.build, self.dir = build, folder
        (folder / "state").mkdir(mode=0o700, parents=True)
        (folder / "sources.d").mkdir()
        (folder / "watches.d").mkdir()
        (folder / "newswatchd.yaml").write_text(
            f"store: {{ path: '{folder}/state/news.db' }}\ncontrol: {{ path: '{folder}/control' }}\n"
            "fetch: { allow_private: [127.0.0.0/8], host_gap: 0, host_connections: 16, connections: 50, robots: false,\n"
            f"  unconditional_every: 0, every: {every}, every_max: {every} }}\n{more}")
        (folder / "sources.d" / "all.yaml").write_text("sources:\n" + "".join(
            f"  - {{ name: s{i:05d}, url: '{base}/f{i:05d}.xml', parser: feed, full_text: never }}\n" for i in range(sources)))
        if rules is not None:
            shutil.copy(rules, folder / "watches.d" / "rules.yaml")

    def command(self, *more):
        return [str(self.build / "newswatchd"), "-c", str(self.dir / "newswatchd.yaml"), *more]

    def once(self):
        return cpu_of(self.command("--once"))

    def forget(self):
        shutil.rmtree(self.dir / "state")
        (self.dir / "state").mkdir(mode=0o700)

    def value(self, query):
        with sqlite3.connect(f"file:{self.dir}/state/news.db?mode=ro", uri=True) as db:
            return db.execute(query).fetchone()[0]

    def start(self, log):
        self.process = subprocess.Popen(self.command(), stderr=log)
        for _ in range(600):
            time.sleep(0.1)
            try:
                with sqlite3.connect(f"file:{self.dir}/state/news.db?mode=ro", uri=True) as db:
                    if db.execute("SELECT count(*) FROM source").fetchone()[0] > 0:
                        return
            except sqlite3.Error:
                pass
        raise RuntimeError("the daemon did not begin")

    def stop(self):
        self.process.terminate()
        self.process.wait()


class Run:
    def __init__(self, build, folder, feeds):
        self.build, self.dir, self.feeds = build, folder, feeds
        self.tree = pathlib.Path(os.environ.get("TREE", folder / "tree"))
        self.port, self.env = free_port(), {**os.environ, "BENCH_RUN": str(folder / "serve")}
        self.base = f"http://127.0.0.1:{self.port}"
        if not (self.tree / "urls.txt").exists():
            self.tool("gen_feeds.py", self.tree, "--feeds", feeds, "--items", ITEMS)
        self.rules = folder / "rules.yaml"
        with open(self.rules, "wb") as out:
            subprocess.run(["/usr/bin/python3", "gen_rules.py", str(WATCHES), "--yaml"], cwd=BENCH, stdout=out, check=True)
        self.few = folder / "few.yaml"
        self.few.write_text("watches:\n  - name: treaty\n    state: shadow\n    match: |\n      treaty\n")
        (folder / "peers" / "out").mkdir(parents=True)
        self.tool("mkpeers.py", self.tree, self.base, folder / "peers")

    def tool(self, name, *words):
        subprocess.run(["/usr/bin/python3", name, *map(str, words)], cwd=BENCH, check=True, stdout=subprocess.DEVNULL)

    def serve(self, what, *words):
        subprocess.run(["sh", "serve.sh", what, *map(str, words)], cwd=BENCH, env=self.env, check=what == "start",
                       stdout=subprocess.DEVNULL)

    def curl(self, config="curl304.cfg"):
        return cpu_of(["curl", "-q", "-s", "-Z", "--parallel-max", "50", "-K", str(self.dir / "peers" / config)])

    def once(self):
        """A start whose feeds are all unchanged; returns what curl costs."""
        m = Monitor(self.build, self.dir / "once", self.base, self.feeds, "1s", self.few)
        m.once()
        ours, theirs = [], []
        for _ in range(ROUNDS):
            time.sleep(1.3)
            before = m.value("SELECT sum(polls) FROM target")
            ours.append(m.once())
            assert m.value("SELECT sum(polls) FROM target") - before >= self.feeds
            theirs.append(self.curl())
        ours, theirs = statistics.median(ours), statistics.median(theirs)
        print(f"  {self.feeds} unchanged feeds: --once {ours:.3f} s, curl -Z {theirs:.3f} s")
        print(f"ratio\tpoll of an unchanged feed, --once : curl -Z\t{ours / theirs:.2f}\t{BUDGET['once']}")
        return ours / theirs <= BUDGET["once"]

    def steady(self):
        m = Monitor(self.build, self.dir / "steady", self.base, self.feeds, f"{STEADY_EVERY}s", self.few)
        m.once()
        theirs = [self.curl() for _ in range(3)]
        with open(self.dir / "steady.log", "wb") as log:
            m.start(log)
        time.sleep(3 * STEADY_EVERY)
        polls, cpu = m.value("SELECT sum(polls) FROM target"), family_cpu(m.process.pid)
        time.sleep(STEADY_S)
        polls, cpu = m.value("SELECT sum(polls) FROM target") - polls, family_cpu(m.process.pid) - cpu
        m.stop()
        theirs = statistics.median(theirs + [self.curl() for _ in range(4)])
        ours = cpu / polls * self.feeds
        print(f"  {polls} polls of a steady daemon: {ours:.3f} s for {self.feeds}, curl -Z {theirs:.3f} s")
        print(f"ratio\tpoll of an unchanged feed, steady : curl -Z\t{ours / theirs:.2f}\t{BUDGET['steady']}")
        return ours / theirs <= BUDGET["steady"]

    def limits(self):
        """CPU seconds of the bare work on one article: HTML, words, an insert."""
        env = {**os.environ, "SCRATCH": str(self.dir / "limits")}
        out = subprocess.run(["sh", "limits.sh", str(LIMIT_ARTICLES), str(WATCHES)], cwd=BENCH, check=True, text=True,
                             stdout=subprocess.PIPE, env=env).stdout
        html, token = (json.loads(re.search(rf"{n} limit +(\{{.*\}})", out)[1])[us]
                       for n, us in (("html", "us_per_document"), ("token", "us_per_article")))
        return html / 1e6, token / 1e6, self.bare_insert()

    def bare_insert(self):
        rows = []
        with open(self.dir / "limits" / "articles.jsonl", encoding="utf-8") as lines:
            for a in map(json.loads, lines):
                rows.append((a["id"], a["id"] % 1000, f"urn:m:{a['id']}", a["title"], a["text"], 1790000000 + a["id"]))
        db = sqlite3.connect(self.dir / "bare.db", isolation_level=None)
        db.executescript("pragma journal_mode=wal; pragma synchronous=full; pragma cache_size=-65536;"
                         "create table article(id integer primary key, source int, guid text, title text, body text, at int);"
                         "create unique index ag on article(source, guid); create index aa on article(at);")
        begun = time.process_time()
        for i in range(0, len(rows), 30):
            db.execute("begin immediate")
            db.executemany("insert or ignore into article values(?,?,?,?,?,?)", rows[i:i + 30])
            db.execute("commit")
        db.execute("pragma wal_checkpoint(truncate)").fetchall()
        cost = time.process_time() - begun
        db.close()
        return cost / len(rows)

    def cold(self):
        m = Monitor(self.build, self.dir / "cold", self.base, self.feeds, "15m", self.rules)
        files = [str(f) for f in sorted(self.tree.glob("*.xml"))]
        ours, floor = [], []
        for _ in range(3):
            m.forget()
            ours.append(m.once())
            curl, xml = self.curl("curl.cfg"), cpu_of(["xmllint", "--noout", "--sax", *files])
            html, token, insert = self.limits()
            floor.append(curl + xml + self.feeds * ITEMS * (html + token + insert))
            (self.dir / "bare.db").unlink()
            print(f"  cold: {ours[-1]:.2f} s; curl -Z {curl:.2f} s, xmllint --sax {xml:.2f} s, an article: "
                  f"HTML {html * 1e6:.1f} us, words {token * 1e6:.1f} us, insert {insert * 1e6:.1f} us")
        articles = m.value("SELECT count(*) FROM article")
        print(f"  {articles} articles of {self.feeds} feeds")
        share = statistics.median(o / f for o, f in zip(ours, floor))
        print(f"ratio\tcold poll, {WATCHES} watches : curl, xmllint, HTML, words, insert\t{share:.2f}\t{BUDGET['cold']}")
        return share <= BUDGET["cold"] and articles == self.feeds * ITEMS

    def idle_pss(self, sources):
        """MiB of a daemon whose sources all wait for their next poll."""
        m = Monitor(self.build, self.dir / f"idle{sources}", self.base, sources, "6h", self.rules)
        m.start(subprocess.DEVNULL)
        m.stop()  # only the sources are in the store: their first polls are put off
        with sqlite3.connect(m.dir / "state" / "news.db") as db:
            db.execute("UPDATE target SET due_at = ?", (int(time.time() * 1000) + 6 * 3600 * 1000,))
        db.close()
        m.start(subprocess.DEVNULL)
        time.sleep(20)  # until all that the start needed has ended
        pss = family_pss(m.process.pid)
        m.stop()
        return pss

    def idle(self):
        few, many = self.idle_pss(1000), self.idle_pss(10000)
        print(f"  PSS of all processes, {WATCHES} watches: {few:.1f} MiB at 1,000 sources, {many:.1f} MiB at 10,000")
        print(f"ratio\tPSS, 9,000 more idle sources, MiB\t{many - few:.2f}\t{BUDGET['idle']}")
        print(f"ratio\tPSS, 10,000 sources, {WATCHES} watches, MiB\t{many:.1f}\t{BUDGET['all']}")
        return many - few <= BUDGET["idle"] and many <= BUDGET["all"]


def main():
    build, feeds = pathlib.Path(sys.argv[1]).resolve(), int(sys.argv[2]) if len(sys.argv) > 2 else 1000
    if not BENCH.is_dir():
        print("bench_poll: ../shared/bench is not here")
        return 77
    missing = [p for p in ("nginx", "curl", "xmllint") if shutil.which(p, path=os.environ.get("PATH", "") + ":/usr/sbin") is None]
    if missing:
        print(f"bench_poll: {', '.join(missing)} not installed")
        return 77
    os.environ["PATH"] += ":/usr/sbin"
    with tempfile.TemporaryDirectory() as t:
        os.chmod(t, 0o755)  # nginx reads as another user
        run, ok = Run(build, pathlib.Path(t), feeds), True
        run.serve("start", run.tree, run.port, free_port())
        try:
            for part in os.environ.get("PARTS", "once steady cold idle").split():
                ok &= getattr(run, part)()
        finally:
            run.serve("stop")
    return 0 if ok else 1


if __name__ == "__main__":
    sys.exit(main())
