"""Attacked as an outsider and as an insider would: the OWASP API top ten (2023) one by one, injection, fixation, timing,
a curious officer, an administrator. docs/security.md says what each was about."""

import json
import os
import urllib.parse

from centre import DAY_MS, HOUR_MS, PASSWORD, expect, run

NASTY = ["'; DROP TABLE desk_stop; --", "\" OR 1=1 --", "%' OR '1'='1", "\\", "$(reboot)", "{{7*7}}", "<script>x</script>",
         "../../etc/passwd", "张三\u202e", "a" * 4000]


def one_of_each(c):
    """Records of district A in every collection that has a place."""
    made = {"stops": c.make("a.duty", "stops", {"account": "account:1", "reason": "x"})}
    made["leads"] = c.make("a.duty", "leads", {"type": "run_point", "subject": "account:2", "title": "t", "source": "tip"})
    made["cases"] = c.make("a.investigator", "cases", {"title": "t", "fraud_type": "other"})
    made["reports"] = c.make("a.duty", "reports", {"channel": "phone", "victim_name": "王", "victim_phone": "13977110001",
                                                    "words": "x", "fraud_type": "other"})
    made["warnings"] = c.make("a.duty", "warnings", {"victim": "phone:+8613977110001", "reason": "x", "source": "report", "tier": "high",
                                                     "phone": "13977110001"})
    made["appeals"] = c.make("a.duty", "appeals", {"measure": "stop", "order": made["stops"], "by": "x", "words": "x"})
    c.must("a.investigator", "POST", f"/v1/cases/{made['cases']}/tasks",
           {"title": "t", "assignee": c.users["a.duty"], "due": c.text(c.now_ms + DAY_MS)})
    c.must("a.duty", "POST", f"/v1/cases/{made['cases']}/comments", {"words": "只给本区看"})
    return made


def api1_objects_of_others(c):
    made = one_of_each(c)
    for collection, number in made.items():
        for path in [f"/v1/{collection}/{number}", f"/v1/{collection}/{number}/history"]:
            c.refused(404, "b.commander", "GET", path)
            c.must("a.commander", "GET", path)
        listed = c.must("b.commander", "GET", f"/v1/{collection}").json["items"]
        expect(listed == [], f"{collection} of another district are listed: {listed}")
    acts = {row["collection"]: row["acts"] for row in c.must("b.commander", "GET", "/v1/workflows").json["items"]}
    for collection, number in made.items():
        for act in acts[collection]:
            if act["by_clock"] or not act["from"] or "commander" not in act["roles"]:
                continue
            answer = c.call("b.commander", "POST", f"/v1/{collection}/{number}/{act['name']}", {}, version=1)
            expect(answer.status in (404, 422), f"{collection}.{act['name']} by another district: {answer}")
    for child in ["tasks", "entities", "evidence", "comments", "reports", "links"]:
        c.refused(404, "b.commander", "GET", f"/v1/cases/{made['cases']}/{child}")
    for flat in ["tasks", "entities", "evidence", "series-links", "objections"]:
        expect(c.must("b.commander", "GET", f"/v1/{flat}").json["items"] == [], f"/v1/{flat} shows another's")
    c.refused(422, "b.duty", "POST", "/v1/stops", {"account": "account:9", "reason": "x", "report": made["reports"]})
    c.refused(422, "b.duty", "POST", "/v1/appeals", {"measure": "stop", "order": made["stops"], "by": "x", "words": "x"})
    c.refused(422, "b.duty", "POST", "/v1/handovers", {"kind": "case", "record": made["cases"],
                                                       "to_unit": c.units["b"], "reason": "拿来"})


def api2_sign_in(c):
    c.users["duty"]
    token = c.send("POST", "/v1/session", {"login": "duty", "password": PASSWORD}, {"Cookie": "sluice_session=fixed"})
    cookie = token.cookies[0]
    expect("fixed" not in cookie and "HttpOnly" in cookie and "SameSite=Strict" in cookie, cookie)
    token = token.json["token"]
    use = {"Authorization": "Bearer " + token}
    expect(c.send("GET", "/v1/me", None, use).status == 200, "a fresh session does not work")
    expect(c.send("DELETE", "/v1/session", None, use).status == 204, "sign-out")
    expect(c.send("GET", "/v1/me", None, use).status == 401, "a session works after sign-out")
    for _ in range(5):
        expect(c.send("POST", "/v1/session", {"login": "duty", "password": "wrong horse battery"}).status == 401, "?")
    locked = c.send("POST", "/v1/session", {"login": "duty", "password": PASSWORD})
    unknown = c.send("POST", "/v1/session", {"login": "nobody", "password": PASSWORD})
    expect(locked.status == 401 and locked.json["detail"] == unknown.json["detail"], "the answers tell them apart")
    c.later(15 * 60000)
    again = c.send("POST", "/v1/session", {"login": "duty", "password": PASSWORD})
    expect(again.status == 200, f"the lock does not end: {again}")
    use = {"Authorization": "Bearer " + again.json["token"]}
    c.later(31 * 60000)
    expect(c.send("GET", "/v1/me", None, use).status == 401, "an idle session does not end")
    fresh = c.send("POST", "/v1/session", {"login": "duty", "password": PASSWORD}).json["token"]
    for _ in range(25):
        c.later(29 * 60000)
        status = c.send("GET", "/v1/me", None, {"Authorization": "Bearer " + fresh}).status
    expect(status == 401, "a session that is used lasts for ever")


def api2_codes_and_disabled_users(c):
    answer = c.must("administrator", "POST", "/v1/users",
                    {"login": "guest", "name": "x", "unit": 1, "roles": "duty"}).json
    body = {"login": "guest", "code": answer["secret"], "password": PASSWORD}
    expect(c.send("POST", "/v1/session/password", {**body, "password": "short"}).status in (400, 422), "a short one")
    expect(c.send("POST", "/v1/session/password", body).status == 204, "activation")
    expect(c.send("POST", "/v1/session/password", body).status == 401, "a code works twice")
    token = c.send("POST", "/v1/session", {"login": "guest", "password": PASSWORD}).json["token"]
    use = {"Authorization": "Bearer " + token}
    expect(c.send("GET", "/v1/me", None, use).status == 200, "?")
    c.act("administrator", "users", answer["id"], "disable", {"note": "离职"})
    expect(c.send("GET", "/v1/me", None, use).status == 401, "a disabled user's session goes on")
    late = c.must("administrator", "POST", "/v1/users", {"login": "late", "name": "x", "unit": 1, "roles": "duty"}).json
    c.later(73 * HOUR_MS)
    expect(c.send("POST", "/v1/session/password", {"login": "late", "code": late["secret"],
                                                   "password": PASSWORD}).status == 401, "a code lasts for ever")
    for key in ["x", "", "Bearer", "a" * 43, "' OR 1=1"]:
        expect(c.send("GET", "/v1/me", None, {"Authorization": "Bearer " + key}).status in (400, 401), key)


def sign_in(c, login, password=PASSWORD, device=None):
    return c.send("POST", "/v1/session", {"login": login, "password": password},
                  {"Cookie": f"sluice_device={device}"} if device else {})


def device_of(answer):
    return next(line.split("=", 1)[1].split(";")[0] for line in answer.cookies if line.startswith("sluice_device="))


def api2_nobody_is_locked_out_by_others(c):
    """Whoever knows an administrator's name keeps it locked; the browser he works with gets in all the same."""
    first = sign_in(c, "administrator")
    device = device_of(first)
    cookie = next(line for line in first.cookies if line.startswith("sluice_device="))
    expect("HttpOnly" in cookie and "SameSite=Strict" in cookie and "Path=/v1/session;" in cookie, cookie)
    use = {"Cookie": f"sluice_device={device}"}
    expect(c.send("GET", "/v1/me", None, use).status == 401, "it is a credential")
    for _ in range(6):
        expect(sign_in(c, "administrator", "wrong horse battery").status == 401, "a wrong password")
    expect(sign_in(c, "administrator").status == 401, "the name is not locked for strangers")
    expect(sign_in(c, "administrator", device="x" * 43).status == 401, "any device is known")
    c.users["duty"]
    other = device_of(sign_in(c, "duty"))
    expect(sign_in(c, "administrator", device=other).status == 401, "another's device opens this name")
    known = sign_in(c, "administrator", device=device)
    expect(known.status == 200 and device_of(known) == device, f"he is locked out by others: {known}")
    for _ in range(5):
        sign_in(c, "administrator", "wrong horse battery", device)
    expect(sign_in(c, "administrator", device=device).status == 401, "a known device may guess for ever")
    c.later(15 * 60000)
    expect(sign_in(c, "administrator", device=device).status == 200, "its lock does not end")
    tokens = [device_of(sign_in(c, "duty")) for _ in range(12)]  # ten are kept
    for _ in range(6):
        sign_in(c, "duty", "wrong horse battery")
    expect(sign_in(c, "duty", device=tokens[0]).status == 401, "there is no end of devices")
    expect(sign_in(c, "duty", device=tokens[11]).status == 200, "the newest is not known")
    c.act("administrator", "users", c.users["duty"], "disable", {"note": "停职"})
    code = c.must("administrator", "POST", f"/v1/users/{c.users['duty']}/enable", {},
                  version=c.version("users", c.users["duty"])).json["secret"]
    c.activate("duty", code)
    for _ in range(6):
        sign_in(c, "duty", "wrong horse battery")
    expect(sign_in(c, "duty", device=tokens[11]).status == 401, "a device outlives the password")
    rows = c.must("auditor", "GET", "/v1/audit?act=sign_in_failed").json["items"]
    expect(len(rows) >= 25 and all("horse" not in json.dumps(row) for row in rows), rows)


def api2_sign_out_everywhere(c):
    c.users["duty"]
    sessions = [{"Authorization": "Bearer " + sign_in(c, "duty").json["token"]} for _ in range(3)]
    expect(c.send("DELETE", "/v1/session", None, sessions[0]).status == 204, "?")
    expect([c.send("GET", "/v1/me", None, use).status for use in sessions] == [401, 200, 200], "one ends alone")
    expect(c.send("DELETE", "/v1/me/sessions", None, sessions[1]).status == 204, "?")
    expect([c.send("GET", "/v1/me", None, use).status for use in sessions] == [401, 401, 401], "one goes on")
    use = {"Authorization": "Bearer " + sign_in(c, "duty").json["token"]}
    c.act("administrator", "users", c.users["duty"], "end_sessions", {"note": "警务终端遗失"})
    expect(c.send("GET", "/v1/me", None, use).status == 401, "a lost machine's session goes on")
    expect(sign_in(c, "duty").status == 200, "he cannot sign in again")
    c.refused(409, "bank", "DELETE", "/v1/me/sessions")


def worked_s(c):
    """Processor time of the daemon, all its threads."""
    with open(f"/proc/{c.process.pid}/stat", encoding="utf-8") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def api2_timing_of_sign_in(c):
    """By the work that is done for each, which a loaded machine does not change as it does the time until an answer."""
    c.users["duty"]
    c.users["analyst"]
    c.act("administrator", "users", c.users["analyst"], "disable", {"note": "x"})
    spent = {"duty": 0, "nobody": 0, "analyst": 0}  # a wrong password, an unknown name, one who is disabled
    for turn in range(30):
        logins = list(spent)
        for login in logins[turn % 3:] + logins[:turn % 3]:  # the first one bears what the clock's move brings
            begin = worked_s(c)
            expect(sign_in(c, login, "wrong horse battery").status == 401, login)
            spent[login] += worked_s(c) - begin
        c.later(16 * 60000)
    print("      " + ", ".join(f"{login}: {seconds / 30 * 1000:.1f} ms" for login, seconds in spent.items()))
    for login in ["nobody", "analyst"]:
        expect(0.8 < spent["duty"] / spent[login] < 1.25, f"{login} is told by the time: {spent}")


def api3_properties(c):
    stop = c.make("a.duty", "stops", {"account": "account:1", "reason": "x"})
    for extra in [{"state": "stopped"}, {"proposed_by": 1}, {"turn": 0}, {"district": c.units["b"]}, {"id": 7},
                  {"version": 9}, {"expires_at": c.text()}]:
        c.refused(422, "a.duty", "POST", "/v1/stops", {"account": "account:5", "reason": "x", **extra})
    page = json.dumps(c.must("administrator", "GET", "/v1/users").json)
    for word in ["argon2", "password", "\"code\"", "hash"]:
        expect(word not in page, f"users show {word}")
    keys = json.dumps(c.must("administrator", "GET", "/v1/keys").json)
    expect("hash" not in keys and "secret" not in keys, "keys are shown")
    answer = c.must("a.duty", "GET", f"/v1/stops/{stop}").json
    expect("open_key" not in answer, "what is ours alone is shown")


def api4_resources(c):
    c.refused(413, "duty", "POST", "/v1/stops", b'{"reason":"' + b"x" * 200000 + b'"}',
              headers={"Content-Type": "application/json"})
    deep = b"[" * 500 + b"]" * 500
    answer = c.call("duty", "POST", "/v1/stops", deep, headers={"Content-Type": "application/json"})
    expect(answer.status in (400, 422), answer)
    for limit in ["100000", "-1", "0", "x"]:
        answer = c.call("duty", "GET", f"/v1/stops?limit={limit}")
        expect(answer.status in (200, 400), answer)
        expect(answer.status == 400 or len(answer.json["items"]) <= 500, "a page without an end")
    c.refused(422, "commander", "POST", "/v1/stops/acts", {"act": "approve", "items": [{"id": 1}] * 1001})
    many = "|".join(str(i) for i in range(200))
    c.refused(400, "duty", "GET", f"/v1/stops?layer={many}")


def api5_functions(c):
    """Every act of every kind, as everybody whose role does not have it: refused before anything is looked at."""
    people = {"duty": "duty", "analyst": "analyst", "investigator": "investigator", "commander": "commander",
              "approver": "approver", "outreach": "outreach", "auditor": "auditor", "administrator": "administrator",
              "partner": "bank"}
    tried = 0
    for kind in c.must("duty", "GET", "/v1/workflows").json["items"]:
        for act in kind["acts"]:
            if not kind["collection"]:
                continue
            path = f"/v1/{kind['collection']}" if not act["from"] else f"/v1/{kind['collection']}/1/{act['name']}"
            for role, who in people.items():
                if act["by_clock"]:
                    if act["from"]:
                        c.refused(404, who, "POST", path, {}, version=1)
                elif role not in act["roles"].split(","):
                    answer = c.call(who, "POST", path, {}, version=1)
                    expect(answer.status in (403, 404), f"{who}: {path}: {answer}")
                    tried += 1
    expect(tried > 300, f"only {tried} were tried")
    print(f"      {tried} acts tried by roles that do not have them")
    for who in ["duty", "administrator", "bank"]:
        c.refused(403, who, "GET", "/v1/audit")
    # Who asks comes before what is sent, whether the daemon knows the session already or must look it up.
    c.restart()
    for turn in ["looked up", "known"]:
        c.refused(403, "approver", "POST", "/v1/imports", {})
        answer = c.send("POST", "/v1/imports", {}, {"Authorization": "Bearer " + "A" * 43})
        expect(answer.status == 401, f"{turn}: {answer}")
        expect(c.call("analyst", "POST", "/v1/imports", {}).status == 415, "JSON is no file")
    for who in ["duty", "commander", "auditor", "bank"]:
        c.refused(403, who, "POST", "/v1/users", {"login": "x1", "name": "x", "unit": 1, "roles": "commander"})


def api6_nobody_gets_power_alone(c):
    for roles in ["administrator,commander", "auditor,duty", "partner", "system", "god", ""]:
        c.refused(422, "administrator", "POST", "/v1/users", {"login": "evil", "name": "x", "unit": 1, "roles": roles})
    me = c.must("administrator", "GET", "/v1/me").json["user"]
    c.act_refused(403, "administrator", "users", me, "edit", {"name": "改名"})
    row = c.must("administrator", "POST", "/v1/dated", {
        "name": "cap", "code": "stops_per_account", "value": "9", "valid_from": c.text(), "law": "无", "en": "x",
        "zh": "x"}).json
    for i in range(2):
        c.make("duty", "stops", {"account": "account:1", "reason": "x"})
    c.refused(409, "duty", "POST", "/v1/stops", {"account": "account:1", "reason": "x"})  # proposed is not approved
    c.act_refused(403, "administrator", "dated", row["id"], "approve")


def api8_configuration(c):
    answer = c.get("duty", "/v1/stops", headers={"Origin": "https://evil.example"})
    expect("access-control-allow-origin" not in answer.headers, "any origin may read")
    for name in ["x-content-type-options", "content-security-policy", "referrer-policy", "cache-control"]:
        expect(name in answer.headers, f"no {name}")
    expect("server" not in answer.headers, "the server says what it is")
    for method in ["TRACE", "PATCH", "PUT", "DELETE"]:
        status = c.call("duty", method, "/v1/stops").status
        expect(status in (405, 501, 400), f"{method}: {status}")
    c.users["duty"]
    cookie = c.send("POST", "/v1/session", {"login": "duty", "password": PASSWORD}).cookies[0].split(";")[0]
    body = {"account": "account:1", "reason": "x"}
    answer = c.send("POST", "/v1/stops", body, {"Cookie": cookie})
    expect(answer.status == 403, f"a form of another site may act: {answer}")
    answer = c.send("POST", "/v1/stops", body, {"Cookie": cookie, "Sluice-CSRF": "1"})
    expect(answer.status == 201, answer)
    for path in ["/v1/stops/1%2e%2e%2f2", "/v1/../etc/passwd", "/v1/stops/1;id=2", "/v1/stops/0", "/v1/stops/-1",
                 "/v1/stops/99999999999999999999", "/%00", "/v1/stops/1/..%2f..%2fusers"]:
        status = c.call("duty", "GET", path).status
        expect(status in (400, 404), f"{path}: {status}")


def injection(c):
    for word in NASTY:
        number = c.make("duty", "stops", {"account": "account:77", "reason": word, "holder": word[:60]})
        shown = c.read("duty", "stops", number, purpose="核对止付原因原文")
        expect(shown["reason"] == word.strip(), f"{word!r} came back as {shown['reason']!r}")
        c.act("commander", "stops", number, "refuse", {"note": word})
        quoted = urllib.parse.quote(word[:150])
        for path in [f"/v1/search?q={quoted}", f"/v1/stops?account={quoted}", f"/v1/stops?institution={quoted}"]:
            status = c.get("duty", path).status
            expect(status in (200, 400), f"{path}: {status}")
    expect(c.must("duty", "GET", "/v1/stops?account=%25").json["items"] == [], "% is a wildcard")
    answer = c.get("duty", "/v1/stops", headers={"Sluice-Purpose": "abcdef%0d%0aSet-Cookie:%20x=1"})
    expect("x=1" not in answer.headers.get("set-cookie", ""), "a header was injected")
    expect(answer.status == 400, answer)
    c.refused(422, "duty", "POST", "/v1/stops", {"account": "account:1", "reason": "a\x00b"})


def api10_a_duplicate_tells_nothing(c):
    """Two banks send the same tip: the second learns nothing of what the first sent."""
    tip = {"type": "run_point", "subject": "account:6222021234567890123", "title": "可疑", "source": "partner"}
    first = c.must("bank", "POST", "/v1/leads", tip).json
    second = c.must("other_bank", "POST", "/v1/leads", tip).json
    expect(first.get("id") and second == {"taken": True}, (first, second))
    c.act("duty", "leads", first["id"], "assign", {"assignee": c.users["analyst"]})
    c.act("analyst", "leads", first["id"], "accept")
    c.act("analyst", "leads", first["id"], "finish", {"result": "confirmed", "feedback": "属实，已处置"})
    for bank in ("bank", "other_bank"):  # and hears all the same what came of its own
        tips = c.must(bank, "GET", "/v1/partner/tips", purpose="核对本行报送线索").json["items"]
        expect([tip["feedback"] for tip in tips] == ["属实，已处置"] and "lead" not in tips[0], tips)
        expect(c.must(bank, "GET", "/v1/partner/tips").json["items"][0]["feedback"] == "***", "it is not masked")
        expect(c.must(bank, "GET", f"/v1/partner/tips?before={tips[0]['id']}").json["items"] == [], "there is another")
    c.refused(403, "analyst", "GET", "/v1/partner/tips")


def a_curious_officer(c):
    one_of_each(c)
    for _ in range(3):
        c.refused(404, "b.duty", "GET", "/v1/reports/1")
    c.must("a.duty", "GET", "/v1/reports/1", purpose="想看看邻居的报案情况")
    refused = c.must("auditor", "GET", "/v1/audit?act=refused&login=b.duty").json["items"]
    expect(len(refused) >= 3, refused)
    seen = c.must("auditor", "GET", "/v1/audit?act=view_shown&login=a.duty").json["items"]
    expect(seen[0]["purpose"] == "想看看邻居的报案情况" and seen[0]["record"] == 1, seen)


if __name__ == "__main__":
    run([api1_objects_of_others, api2_sign_in, api2_codes_and_disabled_users, api2_nobody_is_locked_out_by_others,
         api2_sign_out_everywhere, api2_timing_of_sign_in, api3_properties,
         api4_resources, api5_functions, api6_nobody_gets_power_alone, api8_configuration, injection,
         api10_a_duplicate_tells_nothing, a_curious_officer])
