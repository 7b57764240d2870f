"""A web server on raw sockets that answers requests as a script says."""
import time

from listen import Listener


class HttpScript(Listener):
    """`answers`: used up one a request, the last for ever: (status, [header lines]), bytes to be sent as they are, "close", or
    seconds to hang.  `got` holds (instant, headers in lower case, body) of each request that came whole."""

    def __init__(self, *answers):
        self.answers, self.got = list(answers), []
        super().__init__()
        self.url = f"http://127.0.0.1:{self.port}/in"

    def talk(self, connection):
        f = connection.makefile("rb")
        while f.readline():
            headers = {}
            while (line := f.readline().decode("latin-1").strip()):
                name, _, value = line.partition(":")
                headers[name.lower()] = value.strip()
            body = f.read(int(headers.get("content-length", 0)))
            self.got.append((time.monotonic(), headers, body))
            what = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
            if what == "close":
                return
            if isinstance(what, (int, float)):
                time.sleep(what)
                return
            if isinstance(what, bytes):
                connection.sendall(what)
                return
            status, lines = what
            connection.sendall("\r\n".join([f"HTTP/1.1 {status} so", *lines, "Content-Length: 0", "", ""]).encode())
