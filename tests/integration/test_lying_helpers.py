"""A helper that was taken over fills no log and holds nothing up; a control socket takes no file's place."""
import os
import sys
import time

TALKS = """#!/usr/bin/python3 -E
import os, socket, sys
sys.path.insert(0, %r)
from frames import WIRE_VERSION, field, sint
indexed = field(1, WIRE_VERSION) + sint(3, 1) + sint(4, 1) + field(5, "it lies\\n\\x1b[31m")
body = field(13, indexed)
frame = len(body).to_bytes(4, "big") + body
s = socket.socket(fileno=3)
for _ in range(400):
    s.sendall(frame * 10)
    os.write(2, b"words without end\\n" * 100)
s.recv(1)
"""


# takes every delivery and answers with bytes that are no text
RAW = """#!/usr/bin/python3 -E
import socket, struct, sys
sys.path.insert(0, %r)
from frames import DEFERRED, OUTCOME, READY, WIRE_VERSION, decode, field
s = socket.socket(fileno=3)
def say(n, kind, body):
    frame = (field(1, n) if n else b"") + field(kind, body)
    s.sendall(struct.pack(">I", len(frame)) + frame)
while head := s.recv(4, socket.MSG_WAITALL):
    frame = decode(s.recv(struct.unpack(">I", head)[0], socket.MSG_WAITALL))
    if 8 in frame:
        say(0, READY, field(1, WIRE_VERSION))
    else:
        say(frame[1][0], OUTCOME, field(1, DEFERRED) + field(2, 535) + field(3, b"refused \\xff\\xe9\\x00 \\xc3"))
"""


def replace(rig, name, source):
    """A helper of the daemon by a program of ours."""
    helpers = rig.dir / "helpers"
    helpers.mkdir()
    for other in ("newswatch-worker", "newswatch-sender", "newswatch-indexer"):
        if other != name:
            os.symlink(rig.build / other, helpers / other)
    liar = helpers / name
    liar.write_text(source % next(p for p in sys.path if p.endswith("tests/lib/py")))
    liar.chmod(0o755)
    plain = rig.command
    rig.command = lambda *more: plain("--helpers", str(helpers), "--plugins", str(rig.build / "plugins"), *more)


def test_what_a_sender_says_is_text_wherever_it_is_told(world):
    rig = world.rig
    replace(rig, "newswatch-sender", RAW)
    rig.write("newswatchd.yaml", (rig.dir / "newswatchd.yaml").read_text() + "operator: { notify: [hub] }\n")
    rig.start()
    assert rig.wait_for(lambda: rig.sql("select count(*) from article where state = 'final'")[0][0] == 6), rig.said()
    world.site.publish("treaty", "listed")
    assert rig.wait_for(lambda: rig.sql("select count(*) from condition where key = 'channel-failing/desk'") == [(1,)]), rig.said()
    assert rig.wait_for(lambda: rig.sql("select count(*) from message where channel = 'hub' and watch = '' and rendered_at is not null")[0][0] > 0), rig.said()
    for (answer,) in rig.sql("select cast(last_answer as blob) from delivery union select cast(text as blob) from notice union"
                             " select cast(json as blob) from message union select cast(text as blob) from event"):
        answer.decode()
        assert b"\0" not in answer
    assert rig.stop() == 0


def test_an_indexer_that_talks_without_end_fills_no_log_and_delays_no_alert(world):
    rig = world.rig
    replace(rig, "newswatch-indexer", TALKS)
    rig.start()
    assert rig.wait_for(lambda: "it lies" in rig.said())
    assert rig.wait_for(lambda: rig.sql("select count(*) from article")[0][0] > 0)
    time.sleep(2)
    said = rig.said()
    assert rig.stop() == 0
    assert said.count("it lies") <= 3 and "\x1b" not in said, said.count("it lies")
    assert said.count("words without end") <= 150, said.count("words without end")


def test_a_file_at_the_path_of_the_control_socket_stays(world):
    path = world.rig.dir / "control"
    path.write_text("mine")
    world.rig.start()
    assert world.rig.process.wait(20) != 0
    assert path.read_text() == "mine" and "control socket" in world.rig.said()
