"""The portal of partners: a bank sees and answers its own requests alone, under a clock; signed; messages of its own."""

import hashlib
import hmac
import json
import os

from city import City, expect
from centre import run  # city.py knows where

BANK, OTHER = "102100000011", "103100000012"
MINUTE_MS = 60000


def sign(key, method, path, at, nonce, body):
    text = "\n".join([method, path, at, nonce, hashlib.new("sm3", body).hexdigest()]).encode()
    return hmac.new(key.encode(), text, lambda data=b"": hashlib.new("sm3", data)).hexdigest()


def signed(c, who, method, path, body=None, key="secret of " + BANK, nonce=None, shift_ms=0):
    data = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
    at, nonce = str(c.now_ms + shift_ms), nonce or os.urandom(16).hex()
    headers = {"Authorization": "ApiKey " + c.tokens[who], "Sluice-Timestamp": at, "Sluice-Nonce": nonce,
               "Sluice-Signature": sign(key, method, path, at, nonce, data)}
    if body is not None:
        headers["Content-Type"] = "application/json"
    return c.send(method, path, data if body is not None else None, headers)


def only_ones_own_and_by_urgency(c):
    own = c.order(3, [BANK])
    other = c.order(2, [OTHER], first=10)
    c.later(20 * MINUTE_MS)
    fresh = c.order(1, [BANK], first=20)
    c.later(11 * MINUTE_MS)
    answer = c.get("bank", "/v1/partner/requests").json
    ids = [item["record"]["id"] for item in answer["items"]]
    expect(ids == own + fresh, f"own requests, the most urgent first: {ids}")
    expect([item["late"] for item in answer["items"]] == [True] * 3 + [False], f"late ones are marked: {answer}")
    expect(answer["open"] == 4 and answer["late"] == 3, f"counts: {answer['open']} {answer['late']}")
    expect(answer["items"][0]["record"]["holder"] == "张**", "masked without a purpose")
    expect(len(c.get("other_bank", "/v1/partner/requests").json["items"]) == 2, "the other bank's own")
    c.refused(403, "duty", "GET", "/v1/partner/requests")
    answers = [{"kind": "stop", "id": own[0], "act": "confirm", "input": {"stopped_at": c.text()}},
               {"kind": "stop", "id": own[1], "act": "mismatch", "input": {"result": "户名不符"}},
               {"kind": "stop", "id": other[0], "act": "confirm", "input": {"stopped_at": c.text()}},
               {"kind": "stop", "id": own[2], "act": "approve", "input": {}},
               {"kind": "stop", "id": own[2], "act": "confirm", "input": {"stopped_at": "gestern"}}]
    result = c.must("bank", "POST", "/v1/partner/answers", {"items": answers}).json
    expect([row["done"] for row in result["results"]] == [True, True, False, False, False], f"one by one: {result}")
    expect("there is no stop" in result["results"][2]["why"], f"another bank's: {result['results'][2]}")
    states = c.states()
    expect([states[n] for n in own + other] == ["stopped", "mismatched", "approved", "approved", "approved"],
           f"states: {states}")


def signed_and_never_twice(c):
    c.write_key(BANK + ".key", "secret of " + BANK)
    c.link(BANK, "http://127.0.0.1:9/police")
    c.refused(401, "bank", "GET", "/v1/partner/requests")
    expect(signed(c, "bank", "GET", "/v1/partner/requests").status == 200, "signed as it should be")
    expect(signed(c, "bank", "GET", "/v1/partner/requests", key="another").status == 401, "another key")
    expect(signed(c, "bank", "GET", "/v1/partner/requests", shift_ms=-301000).status == 401, "too old")
    stop = c.order(1, [BANK])[0]
    body = {"items": [{"kind": "stop", "id": stop, "act": "confirm", "input": {"stopped_at": c.text()}}]}
    path, nonce = "/v1/partner/answers", "0123456789abcdef0123456789abcdef"
    data = json.dumps(body).encode()
    at = str(c.now_ms)
    headers = {"Authorization": "ApiKey " + c.tokens["bank"], "Sluice-Timestamp": at, "Sluice-Nonce": nonce,
               "Content-Type": "application/json", "Sluice-Signature": sign("secret of " + BANK, "POST", path, at, nonce,
                                                                            data)}
    tampered = c.send("POST", path, data.replace(b"confirm", b"mismatch"), headers)
    expect(tampered.status == 401, f"changed on its way: {tampered}")
    first, again = c.send("POST", path, data, headers), c.send("POST", path, data, headers)
    expect(first.status == 200 and first.json["done"] == 1, f"taken: {first}")
    expect(again.status == 409, f"a replay: {again}")
    c.restart()
    replayed = c.send("POST", path, data, headers)
    expect(replayed.status == 409, f"after a restart too: {replayed}")


def messages_of_the_banks_own(c):
    partners = c.open_banks(1, faults={"deaf": 1}, link={"answer_within": "10m"})
    stop = c.order(1, partners)[0]
    c.wait("sending", lambda: c.deliveries()[0]["attempts"] > 0)
    serial = c.deliveries()[0]["serial"]
    feedback = {"TxCode": "100102", "SerialNumber": serial, "Result": "100000", "AccountBalance": "88.80",
                "StartTime": c.text()[:19].replace("-", "").replace("T", "").replace(":", "")}
    path = "/v1/partner/messages"
    for field, value in (("Result", "999999"), ("AccountBalance", "12.345"), ("StartTime", "yesterday"),
                         ("SerialNumber", ""), ("FeedbackRemark", "x" * 1001), ("AccountBalance", "-1")):
        answer = signed(c, "bank", "POST", path, dict(feedback, **{field: value}))
        expect(answer.status == 422 and field in answer.json["detail"], f"{field}={value[:20]}: {answer}")
    expect(signed(c, "bank", "POST", path, b"[[[[").status in (400, 422), "no JSON")
    answer = signed(c, "bank", "POST", path, dict(feedback, SerialNumber="20000101000000000000000000"))
    expect(answer.status == 404, f"a stranger: {answer}")
    answer = c.call("other_bank", "POST", path, feedback)
    expect(answer.status == 404, f"another bank's serial number: {answer}")
    answer = signed(c, "bank", "POST", path, feedback)
    expect(answer.json == {"booked": "booked"}, f"booked: {answer}")
    answer = signed(c, "bank", "POST", path, feedback)
    expect(answer.json == {"booked": "repeated"}, f"repeated: {answer}")
    answer = signed(c, "bank", "POST", path, dict(feedback, Result="200010"))
    expect(answer.json == {"booked": "repeated"}, f"contradicted: {answer}")
    row = c.read("commander", "stops", stop)
    expect(row["state"] == "stopped" and row["balance_fen"] == 8880, f"the first answer holds: {row}")
    audit = c.get("auditor", "/v1/audit?act=delivery.contradicted").json["items"]
    expect(len(audit) == 1, f"the contradiction is written down: {audit}")


def reports_become_leads_and_reports(c):
    report = {"TxCode": "100404", "SerialNumber": "B0001", "Target": {"AccountNumber": "6228480400000000777"},
              "Reason": "一日内三十人转入"}
    answer = c.must("bank", "POST", "/v1/partner/messages", report).json
    expect(answer["booked"] == "booked" and answer["kind"] == "lead", f"a lead: {answer}")
    lead = c.read("commander", "leads", answer["id"])
    expect(lead["type"] == "mule_account" and lead["institution"] == BANK, f"the lead: {lead}")
    expect(c.must("bank", "POST", "/v1/partner/messages", report).json["booked"] == "repeated", "once")
    case = {"TxCode": "100401", "SerialNumber": "B0002", "Target": {"AccountNumber": "6228480400000000778",
                                                                    "AccountName": "李四"},
            "Victim": {"Name": "王五", "Phone": "13977110001"}, "TransferOut": {"AccountNumber": "6228480400000000779"},
            "Amount": "20000.00", "TransferTime": "20261125093000", "Reason": "客户到网点报称被骗"}
    answer = c.must("bank", "POST", "/v1/partner/messages", case).json
    expect(answer["kind"] == "report", f"a report: {answer}")
    stops = c.get("commander", f"/v1/stops?report={answer['id']}").json["items"]
    expect(len(stops) == 1 and stops[0]["amount_fen"] == 2000000, f"and its stop: {stops}")


def the_field_table_is_the_banks(c):
    """A row is proposed and approved, and the next message has the bank's own name for the field."""
    partners = c.open_banks(1)
    c.users["commander"]
    row = c.make("administrator", "dated", {
        "name": "bank_field", "code": "stop.case_number", "value": "AJBH text(60)", "valid_from": c.text(),
        "law": "与银行约定", "en": "case", "zh": "案件编号"})
    c.act("commander", "dated", row, "approve")
    wrong = c.make("administrator", "dated", {
        "name": "bank_field", "code": "freeze.case_number", "value": "AJBH text(60) required", "valid_from": c.text(),
        "law": "与银行约定", "en": "case", "zh": "案件编号"})
    c.act("commander", "dated", wrong, "approve")
    ids = c.order(1, partners)
    c.wait_state("stops", ids[0], "stopped")


TESTS = [only_ones_own_and_by_urgency, signed_and_never_twice, messages_of_the_banks_own,
         reports_become_leads_and_reports, the_field_table_is_the_banks]

if __name__ == "__main__":
    run(TESTS, City)
