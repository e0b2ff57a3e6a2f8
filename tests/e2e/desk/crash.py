"""Killed in the middle of work: nothing that was acknowledged is lost, nothing happens twice, no measure outlives its
term. The daemon is killed on both databases, and PostgreSQL's whole server too."""

import http.client
import json
import random
import signal
import threading
import time

from centre import BEGIN_MS, HOUR_MS, Check, expect, run


def worker(c, token, number, done, stop):
    """Makes stops one after another, each with a key of its own, and notes what was acknowledged. A request without an
    answer is sent again until it has one, as a client would."""
    connection, count = None, 0
    while not stop.is_set():
        key = f"{number}-{count}"
        body = f'{{"account":"account:{number}{count:06d}","amount_fen":{count + 1},"reason":"kill test"}}'
        try:
            if connection is None:
                connection = http.client.HTTPConnection("127.0.0.1", c.port, timeout=60)
            connection.request("POST", "/v1/stops", body, {
                "Content-Type": "application/json", "Authorization": "Bearer " + token, "Idempotency-Key": key})
            answer = connection.getresponse()
            text = answer.read()
            if answer.status == 201:
                done[key] = json.loads(text)["id"]
                count += 1
            elif answer.status not in (429, 503, 500):
                done["failed"] = f"{answer.status} {text!r}"
                return
            else:
                time.sleep(0.01)
        except (OSError, http.client.HTTPException):
            connection = None
            time.sleep(0.01)


def under_kills(c, kill):
    token = c.token("duty")
    stop, results = threading.Event(), [{} for _ in range(4)]
    threads = [threading.Thread(target=worker, args=(c, token, i, results[i], stop)) for i in range(4)]
    for thread in threads:
        thread.start()
    seed = random.randrange(1 << 30)
    print(f"seed {seed}")
    choose = random.Random(seed)
    for _ in range(5):
        time.sleep(0.2 + choose.random() * 0.4)
        kill(c)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and any(len(done) < 5 and "failed" not in done for done in results):
        time.sleep(0.02)  # on a slow machine less is done between two kills
    time.sleep(0.5)
    stop.set()
    for thread in threads:
        thread.join()
    return results


class Line:
    """One who works over a connection of his own and asks again, with the same key, until he has an answer."""

    def __init__(self, c, name):
        self.c, self.name, self.connection, self.count = c, name, None, 0

    def ask(self, who, path, body, version=None):
        self.count += 1
        headers = {"Content-Type": "application/json", "Authorization": "Bearer " + self.c.tokens[who],
                   "Idempotency-Key": f"{self.name}-{self.count}"}
        headers.update({"If-Match": f'"{version}"'} if version else {})
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                if self.connection is None:
                    self.connection = http.client.HTTPConnection("127.0.0.1", self.c.port, timeout=60)
                self.connection.request("POST", path, json.dumps(body), headers)
                answer = self.connection.getresponse()
                text = answer.read()
                if answer.status not in (429, 500, 503):
                    expect(answer.status in (200, 201), f"{path}: {answer.status} {text!r}")
                    return json.loads(text)
            except (OSError, http.client.HTTPException):
                self.connection = None
            time.sleep(0.01)
        raise Check(f"{path}: no answer in a minute")


# What one does after the other: who, act, body; the record's state after it.
JOURNEYS = {
    "freezes": [("a.approver", "approve", lambda c: {}, "approved"),
                ("bank", "confirm", lambda c: {"frozen_at": c.text(), "executed_fen": 2000000}, "frozen"),
                ("a.investigator", "renew_propose", lambda c: {"renewal_months": 6, "note": "侦查中"}, "renewing"),
                ("a.approver", "renew_approve", lambda c: {}, "frozen")],
    "warnings": [("a.duty", "sign", lambda c: {}, "signed"),
                 ("a.duty", "attempt", lambda c: {"channel": "visit", "result": "dissuaded", "is_face_to_face": True}, "working"),
                 ("a.duty", "propose_closing", lambda c: {"closing": "dissuaded", "at_risk_fen": 100, "averted_basis": "balance"}, "closing"),
                 ("a.commander", "approve_closing", lambda c: {}, "closed")],
    "returns": [("a.investigator", "submit", lambda c: {"officer_1": c.users["a.investigator"], "officer_2": c.users["a.duty"]}, "submitted"),
                ("commander", "approve", lambda c: {}, "approved"), ("a.investigator", "notify", lambda c: {}, "notified"),
                ("bank", "execute", lambda c: {"executed_at": c.text()}, "executed")],
}


def begun(c, line, collection, number, case):
    """A new record to lead along its journey."""
    if collection == "warnings":
        return line.ask("a.duty", "/v1/warnings", {"phone": f"1397711{number:04d}", "tier": "high", "reason": "x", "source": "tip"})
    freeze = line.ask("a.investigator", "/v1/freezes", {
        "account": f"account:62284804025649{'1' if collection == 'freezes' else '2'}{number:05d}", "institution": "102100000011",
        "scope": "amount", "amount_fen": 2000000, "case": case, "reason": "涉案资金"})
    if collection == "freezes":
        return freeze
    for who, act, body, _ in JOURNEYS["freezes"][:2]:
        freeze = line.ask(who, f"/v1/freezes/{freeze['id']}/{act}", body(c), freeze["version"])
    return line.ask("a.investigator", "/v1/returns", {
        "freeze": freeze["id"], "losses": [{"party": f"A{number}", "loss_fen": 2000000, "to_account": "account:99"}],
        "entries": [{"time": "2026-11-01T10:00:00+08:00", "direction": "in", "amount_fen": 2000000,
                     "party": f"A{number}"}]})


def traveller(c, collection, case, stop, done):
    line, number = Line(c, collection), 0
    try:
        while not stop.is_set():
            record = begun(c, line, collection, number, case)
            done[record["id"]] = record["state"]
            for who, act, body, state in JOURNEYS[collection]:
                record = line.ask(who, f"/v1/{collection}/{record['id']}/{act}", body(c), record["version"])
                expect(record["state"] == state, record)
                done[record["id"]] = state
            number += 1
    except Exception as fault:
        done["failed"] = fault


def journeys_under_kills(c, kill):
    """Freezes, warnings and returns go their way while everything dies: each act that was acknowledged is there, once."""
    for who in ["a.duty", "a.investigator", "a.approver", "a.commander", "commander", "auditor"]:
        c.token(who)
    case = c.make("a.investigator", "cases", {"title": "案", "fraud_type": "task_rebate"})
    c.act("a.investigator", "cases", case, "request_filing", {"note": "有犯罪事实发生"})
    c.act("a.commander", "cases", case, "approve_filing", {"filing_number": "A1"})
    stop, done = threading.Event(), {collection: {} for collection in JOURNEYS}
    threads = [threading.Thread(target=traveller, args=(c, collection, case, stop, done[collection])) for collection in JOURNEYS]
    for thread in threads:
        thread.start()
    for _ in range(4):
        time.sleep(0.5 + random.random())
        kill(c)
    time.sleep(0.5)
    stop.set()
    for thread in threads:
        thread.join()
    for collection, journey in JOURNEYS.items():
        expect("failed" not in done[collection], f"{collection}: {done[collection].get('failed')}")
        for number, state in done[collection].items():
            expect(c.state(collection, number) == state, f"{collection}/{number} was acknowledged as {state}")
            history = [row["act"] for row in c.must("commander", "GET", f"/v1/{collection}/{number}/history").json["items"]]
            for _, act, _, _ in journey:
                expect(history.count(act) <= 1, f"{collection}/{number}: {act} happened twice: {history}")
            if collection == "freezes" and state == "frozen" and "renew_approve" in history:
                expires = c.read("commander", "freezes", number)["expires_at"]
                expect(expires.startswith("2027-11-25T10:00:00"), f"renewed twice, or not: {expires}")
            if collection == "returns" and state == "executed":
                freeze = c.read("commander", "freezes", c.read("commander", "returns", number)["freeze"])
                expect(freeze["returned_fen"] == 2000000, f"paid twice, or not: {freeze['returned_fen']} of {c.read('commander', 'returns', number)}")
    print("      " + ", ".join(f"{len(each)} {name}" for name, each in done.items()))
    # And none outlives its term: the server dies once more, and the time passes meanwhile.
    held = [number for number, state in done["freezes"].items() if state == "frozen"]
    c.stop(signal.SIGKILL)
    c.until(BEGIN_MS + 366 * 24 * HOUR_MS)
    c.start()
    for number in held[:5]:
        c.wait_state("freezes", number, "lapsed")


def journeys_while_the_daemon_is_killed(c):
    journeys_under_kills(c, lambda centre: centre.restart(signal.SIGKILL))


def journeys_while_the_database_server_is_killed(c):
    def kill(centre):
        centre.postgres.kill()
        centre.postgres.start()

    if c.postgres is not None:
        journeys_under_kills(c, kill)


def check(c, results):
    made = {}
    for number, done in enumerate(results):
        expect("failed" not in done, done.get("failed"))
        expect(len(done) > 3, f"worker {number} got hardly anything done: {len(done)}")
        for key, record in done.items():
            expect(record not in made, f"{key} and {made.get(record)} are one record")
            made[record] = key
    accounts, path = {}, "/v1/stops?limit=500"
    while path:
        answer = c.must("duty", "GET", path, purpose="核对断电后的止付记录")
        for row in answer.json["items"]:
            expect(row["account"] not in accounts, f"{row['account']} was stopped twice")
            accounts[row["account"]] = row["id"]
        link = answer.headers.get("link")
        path = link.split("<")[1].split(">")[0] if link else None
    for record, key in made.items():
        number, count = key.split("-")
        account = f"account:{number}{int(count):06d}"
        expect(accounts.get(account) == record, f"{key} was acknowledged as {record} and is {accounts.get(account)}")
    # What was not acknowledged may be there once: the last of each worker.
    expect(len(accounts) - len(made) <= len(results), f"{len(accounts)} records, {len(made)} acknowledged")
    print(f"{len(made)} acknowledged")
    job = c.must("auditor", "POST", "/v1/audit/verify")
    deadline = time.monotonic() + 60
    while True:
        state = c.must("auditor", "GET", job.headers["location"]).json["state"]
        if state in ("done", "failed"):
            break
        expect(time.monotonic() < deadline, "the audit was not verified in time")
        time.sleep(0.05)
    result = c.must("auditor", "GET", job.headers["location"] + "/result").json
    expect(result["whole"] is True, result)


def the_daemon_is_killed(c):
    check(c, under_kills(c, lambda centre: centre.restart(signal.SIGKILL)))


def the_database_server_is_killed(c):
    if c.postgres is None:
        return

    def kill(centre):
        centre.postgres.kill()
        centre.postgres.start()

    check(c, under_kills(c, kill))


def no_measure_outlives_its_term(c):
    stop = c.make("duty", "stops", {"account": "account:1", "institution": "102100000011", "reason": "x"})
    c.act("approver", "stops", stop, "approve")
    c.act("bank", "stops", stop, "confirm", {"stopped_at": c.text()})
    c.stop(signal.SIGKILL)
    c.until(BEGIN_MS + 48 * HOUR_MS + 1)
    c.start()
    c.wait_state("stops", stop, "lapsed")
    record = c.read("duty", "stops", stop)
    expect(record["ended_at"] == c.text(BEGIN_MS + 48 * HOUR_MS), record)


if __name__ == "__main__":
    run([the_daemon_is_killed, the_database_server_is_killed, no_measure_outlives_its_term,
         journeys_while_the_daemon_is_killed, journeys_while_the_database_server_is_killed], is_durable=True)
