"""Freezes and returns over HTTP: filed case first, approvals by level, terms to the second, queueing, renewal, release,
appeal, and the return of what is frozen with its five documents."""

import hashlib
import shutil
import subprocess

from centre import DAY_MS, expect, run

ACCOUNT = "account:6228480402564890018"
BANK = "102100000011"


def filed_case(c, who="a.investigator", approver="a.commander"):
    case = c.make(who, "cases", {"title": "刷单诈骗案", "fraud_type": "task_rebate"})
    c.act(who, "cases", case, "request_filing", {"note": "有犯罪事实发生"})
    c.act(approver, "cases", case, "approve_filing", {"filing_number": f"A45010320261125{case:04d}"})
    return case


def proposal(case, **more):
    return dict({"account": ACCOUNT, "institution": BANK, "scope": "amount", "amount_fen": 2000000, "case": case,
                 "reason": "涉案资金"}, **more)


def frozen(c, case=None, executed=2000000, **more):
    case = case or filed_case(c)
    freeze = c.make("a.investigator", "freezes", proposal(case, **more))
    c.act("a.approver", "freezes", freeze, "approve")
    c.act("bank", "freezes", freeze, "confirm", {"frozen_at": c.text(), "executed_fen": executed})
    return freeze


def no_freeze_before_the_case_is_filed(c):
    case = c.make("a.investigator", "cases", {"title": "刷单诈骗案", "fraud_type": "task_rebate"})
    answer = c.refused(409, "a.investigator", "POST", "/v1/freezes", proposal(case))
    expect("立案" in answer.json["detail"], answer)
    c.act("a.investigator", "cases", case, "request_filing", {"note": "有犯罪事实发生"})
    c.refused(409, "a.investigator", "POST", "/v1/freezes", proposal(case))
    number = {"filing_number": "A4501032026112500001"}
    c.act_refused(403, "a.investigator", "cases", case, "approve_filing", number)
    c.act("a.commander", "cases", case, "approve_filing", number)
    freeze = c.make("a.investigator", "freezes", proposal(case))
    # Suspended after it was proposed: then it is not approved either.
    c.act("a.commander", "cases", case, "suspend", {"note": "嫌疑人在逃"})
    c.act_refused(409, "a.approver", "freezes", freeze, "approve")


def six_months_to_the_second(c):
    freeze = frozen(c)
    record = c.read("commander", "freezes", freeze)
    expect(record["expires_at"].startswith("2027-05-25T10:00"), record["expires_at"])
    end = c.now_ms + 181 * DAY_MS
    c.until(end - 1)
    expect(c.state("freezes", freeze) == "frozen", "it ended too early")
    c.until(end)
    c.wait_state("freezes", freeze, "lapsed")


def a_year_needs_the_city(c):
    case = filed_case(c)
    freeze = c.make("a.investigator", "freezes", proposal(case, major=True))
    c.act_refused(403, "a.approver", "freezes", freeze, "approve")
    c.act("approver", "freezes", freeze, "approve")
    c.act("bank", "freezes", freeze, "confirm", {"frozen_at": c.text(), "executed_fen": 2000000})
    expect(c.read("commander", "freezes", freeze)["expires_at"].startswith("2027-11-25"), "not a year")


def renewed_in_time_or_not_at_all(c):
    freeze = frozen(c)
    c.until(c.now_ms + 180 * DAY_MS)
    c.act_refused(422, "a.investigator", "freezes", freeze, "renew_propose", {"renewal_months": 7, "note": "侦查中"})
    c.act("a.investigator", "freezes", freeze, "renew_propose", {"renewal_months": 6, "note": "侦查中"})
    c.act_refused(403, "a.investigator", "freezes", freeze, "renew_approve")
    c.act("a.approver", "freezes", freeze, "renew_approve")
    record = c.read("commander", "freezes", freeze)
    expect(record["expires_at"].startswith("2027-11-25T10:00") and record["renewals"] == 1, record)
    c.act("a.investigator", "freezes", freeze, "renew_propose", {"renewal_months": 1, "note": "侦查中"})
    version = c.version("freezes", freeze)
    c.until(1795572000000 + 366 * DAY_MS)
    # Nobody decided in time: it ended by itself, and cannot be renewed any more.
    c.refused(412, "a.approver", "POST", f"/v1/freezes/{freeze}/renew_approve", {}, version=version)
    c.wait_state("freezes", freeze, "lapsed")
    c.act_refused(409, "a.approver", "freezes", freeze, "renew_approve")


def queued_behind_another_authority(c):
    case = filed_case(c)
    freeze = c.make("a.investigator", "freezes", proposal(case))
    c.act("a.approver", "freezes", freeze, "approve")
    c.act("bank", "freezes", freeze, "queue", {"prior_authority": "某市人民法院"})
    c.refused(409, "a.investigator", "POST", "/v1/freezes", proposal(case))
    c.later(400 * DAY_MS)
    expect(c.state("freezes", freeze) == "queued", "a queued freeze has no term")
    c.act("bank", "freezes", freeze, "promote", {"frozen_at": c.text(), "executed_fen": 100})
    expect(c.state("freezes", freeze) == "frozen", "it did not take hold")


def a_place_in_line_is_given_up(c):
    freeze = c.make("a.investigator", "freezes", proposal(filed_case(c)))
    c.act("a.approver", "freezes", freeze, "approve")
    c.act_refused(409, "a.approver", "freezes", freeze, "leave_queue", {"release_reason": "查明与案件无关"})
    c.act("bank", "freezes", freeze, "queue", {"prior_authority": "某市人民法院"})
    c.act_refused(403, "a.investigator", "freezes", freeze, "leave_queue", {"release_reason": "查明与案件无关"})
    c.act_refused(422, "a.approver", "freezes", freeze, "leave_queue", {})
    c.act("a.approver", "freezes", freeze, "leave_queue", {"release_reason": "查明与案件无关"})
    expect(c.state("freezes", freeze) == "released", "it is still in line")
    c.act_refused(409, "bank", "freezes", freeze, "promote", {"frozen_at": c.text(), "executed_fen": 100})


def unrelated_property_is_released_in_three_days(c):
    freeze = frozen(c)
    at = c.now_ms
    c.act("a.investigator", "freezes", freeze, "find_unrelated", {"note": "属第三人工资"})
    c.until(at + 3 * DAY_MS)
    c.act_refused(403, "a.investigator", "freezes", freeze, "release_approve")
    expect(c.read("commander", "freezes", freeze)["late"] is True, "nobody was told that it is late")
    c.act("a.approver", "freezes", freeze, "release_approve")
    c.act("a.investigator", "freezes", freeze, "tell_owner")
    expect(c.read("commander", "freezes", freeze)["owner_told_at"], "the owner was not told")


def an_upheld_appeal_lifts_a_freeze(c):
    freeze = frozen(c)
    appeal = c.make("a.duty", "appeals", {"measure": "freeze", "order": freeze, "by": "张三", "words": "与本人无关"})
    c.act_refused(403, "a.approver", "appeals", appeal, "uphold", {"answer": "属实"})
    c.act("a.commander", "appeals", appeal, "uphold", {"answer": "属实"})
    expect(c.state("freezes", freeze) == "released", "it was not lifted")


# Worked example 3 of domain.md: B 11,111.11 and C 8,888.89 of a frozen 20,000.
ENTRIES = [
    {"time": "2026-11-01T10:00:00+08:00", "direction": "in", "amount_fen": 3000000, "party": "A"},
    {"time": "2026-11-01T11:00:00+08:00", "direction": "out", "amount_fen": 3000000},
    {"time": "2026-11-01T12:00:00+08:00", "direction": "in", "amount_fen": 5000000, "party": "B"},
    {"time": "2026-11-01T13:00:00+08:00", "direction": "out", "amount_fen": 2000000},
    {"time": "2026-11-01T14:00:00+08:00", "direction": "in", "amount_fen": 4000000, "party": "C"},
    {"time": "2026-11-01T15:00:00+08:00", "direction": "out", "amount_fen": 5000000},
]
LOSSES = [{"party": "A", "loss_fen": 3000000}, {"party": "B", "loss_fen": 5000000, "to_account": "account:22"},
          {"party": "C", "loss_fen": 4000000, "to_account": "account:33"}]


def amounts(c, number):
    page = c.must("commander", "GET", f"/v1/returns/{number}/shares?order=id", purpose="核对返还份额").json["items"]
    return {row["party"]: row["amount_fen"] for row in page}


def the_money_goes_back_by_the_book(c):
    freeze = frozen(c)
    c.refused(422, "a.investigator", "POST", "/v1/returns", {"freeze": freeze, "losses": []})
    number = c.make("a.investigator", "returns", {"freeze": freeze, "losses": LOSSES, "entries": ENTRIES})
    expect(amounts(c, number) == {"A": 0, "B": 1111111, "C": 888889}, amounts(c, number))
    record = c.read("commander", "returns", number)
    expect(record["returned_fen"] + record["held_fen"] == record["frozen_fen"] == 2000000, record)
    officers = {"officer_1": c.users["a.investigator"], "officer_2": c.users["a.duty"]}
    c.act_refused(409, "a.investigator", "returns", number, "submit", officers)  # the notice comes first
    c.act("a.investigator", "returns", number, "publish")
    at = c.now_ms
    c.until(at + 30 * DAY_MS - 1)
    expect(c.state("returns", number) == "noticed", "the notice ended too early")
    c.until(at + 30 * DAY_MS)
    c.wait_state("returns", number, "ready")
    c.act_refused(422, "a.investigator", "returns", number, "submit", {**officers, "officer_2": officers["officer_1"]})
    c.act("a.investigator", "returns", number, "submit", officers)
    c.act_refused(403, "a.approver", "returns", number, "approve")  # not at city level
    c.refused(409, "a.investigator", "GET", f"/v1/returns/{number}/documents/decision", purpose="打印返还文书")
    c.act("commander", "returns", number, "approve")
    documents(c, number)
    c.act("a.investigator", "returns", number, "notify")
    bank_due = c.read("commander", "returns", number)["bank_due"]
    expect(bank_due.startswith("2026-12-31T00:00:00"), bank_due)  # Friday 25 December + 3 working days
    c.act("bank", "returns", number, "execute", {"executed_at": c.text()})
    after = c.read("commander", "freezes", freeze)
    expect(after["returned_fen"] == 2000000 and after["state"] == "frozen", after)
    # A victim who appears later starts a new procedure, and finds nothing left.
    c.refused(422, "a.investigator", "POST", "/v1/returns", {"freeze": freeze, "losses": LOSSES, "entries": ENTRIES})


def objections_are_reviewed(c):
    freeze = frozen(c)
    number = c.make("a.investigator", "returns", {"freeze": freeze, "losses": LOSSES, "entries": ENTRIES})
    path = f"/v1/returns/{number}/objections"
    c.refused(409, "a.duty", "POST", path, {"by": "王五", "words": "我也是受害人"})  # there is no notice yet
    c.act("a.investigator", "returns", number, "publish")
    at = c.now_ms
    first = c.must("a.duty", "POST", path, {"by": "王五", "words": "我也是受害人"}).json["id"]
    c.refused(404, "b.duty", "POST", path, {"by": "王五", "words": "别的县区"})
    expect(c.must("b.duty", "GET", "/v1/objections").json["items"] == [], "another district sees the objection")
    c.until(at + 30 * DAY_MS)
    c.wait_state("returns", number, "reviewing")
    c.act_refused(409, "a.investigator", "returns", number, "submit",
                  {"officer_1": c.users["a.investigator"], "officer_2": c.users["a.duty"]})
    c.act("a.commander", "objections", first, "reject", {"answer": "查无此人转账"})
    expect(c.state("returns", number) == "ready", "the review is over and it is not ready")
    c.act("a.investigator", "returns", number, "withdraw", {"note": "补充证据"})
    number = c.make("a.investigator", "returns", {"freeze": freeze, "losses": LOSSES, "entries": ENTRIES})
    c.act("a.investigator", "returns", number, "publish")
    second = c.must("a.duty", "POST", f"/v1/returns/{number}/objections", {"by": "赵六", "words": "漏了我"}).json["id"]
    c.act("a.approver", "objections", second, "uphold", {"answer": "属实，重新拟定"})
    expect(c.state("returns", number) == "drafted", "an upheld objection does not reopen the draft")
    c.act("a.investigator", "returns", number, "redraft",
          {"losses": [*LOSSES[:2], {"party": "C", "loss_fen": 3000000}], "entries": ENTRIES, "note": "异议成立"})
    expect(sum(amounts(c, number).values()) <= 2000000, "more than is frozen")


def nothing_is_not_returned(c):
    """A return gives more than nothing, of a freeze that has something, and says which field and article."""
    def refused(field, freeze, losses=LOSSES, entries=ENTRIES):
        answer = c.refused(422, "a.investigator", "POST", "/v1/returns",
                           {"freeze": freeze, "losses": losses, "entries": entries})
        expect(any(fault["pointer"] == f"/{field}" for fault in answer.json["errors"]), answer)
        return answer

    freeze = frozen(c)
    answer = refused("losses", freeze, losses=[LOSSES[0]])  # A's money has gone on
    expect("Art. 8" in answer.json["errors"][0]["detail"], answer)
    refused("losses", freeze, losses=[dict(LOSSES[1], refunded_fen=5000000)])  # B has had all of it back
    refused("losses/0/loss_fen", freeze, losses=[dict(LOSSES[1], loss_fen=0)])
    refused("entries/0/amount_fen", freeze, entries=[dict(ENTRIES[0], amount_fen=0), *ENTRIES[1:]])
    number = c.make("a.investigator", "returns", {"freeze": freeze, "losses": LOSSES, "entries": ENTRIES})
    c.act_refused(422, "a.investigator", "returns", number, "redraft",
                  {"losses": [LOSSES[0]], "entries": ENTRIES, "note": "改"})
    expect(amounts(c, number) == {"A": 0, "B": 1111111, "C": 888889}, "a refused draft changed the shares")
    empty = frozen(c, case=filed_case(c), executed=0, account="account:6228480402564890026", scope="full")
    answer = refused("freeze", empty)
    expect("Art. 8" in answer.json["errors"][0]["detail"], answer)


def a_return_outlives_no_freeze(c):
    """What was decided is carried out; but when the freeze ended first it can be withdrawn, and nothing else."""
    freeze = frozen(c, case=filed_case(c), executed=3000000, scope="full")
    entries = [{"time": "2026-11-01T10:00:00+08:00", "direction": "in", "amount_fen": 3000000, "party": "A"}]
    losses = [{"party": "A", "loss_fen": 4000000, "to_account": "account:22"}]
    number = c.make("a.investigator", "returns", {"freeze": freeze, "losses": losses, "entries": entries})
    c.act("a.investigator", "returns", number, "submit",
          {"officer_1": c.users["a.investigator"], "officer_2": c.users["a.duty"]})
    c.act("commander", "returns", number, "approve")
    c.act_refused(409, "a.investigator", "returns", number, "withdraw", {"note": "改变主意"})
    c.act("a.investigator", "returns", number, "notify")
    c.act_refused(409, "a.investigator", "returns", number, "withdraw", {"note": "改变主意"})
    c.later(400 * DAY_MS)
    c.wait_state("freezes", freeze, "lapsed")
    c.act_refused(409, "bank", "returns", number, "execute", {"executed_at": c.text()})
    c.act("a.investigator", "returns", number, "withdraw", {"note": "冻结已到期"})
    expect(c.state("returns", number) == "withdrawn", "it is stuck")


def what_the_bank_paid_in_time_is_written_down_later(c):
    """A return is of the moment at which the bank paid: the freeze stood then, whatever became of it until we hear of it."""
    entries = [{"time": "2026-11-01T10:00:00+08:00", "direction": "in", "amount_fen": 3000000, "party": "A"}]
    losses = [{"party": "A", "loss_fen": 1000000, "to_account": "account:22"}]
    case, returns, freezes = filed_case(c), [], []
    end = c.now_ms + 181 * DAY_MS
    for n in range(3):
        freezes.append(frozen(c, case=case, executed=3000000, account=f"account:622848040256489003{n}", scope="full"))
    c.until(end - 60_000)
    for n, freeze in enumerate(freezes):
        lost = [dict(losses[0], party=f"A{n}")]
        own = [dict(entries[0], party=f"A{n}")]
        number = c.make("commander", "returns", {"freeze": freeze, "losses": lost, "entries": own})
        c.act("a.investigator", "returns", number, "submit",
              {"officer_1": c.users["a.investigator"], "officer_2": c.users["a.duty"]})
        c.act_refused(403, "commander", "returns", number, "approve")  # who drafted it does not decide it
        c.act("approver", "returns", number, "approve")
        c.act("a.investigator", "returns", number, "notify")
        returns.append(number)
    # While its release is asked for it is frozen still.
    c.act("a.investigator", "freezes", freezes[0], "release_propose", {"release_reason": "余额与本案无关"})
    c.act("bank", "returns", returns[0], "execute", {"executed_at": c.text()})
    c.until(end)
    c.wait_state("freezes", freezes[1], "lapsed")
    c.act_refused(409, "bank", "returns", returns[1], "execute", {"executed_at": c.text(end)})
    c.act("bank", "returns", returns[1], "execute", {"executed_at": c.text(end - 1)})
    expect(c.read("commander", "freezes", freezes[1])["returned_fen"] == 1000000, "it was not counted")
    c.act("a.investigator", "returns", returns[2], "withdraw", {"note": "冻结已到期"})


def never_more_than_the_net_loss(c):
    """Two procedures of a case, drafted side by side: what the first decides, the second does not give again."""
    case = filed_case(c)
    numbers, freezes = [], []
    for account in (ACCOUNT, "account:6228480402564890026"):
        freeze = frozen(c, case=case, executed=3000000, account=account, scope="full")
        entries = [{"time": "2026-11-01T10:00:00+08:00", "direction": "in", "amount_fen": 3000000, "party": "A"}]
        losses = [{"party": "A", "loss_fen": 4000000, "to_account": "account:22"}]
        numbers.append(c.make("a.investigator", "returns", {"freeze": freeze, "losses": losses, "entries": entries}))
        freezes.append((freeze, losses, entries))
        officers = {"officer_1": c.users["a.investigator"], "officer_2": c.users["a.duty"]}
        for wrong in ("auditor", "bank.teller"):
            c.act_refused(422, "a.investigator", "returns", numbers[-1], "submit",
                          {**officers, "officer_2": c.users[wrong]})
        c.act("a.investigator", "returns", numbers[-1], "submit", officers)
    c.act("commander", "returns", numbers[0], "approve")
    c.act_refused(409, "commander", "returns", numbers[1], "approve")  # 30,000 + 30,000 of 40,000 lost
    c.act("a.investigator", "returns", numbers[1], "withdraw", {"note": "重新测算"})
    freeze, losses, entries = freezes[1]
    again = c.make("a.investigator", "returns", {"freeze": freeze, "losses": losses, "entries": entries})
    expect(amounts(c, again) == {"A": 1000000}, amounts(c, again))
    c.act("a.investigator", "returns", again, "submit", officers)
    c.act("commander", "returns", again, "approve")


def words_of(pdf):
    """The text of a document without blanks and lines; None where there is no pdftotext."""
    if shutil.which("pdftotext") is None:
        return None
    said = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()
    return "".join(said.split())


def documents(c, number):
    for name in ["application", "flow", "report", "decision", "notice"]:
        path = f"/v1/returns/{number}/documents/{name}"
        c.refused(403, "a.investigator", "GET", path)  # it names people
        first = c.must("a.investigator", "GET", path, purpose="打印返还文书")
        again = c.must("a.investigator", "GET", path, purpose="打印返还文书")
        expect(first.raw.startswith(b"%PDF-") and len(first.raw) > 5000, name)
        expect(hashlib.sha256(first.raw).digest() == hashlib.sha256(again.raw).digest(), f"{name} differs from itself")
        told = words_of(first.raw)
        if told is not None:  # in Chinese, to the fen, and adding up
            expect("11,111.11" in told and "8,888.89" in told and "Art." not in told, f"{name}: {told}")
            expect(name == "flow" or "20,000.00元" in told, f"{name} does not say the sum: {told}")
            expect("人民币贰万元整" in told, f"{name} does not say the sum in words: {told}")
            expect("立案" in told, f"{name} does not say under which number the case was filed: {told}")
            expect(name not in ("report", "decision") or "冻结资金返还若干规定》（银监发〔2016〕41号）第八条" in told, f"{name}: {told}")
    c.refused(404, "a.investigator", "GET", f"/v1/returns/{number}/documents/../secret", purpose="打印返还文书")


def a_freeze_that_ended_gives_nothing_back(c):
    freeze = frozen(c)
    number = c.make("a.investigator", "returns", {"freeze": freeze, "losses": LOSSES, "entries": ENTRIES})
    c.act("a.investigator", "returns", number, "publish")
    c.later(31 * DAY_MS)
    c.wait_state("returns", number, "ready")
    c.act("a.investigator", "returns", number, "submit",
          {"officer_1": c.users["a.investigator"], "officer_2": c.users["a.duty"]})
    c.later(170 * DAY_MS)
    c.wait_state("freezes", freeze, "lapsed")
    c.act_refused(409, "commander", "returns", number, "approve")


if __name__ == "__main__":
    run([no_freeze_before_the_case_is_filed, six_months_to_the_second, a_year_needs_the_city,
         renewed_in_time_or_not_at_all, queued_behind_another_authority, a_place_in_line_is_given_up,
         unrelated_property_is_released_in_three_days, an_upheld_appeal_lifts_a_freeze, the_money_goes_back_by_the_book, objections_are_reviewed, a_freeze_that_ended_gives_nothing_back,
         nothing_is_not_returned, a_return_outlives_no_freeze, what_the_bank_paid_in_time_is_written_down_later, never_more_than_the_net_loss])
