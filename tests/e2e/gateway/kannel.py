"""Kannel's own gateway (bearerbox and smsbox of Debian's kannel) against tests/peers/carrier.py: what our carrier says, a
client that this project did not write understands, receipts included. So the carrier on which our client's receipts are
tested is one on which Kannel's work too. Exit code 77: Kannel is not installed."""

import http.server
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "desk"))
from centre import free_port  # noqa: E402

CARRIER = os.path.join(HERE, "..", "..", "peers", "carrier.py")
BEARERBOX, SMSBOX = "/usr/sbin/bearerbox", "/usr/sbin/smsbox"
DELIVERED, FAILED, BUFFERED, TAKEN = 1, 2, 4, 8  # Kannel's masks of delivery reports
TEXT = "您可能正遭遇诈骗，请停止转账。" * 8  # two parts and more in UCS-2


class Reports(http.server.BaseHTTPRequestHandler):
    """smsbox calls it for each delivery report."""

    seen = []

    def do_GET(self):
        query = urllib.parse.parse_qs(urllib.parse.urlsplit(self.path).query)
        Reports.seen.append((query["id"][0], int(query["type"][0])))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_):
        pass


def configure(folder, carrier, admin, sms, send):
    path = os.path.join(folder, "kannel.conf")
    with open(path, "w", encoding="utf-8") as file:
        file.write(f"""group = core
admin-port = {admin}
admin-password = test
admin-allow-ip = "127.0.0.1"
smsbox-port = {sms}
box-allow-ip = "127.0.0.1"
dlr-storage = internal
log-level = 2

group = smsc
smsc = smpp
smsc-id = carrier
host = 127.0.0.1
port = {carrier}
transceiver-mode = true
smsc-username = sluice
smsc-password = secret
system-type = ""
source-addr-ton = 0
source-addr-npi = 1
dest-addr-ton = 1
dest-addr-npi = 1
msg-id-type = 0x00
reconnect-delay = 1

group = smsbox
bearerbox-host = 127.0.0.1
bearerbox-port = {sms}
sendsms-port = {send}
sendsms-chars = "0123456789+"
log-level = 2

group = sendsms-user
username = test
password = test
max-messages = 10
concatenation = true

group = sms-service
keyword = default
text = ""
max-messages = 0
""")
    return path


class Kannel:
    def __init__(self, script):
        self.folder = tempfile.mkdtemp(prefix="sluice-kannel-")
        self.processes = []
        self.carrier = self.run([sys.executable, CARRIER, "--verbose", "--script", json.dumps(script)],
                                stdout=subprocess.PIPE, text=True)
        port = int(self.carrier.stdout.readline().split()[1])
        self.submitted = []
        threading.Thread(target=self.read, daemon=True).start()
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Reports)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        Reports.seen = []
        sms, self.send_port, self.admin_port = free_port(), free_port(), free_port()
        configuration = configure(self.folder, port, self.admin_port, sms, self.send_port)
        with open(os.path.join(self.folder, "log"), "w", encoding="utf-8") as log:
            for box in (BEARERBOX, SMSBOX):
                self.run([box, configuration], stdout=log, stderr=log, cwd=self.folder)
                self.wait(lambda: self.is_listening(sms), f"{box} listens")
        self.wait(lambda: self.is_listening(self.send_port), "smsbox takes messages")
        self.wait(lambda: "online" in self.status(), "the carrier is bound")

    def run(self, words, **more):
        process = subprocess.Popen(words, **more)
        self.processes.append(process)
        return process

    def read(self):
        for line in self.carrier.stdout:
            if line.startswith("{"):
                self.submitted.append(json.loads(line))

    def is_listening(self, port):
        with socket.socket() as s:
            return s.connect_ex(("127.0.0.1", port)) == 0

    def status(self):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.admin_port}/status.txt") as answer:
                return answer.read().decode()
        except OSError:
            return ""

    def wait(self, until, what, seconds=60):
        deadline = time.monotonic() + seconds
        while not until():
            if time.monotonic() > deadline:
                with open(os.path.join(self.folder, "log"), encoding="utf-8", errors="replace") as log:
                    raise AssertionError(f"{what}: not within {seconds} s; {Reports.seen}\n{log.read()[-2000:]}")
            time.sleep(0.05)

    def send(self, number, name, text):
        report = f"http://127.0.0.1:{self.server.server_port}/?id={name}&type=%d"
        query = urllib.parse.urlencode({"username": "test", "password": "test", "to": number, "from": "12381",
                                        "text": text, "coding": 2, "charset": "UTF-8",
                                        "dlr-mask": DELIVERED | FAILED | TAKEN, "dlr-url": report})
        with urllib.request.urlopen(f"http://127.0.0.1:{self.send_port}/cgi-bin/sendsms?{query}") as answer:
            assert answer.status == 202, answer.status

    def close(self):
        for process in reversed(self.processes):
            process.send_signal(signal.SIGTERM)
        for process in self.processes:
            try:
                process.wait(60)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self.server.shutdown()
        self.server.server_close()
        shutil.rmtree(self.folder, ignore_errors=True)


def last_reports():
    """The final word on each message."""
    return {name: kind for name, kind in Reports.seen if kind in (DELIVERED, FAILED)}


def receipts_are_understood():
    """Delivered and not, in every form that a receipt comes in."""
    for form in ("text", "tlv", "both"):
        k = Kannel({"receipt": {"stats": ["DELIVRD", "UNDELIV"], "form": form}})
        try:
            for i in range(6):
                k.send(f"1390000000{i}", f"m{i}", "请停止转账")
                k.wait(lambda i=i: f"m{i}" in last_reports(), f"receipt {i} ({form})")
            expected = {f"m{i}": DELIVERED if i % 2 == 0 else FAILED for i in range(6)}
            assert last_reports() == expected, f"{form}: {last_reports()}"
        finally:
            k.close()


def long_messages_and_throttling():
    """Parts of a long one are taken; what the carrier is too busy for comes again, and nothing comes twice."""
    k = Kannel({"submit": [{"from": 2, "to": 3, "status": 0x58}]})
    try:
        k.send("13900000009", "long", TEXT)
        k.wait(lambda: last_reports().get("long") == DELIVERED, "receipt of a long message", 90)
    finally:
        k.close()


if __name__ == "__main__":
    if not (os.access(BEARERBOX, os.X_OK) and os.access(SMSBOX, os.X_OK)):
        print("Debian's kannel is not installed: skipped")
        sys.exit(77)
    for test in (receipts_are_understood, long_messages_and_throttling):
        test()
        print(f"ok    {test.__name__}", flush=True)
