"""Real programs, real servers, loopback only."""
import os
import pathlib
import sys

import pytest

TOP = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(TOP / "tests/lib/py"))


@pytest.fixture(scope="session")
def build():
    folder = (TOP / os.environ.get("NW_BUILD", "build")).resolve()
    for program in ("newswatchd", "newswatch-worker", "newswatch-sender", "newswatch"):
        if not (folder / program).exists():
            pytest.skip(f"{program} is not built")
    return folder

