"""The shipped topics on labelled ministry-style texts: precision, recall and F1 of class news.

tests/data/topics/*.jsonl are the texts the topics were written with, tests/data/topics/held/*.jsonl such as were only
scored. Both must reach FLOOR together; what is wrong is printed with the text, and `make check` shows the table.
"""
import collections
import json
import pathlib
import subprocess

import pytest

TOP = pathlib.Path(__file__).resolve().parents[2]
DATA = TOP / "tests/data/topics"
FLOOR = 0.95
LANGUAGES = {"en", "zh", "fr", "ru", "de", "es", "ar", "ja"}


def labelled(folder):
    return [json.loads(line) for path in sorted(folder.glob("*.jsonl"))
            for line in path.read_text(encoding="utf-8").splitlines()]


def classes(build, texts):
    """What newswatch says of each text's own topic: its class, or none."""
    articles = "".join(json.dumps({key: t[key] for key in ("id", "lang", "title", "text") if key in t}) + "\n"
                       for t in texts)
    run = subprocess.run([build / "newswatch", "match", "-c", TOP / "conf/newswatchd.yaml", "--articles", "-"],
                         input=articles, capture_output=True, text=True, timeout=300)
    assert run.returncode == 0, run.stderr
    said = {}
    for line in run.stdout.splitlines():
        match = json.loads(line)
        if "topic" in match:
            said[match["article"], match["topic"]] = match["class"]
    return [said.get((t["id"], t["topic"]), "none") for t in texts]


class Count:
    """Of class news: right ones, wrong ones, and those that were missed."""

    def __init__(self):
        self.right = self.wrong = self.missed = 0

    def add(self, expected, said):
        self.right += expected == said == "news"
        self.wrong += said == "news" != expected
        self.missed += expected == "news" != said

    def line(self, name):
        return (f"{name:24} {self.ratio(self.wrong):9.3f} {self.ratio(self.missed):7.3f} {self.f1():6.3f}"
                f" {self.right:5} {self.wrong:6} {self.missed:7}")

    def ratio(self, bad):
        return self.right / (self.right + bad) if self.right + bad else 1.0

    def f1(self):
        return 2 * self.right / (2 * self.right + self.wrong + self.missed) if self.right else 0.0


def score(texts, said):
    counts = collections.defaultdict(Count)
    for text, cls in zip(texts, said):
        for name in ("all", text["topic"], text["lang"]):
            counts[name].add(text["class"], cls)
    return counts


def table(title, counts):
    head = f"{title:24} precision  recall     F1 right  wrong  missed"
    return [head] + [counts[name].line(name) for name in sorted(counts, key=lambda n: (n != "all", len(n) == 2, n))]


@pytest.fixture(scope="module")
def scored(build):
    result = {}
    for name, folder in (("texts tuned on", DATA), ("texts held out", DATA / "held")):
        texts = labelled(folder)
        result[name] = texts, classes(build, texts)
    report = [line for name, (texts, said) in result.items() for line in table(name, score(texts, said))]
    (build / "test-logs").mkdir(exist_ok=True)
    (build / "test-logs/topics.report").write_text("\n".join(report) + "\n")
    return result


def test_the_labelled_set_is_large_and_half_of_it_is_no_news():
    texts = labelled(DATA) + labelled(DATA / "held")
    assert len(texts) >= 640
    assert len({t["id"] for t in texts}) == len(texts)
    for topic in {t["topic"] for t in texts}:
        assert {t["lang"] for t in texts if t["topic"] == topic} == LANGUAGES
    news = sum(t["class"] == "news" for t in texts)
    assert 0.4 <= news / len(texts) <= 0.6


@pytest.mark.parametrize("name", ["texts tuned on", "texts held out"])
def test_class_news_is_found_and_nothing_else_is_taken_for_it(scored, name):
    texts, said = scored[name]
    wrong = [f"{t['id']}: {t['class']}, said {cls}: {t.get('title', '')} | {t['text']}"
             for t, cls in zip(texts, said) if (t["class"] == "news") != (cls == "news")]
    print("\n".join(wrong))
    assert score(texts, said)["all"].f1() >= FLOOR, "\n".join(wrong)
