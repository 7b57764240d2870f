"""Nothing to do costs nothing: no program of the family turns in circles."""
import os
import time

TICK = os.sysconf("SC_CLK_TCK")


def family(pid):
    """The daemon and all its children, each with its name and CPU seconds so far."""
    found = {}
    for entry in filter(str.isdigit, os.listdir("/proc")):
        try:
            name, rest = open(f"/proc/{entry}/stat").read().split("(", 1)[1].rsplit(")", 1)
        except (OSError, IndexError):
            continue
        fields = rest.split()
        if int(entry) == pid or int(fields[1]) == pid:
            found[int(entry)] = (name, (int(fields[11]) + int(fields[12])) / TICK)
    return found


def test_an_idle_daemon_and_its_helpers_are_idle(world):
    world.rig.start()
    assert world.rig.wait_for(lambda: any(name == "newswatch-index" for name, _ in family(world.rig.process.pid).values()), 20)
    time.sleep(2)  # first contact and first index
    before = family(world.rig.process.pid)
    time.sleep(3)
    after = family(world.rig.process.pid)
    for pid, (name, used) in after.items():
        assert used - before.get(pid, (name, 0))[1] < 0.3, f"{name} used {used - before[pid][1]:.2f} s of 3 s"
