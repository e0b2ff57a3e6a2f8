"""Whose rights end while a job of his runs: what writes or goes out stops at its next step, with a state that says why and a
row of the audit; what only reads is thrown away. Signing out, and a session that ends by itself, stop nothing."""

import atexit
import os
import shutil
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(__file__))
from centre import expect, run
from imports import HEAD, MAPPING, job_of, line, start, upload

MANY, BACKUPS = 300000, tempfile.mkdtemp(prefix="sluice-backups-")
atexit.register(shutil.rmtree, BACKUPS, True)


def begin(c, number, who="analyst"):
    return c.must(who, "POST", f"/v1/imports/{number}/start", {"format": "csv", "mapping": MAPPING}).json["id"]


def wait_done(c, job, who="analyst"):
    """Until some of it is in."""
    deadline = time.monotonic() + 60
    while True:
        now = c.must(who, "GET", f"/v1/jobs/{job}").json
        if now["done"] > 0:
            return
        expect(time.monotonic() < deadline, f"it does not begin: {now}")


def wait_import(c, number):
    deadline = time.monotonic() + 60
    while (state := c.state("imports", number)) in ("uploaded", "running"):
        expect(time.monotonic() < deadline, "the import does not end")
        time.sleep(0.02)
    return state


def audit(c, act):
    return c.must("auditor", "GET", f"/v1/audit?act={act}").json["items"]


def end_by(c, how, who):
    """Takes the rights of `who`; returns how to give them back."""
    number = c.users[who]
    c.later(1)
    if how == "role":
        c.act("administrator", "users", number, "edit", {"roles": "duty"})
        return lambda: c.act("administrator", "users", number, "edit", {"roles": "analyst"})
    if how == "sessions":
        c.act("administrator", "users", number, "end_sessions", {"note": "电脑遗失"})
        return lambda: None
    c.act("administrator", "users", number, "disable", {"note": "调离"})

    def back():
        code = c.must("administrator", "POST", f"/v1/users/{number}/enable", {"note": "返岗"},
                      version=c.version("users", number)).json["secret"]
        c.activate(who, code)
        c.users[who] = number
    return back


def an_import_stops_with_the_rights_of_whoever_began_it(c):
    for turn, how in enumerate(("disabled", "sessions", "role")):
        first = turn * MANY
        made = upload(c, HEAD + "".join(line(n) for n in range(first, first + MANY)), f"{how}.csv")
        job = begin(c, made["id"])
        wait_done(c, job)
        give_back = end_by(c, how, "analyst")
        state, now = wait_import(c, made["id"]), c.read("commander", "imports", made["id"])
        expect(state == "stopped" and 0 < now["transfers"] < MANY, f"{how}: {now}")
        expect("whoever asked for it may not go on" in now["why"], f"{how}: {now}")
        rows = [row for row in audit(c, "stopped") if row["login"] == "analyst"]
        expect(len(rows) == turn + 1 and rows[0]["detail"] == "start_import", f"{how}: {rows}")
        c.refused(404, "commander", "GET", f"/v1/jobs/{job}")  # it is nobody else's
        give_back()
        c.tokens.pop("analyst", None)
        told = c.must("analyst", "GET", f"/v1/jobs/{job}").json
        expect(told["state"] == "cancelled" and "may not go on" in told["detail"] and told["detail_zh"], f"{how}: {told}")
        c.refused(409, "analyst", "GET", f"/v1/jobs/{job}/result")
        expect(start(c, made["id"])["state"] == "done", f"{how}: it goes on when the rights are back")
        now = c.read("analyst", "imports", made["id"])
        expect(now["transfers"] == MANY and now["duplicates"] == 0, f"{how}: all of it once: {now}")


def what_waits_is_not_begun(c):
    """Two jobs wait for an import; those who asked for them are disabled meanwhile."""
    c.make_user("second.analyst", "analyst", 1)
    c.make_user("second.admin", "administrator", 1)
    first = upload(c, HEAD + "".join(line(n) for n in range(MANY)), "first.csv")
    second = upload(c, HEAD + line(1), "second.csv", who="second.analyst")
    c.users["auditor"], c.users["commander"]
    running = begin(c, first["id"])
    begin(c, second["id"], "second.analyst")
    backup = c.must("second.admin", "POST", "/v1/backups").json
    c.later(1)
    for who in ("second.analyst", "second.admin"):
        c.act("administrator", "users", c.users[who], "disable", {"note": "停职"})
    expect(c.must("analyst", "GET", f"/v1/jobs/{running}").json["state"] == "running", "it was over too early to tell")
    expect(backup["state"] == "queued", backup)
    expect(wait_import(c, first["id"]) == "imported", "somebody else's job is stopped")
    deadline = time.monotonic() + 60
    while len(rows := audit(c, "stopped")) < 2:
        expect(time.monotonic() < deadline, f"what was stopped is not in the audit: {rows}")
        time.sleep(0.05)
    expect(sorted(row["login"] for row in rows) == ["second.admin", "second.analyst"], rows)
    record = c.read("analyst", "imports", second["id"])
    expect(record["state"] == "uploaded" and not record["transfers"], f"it was begun: {record}")
    expect(os.listdir(BACKUPS) == [], f"a backup was made for somebody who is gone: {os.listdir(BACKUPS)}")


def signing_out_stops_nothing(c):
    made = upload(c, HEAD + "".join(line(n) for n in range(MANY)), "on.csv")
    begin(c, made["id"])
    c.later(1)
    c.must("analyst", "DELETE", "/v1/session")
    c.tokens.pop("analyst", None)
    expect(wait_import(c, made["id"]) == "imported", "it stopped with the session")
    expect(audit(c, "stopped") == [], audit(c, "stopped"))


if __name__ == "__main__":
    run([an_import_stops_with_the_rights_of_whoever_began_it, what_waits_is_not_begun, signing_out_stops_nothing],
        extra=["--backups", BACKUPS])
