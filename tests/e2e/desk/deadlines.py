"""Every deadline, to the second: a second and a millisecond before it nothing, at it what the table says, with that moment in the
history. Which deadlines there are is asked of the daemon: an act of the clock in /v1/workflows, or a duration in /v1/dated, that
nobody here knows makes the test fail."""

import calendar
import itertools
import os
import socket
import time

import act_scenes as scenes
import freezes
import operation
import outlets
import outreach
import rule_changes
from centre import DAY_MS, HOUR_MS, PASSWORD, expect, run

MINUTE_MS = 60 * 1000
BANK = "102100000011"
MIDNIGHT_MS = 1795622400000  # 2026-11-26 00:00:00 +08:00


# ---- what the clock does: each scene gives (kind, act, collection, record, moment) ----

def stop_no_answer(c):
    return "stop", "no_answer", "stops", scenes.stop(c, 1), c.now_ms + 30 * MINUTE_MS


def stopped(c, n):
    number = scenes.stop(c, n)
    c.act("bank", "stops", number, "confirm", {"stopped_at": c.text(), "balance_fen": 7, "result_code": "100000"})
    return number


def stop_alarm(c):
    return "stop", "alarm", "stops", stopped(c, 2), c.now_ms + 42 * HOUR_MS


def stop_lapse(c):
    return "stop", "lapse", "stops", stopped(c, 3), c.now_ms + 48 * HOUR_MS


def stop_lapse_while_it_is_released(c):
    number = stopped(c, 4)
    c.act("a.duty", "stops", number, "release_propose", {"release_reason": "核实无关"})
    return "stop", "lapse", "stops", number, c.now_ms + 48 * HOUR_MS


def second_stop_lapse(c):
    """The second and last stop of an account has 48 hours of its own."""
    stopped(c, 5)
    number = scenes.stop(c, 5)
    c.act("bank", "stops", number, "confirm", {"stopped_at": c.text(), "balance_fen": 7, "result_code": "100000"})
    expect(c.read("commander", "stops", number)["turn"] == 2, "not the second")
    return "stop", "lapse", "stops", number, c.now_ms + 48 * HOUR_MS


def freeze_no_answer(c):
    number = c.make("a.investigator", "freezes", freezes.proposal(freezes.filed_case(c), account="account:6228480402564881101"))
    c.act("a.approver", "freezes", number, "approve")
    return "freeze", "no_answer", "freezes", number, c.now_ms + 30 * MINUTE_MS


def ms_of(text):
    at = time.strptime(text[:19], "%Y-%m-%dT%H:%M:%S")
    return (calendar.timegm(at) - 8 * 3600) * 1000 + int(text[20:23])


def frozen_until(c, n, months, **more):
    case = freezes.filed_case(c)
    number = c.make("a.investigator", "freezes", freezes.proposal(case, account=f"account:62284804025648812{n:02d}", **more))
    c.act("approver", "freezes", number, "approve")
    c.act("bank", "freezes", number, "confirm", {"frozen_at": c.text(), "executed_fen": 2000000})
    year, month = divmod(10 + months, 12)  # from November 2026
    expires = c.read("commander", "freezes", number)["expires_at"]
    expect(expires == f"{2026 + year}-{month + 1:02d}-25{c.text()[10:]}", f"{months} months: {expires}")
    return number, ms_of(expires)


def freeze_alarm(c):
    number, end = frozen_until(c, 1, 6)
    return "freeze", "alarm", "freezes", number, end - 7 * DAY_MS


def freeze_lapse(c):
    number, end = frozen_until(c, 2, 6)
    return "freeze", "lapse", "freezes", number, end


def major_freeze_lapse(c):
    number, end = frozen_until(c, 3, 12, major=True)
    return "freeze", "lapse", "freezes", number, end


def renewed_freeze_lapse(c):
    number, end = frozen_until(c, 4, 6)
    c.act("a.investigator", "freezes", number, "renew_propose", {"renewal_months": 1, "note": "侦查中"})
    c.act("a.approver", "freezes", number, "renew_approve")
    return "freeze", "lapse", "freezes", number, end + 31 * DAY_MS  # from 25 May to 25 June


def freeze_overdue(c):
    number, _ = frozen_until(c, 5, 6)
    c.act("a.investigator", "freezes", number, "find_unrelated", {"note": "属第三人工资"})
    return "freeze", "overdue", "freezes", number, c.now_ms + 3 * DAY_MS


def lead_escalate(c):
    return "lead", "escalate", "leads", scenes.lead(c, 1), MIDNIGHT_MS


def lead_escalate_again(c):
    return "lead", "escalate", "leads", scenes.lead(c, 2), MIDNIGHT_MS + 2 * HOUR_MS


def report_late(c):
    return "report", "late", "reports", scenes.report(c, 1), c.now_ms + 30 * MINUTE_MS


def task_overdue(c):
    number = c.make("a.investigator", "tasks", {"case": scenes.a_case(c), "title": "调取流水", "assignee": c.users["a.duty"],
                                                "due": c.text(c.now_ms + HOUR_MS)})
    return "task", "overdue", "tasks", number, c.now_ms + HOUR_MS


def appeal_overdue(c):
    number = c.make("a.duty", "appeals", {"measure": "stop", "order": stopped(c, 6), "by": "张三", "words": "与本人无关"})
    return "appeal", "overdue", "appeals", number, c.now_ms + 5 * DAY_MS


def signed(c, n, tier="high"):
    number = scenes.warning(c, n, tier)
    c.act("a.duty", "warnings", number, "sign")
    return number


def not_signed(tier, minutes):
    def scene(c):
        return "warning", "step", "warnings", scenes.warning(c, minutes % 100, tier), c.now_ms + minutes * MINUTE_MS
    scene.__name__ = f"{tier}_warning_is_not_signed"
    return scene


def after(n, channel, result, tier, ms):
    def scene(c):
        number = signed(c, n, tier)
        c.must("a.duty", "POST", f"/v1/warnings/{number}/attempt", {"channel": channel, "result": result})
        return "warning", "step", "warnings", number, c.now_ms + ms
    scene.__name__ = f"warning_after_{channel}_{result}"
    return scene


def warning_search_again(c):
    number = signed(c, 45)
    c.must("a.duty", "POST", f"/v1/warnings/{number}/attempt", {"channel": "visit", "result": "not_there"})
    c.act("a.duty", "warnings", number, "not_found_yet", {"note": "家中无人"})
    return "warning", "search_again", "warnings", number, c.now_ms + DAY_MS


def warning_call_back_due(c):
    number = signed(c, 46)
    c.must("a.duty", "POST", f"/v1/warnings/{number}/attempt", {"channel": "visit", "result": "dissuaded", "is_face_to_face": True})
    c.act("a.duty", "warnings", number, "propose_closing", {"closing": "dissuaded"})
    c.act("a.commander", "warnings", number, "approve_closing")
    return "warning", "call_back_due", "warnings", number, c.now_ms + 72 * HOUR_MS


def warning_review_due(c):
    number = signed(c, 47)
    c.act("a.duty", "warnings", number, "money_moved", {"moved_fen": 100})
    return "warning", "review_due", "warnings", number, c.now_ms + 72 * HOUR_MS


def return_notice_end(c):
    number = c.make("a.investigator", "returns", {"freeze": frozen_until(c, 6, 6)[0], "losses": freezes.LOSSES,
                                                  "entries": freezes.ENTRIES})
    c.act("a.investigator", "returns", number, "publish")
    return "return", "notice_end", "returns", number, c.now_ms + 30 * DAY_MS


def return_bank_overdue(c):
    """Three working days: Wednesday, the 25th, gives the end of Monday, the 30th."""
    number = c.make("a.investigator", "returns", {
        "freeze": frozen_until(c, 7, 6)[0], "losses": [{"party": "A", "loss_fen": 2000000, "to_account": "account:99"}],
        "entries": [{"time": "2026-11-01T10:00:00+08:00", "direction": "in", "amount_fen": 2000000, "party": "A"}]})
    c.act("a.investigator", "returns", number, "submit", {"officer_1": c.users["a.investigator"], "officer_2": c.users["a.duty"]})
    c.act("commander", "returns", number, "approve")
    c.act("a.investigator", "returns", number, "notify")
    return "return", "bank_overdue", "returns", number, ms_of("2026-12-01T00:00:00.000+08:00")


def outlet_notice_overdue(c):
    outlet = c.make("analyst", "outlets", {"key": "outlet:A", "name": "支行", "category": "bank", "institution": BANK,
                                           "division": "450103"})
    for i in range(5):
        card = c.make("analyst", "cards", {"key": f"card:{1000 + i}", "category": "debit", "outlet_key": "outlet:A",
                                           "opened_at": "2026-10-15T10:00:00+08:00"})
        c.act("analyst", "cards", card, "mark", {"problem_reference": "专案"})
    number = c.make("analyst", "outlet-notices", {"outlet": outlet, "measure": "rectify", "from_month": "2026-10",
                                                  "to_month": "2026-10", "words": "请倒查整改"})
    c.act("approver", "outlet-notices", number, "approve")
    return "outlet_notice", "overdue", "outlet-notices", number, c.now_ms + 10 * DAY_MS


def punishment_lapse(c):
    return "punishment", "lapse", "punishments", outlets.served(c), ms_of("2028-11-25T10:00:00.000+08:00")


def a_place(c, due_ms):
    number = c.make("a.duty", "places", {"name": "某手机店", "type": "phone_shop", "address": "青秀区", "division": "450103",
                                         "problem": "代办电话卡不核验"})
    c.act("a.duty", "places", number, "notify", {"notice": "整改1号", "due": c.text(c.now_ms + due_ms)})
    return number


def place_overdue(c):
    return "place", "overdue", "places", a_place(c, DAY_MS), c.now_ms + DAY_MS


def place_follow_up_due(c):
    number = a_place(c, DAY_MS)
    c.act("a.duty", "places", number, "report")
    c.act("a.investigator", "places", number, "pass", {"words": "合格"})
    return "place", "follow_up_due", "places", number, c.now_ms + 30 * DAY_MS


def step_overdue(c):
    planned, *_ = operation.plan(c)
    number = c.make("analyst", "steps", {"operation": planned, "phase": "search", "title": "清点", "unit": c.units["a"],
                                         "due": c.text(c.now_ms + HOUR_MS)})
    return "step", "overdue", "steps", number, c.now_ms + HOUR_MS


def campaign_send(c):
    number = outreach.campaign(c, outreach.audience(c), "event", c.now_ms + HOUR_MS)
    return "campaign", "send", "campaigns", number, c.now_ms + HOUR_MS


def rule_change_take_effect(c):
    made = rule_changes.submitted(c, rule_changes.rule(70000), effective_from=c.text(c.now_ms + DAY_MS))
    c.act("commander", "rule_changes", made["id"], "approve")
    return "rule_change", "take_effect", "rule_changes", made["id"], c.now_ms + DAY_MS


CLOCK = [stop_no_answer, stop_alarm, stop_lapse, stop_lapse_while_it_is_released, second_stop_lapse, freeze_no_answer, freeze_alarm,
         freeze_lapse, major_freeze_lapse, renewed_freeze_lapse, freeze_overdue, lead_escalate, lead_escalate_again, report_late, task_overdue,
         appeal_overdue, not_signed("urgent", 5), not_signed("high", 10), not_signed("medium", 30), not_signed("low", 120),
         after(41, "sms", "sent", "low", 5 * MINUTE_MS), after(42, "phone", "no_answer", "medium", 5 * MINUTE_MS),
         after(43, "visit", "not_there", "high", 2 * HOUR_MS), after(44, "phone", "dissuaded", "medium", 2 * HOUR_MS),
         warning_search_again, warning_call_back_due, warning_review_due, return_notice_end, return_bank_overdue,
         outlet_notice_overdue, punishment_lapse, place_overdue, place_follow_up_due, step_overdue, campaign_send,
         rule_change_take_effect]
# What only the system does, but not because of the time: it follows from another act or an answer.
FOLLOWS = {"lead.evidence_withdrawn", "warning.evidence_withdrawn", "warning.machine_attempt", "case.open_for", "stop.lift",
           "freeze.return_part", "freeze.lift", "inquiry.answer", "inquiry.fail", "inquiry.import", "return.reviewed",
           "return.reopen", "partner_link.replace", "delivery.put", "delivery.claim", "delivery.accepted", "delivery.ask",
           "delivery.again", "delivery.done", "delivery.fail", "delivery.bury", "delivery.withdraw", "punishment.lift",
           "campaign_send.put", "campaign_send.arrived", "campaign_send.fail", "inspection.create", "bulletin_file.create",
           "import.finish", "import.stop", "import.withdraw", "rule_change.supersede", "rule_change.restore"}

def happened(c, collection, number, act):
    rows = c.must("commander", "GET", f"/v1/{collection}/{number}/history?limit=200").json["items"]
    return [row["at"] for row in rows if row["act"] == act]


def the_clock(c):
    """All of them in one centre: begun together, then met in the order in which they are due."""
    met = []
    for scene in CLOCK:
        kind, act, collection, number, at = scene(c)
        met.append((at, scene.__name__, f"{kind}.{act}", collection, number))
    for at, due in itertools.groupby(sorted(met), key=lambda one: one[0]):
        due = [(f"{name} ({act} of {collection}/{number}, due {c.text(at)})", collection, number, act.split(".")[1])
               for _, name, act, collection, number in due]
        c.until(at - 1000)
        before = [happened(c, *what) for _, *what in due]
        for (said, *_), times in zip(due, before):
            expect(all(one < c.text(at - 1000) for one in times), f"{said}: too early: {times}")
        c.until(at - 1)
        expect([happened(c, *what) for _, *what in due] == before, f"a millisecond too early: {due}")
        c.until(at)
        for said, collection, number, act in due:
            deadline = time.monotonic() + 60
            while c.text(at) not in happened(c, collection, number, act):
                expect(time.monotonic() < deadline, f"{said}: does not happen: {happened(c, collection, number, act)}")
                time.sleep(0.02)
            expect(act != "lapse" or c.state(collection, number) == "lapsed", f"{said}: it does not end")
    by_clock = {f"{kind['kind']}.{act['name']}" for kind in c.must("commander", "GET", "/v1/workflows").json["items"]
                for act in kind["acts"] if act["by_clock"]}
    seen = {act for _, _, act, _, _ in met}
    expect(by_clock - seen == FOLLOWS, f"not tried at its moment: {by_clock - seen - FOLLOWS}; gone: {FOLLOWS - by_clock}")
    print(f"      {len(met)} deadlines of {len(seen)} acts")


# ---- what ends without an act ----

def sign_in(c, login, password=PASSWORD):
    return c.send("POST", "/v1/session", {"login": login, "password": password})


def me(c, token):
    return c.send("GET", "/v1/me", None, {"Authorization": "Bearer " + token}).status


def sessions_locks_and_codes(c):
    c.users["duty"]
    first, second, used = (sign_in(c, "duty").json["token"] for _ in range(3))
    begin = c.now_ms
    c.until(begin + 30 * MINUTE_MS - 1000)
    expect(me(c, used) == 200, "a second before its idle time")
    c.until(begin + 30 * MINUTE_MS - 1)
    expect(me(c, first) == 200, "a millisecond before its idle time")
    c.until(begin + 30 * MINUTE_MS)
    expect(me(c, second) == 401, "an idle session goes on")
    while c.now_ms + 20 * MINUTE_MS < begin + 12 * HOUR_MS:
        c.later(20 * MINUTE_MS)
        expect(me(c, used) == 200, "used, and over")
    c.until(begin + 12 * HOUR_MS - 1)
    expect(me(c, used) == 200, "a millisecond before its end")
    c.until(begin + 12 * HOUR_MS)
    expect(me(c, used) == 401, "it lasts for ever")
    for _ in range(5):
        sign_in(c, "duty", "wrong horse battery")
    begin = c.now_ms
    c.until(begin + 15 * MINUTE_MS - 1000)
    expect(sign_in(c, "duty").status == 401, "unlocked a second early")
    c.until(begin + 15 * MINUTE_MS - 1)
    expect(sign_in(c, "duty").status == 401, "unlocked a millisecond early")
    c.until(begin + 15 * MINUTE_MS)
    expect(sign_in(c, "duty").status == 200, "still locked")
    codes = [c.must("administrator", "POST", "/v1/users", {"login": f"new{i}", "name": "x", "unit": 1, "roles": "duty"}).json["secret"]
             for i in range(2)]
    begin = c.now_ms

    def activated(i):
        return c.send("POST", "/v1/session/password", {"login": f"new{i}", "code": codes[i], "password": PASSWORD}).status

    c.until(begin + 72 * HOUR_MS - 1)
    expect(activated(0) == 204, "a code that holds")
    c.until(begin + 72 * HOUR_MS)
    expect(activated(1) == 401, "a code that is over")


def a_key_ends(c):
    until = c.now_ms + HOUR_MS
    key = c.must("administrator", "POST", "/v1/keys", {"name": "own", "unit": c.units["a"], "roles": "duty", "until": c.text(until)})
    use = {"Authorization": "Bearer " + key.json["secret"]}
    stream = socket.create_connection(("127.0.0.1", c.port), timeout=60)
    stream.sendall(f"GET /v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {key.json['secret']}\r\n\r\n".encode())
    heard = b""
    while b"retry" not in heard:
        heard += stream.recv(4096)
    for early in [1000, 1]:
        c.until(until - early)
        expect(c.send("GET", "/v1/stops", None, use).status == 200, f"{early} ms before its end")
    c.until(until)
    expect(c.send("GET", "/v1/stops", None, use).status == 401, "a key that is over")
    made = c.make("a.duty", "stops", {"account": "account:1", "reason": "x"})
    heard = b""
    while not heard.endswith(b"0\r\n\r\n"):  # the last chunk: the stream has ended
        heard += stream.recv(4096)
    stream.close()
    expect(f'"id":{made},'.encode() not in heard, f"the stream of a key that is over hears: {heard}")


def an_answer_is_kept_to_the_millisecond(c):
    body = {"account": "account:1", "reason": "x"}
    first = c.must("duty", "POST", "/v1/stops", body, key="k").json["id"]
    begin = c.now_ms
    for early in [1000, 1]:
        c.until(begin + 7 * DAY_MS - early)
        again = c.must("duty", "POST", "/v1/stops", body, key="k")
        expect(again.json["id"] == first and again.headers["idempotency-replayed"] == "true", f"{early} ms early: {again}")
    c.until(begin + 7 * DAY_MS)
    fresh = c.must("duty", "POST", "/v1/stops", body, key="k")
    expect(fresh.json["id"] != first and "idempotency-replayed" not in fresh.headers, f"its time is over: {fresh}")
    again = c.must("duty", "POST", "/v1/stops", body, key="k")
    expect(again.json["id"] == fresh.json["id"], f"the new one is kept: {again}")


def windows(c):
    """Windows that look back: what is as old as the window is outside of it."""
    def warned(n):
        number = signed(c, n)
        c.must("a.duty", "POST", f"/v1/warnings/{number}/attempt", {"channel": "visit", "result": "dissuaded", "is_face_to_face": True})
        c.act("a.duty", "warnings", number, "propose_closing", {"closing": "dissuaded"})
        c.act("a.commander", "warnings", number, "approve_closing")
        return number

    def notified(outlet):
        number = c.make("analyst", "outlet-notices", {"outlet": outlet, "measure": "notice", "from_month": "2026-10",
                                                      "to_month": "2026-10", "words": "请倒查整改"})
        return c.act("approver", "outlet-notices", number, "approve")

    outlet_ids = [c.make("analyst", "outlets", {"key": f"outlet:{name}", "name": "支行", "category": "bank", "institution": BANK,
                                                "division": "450103"}) for name in "AB"]
    first = warned(1), warned(2)
    for outlet in outlet_ids:
        expect(notified(outlet)["is_repeat"] is False, "the first is no repeat")
    number = outlets.served(c)
    begin = c.now_ms
    c.until(begin + 30 * DAY_MS - 1)
    expect(c.read("commander", "warnings", scenes.warning(c, 1))["thread"] == first[0], "a millisecond early it joins the thread")
    c.until(begin + 30 * DAY_MS)
    expect(c.read("commander", "warnings", scenes.warning(c, 2))["thread"] is None, "after 30 days it is another thread")
    c.until(begin + 365 * DAY_MS - 1)
    expect(notified(outlet_ids[0])["is_repeat"] is True, "within a year")
    c.act_refused(409, "investigator", "punishments", number, "repair_propose", {"repair_reason": "主动退赔"})
    c.until(begin + 365 * DAY_MS)  # a year of 12 months: 25 November 2027
    expect(notified(outlet_ids[1])["is_repeat"] is False, "after a year it is no repeat")
    c.act("investigator", "punishments", number, "repair_propose", {"repair_reason": "主动退赔"})


# Where each dated term is tried at its moment. Of the clock above, or by name of a test.
TERMS = {
    "duration.stop": "stop_lapse", "duration.stop_alarm": "stop_alarm", "months.freeze": "freeze_lapse",
    "months.freeze_major": "major_freeze_lapse", "duration.freeze_alarm": "freeze_alarm",
    "duration.unrelated_release": "freeze_overdue", "duration.order_answer": "stop_no_answer",
    "duration.clock_skew": "gateway/banks.py", "duration.first_layer": "report_late", "duration.appeal": "appeal_overdue",
    "duration.return_notice": "return_notice_end", "days.return_execution": "return_bank_overdue",
    "duration.lead_escalation": "lead_escalate_again", "days.lead_due": "lead_escalate",
    "duration.sign_urgent": "urgent_warning_is_not_signed", "duration.sign_high": "high_warning_is_not_signed",
    "duration.sign_medium": "medium_warning_is_not_signed", "duration.sign_low": "low_warning_is_not_signed",
    "duration.retry_sms": "warning_after_sms_sent", "duration.retry_phone": "warning_after_phone_no_answer",
    "duration.retry_visit": "warning_after_visit_not_there", "duration.warning_closing": "warning_after_phone_dissuaded",
    "duration.warning_fold": "windows", "duration.not_found_retry": "warning_search_again",
    "duration.warning_review": "warning_review_due", "duration.call_back": "warning_call_back_due",
    "duration.place_follow_up": "place_follow_up_due", "duration.sign_in_lock": "sessions_locks_and_codes",
    "duration.session": "sessions_locks_and_codes", "duration.session_idle": "sessions_locks_and_codes",
    "duration.activation": "sessions_locks_and_codes", "duration.keep_answers": "an_answer_is_kept_to_the_millisecond",
    "duration.keep_events": "desk/keeping.py", "duration.outlet_answer": "outlet_notice_overdue",
    "duration.outlet_repeat_window": "windows", "months.punishment_row": "desk/outlets.py",
    "months.punishment_repair": "windows", "duration.audience_window": "desk/outreach.py", "duration.campaign_gap": "desk/outreach.py",
}


def every_dated_term_is_tried(c):
    rows = {f"{row['name']}.{row['code']}" for name in ["duration", "months", "days"]
            for row in c.must("commander", "GET", f"/v1/dated?name={name}&limit=200").json["items"]}
    expect(rows == set(TERMS), f"not tried: {rows - set(TERMS)}; gone: {set(TERMS) - rows}")
    known = {scene.__name__ for scene in CLOCK} | set(globals())
    for where in TERMS.values():
        expect(where in known or os.path.exists(os.path.join(HERE, "..", where)), f"{where} is no test")
    print(f"      {len(rows)} dated terms")


HERE = os.path.dirname(os.path.abspath(__file__))


if __name__ == "__main__":
    run([the_clock, sessions_locks_and_codes, a_key_ends, an_answer_is_kept_to_the_millisecond, windows, every_dated_term_is_tried],
        rules=os.path.join(rule_changes.ROOT, "rules"))
