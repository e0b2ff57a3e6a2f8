"""Simulated banks behind the centre's links: what the duty officer orders is answered within seconds, as banks answer it."""

import json
import os
import subprocess
import sys

from people import LINKED_BANKS

PEER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "tests", "peers", "bank.py")


class Partners:
    def __init__(self, daemon, folder):
        self.daemon, self.folder, self.process = daemon, folder, None
        self.keys = os.path.join(folder, "keys")
        os.makedirs(self.keys, exist_ok=True)

    def open(self):
        """The banks' program, and a link to each: proposed by the administrator, approved by the commander."""
        banks = []
        for code, _ in LINKED_BANKS:
            with open(os.open(os.path.join(self.keys, code + ".key"), os.O_WRONLY | os.O_CREAT, 0o600), "w") as file:
                file.write("demonstration " + code + "\n")
            banks.append({"partner": code, "key": "demonstration " + code, "delay_s": 2, "faults": {"delay": 1}, "balance": "drawn",
                          "api_key": self.daemon.tokens[code].removeprefix("ApiKey ")})
        path = os.path.join(self.folder, "banks.json")
        with open(path, "w", encoding="utf-8") as file:
            json.dump({"seed": 7, "ledger": os.path.join(self.folder, "banks.ndjson"), "banks": banks,
                       "feedback": f"http://127.0.0.1:{self.daemon.port}"}, file)
        self.process = subprocess.Popen([sys.executable, PEER, path], stdout=subprocess.PIPE, text=True,
                                        start_new_session=True)  # Ctrl-C is for us: we end it
        ports = self.process.stdout.readline().split()[1:]
        for (code, name), port in zip(LINKED_BANKS, ports):
            link = self.daemon.make("admin", "partner-links", {
                "channel": "bank", "partner": code, "name": name, "key_file": code + ".key", "timeout": "5s",
                "endpoint": f"http://127.0.0.1:{port}/police", "answer_within": "60s"})
            self.daemon.act("commander", "partner-links", link["id"], "approve", version=link["version"])

    def close(self):
        if self.process:
            self.process.kill()
            self.process.wait()
