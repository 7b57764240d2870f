"""newswatch source try: what a new source would yield, and an entry that is accepted and read as shown."""
import json
import subprocess

import pytest


@pytest.fixture
def site():
    from site_pages import Ministry
    site = Ministry()
    yield site
    site.close()


@pytest.fixture
def newswatch(build):
    def run(*args):
        return subprocess.run([build / "newswatch", *map(str, args)], capture_output=True, text=True, timeout=60)
    return run


LOOPBACK = ("--allow-private", "127.0.0.0/8")


def trial(newswatch, *args):
    run = newswatch("source", "try", "--json", *args)
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


def accepted(newswatch, folder, entry):
    """The entry stands in a configuration of its own and `check` finds nothing wrong."""
    (folder / "newswatchd.yaml").write_text(entry)
    run = newswatch("check", "-c", folder / "newswatchd.yaml")
    assert run.returncode == 0, run.stdout + run.stderr


def test_a_list_page_yields_items_selectors_the_first_article_and_an_entry(newswatch, site, tmp_path):
    found = trial(newswatch, *LOOPBACK, site.base + "/eng/xw/")
    assert (found["status"], found["feed"]["kind"], found["parser"]) == (200, "listing", "parser-page")
    assert len(found["articles"]) == 6
    assert all(a["published"] for a in found["articles"])
    assert found["article"]["title"] == "Minister Receives New Ambassadors"
    assert found["article"]["body_text"].startswith("On 12 November the Minister received")
    assert found["selectors"]["listing.min_items"] == "3"
    accepted(newswatch, tmp_path, found["entry"])


def test_the_entry_reads_the_same_list(newswatch, site, tmp_path):
    found = trial(newswatch, *LOOPBACK, site.base + "/eng/xw/")
    accepted(newswatch, tmp_path, found["entry"])
    page = tmp_path / "list.html"
    page.write_bytes(site.files["/eng/xw/"][1])
    name = found["entry"].split("name: ")[1].split()[0]
    run = newswatch("parse", "-c", tmp_path / "newswatchd.yaml", "--source", name, "--as", "listing", page)
    assert run.returncode == 0, run.stderr
    assert [a["url"] for a in json.loads(run.stdout)["articles"]] == [a["url"] for a in found["articles"]]


def test_the_selectors_kept_for_bad_pages_are_accepted_and_find_the_same(newswatch, site, tmp_path):
    found = trial(newswatch, *LOOPBACK, site.base + "/eng/xw/")
    entry = found["entry"].replace("# article:", "article:")
    assert "article: { title:" in entry and "body:" in entry
    accepted(newswatch, tmp_path, entry)
    page = tmp_path / "page.html"
    page.write_bytes(site.files[site.listed[0].path][1])
    run = newswatch("parse", "-c", tmp_path / "newswatchd.yaml", "--source", "127-0-0-1", "--as", "article", page)
    read = json.loads(run.stdout)["articles"][0]
    assert (read["title"], read["body_text"]) == (found["article"]["title"], found["article"]["body_text"])


@pytest.mark.parametrize("path", ["/rss.xml", "/atom.xml"])
def test_a_feed_yields_an_entry_without_selectors(newswatch, site, tmp_path, path):
    found = trial(newswatch, *LOOPBACK, site.base + path)
    assert (found["feed"]["kind"], found["parser"], found["guids_unique"]) == ("feed", "parser-feed", True)
    assert found["selectors"].keys() <= {"article.title", "article.date", "article.body"}
    assert found["article"]["body_text"]
    accepted(newswatch, tmp_path, found["entry"])


def test_the_feeds_a_page_names_are_told(newswatch, site):
    kind, body = site.files["/eng/xw/"]
    link = b'<link rel="alternate" type="application/rss+xml" href="/rss.xml"></head>'
    site.set("/eng/xw/", kind, body.replace(b"</head>", link))
    assert trial(newswatch, *LOOPBACK, site.base + "/eng/xw/")["feeds"] == [site.base + "/rss.xml"]
    run = newswatch("source", "try", *LOOPBACK, site.base + "/eng/xw/")
    assert f"newswatch source try '{site.base}/rss.xml'" in run.stdout


def test_an_article_is_no_source(newswatch, site):
    run = newswatch("source", "try", *LOOPBACK, site.base + site.listed[0].path)
    assert run.returncode == 1
    assert "no list of articles" in run.stdout and "sources:" not in run.stdout


def test_missing_pages_walls_and_private_addresses_are_refused_in_one_line(newswatch, site):
    run = newswatch("source", "try", *LOOPBACK, site.base + "/nowhere/")
    assert run.returncode == 1 and "404" in run.stderr and len(run.stderr.splitlines()) == 1
    run = newswatch("source", "try", site.base + "/eng/xw/")
    assert run.returncode == 1 and "127.0.0.1 is private" in run.stderr
    run = newswatch("source", "try", *LOOPBACK, "http://127.0.0.1:1/")
    assert run.returncode == 1 and len(run.stderr.splitlines()) == 1 and "http://127.0.0.1:1/:" in run.stderr
    site.set("/wall/", "text/html", b"<html><head><title>Just a moment...</title></head><body><div id='cf-wrapper'>"
             b"<script src='/cdn-cgi/challenge-platform/h/b/orchestrate/chl_page/v1'></script></div></body></html>")
    run = newswatch("source", "try", *LOOPBACK, site.base + "/wall/")
    assert run.returncode == 1 and "challenge" in run.stderr and run.stdout == ""


def test_a_first_article_that_cannot_be_read_is_told_and_the_list_is_shown(newswatch, site):
    del site.files[site.listed[0].path]
    found = trial(newswatch, *LOOPBACK, site.base + "/eng/xw/")
    assert found["article"] is None and "404" in found["article_error"]
    assert found["entry"]


def test_a_file_is_read_as_what_its_address_would_give(newswatch, site, tmp_path):
    page = tmp_path / "saved.html"
    page.write_bytes(site.files["/eng/xw/"][1])
    found = trial(newswatch, "--base-url", "https://www.mfa.gov.cn/eng/xw/", page)
    assert (found["status"], found["timezone"], found["country"]) == (0, "Asia/Shanghai", "CN")
    assert "name: mfa-gov-cn\n" in found["entry"] and "allow_private" not in found["entry"]
    accepted(newswatch, tmp_path, found["entry"])


def test_a_pdf_is_told_as_such_and_not_shown_as_an_article(newswatch, site, tmp_path):
    pdf = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
    site.set("/notice/", "text/html", pdf)  # servers say so
    run = newswatch("source", "try", *LOOPBACK, site.base + "/notice/")
    assert run.returncode == 1 and "PDF" in run.stderr and run.stdout == ""
    site.set(site.listed[0].path, "application/pdf", pdf)
    found = trial(newswatch, *LOOPBACK, site.base + "/eng/xw/")
    assert found["article"] is None and "PDF" in found["article_error"]
    (tmp_path / "notice.pdf").write_bytes(pdf)
    run = newswatch("source", "try", "--base-url", "https://mfa.example/", tmp_path / "notice.pdf")
    assert run.returncode == 1 and "PDF" in run.stderr and "notice.pdf" in run.stderr


def test_what_is_neither_file_nor_address_is_told(newswatch, tmp_path):
    for what in ("www.mfa.example/news", tmp_path / "missing.html"):
        run = newswatch("source", "try", what)
        assert run.returncode == 2 and "no file" in run.stderr and "https://" in run.stderr
    run = newswatch("source", "try", "ftp://mfa.example/")
    assert run.returncode == 1 and "ftp://mfa.example/:" in run.stderr
    run = newswatch("source", "try", "--base-url", "mfa.example", tmp_path)
    assert run.returncode == 2 and "--base-url mfa.example" in run.stderr


def test_usage_is_told(newswatch, tmp_path):
    assert newswatch("source").returncode == 2
    assert newswatch("source", "forget", "x").returncode == 2
    (tmp_path / "page.html").write_text("<p>saved")
    run = newswatch("source", "try", tmp_path / "page.html")
    assert run.returncode == 2 and "--base-url" in run.stderr
    run = newswatch("source", "--help")
    assert run.returncode == 0 and "Example" in run.stdout


def test_a_private_range_counts_however_many_stand_before_it(build, site, tmp_path):
    ranges = ", ".join(f"10.{i}.0.0/16" for i in range(40))
    (tmp_path / "newswatchd.yaml").write_text(f"store: {{ path: '{tmp_path}/s.db' }}\nfetch: {{ allow_private: [{ranges}] }}\n")
    fetch = [build / "newswatchd", "-c", tmp_path / "newswatchd.yaml", "--fetch", site.base + "/rss.xml"]
    run = subprocess.run([*fetch, "--allow-private", "127.0.0.0/8"], capture_output=True, text=True, timeout=60)
    assert run.returncode == 0 and run.stdout.startswith("status 200\n"), run.stderr
    run = subprocess.run(fetch, capture_output=True, text=True, timeout=60)
    assert run.returncode == 1 and "127.0.0.1 is private" in run.stderr
