"""Every act of every kind, over HTTP, as the served document and workflow tables name them: each is done in a scene
(act_scenes.py), in a centre that tries before what must be refused (probes.py). In the end each route that changes something must
have been done, sent twice, and refused to whom and when it must be: a new act fails here until a scene does it."""

import os
import socket

import act_scenes
from centre import Check, expect, run
from probes import CITY, ProbingCentre, Probes
from rule_changes import ROOT, own_folder

PROBES = Probes()


class Tried(ProbingCentre):
    def __init__(self, *given, **more):
        super().__init__(*given, **more)
        self.probes = PROBES


# What has no place: seen and, by those who may, done by all districts alike. (A handover is seen by both its sides, jurisdiction.py.)
EVERYBODYS = {"handover", "user", "unit", "area", "key", "dated", "material", "opt_out", "import", "rule_change", "series", "series_link",
              "partner_link", "delivery", "outlet", "card", "alliance_partner", "operation", "audience", "punishment"}


def wanted_of(route):
    """What must have been tried of a route, from what the document and the table say of it."""
    wanted = {"done", "nobody", "oversized"}
    is_bulk = route.path.endswith("/acts")
    kind = PROBES.kinds[route.parts[0]]
    act = next((act for act in kind["acts"] if route.on_record and act["name"] == route.parts[2]), None)
    if route.takes_json:
        wanted |= {"malformed", "unknown field", "wrong type"}
    if route.is_repeatable:
        wanted.add("replayed")
    if route.has_version:
        wanted |= {"stale", "no version"}
    if len(set(route.roles)) < 9:
        wanted.add("role")
    if act and {"city", "district"} & set(act["conditions"]):
        wanted.add("level")
    if route.on_record and not is_bulk and kind["kind"] not in EVERYBODYS:
        wanted.add("district")
    if act and set(act["from"]) not in ({"*"}, set(kind.get("states", act["from"]))):
        wanted.add("state")
        if any((kind["kind"], act["name"]) == tried[:2] for tried in PROBES.wrong_states):
            PROBES.ledger[route.name].add("state")
    return wanted


def every_act_was_tried(c):
    PROBES.learn(c)
    missing = [f"{route.name}: {name}" for route in PROBES.routes for name in sorted(wanted_of(route) - PROBES.ledger[route.name])]
    print(f"      {len(PROBES.routes)} routes, {PROBES.count} refusals, {len(PROBES.wrong_states)} of them for the state")
    print(f"      everybody's: {sorted(PROBES.everybodys)}")
    expect(PROBES.everybodys <= EVERYBODYS, f"other districts see {PROBES.everybodys - EVERYBODYS}")
    expect(not missing, "not tried:\n" + "\n".join(missing))


def slow_clients(c):
    """A body that never ends, on every route: cut off, and nothing was made."""
    c.extra = [*c.extra, "--header-timeout", "3s"]
    c.restart()
    PROBES.learn(c)
    lists = lambda: {name: c.must(reader(kind), "GET", f"/v1/{name}?limit=1").json["items"]  # noqa: E731
                     for name, kind in PROBES.kinds.items() if kind["kind"] != "user"}
    for who in CITY.values():
        c.token(who)
    before, open_ones = lists(), []
    for route in PROBES.routes:
        connection = socket.create_connection(("127.0.0.1", c.port), timeout=60)
        path = route.path.replace("{id}", "1") + ("" if route.takes_json else "?name=a.csv")
        media = "application/json" if route.takes_json else "text/csv"
        who = CITY[route.roles[0]] if route.roles else "duty"
        connection.sendall(f"POST {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {c.token(who)}\r\nIf-Match: \"1\"\r\n"
                           f"Sluice-Purpose: abcdef\r\nContent-Type: {media}\r\nContent-Length: 500\r\n\r\n{{".encode())
        open_ones.append((route, connection))
    for route, connection in open_ones:
        got = b""
        try:
            while chunk := connection.recv(65536):
                got += chunk
        except TimeoutError:
            raise Check(f"{route.name}: half a body is waited for") from None
        expect(got.startswith(b"HTTP/1.1 4"), f"{route.name}: {got[:200]}")
        connection.close()
    expect(lists() == before, "half a body made something")
    print(f"      {len(open_ones)} slow bodies were cut off")


def reader(kind):
    return next(CITY[role] for role in ["commander", "administrator", "auditor"] if role in kind["readers"].split(","))


if __name__ == "__main__":
    tests = [own_folder(scene) if scene is act_scenes.rules else scene for scene in act_scenes.ALL]
    run([*tests, every_act_was_tried, slow_clients], made_by=Tried, rules=os.path.join(ROOT, "rules"))
