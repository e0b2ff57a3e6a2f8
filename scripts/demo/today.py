"""What waits at this minute, for each of the demonstration's people: something to sign for, to decide, to answer, to look into. And
what comes while it runs: names to warnings of the engine, orders to the bank that answers by hand."""

import random
import sys

from client import Refused, shanghai
from people import DISTRICTS, HOME, PORTAL_BANK, bank_of, phone_segment

MINUTE_MS, HOUR_MS = 60_000, 3_600_000
ORDERS_AT_ONCE = 8        # that wait for the bank's person
ORDER_EVERY_MS = 4 * MINUTE_MS
NAMES_EVERY_MS = 6_000


class Today:
    def __init__(self, season, found, clock):
        self.season, self.daemon, self.people, self.city = season, season.daemon, season.people, season.city
        self.clock = clock
        self.draw = random.Random(season.city.seed + 1)
        # Of each subject one, of whom nothing is known yet: a second one would join the first, wherever that is.
        self.fresh = list({row["subject"]: row for row in found if row["status"] == "live" and row["subject"] not in season.warned}.values())
        self.cards = [row["account"] for row in self.city.table("mules.csv")]
        self.named_at = self.ordered_at = 0

    def make(self):
        self.season.now = self.clock()
        for work in (self.warnings, self.leads, self.reports, self.cases, self.orders, self.command):
            self.attempt(work)

    def attempt(self, work, *given):
        try:
            return work(*given)
        except Refused as refused:
            print("    left out: " + str(refused), file=sys.stderr)
            return None

    # ---- warnings: new ones here and there, some under way, one at the station, one to be signed off ----

    def warnings(self):
        made = [self.warning(place) for place in (HOME, HOME, HOME, HOME, "450105", "450107", "450102", "450110", "450126")]
        sign = lambda who, number: self.daemon.act(who, "warnings", number, "sign")
        sign("duty", made[4]), sign("duty", made[5]), sign("qx.duty", made[0])
        self.daemon.make("duty", f"warnings/{made[5]}/attempt", {"channel": "phone", "result": "no_answer", "words": "96110 电话无人接听"})
        self.daemon.act("qx.duty", "warnings", made[1], "sign")
        self.daemon.act("qx.duty", "warnings", made[1], "dispatch", {"unit": self.people.units["station"], "note": "上门见面劝阻"})
        self.daemon.act("nanhu", "warnings", made[1], "assign", {"assignee": self.people.users["nanhu"]})
        sign("qx.duty", made[2])
        self.daemon.make("qx.duty", f"warnings/{made[2]}/attempt", {
            "channel": "visit", "result": "dissuaded", "is_identity_checked": True, "is_face_to_face": True, "words": "上门劝阻，已停止转账"})
        self.daemon.act("qx.duty", "warnings", made[2], "propose_closing", {
            "closing": "dissuaded", "averted_basis": "stated", "averted_words": "当事人称正准备转第二笔", "at_risk_fen": 8_000_000})

    def warning(self, place):
        """About somebody whom the rules found, moved to this minute and to where the people are who may sign in."""
        row = self.fresh.pop()
        who = self.person(row["subject"], place)
        return self.daemon.make("analyst", "warnings", {
            "victim": row["subject"], "name": who["name"], "phone": who["phone"], "division": place, "address": who["address"],
            "tier": self.draw.choice(("urgent", "high", "high", "medium")), "score": int(row["score"]),
            "reason": row["reasons"][0]["zh"], "fraud_type": self.draw.choice(("task_rebate", "customer_service", "investment", "loan")),
            "source": "finding"})["id"]

    def person(self, key, place):
        index = next(i for i, row in enumerate(DISTRICTS) if row[0] == place)
        draw = random.Random(f"{self.city.seed} {key}")
        road, number = draw.choice(("民族大道", "双拥路", "桃源路", "星湖路", "明秀路")), draw.randrange(1, 190)
        return {**self.season.person(key), "phone": phone_segment(index) + f"{draw.randrange(10000, 99999)}",
                "address": f"南宁市{DISTRICTS[index][1]}{road}{number}号（虚构）"}

    # ---- leads: to be given out, and given ----

    def leads(self):
        given = {3: ("commander", "investigator"), 4: ("commander", "investigator"), 5: ("commander", "analyst"),
                 6: ("qx.commander", "qx.investigator"), 7: ("qx.commander", "qx.investigator")}
        for i in range(9):
            row = self.fresh.pop()
            lead = self.daemon.make("analyst", "leads", {
                "type": self.season.LEAD_TYPES.get(row["typology"], "other"), "subject": row["subject"], "title": row["title_zh"],
                "words": "；".join(reason["zh"] for reason in row["reasons"][:3]), "score": int(row["score"]), "source": "finding",
                "tier": self.draw.choice(("high", "medium")), "division": HOME if i > 5 else DISTRICTS[i][0]})
            if i in given:
                who, assignee = given[i]
                self.attempt(self.daemon.act, who, "leads", lead["id"], "assign", {"assignee": self.people.users[assignee]})

    # ---- reports of the last hour, their stops, and what was asked of the court of decisions ----

    def reports(self):
        told = [victim for victim in self.city.victims if victim is not self.city.victim and float(victim["loss"]) >= 3000]
        legs = {}
        for row in self.city.table("legs.csv"):
            if row["layer"] == "1":
                legs.setdefault(row["victim"], []).append(row)
        for victim, who in zip(self.draw.sample(told, min(3, len(told))), ("duty", "duty", "qx.duty")):
            place = HOME if who == "qx.duty" else "450107"
            person = self.person(victim["account"], place)
            report = self.daemon.make(who, "reports", {
                "channel": "phone", "victim_name": person["name"], "victim_phone": person["phone"], "victim_division": place,
                "victim_account": victim["account"], "fraud_type": self.season_type(victim),
                "transfers": [{"to": leg["to"], "bank": bank_of(leg["to"]), "amount_fen": round(float(leg["amount"]) * 100),
                               "time": shanghai(self.season.now - self.draw.randrange(5, 25) * MINUTE_MS)}
                              for leg in legs[victim["victim"]][-2:]],
                "words": f"报警人称遭遇{victim['fraud_type']}，刚刚转出（演示数据）"})
            self.attempt(self.daemon.act, who, "reports", report["id"], "assign", {"assignee": self.people.users[who]})

    @staticmethod
    def season_type(victim):
        from season import FRAUD_CODES
        return FRAUD_CODES[victim["fraud_type"]]

    # ---- cases: one to be filed, a freeze to be approved, tasks ----

    def cases(self):
        for report in self.daemon.list("investigator", "reports?state=open&order=id&limit=2"):
            case = self.daemon.act("investigator", "reports", report["id"], "to_case", {"case_title": "刷单返利诈骗案（待立案）"})["case"]
            self.daemon.act("investigator", "cases", case, "request_filing", {"note": "有犯罪事实发生，需要追究刑事责任"})
        filed = self.daemon.list("commander", "cases?state=filed&order=-id&limit=6")
        work = [("analyst", "研判资金流向，形成穿透图"), ("analyst", "研判涉案账户登录设备"), ("investigator", "调取开户资料与监控"),
                ("duty", "回访报案人，补充转账凭证")]
        for case, (who, title) in zip(filed, work):
            self.attempt(self.daemon.make, "commander", f"cases/{case['id']}/tasks", {
                "title": title, "assignee": self.people.users[who], "due": shanghai(self.season.now + self.draw.randrange(3, 30) * HOUR_MS)})
        for case in filed[:2]:
            account = self.cards.pop()
            self.attempt(self.daemon.make, "investigator", "freezes", {
                "account": account, "institution": bank_of(account), "scope": "amount", "case": case["id"],
                "amount_fen": self.draw.randrange(20, 400) * 10_000, "reason": "涉案资金，防止转移"})

    # ---- orders that a bank's person answers by hand ----

    def orders(self):
        waiting = [card for card in self.cards if bank_of(card) == PORTAL_BANK[0]]
        self.portal = waiting
        made = 0
        while made < ORDERS_AT_ONCE - 2 and self.portal:
            made += self.order()

    def order(self):
        """Whether one was: an account that was stopped twice, or is frozen, is left alone."""
        try:
            self.order_for(self.portal.pop())
        except Refused:
            return False
        return True

    def order_for(self, account):
        paid = self.season.now - self.draw.randrange(4, 28) * MINUTE_MS
        stop = self.daemon.make("duty", "stops", {
            "account": account, "institution": PORTAL_BANK[0], "holder": self.season.person(account)["name"], "layer": self.draw.choice((1, 1, 2, 3)),
            "amount_fen": self.draw.randrange(30, 2000) * 10_000, "transfer_at": shanghai(paid),
            "urgency": self.draw.choice(("urgent", "urgent", "normal")), "reason": "受害人报警称被骗向该账户转账，请立即止付。"})
        self.daemon.act("approver", "stops", stop["id"], "approve", version=stop["version"])
        self.ordered_at = self.season.now

    # ---- what a commander, an approver and outreach have before them ----

    def command(self):
        draft = self.daemon.make("analyst", "bulletins", {
            "title": "今日战果通报（待审）", "from": shanghai(self.season.now - 24 * HOUR_MS), "to": shanghai(self.season.now),
            "words": "数据由记录统计得出。"})
        self.daemon.act("analyst", "bulletins", draft["id"], "compute", version=draft["version"])
        self.daemon.make("outreach", "materials", {
            "title": "冒充客服退款是诈骗", "language": "zh", "sms": "凡称退款却要您转账、共享屏幕的都是诈骗。疑问请拨96110。",
            "bot": "提醒：客服退款不会让您转账。96110"})
        audience = self.daemon.make("outreach", "audiences", {"title": "江南区居民", "area": self.people.units["450105"]})
        material = self.daemon.list("outreach", "materials?state=approved&limit=1")[0]
        campaign = self.daemon.make("outreach", "campaigns", {
            "title": "江南区社区宣讲（待审）", "audience": audience["id"], "material": material["id"], "channel": "event",
            "schedule": "once", "first_at": shanghai(self.season.now + 20 * HOUR_MS)})
        self.daemon.act("outreach", "campaigns", campaign["id"], "propose")

    # ---- while it runs ----

    def tick(self):
        """Every other second."""
        self.season.now = self.clock()
        if self.season.now - self.named_at > NAMES_EVERY_MS:
            self.named_at = self.season.now
            self.attempt(self.names)
        if self.season.now - self.ordered_at > ORDER_EVERY_MS:
            self.ordered_at = self.season.now
            self.attempt(self.next_order)

    def names(self):
        """Warnings of the engine know an account; whose it is, the registers of the demonstration's city say."""
        for row in self.daemon.list("analyst", "warnings?state=new&order=-id&limit=50"):
            if row["name"]:
                continue
            key = self.daemon.call("analyst", "GET", f"/v1/warnings/{row['id']}", purpose="补录预警对象身份信息")["victim"]
            place = self.season.person(key)["division"]
            who = self.person(key, place)
            self.daemon.act("analyst", "warnings", row["id"], "edit",
                            {"name": who["name"], "phone": who["phone"], "address": who["address"], "division": place}, row["version"])

    def next_order(self):
        waiting = self.daemon.list("commander", f"stops?state=approved&institution={PORTAL_BANK[0]}&limit=50")
        if len(waiting) < ORDERS_AT_ONCE and self.portal:
            self.order()
