"""Feeds as they come: dialects, namespaces, encodings and mistakes, a document each."""
import json
import pathlib
import subprocess

import pytest
import yaml

TOP = pathlib.Path(__file__).resolve().parents[2]
TABLE = yaml.safe_load((TOP / "tests/data/feed/ugly.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def answers(build, tmp_path_factory):
    """All documents in one run: one answer a line, in their order."""
    folder = tmp_path_factory.mktemp("ugly")
    files = [folder / f"{i:03}.xml" for i in range(len(TABLE))]
    for file, row in zip(files, TABLE):
        file.write_bytes(row["document"].encode(row.get("encoding", "utf-8")))
    command = [build / "newswatch", "parse", "--base-url", "http://example.com/feed.xml", *files]
    run = subprocess.run([*map(str, command)], capture_output=True, text=True, timeout=120)
    assert run.returncode == 0, run.stderr
    return dict(zip((row["name"] for row in TABLE), map(json.loads, run.stdout.splitlines())))


def value(answer, name):
    if name.startswith("feed."):
        return answer["feed"][name[5:]]
    got = answer["articles"][0][name]
    return [e["url"] for e in got] if name == "enclosures" else got


@pytest.mark.parametrize("row", TABLE, ids=[row["name"] for row in TABLE])
def test_an_ugly_feed_is_understood(answers, row):
    answer = answers[row["name"]]
    assert answer["articles"], answer["notes"]
    for name, want in row.get("want", {}).items():
        assert (value(answer, name) or "") == want, name
    for name, part in row.get("has", {}).items():
        assert part in value(answer, name), name
