"""Nothing silent: a source that breaks, dries up, changes or lies raises one condition of the operator's, and its end clears it once."""
import sqlite3
import time

from fault_http import FaultServer, answer, feed, redirect
from test_polite import PAGES, ROBOTS, poll, world  # noqa: F401 (a fixture)


def conditions(rig):
    """{kind: (stands, episodes)} of source s0."""
    rows = rig.sql("select key, until is null, episode from condition")
    return {key.split("/")[0]: (bool(stands), episode) for key, stands, episode in rows}


def change(rig, query, *args):
    db = sqlite3.connect(f"{rig.state}/news.db", timeout=10)
    db.execute(query, args)
    db.commit()
    db.close()


def notices(rig):
    return [text for (text,) in rig.sql("select text from notice order by at")]


def page(links):
    items = "".join(f"<li><a href='/news/t202611{i:02d}_1{i:02d}.html'>Item number {i} of the ministry</a> 2026-11-{i:02d}</li>" for i in links)
    return answer(f"<html><head><title>News</title></head><body><ul>{items}</ul></body></html>".encode(), kind="text/html")


def test_a_source_that_fails_is_told_once_and_its_return_once(world):  # noqa: F811
    world.server.on["/f"] = answer(b"no", "500 Oops")
    rig = world.rig(("/f", ""))
    poll(rig, 3)
    assert conditions(rig) == {}
    poll(rig, 3)
    assert conditions(rig) == {"failing": (True, 1)}
    world.server.on["/f"] = answer(feed("f", 3))
    poll(rig, 2)
    assert conditions(rig) == {"failing": (False, 1)}
    assert sum("has failed 4 times" in n for n in notices(rig)) == 1 and sum("read again" in n for n in notices(rig)) == 1


def test_E_20_410_is_told_and_cleared(world):  # noqa: F811
    world.server.on["/f"] = answer(b"gone", "410 Gone")
    rig = world.rig(("/f", ""))
    poll(rig, 3)
    assert conditions(rig) == {"gone": (True, 1)}
    world.server.on["/f"] = answer(feed("f", 3))
    poll(rig)
    assert conditions(rig) == {"gone": (False, 1)}


def test_robots_that_forbid_are_told(world):  # noqa: F811
    world.server.on["/robots.txt"] = answer(b"User-agent: *\nDisallow: /news/\n", kind="text/plain")
    world.server.on["/news/"] = page(range(1, 9))
    rig = world.rig(("/news/", PAGES), parser="page", fetch=ROBOTS)
    poll(rig, 2)
    assert conditions(rig) == {"robots": (True, 1)} and "Disallow: /news/" in " ".join(notices(rig))


def test_E_24_a_challenge_page_with_200_is_told_at_once(world):  # noqa: F811
    world.server.on["/news/"] = page(range(1, 9))
    rig = world.rig(("/news/", PAGES), parser="page")
    poll(rig)
    world.server.on["/news/"] = answer(b"<html><head><title>Just a moment...</title></head><body><script>window._cf_chl_opt={cType:'managed'};</script>"
                                       b"<p>Checking your browser</p></body></html>", kind="text/html")
    poll(rig)
    assert conditions(rig)["challenge"] == (True, 1), rig.said()
    world.server.on["/news/"] = page(range(1, 10))
    poll(rig)
    assert conditions(rig)["challenge"] == (False, 1)


def test_E_24_a_captive_portal_or_another_layout_is_told_when_it_stays(world):  # noqa: F811
    world.server.on["/f"] = answer(feed("f", 3))
    rig = world.rig(("/f", ""))
    poll(rig)
    world.server.on["/f"] = answer(b"<html><body>Welcome to the hotel</body></html>", kind="text/html")
    poll(rig)
    assert conditions(rig) == {}
    poll(rig)
    assert conditions(rig) == {"layout": (True, 1)}
    world.server.on["/f"] = answer(feed("f", 3))
    poll(rig)
    assert conditions(rig) == {"layout": (False, 1)}
    assert rig.sql("select count(*) from article") == [(3,)], "its state was kept"


def test_too_few_items_are_told(world):  # noqa: F811
    world.server.on["/f"] = answer(feed("f", 30))
    rig = world.rig(("/f", ""))
    poll(rig)
    for n in range(3):
        world.server.on["/f"] = answer(feed("f", 3, 40 + n))
        poll(rig)
    assert conditions(rig)["few"] == (True, 1)
    world.server.on["/f"] = answer(feed("f", 30, 40))
    poll(rig)
    assert conditions(rig)["few"] == (False, 1)


def test_too_few_links_are_told(world):  # noqa: F811
    more = PAGES.replace(" }", ", min_items: 5 }")
    world.server.on["/news/"] = page(range(1, 9))
    rig = world.rig(("/news/", more), parser="page")
    poll(rig)
    for n in (1, 2):
        world.server.on["/news/"] = page(range(20, 20 + n))
        poll(rig)
    assert conditions(rig)["few"] == (True, 1), rig.said()


def test_silence_is_told_by_the_learned_rhythm_and_by_the_source_s_own_bound(world):  # noqa: F811
    world.server.on["/f"] = world.server.on["/f?2"] = answer(feed("f", 5))
    rig = world.rig(("/f", ""), ("/f?2", ", silence: 1h"))
    poll(rig)
    rhythm = rig.sql("select rhythm from source where name = 's0'")[0][0]
    assert 50000 < rhythm < 70000, "the usual gap is told from the dates of the first contact"
    change(rig, "update source set last_new = last_new - ?", 2 * 3600 * 1000)
    poll(rig)
    assert conditions(rig) == {"silent": (True, 1)}, "four days are the least where the rhythm is learned"
    change(rig, "update source set last_new = last_new - ?", 6 * 86400 * 1000)
    poll(rig)
    assert rig.sql("select count(*) from condition where key like 'silent/%' and until is null") == [(2,)]
    world.server.on["/f"] = world.server.on["/f?2"] = answer(feed("f", 6))
    poll(rig)
    assert rig.sql("select count(*) from condition where key like 'silent/%' and until is null") == [(0,)]


def test_silence_does_not_count_where_none_is_expected(world):  # noqa: F811
    today = time.gmtime()
    off = [d for i, d in enumerate(["mon", "tue", "wed", "thu", "fri", "sat", "sun"]) if i != (today.tm_wday - 1) % 7 and i != today.tm_wday]
    world.server.on["/f"] = world.server.on["/f?2"] = answer(feed("f", 5))
    month = time.strftime("%m", today)
    following = today.tm_mon % 12 + 1
    rig = world.rig(("/f", f", silence: 2h, expected_days: [{', '.join(off)}]"), ("/f?2", f", silence: 2h, recess: ['{month}-01..{following:02d}-02']"))
    poll(rig)
    change(rig, "update source set last_new = last_new - ?", 3 * 3600 * 1000)
    poll(rig)
    assert conditions(rig) == {}


def test_E_12_frozen_validators_over_a_changing_document_are_told_and_no_longer_believed(world):  # noqa: F811
    items = [3]
    tag = ["frozen"]
    world.server.on["/f"] = lambda c, q: c.send(answer(status="304 Not Modified", length=False) if q.headers.get("if-none-match") == f'"{tag[0]}"'
                                                else answer(feed("f", items[0]), headers=[f'ETag: "{tag[0]}"'])) or True
    rig = world.rig(("/f", ""), fetch=", unconditional_every: 2")
    poll(rig)
    items[0] = 4
    poll(rig, 3)
    assert conditions(rig) == {"frozen": (True, 1)}
    items[0] = 5
    poll(rig)
    assert rig.sql("select count(*) from article") == [(5,)], "the next poll sees it at once"
    assert "if-none-match" not in world.server.asked("/f")[-1].headers
    items[0], tag[0] = 6, "fresh"
    poll(rig)
    assert conditions(rig) == {"frozen": (False, 1)}


def test_a_changed_encoding_is_told(world):  # noqa: F811
    world.server.on["/f"] = answer(feed("f", 3))
    rig = world.rig(("/f", ""))
    poll(rig)
    world.server.on["/f"] = answer(feed("f", 4).decode().replace("utf-8", "windows-1252").encode("cp1252"), kind="application/rss+xml")
    poll(rig, 2)
    assert conditions(rig) == {"charset": (True, 1)}, rig.said()


def test_a_move_to_another_host_is_told_after_three_confirmations(world):  # noqa: F811
    other = FaultServer("127.0.0.3")
    world.server.on["/f"] = redirect(other.base + "/f", "301 Moved Permanently")
    other.on["/f"] = answer(feed("f", 3))
    rig = world.rig(("/f", ""))
    poll(rig, 2)
    assert conditions(rig) == {}
    poll(rig)
    assert conditions(rig) == {"moved": (True, 1)} and other.base in " ".join(notices(rig))
    other.close()


def test_a_list_without_overlap_may_have_lost_items(world):  # noqa: F811
    world.server.on["/f"] = answer(feed("f", 3))
    rig = world.rig(("/f", ""))
    poll(rig)
    world.server.on["/f"] = answer(feed("f", 3, 50))
    poll(rig)
    assert conditions(rig) == {"overlap": (True, 1)}


def announce(world, values):  # noqa: F811
    links = "".join(f"<li><a href='/news/t20261124_10{n}.html'>Announcement {n} of the ministry</a> 2026-11-24</li>" for n in sorted(values, reverse=True))
    world.server.on["/news/"] = answer(f"<html><head><title>News</title></head><body><ul>{links}</ul></body></html>".encode(), kind="text/html")
    for n in values:
        text = f"<html><head><title>Announcement No. {n} of 2026</title></head><body><h1>Announcement No. {n} of 2026</h1><p>Announcement No. {n} of 2026. {'The ministry announces a tariff on goods. ' * 20}</p></body></html>"
        world.server.on[f"/news/t20261124_10{n}.html"] = answer(text.encode(), kind="text/html")


def test_a_gap_in_announcement_numbers_is_told_and_closed(world):  # noqa: F811
    announce(world, {10, 11, 12})
    rig = world.rig(("/news/", PAGES + ", article: { number: 'No\\. (\\d+ of 2026)' }"), parser="page")
    rig.write("sources.d/site.yaml", rig.dir.joinpath("sources.d/site.yaml").read_text().replace("full_text: never, ", ""))
    poll(rig)
    assert rig.sql("select count(*) from article where number <> ''") == [(3,)], rig.sql("select url, number, state from article")
    announce(world, {10, 11, 12, 15, 16})
    poll(rig)
    assert conditions(rig).get("gap") == (True, 1), rig.said()
    assert any("14" in n and "13" in n for n in notices(rig)), notices(rig)
    announce(world, {10, 11, 12, 13, 14, 15, 16})
    poll(rig)
    assert conditions(rig)["gap"] == (False, 1)


def test_a_source_that_counts_in_leaps_is_told_of_five_times(world):  # noqa: F811
    values = {10}
    announce(world, values)
    rig = world.rig(("/news/", PAGES + ", article: { number: 'No\\. (\\d+ of 2026)' }"), parser="page")
    rig.write("sources.d/site.yaml", rig.dir.joinpath("sources.d/site.yaml").read_text().replace("full_text: never, ", ""))
    announce(world, values | {11, 12})
    poll(rig)
    for n in range(14, 30, 2):
        values = values | {11, 12, n}
        announce(world, values)
        poll(rig)
    assert rig.sql("select count(*) from condition where key like 'gap/%'") == [(5,)], notices(rig)


def test_pages_that_cannot_be_read_are_told_and_one_lost_page_is_not(world):  # noqa: F811
    world.server.on["/news/"] = page(range(1, 9))
    rig = world.rig(("/news/", PAGES), parser="page")
    rig.write("sources.d/site.yaml", rig.dir.joinpath("sources.d/site.yaml").read_text().replace("full_text: never, ", ""))
    poll(rig)
    assert conditions(rig) == {"unread": (True, 1)}
    good = "<html><head><title>Item</title></head><body><h1>Item of the ministry</h1><p>" + "The ministry published a long text today. " * 20 + "</p></body></html>"
    for i in range(1, 9):
        world.server.on[f"/news/t202611{i:02d}_1{i:02d}.html"] = answer(good.encode(), kind="text/html")
    poll(rig)
    assert conditions(rig) == {"unread": (False, 1)}, rig.said()


def test_a_changed_template_is_told_though_its_pages_can_still_be_read(world):  # noqa: F811
    def article(i, where):
        text = f"<p>The ministry published a long text {i} today.</p>" * 20
        world.server.on[f"/news/t202611{i:02d}_1{i:02d}.html"] = answer(
            f"<html><head><title>Item {i}</title></head><body><h1>Item {i} of the ministry</h1><div class='{where}'>{text}</div></body></html>".encode(),
            kind="text/html")

    def publish(upto, where):
        for i in range(1, upto):
            if f"/news/t202611{i:02d}_1{i:02d}.html" not in world.server.on:
                article(i, where)
        world.server.on["/news/"] = page(range(1, upto))
    rig = world.rig(("/news/", PAGES + ", article: { body: [.text] }"), parser="page")
    rig.write("sources.d/site.yaml", rig.dir.joinpath("sources.d/site.yaml").read_text().replace("full_text: never, ", ""))
    publish(9, "text")
    poll(rig)
    publish(11, "new-text")  # two may be of another kind
    poll(rig)
    assert conditions(rig) == {}, rig.said()
    publish(15, "new-text")
    poll(rig)
    assert conditions(rig) == {"template": (True, 1)}, rig.said()
    assert "article.body" in notices(rig)[-1]
    assert rig.sql("select count(*) from article where state = 'final'") == [(14,)], "they are read all the same"
    publish(17, "text")
    poll(rig)
    assert conditions(rig) == {"template": (False, 1)}


def test_pages_that_no_longer_hold_a_text_are_told(world):  # noqa: F811
    world.server.on["/news/"] = page(range(1, 9))
    for i in range(1, 9):
        world.server.on[f"/news/t202611{i:02d}_1{i:02d}.html"] = answer(
            f"<html><head><title>Item {i} of the ministry</title></head><body><div id='app'><h1>Item {i} of the ministry</h1></div></body></html>".encode(),
            kind="text/html")
    rig = world.rig(("/news/", PAGES), parser="page")
    rig.write("sources.d/site.yaml", rig.dir.joinpath("sources.d/site.yaml").read_text().replace("full_text: never, ", ""))
    poll(rig)
    assert conditions(rig).get("template", conditions(rig).get("unread")) == (True, 1), (conditions(rig), rig.said())


def test_conditions_survive_a_restart_and_are_not_told_again(world):  # noqa: F811
    world.server.on["/f"] = answer(b"gone", "410 Gone")
    rig = world.rig(("/f", ""))
    poll(rig, 6)  # six processes
    assert conditions(rig) == {"gone": (True, 1)} and len(notices(rig)) == 1
