"""Feed transport under every fault (cases E of the fault catalogue): one server that misbehaves by path, one poll of all."""
import os
import socket
import subprocess
import threading
import time

import pytest

from fault_http import Canary, FaultServer, answer, feed, gzipped, redirect
from rig import Rig

HOST, LIMIT_S = "127.0.0.3", 3
GOOD = feed("good", 3)
SPELLINGS = ["http://127.0.0.1:{p}/", "http://127.1:{p}/", "http://0x7f000001:{p}/", "http://2130706433:{p}/", "http://0177.0.0.1:{p}/",
             "http://[::ffff:127.0.0.1]:{p}/", "http://[::1]:{p}/", "http://0:{p}/", "http://localhost:{p}/", "http://0.0.0.0:{p}/",
             "http://[::]:{p}/", "http://[64:ff9b::7f00:1]:{p}/", "http://[2002:7f00:1::]:{p}/", "//127.0.0.1:{p}/x", "http:/127.0.0.1:{p}/",
             "http:\\\\127.0.0.1:{p}\\", "http://public.example\\@127.0.0.1:{p}/", "http://user:pw@127.0.0.1:{p}/", "HTTP://LOCALHOST:{p}/",
             "http://127.0.0.1:{p}\t/", "http://１２７.0.0.1:{p}/"]
SCHEMES = ["file:///etc/passwd", "gopher://127.0.0.1:{p}/_x", "ftp://127.0.0.1:{p}/", "dict://127.0.0.1:{p}/x", "http://169.254.169.254/latest/meta-data/"]


def half(data):
    return data[:len(data) // 2]


def chunked(*parts):
    return b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\nTransfer-Encoding: chunked\r\n\r\n" + b"".join(parts)


def chunk(data):
    return b"%x\r\n%s\r\n" % (len(data), data)


def bomb(c, encoding):
    c.send(f"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\nContent-Encoding: {encoding}\r\nConnection: close\r\n\r\n".encode())
    c.bomb(10240)


def headers_without_end(c, q):
    c.send(b"HTTP/1.1 200 OK\r\n")
    c.flood(b"X-Flood: " + b"a" * 1000 + b"\r\n")


def endless(c, q):
    c.send(b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\nConnection: close\r\n\r\n")
    c.flood(b"x" * 65536)


def endless_chunks(c, q):
    c.send(chunked())
    c.flood(chunk(b"x" * 65536))


def interim_flood(c, q):
    c.flood(b"HTTP/1.1 100 Continue\r\nX: y\r\n\r\n" * 100)


def after(data, then):
    """Send, then do something to the connection."""
    def act(c, q):
        c.send(data)
        then(c)
    return act


def silence(c):
    time.sleep(20)


NESTED = GOOD
for _ in range(4):
    NESTED = gzipped(NESTED)

# name: (what the server does, what must be said of it; "" = it is read like any other)
FAULTS = {
    "E-1": (lambda c, q: c.trickle(answer(feed("slow", 400)), 10, 1.0), "timed out"),
    "E-2": (lambda c, q: c.trickle(answer(GOOD), 1, 1.0), "timed out"),
    "E-3-silence": (lambda c, q: silence(c), "timed out"),
    "E-3-half": (after(half(answer(GOOD)), silence), "timed out"),
    "E-4-body": (endless, "more than 8388608 bytes"),
    "E-4-chunks": (endless_chunks, "more than 8388608 bytes"),
    "E-4-headers": (headers_without_end, "header"),
    "E-4-interim": (interim_flood, "header"),
    "E-5-gzip": (lambda c, q: bomb(c, "gzip"), "more than 8388608 bytes"),
    "E-5-nested": (answer(NESTED, headers=["Content-Encoding: gzip, gzip, gzip, gzip"]), None),
    "E-6-cut": (answer(half(gzipped(feed("cut", 500))), headers=["Content-Encoding: gzip", 'ETag: "cut"']), None),
    "E-6-plain": (answer(GOOD, headers=["Content-Encoding: gzip", 'ETag: "plain"']), "unencoding"),
    "E-7-loop": (redirect("/E-7-loop"), "same URL"),
    "E-13-short": (after(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n" + GOOD, lambda c: None), "bytes remaining"),
    "E-13-negative": (b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n" + GOOD, "Invalid Content-Length"),
    "E-13-huge": (after(b"HTTP/1.1 200 OK\r\nContent-Length: 9223372036854775807\r\n\r\n" + GOOD, lambda c: None), None),
    "E-14-size": (chunked(b"zz\r\n", GOOD), "chunk"),
    "E-14-overflow": (chunked(b"ffffffffffffffffff\r\n", GOOD), "chunk"),
    "E-14-cut": (after(chunked(chunk(half(GOOD))), lambda c: None), None),
    "E-14-no-end": (after(chunked(b"10000\r\n", half(GOOD)), lambda c: None), None),
    "E-15-reset": (lambda c, q: c.reset(), None),
    "E-15-mid-body": (after(half(answer(GOOD)), lambda c: c.reset()), None),
    "E-15-fin": (lambda c, q: None, "Empty reply"),
    "E-16-big": (answer(GOOD, headers=["X-Big: " + "a" * (1 << 20)]), None),
    "E-16-many": (answer(GOOD, headers=[f"X-{i}: y" for i in range(100000)]), "header"),
    "E-16-nul": (answer(GOOD, headers=["X-Nul: a\0b"]), None),
    "E-16-colon": (answer(GOOD, headers=["no colon here"]), "colon"),
    "E-17-junk": (after(b"NONSENSE 999 what\r\n\r\n" + GOOD, lambda c: None), "HTTP/0.9"),
    "E-17-old": (after(GOOD, lambda c: None), "HTTP/0.9"),
    "E-17-ssh": (after(b"SSH-2.0-OpenSSH_9.2\r\n", lambda c: None), "HTTP/0.9"),
    "E-20-403": (answer(b"no", "403 Forbidden"), "answers 403"),
    "E-20-404": (answer(b"no", "404 Not Found"), "answers 404"),
    "E-20-500": (answer(b"no", "500 Oops"), "answers 500"),
    "E-24": (answer(b"<html><body><form action='/login'>Welcome to the hotel network</form></body></html>", kind="text/html"), None),
    "F-11-empty": (answer(b""), "empty document"),
    "F-11-cut": (answer(half(feed("torn", 40)), headers=['ETag: "torn"']), None),
}
READ_ALL_THE_SAME = {
    "E-14-trailer": chunked(chunk(GOOD), b"0\r\nX-Trailer: y\r\n\r\n"),
    "E-16-odd": answer(GOOD, headers=["X-Folded: a\r\n b", *[f"Set-Cookie: c{i}=1" for i in range(50)]]),
    "E-12-huge": answer(GOOD, headers=[f'ETag: "{"e" * 5000}"']),
}


def source(name, base, more=""):
    path = name if name.startswith("/") else "/" + name
    return f"  - {{ name: '{name.strip('/')}', url: '{base}{path}', parser: feed, every: 1h, full_text: never, timeout: {LIMIT_S}s{more} }}\n"


def configure(rig, fetch=""):
    rig.write("newswatchd.yaml", f"store: {{ path: '{rig.state}/news.db' }}\ncontrol: {{ path: '{rig.dir}/control' }}\n"
              f"fetch: {{ allow_private: [{HOST}/32], host_gap: 0, host_connections: 16, contact: 'mailto:ops@example.org'"
              f"{fetch if 'robots:' in fetch else fetch + ', robots: false'} }}\n")


def run_once(rig, seconds=90):
    """Exit code, wall time and the largest resident size (KiB) of newswatchd."""
    began = time.monotonic()
    process = subprocess.Popen(rig.command("--once"), stderr=rig.log)
    guard = threading.Timer(seconds, process.kill)
    guard.start()
    _, status, usage = os.wait4(process.pid, 0)
    guard.cancel()
    process.returncode = os.waitstatus_to_exitcode(status)
    return process.returncode, time.monotonic() - began, usage.ru_maxrss


def state(rig, name):
    row = rig.sql("select t.failures, t.last_error, t.etag, t.last_status, s.articles, t.adopted_url from target t join source s on s.id = t.source"
                  " where s.name = ? and t.kind = 0", name)
    return dict(zip(("failures", "error", "etag", "status", "articles", "adopted"), row[0]))


@pytest.fixture(scope="module")
def polled(build, tmp_path_factory):
    """All faults and twenty healthy feeds, polled once by one newswatchd."""
    server = FaultServer(HOST)
    canaries = [Canary("127.0.0.1", server.port), Canary("::1", server.port, socket.AF_INET6)]
    names = []
    for name, (act, _) in FAULTS.items():
        server.on["/" + name] = act
        names.append(name)
    for name, act in READ_ALL_THE_SAME.items():
        server.on["/" + name] = act
        names.append(name)
    for i, to in enumerate(SPELLINGS + SCHEMES):
        server.on[f"/E-8-{i}"] = (f"HTTP/1.1 302 Found\r\nLocation: {to.format(p=server.port)}\r\nContent-Length: 0\r\n\r\n").encode()
        names.append(f"E-8-{i}")
    for i in range(10000):
        server.on[f"/E-7-chain{'' if i == 0 else i}"] = redirect(f"/E-7-chain{i + 1}")
    names.append("E-7-chain")
    for i in range(20):
        server.on[f"/ok-{i}"] = answer(feed(f"ok-{i}", 3), headers=[f'ETag: "ok-{i}"'])
    text = "".join(source(n, server.base) for n in names + [f"ok-{i}" for i in range(20)])
    rig = Rig(build, tmp_path_factory.mktemp("polled"), text, rules="{}\n")
    configure(rig)
    rig.server, rig.canaries = server, canaries
    rig.code, rig.wall, rig.rss = run_once(rig)
    yield rig
    server.close()
    for c in canaries:
        c.close()


def test_the_poll_ends_within_its_deadlines_and_its_memory(polled):
    assert polled.code == 0, polled.said()[-3000:]
    assert polled.wall < 6 * LIMIT_S, "waves of at most 16 connections, each at most its deadline"
    assert polled.rss < 256 << 10


def test_healthy_feeds_are_read_beside_all_faults(polled):
    for i in range(20):
        got = state(polled, f"ok-{i}")
        assert got["failures"] == 0 and got["articles"] == 3 and got["etag"] == f'"ok-{i}"'


@pytest.mark.parametrize("name", FAULTS)
def test_fault(polled, name):
    """It counts as a failure with a reason, and no validator is kept: the next poll asks for the whole document."""
    got = state(polled, name)
    assert got["etag"] == ""
    if name in ("E-5-nested", "E-6-cut", "F-11-cut"):  # what could be read of it may have been read
        return
    assert got["failures"] == 1 and got["error"] != "", got
    assert got["articles"] == 0
    if FAULTS[name][1]:
        assert FAULTS[name][1].lower() in got["error"].lower()


@pytest.mark.parametrize("name", READ_ALL_THE_SAME)
def test_odd_but_whole(polled, name):
    got = state(polled, name)
    assert got["failures"] == 0 and got["articles"] == 3, got
    assert got["etag"] == ""


def test_E_7_a_chain_of_ten_thousand_redirects_ends_after_five(polled):
    assert "more than 5 redirects" in state(polled, "E-7-chain")["error"]
    assert len([q for q in polled.server.requests if q.path.startswith("/E-7-chain")]) == 6
    assert len(polled.server.asked("/E-7-loop")) == 1


@pytest.mark.parametrize("i", range(len(SPELLINGS) + len(SCHEMES)))
def test_E_8_E_28_a_redirect_to_what_is_private_or_no_http_is_refused(polled, i):
    got = state(polled, f"E-8-{i}")
    assert got["failures"] == 1 and got["error"] != "", (SPELLINGS + SCHEMES)[i]


def test_E_8_the_canary_is_never_touched(polled):
    assert [c.contacts for c in polled.canaries] == [0, 0]


def test_E_16_no_cookie_is_ever_sent_back(polled):
    assert not any("cookie" in q.headers for q in polled.server.requests)


def test_who_asks_says_so_and_asks_for_gzip(polled):
    for q in polled.server.requests:
        assert q.headers["user-agent"].startswith("newswatchd/") and "mailto:ops@example.org" in q.headers["user-agent"]
        assert q.headers["accept-encoding"] == "gzip, deflate"
