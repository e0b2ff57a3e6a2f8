"""A centre to test over HTTP: the real daemon on a fresh database, with units, users in each role and partners' keys,
and a clock that the test moves. Standard library only."""

import http.client
import json
import os
import random
import shutil
import signal
import socket
import ssl
import struct
import subprocess
import sys
import tempfile
import time
import urllib.parse

BIN = os.environ["SLUICE_BIN"]
PASSWORD = "correct horse battery staple"
FILE = "desk.db"  # in the centre's folder
BEGIN_MS = 1795572000000  # 2026-11-25 10:00:00 +08:00
HOUR_MS = 3600 * 1000
DAY_MS = 24 * HOUR_MS


class Answer:
    """A response: status, headers, and the body as JSON where it is JSON."""

    def __init__(self, response):
        self.status = response.status
        self.headers = {name.lower(): value for name, value in response.getheaders()}
        self.cookies = [value for name, value in response.getheaders() if name.lower() == "set-cookie"]
        self.raw = response.read()
        kind = self.headers.get("content-type", "")
        self.json = json.loads(self.raw) if "json" in kind and self.raw else None

    @property
    def etag(self):
        return self.headers.get("etag")

    def __repr__(self):
        return f"{self.status} {self.raw[:600]!r}"


class Check(Exception):
    pass


def expect(condition, message):
    if not condition:
        raise Check(message)


def in_own_network():
    """Begins this program again in a network of its own (tests/support/own_network.sh); false there: it may not have one. Whoever
    pulls cables calls it first."""
    if "SLUICE_OWN_NETWORK" not in os.environ:
        script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "support", "own_network.sh")
        os.execv(script, [script, sys.executable, *sys.argv])
    return os.environ["SLUICE_OWN_NETWORK"] == "yes"


def free_port():
    """A port that nobody has, by TCP nor UDP, below those that the kernel gives to whoever asks for any: no connection of another test
    takes it before somebody listens there, or while he is being started again."""
    while True:
        port = random.SystemRandom().randrange(10000, 32000)
        try:
            for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
                with socket.socket(type=kind) as one:
                    one.bind(("127.0.0.1", port))
            return port
        except OSError:
            continue


class People(dict):
    """Ids of users by login; each is made when somebody asks for it, because a password takes its time."""

    def __init__(self, centre):
        super().__init__()
        self.centre = centre

    def __missing__(self, login):
        roles, unit, *institution = Centre.ROLES[login]
        self.centre.make_user(login, roles, self.centre.units[unit], *institution)
        return self[login]


class Centre:
    ROLES = {
        "duty": ("duty", "city"), "analyst": ("analyst", "city"), "investigator": ("investigator", "city"),
        "commander": ("commander", "city"), "approver": ("approver", "city"), "outreach": ("outreach", "city"),
        "auditor": ("auditor", "city"),
        "a.duty": ("duty", "a"), "a.investigator": ("investigator", "a"), "a.commander": ("commander", "a"),
        "a.approver": ("approver", "a"), "s.duty": ("duty", "s"), "s.commander": ("commander", "s"),
        "b.duty": ("duty", "b"), "b.investigator": ("investigator", "b"), "b.commander": ("commander", "b"),
        "bank.teller": ("partner", "city", "102100000011"), "other_bank.teller": ("partner", "city", "103100000012"),
    }
    BANKS = {"bank": "102100000011", "other_bank": "103100000012"}

    def __init__(self, database=None, server=None, rules=None, extra=(), tls=False):
        """A copy of the one that is kept (kept.py), in a file or on a PostgreSQL server; with `database` a new one there."""
        self.tls = tls  # then `extra` names certificate and key
        self.folder = tempfile.mkdtemp(prefix="sluice-centre-")
        self.rules, self.extra, self.address = rules, list(extra), "127.0.0.1"
        self.clock_path = os.path.join(self.folder, "clock")
        self.witness = os.path.join(self.folder, "audit.heads")
        self.now_ms = BEGIN_MS
        self.set_clock(BEGIN_MS)
        self.tokens, self.users, self.units = {}, People(self), {}
        self.process, self.postgres = None, server
        self.begin(database, server)

    def begin(self, database, server):
        if database is None:
            import kept
            self.database = kept.copy(self, server)
            self.start()
            return
        self.database = database
        code = subprocess.run([BIN, "user", "--db", self.database, "--login", "administrator", "--name", "管理员",
                               "--roles", "administrator", "--clock", self.clock_path], check=True, capture_output=True, text=True).stdout.strip()
        self.start()
        self.activate("administrator", code)
        self.make_units()
        self.make_keys()

    # ---- the daemon ----

    def start(self):
        self.log = open(os.path.join(self.folder, "log"), "ab")
        # It ends with the test, however that ends.
        command = ["setpriv", "--pdeathsig", "KILL", BIN, "serve", "--db", self.database, "--listen", self.address + ":0", "--clock", self.clock_path,
                   "--audit-witness", self.witness, "--sign-ins", "1000000", "--rate", "100000", *self.extra]
        command += ["--rules", self.rules] if self.rules else ["--no-decisions"]
        environment = dict(os.environ, SLUICE_STATE=self.folder)
        at = os.path.getsize(self.log.name)
        self.process = subprocess.Popen(command, stderr=self.log, stdout=subprocess.DEVNULL, cwd=self.folder,
                                        env=environment)
        self.log.close()
        self.port = self.wait_for_port(at)
        self.connection = None

    def wait_for_port(self, at):
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            with open(self.log.name, encoding="utf-8") as file:
                file.seek(at)
                for line in file:
                    if '"event":"ready"' in line and line.endswith("\n"):
                        return int(json.loads(line)["text"].split("port ")[1].split(",")[0])
            expect(self.process.poll() is None, "the daemon ended: " + self.log_end())
            time.sleep(0.02)
        raise Check("the daemon did not start: " + self.log_end())

    def log_end(self):
        with open(self.log.name, encoding="utf-8") as file:
            return "".join(file.readlines()[-5:])

    def stop(self, how=signal.SIGTERM):
        if self.process and self.process.poll() is None:
            self.process.send_signal(how)
            code = self.process.wait(timeout=60)
            expect(how == signal.SIGKILL or code == 0, f"the daemon ended with {code}: {self.log_end()}")
        self.drop_connection()

    def restart(self, how=signal.SIGTERM):
        self.stop(how)
        self.start()

    def close(self):
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    # ---- time ----

    def set_clock(self, now_ms):
        if not os.path.exists(self.clock_path):
            with open(self.clock_path, "wb") as file:
                file.write(struct.pack("<q", now_ms))
        with open(self.clock_path, "r+b") as file:
            file.write(struct.pack("<q", now_ms))
        self.now_ms = now_ms

    def until(self, now_ms):
        expect(now_ms >= self.now_ms, "time does not go back")
        self.set_clock(now_ms)

    def later(self, ms):
        self.until(self.now_ms + ms)

    def text(self, now_ms=None):
        ms = self.now_ms if now_ms is None else now_ms
        seconds, rest = divmod(ms + 8 * HOUR_MS, 1000)
        return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds)) + f".{rest:03d}+08:00"

    # ---- requests ----

    def drop_connection(self):
        if getattr(self, "connection", None):
            self.connection.close()
        self.connection = None

    def connect(self):
        if not self.tls:
            return http.client.HTTPConnection(self.address, self.port, timeout=60)
        trusting = ssl.create_default_context()
        trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
        return http.client.HTTPSConnection(self.address, self.port, timeout=60, context=trusting)

    def send(self, method, path, body=None, headers=None):
        """One request on the kept connection; body is JSON unless it is bytes."""
        headers = dict(headers or {})
        data = body
        if body is not None and not isinstance(body, bytes):
            data = json.dumps(body).encode()
            headers.setdefault("Content-Type", "application/json")
        for attempt in range(2):
            if self.connection is None:
                self.connection = self.connect()
            try:
                self.connection.request(method, path, data, headers)
                return Answer(self.connection.getresponse())
            except (http.client.HTTPException, ConnectionError, BrokenPipeError):
                self.drop_connection()
                if attempt == 1:
                    raise

    def call(self, who, method, path, body=None, version=None, key=None, purpose=None, headers=None):
        for attempt in range(2):
            sent = dict(headers or {})
            if who:
                sent["Authorization"] = "Bearer " + self.token(who)
            if version is not None:
                sent["If-Match"] = f'"{version}"'
            if key:
                sent["Idempotency-Key"] = key
            if purpose:
                sent["Sluice-Purpose"] = urllib.parse.quote(purpose)
            answer = self.send(method, path, body, sent)
            if answer.status == 401 and who in self.users and attempt == 0:
                self.tokens.pop(who, None)  # the session is over: time was moved
                continue
            return answer

    def get(self, who, path, **more):
        return self.call(who, "GET", path, **more)

    def must(self, who, method, path, body=None, **more):
        answer = self.call(who, method, path, body, **more)
        expect(answer.status < 300, f"{who}: {method} {path} {body}: {answer}")
        return answer

    def refused(self, status, who, method, path, body=None, **more):
        answer = self.call(who, method, path, body, **more)
        expect(answer.status == status, f"{who}: {method} {path} {body}: expected {status}, got {answer}")
        expect(answer.headers.get("content-type", "").startswith("application/problem+json"),
               f"{method} {path}: not a problem: {answer}")
        expect(answer.json["status"] == status and answer.json["request"], f"a problem without its members: {answer}")
        return answer

    # ---- records ----

    def make(self, who, collection, body, **more):
        return self.must(who, "POST", f"/v1/{collection}", body, **more).json["id"]

    def read(self, who, collection, number, **more):
        return self.must(who, "GET", f"/v1/{collection}/{number}", **more).json

    def act(self, who, collection, number, act, body=None, version=None, **more):
        """An act on the record as it stands."""
        version = version or self.version(collection, number)
        return self.must(who, "POST", f"/v1/{collection}/{number}/{act}", body or {}, version=version, **more).json

    def act_refused(self, status, who, collection, number, act, body=None, version=None, **more):
        """… which must be refused, and change nothing."""
        before = self.version(collection, number)
        answer = self.refused(status, who, "POST", f"/v1/{collection}/{number}/{act}", body or {},
                              version=version or before, **more)
        expect(self.version(collection, number) == before, f"{collection}/{number}/{act} was refused and changed it")
        return answer

    READERS = {"users": "administrator", "keys": "administrator", "areas": "administrator"}

    def version(self, collection, number):
        return self.read(self.READERS.get(collection, "commander"), collection, number)["version"]

    def state(self, collection, number):
        return self.read(self.READERS.get(collection, "commander"), collection, number)["state"]

    def wait_state(self, collection, number, state):
        """The clock's acts run on the writer as time comes: a moment of real time."""
        deadline = time.monotonic() + 60
        while self.state(collection, number) != state:
            expect(time.monotonic() < deadline,
                   f"{collection}/{number} is {self.state(collection, number)}, not {state}")
            time.sleep(0.02)

    # ---- people ----

    def token(self, who):
        if who not in self.tokens:
            self.users[who]  # makes it
            answer = self.send("POST", "/v1/session", {"login": who, "password": PASSWORD})
            expect(answer.status == 200, f"sign-in of {who}: {answer}")
            self.tokens[who] = answer.json["token"]
        return self.tokens[who]

    def activate(self, login, code):
        answer = self.send("POST", "/v1/session/password", {"login": login, "code": code, "password": PASSWORD})
        expect(answer.status == 204, f"activation of {login}: {answer}")
        self.users[login] = True

    def make_user(self, login, roles, unit, institution=None):
        body = {"login": login, "name": "用户" + login, "unit": unit, "roles": roles}
        if institution:
            body["institution"] = institution
        answer = self.must("administrator", "POST", "/v1/users", body)
        self.activate(login, answer.json["secret"])
        self.users[login] = answer.json["id"]

    def make_units(self):
        def unit(name, zh, en, level, parent, division=None):
            body = {"name_zh": zh, "name_en": en, "level": level, "parent": parent}
            if division:
                body["division"] = division
            self.units[name] = self.make("administrator", "units", body)

        self.units["city"] = 1
        unit("a", "青秀区", "Qingxiu", "district", 1, "450103")
        unit("b", "江南区", "Jiangnan", "district", 1, "450105")
        unit("s", "南湖派出所", "Nanhu station", "station", self.units["a"])
        for unit_name, by, begins in [("a", "division", "450103"), ("b", "division", "450105"),
                                      ("a", "phone", "1397711"), ("b", "phone", "1397722"),
                                      ("s", "address", "南湖派出所")]:
            self.make("administrator", "areas", {"unit": self.units[unit_name], "by": by, "begins": begins})

    def make_keys(self):
        for name, institution in self.BANKS.items():
            body = {"name": name, "institution": institution, "unit": 1, "roles": "partner",
                    "until": self.text(self.now_ms + 4000 * DAY_MS)}
            self.tokens[name] = self.must("administrator", "POST", "/v1/keys", body).json["secret"]


def run(tests, made_by=None, is_durable=False, **options):
    """Each test gets a centre of its own; prints one line a test; exit code 1 if any failed. With `postgres` as the
    first argument the centres are on a PostgreSQL server of the test's own (`is_durable`: postgres.py), else on SQLite;
    further arguments name the tests to run (none: all)."""
    import traceback

    server, failed = None, 0
    if "postgres" in sys.argv[1:]:
        import kept
        from postgres import binaries
        if binaries() is None:
            print("no PostgreSQL server is installed: skipped")
            sys.exit(77)
        server = kept.server(is_durable)
    names = [word for word in sys.argv[1:] if word not in ("sqlite", "postgres")]
    for test in [test for test in tests if not names or test.__name__ in names]:
        centre = None
        try:
            centre = (made_by or Centre)(server=server, **options)
            test(centre)
            print(f"ok    {test.__name__}", flush=True)
        except Exception:
            failed += 1
            print(f"FAIL  {test.__name__}", flush=True)
            traceback.print_exc()
            if centre:
                print(centre.log_end())
        finally:
            if centre:
                try:
                    centre.close()
                except Exception:
                    traceback.print_exc()
                    failed += 1
    sys.exit(1 if failed else 0)
