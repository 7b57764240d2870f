"""newswatch parse, match, check, query, plugin: shapes, places of errors, exit codes."""
import json
import random
import subprocess

import pytest

FEED = """<?xml version="1.0"?><rss version="2.0"><channel><title>Ministry</title><link>https://example.org/</link>
<language>en</language>
<item><title>Talks &amp;amp; tea</title><link>/1</link><guid isPermaLink="false">g1</guid>
<pubDate>Tue, 23 Mar 2021 10:30:00 +0800</pubDate><category>News</category>
<description>&lt;p&gt;The ministry imposed sanctions on Friday, a spokesperson said after the talks.&lt;/p&gt;</description>
<enclosure url="a.pdf" type="application/pdf" length="7"/></item></channel></rss>"""

WATCHES = """
lists:
  treaty: [treaty, treaties]
topics:
  - name: sanctions
    match: |
      sanctions
    news: |
      sanctions NEAR/5 impose*
watches:
  - name: new-sanctions
    severity: high
    match: |
      topic:sanctions/news AND NOT football
  - name: treaties
    match: |
      @treaty
"""


@pytest.fixture
def newswatch(build):
    def run(*args, stdin=None):
        return subprocess.run([build / "newswatch", *map(str, args)], input=stdin, capture_output=True, text=True, timeout=60)
    return run


def lines(run):
    return [json.loads(line) for line in run.stdout.splitlines()]


def test_parse_prints_one_object_a_document_in_their_order(newswatch, tmp_path):
    files = []
    for i in range(30):
        files.append(tmp_path / f"{i}.xml")
        files[-1].write_text(FEED.replace("Ministry", f"Ministry {i}"))
    run = newswatch("parse", "--base-url", "https://example.org/feed", *files)
    assert run.returncode == 0, run.stderr
    assert [d["feed"]["title"] for d in lines(run)] == [f"Ministry {i}" for i in range(30)]


def test_an_article_has_the_shape_that_is_relied_upon(newswatch):
    run = newswatch("parse", "--base-url", "https://example.org/feed", "-", stdin=FEED)
    document, = lines(run)
    assert set(document) == {"feed", "articles", "follow", "notes"}
    assert document["feed"] == {"kind": "feed", "title": "Ministry", "link": "https://example.org/", "language": "en",
                                "charset": "utf-8"}
    article, = document["articles"]
    assert list(article) == ["guid", "key", "url", "title", "author", "published", "published_precision",
                             "published_origin", "updated", "language", "categories", "summary_text", "body_text",
                             "body_html", "enclosures"]
    assert article["url"] == "https://example.org/1"
    assert article["title"] == "Talks & tea"
    assert article["published"] == "2021-03-23T02:30:00Z"
    assert (article["published_precision"], article["published_origin"]) == ("minute", "feed")
    assert article["updated"] is None
    assert article["language"] == "en"
    assert article["enclosures"] == [{"url": "https://example.org/a.pdf", "type": "application/pdf", "length": 7}]
    assert "imposed sanctions" in article["summary_text"] + article["body_text"]


def test_quiet_does_the_work_and_prints_nothing(newswatch):
    run = newswatch("parse", "--quiet", "--base-url", "https://example.org/feed", "-", stdin=FEED)
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")


@pytest.mark.parametrize("text", ["", "no document at all, just words", "\0\1\2garbage" * 1000],
                         ids=["empty", "words", "garbage"])
def test_what_cannot_be_read_is_one_line_and_exit_1(newswatch, tmp_path, text):
    path = tmp_path / "x"
    path.write_text(text)
    run = newswatch("parse", "--as", "feed", "--base-url", "https://example.org/", path)
    assert run.returncode == 1
    assert run.stdout == ""
    assert len(run.stderr.splitlines()) == 1 and str(path) in run.stderr


def test_a_document_that_cannot_be_read_does_not_stop_the_others(newswatch, tmp_path):
    good = tmp_path / "good.xml"
    good.write_text(FEED)
    run = newswatch("parse", "--base-url", "https://example.org/", tmp_path / "missing", good, tmp_path)
    assert run.returncode == 1
    assert len(lines(run)) == 1
    assert len(run.stderr.splitlines()) == 2


def test_match_takes_parse_s_documents_and_gives_evidence_in_the_original(newswatch, tmp_path):
    watches = tmp_path / "w.yaml"
    watches.write_text(WATCHES)
    document = newswatch("parse", "--base-url", "https://example.org/feed", "-", stdin=FEED).stdout
    run = newswatch("match", "--watches", watches, stdin=document)
    assert run.returncode == 0, run.stderr
    topic, watch = lines(run)
    assert (topic["topic"], topic["class"], topic["score"]) == ("sanctions", "news", None)
    assert (watch["watch"], watch["severity"], watch["article"]) == ("new-sanctions", "high", "g1")
    assert "blocked_by" not in watch and "class" not in watch
    article = json.loads(document)["articles"][0]
    for item in watch["evidence"]:
        text = article[{"title": "title", "body": "body_text", "summary": "summary_text"}[item["field"]]].encode()
        assert text[item["start"]:item["end"]].decode() == item["text"]
        start = item["passage_start"]
        assert text[start:start + len(item["passage"].encode())].decode() == item["passage"]


def test_match_takes_the_short_form_and_tells_near_misses_when_asked(newswatch, tmp_path):
    watches = tmp_path / "w.yaml"
    watches.write_text(WATCHES)
    articles = tmp_path / "a.jsonl"
    articles.write_text(json.dumps({"id": 17, "lang": "", "title": "Sanctions", "text": "They imposed sanctions on a football club."})
                        + "\n" + json.dumps({"id": "b", "text": "制裁", "title": ""}) + "\n")
    run = newswatch("match", "--watches", watches, "--articles", articles)
    assert [m.get("watch") for m in lines(run)] == [None]
    run = newswatch("match", "--watches", watches, "--articles", articles, "--near")
    near = [m for m in lines(run) if "blocked_by" in m]
    assert [(m["article"], m["watch"]) for m in near] == [("17", "new-sanctions")]
    assert near[0]["blocked_by"][0]["text"] == "football"


FISH = {"id": "a", "lang": "en", "title": "A visit", "text": "They met in Oslo.", "topics": [{"name": "fish", "class": "news"}]}


def test_places_are_given_where_no_topics_are_and_the_lines_own_topics_stay(newswatch, tmp_path):
    conf = tmp_path / "w.yaml"
    conf.write_text("places:\n  - name: NO\n    match: |\n      Oslo\nwatches:\n  - name: norway\n    match: |\n      country:NO\n")
    run = newswatch("match", "-c", conf, stdin=json.dumps(FISH))
    assert run.returncode == 0, run.stderr
    assert [m["watch"] for m in lines(run) if "watch" in m] == ["norway"]
    assert [m["topic"] for m in lines(run) if "topic" in m] == ["fish"]


def test_watches_alone_may_ask_for_a_topic_that_the_lines_bring(newswatch, tmp_path):
    watches = tmp_path / "w.yaml"
    watches.write_text("watches:\n  - name: old\n    match: |\n      tag:fish\n")
    run = newswatch("match", "--watches", watches, stdin=json.dumps(FISH))
    assert [m["watch"] for m in lines(run) if "watch" in m] == ["old"], run.stderr
    assert newswatch("match", "-c", watches, stdin=json.dumps(FISH)).returncode == 1, "a whole configuration knows its tags"


def test_match_counts(newswatch, tmp_path):
    watches = tmp_path / "w.yaml"
    watches.write_text(WATCHES)
    articles = "".join(json.dumps({"id": i, "text": "a treaty" if i % 2 else "sanctions", "title": ""}) + "\n" for i in range(500))
    count, = lines(newswatch("match", "--watches", watches, "--count", stdin=articles))
    assert count["articles"] == 500
    assert count["fired"] == {"treaties": 250, "topic:sanctions": 250}
    assert count["matches"] == 500
    assert count["match_cpu_s"] > 0 and count["read_cpu_s"] > 0


def test_an_article_whose_words_nobody_reads_is_told(newswatch, tmp_path):
    watches = tmp_path / "w.yaml"
    watches.write_text(WATCHES)
    run = newswatch("match", "--watches", watches, stdin='{"id":1,"title":"x","body":"a treaty"}\n{"id":2,"content":"a treaty"}\n')
    assert run.returncode == 1
    assert run.stderr.splitlines() == [
        "newswatch match: error: line 1: the key body is not read: name it body_text",
        "newswatch match: error: line 2 has neither title nor body_text: there is nothing to match"]


def test_a_line_that_is_no_article_is_told_and_the_others_are_matched(newswatch, tmp_path):
    watches = tmp_path / "w.yaml"
    watches.write_text(WATCHES)
    run = newswatch("match", "--watches", watches, stdin='{"id":1,"text":"a treaty","title":""}\n{nonsense\n[1]\n{"id":2,"text":"treaties"}\n')
    assert run.returncode == 1
    assert [m["article"] for m in lines(run)] == ["1", "2"]
    assert "line 2" in run.stderr and "line 3" in run.stderr


BROKEN = """watches:
  - name: words
    match: |
      foo bar
  - name: chain
    match: |
      a NEAR/5 b

      NEAR/3 c
  - name: typo
    matsch: |
      x
  - name: promise
    match: |
      sanctions
    examples:
      fires:
        - "no such word"
      silent:
        - "Football | sanctions here"
  - name: good
    match: |
      sanctions
"""


def test_every_refused_entry_is_told_at_its_place_and_the_others_are_evaluated(newswatch, tmp_path):
    watches = tmp_path / "w.yaml"
    watches.write_text(BROKEN)
    run = newswatch("match", "--watches", watches, stdin='{"id":1,"title":"sanctions","text":""}\n')
    assert run.returncode == 1
    for place in (":4:7: error: watch words:", ":9:7: error: watch chain:", ":11:5: error: watch typo:",
                  ":18:11: error: watch promise: this example must fire",
                  ":20:11: error: watch promise: this example must stay silent"):
        assert str(watches) + place in run.stderr
    assert "did you mean 'match'" in run.stderr
    assert {m["watch"] for m in lines(run)} == {"good", "promise"}


def test_check_refuses_the_whole_and_says_the_same(newswatch, tmp_path):
    conf = tmp_path / "newswatchd.yaml"
    conf.write_text(BROKEN)
    run = newswatch("check", "-c", conf)
    assert run.returncode == 1
    found = [json.loads(line) for line in newswatch("check", "--json", "-c", conf).stdout.splitlines()]
    places = {(d["line"], d["column"]) for d in found if d["severity"] == "error"}
    assert places >= {(4, 7), (9, 7), (11, 5), (18, 11), (20, 11)}
    for line, column in places:
        assert f"newswatchd.yaml:{line}:{column}: error:" in run.stderr


LISTS = """
lists:
  good: [treaty, accord]
  bad: ['(((', pact]
  uses: ['@bad', entente]
topics:
  - name: pacts
    match: |
      @uses
    examples:
      fires: ["A pact was made"]
watches:
  - name: good
    match: |
      @good
  - name: bad
    match: |
      @bad NEAR/3 sign*
    examples:
      fires: ["They signed the pact", "The entente was signed"]
      silent: ["Football"]
"""


def test_a_bad_entry_of_a_list_is_one_error_of_a_check(newswatch, tmp_path):
    conf = tmp_path / "newswatchd.yaml"
    conf.write_text(LISTS)
    run = newswatch("check", "-c", conf)
    assert run.returncode == 1
    assert run.stderr.count(": error: ") == 1 and "note:" not in run.stderr
    assert f"{conf}:4:10: error: list bad: ((( has no letter or digit" in run.stderr and "write a word, or leave it out" in run.stderr


def test_a_bad_entry_of_a_list_refuses_what_names_it_and_nothing_else(newswatch, tmp_path):
    watches = tmp_path / "w.yaml"
    watches.write_text(LISTS)
    run = newswatch("match", "--watches", watches, stdin='{"id":1,"title":"A treaty, a pact","text":"The pact was signed."}\n')
    assert run.returncode == 1
    assert [m["watch"] for m in lines(run)] == ["good"]
    assert [line.split(": error: ")[1].split(":")[0] for line in run.stderr.splitlines() if ": error: " in line] == \
        ["list bad", "list uses", "topic pacts", "watch bad"]


def test_query_prints_the_canonical_form_or_a_caret(newswatch):
    run = newswatch("query", "treaty W/5 renew!")
    assert (run.returncode, run.stdout.strip()) == (0, "treaty NEAR/5 renew*")
    run = newswatch("query", "a AND b OR c")
    assert run.returncode == 1
    assert "error" in run.stderr and "^" in run.stderr


def test_usage_is_told(newswatch):
    assert newswatch().returncode == 2
    assert newswatch("nonsense").returncode == 2
    run = newswatch("parse", "--base-url", "news", "-", stdin=FEED)
    assert run.returncode == 2 and "http://" in run.stderr
    assert "did you mean 'status'?" in newswatch("statsu").stderr
    assert newswatch("parse").returncode == 2
    run = newswatch("parse", "--bse-url", "x", "y")
    assert run.returncode == 2 and "--help" in run.stderr
    run = newswatch("match", "--help")
    assert run.returncode == 0 and "Example" in run.stdout


def test_plugins_are_listed(newswatch):
    run = newswatch("plugin", "list", "--json")
    assert run.returncode == 0, run.stderr
    assert {"parser-feed", "parser-page", "tagger-topics", "rule-watch", "notifier-email", "notifier-webhook"} <= \
        {p["name"] for p in lines(run)}


@pytest.mark.parametrize("program", ["newswatch-worker", "newswatch-sender", "newswatch-indexer"])
def test_a_helper_started_by_hand_says_who_starts_it(build, program):
    run = subprocess.run([build / program, "--help"], capture_output=True, text=True, timeout=20)
    assert run.returncode == 2
    assert run.stderr.startswith(f"{program} is started by newswatchd") and run.stderr.count("\n") == 1


@pytest.mark.parametrize("words", [["--nonsense"], ["-c"], ["-x"], ["--sandbox", "some"], ["a"]])
def test_newswatchd_tells_wrong_usage_in_one_line(build, words):
    run = subprocess.run([build / "newswatchd", *words], capture_output=True, text=True, timeout=20)
    assert run.returncode == 2
    assert run.stderr.startswith("newswatchd: ") and run.stderr.endswith("see newswatchd --help\n") and run.stderr.count("\n") == 1


def test_bytes_that_are_no_text_are_told_as_such_and_utf_16_is_text(newswatch, tmp_path):
    noise, page = tmp_path / "noise", tmp_path / "page"
    noise.write_bytes(random.Random(1).randbytes(1 << 20))
    page.write_bytes("<html><head><title>Über die Brücke</title></head><body><p>Die Brücke ist seit heute offen.</p>".encode("utf-16"))
    run = newswatch("parse", "--base-url", "https://example.org/", noise)
    assert run.returncode == 1 and "no text: 1048576 bytes" in run.stderr and run.stderr.count("\n") == 1
    read, = lines(newswatch("parse", "--base-url", "https://example.org/", page))
    assert read["articles"][0]["title"] == "Über die Brücke"


def test_of_many_notes_the_first_twenty_are_printed_and_all_when_asked(newswatch, tmp_path):
    (tmp_path / "lists.d").mkdir()
    lists = {name: [f"ORG{name.upper()}{b}" for b in "GHIJKLMNOPQRSTU"] for name in "ab"}
    (tmp_path / "lists.d/l.yaml").write_text("lists:\n" + "".join(f"  {name}: [{', '.join(words)}]\n" for name, words in lists.items()))
    (tmp_path / "watches.d").mkdir()
    (tmp_path / "watches.d/w.yaml").write_text("watches:\n  - name: w\n    match: |\n      @a OR @b\n")
    (tmp_path / "n.yaml").write_text("{}\n")
    some, every = (newswatch("check", "-c", tmp_path / "n.yaml", *more) for more in ([], ["--notes"]))
    assert (some.stderr.count(": note: "), every.stderr.count(": note: ")) == (20, 30)
    assert some.stderr.endswith("and 10 more notes: newswatch check --notes shows them all\n") and "more notes" not in every.stderr
    assert newswatch("check", "--json", "-c", tmp_path / "n.yaml").stdout.count('"severity":"note"') == 30
