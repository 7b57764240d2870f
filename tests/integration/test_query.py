"""What a user asks of the language itself: where a mistake stands, what an expression costs, what an article without a date is."""
import json
import subprocess
import unicodedata

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


def told(newswatch, tmp_path, text):
    """(LINE:COLUMN, message, what the caret underlines) of each finding of `newswatch check` that names no channel."""
    (tmp_path / "c.yaml").write_text(text, encoding="utf-8")
    run = newswatch("check", "-c", "c.yaml")
    said, found = run.stderr.splitlines(), []
    for i, line in enumerate(said):
        if line.startswith("c.yaml:") and "reach nobody" not in line:
            _, row, column, message = line.split(":", 3)
            assert said[i + 1].strip() == text.splitlines()[int(row) - 1].strip()
            wide = "".join(c * (2 if unicodedata.east_asian_width(c) in "WF" else 1) for c in said[i + 1])
            marked = wide[said[i + 2].index("^"):len(said[i + 2])]
            found.append((f"{row}:{column}", message.strip(), marked))
    return found


def test_a_language_without_a_stemmer_is_noted(newswatch, tmp_path):
    found = told(newswatch, tmp_path, "watches:\n  - name: a\n    lang: [en, zh]\n    match: |\n      x OR\n      STEM(treaty)\n"
                                      "  - name: b\n    lang: [en, ru]\n    match: |\n      STEM(treaty)\n")
    (place, message, marked), = found
    assert (place, marked) == ("6:7", "STEM(treaty)")
    assert message.startswith("note: watch a: STEM is the plain word in zh") and "write the forms" in message


def test_a_stem_in_a_list_a_watch_or_a_score_is_noted_where_it_is_named(newswatch, tmp_path):
    found = told(newswatch, tmp_path, "lists:\n  l: [pact, STEM(treaty)]\n  m: ['@l']\nwatches:\n"
                                      "  - name: a\n    lang: [zh]\n    match: |\n      x OR @m\n"
                                      "  - name: b\n    lang: [ja]\n    match: |\n      x AND\n        watch(a)\n"
                                      "  - name: c\n    lang: [ko]\n    score: |\n      30: x cap 90\n      20: title:@l cap 60\n      >= 30\n"
                                      "  - name: d\n    match: |\n      @l AND lang:(de OR uk)\n")
    assert [(place, marked) for place, _, marked in found] == [
        ("8:12", "@m"), ("13:9", "watch(a)"), ("18:17", "@l"), ("22:7", "@l")]
    assert all(f"plain word in {lang}" in message for lang, (_, message, _) in zip(("zh", "ja", "ko", "uk"), found))


def test_a_mistake_stands_in_its_own_line_however_the_query_is_written(newswatch, tmp_path):
    query = ("{}\n      条约 AND\n        signed NEAR/5 {}oslo{} NEAR/3 x\n\n      AND foo:bar{}\n")
    for style, quote, end, tail in (("|", '"', "", ""), (">", '"', "", ""), (">-", '"', "", ""), ("|2", '"', "", "")):
        found = told(newswatch, tmp_path, "watches:\n  - name: a\n    match: " + query.format(style, quote, quote, tail))
        assert [(place, marked) for place, _, marked in found] == [("5:30", "NEAR/3"), ("7:11", "foo:")], style
        assert "write (signed NEAR/5" in found[0][1] and "the fields are title" in found[1][1]


def test_a_mistake_in_a_quoted_query_of_several_lines_stands_in_its_own_line(newswatch, tmp_path):
    found = told(newswatch, tmp_path, "watches:\n  - name: a\n    match: 'EXACT(it''s) AND bad:x\n\n      AND 條約 NEAR/5 ''oslo'' NEAR/3 x\n"
                                      "      AND foo:bar'\n")
    assert [(place, marked) for place, _, marked in found] == [("3:30", "bad:"), ("5:34", "NEAR/3"), ("6:11", "foo:")]


def test_a_query_that_ends_in_an_open_bracket_is_told_once(newswatch, tmp_path):
    for query in ("treaty AND (", "treaty AND (\n\n", "treaty AND (a OR", "treaty AND title:(", "x OR\n        ANYOF(1,", "x OR\n        FIRST(3, (", "制裁 AND （", "制裁 OR\n        ANYOF（1，"):
        found = told(newswatch, tmp_path, f"watches:\n  - name: a\n    match: |+\n      {query}\n  - name: b\n    match: |\n      y\n")
        assert all(int(place.split(":")[0]) <= 5 for place, _, _ in found), found
        assert sum("never closed: add a )" in message for _, message, _ in found) == query.count("(") + query.count("（"), found
        assert not any("a term is missing here" in message for _, message, _ in found), found


WHOLE = """sources:
  - name: mfa
    url: https://example.org/feed
topics:
  - name: treaties
    match: |
      treaty
watches:
  - name: a
    match: |
      {}
"""


@pytest.mark.parametrize("query, column, marked, remedy", [
    ("x AND source:nope", 20, "nope", 'there is no source "nope"'),
    ("x AND source:(mfa OR mfb)", 28, "mfb", 'did you mean "mfa"?'),
    ("x AND topic:treatis/news", 19, "treatis/news", 'did you mean "treaties"?'),
    ("條約 AND tag:nope", 22, "nope", 'there is no tag "nope"'),
    ("x AND tag:treatys", 17, "treatys", 'did you mean "treaties"?'),
    ("x AND country:XQ", 21, "XQ", "is no country of ISO 3166"),
    ("x AND lang:xq", 18, "xq", "write its code"),
])
def test_a_name_that_the_whole_configuration_lacks_is_refused(newswatch, tmp_path, query, column, marked, remedy):
    found = told(newswatch, tmp_path, WHOLE.format(query))
    (place, message, under), = found
    assert (place, under) == (f"11:{column}", marked) and remedy in message
    bare = told(newswatch, tmp_path, WHOLE.format(query)[WHOLE.index("watches:"):])
    assert f"4:{column}" in [at for at, _, _ in bare], "a configuration without sources and topics knows all its names too"


def width(text):
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


LACKING = [
    ("x AND source:nope", 14, "nope", 'there is no source "nope"'),
    ("x AND topic:treatis/news", 13, "treatis/news", 'did you mean "treaties"?'),
    ("條約 AND tag:nope", 16, "nope", 'there is no tag "nope"'),
    ("x AND tag:(treaties OR treatys)", 24, "treatys", 'did you mean "treaties"?'),
    ("x AND NOT tag：nope", 17, "nope", 'there is no tag "nope"'),
    ("tag:treaties AND country:XQ", 26, "XQ", "is no country of ISO 3166"),
    ("x AND lang:xq", 12, "xq", "write its code"),
]


@pytest.fixture
def whole(build, newswatch, tmp_path):
    """A configuration with an empty store, and one of its commands run on it."""
    conf = f"store: {{ path: {tmp_path}/news.db }}\n" + WHOLE.format("x")
    (tmp_path / "whole.yaml").write_text(conf)
    subprocess.run([build / "newswatchd", "--once", "-c", "whole.yaml"], cwd=tmp_path, timeout=60, capture_output=True, check=False)
    return lambda command, *args: newswatch(command, "-c", "whole.yaml", *args)


@pytest.mark.parametrize("command", ["query", "search"])
@pytest.mark.parametrize("query, column, marked, remedy", LACKING)
def test_a_name_that_the_configuration_lacks_is_refused_on_the_command_line_too(whole, command, query, column, marked, remedy):
    run = whole(command, query)
    at = run.stderr.splitlines().index(f"  {query}")
    place, shown, under = run.stderr.splitlines()[at - 1:at + 2]
    assert run.returncode == 1 and run.stdout == ""
    assert place.startswith(f"1:{column}: error: ") and remedy in place
    assert shown == "  " + query and under.count("^") == width(marked) and under.index("^") == 2 + width(query[:query.rindex(marked)])


@pytest.mark.parametrize("command", ["match", "backtest"])
@pytest.mark.parametrize("query, column, marked, remedy", LACKING)
def test_a_watch_that_names_what_the_configuration_lacks_is_refused_by_every_command(whole, tmp_path, command, query, column, marked, remedy):
    text = (tmp_path / "whole.yaml").read_text().replace("\n      x", "\n      " + query)
    (tmp_path / "whole.yaml").write_text(text)
    run = whole(command, *(["a"] if command == "backtest" else []))
    assert run.returncode == 1 and f"whole.yaml:12:{column + 6}: error: " in run.stderr and remedy in run.stderr


@pytest.mark.parametrize("query", ["tag:treaties", "tag:zh", '"tag:nope"', "source:mfa AND tag:treaties"])
@pytest.mark.parametrize("command", ["query", "search"])
def test_a_name_that_the_configuration_has_passes_on_the_command_line(whole, command, query):
    run = whole(command, query)
    assert run.returncode == 0 and "error" not in run.stderr, run.stderr


@pytest.mark.parametrize("query", ["source:mfa", "topic:treaties/news", "tag:treaties", "tag:zh", "country:RU", "lang:zh-Hant"])
def test_a_name_that_the_configuration_has_passes(newswatch, tmp_path, query):
    assert told(newswatch, tmp_path, WHOLE.format("x AND " + query)) == []


@pytest.mark.parametrize("query", ["source:elsewhere", "tag:elsewhere", "topic:elsewhere"])
def test_rules_alone_may_name_what_the_configuration_elsewhere_defines(newswatch, tmp_path, query):
    watches = f"watches:\n  - name: a\n    match: |\n      treaty OR {query}\n"
    assert matched(newswatch, tmp_path, watches, {"guid": "1", "url": "https://example.org/1", "title": "T", "language": "en",
                                                  "body_text": "The treaty."}) == ["a"]
    assert newswatch("query", query).returncode == 0


def test_a_source_no_configuration_has_is_refused_in_the_envelope_too(newswatch, tmp_path):
    found = told(newswatch, tmp_path, WHOLE.format("x").replace("    match: |\n      x", "    sources: [mfb]\n    match: |\n      x"))
    assert [(place, "did you mean 'mfa'?" in message) for place, message, _ in found] == [("10:15", True)]


def test_words_that_yaml_takes_for_something_else_stay_words_in_a_list(newswatch, tmp_path):
    (tmp_path / "c.yaml").write_text("lists:\n  l: [no, NO, on, 2231, 1_0, 10:30, ~]\nwatches:\n  - name: a\n    match: |\n      @l\n")
    run = newswatch("check", "-c", "c.yaml")
    assert run.returncode == 0, run.stderr
    assert "c.yaml:2:37: warning: list l: ~ has no letter or digit" in run.stderr
    for text, fires in (("He said no.", 1), ("Is it on?", 1), ("Order 2231.", 1), ("At 10:30 sharp.", 1), ("~", 0), ("At 10 sharp.", 0)):
        watches = (tmp_path / "c.yaml").read_text()
        assert matched(newswatch, tmp_path, watches, {"guid": "1", "url": "https://example.org/1", "title": "T", "language": "en",
                                                      "body_text": text}) == ["a"] * fires, text


def test_a_list_of_nothing_but_null_is_empty(newswatch, tmp_path):
    found = told(newswatch, tmp_path, "lists:\n  l: [~]\nwatches:\n  - name: a\n    match: |\n      @l OR x\n")
    assert any(place == "2:7" and "the list is empty" in message for place, message, _ in found), found


def test_the_rest_of_a_line_of_names_is_a_comment_behind_a_number_sign_between_blanks(newswatch, tmp_path):
    (tmp_path / "names.txt").write_text("# ships\nSea Lotus 7 # tanker\ncase #5\n")
    watches = "lists:\n  l:\n    file: names.txt\nwatches:\n  - name: a\n    match: |\n      @l\n"
    for text, fires in (("The Sea Lotus 7 left.", 1), ("A tanker left.", 0), ("In case 5 it rains.", 1), ("In this case.", 0)):
        assert matched(newswatch, tmp_path, watches, {"guid": "1", "url": "https://example.org/1", "title": "T", "language": "en",
                                                      "body_text": text}) == ["a"] * fires, text


@pytest.mark.parametrize("args", [("match", "--watches", "absent.yaml"), ("match", "-c", "absent.yaml"), ("check", "-c", "absent.yaml"),
                                  ("query", "-c", "absent.yaml", "x"), ("match", "--watches", "w.yaml", "--articles", "absent.jsonl")])
def test_a_file_that_cannot_be_read_is_exit_3(newswatch, tmp_path, args):
    (tmp_path / "w.yaml").write_text("watches:\n  - name: a\n    match: |\n      x\n")
    run = newswatch(*args)
    assert run.returncode == 3 and "cannot open 'absent." in run.stderr and run.stderr.count("\n") == 1
