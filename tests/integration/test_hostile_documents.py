"""Documents made to cost: each ends within two seconds with a reason, in bounded memory, and the next one is read as ever."""
import gzip
import json
import subprocess
import sys

import pytest

GOOD = b"""<rss version="2.0"><channel><title>Ministry</title><link>https://m.example/</link>
<item><title>The next one</title><link>https://m.example/1</link><guid>1</guid></item></channel></rss>"""
MEMORY = 160 << 10  # KiB resident, of a program that keeps 8 MB documents, their text and their HTML
SECONDS = 2.0       # of CPU: walls of a busy machine prove nothing


def rss(inner, prolog=b""):
    return b'<?xml version="1.0"?>' + prolog + b'<rss version="2.0"><channel><title>T</title>' + inner + b"</channel></rss>"


def item(inner):
    return b"<item><title>One</title><link>https://m.example/one</link>" + inner + b"</item>"


def laughs():
    lines = [b'<!ENTITY l0 "ha">'] + [b'<!ENTITY l%d "%s">' % (i, b"&l%d;" % (i - 1) * 10) for i in range(1, 12)]
    return rss(item(b"<description>&l11;</description>"), b"<!DOCTYPE rss [" + b"".join(lines) + b"]>")


def outside(what):
    return rss(item(b"<description>[&e;]</description>"), b'<!DOCTYPE rss [<!ENTITY e SYSTEM "' + what + b'">]>')


ATTRIBUTES = b" ".join(b'a%d="1"' % i for i in range(200_000))
NESTED = b"<div>" * 200_000 + b"deep" + b"</div>" * 200_000
ITEMS = b"".join(b"<item><title>%d</title><guid>%d</guid></item>" % (i, i) for i in range(100_000))
HOSTILE = {
    "attributes.xml": rss(b"<item " + ATTRIBUTES + b"><title>One</title></item>"),
    "nested.xml": rss(item(b"<description>" + NESTED + b"</description>")),
    "nested-escaped.xml": rss(item(b"<description><![CDATA[" + NESTED + b"]]></description>")),
    "nested-roots.xml": b"<rss>" * 200_000,
    "laughs.xml": laughs(),
    "quadratic.xml": rss(item(b"<description>" + b"&a;" * 200_000 + b"</description>"),
                         b'<!DOCTYPE rss [<!ENTITY a "' + b"a" * 200_000 + b'">]>'),
    "file.xml": outside(b"file:///etc/passwd"),
    "address.xml": outside(b"http://127.0.0.1:1/"),
    "dtd.xml": rss(item(b""), b'<!DOCTYPE rss SYSTEM "file:///etc/passwd">'),
    "items.xml": rss(ITEMS),
    "open-tags.xml": rss(item(b"<description>" + b"<p<b" * 400_000)),
    "comment.xml": rss(b"<!--" + b"-" * 4_000_000),
    "attributes.html": b"<html><body " + ATTRIBUTES + b"><p>text</p></body></html>",
    "nested.html": b"<html><body>" + NESTED + b"</body></html>",
    "links.html": b"<html><body>" + b"<div><a href=x>y" * 200_000,
    "paragraphs.html": b"<html><body>" + b"<p>x</p>" * 1_000_000,
    "times.html": b"<html><body>" + b"<div class=date>" * 5_000 + b"<time>none</time>" * 300_000,
    "styles.html": b"<html><body>" + b"<style>x<svg>x" * 300_000,
    "end-tags.html": b"<html><body>" + b"<div>" * 9_000 + b"</p></b>" * 300_000,
    "nested.json": b'{"version":"https://jsonfeed.org/version/1.1","title":"T","items":' + b"[" * 200_000,
    "items.json": b'{"version":"https://jsonfeed.org/version/1.1","title":"T","items":['
                  + b",".join(b'{"id":"%d","title":"t"}' % i for i in range(100_000)) + b"]}",
    "bomb.xml.gz": gzip.compress(b"<urlset>" + b" " * (200 << 20), 9),
    "urls.xml": b'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
                + b"".join(b"<url><loc>https://m.example/%d</loc></url>" % i for i in range(100_000)) + b"</urlset>",
}
SILENT = {"dtd.xml"}  # nothing was lost


# A process's peak begins with that of the one that forked it, so a small one does.
MEASURE = """
import json, resource, subprocess, sys
p = subprocess.run(sys.argv[1:], capture_output=True, text=True)
u = resource.getrusage(resource.RUSAGE_CHILDREN)
json.dump([p.returncode, p.stdout, p.stderr, u.ru_utime + u.ru_stime, u.ru_maxrss], sys.stdout)
"""


def run(build, files):
    """Exit status, output, messages, CPU seconds of all processes and the largest one's resident KiB."""
    command = [str(build / "newswatch"), "parse", "--base-url", "https://m.example/feed", *map(str, files)]
    p = subprocess.run([sys.executable, "-c", MEASURE, *command], capture_output=True, text=True, timeout=60)
    code, out, err, cpu, resident = json.loads(p.stdout)
    return code, out.splitlines(), err, cpu, resident


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_made_to_cost_costs_little(build, tmp_path, name):
    bad, good = tmp_path / name, tmp_path / "good.xml"
    bad.write_bytes(HOSTILE[name])
    good.write_bytes(GOOD)
    code, out, err, cpu, resident = run(build, [bad, good])
    assert cpu < SECONDS, f"{cpu:.2f} s of CPU"
    assert resident < MEMORY, f"{resident} KiB"
    assert [a["title"] for a in json.loads(out[-1])["articles"]] == ["The next one"], err
    if code == 0:
        first = json.loads(out[0])
        assert len(first["articles"]) <= 2000
        assert first["notes"] or name in SILENT
        assert "root:" not in out[0]
    else:
        assert err.startswith(f"newswatch parse: {bad}: ") and err.count("\n") == 1
