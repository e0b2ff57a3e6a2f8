"""Leads, reports and cases over HTTP: same day and climbing, pasted text to a report, filing by two, tasks, entities,
evidence with its custody, series by a hard key, closing by two."""

import base64
import hashlib
import time

from centre import DAY_MS, HOUR_MS, Check, expect, run

MIDNIGHT_MS = 1795622400000  # 2026-11-26 00:00:00 +08:00
SAID = ("我今天上午9点40分被骗，对方让我转账到工商银行卡号6222022001123456788，户名张三，我转了5000元，"
        "后来又转了3万5到农行6228480402564890018，户名李四。我的电话13977110001")



def leads_of_mine(c):
    items = c.must("a.investigator", "GET", "/v1/work").json["items"]
    return next(item["mine"] for item in items if item["kind"] == "lead")


def wait(c, collection, number, field, value):
    deadline = time.monotonic() + 60
    while True:
        record = c.read("commander", collection, number)
        if record[field] == value:
            return record
        if time.monotonic() > deadline:
            raise Check(f"{collection}/{number}: {field} is {record[field]}, not {value}")
        time.sleep(0.02)


def leads_climb_and_are_answered(c):
    body = {"type": "mule_account", "subject": "account:6228480402564890018", "title": "可疑账户", "division": "450103",
            "address": "青秀区南湖派出所辖区"}
    lead = c.must("bank", "POST", "/v1/leads", body).json["id"]
    expect(c.must("duty", "POST", "/v1/leads", {**body, "source": "file"}).json["id"] == lead, "made twice")
    c.refused(404, "other_bank", "GET", f"/v1/leads/{lead}")
    c.act_refused(422, "duty", "leads", lead, "dispatch", {})
    c.until(MIDNIGHT_MS - 1)
    expect(c.read("commander", "leads", lead)["escalations"] == 0, "too early")
    for step, level in enumerate(["city", "commander"]):
        c.until(MIDNIGHT_MS + step * 2 * HOUR_MS)
        expect(wait(c, "leads", lead, "escalations", step + 1)["level"] == level, f"not at the {level}")
    c.act("a.duty", "leads", lead, "assign", {"assignee": c.users["a.investigator"]})
    c.act_refused(409, "a.investigator", "leads", lead, "finish", {"result": "confirmed", "feedback": "x"})
    c.act_refused(403, "a.duty", "leads", lead, "accept")
    c.act("a.investigator", "leads", lead, "accept")
    c.act_refused(422, "a.investigator", "leads", lead, "finish", {"result": "confirmed"})
    expect(leads_of_mine(c) == 1, "a lead in hand is work")
    c.act("a.investigator", "leads", lead, "finish", {"result": "confirmed", "feedback": "已止付，谢谢"})
    expect(leads_of_mine(c) == 0, "what is finished is work")
    sources = c.must("a.duty", "GET", f"/v1/leads/{lead}/sources", purpose="核对反馈情况").json["items"]
    expect(len(sources) == 2 and all(row["feedback"] == "已止付，谢谢" for row in sources), sources)
    told = c.must("bank", "GET", f"/v1/leads/{lead}", purpose="查看线索反馈").json
    expect(told["state"] == "finished" and told["feedback"] == "已止付，谢谢", told)


def pasted_text_becomes_a_report_with_stops(c):
    found = c.must("a.duty", "POST", "/v1/intake/parse", {"text": SAID, "when": c.text()}).json
    transfers = [{name: row[name] for name in ("to", "bank", "name", "amount_fen", "time") if name in row}
                 for row in found["transfers"]]
    expect([row["amount_fen"] for row in transfers] == [500000, 3500000], found)
    expect(transfers[0]["to"] == "account:6222022001123456788" and transfers[0]["name"] == "张三", found)
    phone = [item["value"] for item in found["items"] if item["kind"] == "phone"][0]
    report = c.must("a.duty", "POST", "/v1/reports",
                    {"channel": "phone", "victim_name": "李四", "victim_phone": phone, "words": SAID,
                     "fraud_type": "shopping", "transfers": transfers}).json
    expect(report["loss_fen"] == 4000000 and report["transfer_count"] == 2, report)
    stops = c.must("a.duty", "GET", f"/v1/stops?report={report['id']}").json["items"]
    expect(sorted(row["amount_fen"] for row in stops) == [500000, 3500000], stops)
    return report["id"]


def paid_three_times_to_one_account_is_one_stop(c):
    """… and however its number was written: the second stop is what extends the first (银发〔2016〕86号)."""
    account = "account:6217003300123456787"
    paid = [{"to": account, "amount_fen": 100}, {"to": account, "amount_fen": 200},
            {"to": "account:6217 0033-0012 3456 787", "amount_fen": 300}]
    report = c.make("duty", "reports", {"channel": "phone", "victim_name": "周晓东", "transfers": paid})
    stops = c.must("duty", "GET", f"/v1/stops?report={report}").json["items"]
    expect([(stop["turn"], stop["state"]) for stop in stops] == [(1, "proposed")], stops)
    for written in [account, "account:6217-0033-0012-3456-787", "account:６２１７００３３００１２３４５６７８７"]:
        answer = c.call("duty", "POST", "/v1/stops", {"account": written, "reason": "再次"})
        expect(answer.status == (201 if written == account else 409), f"{written}: {answer}")


def without_stops_a_report_is_late_after_30_minutes(c):
    report = c.make("a.duty", "reports", {"channel": "counter", "victim_name": "王五"})
    c.refused(422, "a.duty", "POST", "/v1/reports", {"channel": "phone", "victim_name": "x",
                                                     "transfers": [{"to": "account:1", "amount_fen": -5}]})
    c.until(c.now_ms + HOUR_MS // 2 - 1)
    expect(not c.read("a.duty", "reports", report)["is_late"], "too early")
    c.later(1)
    wait(c, "reports", report, "is_late", True)
    c.act_refused(403, "a.duty", "reports", report, "close", {"result": "no_fraud", "note": "纠纷"})  # took it himself
    c.act("a.commander", "reports", report, "close", {"result": "no_fraud", "note": "纠纷"})


def a_case_is_filed_and_closed_by_two(c):
    report = pasted_text_becomes_a_report_with_stops(c)
    case = c.act("a.investigator", "reports", report, "to_case", {"case_title": "李四被诈骗案"})["case"]
    entities = c.must("a.investigator", "GET", f"/v1/cases/{case}/entities", purpose="梳理涉案账户").json["items"]
    expect({row["key"] for row in entities} == {"account:6222022001123456788", "account:6228480402564890018"}, entities)
    c.act_refused(422, "a.investigator", "cases", case, "request_filing", {})
    c.act("a.investigator", "cases", case, "request_filing", {"note": "有犯罪事实"})
    c.act_refused(403, "a.investigator", "cases", case, "approve_filing", {"filing_number": "1"})
    c.refused(404, "b.commander", "POST", f"/v1/cases/{case}/approve_filing", {"filing_number": "1"}, version=2)
    c.act_refused(403, "s.commander", "cases", case, "approve_filing", {"filing_number": "1"})
    filed = c.act("a.commander", "cases", case, "approve_filing", {"filing_number": "南公立字〔2026〕7号"})
    expect(filed["state"] == "filed" and filed["filed_at"] == c.text(), filed)
    thresholds = {row["code"]: row for row in c.must("a.duty", "GET", f"/v1/cases/{case}/thresholds").json["items"]}
    expect(thresholds["loss_huge"]["is_reached"] and not thresholds["loss_special"]["is_reached"], thresholds)
    expect("count" not in thresholds["calls"], thresholds)
    task = c.must("a.commander", "POST", f"/v1/cases/{case}/tasks",
                  {"title": "调取流水", "assignee": c.users["a.investigator"], "due": c.text(c.now_ms + HOUR_MS)}).json["id"]
    c.act_refused(409, "a.investigator", "cases", case, "request_closing", {"closing": "solved", "note": "x"})
    c.later(HOUR_MS)
    wait(c, "tasks", task, "is_overdue", True)
    c.act("a.investigator", "tasks", task, "finish", {"result": "已调取"})
    evidence(c, case)
    c.act("a.investigator", "cases", case, "request_closing", {"closing": "solved", "note": "已破案"})
    c.act_refused(403, "a.investigator", "cases", case, "approve_closing")
    c.act("a.commander", "cases", case, "approve_closing")
    c.act_refused(409, "a.commander", "cases", case, "edit", {"title": "x"})
    history = [row["act"] for row in c.must("a.duty", "GET", f"/v1/cases/{case}/history").json["items"]]
    expect({"open_for", "request_filing", "approve_filing", "request_closing", "approve_closing"} <= set(history), history)


def evidence(c, case):
    data = bytes(range(256)) * 30000  # 7.7 MB
    body = {"name": "../../聊天记录\".png", "media": "text/html", "bytes": base64.b64encode(data).decode(),
            "sha256": hashlib.sha256(data).hexdigest(), "from": "李四"}
    piece = c.must("a.investigator", "POST", f"/v1/cases/{case}/evidence", body).json
    expect("bytes" not in piece and piece["size"] == len(data), piece)
    c.refused(422, "a.investigator", "POST", f"/v1/cases/{case}/evidence", {**body, "sha256": "0" * 64})
    c.refused(403, "a.investigator", "GET", f"/v1/evidence/{piece['id']}/content")
    c.refused(404, "b.investigator", "GET", f"/v1/evidence/{piece['id']}/content", purpose="查看证据内容")
    answer = c.must("a.investigator", "GET", f"/v1/evidence/{piece['id']}/content", purpose="查看证据内容")
    expect(answer.raw == data and answer.headers["content-type"] == "application/octet-stream", answer.headers)
    expect("attachment" in answer.headers["content-disposition"], answer.headers)
    custody = c.must("a.investigator", "GET", f"/v1/evidence/{piece['id']}/custody").json["items"]
    expect([row["what"] for row in custody] in (["received", "viewed"], ["viewed", "received"]), custody)


def numbers_of_the_law_are_numbers(c):
    """Code reckons with them: a term of nothing or of a thousand years is refused where it is proposed."""
    def proposal(name, value, until=None):
        return {"name": name, "code": "x", "value": value, "valid_from": c.text(), "law": "x", "en": "x", "zh": "x",
                **({"valid_to": until} if until else {})}
    for name, values in {"duration": ["0h", "x", "", "999999999d"], "months": ["0", "six", "100000"],
                         "days": ["-1", "9999999"], "cap": ["1000001", "-1", ""], "percent": ["101", "1000000000000000"],
                         "tier_score": ["101"], "threshold": ["0"]}.items():
        for value in values:
            answer = c.refused(422, "administrator", "POST", "/v1/dated", proposal(name, value))
            expect(answer.json["errors"][0]["pointer"] == "/value", answer)
    row = c.make("administrator", "dated", proposal("percent", "90", until=c.text(c.now_ms + HOUR_MS)))
    c.later(HOUR_MS)
    c.act_refused(409, "commander", "dated", row, "approve")  # it would never hold


def a_rule_for_some_days_leaves_no_gap(c):
    """A row with an end goes before the one that holds on; when it has ended, that one holds again."""
    row = c.make("administrator", "dated", {
        "name": "duration", "code": "stop", "value": "24h", "valid_from": c.text(), "valid_to": c.text(c.now_ms + DAY_MS),
        "law": "专项行动期间", "en": "for one day", "zh": "一天之内"})
    c.act("commander", "dated", row, "approve")

    def ends_after(account):
        stop = c.make("duty", "stops", {"account": account, "institution": "102100000011", "reason": "x"})
        c.act("approver", "stops", stop, "approve")
        c.act("bank", "stops", stop, "confirm", {"stopped_at": c.text(), "result_code": "100000"})
        expires = c.read("duty", "stops", stop)["expires_at"]
        return next((hours for hours in (24, 48) if expires == c.text(c.now_ms + hours * HOUR_MS)), expires)

    expect(ends_after("account:1") == 24, "the row for one day does not hold")
    c.later(DAY_MS)
    expect(ends_after("account:2") == 48, "the row that holds on does not hold again")


def cases_are_a_series_by_a_hard_key(c):
    cases = []
    for key in ["account:1", "account:1", "account:2"]:
        case = c.make("a.investigator", "cases", {"title": "案"})
        c.must("a.investigator", "POST", f"/v1/cases/{case}/entities", {"key": key, "role": "mule"})
        cases.append(case)
    c.refused(409, "a.investigator", "POST", f"/v1/cases/{cases[0]}/entities", {"key": "account:1", "role": "mule"})
    series = c.make("a.investigator", "series", {"title": "1号系列"})

    def link(case, key):
        return {"series": series, "case": case, "key": key}

    path = "/v1/series-links"
    c.refused(422, "a.investigator", "POST", path, link(cases[0], "text:alike"))
    c.must("a.investigator", "POST", path, link(cases[0], "account:1"))
    made = c.must("a.investigator", "POST", path, link(cases[1], "account:1")).json
    c.refused(409, "a.investigator", "POST", path, link(cases[1], "account:1"))
    c.refused(422, "a.investigator", "POST", path, link(cases[2], "account:2"))
    c.refused(422, "b.investigator", "POST", path, link(cases[2], "account:1"))
    c.act("a.investigator", "series-links", made["id"], "unlink", {"note": "误串"})
    expect(c.state("series-links", made["id"]) == "unlinked", "still linked")


if __name__ == "__main__":
    run([leads_climb_and_are_answered, pasted_text_becomes_a_report_with_stops, paid_three_times_to_one_account_is_one_stop,
         without_stops_a_report_is_late_after_30_minutes, a_case_is_filed_and_closed_by_two,
         a_rule_for_some_days_leaves_no_gap, numbers_of_the_law_are_numbers, cases_are_a_series_by_a_hard_key])
