"""A centre with links to simulated banks (tests/peers/bank.py): what the walks of this folder begin with."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "desk"))
from centre import Centre, expect, free_port  # noqa: E402

PEER = os.path.join(HERE, "..", "..", "peers", "bank.py")


class Banks:
    """The program with the simulated banks, and its ledger."""

    def __init__(self, city, banks, **script):
        self.city = city
        self.path = os.path.join(city.folder, "banks.json")
        self.ledger_path = os.path.join(city.folder, "ledger.ndjson")
        self.script = {"ledger": self.ledger_path, "feedback": "http://127.0.0.1:1", "clock": city.clock_path,
                       "feedback_file": city.port_file, "banks": banks, **script}
        self.process, self.ports = None, [free_port() for _ in banks]  # the same after a kill
        for bank, port in zip(banks, self.ports):
            bank["port"] = port
        self.start()

    def start(self):
        with open(self.path, "w", encoding="utf-8") as file:
            json.dump(self.script, file)
        self.process = subprocess.Popen(self.words(), stdout=subprocess.PIPE, text=True)
        words = self.process.stdout.readline().split()
        expect(words and words[0] == "ready", "the banks did not start")

    def words(self):
        return [sys.executable, PEER, self.path]

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.process.stdout.close()

    def counts(self, bank):
        """What that bank has counted."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.ports[bank]}/") as answer:
            return json.load(answer)

    def ledger(self):
        if not os.path.exists(self.ledger_path):
            return []
        with open(self.ledger_path, encoding="utf-8") as file:
            return [json.loads(line) for line in file if line.endswith("\n")]


class City(Centre):
    """The clock goes on by itself, `speed` times as fast as the machine's; 0: the test moves it."""

    def __init__(self, server=None, speed=1, extra=(), rules=None):
        self.port_file = None
        self.keys_extra = list(extra)
        self.banks, self.speed, self.stopping = None, speed, threading.Event()
        super().__init__(server=server, rules=rules, extra=["--gateway-keys", "keys", *extra])
        self.ticker = threading.Thread(target=self.tick, daemon=True)
        if speed > 0:
            self.ticker.start()

    def start(self):
        self.port_file = os.path.join(self.folder, "port")
        os.makedirs(os.path.join(self.folder, "keys"), exist_ok=True)
        super().start()
        with open(self.port_file + ".new", "w", encoding="utf-8") as file:
            file.write(str(self.port))
        os.rename(self.port_file + ".new", self.port_file)

    def tick(self):
        before = time.monotonic()
        while not self.stopping.wait(0.01):
            now = time.monotonic()
            self.set_clock(self.now_ms + int((now - before) * 1000 * self.speed))
            before = now

    def close(self):
        self.stopping.set()
        if self.ticker.is_alive():
            self.ticker.join()
        if self.banks:
            self.banks.kill()
        super().close()

    # ---- links ----

    def write_key(self, name, text):
        path = os.path.join(self.folder, "keys", name)
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            file.write(text + "\n")

    def link(self, partner, endpoint, **more):
        self.users["commander"]
        body = {"channel": "bank", "partner": partner, "name": "银行" + partner, "endpoint": endpoint,
                "key_file": partner + ".key", "backoff": "50ms", "backoff_max": "1s", "attempts_max": 60,
                "timeout": "1s", "answer_within": "3s", "in_flight": 32, "per_second": 10000, **more}
        body = {name: value for name, value in body.items() if value is not None}
        number = self.make("administrator", "partner-links", body)
        self.act("commander", "partner-links", number, "approve")
        return number

    def make_sm2_keys(self, partner):
        """Both pairs; the centre's half becomes the link's key file. Returns what the bank has."""
        made = {}
        for name in ("centre", "bank"):
            made[name] = os.path.join(self.folder, f"{partner}.{name}.pem")
            subprocess.run(["openssl", "genpkey", "-algorithm", "SM2", "-out", made[name]], check=True)
            subprocess.run(["openssl", "pkey", "-in", made[name], "-pubout", "-out", made[name] + ".pub"], check=True)
        with open(made["centre"], encoding="ascii") as ours, open(made["bank"] + ".pub", encoding="ascii") as theirs:
            self.write_key(partner + ".key", ours.read() + theirs.read())
        return {"private": made["bank"], "public": made["centre"] + ".pub"}

    def open_banks(self, count=2, link=None, sm2=False, **bank):
        """Banks 102100000011, … with a key, an API key and a link each."""
        banks = []
        for i in range(count):
            partner = list(self.BANKS.values())[i] if i < 2 else f"3{i:011d}"
            if i < 2:
                api_key = self.tokens[list(self.BANKS)[i]]
            else:
                api_key = self.must("administrator", "POST", "/v1/keys", {
                    "name": "bank" + str(i), "institution": partner, "unit": 1, "roles": "partner",
                    "until": self.text(self.now_ms + 10**10)}).json["secret"]
            secret = {"sm2": self.make_sm2_keys(partner)} if sm2 else {"key": "secret of " + partner}
            if not sm2:
                self.write_key(partner + ".key", secret["key"])
            banks.append({"partner": partner, "api_key": api_key, **secret, **bank})
        if sm2:
            link = {"settings": {"sign": "sm2"}, **(link or {})}
        self.banks = Banks(self, banks)
        for i, one in enumerate(banks):
            self.link(one["partner"], f"http://127.0.0.1:{self.banks.ports[i]}/police", **(link or {}))
        return [one["partner"] for one in banks]

    # ---- orders ----

    def propose(self, count, partners, first=0):
        """Stops of that many accounts, spread over the banks; not approved yet."""
        self.users["duty"], self.users["approver"]
        ids = []
        for i in range(first, first + count):
            ids.append(self.make("duty", "stops", {
                "account": f"account:62284804{i:011d}", "institution": partners[i % len(partners)], "holder": "张三",
                "amount_fen": 100 + i, "reason": "受害人报警称被骗"}))
        return ids

    def approve(self, ids):
        for i in range(0, len(ids), 500):
            answer = self.must("approver", "POST", "/v1/stops/acts", {
                "act": "approve", "items": [{"id": n, "version": 1} for n in ids[i:i + 500]], "input": {}}).json
            expect(answer["refused"] == 0, f"approval: {answer}")

    def order(self, count, partners, first=0):
        ids = self.propose(count, partners, first)
        self.approve(ids)
        return ids

    def states(self, collection="stops", who="commander", **filters):
        """{id: state} of all."""
        found, path = {}, f"/v1/{collection}?limit=500" + "".join(f"&{k}={v}" for k, v in filters.items())
        cursor = ""
        while True:
            page = self.get(who, path + cursor).json
            found |= {item["id"]: item["state"] for item in page["items"]}
            if not page["next"]:
                return found
            cursor = "&cursor=" + page["next"]

    def wait(self, what, until, seconds=60):
        """Polls `until()` until it is true."""
        deadline = time.monotonic() + seconds
        while not until():
            expect(self.process.poll() is None, "the daemon ended: " + self.log_end())
            expect(time.monotonic() < deadline, f"{what}: not within {seconds} s; {self.metrics()}")
            time.sleep(0.05)

    def metrics(self):
        text = self.send("GET", "/metrics").raw.decode()
        return {line.rsplit(" ", 1)[0]: float(line.rsplit(" ", 1)[1]) for line in text.splitlines()
                if line.startswith("sluice_gateway") and not line.endswith(" 0")}

    def deliveries(self, **filters):
        """All deliveries, with their payload masked."""
        found, cursor = [], ""
        path = "/v1/deliveries?limit=500" + "".join(f"&{k}={v}" for k, v in filters.items())
        while True:
            page = self.get("commander", path + cursor).json
            found += page["items"]
            if not page["next"]:
                return found
            cursor = "&cursor=" + page["next"]

    def check_effects(self, ids, settled=("stopped", "mismatched", "failed")):
        """Each order had exactly one effect at its bank, and it is the one that is booked here."""
        states = self.states()
        rows = self.banks.ledger()
        by_serial = {}
        for row in rows:
            expect(row["serial"] not in by_serial, f"two effects of one serial number: {row}")
            by_serial[row["serial"]] = row
        about = {}
        for delivery in self.deliveries(purpose="stop"):
            about.setdefault(delivery["about"], []).append(delivery)
        meaning = {"100000": "stopped", "200010": "mismatched", "200009": "failed"}
        for number in ids:
            expect(states[number] in settled, f"stop {number} is {states[number]}")
            expect(len(about[number]) == 1, f"stop {number} has {len(about[number])} orders")
            row = by_serial.get(about[number][0]["serial"])
            expect(row is not None, f"stop {number}: {about[number]} never came to the bank")
            expect(meaning[row["result"]] == states[number], f"stop {number} is {states[number]}, the bank did {row}")
        accounts = [row["account"] for row in rows if row["tx"] == "100101"]
        expect(len(accounts) == len(set(accounts)), "an account was stopped twice")
