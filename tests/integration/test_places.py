"""The shipped places: which countries and people a text gets, and which it does not."""
import json
import re
import shutil
import subprocess

from conftest import TOP

TEXTS = [json.loads(line) for line in open(TOP / "tests/data/places.jsonl", encoding="utf-8")]


def names():
    """Every entry of the shipped file; codes of countries are in capitals."""
    text = open(TOP / "conf/topics.d/places.yaml", encoding="utf-8").read()
    return re.findall(r"^  - name: '?([\w-]+)'?$", text, re.M)


def watch(name):
    return f"  - name: w-{name}\n    match: |\n      {'country' if name.isupper() else 'tag'}:{name}\n"


def test_texts_get_their_places_and_no_others(build, tmp_path):
    shutil.copytree(TOP / "conf", tmp_path / "conf")
    (tmp_path / "conf/watches.d/examples.yaml").write_text("watches:\n" + "".join(map(watch, names())))
    lines = "".join(json.dumps({"id": i, **{k: t[k] for k in ("lang", "title", "text")}}) + "\n" for i, t in enumerate(TEXTS))
    done = subprocess.run([build / "newswatch", "match", "-c", tmp_path / "conf/newswatchd.yaml", "--articles", "-"],
                          input=lines, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    got = [set() for _ in TEXTS]
    for match in map(json.loads, done.stdout.splitlines()):
        if "watch" in match:
            got[int(match["article"])].add(match["watch"][2:])
    for text, tags in zip(TEXTS, got):
        assert tags == set(text["tags"]), text["text"]
