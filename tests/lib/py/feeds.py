"""A web of feeds: three items at every path; those whose path begins with /busy grow by one with each request."""
import hashlib
import http.server
import threading


class Feeds(http.server.ThreadingHTTPServer):
    """`sentence` is what an item says, with {words} of its feed's own and its number {n}."""

    daemon_threads, request_queue_size = True, 1024

    def __init__(self, sentence):
        super().__init__(("127.0.0.1", 0), Answer)
        self.sentence, self.asked = sentence, 0
        self.base = f"http://127.0.0.1:{self.server_address[1]}"
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def close(self):
        self.shutdown()
        self.server_close()


class Answer(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.server.asked += 1
        first = self.server.asked if self.path.startswith("/busy") else 0
        words = hashlib.sha256(self.path.encode()).hexdigest()
        items = "".join(f"<item><title>Notice {words[:8]} {n}</title><link>https://example.org{self.path}/{n}</link><guid>{self.path}-{n}</guid>"
                        f"<description>{self.server.sentence.format(words=words[8:24], n=n)}</description></item>"
                        for n in range(first, first + 3))
        body = ('<?xml version="1.0"?><rss version="2.0"><channel><title>F</title><link>https://example.org/</link>'
                f"<description>d</description>{items}</channel></rss>").encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/rss+xml")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass
