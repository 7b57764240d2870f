#!/usr/bin/python3
"""What polling costs beside curl, in one run on the same feeds.

  bench_poll.py BUILD [FEEDS]

  once     unchanged feeds by `newswatchd --once`, its start included, beside `curl -Z` with the same conditions
  steady   the same by a daemon that runs, from its second round on
  cold     all feeds new, the index apart, beside the sum of curl, xmllint, HTML, words and bare inserts
  slow     every response 200 ms late: the wall time beside the least that so many connections at once allow
  linear   ten times the feeds, new and unchanged: what one of them costs beside what it costs among few
  tls      unchanged feeds over HTTPS, a new connection and a whole handshake for each, certificates checked against
           the system's authorities and one more

The feeds, their servers and the limits are those of ../shared/bench; absent them, nginx, curl or xmllint this says so
and ends with 77.  The figures are CPU seconds of whole families of processes, ours and curl's by turns; that of
`slow` is wall time.  What idle sources cost is in bench_memory.py.  The environment may say PARTS (some of the names
above) and TREE, a folder for the feeds that is kept.
"""
import ctypes
import json
import os
import pathlib
import re
import resource
import shutil
import signal
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
HOST_CONNECTIONS = 16
DELAY_S = 0.2     # of every slow response
MORE = 10         # times the feeds, of two items each, that tell whether cost grows linearly
BUDGET = {"steady": 1.0, "once": 1.5, "cold": 1.6, "slow": 1.5, "linear": 1.2, "tls": 1.5}
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


def cpu_seconds(pid):
    return sum(int(t.read_text().split()[0]) for t in pathlib.Path(f"/proc/{pid}/task").glob("*/schedstat")) / 1e9


def family_cpu(pid):
    return sum(map(cpu_seconds, family(pid)))


class Monitor:
    """A configuration and a store in a folder of their own."""

    def __init__(self, build, folder, base, sources, every, rules, more=""):
        self.build, self.dir, self.sources = build, folder, sources
        (folder / "state").mkdir(mode=0o700, parents=True)
        (folder / "sources.d").mkdir()
        (folder / "watches.d").mkdir()
        (folder / "newswatchd.yaml").write_text(
            f"store: {{ path: '{folder}/state/news.db' }}\ncontrol: {{ path: '{folder}/control' }}\n"
            f"fetch: {{ allow_private: [127.0.0.0/8], host_gap: 0, host_connections: {HOST_CONNECTIONS}, connections: 50, robots: false,\n"
            f"  unconditional_every: 0, every: {every}, every_max: {every}{more} }}\n")
        (folder / "sources.d" / "all.yaml").write_text("sources:\n" + "".join(
            f"  - {{ name: s{i:05d}, url: '{base}/f{i:05d}.xml', parser: feed, full_text: never }}\n" for i in range(sources)))
        if rules is not None:
            shutil.copy(rules, folder / "watches.d" / "rules.yaml")

    def command(self, *more):
        return [str(self.build / "newswatchd"), "-c", str(self.dir / "newswatchd.yaml"), *more]

    def once(self):
        return cpu_of(self.command("--once"))

    def unchanged(self):
        """CPU seconds of a start that finds every feed as it was."""
        time.sleep(1.3)
        before = self.value("SELECT sum(polls) FROM target")
        cost = self.once()
        done = self.value("SELECT sum(polls) FROM target") - before
        assert done >= self.sources, f"{done} of {self.sources} polled"
        return cost

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

    def wait_for_index(self):
        """Until the indexer has caught up with what there was before the start."""
        for _ in range(60):
            before = family_cpu(self.process.pid) - cpu_seconds(self.process.pid)
            time.sleep(1)
            if family_cpu(self.process.pid) - cpu_seconds(self.process.pid) - before < 0.01:
                return

    def stop(self):
        self.process.terminate()
        self.process.wait()


NGINX_TLS = """worker_processes 1; daemon on; pid {run}/nginx.pid; error_log {run}/error.log warn;
events {{ worker_connections 1024; }}
http {{
  access_log off; etag on; keepalive_timeout 0; types {{ application/rss+xml xml; }}
  client_body_temp_path {run}/t1; proxy_temp_path {run}/t2; fastcgi_temp_path {run}/t3;
  uwsgi_temp_path {run}/t4; scgi_temp_path {run}/t5;
  ssl_certificate {run}/server.pem; ssl_certificate_key {run}/server.key;
  ssl_session_cache off; ssl_session_tickets off;
  server {{ listen 127.0.0.1:{port} ssl backlog=1024; root {tree}; }}
}}
"""


class TlsServer:
    """nginx with a certificate of an authority of its own, which stands among those of the system."""

    def __init__(self, folder, tree):
        self.dir, self.port = folder, free_port()
        folder.mkdir()
        self.openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30",
                     "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=bench authority")
        self.openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "server.key",
                     "-out", "server.csr", "-subj", "/CN=127.0.0.1")
        (folder / "san").write_text("subjectAltName=IP:127.0.0.1\n")
        self.openssl("x509", "-req", "-in", "server.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days",
                     "30", "-extfile", "san", "-out", "server.pem")
        system = pathlib.Path("/etc/ssl/certs/ca-certificates.crt")
        self.authorities = folder / "all.pem"
        self.authorities.write_text((system.read_text() if system.exists() else "") + (folder / "ca.pem").read_text())
        conf = folder / "nginx.conf"
        conf.write_text(NGINX_TLS.format(run=folder, port=self.port, tree=tree))
        subprocess.run(["nginx", "-e", folder / "error.log", "-c", conf], check=True)

    def openssl(self, *words):
        subprocess.run(["openssl", *words], cwd=self.dir, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def stop(self):
        os.kill(int((self.dir / "nginx.pid").read_text()), signal.SIGTERM)


class Run:
    def __init__(self, build, folder, feeds, items=ITEMS, tree=None):
        self.build, self.dir, self.feeds = build, folder, feeds
        self.tree = pathlib.Path(tree or folder / "tree")
        self.port, self.slow_port, self.env = free_port(), free_port(), {**os.environ, "BENCH_RUN": str(folder / "serve")}
        self.base, self.slow_base = (f"http://127.0.0.1:{p}" for p in (self.port, self.slow_port))
        if not (self.tree / "urls.txt").exists():
            self.tool("gen_feeds.py", self.tree, "--feeds", feeds, "--items", items)
        self.rules = folder / "rules.yaml"
        with open(self.rules, "wb") as out:
            subprocess.run(["/usr/bin/python3", "gen_rules.py", str(WATCHES), "--yaml"], cwd=BENCH, stdout=out, check=True)
        self.few = folder / "few.yaml"
        self.few.write_text("watches:\n  - name: treaty\n    state: shadow\n    match: |\n      treaty\n")
        (folder / "peers" / "out").mkdir(parents=True)
        self.tool("mkpeers.py", self.tree, self.base, folder / "peers")

    def tool(self, name, *words):
        subprocess.run(["/usr/bin/python3", name, *map(str, words)], cwd=BENCH, check=True, stdout=subprocess.DEVNULL)

    def __enter__(self):
        subprocess.run(["sh", "serve.sh", "start", self.tree, str(self.port), str(self.slow_port)], cwd=BENCH,
                       env={**self.env, "DELAY": str(DELAY_S)}, check=True, stdout=subprocess.DEVNULL)
        return self

    def __exit__(self, *why):
        subprocess.run(["sh", "serve.sh", "stop"], cwd=BENCH, env=self.env, check=False, stdout=subprocess.DEVNULL)

    def curl(self, config="curl304.cfg"):
        return cpu_of(["curl", "-q", "-s", "-Z", "--parallel-max", "50", "-K", str(self.dir / "peers" / config)])

    def once(self):
        """A start whose feeds are all unchanged; returns what curl costs."""
        m = Monitor(self.build, self.dir / "once", self.base, self.feeds, "1s", self.few)
        m.once()
        ours, theirs = [], []
        for _ in range(ROUNDS):
            ours.append(m.unchanged())
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
        m.wait_for_index()
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

    def slow(self):
        m = Monitor(self.build, self.dir / "slow", self.slow_base, self.feeds, "1s", self.few)
        ideal, took = -(-self.feeds // HOST_CONNECTIONS) * DELAY_S, []
        for _ in range(2):  # new, then unchanged
            time.sleep(1.3)
            begun = time.monotonic()
            m.once()
            took.append(time.monotonic() - begun)
        assert m.value("SELECT count(*) FROM article") == self.feeds * ITEMS
        print(f"  {self.feeds} feeds, {HOST_CONNECTIONS} at once, {DELAY_S * 1000:.0f} ms each: at least {ideal:.1f} s; "
              f"new {took[0]:.1f} s, unchanged {took[1]:.1f} s")
        print(f"ratio\twall time of slow responses : the least possible\t{max(took) / ideal:.2f}\t{BUDGET['slow']}")
        return max(took) / ideal <= BUDGET["slow"]

    def linear(self):
        few, many = self.feeds, self.feeds * MORE
        (self.dir / "more").mkdir()
        with Run(self.build, self.dir / "more", many, items=2) as run:
            new, same = {few: [], many: []}, {}
            for n in (few, many, few, many):
                m = Monitor(run.build, run.dir / f"linear{n}.{len(new[n])}", run.base, n, "1s", run.few)
                new[n].append(m.once() / n)
                assert m.value("SELECT count(*) FROM article") == 2 * n, "not all feeds were read"
                same[n] = statistics.median(m.unchanged() / n for _ in range(3))
        new = {n: min(costs) for n, costs in new.items()}
        for n in (few, many):
            print(f"  {n} feeds: {new[n] * 1e6:.0f} us a new one, {same[n] * 1e6:.0f} us an unchanged one")
        growth = max(new[many] / new[few], same[many] / same[few])
        print(f"ratio\tcost of a feed among {many} : among {few}\t{growth:.2f}\t{BUDGET['linear']}")
        return growth <= BUDGET["linear"]

    def tls(self):
        server = TlsServer(self.dir / "tls-server", self.tree)
        try:
            m = Monitor(self.build, self.dir / "tls", f"https://127.0.0.1:{server.port}", self.feeds, "1s", self.few,
                        f", ca_file: {server.authorities}")
            m.once()
            assert m.value("SELECT count(*) FROM article") == self.feeds * ITEMS
            ms = statistics.median(m.unchanged() for _ in range(3)) * 1000 / self.feeds
        finally:
            server.stop()
        print(f"ratio\tpoll over new TLS, start included, ms\t{ms:.2f}\t{BUDGET['tls']}")
        return ms <= BUDGET["tls"]


def main():
    build, feeds = pathlib.Path(sys.argv[1]).resolve(), int(sys.argv[2]) if len(sys.argv) > 2 else 1000
    if not BENCH.is_dir():
        print("bench_poll: ../shared/bench is not here")
        return 77
    missing = [p for p in ("nginx", "curl", "xmllint", "openssl") if shutil.which(p, path=os.environ.get("PATH", "") + ":/usr/sbin") is None]
    if missing:
        print(f"bench_poll: {', '.join(missing)} not installed")
        return 77
    os.environ["PATH"] += ":/usr/sbin"
    with tempfile.TemporaryDirectory() as t:
        os.chmod(t, 0o755)  # nginx reads as another user
        ok = True
        with Run(build, pathlib.Path(t), feeds, tree=os.environ.get("TREE")) as run:
            for part in os.environ.get("PARTS", "once steady cold slow linear tls").split():
                ok &= getattr(run, part)()
    return 0 if ok else 1


if __name__ == "__main__":
    sys.exit(main())
