"""An HTTP server on raw sockets that misbehaves on the wire by path; and a port that nobody may contact."""
import email.utils
import gzip
import io
import socket
import struct
import threading
import time
import zlib

from listen import close_listening


def feed(name, n, start=0):
    """An RSS 2.0 document of n items whose titles carry the feed's name and a number."""
    items = "".join(f"<item><title>{name} item {i}</title><link>https://example.org/{name}/{i}</link><guid>{name}-{i}</guid>"
                    f"<pubDate>{email.utils.formatdate(time.time() - 60 * i)}</pubDate><description>Text {i} of {name}.</description></item>"
                    for i in range(start + n - 1, start - 1, -1))
    return (f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>{name}</title><link>https://example.org/{name}</link>'
            f"<description>News</description>{items}</channel></rss>").encode()


def answer(body=b"", status="200 OK", headers=(), length=True, kind="application/rss+xml"):
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {kind}", *headers]
    if length:
        lines.append(f"Content-Length: {len(body)}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1") + body


def gzipped(data):
    out = io.BytesIO()
    with gzip.GzipFile(fileobj=out, mode="wb", mtime=0) as z:
        z.write(data)
    return out.getvalue()


def redirect(to, status="302 Found", more=()):
    return answer(status=status, headers=[f"Location: {to}", *more])


class Request:
    def __init__(self, raw):
        lines = raw.split(b"\r\n")
        self.method, self.path = lines[0].decode("latin-1").split(" ")[:2]
        self.headers = {}
        for line in lines[1:]:
            name, _, value = line.decode("latin-1").partition(":")
            self.headers[name.lower()] = value.strip()
        self.at = time.monotonic()


class Connection:
    """What a path's function gets: write, trickle, reset."""

    def __init__(self, sock):
        self.sock = sock

    def send(self, data):
        self.sock.sendall(data)

    def trickle(self, data, each=1, pause=0.1):
        for i in range(0, len(data), each):
            self.send(data[i:i + each])
            time.sleep(pause)

    def reset(self):
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.sock.close()

    def flood(self, chunk, most=1 << 34):
        sent = 0
        while sent < most:
            self.sock.sendall(chunk)
            sent += len(chunk)

    def bomb(self, mebibytes):
        """gzip of zeros, made while it is sent."""
        z, zeros = zlib.compressobj(9, zlib.DEFLATED, 31), bytes(1 << 20)
        for _ in range(mebibytes):
            self.send(z.compress(zeros))
        self.send(z.flush())


class FaultServer:
    """`server.on[path] = bytes | function(connection, request)`; unknown paths answer 404.  Keeps every request."""

    def __init__(self, host="127.0.0.1", family=socket.AF_INET, wrap=None, port=0):
        self.on, self.requests, self.lock, self.wrap = {}, [], threading.Lock(), wrap
        self.now = self.peak = 0
        self.socket = socket.socket(family)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind((host, port))
        self.socket.listen(512)
        self.port = self.socket.getsockname()[1]
        self.base = f"{'https' if wrap else 'http'}://{'[%s]' % host if ':' in host else host}:{self.port}"
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                sock, _ = self.socket.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(sock,), daemon=True).start()

    def serve(self, sock):
        with self.lock:
            self.now += 1
            self.peak = max(self.peak, self.now)
        try:
            if self.wrap:
                sock = self.wrap(sock)
            sock.settimeout(60)
            while self.one(sock):
                pass
        except (OSError, ValueError):
            pass
        finally:
            with self.lock:
                self.now -= 1
            try:
                sock.close()
            except OSError:
                pass

    def one(self, sock):
        raw = b""
        while b"\r\n\r\n" not in raw:
            more = sock.recv(65536)
            if not more:
                return False
            raw += more
        q = Request(raw.partition(b"\r\n\r\n")[0])
        with self.lock:
            self.requests.append(q)
        act = self.on.get(q.path, answer(b"not found", "404 Not Found", kind="text/plain"))
        if callable(act):
            return bool(act(Connection(sock), q))
        sock.sendall(act)
        return True

    def asked(self, path):
        return [q for q in list(self.requests) if q.path == path]

    def close(self):
        close_listening(self.socket)


class Canary:
    """Listens on an address nobody may contact and counts those who do."""

    def __init__(self, host="127.0.0.1", port=0, family=socket.AF_INET):
        self.contacts = 0
        self.socket = socket.socket(family)
        if family == socket.AF_INET6:
            self.socket.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind((host, port))
        self.socket.listen(64)
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                sock, _ = self.socket.accept()
            except OSError:
                return
            self.contacts += 1
            sock.close()

    def close(self):
        close_listening(self.socket)
