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


def test_an_indexer_that_talks_without_end_fills_no_log_and_delays_no_alert(world):
    rig = world.rig
    helpers = rig.dir / "helpers"
    helpers.mkdir()
    for name in ("newswatch-worker", "newswatch-sender"):
        os.symlink(rig.build / name, helpers / name)
    liar = helpers / "newswatch-indexer"
    liar.write_text(TALKS % next(p for p in sys.path if p.endswith("tests/lib/py")))
    liar.chmod(0o755)
    plain = rig.command
    rig.command = lambda *more: plain("--helpers", str(helpers), "--plugins", str(rig.build / "plugins"), *more)
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
