"""A web server on raw sockets that answers requests as a script says."""
import socket
import threading
import time


class HttpScript:
    """`answers`: used up one a request, the last for ever: (status, [header lines]), bytes to be sent as they are, "close", or
    seconds to hang.  `got` holds (instant, headers in lower case, body) of each request that came whole."""

    def __init__(self, *answers):
        self.answers, self.got, self.connections = list(answers), [], 0
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}/in"
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self.talk, args=(connection,), daemon=True).start()

    def talk(self, connection):
        try:
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
                    break
                if isinstance(what, (int, float)):
                    time.sleep(what)
                    break
                if isinstance(what, bytes):
                    connection.sendall(what)
                    break
                status, lines = what
                connection.sendall("\r\n".join([f"HTTP/1.1 {status} so", *lines, "Content-Length: 0", "", ""]).encode())
        except OSError:
            pass
        connection.close()

    def close(self):
        self.socket.close()
