#!/usr/bin/python3
"""Runs inside a network and mount namespace: a name server that lies, a canary on loopback, one newswatchd."""
import os
import pathlib
import socket
import struct
import subprocess
import sys
import threading

from fault_http import Canary, FaultServer, answer, feed
from rig import Rig
from test_fetch import run_once, state

PUBLIC = "198.41.0.4"  # routed to nowhere here
# private addresses in the clothes of the newer family
MAPPED = {"mapped": "::ffff:127.0.0.1", "six": "::1", "nat64": "64:ff9b::7f00:1", "sixtofour": "2002:7f00:1::", "compat": "::127.0.0.1",
          "scoped": "fe80::1", "unique": "fd00::1"}
RULES = "watches:\n  - name: w\n    severity: high\n    notify: [{}]\n    match: |\n      ratified\n"


def name_of(query):
    at, labels = 12, []
    while query[at]:
        labels.append(query[at + 1:at + 1 + query[at]].decode())
        at += query[at] + 1
    return ".".join(labels), at + 5


def record(kind, data):
    return b"\xc0\x0c" + struct.pack(">HHIH", kind, 1, 0, len(data)) + data


class Names:
    """Answers A questions by name; everything else has no answer."""

    def __init__(self):
        self.asked = {}
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 53))
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            query, peer = self.socket.recvfrom(512)
            name, end = name_of(query)
            kind = struct.unpack(">H", query[end - 4:end - 2])[0]
            self.asked[name] = self.asked.get(name, 0) + 1
            if name == "silent.example":
                continue
            code, records = self.answer(name, kind)
            self.socket.sendto(query[:2] + struct.pack(">HHHHH", 0x8180 | code, 1, len(records), 0, 0) + query[12:end] + b"".join(records), peer)

    def answer(self, name, kind):
        private = record(1, socket.inet_aton("127.0.0.1"))
        if name == "absent.example":
            return 3, []
        if name == "broken.example":
            return 2, []
        if kind == 28 and name.split(".")[0] in MAPPED:
            return 0, [record(28, socket.inet_pton(socket.AF_INET6, MAPPED[name.split(".")[0]]))]
        if kind != 1 or name.split(".")[0] in MAPPED:
            return 0, []
        if name.endswith("rebind.example"):
            return 0, [record(1, socket.inet_aton(PUBLIC)) if self.asked[name] <= 1 else private]
        if name.endswith("both.example"):
            return 0, [record(1, socket.inet_aton(PUBLIC)), private]
        if name == "many.example":
            return 0, [private] * 25
        if name.endswith("private.example"):
            return 0, [private]
        return 3, []


def deliver(rig, names, good, canary):
    """The receivers of webhooks, and a mail server, under names that lie: three attempts each."""
    hooks = ["hook-rebind", "hook-both", "hook-private", *MAPPED]
    rig.write("watches.d/rules.yaml", RULES.format(", ".join(hooks + ["mail-rebind"])))
    rig.write("channels.d/all.yaml", "channels:\n" + "".join(f"  - {{ name: {h}, type: webhook, url: 'https://{h}.example:8088/in' }}\n" for h in hooks) +
              "  - { name: mail-rebind, type: email, to: [desk@example.org], from: n@example.org, server: 'smtp://mail-rebind.example:8088', starttls: none }\n")
    rig.write("sources.d/site.yaml", f"sources:\n  - {{ name: late, url: '{good.base}/late', parser: feed, every: 1h, full_text: never, backfill: alert }}\n")
    good.on["/late"] = answer(feed("ratified", 1))
    for _ in range(3):
        code, wall, _ = run_once(rig)
        assert code == 0 and wall < 60, (wall, rig.said())
        subprocess.run(["sqlite3", f"{rig.state}/news.db", "update delivery set next_at = 0"], check=True)
    rows = {channel: (state, attempts, why) for channel, state, attempts, why in
            rig.sql("select channel, state, attempts, last_answer from delivery")}
    assert set(rows) == set(hooks + ["mail-rebind"]), rows
    for name, (was, attempts, why) in rows.items():
        assert was == "deferred" and attempts == 3, (name, rows[name])
        assert "private" in why, (name, why)
    assert names.asked["hook-rebind.example"] >= 2 and names.asked["mail-rebind.example"] >= 2
    assert canary.contacts == 0


def main(build, folder):
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    conf = pathlib.Path(folder) / "resolv.conf"
    conf.write_text("nameserver 127.0.0.1\noptions timeout:5 attempts:2\n")
    subprocess.run(["mount", "--bind", str(conf), os.path.realpath("/etc/resolv.conf")], check=True)
    names, good = Names(), FaultServer("127.0.0.3")
    canary = Canary("127.0.0.1", 8088)
    good.on["/f"] = answer(feed("good", 3))
    hosts = ["absent", "broken", "silent", "rebind", "both", "many", "private", *MAPPED]
    sources = "".join(f"  - {{ name: {h}, url: 'http://{h}.example:8088/f', allow_http: true, parser: feed, every: 1h, timeout: 4s }}\n" for h in hosts)
    sources += f"  - {{ name: good, url: '{good.base}/f', parser: feed, every: 1h, full_text: never, timeout: 4s }}\n"
    rig = Rig(build, pathlib.Path(folder), sources, rules="{}\n")
    rig.write("newswatchd.yaml", f"store: {{ path: '{rig.state}/news.db' }}\ncontrol: {{ path: '{rig.dir}/control' }}\n"
              "fetch: { allow_private: [127.0.0.3/32], host_gap: 0, contact: 'mailto:ops@example.org' }\n")
    for _ in range(3):  # rebinding lies from the second look on
        code, wall, _ = run_once(rig)
        assert code == 0 and wall < 15, (wall, rig.said())
        subprocess.run(["sqlite3", f"{rig.state}/news.db", "update target set due_at = 0"], check=True)
    assert state(rig, "good")["articles"] == 3, rig.said()
    for host in hosts:
        assert state(rig, host)["failures"] == 3 and state(rig, host)["error"], (host, state(rig, host))
    assert "is private" in state(rig, "private")["error"] and "is private" in state(rig, "rebind")["error"], state(rig, "rebind")
    assert canary.contacts == 0
    assert names.asked["rebind.example"] >= 2
    deliver(rig, names, good, canary)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), sys.argv[2])
