"""make install DESTDIR=: everything is in its place, and the installed tree runs."""
import json
import os
import pathlib
import shutil
import subprocess

import pytest

TOP = pathlib.Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def root(build, tmp_path_factory):
    if shutil.which("make") is None:
        pytest.skip("make is not installed")
    root = tmp_path_factory.mktemp("root")
    # what is built already is installed as it is
    objects = os.path.relpath(build, TOP)
    run = subprocess.run(["make", "-s", f"O={objects}", f"DESTDIR={root}", "install"], cwd=TOP, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    return root


def test_everything_is_in_its_place(root):
    for path in ("usr/local/sbin/newswatchd", "usr/local/bin/newswatch", "usr/local/libexec/newswatch/newswatch-worker",
                 "usr/local/libexec/newswatch/newswatch-sender", "usr/local/libexec/newswatch/newswatch-indexer",
                 "usr/local/lib/newswatch/plugins/parser-feed.so", "usr/local/lib/newswatch/plugins/rule-watch.so",
                 "usr/local/include/newswatch/plugin.h"):
        assert any((root / p).exists() for p in (path, path.replace("usr/local", "usr"))), path


@pytest.mark.parametrize("page", ["man8/newswatchd.8", "man8/newswatch-worker.8", "man8/newswatch-sender.8", "man1/newswatch.1",
                                  "man5/newswatchd.yaml.5", "man7/newswatch-query.7", "man7/newswatch-plugin.7"])
def test_man_pages_are_there(root, page):
    assert list(root.glob(f"usr/**/man/{page}")), page


def test_the_configuration_is_complete_and_the_unit_names_the_program(root):
    etc = next(p for p in (root / "etc/newswatch", root / "usr/local/etc/newswatch") if p.exists())
    assert (etc / "newswatchd.yaml").exists() and list((etc / "watches.d").iterdir()) and (etc / "channels.d").is_dir()
    data = next(root.glob("usr/**/share/newswatch"))
    for folder in ("sources.d", "topics.d", "lists.d"):
        assert list((data / folder).glob("*.yaml")), folder
    assert (data / "alerts.rules.yml").exists()
    unit, = root.glob("**/newswatchd.service")
    program = next(p for p in root.glob("usr/**/sbin/newswatchd"))
    assert f"ExecStart=/{program.relative_to(root)} " in unit.read_text() + " "


def test_a_second_install_keeps_what_the_operator_wrote(root, build):
    etc = next(p for p in (root / "etc/newswatch", root / "usr/local/etc/newswatch") if p.exists())
    main, watch = etc / "newswatchd.yaml", sorted((etc / "watches.d").iterdir())[0]
    main.write_text("# mine\n")
    watch.write_text("# mine too\n")
    subprocess.run(["make", "-s", f"O={os.path.relpath(build, TOP)}", f"DESTDIR={root}", "install"], cwd=TOP, check=True)
    assert main.read_text() == "# mine\n" and watch.read_text() == "# mine too\n"


def test_the_installed_programs_run(root, tmp_path):
    newswatch = next(root.glob("usr/**/bin/newswatch"))
    helpers = next(root.glob("usr/**/libexec/newswatch"))
    plugins = next(root.glob("usr/**/lib/**/newswatch/plugins"))
    where = ["--helpers", helpers, "--plugins", plugins]
    run = subprocess.run([newswatch, "plugin", "list", "--json", *where], capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    assert len(run.stdout.splitlines()) >= 6
    data = next(root.glob("usr/**/share/newswatch"))
    conf = tmp_path / "newswatchd.yaml"
    conf.write_text(f"store: {{ path: '{tmp_path}/news.db' }}\ncontrol: {{ path: '{tmp_path}/control' }}\n")
    for folder in ("sources.d", "topics.d", "lists.d"):
        shutil.copytree(data / folder, tmp_path / folder)
    run = subprocess.run([newswatch, "check", "-c", conf, *where], capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr
    feed = '<rss version="2.0"><channel><title>t</title><item><title>News</title><link>/1</link></item></channel></rss>'
    run = subprocess.run([newswatch, "parse", *where, "--base-url", "https://example.org/", "-"], input=feed, capture_output=True, text=True)
    assert run.returncode == 0 and json.loads(run.stdout)["articles"][0]["title"] == "News"
    daemon = next(root.glob("usr/**/sbin/newswatchd"))
    (tmp_path / "sources.d").rename(tmp_path / "not-polled")  # the shipped sources are on the network
    run = subprocess.run([daemon, "-c", conf, "--once", *where], capture_output=True, text=True, timeout=60)
    assert run.returncode == 0, run.stderr
    assert (tmp_path / "news.db").exists()


def test_uninstall_leaves_only_what_is_the_operator_s(root, build):
    subprocess.run(["make", "-s", f"O={os.path.relpath(build, TOP)}", f"DESTDIR={root}", "uninstall"], cwd=TOP, check=True)
    left = [p.relative_to(root) for p in root.rglob("*") if p.is_file()]
    assert left and all("etc" in p.parts for p in left), left
