"""The first plugin of plugins/README.md, taken from its text, built out of the tree with the installed header alone, and run."""
import json
import os
import pathlib
import re
import shlex
import shutil
import subprocess

import pytest

TOP = pathlib.Path(__file__).resolve().parents[2]
CC = os.environ.get("CC", "cc")
FEED = """<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>t</title><item><title>A visit</title><link>https://example.org/1</link>
<content:encoded>&lt;p&gt;The ministers met in Oslo on Friday and spoke for two hours about fish.&lt;/p&gt;</content:encoded></item>
<item><title>Another</title><link>https://example.org/2</link><content:encoded>&lt;p&gt;Nothing happened in Bergen.&lt;/p&gt;</content:encoded></item>
</channel></rss>"""


@pytest.fixture(scope="module")
def plugin(tmp_path_factory):
    folder = tmp_path_factory.mktemp("first")
    text = (TOP / "plugins/README.md").read_text()
    source, = re.findall(r"^```c\n(.*?)^```", text, re.M | re.S)
    (folder / "tagger_city.c").write_text(source)
    include = folder / "usr/local/include/newswatch"
    include.mkdir(parents=True)
    for header in (TOP / "include/newswatch").glob("*.h"):
        shutil.copy(header, include)
    line, = re.findall(r"^    (cc .*)$", text, re.M)
    command = [CC if word == "cc" else word.replace("-I/usr/local", f"-I{folder}/usr/local") for word in shlex.split(line)]
    built = subprocess.run([*command, "-Wall", "-Wextra", "-Werror"], cwd=folder, capture_output=True, text=True)
    assert built.returncode == 0, built.stderr
    return folder / "tagger-city.so"


def test_it_exports_one_symbol(plugin):
    out = subprocess.run(["nm", "-D", "--defined-only", plugin], capture_output=True, text=True, check=True).stdout
    assert len(out.splitlines()) == 1 and "nw_plugin" in out


def test_newswatch_plugin_check_shows_it(build, plugin):
    run = subprocess.run([build / "newswatch", "plugin", "check", plugin], capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    assert "tagger-city" in run.stdout


@pytest.mark.parametrize("topics", ["topics:\n  - name: fish\n    match: |\n      fish\n", ""])
def test_it_tags_what_a_locked_worker_reads_beside_topics_and_alone(build, plugin, tmp_path, topics):
    plugins = tmp_path / "plugins"
    shutil.copytree(build / "plugins", plugins)
    shutil.copy(plugin, plugins)
    watches = tmp_path / "w.yaml"
    watches.write_text(topics + "watches:\n  - name: oslo\n    match: |\n      tag:oslo\n")
    parse = subprocess.run([build / "newswatch", "parse", "--plugins", plugins, "--base-url", "https://example.org/", "-"],
                           input=FEED, capture_output=True, text=True)
    assert parse.returncode == 0, parse.stderr
    match = subprocess.run([build / "newswatch", "match", "--plugins", plugins, "--watches", watches], input=parse.stdout,
                           capture_output=True, text=True)
    assert match.returncode == 0, match.stderr
    assert [m["article"] for m in map(json.loads, match.stdout.splitlines()) if m.get("watch") == "oslo"] == ["https://example.org/1"]
