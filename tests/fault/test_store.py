"""The store on a disk that is full, and on one whose power is cut.

A short form runs in the suite; NW_LONG=1 takes many more samples.  Both need to mount, so they are skipped where that is
not allowed."""
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import time

import pytest

from numbered import World

LONG = os.environ.get("NW_LONG") == "1"
SAMPLES = 60 if LONG else 4
SEED = int(os.environ.get("NW_SEED", "1"))


def mount(*args):
    done = subprocess.run(["mount", *map(str, args)], capture_output=True, text=True)
    if done.returncode != 0:
        pytest.skip(f"nothing can be mounted here: {done.stderr.strip()}")


@pytest.fixture
def small_disk(build, tmp_path):
    state = tmp_path / "state"
    state.mkdir()
    mount("-t", "tmpfs", "-o", "size=12m,mode=700", "tmpfs", state)
    w = World(build, tmp_path)
    yield w
    w.close()
    subprocess.run(["umount", "-l", str(state)], check=False)


def fill_up(filler):
    """Take what space the disk still has."""
    with open(filler, "wb", buffering=0) as f:
        try:
            while True:
                f.write(b"x" * 4096)
        except OSError:
            pass


def test_a_full_disk_loses_nothing_and_the_store_goes_on_when_space_returns(small_disk):
    w, rig = small_disk, small_disk.rig
    w.start()
    w.publish(1)
    assert rig.wait_for(lambda: 1 in w.told(), 30), rig.said()
    before = rig.sql("SELECT count(*) FROM article")[0][0]
    filler = rig.state / "filler"
    fill_up(filler)
    # more text than the pages that the database and its log still have free
    w.publish(*range(2, 12), fill="Text of some length. " * 4000)
    time.sleep(4)
    assert rig.process.poll() is None, rig.said()
    assert rig.sql("SELECT count(*) FROM article")[0][0] == before, "it was to be full"
    filler.unlink()
    assert rig.wait_for(lambda: set(w.told()) >= set(range(1, 12)), 90), (sorted(w.told()), rig.said()[-3000:])
    assert all(len(ids) == 1 for ids in w.told().values()), "one id each"
    assert rig.cli("check", "--store").returncode == 0
    assert rig.wait_for(lambda: rig.sql("SELECT count(*) FROM notice WHERE key LIKE 'full/%'") == [(1,)]), "told once, when it could be"
    assert rig.sql("SELECT until IS NULL FROM condition WHERE key = 'disk'") == [(1,)]
    assert rig.stop() == 0


def test_B_2_a_disk_that_fills_as_a_mail_is_taken_sends_no_storm_of_copies(small_disk):
    w, rig, filler = small_disk, small_disk.rig, small_disk.rig.state / "filler"
    w.start()
    w.mail.before = lambda _: fill_up(filler)
    w.publish(1)
    w.arrived(1)
    w.mail.before = None
    time.sleep(8)
    assert rig.process.poll() is None, rig.said()
    assert len(w.mail.raw) <= 3, "not again and again"
    filler.unlink()
    w.publish(2)
    w.arrived(2, seconds=90)
    assert rig.wait_for(lambda: [row[0] for row in rig.sql("SELECT state FROM delivery ORDER BY seq")] == ["delivered"] * 2), \
        "what was accepted is recorded when there is room"
    rig.kill()
    rig.start()
    assert rig.wait_for(lambda: rig.cli("reload").returncode == 0, 60), rig.said()[-3000:]
    assert rig.sql("SELECT count(*) FROM delivery WHERE state <> 'delivered'") == [(0,)]
    assert len(w.mail.raw) <= 4
    assert all(len(ids) == 1 for ids in w.told().values()), "one id each"
    assert rig.stop() == 0


@pytest.fixture
def image(build, tmp_path):
    """A state directory on a file system of its own, in an image that can be copied."""
    state, disk = tmp_path / "state", tmp_path / "disk.img"
    state.mkdir()
    with open(disk, "wb") as f:
        f.truncate(64 << 20)
    if shutil.which("mkfs.ext4") is None:
        pytest.skip("there is no mkfs.ext4")
    subprocess.run(["mkfs.ext4", "-q", str(disk)], check=True)
    mount("-o", "loop", disk, state)
    state.chmod(0o700)
    w = World(build, tmp_path)
    w.disk = disk
    yield w
    w.close()
    subprocess.run(["umount", "-l", str(state)], check=False)


def seen(rig):
    """What a reader sees is committed: its rows, by their keys."""
    return {table: {row[0] for row in rig.sql(f"SELECT {key} FROM {table}")}
            for table, key in (("article", "guid"), ("alert", "id"), ("delivery", "id"))} | {
                "delivered": {row[0] for row in rig.sql("SELECT id FROM delivery WHERE state = 'delivered'")}}


def after_the_cut(copy, where):
    """What stands in the image once it is mounted, as after the power came back."""
    subprocess.run(["mount", "-o", "loop", str(copy), str(where)], check=True)
    try:
        db = sqlite3.connect(where / "news.db")
        try:
            assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            return {table: {row[0] for row in db.execute(f"SELECT {key} FROM {table}")}
                    for table, key in (("article", "guid"), ("alert", "id"), ("delivery", "id"))} | {
                        "delivered": {row[0] for row in db.execute("SELECT id FROM delivery WHERE state = 'delivered'")}}
        finally:
            db.close()
    finally:
        subprocess.run(["umount", str(where)], check=True)


def test_what_was_acknowledged_survives_a_power_cut(image, tmp_path):
    w, rig, chance = image, image.rig, random.Random(SEED)
    where, copy, n = tmp_path / "after", tmp_path / "cut.img", 0
    where.mkdir()
    w.start()
    for sample in range(SAMPLES):
        for _ in range(chance.randint(1, 4)):
            n += 1
            w.publish(n)
            time.sleep(chance.uniform(0.05, 0.6))
        known = seen(rig)
        rig.process.send_signal(signal.SIGSTOP)  # no further write; what was not synchronised is not in the image
        try:
            subprocess.run(["cp", "--sparse=always", str(w.disk), str(copy)], check=True)
        finally:
            rig.process.send_signal(signal.SIGCONT)
        found = after_the_cut(copy, where)
        for table, keys in known.items():
            assert keys <= found[table], f"seed {SEED}, sample {sample}: {table} lost {keys - found[table]}"
    assert known["article"] and known["alert"] and known["delivery"], "nothing was acknowledged: nothing is proved"
    assert rig.wait_for(lambda: set(w.told()) >= set(range(1, n + 1)), 60), rig.said()[-3000:]
    assert rig.stop() == 0
