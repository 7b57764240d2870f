"""What servers and files of others say reaches neither a terminal's controls, nor a shell, nor the JSON unread."""
import json
import re
import resource
import shlex
import sqlite3
import subprocess

import pytest

from rig import Rig
from site_pages import Ministry

UNSAFE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")


@pytest.fixture
def rig(build, tmp_path):
    return Rig(build, tmp_path, "  - { name: known, url: 'https://known.example.org/feed' }\n", rules="watches: []\n")


def test_a_page_that_is_tried_can_neither_move_the_terminal_nor_add_a_command(build):
    site = Ministry()
    feed = site.base + "/it's;touch pwned;'.xml"
    kind, body = site.files["/eng/xw/"]
    link = f'<link rel="alternate" type="application/rss+xml" href="{feed}"></head>'.encode()
    page = body.replace(b"</head>", link).replace(b"Minister", "Minister \u202e\u2066\u009b31m\u061c".encode())
    site.set("/eng/xw/", kind, page)
    run = subprocess.run([build / "newswatch", "source", "try", "--allow-private", "127.0.0.0/8", site.base + "/eng/xw/"],
                         capture_output=True, text=True, timeout=60)
    site.close()
    assert run.returncode == 0, run.stderr
    assert not UNSAFE.search(run.stdout), UNSAFE.findall(run.stdout)
    command = next(line for line in run.stdout.splitlines() if "source try" in line and "touch" in line)
    assert len(shlex.split(command)) == 4, command


def test_an_error_that_quotes_an_argument_moves_no_terminal(build):
    run = subprocess.run([build / "newswatch", "\x1b[31m\u202e"], capture_output=True, text=True)
    assert run.returncode == 2 and not UNSAFE.search(run.stderr), run.stderr


def test_texts_that_are_no_utf_8_cost_no_answer(rig):
    rig.once()
    with sqlite3.connect(rig.state / "news.db") as db:
        db.execute("INSERT OR REPLACE INTO condition(key, source, severity, since, subject, text, episode) "
                   "SELECT 'x/y', '', 3, 1, CAST(x'62e3' AS TEXT), CAST(x'63d0' AS TEXT), 1")
    run = rig.cli("status", "--json")
    found = json.loads(run.stdout)["conditions"]
    assert [(c["subject"], c["text"]) for c in found if c["key"] == "x/y"] == [("b\ufffd", "c\ufffd")]


def test_a_folder_of_opml_adds_no_line_to_what_is_made(rig, tmp_path):
    lines = "\u2028".join(["x", "  - name: evil", "    url: https://evil.example/x", "#"])
    (tmp_path / "in.opml").write_text(f'<opml version="2.0"><body><outline text="{lines}">'
                                      f'<outline text="a\u202eb\u0085c" xmlUrl="https://a.example.org/f"/></outline></body></opml>')
    made = rig.cli("opml", "import", str(tmp_path / "in.opml"))
    assert made.returncode == 0 and not UNSAFE.search(made.stdout), made
    rig.write("sources.d/new.yaml", made.stdout)
    checked = rig.cli("check")
    assert checked.returncode == 0 and "2 sources" in checked.stdout, checked


def test_an_entity_in_many_places_of_opml_takes_no_memory(build, rig, tmp_path):
    outline = "".join(f'<outline text="&a;" xmlUrl="https://a{i}.example.org/f"/>' for i in range(9000))
    (tmp_path / "in.opml").write_text(f'<!DOCTYPE opml [<!ENTITY a "{"a" * 200000}">]>\n'
                                      f'<opml version="2.0"><body>{outline}</body></opml>')
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    made = rig.cli("opml", "import", str(tmp_path / "in.opml"))
    assert made.returncode == 0 and made.stdout.count("- name:") == 9000, made.stderr[:500]
    after = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    assert after <= max(before, 400 << 10), f"{after} kB"
