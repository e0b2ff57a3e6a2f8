"""Orders to banks and their answers, with every fault that a partner can have."""

import json

from city import City, expect
from centre import run  # city.py knows where


def an_order_goes_out_and_comes_back(c):
    partners = c.open_banks()
    ids = c.order(4, partners)
    c.wait("answers", lambda: set(c.states().values()) == {"stopped"})
    c.check_effects(ids)
    stop = c.read("commander", "stops", ids[0])
    expect(stop["result_code"] == "100000" and stop["balance_fen"] == 123456, f"booked: {stop}")
    history = [row["act"] for row in c.get("commander", f"/v1/stops/{ids[0]}/history").json["items"]]
    expect(history == ["confirm", "approve", "propose"], f"history: {history}")
    delivery = c.deliveries(about=ids[0])[0]
    expect(delivery["state"] == "done" and delivery["payload"] == "***", f"payload is not masked: {delivery}")
    shown = c.get("commander", f"/v1/deliveries/{delivery['id']}", purpose="核查止付指令").json
    expect(shown["payload"]["holder"] == "张三", f"with a purpose it is shown: {shown}")


def each_fault(fault, settled, **bank):
    def test(c):
        partners = c.open_banks(1, order=[fault], **bank)
        ids = c.order(3, partners)
        c.wait(fault, lambda: all(s != "approved" for s in c.states().values()))
        states = c.states()
        expect(sorted(states.values()) == sorted([settled, "stopped", "stopped"]), f"{fault}: {states}")
        c.wait("the end", lambda: all(d["state"] == "done" for d in c.deliveries()))
        c.check_effects(ids)
    test.__name__ = f"a_bank_that_has_{fault}"
    return test


FAULTS = [each_fault("mismatch", "mismatched"), each_fault("refuse", "failed")] + [
    each_fault(fault, "stopped") for fault in (
        "delay", "duplicate", "reorder", "silent", "deaf", "drop_before", "drop_after", "error", "stranger",
        "other_serial", "bad_signature", "garbage")]


def a_bank_that_signs_with_sm2(c):
    """Both ways and on answers; OpenSSL's own program is the other side. A wrong signature is no answer."""
    partners = c.open_banks(1, sm2=True, order=["duplicate", "bad_signature"], link={"timeout": "10s"})
    ids = c.order(3, partners)
    c.wait("answers", lambda: set(c.states().values()) == {"stopped"})
    c.check_effects(ids)
    c.wait("feedback", lambda: c.banks.counts(0).get("feedback 200", 0) >= 1)
    expect("bad signature" not in c.banks.counts(0), f"the bank: {c.banks.counts(0)}")


def a_release_follows_its_stop(c):
    partners = c.open_banks(1)
    stop = c.order(1, partners)[0]
    c.wait_state("stops", stop, "stopped")
    c.act("duty", "stops", stop, "release_propose", {"release_reason": "核实无关"})
    c.act("approver", "stops", stop, "release_approve")
    c.wait("release", lambda: [r["tx"] for r in c.banks.ledger()] == ["100101", "100103"])
    rows = c.banks.ledger()
    expect(rows[0]["account"] == rows[1]["account"], f"another account: {rows}")


def an_order_that_was_lifted_is_not_sent(c):
    """While the link is suspended the stop is appealed and lifted: the bank never hears of it."""
    partners = c.open_banks(1)
    link = c.get("commander", "/v1/partner-links?state=open").json["items"][0]["id"]
    c.act("commander", "partner-links", link, "suspend", {"note": "维护"})
    stop = c.order(1, partners)[0]
    appeal = c.make("duty", "appeals", {"measure": "stop", "order": stop, "by": "张三", "words": "与案件无关"})
    c.act("commander", "appeals", appeal, "uphold", {"answer": "成立"})
    c.users["s.commander"]
    c.act_refused(403, "administrator", "partner-links", link, "resume")
    delivery = c.deliveries()[0]
    expect(delivery["state"] == "cancelled", f"the order: {delivery}")
    expect(c.banks.ledger() == [], "the bank was told")


def a_freeze_and_its_extension(c):
    partners = c.open_banks(1)
    case = c.make("investigator", "cases", {"title": "诈骗案", "fraud_type": "task_rebate"})
    c.act("investigator", "cases", case, "request_filing", {"note": "有犯罪事实发生"})
    c.act("approver", "cases", case, "approve_filing", {"filing_number": "A450103202611250001"})
    freeze = c.make("investigator", "freezes", {
        "account": "account:6228480400000000001", "institution": partners[0], "scope": "amount", "amount_fen": 5000000,
        "case": case, "reason": "涉案资金"})
    c.act("approver", "freezes", freeze, "approve")
    c.wait_state("freezes", freeze, "frozen")
    row = c.read("commander", "freezes", freeze)
    expect(row["executed_fen"] == 5000000, f"booked: {row}")
    c.act("investigator", "freezes", freeze, "renew_propose", {"renewal_months": 6, "note": "侦查需要"})
    c.act("approver", "freezes", freeze, "renew_approve")
    c.wait("extension", lambda: [r["tx"] for r in c.banks.ledger()] == ["100201", "100205"])


def dead_letters_are_peoples(c):
    partners = c.open_banks(1, link={"attempts_max": 3}, faults={"error": 1})
    stop = c.order(1, partners)[0]
    c.wait("a dead letter", lambda: c.deliveries()[0]["state"] == "dead")
    delivery = c.deliveries()[0]
    expect(delivery["attempts"] == 3 and delivery["last_error"] == "***", f"dead: {delivery}")
    c.banks.kill()
    c.banks.script["banks"][0]["faults"] = {}
    c.banks.start()
    c.act_refused(422, "duty", "deliveries", delivery["id"], "retry")
    c.act_refused(403, "investigator", "deliveries", delivery["id"], "retry", {"note": "银行已恢复"})
    c.act("duty", "deliveries", delivery["id"], "retry", {"note": "银行已恢复"})
    c.wait_state("stops", stop, "stopped")
    c.check_effects([stop])


def links_need_four_eyes(c):
    body = {"channel": "bank", "partner": "102100000011", "name": "银行", "endpoint": "https://bank.example/police",
            "key_file": "bank.key"}
    c.refused(403, "commander", "POST", "/v1/partner-links", body)
    link = c.make("administrator", "partner-links", body)
    c.act_refused(403, "administrator", "partner-links", link, "approve")
    answer = c.refused(422, "administrator", "POST", "/v1/partner-links",
                       dict(body, key_file="../../etc/passwd", in_flight=0, endpoint="nowhere"))
    expect({f["pointer"] for f in answer.json["errors"]} == {"/key_file", "/in_flight", "/endpoint"},
           f"all faults at once: {answer}")


TESTS = [an_order_goes_out_and_comes_back, *FAULTS, a_bank_that_signs_with_sm2, a_release_follows_its_stop, an_order_that_was_lifted_is_not_sent,
         a_freeze_and_its_extension, dead_letters_are_peoples, links_need_four_eyes]

if __name__ == "__main__":
    run(TESTS, City)
