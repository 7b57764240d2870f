"""What `make demo` shows is true."""
import subprocess
import time

from conftest import TOP


def test_the_demo_does_what_it_promises_within_a_minute(build):
    start = time.monotonic()
    done = subprocess.run(["/usr/bin/python3", TOP / "tests/demo/demo.py", "--build", build], capture_output=True, text=True,
                          timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "The demo did what it promised" in done.stdout
    assert time.monotonic() - start < 60
