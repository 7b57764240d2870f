#!/usr/bin/python3
"""make demo: a ministry page becomes an alert e-mail and a signed webhook, on this machine alone.

A sample ministry is served on loopback; newswatchd takes its baseline; new articles are published; what arrives is shown.
"""
import argparse
import json
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import textwrap
import threading
import time

TOP = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(TOP / "tests/lib/py"))
from rig import SECRET, Rig            # noqa: E402
from sinks import HookSink, MailSink   # noqa: E402
from site_pages import Ministry        # noqa: E402

SOURCES = """  - name: mfa-sample
    title: Ministry of Foreign Affairs of Sampleland
    url: {base}/eng/xw/
    parser: page
    every: 2s
    lang: en
    timezone: Asia/Shanghai
    listing: {{ link: 't\\d{{8}}_\\d+\\.html', min_items: 5 }}
    article: {{ title: ['meta[name=ArticleTitle]', '.news-title'], body: ['.content_text'] }}
  - name: mofcom-sample
    title: Ministry of Commerce of Sampleland (GB18030)
    url: {base}/zh/gb/
    parser: page
    every: 2s
    timezone: Asia/Shanghai
    listing: {{ link: 't\\d{{8}}_\\d+\\.html', min_items: 5 }}
    article: {{ title: ['meta[name=ArticleTitle]'], body: ['.content_text'] }}
  - {{ name: rss-sample, title: Sampleland RSS, url: '{base}/rss.xml', parser: feed, every: 2s }}
  - {{ name: atom-sample, title: Sampleland Atom, url: '{base}/atom.xml', parser: feed, every: 2s }}
"""
WIDTH = 110
STARTED = time.monotonic()


def say(text):
    """What is done next, with the seconds since the start."""
    text = f"[{time.monotonic() - STARTED:4.1f} s] {text}"
    print(f"\n\033[1m==> {text}\033[0m" if sys.stdout.isatty() else f"\n==> {text}", flush=True)


def show(text, lines=60):
    for line in text.strip().splitlines()[:lines]:
        indent = line[:len(line) - len(line.lstrip())] + "  "
        print(textwrap.fill(line, WIDTH, initial_indent="    ", subsequent_indent="    " + indent, break_long_words=False,
                            break_on_hyphens=False) or "", flush=True)


def need(condition, what, rig):
    if condition:
        return
    print(f"demo: this did not happen: {what}\n--- the log:", file=sys.stderr)
    print(rig.said()[-4000:], file=sys.stderr)
    sys.exit(1)


def publish_all(site):
    site.publish("treaty", "listed")
    site.publish("silent", "listed")
    site.publish("hant", "in_rss")
    site.publish("hans", "in_atom")
    site.publish("gb", "in_gb")


def show_mail(message):
    for name in ("From", "To", "Subject", "Date", "Message-ID", "List-Id", "Auto-Submitted", "Content-Type"):
        show(f"{name}: {message[name]}")
    print()
    show(message.get_body(("plain",)).get_content())


def chain(rig, site, mail, hook):
    say("newswatchd takes its baseline: what stands there today is stored, and alerts nobody")
    rig.start()
    need(rig.wait_for(lambda: rig.sql("select count(*) from article where state in ('final','summary')")[0][0] >= 12),
         "the baseline", rig)
    show(f"{rig.sql('select count(*) from article')[0][0]} articles stored, {len(mail.raw)} mails, {len(hook.got)} webhooks")

    say("The ministry publishes: a signed treaty and a treaty port's jubilee (list page), a treaty in "
        "traditional Chinese (RSS), a countermeasure in simplified Chinese (Atom), a listing in GB18030")
    began = time.monotonic()
    publish_all(site)
    need(len(mail.wait(4, 30)) >= 4, "four alert mails", rig)
    need(len(hook.wait(4, 30)) >= 4, "four webhooks", rig)
    show(f"4 mails and 4 webhooks after {time.monotonic() - began:.1f} s")

    say("The mail about the treaty, as the SMTP server received it")
    treaty = next((m for m in mail.messages if "treaty-news" in m["Subject"] and "Norland" in m["Subject"]), None)
    need(treaty is not None, "the mail about the treaty", rig)
    need("signed the extradition" in treaty.get_body(("plain",)).get_content().replace(">>", "").replace("<<", ""), "its sentence", rig)
    need("<mark" in treaty.get_body(("html",)).get_content(), "the highlighted sentence", rig)
    show_mail(treaty)

    say("The webhook about the same alert: Standard Webhooks signature " +
        ("verified" if all(g["ok"] for g in hook.got) else "WRONG"))
    need(all(g["ok"] for g in hook.got), "verified signatures", rig)
    got = next(g for g in hook.got if any(a["watch"] == "treaty-news" and "Norland" in a["article"]["title"] for a in g["json"]["alerts"]))
    show(f"webhook-id: {got['id']}\nwebhook-signature: {got['headers']['webhook-signature']}\n" + got["raw"].decode()[:600])

    say("The stored alerts: newswatch alerts")
    show(rig.cli("alerts").stdout)
    url = f"{site.base}/eng/xw/202611/t20261124_1024.html"
    listed = [json.loads(line) for line in rig.cli("alerts", "--json", "--watch", "treaty-news").stdout.splitlines()]
    alert = next((a for a in listed if a["article"]["url"] == url), None)
    need(alert is not None, "the alert in the store", rig)
    say(f"The stored article with its topics and evidence: newswatch alerts {alert['id'][:12]}")
    out = rig.cli("alerts", alert["id"][:12]).stdout
    need(">>signed the extradition treaty<<" in out and "treaties/news" in out, "topics and evidence", rig)
    show(out)

    silent = f"{site.base}/eng/xw/202611/t20261124_1025.html"
    for watch, why in (("treaty-news", "silenced by"), ("cn-list-add", "absent: ")):
        say(f"An article that stayed silent, and why: newswatch explain {silent} {watch}")
        out = rig.cli("explain", silent, watch).stdout
        need("stopped at 'fired'" in out and why in out, "an explanation", rig)
        show(out)

    say("How everything stands: newswatch status")
    out = rig.cli("status")
    show(out.stdout)
    need(out.returncode == 0, "a status without problems", rig)


def kill_in_delivery(rig, site, mail):
    say("kill -9 in mid-delivery: the server has taken the mail, newswatchd dies before it hears so")
    from site_pages import Article
    before, taken = len(mail.raw), threading.Event()

    def strike(_):
        if not taken.is_set():
            taken.set()
            rig.process.send_signal(signal.SIGKILL)
            time.sleep(0.5)
    mail.before = strike
    site.listed.insert(0, Article("/eng/xw/202611/t20261124_1026.html", "Protocol With Southland Extended",
                                  ["The two ministers agreed to extend the protocol by five years."]))
    site.refresh()
    need(taken.wait(30), "a delivery to interrupt", rig)
    rig.process.wait()
    mail.before = None
    rig.start()
    need(rig.wait_for(lambda: len(mail.raw) >= before + 2, 60), "the second copy", rig)
    copies = [m["Message-ID"] for m in mail.messages[before:] if "Southland" in m["Subject"]]
    show("Message-IDs of the copies: " + ", ".join(copies))
    need(len(copies) == 2 and copies[0] == copies[1], "two copies under one Message-ID", rig)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", default="build")
    args = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # by way of what cleans up
    folder = tempfile.mkdtemp(prefix="newswatch-demo-")
    site, mail = Ministry(), MailSink()
    hook = HookSink(SECRET)
    rig = Rig(TOP / args.build, folder, SOURCES.format(base=site.base), mail, hook)
    try:
        say(f"A sample ministry answers at {site.base}; SMTP on 127.0.0.1:{mail.port}, webhooks at {hook.url}")
        out = rig.cli("check")
        show(out.stdout + out.stderr)
        need(out.returncode == 0, "a clean configuration", rig)
        chain(rig, site, mail, hook)
        kill_in_delivery(rig, site, mail)
        say("newswatchd stops, and everything of the demo is removed")
        need(rig.stop() == 0, "a clean stop", rig)
    finally:
        if rig.process and rig.process.poll() is None:
            rig.kill()
        site.close()
        mail.close()
        hook.close()
        shutil.rmtree(folder, ignore_errors=True)
    say("The demo did what it promised")


if __name__ == "__main__":
    main()
