"""A plugin that crashes, loops, opens a socket, takes 10 GB, lies: the worker dies, the others go on, with a reason."""
import json
import os
import pathlib
import shutil
import subprocess
import time

import pytest

TOP = pathlib.Path(__file__).resolve().parents[2]
CC = os.environ.get("CC", "cc")


def sanitized(build):
    """The lock is off under sanitizers, so that there is nothing to test."""
    out = subprocess.run(["nm", "-D", build / "newswatch-worker"], capture_output=True, text=True).stdout
    return "__asan_init" in out


def compile_plugin(folder, name, source, *flags):
    so = folder / f"{name}.so"
    subprocess.run([CC, "-shared", "-fPIC", "-O1", "-I", TOP / "include", *flags, "-o", so, source], check=True)
    return so


@pytest.fixture(scope="module")
def plugins(build, tmp_path_factory):
    if sanitized(build):
        pytest.skip("sanitizers do not live under the lock")
    folder = tmp_path_factory.mktemp("plugins")
    shutil.copy(build / "plugins" / "parser-feed.so", folder)
    compile_plugin(folder, "parser-hostile", TOP / "tests/plugin/hostile/parser_hostile.c")
    return folder


FEED = """<rss version="2.0"><channel><title>t</title><item><title>%s</title><link>https://example.org/%d</link></item>
</channel></rss>"""


def parse(build, plugins, *files, timeout=60):
    return subprocess.run([build / "newswatch", "parse", "--plugins", plugins, "--base-url", "https://example.org/", *files],
                          capture_output=True, text=True, timeout=timeout)


def among_good_ones(build, plugins, tmp_path, word):
    """The hostile document between two honest feeds: what was printed, and the one line of reason."""
    for i in (1, 2):
        (tmp_path / f"good{i}.xml").write_text(FEED % (f"good {i}", i))
    (tmp_path / "bad").write_text("HOSTILE " + word)
    run = parse(build, plugins, tmp_path / "good1.xml", tmp_path / "bad", tmp_path / "good2.xml")
    titles = [json.loads(line)["articles"][0]["title"] for line in run.stdout.splitlines()]
    return run, titles


@pytest.mark.parametrize("word", ["crash", "exit", "socket", "fork", "exec", "kill", "lie"])
def test_a_worker_that_dies_costs_its_document_only(build, plugins, tmp_path, word):
    run, titles = among_good_ones(build, plugins, tmp_path, word)
    assert titles == ["good 1", "good 2"]
    assert run.returncode == 1
    lines = run.stderr.splitlines()
    assert len(lines) == 1 and "bad" in lines[0] and "the worker ended" in lines[0]


@pytest.mark.parametrize("word,why", [("code", "Operation not permitted"), ("file", "Permission denied"),
                                      ("environ", "Permission denied"), ("eat", "no memory after")])
def test_what_is_denied_is_denied_without_killing(build, plugins, tmp_path, word, why):
    run, titles = among_good_ones(build, plugins, tmp_path, word)
    assert titles == ["good 1", "good 2"]
    assert why in run.stderr


def test_a_loop_ends_at_the_deadline(build, plugins, tmp_path):
    start = time.monotonic()
    run, titles = among_good_ones(build, plugins, tmp_path, "loop")
    assert titles == ["good 1", "good 2"]
    assert "deadline" in run.stderr
    assert time.monotonic() - start < 20


def test_garbage_of_a_plugin_is_refused_or_repaired(build, plugins, tmp_path):
    run, titles = among_good_ones(build, plugins, tmp_path, "garbage")
    assert titles == ["good 1", "good 2"]
    assert "add_tag() was called outside" in run.stderr


def test_no_worker_outlives_its_parent(build, plugins, tmp_path):
    (tmp_path / "bad").write_text("HOSTILE loop")
    parent = subprocess.Popen([build / "newswatch", "parse", "--plugins", plugins, "--base-url", "https://example.org/",
                               tmp_path / "bad"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    children = pathlib.Path(f"/proc/{parent.pid}/task/{parent.pid}/children")
    for _ in range(100):
        workers = children.read_text().split()
        if workers:
            break
        time.sleep(0.02)
    assert workers
    time.sleep(0.3)
    parent.kill()
    parent.wait()
    for _ in range(100):
        if not any(pathlib.Path(f"/proc/{w}").exists() for w in workers):
            return
        time.sleep(0.02)
    pytest.fail("a worker is still there")


# --- files that are no plugins ---------------------------------------------------------------------------------------

MINIMAL = """
#include <newswatch/plugin.h>
static int p_open(const struct nw_host *h, const struct nw_instance *i, const struct nw_conf *c, void **s)
{ (void)h; (void)i; (void)c; *s = 0; return NW_OK; }
static int p_tag(void *s, const struct nw_article *a, struct nw_sink *o) { (void)s; (void)a; (void)o; return NW_OK; }
static const struct nw_tagger_ops ops = { p_tag };
%s
NW_PLUGIN(x) = { .abi_major = %s, .abi_minor = %s, .size = sizeof(struct nw_plugin), .kind = %s, .name = "%s",
    .version = "1", .summary = "s", .open = p_open, .ops = { .tagger = &ops } };
"""


def check(build, so):
    return subprocess.run([build / "newswatch", "plugin", "check", so], capture_output=True, text=True, timeout=30)


def write_minimal(folder, name="tagger-x", extra="", major="NW_ABI_MAJOR", minor="NW_ABI_MINOR", kind="NW_KIND_TAGGER",
                  says=None):
    source = folder / "x.c"
    source.write_text(MINIMAL % (extra, major, minor, kind, says or name))
    return compile_plugin(folder, name, source, "-Wno-missing-field-initializers")


def test_a_minimal_plugin_loads(build, tmp_path):
    run = check(build, write_minimal(tmp_path))
    assert run.returncode == 0, run.stderr
    assert "tagger-x" in run.stdout


@pytest.mark.parametrize("change,why", [
    ({"major": "99"}, "is built for ABI 99"),
    ({"minor": "99"}, "needs ABI 1.99"),
    ({"kind": "9"}, "unknown kind"),
    ({"kind": "NW_KIND_RULE"}, "named for another kind"),
    ({"says": "tagger-y"}, "calls itself 'tagger-y'"),
    ({"extra": "__attribute__((constructor)) static void c(void) { *(volatile int *)8 = 0; }"},
     "while loading plugin 'tagger-x'"),
    ({"extra": "int nobody_has_this(void); int (*use)(void) = nobody_has_this;"}, "does not load"),
])
def test_a_plugin_that_cannot_be_used_is_refused_with_a_sentence(build, tmp_path, change, why):
    so = write_minimal(tmp_path, **change)
    run = check(build, so)
    assert run.returncode == 1
    assert why in run.stderr


def test_files_that_others_could_change_are_refused(build, tmp_path):
    so = write_minimal(tmp_path)
    so.chmod(0o666)
    assert "may be written by others" in check(build, so).stderr
    so.chmod(0o755)
    link = tmp_path / "tagger-link.so"
    link.symlink_to(so)
    assert "symbolic link" in check(build, link).stderr
    junk = tmp_path / "tagger-junk.so"
    junk.write_text("no ELF")
    assert "does not load" in check(build, junk).stderr
    tmp_path.chmod(0o777)
    assert "may be written by others" in check(build, so).stderr


def test_a_plugin_built_with_the_first_release_s_header_loads(build, tmp_path):
    include = tmp_path / "newswatch"
    include.mkdir()
    shutil.copy(TOP / "tests/abi/plugin_1_0.h", include / "plugin.h")
    source = tmp_path / "x.c"
    source.write_text(MINIMAL % ("", "NW_ABI_MAJOR", "NW_ABI_MINOR", "NW_KIND_TAGGER", "tagger-x"))
    so = tmp_path / "tagger-x.so"
    subprocess.run([CC, "-shared", "-fPIC", "-I", tmp_path, "-o", so, source], check=True)
    assert check(build, so).returncode == 0
