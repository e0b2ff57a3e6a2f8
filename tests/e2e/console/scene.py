"""The scene of the console's tests: a centre in the middle of a morning, on the real daemon. Warnings, reports with stops
along the trace, freezes, cases, leads, approvals that wait; the same each time. `python3 scene.py COMMAND…` makes it and
runs the command (stage.py), `python3 scene.py --keep` keeps it open. Other subjects add theirs: scene_SUBJECT.py beside this file,
with `add(c, ids)`."""

import importlib
import json
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..", "desk"), os.path.join(HERE, "..", "gateway")]

import stage  # noqa: E402
from centre import HOUR_MS  # noqa: E402
from city import City  # noqa: E402

MINUTE_MS = 60 * 1000
BANK, OTHER_BANK = "102100000011", "103100000012"
NAMES = ["王小明", "李秀英", "张伟", "刘洋", "陈静", "杨帆", "黄丽华", "赵建国", "周敏", "吴桂兰", "徐磊", "孙淑珍", "韦志强", "覃海燕",
         "农家乐", "莫云飞", "蓝天宇", "梁美玲", "罗春生", "何晓东"]
TYPES = ["task_rebate", "customer_service", "investment", "loan", "credit_report", "authority", "shopping", "acquaintance"]
TIERS = ["urgent", "high", "medium", "medium", "low"]
REASONS = ["向涉诈账户转账 3 笔", "与境外号码通话 47 分钟后大额转账", "一小时内向新收款人转账", "短信含刷单引流话术", "屏幕共享期间登录网银"]


def account(number):
    return f"account:62284804025648{number:05d}"


def phone(number):
    return f"139771{number % 2 + 1}{number:04d}"


def warnings(c, ids):
    ids["warnings"] = []
    for i in range(24):
        answer = c.must("duty", "POST", "/v1/warnings", {
            "name": NAMES[i % len(NAMES)], "phone": phone(i), "address": f"青秀区南湖派出所辖区民族大道 {100 + i} 号",
            "division": "450103", "tier": TIERS[i % 5], "score": 95 - 3 * i, "reason": REASONS[i % 5],
            "fraud_type": TYPES[i % 8], "source": "tip" if i % 3 else "file", "reference": f"市局下发 {i + 1:03d}"})
        ids["warnings"].append(answer.json["id"])
        c.later(2 * MINUTE_MS if i % 4 == 0 else 1000)
    open_ones = ids["warnings"]
    for number in open_ones[4:12]:
        c.act("duty", "warnings", number, "sign")
    for number in open_ones[4:8]:
        c.act("duty", "warnings", number, "assign", {"assignee": c.users["duty"]})
    for number, result in zip(open_ones[6:10], ["no_answer", "refused", "reached", "reached"]):
        c.must("duty", "POST", f"/v1/warnings/{number}/attempt",
               {"channel": "phone", "result": result, "words": "告知正在被骗，劝其停止转账", "is_identity_checked": result != "no_answer"})
    for number in open_ones[8:10]:
        c.act("duty", "warnings", number, "propose_closing",
              {"closing": "dissuaded", "at_risk_fen": 5000000, "averted_basis": "stated", "averted_words": "准备再转五万元"})


def transfers(c):
    """A victim's money through three layers."""
    rows = [("V1", "victim", 1, 50000, "09:20"), ("V2", 1, 2, 30000, "09:21"), ("V3", 1, 3, 15000, "09:22"),
            ("V4", 2, 4, 18000, "09:23"), ("V5", 2, 5, 9000, "09:24"), ("V6", 3, 6, 14000, "09:26"),
            ("W1", "victim2", 7, 88000, "09:31"), ("W2", 7, 8, 60000, "09:32"), ("W3", 7, 2, 20000, "09:33")]
    key = {"victim": "account:6217001830001234567", "victim2": "account:6217001830007654321"}
    lines = [{"kind": "transfer", "id": name, "time": f"2026-11-25T{at}:00+08:00", "from": key.get(a) or account(a),
              "to": key.get(b) or account(b), "amount_fen": yuan * 100} for name, a, b, yuan, at in rows]
    body = "\n".join(json.dumps(line) for line in lines).encode()
    c.must("analyst", "POST", "/v1/signals", body, headers={"Content-Type": "application/x-ndjson"})


def reports(c, ids):
    ids["reports"] = []
    for i, (name, source, first, fen, transfer) in enumerate([
            ("王小明", "account:6217001830001234567", 1, 5000000, "V1"),
            ("李秀英", "account:6217001830007654321", 7, 8800000, "W1"), ("张伟", None, 20, 1280000, None)]):
        body = {"channel": ["phone", "counter", "bank"][i], "victim_name": name, "victim_phone": phone(40 + i),
                "victim_address": "青秀区民族大道", "victim_division": "450103", "fraud_type": TYPES[i],
                "words": "自称客服，称其误开通会员，要求共享屏幕并转账到安全账户。", "called_at": c.text(c.now_ms - 9 * MINUTE_MS),
                "transfers": [{"to": account(first), "bank": BANK, "name": "李四", "amount_fen": fen,
                               "time": "2026-11-25T09:20:00+08:00", **({"id": transfer} if transfer else {})}]}
        if source:
            body["victim_account"] = source
        ids["reports"].append(c.make("duty", "reports", body))
    c.must("duty", "POST", "/v1/stops/along-trace",
           {"transfer": "V1", "reason": "沿资金链止付", "report": ids["reports"][0]})


def stops(c, ids):
    rows = c.must("duty", "GET", "/v1/stops?state=proposed&order=id").json["items"]
    ids["stops"] = [row["id"] for row in rows]
    for number in ids["stops"][:3]:
        c.act("approver", "stops", number, "approve")
    for number in ids["stops"][:2]:
        c.act("bank", "stops", number, "confirm",
              {"stopped_at": c.text(), "balance_fen": 1234567, "result_code": "100000"})
    # The first ones have been running for a good while when the others come.
    c.later(7 * MINUTE_MS)
    late = c.make("duty", "stops", {"account": account(30), "institution": BANK, "holder": "农某", "amount_fen": 300000,
                                    "reason": "受害人报警", "urgency": "urgent"})
    c.act("approver", "stops", late, "approve")
    c.act("bank", "stops", late, "confirm",
          {"stopped_at": c.text(c.now_ms), "balance_fen": 999, "result_code": "100000"})
    ids["stop"] = ids["stops"][0]
    ids["proposed_stop"] = ids["stops"][-1]


def cases(c, ids):
    case = c.act("investigator", "reports", ids["reports"][0], "to_case", {"case_title": "王小明被冒充客服诈骗案"})["case"]
    ids["case"] = case
    c.act("investigator", "cases", case, "assign", {"assignee": c.users["investigator"]})
    due = c.text(c.now_ms + 5 * HOUR_MS)
    c.must("investigator", "POST", f"/v1/cases/{case}/tasks",
           {"title": "调取开户资料", "assignee": c.users["investigator"], "due": due, "words": "一级卡、二级卡"})
    c.must("investigator", "POST", f"/v1/cases/{case}/entities", {"key": account(4), "role": "mule"})
    c.must("investigator", "POST", f"/v1/cases/{case}/entities", {"key": "phone:+8613977110040", "role": "victim"})
    c.must("investigator", "POST", f"/v1/cases/{case}/comments", {"words": "请网安支队协查涉案网址"})
    c.act("investigator", "cases", case, "request_filing", {"note": "有犯罪事实发生"})
    c.act("commander", "cases", case, "approve_filing", {"filing_number": "A4501032026112500001"})
    second = c.make("investigator", "cases", {"title": "李秀英被投资理财诈骗案", "fraud_type": "investment"})
    c.act("investigator", "cases", second, "request_filing", {"note": "有犯罪事实发生"})
    ids["case_to_file"] = second
    for i, approve in enumerate([True, True, False]):
        freeze = c.make("investigator", "freezes", {
            "account": account(1 + i), "institution": BANK, "holder": "李四", "scope": "amount",
            "amount_fen": 2000000 + i, "case": case, "reason": "涉案资金"})
        if approve:
            c.act("approver", "freezes", freeze, "approve")
        if i == 0:
            c.act("bank", "freezes", freeze, "confirm", {"frozen_at": c.text(), "executed_fen": 2000000})
            ids["freeze"] = freeze
        if not approve:
            ids["proposed_freeze"] = freeze


def leads(c, ids):
    ids["leads"] = []
    for i, (kind, title) in enumerate([("run_point", "疑似跑分账户"), ("card_dealing", "一人多卡异地活跃"),
                                       ("goip", "疑似 GOIP 窝点"), ("run_point", "散入集出账户"),
                                       ("diversion", "前端引流窝点线索")]):
        ids["leads"].append(c.make("analyst", "leads", {
            "type": kind, "subject": account(50 + i), "title": title, "tier": TIERS[i], "source": "tip",
            "reference": f"举报 {i + 1}", "words": "群众举报"}))
    for number, who in zip(ids["leads"][:3], ["investigator", "investigator", "analyst"]):
        c.act("commander", "leads", number, "assign", {"assignee": c.users[who]})
    c.act("investigator", "leads", ids["leads"][0], "accept")


RULES = os.path.realpath(os.path.join(HERE, "..", "..", "..", "rules"))


def banks(c):
    """Codes of institutions have names, as in a centre that set itself up."""
    for code, zh, en in ((BANK, "中国工商银行", "ICBC"), (OTHER_BANK, "中国农业银行", "ABC")):
        row = c.make("administrator", "dated", {"name": "institution", "code": code, "value": code, "law": "本中心规定",
                                                "zh": zh, "en": en, "valid_from": c.text()})
        c.act("commander", "dated", row, "approve")


def make(**options):
    c = City(speed=0, **{"rules": RULES, **options})
    ids = {}
    banks(c)
    transfers(c)
    warnings(c, ids)
    reports(c, ids)
    stops(c, ids)
    cases(c, ids)
    leads(c, ids)
    for login in c.ROLES:
        c.users[login]
    for name in sorted(os.listdir(HERE)):
        if name.startswith("scene_") and name.endswith(".py"):
            importlib.import_module(name[:-3]).add(c, ids)
    return c, ids


if __name__ == "__main__":
    sys.exit(stage.run(make))
