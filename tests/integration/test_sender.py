"""newswatch-sender alone, against real servers: outcomes by response code, equal bytes, verified signatures."""
import os
import pathlib
import socket
import threading
import time

import pytest

from frames import AMBIGUOUS, DEFERRED, DELIVERED, REJECTED, Sender, field
from rig import SECRET
from sinks import HookSink, MailSink
from smtp_script import SmtpScript

TOP = pathlib.Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def folder():
    where = (TOP / os.environ.get("NW_BUILD", "build")).resolve()
    if not (where / "newswatch-sender").exists():
        pytest.skip("newswatch-sender is not built")
    return where


def mail_channel(port, starttls=1):
    return [field(2, "desk"), field(3, "email"), field(4, f"smtp://127.0.0.1:{port}"), field(6, "Newswatch <nw@example.org>"),
            field(13, "127.0.0.0/8"), field(14, starttls)]


def hook_channel(url, *more):
    return [field(2, "hub"), field(3, "webhook"), field(5, url), field(9, SECRET), field(13, "127.0.0.0/8"), field(17, "newswatchd/test"), *more]


def test_a_mail_is_accepted_and_a_second_has_equal_bytes(folder):
    sink = MailSink()
    sender = Sender(folder, mail_channel(sink.port))
    for _ in range(2):
        out = sender.deliver("0123abcd", "desk@example.org", "\u53cc\u65b9\u7b7e\u7f72\u4e86\u6761\u7ea6\u3002\n.\nend\n")
        assert (out["result"], out["code"]) == (DELIVERED, 250), out
    assert sender.close() == 0
    assert sink.raw[0] == sink.raw[1]
    message = sink.messages[0]
    assert message["Message-ID"] == "<0123abcd@example.org>" and message["Subject"] == "Subject: \u6761\u7ea6"
    assert message.get_body(("plain",)).get_content().replace("\r\n", "\n") == "\u53cc\u65b9\u7b7e\u7f72\u4e86\u6761\u7ea6\u3002\n.\nend\n"
    sink.close()


@pytest.mark.parametrize("script, result, code", [
    ({"connect": "421 later"}, DEFERRED, 421), ({"connect": "554 no"}, DEFERRED, 554), ({"mail": "451 later"}, DEFERRED, 451),
    ({"rcpt": "451 later"}, DEFERRED, 451), ({"rcpt": "550 no such user"}, REJECTED, 550), ({"data": "451 later"}, DEFERRED, 451),
    ({"dot": "451 later"}, DEFERRED, 451), ({"dot": "554 spam"}, REJECTED, 554), ({"dot": "552 too large"}, REJECTED, 552),
    ({"ehlo": "close"}, DEFERRED, None), ({"rcpt": "close"}, DEFERRED, None), ({"data": "close"}, DEFERRED, None),
    ({"dot": "close"}, AMBIGUOUS, 354),
])
def test_outcomes_by_response_code(folder, script, result, code):
    server = SmtpScript(**script)
    sender = Sender(folder, mail_channel(server.port))
    out = sender.deliver("0123abcd", "desk@example.org", "text\n")
    assert out["result"] == result, out
    assert code is None or out["code"] == code, out
    server.script = {}
    assert sender.deliver("0123abcd", "desk@example.org", "text\n")["result"] == DELIVERED
    sender.close()
    server.socket.close()


def test_a_server_without_starttls_is_refused_and_gets_nothing(folder):
    server = SmtpScript()
    sender = Sender(folder, mail_channel(server.port, starttls=0))
    out = sender.deliver("0123abcd", "desk@example.org", "text\n")
    assert out["result"] == DEFERRED and "STARTTLS" in out["text"]
    assert "MAIL" not in server.seen
    sender.close()


def test_a_private_address_is_refused_unless_allowed(folder):
    server = SmtpScript()
    channel = [f for f in mail_channel(server.port) if f != field(13, "127.0.0.0/8")]
    sender = Sender(folder, channel)
    out = sender.deliver("0123abcd", "desk@example.org", "text\n")
    assert out["result"] == DEFERRED and "private" in out["text"]
    assert server.seen == []
    sender.close()


def test_a_webhook_is_signed_over_the_bytes_sent(folder):
    sink = HookSink(SECRET)
    sender = Sender(folder, hook_channel(sink.url))
    out = sender.deliver("feedbeef", json='{"type":"newswatch.alert","n":"\u6761\u7ea6"}', now_ms=int(time.time() * 1000))
    assert (out["result"], out["code"]) == (DELIVERED, 204), out
    assert sink.got[0]["ok"] and sink.got[0]["id"] == "feedbeef"
    sender.close()
    sink.close()


@pytest.mark.parametrize("status, result, disable", [(200, DELIVERED, 0), (302, DEFERRED, 0), (400, DEFERRED, 0), (410, REJECTED, 1),
                                                     (429, DEFERRED, 0), (500, DEFERRED, 0)])
def test_webhook_outcomes(folder, status, result, disable):
    sink = HookSink(SECRET, answer=lambda n: status)
    sender = Sender(folder, hook_channel(sink.url))
    out = sender.deliver("feedbeef", json="{}", now_ms=int(time.time() * 1000))
    assert (out["result"], out["code"], out["disable"]) == (result, status, disable), out
    assert len(sink.got) == 1
    sender.close()
    sink.close()


@pytest.mark.parametrize("value, ms", [("7", 7000), ("99999999", 24 * 3600 * 1000), ("-1", 0), ("junk", 0)])
def test_retry_after_is_read_and_capped(folder, value, ms):
    server = socket.create_server(("127.0.0.1", 0))

    def serve():
        connection, _ = server.accept()
        connection.recv(65536)
        connection.sendall(f"HTTP/1.1 429 Slow\r\nRetry-After: {value}\r\nContent-Length: 0\r\n\r\n".encode())
        time.sleep(0.2)
        connection.close()
    threading.Thread(target=serve, daemon=True).start()
    sender = Sender(folder, hook_channel(f"http://127.0.0.1:{server.getsockname()[1]}/"))
    assert sender.deliver("feedbeef", json="{}")["retry_after_ms"] == ms
    sender.close()
    server.close()


def test_an_endless_answer_counts_by_its_status(folder):
    server = socket.create_server(("127.0.0.1", 0))

    def serve():
        connection, _ = server.accept()
        connection.recv(65536)
        try:
            connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            for _ in range(100000):
                connection.sendall(b"x" * 65536)
        except OSError:
            pass
    threading.Thread(target=serve, daemon=True).start()
    sender = Sender(folder, hook_channel(f"http://127.0.0.1:{server.getsockname()[1]}/"))
    assert sender.deliver("feedbeef", json="{}")["result"] == DELIVERED
    sender.close()
    server.close()


def test_a_silence_before_the_dot_ends_with_the_channels_timeout(folder):
    server = SmtpScript(rcpt=30)
    sender = Sender(folder, mail_channel(server.port) + [field(15, 2000)])
    began = time.monotonic()
    out = sender.deliver("0123abcd", "desk@example.org", "text\n")
    assert out["result"] == DEFERRED and time.monotonic() - began < 10, out
    sender.close()
    server.close()


def test_ehlo_gives_the_configured_name_and_the_subject_its_prefix(folder):
    sink = MailSink()
    sender = Sender(folder, mail_channel(sink.port) + [field(16, "Alerts <a.example>"), field(18, "monitor.example.org"), field(19, "[watch]")])
    assert sender.deliver("0123abcd", "desk@example.org", "text\n")["result"] == DELIVERED
    assert sender.close() == 0
    message = sink.messages[0]
    assert message["Subject"] == "[watch] Subject: \u6761\u7ea6" and message["List-Id"] == "Alerts <a.example>"
    assert sink.names == ["monitor.example.org"]
    sink.close()
