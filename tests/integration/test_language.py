"""The language of an article: declared, else told from the text, else asked of tagger-language, before topics and rules are."""
import json
import subprocess

import pytest

WELSH = """<html{lang}><head><title>Datganiad y Gweinidog</title></head><body><div><p>Mae Llywodraeth Cymru wedi cyhoeddi heddiw y
bydd y cytundeb masnach newydd yn dod i rym ym mis Ionawr, ac mae'r Gweinidog wedi croesawu'r penderfyniad yn y Senedd ddoe.</p></div>
</body></html>"""

RULES = """topics:
  - name: cytundeb
    lang: [cy]
    match: |
      cytundeb
  - name: vertrag
    lang: [de]
    match: |
      cytundeb
"""


@pytest.fixture
def read(build, tmp_path):
    if not (build / "plugins/tagger-language.so").exists():
        pytest.skip("tagger-language is not built")
    (tmp_path / "rules.yaml").write_text(RULES)

    def run(page, *more):
        (tmp_path / "page.html").write_text(page)
        done = subprocess.run([build / "newswatch", "parse", "--base-url", "https://example.org/a", *more, tmp_path / "page.html"],
                              capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)["articles"][0]
    read = lambda page, *more: run(page, *more)
    read.rules = ("--tag", "-c", str(tmp_path / "rules.yaml"))
    return read


def test_a_language_no_table_has_stays_unknown_until_the_tagger_is_asked(read):
    assert read(WELSH.format(lang=""))["language"] == ""
    assert read(WELSH.format(lang=""), *read.rules)["language"] == "cy"


def test_topics_see_the_language_the_tagger_found(read):
    assert [t["name"] for t in read(WELSH.format(lang=""), *read.rules)["topics"]] == ["cytundeb"]


def test_a_declared_language_is_believed_before_the_tagger_is_asked(read):
    article = read(WELSH.format(lang=" lang='cy-GB'"), *read.rules)
    assert article["language"] == "cy-GB"
    assert [t["name"] for t in article["topics"]] == ["cytundeb"]
