"""The scene of inquiries: one that the simulated bank answered, with rows that went into the log and some that could not, one that
waits for somebody to decide."""

from centre import DAY_MS

from city import Banks
from inquiries import ACCOUNT, ROWS

BANK = "102100000011"


def add(c, ids):
    key = "secret of " + BANK
    c.write_key(BANK + ".key", key)
    c.banks = Banks(c, [{"partner": BANK, "api_key": c.tokens["bank"], "key": key, "transactions": {ACCOUNT: ROWS}}])
    c.link(BANK, f"http://127.0.0.1:{c.banks.ports[0]}/police")
    period = {"from_at": c.text(c.now_ms - 25 * DAY_MS), "to_at": c.text()}
    for account, holder, login in [(ACCOUNT, "张三", "investigator"), ("6228480402564800004", "陆某", "analyst")]:
        ids["proposed_inquiry"] = c.make(login, "inquiries", {
            "account": "account:" + account, "institution": BANK, "holder": holder, "case": ids["case"],
            "purpose": "查明被骗资金去向", "basis": "刑事诉讼法第一百四十四条", **period})
        ids.setdefault("inquiry", ids["proposed_inquiry"])
    c.act("approver", "inquiries", ids["inquiry"], "approve")
    c.wait_state("inquiries", ids["inquiry"], "imported")
