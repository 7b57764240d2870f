#!/usr/bin/python3
"""The archive: what indexing an article costs beside a bare FTS5 insert, how long a search and a backtest take.

  bench_archive.py BUILD

ARTICLES in the environment says how many (1,000,000); they are the same at every run.
"""
import os
import pathlib
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time

BUILD = pathlib.Path(sys.argv[1]).resolve()
ARTICLES = int(os.environ.get("ARTICLES", "1000000"))
BYTES_EACH = 6000  # store, index and their logs
INDEXED = 20000    # articles indexed beside bare FTS5
SEARCHES = [("two Chinese characters", "制裁", True), ("an English phrase", '"extradition treaty"', True),
            ("NEAR", "signed NEAR/5 treaty", False), ("a frequent word", "ba", False), ("nothing", "wordthatisnotthere", False),
            ("that word in another language", "lang:zh AND ba", False), ("a wildcard", "extradit*", False), ("a leading wildcard", "*radition", False)]
WATCHES = """watches:
  - name: treaty
    severity: normal
    match: |
      (treaty NEAR/5 signed) OR (制裁 SENT 决定)
"""


OFTEN = """watches:
  - name: often
    severity: normal
    match: |
      traga
"""


def run(*command, **more):
    return subprocess.run([str(c) for c in command], check=True, stdout=subprocess.PIPE, text=True, **more).stdout


def index_cost(folder, store):
    out = run(BUILD / "tests/bench/bench_archive", "index", store, folder, min(INDEXED, ARTICLES * 3 // 4))
    bare, ours = (float(v) for v in re.findall(r":([0-9.]+)", out))
    print(f"  indexing an article: bare FTS5 {bare:.0f} us, newswatch {ours:.0f} us")
    print(f"ratio\tindex an article : bare FTS5 insert\t{ours / bare:.2f}\t1.25")


def timed(*command):
    best, out = float("inf"), ""
    for _ in range(7):
        start = time.monotonic()
        out = run(*command, stderr=subprocess.DEVNULL)
        best = min(best, time.monotonic() - start)
    return best * 1000, out


def main():
    if shutil.disk_usage(tempfile.gettempdir()).free < 2 * BYTES_EACH * ARTICLES:
        print(f"  no room for {ARTICLES} articles in {tempfile.gettempdir()}: set ARTICLES or TMPDIR")
        return 77
    folder = pathlib.Path(tempfile.mkdtemp(prefix="newswatch-bench-"))
    try:
        return measure(folder)
    finally:
        shutil.rmtree(folder)


def measure(folder):
    conf, store, cli = folder / "newswatchd.yaml", folder / "news.db", BUILD / "newswatch"
    conf.write_text(f"store: {{ path: '{store}' }}\ncontrol: {{ path: '{folder}/control' }}\n", encoding="utf-8")
    (folder / "watches.d").mkdir()
    (folder / "watches.d/w.yaml").write_text(WATCHES, encoding="utf-8")
    (folder / "often.yaml").write_text(OFTEN, encoding="utf-8")
    start = time.monotonic()
    run(BUILD / "tests/bench/bench_archive", "fill", store, ARTICLES)
    print(f"  {ARTICLES} articles, {store.stat().st_size >> 20} MiB, stored in {time.monotonic() - start:.0f} s")
    index_cost(folder, store)
    start, cpu = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    run(cli, "reindex", "-c", conf)
    cpu = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - cpu
    print(f"  indexed in {time.monotonic() - start:.0f} s, {cpu:.0f} s of CPU; {(folder / 'search.db').stat().st_size >> 20} MiB")
    for name, expr, judged in SEARCHES:
        ms, out = timed(cli, "search", "-c", conf, "--json", expr)
        print(f"  search, {name:24} {ms:7.1f} ms, {len(out.splitlines())} articles")
        if judged:
            print(f"ratio\tsearch, ms: {name}, first page\t{ms:.1f}\t100")
    for what, watch, is_cold in (("a watch", "treaty", False), ("a watch that fires often, nothing in memory", folder / "often.yaml", True)):
        if is_cold:
            forget(store, folder / "search.db")
        start = time.monotonic()
        out = run(cli, "backtest", "-c", conf, "--since", "2020-01-01", "--limit", "1", watch)
        seconds = time.monotonic() - start
        print(f"  backtest: {out.splitlines()[0]}")
        print(f"ratio\tbacktest of {what}, s\t{seconds:.2f}\t10")
    return 0


def forget(*paths):
    """What the kernel holds of the files in memory."""
    for path in paths:
        with open(path, "rb") as file:
            os.fsync(file.fileno())
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


sys.exit(main())
