"""Short scenes in which every act of every kind succeeds once, and records come into every state that acts are refused in. What the
acts mean is the other walks' business; every_act.py probes them."""

import base64
import json

import freezes
import imports
import operation
import outreach
import rule_changes
import stops
from centre import DAY_MS, HOUR_MS

BANK = "102100000011"
NOTE = {"note": "核实后办理"}


def lead(c, n):
    return c.make("a.duty", "leads", {"type": "run_point", "subject": f"account:62220212345678901{n:02d}", "title": "疑似跑分账户",
                                      "source": "tip", "division": "450103"})


def leads(c):
    number = lead(c, 1)
    c.must("a.duty", "POST", f"/v1/leads/{number}/comments", {"words": "请核查"})
    c.act("a.duty", "leads", number, "assign", {"assignee": c.users["a.investigator"]})
    c.act("a.investigator", "leads", number, "accept")
    c.act("a.investigator", "leads", number, "finish", {"result": "confirmed", "feedback": "已止付"})
    c.act("a.commander", "leads", number, "reopen", NOTE)
    number = lead(c, 2)
    c.act("a.duty", "leads", number, "assign", {"assignee": c.users["a.investigator"]})
    c.act("a.investigator", "leads", number, "to_case", {"case_title": "跑分案", "feedback": "已立专案"})
    c.act("a.duty", "leads", lead(c, 3), "dispatch", {"unit": c.units["s"]})


def warning(c, n, tier="high"):
    return c.make("duty", "warnings", {"phone": f"139771100{n:02d}", "tier": tier, "reason": "向涉诈账户转账", "source": "tip",
                                       "fraud_type": "task_rebate"})


def warnings(c):
    met = {"channel": "visit", "result": "dissuaded", "is_face_to_face": True, "is_identity_checked": True}
    number = warning(c, 1)
    c.must("a.duty", "POST", f"/v1/warnings/{number}/comments", {"words": "家属已联系"})
    c.act("a.duty", "warnings", number, "edit", {"name": "王小明"})
    c.act("a.duty", "warnings", number, "sign")
    c.act("a.duty", "warnings", number, "assign", {"assignee": c.users["a.duty"]})
    c.act("a.commander", "warnings", number, "retier", {"tier": "urgent", **NOTE})
    c.must("a.duty", "POST", f"/v1/warnings/{number}/attempt", {"channel": "phone", "result": "no_answer"})
    c.act("a.duty", "warnings", number, "not_found_yet", NOTE)
    c.act("a.duty", "warnings", number, "search_again")
    c.must("a.duty", "POST", f"/v1/warnings/{number}/attempt", met)
    c.act("a.duty", "warnings", number, "money_moved", {"moved_fen": 3000000})
    c.act("a.commander", "warnings", number, "review", {"review_words": "预警晚于转账"})
    for answer in ["refuse_closing", "approve_closing"]:
        c.act("a.duty", "warnings", number, "propose_closing", {"closing": "dissuaded"})
        c.act("a.approver", "warnings", number, answer, NOTE)
    c.act("a.duty", "warnings", number, "call_back", {"call_back": "holds", "call_back_words": "未再转账"})
    c.act("a.commander", "warnings", number, "reopen", NOTE)
    c.act("a.duty", "warnings", warning(c, 2), "dispatch", {"unit": c.units["s"]})


def report(c, n):
    return c.make("a.duty", "reports", {"channel": "phone", "victim_name": "王五", "victim_phone": f"139771100{n:02d}",
                                        "victim_division": "450103", "words": "被骗", "fraud_type": "other"})


def reports(c):
    number = report(c, 1)
    c.must("a.duty", "POST", f"/v1/reports/{number}/comments", {"words": "已回访"})
    c.act("a.duty", "reports", number, "edit", {"victim_name": "王五一"})
    c.act("a.duty", "reports", number, "assign", {"assignee": c.users["a.duty"]})
    c.act("a.duty", "reports", number, "add_transfers", {"transfers": [
        {"to": "account:6222022001123456788", "bank": BANK, "name": "张三", "amount_fen": 500000, "time": c.text()}]})
    c.act("a.duty", "reports", number, "warn", {"tier": "high", "reason": "仍在转账"})
    c.act("a.commander", "reports", number, "close", {"result": "no_fraud", **NOTE})
    c.act("a.investigator", "reports", report(c, 2), "to_case", {"case_title": "王五被诈骗案"})


def a_case(c, who="a.investigator"):
    return c.make(who, "cases", {"title": "刷单诈骗案", "fraud_type": "task_rebate"})


def cases(c):
    number = a_case(c)
    at = f"/v1/cases/{number}"
    c.must("a.duty", "POST", at + "/comments", {"words": "只给本区看"})
    c.act("a.investigator", "cases", number, "edit", {"title": "刷单返利诈骗案"})
    c.act("a.investigator", "cases", number, "assign", {"assignee": c.users["a.investigator"]})
    for answer, words in [("refuse_filing", NOTE), ("approve_filing", {"filing_number": "A1"})]:
        c.act("a.investigator", "cases", number, "request_filing", NOTE)
        c.act("a.commander", "cases", number, answer, words)
    c.act("a.commander", "cases", number, "suspend", NOTE)
    c.act("a.investigator", "cases", number, "resume", NOTE)
    parts_of_a_case(c, number)
    for answer in ["refuse_closing", "approve_closing"]:
        c.act("a.investigator", "cases", number, "request_closing", {"closing": "solved", **NOTE})
        c.act("a.commander", "cases", number, answer, NOTE)
    c.act("a.commander", "cases", number, "reopen", NOTE)
    other = a_case(c)
    c.act("a.investigator", "cases", other, "request_no_filing", {"closing": "no_crime", **NOTE})
    c.act("a.commander", "cases", a_case(c), "dispatch", {"unit": c.units["s"], **NOTE})
    series(c, number)


def parts_of_a_case(c, case):
    task = {"title": "调取流水", "assignee": c.users["a.duty"], "due": c.text(c.now_ms + HOUR_MS)}
    number = c.must("a.investigator", "POST", f"/v1/cases/{case}/tasks", task).json["id"]
    c.act("a.investigator", "tasks", number, "edit", {"title": "调取全部流水"})
    c.act("a.duty", "tasks", number, "finish", {"result": "已调取"})
    number = c.make("a.investigator", "tasks", {**task, "case": case})
    c.act("a.investigator", "tasks", number, "cancel", NOTE)
    entity = {"key": "account:6222022001123456788", "role": "mule_first"}
    c.must("a.investigator", "POST", f"/v1/cases/{case}/entities", entity)
    number = c.make("a.investigator", "entities", {**entity, "key": "phone:13977110009", "case": case})
    c.act("a.investigator", "entities", number, "edit", {"words": "一级卡"})
    c.act("a.investigator", "entities", number, "remove", NOTE)
    piece = {"name": "截图.png", "media": "image/png", "bytes": base64.b64encode(b"\x89PNG").decode()}
    c.must("a.investigator", "POST", f"/v1/cases/{case}/evidence", piece)
    number = c.make("a.investigator", "evidence", {**piece, "case": case})
    c.must("a.investigator", "POST", f"/v1/evidence/{number}/custody", {"what": "sealed", "words": "封存"})


def series(c, case):
    key = {"key": "account:6222022001123456788", "role": "mule_first"}
    other = a_case(c)
    c.must("a.investigator", "POST", f"/v1/cases/{other}/entities", key)
    number = c.make("a.investigator", "series", {"title": "同一收款账户"})
    c.act("a.investigator", "series", number, "edit", {"words": "两案同卡"})
    link = c.must("a.investigator", "POST", f"/v1/series/{number}/links", {"case": other, "key": key["key"]}).json["id"]
    c.act("a.investigator", "series-links", link, "unlink", NOTE)
    c.make("a.investigator", "series-links", {"series": number, "case": other, "key": key["key"]})
    c.must("a.investigator", "POST", f"/v1/cases/{case}/links", {"series": number, "key": key["key"]})
    c.act("a.commander", "series", number, "close", NOTE)


def stop(c, n, confirmed=True):
    number = c.make("a.duty", "stops", {"account": f"account:62284804025648900{n:02d}", "institution": BANK, "holder": "张三丰",
                                        "amount_fen": 5000000, "reason": "受害人报警"})
    if confirmed:
        c.act("a.approver", "stops", number, "approve")
    return number


def linked(c, partner, channel="bank"):
    number = c.make("administrator", "partner-links", {
        "channel": channel, "partner": partner, "name": "测试", "endpoint": "https://127.0.0.1:1/nobody", "attempts_max": 1})
    c.act("commander", "partner-links", number, "approve")
    return number


def all_stops(c):
    def confirmed(n):
        number = stop(c, n)
        c.act("bank", "stops", number, "confirm", {"stopped_at": c.text(), "balance_fen": 7, "result_code": "100000"})
        return number

    c.act("a.duty", "stops", stop(c, 1, False), "address", {"holder": "张三"})
    c.act("a.approver", "stops", stop(c, 2, False), "refuse", NOTE)
    for n, answer in [(3, "mismatch"), (4, "fail")]:
        c.act("bank", "stops", stop(c, n), answer, {"result": "户名不符"})
    number = confirmed(5)
    for answer in ["release_refuse", "release_approve"]:
        c.act("a.duty", "stops", number, "release_propose", {"release_reason": "核实无关"})
        c.act("a.approver", "stops", number, answer, NOTE)
    c.act("a.duty", "stops", confirmed(6), "extend", NOTE)
    for n, answer in [(8, "reject"), (9, "uphold")]:
        number = c.make("a.duty", "appeals", {"measure": "stop", "order": confirmed(n), "by": "张三", "words": "与本人无关"})
        c.act("a.commander", "appeals", number, answer, {"answer": "经查"})
    number = c.make("a.duty", "appeals", {"measure": "stop", "order": confirmed(10), "by": "张三", "words": "与本人无关"})
    c.act("a.duty", "appeals", number, "withdraw", NOTE)
    linked(c, BANK)
    c.act("a.commander", "stops", confirmed(7), "recall", NOTE)


def all_freezes(c):
    case = freezes.filed_case(c)

    def one(n, confirmed=True):
        number = c.make("a.investigator", "freezes", freezes.proposal(case, account=f"account:62284804025648800{n:02d}"))
        if confirmed:
            c.act("a.approver", "freezes", number, "approve")
        return number

    def frozen(n):
        number = one(n)
        c.act("bank", "freezes", number, "confirm", {"frozen_at": c.text(), "executed_fen": 2000000})
        return number

    c.act("a.approver", "freezes", one(1, False), "refuse", NOTE)
    for n, answer in [(2, "mismatch"), (3, "fail")]:
        c.act("bank", "freezes", one(n), answer, {"result": "账号有误"})
    number = one(4)
    c.act("bank", "freezes", number, "queue", {"prior_authority": "某市人民法院"})
    c.act("bank", "freezes", number, "promote", {"frozen_at": c.text(), "executed_fen": 100})
    number = one(12)
    c.act("bank", "freezes", number, "queue", {"prior_authority": "某市人民法院"})
    c.act("a.approver", "freezes", number, "leave_queue", {"release_reason": "核实无关"})
    number = frozen(5)
    for answer in ["renew_refuse", "renew_approve"]:
        c.act("a.investigator", "freezes", number, "renew_propose", {"renewal_months": 6, **NOTE})
        c.act("a.approver", "freezes", number, answer, NOTE)
    for answer in ["release_refuse", "release_approve"]:
        c.act("a.investigator", "freezes", number, "release_propose", {"release_reason": "无关"})
        c.act("a.approver", "freezes", number, answer, NOTE)
    c.act("a.investigator", "freezes", number, "tell_owner")
    c.act("a.investigator", "freezes", frozen(6), "find_unrelated", NOTE)
    inquiry = {"account": "account:6228480402564890018", "institution": BANK, "case": case, "purpose": "查明资金去向",
               "basis": "刑事诉讼法第一百四十四条", "from_at": c.text(c.now_ms - 20 * DAY_MS), "to_at": c.text()}
    linked(c, BANK)
    for answer in ["refuse", "approve"]:
        c.act("a.commander", "inquiries", c.make("a.investigator", "inquiries", inquiry), answer, NOTE)
    all_returns(c, frozen)


def all_returns(c, frozen):
    body = {"losses": freezes.LOSSES, "entries": freezes.ENTRIES}
    officers = {"officer_1": c.users["a.investigator"], "officer_2": c.users["a.duty"]}
    number = c.make("a.investigator", "returns", {"freeze": frozen(7), **body})
    c.act("a.investigator", "returns", number, "redraft", {**body, **NOTE})
    c.act("a.investigator", "returns", number, "publish")
    for who, path in [("a.duty", f"/v1/returns/{number}/objections"), ("a.duty", "/v1/objections")]:
        given = {"by": "王五", "words": "漏了我", **({} if "returns" in path else {"return": number})}
        made = c.must(who, "POST", path, given).json["id"]
        c.act("a.commander", "objections", made, "reject", {"answer": "查无此人"})
    made = c.must("a.duty", "POST", f"/v1/returns/{number}/objections", {"by": "赵六", "words": "漏了我"}).json["id"]
    c.act("a.commander", "objections", made, "uphold", {"answer": "属实"})
    c.act("a.investigator", "returns", number, "withdraw", NOTE)
    direct = {"losses": [{"party": "A", "loss_fen": 2000000, "to_account": "account:99"}],
              "entries": [{"time": "2026-11-01T10:00:00+08:00", "direction": "in", "amount_fen": 2000000, "party": "A"}]}
    for n, answer in [(8, "refuse"), (9, "approve")]:
        number = c.make("a.investigator", "returns", {"freeze": frozen(n), **direct})
        c.act("a.investigator", "returns", number, "submit", officers)
        c.act("commander", "returns", number, answer, NOTE)
    c.act("a.investigator", "returns", number, "notify")
    c.act("bank", "returns", number, "execute", {"executed_at": c.text()})


def links(c):
    number = linked(c, "104100000004")
    c.act("administrator", "partner-links", number, "suspend", NOTE)
    c.act("commander", "partner-links", number, "resume")
    c.act("commander", "partner-links", number, "end", NOTE)
    other = c.make("administrator", "partner-links", {"channel": "bank", "partner": "105100000005", "name": "测试",
                                                      "endpoint": "https://127.0.0.1:1/nobody"})
    c.act("commander", "partner-links", other, "refuse", NOTE)
    bot = linked(c, "wecom-1", "bot")
    c.act("administrator", "partner-links", bot, "try", {"title": "测试", "text": "通道测试"})
    sent = c.must("commander", "GET", "/v1/deliveries?channel=bot").json["items"][0]["id"]
    c.wait_state("deliveries", sent, "dead")
    c.act("commander", "deliveries", sent, "retry", NOTE)
    c.wait_state("deliveries", sent, "dead")
    c.act("commander", "deliveries", sent, "cancel", NOTE)
    for n, answer in [(71, "accept"), (72, "refuse")]:
        handover = c.make("a.duty", "handovers", {"kind": "lead", "record": lead(c, n), "to_unit": c.units["b"],
                                                  "reason": "账户在江南区"})
        c.act("b.commander", "handovers", handover, answer, NOTE)


def governance(c):
    outlet = {"key": "outlet:A", "name": "第一支行", "category": "bank", "institution": BANK, "division": "450103"}
    number = c.make("analyst", "outlets", outlet)
    c.must("analyst", "POST", f"/v1/outlets/{number}/months", {"month": "2026-10", "opened": 5})
    c.act("analyst", "outlets", number, "edit", {"name": "第一支行营业部"})
    for i in range(5):
        card = c.make("analyst", "cards", {"key": f"card:{1000 + i}", "category": "debit", "outlet_key": "outlet:A",
                                           "opened_at": "2026-10-15T10:00:00+08:00"})
        c.act("analyst", "cards", card, "mark", {"problem_reference": "专案"})
    c.act("commander", "cards", card, "unmark", NOTE)
    c.act("analyst", "cards", card, "close")
    c.must("analyst", "POST", "/v1/outlets/import", {"months": [{"outlet": number, "month": "2026-09", "opened": 3}], "cards": []})
    c.must("duty", "POST", "/v1/cards/check", {"holder": "person:450103199003071234"}, purpose="核查持卡数量")
    body = {"outlet": number, "measure": "rectify", "from_month": "2026-10", "to_month": "2026-10", "words": "请倒查整改"}
    c.act("approver", "outlet-notices", c.make("analyst", "outlet-notices", body), "refuse", NOTE)
    notice = c.make("analyst", "outlet-notices", body)
    c.act("approver", "outlet-notices", notice, "approve")
    for answer in ["return", "accept"]:
        c.act("bank", "outlet-notices", notice, "answer", {"answer": "已停止该员工开户权限"})
        c.act("analyst", "outlet-notices", notice, answer, NOTE)
    c.act("approver", "outlet-notices", notice, "close")
    c.act("analyst", "outlets", number, "close")
    person = {"person": "person:450103199003071234", "name": "李四", "ground": "cards", "count": 3,
              "measures": "限制名下支付账户非柜面业务", "reason": "出租银行卡三张"}
    c.act("approver", "punishments", c.make("investigator", "punishments", person), "refuse", NOTE)
    number = c.make("investigator", "punishments", {**person, "person": "person:x2"})
    c.act("approver", "punishments", number, "approve")
    c.act("investigator", "punishments", number, "serve", {"notice_number": "南公惩字〔2026〕1号"})
    c.until(c.now_ms + 366 * DAY_MS)
    for answer in ["repair_refuse", "repair_approve"]:
        c.act("investigator", "punishments", number, "repair_propose", {"repair_reason": "主动退赔"})
        c.act("approver", "punishments", number, answer, NOTE)


def outreach_work(c):
    own = {"title": "刷单是诈骗", "language": "zh", "bot": "本周提醒：刷单都是诈骗", "sms": "刷单都是诈骗"}
    c.act("commander", "materials", c.make("outreach", "materials", own), "refuse", NOTE)
    first = outreach.material(c)
    c.must("outreach", "POST", "/v1/materials/revise", {"of": first, "sms": "新变种"})
    audience = outreach.audience(c)
    draft = {"title": "反诈提醒", "audience": audience, "material": first, "channel": "event", "schedule": "once",
             "first_at": c.text(c.now_ms + HOUR_MS)}
    number = c.make("outreach", "campaigns", draft)
    c.act("outreach", "campaigns", number, "propose")
    c.act("commander", "campaigns", number, "refuse", NOTE)
    c.act("outreach", "campaigns", number, "edit", {"title": "反诈提醒二"})
    c.act("outreach", "campaigns", number, "propose")
    c.act("commander", "campaigns", number, "approve")
    c.act("outreach", "campaigns", number, "start")
    c.act("outreach", "campaigns", number, "pause", NOTE)
    c.act("outreach", "campaigns", number, "resume")
    c.act("outreach", "campaigns", number, "finish", NOTE)
    c.act("outreach", "materials", first, "withdraw", NOTE)
    c.act("outreach", "audiences", audience, "close")
    number = c.make("outreach", "opt-outs", {"phone": "13977110003", "source": "reply"})
    c.act("outreach", "opt-outs", number, "revoke", NOTE)
    number = c.make("outreach", "chat-groups", {"name": "群", "platform": "wecom", "members": 10, "area": c.units["a"]})
    c.act("outreach", "chat-groups", number, "edit", {"name": "居民群"})
    c.act("outreach", "chat-groups", number, "count", {"members": 12})
    c.act("outreach", "chat-groups", number, "close")
    event = {"title": "宣传活动", "category": "market", "at": c.text(), "area": c.units["a"]}
    number = c.make("outreach", "outreach-events", event)
    c.act("outreach", "outreach-events", number, "hold", {"residents": 300})
    c.act("outreach", "outreach-events", number, "correct", {"residents": 310, **NOTE})
    c.act("outreach", "outreach-events", c.make("outreach", "outreach-events", event), "cancel", NOTE)
    partner = c.make("outreach", "alliance-partners", {"name": "某农贸市场", "category": "market", "area": c.units["a"]})
    c.act("outreach", "alliance-partners", partner, "edit", {"contact": "李经理"})
    asked = {"what": "张贴海报", "from": c.text()}
    number = c.must("outreach", "POST", f"/v1/alliance-partners/{partner}/actions", asked).json["id"]
    c.act("outreach", "alliance-actions", number, "finish", {"reach": 100, "basis": "estimated"})
    number = c.make("outreach", "alliance-actions", {**asked, "partner": partner})
    c.act("outreach", "alliance-actions", number, "cancel", NOTE)
    c.act("outreach", "alliance-partners", partner, "leave", NOTE)


def before_the_strike(c):
    planned, site, other, case, target = operation.plan(c)
    c.act("commander", "operations", planned, "edit", {"aim": "打掉窝点二处"})
    c.act("commander", "operations", planned, "submit")
    c.act("approver", "operations", planned, "refuse", NOTE)
    under = f"/v1/operations/{planned}"
    part = c.must("analyst", "POST", under + "/participations", {"unit": c.units["s"]}).json["id"]
    c.act("commander", "participations", part, "withdraw", NOTE)
    made = c.must("a.investigator", "POST", under + "/targets", {"type": "goip", "name": "设备窝点", "secure": "设备",
                                                                 "division": "450103"}).json["id"]
    c.act("a.investigator", "targets", made, "edit", {"name": "GOIP窝点"})
    c.act("a.investigator", "targets", made, "put_site", {"site": site})
    c.act("a.approver", "targets", made, "refuse", NOTE)
    made = c.must("a.investigator", "POST", under + "/targets", {"type": "goip", "name": "第二处", "secure": "设备"}).json["id"]
    c.act("a.investigator", "targets", made, "withdraw", NOTE)
    c.act("a.investigator", "sites", site, "edit", {"plan": "控制出入口、电梯"})
    extra = c.must("a.investigator", "POST", under + "/sites", {"name": "仓库", "type": "other", "address": "青秀区某路",
                                                                "division": "450103"}).json["id"]
    c.act("a.investigator", "sites", extra, "drop", NOTE)
    team = c.must("a.investigator", "POST", under + "/teams", {"name": "二组", "unit": c.units["a"], "officers": 5}).json["id"]
    c.act("a.investigator", "teams", team, "edit", {"officers": 6})
    c.act("a.commander", "teams", team, "dissolve", NOTE)
    step = {"phase": "search", "title": "清点扣押物", "unit": c.units["a"], "due": c.text(c.now_ms + HOUR_MS)}
    number = c.must("a.investigator", "POST", under + "/steps", step).json["id"]
    c.act("a.investigator", "steps", number, "edit", {"title": "清点全部扣押物"})
    c.act("a.investigator", "steps", number, "cancel", NOTE)
    number = c.make("a.investigator", "steps", {**step, "operation": planned})
    c.act("a.duty", "steps", number, "finish", {"result": "清点完毕"})
    c.act("commander", "operations", planned, "cancel", NOTE)


def the_strike(c):
    running, site, other, case, target = operation.plan(c)
    missed = c.make("a.investigator", "targets", {"operation": running, "type": "gang", "name": "另一窝点", "secure": "电脑",
                                                  "site": site, "case": case})
    c.act("a.approver", "targets", missed, "approve")
    money = {"kind": "transfer", "id": "R1", "time": "2026-11-25T09:00:00+08:00", "from": "account:victim", "to": "account:first",
             "amount": "90000.00"}
    c.must("analyst", "POST", "/v1/signals", json.dumps(money).encode(), headers={"Content-Type": "application/x-ndjson"})
    holder = c.make("a.investigator", "targets", {"operation": running, "type": "run_point", "name": "持卡人", "secure": "银行卡",
                                                  "subject": "account:first", "case": case, "trace_transfer": "R1"})
    c.act("a.investigator", "targets", holder, "suggest_role")
    c.must("a.duty", "POST", "/v1/stops/along-trace", {"transfer": "R1", "reason": "沿链止付"})
    c.act("a.approver", "targets", holder, "refuse", NOTE)
    operation.approve(c, running, target)
    c.act("commander", "operations", running, "enter_phase", {"phase": "search"})
    team = c.make("a.investigator", "teams", {"operation": running, "name": "收网组", "unit": c.units["a"], "site": site, "officers": 9})
    c.act("a.investigator", "teams", team, "deploy")
    c.act("a.investigator", "teams", team, "withdraw")
    c.act("a.investigator", "sites", site, "secure")
    person = {"identity": "450103199001000000", "full_name": "王某某", "arrested_at": c.text(), "measure": "detention", "paper": "拘1号"}
    thing = {"type": "phone", "count": 3, "paper": "扣押清单1号", "seized_at": c.text(), "second_by": c.users["a.investigator"]}
    for i, path in enumerate([f"/v1/operations/{running}", f"/v1/sites/{site}", f"/v1/targets/{target}"]):
        c.must("a.duty", "POST", path + "/arrests", {**person, "identity": f"45010319900101{i:04d}"})
        if "targets" not in path:
            c.must("a.duty", "POST", path + "/seizures", thing)
    number = operation.arrest(c, "a.duty", running, site, 7)
    c.act("a.investigator", "arrests", number, "put_measure", {"measure": "bail", "paper": "保1号"})
    c.act("a.investigator", "arrests", number, "confirm_role", {"confirmed_role": "member", "confirmed_why": "供述"})
    c.act("a.commander", "arrests", number, "release", NOTE)
    c.act("a.commander", "arrests", operation.arrest(c, "a.duty", running, site, 8), "void", NOTE)
    number = c.make("a.duty", "seizures", {**thing, "operation": running, "site": site})
    c.must("a.duty", "POST", f"/v1/seizures/{number}/custody", {"what": "viewed", "words": "取证"})
    c.act("a.duty", "seizures", number, "hand_over", {"holder": "物证室"})
    c.act("a.approver", "seizures", number, "give_back", NOTE)
    number = c.make("a.duty", "seizures", {**thing, "operation": running, "site": site})
    c.act("a.commander", "seizures", number, "void", NOTE)
    c.act("a.investigator", "targets", target, "strike", {"result": "已打掉"})
    c.act("a.investigator", "targets", target, "confirm_role", {"confirmed_role": "supervisor", **NOTE})
    c.act("a.investigator", "targets", missed, "miss", {"result": "人去楼空"})
    c.act("a.investigator", "sites", site, "clear", {"result": "搜查完毕"})
    c.must("a.duty", "POST", f"/v1/operations/{running}/places", {"name": "某写字楼", "type": "office", "address": "青秀区",
                                                                  "division": "450103", "problem": "未登记租户"})
    c.act("commander", "operations", running, "close", {"summary": "全胜"})
    places(c)


def places(c):
    shop = {"name": "某手机店", "type": "phone_shop", "address": "青秀区", "division": "450103", "problem": "不核验"}
    due = {"due": c.text(c.now_ms + DAY_MS)}
    c.act("a.investigator", "places", c.make("a.duty", "places", shop), "drop", NOTE)
    number = c.make("a.duty", "places", shop)
    c.act("a.duty", "places", number, "notify", {"notice": "整改1号", **due})
    c.act("a.investigator", "places", number, "penalise", {"penalty": "罚款五千元"})
    c.act("a.duty", "places", number, "report")
    c.act("a.investigator", "places", number, "fail", {"words": "未整改", **due})
    for last in ["relapsed", "holds"]:
        c.act("a.duty", "places", number, "report")
        c.act("a.investigator", "places", number, "pass", {"words": "已登记"})
        c.act("a.duty", "places", number, last, {"words": "回头看", **(due if last == "relapsed" else {})})


def bulletins(c):
    body = {"title": "战果通报", "from": "2026-11-25T00:00:00+08:00", "to": c.text(c.now_ms + 1000), "words": "x"}
    number = c.make("analyst", "bulletins", body)
    c.act("analyst", "bulletins", number, "edit", {"words": "刷单返利窝点被打掉。"})
    c.act("analyst", "bulletins", number, "compute")
    c.act("approver", "bulletins", number, "approve")
    c.act("approver", "bulletins", number, "reopen", NOTE)
    c.act("approver", "bulletins", number, "approve")
    c.act("approver", "bulletins", number, "issue")
    c.act("analyst", "bulletins", c.make("analyst", "bulletins", body), "drop", NOTE)


def data(c):
    text = imports.HEAD + "".join(imports.line(n) for n in range(20))
    number = imports.upload(c, text)["id"]
    c.act("analyst", "imports", number, "discard")
    number = imports.upload(c, text)["id"]
    for step in ["preview", "check"]:
        c.must("analyst", "POST", f"/v1/imports/{number}/{step}", {"format": "csv", "mapping": imports.MAPPING})
    imports.start(c, number)
    c.wait_state("imports", number, "imported")
    for answer in ["keep", "approve_withdrawal"]:
        c.act("analyst", "imports", number, "propose_withdrawal", {"reason": "栏目对应有误"})
        c.act("commander", "imports", number, answer, NOTE)
    c.wait_state("imports", number, "withdrawn")


def rules(c):
    number = rule_changes.write(c, rule_changes.rule(70000))["id"]
    c.act("analyst", "rule_changes", number, "edit", {"text": rule_changes.rule(71000)})
    c.act("analyst", "rule_changes", number, "submit")
    c.act("commander", "rule_changes", number, "reject", NOTE)
    c.act("analyst", "rule_changes", rule_changes.write(c, rule_changes.rule(72000))["id"], "discard")
    number = rule_changes.put_in_force(c, rule_changes.rule(73000))["id"]
    c.act("approver", "rule_changes", number, "withdraw", NOTE)


def administration(c):
    row = {"name": "cap", "code": "campaign_batch", "value": "4", "valid_from": c.text(), "law": "测试", "en": "test", "zh": "测试"}
    for answer in ["refuse", "approve"]:
        c.act("commander", "dated", c.make("administrator", "dated", row), answer, NOTE)
    number = c.make("administrator", "units", {"name_zh": "兴宁区", "name_en": "Xingning", "level": "district", "parent": 1,
                                               "division": "450102"})
    c.act("administrator", "units", number, "edit", {"name_en": "Xingning District"})
    area = c.make("administrator", "areas", {"unit": number, "by": "division", "begins": "450102"})
    c.act("administrator", "areas", area, "close")
    c.act("administrator", "units", number, "close")
    for login in ["duty", "commander", "approver", "analyst"]:
        c.users[login]
    made = c.make("administrator", "users", {"login": "probed", "name": "新人", "unit": c.units["a"], "roles": "duty"})
    c.act("administrator", "users", made, "edit", {"name": "新人甲"})
    c.act("administrator", "users", made, "new_code")
    number = c.users["a.duty"]
    c.act("administrator", "users", number, "unlock")
    c.act("administrator", "users", number, "end_sessions", NOTE)
    c.act("administrator", "users", number, "disable", NOTE)
    c.act("administrator", "users", number, "enable")
    number = c.make("administrator", "keys", {"name": "own", "unit": 1, "roles": "duty", "until": c.text(c.now_ms + DAY_MS)})
    c.act("administrator", "keys", number, "revoke", NOTE)


ALL = [leads, warnings, reports, cases, all_stops, all_freezes, links, governance, outreach_work, before_the_strike, the_strike,
       bulletins, data, rules, administration]
