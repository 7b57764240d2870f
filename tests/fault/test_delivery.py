"""A channel that misbehaves costs itself alone, and every alert arrives, or stands as failed for all to see.

One newswatchd has a dozen channels at once, each with a server of its own that misbehaves in one way; each test looks at
one of them.  The names in brackets are those of README.md."""
import email
import email.policy
import json
import os
import time

import pytest

from http_script import HttpScript
from rig import SECRET, Rig
from sinks import HookSink, MailSink, verify
from site_pages import Site
from smtp_script import SmtpScript, certificate

ITEM = """<item><guid>{n}</guid><link>{base}/{n}</link><title>Talks {n}</title><pubDate>{date}</pubDate>
<description>The two sides signed the extradition treaty. \u53cc\u65b9\u7b7e\u7f72\u4e86\u6761\u7ea6\u3002</description></item>"""


def feed(site, *numbers):
    date = time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime())
    items = "".join(ITEM.format(n=n, base=site.base, date=date) for n in numbers)
    site.set("/feed.xml", "application/rss+xml", f'<rss version="2.0"><channel><title>M</title>{items}</channel></rss>'.encode())


class World:
    """A feed, channels, and a newswatchd that has seen the feed empty."""

    def __init__(self, build, folder, channels, extra="", notify=None):
        self.site = Site()
        names = notify or list(channels)
        watches = "watches:\n"
        for i in range(0, len(names), 16):
            watches += (f"  - name: treaties-{i // 16}\n    severity: high\n    notify: [{', '.join(names[i:i + 16])}]\n    match: |\n"
                        "      treaty NEAR/8 sign*\n")
        source = f"  - {{ name: mfa, url: '{self.site.base}/feed.xml', parser: feed, every: 1s, full_text: never, backfill: alert }}\n"
        feed(self.site)
        self.rig = Rig(build, folder, source, rules=watches, extra=extra)
        text = "channels:\n"
        for name, options in channels.items():
            text += f"  - {{ name: {name}, {options}, allow_private: [127.0.0.0/8] }}\n"
        self.rig.write("channels.d/all.yaml", text)

    def start(self):
        self.rig.start()
        assert self.rig.wait_for(lambda: self.rig.sql("select last_ok from target where last_ok is not null"), 30), self.rig.said()

    def publish(self, *numbers):
        feed(self.site, *numbers)

    def delivery(self, channel, recipient=None):
        rows = self.rig.sql("select state, attempts, last_code, last_answer, id from delivery where channel = ? and (?2 is null or recipient = ?2)",
                            channel, recipient)
        assert len(rows) == 1, (channel, rows, self.rig.said()[-2000:])
        return dict(zip(("state", "attempts", "code", "answer", "id"), rows[0]))

    def close(self):
        if self.rig.process and self.rig.process.poll() is None:
            self.rig.kill()
        self.site.close()


def mail(server, more="", to="desk@example.org", host="127.0.0.1", starttls="none"):
    return (f"type: email, to: [{to}], from: newswatch@example.org, server: 'smtp://{host}:{server.port}', starttls: {starttls}{more}")


def hook(url, more=""):
    return f"type: webhook, url: '{url}'{more}"


def ids(server):
    return [email.message_from_bytes(raw, policy=email.policy.default)["Message-ID"] for _, raw in server.messages]


def is_tried_again(row):
    """Refused for now: the next attempt is to come, or under way."""
    return row["state"] in ("deferred", "sending") and row["attempts"] >= 1


# --- mail ---------------------------------------------------------------------------------------------------------------------

SMTP = {
    "busy": dict(connect=["421 later"]), "mail451": dict(mail=["451 later"]), "rcpt451": dict(rcpt=["451 later"]),
    "data451": dict(data=["451 later"]), "dot451": dict(dot=["451 later"]), "rcpt550": dict(rcpt="550 no such user"),
    "dot554": dict(dot="554 no"), "closes": dict(ehlo=["close"]), "resets": dict(rcpt=["rst"]), "swallows": dict(dot=["swallow"]),
    "hangs": dict(dot=600), "quits": dict(quit=600),
}


@pytest.fixture(scope="module")
def smtp(build, tmp_path_factory):
    folder = tmp_path_factory.mktemp("smtp")
    servers = {name: SmtpScript(**{stage: list(what) if isinstance(what, list) else what for stage, what in script.items()})
               for name, script in SMTP.items()}
    _, wrong = certificate(str(folder), "wrong", host="elsewhere.example")
    good_file, good = certificate(str(folder), "good")
    servers["stripped"] = SmtpScript(tls=good, offer=False)
    servers["wrongcert"] = SmtpScript(tls=wrong)
    expired_file, expired = certificate(str(folder), "expired", days=-1)
    servers["expired"] = SmtpScript(tls=expired)
    servers["goodcert"] = SmtpScript(tls=good)
    servers["two"] = SmtpScript(**{"gone@example.org": "550 no such user"})
    (folder / "password").write_text("open sesame\n")
    os.chmod(folder / "password", 0o600)
    login = f", username: desk, password_file: '{folder}/password'"
    channels = {name: mail(server) for name, server in servers.items()}
    channels["stripped"] = mail(servers["stripped"], login, host="localhost", starttls="required")
    channels["wrongcert"] = mail(servers["wrongcert"], login, host="localhost", starttls="required")
    channels["expired"] = mail(servers["expired"], login + f", ca_file: '{expired_file}'", host="localhost", starttls="required")
    channels["goodcert"] = mail(servers["goodcert"], login + f", ca_file: '{good_file}', subject_prefix: '[watch]', list_id: alerts.example.org",
                                host="localhost", starttls="required")
    channels["two"] = mail(servers["two"], to="desk@example.org, gone@example.org")
    ops = HookSink(SECRET)
    (folder / "hub.key").write_text(SECRET + "\n")
    os.chmod(folder / "hub.key", 0o600)
    channels["ops"] = hook(ops.url, f", secret_file: '{folder}/hub.key'")
    world = World(build, folder, channels, extra="operator: { notify: [ops] }\ndelivery: { hostname: monitor.example.org }\n",
                  notify=[name for name in channels if name != "ops"])
    world.servers, world.ops = servers, ops
    world.start()
    world.began = time.monotonic()
    world.publish(1)
    retried = [name for name in servers if name not in ("rcpt550", "dot554", "hangs", "stripped", "wrongcert", "expired", "two")]
    done = "select count(*) from delivery where state = 'delivered' and channel in (%s)" % ",".join(f"'{n}'" for n in retried)
    world.rig.wait_for(lambda: world.rig.sql(done)[0][0] == len(retried), 40)
    yield world
    world.close()
    ops.close()
    for server in servers.values():
        server.close()


@pytest.mark.parametrize("name", ["busy", "mail451", "rcpt451", "data451", "dot451", "closes", "resets"])
def test_what_is_refused_for_now_is_delivered_once_on_the_next_attempt(smtp, name):
    """C-2, C-3, C-6"""
    row = smtp.delivery(name)
    assert (row["state"], row["attempts"], row["code"]) == ("delivered", 2, 250), row
    assert ids(smtp.servers[name]) == [f"<{row['id']}@example.org>"]
    assert smtp.servers[name].connections <= 3


@pytest.mark.parametrize("name, code", [("rcpt550", 550), ("dot554", 554)])
def test_what_is_refused_for_good_stands_as_failed_at_once_and_is_told(smtp, name, code):
    """C-4, C-5"""
    row = smtp.delivery(name)
    assert (row["state"], row["attempts"], row["code"]) == ("failed", 1, code), row
    told = [alert["article"]["title"] for got in smtp.ops.wait(2) for alert in got["json"]["alerts"]]
    assert any(row["id"] in title and name in title for title in told), told


def test_one_recipient_that_is_refused_leaves_the_other_its_own_mail(smtp):
    """C-4"""
    assert smtp.delivery("two", "desk@example.org")["state"] == "delivered"
    assert smtp.delivery("two", "gone@example.org")["state"] == "failed"
    assert [to for to, _ in smtp.servers["two"].messages] == [["desk@example.org"]]


def test_an_answer_that_was_lost_makes_one_more_copy_with_equal_bytes(smtp):
    """C-7, C-24"""
    row = smtp.delivery("swallows")
    assert (row["state"], row["attempts"]) == ("delivered", 2), row
    first, second = smtp.servers["swallows"].messages
    assert first == second and len(set(ids(smtp.servers["swallows"]))) == 1


def test_a_server_that_hangs_after_the_dot_costs_its_own_channel_alone(smtp):
    """C-10, C-22"""
    assert smtp.delivery("hangs")["state"] == "sending"
    slow = smtp.rig.sql("select channel, done_at - made_at from delivery where state = 'delivered' and attempts = 1 and done_at - made_at > 4000")
    assert slow == []


def test_a_mail_that_was_accepted_is_delivered_whatever_quit_does(smtp):
    """C-11"""
    assert smtp.delivery("quits")["state"] == "delivered"


def test_a_server_without_starttls_gets_neither_mail_nor_password(smtp):
    """C-12"""
    row = smtp.delivery("stripped")
    assert is_tried_again(row) and "STARTTLS" in row["answer"], row
    assert not {"AUTH", "MAIL"} & set(smtp.servers["stripped"].seen)


@pytest.mark.parametrize("name", ["wrongcert", "expired"])
def test_a_certificate_of_another_host_or_another_time_is_refused_before_the_password(smtp, name):
    """C-13"""
    row = smtp.delivery(name)
    assert is_tried_again(row) and "certificate" in row["answer"], row
    assert not {"AUTH", "MAIL"} & set(smtp.servers[name].seen)


def test_over_tls_the_login_is_used_and_the_headers_are_as_configured(smtp):
    server = smtp.servers["goodcert"]
    assert smtp.delivery("goodcert")["state"] == "delivered", smtp.delivery("goodcert")
    assert "AUTH" in server.seen and server.sins == []
    message = email.message_from_bytes(server.messages[0][1], policy=email.policy.default)
    assert message["Subject"].startswith("[watch] [high] treaties-")
    assert message["List-Id"] == "<alerts.example.org>" and message["Auto-Submitted"] == "auto-generated"
    assert message["Date"] is not None and message["Message-ID"] == f"<{smtp.delivery('goodcert')['id']}@example.org>"


def test_no_server_saw_a_sin_and_no_log_the_password(smtp):
    """I7, I8"""
    assert {name: server.sins for name, server in smtp.servers.items() if server.sins} == {}
    assert "sesame" not in smtp.rig.said()


# --- webhooks -----------------------------------------------------------------------------------------------------------------

OLD_SECRET = "whsec_b2xkLWtleS1vZi0zMi1ieXRlcy1mb3Itcm90YXRpb24hIQ=="


@pytest.fixture(scope="module")
def hooks(build, tmp_path_factory):
    folder = tmp_path_factory.mktemp("hooks")
    for name, secret in (("new.key", SECRET), ("old.key", OLD_SECRET)):
        (folder / name).write_text(secret + "\n")
        os.chmod(folder / name, 0o600)
    keys = f", secret_file: ['{folder}/new.key', '{folder}/old.key'], timeout: 3s"
    canary = HttpScript((200, []))
    ok = (204, [])
    servers = {
        "asks": HttpScript((429, ["Retry-After: 8"]), ok), "breaks": HttpScript((500, []), ok), "hangs": HttpScript(600, ok),
        "trickles": HttpScript(b"HTTP/1.1 200 OK\r\nX-A: ", ok), "closes": HttpScript("close", ok), "gone": HttpScript((410, [])),
        "moves": HttpScript((302, [f"Location: http://127.0.0.1:{canary.port}/latest/meta-data"])), "good": HttpScript(ok),
    }
    channels = {name: hook(server.url, keys) for name, server in servers.items()}
    sink = MailSink()
    channels["desk"] = mail(sink)
    world = World(build, folder, channels, extra="operator: { notify: [desk] }\n")
    text = (world.rig.dir / "channels.d/all.yaml").read_text()  # one more, that may not reach the machine itself
    world.rig.write("channels.d/all.yaml", text + f"  - {{ name: private, type: webhook, url: 'http://127.0.0.1:{canary.port}/', timeout: 3s }}\n")
    rules = (world.rig.dir / "watches.d/rules.yaml").read_text()
    world.rig.write("watches.d/rules.yaml", rules.replace("desk]", "desk, private]"))
    world.servers, world.canary, world.mail = servers, canary, sink
    world.start()
    world.publish(1)
    done = "select count(distinct channel) from delivery where state = 'delivered' and channel in ('asks', 'breaks', 'hangs', 'closes', 'good', 'desk')"
    world.rig.wait_for(lambda: world.rig.sql(done)[0][0] >= 6, 40)
    yield world
    world.close()
    sink.close()
    for server in (*servers.values(), canary):
        server.close()


@pytest.mark.parametrize("name, least", [("breaks", 4), ("closes", 4), ("asks", 7.9), ("hangs", 4)])
def test_a_webhook_is_tried_again_with_the_same_id_and_body_and_a_new_signature(hooks, name, least):
    """D-1, D-2, D-7, D-8, D-11"""
    row = hooks.delivery(name)
    assert (row["state"], row["attempts"]) == ("delivered", 2), row
    (first_at, first, first_body), (second_at, second, second_body) = hooks.servers[name].got
    assert first["webhook-id"] == second["webhook-id"] == row["id"] and first_body == second_body
    assert least <= second_at - first_at <= 30
    assert first["webhook-timestamp"] != second["webhook-timestamp"]
    for headers, body in ((first, first_body), (second, second_body)):
        assert verify(SECRET, headers, body) and verify(OLD_SECRET, headers, body)


def test_a_receiver_that_is_gone_is_held_and_told_and_used_again_when_released(hooks):
    """D-4"""
    assert hooks.delivery("gone")["state"] == "held"
    assert len(hooks.servers["gone"].got) == 1
    assert hooks.rig.wait_for(lambda: any("gone for good" in m["Subject"] for m in hooks.mail.messages)), [m["Subject"] for m in hooks.mail.messages]


def test_a_redirect_is_a_failure_and_never_followed(hooks):
    """D-6"""
    row = hooks.delivery("moves")
    assert is_tried_again(row) and row["code"] == 302 and "not followed" in row["answer"], row
    assert hooks.canary.got == []


def test_a_private_address_is_refused_at_the_socket(hooks):
    """D-10"""
    row = hooks.delivery("private")
    assert is_tried_again(row) and "private" in row["answer"], row
    assert hooks.canary.connections == 0


def test_the_other_channels_were_on_time(hooks):
    """D-13"""
    for name in ("good", "desk"):
        made, done, attempts = hooks.rig.sql("select made_at, done_at, attempts from delivery where channel = ? and message in"
                                             " (select id from message where watch <> '')", name)[0]
        assert attempts == 1 and done - made < 3000


# --- the daemon itself ----------------------------------------------------------------------------------------------------------

def test_a_heartbeat_comes_at_once_and_only_while_all_is_well(build, tmp_path):
    beats = HttpScript((200, []))
    world = World(build, tmp_path, {"good": hook(HttpScript((204, [])).url)}, extra=f"operator: {{ heartbeat_url: '{beats.url}', heartbeat_every: 30s }}\n")
    world.start()
    assert world.rig.wait_for(lambda: len(beats.got) == 1, 10), world.rig.said()
    assert beats.got[0][1]["user-agent"].startswith("newswatchd/")
    assert world.rig.stop() == 0
    assert len(beats.got) == 1
    world.close()
    beats.close()


def test_alerts_that_wait_for_a_channel_switched_off_are_told_and_go_or_are_dropped(build, tmp_path):
    server, hub = SmtpScript(dot=["451 later", "451 later"]), HttpScript((204, []))
    world = World(build, tmp_path, {"desk": mail(server), "ops": hook(hub.url)}, extra="operator: { notify: [ops] }\n", notify=["desk"])
    rig, channels = world.rig, world.rig.dir / "channels.d/all.yaml"
    on = channels.read_text()
    off = on.replace("name: desk", "name: desk, enabled: false")

    def stands():
        return rig.sql("select until is null from condition where key = 'channel-failing/desk'") == [(1,)]
    world.start()
    world.publish(1)
    assert rig.wait_for(lambda: rig.sql("select 1 from delivery where channel = 'desk' and state = 'deferred'")), rig.said()
    channels.write_text(off)
    assert rig.cli("reload").returncode == 0
    world.publish(1, 2)
    assert rig.wait_for(stands) and json.loads(rig.cli("status", "--json").stdout)["verdict"] == "broken"
    assert rig.wait_for(lambda: any(b"not configured, or disabled" in got[2] for got in hub.got)), hub.got
    channels.write_text(on)
    assert rig.cli("reload").returncode == 0
    assert rig.wait_for(lambda: len(server.messages) == 2 and not stands()), rig.said()
    assert sorted(ids(server)) == sorted(f"<{row[0]}@example.org>" for row in rig.sql("select id from delivery where channel = 'desk'"))
    server.script["dot"] = "451 later"
    world.publish(1, 2, 3)
    assert rig.wait_for(lambda: rig.sql("select 1 from delivery where channel = 'desk' and state = 'deferred'")), rig.said()
    channels.write_text(off)
    assert rig.cli("reload").returncode == 0 and rig.wait_for(stands)
    assert rig.cli("drop", "--waiting").returncode == 2
    assert rig.cli("drop", "--waiting", "--channel", "desk").stdout == "1 delivery is dropped\n"
    assert rig.wait_for(lambda: not stands())
    assert rig.stop() == 0
    world.close()
    server.close()
    hub.close()


def test_a_server_whose_words_are_no_text_is_quoted_as_text(build, tmp_path):
    raw = b"550 caf\xe9 \x1b[31m\xc2\x9b2J \xff\xfe" + b"\xc3\xa9" * 200
    server, hub = SmtpScript(dot=raw.decode("utf-8", "surrogateescape")), HookSink(SECRET)
    world = World(build, tmp_path, {"desk": mail(server), "hub": hook(hub.url, f", secret_file: '{tmp_path}/hub.key'")},
                  extra="operator: { notify: [hub] }\n", notify=["desk"])
    world.start()
    world.publish(1)
    assert world.rig.wait_for(lambda: world.rig.sql("select 1 from delivery where channel = 'desk' and state = 'failed'")), world.rig.said()
    answer = world.delivery("desk")["answer"]
    assert answer.startswith("550 caf? ?[31m?2J ??\u00e9\u00e9") and "\ufffd" not in answer, answer
    assert world.rig.wait_for(lambda: any("failed for good" in str(got) for got in hub.got)), hub.got
    assert world.rig.stop() == 0
    world.close()
    server.close()
    hub.close()


def test_a_single_run_beats_once_at_its_end_and_a_lost_beat_is_no_failure_of_it(build, tmp_path):
    beats = HttpScript((200, []), "close")
    world = World(build, tmp_path, {"good": hook(HttpScript((204, [])).url)}, extra=f"operator: {{ heartbeat_url: '{beats.url}', heartbeat_every: 30s }}\n")
    world.publish(1)
    assert world.rig.once() == 0 and len(beats.got) == 1, world.rig.said()
    assert world.delivery("good")["state"] == "delivered"
    assert "heartbeat" not in world.rig.said()
    assert world.rig.once() == 0 and len(beats.got) == 2, world.rig.said()
    assert "the heartbeat URL cannot be reached" in world.rig.said()
    world.rig.write("newswatchd.yaml", "store: 7\n")
    assert world.rig.once() == 1 and len(beats.got) == 2, world.rig.said()
    world.close()
    beats.close()


def test_a_stop_during_a_delivery_ends_in_time_and_the_same_mail_goes_again(build, tmp_path):
    """A-6"""
    server = SmtpScript(dot=[600])
    world = World(build, tmp_path, {"desk": mail(server)})
    world.start()
    world.publish(1)
    assert world.rig.wait_for(lambda: "DATA" in server.seen), world.rig.said()
    time.sleep(0.3)
    began = time.monotonic()
    assert world.rig.stop() == 0 and time.monotonic() - began < 8
    world.rig.start()
    assert world.rig.wait_for(lambda: len(server.messages) == 1), world.rig.said()
    assert world.delivery("desk")["state"] == "delivered"
    assert ids(server) == [f"<{world.delivery('desk')['id']}@example.org>"]
    world.close()
    server.close()


def test_a_hundred_alerts_share_one_sender_and_one_connection(build, tmp_path):
    """C-23, in short"""
    server = SmtpScript()
    world = World(build, tmp_path, {"desk": mail(server)}, extra="delivery: { flood: 0 }\n")
    world.start()
    world.publish(*range(1, 101))
    assert world.rig.wait_for(lambda: len(server.messages) == 100, 40), (len(server.messages), world.rig.said()[-1500:])
    assert server.connections <= 2 and len(set(ids(server))) == 100
    world.close()
    server.close()


def test_after_two_hundred_deliveries_another_sender_goes_on(build, tmp_path):
    """A-21"""
    server = SmtpScript()
    world = World(build, tmp_path, {"desk": mail(server)}, extra="delivery: { flood: 0 }\n")
    world.start()
    world.publish(*range(1, 251))
    assert world.rig.wait_for(lambda: len(server.messages) == 250, 60), (len(server.messages), world.rig.said()[-1500:])
    assert 2 <= server.connections <= 4 and len(set(ids(server))) == 250
    world.close()
    server.close()


class Slow(SmtpScript):
    """Takes its time after each mail, and knows how many were in hand at once."""
    now = most = 0

    def act(self, connection, stage, usual):
        if stage == "dot":
            with self.lock:
                self.now += 1
                self.most = max(self.most, self.now)
            time.sleep(0.7)
            with self.lock:
                self.now -= 1
        return super().act(connection, stage, usual)


def test_a_channel_has_as_many_senders_as_it_may_and_no_more(build, tmp_path):
    one, three = Slow(), Slow()
    world = World(build, tmp_path, {"one": mail(one), "three": mail(three, ", parallel: 3")}, extra="delivery: { flood: 0 }\n")
    world.start()
    world.publish(*range(1, 10))
    assert world.rig.wait_for(lambda: len(three.messages) == 9 and len(one.messages) == 9, 40), world.rig.said()[-1500:]
    assert (one.most, three.most) == (1, 3)
    assert len(set(ids(three))) == 9
    world.close()
    one.close()
    three.close()


def test_a_flood_becomes_a_digest_that_names_all(build, tmp_path):
    """C-20, G-10"""
    server = SmtpScript()
    world = World(build, tmp_path, {"desk": mail(server)}, extra="delivery: { flood: 20 }\n")
    assert world.rig.once() == 0
    world.publish(*range(1, 301))
    time.sleep(1.2)  # `every: 1s`
    assert world.rig.once() == 0, world.rig.said()
    texts = [email.message_from_bytes(raw, policy=email.policy.default).get_body(("plain",)).get_content() for _, raw in server.messages]
    assert len(texts) == 1
    lines = texts[0].splitlines()
    assert [n for n in range(1, 301) if f"{world.site.base}/{n}" not in lines and f"- Talks {n} <{world.site.base}/{n}>" not in lines] == []
    assert world.rig.sql("select count(*) from outbox where message is null")[0][0] == 0
    assert world.rig.sql("select count(*) from condition where key = 'flood/treaties-0'")[0][0] == 1
    world.close()
    server.close()


def test_a_refused_login_is_told_on_another_channel_and_not_tried_hot(build, tmp_path):
    """C-15"""
    cert, tls = certificate(str(tmp_path), "good")
    server, sink = SmtpScript(tls=tls, auth="535 wrong password"), MailSink()
    (tmp_path / "password").write_text("open sesame\n")
    os.chmod(tmp_path / "password", 0o600)
    login = f", username: desk, password_file: '{tmp_path}/password', ca_file: '{cert}'"
    world = World(build, tmp_path, {"desk": mail(server, login, host="localhost", starttls="required"), "ops": mail(sink)},
                  extra="operator: { notify: [ops] }\n", notify=["desk"])
    world.start()
    world.publish(1)
    assert world.rig.wait_for(lambda: any("refuses the login" in m["Subject"] for m in sink.messages)), world.rig.said()
    row = world.delivery("desk")
    assert row["state"] == "deferred" and row["code"] == 535, row
    time.sleep(3)
    assert server.seen.count("AUTH") == 1
    assert "sesame" not in world.rig.said()
    world.close()
    server.close()
    sink.close()
