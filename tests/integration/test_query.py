"""What a user asks of the language itself: where a mistake stands, what an expression costs, what an article without a date is."""
import json
import subprocess

import pytest


@pytest.fixture
def newswatch(build, tmp_path):
    def run(*args):
        return subprocess.run([build / "newswatch", *args], capture_output=True, text=True, timeout=60, cwd=tmp_path)
    return run


def matched(newswatch, tmp_path, watches, *articles):
    (tmp_path / "w.yaml").write_text(watches)
    (tmp_path / "a.jsonl").write_text("".join(json.dumps(a) + "\n" for a in articles))
    run = newswatch("match", "--watches", "w.yaml", "--articles", "a.jsonl")
    assert run.returncode == 0, run.stderr
    return [json.loads(line)["watch"] for line in run.stdout.splitlines()]


def test_an_article_without_a_date_is_of_now(newswatch, tmp_path):
    watches = "".join(f"  - name: {name}\n    match: |\n      treaty AND {when}\n" for name, when in (
        ("young", "age:<2d"), ("old", "age:>6h"), ("since", "date:2020-01-01.."), ("until", "date:..2020-01-01")))
    plain = {"guid": "1", "url": "https://example.org/1", "title": "T", "body_text": "The treaty.", "language": "en"}
    assert matched(newswatch, tmp_path, "watches:\n" + watches, plain) == ["young", "since"]
    dated = dict(plain, published="2019-05-01T10:00:00Z")
    assert matched(newswatch, tmp_path, "watches:\n" + watches, dated) == ["old", "until"]


@pytest.mark.parametrize("entry, column, remedy", [
    ("ATLEAST(2, x)", 9, "write ATLEAST(...) in the expression"),
    ("FIRST(3, x)", 9, "write FIRST(...) in the expression"),
    ("watch(a)", 9, "write watch(...) in the expression"),
    ("title:x", 9, "as in title:@name"),
    ("lang:en", 9, "as in lang:@name"),
    ("x AND y", 11, "operators in the expression"),
    ("tr*", 9, "needs three letters"),
    ("制裁*", 9, "leave it out"),
    ("—", 9, "write a word, or leave it out"),
    ("@nowhere", 9, "define it under lists:"),
])
def test_what_is_no_list_entry_is_refused_at_its_place(newswatch, tmp_path, entry, column, remedy):
    (tmp_path / "c.yaml").write_text(f"lists:\n  l: [ '{entry}' ]\nwatches:\n  - name: a\n    match: |\n      @l OR x\n")
    run = newswatch("check", "-c", "c.yaml")
    said = run.stderr.splitlines()
    at = next(i for i, line in enumerate(said) if line.startswith(f"c.yaml:2:{column}: error: list l: "))
    assert run.returncode == 1 and remedy in said[at]
    assert said[at + 1].strip() == f"l: [ '{entry}' ]" and said[at + 2].index("^") == column + 3


def test_names_with_colons_and_brackets_are_names(newswatch, tmp_path):
    watches = ("lists:\n  l: ['Case: Oslo', 'Acme (Holdings) Ltd', 'title: unknown', 'https://a.example/']\n"
               "watches:\n  - name: a\n    match: |\n      @l\n")
    assert matched(newswatch, tmp_path, watches, {"guid": "1", "url": "https://example.org/1", "title": "T", "language": "en",
                                                  "body_text": "Acme Holdings Ltd was named."}) == ["a"]


def test_the_caret_shows_whole_characters(newswatch, tmp_path):
    (tmp_path / "c.yaml").write_text("watches:\n  - name: a\n    match: |\n      制裁 AND （条约\n", encoding="utf-8")
    run = newswatch("check", "-c", "c.yaml")
    said = run.stderr.splitlines()
    at = next(i for i, line in enumerate(said) if "this bracket is never closed" in line)
    assert said[at].startswith("c.yaml:4:18:")
    assert said[at + 1].strip() == "制裁 AND （条约" and said[at + 2].strip() == "^~"


def test_the_cost_of_each_watch_is_told(newswatch, tmp_path):
    (tmp_path / "c.yaml").write_text("watches:\n  - name: a\n    match: |\n      treaty AND signed\n"
                                     "  - name: b\n    match: |\n      lang:en OR x\n")
    run = newswatch("query", "-c", "c.yaml", "--cost", "--json")
    assert run.returncode == 0, run.stderr
    a, b = (json.loads(line) for line in run.stdout.splitlines())
    assert (a["watch"], a["always"], b["watch"], b["always"]) == ("a", False, "b", True)
    assert set(a["required"].split()) & {"treaty", "signed"}
    assert "1 of the watches" in run.stderr
    assert newswatch("query", "--cost").returncode == 2


def test_a_language_without_a_stemmer_is_noted(newswatch, tmp_path):
    (tmp_path / "c.yaml").write_text("watches:\n  - name: a\n    lang: [en, zh]\n    match: |\n      x OR\n      STEM(treaty)\n"
                                     "  - name: b\n    lang: [en, ru]\n    match: |\n      STEM(treaty)\n")
    run = newswatch("check", "-c", "c.yaml")
    notes = [line for line in run.stderr.splitlines() if "stemmer" in line]
    assert run.returncode == 0 and len(notes) == 1
    assert notes[0].startswith("c.yaml:6:7: note: watch a: STEM: there is no stemmer for zh")
