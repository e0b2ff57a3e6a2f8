"""A folder of rules and approved changes that do not load together, as after an update: the start is refused and says what to
do; an operator who says so goes on with the folder alone, and everybody is told; what was approved comes back when it can."""

import json
import os
import signal
import subprocess
import time

from centre import BIN, expect, run
from rule_changes import ROOT, decide, in_use, own_folder, put_in_force, rule

CLASH = "mule/of_the_update.rule"


def refused_start(c):
    done = subprocess.run([BIN, "serve", "--db", c.database, "--listen", "127.0.0.1:0", "--rules", c.rules, "--clock", c.clock_path],
                          capture_output=True, text=True, timeout=120)
    expect(done.returncode == 1, f"it started: {done}")
    return done.stderr


def clash(c):
    """What an update might bring: a rule of the same name in another file."""
    with open(os.path.join(c.rules, CLASH), "w", encoding="utf-8") as file:
        file.write(rule(900000))


def ready(c):
    return c.send("GET", "/readyz").json


def degraded(c):
    return "sluice_rules_folder_only 1\n" in c.send("GET", "/metrics").raw.decode()


def wait_until_ready(c, is_whole=False):
    """It is loaded right after the commit, or the signal: a moment of real time. While the rules are being loaded it is not ready at all."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        said = ready(c)
        if said.get("status") == "ready" and not (is_whole and "degraded" in said):
            return
        time.sleep(0.02)


def wait_until_whole(c):
    wait_until_ready(c, is_whole=True)


def log_of(c):
    with open(c.log.name, encoding="utf-8") as file:
        return [json.loads(line) for line in file if line.startswith("{")]


def the_start_is_refused_and_says_what_to_do(c):
    put_in_force(c, rule(60000))
    approved = in_use(c)["rules_sha256"]
    c.stop()
    clash(c)
    said = refused_start(c)
    for word in ["large_at_once", "do not load together", "--rules-folder-only", "docs/rules.md"]:
        expect(word in said, f"{word} is not said: {said}")
    # Put back, it decides by what was approved, to the byte.
    os.remove(os.path.join(c.rules, CLASH))
    c.start()
    expect(in_use(c)["rules_sha256"] == approved and in_use(c)["problem"] is None, f"{in_use(c)}")


def the_folder_alone_decides_and_everybody_is_told(c):
    made = put_in_force(c, rule(60000))
    expect(decide(c, 70000) != "allow", "the change decides")
    approved = in_use(c)["rules_sha256"]
    c.stop()
    clash(c)
    c.extra.append("--rules-folder-only")
    c.start()
    shown = in_use(c)
    expect(shown["deciding"] and shown["rules_sha256"] != approved, f"other rules than were approved, and it is told: {shown}")
    expect("large_at_once" in shown["problem"] and c.folder not in shown["problem"], f"why: {shown}")
    expect(ready(c)["degraded"] == "rules_folder_only" and degraded(c), "what watches it is told")
    expect(decide(c, 70000) == "allow" and decide(c, 950000) != "allow", "the folder's rule decides")
    rows = c.must("auditor", "GET", "/v1/audit?act=rules_folder_only").json["items"]
    expect(len(rows) == 1 and rows[0]["detail"] == shown["rules_sha256"], f"{rows}")
    expect(any(line["event"] == "rules" and line["level"] == "error" and "ALONE" in line["text"] for line in log_of(c)), "in the log")
    # The record of the change is as it was: it was approved, and waits.
    expect(c.read("analyst", "rule_changes", made["id"])["state"] == "in_force", "its record")
    # Two people take it back: from there on folder and records agree again.
    c.act("commander", "rule_changes", made["id"], "withdraw", {"note": "与新版规则重名"})
    wait_until_whole(c)
    expect("degraded" not in ready(c) and not degraded(c) and in_use(c)["problem"] is None, f"{ready(c)} {in_use(c)}")
    expect(in_use(c)["rules_sha256"] == shown["rules_sha256"], "the same rules, now by the book")


def a_mended_folder_brings_back_what_was_approved(c):
    put_in_force(c, rule(60000))
    approved = in_use(c)["rules_sha256"]
    c.stop()
    clash(c)
    c.extra.append("--rules-folder-only")
    c.start()
    c.process.send_signal(signal.SIGHUP)
    time.sleep(0.1)
    wait_until_ready(c)
    expect(ready(c).get("degraded") == "rules_folder_only", "SIGHUP on what is not mended")
    os.remove(os.path.join(c.rules, CLASH))
    c.process.send_signal(signal.SIGHUP)
    wait_until_whole(c)
    expect(in_use(c)["rules_sha256"] == approved and in_use(c)["problem"] is None and not degraded(c), f"{in_use(c)}")
    expect(decide(c, 70000) != "allow", "the approved change decides again")
    # Where they load together, the option changes nothing.
    c.restart()
    expect(in_use(c)["rules_sha256"] == approved and "degraded" not in ready(c), f"{in_use(c)}")


if __name__ == "__main__":
    run([own_folder(each) for each in (the_start_is_refused_and_says_what_to_do,
                                       the_folder_alone_decides_and_everybody_is_told,
                                       a_mended_folder_brings_back_what_was_approved)],
        rules=os.path.join(ROOT, "rules"))
