"""An SMTP server that does at each stage what a script says; one thread a connection, as many as come."""
import datetime
import os
import socket
import ssl
import struct
import subprocess
import threading
import time

from listen import Listener

STAGES = ("connect", "ehlo", "starttls", "auth", "mail", "rcpt", "data", "body", "dot", "quit")


def certificate(folder, name, host="localhost", days=30):
    """A self-signed certificate and its key; days < 0: expired.  Returns (certificate file, TLS context)."""
    cert, key = os.path.join(folder, name + ".pem"), os.path.join(folder, name + ".key")
    end = (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=days)).strftime("%Y%m%d%H%M%SZ")
    config = os.path.join(folder, name + ".cnf")
    with open(config, "w") as f:
        f.write(f"[ca]\ndefault_ca=c\n[c]\nnew_certs_dir={folder}\ndatabase={folder}/{name}.db\nserial={folder}/{name}.srl\ndefault_md=sha256\n"
                f"policy=p\nx509_extensions=x\n[p]\ncommonName=supplied\n[x]\nsubjectAltName=DNS:{host}\nbasicConstraints=CA:TRUE\n"
                "[req]\ndistinguished_name=d\n[d]\n")
    open(f"{folder}/{name}.db", "w").close()
    with open(f"{folder}/{name}.srl", "w") as f:
        f.write("01\n")
    request = os.path.join(folder, name + ".csr")
    run = {"check": True, "capture_output": True}
    subprocess.run(["openssl", "req", "-new", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", request, "-subj", f"/CN={host}", "-config", config], **run)
    subprocess.run(["openssl", "ca", "-batch", "-selfsign", "-keyfile", key, "-in", request, "-out", cert, "-config", config,
                    "-startdate", "20200101000000Z", "-enddate", end], **run)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    return cert, context


class Close(OSError):
    """The script ends the connection here."""


class SmtpScript(Listener):
    """`script`: stage -> what happens there, a list to be used up or one thing for ever:
    a reply ("451 later"), "close", "rst", "swallow" (accept, then close without an answer), or seconds to hang.
    `messages` holds (recipients, bytes) of all that were accepted, answered or not; `seen` the verbs; `at` their instants."""

    def __init__(self, tls=None, offer=True, **script):
        self.script, self.tls, self.offer = script, tls, offer
        self.messages, self.seen, self.sins, self.lock = [], [], [], threading.Lock()
        super().__init__()

    def step(self, stage):
        with self.lock:
            what = self.script.get(stage)
            if isinstance(what, list):
                return what.pop(0) if what else None
            return what

    def act(self, connection, stage, usual):
        """Say the usual thing, or what the script wants; the reply said, or None."""
        what = self.step(stage)
        if what is None:
            what = usual
        if isinstance(what, (int, float)):
            time.sleep(what)
            raise Close
        if what == "rst":
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            raise Close
        if what in ("close", "swallow"):
            raise Close
        connection.sendall((what + "\r\n").encode("utf-8", "surrogateescape"))
        return what

    def read_message(self, lines):
        body = b""
        for line in lines:
            if not line.endswith(b"\r\n") or b"\r" in line[:-2]:
                self.sins.append("a bare CR or LF")
            if len(line) > 1000:
                self.sins.append("a line over 998 bytes")
            if line == b".\r\n":
                return body
            body += line[1:] if line.startswith(b".") else line
        raise Close

    def talk(self, connection):
        lines = connection.makefile("rb")
        recipients, secure = [], False
        self.act(connection, "connect", "220 here")
        while line := lines.readline():
            verb = line.split()[0].upper().decode()
            with self.lock:
                self.seen.append(verb)
            if verb == "EHLO":
                more = "250-STARTTLS\r\n" if self.tls and self.offer and not secure else ""
                self.act(connection, "ehlo", f"250-here\r\n{more}250-AUTH PLAIN\r\n250 8BITMIME")
            elif verb == "STARTTLS" and self.tls:
                self.act(connection, "starttls", "220 go")
                connection = self.tls.wrap_socket(connection, server_side=True)
                lines, secure = connection.makefile("rb"), True
            elif verb == "AUTH":
                if not secure:
                    self.sins.append("AUTH in clear")
                if len(line.split()) < 3:  # the name and the password come on their own line
                    connection.sendall(b"334 \r\n")
                    lines.readline()
                self.act(connection, "auth", "235 welcome")
            elif verb == "RCPT":
                address = line.decode().split("<")[1].split(">")[0]
                if address in self.script:
                    connection.sendall((self.script[address] + "\r\n").encode())
                elif (self.act(connection, "rcpt", "250 fine") or "").startswith("2"):
                    recipients.append(address)
            elif verb == "DATA":
                if not self.act(connection, "data", "354 go").startswith("3"):
                    continue
                if self.script.get("body"):
                    lines.readline()
                    self.act(connection, "body", "")
                body = self.read_message(lines)
                what = self.script.get("dot")
                first = (what or [None])[0] if isinstance(what, list) else what
                if first is None or first == "swallow" or str(first).startswith("2"):
                    with self.lock:
                        self.messages.append((recipients, body))
                self.act(connection, "dot", "250 taken")
                recipients = []
            elif verb == "QUIT":
                self.act(connection, "quit", "221 bye")
                return
            elif verb in ("MAIL", "RSET", "NOOP"):
                self.act(connection, verb.lower(), "250 fine")
            else:
                connection.sendall(b"502 no\r\n")
