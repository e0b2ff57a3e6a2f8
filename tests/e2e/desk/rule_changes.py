"""Changes of the rules, by the book: written by one, approved by another, in force at a moment, compared, taken back.
Every decision before and after is asked for: what is in force is what decides, after kills and restarts too."""

import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time

sys.path.insert(0, os.path.dirname(__file__))
from centre import BIN, HOUR_MS, expect, run

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", "..", ".."))
PATH = "mule/large.rule"
SHIPPED = "mule/run_point.rule"
WHY = "侦办2026-118号案，核对名单"
serial = 0


def rule(yuan, effect="effect    block", version=1, status="live"):
    return f"""rule large_at_once {{
    version   {version}
    valid     2022-12-01 ..
    status    {status}
    typology  mule_account
    when      transfer.amount >= yuan({yuan})
    {effect}
    reason zh "单笔{{transfer.amount}}"
    reason en "{{transfer.amount}} at once"
    source    "a test"
}}
"""


def decide(centre, yuan, **more):
    """What the daemon says of a transfer between two accounts that it has never seen."""
    global serial
    serial += 1
    body = {"id": f"T{serial}", "time": centre.text(), "from": f"account:6228{serial:015d}",
            "to": f"account:6217{serial:015d}", "amount_fen": yuan * 100, **more}
    return centre.must("analyst", "POST", "/v1/decisions", body).json["action"]


def write(centre, text, path=PATH, who="analyst", **more):
    body = {"path": path, "text": text, "why": "近期大额一次性转出增多", **more}
    return centre.must(who, "POST", "/v1/rule_changes", body).json


def submitted(centre, text, **more):
    made = write(centre, text, **more)
    return centre.act("analyst", "rule_changes", made["id"], "submit")


def put_in_force(centre, text, **more):
    made = submitted(centre, text, **more)
    centre.act("commander", "rule_changes", made["id"], "approve")
    centre.wait_state("rule_changes", made["id"], "in_force")
    return centre.read("analyst", "rule_changes", made["id"])


def in_use(centre):
    return centre.must("analyst", "GET", "/v1/rules").json


def file_of(centre, path=PATH):
    files = centre.must("analyst", "GET", "/v1/rules/files").json["items"]
    return next((one for one in files if one["path"] == path), None)


def digest(text):
    return hashlib.sha256(text.encode()).hexdigest()


def a_change_goes_its_way(centre):
    before = in_use(centre)
    expect(before["problem"] is None and decide(centre, 80000) == "allow", f"nothing speaks against it: {before}")
    made = write(centre, rule(70000))
    expect(made["state"] == "draft" and made["number"].startswith("GZ-") and made["sha256"] == digest(rule(70000)),
           f"a draft: {made}")
    expect("text" not in made and made["base_sha256"] is None and made["written_by"] == centre.users["analyst"],
           f"a list of changes is light: {made}")
    text = centre.must("commander", "GET", f"/v1/rule_changes/{made['id']}/text").json
    expect(text["text"] == rule(70000) and text["base_text"] is None and text["file_version"] is None, f"{text}")
    expect(decide(centre, 80000) == "allow" and in_use(centre) == before, "a draft decides nothing")
    centre.act("analyst", "rule_changes", made["id"], "edit", {"text": rule(75000)})
    centre.act("analyst", "rule_changes", made["id"], "submit", {"note": "请审批"})
    centre.act_refused(409, "analyst", "rule_changes", made["id"], "edit", {"text": rule(1)})
    expect(decide(centre, 80000) == "allow", "what waits decides nothing")
    approved = centre.act("commander", "rule_changes", made["id"], "approve", {"note": "同意"})
    expect(approved["decided_by"] == centre.users["commander"], f"{approved}")
    expect(decide(centre, 80000) == "stop", "the decision after its approval is another one")
    expect(decide(centre, 74000) == "allow", "as it was edited, not as it was written first")
    now = centre.read("auditor", "rule_changes", made["id"])
    expect((now["state"], now["file_version"], now["replaces"]) == ("in_force", 1, None), f"{now}")
    after = in_use(centre)
    expect(after["rules_sha256"] == now["rules_sha256"] != before["rules_sha256"], f"the set's version: {after} {now}")
    expect(after["rules"] == before["rules"] + 1, f"one rule more: {after}")
    shown = file_of(centre)
    expect((shown["origin"], shown["file_version"], shown["change"], shown["text"]) ==
           ("added", 1, made["id"], rule(75000)), f"{shown}")
    expect(not os.path.exists(os.path.join(centre.rules, PATH)), "the folder is left alone")
    history = centre.get("auditor", f"/v1/rule_changes/{made['id']}/history").json["items"]
    expect([row["act"] for row in reversed(history)] == ["create", "edit", "submit", "approve", "take_effect"],
           f"its history: {history}")
    audit = {row["act"] for row in centre.get("auditor", "/v1/audit?kind=rule_change&limit=200").json["items"]}
    expect({"rule_change.create", "rule_change.submit", "rule_change.approve", "rule_change.take_effect", "view"}
           <= audit, f"all of it is in the audit: {sorted(audit)}")


def who_may_not_is_refused(centre):
    body = {"path": PATH, "text": rule(70000), "why": "试"}
    for who in ("duty", "investigator", "approver", "auditor", "outreach", "bank"):
        centre.refused(403, who, "POST", "/v1/rule_changes", body)
    for who in ("duty", "investigator", "outreach", "bank"):
        centre.refused(403, who, "GET", "/v1/rule_changes")
        centre.refused(403, who, "GET", f"/v1/rules/text?path={SHIPPED}")
    made = write(centre, rule(70000), who="commander")
    number = made["id"]
    centre.act_refused(403, "analyst", "rule_changes", number, "edit", {"text": rule(1)})  # another's draft
    centre.act_refused(409, "approver", "rule_changes", number, "approve")  # nobody submitted it
    centre.act("administrator", "rule_changes", number, "submit")
    centre.act_refused(403, "commander", "rule_changes", number, "approve")  # who wrote it
    centre.act_refused(403, "administrator", "rule_changes", number, "approve")  # who submitted it
    centre.act_refused(403, "analyst", "rule_changes", number, "approve")
    centre.act_refused(403, "auditor", "rule_changes", number, "approve")
    centre.act_refused(403, "a.commander", "rule_changes", number, "approve")  # a district's
    centre.refused(428, "approver", "POST", f"/v1/rule_changes/{number}/approve", {})
    centre.act_refused(412, "approver", "rule_changes", number, "approve", version=1)
    centre.act_refused(422, "approver", "rule_changes", number, "reject", {})  # without a reason
    centre.act_refused(404, "approver", "rule_changes", number, "take_effect")  # the clock's alone
    expect(decide(centre, 80000) == "allow", "none of it decided anything")
    centre.act("approver", "rule_changes", number, "reject", {"note": "阈值过低，误报过多"})
    expect(centre.state("rule_changes", number) == "rejected" and decide(centre, 80000) == "allow", "it stays out")
    other = write(centre, rule(60000))
    centre.act("analyst", "rule_changes", other["id"], "discard")
    centre.act_refused(409, "analyst", "rule_changes", other["id"], "submit")
    in_force = put_in_force(centre, rule(70000))
    centre.act_refused(422, "commander", "rule_changes", in_force["id"], "withdraw", {})
    centre.act_refused(403, "analyst", "rule_changes", in_force["id"], "withdraw", {"note": "误报"})
    expect(decide(centre, 80000) == "stop", "it is in force still")


def what_does_not_load_is_not_saved(centre):
    def wrong(text, path=PATH, field="text"):
        answer = centre.refused(422, "analyst", "POST", "/v1/rule_changes", {"path": path, "text": text, "why": "试"})
        found = [error["detail"] for error in answer.json["errors"] if error["pointer"] == "/" + field]
        expect(found, f"{field} is named: {answer}")
        return found[0]

    detail = wrong(rule(70000).replace("transfer.amount >=", "transfer.amuont >="))
    expect(detail.startswith(PATH + ":6:15: ") and "did you mean \"transfer.amount\"" in detail, f"as the CLI has it: {detail}")
    answer = centre.refused(422, "analyst", "POST", "/v1/rule_changes", {"path": PATH, "text": "rule x {\n}\n", "why": "试"})
    expect(len(answer.json["errors"]) > 3, f"each mistake is named: {answer}")
    wrong("rule a {", SHIPPED)
    with open(os.path.join(centre.rules, "actions.table"), encoding="utf-8") as file:
        expect("a second actions.table" in wrong(file.read() + "\n# mine", "mule/actions.table"), "one table")
    for path in ("../evil.rule", "/etc/evil.rule", "mule/../../evil.rule", "mule//x.rule", "mule/.x.rule", ".rule", "x.md",
                 "patterns/city.pattern", "mule/", "a b.rule", "x.rule/", "x.rule\\y.rule", "規則.rule", "..",
                 "a/b/c/d/e/f/g/h/i/j.rule", "x" * 250 + ".rule", "x\u0000.rule", "%2e%2e/x.rule"):
        wrong(rule(70000), path, "path")
    with open(os.path.join(centre.rules, SHIPPED), encoding="utf-8") as file:
        same = file.read()
    expect("the same" in wrong(same, SHIPPED), "what changes nothing is no change")
    expect(centre.must("analyst", "GET", "/v1/rule_changes").json["items"] == [], "nothing was saved")
    centre.refused(413, "analyst", "POST", "/v1/rule_changes", {"path": PATH, "text": "#" * 2000000, "why": "试"})
    checked = centre.must("analyst", "POST", "/v1/rules/check", {"draft": PATH, "draft_text": "rule a {"}).json
    expect(not checked["ok"] and checked["problems"][0]["file"] == PATH, f"checked while it is typed: {checked}")
    centre.refused(422, "analyst", "POST", "/v1/rules/check", {"draft": "patterns/city.pattern", "draft_text": "x"})


def what_it_was_written_on_must_stand(centre):
    first, second = submitted(centre, rule(70000)), submitted(centre, rule(60000))
    centre.act("commander", "rule_changes", first["id"], "approve")
    expect(decide(centre, 65000) == "allow" and decide(centre, 71000) == "stop", "the first decides")
    answer = centre.act_refused(409, "commander", "rule_changes", second["id"], "approve")
    for words in ("version 1", first["number"], digest(rule(70000))[:12], "no such file"):
        expect(words in answer.json["detail"], f"what stands, and what it was written on: {words}: {answer}")
    stale = centre.refused(422, "analyst", "POST", "/v1/rule_changes",
                           {"path": PATH, "text": rule(50000), "why": "试", "seen_sha256": digest("x")})
    expect(stale.json["errors"][0]["pointer"] == "/seen_sha256", f"{stale}")
    third = write(centre, rule(50000), seen_sha256=digest(rule(70000)))
    expect((third["base"], third["base_file_version"]) == (first["id"], 1), f"{third}")
    fourth = put_in_force(centre, rule(55000))
    expect((fourth["file_version"], fourth["replaces"]) == (2, first["id"]), f"{fourth}")
    expect(centre.state("rule_changes", first["id"]) == "superseded", "the first was replaced")
    centre.act_refused(409, "analyst", "rule_changes", third["id"], "submit")
    centre.act_refused(422, "analyst", "rule_changes", third["id"], "edit", {"why": "不看就改"})
    edited = centre.act("analyst", "rule_changes", third["id"], "edit", {"seen_sha256": digest(rule(55000))})
    expect(edited["base"] == fourth["id"], f"rebased by who has seen it: {edited}")
    centre.act("analyst", "rule_changes", third["id"], "submit")
    centre.act("approver", "rule_changes", third["id"], "approve")
    expect(decide(centre, 51000) == "stop", "and in force")
    # Two changes of different files that are right alone and wrong together: the second is told.
    part = "typology large_sums {\n    title zh \"大额\"\n    title en \"Large sums\"\n    subject payee\n    combine max\n}\n"
    put_in_force(centre, part, path="large.typology")
    uses = submitted(centre, rule(90000).replace("mule_account", "large_sums").replace("large_at_once", "uses_it"),
                     path="mule/uses.rule")
    typology = centre.must("analyst", "GET", "/v1/rule_changes?path=large.typology").json["items"][0]["id"]
    centre.act("approver", "rule_changes", typology, "withdraw", {"note": "不再需要"})
    answer = centre.act_refused(422, "commander", "rule_changes", uses["id"], "approve")
    expect("mule/uses.rule" in str(answer.json), f"it does not load any more: {answer}")


def a_moment_is_kept_to_the_millisecond(centre):
    later = centre.now_ms + 24 * HOUR_MS
    made = submitted(centre, rule(70000), effective_from=centre.text(later))
    centre.act("commander", "rule_changes", made["id"], "approve")
    expect(centre.state("rule_changes", made["id"]) == "approved" and decide(centre, 80000) == "allow", "not yet")
    on_it = write(centre, rule(40000), effective_from=centre.text(later + HOUR_MS))
    expect(on_it["base"] == made["id"], f"what will stand by then is what it is written on: {on_it}")
    between = submitted(centre, rule(30000))
    answer = centre.act_refused(409, "commander", "rule_changes", between["id"], "approve")
    expect(made["number"] in answer.json["detail"], f"another is approved for later: {answer}")
    centre.until(later - 1)
    expect(decide(centre, 80000) == "allow", "a millisecond before")
    centre.until(later)
    centre.wait_state("rule_changes", made["id"], "in_force")
    expect(decide(centre, 80000) == "stop", "and from then on")
    now = centre.read("analyst", "rule_changes", made["id"])
    expect(now["in_force_at"] == centre.text(later), f"{now}")
    # One whose time comes while the daemon is down, and one that cannot come into force any more.
    centre.act("analyst", "rule_changes", on_it["id"], "submit")
    centre.act("approver", "rule_changes", on_it["id"], "approve")
    centre.stop(signal.SIGKILL)
    centre.until(later + 3 * HOUR_MS)
    centre.start()
    centre.wait_state("rule_changes", on_it["id"], "in_force")
    expect(decide(centre, 45000) == "stop", "in force since the start")
    third = submitted(centre, rule(20000), effective_from=centre.text(centre.now_ms + HOUR_MS))
    centre.act("commander", "rule_changes", third["id"], "approve")
    centre.act("approver", "rule_changes", on_it["id"], "withdraw", {"note": "误报过多"})
    expect(decide(centre, 45000) == "allow" and decide(centre, 80000) == "stop", "what stood before stands again")
    centre.later(HOUR_MS)
    centre.wait_state("rule_changes", third["id"], "failed")
    now = centre.read("analyst", "rule_changes", third["id"])
    expect("has changed since" in now["failure"] and decide(centre, 25000) == "allow", f"it says why: {now}")
    waiting = submitted(centre, rule(10000), effective_from=centre.text(centre.now_ms + HOUR_MS))
    centre.act("commander", "rule_changes", waiting["id"], "approve")
    centre.act("approver", "rule_changes", waiting["id"], "withdraw", {"note": "改期"})
    centre.later(2 * HOUR_MS)
    expect(decide(centre, 15000) == "allow" and centre.state("rule_changes", waiting["id"]) == "withdrawn", "never")


def a_file_of_the_folder_is_changed_and_put_back(centre):
    with open(os.path.join(centre.rules, SHIPPED), encoding="utf-8") as file:
        shipped = file.read()
    before, loaded = in_use(centre), file_of(centre, SHIPPED)
    expect((loaded["origin"], loaded["text"], loaded["may_change"]) == ("folder", shipped, True), f"{loaded}")
    expect(file_of(centre, "patterns/city.pattern")["may_change"] is False, "patterns are the folder's")
    first = put_in_force(centre, shipped + rule(70000), path=SHIPPED, seen_sha256=digest(shipped))
    expect(first["base_sha256"] == digest(shipped) and first["base"] is None, f"{first}")
    second = put_in_force(centre, shipped + rule(60000), path=SHIPPED)
    expect(decide(centre, 65000) == "stop" and file_of(centre, SHIPPED)["file_version"] == 2, "changed twice")
    texts = [centre.must("auditor", "GET", f"/v1/rule_changes/{one['id']}/text").json for one in (first, second)]
    expect(texts[0]["base_text"] == shipped and texts[1]["base_text"] == texts[0]["text"] and
           texts[1]["text"] == shipped + rule(60000), "every version can be read, and what it was written on")
    centre.act("commander", "rule_changes", second["id"], "withdraw", {"note": "误报"})
    expect(decide(centre, 65000) == "allow" and decide(centre, 71000) == "stop", "the first again")
    expect(centre.state("rule_changes", first["id"]) == "in_force", "and it says so")
    expect(in_use(centre)["rules_sha256"] == first["rules_sha256"], "the same texts are the same version")
    centre.act("commander", "rule_changes", first["id"], "withdraw", {"note": "误报"})
    expect(decide(centre, 71000) == "allow" and in_use(centre) == before, "as it was shipped")
    third = put_in_force(centre, shipped + rule(50000), path=SHIPPED)
    expect(third["file_version"] == 3, f"a number is never given twice: {third}")
    with open(os.path.join(centre.rules, SHIPPED), encoding="utf-8") as file:
        expect(file.read() == shipped, "the folder was never written to")
    # The folder is whoever runs the daemon's: a new one comes in under what is in force.
    with open(os.path.join(centre.rules, "mule", "own.rule"), "w", encoding="utf-8") as file:
        file.write(rule(30000).replace("large_at_once", "folders_own"))
    centre.process.send_signal(signal.SIGHUP)
    deadline = time.monotonic() + 60
    while decide(centre, 35000) != "stop":
        expect(time.monotonic() < deadline, f"the folder's new file is taken: {in_use(centre)}")
        time.sleep(0.05)
    expect(file_of(centre, SHIPPED)["file_version"] == 3, "and the change stays")
    with open(os.path.join(centre.rules, "mule", "own.rule"), "w", encoding="utf-8") as file:
        file.write(rule(30000))  # twice the same name
    centre.process.send_signal(signal.SIGHUP)
    while in_use(centre)["problem"] is None:
        expect(time.monotonic() < deadline, "what does not load is told")
        time.sleep(0.05)
    expect(decide(centre, 35000) == "stop" and "large_at_once" in in_use(centre)["problem"], f"{in_use(centre)}")


def lists_name_accounts(centre):
    path = "lists/known_mules.list"
    mule = f"card:6222{random.randrange(10**15):015d}"
    centre.refused(403, "analyst", "GET", f"/v1/rules/text?path={path}")
    shown = centre.must("analyst", "GET", f"/v1/rules/text?path={path}", purpose=WHY).json
    expect(shown["is_list"] and file_of(centre, path)["text"] is None, f"only with a purpose: {shown}")
    text = shown["text"] + f"{mule} from 2026-01-01\n"
    made = submitted(centre, text, path=path)
    expect(made["is_list"] and mule not in str(made), f"{made}")
    centre.refused(403, "commander", "GET", f"/v1/rule_changes/{made['id']}/text")
    expect(mule in centre.must("commander", "GET", f"/v1/rule_changes/{made['id']}/text", purpose=WHY).json["text"], "")
    centre.act_refused(403, "administrator", "rule_changes", made["id"], "approve")  # who may not read it
    body = {"id": "list1", "time": centre.text(), "from": "card:6217000000000000001", "to": mule, "amount_fen": 5000000}
    expect(centre.must("analyst", "POST", "/v1/decisions", {**body, "id": "list0"}).json["action"] == "allow", "not yet")
    centre.act("commander", "rule_changes", made["id"], "approve")
    expect(centre.must("analyst", "POST", "/v1/decisions", body).json["action"] != "allow", "known from now on")
    audit = centre.get("auditor", "/v1/audit?act=view_shown&kind=rule_change").json["items"]
    expect(len([row for row in audit if row["purpose"] == WHY]) >= 2, f"who read it, and what for: {audit}")


def a_change_is_tried_over_the_log(centre):
    for yuan in (100, 65000, 75000, 85000):
        decide(centre, yuan, label="laundering")
    made = submitted(centre, rule(70000, version=2))

    def test(**body):
        answer = centre.must("analyst", "POST", "/v1/back-tests", body)
        deadline = time.monotonic() + 60
        while True:
            job = centre.get("analyst", f"/v1/jobs/{answer.json['id']}").json
            if job["state"] not in ("queued", "running"):
                break
            expect(time.monotonic() < deadline, f"the job does not end: {job}")
            time.sleep(0.02)
        expect(job["state"] == "done", f"{job}")
        rows = centre.get("analyst", job["result"]).json["rows"]
        return next(row["findings"] for row in rows if row["name"] == "mule_account")

    expect(test() == 0, "the rules in force find nothing")
    expect(test(change=made["id"]) == 2, "with the change two transfers more")
    expect(test(draft=PATH, draft_text=rule(60000)) == 3, "and with a text that nobody saved")
    centre.refused(403, "investigator", "POST", "/v1/rules/check", {"change": made["id"]})
    checked = centre.must("commander", "POST", "/v1/rules/check", {"change": made["id"]}).json
    expect(checked["ok"] and checked["sha256"] == made["rules_sha256"], f"{checked}")
    # As a draft it runs beside the live ones and stops nobody.
    beside = put_in_force(centre, rule(60000, status="draft"), path="mule/beside.rule")
    expect(decide(centre, 65000) == "allow" and beside["state"] == "in_force", "a draft rule never acts")


def kills_leave_record_and_decisions_agreed(centre):
    seed = random.randrange(1 << 30)
    print(f"      seed {seed}")
    choose = random.Random(seed)
    at = 90000
    for attempt in range(6):
        at -= 1000
        made = submitted(centre, rule(at))
        token, version, port = centre.token("commander"), centre.version("rule_changes", made["id"]), centre.port

        def approve():
            import http.client
            try:
                connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
                connection.request("POST", f"/v1/rule_changes/{made['id']}/approve", "{}",
                                   {"Content-Type": "application/json", "Authorization": "Bearer " + token,
                                    "If-Match": f'"{version}"'})
                connection.getresponse().read()
            except OSError:
                pass

        thread = threading.Thread(target=approve)
        thread.start()
        time.sleep(choose.random() * 0.02)
        centre.restart(signal.SIGKILL)
        thread.join()
        state = centre.state("rule_changes", made["id"])
        if state == "approved":
            centre.wait_state("rule_changes", made["id"], "in_force")
            state = "in_force"
        expect(state in ("submitted", "in_force"), f"one or the other: {state}")
        expect(decide(centre, at + 500) == ("stop" if state == "in_force" else "allow"), f"decided as recorded: {state}")
        expect(in_use(centre)["problem"] is None, f"{in_use(centre)}")
        if state == "in_force":
            now = centre.read("analyst", "rule_changes", made["id"])
            expect(in_use(centre)["rules_sha256"] == now["rules_sha256"], "and the version is that of the record")
        else:
            centre.act("commander", "rule_changes", made["id"], "approve")
            expect(decide(centre, at + 500) == "stop", "it can be done again")
    centre.restart()
    expect(decide(centre, at + 500) == "stop", "after an orderly restart too")
    expect(file_of(centre)["file_version"] == 6, f"{file_of(centre)}")


def consoles_hear_of_it(centre):
    import http.client
    connection = http.client.HTTPConnection("127.0.0.1", centre.port, timeout=60)
    connection.request("GET", "/v1/events", headers={"Authorization": "Bearer " + centre.token("analyst"),
                                                     "Accept": "text/event-stream"})
    stream = connection.getresponse()
    made = submitted(centre, rule(70000))
    centre.act("commander", "rule_changes", made["id"], "approve")
    heard = ""
    while '"act":"take_effect"' not in heard:
        heard += stream.fp.readline().decode()
    for act in ("create", "submit", "approve", "take_effect"):
        expect(f'"kind":"rule_change","id":{made["id"]},"act":"{act}"' in heard, f"{act}: {heard}")
    expect("large_at_once" not in heard, "ids only")
    connection.close()


def the_command_line_knows_them(centre):
    """What is in force is read from the database when no daemon has it: checked, shown, and judged by."""
    def sluice(*arguments, code=0):
        done = subprocess.run([BIN, *arguments, "--db", centre.database], capture_output=True, text=True, check=False)
        expect(done.returncode == code, f"sluice {arguments}: {done.returncode} {done.stdout}{done.stderr}")
        return done.stdout + done.stderr

    for yuan in (100, 65000, 75000, 85000):
        decide(centre, yuan, label="laundering")
    centre.until(centre.now_ms + 1000)
    sluice("rules", "changes", code=1)  # a daemon has it
    centre.stop()
    expect("no change of rules" in sluice("rules", "changes"), "none yet")
    before = sluice("rules", "check", centre.rules)
    centre.start()
    text = rule(70000)
    made = put_in_force(centre, text)
    submitted(centre, rule(60000).replace("large_at_once", "waiting"), path="mule/waiting.rule")  # not approved: of no effect
    centre.stop()
    listed = sluice("rules", "changes")
    expect(listed.count("\n") == 1 and PATH in listed and f"change {made['id']}" in listed and
           hashlib.sha256(text.encode()).hexdigest() in listed, listed)
    expect(sluice("rules", "text", PATH) == text, "its text")
    sluice("rules", "text", SHIPPED, code=1)
    with_it = sluice("rules", "check", centre.rules)
    expect(made["rules_sha256"] in with_it and with_it != before, f"{with_it}, not {made['rules_sha256']}")
    found = [json.loads(line) for line in sluice("detect", "--rules", centre.rules, "--in-force").splitlines()]
    expect(len([one for one in found if one["rules_sha256"] == made["rules_sha256"]]) == len(found) == 2, f"{found}")
    expect(sluice("detect", "--rules", centre.rules) == "", "the folder alone finds nothing")
    report = sluice("detect", "--rules", centre.rules, "--in-force", "--against", centre.rules, "-o", "report")
    expect("mule_account" in report, report)


def own_folder(test):
    """A copy of the shipped rules for a test that shows what happens to the folder."""
    def run_it(centre):
        centre.stop()
        folder = os.path.join(centre.folder, "rules")
        shutil.copytree(os.path.join(ROOT, "rules"), folder)
        centre.rules = folder
        centre.start()
        test(centre)
    run_it.__name__ = test.__name__
    return run_it


if __name__ == "__main__":
    only = os.environ.get("ONLY", "")
    run([own_folder(test) for test in
         (a_change_goes_its_way, who_may_not_is_refused, what_does_not_load_is_not_saved,
          what_it_was_written_on_must_stand, a_moment_is_kept_to_the_millisecond,
          a_file_of_the_folder_is_changed_and_put_back, lists_name_accounts, a_change_is_tried_over_the_log,
          kills_leave_record_and_decisions_agreed, consoles_hear_of_it, the_command_line_knows_them) if only in test.__name__],
        rules=os.path.join(ROOT, "rules"))
