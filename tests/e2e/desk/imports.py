"""Files that come in through the API: uploaded, looked at, taken in as a job, rejected lines, and the withdrawal that one
person proposes and another approves; afterwards accounts, totals and later files are as if it had never come, and what
rested on it says so. Kills in between leave it withdrawn or not."""

import contextlib
import csv
import io
import os
import signal
import sqlite3
import sys
import time
import urllib.parse

sys.path.insert(0, os.path.dirname(__file__))
from centre import expect, run

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", "..", ".."))
WHY = "侦办2026-118号案，调取流水"
MAPPING = {"columns": {"id": "流水号", "time": "时间", "from": "付款账号", "to": "收款账号", "amount": "金额"}}
HEAD = "流水号,时间,付款账号,收款账号,金额\n"
LINE = "N{n},2026-11-25 09:{minute:02d}:{second:02d},62284{payer:014d},62170{payee:014d},{amount}\n"


def line(n, amount=None):
    return LINE.format(n=n, minute=n // 60 % 60, second=n % 60, payer=n % 7, payee=n % 11 + 20,
                       amount=f"{100 + n}.00" if amount is None else amount)


def account(n):
    return f"account:62284{n:014d}"


def upload(centre, text, name="流水.csv", who="analyst", **more):
    more.setdefault("purpose", WHY)
    return centre.must(who, "POST", f"/v1/imports?name={urllib.parse.quote(name)}", text.encode(),
                       headers={"Content-Type": "text/csv"}, **more).json


def job_of(centre, answer, who="analyst"):
    expect(answer.status == 202, f"a job was expected: {answer}")
    deadline = time.monotonic() + 60
    while True:
        job = centre.get(who, f"/v1/jobs/{answer.json['id']}").json
        if job["state"] not in ("queued", "running"):
            return job
        expect(time.monotonic() < deadline, f"the job does not end: {job}")
        time.sleep(0.02)


def start(centre, number, who="analyst", **body):
    body = {"format": "csv", "mapping": MAPPING, **body}
    return job_of(centre, centre.must(who, "POST", f"/v1/imports/{number}/start", body), who)


def take_in(centre, text, name="流水.csv"):
    made = upload(centre, text, name)
    job = start(centre, made["id"])
    expect(job["state"] == "done", f"the import failed: {job}")
    return centre.read("analyst", "imports", made["id"])


def ledger(centre, number):
    answer = centre.get("analyst", f"/v1/accounts/{account(number)}/transfers?limit=200", purpose=WHY)
    expect(answer.status == 200 or "no account" in answer.json["detail"], f"{answer}")
    return [] if answer.status == 404 else [(row["time"], row["amount_fen"]) for row in answer.json["items"]]


def withdraw(centre, number, wait=True):
    centre.act("analyst", "imports", number, "propose_withdrawal", {"reason": "栏目对应错误，金额放大"})
    centre.act("commander", "imports", number, "approve_withdrawal")
    if wait:
        centre.wait_state("imports", number, "withdrawn")


def a_file_is_looked_at_before_it_is_taken_in(centre):
    text = HEAD + line(1) + line(2, "没有") + line(3)
    made = upload(centre, text)
    expect(made["state"] == "uploaded" and made["bytes"] == len(text.encode()) and len(made["sha256"]) == 64,
           f"an upload: {made}")
    expect(made["purpose"] == WHY and made["uploaded_by"] == centre.users["analyst"], f"who and why: {made}")
    path = f"/v1/imports/{made['id']}"
    head = centre.must("analyst", "GET", path + "/head").json
    expect((head["format"], head["encoding"]) == ("csv", "utf-8") and head["lines"][0] == HEAD.strip(), f"{head}")
    foreign = centre.must("analyst", "POST", "/v1/imports?name=gbk.csv", text.encode("gb18030"),
                          headers={"Content-Type": "text/csv"}, purpose=WHY).json["id"]
    head = centre.must("analyst", "GET", f"/v1/imports/{foreign}/head").json
    expect(head["encoding"] == "gb18030" and head["lines"][0] == HEAD.strip(), f"{head}")
    seen = centre.must("analyst", "POST", path + "/preview", {"format": "csv", "mapping": MAPPING}).json
    expect([s["line"] for s in seen["signals"]] == [2, 4] and seen["signals"][0]["amount_fen"] == 10100,
           f"the rows as read: {seen}")
    expect(seen["rejected"] == 1 and seen["rejects"][0]["line"] == 3 and seen["rejects"][0]["field"] == "金额",
           f"the rejected line: {seen}")
    wrong = {"format": "csv", "mapping": {"columns": {**MAPPING["columns"], "amount": "发生额"}}}
    answer = centre.refused(400, "analyst", "POST", path + "/preview", wrong)
    expect(centre.folder not in answer.json["detail"], f"where files lie is nobody's business: {answer}")
    expect("发生额" in answer.json["detail"] and "金额" in answer.json["detail"], f"it names the columns: {answer}")
    whole = job_of(centre, centre.must("analyst", "POST", path + "/check", {"format": "csv", "mapping": MAPPING}))
    checked = centre.get("analyst", whole["result"]).json
    expect(checked["rows"] == 3 and checked["transfers"] == 2 and checked["rejected"] == 1, f"checked: {checked}")
    expect(ledger(centre, 1) == [] and centre.state("imports", made["id"]) == "uploaded", "nothing was taken in")
    done = start(centre, made["id"])
    expect(done["state"] == "done", f"the job: {done}")
    now = centre.read("analyst", "imports", made["id"])
    expect((now["state"], now["transfers"], now["rejected"], now["import"]) == ("imported", 2, 1, 1), f"{now}")
    expect(len(ledger(centre, 1)) == 1, "it is in")
    centre.refused(403, "analyst", "GET", path + "/rejects")
    rows = list(csv.reader(io.StringIO(centre.must("analyst", "GET", path + "/rejects", purpose=WHY)
                                       .raw.decode("utf-8-sig"))))
    expect(rows[0] == ["file", "line", "field", "reason", "content"] and rows[1][:3] == ["流水.csv", "3", "金额"], f"{rows}")
    folder = centre.database + "-imports" if "://" not in centre.database else None
    if folder:
        expect(os.listdir(os.path.join(folder, str(made["id"]))).count("流水.csv") == 0, "the upload is gone")
    audit = centre.get("auditor", "/v1/audit?kind=import").json["items"]
    expect({"import.upload", "import.start", "import.finish", "export", "view"} <= {row["act"] for row in audit},
           f"all of it is in the audit: {sorted({row['act'] for row in audit})}")


def who_may_not_is_refused(centre):
    text, path = (HEAD + line(1)).encode(), "/v1/imports?name=a.csv"
    kind = {"Content-Type": "text/csv"}
    centre.refused(403, "analyst", "POST", path, text, headers=kind)  # no purpose
    for who in ("duty", "auditor", "outreach", "administrator", "bank"):
        centre.refused(403, who, "POST", path, text, headers=kind, purpose=WHY)
    centre.refused(415, "analyst", "POST", path, text, headers={"Content-Type": "image/png"}, purpose=WHY)
    centre.refused(400, "analyst", "POST", "/v1/imports", text, headers=kind, purpose=WHY)
    centre.refused(400, "analyst", "POST", path, b"", headers=kind, purpose=WHY)
    made = upload(centre, HEAD + line(1), "../../etc/passwd")
    expect("/" not in made["name"] and not made["name"].startswith("."), f"a name is no path: {made}")
    number = made["id"]
    job = start(centre, number)
    expect(job["state"] == "done", f"{job}")
    again = start(centre, number)
    expect(again["state"] == "failed", f"what is in is not started again: {again}")
    centre.act_refused(422, "analyst", "imports", number, "propose_withdrawal", {})
    centre.act("analyst", "imports", number, "propose_withdrawal", {"reason": "误导入"})
    centre.act_refused(403, "analyst", "imports", number, "approve_withdrawal")  # four eyes
    centre.act_refused(403, "duty", "imports", number, "approve_withdrawal")
    centre.act("commander", "imports", number, "keep", {"note": "数据无误"})
    expect(centre.state("imports", number) == "imported", "it stays")
    other = upload(centre, HEAD + line(5), "b.csv")
    centre.act_refused(409, "analyst", "imports", other["id"], "propose_withdrawal", {"reason": "误导入"})
    centre.act("analyst", "imports", other["id"], "discard")
    expect(start(centre, other["id"])["state"] == "failed", "what was discarded is not taken in")


def what_was_withdrawn_never_was(centre):
    first = take_in(centre, HEAD + "".join(line(n) for n in range(40)), "甲.csv")
    second = take_in(centre, HEAD + "".join(line(n) for n in range(30, 60)), "乙.csv")
    expect((first["transfers"], second["transfers"], second["duplicates"]) == (40, 20, 10), f"{first} {second}")
    before = ledger(centre, 3)
    withdraw(centre, first["id"])
    now = centre.read("analyst", "imports", first["id"])
    expect(now["kept"] == 10 and now["sequence"] == 61 and now["withdrawn_at"], f"withdrawn: {now}")
    kept = [row for row in before if row[1] >= 100 * 130]
    expect(len(before) > len(kept) > 2, f"there is something to withdraw, and to keep: {before}")
    expect(sorted(ledger(centre, 3)) == sorted(kept), f"what the other file has stays: {ledger(centre, 3)}")
    centre.restart(signal.SIGKILL)
    expect(sorted(ledger(centre, 3)) == sorted(kept), "after a kill and a restart too")
    again = take_in(centre, HEAD + "".join(line(n) for n in range(40)), "甲.csv")
    expect((again["transfers"], again["duplicates"], again["import"]) == (30, 10, 3), f"it comes in again: {again}")
    expect(sorted(ledger(centre, 3)) == sorted(before), "all of it is there")


def a_kill_leaves_it_withdrawn_or_not(centre):
    for attempt, pause in enumerate((0, 0.005, 0.03)):
        rows = range(attempt * 5000, attempt * 5000 + 3000)
        made = take_in(centre, HEAD + "".join(line(n) for n in rows), f"{attempt}.csv")
        expect(ledger(centre, 1) != [], "it is in")
        withdraw(centre, made["id"], wait=False)
        time.sleep(pause)
        centre.restart(signal.SIGKILL)
        centre.wait_state("imports", made["id"], "withdrawn")
        deadline = time.monotonic() + 60
        while centre.send("GET", "/readyz").status != 200:
            expect(time.monotonic() < deadline, "it is ready in the end")
            time.sleep(0.02)
        expect(ledger(centre, 1) == [], f"nothing of it counts: {ledger(centre, 1)[:3]}")


def a_stopped_import_goes_on(centre):
    made = upload(centre, HEAD + "".join(line(n) for n in range(60000)), "大.csv")
    answer = centre.must("analyst", "POST", f"/v1/imports/{made['id']}/start", {"format": "csv", "mapping": MAPPING})
    deadline = time.monotonic() + 60
    while centre.get("analyst", f"/v1/jobs/{answer.json['id']}").json["done"] == 0:
        expect(time.monotonic() < deadline, "it begins")
    centre.must("analyst", "DELETE", f"/v1/jobs/{answer.json['id']}")
    job = job_of(centre, answer)
    now = centre.read("analyst", "imports", made["id"])
    if job["state"] == "done":
        print("      (it was over before it could be stopped)")
        return
    expect(job["state"] == "cancelled" and now["state"] == "stopped", f"stopped: {job} {now}")
    expect(start(centre, made["id"])["state"] == "done", "it goes on")
    now = centre.read("analyst", "imports", made["id"])
    expect(now["state"] == "imported" and now["transfers"] == 60000 and now["duplicates"] == 0, f"all of it once: {now}")
    again = take_in(centre, HEAD + "".join(line(n) for n in range(60000)), "大.csv")
    expect(again["transfers"] == 0, f"the same content adds nothing: {again}")


def warnings_that_rest_on_it_say_so(centre):
    folder = os.path.join(ROOT, "tests", "replay", "task_rebate_growing")
    with open(os.path.join(folder, "transfers.csv"), encoding="utf-8") as file:
        text = file.read()
    made = upload(centre, text, "transfers.csv")
    job = start(centre, made["id"], mapping=None)
    expect(job["state"] == "done", f"{job}")
    deadline = time.monotonic() + 60
    while True:
        found = [(kind, row) for kind in ("warnings", "leads")
                 for row in centre.get("commander", f"/v1/{kind}").json["items"]]
        if found:
            break
        expect(time.monotonic() < deadline, "what was imported raised nothing")
        time.sleep(0.05)
    withdraw(centre, made["id"])
    now = centre.read("analyst", "imports", made["id"])
    marked = [row for kind, row in found if centre.read("commander", kind, row["id"]).get("withdrawn_evidence")]
    expect(now["marked"] > 0 and marked, f"what rested on it is marked: {now} {found}")
    kind, row = found[0]
    history = centre.get("commander", f"/v1/{kind}/{row['id']}/history", purpose=WHY).json["items"]
    expect(any("withdrawn" in (entry.get("note") or "") for entry in history), f"its history says so: {history}")


def a_database_of_before_is_migrated(centre):
    """Schema 5 had no imports: what was imported then stays, and what comes in from now on has its number."""
    take_in(centre, HEAD + line(1), "旧.csv")
    centre.stop()
    if centre.postgres:
        sql = ("DROP TABLE sluice.import; DROP TABLE sluice.import_part;"
               " UPDATE sluice.meta SET value = decode('00000005', 'hex') WHERE name = 'schema'")
        centre.postgres.query(centre.database, sql)
    else:
        with contextlib.closing(sqlite3.connect(centre.database)) as database:
            database.executescript("DROP TABLE import; DROP TABLE import_part; PRAGMA user_version = 5")
    centre.start()
    expect(len(ledger(centre, 1)) == 1, "what was imported before is there")
    again = take_in(centre, HEAD + line(1), "旧.csv")
    expect((again["transfers"], again["duplicates"], again["import"]) == (0, 1, None), f"and not twice: {again}")
    made = take_in(centre, HEAD + line(2), "新.csv")
    expect(made["transfers"] == 1 and made["import"] == 1, f"numbers begin: {made}")
    withdraw(centre, made["id"])
    expect(len(ledger(centre, 1)) == 1 and ledger(centre, 2) == [], "it alone is withdrawn")


if __name__ == "__main__":
    run([a_file_is_looked_at_before_it_is_taken_in, who_may_not_is_refused, what_was_withdrawn_never_was,
         a_kill_leaves_it_withdrawn_or_not, a_stopped_import_goes_on, a_database_of_before_is_migrated,
         warnings_that_rest_on_it_say_so],
        rules=os.path.join(ROOT, "rules"))
