"""Honest and polite from poll to poll: conditions, back-off, moves, robots.txt, connections, TLS (cases E of the fault catalogue)."""
import datetime
import socket
import ssl
import subprocess
import time

import pytest

from fault_http import FaultServer, answer, feed, redirect
from rig import Rig
from test_fetch import HOST, configure, run_once, state


@pytest.fixture
def world(build, tmp_path):
    """A server and a function that makes a newswatchd of `sources` (text or list of (path, options))."""
    class World:
        server = FaultServer(HOST)
        rigs = []

        def rig(self, *sources, base=None, fetch="", parser="feed"):
            text = "".join(f"  - {{ name: s{i}, url: '{(base or self.server.base) + path}', parser: {parser}, full_text: never, "
                           f"timeout: 5s{more}{'' if 'every:' in more else ', every: 1h'} }}\n" for i, (path, more) in enumerate(sources))
            rig = Rig(build, tmp_path, text, rules="{}\n")
            configure(rig, fetch)
            self.rigs.append(rig)
            return rig
    world = World()
    yield world
    world.server.close()
    for rig in world.rigs:
        if rig.process and rig.process.poll() is None:
            rig.kill()


def poll(rig, times=1):
    """--once when everything is due again."""
    for _ in range(times):
        assert run_once(rig)[0] == 0, rig.said()[-2000:]
        make_due(rig)


def make_due(rig):
    import sqlite3
    db = sqlite3.connect(f"{rig.state}/news.db", timeout=10)
    db.execute("update target set due_at = 0 where enabled = 1 and due_at < 253402300799000")
    db.commit()
    db.close()


def test_a_single_run_asks_each_address_once_however_short_its_interval(world):
    asked = []

    def on(c, q):
        asked.append(q.path)
        return c.send(answer(feed(q.path[1:], 2))) or True
    paths = [f"/{i}" for i in range(5)]
    for path in paths:
        world.server.on[path] = on
    rig = world.rig(*((path, ", every: 1s, crawl_delay: 1s") for path in paths))
    code, wall, _ = run_once(rig)
    assert code == 0 and 3 < wall < 15, (code, wall, rig.said()[-2000:])
    assert sorted(asked) == paths, asked


def due_in(rig, name):
    return rig.sql("select t.due_at from target t join source s on s.id = t.source where s.name = ? and t.kind = 0", name)[0][0] / 1000 - time.time()


def test_E_12_validators_are_sent_back_and_a_304_costs_no_body(world):
    world.server.on["/f"] = lambda c, q: c.send(answer(status="304 Not Modified", length=False) if q.headers.get("if-none-match") == '"1"'
                                                else answer(feed("f", 3), headers=['ETag: "1"', "Last-Modified: Tue, 24 Nov 2026 08:00:00 GMT"])) or True
    rig = world.rig(("/f", ""))
    poll(rig, 3)
    asked = world.server.asked("/f")
    assert [q.headers.get("if-none-match") for q in asked] == [None, '"1"', '"1"']
    assert asked[1].headers["if-modified-since"] == "Tue, 24 Nov 2026 08:00:00 GMT"
    assert state(rig, "s0")["articles"] == 3


def test_E_12_the_body_decides_where_the_validators_lie(world):
    n = iter(range(3, 100))
    world.server.on["/same"] = lambda c, q: c.send(answer(feed("same", next(n)), headers=['ETag: "never-changes"'])) or True
    tags = iter(range(100))
    world.server.on["/new"] = lambda c, q: c.send(answer(feed("new", 3, 0), headers=[f'ETag: "{next(tags)}"'])) or True
    rig = world.rig(("/same", ""), ("/new", ""))
    poll(rig, 3)
    assert state(rig, "s0")["articles"] == 5
    assert state(rig, "s1")["articles"] == 3


def test_E_12_every_nth_poll_is_unconditional_so_that_frozen_validators_lose_nothing(world):
    items = [3]
    world.server.on["/f"] = lambda c, q: c.send(answer(status="304 Not Modified", length=False) if "if-none-match" in q.headers
                                                else answer(feed("f", items[0]), headers=['ETag: "frozen"'])) or True
    rig = world.rig(("/f", ""), fetch=", unconditional_every: 3")
    poll(rig, 1)
    items[0] = 5
    poll(rig, 3)
    assert state(rig, "s0")["articles"] == 3
    poll(rig, 1)
    assert state(rig, "s0")["articles"] == 5
    assert [("if-none-match" in q.headers) for q in world.server.asked("/f")] == [False, True, True, True, False]


def test_E_11_a_304_that_nobody_asked_for_is_a_failure_and_the_next_poll_is_unconditional(world):
    world.server.on["/f"] = answer(status="304 Not Modified", length=False)
    rig = world.rig(("/f", ""))
    poll(rig, 2)
    assert "304" in state(rig, "s0")["error"] and state(rig, "s0")["failures"] == 2
    assert all("if-none-match" not in q.headers for q in world.server.asked("/f"))
    world.server.on["/f"] = answer(feed("f", 3))
    poll(rig)
    assert state(rig, "s0")["articles"] == 3 and state(rig, "s0")["failures"] == 0


@pytest.mark.parametrize("status", ["429 Too Many Requests", "503 Service Unavailable"])
@pytest.mark.parametrize("form", ["seconds", "date"])
def test_E_20_retry_after_is_obeyed_in_both_forms(world, status, form):
    at = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=7200)
    value = "7200" if form == "seconds" else at.strftime("%a, %d %b %Y %H:%M:%S GMT")
    world.server.on["/f"] = answer(b"later", status, headers=[f"Retry-After: {value}"])
    rig = world.rig(("/f", ""))
    assert run_once(rig)[0] == 0
    assert 7100 < due_in(rig, "s0") < 7300


def test_E_20_a_server_cannot_silence_us_by_one_header(world):
    world.server.on["/f"] = answer(b"later", "429 Too Many Requests", headers=["Retry-After: 999999999"])
    rig = world.rig(("/f", ""))
    assert run_once(rig)[0] == 0
    assert due_in(rig, "s0") <= 86400 + 60


@pytest.mark.parametrize("status", ["404 Not Found", "410 Gone", "403 Forbidden", "500 Oops"])
def test_E_20_back_off_grows_to_six_hours_and_polling_never_stops(world, status):
    world.server.on["/f"] = answer(b"no", status)
    rig = world.rig(("/f", ", every: 1m"))
    waits = []
    for _ in range(12):
        assert run_once(rig)[0] == 0
        waits.append(due_in(rig, "s0"))
        make_due(rig)
    assert waits[0] < 100 and waits[3] > 3 * 60 and max(waits) <= 6 * 3600 * 1.26
    assert min(waits[-3:]) > 3600 and len(world.server.asked("/f")) == 12


def test_E_10_a_permanent_redirect_is_adopted_when_three_polls_say_so(world):
    world.server.on["/old"] = redirect("/new", "301 Moved Permanently")
    world.server.on["/new"] = answer(feed("f", 3))
    rig = world.rig(("/old", ""))
    poll(rig, 2)
    assert state(rig, "s0")["adopted"] == ""
    poll(rig, 1)
    assert state(rig, "s0")["adopted"] == world.server.base + "/new"
    poll(rig, 1)
    assert len(world.server.asked("/old")) == 3 and len(world.server.asked("/new")) == 4
    assert state(rig, "s0")["articles"] == 3


def test_E_10_a_temporary_redirect_and_one_to_another_host_are_never_adopted(world):
    other = FaultServer(HOST)
    world.server.on["/t"] = redirect("/new", "302 Found")
    world.server.on["/p"] = redirect(other.base + "/new", "301 Moved Permanently")
    world.server.on["/new"] = other.on["/new"] = answer(feed("f", 3))
    rig = world.rig(("/t", ""), ("/p", ""))
    poll(rig, 4)
    assert state(rig, "s0")["adopted"] == "" and state(rig, "s1")["adopted"] == ""
    assert state(rig, "s1")["articles"] == 3
    other.close()


def test_E_9_a_source_s_headers_stay_with_its_own_host(world):
    other = FaultServer(HOST)
    world.server.on["/f"] = redirect(other.base + "/f")
    other.on["/f"] = answer(feed("f", 3))
    rig = world.rig(("/f", ", headers: ['Authorization: Bearer s3cret', 'X-Key: k3y']"))
    poll(rig)
    assert world.server.asked("/f")[0].headers["x-key"] == "k3y"
    assert "x-key" not in other.asked("/f")[0].headers and "authorization" not in other.asked("/f")[0].headers
    assert state(rig, "s0")["articles"] == 3
    other.close()


def gate(c, q):
    if "gate=open" in q.headers.get("cookie", ""):
        return c.send(answer(feed("gate", 3))) or True
    return c.send(redirect("/gate", "307 Temporary Redirect", ["Set-Cookie: gate=open; Path=/"])) or True


def test_a_cookie_gate_opens_where_the_source_says_so_and_only_there(world):
    world.server.on["/gate"] = gate
    rig = world.rig(("/gate", ", self_redirect: true"), ("/gate?2", ""))
    world.server.on["/gate?2"] = redirect("/gate?2", "307 Temporary Redirect", ["Set-Cookie: gate=open; Path=/"])
    poll(rig)
    assert state(rig, "s0")["articles"] == 3
    assert "self_redirect" in state(rig, "s1")["error"]


def test_one_source_s_cookies_are_never_another_s(world):
    for i in range(6):
        world.server.on[f"/{i}"] = answer(feed("f", 1), headers=["Set-Cookie: who=s0; Path=/"])
    rig = world.rig(("/0", ", cookies: true"), *[(f"/{i}", ", cookies: " + ("true" if i == 3 else "false")) for i in range(1, 6)])
    rig.conf.write_text(rig.conf.read_text().replace("host_connections: 16", "host_connections: 1"))
    assert run_once(rig)[0] == 0, rig.said()
    asked = [q for q in world.server.requests if q.path != "/robots.txt"]
    assert len(asked) == 6 and not any("cookie" in q.headers for q in asked), [(q.path, q.headers.get("cookie")) for q in asked]


def test_E_25_two_connections_a_host_and_a_gap_between_starts(world):
    def slow(c, q):
        time.sleep(1.5)
        return c.send(answer(feed("f", 1))) or True
    for i in range(5):
        world.server.on[f"/{i}"] = slow
    rig = world.rig(*[(f"/{i}", "") for i in range(5)])
    rig.conf.write_text(rig.conf.read_text().replace("host_connections: 16", "host_connections: 2").replace("host_gap: 0", "host_gap: 1s"))
    assert run_once(rig)[0] == 0, rig.said()
    at = [q.at for q in world.server.requests]
    assert world.server.peak <= 2 and len(at) == 5
    assert all(b - a > 0.95 for a, b in zip(at, at[1:]))


def test_crawl_delay_holds_between_two_requests_of_a_host(world):
    for i in range(3):
        world.server.on[f"/{i}"] = answer(feed(f"f{i}", 1))
    rig = world.rig(*[(f"/{i}", ", crawl_delay: 1s") for i in range(3)])
    assert run_once(rig)[0] == 0, rig.said()
    at = [q.at for q in world.server.requests]
    assert len(at) == 3 and all(b - a > 0.95 for a, b in zip(at, at[1:]))


def test_one_source_may_have_its_own_user_agent(world):
    world.server.on["/f"] = answer(feed("f", 1))
    poll(world.rig(("/f", ", user_agent: 'Observer/1.0 (+https://example.org/bot)'")))
    assert world.server.asked("/f")[0].headers["user-agent"] == "Observer/1.0 (+https://example.org/bot)"


def test_fetch_redirects_bounds_them(world):
    for i in range(4):
        world.server.on[f"/{i}"] = redirect(f"/{i + 1}")
    world.server.on["/4"] = answer(feed("f", 1))
    rig = world.rig(("/0", ""), ("/2", ""), fetch=", redirects: 2")
    poll(rig)
    assert "more than 2 redirects" in state(rig, "s0")["error"] and state(rig, "s1")["articles"] == 1


def test_E_22_the_family_may_be_chosen(world):
    six = FaultServer("::1", socket.AF_INET6)
    six.on["/f"] = answer(feed("f", 1))
    more = ", allow_private: ['::1/128', 127.0.0.0/8], allow_http: true"
    rig = world.rig(("/f", more + ", ip: '6'"), ("/f?4", more + ", ip: '4'"), base=f"http://localhost:{six.port}")
    six.on["/f?4"] = answer(feed("f", 1))
    poll(rig)
    assert state(rig, "s0")["articles"] == 1 and state(rig, "s1")["articles"] == 0
    six.close()


# --- robots.txt

LIST = (b"<html><head><title>News</title></head><body><ul>" +
        b"".join(b"<li><a href='/news/t2026112%d_10%d.html'>Item number %d of the ministry</a> 2026-11-2%d</li>" % (i, i, i, i) for i in range(4)) + b"</ul></body></html>")
ROBOTS = ", robots: true"
PAGES = ", listing: { link: 't\\d+_\\d+' }"


def listed(rig):
    return rig.sql("select count(*) from article")[0][0]


@pytest.mark.parametrize("robots, reads", [
    (answer(b"User-agent: *\nDisallow: /private/\n", kind="text/plain"), True),
    (answer(b"User-agent: newswatchd\nDisallow: /news/\n", kind="text/plain"), False),
    (answer(b"no such file", "404 Not Found"), True),
    (answer(b"<html>Home</html>", kind="text/html"), True),
    (redirect("/robots.txt"), True),
    (answer(b"oops", "500 Oops"), False),
    (answer(b"slow down", "429 Too Many Requests"), False),
    (lambda c, q: c.reset(), False),
], ids=["others", "disallowed", "absent", "html", "loop", "broken", "busy", "reset"])
def test_robots_txt_decides_about_pages(world, robots, reads):
    world.server.on["/robots.txt"] = robots
    world.server.on["/news/"] = answer(LIST, kind="text/html")
    rig = world.rig(("/news/", PAGES), parser="page", fetch=ROBOTS)
    assert run_once(rig)[0] == 0, rig.said()
    assert (len(world.server.asked("/news/")) > 0) == reads and (listed(rig) == 4) == reads, rig.said()
    assert len(world.server.asked("/robots.txt")) == 1


def test_robots_txt_is_not_asked_for_feeds_nor_where_the_source_says_false(world):
    world.server.on["/robots.txt"] = answer(b"User-agent: *\nDisallow: /\n", kind="text/plain")
    world.server.on["/news/"] = answer(LIST, kind="text/html")
    rig = world.rig(("/news/", PAGES + ", robots: false"), parser="page", fetch=ROBOTS)
    assert run_once(rig)[0] == 0, rig.said()
    assert listed(rig) == 4 and world.server.asked("/robots.txt") == []


def test_an_article_s_page_that_robots_txt_disallows_leaves_its_summary_final(world):
    world.server.on["/robots.txt"] = answer(b"User-agent: *\nDisallow: /news/t\n", kind="text/plain")
    world.server.on["/news/"] = answer(LIST, kind="text/html")
    rig = world.rig(("/news/", PAGES), parser="page", fetch=ROBOTS)
    rig.write("sources.d/site.yaml", rig.dir.joinpath("sources.d/site.yaml").read_text().replace("full_text: never, ", ""))
    assert run_once(rig)[0] == 0, rig.said()
    assert rig.sql("select distinct state from article") == [("summary",)], rig.said()
    assert not any(q.path.startswith("/news/t") for q in world.server.requests)


# --- proxies

PRIVATE = ["http://127.0.0.1:9/a", "http://2130706433:9/b", "http://0x7f.1:9/c", "http://[::ffff:127.0.0.1]:9/d", "http://169.254.169.254/latest",
           "http://localhost:9/e", "http://[::1]:9/f", "http://0:9/g", "http://127.0.0.1.:9/h", "https://10.0.0.1/i", "https://localhost/j"]


def test_E_8_a_proxy_is_asked_for_names_and_never_for_a_private_address(world):
    """In links, redirects and the entry itself: the connection is the proxy's, so what the URL says must be judged before."""
    items = "".join(f"<item><guid>{i}</guid><link>{url}</link><title>Item {i}</title></item>" for i, url in enumerate(PRIVATE))
    world.server.on["http://feeds.example.org/f"] = answer(f"<rss version='2.0'><channel><title>M</title>{items}</channel></rss>".encode())
    world.server.on["http://feeds.example.org/r"] = redirect(PRIVATE[0])
    world.server.on["http://feeds.example.org/s"] = redirect(PRIVATE[-1])
    more = f", allow_http: true, proxy: '{world.server.base}'"
    rig = world.rig(("feeds.example.org/f", more), ("feeds.example.org/r", more), ("feeds.example.org/s", more), ("[::1]:9/own", more), base="http://")
    rig.write("sources.d/site.yaml", rig.dir.joinpath("sources.d/site.yaml").read_text().replace("full_text: never, ", "full_text: always, "))
    assert run_once(rig)[0] == 0, rig.said()
    assert sorted(q.path for q in world.server.requests) == [f"http://feeds.example.org/{x}" for x in "frs"]
    errors = dict(rig.sql("select url, last_error from target where url <> 'http://feeds.example.org/f'"))
    assert len(errors) == 3 + len(PRIVATE), errors
    assert all("is private" in why for why in errors.values()), errors


# --- TLS

@pytest.fixture(scope="module")
def certificates(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tls")
    for name, subject, days in (("good", "127.0.0.3", "30"), ("other", "127.0.0.9", "30"), ("old", "127.0.0.3", "-1")):
        made = subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", f"{folder}/{name}.key", "-out", f"{folder}/{name}.crt",
                               "-subj", f"/CN={subject}", "-addext", f"subjectAltName=IP:{subject}", "-days", days], capture_output=True)
        if made.returncode != 0 and name == "old":
            subprocess.run(["faketime", "2020-01-01", "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", f"{folder}/old.key", "-out",
                            f"{folder}/old.crt", "-subj", f"/CN={subject}", "-addext", f"subjectAltName=IP:{subject}", "-days", "30"], check=True)
    return folder


def tls_server(certificates, name):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(f"{certificates}/{name}.crt", f"{certificates}/{name}.key")
    return FaultServer(HOST, wrap=lambda s: context.wrap_socket(s, server_side=True))


@pytest.mark.parametrize("name, ca, reads", [("good", "good", True), ("good", None, False), ("other", "other", False), ("old", "old", False)],
                         ids=["ca-file", "self-signed", "wrong-host", "expired"])
def test_E_18_certificates(world, certificates, name, ca, reads):
    server = tls_server(certificates, name)
    server.on["/f"] = answer(feed("f", 3))
    rig = world.rig(("/f", f", ca_file: '{certificates}/{ca}.crt'" if ca else ""), base=server.base)
    poll(rig)
    assert (state(rig, "s0")["articles"] == 3) == reads, state(rig, "s0")
    assert reads or state(rig, "s0")["error"] != ""
    server.close()


def test_E_9_https_never_falls_back_to_http(world, certificates):
    server = tls_server(certificates, "good")
    server.on["/f"] = redirect(world.server.base + "/f")
    world.server.on["/f"] = answer(feed("f", 3))
    rig = world.rig(("/f", f", ca_file: '{certificates}/good.crt'"), base=server.base)
    poll(rig)
    assert "plain http" in state(rig, "s0")["error"] and world.server.requests == []
    server.close()


def test_E_17_garbage_on_the_tls_port(world):
    def greet(sock):
        sock.sendall(b"SSH-2.0-OpenSSH_9.2\r\n" * 100)
        return sock
    server = FaultServer(HOST, wrap=greet)
    rig = world.rig(("/f", ""), base=server.base)
    poll(rig)
    server.close()
    assert state(rig, "s0")["failures"] == 1 and "SSL" in state(rig, "s0")["error"]
