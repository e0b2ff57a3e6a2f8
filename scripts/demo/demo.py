"""The demonstration city, live: ./run starts it. A month of a simulated city, a centre that worked for some days, the daemon
with the console, and today's traffic as it comes. Ends with Ctrl-C."""

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
import webbrowser

from city import City, lines
from client import Daemon, now_ms, shanghai
from people import USERS, People, new_password
from season import Season

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
FEED_SECONDS = 2


class Steps:
    """Says what is being done, and how long it took."""

    def __init__(self):
        self.is_terminal = sys.stdout.isatty()

    def __call__(self, text, work):
        begun = time.monotonic()
        print(f"  {text} …", end="" if self.is_terminal else "\n", flush=True)
        result = work()
        print(f"\r  {text} ✓ {time.monotonic() - begun:.1f} s          " if self.is_terminal
              else f"  {text}: {time.monotonic() - begun:.1f} s", flush=True)
        return result

    def share(self, text):
        def show(share):
            if self.is_terminal:
                print(f"\r  {text} … {share:.0%}", end="", flush=True)
        return show


def build(options, daemon, steps):
    """(city, people), with the daemon running by the machine's clock."""
    folder, database = options.folder, daemon.database
    city = City(options.sluice, folder, options.people, 7, now_ms())
    steps(f"A city of {options.people:,} people, 31 days 模拟城市", city.simulate)
    city.take_story_out()
    steps("Its accounts, transfers and logins go in 导入流水", lambda: city.import_into(database))
    found = steps("What the rules find in it 研判发现", lambda: city.findings(database, options.days))
    code = subprocess.run([options.sluice, "user", "--db", database, "--login", "admin", "--name", "管理员 罗安", "--roles",
                           "administrator"], check=True, capture_output=True, text=True).stdout.strip()
    begin = city.now - options.days * 86_400_000
    steps("The daemon starts, as it was some days ago 启动服务", lambda: daemon.start(begin - 3_600_000))
    people = People(daemon, new_password(), city.now)
    steps("Units, people and partners 单位、人员、合作机构", lambda: people.make(code))
    season = Season(daemon, people, city, options.days, 7)
    season.reports(options.reports)
    season.findings(found, options.warnings, options.leads)
    text = f"What the centre did in {options.days} days 近日工作"
    steps(text, lambda: season.run(steps.share(text)))
    for refused in season.refused[:5]:
        print("    " + refused, file=sys.stderr)
    daemon.stop()
    steps("The daemon again, by today's clock 切换到当前时间", daemon.start)
    return city, people


def feed(daemon, city, ends):
    """Sends what happens as it happens: first the demonstration's victim, then today, every other second."""
    told = iter(city.story_signals())
    ahead = iter(city.today())
    pending, story = next(ahead), list(told)
    while not ends.is_set():
        now, batch = now_ms(), []
        while story and story[0][0] <= now:
            batch.append(story.pop(0)[1])
        while pending[0] <= now and len(batch) < 20000:
            batch.append(pending[1])
            pending = next(ahead)
        if batch:
            daemon.call("feed", "POST", "/v1/signals", lines(batch), content="application/x-ndjson")
        ends.wait(FEED_SECONDS if len(batch) < 20000 else 0)


def welcome(options, city, people):
    """What the one who tries it needs: where, who, and the first five minutes."""
    story = city.story
    paid = shanghai(city.now - 12 * 60_000)
    call = (f"我叫赵小满，手机13977115826，住青秀区。有人拉我刷单返利，刚才{paid[11:13]}点{paid[14:16]}分我从{story['account'][5:]}"
            f"转了{float(story['amount']):.0f}元到对方账户{city.payee[5:]}，转完就联系不上了")
    record = {"url": f"http://127.0.0.1:{options.port}/", "password": people.password, "call": call,
              "transfer": "D" + story["transfer"], "account": story["account"], "payee": city.payee,
              "amount": story["amount"], "paid_at": paid,
              "people": [{"login": login, "name": name, "roles": roles} for login, name, roles, _ in USERS]
              + [{"login": "admin", "name": "管理员 罗安", "roles": "administrator"}]}
    with open(os.path.join(options.folder, "welcome.json"), "w", encoding="utf-8") as file:
        json.dump(record, file, ensure_ascii=False, indent=1)
    print(f"\nOpen {record['url']} and sign in. Every password is {people.password}\n")
    for person in record["people"]:
        print(f"  {person['login']:16} {person['name']:16} {person['roles']}")
    print("\nThe first five minutes 最初五分钟: sign in as qx.duty; somebody calls 96110 and says:\n\n  " + call)
    print("\nEverything is invented and in", options.folder, "· Ctrl-C ends it.\n", flush=True)


def main():
    parser = argparse.ArgumentParser(description="The demonstration city with the console; ends with Ctrl-C.")
    parser.add_argument("--sluice", default=os.path.join(ROOT, "build/release/bin/sluice"))
    parser.add_argument("--folder", default=os.path.join(ROOT, "build/demo"))
    parser.add_argument("--port", type=int, default=8080)
    parser.add_argument("--people", type=int, default=20000)
    parser.add_argument("--days", type=int, default=8, help="of the centre's work before now (default 8)")
    parser.add_argument("--reports", type=int, default=60)
    parser.add_argument("--warnings", type=int, default=110)
    parser.add_argument("--leads", type=int, default=60)
    parser.add_argument("--no-browser", action="store_true")
    options = parser.parse_args()
    for name in ("SIGINT", "SIGTERM"):
        signal.signal(getattr(signal, name), signal.default_int_handler)
    shutil.rmtree(options.folder, ignore_errors=True)
    os.makedirs(options.folder)
    daemon = Daemon(options.sluice, options.folder, os.path.join(options.folder, "city.db"), options.port,
                    ["--rules", os.path.join(ROOT, "rules"), "--audit-witness", os.path.join(options.folder, "audit.heads")])
    try:
        city, people = build(options, daemon, Steps())
        welcome(options, city, people)
        ends = threading.Event()
        if not options.no_browser and sys.stdout.isatty() and os.environ.get("DISPLAY"):
            webbrowser.open(f"http://127.0.0.1:{options.port}/")
        feed(daemon, city, ends)
    except KeyboardInterrupt:
        print("\nEnded.")
    finally:
        daemon.stop()


if __name__ == "__main__":
    main()
