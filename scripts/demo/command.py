"""Operations, outlets, outreach and bulletins of the demonstration: what the city's command has to show."""

from client import shanghai
from people import BANKS, DISTRICTS, HOME

HOUR_MS, DAY_MS = 3_600_000, 86_400_000
SEIZED = [("computer", 105), ("phone", 203), ("sim_card", 97), ("bank_card", 61), ("pos", 4)]


class Command:
    """Its parts happen at the daemon's time; `season.plan` puts them there."""

    def __init__(self, season):
        self.season, self.daemon, self.people = season, season.daemon, season.people

    def plan(self):
        begin, end = self.season.begin, self.season.end
        self.season.plan(begin + HOUR_MS, self.outlets)
        self.season.plan(begin + 2 * HOUR_MS, self.outreach)
        self.season.plan(end - 30 * HOUR_MS, self.operation)
        self.season.plan(end - HOUR_MS, self.bulletin)

    # ---- outlets ----

    def outlets(self):
        draw, rows, months = self.season.draw, [], []
        month = shanghai(self.season.now - 31 * DAY_MS)[:7]
        mules = self.season.city.table("mules.csv")
        for i in range(36):
            code, bank = BANKS[i % len(BANKS)]
            opened = int(20 * 1.12 ** i) + draw.randrange(10)
            made = self.daemon.make("analyst", "outlets", {
                "key": f"outlet:4501{i:03d}", "name": f"{bank[:4]}第{i + 1}支行（演示）", "category": "bank", "institution": code,
                "division": DISTRICTS[i % 12][0]})
            months.append({"outlet": made["id"], "month": month, "opened": opened})
            share = 0.09 if i in (7, 19, 30) else 0.015
            for _ in range(min(sum(draw.random() < share for _ in range(opened)), len(mules))):
                rows.append({"key": mules.pop()["account"], "category": "debit", "outlet_key": f"outlet:4501{i:03d}",
                             "opened_at": f"{month}-15T10:00:00+08:00", "staff": f"S{draw.randrange(4)}"})
        for first in range(0, len(rows), 100):
            self.daemon.make("analyst", "outlets/import", {"cards": rows[first:first + 100],
                                                           **({"months": months} if first == 0 else {})})
        for code, _ in BANKS:
            for card in self.daemon.list(code, f"cards?limit=500&institution={code}"):
                self.daemon.act(code, "cards", card["id"], "mark", {"problem_reference": "100404（演示）"}, card["version"])

    # ---- outreach ----

    def outreach(self):
        for i, (division, zh, _) in enumerate(DISTRICTS[:6]):
            area = self.people.units[division]
            for k in range(3):
                self.daemon.make("outreach", "chat-groups", {
                    "name": f"{zh}第{k + 1}居民群（演示）", "platform": ("wecom", "dingtalk", "feishu")[k], "area": area,
                    "members": 60 + 17 * i + 40 * k})
        audience = self.daemon.make("outreach", "audiences", {"title": "青秀区居民", "area": self.people.units[HOME]})
        material = self.daemon.make("outreach", "materials", {
            "title": "刷单就是诈骗", "language": "zh", "sms": "刷单都是诈骗，先返小利再骗大钱。疑问请拨96110。",
            "bot": "本周提醒：凡是让你垫付的刷单都是诈骗。96110"})
        self.daemon.act("approver", "materials", material["id"], "approve")
        campaign = self.daemon.make("outreach", "campaigns", {
            "title": "青秀区刷单防骗宣传", "audience": audience["id"], "material": material["id"], "channel": "event",
            "schedule": "once", "first_at": shanghai(self.season.now + HOUR_MS)})
        self.daemon.act("outreach", "campaigns", campaign["id"], "propose")
        self.daemon.act("approver", "campaigns", campaign["id"], "approve")
        self.daemon.act("outreach", "campaigns", campaign["id"], "start")

    # ---- an operation ----

    def operation(self):
        make, act, now = self.daemon.make, self.daemon.act, self.season.now
        operation = make("commander", "operations", {
            "name": "“断流”集中收网行动（演示）", "aim": "打击刷单返利、跑分洗钱窝点", "from": shanghai(now),
            "until": shanghai(now + 3 * DAY_MS), "commander": self.people.users["commander"]})["id"]
        for division in (HOME, "450105", "450107"):
            make("commander", "participations", {"operation": operation, "unit": self.people.units[division], "duty": "辖区收网"})
        site = make("investigator", "sites", {
            "operation": operation, "name": "某写字楼1015室", "type": "office", "address": "南宁市青秀区某路1号（虚构）",
            "division": HOME, "plan": "控制出入口，先固定电子证据", "method": "刷单返利；21:00至次日9:00"})["id"]
        other = make("investigator", "sites", {"operation": operation, "name": "某小区出租屋", "type": "dwelling",
                                               "address": "南宁市江南区某路2号（虚构）", "division": "450105"})["id"]
        target = make("investigator", "targets", {
            "operation": operation, "type": "gang", "name": "1015室刷单窝点", "site": site, "at": shanghai(now + HOUR_MS),
            "secure": "电脑、手机、话术本、账册", "suggested_role": "supervisor", "suggested_why": "资金归集到其账户，与多名组长单线联系"})["id"]
        act("approver", "targets", target, "approve")
        act("commander", "operations", operation, "submit")
        act("approver", "operations", operation, "approve")
        act("commander", "operations", operation, "start")
        for at, officers in ((site, 60), (other, 25)):
            team = make("investigator", "teams", {"operation": operation, "name": "收网组", "site": at, "officers": officers,
                                                  "unit": self.people.units[HOME if at == site else "450105"]})["id"]
            act("investigator", "teams", team, "deploy")
        self.season.plan(now + 3 * HOUR_MS, self.strike, operation, site, other, target)

    def strike(self, operation, site, other, target):
        make, act, now = self.daemon.make, self.daemon.act, self.season.now
        for at in (site, other):
            act("investigator", "sites", at, "secure")
        for i in range(14):
            at = site if i < 11 else other
            arrest = make("duty", "arrests", {
                "operation": operation, "site": at, "identity": f"45010319900101{i:04d}", "full_name": "某某某",
                "arrested_at": shanghai(now), "measure": "detention", "paper": f"拘字〔2026〕{i + 1}号",
                **({"target": target} if at == site else {})})["id"]
            role = ["supervisor", "key_member", "key_member"][i] if i < 3 else "member"
            act("investigator", "arrests", arrest, "confirm_role", {"confirmed_role": role, "confirmed_why": "供述、账册"})
        for kind, count in SEIZED:
            make("duty", "seizures", {"operation": operation, "site": site, "type": kind, "count": count, "paper": "扣押清单1号",
                                      "seized_at": shanghai(now), "second_by": self.people.users["investigator"]})
        make("duty", "seizures", {"operation": operation, "site": site, "type": "cash", "amount_fen": 8000000,
                                  "paper": "扣押清单2号", "seized_at": shanghai(now), "second_by": self.people.users["investigator"]})
        act("investigator", "targets", target, "strike", {"result": "窝点已打掉"})

    # ---- a bulletin ----

    def bulletin(self):
        made = self.daemon.make("analyst", "bulletins", {
            "title": "本周战果通报（演示）", "from": shanghai(self.season.begin), "to": shanghai(self.season.now),
            "words": "数据由记录统计得出。"})
        made = self.daemon.act("analyst", "bulletins", made["id"], "compute", version=made["version"])
        made = self.daemon.act("commander", "bulletins", made["id"], "approve")
        self.daemon.act("commander", "bulletins", made["id"], "issue")
