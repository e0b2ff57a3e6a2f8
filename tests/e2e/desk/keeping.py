"""What is kept and for how long: backups of a running daemon, restored and compared; answers and events that are pruned
when their time is over; pages as long as the document says."""

import hashlib
import json
import os
import socket
import sqlite3
import stat
import subprocess
import tempfile
import threading
import time

import centre
from centre import BIN, DAY_MS, HOUR_MS, Centre, expect

FOLDER = tempfile.mkdtemp(prefix="sluice-backups-")


def report(c, number):
    return c.make("duty", "reports", {"channel": "phone", "victim_name": f"受害人{number}",
                                      "victim_phone": "13977110000", "words": "刷单被骗", "fraud_type": "other"})


def job(c, who, path):
    """Asks for a job and waits for its end."""
    answer = c.must(who, "POST", path)
    expect(answer.status == 202, f"{path}: {answer}")
    at = answer.headers["location"]
    deadline = time.monotonic() + 60
    while True:
        state = c.must(who, "GET", at).json
        if state["state"] not in ("queued", "running"):
            return state
        expect(time.monotonic() < deadline, f"a job that does not end: {state}")
        time.sleep(0.02)


def sluice(*arguments, code=0):
    done = subprocess.run([BIN, *arguments], capture_output=True, text=True, env=dict(os.environ, SLUICE_STATE=FOLDER))
    expect(done.returncode == code, f"sluice {arguments}: {done.returncode} {done.stdout} {done.stderr}")
    return done.stdout


def backups_while_work_goes_on(c):
    for number in range(5):
        report(c, number)
    done, stop = [], threading.Event()

    def work():  # a connection of its own: the centre's is not for two threads
        other = object.__new__(Centre)
        other.__dict__ = dict(c.__dict__, connection=None, tokens=dict(c.tokens))
        while not stop.is_set():
            done.append(report(other, 100 + len(done)))

    c.token("duty")
    thread = threading.Thread(target=work)
    thread.start()
    try:
        state = job(c, "administrator", "/v1/backups")
    finally:
        stop.set()
        thread.join()
    expect(state["state"] == "done", f"the backup: {state}")
    made = c.must("administrator", "GET", state["result"]).json
    path = os.path.join(FOLDER, made["name"])
    content = open(path, "rb").read()
    expect(made["bytes"] == len(content) and made["sha256"] == hashlib.sha256(content).hexdigest(), f"{made}")
    expect(os.listdir(FOLDER) == [made["name"]], f"beside the backup: {os.listdir(FOLDER)}")
    listed = c.must("administrator", "GET", "/v1/backups").json["items"]
    expect([item["name"] for item in listed] == [made["name"]] and listed[0]["bytes"] == len(content), f"{listed}")

    # What was there when it began is in it, in both kinds of database, and its trail is whole.
    places = [os.path.join(FOLDER, "restored.db")] + ([c.postgres.database()] if c.postgres else [])
    for place in places:
        sluice("restore", "--from", path, "--db", place)
        said = sluice("audit", "--db", place)
        expect(made["audit_head"] in said, f"audit of the copy: {said}")
        sluice("verify", "--db", place)
    file = sqlite3.connect(places[0])
    names = {row[0] for row in file.execute("SELECT victim_name FROM desk_report")}
    expect({f"受害人{number}" for number in range(5)} <= names, f"{names}")
    expect(file.execute("SELECT count(*) FROM desk_report").fetchone()[0] <= 5 + len(done), "more than there were")
    file.close()

    # Who asked is in the trail, before and after.
    acts = [row["act"] for row in c.must("auditor", "GET", "/v1/audit?limit=1000").json["items"]]
    expect("backup" in acts and "backup_made" in acts, "the backup is not in the audit")
    # The centre goes on from it: a daemon on the restored file knows its people.
    other = object.__new__(Centre)
    other.__dict__ = dict(c.__dict__, database=places[-1], connection=None, process=None, tokens={})
    other.start()
    expect(other.must("duty", "GET", "/v1/reports").json["items"], "the restored desk is empty")
    other.stop()


def backups_are_not_for_everybody(c):
    for who in ["duty", "commander", "auditor", "bank"]:
        c.refused(403, who, "POST", "/v1/backups")
        c.refused(403, who, "GET", "/v1/backups")
    c.make_user("a.admin", "administrator", c.units["a"])
    c.refused(403, "a.admin", "GET", "/v1/backups")
    state = job(c, "a.admin", "/v1/backups")
    expect(state["state"] == "failed" and "of the city" in state["detail"], f"a district's administrator: {state}")
    c.refused(413, "administrator", "POST", "/v1/backups", {"path": "/etc/passwd"})
    c.refused(400, "administrator", "POST", "/v1/backups?path=/tmp/x")
    before = set(os.listdir(FOLDER))
    # A folder that is not there any more: a clear failure, nothing made, and the audit has it.
    os.rename(FOLDER, FOLDER + ".away")
    state = job(c, "administrator", "/v1/backups")
    os.rename(FOLDER + ".away", FOLDER)
    expect(state["state"] == "failed" and FOLDER not in state["detail"], f"without its folder: {state}")
    if os.geteuid() != 0:
        os.chmod(FOLDER, stat.S_IRUSR | stat.S_IXUSR)
        state = job(c, "administrator", "/v1/backups")
        os.chmod(FOLDER, stat.S_IRWXU)
        expect(state["state"] == "failed" and FOLDER not in state["detail"], f"a folder not to be written: {state}")
    expect(set(os.listdir(FOLDER)) == before, "something was left behind")
    # A daemon without a folder makes none.
    c.extra = []
    c.restart()
    c.refused(409, "administrator", "GET", "/v1/backups")
    state = job(c, "administrator", "/v1/backups")
    expect(state["state"] == "failed" and "--backups" in state["detail"], f"without --backups: {state}")


def rows(c, table):
    if c.postgres:
        return int(c.postgres.query(c.database, f"SELECT count(*) FROM sluice.desk_{table}"))
    c.stop()
    file = sqlite3.connect(c.database)
    count = file.execute(f"SELECT count(*) FROM desk_{table}").fetchone()[0]
    file.close()
    c.start()
    return count


def wait_rows(c, table, most):
    deadline = time.monotonic() + 60
    while rows(c, table) > most:
        expect(time.monotonic() < deadline, f"{table} has {rows(c, table)} rows, more than {most}")
        time.sleep(0.2)
        c.get(None, "/healthz")


def what_is_old_is_pruned(c):
    body = {"channel": "phone", "victim_name": "一次", "victim_phone": "13977110000", "words": "刷单被骗", "fraud_type": "other"}
    first = c.must("duty", "POST", "/v1/reports", body, key="k-1").json["id"]
    for number in range(20):
        report(c, number)
    c.later(6 * DAY_MS)
    # Within its time the key gives the same answer, whatever was restarted.
    c.restart()
    again = c.must("duty", "POST", "/v1/reports", body, key="k-1")
    expect(again.json["id"] == first and again.headers.get("idempotency-replayed") == "true", f"{again}")
    expect(rows(c, "idempotency") >= 1 and rows(c, "event") >= 21, "pruned before their time")
    c.later(14 * DAY_MS)
    c.later(HOUR_MS)  # it is looked for once an hour
    wait_rows(c, "idempotency", 0)
    wait_rows(c, "event", 1 + 1)  # the newest stays, and what this wait has made
    # After its time the key is new.
    again = c.must("duty", "POST", "/v1/reports", body, key="k-1")
    expect(again.json["id"] != first and "idempotency-replayed" not in again.headers, f"{again}")
    # The consoles hear of it: events go on from where they were.
    expect(rows(c, "event") >= 1, "no event after the pruning")


class Console:
    """A connection of its own that reads events as they come."""

    def __init__(self, c, last=""):
        self.socket = socket.create_connection(("127.0.0.1", c.port), timeout=60)
        more = f"Last-Event-ID: {last}\r\n" if last else ""
        self.socket.sendall(f"GET /v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {c.token('commander')}\r\n"
                            f"{more}\r\n".encode())
        self.file = self.socket.makefile("r", encoding="utf-8", newline="\n")
        for line in self.file:
            if line.startswith("retry:"):
                break

    def next(self):
        event = {}
        for line in self.file:
            name, found, value = line.strip().partition(": ")
            if found:
                event[name] = value
            elif line.strip() == "" and "event" in event:
                return event
        raise centre.Check("the stream ended")

    def close(self):
        self.file.close()
        self.socket.close()


def a_console_whose_place_is_gone_is_told(c):
    c.token("duty")
    console = Console(c)
    report(c, 1)
    event = console.next()
    expect(event["event"] == "report", f"{event}")
    console.close()
    c.later(9 * DAY_MS)
    c.restart()  # its place was in the memory of the daemon that ended
    c.must("commander", "GET", "/v1/me")  # its session was over, too
    console = Console(c, event["id"])
    told = console.next()
    expect(told["event"] == "reset" and json.loads(told["data"])["reason"] == "missed", f"{told}")
    report(c, 2)
    expect(console.next()["event"] == "report", "nothing after the reset")
    console.close()


def pages_are_as_long_as_the_document_says(c):
    document = c.send("GET", "/openapi.json").json
    limits = {parameter["schema"]["maximum"] for path in document["paths"].values() for operation in path.values()
              if isinstance(operation, dict) for parameter in operation.get("parameters", [])
              if parameter.get("name") == "limit"}
    expect(limits == {1000}, f"the document's limits: {limits}")
    for number in range(620):
        c.must("duty", "POST", "/v1/leads", {"type": "other", "subject": f"account:{number}", "title": "t", "source": "tip"})
    page = c.must("duty", "GET", "/v1/leads?limit=1000").json
    expect(len(page["items"]) == 620 and page["next"] is None, f"{len(page['items'])} of 620 leads on a page of 1,000")
    c.refused(400, "duty", "GET", "/v1/leads?limit=1001")


if __name__ == "__main__":
    centre.run([backups_while_work_goes_on, backups_are_not_for_everybody, what_is_old_is_pruned,
                a_console_whose_place_is_gone_is_told, pages_are_as_long_as_the_document_says],
               extra=["--backups", FOLDER])
