"""A newswatchd under test in a folder of its own: configuration, store, control socket, log."""
import os
import pathlib
import signal
import sqlite3
import subprocess
import time

SECRET = "whsec_bmV3c3dhdGNoLXRlc3Qta2V5LW9mLTMyLWJ5dGVzIQ=="

LISTS = """lists:
  treaty-en: [treaty, treaties, convention, conventions, protocol, protocols]
  treaty-act-en: [sign, signs, signed, signing, ratif*, renew, renews, renewed, extend, extension, withdraw*]
  treaty-zh: [条约, 协定, 公约, 议定书]
  treaty-act-zh: [签署, 签订, 批准, 生效]
  cn-list: [不可靠实体清单, 出口管制管控名单]
  demand-zh: [敦促, 要求, 反对]
topics:
  - name: treaties
    match: |
      @treaty-en OR @treaty-zh
    news: |
      (@treaty-en NEAR/8 (@treaty-act-en NOTIN ("anniversary of" PRE/6 (signed OR signing)))) OR (@treaty-zh NEAR/12 @treaty-act-zh)
  - name: sanctions
    match: |
      sanctions OR 制裁 OR @cn-list
    stance: |
      制裁 SENT @demand-zh
watches:
  - name: treaty-news
    severity: high
    notify: [desk, hub]
    match: |
      (@treaty-en NEAR/8 (@treaty-act-en NOTIN ("anniversary of" PRE/6 (signed OR signing)))) OR (@treaty-zh NEAR/12 @treaty-act-zh)
    examples:
      fires: ["The two sides have agreed to renew the treaty.", "雙方簽署了引渡條約。"]
      silent: ["The treaty port was busy."]
  - name: cn-list-add
    severity: critical
    notify: [desk, hub]
    match: |
      列入 NEAR/30 @cn-list
  - name: cn-countermeasure
    severity: critical
    notify: [desk, hub]
    match: |
      (制裁 SENT (决定 OR 宣布 OR 实施)) NOTSENT @demand-zh
"""


class Rig:
    """`sources` is the text below `sources:`; mail and hook are sinks of sinks.py, either may be None."""

    def __init__(self, build, folder, sources, mail=None, hook=None, rules=LISTS, extra="", sandbox="require"):
        self.build, self.dir = pathlib.Path(build).resolve(), pathlib.Path(folder)
        self.state, self.conf = self.dir / "state", self.dir / "newswatchd.yaml"
        self.state.mkdir(mode=0o700, exist_ok=True)
        self.sandbox, self.process, self.log = sandbox, None, open(self.dir / "log", "ab")
        self.write("sources.d/site.yaml", "sources:\n" + sources)
        self.write("watches.d/rules.yaml", rules)
        (self.dir / "hub.key").write_text(SECRET + "\n")
        os.chmod(self.dir / "hub.key", 0o600)
        channels = ""
        if mail:
            channels += (f"  - {{ name: desk, type: email, to: [desk@example.org], from: 'Newswatch <newswatch@example.org>', "
                         f"server: 'smtp://127.0.0.1:{mail.port}', starttls: none, allow_private: [127.0.0.0/8] }}\n")
        if hook:
            channels += f"  - {{ name: hub, type: webhook, url: '{hook.url}', secret_file: '{self.dir}/hub.key', allow_private: [127.0.0.0/8] }}\n"
        self.write("channels.d/all.yaml", "channels:\n" + channels if channels else "{}\n")
        self.write("newswatchd.yaml", f"store: {{ path: '{self.state}/news.db' }}\ncontrol: {{ path: '{self.dir}/control' }}\n"
                   f"fetch: {{ allow_private: [127.0.0.0/8], host_gap: 0, robots: false, contact: 'mailto:ops@example.org' }}\n" + extra)

    def write(self, name, text):
        path = self.dir / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def command(self, *more):
        return [str(self.build / "newswatchd"), "-c", str(self.conf), "--sandbox", self.sandbox, *more]

    def once(self, seconds=60):
        return subprocess.run(self.command("--once"), stderr=self.log, timeout=seconds).returncode

    def start(self):
        self.process = subprocess.Popen(self.command(), stderr=self.log)
        return self.process

    def kill(self):
        self.process.kill()
        self.process.wait()

    def stop(self, seconds=10):
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(seconds)
        return self.process.returncode if self.process else None

    def cli(self, *args, check=False):
        return subprocess.run([str(self.build / "newswatch"), args[0], "-c", str(self.conf), *args[1:]], capture_output=True, text=True, check=check)

    def sql(self, query, *args):
        db = sqlite3.connect(f"file:{self.state}/news.db?mode=ro", uri=True)
        try:
            return db.execute(query, args).fetchall()
        finally:
            db.close()

    def said(self):
        self.log.flush()
        return (self.dir / "log").read_text(errors="replace")

    def wait_for(self, condition, seconds=20):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                if condition():
                    return True
            except sqlite3.Error:
                pass
            time.sleep(0.1)
        return False
