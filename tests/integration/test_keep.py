"""Backup, restore, check --store, export: what the keeper of a store relies on."""
import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import time

import pytest

from site_pages import NEW, Article


def alerted(world):
    rig = world.rig
    assert rig.once() == 0, rig.said()
    world.site.publish("treaty", "listed")
    time.sleep(1.5)
    assert rig.once() == 0, rig.said()
    return rig.sql("SELECT id FROM alert WHERE state = 'live'")[0][0]


def test_a_backup_is_taken_while_the_daemon_writes_and_never_over_a_file(world, tmp_path):
    rig = world.rig
    alerted(world)
    rig.start()
    assert rig.wait_for(lambda: (rig.dir / "control").exists())
    made = rig.cli("backup", str(tmp_path / "copy.db"), "--json")
    assert made.returncode == 0, made.stderr
    assert json.loads(made.stdout)["bytes"] == (tmp_path / "copy.db").stat().st_size
    assert rig.cli("backup", str(tmp_path / "copy.db")).returncode == 1
    copy = sqlite3.connect(tmp_path / "copy.db")
    assert copy.execute("SELECT count(*) FROM alert WHERE state = 'live'").fetchone() == (1,)
    refused = rig.cli("restore", str(tmp_path / "copy.db"))
    assert refused.returncode == 1 and "news.db" in refused.stderr
    assert rig.stop() == 0
    assert rig.cli("backup", str(tmp_path / "second.db")).returncode == 0


def test_what_may_have_been_delivered_since_the_backup_is_held_and_goes_when_asked(world, tmp_path):
    rig = world.rig
    world.mail.before = lambda envelope: "451 not now"
    alerted(world)
    assert rig.cli("backup", str(tmp_path / "copy.db")).returncode == 0
    tried = len(world.mail.raw)
    world.mail.before = None
    restored = rig.cli("restore", str(tmp_path / "copy.db"))
    assert restored.returncode == 0, restored.stderr
    assert "1 deliveries may have been made" in restored.stdout
    assert list(rig.state.glob("news.db.before-*")) and not list(rig.state.glob("*.restoring*"))
    rig.start()
    assert rig.wait_for(lambda: (rig.dir / "control").exists())
    time.sleep(2)
    assert len(world.mail.raw) == tried
    held = [json.loads(line) for line in rig.cli("deliveries", "--state", "held", "--json").stdout.splitlines()]
    assert [h["channel"] for h in held] == ["desk"]
    assert rig.cli("resend", "--held").stdout == "1 delivery is due\n"
    assert rig.wait_for(lambda: rig.sql("SELECT count(*) FROM delivery WHERE state = 'delivered' AND channel = 'desk'")[0][0] == 1)
    first, again = (m["Message-ID"] for m in (world.mail.messages[0], world.mail.messages[-1]))
    assert first == again
    assert rig.stop() == 0


def test_check_store_finds_what_breaks_the_promise_and_repair_mends_it(world):
    rig = world.rig
    alerted(world)
    sound = rig.cli("check", "--store")
    assert sound.returncode == 0 and sound.stdout.endswith(": sound\n"), sound.stderr
    db = sqlite3.connect(rig.state / "news.db")
    db.execute("UPDATE delivery SET state = 'lost' WHERE channel = 'desk'")
    db.commit()
    db.close()
    found = rig.cli("check", "--store", "--json")
    assert found.returncode == 1 and "does not exist" in json.loads(found.stdout)["finding"]
    assert rig.cli("check", "--repair").returncode == 2
    mended = rig.cli("check", "--store", "--repair")
    assert "mended: 0 articles without a page, 1 deliveries" in mended.stdout and mended.returncode == 0
    rig.start()
    assert rig.wait_for(lambda: (rig.dir / "control").exists())
    assert rig.cli("check", "--store").returncode == 0
    refused = rig.cli("check", "--store", "--repair")
    assert refused.returncode == 1 and "news.db" in refused.stderr
    assert rig.stop() == 0


def test_a_damaged_store_is_told_and_set_aside_by_repair(world):
    rig = world.rig
    alerted(world)
    with open(rig.state / "news.db", "r+b") as f:
        f.seek(4096)
        f.write(b"\xff" * 40960)
    assert rig.cli("check", "--store").returncode in (1, 3)
    mended = rig.cli("check", "--store", "--repair")
    assert "set aside" in mended.stdout and list(rig.state.glob("news.db.corrupt-*")), mended.stderr


def test_an_export_proves_the_alert_and_its_sums_hold(world, tmp_path):
    rig = world.rig
    name = alerted(world)
    out = tmp_path / "proof"
    done = rig.cli("export", name[:10], str(out))
    assert done.returncode == 0, done.stderr
    assert subprocess.run(["sha256sum", "-c", "--quiet", "SHA256SUMS"], cwd=out).returncode == 0
    listed = {line.split("  ", 1)[1] for line in (out / "SHA256SUMS").read_text().splitlines()}
    assert listed == {p.name for p in out.iterdir()} - {"SHA256SUMS"}
    whole = json.loads((out / "alert.json").read_text())
    assert whole["id"] == name and whole["evidence"] and any(e["event"] == "alerted" for e in whole["events"])
    assert "NEAR/8" in (out / "watch.txt").read_text()
    kept = [r for r in json.loads((out / "revisions.json").read_text()) if r["kept"]]
    assert kept
    for r in kept:
        body = (out / f"document-{r['n']}.bytes").read_bytes()
        assert hashlib.sha256(body).hexdigest() == r["sha256"] and b"<html" in body.lower()
        assert "content-type" in (out / f"document-{r['n']}.headers").read_text().lower()
    assert rig.cli("export", name, str(out)).returncode == 1
    assert rig.cli("export", "ffffffffff", str(tmp_path / "none")).returncode == 1 and not (tmp_path / "none").exists()
    assert not list(tmp_path.glob("*.part"))


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root")
def test_what_root_restores_belongs_to_the_daemons_user(world, tmp_path):
    rig = world.rig
    alerted(world)
    assert rig.cli("backup", str(tmp_path / "copy.db")).returncode == 0
    os.chown(rig.state, 61200, 61200)
    assert rig.cli("restore", str(tmp_path / "copy.db")).returncode == 0
    left = {p.name: p.stat().st_uid for p in rig.state.iterdir() if p.name in ("news.db", "news.db-wal", "news.db-shm", "news.db.lock")}
    assert left["news.db"] == 61200 and set(left.values()) == {61200}, left
    os.chown(rig.state, 0, 0)


def test_what_was_told_after_the_backup_is_held_when_it_is_read_again_and_can_be_dropped(world, tmp_path):
    rig = world.rig
    assert rig.once() == 0, rig.said()
    assert rig.cli("backup", str(tmp_path / "copy.db")).returncode == 0
    world.site.publish("treaty", "listed")
    time.sleep(1.5)
    assert rig.once() == 0, rig.said()
    first = {(d[0], d[1]) for d in rig.sql("SELECT id, channel FROM delivery WHERE state = 'delivered' AND channel <> 'ops'")}
    assert first
    time.sleep(1.1)
    for name in ("news.db", "news.db-wal", "news.db-shm"):
        (rig.state / name).unlink(missing_ok=True)
    shutil.copy(tmp_path / "copy.db", rig.state / "news.db")  # by hand, as people do
    rig.start()
    assert rig.wait_for(lambda: rig.sql("SELECT count(*) FROM delivery WHERE state = 'held'")[0][0] == len(first)), rig.said()
    assert {(d[0], d[1]) for d in rig.sql("SELECT id, channel FROM delivery WHERE state = 'held'")} == first
    assert rig.sql("SELECT key FROM condition WHERE until IS NULL AND key = 'held-by-restore'")
    world.site.listed.insert(0, Article("/eng/xw/202611/t20261124_1030.html", "Foreign Minister Meets Counterpart from Sudland",
                                        [p.replace("Norland", "Sudland") for p in NEW["treaty"].paragraphs]))
    world.site.refresh()
    assert rig.wait_for(lambda: rig.sql("SELECT count(*) FROM alert")[0][0] == 2), rig.said()
    assert rig.wait_for(lambda: rig.sql("SELECT count(*) FROM delivery WHERE state = 'delivered' AND channel = 'desk'")[0][0] == 1)
    dropped = rig.cli("drop", "--held")
    assert dropped.returncode == 0 and dropped.stdout == f"{len(first)} deliver{'y is' if len(first) == 1 else 'ies are'} dropped\n"
    assert rig.wait_for(lambda: not rig.sql("SELECT key FROM condition WHERE until IS NULL AND key = 'held-by-restore'"))
    assert rig.cli("resend", "--failed").stdout == "0 deliveries are due\n"
    assert rig.cli("drop").returncode == 2 and rig.cli("drop", "ffffffffff").returncode == 1
    assert rig.stop() == 0
