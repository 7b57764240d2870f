#!/usr/bin/python3
"""What matching an article costs beside cutting it into words and looking each up, in one run on the same texts.

  bench_match.py BUILD [ARTICLES]

Articles and watches are those of ../shared/bench, absent which this says so and ends with 77.  The limit is its
token_limit; budgets are shares of the limit's speed.  What fires is compared with a matcher that knows nothing but
words between blanks.
"""
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

BENCH = pathlib.Path(__file__).resolve().parents[3] / "shared" / "bench"
BUDGET = {100: None, 1000: 0.5, 10000: 0.35, 100000: 0.2}
SPREAD = 5.0  # at most what 100,000 watches cost over 100
NAIVE_ARTICLES = 4000


def watches(folder, n):
    for yaml in (False, True):
        with open(folder / f"rules{n}.{'yaml' if yaml else 'jsonl'}", "wb") as out:
            command = ["/usr/bin/python3", "gen_rules.py", str(n)] + (["--yaml"] if yaml else [])
            subprocess.run(command, cwd=BENCH, stdout=out, check=True)
    return folder / f"rules{n}.yaml"


def limit(folder, articles):
    """Microseconds an article of the token limit; builds it and the articles."""
    out = subprocess.run(["sh", BENCH / "limits.sh", str(articles), "1000"], cwd=BENCH, check=True, text=True,
                         stdout=subprocess.PIPE, env={**os.environ, "SCRATCH": str(folder)}).stdout
    return json.loads(re.search(r"token limit +(\{.*\})", out)[1])["us_per_article"]


def limit_again(folder):
    out = subprocess.run([folder / "token_limit", folder / "vocabulary", folder / "articles.txt"], check=True, text=True,
                         stdout=subprocess.PIPE).stdout
    return json.loads(out)["us_per_article"]


def count(build, yaml, articles):
    out = subprocess.run([build / "newswatch", "match", "--count", "--watches", yaml, "--articles", articles],
                         check=True, text=True, stdout=subprocess.PIPE).stdout
    return json.loads(out)


def words(text):
    """Words between blanks, each Chinese character and each full-width mark one: no Chinese phrase crosses a mark."""
    return " " + " ".join(re.findall(r"[\u3001-\u303f\uff01-\uff20\u3400-\u9fff]|[^\W\u3400-\u9fff]+", text.lower())) + " "


def naive(folder, articles, n):
    fired = {}
    rules = [json.loads(line) for line in open(folder / f"rules{n}.jsonl", encoding="utf-8")]
    rules = [(f"w{r['id']:06d}", [words(p) for p in r["all"]], [words(p) for p in r["not"]]) for r in rules]
    for line in open(articles, encoding="utf-8"):
        a = json.loads(line)
        text = [words(a["title"]), words(a["text"])]
        for name, have, lack in rules:
            if all(any(p in t for t in text) for p in have) and not any(p in t for p in lack for t in text):
                fired[name] = fired.get(name, 0) + 1
    return fired


def agrees(build, folder):
    some = folder / "some.jsonl"
    with open(folder / "articles.jsonl", encoding="utf-8") as f, open(some, "w", encoding="utf-8") as out:
        for _, line in zip(range(NAIVE_ARTICLES), f):
            out.write(line)
    ours = {k: v for k, v in count(build, folder / "rules1000.yaml", some)["fired"].items() if v}
    theirs = naive(folder, some, 1000)
    differ = sorted(k for k in ours.keys() | theirs.keys() if ours.get(k) != theirs.get(k))
    print(f"  naive matcher: {sum(theirs.values())} hits, {len(differ)} watches differ {differ[:5] or ''}")
    return not differ


def main():
    build, articles = pathlib.Path(sys.argv[1]).resolve(), int(sys.argv[2]) if len(sys.argv) > 2 else 30000
    if not BENCH.is_dir():
        print("bench_match: ../shared/bench is not here")
        return 77
    ok, cost = True, {}
    with tempfile.TemporaryDirectory() as t:
        folder = pathlib.Path(t)
        print(f"  token limit: {limit(folder, articles):.2f} us an article, {articles} articles")
        print("  watches   us an article   share of the limit's speed   budget   hits")
        for n, budget in BUDGET.items():
            floor = limit_again(folder)
            answer = count(build, watches(folder, n), folder / "articles.jsonl")
            cost[n] = answer["match_cpu_s"] / answer["articles"] * 1e6
            share = floor / cost[n]
            ok &= budget is None or share >= budget
            print(f"  {n:7} {cost[n]:15.2f} {share:28.2f}   {budget or '-':>6} {answer['matches']:6}")
            if budget:
                print(f"ratio\tmatch, {n} watches : the token limit's speed\t{share:.2f}\t>={budget}")
        ok &= cost[100000] / cost[100] <= SPREAD
        print(f"ratio\tmatch, 100,000 watches : 100\t{cost[100000] / cost[100]:.2f}\t{SPREAD}")
        ok &= agrees(build, folder)
    return 0 if ok else 1


if __name__ == "__main__":
    sys.exit(main())
