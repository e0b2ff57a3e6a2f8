"""Killed in the middle of work: nothing that was acknowledged is lost, nothing happens twice, no measure outlives its
term. The daemon is killed on both databases, and PostgreSQL's whole server too."""

import http.client
import json
import random
import signal
import threading
import time

from centre import BEGIN_MS, HOUR_MS, expect, run


def worker(c, token, number, done, stop):
    """Makes stops one after another, each with a key of its own, and notes what was acknowledged. A request without an
    answer is sent again until it has one, as a client would."""
    connection, count = None, 0
    while not stop.is_set():
        key = f"{number}-{count}"
        body = f'{{"account":"account:{number}{count:06d}","amount_fen":{count},"reason":"kill test"}}'
        try:
            if connection is None:
                connection = http.client.HTTPConnection("127.0.0.1", c.port, timeout=10)
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
    time.sleep(0.5)
    stop.set()
    for thread in threads:
        thread.join()
    return results


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
    deadline = time.monotonic() + 30
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
    run([the_daemon_is_killed, the_database_server_is_killed, no_measure_outlives_its_term])
