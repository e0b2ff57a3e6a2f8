"""From a transfer that is decided on to a victim who was warned; from a call to 96110 to stops along the trace; leads,
cases, series, comments, evidence, search, events, the audit: each from its beginning to its end, over HTTP."""

import base64
import csv
import json
import os
import signal
import socket
import subprocess
import time

from centre import BIN, HOUR_MS, Check, expect, run

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", "..", ".."))
RULES = os.path.join(ROOT, "rules")


def wait_for(what, condition):
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        found = condition()
        if found:
            return found
        time.sleep(0.02)
    raise Check("did not happen: " + what)


def replayed(c, name):
    """The history of one of the rules' own tests, decided on transfer by transfer; returns the decisions."""
    folder = os.path.join(ROOT, "tests", "replay", name)
    lines = []
    accounts = os.path.join(folder, "accounts.csv")
    if os.path.exists(accounts):
        with open(accounts, encoding="utf-8") as file:
            lines += [json.dumps({"kind": "account", "key": row["key"], "time": row["time"], "type": row["type"],
                                  "holder": row["holder"]}) for row in csv.DictReader(file)]
    if lines:
        c.must("analyst", "POST", "/v1/signals", "\n".join(lines).encode(),
               headers={"Content-Type": "application/x-ndjson"})
    decisions = []
    with open(os.path.join(folder, "transfers.csv"), encoding="utf-8") as file:
        for row in csv.DictReader(file):
            body = {"kind": "transfer", "id": row["id"], "time": row["time"], "from": row["from"], "to": row["to"],
                    "amount": row["amount"]}
            decisions.append(c.must("analyst", "POST", "/v1/decisions", body).json)
    return decisions


def a_payment_is_decided_on_and_its_payer_is_warned(c):
    decisions = replayed(c, "task_rebate_large")
    alerts = [d for d in decisions if d["action"] != "allow"]
    expect(alerts and alerts[0]["typology"] == "task_rebate", decisions[-1])
    page = wait_for("a warning", lambda: c.must("duty", "GET", "/v1/warnings").json["items"])
    warning = page[0]
    expect(len(page) == 1 and warning["source"] == "finding" and warning["fraud_type"] == "task_rebate", page)
    number = warning["id"]
    # Killed and started again: the same decisions make no second warning.
    c.restart(signal.SIGKILL)
    expect(len(c.must("duty", "GET", "/v1/warnings").json["items"]) == 1, "it was taken in twice")
    c.act("duty", "warnings", number, "sign")
    for result in ["no_answer", "reached"]:
        c.must("duty", "POST", f"/v1/warnings/{number}/attempt",
               {"channel": "phone", "result": result, "is_identity_checked": result == "reached", "words": "电话劝阻"})
    attempts = c.must("duty", "GET", f"/v1/warnings/{number}/attempts").json["items"]
    expect(len(attempts) == 2 and all(a["words"] == "***" for a in attempts), attempts)
    c.act("duty", "warnings", number, "propose_closing",
          {"closing": "dissuaded", "at_risk_fen": 1200000, "averted_basis": "stated",
           "averted_words": "受害人称准备再转"})
    c.act_refused(403, "duty", "warnings", number, "approve_closing")
    c.act("commander", "warnings", number, "approve_closing")
    closed = c.read("duty", "warnings", number)
    expect(closed["state"] == "closed" and closed["averted_fen"] == 1200000, closed)
    c.later(73 * HOUR_MS)
    wait_for("the call-back to be overdue",
             lambda: c.read("duty", "warnings", number)["call_back"] in ("due", "overdue"))
    c.act("duty", "warnings", number, "call_back", {"call_back": "holds", "call_back_words": "未再转账"})
    history = c.must("duty", "GET", f"/v1/warnings/{number}/history").json["items"]
    expect({"create", "sign", "attempt", "propose_closing", "approve_closing", "call_back"} <=
           {row["act"] for row in history}, [row["act"] for row in history])


def transfer(number, sender, receiver, yuan, at):
    return {"kind": "transfer", "id": number, "time": at, "from": sender, "to": receiver, "amount": f"{yuan}.00"}


def a_report_stops_the_money_along_its_trace(c):
    lines = [transfer("V1", "account:victim", "account:mule1", 50000, "2026-11-25T09:40:00+08:00"),
             transfer("V2", "account:mule1", "account:mule2", 30000, "2026-11-25T09:41:00+08:00"),
             transfer("V3", "account:mule1", "account:mule3", 15000, "2026-11-25T09:42:00+08:00")]
    body = "\n".join(json.dumps(line) for line in lines).encode()
    answer = c.must("analyst", "POST", "/v1/signals", body, headers={"Content-Type": "application/x-ndjson"}).json
    expect(answer["accepted"] == 3, answer)
    said = "我是王小明，手机13977110001，今天上午9点40分被骗向李四账户6228480402564890018转了5万元"
    parsed = c.must("a.duty", "POST", "/v1/intake/parse", {"text": said}).json
    kinds = {item["kind"] for item in parsed["items"]}
    expect({"card", "amount", "time", "phone"} <= kinds, parsed)
    expect(parsed["transfers"][0]["amount_fen"] == 5000000, parsed)
    c.refused(403, "outreach", "POST", "/v1/intake/parse", {"text": said})
    report = c.must("a.duty", "POST", "/v1/reports", {
        "channel": "phone", "victim_name": "王小明", "victim_phone": "13977110001", "fraud_type": "task_rebate",
        "words": "刷单被骗五万元", "victim_account": "account:victim",
        "transfers": [{"to": "account:mule1", "bank": "102100000011", "name": "李四", "amount_fen": 5000000,
                       "time": "2026-11-25T09:40:00+08:00", "id": "V1"}]}, key="call-1").json
    again = c.must("a.duty", "POST", "/v1/reports", {
        "channel": "phone", "victim_name": "王小明", "victim_phone": "13977110001", "fraud_type": "task_rebate",
        "words": "刷单被骗五万元", "victim_account": "account:victim",
        "transfers": [{"to": "account:mule1", "bank": "102100000011", "name": "李四", "amount_fen": 5000000,
                       "time": "2026-11-25T09:40:00+08:00", "id": "V1"}]}, key="call-1").json
    expect(again["id"] == report["id"], "the same request made two reports")
    stops = c.must("a.duty", "GET", f"/v1/stops?report={report['id']}").json["items"]
    expect(len(stops) == 1 and stops[0]["layer"] == 1 and stops[0]["reachable_fen"] == 500000, stops)
    along = c.must("a.duty", "POST", "/v1/stops/along-trace",
                   {"transfer": "V1", "reason": "沿链止付", "report": report["id"]}).json
    expect(along["proposed"] == 2 and all(row["done"] for row in along["results"]), along)
    known = [row["stop"] for row in along["results"] if not row["new"]]
    expect(known == [stops[0]["id"]], "the report's own order is the answer, not a second one")
    start = "/v1/traces?account=account:mule1&amount_fen=5000000&at=2026-11-25T"
    by_log = c.must("a.duty", "GET", start + "09:40:00%2B08:00").json["accounts"]
    told = c.must("a.duty", "GET", start + "10:03:00%2B08:00&told=true").json["accounts"]
    wrong = c.call("a.duty", "GET", start + "10:03:00%2B08:00").json.get("accounts")
    counted = [dict(row, layer=row["layer"] + 1) for row in by_log]  # what was told was paid to a card of the first layer
    expect(told == counted and by_log != wrong, f"the minute that people tell is not where the log's money begins: {told}")
    repeated = c.must("a.duty", "POST", "/v1/stops/along-trace",
                      {"transfer": "V1", "reason": "沿链止付", "report": report["id"]}).json
    expect(repeated["proposed"] == 0 and repeated["refused"] == 0, repeated)
    ranked = c.must("a.duty", "GET", "/v1/stops?order=-reachable_fen&state=proposed").json["items"]
    amounts = [row["reachable_fen"] for row in ranked]
    expect(amounts == sorted(amounts, reverse=True) and amounts[0] == 3000000, amounts)
    items = [{"id": row["id"], "version": row["version"]} for row in ranked]
    done = c.must("a.approver", "POST", "/v1/stops/acts", {"act": "approve", "items": items}).json
    expect(done["done"] == len(items), done)
    found = c.must("a.duty", "GET", "/v1/search?q=13977110001").json["items"]
    expect(any(hit["kind"] == "report" for hit in found), found)
    expect(c.must("b.duty", "GET", "/v1/search?q=13977110001").json["items"] == [], "another district finds it")
    case = c.act("a.investigator", "reports", report["id"], "to_case", {"case_title": "王小明被刷单案"})
    expect(case["state"] == "in_case" and case["case"], case)
    bulk_evidence(c, case["case"])


def bulk_evidence(c, case):
    data = b"\x89PNG\r\n fake screenshot"
    made = c.must("a.investigator", "POST", f"/v1/cases/{case}/evidence",
                  {"name": "聊天截图.png", "media": "image/png", "bytes": base64.b64encode(data).decode()})
    import hashlib
    page = c.must("a.investigator", "GET", f"/v1/cases/{case}/evidence").json["items"]
    expect(page[0]["sha256"] == hashlib.sha256(data).hexdigest(), made)
    c.must("a.investigator", "POST", f"/v1/cases/{case}/comments", {"words": "请补充流水"})
    c.refused(404, "b.investigator", "POST", f"/v1/cases/{case}/comments", {"words": "看看"})
    expect(len(c.must("a.commander", "GET", f"/v1/cases/{case}/comments").json["items"]) == 1, "no comment")


def no_lead_is_left_overnight(c):
    lead = c.make("a.duty", "leads", {"type": "run_point", "subject": "account:6222021234567890123",
                                      "title": "疑似跑分账户", "source": "tip", "reference": "群众举报 17"})
    again = c.must("a.duty", "POST", "/v1/leads", {"type": "run_point", "subject": "account:6222021234567890123",
                                                   "title": "疑似跑分账户", "source": "partner", "reference": "银行 3"})
    expect(again.json["id"] == lead, "a duplicate made a second lead")
    expect(len(c.must("a.duty", "GET", f"/v1/leads/{lead}/sources").json["items"]) == 2, "a source was lost")
    due = c.read("a.duty", "leads", lead)["due"]
    expect(due.startswith("2026-11-26T00:00:00") or due.startswith("2026-11-25T23:59:59"), due)
    c.act("a.duty", "leads", lead, "assign", {"assignee": c.users["a.investigator"]})
    c.until(1795622400000)  # midnight
    wait_for("the lead to be escalated",
             lambda: any(row["act"] == "escalate"
                         for row in c.must("commander", "GET", f"/v1/leads/{lead}/history").json["items"]))
    c.act("a.investigator", "leads", lead, "accept")
    c.act_refused(422, "a.investigator", "leads", lead, "finish", {})
    done = c.act("a.investigator", "leads", lead, "to_case", {"case_title": "跑分案", "feedback": "已转为案件"})
    expect(done["state"] == "became_case" and done["case"], done)


def consoles_hear_what_is_theirs(c):
    def stream(who, last=None):
        connection = socket.create_connection(("127.0.0.1", c.port), timeout=60)
        request = f"GET /v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {c.token(who)}\r\n"
        request += f"Last-Event-ID: {last}\r\n" if last else ""
        connection.sendall((request + "\r\n").encode())
        file = connection.makefile("rb")
        for raw in file:
            if raw.startswith(b"retry:"):  # it hears from here on
                return file
        raise Check("the stream did not begin")

    def next_event(file):
        event = {}
        for raw in file:
            line = raw.decode().rstrip("\r\n")
            if line.startswith(("id:", "event:", "data:")):
                name, value = line.split(":", 1)
                event[name] = value.strip()
            elif line == "" and "data" in event and event.get("event") not in (None, "reset"):
                return event
        raise Check("the stream ended")

    a, b = stream("a.duty"), stream("b.duty")
    first = c.make("a.duty", "stops", {"account": "account:1", "reason": "x"})
    second = c.make("b.duty", "stops", {"account": "account:2", "reason": "x"})
    heard_a, heard_b = next_event(a), next_event(b)
    expect(json.loads(heard_a["data"])["id"] == first and heard_a["event"] == "stop", heard_a)
    expect(json.loads(heard_b["data"])["id"] == second, "a district hears another's")
    a.close()
    third = c.make("a.duty", "stops", {"account": "account:3", "reason": "x"})
    resumed = next_event(stream("a.duty", heard_a["id"]))
    expect(json.loads(resumed["data"])["id"] == third, resumed)


def the_trail_is_whole_and_shows_who_tampered(c):
    c.make("duty", "stops", {"account": "account:1", "reason": "x"})
    c.refused(404, "b.commander", "GET", "/v1/stops/1")
    rows = c.must("auditor", "GET", "/v1/audit?act=refused").json["items"]
    expect(any(row["login"] == "b.commander" for row in rows), rows)
    c.refused(403, "administrator", "GET", "/v1/audit")
    job = c.must("auditor", "POST", "/v1/audit/verify")
    expect(job.status == 202 and job.headers["location"].startswith("/v1/jobs/"), job)
    done = wait_for("the job", lambda: (lambda j: j if j["state"] in ("done", "failed") else None)(
        c.must("auditor", "GET", job.headers["location"]).json))
    expect(done["state"] == "done", done)
    c.stop()
    if c.database.startswith("postgres"):
        return
    verify = [BIN, "audit", "--db", c.database, "--witness", c.witness]
    good = subprocess.run(verify, capture_output=True, text=True)
    expect(good.returncode == 0, good.stderr)
    # An administrator with the database file and SQL, but without the program's secret; the witness is only asked where
    # the trail alone cannot tell.
    rewritten = "UPDATE desk_audit SET id = -id WHERE id IN (5, 6)", "UPDATE desk_audit SET id = 11 + id WHERE id < 0"
    for statements in [["UPDATE desk_audit SET login = 'somebody' WHERE id = 5"], ["DELETE FROM desk_audit WHERE id = 5"],
                       ["DELETE FROM desk_audit WHERE id > 5"], ["DELETE FROM desk_audit"], rewritten,
                       ["DELETE FROM desk_audit WHERE id > 5",
                        "UPDATE record_table SET next_id = 6 WHERE name = 'audit'"]]:
        bad = tampered(c, statements)
        expect(bad.returncode != 0 and bad.stderr, f"{statements}: {bad}")
    c.process = None


def tampered(c, statements):
    """What `sluice audit` says of a copy that these were done to."""
    import shutil
    import sqlite3
    copy = os.path.join(c.folder, "tampered.db")
    shutil.copy(c.database, copy)
    database = sqlite3.connect(copy)
    for statement in statements:
        database.execute(statement)
    database.commit()
    database.close()
    said = subprocess.run([BIN, "audit", "--db", copy], capture_output=True, text=True)
    for end in ["", "-wal", "-snapshot"]:
        if os.path.exists(copy + end):
            os.remove(copy + end)
    return said


if __name__ == "__main__":
    run([a_payment_is_decided_on_and_its_payer_is_warned, a_report_stops_the_money_along_its_trace,
         no_lead_is_left_overnight, consoles_hear_what_is_theirs, the_trail_is_whole_and_shows_who_tampered],
        rules=RULES)
