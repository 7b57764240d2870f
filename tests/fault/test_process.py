"""The life of the process on a hostile machine: signals in heaps, a second instance, few descriptors, no standard error, calls
that fail, a store that is locked, read-only or robbed of its log.  Whatever happens, each number is told once."""
import os
import pathlib
import resource
import shutil
import signal
import sqlite3
import subprocess
import time

import pytest

from numbered import World


@pytest.fixture
def world(build, tmp_path):
    w = World(build, tmp_path)
    yield w
    w.close()


ACCEPTED = 4  # deliveries that are not on disk yet: the end of a process that cannot write repeats so many


def once_each(w, *numbers, copies=0):
    w.arrived(*numbers)
    assert set(w.told()) == set(numbers)
    assert all(len(ids) == 1 for ids in w.told().values()), w.told()
    assert len(w.mail.raw) <= len({m["Message-ID"] for m in w.mail.messages}) + copies, "no mail came twice"


@pytest.mark.parametrize("burst", [[signal.SIGTERM] * 3, [signal.SIGINT], [signal.SIGQUIT], [signal.SIGTERM, signal.SIGINT, signal.SIGHUP]],
                         ids=lambda burst: "+".join(s.name for s in burst))
def test_A_7_signals_to_stop_end_it_once_and_whole(world, burst):
    w, rig = world, world.rig
    w.start()
    w.publish(1, 2, 3)
    w.arrived(1)
    for s in burst:
        try:
            rig.process.send_signal(s)
        except ProcessLookupError:
            break
    assert rig.process.wait(10) == 0, rig.said()
    assert rig.cli("check", "--store").returncode == 0
    w.publish(4)
    rig.start()
    once_each(w, 1, 2, 3, 4)


def test_A_9_fifty_reloads_while_news_come_lose_nothing_and_leak_nothing(world):
    w, rig = world, world.rig
    w.start()

    def descriptors():
        return len(os.listdir(f"/proc/{rig.process.pid}/fd"))
    w.publish(1)
    w.arrived(1)
    before = descriptors()
    for n in range(50):
        rig.process.send_signal(signal.SIGHUP)
        if n % 10 == 0:
            w.publish(2 + n // 10)
        time.sleep(0.1)
    once_each(w, *range(1, 7))
    assert rig.wait_for(lambda: descriptors() <= before + 4, 20), (before, descriptors())


def test_A_11_a_second_instance_is_refused_in_a_sentence_and_the_first_goes_on(world):
    w, rig = world, world.rig
    w.start()
    for more in ([], ["--once"]):
        second = subprocess.run(rig.command(*more), capture_output=True, text=True, timeout=20)
        assert second.returncode not in (0, None) and second.returncode > 0
        assert "news.db" in second.stderr and len(second.stderr.strip().splitlines()) <= 2, second.stderr
    repair = rig.cli("check", "--store", "--repair")
    assert repair.returncode != 0 and "news.db" in repair.stderr, repair.stderr
    w.publish(1)
    once_each(w, 1)


def test_A_12_what_a_killed_daemon_left_behind_does_not_stop_the_next(world):
    w, rig = world, world.rig
    w.start()
    rig.kill()
    assert (rig.dir / "control").exists() and list(rig.state.glob("*.lock"))
    w.publish(1)
    rig.start()
    once_each(w, 1)
    assert rig.cli("status").returncode == 0


def test_G_12_twenty_restarts_repeat_nothing(world):
    w, rig = world, world.rig
    w.start()
    w.publish(1, 2, 3)
    w.arrived(1, 2, 3)
    for _ in range(20):
        assert rig.stop() == 0
        rig.start()
        assert rig.wait_for(lambda: (rig.dir / "control").exists())
    w.read()
    w.publish(4)
    once_each(w, 1, 2, 3, 4)


@pytest.mark.parametrize("forged", ["zeroblob(64)", "randomblob(300)", "substr(seen, 1, length(seen) / 2)", "CAST(x'ff' || seen AS BLOB)"])
def test_G_13_a_memory_of_what_was_seen_that_is_lost_or_forged_repeats_nothing(world, forged):
    w, rig = world, world.rig
    w.start()
    w.publish(1, 2, 3)
    w.arrived(1, 2, 3)
    assert rig.stop() == 0
    with sqlite3.connect(rig.state / "news.db") as db:
        assert db.execute(f"UPDATE target_seen SET seen = {forged}").rowcount == 1
    db.close()
    w.publish(4)
    rig.start()
    once_each(w, 1, 2, 3, 4)


def test_B_7_another_process_that_locks_the_store_is_waited_for(world):
    w, rig = world, world.rig
    w.start()
    w.publish(1)
    w.arrived(1)
    other = sqlite3.connect(rig.state / "news.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    w.publish(2)
    time.sleep(7)
    assert rig.process.poll() is None, rig.said()
    other.execute("ROLLBACK")
    other.close()
    w.publish(3)
    once_each(w, 1, 2, 3)


def test_B_10_a_log_that_was_taken_away_costs_at_most_what_stood_in_it_alone(world):
    w, rig = world, world.rig
    w.start()
    w.publish(1)
    w.arrived(1)
    rig.kill()
    for name in ("news.db-wal", "news.db-shm"):
        (rig.state / name).unlink(missing_ok=True)
    w.publish(2)
    rig.start()
    w.arrived(1, 2)
    assert rig.cli("check", "--store").returncode == 0


def test_B_6_a_store_on_a_disk_that_became_read_only_is_refused_clearly(build, tmp_path):
    state = tmp_path / "state"
    state.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m,mode=700", "tmpfs", str(state)], capture_output=True).returncode != 0:
        pytest.skip("nothing can be mounted here")
    w = World(build, tmp_path)
    try:
        w.start()
        w.publish(1)
        w.arrived(1)
        assert w.rig.stop() == 0
        subprocess.run(["mount", "-o", "remount,ro", str(state)], check=True)
        refused = subprocess.run(w.rig.command(), capture_output=True, text=True, timeout=20)
        assert refused.returncode > 0 and "news.db" in refused.stderr, refused.stderr
        subprocess.run(["mount", "-o", "remount,rw", str(state)], check=True)
        w.publish(2)
        w.rig.start()
        once_each(w, 1, 2)
    finally:
        w.close()
        subprocess.run(["umount", "-l", str(state)], check=False)


def start_with(w, **how):
    w.rig.process = subprocess.Popen(w.rig.command(), **how)
    w.read()
    assert w.rig.wait_for(lambda: (w.rig.dir / "control").exists())


def test_B_13_a_bound_on_file_sizes_is_an_error_of_writing_and_no_death(world):
    """The bound stands above what a start needs, and the articles do not fit below it."""
    w, rig = world, world.rig
    bound = 3 << 20
    start_with(w, stderr=rig.log, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (bound, resource.RLIM_INFINITY)))
    w.publish(1)
    w.arrived(1)
    w.publish(*range(2, 30), fill="Text of some length. " * 9000)
    time.sleep(6)
    assert rig.process.poll() in (None, 1, 3, 75), "it lives, or ended by itself; no signal killed it"
    assert max(p.stat().st_size for p in rig.state.glob("news.db*")) <= bound
    if rig.process.poll() is None:
        rig.stop()
    rig.start()
    once_each(w, *range(1, 30), copies=ACCEPTED)


def test_T_4_with_sixty_four_descriptors_all_arrives(world):
    w, rig = world, world.rig
    start_with(w, stderr=rig.log, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64)))
    for n in range(1, 11):
        w.publish(n)
        time.sleep(0.1)
    once_each(w, *range(1, 11))


FAKETIME = pathlib.Path("/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1")


@pytest.mark.skipif(not FAKETIME.exists(), reason="libfaketime is not installed")
def test_T_1_a_clock_that_leaps_by_years_and_back_makes_no_storm_and_no_stop(world, tmp_path):
    w, rig, clock = world, world.rig, tmp_path / "clock"
    clock.write_text("+0\n")
    start_with(w, stderr=rig.log, env={"LD_PRELOAD": str(FAKETIME), "FAKETIME_TIMESTAMP_FILE": str(clock), "FAKETIME_NO_CACHE": "1",
                                       "FAKETIME_DONT_FAKE_MONOTONIC": "1"})
    w.publish(1)
    w.arrived(1)
    for n, leap in enumerate(["+157680000", "+0", "-189216000", "+0"], 2):
        asked, began = len(w.site.requests), time.monotonic()
        clock.write_text(leap + "\n")
        assert rig.wait_for(lambda: len(rig.sql("SELECT 1 FROM notice WHERE key LIKE 'clock/%'")) == n - 1, 70), (leap, rig.said())
        rig.cli("poll", "mfa")  # else it may wait its turn for ten minutes
        w.publish(n)
        w.arrived(n, seconds=20)
        assert len(w.site.requests) - asked < 5 + 2 * (time.monotonic() - began), "a storm"
    once_each(w, *range(1, 6))
    assert rig.stop() == 0


def test_T_6_where_memory_ends_a_worker_goes_before_the_daemon(world):
    w, rig = world, world.rig
    w.start()
    children = pathlib.Path(f"/proc/{rig.process.pid}/task/{rig.process.pid}/children").read_text().split()
    score = {pathlib.Path(f"/proc/{pid}/comm").read_text().strip(): int(pathlib.Path(f"/proc/{pid}/oom_score_adj").read_text()) for pid in children}
    own = int(pathlib.Path(f"/proc/{rig.process.pid}/oom_score_adj").read_text())
    assert score["newswatch-worke"] > own, score


def test_T_9_without_standard_error_or_with_one_that_nobody_reads_it_lives(world):
    w, rig = world, world.rig
    start_with(w, preexec_fn=lambda: os.close(2))
    w.publish(1)
    w.arrived(1)
    assert rig.stop() == 0
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    try:
        while True:
            os.write(writer, b"x" * 4096)
    except BlockingIOError:
        pass
    os.set_blocking(writer, True)
    start_with(w, stderr=writer)
    for n in range(2, 6):
        rig.process.send_signal(signal.SIGHUP)  # each is a line for the log
        w.publish(n)
        w.arrived(n)
    once_each(w, *range(1, 6))
    os.set_blocking(reader, False)
    said = b""

    def is_told():
        nonlocal said
        rig.process.send_signal(signal.SIGHUP)
        try:
            said += os.read(reader, 1 << 16)
        except BlockingIOError:
            pass
        return b"nobody read standard error" in said
    assert rig.wait_for(is_told), said
    assert rig.stop() == 0
    os.close(reader)
    os.close(writer)


@pytest.mark.parametrize("calls,error", [("read,write,recvfrom,sendto", "EINTR"), ("epoll_wait,epoll_pwait", "EINTR"), ("recvmsg,sendmsg", "EAGAIN")])
def test_T_14_calls_that_are_interrupted_are_made_again(world, calls, error):
    w, rig = world, world.rig
    if shutil.which("strace") is None:
        pytest.skip("there is no strace")
    rig.process = subprocess.Popen(["strace", "-qq", "-o", "/dev/null", "-e", f"trace={calls}", "-e", f"inject={calls}:error={error}:when=40+7",
                                    *rig.command()], stderr=rig.log)
    if rig.process.poll() is not None:
        pytest.skip("nothing can be traced here")
    w.read()
    w.publish(1, 2, 3)
    w.arrived(1, 2, 3)
    w.publish(4)
    once_each(w, 1, 2, 3, 4)
    children = pathlib.Path(f"/proc/{rig.process.pid}/task/{rig.process.pid}/children").read_text().split()
    for pid in children:
        os.kill(int(pid), signal.SIGTERM)
    assert rig.process.wait(20) == 0


def test_T_13_without_memory_it_says_so(world):
    w, rig = world, world.rig
    limits = (48 << 20, 48 << 20)
    done = subprocess.run(rig.command("--once"), capture_output=True, text=True, timeout=60,
                          preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, limits))
    assert done.returncode > 0, "it ends by itself, by no signal"
    assert any(word in done.stderr for word in ("memory", "cannot", "failed to map")), done.stderr
    assert rig.once() == 0, rig.said()
