"""A concentrated operation over HTTP, from its targets to the bulletin, and the bulletin counted again from the raw
records by a program that knows nothing else (recount.py)."""

import base64
import hashlib
import io
import json
import os
import subprocess
import sys
import time
import zipfile

from centre import BIN, DAY_MS, HOUR_MS, expect, run
from recount import Recount

BANK = "102100000011"
DEN = "青秀区某大厦1015室"


# ---- pieces ----

def filed_case(c):
    case = c.make("a.investigator", "cases", {"title": "1015室刷单返利诈骗案", "fraud_type": "task_rebate"})
    c.act("a.investigator", "cases", case, "request_filing", {"note": "有犯罪事实发生"})
    c.act("a.commander", "cases", case, "approve_filing", {"filing_number": f"A45010320261125{case:04d}"})
    return case


def plan(c):
    """An operation of the city with two districts, a site in each, two targets and their teams; not approved yet."""
    operation = c.make("commander", "operations", {
        "name": "“断流”集中收网行动", "aim": "打掉窝点", "from": c.text(), "until": c.text(c.now_ms + 2 * DAY_MS),
        "commander": c.users["commander"]})
    for unit in ["a", "b"]:
        c.make("analyst", "participations", {"operation": operation, "unit": c.units[unit], "duty": "辖区收网"})
    site = c.make("analyst", "sites", {
        "operation": operation, "name": "1015室", "type": "office", "address": DEN, "division": "450103",
        "latitude_e6": 22817000, "longitude_e6": 108366000, "plan": "控制出入口", "method": "刷单返利；21:00至次日9:00"})
    other = c.make("b.investigator", "sites", {"operation": operation, "name": "出租屋", "type": "dwelling",
                                               "address": "江南区某路1号", "division": "450105"})
    case = filed_case(c)
    target = c.make("a.investigator", "targets", {
        "operation": operation, "type": "gang", "name": "1015室窝点", "site": site, "case": case, "at": c.text(),
        "secure": "电脑、手机、话术本", "suggested_role": "supervisor", "suggested_why": "资金归集到其账户，与多名组长单线联系"})
    return operation, site, other, case, target


def approve(c, operation, target):
    c.act("a.approver", "targets", target, "approve")
    c.act("commander", "operations", operation, "submit")
    c.act("approver", "operations", operation, "approve")
    c.act("commander", "operations", operation, "start")


def teams(c, operation, site, other):
    for who, unit, at, officers in [("a.investigator", "a", site, 60), ("b.investigator", "b", other, 25)]:
        team = c.make(who, "teams", {"operation": operation, "name": "收网组", "unit": c.units[unit], "site": at,
                                     "officers": officers})
        c.act(who, "teams", team, "deploy")


def arrest(c, who, operation, site, number, **more):
    body = {"operation": operation, "site": site, "identity": f"4501031990010{number:05d}", "full_name": "王某某",
            "arrested_at": c.text(), "measure": "detention", "paper": f"拘字〔2026〕{number}号", **more}
    return c.make(who, "arrests", body)


def seize(c, who, second, operation, site, kind, **more):
    return c.make(who, "seizures", {"operation": operation, "site": site, "type": kind, "paper": "扣押清单1号",
                                    "seized_at": c.text(), "second_by": c.users[second], **more})


def strike(c, operation, site, other, target):
    """What is found: 9 persons in the den (one of them released), 2 elsewhere; things and money."""
    for place, who in [(site, "a.investigator"), (other, "b.investigator")]:
        c.act(who, "sites", place, "secure")
    roles = ["supervisor"] + 2 * ["key_member"] + 5 * ["member"]
    arrests = [arrest(c, "a.duty", operation, site, i + 1, target=target) for i in range(9)]
    for number, role in zip(arrests, roles):
        c.act("a.investigator", "arrests", number, "confirm_role", {"confirmed_role": role, "confirmed_why": "供述、账册"})
    c.act("a.commander", "arrests", arrests[8], "release", {"note": "系清洁人员"})
    for i in range(2):
        arrest(c, "b.duty", operation, other, 50 + i)
    for kind, count in [("computer", 105), ("phone", 203)]:
        seize(c, "a.duty", "a.investigator", operation, site, kind, count=count)
    for nothing in [{"type": "cash", "amount_fen": 0}, {"type": "cash"}, {"type": "phone", "count": 0},
                    {"type": "phone", "count": -1}]:
        c.refused(422, "a.duty", "POST", "/v1/seizures",
                  {"operation": operation, "site": site, "paper": "扣押清单1号", "seized_at": c.text(),
                   "second_by": c.users["a.investigator"], **nothing})
    answer = c.refused(422, "a.duty", "POST", "/v1/seizures",
                       {"operation": operation, "site": site, "paper": "扣押清单1号", "seized_at": c.text(),
                        "type": "phone", "count": 1, "second_by": c.users["auditor"]})  # two officers, not one and a guest
    expect(answer.json["errors"][0]["pointer"] == "/second_by", answer)
    seize(c, "a.duty", "a.investigator", operation, site, "cash", amount_fen=8000000)
    seize(c, "b.duty", "b.investigator", operation, other, "sim_card", count=97)
    mistake = seize(c, "b.duty", "b.investigator", operation, other, "pos", count=2)
    c.act("b.commander", "seizures", mistake, "void", {"note": "重复登记"})
    c.act("a.investigator", "targets", target, "strike", {"result": "窝点已打掉"})
    return arrests


def rectify(c, operation, who, inspector, division, address):
    place = c.make(who, "places", {"operation": operation, "name": "某写字楼", "type": "office", "address": address,
                                   "division": division, "problem": "未登记租户"})
    c.act(who, "places", place, "notify", {"notice": "整改〔2026〕1号", "due": c.text(c.now_ms + 3 * DAY_MS)})
    c.act(who, "places", place, "report")
    c.act_refused(403, who, "places", place, "pass", {"words": "合格"})  # who served the notice does not inspect
    c.act(inspector, "places", place, "pass", {"words": "已登记全部租户"})
    return place


def season(c):
    """Warnings, stops, freezes and a return, answered by the banks through the partner API."""
    for i, phone in enumerate(["13977110001", "13977110002", "13977220001", "13977220002"]):
        unit = "a" if i < 2 else "b"
        warning = c.must("duty", "POST", "/v1/warnings", {
            "phone": phone, "tier": "medium", "reason": "向涉诈账户转账", "source": "tip", "fraud_type": "task_rebate"})
        number = warning.json["id"]
        if i == 3:
            continue  # nobody tried yet: not warned
        c.act(f"{unit}.duty", "warnings", number, "sign")
        c.must(f"{unit}.duty", "POST", f"/v1/warnings/{number}/attempt",
               {"channel": "phone", "result": "no_answer" if i == 2 else "dissuaded", "is_identity_checked": i != 2})
        if i < 2:
            c.act("a.duty", "warnings", number, "propose_closing",
                  {"closing": "dissuaded", "at_risk_fen": 1200000 + i, "averted_basis": "stated",
                   "averted_words": "准备再转"})
            c.act("a.commander", "warnings", number, "approve_closing")
    for account, balance, answer in [("account:1", 700000, "confirm"), ("account:2", 50000, "confirm"),
                                     ("account:3", 0, "mismatch")]:
        stop = c.make("a.duty", "stops", {"account": account, "institution": BANK, "holder": "张三丰",
                                          "amount_fen": 5000000, "reason": "受害人报警"})
        c.act("a.approver", "stops", stop, "approve")
        body = {"stopped_at": c.text(), "balance_fen": balance, "result_code": "100000"}
        c.act("bank", "stops", stop, answer, body if answer == "confirm" else {"result": "户名不符"})


def give_back(c, case):
    freeze = c.make("a.investigator", "freezes", {
        "account": "account:1", "institution": BANK, "scope": "amount", "amount_fen": 2000000, "case": case,
        "reason": "涉案资金"})
    c.act("a.approver", "freezes", freeze, "approve")
    c.act("bank", "freezes", freeze, "confirm", {"frozen_at": c.text(), "executed_fen": 2000000})
    entries = [{"time": "2026-11-01T10:00:00+08:00", "direction": "in", "amount_fen": 2000000, "party": "A"}]
    number = c.make("a.investigator", "returns", {
        "freeze": freeze, "losses": [{"party": "A", "loss_fen": 2000000, "to_account": "account:99"}],
        "entries": entries})
    c.act("a.investigator", "returns", number, "submit",
          {"officer_1": c.users["a.investigator"], "officer_2": c.users["a.duty"]})
    c.act("commander", "returns", number, "approve")
    c.act("a.investigator", "returns", number, "notify")
    c.act("bank", "returns", number, "execute", {"executed_at": c.text()})


def outreach(c, operation):
    """An online parents' meeting and stands in the market; residents' groups with the bot; a partner of the alliance."""
    for category, heads in [("parents_online", {"parents": 910, "staff": 70}), ("market", {"residents": 300, "points": 59})]:
        event = c.make("commander", "outreach-events", {"title": "宣传活动", "category": category, "at": c.text(),
                                                        "area": c.units["a"], "operation": operation})
        c.act("commander", "outreach-events", event, "hold", heads)
    for members in [120, 80]:
        c.make("commander", "chat-groups", {"name": f"居民群{members}", "platform": "wecom", "area": c.units["a"],
                                            "members": members})
    c.make("commander", "alliance-partners", {"name": "某农贸市场", "category": "market", "area": c.units["a"]})


def bulletin(c, who="analyst", **more):
    number = c.make(who, "bulletins", {"title": "集中收网行动战果通报", "from": "2026-11-25T00:00:00+08:00",
                                       "to": c.text(c.now_ms + 1000), "words": "刷单返利窝点被打掉。", **more})
    c.act(who, "bulletins", number, "compute")
    return number


def values(document, section):
    figures = next(s for s in document["sections"] if s["code"] == section)["figures"]
    return {f["code"]: f["value"] for f in figures}


def parts(document, section, code):
    figures = next(s for s in document["sections"] if s["code"] == section)["figures"]
    return {p["code"]: p["value"] for f in figures if f["code"] == code for p in f["parts"]}


def recounted(c, who, document):
    get = lambda path: c.must(who, "GET", path, purpose="复核通报数据").json  # noqa: E731
    wrong, counted = Recount(get).differences(document)
    expect(not wrong, f"counted again, these differ: {wrong}")
    return counted


def document(c, who, number, form="json", language="zh"):
    return c.must(who, "GET", f"/v1/bulletins/{number}/document?format={form}&language={language}")


# ---- tests ----

def one_operation_from_targets_to_bulletin(c):
    operation, site, other, case, target = plan(c)
    approve(c, operation, target)
    teams(c, operation, site, other)
    c.later(2 * HOUR_MS)
    strike(c, operation, site, other, target)
    rectify(c, operation, "a.duty", "a.investigator", "450103", "青秀区某路2号")
    rectify(c, operation, "b.duty", "b.investigator", "450105", "江南区某路3号")
    season(c)
    give_back(c, case)
    outreach(c, operation)
    tallies(c, operation, site)
    number = bulletin(c, operation=operation, site=site)
    for form in ["text", "pdf", "xlsx"]:
        expect(len(document(c, "analyst", number, form).raw) > 500, form)
    expect("作案手法：刷单返利；21:00至次日9:00" in document(c, "analyst", number, "text").raw.decode(), "the den's method")
    made = document(c, "analyst", number).json
    told = values(made, "operation")
    expect({k: told[k] for k in ["officers", "sites_secured", "targets_struck", "places_rectified", "suspects", "seized",
                                 "cash"]} ==
           {"officers": 85, "sites_secured": 2, "targets_struck": 1, "places_rectified": 2, "suspects": 10,
            "seized": 405, "cash": 8000000}, told)
    expect(parts(made, "operation", "seized") == {"computer": 105, "phone": 203, "sim_card": 97}, made)
    expect(parts(made, "den", "suspects_by_role") == {"supervisor": 1, "key_member": 2, "member": 5}, made)
    expect(values(made, "den")["suspects"] == 8 and values(made, "den")["cash"] == 8000000, values(made, "den"))
    year = values(made, "year")
    expect({k: year[k] for k in ["people_warned", "people_reached", "people_dissuaded", "loss_averted", "stopped",
                                 "stop_orders", "frozen", "returned", "returned_cases", "days"]} ==
           {"people_warned": 3, "people_reached": 2, "people_dissuaded": 2, "loss_averted": 2400001, "stopped": 750000,
            "stop_orders": 2, "frozen": 2000000, "returned": 2000000, "returned_cases": 1, "days": 329}, year)
    expect(told["outreach_points"] == 59 and parts(made, "outreach", "alliance_partners") == {"market": 1}, told)
    reached = values(made, "outreach")
    expect({k: reached[k] for k in ["outreach_events", "event_parents", "event_staff", "bot_groups", "bot_group_people"]} ==
           {"outreach_events": 2, "event_parents": 910, "event_staff": 70, "bot_groups": 2, "bot_group_people": 200},
           reached)
    expect(recounted(c, "commander", made) >= 60, "few figures were counted again")
    # The program itself, as anybody would run it.
    done = subprocess.run([sys.executable, os.path.join(os.path.dirname(__file__), "recount.py"),
                           f"http://127.0.0.1:{c.port}", c.token("commander"), str(number)],
                          capture_output=True, text=True)
    expect(done.returncode == 0 and " 0 differ" in done.stdout, done)
    districts(c, operation)
    c.act("commander", "operations", operation, "close", {"summary": "全胜"})


def tallies(c, operation, site):
    tally = c.must("commander", "GET", f"/v1/operations/{operation}/tally").json
    expect(values(tally, "operation")["suspects"] == 10, tally)
    by = {row["zh"]: row["values"] for row in tally["districts"]}
    expect(by["青秀区"]["suspects"] == 8 and by["江南区"]["suspects"] == 2, by)
    den = next(row for row in tally["sites"] if row["id"] == site)
    expect(den["suspects"] == 8 and den["seized"] == 308 and den["latitude_e6"] == 22817000, den)
    own = c.must("b.commander", "GET", f"/v1/operations/{operation}/tally").json
    expect(values(own, "operation")["suspects"] == 2 and len(own["sites"]) == 1, own)
    view = c.must("b.commander", "GET", "/v1/command").json
    today = {f["code"]: f["value"] for f in view["today"]["figures"]}
    expect(len(view["operations"]) == 1 and today["people_warned"] == 1 and today["suspects"] == 2, view)
    city = c.must("commander", "GET", "/v1/command").json
    today = {f["code"]: f["value"] for f in city["today"]["figures"]}
    expect(today["stopped"] == 750000 and today["suspects"] == 10, today)


def districts(c, operation):
    """A district's bulletin is its own, and it cannot ask for another's."""
    number = bulletin(c, "b.commander", operation=operation)
    made = document(c, "b.commander", number).json
    expect(values(made, "operation")["suspects"] == 2 and values(made, "operation")["officers"] == 25, made)
    expect(values(made, "year")["stopped"] == 0, "another district's stops")
    recounted(c, "b.commander", made)
    c.refused(404, "b.commander", "POST", "/v1/bulletins", {
        "title": "x", "from": "2026-11-25T00:00:00+08:00", "to": c.text(), "unit": c.units["a"]})
    c.refused(404, "a.commander", "GET", f"/v1/bulletins/{number}")
    c.refused(404, "b.commander", "GET", f"/v1/figures?from=2026-11-25&to=2026-11-26&unit={c.units['a']}")


def an_operation_has_its_order(c):
    operation, site, other, case, target = plan(c)
    c.act_refused(409, "commander", "operations", operation, "start")  # not approved
    c.refused(409, "a.investigator", "GET", f"/v1/targets/{target}/package", purpose="执行收网行动")  # nor its target
    c.act_refused(403, "a.investigator", "targets", target, "approve")
    c.act_refused(404, "b.approver" if "b.approver" in c.ROLES else "b.commander", "targets", target, "approve")
    c.act("commander", "operations", operation, "submit")
    c.act_refused(403, "commander", "operations", operation, "approve")  # four eyes: the commander drafted it
    c.act_refused(403, "a.approver", "operations", operation, "approve")  # not of the city
    team = c.make("a.investigator", "teams", {"operation": operation, "name": "一组", "unit": c.units["a"], "officers": 9})
    c.act_refused(409, "a.investigator", "teams", team, "deploy")  # the operation does not run
    c.refused(422, "a.investigator", "POST", "/v1/teams", {"operation": operation, "name": "二组", "unit": c.units["b"],
                                                          "officers": 9})
    c.refused(409, "a.duty", "POST", "/v1/arrests", {
        "operation": operation, "site": site, "identity": "450103199001010011", "full_name": "李四",
        "arrested_at": c.text(), "measure": "detention"})
    c.act("approver", "operations", operation, "approve")
    c.act("commander", "operations", operation, "start")
    first = arrest(c, "a.duty", operation, site, 7)
    again = {"operation": operation, "identity": "450103199001000007", "full_name": "王某某", "arrested_at": c.text(),
             "measure": "bail"}
    c.refused(409, "a.duty", "POST", "/v1/arrests", again)  # the same person twice
    c.act_refused(403, "a.duty", "arrests", first, "confirm_role", {"confirmed_role": "member", "confirmed_why": "x"})
    own = arrest(c, "a.investigator", operation, site, 8)
    c.act_refused(403, "a.investigator", "arrests", own, "confirm_role",
                  {"confirmed_role": "member", "confirmed_why": "x"})  # four eyes
    record = c.must("a.commander", "GET", f"/v1/arrests/{first}", purpose="审查抓获登记").json
    expect(record["name"] == "王**" and len(record["person"]) == 64, record)
    expect("450103199001000007" not in json.dumps(c.must("a.commander", "GET", f"/v1/arrests/{first}/history").json), "")
    c.refused(422, "a.duty", "POST", "/v1/seizures", {
        "operation": operation, "site": site, "type": "phone", "count": 1, "paper": "x", "seized_at": c.text(),
        "second_by": c.users["a.duty"]})  # two officers
    # A district that takes no part learns nothing; one that does sees its own alone.
    expect(len(c.must("b.commander", "GET", f"/v1/operations/{operation}/arrests").json["items"]) == 0, "another's arrest")
    lonely = c.make("commander", "operations", {"name": "市局行动", "from": c.text(), "until": c.text(c.now_ms + DAY_MS),
                                                "commander": c.users["commander"]})
    c.refused(404, "b.commander", "GET", f"/v1/operations/{lonely}")
    listed = {row["id"] for row in c.must("b.commander", "GET", "/v1/operations").json["items"]}
    expect(listed == {operation}, listed)
    c.refused(404, "b.commander", "GET", f"/v1/operations/{lonely}/tally")
    c.refused(403, "outreach", "GET", f"/v1/operations/{operation}/tally")
    step = c.make("analyst", "steps", {"operation": operation, "phase": "search", "title": "清点扣押物", "unit": c.units["a"],
                                       "due": c.text(c.now_ms + HOUR_MS)})
    c.act_refused(409, "commander", "operations", operation, "close", {"summary": "x"})  # a step is open
    c.later(HOUR_MS)
    expect(c.must("commander", "GET", f"/v1/operations/{operation}/tally").json["steps"] == {"open": 1}, "steps")
    c.act("a.duty", "steps", step, "finish", {"result": "清点完毕"})
    expect(c.read("commander", "steps", step)["is_overdue"] is True, "nobody said that it is overdue")


def what_is_seized_has_its_custody(c):
    operation, site, other, case, target = plan(c)
    approve(c, operation, target)
    seizure = seize(c, "a.duty", "a.investigator", operation, site, "phone", count=3, marks="IMEI 860000000000001")
    c.act("a.duty", "seizures", seizure, "hand_over", {"holder": "物证室 赵警官", "note": "移交物证室"})
    c.must("a.duty", "POST", f"/v1/seizures/{seizure}/custody", {"what": "viewed", "words": "取证"})
    chain = [row["what"] for row in c.must("a.duty", "GET", f"/v1/seizures/{seizure}/custody?order=id").json["items"]]
    expect(chain == ["received", "handed_over", "viewed"], chain)
    c.act_refused(403, "a.duty", "seizures", seizure, "give_back", {"note": "x"})
    c.act("a.approver", "seizures", seizure, "give_back", {"note": "与案件无关"})
    c.act_refused(409, "a.approver", "seizures", seizure, "give_back", {"note": "x"})
    chain = c.must("a.duty", "GET", f"/v1/seizures/{seizure}/custody?order=id").json["items"]
    expect(chain[-1]["what"] == "returned", chain)
    c.refused(404, "b.duty", "GET", f"/v1/seizures/{seizure}")


def a_place_is_rectified_under_a_clock(c):
    place = c.make("a.duty", "places", {"name": "某手机店", "type": "phone_shop", "address": "青秀区", "division": "450103",
                                        "problem": "代办电话卡不核验"})
    c.act("a.duty", "places", place, "notify", {"notice": "整改1号", "due": c.text(c.now_ms + DAY_MS)})
    at = c.now_ms + DAY_MS
    c.until(at - 1)
    expect(c.read("commander", "places", place)["is_overdue"] is False, "overdue too early")
    c.until(at)
    deadline = time.monotonic() + 60
    while c.read("commander", "places", place)["is_overdue"] is not True:
        expect(time.monotonic() < deadline, "not overdue")
        time.sleep(0.02)
    c.act("a.duty", "places", place, "report")
    c.act("a.investigator", "places", place, "fail", {"words": "仍未核验", "due": c.text(c.now_ms + DAY_MS)})
    c.act("a.duty", "places", place, "report")
    c.act("a.investigator", "places", place, "pass", {"words": "合格"})
    record = c.read("commander", "places", place)
    expect(record["failures"] == 1 and record["state"] == "rectified", record)
    c.later(30 * DAY_MS)
    c.act("a.duty", "places", place, "relapsed", {"words": "反弹", "due": c.text(c.now_ms + DAY_MS)})
    expect(c.read("commander", "places", place)["rectified_at"] is None, "a relapsed place counts as rectified")
    seen = [row["result"] for row in c.must("a.duty", "GET", f"/v1/places/{place}/inspections?order=id").json["items"]]
    expect(seen == ["failed", "passed", "relapsed"], seen)


def a_strike_package_is_whole_and_always_the_same(c):
    signal = {"kind": "transfer", "id": "V1", "time": "2026-11-25T09:40:00+08:00", "from": "account:victim",
              "to": "account:mule", "amount": "50000.00"}
    c.must("analyst", "POST", "/v1/signals", json.dumps(signal).encode(),
           headers={"Content-Type": "application/x-ndjson"})
    operation, site, other, case, target = plan(c)
    data = b"\x89PNG\r\n\x1a\n screenshot"
    c.must("a.investigator", "POST", f"/v1/cases/{case}/evidence",
           {"name": "../聊天/截图.png", "media": "image/png", "bytes": base64.b64encode(data).decode()})
    with_trace = c.make("a.investigator", "targets", {
        "operation": operation, "type": "run_point", "name": "张三", "subject": "account:mule", "case": case,
        "secure": "手机、银行卡", "trace_transfer": "V1"})
    c.act("a.approver", "targets", with_trace, "approve")
    later = {**signal, "id": "V2", "time": "2026-11-25T09:50:00+08:00", "from": "account:mule", "to": "account:next",
             "amount": "20000.00"}
    c.must("analyst", "POST", "/v1/signals", json.dumps(later).encode(),
           headers={"Content-Type": "application/x-ndjson"})
    path = f"/v1/targets/{with_trace}/package?format="
    c.refused(403, "a.investigator", "GET", path + "zip")  # no purpose
    c.refused(404, "b.investigator", "GET", path + "zip", purpose="执行收网行动")
    first = c.must("a.investigator", "GET", path + "zip", purpose="执行收网行动")
    again = c.must("a.investigator", "GET", path + "zip", purpose="执行收网行动")
    expect(first.raw == again.raw, "two packages of one moment differ")
    expect(first.headers["sluice-sha256"] == hashlib.sha256(first.raw).hexdigest(), first.headers)
    with zipfile.ZipFile(io.BytesIO(first.raw)) as archive:
        expect(archive.testzip() is None, "a damaged zip")
        manifest = json.loads(archive.read("manifest.json"))
        names = {row["name"] for row in manifest["files"]}
        expect(names | {"manifest.json"} == set(archive.namelist()), archive.namelist())
        for row in manifest["files"]:
            content = archive.read(row["name"])
            expect(hashlib.sha256(content).hexdigest() == row["sha256"] and len(content) == row["size"], row)
        expect(data in [archive.read(name) for name in names if name.startswith("evidence/")], names)
        expect(not any(".." in name.split("/") for name in names), names)
        trace = json.loads(archive.read("trace.json"))
        expect(trace["as_of"] == manifest["as_of"] == 1 and "account:next" not in json.dumps(trace), trace)
        expect(manifest["operator"] == "a.investigator" and manifest["purpose"] == "执行收网行动", manifest)
        expect(archive.read("package.pdf").startswith(b"%PDF-"), "no PDF")
        expect(json.loads(archive.read("target.json"))["name"] == "张三", "masked for those who need it")
    pdf = c.must("a.investigator", "GET", path + "pdf", purpose="执行收网行动")
    expect(pdf.raw.startswith(b"%PDF-") and len(pdf.raw) > 5000, pdf.headers)
    rows = c.must("auditor", "GET", "/v1/audit?act=export&kind=target").json["items"]
    expect(len(rows) == 3 and all("sha256" in row["detail"] and row["purpose"] for row in rows), rows)
    evidence = c.must("a.investigator", "GET", f"/v1/cases/{case}/evidence").json["items"][0]["id"]
    custody = c.must("a.investigator", "GET", f"/v1/evidence/{evidence}/custody?order=id").json["items"]
    expect([row["what"] for row in custody] == ["received", "copied", "copied", "copied"], custody)


def roles_are_suggested_by_the_trace(c):
    """Money through first card, three spreaders, one who draws it: each target gets the place its account has; a person's
    word and a confirmation stand."""
    def moved(number, minute, kind="transfer", **more):
        return {"kind": kind, "id": number, "time": f"2026-11-25T09:{minute:02d}:00+08:00", **more}
    signals = [moved("R1", 1, **{"from": "account:victim", "to": "account:first", "amount": "90000.00"})]
    for i in range(3):
        signals += [moved(f"R2{i}", 5 + i, **{"from": "account:first", "to": f"account:m{i}", "amount": "30000.00"}),
                    moved(f"R3{i}", 15 + i, **{"from": f"account:m{i}", "to": "account:cash", "amount": "30000.00"})]
    signals += [moved("R4", 30, "withdrawal", **{"from": "account:cash", "to": "atm:N1", "amount": "80000.00"})]
    answer = c.must("analyst", "POST", "/v1/signals", "\n".join(json.dumps(s) for s in signals).encode(),
                    headers={"Content-Type": "application/x-ndjson"}).json
    expect(answer["accepted"] == len(signals), answer)
    operation, site, other, case, target = plan(c)
    def propose(subject, **more):
        return c.make("a.investigator", "targets", {"operation": operation, "type": "run_point", "name": subject,
                                                    "subject": subject, "secure": "银行卡", "case": case, **more})
    seen = {}
    for subject in ["account:first", "account:m1", "account:cash", "account:victim"]:
        number = propose(subject, trace_transfer="R1")
        seen[subject] = c.read("a.investigator", "targets", number, purpose="核对研判角色")
    told = {key: (r["suggested_role"], r["suggested_from"]) for key, r in seen.items()}
    expect(told == {"account:first": ("first_card", "trace"), "account:m1": ("transit", "trace"),
                    "account:cash": ("cash_out", "trace"), "account:victim": (None, None)}, told)
    why = seen["account:cash"]["suggested_why"]
    expect("3个账户转入被骗资金90,000.00元" in why and "1处取现80,000.00元" in why and "layer 3" in why, why)
    # A person's own suggestion stands until the trace is asked for; a confirmation stands whatever is suggested.
    number = propose("account:cash", trace_transfer="R1", suggested_role="member", suggested_why="群众举报")
    expect(c.read("a.investigator", "targets", number)["suggested_from"] == "person", number)
    c.act("a.investigator", "targets", number, "edit", {"name": "取现人"})
    expect(c.read("a.investigator", "targets", number)["suggested_role"] == "member", "an edit lost a person's word")
    c.act("a.approver", "targets", number, "approve")
    c.act("a.investigator", "targets", number, "confirm_role", {"confirmed_role": "key_member", "note": "供述"})
    c.act("a.investigator", "targets", number, "suggest_role")
    r = c.read("a.investigator", "targets", number)
    expect((r["suggested_role"], r["suggested_from"], r["confirmed_role"], r["confirmed_by"]) ==
           ("cash_out", "trace", "key_member", c.users["a.investigator"]), r)
    # The package has everybody's place; the PDF names codes in words.
    package = c.must("a.investigator", "GET", f"/v1/targets/{number}/package?format=zip", purpose="执行收网行动")
    with zipfile.ZipFile(io.BytesIO(package.raw)) as archive:
        roles = {row["key"]: row["role"] for row in json.loads(archive.read("roles.json"))["roles"]}
    expect(roles == {"account:first": "first_card", "account:m0": "transit", "account:m1": "transit",
                     "account:m2": "transit", "account:cash": "cash_out"}, roles)
    # Nothing to suggest from, a start that is not there, and a finding that brings subject and start along.
    c.act_refused(409, "a.investigator", "targets", target, "suggest_role")
    lost = c.refused(422, "a.investigator", "POST", "/v1/targets", {
        "operation": operation, "type": "gang", "name": "x", "secure": "x", "trace_transfer": "没有这笔"})
    expect([f["pointer"] for f in lost.json["errors"]] == ["/trace_transfer"], lost)
    found = propose(None, name="一级卡", finding="R1")
    r = c.read("a.investigator", "targets", found, purpose="核对研判角色")
    expect((r["subject"], r["trace_transfer"], r["suggested_role"]) == ("account:first", "R1", "first_card"), r)
    lost = c.refused(422, "a.investigator", "POST", "/v1/targets", {
        "operation": operation, "type": "gang", "name": "x", "secure": "x", "finding": "sequence 99999"})
    expect([f["pointer"] for f in lost.json["errors"]] == ["/finding"], lost)
    expect(c.read("a.investigator", "targets", propose(None, name="按序号", finding="sequence 1"),
                  purpose="核对研判角色")["trace_transfer"] == "R1", "a finding by its sequence")


def what_is_issued_never_changes(c):
    season(c)
    number = c.make("analyst", "bulletins", {"title": "战果通报", "from": "2026-11-25T00:00:00+08:00",
                                             "to": c.text(c.now_ms + DAY_MS)})
    c.act_refused(409, "approver", "bulletins", number, "approve")  # it has no figures yet
    c.act("analyst", "bulletins", number, "compute")
    c.refused(400, "analyst", "POST", "/v1/bulletins/acts", {  # figures are computed, never given
        "act": "compute", "items": [{"id": number, "version": c.version("bulletins", number)}], "input": {"figures": []}})
    c.act_refused(403, "analyst", "bulletins", number, "approve")
    c.refused(403, "outreach", "GET", f"/v1/bulletins/{number}/document?format=json")  # a draft may count a few persons
    own = bulletin(c, "commander")
    c.act_refused(403, "commander", "bulletins", own, "approve")  # four eyes
    c.act_refused(409, "approver", "bulletins", number, "issue")  # not approved
    c.act("approver", "bulletins", number, "approve")
    c.act_refused(409, "analyst", "bulletins", number, "compute")
    c.act("approver", "bulletins", number, "issue")
    kept = {}
    for form in ["text", "pdf", "xlsx", "json"]:
        for language in ["zh", "en"]:
            answer = document(c, "analyst", number, form, language)
            kept[form, language] = answer.raw
            expect(answer.headers["sluice-sha256"] == hashlib.sha256(answer.raw).hexdigest(), answer.headers)
    expect(document(c, "outreach", number, "pdf").raw == kept["pdf", "zh"], "what is issued is everybody's")
    files = c.must("analyst", "GET", f"/v1/bulletins/{number}/files").json["items"]
    expect({(f["format"], f["language"]): f["sha256"] for f in files} ==
           {k: hashlib.sha256(v).hexdigest() for k, v in kept.items()}, files)
    expect("避免群众损失：24,000.01 元" in kept["text", "zh"].decode(), kept["text", "zh"].decode())
    expect("loss averted: 24,000.01 yuan" in kept["text", "en"].decode(), kept["text", "en"].decode())
    with zipfile.ZipFile(io.BytesIO(kept["xlsx", "zh"])) as book:
        expect(any("sheet2" in name for name in book.namelist()), book.namelist())
        expect("避免群众损失" in book.read("xl/sharedStrings.xml").decode(), "no figures in the workbook")
    for act, body in [("edit", {"title": "改"}), ("compute", {}), ("approve", {}), ("issue", {}), ("reopen", {"note": "x"}),
                      ("drop", {"note": "x"})]:
        who = "analyst" if act in ("edit", "compute", "drop") else "approver"
        c.act_refused(409, who, "bulletins", number, act, body)
    # What happens afterwards changes the next one alone; a correction names the one it replaces.
    stop = c.make("a.duty", "stops", {"account": "account:9", "institution": BANK, "reason": "受害人报警"})
    c.act("a.approver", "stops", stop, "approve")
    c.act("bank", "stops", stop, "confirm", {"stopped_at": c.text(), "balance_fen": 1, "result_code": "100000"})
    expect(document(c, "analyst", number, "pdf", "zh").raw == kept["pdf", "zh"], "an issued bulletin changed")
    c.refused(422, "analyst", "POST", "/v1/bulletins", {"title": "更正", "from": "2026-11-25T00:00:00+08:00",
                                                       "to": c.text(), "replaces": own})
    correction = bulletin(c, replaces=number)
    made = document(c, "analyst", correction).json
    expect(made["replaces"] == number and values(made, "year")["stopped"] == 750001, made)
    expect(f"更正 TB-{number:08d}" in document(c, "analyst", correction, "text").raw.decode(), "it names no other")
    found = c.must("analyst", "GET", f"/v1/bulletins?replaces={number}").json["items"]
    expect([row["id"] for row in found] == [correction], found)
    at_the_command_line(c, made)


def at_the_command_line(c, made):
    c.stop()
    command = [BIN, "bulletin", "--db", c.database, "--from", made["from"], "--to", made["to"]]
    done = subprocess.run([*command, "-o", "json"], capture_output=True, text=True)
    expect(done.returncode == 0, done)
    told = json.loads(done.stdout)
    expect([s["figures"] for s in told["sections"]] == [s["figures"] for s in made["sections"]], "other figures")
    for form, begin in [("text", "战果通报".encode()), ("pdf", b"%PDF-"), ("xlsx", b"PK")]:
        done = subprocess.run([*command, "-o", form], capture_output=True)
        expect(done.returncode == 0 and done.stdout.startswith(begin), (form, done.stderr, done.stdout[:80]))
    english = subprocess.run([*command, "-o", "text", "--lang", "en"], capture_output=True, text=True)
    expect("Year to date" in english.stdout and "loss averted" in english.stdout, english)
    wrong = subprocess.run([*command, "--unit", "99"], capture_output=True, text=True)
    expect(wrong.returncode == 1 and "unit 99" in wrong.stderr, wrong)
    c.start()


if __name__ == "__main__":
    run([one_operation_from_targets_to_bulletin, an_operation_has_its_order, what_is_seized_has_its_custody,
         a_place_is_rectified_under_a_clock, a_strike_package_is_whole_and_always_the_same,
         roles_are_suggested_by_the_trace, what_is_issued_never_changes])
