"""Outreach over HTTP: audiences that are counts and never lists, small ones hidden and not to be found by differences;
materials in versions; campaigns by the clock, in batches, through the outbox, once each, not at night and not to who opted
out; reach without double counting; reports before and after beside a comparable area."""

import math
import signal
import time

from centre import DAY_MS, HOUR_MS, expect, run

WEEK_MS = 7 * DAY_MS


def warn(c, number, district="a", tier="low"):
    prefix = {"a": "1397711", "b": "1397722"}[district]
    return c.make("duty", "warnings", {"phone": f"{prefix}{number:04d}", "tier": tier, "reason": "点击涉诈链接",
                                       "source": "tip", "fraud_type": "task_rebate"})


def report(c, number, district="a", identity=None, called_at=None):
    body = {"channel": "phone", "victim_name": "王五", "victim_phone": f"{'1397711' if district == 'a' else '1397722'}{number:04d}",
            "victim_division": {"a": "450103", "b": "450105"}[district], "words": "被骗"}
    if identity:
        body["victim_identity"] = identity
    if called_at:
        body["called_at"] = called_at
    return c.make("duty", "reports", body)


def audience(c, who="outreach", area="a", **more):
    return c.make(who, "audiences", {"title": "宣传对象", "area": c.units[area], **more})


def preview(c, number, who="outreach"):
    return c.must(who, "GET", f"/v1/audiences/{number}/preview").json["persons"]


def dated(c, name, code, value):
    row = c.must("administrator", "POST", "/v1/dated", {
        "name": name, "code": code, "value": value, "valid_from": c.text(), "law": "测试", "en": "test", "zh": "测试"})
    c.act("commander", "dated", row.json["id"], "approve")


def link(c, channel, partner):
    """A link that is suspended: what is put stays in the outbox, where it can be counted."""
    endpoint = {"sms": "smpp", "mail": "smtp"}.get(channel, "https") + "://127.0.0.1:1"
    row = c.make("administrator", "partner-links", {"channel": channel, "partner": partner, "name": partner, "endpoint": endpoint})
    c.act("commander", "partner-links", row, "approve")
    c.act("commander", "partner-links", row, "suspend", {"note": "测试"})


def material(c, **more):
    number = c.make("outreach", "materials", {"title": "刷单是诈骗", "language": "zh", "sms": "刷单都是诈骗，请勿垫付。96110",
                                              "bot": "本周提醒：刷单都是诈骗", "mail": "请协助张贴", **more})
    c.act("approver", "materials", number, "approve")
    return number


def campaign(c, audience_id, channel, first_at, material_id=None, start=True, **more):
    number = c.make("outreach", "campaigns", {
        "title": "反诈提醒", "audience": audience_id, "material": material_id or material(c), "channel": channel,
        "schedule": "once", "first_at": c.text(first_at), **more})
    c.act("outreach", "campaigns", number, "propose")
    c.act("approver", "campaigns", number, "approve")
    if start:
        c.act("outreach", "campaigns", number, "start")
    return number


def sends(c, number):
    return c.must("commander", "GET", f"/v1/campaigns/{number}/sends?limit=500").json["items"]


def wait_for(c, check, what):
    c.tokens.pop("commander", None)
    deadline = time.monotonic() + 60
    while not check():
        expect(time.monotonic() < deadline, what)
        time.sleep(0.02)


def small_audiences_are_hidden(c):
    for i in range(9):
        warn(c, i)
    a = audience(c)
    shown = preview(c, a)
    expect(shown["is_hidden"] and shown["text"] == "<10" and shown["count"] is None, shown)
    for i in range(9):
        warn(c, i, tier="low")      # the same persons again are no more persons
    expect(preview(c, a)["is_hidden"], "warnings are counted, not persons")
    for i in range(9, 40):
        report(c, i, identity=f"45010319{50 + i}01011234" if i < 30 else None)
    report(c, 3)                    # one who was warned before
    shown = preview(c, a)
    expect(shown["lower"] <= 40 <= shown["upper"] and shown["upper"] - shown["lower"] <= 10, shown)
    victims = preview(c, audience(c, risk="victim"))
    expect(victims["lower"] <= 32 <= victims["upper"], victims)
    old = preview(c, audience(c, age="60_up"))  # born 1959 … 1966
    expect(old["is_hidden"], old)
    middle = preview(c, audience(c, age="45_59"))  # born 1967 … 1979
    expect(not middle["is_hidden"] and middle["lower"] <= 13 <= middle["upper"], middle)
    expect(preview(c, audience(c, area="b"))["is_hidden"], "another district's people")
    # Nobody is listed, to nobody who does outreach.
    for path in ["/v1/reports", "/v1/deliveries", f"/v1/audiences/{a}/persons"]:
        expect(c.get("outreach", path).status in (403, 404), path)
    c.refused(404, "b.duty", "GET", f"/v1/audiences/{a}/preview")
    answer = c.must("outreach", "GET", f"/v1/audiences/{a}/preview").raw.decode()
    expect("13977" not in answer, answer)


def differences_tell_nothing(c):
    """The attack: the whole less all parts but one is the one. Every total and part that can be asked for is asked for;
    no combination gives the size of a hidden part."""
    tiers = {"low": 30, "medium": 25, "high": 3}
    n = 0
    for tier, count in tiers.items():
        for _ in range(count):
            warn(c, n, tier=tier)
            n += 1
    whole, parts = audience(c), {tier: audience(c, risk=tier) for tier in tiers}
    shown = {tier: preview(c, number) for tier, number in parts.items()}
    total = preview(c, whole)
    expect(shown["high"]["is_hidden"] and not shown["low"]["is_hidden"], shown)
    # What the attacker can say of the hidden part is a range, and never a number.
    low = total["lower"] - shown["low"]["upper"] - shown["medium"]["upper"]
    high = total["upper"] - shown["low"]["lower"] - shown["medium"]["lower"]
    expect(low <= 3 <= high and min(9, high) - max(0, low) >= 3, (low, high))
    # Asking again, or in other words, gives the same number: nothing averages out.
    again = [preview(c, audience(c)) for _ in range(5)] + [preview(c, audience(c, age="unknown"))]
    expect(all(row == total for row in again), again)
    # One person more: the answer may move, and by more or less than one; over many it is right on the average.
    moves = []
    for i in range(24):
        before = preview(c, whole)
        warn(c, 1000 + i, tier="low")
        after = preview(c, whole)
        moves.append(after["count"] - before["count"])
        expect(after["lower"] <= n + i + 1 <= after["upper"], (after, n + i + 1))
    expect(len(set(moves)) > 2, moves)


def materials_have_versions(c):
    first = material(c)
    second = c.must("outreach", "POST", "/v1/materials/revise", {"of": first, "sms": "刷单诈骗新变种"}).json
    expect(second["edition"] == 2 and second["first"] == first and second["bot"] == "本周提醒：刷单都是诈骗", second)
    third = c.must("outreach", "POST", "/v1/materials/revise", {"of": second["id"]}).json
    expect(third["edition"] == 3 and third["first"] == first, third)
    own = c.make("commander", "materials", {"title": "x", "language": "en", "sms": "Paid tasks are a fraud."})
    c.act_refused(403, "commander", "materials", own, "approve")
    c.refused(422, "outreach", "POST", "/v1/materials", {"title": "x", "language": "zh"})
    number = c.make("outreach", "campaigns", {"title": "x", "audience": audience(c), "material": second["id"],
                                              "channel": "sms", "schedule": "once", "first_at": c.text()})
    c.act_refused(409, "outreach", "campaigns", number, "propose")  # its material is a draft


def sms_in_batches_once_each(c):
    link(c, "sms", "carrier")
    dated(c, "cap", "campaign_batch", "4")
    for i in range(10):
        warn(c, i)
    c.make("outreach", "opt-outs", {"phone": "13977110003", "source": "reply"})
    number = campaign(c, audience(c), "sms", c.now_ms + HOUR_MS)
    expect(sends(c, number) == [], "sent before its time")
    c.until(c.now_ms + HOUR_MS)
    wait_for(c, lambda: len(sends(c, number)) == 4, "the first batch")
    c.restart(signal.SIGKILL)
    c.until(c.now_ms + 10000)
    wait_for(c, lambda: len(sends(c, number)) == 8, "the second batch")
    c.until(c.now_ms + 10000)
    c.wait_state("campaigns", number, "done")
    rows = sends(c, number)
    expect(len(rows) == 10 and sum(row["state"] == "opted_out" for row in rows) == 1, rows)
    out = c.must("commander", "GET", "/v1/deliveries?channel=sms&limit=100", purpose="核对宣传短信发送情况").json["items"]
    out = [row for row in out if row["purpose"] == "campaign"]  # warnings have messages of their own
    expect(len(out) == 9 and len({row["address"] for row in out}) == 9, out)
    expect("13977110003" not in {row["address"] for row in out}, "who opted out was told")
    expect(out[0]["payload"]["text"].startswith("刷单"), out[0])
    c.refused(403, "outreach", "GET", f"/v1/campaigns/{number}/sends")
    c.refused(403, "outreach", "GET", "/v1/deliveries")
    expect("queued" not in c.read("outreach", "campaigns", number), "the record tells how many exactly")
    reach = c.must("outreach", "GET", f"/v1/campaigns/{number}/reach").json
    expect(reach["persons"]["is_hidden"] and reach["persons"]["text"] == "<10", reach)
    exact = c.must("commander", "GET", f"/v1/campaigns/{number}/reach").json
    expect(exact["persons"]["count"] == 9 and exact["people"]["lower"] == exact["people"]["upper"] == 9, exact)


def not_at_night(c):
    link(c, "sms", "carrier")
    warn(c, 1)
    night = c.now_ms + 12 * HOUR_MS  # 22:00
    number = campaign(c, audience(c), "sms", night)
    c.until(night)
    wait_for(c, lambda: c.read("commander", "campaigns", number)["next_at"] == c.text(night + 10 * HOUR_MS), "08:00")
    expect(sends(c, number) == [], "sent at night")
    c.until(night + 10 * HOUR_MS - 1)
    expect(sends(c, number) == [], "sent before 08:00")
    c.until(night + 10 * HOUR_MS)
    wait_for(c, lambda: len(sends(c, number)) == 1, "sent at 08:00")
    out = c.must("commander", "GET", "/v1/deliveries?channel=sms").json["items"]
    expect(out[0]["deadline"] == c.text(night + 22 * HOUR_MS), out)  # 12 h later, before the next night


def weekly_posts_and_reach(c):
    link(c, "bot", "wecom-1")
    area = c.units["a"]
    groups = [c.make("outreach", "chat-groups", {"name": f"群{i}", "platform": "wecom", "partner": "wecom-1",
                                                 "members": 100 + i, "area": area}) for i in range(3)]
    c.make("outreach", "chat-groups", {"name": "无机器人", "platform": "other", "members": 500, "area": area})
    c.make("outreach", "chat-groups", {"name": "江南", "platform": "wecom", "partner": "wecom-1", "members": 9,
                                       "area": c.units["b"]})
    first = c.now_ms + HOUR_MS
    number = campaign(c, audience(c), "bot", first, schedule="weekly", until=c.text(first + 2 * WEEK_MS))
    for week in range(3):
        c.until(first + week * WEEK_MS - (1 if week else 0))
        expect(week == 0 or len(sends(c, number)) == week * 3, "a week too early")
        c.until(first + week * WEEK_MS)
        wait_for(c, lambda: len(sends(c, number)) == (week + 1) * 3, f"week {week}")
        if week == 0:
            c.act("outreach", "chat-groups", groups[0], "count", {"members": 180})
    c.wait_state("campaigns", number, "done")
    reach = c.must("outreach", "GET", f"/v1/campaigns/{number}/reach").json
    expect(reach["groups"] == {"count": 3, "members": 180 + 101 + 102, "posts": 9}, reach)
    expect(reach["people"]["lower"] == 180 and reach["people"]["upper"] == 383, reach)
    # An event and a partner beside it.
    event = c.make("outreach", "outreach-events", {"title": "线上家长会", "category": "parents_online",
                                                   "at": c.text(), "area": area, "campaign": number})
    c.act("outreach", "outreach-events", event, "hold", {"parents": 910, "staff": 70, "officers": 4, "materials": 50})
    partner = c.make("outreach", "alliance-partners", {"name": "农贸市场", "category": "market", "area": area})
    action = c.must("outreach", "POST", f"/v1/alliance-partners/{partner}/actions",
                    {"what": "摊位海报", "from": c.text(), "campaign": number}).json["id"]
    c.act_refused(422, "outreach", "alliance-actions", action, "finish", {"reach": 3000})
    c.act("outreach", "alliance-actions", action, "finish", {"reach": 3000, "basis": "estimated", "materials": 20})
    reach = c.must("commander", "GET", f"/v1/outreach/reach?district={area}").json
    expect(reach["people"]["lower"] == 3000 and reach["people"]["upper"] == 383 + 980 + 3000, reach)
    expect(reach["events"]["officers"] == 4 and reach["alliance"]["materials"] == 20, reach)
    c.until(c.now_ms + 30 * DAY_MS)
    c.tokens.pop("outreach", None)
    expect(len(sends(c, number)) == 9, "it goes on after its end")


def pause_and_four_eyes(c):
    link(c, "bot", "wecom-1")
    c.make("outreach", "chat-groups", {"name": "群", "platform": "wecom", "partner": "wecom-1", "members": 10,
                                       "area": c.units["a"]})
    first = c.now_ms + HOUR_MS
    draft = c.make("commander", "campaigns", {"title": "x", "audience": audience(c), "material": material(c),
                                              "channel": "bot", "schedule": "weekly", "first_at": c.text(first)})
    c.act("commander", "campaigns", draft, "propose")
    c.act_refused(403, "commander", "campaigns", draft, "approve")
    c.act_refused(409, "outreach", "campaigns", draft, "start")
    c.act("approver", "campaigns", draft, "approve")
    c.act("outreach", "campaigns", draft, "start")
    c.act("outreach", "campaigns", draft, "pause", {"note": "核稿"})
    c.until(first + 2 * DAY_MS)
    for who in ("outreach", "commander"):
        c.tokens.pop(who, None)
    expect(sends(c, draft) == [], "sent while it was paused")
    c.act("outreach", "campaigns", draft, "resume")
    expect(c.read("outreach", "campaigns", draft)["next_at"] == c.text(first + WEEK_MS), "what was missed is left out")
    c.until(first + WEEK_MS)
    wait_for(c, lambda: len(sends(c, draft)) == 1, "the next week")
    c.tokens.pop("outreach", None)
    c.act("outreach", "campaigns", draft, "finish", {"note": "结束"})
    c.until(first + 3 * WEEK_MS)
    c.tokens.pop("commander", None)
    expect(len(sends(c, draft)) == 1, "it goes on after its end")


def effect_beside_a_comparable_area(c):
    number = campaign(c, audience(c), "event", c.now_ms + 60000)
    began = c.now_ms + 60000
    for i in range(12):
        report(c, i, "a", called_at=c.text(c.now_ms - (i + 1) * DAY_MS))
    for i in range(10):
        report(c, i, "b", called_at=c.text(c.now_ms - (i + 1) * DAY_MS))
    report(c, 90, "a", called_at=c.text(c.now_ms - 29 * DAY_MS))  # before the period before
    c.until(began + 28 * DAY_MS)
    for who in ("duty", "administrator", "commander", "outreach"):
        c.tokens.pop(who, None)
    for i in range(4):
        report(c, 20 + i, "a", called_at=c.text(c.now_ms - (i + 1) * DAY_MS))
    for i in range(9):
        report(c, 20 + i, "b", called_at=c.text(c.now_ms - (i + 1) * DAY_MS))
    answer = c.refused(409, "outreach", "GET", f"/v1/campaigns/{number}/effect")
    expect("population" in answer.json["detail"], answer)
    dated(c, "population", "450103", "100000")
    dated(c, "population", "450105", "80000")
    effect = c.must("outreach", "GET", f"/v1/campaigns/{number}/effect").json
    # Four reports are few: who only does outreach learns neither them nor what follows from them.
    expect(effect["is_hidden"] and effect["least"] == 10 and "difference_in_differences" not in effect, effect)
    expect(set(effect["area"]) == {"unit", "name_zh", "name_en", "people"} == set(effect["comparison"]), effect)
    c.refused(400, "outreach", "GET", f"/v1/campaigns/{number}/effect?length=1d")
    effect = c.must("commander", "GET", f"/v1/campaigns/{number}/effect").json
    expect(effect["is_hidden"] is False, effect)
    area, other = effect["area"], effect["comparison"]
    expect((area["reports_before"], area["reports_after"]) == (12, 4), area)
    expect((other["unit"], other["reports_before"], other["reports_after"]) == (c.units["b"], 10, 9), other)
    expect(math.isclose(area["per_10000_before"], 1.2) and math.isclose(other["per_10000_after"], 1.125), effect)
    did = effect["difference_in_differences"]
    expect(math.isclose(did["per_10000"], (0.4 - 1.2) - (1.125 - 1.25), rel_tol=1e-9), did)
    half = 1.959963984540054 * math.sqrt((12 + 4) / 100000**2 + (10 + 9) / 80000**2) * 10000
    expect(math.isclose(did["interval_95"]["high"] - did["per_10000"], half, rel_tol=1e-6), did)
    ratio = effect["ratio_of_ratios"]
    expect(math.isclose(ratio["ratio"], (4 / 12) / (9 / 10), rel_tol=1e-9), ratio)
    expect(ratio["exact_interval_95"]["low"] < ratio["ratio"] < ratio["exact_interval_95"]["high"], ratio)
    expect(effect["candidates"] == 1 and effect["comparison_was_reached"] is False, effect)
    c.refused(404, "b.duty", "GET", f"/v1/campaigns/{number}/effect")
    whole = campaign(c, audience(c, area="city"), "event", c.now_ms + 1000)
    c.refused(409, "outreach", "GET", f"/v1/campaigns/{whole}/effect")


if __name__ == "__main__":
    run([small_audiences_are_hidden, differences_tell_nothing, materials_have_versions, sms_in_batches_once_each,
         not_at_night, weekly_posts_and_reach, pause_and_four_eyes, effect_beside_a_comparable_area])
