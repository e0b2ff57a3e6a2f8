"""A bank is asked for an account's transactions: who may, what for, the answer as evidence, and its rows in the log."""

import hashlib
import json

from city import City, expect
from centre import run  # city.py knows where

ACCOUNT = "6228480402564890018"
PERIOD = {"from_at": "2026-11-01T00:00:00+08:00", "to_at": "2026-11-24T00:00:00+08:00"}


def row(number, direction, amount, **more):
    return {"TransactionSerialNumber": number, "TransactionTime": "20261120101500", "Direction": direction,
            "Amount": amount, **more}


ROWS = [
    row("D1", "01", "30000.00", Balance="30120.50", Opponent={"AccountNumber": "6217001234567890123"}),
    row("D2", "02", "5000.00", Balance="25120.50"),
    row("D3", "02", "20000.00", Opponent={"AccountNumber": "6222020000000000001"}, Currency="CNY"),
    row("D4", "03", "1.00"),
    row("D5", "01", "1.005"),
    {"TransactionSerialNumber": "D6"},
]


def filed_case(c):
    case = c.make("investigator", "cases", {"title": "诈骗案", "fraud_type": "task_rebate"})
    c.act("investigator", "cases", case, "request_filing", {"note": "有犯罪事实发生"})
    c.act("approver", "cases", case, "approve_filing", {"filing_number": "A450103202611250001"})
    return case


def body(case, partner, **more):
    return {"account": "account:" + ACCOUNT, "institution": partner, "holder": "张三", "case": case,
            "purpose": "查明被骗资金去向", "basis": "刑事诉讼法第一百四十四条", **PERIOD, **more}


def the_answer_is_evidence_and_goes_into_the_log(c):
    partners = c.open_banks(1, transactions={ACCOUNT: ROWS})
    case = filed_case(c)
    number = c.make("investigator", "inquiries", body(case, partners[0]))
    c.users["approver"]
    c.act_refused(403, "investigator", "inquiries", number, "approve")
    expect(c.banks.ledger() == [], "a bank was asked before anybody approved it")
    c.act("approver", "inquiries", number, "approve")
    c.wait_state("inquiries", number, "imported")
    inquiry = c.read("commander", "inquiries", number)
    expect((inquiry["accepted"], inquiry["duplicates"], inquiry["rejected"]) == (3, 0, 3), f"counts: {inquiry}")
    lines = inquiry["rejects"].splitlines()
    expect([line.split(":")[0] for line in lines] == ["4", "5", "6"] and "Direction" in lines[0] and "Amount" in lines[1],
           f"rejects name place and field: {lines}")
    sent = c.banks.ledger()[0]
    expect(sent["tx"] == "100301" and sent["account"] == ACCOUNT, f"order: {sent}")
    # The evidence is what the bank sent, byte for byte, under its hash.
    evidence = c.get("investigator", f"/v1/evidence/{inquiry['evidence']}").json
    expect(evidence["case"] == case and evidence["sha256"] == inquiry["sha256"], f"evidence: {evidence}")
    content = c.get("investigator", f"/v1/evidence/{inquiry['evidence']}/content", purpose="核对银行反馈").raw
    expect(hashlib.sha256(content).hexdigest() == inquiry["sha256"], "the bytes have another hash")
    expect(json.loads(content)["Transactions"] == ROWS, "the bytes are not what the bank sent")
    # The log has the rows that could be taken, as of the sequence that is stated, and not before it.
    ledger = c.get("analyst", f"/v1/accounts/account:{ACCOUNT}", purpose="资金分析")
    expect(ledger.status == 200, f"the account is in the log: {ledger}")
    history = [h["act"] for h in c.get("commander", f"/v1/inquiries/{number}/history").json["items"]]
    expect(history == ["import", "answer", "approve", "propose"], f"history: {history}")


def the_same_again_adds_nothing(c):
    partners = c.open_banks(1, transactions={ACCOUNT: ROWS[:3]})
    case = filed_case(c)
    for turn in range(2):
        number = c.make("investigator", "inquiries", body(case, partners[0]))
        c.act("approver", "inquiries", number, "approve")
        c.wait_state("inquiries", number, "imported")
        inquiry = c.read("commander", "inquiries", number)
        counts = (inquiry["accepted"], inquiry["duplicates"], inquiry["rejected"])
        expect(counts == ((3, 0, 0) if turn == 0 else (0, 3, 0)), f"turn {turn}: {counts}")


def what_is_asked_for_is_bounded(c):
    partners = c.open_banks(1)
    case = filed_case(c)
    c.refused(403, "duty", "POST", "/v1/inquiries", body(case, partners[0]))
    whole = body(case, partners[0])
    for missing in ("purpose", "basis", "case", "from_at", "to_at"):
        answer = c.refused(422, "analyst", "POST", "/v1/inquiries", {k: v for k, v in whole.items() if k != missing})
        expect([f["pointer"] for f in answer.json["errors"]] == ["/" + missing], f"{missing}: {answer}")
    for wrong, pointer in (({"from_at": "2020-01-01T00:00:00+08:00"}, "/from_at"),
                           ({"to_at": "2027-01-01T00:00:00+08:00"}, "/to_at"), ({"case": 999}, "/case")):
        answer = c.refused(422, "analyst", "POST", "/v1/inquiries", dict(whole, **wrong))
        expect([f["pointer"] for f in answer.json["errors"]] == [pointer], f"{wrong}: {answer}")
    # An analyst may propose; a bank without a link is asked on paper.
    number = c.make("analyst", "inquiries", body(case, "999"))
    c.act_refused(409, "approver", "inquiries", number, "approve")


def a_bank_that_may_not(c):
    partners = c.open_banks(1, order=["refuse", "mismatch"])
    case = filed_case(c)
    for code in ("200009", "200010"):
        number = c.make("analyst", "inquiries", body(case, partners[0]))
        c.act("approver", "inquiries", number, "approve")
        c.wait_state("inquiries", number, "failed")
        expect(c.read("commander", "inquiries", number)["result_code"] == code, "the bank's code")


def a_busy_account_has_a_long_answer(c):
    """30,000 transactions in one answer, at once and later by a message; one of more than 8 MiB fails, and says why."""
    many = [row(f"M{i}", "01" if i % 2 else "02", f"{i + 1}.00", Balance="100000000.00", TransactionRemark="转账" * 8,
                Opponent={"AccountNumber": f"6217{i % 977:015d}"}) for i in range(30000)]
    more = [dict(one, TransactionSerialNumber="X" + one["TransactionSerialNumber"], Remark="备注" * 60) for one in many]
    partners = c.open_banks(2, transactions={ACCOUNT: many, "1": more}, link={"timeout": "20s"})
    c.banks.kill()
    c.banks.script["banks"][1]["async"] = 1
    c.banks.start()
    case = filed_case(c)
    for partner, counts in ((partners[0], (30000, 0, 0)), (partners[1], (0, 30000, 0))):
        number = c.make("investigator", "inquiries", body(case, partner))
        c.act("approver", "inquiries", number, "approve")
        c.wait(f"the inquiry at {partner}", lambda: c.state("inquiries", number) == "imported", 60)
        inquiry = c.read("commander", "inquiries", number)
        expect((inquiry["accepted"], inquiry["duplicates"], inquiry["rejected"]) == counts, f"counts: {inquiry}")
        content = c.get("investigator", f"/v1/evidence/{inquiry['evidence']}/content", purpose="核对银行反馈").raw
        expect(len(content) > 3 << 20 and hashlib.sha256(content).hexdigest() == inquiry["sha256"], "the evidence")
    delivery = c.deliveries(purpose="detail")[0]["id"]
    kept = c.get("commander", f"/v1/deliveries/{delivery}", purpose="核对发送记录").json["answer"]
    expect(kept == {"kept": "evidence"}, f"what is evidence is kept a second time: {str(kept)[:200]}")
    number = c.make("investigator", "inquiries", body(case, partners[0], account="account:1"))
    c.act("approver", "inquiries", number, "approve")
    c.wait("the inquiry with too much", lambda: c.state("inquiries", number) == "failed", 60)
    result = c.get("investigator", f"/v1/inquiries/{number}", purpose="核对银行反馈").json["result"]
    expect("8 MiB" in result and "shorter period" in result, result)


TESTS = [the_answer_is_evidence_and_goes_into_the_log, the_same_again_adds_nothing, what_is_asked_for_is_bounded,
         a_bank_that_may_not, a_busy_account_has_a_long_answer]

if __name__ == "__main__":
    run(TESTS, City)
