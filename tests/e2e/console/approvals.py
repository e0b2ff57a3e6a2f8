"""The scene of the walk of approvals: for each act of the served workflow tables that another person than before must do, a record
that waits for it. As scene.py: `python3 approvals.py COMMAND…`, or `--keep`."""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..", "desk"), os.path.join(HERE, "..", "gateway")]

import freezes  # noqa: E402
import imports  # noqa: E402
import operation  # noqa: E402
import outreach  # noqa: E402
import rule_changes  # noqa: E402
import stage  # noqa: E402
from centre import DAY_MS, HOUR_MS, Centre  # noqa: E402

BANK = "102100000011"


class Waiting(dict):
    """"kind.act" → where it waits, who asked for it, who decides, and what he has to fill in."""

    def add(self, name, collection, number, asked, decides="commander", **fill):
        assert name not in self, name
        self[name] = {"collection": collection, "id": number, "asked": asked, "decides": decides, "fill": fill}


def early(c):
    """What takes a year to be possible is begun now."""
    number = c.make("investigator", "punishments", {
        "person": "person:450103199003071234", "name": "李四", "ground": "cards", "count": 3,
        "measures": "限制名下支付账户非柜面业务", "reason": "出租银行卡三张"})
    c.act("approver", "punishments", number, "approve")
    c.act("investigator", "punishments", number, "serve", {"notice_number": "南公惩字〔2026〕1号"})
    return number


def a_year_later(c):
    c.until(c.now_ms + 366 * DAY_MS)
    for who in list(c.tokens):
        if who not in c.BANKS:
            c.tokens.pop(who)


def front(c, w):
    for act in ["approve_closing", "refuse_closing"]:
        number = c.make("duty", "warnings", {"phone": f"139771100{len(w):02d}", "tier": "medium", "reason": "向涉诈账户转账",
                                             "source": "tip", "fraud_type": "task_rebate"})
        c.act("a.duty", "warnings", number, "sign")
        c.must("a.duty", "POST", f"/v1/warnings/{number}/attempt",
               {"channel": "phone", "result": "dissuaded", "is_identity_checked": True})
        c.act("a.duty", "warnings", number, "propose_closing", {"closing": "dissuaded"})
        w.add(f"warning.{act}", "warnings", number, "a.duty")
    report = c.make("duty", "reports", {"channel": "phone", "victim_name": "王五", "victim_phone": "13977110040",
                                        "victim_division": "450103", "words": "咨询是否诈骗"})
    w.add("report.close", "reports", report, "duty")


def filing(c):
    number = c.make("investigator", "cases", {"title": "刷单诈骗案", "fraud_type": "task_rebate"})
    c.act("investigator", "cases", number, "request_filing", {"note": "有犯罪事实发生"})
    return number


def filed(c):
    number = filing(c)
    c.act("approver", "cases", number, "approve_filing", {"filing_number": f"A4501032027{number:08d}"})
    return number


def cases(c, w):
    w.add("case.approve_filing", "cases", filing(c), "investigator")
    w.add("case.refuse_filing", "cases", filing(c), "investigator")
    for act in ["approve_closing", "refuse_closing"]:
        number = filed(c)
        c.act("investigator", "cases", number, "request_closing", {"closing": "no_crime", "note": "查无犯罪事实"})
        w.add(f"case.{act}", "cases", number, "investigator")


def stops(c, w):
    def one(n):
        return c.make("duty", "stops", {"account": f"account:6228480402564870{n:03d}", "institution": BANK, "holder": "李四",
                                        "amount_fen": 5000000, "reason": "受害人报警"})

    def stopped(n):
        number = one(n)
        c.act("approver", "stops", number, "approve")
        c.act("bank", "stops", number, "confirm", {"stopped_at": c.text(), "balance_fen": 700000, "result_code": "100000"})
        return number

    w.add("stop.approve", "stops", one(1), "duty")
    w.add("stop.recall", "stops", stopped(2), "duty")
    number = stopped(3)
    c.act("duty", "stops", number, "release_propose", {"release_reason": "核实无关"})
    w.add("stop.release_approve", "stops", number, "duty")


def measures(c, w):
    case = filed(c)

    def one(n):
        return c.make("investigator", "freezes", dict(freezes.proposal(case), account=f"account:6228480402564880{n:03d}"))

    def frozen(n):
        number = one(n)
        c.act("approver", "freezes", number, "approve")
        c.act("bank", "freezes", number, "confirm", {"frozen_at": c.text(), "executed_fen": 2000000})
        return number

    w.add("freeze.approve", "freezes", one(1), "investigator")
    number = frozen(2)
    c.act("investigator", "freezes", number, "renew_propose", {"renewal_months": 6, "note": "侦查中"})
    w.add("freeze.renew_approve", "freezes", number, "investigator")
    number = frozen(3)
    c.act("investigator", "freezes", number, "find_unrelated", {"note": "属第三人工资"})
    w.add("freeze.release_approve", "freezes", number, "investigator")
    for n, act in [(4, "uphold"), (5, "reject")]:
        freeze = frozen(n)
        given = c.make("investigator", "returns", {"freeze": freeze, "losses": freezes.LOSSES, "entries": freezes.ENTRIES})
        c.act("investigator", "returns", given, "publish")
        objection = c.must("duty", "POST", f"/v1/returns/{given}/objections", {"by": "王五", "words": "漏了我"}).json["id"]
        w.add(f"objection.{act}", "objections", objection, "duty")
    given = c.make("investigator", "returns", {
        "freeze": frozen(6), "losses": [{"party": "A", "loss_fen": 2000000, "to_account": "account:99"}],
        "entries": [{"time": "2026-11-01T10:00:00+08:00", "direction": "in", "amount_fen": 2000000, "party": "A"}]})
    c.act("investigator", "returns", given, "submit",
          {"officer_1": c.users["investigator"], "officer_2": c.users["duty"]})
    w.add("return.approve", "returns", given, "investigator")
    for act in ["approve", "refuse"]:
        number = c.make("investigator", "inquiries", {
            "account": "account:6228480402564890018", "institution": BANK, "case": case, "purpose": "查明被骗资金去向",
            "basis": "刑事诉讼法第一百四十四条", "from_at": c.text(c.now_ms - 20 * DAY_MS), "to_at": c.text()})
        w.add(f"inquiry.{act}", "inquiries", number, "investigator")
    handover = c.make("duty", "handovers", {"kind": "case", "record": filing(c), "to_unit": c.units["a"], "reason": "属地管辖"})
    w.add("handover.accept", "handovers", handover, "duty", "a.commander")


def links(c, w):
    def one(partner):
        return c.make("administrator", "partner-links", {"channel": "bank", "partner": partner, "name": "银行" + partner,
                                                         "endpoint": "https://127.0.0.1:1/nobody"})

    c.act("commander", "partner-links", one(BANK), "approve")  # what is approved below goes into its outbox
    w.add("partner_link.approve", "partner-links", one("103100000012"), "administrator")
    number = one("104100000004")
    c.act("commander", "partner-links", number, "approve")
    c.act("administrator", "partner-links", number, "suspend", {"note": "检修"})
    w.add("partner_link.resume", "partner-links", number, "administrator")


def governance(c, w, punishment):
    outlet = c.make("analyst", "outlets", {"key": "outlet:A", "name": "第一支行", "category": "bank", "institution": BANK,
                                           "division": "450103"})
    for i in range(5):
        c.make("analyst", "cards", {"key": f"card:{1000 + i}", "category": "debit", "outlet_key": "outlet:A",
                                    "opened_at": c.text(c.now_ms - 40 * DAY_MS)})
        c.act("analyst", "cards", i + 1, "mark", {"problem_reference": "专案"})
    w.add("card.unmark", "cards", 1, "analyst")
    month = c.text(c.now_ms - 40 * DAY_MS)[:7]
    body = {"outlet": outlet, "measure": "rectify", "from_month": month, "to_month": month, "words": "请倒查整改"}
    w.add("outlet_notice.approve", "outlet-notices", c.make("analyst", "outlet-notices", body), "analyst")
    notice = c.make("analyst", "outlet-notices", body)
    c.act("approver", "outlet-notices", notice, "approve")
    c.act("bank", "outlet-notices", notice, "answer", {"answer": "已停止该员工开户权限"})
    c.act("analyst", "outlet-notices", notice, "accept")
    w.add("outlet_notice.close", "outlet-notices", notice, "analyst")
    w.add("punishment.approve", "punishments", c.make("investigator", "punishments", {
        "person": "person:other", "name": "赵六", "ground": "convicted", "measures": "限制名下支付账户非柜面业务",
        "reason": "帮信罪判决"}), "investigator")
    c.act("investigator", "punishments", punishment, "repair_propose", {"repair_reason": "主动退赔"})
    w.add("punishment.repair_approve", "punishments", punishment, "investigator")


def outreach_work(c, w):
    material = c.make("outreach", "materials", {"title": "刷单是诈骗", "language": "zh", "bot": "本周提醒：刷单都是诈骗"})
    w.add("material.approve", "materials", material, "outreach")
    campaign = c.make("outreach", "campaigns", {
        "title": "反诈提醒", "audience": outreach.audience(c), "material": outreach.material(c), "channel": "event",
        "schedule": "once", "first_at": c.text(c.now_ms + HOUR_MS)})
    c.act("outreach", "campaigns", campaign, "propose")
    w.add("campaign.approve", "campaigns", campaign, "outreach")


def command(c, w):
    waiting, *_, target = operation.plan(c)
    c.act("commander", "operations", waiting, "submit")
    w.add("operation.approve", "operations", waiting, "commander", "approver")
    w.add("target.approve", "targets", target, "a.investigator", "approver")
    running, site, other, _, target = operation.plan(c)
    operation.approve(c, running, target)
    for act, fill in [("confirm_role", {"confirmed_role": "member"}), ("void", {})]:
        number = operation.arrest(c, "a.duty", running, site, len(w))
        w.add(f"arrest.{act}", "arrests", number, "a.duty", "commander", **fill)
    for act, decides in [("give_back", "approver"), ("void", "commander")]:
        number = operation.seize(c, "a.duty", "a.investigator", running, site, "phone", count=3)
        w.add(f"seizure.{act}", "seizures", number, "a.duty", decides)
    place = c.make("a.duty", "places", {"operation": running, "name": "某写字楼", "type": "office", "address": "青秀区某路2号",
                                        "division": "450103", "problem": "未登记租户"})
    c.act("a.duty", "places", place, "notify", {"notice": "整改〔2027〕1号", "due": c.text(c.now_ms + 3 * DAY_MS)})
    c.act("a.duty", "places", place, "report")
    w.add("place.pass", "places", place, "a.duty")
    w.add("bulletin.approve", "bulletins", operation.bulletin(c), "analyst")
    number = operation.bulletin(c)
    c.act("approver", "bulletins", number, "approve")
    w.add("bulletin.issue", "bulletins", number, "analyst")


def data(c, w):
    number = imports.take_in(c, imports.HEAD + "".join(imports.line(n) for n in range(20)))["id"]
    c.act("analyst", "imports", number, "propose_withdrawal", {"reason": "栏目对应有误"})
    w.add("import.approve_withdrawal", "imports", number, "analyst")
    w.add("rule_change.approve", "rule_changes", rule_changes.submitted(c, rule_changes.rule(70000))["id"], "analyst")
    text = rule_changes.rule(90000).replace("large_at_once", "larger_at_once")
    number = rule_changes.submitted(c, text, path="mule/larger.rule")["id"]
    c.act("approver", "rule_changes", number, "approve")
    c.wait_state("rule_changes", number, "in_force")
    w.add("rule_change.withdraw", "rule_changes", number, "analyst")
    row = c.make("administrator", "dated", {"name": "cap", "code": "campaign_batch", "value": "4", "valid_from": c.text(),
                                            "law": "测试", "en": "test", "zh": "测试"})
    w.add("dated.approve", "dated", row, "administrator")


def make():
    c = Centre(rules=os.path.join(rule_changes.ROOT, "rules"))
    waiting = Waiting()
    for login in ["commander", "approver", "a.commander"]:
        c.users[login]
    punishment = early(c)
    a_year_later(c)
    links(c, waiting)
    for part in [front, cases, stops, measures, outreach_work, command, data]:
        part(c, waiting)
    governance(c, waiting, punishment)
    return c, {"waiting": waiting}


if __name__ == "__main__":
    sys.exit(stage.run(make))
