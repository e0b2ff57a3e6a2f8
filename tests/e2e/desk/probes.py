"""Probes around each act of the desk, drawn from /openapi.json and /v1/workflows: the first time that a walk does an act,
everybody and everything that must not do it is tried before, on the very record and with the very body that then succeeds; then
the act itself, sent twice. What was refused must have changed nothing. A ledger says what was tried of which route."""

import collections
import json
import re
import time

from centre import Centre, expect

CITY = {"duty": "duty", "analyst": "analyst", "investigator": "investigator", "commander": "commander", "approver": "approver",
        "outreach": "outreach", "auditor": "auditor", "administrator": "administrator", "partner": "bank"}
OVERSIZED = 10**15  # above what anything takes


class Route:
    def __init__(self, path, operation):
        self.path, self.name = path, operation["operationId"]
        self.roles = operation.get("x-sluice-roles", [])
        self.parts = path.split("/")[2:]
        self.has_version = any(p["name"] == "If-Match" for p in operation["parameters"])
        self.is_repeatable = any(p["name"] == "Idempotency-Key" for p in operation["parameters"])
        self.takes_json = "application/json" in operation.get("requestBody", {}).get("content", {})
        self.pattern = re.compile("^" + re.sub(r"\{[^}]*\}", r"(\\d+)", path) + "$")

    @property
    def on_record(self):
        """/v1/stops/{id}/approve, and what is made below a record: /v1/cases/{id}/tasks."""
        return len(self.parts) == 3 and self.parts[1].startswith("{")


class Probes:
    """One for all centres of a test: the ledger is of all of them."""

    def __init__(self):
        self.ledger = collections.defaultdict(set)  # route's name → what was tried
        self.wrong_states = set()                   # (kind, act, state) refused with 409
        self.everybodys = set()                     # kinds whose records other districts see
        self.routes, self.kinds, self.count, self.is_busy = None, {}, 0, False

    def learn(self, c):
        paths = c.send("GET", "/openapi.json").json["paths"]
        self.kinds = {kind["collection"]: kind for kind in c.get("duty", "/v1/workflows").json["items"] if kind["collection"]}
        self.routes = [Route(path, item["post"]) for path, item in paths.items()
                       if "post" in item and path.split("/")[2:3] and path.split("/")[2] in self.kinds]

    def through(self, c, who, path, body, more):
        """The request, with all probes around it where it is the first of its route."""
        if self.routes is None:
            self.learn(c)
        path_alone = path.split("?")[0]
        route = next((r for r in self.routes if r.pattern.match(path_alone)), None)
        if route is None or "done" in self.ledger[route.name] or (path != path_alone and not isinstance(body, bytes)):
            return c.call(who, "POST", path, body, **more)
        return Probe(self, c, route, who, path, body, more).run()


class Probe:
    def __init__(self, probes, c, route, who, path, body, more):
        self.probes, self.c, self.route, self.who, self.path, self.body = probes, c, route, who, path, body
        self.more = more
        self.kind = probes.kinds[route.parts[0]]
        self.number = int(route.pattern.match(path.split("?")[0]).group(1)) if route.on_record else None
        self.act = next((act for act in self.kind["acts"] if route.on_record and act["name"] == route.parts[2]), None)
        self.is_child = route.on_record and route.parts[2] in {child["name"] for child in self.kind["children"]}
        self.reader = next(CITY[role] for role in ["commander", "administrator", "auditor", "duty", "analyst"]
                           if role in self.kind["readers"].split(","))
        self.tried = probes.ledger[route.name]
        # What is refused for other reasons than its body does not have to be 8 MB.
        self.small = body if isinstance(body, bytes) or len(json.dumps(body)) < 100_000 else {}

    # ---- what is there ----

    def standing(self):
        """All that a refused request could have changed: the record with its history, or the newest of the collection."""
        at = f"/v1/{self.route.parts[0]}"
        if self.number is None:
            return self.c.must(self.reader, "GET", at + "?limit=3").json["items"]
        record = self.c.must(self.reader, "GET", f"{at}/{self.number}").json
        history = self.c.must(self.reader, "GET", f"{at}/{self.number}/history?limit=3").json["items"]
        below = {}
        if self.is_child:
            below = self.c.must(self.reader, "GET", self.path + "?limit=3").json["items"]
        return record, history, below

    def refused(self, name, statuses, answer, before):
        said = f"{self.route.name}: {name}: {answer}"
        expect(answer.status in statuses, said)
        expect(answer.headers["content-type"].startswith("application/problem+json") and answer.json["status"] == answer.status
               and answer.json["detail"] and answer.json["request"], "no problem: " + said)
        expect(self.standing() == before, f"it was refused and something changed: {said}")
        self.tried.add(name)
        self.probes.count += 1

    def send(self, who, body, version="right", **more):
        given = dict(self.more, **more)
        given["headers"] = {**self.more.get("headers", {}), **more.get("headers", {})}
        given.pop("key", None)
        if version != "right":
            given["version"] = version
        return self.c.call(who, "POST", self.path, body, **given)

    # ---- who must not ----

    def by_role(self, before):
        for role, who in CITY.items():
            if self.route.roles and role not in self.route.roles:
                self.refused("role", (403,), self.send(who, self.small), before)
                return

    def by_level(self, before):
        """A commander of the district, or of the station, where that does not suffice."""
        for condition, place in [("city", "a"), ("district", "s")]:
            if self.act and condition in self.act["conditions"]:
                role = self.act["roles"].split(",")[0]
                self.refused("level", (403, 404), self.send(self.officer(place, role), self.small), before)

    def officer(self, place, role):
        login = f"{place}.{role}"
        if login not in Centre.ROLES:
            Centre.ROLES[login] = (role, place)
        return login

    def by_district(self, before):
        """Another district's officer with the right role. Of a kind that has no place he may see the record: every_act.py says
        which those are."""
        if self.number is None:
            return
        place = "a" if before[0].get("district") == self.c.units["b"] else "b"
        role = next((r for r in ["commander", "duty", "investigator", "approver", "analyst", "outreach"] if r in self.route.roles), None)
        other = "other_bank" if role is None else self.officer(place, role)
        if role is None and "partner" not in self.route.roles:
            return  # an administrator's
        if self.c.get(other, f"/v1/{self.route.parts[0]}/{self.number}").status == 200:
            self.probes.everybodys.add(self.kind["kind"])
            return
        self.refused("district", (403, 404), self.send(other, self.small), before)

    # ---- what must not ----

    def by_version(self, before):
        if self.route.has_version:
            version = before[0]["version"]
            self.refused("stale", (412,), self.send(self.who, self.small, version=version + 1), before)
            self.refused("stale", (412,), self.send(self.who, self.small, version=version - 1 or 999), before)
            self.refused("no version", (428,), self.send(self.who, self.small, version=None), before)

    def by_body(self, before):
        json_type = {"Content-Type": "application/json"}
        if self.route.takes_json:
            for bad in [b'{"note":', b"\xff\xfe", b'{"a":1}{"b":2}', b"[" * 400 + b"]" * 400]:
                self.refused("malformed", (400, 422), self.send(self.who, bad, headers=json_type), before)
            for bad in [[], "x", 7]:
                self.refused("malformed", (400, 422), self.send(self.who, bad), before)
            more = dict(self.small or {}, nobody_has_this_field=1)
            self.refused("unknown field", (400, 422), self.send(self.who, more), before)
            self.refused("wrong type", (415,), self.send(self.who, b"{}", headers={"Content-Type": "text/plain"}), before)
        self.refused("oversized", (413,), self.oversized(), before)

    def oversized(self, path=None):
        """Said to be larger than anything: refused before a byte of it is sent."""
        connection = self.c.connect()
        connection.putrequest("POST", path or self.path)
        connection.putheader("Authorization", "Bearer " + self.c.token(self.who))
        connection.putheader("Content-Type", "application/json" if self.route.takes_json else "text/csv")
        if self.more.get("purpose"):
            connection.putheader("Sluice-Purpose", "abcdef")
        connection.putheader("Content-Length", str(OVERSIZED))
        if self.route.has_version:
            connection.putheader("If-Match", f'"{self.more.get("version")}"')
        connection.endheaders()
        answer = Answered(connection.getresponse())
        connection.close()
        return answer

    def by_nobody(self, before):
        self.refused("nobody", (401,), self.send(None, self.small), before)
        self.refused("nobody", (401,), self.send(None, self.small, headers={"Authorization": "Bearer " + "A" * 43}), before)

    # ---- when it must not ----

    def in_this_state(self, before):
        """All other acts of the kind that are not for the state that the record is in."""
        record = before[0] if self.number is not None else {}
        if "state" not in record:
            return
        for act in self.kind["acts"]:
            key = (self.kind["kind"], act["name"], record["state"])
            if act["by_clock"] or not act["from"] or act["from"] == ["*"] or record["state"] in act["from"] or \
                    key in self.probes.wrong_states:
                continue
            path = f"/v1/{self.route.parts[0]}/{self.number}/{act['name']}"
            if not any(r.pattern.match(path) for r in self.probes.routes):
                continue
            for role in sorted(act["roles"].split(","), key=lambda name: name != "commander"):
                answer = self.c.call(CITY[role], "POST", path, self.inputs_of(act), version=record["version"])
                is_late = answer.status == 202 and self.failed(answer)  # a job's refusal is its end
                expect(is_late or answer.status in (403, 404, 409), f"{key}: {answer}")
                now = self.c.must(self.reader, "GET", f"/v1/{self.route.parts[0]}/{self.number}").json
                expect(now == record, f"{key} was refused and changed something: {now}")
                if is_late or answer.status == 409:
                    self.probes.wrong_states.add(key)
                    self.probes.count += 1
                    break

    def failed(self, answer):
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            job = self.c.must("analyst", "GET", answer.headers["location"]).json
            if job["state"] not in ("queued", "running"):
                return job["state"] == "failed" and bool(job["detail"])
            time.sleep(0.02)
        return False

    def inputs_of(self, act):
        """Something for each input that is required."""
        values = {"integer": 1, "money": 1, "reference": 1, "boolean": True, "time": self.c.text(), "duration": "1h", "json": [],
                  "text": "x", "key": "account:1", "blob": "YWJj"}
        return {field["name"]: self.code_of(field) if field["type"] == "code" else values[field["type"]]
                for field in act["inputs"] if field["required"] or field["codes"]}

    def code_of(self, field):
        if field["codes"]:
            return field["codes"][0]
        return self.c.must("commander", "GET", f"/v1/dated?name={field['target']}&limit=1").json["items"][0]["code"]

    def in_bulk(self, before):
        """The kind's bulk route, with this act and a version that does not hold: a result for the row, and nothing done."""
        route = next((r for r in self.probes.routes if r.path == f"/v1/{self.route.parts[0]}/acts"), None)
        if self.act is None or route is None or "done" in self.probes.ledger[route.name] or "own_route" in self.act:
            return
        tried, send = self.probes.ledger[route.name], self.c.call
        body = {"act": self.act["name"], "items": [{"id": self.number, "version": before[0]["version"] + 1}], "input": self.body or {}}

        def refused(name, statuses, answer):
            expect(answer.status in statuses and answer.json["detail"], f"{route.name}: {name}: {answer}")
            expect(self.standing() == before, f"{route.name}: {name}: it changed something")
            tried.add(name)
            self.probes.count += 1

        outsider = next((who for role, who in CITY.items() if role not in route.roles), None)
        refused("nobody", (401,), send(None, "POST", route.path, body))
        if outsider:
            refused("role", (403,), send(outsider, "POST", route.path, body))
        refused("unknown field", (400, 422), send(self.who, "POST", route.path, {**body, "x": 1}))
        refused("malformed", (400, 422), send(self.who, "POST", route.path, {**body, "act": "nobody_has_this_act"}))
        refused("malformed", (400, 422), send(self.who, "POST", route.path, {**body, "items": body["items"] * 1001}))
        refused("malformed", (400, 422), send(self.who, "POST", route.path, b"[", headers={"Content-Type": "application/json"}))
        refused("wrong type", (415,), send(self.who, "POST", route.path, b"{}", headers={"Content-Type": "text/plain"}))
        refused("oversized", (413,), self.oversized(route.path))
        key = f"bulk-{route.name}-{time.monotonic_ns()}"
        first = send(self.who, "POST", route.path, body, key=key)
        again = send(self.who, "POST", route.path, body, key=key)
        expect(first.status == 200 and first.json["done"] == 0 and first.json["refused"] == 1, f"{route.name}: {first}")
        expect(first.json["results"][0]["why"], f"{route.name}: {first}")
        expect(again.json == first.json and again.headers.get("idempotency-replayed") == "true", f"{route.name}: {again}")
        expect(self.standing() == before, f"{route.name}: with a stale version it changed something")
        tried.update(["stale", "replayed", "done"])

    # ---- the act itself, and again ----

    def done(self):
        """What the act has made, or how often it was done: what the clock and the gateways go on to do is not counted."""
        at = f"/v1/{self.route.parts[0]}"
        if self.act is None:
            return [row["id"] for row in self.c.must(self.reader, "GET", (self.path if self.is_child else at) + "?limit=3").json["items"]]
        history = self.c.must(self.reader, "GET", f"{at}/{self.number}/history").json["items"]
        return [row["id"] for row in history if row["act"] == self.act["name"]]

    def twice(self):
        key = self.more.get("key") or f"probe-{self.route.name}-{time.monotonic_ns()}"
        first = self.c.call(self.who, "POST", self.path, self.body, **dict(self.more, key=key))
        if first.status >= 300 or not self.route.is_repeatable:
            return first
        after = self.done()
        again = self.c.call(self.who, "POST", self.path, self.body, **dict(self.more, key=key))
        said = f"{self.route.name} again: {first} and {again}"
        expect(again.status == first.status and again.json == first.json, said)
        expect(again.headers.get("idempotency-replayed") == "true", said)
        expect(self.done() == after, "it happened twice: " + said)
        if self.route.takes_json:
            body = json.dumps(self.body or {}).encode() + b" "
            other = self.c.call(self.who, "POST", self.path, body, **dict(
                self.more, key=key, headers={"Content-Type": "application/json"}))
            expect(other.status == 409 and self.done() == after, f"{self.route.name} with the key of another: {other}")
        self.tried.add("replayed")
        self.probes.count += 1
        return first

    def run(self):
        if self.route.parts[0] == "users":
            for who in [*CITY.values(), "a.commander", "b.commander", "s.commander"]:
                self.c.token(who)  # makes them
        before = self.standing()
        for probe in [self.by_nobody, self.by_role, self.by_level, self.by_district, self.by_version, self.by_body,
                      self.in_this_state, self.in_bulk]:
            probe(before)
        answer = self.twice()
        if answer.status < 300:
            self.tried.add("done")
            self.after(answer)
        return answer

    def after(self, answer):
        """The state that the act led to, unless the clock or a gateway goes on from it."""
        if self.act is None and (self.number is not None or not isinstance(answer.json.get("id"), int)):
            return
        self.number = self.number or answer.json["id"]
        now = self.c.must(self.reader, "GET", f"/v1/{self.route.parts[0]}/{self.number}").json
        if not any(act["by_clock"] and now.get("state") in act["from"] for act in self.kind["acts"]):
            self.in_this_state((now,))


class Answered:
    """An answer of a connection of its own, read like the centre's."""

    def __init__(self, response):
        self.status, self.headers = response.status, {k.lower(): v for k, v in response.getheaders()}
        self.raw = response.read()
        self.json = json.loads(self.raw)

    def __repr__(self):
        return f"{self.status} {self.raw[:300]!r}"


class ProbingCentre(Centre):
    """A centre in which each act that succeeds is probed first."""

    probes = None  # set by the test

    def make_user(self, *given):
        was, self.probes.is_busy = self.probes.is_busy, True
        try:
            super().make_user(*given)
        finally:
            self.probes.is_busy = was

    def must(self, who, method, path, body=None, **more):
        if method != "POST" or self.probes is None or self.probes.is_busy:
            return super().must(who, method, path, body, **more)
        self.probes.is_busy = True
        try:
            answer = self.probes.through(self, who, path, body, more)
        finally:
            self.probes.is_busy = False
        expect(answer.status < 300, f"{who}: POST {path} {body}: {answer}")
        return answer
