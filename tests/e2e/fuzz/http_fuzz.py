"""Asks the real daemon everything that /openapi.json says and much that it does not, signed in and not, over TLS and in the
clear, as a partner and as each role; broken JSON, queries, headers, framing, connections. Findings: a 5xx, an answer that is
not HTTP, not documented, or not of its schema; a refusal that is no problem, or changed something; a daemon that hangs, ends
or keeps what it was given; and what the sanitizers of its build say.

    SLUICE_BIN=build/asan/bin/sluice python3 tests/e2e/fuzz/http_fuzz.py --seed 7 --minutes 15
    … --seed 1 --requests 6000        # what the test does

The same seed asks the same, as far as the answers are the same."""

import argparse
import os
import random
import re
import subprocess
import sys
import tempfile
import time

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", "..", ".."))
sys.path[:0] = [os.path.join(ROOT, "tests", "e2e", name) for name in ("desk", "console", "gateway")]

import centre as centre_module  # noqa: E402
import scene  # noqa: E402
import scene_command  # noqa: E402
import scene_govern  # noqa: E402
from centre import BIN, Centre  # noqa: E402
from document import HOSTILE_TEXTS, Values, operations_of, random_word  # noqa: E402
from judge import Judge, Standing  # noqa: E402
from wire import Broken, Line, Request  # noqa: E402

SELDOM = {"session", "users", "keys", "units", "backups"}  # they take a password's time, or our own rights
LOGINS = ["administrator", "duty", "analyst", "investigator", "commander", "approver", "outreach", "auditor", "a.duty", "b.commander",
          "s.duty", "bank.teller"]
METHODS = ["PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "CONNECT", "BREW", "get", "P" * 300, "GET\t"]
PATHS = ["/", "//", "/v1", "/v1/../healthz", "/%00", "/%2e%2e/", "/v1/cases/0", "/v1/cases/-1", "/v1/cases/18446744073709551616",
         "/v1/cases/1;x=1", "/v1/cases/1/", "/v1/cases/%31", "*", "http://other/healthz", "/v1/cases/1%0d%0aX:1", "/" + "a/" * 1500,
         "/v1/accounts/%ff", "/v1/accounts/" + "%E4" * 300, "/assets/../../etc/passwd", "/console/", "/warnings/1"]
HEADERS = [("Content-Type", "text/plain"), ("Content-Type", "application/json; charset=gbk"), ("Content-Encoding", "gzip"),
           ("Accept", "text/html"), ("Accept", "*/*;q=0"), ("Accept", ","), ("If-Match", "*"), ("If-Match", "W/\"1\""), ("If-Match", "\"x\""),
           ("If-Match", "1"), ("If-None-Match", "*"), ("Idempotency-Key", ""), ("Idempotency-Key", "x" * 300), ("Idempotency-Key", "same"),
           ("Sluice-Purpose", "%E6%9F%A5"), ("Sluice-Purpose", "%ff"), ("Sluice-Purpose", "x" * 2000), ("Origin", "https://evil.test"),
           ("Sluice-CSRF", ""), ("Cookie", "sluice_session=" + "A" * 43), ("Cookie", ";;=;=;"), ("Cookie", "sluice_device=x"),
           ("Last-Event-ID", "x-1"), ("Connection", "close"), ("Connection", "upgrade"), ("Upgrade", "h2c"), ("Expect", "100-continue"),
           ("Expect", "200-ok"), ("Range", "bytes=0-1"), ("X-Forwarded-For", "127.0.0.1"), ("Host", "other"), ("X" * 4000, "y"),
           ("X-Long", "y" * 9000), ("Sluice-Signature", "x"), ("Sluice-Timestamp", "-1"), ("Accept-Language", "zh;q=x"), ("TE", "trailers")]


class Person:
    """Somebody who asks: by a session's token, its cookie, or a partner's key."""

    def __init__(self, centre, who, role):
        self.centre, self.who, self.role, self.by_cookie = centre, who, role, False

    def headers(self, by_cookie=False):
        token = self.centre.token(self.who)
        if by_cookie:
            return [("Cookie", "sluice_session=" + token), ("Sluice-CSRF", "1")]
        return [("Authorization", "Bearer " + token)]

    def sign_in_again(self):
        if self.who in self.centre.users:
            self.centre.tokens.pop(self.who, None)
            self.centre.token(self.who)


class Fuzz:
    def __init__(self, centre, seed, tls, only):
        self.centre, self.random, self.tls, self.count = centre, random.Random(seed), tls, 0
        document = centre.send("GET", "/openapi.json").json
        self.operations = operations_of(document)
        self.asked = [operation for operation in self.operations if re.search(only, operation.name)]
        self.values = Values(document, self.random, centre.now_ms)
        self.judge = Judge(document)
        self.people = {who: Person(centre, who, Centre.ROLES.get(who, (who,))[0]) for who in LOGINS}
        self.people["bank"] = Person(centre, "bank", "partner")
        for person in self.people.values():
            person.headers()
        self.weights = [0.03 if operation.tag in SELDOM else 2 if operation.is_change else 1 for operation in self.asked]
        self.standing = Standing(centre, self.line, self.operations, self.people)
        self.kept, self.kept_at, self.left = None, 0.0, []
        self.cut = self.cut_by_time()

    def line(self):
        return Line(self.centre.port, self.tls)

    # ---- making ----

    def who_for(self, operation):
        fit = [person for person in self.people.values() if not operation.roles or person.role in operation.roles]
        return self.random.choice(fit if fit and self.random.random() < 0.8 else list(self.people.values()))

    def credentials(self, operation):
        dice = self.random.random()
        if dice < 0.04:
            return []
        if dice < 0.06:
            return [("Authorization", self.random.choice(["Bearer ", "Bearer " + "A" * 43, "Basic eDp5", "ApiKey x", "bearer\tx", "\xff"]))]
        return self.who_for(operation).headers(by_cookie=dice < 0.2)

    def request(self, operation, hostile):
        r = self.random
        target = self.values.path_of(operation)
        target += self.values.query_of(operation, hostile)
        media, body = self.values.body_of(operation, hostile)
        headers = self.credentials(operation)
        if media:
            headers.append(("Content-Type", media))
        for parameter in operation.parameters:
            if parameter["in"] == "header" and (parameter.get("required") or r.random() < 0.3):
                key = (operation.collection, getattr(self.values, "last_number", 0))
                version = self.values.versions.get(key, r.randint(1, 3))
                headers.append((parameter["name"], f'"{version}"' if parameter["name"] == "If-Match" else random_word(r, 12)))
        if r.random() < 0.3:
            headers.append(("Sluice-Purpose", "%E6%A0%B8%E5%AF%B9"))
        method, exact = operation.method, True
        if hostile and r.random() < 0.15:
            headers.append(r.choice(HEADERS))
            exact = False
        if hostile and r.random() < 0.03:
            method, exact = r.choice(METHODS), False
        if hostile and r.random() < 0.03:
            target, exact = r.choice(PATHS), False
        return Request(method, target, headers, body), exact

    def any_operation(self):
        return self.random.choices(self.asked, self.weights)[0]

    # ---- asking ----

    def take(self, line, operation, request, data, exact):
        """Reads and judges one answer; False: the connection is over."""
        try:
            answer = line.answer(request.method)
        except Broken as broken:
            self.judge.find("not HTTP" if "within" not in str(broken) else "it hangs", operation, data, broken)
            return None
        if answer is None:
            return None
        self.count += 1
        self.judge.judge(operation, data, answer, exact)
        if operation and answer.status in (200, 201) and answer.media == "application/json" and answer.body:
            self.values.remember(operation, answer)
        if answer.status == 401 and any(name == "Authorization" and len(value) > 40 for name, value in request.headers):
            self.signed_out = True
        if answer.body is None or "close" in answer.headers.get("connection", ""):
            answer.ends = True
        return answer

    def converse(self):
        """One to six well-framed requests behind one another on a kept connection."""
        asked = []
        for _ in range(self.random.choice([1, 1, 1, 2, 3, 6])):
            operation = self.any_operation()
            request, exact = self.request(operation, self.random.random() < 0.5)
            asked.append((operation, request, request.encode(), exact))
            if any(name == "Expect" for name, _ in request.headers):
                break  # libmicrohttpd ends a connection on which more stands behind it
        if self.kept and time.monotonic() - self.kept_at > 1:
            self.drop()  # the daemon may end a connection that rests
        line = self.kept = self.kept or self.line()  # only now: one on which nothing comes does not last
        line.send(b"".join(data for _, _, data, _ in asked))
        for operation, request, data, exact in asked:
            answer = self.take(line, operation, request, data, exact)
            if answer is None or getattr(answer, "ends", False):
                if answer is None:
                    self.unanswered(line, operation, request, exact, b"".join(each[2] for each in asked)[-3000:])
                self.drop()
                return
        self.kept_at = time.monotonic()

    def unanswered(self, line, operation, request, exact, data):
        """The connection ended before a whole request was answered. The daemon may end one at any time (RFC 9112 9.5), and
        does so where nothing came for long; whoever asks again on another is answered. Then it says so: it counted one."""
        how, cut = line.how_it_ended(), self.cut_by_time()
        again = self.line()
        again.send(request.encode())
        answer = self.take(again, operation, request, request.encode(), exact)
        again.close()
        self.judge.unanswered.append(f"{request.method} {request.target[:80]}: {how}; cut for their time: {self.cut}, now {cut}; "
                                     f"asked again: {answer and answer.status}")
        if answer is None or cut == self.cut:
            self.judge.find("no answer to a whole request", operation, data, self.judge.unanswered[-1])
        self.cut = cut

    def cut_by_time(self):
        """How many connections the daemon says that it ended for being slow."""
        text = self.centre.send("GET", "/metrics").raw.decode()
        return int(float(re.search(r"^sluice_http_timeouts_total ([0-9.e+]+)", text, re.M).group(1)))

    def drop(self):
        if self.kept:
            self.kept.close()
        self.kept = None

    def break_framing(self):
        """What is no whole request, or more than one: whatever is answered is HTTP, and it ends."""
        operation = self.any_operation()
        request, _ = self.request(operation, True)
        if request.method == "HEAD":
            request.method = "GET"  # spoiled, it may be another method, whose answer has a body
        r, line = self.random, self.line()
        way = r.randrange(5)
        data = request.encode()
        if way == 0:
            data = request.encode_chunked(r)
        elif way == 1:
            data = request.encode_lying(r)
        elif way == 2:
            data = self.values.bytes_spoiled(data)
        elif way == 3:
            data = data[:r.randrange(len(data) + 1)]
        else:
            data = self.values.bytes_spoiled(data) + data
        line.send(data)
        if r.random() < 0.3:
            line.vanish()
            return
        if r.random() < 0.5:
            line.half_close()
        self.left.append((line, request, data))
        if len(self.left) > 16:
            self.look_back()

    def look_back(self):
        """What came on the connection that was left longest ago."""
        line, request, data = self.left.pop(0)
        answer = None
        while line.has_input(0) and (answer is None or not getattr(answer, "ends", False)):
            answer = self.take(line, None, request, data, False)
            if answer is None:
                break  # what follows a stream's head has no end, nor has what is broken
        line.close()

    def changes(self, operation, request, data, before):
        """What changed when this was refused; None: nothing, or it was not refused."""
        self.centre.later(1)
        line = self.line()
        line.send(data)
        answer = self.take(line, operation, request, data, False)
        line.close()
        if answer is None or answer.status < 400:
            return None
        now = self.standing.look()
        return answer, [target for target in now if now[target] != before.get(target)]

    def guard(self):
        """Refused requests, one by one: nothing changes by any of them."""
        before = self.standing.settled()
        for _ in range(6):
            operation = self.any_operation()
            while not operation.is_change or operation.tag in SELDOM:
                operation = self.any_operation()
            request, _ = self.request(operation, True)
            data = request.encode()
            found = self.changes(operation, request, data, before)
            if found and found[1]:  # once may be what was accepted before and took its time
                found = self.changes(operation, request, data, self.standing.settled())
            if found and found[1]:
                answer, changed = found
                self.judge.find("refused, and changed something", operation, data, f"{answer.status} {answer.body[:300]}: {changed}")
            if not found or found[1]:
                return

    def turn(self):
        self.signed_out = False
        dice = self.random.random()
        if dice < 0.004:
            self.guard()
        elif dice < 0.12:
            self.break_framing()
        else:
            self.converse()
        if self.signed_out:
            self.drop()
            self.see_who_is_left()

    def see_who_is_left(self):
        for who, person in list(self.people.items()):
            if self.centre.send("GET", "/v1/me", headers=dict(person.headers())).status == 401:
                try:
                    person.sign_in_again()
                except centre_module.Check:
                    del self.people[who]  # disabled or revoked by what was asked: the others go on


def resident_kib(pid):
    with open(f"/proc/{pid}/status", encoding="utf-8") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("VmRSS"))


def open_sockets(pid):
    folder, count = f"/proc/{pid}/fd", 0
    for name in os.listdir(folder):
        try:
            count += os.readlink(os.path.join(folder, name)).startswith("socket:")
        except OSError:
            pass
    return count


def certificate(folder):
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj",
                    "/CN=sluice.test", "-keyout", folder + "/key.pem", "-out", folder + "/cert.pem"], check=True, capture_output=True)
    return ["--tls-cert", folder + "/cert.pem", "--tls-key", folder + "/key.pem"]


def furnish(centre):
    """Records of most kinds, in most states: what there is to be changed."""
    ids = {}
    for add in (scene.warnings, scene.reports, scene.stops, scene.cases, scene.leads, scene_govern.add, scene_command.add):
        add(centre, ids)


def session(seed, tls, only, is_over):
    """A centre, asked until is_over(count, seconds); returns the findings."""
    folder = tempfile.mkdtemp(prefix="sluice-fuzz-")
    extra = ["--header-timeout", "2s", "--backups", folder, *(certificate(folder) if tls else [])]
    centre = Centre(rules=os.path.join(ROOT, "rules"), extra=extra, tls=tls)
    pid, begun = centre.process.pid, time.monotonic()
    scene.transfers(centre)
    furnish(centre)
    fuzz = Fuzz(centre, seed, tls, only)
    first_kib, first_sockets, said = resident_kib(pid), open_sockets(pid), begun
    try:
        while not is_over(fuzz.count, time.monotonic() - begun):
            try:
                fuzz.turn()
            except Broken as broken:
                fuzz.judge.find("the conversation broke", None, b"", broken)
                fuzz.drop()
            if centre.process.poll() is not None:
                raise ConnectionError("the daemon ended")
            if time.monotonic() - said > 60:
                said = time.monotonic()
                print(f"… {fuzz.count:,} answers, {said - begun:.0f} s, {resident_kib(pid) / 1024:.0f} MiB, {open_sockets(pid)} sockets",
                      flush=True)
    except (ConnectionError, OSError) as fault:
        fuzz.judge.find("the daemon is gone", None, b"", f"{fault}; {centre.log_end()}")
    fuzz.drop()
    while fuzz.left:
        fuzz.look_back()
    end(centre, fuzz, first_kib, first_sockets)
    print(f"{'TLS' if tls else 'plain'}, seed {seed}: {fuzz.count:,} answers, by status {dict(sorted(fuzz.judge.statuses.items()))}; "
          f"{len(fuzz.people)} of {len(LOGINS) + 1} people left", flush=True)
    for how in fuzz.judge.unanswered:
        print(f"  ended without an answer: {how}", flush=True)
    return fuzz.judge.findings


def end(centre, fuzz, first_kib, first_sockets):
    """What it kept, whether it ends well, and whether its trail holds."""
    pid = centre.process.pid
    if centre.process.poll() is None:
        centre.drop_connection()
        deadline = time.monotonic() + 90  # an idle connection is kept for 75 s
        while open_sockets(pid) > first_sockets + 1 and time.monotonic() < deadline:
            time.sleep(0.1)
        print(f"memory {first_kib / 1024:.0f} MiB before, {resident_kib(pid) / 1024:.0f} MiB after; sockets {first_sockets}, {open_sockets(pid)}")
        if open_sockets(pid) > first_sockets + 1:
            fuzz.judge.find("sockets are not given back", None, b"", f"{first_sockets} before, {open_sockets(pid)} after")
    try:
        centre.stop()
        done = subprocess.run([BIN, "audit", "--db", centre.database, "--witness", centre.witness], capture_output=True, text=True)
        if done.returncode != 0:
            fuzz.judge.find("the audit trail does not hold", None, b"", done.stdout + done.stderr)
    except (centre_module.Check, subprocess.TimeoutExpired) as fault:
        fuzz.judge.find("it does not end well", None, b"", fault)
    with open(centre.log.name, encoding="utf-8", errors="replace") as file:
        strange = [line for line in file if not line.startswith("{")]
    if strange:
        fuzz.judge.find("it says what is no log", None, b"", "".join(strange[:60]))
    else:
        centre.close()


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--minutes", type=float)
    options.add_argument("--requests", type=int, default=6000)
    options.add_argument("--only", default="", help="operations whose name has this (a regular expression)")
    asked = options.parse_args()
    found = {}
    for tls in (False, True):
        if asked.minutes:
            half = asked.minutes * 30
            found |= session(asked.seed + tls, tls, asked.only, lambda count, seconds, half=half: seconds > half)
        else:
            whole = asked.requests // (3 if tls else 1)
            found |= session(asked.seed + tls, tls, asked.only, lambda count, seconds, whole=whole: count >= whole)
    print(f"{len(found)} findings")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
