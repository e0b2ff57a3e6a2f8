"""Stop payments over HTTP, from proposal to their end."""

from centre import HOUR_MS, expect, run

ACCOUNT = "account:6228480402564890018"
BANK = "102100000011"
PROPOSAL = {"account": ACCOUNT, "institution": BANK, "holder": "张三丰", "amount_fen": 5000000, "reason": "受害人报警"}


def propose(c, who="duty", **more):
    return c.make(who, "stops", dict(PROPOSAL, **more))


def stopped(c):
    stop = propose(c)
    c.act("approver", "stops", stop, "approve")
    c.act("bank", "stops", stop, "confirm", {"stopped_at": c.text(), "balance_fen": 7, "result_code": "100000"})
    return stop


def a_stop_ends_after_48_hours_to_the_second(c):
    stop = stopped(c)
    at = c.now_ms
    record = c.read("duty", "stops", stop)
    expect(record["state"] == "stopped" and record["expires_at"] == c.text(at + 48 * HOUR_MS), record)
    c.until(at + 48 * HOUR_MS - 1)
    c.tokens.pop("commander", None)
    expect(c.state("stops", stop) == "stopped", "it ended too early")
    c.until(max(c.now_ms, at + 48 * HOUR_MS))
    c.wait_state("stops", stop, "lapsed")
    expect(c.read("duty", "stops", stop)["ended_at"] == c.text(at + 48 * HOUR_MS), "it ended at another moment")


def a_banks_clock_is_not_ours(c):
    """A little ahead of now is now, a little before the approval is the approval: no 48 hours begin in time to come."""
    skew_ms = 5 * 60 * 1000
    for n, (away_ms, expected_ms) in enumerate([(skew_ms, 0), (1000, 0), (-1000, -1000), (-10000 - skew_ms, -10000)]):
        stop = propose(c, account=f"account:622848040256489004{n}")
        c.act("approver", "stops", stop, "approve")
        c.later(10000)
        for too_far in (skew_ms + 1, -10000 - skew_ms - 1):
            answer = c.refused(422, "bank", "POST", f"/v1/stops/{stop}/confirm", {"stopped_at": c.text(c.now_ms + too_far)}, version=2)
            expect("/stopped_at" in answer.raw.decode(), answer)
        c.act("bank", "stops", stop, "confirm", {"stopped_at": c.text(c.now_ms + away_ms)})
        record = c.read("duty", "stops", stop)
        expect(record["expires_at"] == c.text(c.now_ms + expected_ms + 48 * HOUR_MS), record)


def a_stop_ends_although_the_daemon_was_killed(c):
    import signal
    stop = stopped(c)
    at = c.now_ms
    c.stop(signal.SIGKILL)
    c.until(at + 48 * HOUR_MS + 5000)
    c.start()
    c.wait_state("stops", stop, "lapsed")
    expect(c.read("duty", "stops", stop)["ended_at"] == c.text(at + 48 * HOUR_MS), "it ended at another moment")


def no_third_stop(c):
    stop = stopped(c)
    c.act("duty", "stops", stop, "extend", {"note": "立案中"})
    answer = c.refused(409, "duty", "POST", "/v1/stops", PROPOSAL)
    expect("86号" in answer.json["detail"], answer)


def one_number_is_one_account(c):
    """However it is written, and whatever stands before it: the third stop of a number is the third."""
    number = ACCOUNT.split(":")[1]
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in number)
    propose(c, account="account:" + wide)
    propose(c, account="card:" + number)
    for written in (number, wide, "-".join(number[at:at + 4] for at in range(0, len(number), 4)), number + "\u200b"):
        for kind in ("account:", "card:"):
            answer = c.refused(409, "duty", "POST", "/v1/stops", dict(PROPOSAL, account=kind + written))
            expect("86号" in answer.json["detail"], answer)
    shown = c.must("duty", "GET", "/v1/stops?order=id", purpose="核对警情一号的收款账户").json["items"]
    expect([row["account"] for row in shown] == [ACCOUNT, "card:" + number], shown)


def an_upheld_appeal_lifts_both_stops(c):
    """What extends a stop ends with it, and it with what extends it: the account is free at once."""
    for against in (0, 1):
        account = f"account:622848040256489003{against}"
        first = propose(c, account=account)
        c.act("approver", "stops", first, "approve")
        c.act("bank", "stops", first, "confirm", {"stopped_at": c.text()})
        c.act("duty", "stops", first, "extend", {"note": "立案中"})
        stops = [first, max(row["id"] for row in c.get("duty", "/v1/stops").json["items"])]
        c.act("approver", "stops", stops[1], "approve")
        c.act("bank", "stops", stops[1], "confirm", {"stopped_at": c.text()})
        appeal = c.make("duty", "appeals", {"measure": "stop", "order": stops[against], "by": "张三", "words": "与本人无关"})
        c.act("commander", "appeals", appeal, "uphold", {"answer": "属实"})
        expect([c.state("stops", stop) for stop in stops] == ["released", "released"], f"{against}: a stop stands")


def who_may_not(c):
    stop = propose(c, "a.duty")
    c.refused(401, None, "GET", f"/v1/stops/{stop}")
    c.refused(404, "b.commander", "GET", f"/v1/stops/{stop}")
    c.act_refused(404, "b.commander", "stops", stop, "approve")
    c.act_refused(403, "a.duty", "stops", stop, "approve")
    c.act_refused(403, "outreach", "stops", stop, "approve")
    c.refused(403, "auditor", "POST", "/v1/stops", PROPOSAL)
    c.refused(404, "other_bank", "GET", f"/v1/stops/{stop}")
    expect(c.get("b.duty", "/v1/stops").json["items"] == [], "another district's list shows it")
    expect(len(c.get("a.duty", "/v1/stops").json["items"]) == 1, "its own district's list does not")
    expect(len(c.get("bank", "/v1/stops").json["items"]) == 1, "the bank's list does not show it")
    expect(c.get("other_bank", "/v1/stops").json["items"] == [], "another bank's list shows it")
    proposed_by_commander = propose(c, "commander", account="account:6228480402564890026")
    c.act_refused(403, "commander", "stops", proposed_by_commander, "approve")


def personal_data_is_masked_without_a_purpose(c):
    stop = propose(c)
    plain = c.read("duty", "stops", stop)
    expect(plain["holder"] == "张**" and plain["account"] == "account:6228****0018", plain)
    shown = c.read("duty", "stops", stop, purpose="核对警情一号的收款账户")
    expect(shown["holder"] == "张三丰" and shown["account"] == ACCOUNT, shown)
    c.refused(400, "duty", "GET", f"/v1/stops/{stop}", purpose="x")
    expect(c.read("auditor", "stops", stop, purpose="审计人员想看一看")["holder"] == "张**", "an auditor sees names")
    rows = c.must("auditor", "GET", "/v1/audit?act=view_shown&kind=stop").json["items"]
    expect(len(rows) == 1 and rows[0]["purpose"] == "核对警情一号的收款账户", rows)


def versions_and_keys(c):
    stop = propose(c)
    c.refused(428, "approver", "POST", f"/v1/stops/{stop}/approve", {})
    c.act_refused(412, "approver", "stops", stop, "approve", version=9)
    first = c.must("duty", "POST", "/v1/stops", dict(PROPOSAL, account="account:1"), key="k-1")
    again = c.must("duty", "POST", "/v1/stops", dict(PROPOSAL, account="account:1"), key="k-1")
    expect(first.status == 201 and again.status == 201 and first.json["id"] == again.json["id"], again)
    c.refused(409, "duty", "POST", "/v1/stops", dict(PROPOSAL, account="account:2"), key="k-1")
    c.restart()
    later = c.must("duty", "POST", "/v1/stops", dict(PROPOSAL, account="account:1"), key="k-1")
    expect(later.json["id"] == first.json["id"], "after a restart it happened twice")
    answer = c.act_refused(422, "approver", "stops", stop, "refuse", {})
    expect(answer.json["errors"][0]["pointer"] == "/note", answer)
    answer = c.refused(422, "duty", "POST", "/v1/stops", {"account": "x", "amount_fen": -1, "other": 1})
    expect({e["pointer"] for e in answer.json["errors"]} >= {"/account", "/amount_fen", "/other"}, answer)


def bulk_says_for_each(c):
    mine = [propose(c, "duty", account=f"account:{i}") for i in range(3)]
    theirs = propose(c, "commander", account="account:9")
    items = [{"id": i, "version": 1} for i in [*mine, theirs, 999]]
    answer = c.must("commander", "POST", "/v1/stops/acts", {"act": "approve", "items": items})
    done = [row["done"] for row in answer.json["results"]]
    expect(done == [True, True, True, False, False] and answer.json["refused"] == 2, answer)
    expect("four eyes" in answer.json["results"][3]["why"], answer)


def pages_go_on_where_they_ended(c):
    for i in range(12):
        propose(c, account=f"account:{i}")
    seen, path = [], "/v1/stops?limit=5"
    while path:
        answer = c.must("duty", "GET", path)
        seen += [row["id"] for row in answer.json["items"]]
        if len(seen) == 5:
            propose(c, account="account:new")  # comes before what is still to be read
        link = answer.headers.get("link")
        path = link.split("<")[1].split(">")[0] if link else None
    expect(seen == sorted(seen, reverse=True) and len(seen) == 12, seen)
    c.refused(400, "duty", "GET", "/v1/stops?cursor=forged")
    c.refused(400, "duty", "GET", "/v1/stops?order=holder")


def openapi_inputs(c):
    """Each whole number that some body takes: operation, path to it, its schema."""
    document = c.must(None, "GET", "/openapi.json").json
    for path, item in document["paths"].items():
        for method, operation in item.items():
            body = operation.get("requestBody", {}).get("content", {}).get("application/json") if isinstance(operation, dict) else None
            schema = body and document["components"]["schemas"][body["schema"]["$ref"].split("/")[-1]]
            for name, field in (schema or {}).get("properties", {}).items():
                if field.get("format") == "int64":
                    yield f"{method} {path}", name, field


def no_amount_of_nothing(c):
    """What is ordered, lost or paid is more than nothing; a number of things is not less than none."""
    for fen in (0, -1, 10**13 + 1):
        answer = c.refused(422, "duty", "POST", "/v1/stops", dict(PROPOSAL, amount_fen=fen))
        expect(answer.json["errors"][0]["pointer"] == "/amount_fen", answer)
        transfers = [{"to": ACCOUNT, "amount_fen": 500}, {"to": ACCOUNT, "amount_fen": fen}]
        answer = c.refused(422, "duty", "POST", "/v1/reports",
                           {"channel": "phone", "victim_name": "张三", "transfers": transfers})
        expect("transfers/1/amount_fen" in answer.json["errors"][0]["pointer"], answer)
    c.refused(422, "duty", "POST", "/v1/stops", dict(PROPOSAL, layer=-1))
    for nothing in ("", " ", "\u3000", "\u200b\u2060", "\ufeff \u00a0"):  # a reason that nobody can read is none
        answer = c.refused(422, "duty", "POST", "/v1/stops", dict(PROPOSAL, reason=nothing))
        expect(answer.json["errors"][0]["pointer"] == "/reason", answer)
    expect(c.must("duty", "GET", "/v1/stops").json["items"] == [], "something of it was kept")
    signed = {"latitude_e6", "longitude_e6", "from_balance_fen", "to_balance_fen"}  # south, west, overdrawn
    found = list(openapi_inputs(c))
    below = [f"{where} {name}" for where, name, field in found if field.get("minimum", -1) < 0 and name not in signed]
    expect(len(found) > 100 and below == [], below)



def the_largest_amounts_add_up(c):
    """Figures of many amounts as large as one may be are figures."""
    transfers = [{"to": f"account:{n}", "amount_fen": 10**13} for n in range(100)]
    for n in range(3):
        report = c.must("duty", "POST", "/v1/reports", {"channel": "phone", "victim_name": f"人{n}", "transfers": transfers,
                                                        "stop": False}).json
        expect(report["loss_fen"] == 10**15, report)
    span = "from=2026-01-01T00:00:00%2B08:00&to=2027-01-01T00:00:00%2B08:00"
    figures = c.must("commander", "GET", f"/v1/figures?{span}").raw.decode()
    expect(str(3 * 10**15) in figures, figures[:500])


if __name__ == "__main__":
    run([a_stop_ends_after_48_hours_to_the_second, a_banks_clock_is_not_ours, a_stop_ends_although_the_daemon_was_killed, no_third_stop,
         one_number_is_one_account, an_upheld_appeal_lifts_both_stops, who_may_not, personal_data_is_masked_without_a_purpose, versions_and_keys,
         bulk_says_for_each, pages_go_on_where_they_ended, no_amount_of_nothing, the_largest_amounts_add_up])
