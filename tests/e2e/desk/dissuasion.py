"""Warnings over HTTP: tiers and their time to sign, channels and retries by the clock, stations, closing rules, one
thread for each victim, call-back and review."""

from centre import HOUR_MS, Check, expect, run

MINUTE_MS = 60 * 1000
MET = {"channel": "visit", "result": "dissuaded", "is_face_to_face": True, "is_identity_checked": True}


def warn(c, tier="high", phone="13977110001", who="duty", **more):
    body = {"phone": phone, "tier": tier, "reason": "向涉诈账户转账", "source": "tip", "fraud_type": "task_rebate", **more}
    return c.must(who, "POST", "/v1/warnings", body).json


def attempt(c, number, who="a.duty", **body):
    return c.must(who, "POST", f"/v1/warnings/{number}/attempt", body).json


def at_the_second(c, number, at_ms, field, value):
    """One millisecond before the moment nothing; at it the field has the value."""
    c.until(at_ms - 1)
    before = c.read("commander", "warnings", number)
    expect(before[field] != value, f"{field} is {value} before its time")
    c.until(at_ms)
    wait(c, number, field, value)


def wait(c, number, field, value):
    import time
    deadline = time.monotonic() + 60
    while True:
        record = c.read("commander", "warnings", number)
        if record[field] == value:
            return record
        if time.monotonic() > deadline:
            raise Check(f"{field} is {record[field]}, not {value}")
        time.sleep(0.02)


def unsigned_it_climbs_to_the_second(c):
    for tier, minutes, phone in [("urgent", 5, "13977110001"), ("high", 10, "13977110002"),
                                 ("medium", 30, "13977110003"), ("low", 120, "13977110004")]:
        number = warn(c, tier, phone)["id"]
        at_the_second(c, number, c.now_ms + minutes * MINUTE_MS, "level", "city")
        c.act("a.duty", "warnings", number, "sign")


def channels_follow_each_other(c):
    number = warn(c, "low")["id"]
    c.act_refused(409, "a.duty", "warnings", number, "attempt", {"channel": "sms", "result": "sent"})
    c.act("a.duty", "warnings", number, "sign")
    attempt(c, number, channel="sms", result="sent")
    at_the_second(c, number, c.now_ms + 5 * MINUTE_MS, "next_channel", "phone")
    for _ in range(5):
        c.later(4 * MINUTE_MS)
        attempt(c, number, channel="phone", result="no_answer")
    at_the_second(c, number, c.now_ms + 5 * MINUTE_MS, "next_channel", "visit")
    for _ in range(3):
        c.later(HOUR_MS)
        attempt(c, number, channel="visit", result="not_there", words="敲门无人应答")
    at_the_second(c, number, c.now_ms + 2 * HOUR_MS, "level", "city")
    expect(len(c.must("a.duty", "GET", f"/v1/warnings/{number}/attempts").json["items"]) == 9, "an attempt is missing")
    script = c.must("a.duty", "GET", f"/v1/warnings/{number}/script").json
    expect(script["code"] == "task_rebate" and "刷单" in script["zh"], script)
    c.refused(404, "b.duty", "GET", f"/v1/warnings/{number}/script")


def a_grave_one_ends_only_after_it_was_confirmed(c):
    number = warn(c, "urgent")["id"]
    c.act("a.duty", "warnings", number, "sign")
    attempt(c, number, channel="phone", result="reached")
    for closing in ["dissuaded", "mismatch", "cannot_be_found"]:
        c.act_refused(409, "a.duty", "warnings", number, "propose_closing", {"closing": closing})
    c.act_refused(422, "a.duty", "warnings", number, "propose_closing", {"closing": "not_found_yet"})
    c.act_refused(422, "a.duty", "warnings", number, "propose_closing", {"closing": "duplicate"})
    light = warn(c, "low", phone="13977110099")["id"]  # which may end without a contact
    c.act_refused(409, "a.duty", "warnings", number, "propose_closing", {"closing": "duplicate", "duplicate_of": light})
    c.refused(422, "duty", "POST", "/v1/warnings", {"victim": "phone:13977110098", "phone": "13977110097", "tier": "low",
                                                    "reason": "两个号码", "source": "tip"})
    c.act_refused(422, "a.duty", "warnings", number, "propose_closing", {"closing": "done"})
    c.act("a.duty", "warnings", number, "not_found_yet", {"note": "家中无人"})
    at_the_second(c, number, c.now_ms + 24 * HOUR_MS, "state", "working")
    attempt(c, number, **MET)
    c.act("a.commander", "warnings", number, "propose_closing",
          {"closing": "dissuaded", "at_risk_fen": 5000000, "averted_basis": "pending_transfer"})
    c.act_refused(403, "a.commander", "warnings", number, "approve_closing")  # four eyes
    c.act_refused(403, "a.duty", "warnings", number, "approve_closing")
    c.refused(404, "b.commander", "POST", f"/v1/warnings/{number}/approve_closing", {}, version=1)
    c.act("a.approver", "warnings", number, "approve_closing")
    closed = c.read("a.duty", "warnings", number)
    expect(closed["state"] == "closed" and closed["averted_fen"] == 5000000, closed)
    c.act_refused(409, "a.duty", "warnings", number, "sign")
    at_the_second(c, number, c.now_ms + 72 * HOUR_MS, "call_back", "overdue")
    c.act_refused(422, "a.duty", "warnings", number, "call_back", {"call_back": "paid_after"})
    c.act("a.duty", "warnings", number, "call_back", {"call_back": "paid_after", "paid_fen": 100000})
    expect(c.read("a.duty", "warnings", number)["review"] == "due", "it is not reviewed how it was missed")
    c.act_refused(403, "a.duty", "warnings", number, "review", {"review_words": "x"})
    c.act("a.commander", "warnings", number, "review", {"review_words": "回访前未再联系"})


def a_grave_duplicate_goes_on_elsewhere(c):
    """It closes as a duplicate only while the other thread is as grave and goes on, to the moment it is signed off."""
    def signed(tier, phone):
        number = warn(c, tier, phone=phone)["id"]
        c.act("a.duty", "warnings", number, "sign")
        return number

    grave, lesser, other = (signed(tier, f"1397711000{n}") for n, tier in enumerate(("urgent", "low", "high")))
    c.act_refused(409, "a.duty", "warnings", grave, "propose_closing", {"closing": "duplicate", "duplicate_of": lesser})
    c.act("a.duty", "warnings", grave, "propose_closing", {"closing": "duplicate", "duplicate_of": other})
    c.act("a.commander", "warnings", other, "retier", {"tier": "low", "note": "误判"})
    c.act_refused(409, "a.commander", "warnings", grave, "approve_closing")
    c.act("a.duty", "warnings", other, "propose_closing", {"closing": "mismatch"})
    c.act("a.commander", "warnings", other, "approve_closing")
    c.act_refused(409, "a.commander", "warnings", grave, "approve_closing")
    c.act("a.commander", "warnings", grave, "refuse_closing", {"note": "另一线索已办结"})
    attempt(c, lesser, **MET)  # he was met there
    c.act("a.duty", "warnings", grave, "propose_closing", {"closing": "duplicate", "duplicate_of": lesser})
    c.act("a.commander", "warnings", grave, "approve_closing")
    expect(c.state("warnings", grave) == "closed", "it is open")


def one_thread_for_each_victim(c):
    first = warn(c, "low")
    expect(warn(c, "low")["id"] == first["id"], "two threads of one victim")
    raised = warn(c, "urgent", who="analyst")
    expect(raised["id"] == first["id"] and raised["tier"] == "urgent" and raised["alerts"] == 3, raised)
    expect(raised["due"] == c.text(c.now_ms + 5 * MINUTE_MS), raised)
    lower = warn(c, "medium")
    expect(lower["tier"] == "urgent" and lower["due"] == raised["due"], lower)
    # The bank knows him by his account, and by the same phone.
    bank = c.must("bank", "POST", "/v1/warnings", {"victim": "account:6228480402564890018", "phone": "139-7711-0001",
                                                   "score": 60, "reason": "柜面异常"})
    expect(c.read("a.duty", "warnings", first["id"])["alerts"] == 5, bank)
    c.refused(403, "bank", "POST", f"/v1/warnings/{first['id']}/sign", {}, version=1)
    c.restart(9)  # killed: the deadline is kept
    at_the_second(c, first["id"], c.now_ms + 5 * MINUTE_MS, "level", "city")


def money_that_had_left_leads_to_a_stop(c):
    number = warn(c, "urgent")["id"]
    c.act("a.duty", "warnings", number, "sign")
    stop = c.make("a.duty", "stops", {"account": "account:6222021234567890123", "reason": "预警时已转出"})
    c.refused(422, "a.duty", "POST", f"/v1/warnings/{number}/money_moved", {"moved_fen": 3000000, "stop": stop + 99})
    moved = c.must("a.duty", "POST", f"/v1/warnings/{number}/money_moved", {"moved_fen": 3000000, "stop": stop}).json
    expect(moved["review"] == "due" and moved["stop"] == stop, moved)


def a_station_signs_for_what_it_is_sent(c):
    number = warn(c, "high")["id"]
    c.act("a.duty", "warnings", number, "sign")
    c.act_refused(403, "a.duty", "warnings", number, "dispatch", {"unit": c.units["b"]})
    c.refused(404, "s.duty", "GET", f"/v1/warnings/{number}")
    sent = c.act("a.duty", "warnings", number, "dispatch", {"unit": c.units["s"]})
    expect(sent["state"] == "new" and sent["level"] == "station" and sent["assignee"] is None, sent)
    version = sent["version"]
    c.act("s.duty", "warnings", number, "sign")
    c.act_refused(412, "s.commander", "warnings", number, "assign", {"assignee": c.users["s.duty"]}, version=version)
    c.act_refused(422, "s.commander", "warnings", number, "assign", {"assignee": c.users["b.duty"]})
    shown = c.read("s.duty", "warnings", number)
    expect(shown["phone"] == "139****0001" and shown["reason"] == "***", shown)
    shown = c.read("s.duty", "warnings", number, purpose="当面劝阻受害人")
    expect(shown["phone"] == "13977110001", shown)


if __name__ == "__main__":
    run([unsigned_it_climbs_to_the_second, channels_follow_each_other, a_grave_one_ends_only_after_it_was_confirmed, a_grave_duplicate_goes_on_elsewhere,
         one_thread_for_each_victim, money_that_had_left_leads_to_a_stop, a_station_signs_for_what_it_is_sent])
