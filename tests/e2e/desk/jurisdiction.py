"""Whose it is: where a victim lives, by division, address and phone, also when they contradict each other; and how a record,
with what belongs to it, goes over to another district, once, reviewed, and out of the sight of whoever had it."""

import urllib.parse

from centre import HOUR_MS, expect, run
from streams import Stream


def home_of(c, **said):
    body = {"channel": "phone", "victim_name": "某", "words": "x", "fraud_type": "other",
            **{"victim_" + name: value for name, value in said.items()}}
    return c.read("commander", "reports", c.make("duty", "reports", body))["home_district"]


def where_a_victim_lives(c):
    a, b = c.units["a"], c.units["b"]
    for said, expected in [
            ({"division": "450103"}, a), ({"division": "450105"}, b), ({"division": "450105002"}, b),
            ({"division": "450199"}, None), ({"division": "45010"}, None), ({"division": "99"}, None),
            ({"phone": "13977110001"}, a), ({"phone": "+8613977220001"}, b), ({"phone": "0086 139 7722 0001"}, b),
            ({"phone": "139-7711-0001"}, a), ({"phone": "13800138000"}, None), ({"phone": "+85213977110"}, None),
            ({"address": "青秀区南湖派出所辖区民族大道 1 号"}, a), ({"address": "民族大道 1 号"}, None),
            # Contradictions: what is registered goes before what is written, and that before where a phone was sold.
            ({"division": "450105", "phone": "13977110001"}, b), ({"division": "450105", "address": "南湖派出所旁"}, b),
            ({"address": "南湖派出所旁", "phone": "13977220001"}, a), ({"division": "450199", "phone": "13977220001"}, b),
            ({"division": "450199", "address": "民族大道", "phone": "13800138000"}, None)]:
        found = home_of(c, **said)
        expect(found == expected, f"{said}: {found}, not {expected}")
    # A warning goes to where its victim lives, to the station that an address names; nobody's is the city's, and nobody else's.
    body = {"reason": "x", "source": "tip", "tier": "low"}
    row = c.read("commander", "warnings", c.make("duty", "warnings", {**body, "victim": "card:1", "address": "南湖派出所旁"}))
    expect((row["district"], row["station"]) == (a, c.units["s"]), f"{row}")
    number = c.make("duty", "warnings", {**body, "victim": "card:2", "phone": "13800138000"})
    for who in ["a.duty", "b.duty", "s.duty"]:
        c.refused(404, who, "GET", f"/v1/warnings/{number}")
    # The longest of the areas that fit counts, and one that was closed no more.
    deeper = c.make("administrator", "areas", {"unit": b, "by": "phone", "begins": "13977119"})
    expect(home_of(c, phone="13977119001") == b, "the longer segment")
    c.act("administrator", "areas", deeper, "close")
    expect(home_of(c, phone="13977119001") == a, "a segment that was closed")


def a_case_of_a(c):
    """A case with what was done about it; ids by collection."""
    made = {"reports": c.make("a.duty", "reports", {"channel": "phone", "victim_name": "移交人", "victim_phone": "13977110001",
                                                    "words": "x", "fraud_type": "other"})}
    case = made["cases"] = c.act("a.investigator", "reports", made["reports"], "to_case", {"case_title": "移交之案"})["case"]
    made["stops"] = c.make("a.duty", "stops", {"account": "account:71", "reason": "x", "report": made["reports"],
                                               "institution": "102100000011"})
    c.must("a.investigator", "POST", f"/v1/cases/{case}/tasks",
           {"title": "移交前的事", "assignee": c.users["a.duty"], "due": c.text(c.now_ms + HOUR_MS)})
    c.act("a.investigator", "cases", case, "request_filing", {"note": "有犯罪事实"})
    c.act("a.commander", "cases", case, "approve_filing", {"filing_number": "A1"})
    made["freezes"] = c.make("a.investigator", "freezes", {"account": "account:6222021234567890072", "institution": "102100000011", "holder": "李四",
                                                           "scope": "full", "case": case, "reason": "x"})
    c.act("a.approver", "freezes", made["freezes"], "approve")
    c.act("bank", "freezes", made["freezes"], "confirm", {"frozen_at": c.text(), "executed_fen": 100})
    return made


def a_case_goes_over_with_what_belongs_to_it(c):
    made = a_case_of_a(c)
    case, b = made["cases"], c.units["b"]
    for who in ["a.commander", "b.commander", "b.investigator", "b.duty"]:
        c.users[who]
    mine = Stream(c, "a.commander")
    asked = {"kind": "case", "record": case, "to_unit": b, "reason": "主犯在江南区"}
    c.refused(422, "a.investigator", "POST", "/v1/handovers", {**asked, "to_unit": c.units["a"]})
    c.refused(422, "b.investigator", "POST", "/v1/handovers", asked)
    c.refused(422, "a.investigator", "POST", "/v1/handovers", {**asked, "to_unit": 9999})
    c.refused(422, "a.investigator", "POST", "/v1/handovers", {**asked, "kind": "user"})
    handover = c.make("a.investigator", "handovers", asked)
    twice = c.refused(409, "a.commander", "POST", "/v1/handovers", asked)
    expect("J-" in twice.json["detail"], f"{twice}")
    # Until it is decided everything stays; who asked sees it, and does not decide it.
    c.must("a.commander", "GET", f"/v1/cases/{case}")
    c.refused(404, "b.commander", "GET", f"/v1/cases/{case}")
    expect([row["id"] for row in c.must("a.duty", "GET", "/v1/handovers").json["items"]] == [handover], "who asked finds it")
    c.act_refused(403, "a.commander", "handovers", handover, "accept")
    c.act_refused(403, "a.commander", "handovers", handover, "refuse", {"note": "x"})
    c.act_refused(403, "b.duty", "handovers", handover, "accept")
    c.act("b.commander", "handovers", handover, "accept")
    c.act_refused(409, "b.commander", "handovers", handover, "accept")
    for collection, number in made.items():
        row = c.must("b.commander", "GET", f"/v1/{collection}/{number}").json
        expect(row["district"] == b, f"{collection}: {row}")
        c.refused(404, "a.commander", "GET", f"/v1/{collection}/{number}")
        c.refused(404, "a.commander", "GET", f"/v1/{collection}/{number}/history")
        listed = {who: [item["id"] for item in c.must(who, "GET", f"/v1/{collection}").json["items"]]
                  for who in ("a.commander", "b.commander")}
        expect(listed == {"a.commander": [], "b.commander": [number]}, f"{collection} in lists: {listed}")
    for child in ["tasks", "comments", "entities", "evidence"]:
        c.refused(404, "a.duty", "GET", f"/v1/cases/{case}/{child}")
    expect(c.must("b.duty", "GET", f"/v1/cases/{case}/tasks").json["items"][0]["title"] == "移交前的事", "its tasks")
    for word in ["移交之案", "移交前的事", "6222021234567890072"]:
        found = {who: len(c.must(who, "GET", "/v1/search?q=" + urllib.parse.quote(word)).json["items"])
                 for who in ("a.commander", "b.commander")}
        expect(found["a.commander"] == 0, f"who handed over finds {word}: {found}")
        expect(word == "移交前的事" or found["b.commander"] > 0, f"who took over does not find {word}: {found}")
    # Who handed over hears of none of it any more: the next that its stream brings is its own.
    own = c.make("a.duty", "stops", {"account": "account:79", "reason": "x"})
    heard = []
    while not heard or heard[-1][1:] != ("stop", own):
        heard += [(at, kind, data["id"]) for at, kind, data in mine.events(1)]
    after = [each[1:] for each in heard]
    expect(("freeze", made["freezes"]) not in after[after.index(("stop", own)):], f"{after}")
    row = c.must("a.commander", "GET", f"/v1/handovers/{handover}").json
    expect(row["state"] == "accepted" and row["decided_by"] == c.users["b.commander"], f"{row}")
    mine.close()
    # Who has the case has its measures: they are renewed there.
    c.until(c.now_ms + 170 * 24 * HOUR_MS)
    c.act_refused(404, "a.investigator", "freezes", made["freezes"], "renew_propose", {"renewal_months": 6, "note": "侦查中"})
    c.act("b.investigator", "freezes", made["freezes"], "renew_propose", {"renewal_months": 6, "note": "侦查中"})


def what_is_refused_stays_and_says_why(c):
    lead = c.make("a.duty", "leads", {"type": "run_point", "subject": "account:2", "title": "t", "source": "tip"})
    asked = {"kind": "lead", "record": lead, "to_unit": c.units["b"], "reason": "账户在江南区"}
    first = c.make("a.duty", "handovers", asked)
    c.act_refused(422, "b.commander", "handovers", first, "refuse")
    c.act("b.commander", "handovers", first, "refuse", {"note": "非我区管辖"})
    history = c.must("a.duty", "GET", f"/v1/handovers/{first}/history", purpose="移交结果").json["items"]
    expect(any("非我区管辖" in (row.get("note") or "") for row in history), f"why: {history}")
    c.must("a.duty", "GET", f"/v1/leads/{lead}")
    c.refused(404, "b.commander", "GET", f"/v1/leads/{lead}")
    # It may be asked for again, and to elsewhere.
    second = c.make("a.duty", "handovers", {**asked, "to_unit": 1, "reason": "请市局定"})
    c.act_refused(404, "b.commander", "handovers", second, "accept")
    c.act("commander", "handovers", second, "accept")
    c.refused(404, "a.duty", "GET", f"/v1/leads/{lead}")
    expect(c.read("duty", "leads", lead)["district"] is None, "it is the city's now")


def what_moved_meanwhile_is_not_taken_again(c):
    warning = c.make("duty", "warnings", {"reason": "x", "source": "tip", "tier": "low", "phone": "13800138000"})
    handover = c.make("duty", "handovers", {"kind": "warning", "record": warning, "to_unit": c.units["b"], "reason": "x"})
    c.act("duty", "warnings", warning, "dispatch", {"unit": c.units["s"]})
    answer = c.act_refused(409, "b.commander", "handovers", handover, "accept")
    expect("where it was" in answer.json["detail"], f"{answer}")
    expect(c.read("commander", "warnings", warning)["district"] == c.units["a"], "it stays where it went")
    c.act("b.commander", "handovers", handover, "refuse", {"note": "已由青秀区办理"})


if __name__ == "__main__":
    run([where_a_victim_lives, a_case_goes_over_with_what_belongs_to_it, what_is_refused_stays_and_says_why,
         what_moved_meanwhile_is_not_taken_again])
