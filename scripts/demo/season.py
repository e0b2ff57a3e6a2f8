"""What the centre did in the last days, done through the API with the daemon's clock at the time of each deed: reports of
the simulated city's victims with their stops, cases, freezes and returns; warnings from findings, worked by SMS, phone and
visit; leads. So every duration, deadline and figure that the console shows comes from records, as in life."""

import heapq
import itertools
import random

from client import Refused, milliseconds, shanghai
from people import DISTRICTS, bank_of, phone_segment

MINUTE_MS, HOUR_MS, DAY_MS = 60_000, 3_600_000, 86_400_000
SURNAMES, GIVEN = "王李张刘陈杨黄赵周吴徐孙马朱胡韦覃莫", "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚"
FRAUD_CODES = {"刷单返利": "task_rebate", "冒充电商物流客服": "customer_service", "虚假网络投资理财": "investment",
               "贷款、代办信用卡": "loan", "虚假征信": "credit_report", "虚假购物、服务": "shopping",
               "冒充公检法及政府机关": "authority", "冒充领导、熟人": "acquaintance", "网络游戏产品虚假交易": "game_trade",
               "网络婚恋、交友（非投资）": "romance", "网黑案件": "extortion", "冒充军警购物": "military_purchase"}
VICTIM_TYPOLOGIES = set(FRAUD_CODES.values()) | {"scam_payment"}


class Season:
    def __init__(self, daemon, people, city, days, seed):
        self.daemon, self.people, self.city = daemon, people, city
        self.begin, self.end = city.now - days * DAY_MS, city.now - 20 * MINUTE_MS
        self.draw = random.Random(seed)
        self.order = itertools.count()
        self.queue = []  # (ms, order, deed): deeds plan further deeds
        self.done, self.refused, self.frozen, self.warned = 0, [], set(), set()

    def plan(self, at, deed, *given):
        if at < self.end:
            heapq.heappush(self.queue, (int(at), next(self.order), deed, given))

    def run(self, progress):
        total_ms = self.end - self.begin
        while self.queue:
            at, _, deed, given = heapq.heappop(self.queue)
            self.daemon.at(at)
            self.now = at
            try:
                deed(*given)
            except Refused as refused:  # two deeds met: told at the end, as a bug of the demonstration
                self.refused.append(str(refused))
            self.done += 1
            if self.done % 50 == 0:
                progress((at - self.begin) / total_ms)
        self.daemon.at(self.end)

    # ---- who they are ----

    def person(self, key):
        """A name, a phone and a district for an account, always the same."""
        draw = random.Random(f"{self.city.seed} {key}")
        index = draw.choices(range(12), weights=[9, 20, 12, 18, 9, 4, 7, 3, 3, 3, 6, 6])[0]
        return {"name": draw.choice(SURNAMES) + "".join(draw.choices(GIVEN, k=draw.choice((1, 2, 2)))),
                "phone": phone_segment(index) + f"{draw.randrange(10000, 99999)}",
                "division": DISTRICTS[index][0]}

    # ---- reports, stops, cases, freezes ----

    def reports(self, most):
        legs = {}
        for row in self.city.table("legs.csv"):
            if row["layer"] == "1":
                legs.setdefault(row["victim"], []).append(row)
        told = [v for v in self.city.victims if v["reported_at"] and v is not self.city.victim
                and self.begin < milliseconds(v["reported_at"]) < self.end]
        for victim in self.draw.sample(told, min(most, len(told))):
            self.plan(milliseconds(victim["reported_at"]), self.report, victim, legs[victim["victim"]])

    def report(self, victim, legs):
        who = self.person(victim["account"])
        transfers = [{"to": leg["to"], "bank": bank_of(leg["to"]), "amount_fen": round(float(leg["amount"]) * 100),
                      "time": leg["time"], "id": leg["id"]} for leg in legs[-6:]]
        made = self.daemon.make("duty", "reports", {
            "channel": self.draw.choice(("phone", "phone", "counter", "online")), "victim_name": who["name"],
            "victim_phone": who["phone"], "victim_division": who["division"], "victim_account": victim["account"],
            "fraud_type": FRAUD_CODES[victim["fraud_type"]], "transfers": transfers,
            "words": f"报警人称遭遇{victim['fraud_type']}，共转出{victim['paid']}元（演示数据）"})
        self.plan(self.now + 4 * MINUTE_MS, self.follow_money, made["id"], legs[-1]["id"])
        for stop in self.daemon.list("duty", f"stops?report={made['id']}&limit=50"):
            self.plan(self.now + self.draw.randrange(2, 12) * MINUTE_MS, self.approve_stop, stop["id"])
        if float(victim["loss"]) >= 3000:
            self.plan(self.now + self.draw.randrange(2, 9) * HOUR_MS, self.case, made["id"], victim)

    def follow_money(self, report, transfer):
        self.daemon.make("analyst", "stops/along-trace", {"transfer": transfer, "reason": "沿资金链止付", "report": report})
        for stop in self.daemon.list("duty", f"stops?report={report}&state=proposed&limit=50"):
            self.plan(self.now + self.draw.randrange(3, 15) * MINUTE_MS, self.approve_stop, stop["id"])

    def approve_stop(self, stop):
        record = self.daemon.read("commander", "stops", stop)
        if record["state"] != "proposed":
            return
        if not record["institution"]:
            account = self.daemon.call("duty", "GET", f"/v1/stops/{stop}", purpose="补录止付账户开户机构")["account"]
            record = self.daemon.act("duty", "stops", stop, "address", {"institution": bank_of(account)}, record["version"])
        self.daemon.act("approver", "stops", stop, "approve", version=record["version"])
        self.plan(self.now + self.draw.randrange(1, 20) * MINUTE_MS, self.answer_stop, stop, record["institution"])

    def answer_stop(self, stop, bank):
        fate = self.draw.random()
        if fate < 0.05:
            self.daemon.act(bank, "stops", stop, "mismatch", {"result_code": "200010", "result": "户名与账号不符"})
        elif fate < 0.08:
            self.daemon.act(bank, "stops", stop, "fail", {"result_code": "200002", "result": "系统超时"})
        elif fate < 0.97:
            self.daemon.act(bank, "stops", stop, "confirm", {"stopped_at": shanghai(self.now), "result_code": "100000",
                                                             "balance_fen": self.draw.randrange(0, 9000000)})

    def case(self, report, victim):
        who = self.person(victim["account"])
        made = self.daemon.act("investigator", "reports", report, "to_case",
                               {"case_title": f"{who['name'][0]}某被{victim['fraud_type']}诈骗案"})["case"]
        self.plan(self.now + 30 * MINUTE_MS, self.request_filing, made, report)

    def request_filing(self, case, report):
        self.daemon.act("investigator", "cases", case, "request_filing", {"note": "有犯罪事实发生，需要追究刑事责任"})
        if self.draw.random() < 0.9:
            self.plan(self.now + self.draw.randrange(20, 240) * MINUTE_MS, self.file_case, case, report)

    def file_case(self, case, report):
        self.daemon.act("commander", "cases", case, "approve_filing", {"filing_number": f"南公立字〔2026〕{1000 + case}号"})
        self.daemon.make("commander", f"cases/{case}/tasks", {
            "title": self.draw.choice(("调取一级卡交易明细", "调取开户资料与监控", "询问报案人", "查询登录设备与地址")),
            "assignee": self.people.users["investigator"], "due": shanghai(self.now + self.draw.randrange(6, 72) * HOUR_MS)})
        stops = [s for s in self.daemon.list("commander", f"stops?report={report}&state=stopped&limit=50")
                 if (s["reachable_fen"] or 0) > 0]
        for stop in stops[:3]:
            self.plan(self.now + 10 * MINUTE_MS, self.freeze, case, stop["id"])

    def freeze(self, case, stop):
        record = self.daemon.call("investigator", "GET", f"/v1/stops/{stop}", purpose="办理冻结涉案资金手续")
        if record["account"] in self.frozen:
            return  # no double freeze
        self.frozen.add(record["account"])
        made = self.daemon.make("investigator", "freezes", {
            "account": record["account"], "institution": record["institution"], "scope": "amount", "case": case,
            "amount_fen": max(record["reachable_fen"], 100), "reason": "涉案资金，防止转移"})
        self.plan(self.now + 40 * MINUTE_MS, self.approve_freeze, made["id"], record)

    def approve_freeze(self, freeze, stop):
        self.daemon.act("approver", "freezes", freeze, "approve")
        self.plan(self.now + 25 * MINUTE_MS, self.answer_freeze, freeze, stop)

    def answer_freeze(self, freeze, stop):
        self.daemon.act(stop["institution"], "freezes", freeze, "confirm",
                        {"frozen_at": shanghai(self.now), "executed_fen": stop["reachable_fen"], "result_code": "100000"})

    # ---- warnings and leads ----

    def findings(self, found, warnings, leads):
        rows = [row for row in found if row["status"] == "live" and self.begin < milliseconds(row["raised"]["time"]) < self.end]
        about_victims = [row for row in rows if row["typology"] in VICTIM_TYPOLOGIES]
        about_cards = [row for row in rows if row["typology"] not in VICTIM_TYPOLOGIES and row["action"] != "verify"]
        for row in self.draw.sample(about_victims, min(warnings, len(about_victims))):
            self.plan(milliseconds(row["raised"]["time"]) + 2000, self.warn, row)
        for row in self.draw.sample(about_cards, min(leads, len(about_cards))):
            self.plan(milliseconds(row["raised"]["time"]) + 5000, self.lead, row)

    def warn(self, row):
        self.warned.add(row["subject"])
        who = self.person(row["subject"])
        tier = {"stop": "urgent", "delay": "high"}.get(row["action"], self.draw.choice(("medium", "medium", "low")))
        code = row["typology"] if row["typology"] != "scam_payment" else "other"
        made = self.daemon.make("analyst", "warnings", {
            "victim": row["subject"], "name": who["name"], "phone": who["phone"], "division": who["division"], "tier": tier,
            "score": int(row["score"]), "reason": row["reasons"][0]["zh"], "fraud_type": code, "source": "finding"})
        self.plan(self.now + self.draw.randrange(1, 9) * MINUTE_MS, self.sign, made["id"], tier)

    def sign(self, warning, tier):
        record = self.daemon.read("duty", "warnings", warning)
        if record["state"] != "new":
            return
        self.daemon.act("duty", "warnings", warning, "sign", version=record["version"])
        self.plan(self.now + MINUTE_MS, self.attempt, warning, tier, "sms", 1)

    def attempt(self, warning, tier, channel, times):
        """SMS, then up to five calls of which one in five gets through, then a visit."""
        lucky = self.draw.random() < (0.85 if channel == "visit" else 0.25)
        result = {"sms": "sent", "phone": "dissuaded" if lucky else self.draw.choice(("no_answer", "refused")),
                  "visit": "dissuaded" if lucky else "not_there"}[channel]
        met = result == "dissuaded"
        self.daemon.make("duty", f"warnings/{warning}/attempt", {
            "channel": channel, "result": result, "is_identity_checked": met, "is_face_to_face": channel == "visit" and met,
            "words": {"sms": "已发送劝阻短信", "phone": "96110 电话劝阻", "visit": "民警上门劝阻"}[channel]})
        if met:
            self.plan(self.now + 6 * MINUTE_MS, self.propose_closing, warning)
        elif channel == "sms":
            self.plan(self.now + 5 * MINUTE_MS, self.attempt, warning, tier, "phone", 1)
        elif channel == "phone" and times < 5 and tier != "urgent":
            self.plan(self.now + 5 * MINUTE_MS, self.attempt, warning, tier, "phone", times + 1)
        elif times < 9:
            self.plan(self.now + 50 * MINUTE_MS, self.attempt, warning, tier, "visit", times + 1)

    def propose_closing(self, warning):
        body = {"closing": "dissuaded", "averted_basis": "stated", "averted_words": "当事人称正准备继续转账",
                "at_risk_fen": self.draw.randrange(5, 300) * 100000}
        if self.draw.random() < 0.12:
            body = {"closing": "mismatch", "note": "核实为正常交易"}
        self.daemon.act("duty", "warnings", warning, "propose_closing", body)
        if self.draw.random() < 0.93:
            self.plan(self.now + 15 * MINUTE_MS, self.close, warning)

    def close(self, warning):
        if self.daemon.read("commander", "warnings", warning)["state"] == "closing":  # money moved meanwhile: it is worked again
            self.daemon.act("commander", "warnings", warning, "approve_closing")

    LEAD_TYPES = {"run_point": "run_point", "collector": "collector", "dispersal": "dispersal", "cash_out": "cash_out",
                  "card_dealing": "card_dealing", "mule_account": "mule_account"}

    def lead(self, row):
        made = self.daemon.make("analyst", "leads", {
            "type": self.LEAD_TYPES.get(row["typology"], "other"), "subject": row["subject"], "title": row["title_zh"],
            "words": "；".join(reason["zh"] for reason in row["reasons"][:3]), "score": int(row["score"]), "source": "finding",
            "tier": {"stop": "urgent", "delay": "high"}.get(row["action"], "medium"),
            "division": self.person(row["subject"])["division"]})
        self.plan(self.now + 20 * MINUTE_MS, self.assign_lead, made["id"])

    def assign_lead(self, lead):
        self.daemon.act("commander", "leads", lead, "assign", {"assignee": self.people.users["investigator"]})
        self.plan(self.now + 10 * MINUTE_MS, self.accept_lead, lead)

    def accept_lead(self, lead):
        self.daemon.act("investigator", "leads", lead, "accept")
        if self.draw.random() < 0.85:
            self.plan(self.now + self.draw.randrange(1, 8) * HOUR_MS, self.finish_lead, lead)

    def finish_lead(self, lead):
        result = "confirmed" if self.draw.random() < 0.8 else "not_confirmed"
        self.daemon.act("investigator", "leads", lead, "finish", {"result": result, "feedback": "已核查，结果已反馈"})
