"""Units, areas, people and partners of the demonstration's centre. All names are invented."""

import secrets

from client import shanghai

DAY_MS = 86_400_000
# Divisions of GB/T 2260; phone segments are invented.
DISTRICTS = [("450102", "兴宁区", "Xingning"), ("450103", "青秀区", "Qingxiu"), ("450105", "江南区", "Jiangnan"),
             ("450107", "西乡塘区", "Xixiangtang"), ("450108", "良庆区", "Liangqing"), ("450109", "邕宁区", "Yongning"),
             ("450110", "武鸣区", "Wuming"), ("450123", "隆安县", "Long'an"), ("450124", "马山县", "Mashan"),
             ("450125", "上林县", "Shanglin"), ("450126", "宾阳县", "Binyang"), ("450127", "横州市", "Hengzhou")]
HOME = "450103"  # the district whose people may sign in
USERS = [  # login, name, roles, where
    ("duty", "值班员 韦明", "duty", "city"),
    ("analyst", "研判员 黄婷", "analyst", "city"),
    ("investigator", "侦查员 覃刚", "investigator", "city"),
    ("commander", "指挥长 李锋", "commander", "city"),
    ("approver", "审批人 陆静", "approver", "city"),
    ("outreach", "宣传员 梁雨", "outreach", "city"),
    ("auditor", "审计员 蒙正", "auditor", "city"),
    ("qx.duty", "青秀值班员 农兰", "duty", HOME),
    ("qx.investigator", "青秀侦查员 莫强", "investigator", HOME),
    ("qx.commander", "青秀指挥长 班勇", "commander", HOME),
    ("qx.approver", "青秀审批人 卢敏", "approver", HOME),
    ("nanhu", "南湖派出所 甘涛", "duty", "station"),
]
ADMINISTRATOR = ("admin", "管理员 罗安", "administrator", "city")
BANK_USER = ("bank", "银行反诈专岗 周岚", "partner", "bank")  # of the portal's bank: what it was asked, and its answers
LINKED_BANKS = [("102100099996", "工商银行（演示）"), ("103100000026", "农业银行（演示）"), ("105100000017", "建设银行（演示）")]
PORTAL_BANK = ("104100000004", "中国银行（演示）")  # has no link: its person answers in the portal
BANKS = [*LINKED_BANKS, PORTAL_BANK]
BANKS_EN = ("ICBC (demo)", "ABC (demo)", "CCB (demo)", "BOC (demo)")
CITY_BANKS = 12  # of the simulated city, told by the fifth and sixth digit of its numbers
portal_digits = set()  # whose accounts are the portal bank's: `choose_portal`


def digits_of(account):
    number = account.partition(":")[2]
    return int(number[4:6]) if number[4:6].isdigit() and number[:4] in ("6299", "4501") else 0


def choose_portal(story_accounts):
    """The demonstration's stops are answered within seconds: none of their banks is the one that waits for a person."""
    used = {digits_of(account) for account in story_accounts}
    portal_digits.clear()
    portal_digits.update([digit for digit in range(CITY_BANKS - 1, 0, -1) if digit not in used][:2])


def bank_of_digits(digits):
    return PORTAL_BANK[0] if digits in portal_digits else LINKED_BANKS[digits % len(LINKED_BANKS)][0]


def bank_of(account):
    return bank_of_digits(digits_of(account))


def phone_segment(index):
    return f"13977{index + 10:02d}"


class People:
    """Makes them through the API, and remembers ids and, for the one who tries it, the passwords."""

    def __init__(self, daemon, password, now):
        self.daemon, self.password, self.now = daemon, password, now
        self.units, self.users, self.district_of = {"city": 1}, {}, {}

    def make(self, administrator_code):
        self.daemon.activate("admin", administrator_code, self.password)
        for index, (division, zh, en) in enumerate(DISTRICTS):
            unit = self.unit(zh, en, "district", 1, division)
            self.units[division] = unit
            self.area(unit, "division", division)
            self.area(unit, "phone", phone_segment(index))
        self.units["station"] = self.unit("南湖派出所", "Nanhu station", "station", self.units[HOME])
        self.area(self.units["station"], "address", "南宁市青秀区双拥路")
        for login, name, roles, where in USERS:
            made = self.daemon.make("admin", "users", {"login": login, "name": name, "unit": self.units[where], "roles": roles})
            self.users[login] = made["id"]
            self.daemon.activate(login, made["secret"], self.password)
        login, name, roles, _ = BANK_USER
        made = self.daemon.make("admin", "users", {"login": login, "name": name, "unit": 1, "roles": roles,
                                                   "institution": PORTAL_BANK[0]})
        self.daemon.activate(login, made["secret"], self.password)
        for code, name in BANKS:
            made = self.daemon.make("admin", "keys", {"name": name, "institution": code, "unit": 1, "roles": "partner",
                                                      "until": shanghai(self.now + 400 * DAY_MS)})
            self.daemon.tokens[code] = made["secret"] if " " in made["secret"] else "ApiKey " + made["secret"]
        made = self.daemon.make("admin", "keys", {"name": "数据接入（演示）", "unit": 1, "roles": "analyst",
                                                  "until": shanghai(self.now + 400 * DAY_MS)})
        self.daemon.tokens["feed"] = "ApiKey " + made["secret"]

    def banks(self, begin):
        """Which bank an account is of: cards' and companies' numbers bear it in their fifth and sixth digit, wallets none."""
        def row(name, code, value, en, zh):
            made = self.daemon.make("admin", "dated", {"name": name, "code": code, "value": value, "law": "演示数据", "en": en,
                                                       "zh": zh, "valid_from": shanghai(begin)})
            self.daemon.act("commander", "dated", made["id"], "approve", version=made["version"])
        for (code, zh), en in zip(BANKS, BANKS_EN):
            row("institution", code, code, en, zh)
        for digits in range(CITY_BANKS):
            code = bank_of_digits(digits)
            for prefix in (f"6299{digits:02d}", f"4501{digits:02d}"):
                row("account_prefix", prefix, code, "cards and accounts of a simulated bank", "模拟银行卡号、账号前缀")
        row("account_prefix", "SIM", bank_of_digits(0), "wallets of a simulated payment firm", "模拟钱包")

    def stay_signed_in(self, begin, end):
        """Sessions last until `end`, so that moving the clock by hours signs nobody out; then the centre's rule holds again."""
        for code in ("session", "session_idle"):
            row = self.daemon.make("admin", "dated", {
                "name": "duration", "code": code, "value": "60d", "valid_from": shanghai(begin), "valid_to": shanghai(end),
                "law": "演示数据", "en": "while the demonstration is made", "zh": "演示数据生成期间"})
            self.daemon.act("commander", "dated", row["id"], "approve", version=row["version"])
        self.daemon.tokens = {who: token for who, token in self.daemon.tokens.items() if who not in self.daemon.passwords}

    def unit(self, zh, en, level, parent, division=None):
        body = {"name_zh": zh, "name_en": en, "level": level, "parent": parent}
        if division:
            body["division"] = division
        return self.daemon.make("admin", "units", body)["id"]

    def area(self, unit, by, begins):
        self.daemon.make("admin", "areas", {"unit": unit, "by": by, "begins": begins})


def new_password():
    """Four groups that can be read out; new in each demonstration."""
    return "-".join(secrets.token_hex(2) for _ in range(4))
