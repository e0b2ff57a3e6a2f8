"""Lists and searches over HTTP: every order that the document promises, what filters are refused, and who sees what
of a list, a search, a child list, a history and a count."""

import urllib.parse

from centre import DAY_MS, expect, run

WARNING = {"tier": "high", "reason": "向涉诈账户转账", "source": "tip", "fraud_type": "task_rebate"}
# What the console opens its pages with.
QUEUES = ["warnings?state=new|signed|working|not_found&order=due", "warnings?call_back=due|overdue&order=call_back_at",
          "warnings?review=due|overdue&order=id", "warnings?state=closing&order=due", "leads?state=new&order=due",
          "stops?state=stopped&order=expires_at", "stops?state=proposed&order=-reachable_fen",
          "freezes?state=frozen|renewing&order=-id", "cases?state=filing&order=id", "returns?order=-id",
          "reports?state=open", "warnings?order=-updated", "warnings?order=created"]
NO_ORDERS = ["warnings?order=station", "warnings?order=district", "warnings?order=is_reached", "stops?order=holder",
             "warnings?order=-", "warnings?order=id%3Bdrop", "warnings?order=id%20desc"]


def warn(c, phone, **more):
    return c.must("duty", "POST", "/v1/warnings", {"phone": phone, **WARNING, **more}).json["id"]


def a_queue_opens_in_its_order(c):
    warn(c, "13977110001")
    for queue in QUEUES:
        path, _, query = queue.partition("?")
        c.must("duty", "GET", f"/v1/{path}?{query.replace('|', '%7C')}")
    for path in NO_ORDERS:
        c.refused(400, "duty", "GET", "/v1/" + path)


def a_list_names_its_orders_and_keeps_to_them(c):
    """Each order that the first page names is one: the values go up, then down, what has none comes last."""
    for i in range(5):
        c.make("duty", "stops", {"account": f"account:622202123450{i:03}", "reason": "受害人报案",
                                 "amount_fen": [300, 100, None, 500, 200][i]})
    for query in ("", "?state=proposed", "?state=proposed&limit=2"):
        first = c.must("duty", "GET", "/v1/stops" + query).json
        expect({"id", "created", "updated", "amount_fen", "turn", "expires_at"} <= set(first["orders"]), first["orders"])
        expect(not {"holder", "account", "district"} & set(first["orders"]), first["orders"])
        for order in first["orders"]:
            mark = "&" if query else "?"
            c.must("duty", "GET", f"/v1/stops{query}{mark}order=-{order}")
    up = [row["amount_fen"] for row in c.must("duty", "GET", "/v1/stops?order=amount_fen").json["items"]]
    down = [row["amount_fen"] for row in c.must("duty", "GET", "/v1/stops?order=-amount_fen").json["items"]]
    expect((up, down) == ([100, 200, 300, 500, None], [500, 300, 200, 100, None]), f"{up} {down}")
    link = c.must("duty", "GET", "/v1/stops?order=amount_fen&limit=2").headers["link"].split("<")[1].split(">")[0]
    rest = c.must("duty", "GET", link).json
    expect([row["amount_fen"] for row in rest["items"]] == [300, 500] and "orders" not in rest, rest)


def a_page_in_an_order_goes_on_where_it_ended(c):
    """By a deadline that some have and some have not, both ways, one row a page: all rows, each once."""
    numbers = [warn(c, f"139771100{i:02}", tier=tier) for i, tier in enumerate(["urgent", "low", "high", "medium"] * 3)]
    for order in ("due", "-due", "created", "-updated", "id"):
        path, seen, pages = f"/v1/warnings?limit=1&order={order}", [], 0
        while path:
            answer = c.must("duty", "GET", path)
            seen += [row["id"] for row in answer.json["items"]]
            link = answer.headers.get("link")
            path = link.split("<")[1].split(">")[0] if link else None
            pages += 1
            expect(pages < 20, f"order={order} does not end")
        expect(sorted(seen) == numbers, f"order={order}: {seen}")


def a_filter_that_cannot_hold_is_refused_and_named(c):
    warn(c, "13977110001")
    for name, value in [("state", "closd"), ("state", "' OR 1=1--"), ("state", "new|x"), ("district", "1 OR 1=1"),
                        ("district", "9" * 20), ("due", "2026-13-45"), ("state", "|".join(["new"] * 41))]:
        answer = c.refused(400, "duty", "GET", f"/v1/warnings?{name}={urllib.parse.quote(value)}")
        expect(answer.json["detail"].startswith(name + ":"), answer)
    for query in ("nofield=1", "limit=0", "limit=1001", "limit=1e3", "cursor=", "cursor=AAAA", "state=%00", "state=%ff"):
        answer = c.refused(400, "duty", "GET", f"/v1/warnings?{query}")
        expect(answer.json["errors"], answer)
    # A cursor belongs to the list that gave it.
    warn(c, "13977110002")
    link = c.must("duty", "GET", "/v1/warnings?limit=1").headers["link"]
    cursor = link.split("cursor=")[1].split(">")[0].split("&")[0]
    c.refused(400, "duty", "GET", f"/v1/stops?cursor={cursor}")
    for changed in ("state=closed", "state=new", "order=-created"):  # a page of another order would leave rows out
        c.refused(400, "duty", "GET", f"/v1/warnings?{changed}&cursor={cursor}")


def what_is_another_units_is_nowhere(c):
    """District A's warning: not in a list, search, child list, history, event place or bulletin of district B."""
    number = warn(c, "13977110001")
    c.act("a.duty", "warnings", number, "sign")
    c.must("a.duty", "POST", f"/v1/warnings/{number}/attempt", {"channel": "phone", "result": "no_answer"})
    for who, sees in [("duty", True), ("a.duty", True), ("b.duty", False), ("b.commander", False), ("s.duty", False)]:
        listed = [row["id"] for row in c.must(who, "GET", "/v1/warnings").json["items"]]
        filtered = c.must(who, "GET", "/v1/warnings?phone=13977110001").json["items"]
        found = c.must(who, "GET", "/v1/search?q=13977110001").json["items"]
        begun = c.must(who, "GET", "/v1/search?q=1397711").json["items"]
        expect([bool(listed), bool(filtered), bool(found), bool(begun)] == [sees] * 4, f"{who}: {listed} {found}")
        for path in ("", "/attempts", "/history"):
            status = c.get(who, f"/v1/warnings/{number}{path}").status
            expect(status == (200 if sees else 404), f"{who}: {path}: {status}")
    for who, people in [("duty", 1), ("a.duty", 1), ("b.duty", 0)]:
        answer = c.must(who, "GET", "/v1/figures?from=2026-01-01&to=2026-12-31")
        values = {f["code"]: f["value"] for s in answer.json["sections"] if s["code"] == "period" for f in s["figures"]}
        expect(values["people_warned"] == people, f"{who} counts {values['people_warned']}")
    # Naming another's unit does not help.
    c.refused(404, "b.duty", "GET", f"/v1/figures?from=2026-01-01&to=2026-12-31&unit={c.units['a']}")


def a_search_finds_each_record_once(c):
    """Newest first, by whole words before beginnings, with more records than are read at once."""
    numbers = [c.make("duty", "stops", {"account": f"account:62220212345{i:04}", "reason": "受害人报案"})
               for i in range(70)]
    found = [hit["record"]["id"] for hit in c.must("duty", "GET", "/v1/search?q=62220212345").json["items"]]
    expect(len(found) == len(set(found)) and len(found) == 50, found)
    exact = c.must("duty", "GET", "/v1/search?q=622202123450069").json["items"]
    expect([hit["record"]["id"] for hit in exact] == [numbers[69]], exact)
    expect(c.must("duty", "GET", "/v1/search?q=622202123450069&kind=warning").json["items"] == [], "another kind")
    for word in ("%25", "_", "'", "%22", "a%20OR%201"):
        expect(c.must("duty", "GET", f"/v1/search?q={word}").json["items"] == [], f"{word} finds something")


def what_one_has_is_not_sent_again(c):
    for i in range(4):
        c.make("duty", "stops", {"account": f"account:62220212345000{i}", "holder": "张三丰", "reason": "x"})
    for path in ["/v1/stops?limit=2", "/v1/stops?limit=50&order=created", "/v1/stops/1", "/v1/stops/1/history"]:
        first = c.must("duty", "GET", path)
        tag = first.etag
        for asked in [tag, f'"x", {tag}', "*", tag.removeprefix("W/")]:
            same = c.get("duty", path, headers={"If-None-Match": asked})
            expect((same.status, same.raw, same.etag) == (304, b"", tag), f"{path} {asked}: {same}")
        shown = c.get("duty", path, headers={"If-None-Match": tag}, purpose="核对止付账户的户名")
        expect(shown.status == 200 or path.endswith("history"), f"{path}: what was masked is not what is shown: {shown}")
    tag = c.must("duty", "GET", "/v1/stops").etag
    c.act("commander", "stops", 1, "refuse", {"note": "x"})
    changed = c.get("duty", "/v1/stops", headers={"If-None-Match": tag})
    expect(changed.status == 200 and changed.etag != tag, "a change was not seen")
    seen = c.must("auditor", "GET", "/v1/audit?act=list&login=duty").json["items"]
    expect(len(seen) >= 10, "what was looked at with a tag is not in the audit")


def a_search_finds_what_is_shared(c):
    """Operations have no district of their own: who takes part finds them, and nobody else in the districts."""
    name = "龙卷风集中收网行动"
    number = c.make("commander", "operations", {
        "name": name, "aim": "打掉窝点", "from": c.text(), "until": c.text(c.now_ms + 2 * DAY_MS),
        "commander": c.users["commander"]})
    c.make("analyst", "participations", {"operation": number, "unit": c.units["a"], "duty": "辖区收网"})
    word = urllib.parse.quote("龙卷风集中")
    for who, expected in [("commander", [number]), ("a.commander", [number]), ("s.commander", [number]), ("b.commander", [])]:
        for more in ["", "&kind=operation"]:
            found = [hit["record"]["id"] for hit in c.must(who, "GET", f"/v1/search?q={word}{more}").json["items"]]
            expect(found == expected, f"{who}{more} finds {found}")
    for who in ["a.commander", "s.commander"]:  # users and units are everybody's
        found = c.must(who, "GET", "/v1/search?q=b.duty").json["items"] if c.users["b.duty"] else None
        expect([hit["kind"] for hit in found] == ["user"], f"{who}: {found}")


if __name__ == "__main__":
    run([a_queue_opens_in_its_order, a_list_names_its_orders_and_keeps_to_them, a_page_in_an_order_goes_on_where_it_ended,
         a_filter_that_cannot_hold_is_refused_and_named, what_is_another_units_is_nowhere,
         a_search_finds_each_record_once, what_one_has_is_not_sent_again, a_search_finds_what_is_shared])
