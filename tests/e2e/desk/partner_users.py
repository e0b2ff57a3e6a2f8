"""People of partners, who sign in: they see and answer what was asked of their institution, and nothing else. And saved views,
which are one's own or one's unit's."""

import json
import urllib.parse

from centre import HOUR_MS, expect, run

BANK, OTHER = "102100000011", "103100000012"
STOP = {"account": "account:6228480402564890018", "institution": BANK, "holder": "张三丰", "amount_fen": 5000000,
        "reason": "受害人报警"}


def approved(c, **more):
    stop = c.make("duty", "stops", dict(STOP, **more))
    c.act("approver", "stops", stop, "approve")
    return stop


def who_is_a_partner(c):
    user = {"login": "teller.2", "name": "柜员", "unit": 1, "roles": "partner", "institution": BANK}
    for wrong in [{"roles": "partner,duty"}, {"institution": None}, {"roles": "duty"}, {"roles": "administrator"}]:
        body = {name: value for name, value in {**user, **wrong}.items() if value is not None}
        c.refused(422, "administrator", "POST", "/v1/users", body)
    made = c.must("administrator", "POST", "/v1/users", user).json
    c.act_refused(422, "administrator", "users", made["id"], "edit", {"roles": "commander"})
    me = c.must("bank.teller", "GET", "/v1/me").json
    expect(me["roles"] == "partner" and me["institution"] == BANK and me["user"] > 0, me)


def requests_under_a_clock(c):
    mine, his = approved(c), approved(c, account="account:6228480402564890026", institution=OTHER)
    c.later(60000)
    shown = c.must("bank.teller", "GET", "/v1/partner/requests").json
    expect([item["record"]["id"] for item in shown["items"]] == [mine], shown)
    expect(shown["open"] == 1 and shown["late"] == 0 and 0 < shown["items"][0]["left_ms"], shown)
    expect("6228480402564890018" not in json.dumps(shown), "an account is shown without a purpose")
    full = c.must("bank.teller", "GET", "/v1/partner/requests", purpose="执行止付指令").json
    expect("6228480402564890018" in json.dumps(full), full)
    seen = c.must("auditor", "GET", "/v1/audit?act=list_shown&login=bank.teller").json["items"]
    expect(seen and seen[0]["purpose"] == "执行止付指令", seen)
    answers = {"items": [{"kind": "stop", "id": number, "act": "confirm",
                          "input": {"stopped_at": c.text(), "balance_fen": 7, "result_code": "100000"}}
                         for number in (mine, his)]}
    result = c.must("bank.teller", "POST", "/v1/partner/answers", answers).json
    expect(result["done"] == 1 and result["refused"] == 1 and result["results"][0]["done"], result)
    expect(c.state("stops", mine) == "stopped" and c.state("stops", his) == "approved", result)
    expect(c.must("bank.teller", "GET", "/v1/partner/requests").json["open"] == 0, "answered, and still there")
    late = approved(c, account="account:6228480402564890034")
    c.later(2 * HOUR_MS)
    c.tokens.pop("bank.teller")
    shown = c.must("bank.teller", "GET", "/v1/partner/requests").json
    expect(shown["late"] == 1 and shown["items"][0]["late"] and shown["items"][0]["record"]["id"] == late, shown)


def a_link_with_a_key_binds_programs(c):
    """Programs of the bank must sign from then on; its people have signed in, and need not."""
    link = c.must("administrator", "POST", "/v1/partner-links", {
        "channel": "bank", "partner": BANK, "name": "工行", "key_file": "bank.key", "endpoint": "http://127.0.0.1:9/x"}).json
    c.act("commander", "partner-links", link["id"], "approve", version=link["version"])
    expect(c.get("bank", "/v1/partner/requests").status in (401, 503), "a program need not sign")
    c.must("bank.teller", "GET", "/v1/partner/requests")


def nothing_else(c):
    """Every list, every record and every other thing of the API, as somebody of another bank: none of it is there."""
    mine = approved(c)
    c.make("duty", "reports", {"channel": "phone", "victim_name": "王小明", "victim_phone": "13977110001",
                               "victim_division": "450103", "fraud_type": "task_rebate", "words": "被骗"})
    c.make("duty", "warnings", {"name": "李四", "phone": "13977110002", "division": "450103", "tier": "high",
                                "fraud_type": "task_rebate", "reason": "x", "source": "tip"})
    for kind in c.must("duty", "GET", "/v1/workflows").json["items"]:
        if not kind["collection"]:
            continue
        path = f"/v1/{kind['collection']}"
        answer = c.get("other_bank.teller", path)
        expect(answer.status in (200, 403), f"{path}: {answer}")
        rows = answer.json["items"] if answer.status == 200 else []
        expect(all(row.get("institution") == OTHER for row in rows), f"{path} shows another's: {rows}")
        expect(c.get("other_bank.teller", f"{path}/1").status in (403, 404), f"{path}/1 is shown")
        expect(c.get("other_bank.teller", f"{path}/1/history").status in (403, 404), f"{path}/1/history is shown")
    c.refused(404, "other_bank.teller", "POST", f"/v1/stops/{mine}/confirm", {"stopped_at": c.text()}, version=2)
    for word in ["139771", "6228480402564890018", "王小明"]:
        expect(c.must("other_bank.teller", "GET", f"/v1/search?q={urllib.parse.quote(word)}").json["items"] == [], word)
    for path in ["/v1/audit", "/v1/accounts/account:6228480402564890018", "/v1/traces?transfer=V1",
                 "/v1/transfers/V1", "/v1/command", "/v1/figures", "/v1/rules", "/v1/users", "/v1/units", "/v1/backups"]:
        status = c.get("other_bank.teller", path).status
        expect(status in (400, 403, 404), f"{path}: {status}")
    c.refused(403, "other_bank.teller", "POST", "/v1/presence", {"kind": "stop", "id": mine, "what": "view"})
    work = c.must("other_bank.teller", "GET", "/v1/work").json["items"]
    expect(all(sum(kind["states"].values()) == 0 for kind in work if isinstance(kind["states"], dict)), work)


def a_disabled_partner(c):
    c.must("bank.teller", "GET", "/v1/partner/requests")
    user = c.must("administrator", "GET", "/v1/users?login=bank.teller").json["items"][0]
    c.act("administrator", "users", user["id"], "disable", {"note": "离岗"})
    c.users.pop("bank.teller")
    answer = c.send("GET", "/v1/partner/requests", None, {"Authorization": "Bearer " + c.tokens["bank.teller"]})
    expect(answer.status == 401, answer)


def views(c):
    view = {"list": "warning", "name": " 高危未签收 ", "query": "tier=high&state=new"}
    made = c.must("a.duty", "POST", "/v1/saved-views", view).json
    expect(made["name"] == "高危未签收" and made["is_mine"] and not made["is_shared"], made)
    items = lambda who, kind="warning": c.must(who, "GET", f"/v1/saved-views?list={kind}").json["items"]
    expect([one["id"] for one in items("a.duty")] == [made["id"]], items("a.duty"))
    expect(items("a.commander") == [] and items("b.duty") == [] and items("a.duty", "stop") == [], "others see it")
    again = c.must("a.duty", "POST", "/v1/saved-views", {**view, "query": "tier=urgent", "is_shared": True}).json
    expect(again["id"] == made["id"] and again["query"] == "tier=urgent", again)
    shared = items("a.commander")
    expect([(one["is_mine"], one["is_shared"]) for one in shared] == [(False, True)], shared)
    expect(items("b.duty") == [] and items("duty") == [], "another unit sees it")
    c.refused(404, "b.commander", "DELETE", f"/v1/saved-views/{made['id']}")
    c.refused(404, "a.investigator", "DELETE", f"/v1/saved-views/{made['id']}")
    c.must("a.commander", "DELETE", f"/v1/saved-views/{made['id']}")
    expect(items("a.duty") == [], "it is still there")
    c.refused(422, "a.duty", "POST", "/v1/saved-views", {**view, "list": "nothing"})
    c.refused(422, "a.duty", "POST", "/v1/saved-views", {**view, "name": "   "})
    c.refused(403, "bank", "POST", "/v1/saved-views", view)
    for i in range(50):
        c.must("a.duty", "POST", "/v1/saved-views", {**view, "name": f"视图{i}"})
    c.refused(409, "a.duty", "POST", "/v1/saved-views", view)
    c.must("a.duty", "POST", "/v1/saved-views", {**view, "name": "视图7", "query": "tier=low"})
    c.restart()
    expect(len(items("a.duty")) == 50, "they do not last")


if __name__ == "__main__":
    run([who_is_a_partner, requests_under_a_clock, a_link_with_a_key_binds_programs, nothing_else, a_disabled_partner, views])
