"""The demonstration's hand on the daemon: starts and stops it, signs people in, and calls the API as they would.

Standard library only. Nothing here reaches round the API: what the demonstration did, anybody may do."""

import http.client
import json
import os
import signal
import struct
import subprocess
import time
import urllib.parse

SHANGHAI_S = 8 * 3600


def shanghai(ms):
    """Milliseconds since 1970 as the API writes them."""
    seconds, rest = divmod(int(ms), 1000)
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds + SHANGHAI_S)) + f".{rest:03d}+08:00"


def milliseconds(text):
    """… and back; `2026-11-29T23:01:07.675+08:00`, the zone is Shanghai's."""
    whole, _, rest = text[:-6].partition(".")
    import calendar
    return (calendar.timegm(time.strptime(whole, "%Y-%m-%dT%H:%M:%S")) - SHANGHAI_S) * 1000 + int((rest + "000")[:3])


def now_ms():
    return time.time_ns() // 1000000


class Refused(Exception):
    """The daemon said no; the text is its problem document's."""

    def __init__(self, what, status, body):
        problem = body if isinstance(body, dict) else {}
        said = problem.get("detail", body)
        errors = "".join(f"\n  {e['pointer']}: {e['detail']}" for e in problem.get("errors", []))
        super().__init__(f"{what}: {status} {said}{errors}")
        self.status = status


class Daemon:
    def __init__(self, sluice, folder, database, port, extra=()):
        self.sluice, self.folder, self.database, self.port, self.extra = sluice, folder, database, port, list(extra)
        self.clock_path = os.path.join(folder, "clock")
        self.process, self.connection = None, None
        self.tokens, self.passwords = {}, {}

    # ---- the process ----

    def start(self, simulated_ms=None):
        """With simulated_ms the daemon's clock stands there until `at` moves it; else it is the machine's."""
        command = [self.sluice, "serve", "--db", self.database, "--listen", f"127.0.0.1:{self.port}", *self.extra]
        if simulated_ms is not None:
            with open(self.clock_path, "wb") as file:
                file.write(struct.pack("<q", int(simulated_ms)))
            command += ["--clock", self.clock_path, "--rate", "1000000", "--sign-ins", "1000000"]
        path = os.path.join(self.folder, "daemon.log")
        log = open(path, "ab")
        at = log.tell()
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=log, start_new_session=True)
        deadline = time.monotonic() + 300
        while time.monotonic() < deadline:
            with open(path, encoding="utf-8") as file:
                file.seek(at)
                if any('"event":"ready"' in line for line in file):
                    return
            if self.process.poll() is not None:
                with open(path, encoding="utf-8") as file:
                    raise SystemExit("sluice serve ended:\n" + "".join(file.readlines()[-5:]))
            time.sleep(0.05)
        raise SystemExit(f"sluice serve was not ready within five minutes; its log is {path}")

    def at(self, ms):
        with open(self.clock_path, "r+b") as file:
            file.write(struct.pack("<q", int(ms)))

    def stop(self):
        self.drop()
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(timeout=60)
        self.process = None

    # ---- requests ----

    def drop(self):
        if self.connection:
            self.connection.close()
        self.connection = None

    def send(self, method, path, body=None, headers=None):
        """(status, body): JSON where it is JSON."""
        headers = dict(headers or {})
        data = body
        if body is not None and not isinstance(body, bytes):
            data = json.dumps(body, ensure_ascii=False).encode()
            headers.setdefault("Content-Type", "application/json")
        for attempt in range(2):
            try:
                if self.connection is None:
                    self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
                self.connection.request(method, path, data, headers)
                response = self.connection.getresponse()
                raw = response.read()
                is_json = "json" in (response.getheader("content-type") or "")
                return response.status, json.loads(raw) if is_json and raw else raw
            except (http.client.HTTPException, ConnectionError):
                self.drop()
                if attempt == 1:
                    raise

    def call(self, who, method, path, body=None, version=None, purpose=None, content=None):
        for attempt in range(2):
            headers = {"Authorization": self.authorization(who)}
            if version is not None:
                headers["If-Match"] = f'"{version}"'
            if purpose:
                headers["Sluice-Purpose"] = urllib.parse.quote(purpose)
            if content:
                headers["Content-Type"] = content
            status, answer = self.send(method, path, body, headers)
            if status == 401 and attempt == 0 and who in self.passwords:
                self.tokens.pop(who, None)  # the session is over: time was moved
                continue
            if status >= 300:
                raise Refused(f"{who}: {method} {path}", status, answer)
            return answer

    def authorization(self, who):
        if who not in self.tokens:
            status, answer = self.send("POST", "/v1/session", {"login": who, "password": self.passwords[who]})
            if status != 200:
                raise Refused(f"sign-in of {who}", status, answer)
            self.tokens[who] = "Bearer " + answer["token"]
        return self.tokens[who]

    # ---- records ----

    def make(self, who, path, body):
        return self.call(who, "POST", f"/v1/{path}", body)

    def read(self, who, collection, number):
        return self.call(who, "GET", f"/v1/{collection}/{number}")

    def list(self, who, path):
        return self.call(who, "GET", f"/v1/{path}")["items"]

    def act(self, who, collection, number, act, body=None, version=None):
        """An act on the record; without a version, as it stands."""
        version = version or self.read(who if who in self.passwords else "commander", collection, number)["version"]
        return self.call(who, "POST", f"/v1/{collection}/{number}/{act}", body or {}, version=version)

    def activate(self, login, code, password):
        self.passwords[login] = password
        status, answer = self.send("POST", "/v1/session/password", {"login": login, "code": code, "password": password})
        if status != 204:
            raise Refused(f"activation of {login}", status, answer)
