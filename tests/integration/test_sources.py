"""Every source that is shipped reads a document in its own template: titles, dates, zones, keys, texts."""
import json
import pathlib
import re
import subprocess

import pytest
import yaml

TOP = pathlib.Path(__file__).resolve().parents[2]
DATA = TOP / "tests/data/sources"
TABLE = yaml.safe_load((DATA / "expected.yaml").read_text(encoding="utf-8"))
SHIPPED = [s["name"] for f in sorted((TOP / "conf/sources.d").glob("*.yaml"))
           for s in yaml.safe_load(f.read_text(encoding="utf-8"))["sources"]]


def read(build, want):
    command = [build / "newswatch", "parse", "-c", TOP / "conf/newswatchd.yaml", "--source", want["source"]]
    if "role" in want:
        command += ["--as", want["role"]]
    if "url_in" in want:
        command += ["--base-url", want["url_in"]]
    return subprocess.run([*map(str, command), str(DATA / want["file"])], capture_output=True, text=True, timeout=60)


def check(article, want):
    for name in ("title", "url", "key", "guid", "author"):
        if name in want:
            assert article[name] == want[name], name
    for name in ("published", "updated"):
        if want.get(name):
            at = article[name] or ""
            assert at.startswith(want[name]) or at.endswith(want[name]), f"{name} {article[name]}"
        elif name in want:
            assert article[name] is None, f"{name} {article[name]}"
    if "precision" in want:
        assert article["published_precision"] == want["precision"]
    if "language" in want:
        assert article["language"].split("-")[0] == want["language"]
    text = "\n".join(filter(None, (article["summary_text"], article["body_text"])))
    assert want.get("titlepart", "") in article["title"]
    assert want.get("text", "") in text
    assert want.get("body", "") in (article["body_text"] or "")
    assert "absent" not in want or want["absent"] not in (article["body_text"] or "")
    if "enclosure" in want:
        assert want["enclosure"] in [e["url"] for e in article["enclosures"]]


@pytest.mark.parametrize("want", TABLE, ids=[w["file"] for w in TABLE])
def test_source_reads_its_template(build, want):
    run = read(build, want)
    if "refused" in want:
        assert run.returncode == 1 and re.search(want["refused"], run.stderr), run.stdout + run.stderr
        return
    assert run.returncode == 0, run.stderr
    articles = json.loads(run.stdout)["articles"]
    assert len(articles) == want.get("items", 1), [a["title"] for a in articles]
    check(articles[0], want)
    assert set(want.get("urls", [])) <= {a["url"] for a in articles}
    if "keys" in want:
        assert [a["key"] for a in articles] == want["keys"]
    if "dates" in want:
        assert [a["published"][:10] for a in articles] == want["dates"]


def test_every_shipped_source_has_a_document_of_its_own():
    assert sorted({w["source"] for w in TABLE}) == sorted(SHIPPED)
    files = {f.name for f in DATA.iterdir()} - {"expected.yaml"}
    assert files == {w["file"] for w in TABLE}
