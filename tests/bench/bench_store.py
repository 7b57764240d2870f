#!/usr/bin/python3
"""What a commit costs beside a bare insert of the same articles.

  bench_store.py BUILD
"""
import json
import pathlib
import subprocess
import sys
import tempfile

build = pathlib.Path(sys.argv[1]).resolve()
with tempfile.TemporaryDirectory() as folder:
    out = subprocess.run([build / "tests/bench/bench_store", folder], check=True, stdout=subprocess.PIPE, text=True).stdout
got = json.loads(out)
print("  us an article: bare {bare_us}, commit {commit_us}, with tags {commit_tags_us}; a claim and its 304 {claim_and_304_us}".format(**got))
print(f"ratio\tcommit an article : bare insert\t{got['commit_ratio']}\t1.5")
