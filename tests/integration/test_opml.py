"""Lists of sources from and for other readers."""
import xml.etree.ElementTree as ET

import pytest

from rig import Rig

NESTED = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE opml [<!ENTITY secret SYSTEM "file:///etc/passwd">]>
<opml version="2.0"><head><title>Desk</title></head><body>
 <outline text="Europe"><outline text="Ministries &amp; courts">
  <outline type="rss" text="It's a ministry" xmlUrl="https://a.example.org/feed" language="fr-ca"/>
  <outline type="rss" text="Another" xmlurl="https://a.example.org/other?a=1&amp;b=2"/>
 </outline></outline>
 <outline type="rss" text="Twice" xmlUrl="https://a.example.org/feed#again"/>
 <outline type="rss" text="&secret;" xmlUrl="javascript:alert(1)"/>
 <outline type="link" text="A page" url="http://b.example.org/news/"/>
 <outline text="a note"/>
</body></opml>"""


@pytest.fixture
def rig(build, tmp_path):
    return Rig(build, tmp_path, "  - { name: known, url: 'https://known.example.org/feed', title: 'Known <one>' }\n", rules="watches: []\n")


def test_import_makes_entries_that_check_accepts_and_export_gives_them_back(rig, tmp_path):
    (tmp_path / "in.opml").write_text(NESTED)
    made = rig.cli("opml", "import", str(tmp_path / "in.opml"))
    assert made.returncode == 0, made.stderr
    assert made.stderr.count("left out") == 2 and "root:" not in made.stdout + made.stderr
    assert "# 'Ministries & courts'" in made.stdout and "title: 'It''s a ministry'" in made.stdout
    rig.write("sources.d/new.yaml", made.stdout)
    checked = rig.cli("check")
    assert checked.returncode == 0 and "4 sources" in checked.stdout, checked.stderr
    written = rig.cli("opml", "export")
    root = ET.fromstring(written.stdout)
    assert root.tag == "opml" and root.get("version") == "2.0"
    folders = {o.get("text"): [(s.get("type"), s.get("xmlUrl") or s.get("url")) for s in o] for o in root.find("body")}
    assert folders == {"site": [("rss", "https://known.example.org/feed")],
                       "new": [("rss", "https://a.example.org/feed"), ("rss", "https://a.example.org/other?a=1&b=2"),
                               ("link", "http://b.example.org/news/")]}
    again = rig.cli("opml", "import", str(tmp_path / "in.opml"))
    assert again.returncode == 1 and "no source that is not known" in again.stderr


def test_what_is_no_opml_is_refused(rig, tmp_path):
    for text in ("", "<html/>", "\x00\x01", "<opml" * 1000):
        (tmp_path / "bad.opml").write_text(text)
        assert rig.cli("opml", "import", str(tmp_path / "bad.opml")).returncode == 1, text[:20]
    assert rig.cli("opml", "import", str(tmp_path / "none.opml")).returncode == 3
    assert rig.cli("opml").returncode == 2
