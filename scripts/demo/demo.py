"""The demonstration city, live: ./run starts it. A month of a simulated city, a centre that worked for some days, the daemon
with the console, and today's traffic as it comes. Ends with Ctrl-C."""

import argparse
import fcntl
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import webbrowser

from city import VICTIM_PAID_AGO_MS, City, lines
from client import Daemon, now_ms, shanghai
from command import Command
from partners import Partners
from people import ADMINISTRATOR, BANK_USER, BANKS_EN, HOME, PORTAL_BANK, USERS, People, choose_portal, new_password
from season import Season
from today import Today

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
FEED_SECONDS = 2
STEPS = (  # the page shows the same
    "1. qx.duty      Take a report: paste the words, check what was found, save     接警登记：粘贴、核对、登记并止付",
    "2. qx.approver  Approvals: approve the stops; the banks answer in seconds      审批：批准止付，银行数秒内反馈",
    "3. anybody      Fund tracing: where the money is, and how much is left         资金穿透：钱到了哪里、还剩多少",
    "4. duty         Warnings: sign for the next one and note what was said         预警劝阻：签收、登记劝阻",
    "5. analyst      Bulletins: draft one of today, compute its figures             战果通报：生成当日通报",
)


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


def refuse(text):
    print("./run: " + text, file=sys.stderr)
    sys.exit(1)


def take_place(options):
    """Port and folder are ours before minutes of work go into them; what another demonstration works on is not touched."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", options.port))
        except (OSError, OverflowError) as error:
            refuse(f"port {options.port} of 127.0.0.1 cannot be listened on ({error}). Is a demonstration running already? "
                   f"Open http://127.0.0.1:{options.port}/ or take another port: ./run --port 9000")
    os.makedirs(options.folder, exist_ok=True)
    lock = open(options.folder.rstrip("/") + ".lock", "w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        refuse(f"another demonstration works in {options.folder}: end it with Ctrl-C, or take another folder: "
               "./run --port 9000 --folder build/demo2")
    shutil.rmtree(options.folder, ignore_errors=True)
    os.makedirs(options.folder)
    return lock  # held as long as it is open


def build(options, daemon, partners, steps):
    """(city, notice, today), with the daemon running by the machine's clock."""
    folder, database = options.folder, daemon.database
    city = City(options.sluice, folder, options.people, 7, now_ms())
    steps(f"A city of {options.people:,} people, 31 days 模拟城市", city.simulate)
    city.take_story_out()
    choose_portal(city.story_accounts())
    steps("Its accounts, transfers and logins go in 导入流水", lambda: city.import_into(database))
    found = steps("What the rules find in it 研判发现", lambda: city.findings(database, options.days))
    code = subprocess.run([options.sluice, "user", "--db", database, "--login", ADMINISTRATOR[0], "--name", ADMINISTRATOR[1],
                           "--roles", "administrator"], check=True, capture_output=True, text=True).stdout.strip()
    begin = city.now - options.days * 86_400_000
    steps("The daemon starts, as it was some days ago 启动服务", lambda: daemon.start(begin - 3_600_000))
    people = People(daemon, new_password(), city.now)
    steps("Units, people and partners 单位、人员、合作机构", lambda: people.make(code))
    people.stay_signed_in(begin - 3_600_000, city.now)
    people.banks(begin - 3_600_000)
    season = Season(daemon, people, city, options.days, 7)
    season.reports(options.reports)
    season.findings(found, options.warnings, options.leads)
    Command(season).plan()
    text = f"What the centre did in {options.days} days 近日工作"
    steps(text, lambda: season.run(steps.share(text)))
    for refused in season.refused[:5]:
        print("    left out: " + refused, file=sys.stderr)
    daemon.stop()
    path, notice = write_notice(options, city, people)
    daemon.extra += ["--notice", path]
    steps("The daemon again, by today's clock 切换到当前时间", daemon.start)
    steps("Banks that answer 模拟银行", partners.open)
    today = Today(season, found, now_ms)
    steps("What waits at this minute 当前待办", today.make)
    return city, notice, today


def feed(daemon, city, today, ends):
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
        today.tick()
        ends.wait(FEED_SECONDS if len(batch) < 20000 else 0)


def write_notice(options, city, people):
    """What the sign-in page shows: with whom one may try it, and what somebody says on the phone."""
    story, paid = city.story, shanghai(city.now - VICTIM_PAID_AGO_MS)
    call = (f"我叫赵小满，手机13977115826，住青秀区。有人拉我刷单返利，刚才{paid[11:13]}点{paid[14:16]}分我从{story['account'][5:]}"
            f"转了{float(story['amount']):.0f}元到对方账户{city.payee[5:]}，转完就联系不上了")
    where = {"city": "南宁市反诈中心", "station": "南湖派出所", HOME: "青秀区分中心", "bank": PORTAL_BANK[1]}
    where_en = {"city": "Nanning anti-fraud centre", "station": "Nanhu station", HOME: "Qingxiu district", "bank": BANKS_EN[-1]}
    notice = {"is_demonstration": True, "zh": "演示环境：人名、账号、案件均为虚构。", "en": "A demonstration: everything is invented.",
              "password": people.password, "call": call, "transfer": "D" + story["transfer"],
              "accounts": [{"login": login, "name": name, "roles": roles, "unit": where[unit], "unit_en": where_en[unit]}
                           for login, name, roles, unit in [*USERS, ADMINISTRATOR, BANK_USER]]}
    path = os.path.join(options.folder, "notice.json")
    with open(path, "w", encoding="utf-8") as file:
        json.dump(notice, file, ensure_ascii=False, indent=1)
    return path, notice


def tell(options, notice):
    print(f"\nOpen http://127.0.0.1:{options.port}/ and sign in. Every password is {notice['password']}\n")
    for person in notice["accounts"]:
        print(f"  {person['login']:16} {person['roles']:14} {person['name']} · {person['unit']}")
    print("\nThe first five minutes 最初五分钟: sign in as qx.duty (on the page one click is enough); somebody calls 96110 and says:"
          "\n\n  " + notice["call"] + "\n")
    for step in STEPS:
        print("  " + step)
    print("\nEverything is invented and in", options.folder, "· Ctrl-C ends it · 全部数据均为虚构，按 Ctrl-C 结束\n", flush=True)


def main():
    parser = argparse.ArgumentParser(prog="./run", description="The demonstration city with the console; ends with Ctrl-C.")
    parser.add_argument("--sluice", metavar="FILE", default=os.path.join(ROOT, "build/release/bin/sluice"), help="the program to run")
    parser.add_argument("--folder", metavar="DIR", default=os.path.join(ROOT, "build/demo"), help="where the city goes, emptied first (default build/demo)")
    parser.add_argument("--port", metavar="N", type=int, default=8080, help="of the console (default 8080)")
    parser.add_argument("--people", metavar="N", type=int, default=20000, help="of the city (default 20000)")
    parser.add_argument("--days", metavar="N", type=int, default=8, help="of the centre's work before now (default 8)")
    parser.add_argument("--reports", metavar="N", type=int, default=45, help="that the centre took (default 45)")
    parser.add_argument("--warnings", metavar="N", type=int, default=90, help="that it worked (default 90)")
    parser.add_argument("--leads", metavar="N", type=int, default=45, help="that it followed (default 45)")
    parser.add_argument("--no-browser", action="store_true", help="open none, where there is a desktop")
    options = parser.parse_args()
    for name in ("SIGINT", "SIGTERM"):
        signal.signal(getattr(signal, name), signal.default_int_handler)
    options.folder = os.path.abspath(options.folder)
    lock = take_place(options)
    daemon = Daemon(options.sluice, options.folder, os.path.join(options.folder, "city.db"), options.port,
                    ["--rules", os.path.join(ROOT, "rules"), "--audit-witness", os.path.join(options.folder, "audit.heads")])
    partners = Partners(daemon, options.folder)
    daemon.extra += ["--gateway-keys", partners.keys]
    try:
        city, notice, today = build(options, daemon, partners, Steps())
        tell(options, notice)
        ends = threading.Event()
        if not options.no_browser and sys.stdout.isatty() and os.environ.get("DISPLAY"):
            webbrowser.open(f"http://127.0.0.1:{options.port}/")
        feed(daemon, city, today, ends)
    except KeyboardInterrupt:
        print("\nEnded.")
    finally:
        partners.close()
        daemon.stop()
        lock.close()


if __name__ == "__main__":
    main()
