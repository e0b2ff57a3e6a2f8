"""A backup of a running centre under load: signals, decisions and commands go on from three connections while it is made. What
was acknowledged before it was asked for is in it, whole records and a whole trail; a centre goes on from it."""

import json
import os
import shutil
import subprocess
import tempfile
import threading
import time

import centre
from centre import BIN, Centre, expect

FOLDER = tempfile.mkdtemp(prefix="sluice-backups-")
NDJSON = {"Content-Type": "application/x-ndjson"}
RULES = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", "..", "..", "rules"))


class Load:
    """Three who work, as fast as they can up to what was asked for, and then slowly, so that what is looked for in the end does not depend
    on how long a backup takes; what was acknowledged, with the moment it was."""

    def __init__(self, c):
        self.c, self.acknowledged, self.failed, self.stop = c, [], [], threading.Event()
        self.wanted = 0
        self.threads = [threading.Thread(target=self.run, args=(each,)) for each in (self.signals, self.decide, self.command)]
        for thread in self.threads:
            thread.start()

    def run(self, each):
        mine = object.__new__(Centre)  # the same centre, by a connection of its own
        mine.__dict__ = dict(self.c.__dict__, connection=None)
        number = 0
        try:
            while not self.stop.is_set():
                kept = each(mine, number)
                self.acknowledged.append((time.monotonic(), *kept))
                number += 1
                if len(self.acknowledged) > self.wanted:
                    self.stop.wait(0.05)
        except Exception as fault:
            self.failed.append(fault)
        mine.drop_connection()

    @staticmethod
    def transfer(name, number):
        return {"id": name, "time": f"2026-11-25T09:{number // 60 % 60:02d}:{number % 60:02d}+08:00",
                "from": f"account:6217{number % 300:04d}", "to": f"account:6228{number % 200:04d}", "amount_fen": 100 + number}

    def signals(self, mine, number):
        names = [f"S{number}.{n}" for n in range(50)]
        body = "\n".join(json.dumps(self.transfer(name, number + n)) for n, name in enumerate(names)).encode()
        answer = mine.must("analyst", "POST", "/v1/signals", body, headers=NDJSON).json
        expect(answer["accepted"] == 50, answer)
        return "batch", (names, body)

    def decide(self, mine, number):
        mine.must("analyst", "POST", "/v1/decisions", self.transfer(f"D{number}", number))
        return "transfer", f"D{number}"

    def command(self, mine, number):
        made = mine.make("duty", "stops", {"account": f"account:{10 ** 15 + number}", "institution": "102100000011",
                                           "reason": f"第 {number} 笔"})
        if number % 2:
            mine.act("approver", "stops", made, "approve", version=1)
        return "stop", (made, "approved" if number % 2 else "proposed")

    def end(self):
        self.stop.set()
        for thread in self.threads:
            thread.join()
        expect(not self.failed, f"somebody was not served: {self.failed}")


def backup(c):
    answer = c.must("administrator", "POST", "/v1/backups")
    where = answer.headers["location"]
    while True:
        state = c.must("administrator", "GET", where).json
        if state["state"] in ("done", "failed", "cancelled"):
            break
        time.sleep(0.02)
    expect(state["state"] == "done", f"{state}")
    return c.must("administrator", "GET", state["result"]).json


def sluice(*words):
    done = subprocess.run([BIN, *words], capture_output=True, text=True, timeout=120)
    expect(done.returncode == 0, f"{words}: {done.stdout}{done.stderr}")
    return done.stdout


def a_backup_under_load_has_all_that_was_acknowledged(c):
    for who in ("analyst", "duty", "approver", "auditor", "commander"):
        c.token(who)
    load = Load(c)
    made = []
    try:
        for load.wanted in (150, 300, 450):
            while len(load.acknowledged) < load.wanted and not load.failed:
                time.sleep(0.01)
            asked = time.monotonic()
            before = [row for row in list(load.acknowledged) if row[0] < asked]
            made.append((backup(c), before))
            expect(len(load.acknowledged) > len(before), "nothing went on while it was made")
    finally:
        load.end()
    for number, (copy, before) in enumerate(made):
        place = c.postgres.database() if c.postgres else os.path.join(FOLDER, f"restored{number}.db")
        sluice("restore", "--from", os.path.join(FOLDER, copy["name"]), "--db", place)
        expect(copy["audit_head"] in sluice("audit", "--db", place), "another trail than the one that was said")
        sluice("verify", "--db", place)
        other = object.__new__(Centre)
        other.__dict__ = dict(c.__dict__, database=place, connection=None, process=None, tokens={}, witness=place + ".heads"
                              if not c.postgres else os.path.join(FOLDER, f"heads{number}"))
        other.start()
        try:
            expect(before, "nothing was acknowledged before it")
            for _, kind, what in before:
                if kind == "stop":
                    stop = other.read("commander", "stops", what[0])
                    expect(what[1] == "proposed" or stop["approved_by"] is not None, f"{what}: {stop}")
                    continue
                for name in [what] if kind == "transfer" else [what[0][0], what[0][-1]]:
                    expect(other.must("analyst", "GET", f"/v1/transfers/{name}").json["id"] == name, name)
                if kind == "batch":  # each of it is there: none is taken for new
                    again = other.must("analyst", "POST", "/v1/signals", what[1], headers=NDJSON).json
                    expect(again["duplicates"] == 50 and again["accepted"] == 0, f"{what[0][0]}: {again}")
            # It goes on from there.
            other.make("duty", "stops", {"account": "account:999", "reason": "恢复后"})
        finally:
            other.stop()
        sluice("audit", "--db", place)


try:
    centre.run([a_backup_under_load_has_all_that_was_acknowledged], rules=RULES, extra=["--backups", FOLDER])
finally:
    shutil.rmtree(FOLDER, ignore_errors=True)
