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


@pytest.fixture
def world(build, tmp_path):
    """A ministry, an SMTP server, a webhook receiver, and a newswatchd configured for them."""
    from rig import SECRET, Rig
    from sinks import HookSink, MailSink
    from site_pages import Ministry

    class World:
        site, mail, hook = Ministry(), MailSink(), HookSink(SECRET)
    world = World()
    source = f"""  - name: mfa
    url: {world.site.base}/eng/xw/
    parser: page
    every: 1s
    lang: en
    timezone: Asia/Shanghai
    listing: {{ link: 't\\d{{8}}_\\d+\\.html', min_items: 5 }}
    article: {{ title: ['meta[name=ArticleTitle]'], body: ['.content_text'] }}
"""
    world.rig = Rig(build, tmp_path, source, world.mail, world.hook)
    yield world
    if world.rig.process and world.rig.process.poll() is None:
        world.rig.kill()
    world.site.close()
    world.mail.close()
    world.hook.close()
