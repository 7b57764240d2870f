"""The seed page of the sibling folder ../shared/seed: what parse must find, which topics and watches must fire, which not."""
import json
import pathlib
import subprocess

import pytest

SEED = pathlib.Path(__file__).resolve().parents[3] / "shared/seed"


@pytest.fixture(scope="module")
def want():
    if not (SEED / "expected.json").exists():
        pytest.skip("the folder ../shared/seed is not there")
    return json.loads((SEED / "expected.json").read_text())


@pytest.fixture(scope="module")
def document(build, want):
    run = subprocess.run([build / "newswatch", "parse", "--base-url", want["url"], SEED / want["files"]["html"]], capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


def block(text):
    return "|\n" + "".join(f"      {line}\n" for line in text.splitlines())


def rules(want):
    """Its lists, topics and watches as a file of rules."""
    out = "lists:\n" + "".join(f"  {name}: {json.dumps(values, ensure_ascii=False)}\n" for name, values in want["lists"].items())
    out += "topics:\n"
    for topic in want["topic_definitions"]:
        out += f"  - name: {topic['name']}\n" + "".join(f"    {k}: {block(topic[k])}" for k in ("match", "news", "stance") if k in topic)
    out += "watches:\n"
    for watch in want["watches"]["must_fire"] + want["watches"]["must_not_fire"]:
        out += f"  - name: {watch['id']}\n    match: {block(watch['match'])}"
    return out


@pytest.fixture(scope="module")
def matches(build, want, document, tmp_path_factory):
    path = tmp_path_factory.mktemp("seed") / "rules.yaml"
    path.write_text(rules(want), encoding="utf-8")
    run = subprocess.run([build / "newswatch", "match", "--watches", path], input=json.dumps(document), capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    return [json.loads(line) for line in run.stdout.splitlines()]


def test_the_article_is_read_as_it_stands_there(want, document):
    article, = document["articles"]
    assert article["title"] == want["title"]
    assert article["body_text"].startswith(want["body_first_words"]) and article["body_text"].endswith(want["body_last_words"])
    assert not any(word in article["body_text"] for word in want["body_must_not_contain"])
    assert (article["published"], article["published_precision"], article["published_origin"]) == \
        (want["published"], want["published_date_precision"], want["published_date_origin"])
    assert article["language"] == want["language"]


def test_topics_have_their_class_and_their_evidence(want, matches):
    found = {m["topic"]: m for m in matches if "topic" in m}
    assert set(want["must_tag_topics"]) <= set(found)
    for name, phrases in want["evidence"].items():
        assert found[name]["class"] == want["topics"][name]["class"]
        for phrase in phrases:
            assert any(phrase in e["passage"] for e in found[name]["evidence"]), (name, phrase)


def test_no_topic_is_news_that_is_none(want, matches):
    news = {m["topic"] for m in matches if m.get("class") == "news"}
    assert not news & set(want["must_not_tag_as_news"])


def holds(phrase, item, kind):
    return phrase in item["text"] or (kind == "passage" and phrase in item["passage"])


def test_watches_fire_with_their_evidence_and_no_other(want, matches):
    fired = {m["watch"]: m for m in matches if "watch" in m}
    for watch in want["watches"]["must_fire"]:
        assert watch["id"] in fired, watch["why"]
        items = fired[watch["id"]]["evidence"]
        for phrase in watch["evidence"]:
            assert any(holds(phrase, e, watch["evidence_kind"]) for e in items), (watch["id"], phrase)
        if watch.get("evidence_only"):
            assert all(any(p in e["text"] or e["text"] in p for p in watch["evidence"]) for e in items), watch["id"]


def test_watches_stay_silent_where_they_must(want, matches):
    fired = {m["watch"] for m in matches if "watch" in m}
    for watch in want["watches"]["must_not_fire"]:
        assert watch["id"] not in fired, watch["why"]


def test_evidence_lies_at_its_offsets(document, matches):
    article, = document["articles"]
    field = {"title": "title", "body": "body_text", "summary": "summary_text"}
    for item in (e for m in matches for e in m["evidence"]):
        text = article[field[item["field"]]].encode()
        assert text[item["start"]:item["end"]].decode() == item["text"]
        assert text[item["passage_start"]:].startswith(item["passage"].encode())


def test_the_list_page_names_its_items_in_order(build, want):
    listing = want["list"]
    run = subprocess.run([build / "newswatch", "parse", "--as", "listing", "--base-url", listing["base_url"], SEED / listing["file"]],
                         capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    urls = [a["url"] for a in json.loads(run.stdout)["articles"]]
    assert [u for u in urls if u in {i["url"] for i in listing["items"]}] == [i["url"] for i in listing["items"]]
