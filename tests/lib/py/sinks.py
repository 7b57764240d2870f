"""Where alerts arrive: a real SMTP server (aiosmtpd) and an HTTP server that verifies Standard Webhooks signatures."""
import base64
import email
import email.policy
import hashlib
import hmac
import http.server
import json
import threading
import time

from aiosmtpd.controller import Controller


class MailSink:
    """Keeps what it accepts; `before` is called with each message before it is accepted and may wait or return a reply."""

    def __init__(self, before=None):
        self.raw, self.names, self.before, self.lock = [], [], before, threading.Condition()
        sink = self

        class Handler:
            async def handle_DATA(self, server, session, envelope):
                with sink.lock:
                    sink.names.append(session.host_name)
                    sink.raw.append((list(envelope.rcpt_tos), bytes(envelope.original_content or envelope.content)))
                    sink.lock.notify_all()
                return (sink.before and sink.before(envelope)) or "250 accepted"

        self.controller = Controller(Handler(), hostname="127.0.0.1", port=0)
        # aiosmtpd's own self-test needs a fixed port: bind first, then tell it
        import socket
        s = socket.socket()
        s.bind(("127.0.0.1", 0))
        self.port = s.getsockname()[1]
        s.close()
        self.controller.port = self.port
        self.controller.start()

    @property
    def messages(self):
        return [email.message_from_bytes(raw, policy=email.policy.default) for _, raw in list(self.raw)]

    def wait(self, n, seconds=20):
        end = time.monotonic() + seconds
        with self.lock:
            while len(self.raw) < n and time.monotonic() < end:
                self.lock.wait(0.2)
        return self.messages

    def close(self):
        self.controller.stop()


def verify(secret, headers, body, skew=300):
    """Standard Webhooks 1.0.0: one of the signatures must be that of id.timestamp.body."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    want = "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    return want in headers["webhook-signature"].split(" ") and abs(time.time() - int(headers["webhook-timestamp"])) < skew


class HookSink:
    """Keeps every request with the verdict on its signature; `answer(n)` gives the status of the n-th."""

    def __init__(self, secret, answer=None):
        self.got, self.lock = [], threading.Condition()
        sink = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                with sink.lock:
                    sink.got.append({"id": self.headers.get("webhook-id"), "ok": verify(secret, self.headers, body),
                                     "json": json.loads(body), "raw": body, "headers": dict(self.headers)})
                    sink.lock.notify_all()
                self.send_response(answer(len(sink.got)) if answer else 204)
                self.end_headers()

            def log_message(self, *args):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/in"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def wait(self, n, seconds=20):
        end = time.monotonic() + seconds
        with self.lock:
            while len(self.got) < n and time.monotonic() < end:
                self.lock.wait(0.2)
        return list(self.got)

    def close(self):
        self.server.shutdown()
        self.server.server_close()
