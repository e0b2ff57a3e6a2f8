"""Industry governance over HTTP: what outlets opened, which of it became problem cards, a ranking that is fair to small
ones, notices that an institution answers, caps across institutions, joint punishment that ends by the clock."""

import math
import time

from centre import DAY_MS, expect, run

BANK, OTHER, CARRIER = "102100000011", "103100000012", "CMCC-GX"
PURPOSE = "核查问题银行卡的开户网点"


def outlet(c, key, who="analyst", kind="bank", institution=BANK, division="450103"):
    return c.make(who, "outlets", {"key": f"outlet:{key}", "name": f"网点{key}", "category": kind,
                                   "institution": institution, "division": division})


def card(c, number, outlet_key=None, who="analyst", **more):
    body = {"key": f"card:{number}", "category": "debit", "opened_at": "2026-10-15T10:00:00+08:00", **more}
    if outlet_key:
        body["outlet_key"] = f"outlet:{outlet_key}"
    return c.make(who, "cards", body)


def stop(c, number, confirmed=True):
    made = c.make("duty", "stops", {"account": f"account:{number}", "institution": BANK, "amount_fen": 100,
                                    "reason": "受害人报警"})
    c.act("approver", "stops", made, "approve")
    if confirmed:
        c.act("bank", "stops", made, "confirm", {"stopped_at": c.text(), "result_code": "100000"})
    else:
        c.act("bank", "stops", made, "mismatch", {"result": "户名不符"})
    return made


def ranking(c, who="analyst", query="from=2026-10&to=2026-10"):
    return c.must(who, "GET", f"/v1/outlets/ranking?{query}").json


def rows(answer):
    return {row["key"].split(":")[1]: row for row in answer["items"]}


def problem_cards_come_from_records(c):
    outlet(c, "A")
    outlet(c, "B")
    for i in range(8):
        card(c, 1000 + i, "A", staff=f"S{i % 2}")
    card(c, 2000, "B")
    stop(c, 1000)                   # under account:, the card under card:
    stop(c, 1001, confirmed=False)  # a mismatch says nothing
    released = stop(c, 1002)
    c.act("duty", "stops", released, "release_propose", {"release_reason": "核实无关"})
    c.act("commander", "stops", released, "release_approve", {})
    number = c.make("investigator", "cases", {"title": "刷单案"})
    c.must("investigator", "POST", f"/v1/cases/{number}/entities", {"key": "card:1003", "role": "mule"})
    c.must("investigator", "POST", f"/v1/cases/{number}/entities", {"key": "card:1004", "role": "victim"})
    marked = c.must("analyst", "GET", "/v1/cards?key=card:1005").json["items"][0]["id"]
    c.act("bank", "cards", marked, "mark", {"problem_reference": "100404/20261125-7"})
    c.must("bank", "POST", "/v1/partner/messages", {"TxCode": "100404", "SerialNumber": "B1", "Reason": "一日三十人转入",
                                                    "Target": {"AccountNumber": "1006"}})
    stop(c, 9999)                   # nobody knows who opened it
    answer = ranking(c)
    a = rows(answer)["A"]
    expect((a["opened"], a["problem"]) == (8, 4), a)
    expect(rows(answer)["B"]["problem"] == 0 and answer["not_attributed"]["without_opening"] == 1, answer)
    traced = c.must("analyst", "GET", f"/v1/outlets/{a['outlet']}/problem-cards").json["items"]
    expect([row["basis"] for row in traced] == ["stop", "case", "partner", "partner"], traced)
    expect("*" in traced[0]["card"]["key"], traced[0])
    shown = c.must("analyst", "GET", f"/v1/outlets/{a['outlet']}/problem-cards", purpose=PURPOSE).json["items"]
    expect(shown[0]["card"]["key"] == "card:1000" and shown[0]["card"]["staff"] == "S0", shown[0])
    # A mark that another person takes back counts no more.
    c.act_refused(403, "outreach", "cards", marked, "unmark", {"note": "x"})
    c.act("commander", "cards", marked, "unmark", {"note": "银行更正"})
    expect(rows(ranking(c))["A"]["problem"] == 3, "the mark still counts")


def a_large_outlet_does_not_hide_behind_a_small_one(c):
    for key in ["big", "small", "clean", "mid"]:
        outlet(c, key)
    ids = {row["key"].split(":")[1]: row["outlet"] for row in ranking(c)["items"]}
    months = [{"outlet": ids[key], "month": "2026-10", "opened": opened}
              for key, opened in [("big", 2000), ("small", 4), ("clean", 1500), ("mid", 600)]]
    bad = [{"outlet": ids["big"], "month": "2026-13", "opened": 1}, {"outlet": 99999, "month": "2026-10", "opened": 1}]
    cards = [{"key": f"card:{base + i}", "category": "debit", "outlet_key": f"outlet:{key}",
              "opened_at": "2026-10-02T09:00:00+08:00"}
             for key, base, count in [("big", 100000, 60), ("small", 200000, 1), ("clean", 300000, 9), ("mid", 400000, 6)]
             for i in range(count)]
    done = c.must("analyst", "POST", "/v1/outlets/import", {"months": months + bad, "cards": cards}).json
    expect((done["done"], done["refused"]) == (80, 2), done)
    expect(done["refused_items"][0]["at"] == 4 and "month" in done["refused_items"][0]["why"], done)
    for one in cards:
        number = c.must("analyst", "GET", f"/v1/cards?key={one['key']}").json["items"][0]["id"]
        c.act("analyst", "cards", number, "mark", {"problem_reference": "专案"}, version=1)
    answer = ranking(c)
    found = rows(answer)
    expect(found["small"]["rate"] == 0.25 and found["big"]["rate"] == 0.03, found)
    expect(found["big"]["rank"] == 1 or found["small"]["shrunken_rate"] < found["small"]["rate"] / 3, answer)
    expect(found["big"]["band"] == "above_998" and found["small"]["band"] != "above_998", found)
    expect(found["clean"]["band"].startswith("below"), found["clean"])
    for row in answer["items"]:
        low, high = row["credible_95"]["low"], row["credible_95"]["high"]
        expect(low < row["shrunken_rate"] < high, row)
    width = {key: row["credible_95"]["high"] - row["credible_95"]["low"] for key, row in found.items()}
    expect(width["small"] > width["big"], width)
    prior = answer["method"]["prior"]
    expect(prior["is_fitted"] and math.isclose(prior["a"] + prior["b"], prior["size"], rel_tol=1e-9), prior)
    for key, (k, n) in {"big": (60, 2000), "small": (1, 4)}.items():
        mean = (prior["a"] + k) / (prior["a"] + prior["b"] + n)
        expect(math.isclose(found[key]["shrunken_rate"], mean, rel_tol=1e-9), found[key])
    expect(len(answer["funnel"]) > 10 and answer["rate"] == 76 / 4104, answer["funnel"][:2])
    widths = [point["limits_998"]["high"] - point["limits_998"]["low"] for point in answer["funnel"][5:]]
    expect(widths[-1] < widths[0], "a funnel narrows")
    c.refused(400, "analyst", "GET", "/v1/outlets/ranking?from=2026-11&to=2026-10")
    c.refused(403, "bank", "GET", "/v1/outlets/ranking")


def districts_and_institutions_see_their_own(c):
    a, b = outlet(c, "A"), outlet(c, "B", institution=OTHER, division="450105")
    card(c, 1, "A")
    expect([row["key"] for row in ranking(c, "a.duty")["items"]] == ["outlet:A"], "a district sees another's outlets")
    c.refused(404, "b.duty", "GET", f"/v1/outlets/{a}")
    expect([row["id"] for row in c.must("bank", "GET", "/v1/outlets").json["items"]] == [a], "a bank sees others")
    c.refused(404, "bank", "GET", f"/v1/outlets/{b}")
    c.refused(404, "bank", "POST", f"/v1/outlets/{b}/months", {"month": "2026-10", "opened": 5})
    c.must("bank", "POST", f"/v1/outlets/{a}/months", {"month": "2026-10", "opened": 5})
    c.refused(422, "bank", "POST", "/v1/cards", {"key": "card:7", "category": "debit", "outlet_key": "outlet:B"})
    c.refused(422, "other_bank", "POST", "/v1/cards", {"key": "card:1", "category": "debit"})
    expect(c.read("commander", "cards", 1)["institution"] == BANK, "another bank took the card over")


def a_notice_is_answered(c):
    number = outlet(c, "A")
    for i in range(5):
        card(c, 10 + i, "A", staff="07" if i < 3 else "09")
    for i in range(4):
        stop(c, 10 + i)
    body = {"outlet": number, "measure": "rectify", "from_month": "2026-10", "to_month": "2026-10",
            "words": "十月开卡五张，四张涉案，请倒查整改"}
    notice = c.make("analyst", "outlet-notices", body)
    figures = c.read("analyst", "outlet-notices", notice)["figures"]
    expect((figures["opened"], figures["problem"]) == (5, 4), figures)
    expect([(row["staff"], row["problem"]) for row in figures["staff"]] == [("07", 3), ("09", 1)], figures)
    c.refused(404, "bank", "GET", f"/v1/outlet-notices/{notice}")
    c.act_refused(403, "analyst", "outlet-notices", notice, "approve")
    c.act("approver", "outlet-notices", notice, "approve")
    record = c.read("bank", "outlet-notices", notice)
    expect(record["state"] == "issued" and record["due"] == c.text(c.now_ms + 10 * DAY_MS), record)
    expect(record["turn"] == 1 and record["is_repeat"] is False, record)
    c.refused(404, "other_bank", "GET", f"/v1/outlet-notices/{notice}")
    c.until(c.now_ms + 10 * DAY_MS)
    c.tokens.pop("commander", None)
    deadline = time.monotonic() + 60
    while c.read("commander", "outlet-notices", notice)["is_late"] is not True:
        expect(time.monotonic() < deadline, "it is not late")
        time.sleep(0.02)
    answer = {"answer": "已停止该员工开户权限", "trace_back": "经办07号未核验用途"}
    c.act("bank", "outlet-notices", notice, "answer", answer)
    c.act("analyst", "outlet-notices", notice, "return", {"note": "未说明其余客户"})
    c.act("bank", "outlet-notices", notice, "answer", {"answer": "逐户回访完毕"})
    c.act("analyst", "outlet-notices", notice, "accept")
    c.act("approver", "outlet-notices", notice, "close")
    expect(c.read("analyst", "outlet-notices", notice)["returns"] == 1, "returns are not counted")
    again = c.make("analyst", "outlet-notices", dict(body, measure="notice"))
    c.act("approver", "outlet-notices", again, "approve")
    expect(c.read("bank", "outlet-notices", again)["is_repeat"] is True, "two within a year are a repeat offender")


def caps_across_institutions(c):
    identity = "person:450103199003071234"
    for i in range(4):
        card(c, 500 + i, who="bank", holder=identity)
    c.make("other_bank", "cards", {"key": "card:600", "category": "debit", "holder": identity})
    expect(c.must("commander", "GET", "/v1/leads?type=card_dealing").json["items"] == [], "a lead at the cap")
    c.refused(403, "bank", "POST", "/v1/cards/check", {"holder": identity})
    held = c.must("bank", "POST", "/v1/cards/check", {"holder": identity}, purpose="开户前跨机构核验").json
    expect(held["open_everywhere"] == 5 and len(held["institutions"]) == 1, held)
    expect(held["institutions"][0]["open"] == 4 and held["institutions"][0]["may_open_another"] is False, held)
    police = c.must("duty", "POST", "/v1/cards/check", {"holder": identity}, purpose="核查持卡数量").json
    expect({row["institution"]: row["open"] for row in police["institutions"]} == {BANK: 4, OTHER: 1}, police)
    card(c, 504, who="bank", holder=identity)
    card(c, 505, who="bank", holder=identity)
    leads = c.must("commander", "GET", "/v1/leads?type=card_dealing", purpose="核查开卡超限线索").json["items"]
    expect(len(leads) == 1 and leads[0]["source_count"] == 2, leads)
    expect("199003071234" not in leads[0]["subject"], "an identity number was kept")
    listed = c.must("duty", "GET", "/v1/cards", purpose="核查持卡数量").json
    expect("450103199003071234" not in str(listed), "an identity number was kept")
    looks = c.must("auditor", "GET", "/v1/audit?act=card_check").json["items"]
    expect(len(looks) == 2 and looks[0]["purpose"], looks)
    # A closed card counts no more.
    for row in c.must("duty", "GET", "/v1/cards?institution=" + BANK).json["items"][:3]:
        c.act("bank", "cards", row["id"], "close")
    held = c.must("bank", "POST", "/v1/cards/check", {"holder": identity}, purpose="开户前跨机构核验").json
    expect(held["institutions"][0]["open"] == 3 and held["institutions"][0]["may_open_another"] is True, held)


PUNISHMENT = {"person": "person:450103199003071234", "name": "李四", "ground": "cards", "count": 3,
              "measures": "限制名下支付账户非柜面业务", "reason": "出租银行卡三张"}


def served(c, **more):
    number = c.make("investigator", "punishments", dict(PUNISHMENT, **more))
    c.act("approver", "punishments", number, "approve")
    c.act("investigator", "punishments", number, "serve", {"notice_number": "南公惩字〔2026〕1号"})
    return number


def punishment_ends_to_the_second(c):
    c.refused(422, "investigator", "POST", "/v1/punishments", dict(PUNISHMENT, count=2))
    number = c.make("a.investigator", "punishments", PUNISHMENT)
    c.act_refused(403, "a.approver", "punishments", number, "approve")  # a city's bureau identifies (Art. 31)
    c.act_refused(409, "investigator", "punishments", number, "serve", {"notice_number": "x"})
    own = c.make("commander", "punishments", dict(PUNISHMENT, person="person:x1"))
    c.act_refused(403, "commander", "punishments", own, "approve")
    c.act("approver", "punishments", number, "approve")
    c.act_refused(422, "investigator", "punishments", number, "serve", {})
    c.act("investigator", "punishments", number, "serve", {"notice_number": "南公惩字〔2026〕1号"})
    record = c.read("investigator", "punishments", number)
    expect(record["months"] == 24 and record["expires_at"] == "2028-11-25T10:00:00.000+08:00", record)
    expect(record["remedy"] and record["appeal"] and record["name"] == "李**", record)
    end = c.now_ms + 731 * DAY_MS  # 2028 is a leap year
    c.until(end - 1)
    c.tokens.pop("commander", None)
    expect(c.state("punishments", number) == "in_force", "it ended too early")
    c.until(end)
    c.wait_state("punishments", number, "lapsed")
    expect(c.read("commander", "punishments", number)["ended_at"] == c.text(end), "at another moment")


def five_years_in_a_row_at_most(c):
    first = served(c)
    second = served(c, ground="convicted")
    a, b = (c.read("investigator", "punishments", n) for n in (first, second))
    expect(b["starts_at"] == a["expires_at"] == "2028-11-25T10:00:00.000+08:00", b)
    expect(b["expires_at"] == "2031-11-25T10:00:00.000+08:00", b)
    third = c.make("investigator", "punishments", PUNISHMENT)
    c.act("approver", "punishments", third, "approve")
    answer = c.act_refused(409, "investigator", "punishments", third, "serve", {"notice_number": "3"})
    expect("60" in answer.json["detail"], answer)


def appeal_and_repair(c):
    number = served(c)
    appeal = c.make("duty", "appeals", {"measure": "punishment", "order": number, "by": "李四", "words": "卡被盗用"})
    c.act_refused(403, "approver", "appeals", appeal, "uphold", {"answer": "属实"})  # he identified the person
    c.act("commander", "appeals", appeal, "uphold", {"answer": "经查属实"})
    expect(c.state("punishments", number) == "lifted", "an upheld appeal lifts at once")
    other = served(c, person="person:other")
    c.act_refused(409, "investigator", "punishments", other, "repair_propose", {"repair_reason": "主动退赔"})
    c.until(c.now_ms + 366 * DAY_MS)
    for who in ("investigator", "commander", "approver"):
        c.tokens.pop(who, None)
    c.act("investigator", "punishments", other, "repair_propose", {"repair_reason": "主动退赔"})
    c.act("approver", "punishments", other, "repair_approve")
    expect(c.state("punishments", other) == "repaired", "it is not repaired")


if __name__ == "__main__":
    run([problem_cards_come_from_records, a_large_outlet_does_not_hide_behind_a_small_one,
         districts_and_institutions_see_their_own, a_notice_is_answered, caps_across_institutions,
         punishment_ends_to_the_second, five_years_in_a_row_at_most, appeal_and_repair])
