#!/usr/bin/env python3
"""Simulated banks: a program of its own that speaks docs/gateways.md, driven by a script. Standard library only.

    bank.py SCRIPT.json          writes one line "ready PORT…" and serves until it is killed

SCRIPT: {"seed": 1, "ledger": FILE, "feedback": "http://127.0.0.1:8080", "banks": [BANK…]}
BANK:   {"partner": code, "transactions": {account: [rows of the answer to 100301]},
         "port": 0, "key": text or null, "sm2": {"private": PEM file, "public": PEM file of the centre}
         instead of a key (signed and checked by the program openssl), "api_key": of ours, to send feedback, "async": share of orders
         that are answered by a message of its own, "faults": {FAULT: share}, "delay_s": 0.2, "order": [FAULT…]}
FAULTS: delay  refuse  mismatch  duplicate (feedback comes twice)  reorder (feedback waits for that of a later order)
        silent (it is done, and nothing is said)  deaf (nothing is done or said)  drop_before  drop_after (the connection
        breaks before, after it is done)  error (500)  stranger (feedback of a serial number that nobody gave)
        other_serial  bad_signature  garbage
`order` gives the first orders these faults, one each; afterwards the shares rule. A serial number that comes again never
has a second effect: its answer is given again. The ledger is a file of JSON lines, written before anything is said; a
bank that was killed reads it and knows what it did."""

import asyncio
import hashlib
import hmac
import http
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time

SHANGHAI = 8 * 3600
FEEDBACK = {"100101": "100102", "100103": "100104", "100105": "100106", "100201": "100202", "100203": "100204",
            "100205": "100206", "100301": "100302", "100901": "100902"}


def sm3(data):
    return hashlib.new("sm3", data)


def sign(key, *lines, body=b""):
    text = b"".join(line.encode() + b"\n" for line in lines) + sm3(body).hexdigest().encode()
    return hmac.new(key.encode(), text, lambda data=b"": sm3(data)).hexdigest()


def signed_text(*lines, body=b""):
    return b"".join(line.encode() + b"\n" for line in lines) + sm3(body).hexdigest().encode()


def sm2(keys, text, signature=None):
    """The signature in hex, or whether it is right: by OpenSSL's own program, not by ours."""
    with tempfile.TemporaryDirectory() as folder:
        message, given = os.path.join(folder, "text"), os.path.join(folder, "signature")
        with open(message, "wb") as file:
            file.write(text)
        words = ["openssl", "pkeyutl", "-rawin", "-in", message, "-digest", "sm3",
                 "-pkeyopt", "distid:1234567812345678"]
        if signature is None:
            made = subprocess.run(words + ["-sign", "-inkey", keys["private"]], capture_output=True, check=True)
            return made.stdout.hex()
        try:
            with open(given, "wb") as file:
                file.write(bytes.fromhex(signature))
        except ValueError:
            return False
        words += ["-verify", "-pubin", "-inkey", keys["public"], "-sigfile", given]
        return subprocess.run(words, capture_output=True).returncode == 0


def digits(now):
    return time.strftime("%Y%m%d%H%M%S", time.gmtime(now + SHANGHAI))


class Bank:
    def __init__(self, world, script):
        self.world, self.script = world, script
        self.partner, self.key, self.sm2 = script["partner"], script.get("key"), script.get("sm2")
        self.faults, self.planned = script.get("faults", {}), list(script.get("order", []))
        self.random = random.Random(f"{world.script.get('seed', 1)}:{self.partner}")
        self.known = {}  # serial: feedback
        self.nonces, self.held, self.port = set(), [], script.get("port", 0)
        self.counts = {}

    def is_signing(self):
        return bool(self.key or self.sm2)

    def sign(self, *lines, body=b""):
        return sm2(self.sm2, signed_text(*lines, body=body)) if self.sm2 else sign(self.key, *lines, body=body)

    def is_signed(self, signature, *lines, body=b""):
        if self.sm2:
            return sm2(self.sm2, signed_text(*lines, body=body), signature)
        return signature == sign(self.key, *lines, body=body)

    def count(self, what):
        self.counts[what] = self.counts.get(what, 0) + 1

    def fault(self):
        if self.planned:
            return self.planned.pop(0)
        dice = self.random.random()
        for name, share in self.faults.items():
            if dice < share:
                return name
            dice -= share
        return None

    # ---- what a bank does ----

    def decide(self, order, fault):
        """The effect, once: what is in the ledger was done."""
        serial = order["SerialNumber"]
        if serial in self.known:
            self.count("repeated")
            return self.known[serial]
        code = {"refuse": "200009", "mismatch": "200010"}.get(fault, "100000")
        answer = {"TxCode": FEEDBACK.get(order["TxCode"], "100102"), "SerialNumber": serial, "Result": code,
                  "ReceiptNumber": "R" + serial[-12:], "FeedbackRemark": "办理完毕" if code == "100000" else "未办理"}
        if code == "100000":
            answer["StartTime"] = order.get("StartTime") or digits(time.time())
            answer["AccountBalance"] = self.balance(order)
            if order["TxCode"] == "100301":
                account = order["Target"]["AccountNumber"]
                answer["Transactions"] = self.script.get("transactions", {}).get(account, [])
            if order["TxCode"] == "100201":
                answer["ExecutedAmount"] = order.get("Amount", answer["AccountBalance"])
                answer["AvailableBalance"] = "0.00"
        self.world.write({"partner": self.partner, "serial": serial, "tx": order["TxCode"], "result": code,
                          "account": order.get("Target", {}).get("AccountNumber"),
                          "application": order.get("ApplicationID"), "answer": answer})
        self.known[serial] = answer
        self.count("effects")
        return answer

    def balance(self, order):
        """"drawn": what was asked for and some more, and of each fourth account only a part; the same for one account."""
        if self.script.get("balance") != "drawn":
            return "1234.56"
        draw = random.Random(order.get("Target", {}).get("AccountNumber", ""))
        asked = round(float(order.get("Amount") or 0) * 100) or draw.randrange(20_000, 900_000)
        fen = asked * draw.randrange(5, 95) // 100 if draw.random() < 0.25 else asked + draw.randrange(0, 250_000)
        return f"{fen // 100}.{fen % 100:02d}"

    def recall(self, xml):
        """camt.056 in, camt.029 out."""
        serial = re.search(r"<Case><Id>([^<]*)</Id>", xml).group(1)
        self.count("recalls")
        if serial not in self.known:
            self.world.write({"partner": self.partner, "serial": serial, "tx": "camt.056", "result": "CNCL", "xml": xml,
                              "account": None, "answer": {}})
            self.known[serial] = {}
        party = "<Pty><Nm>Bank</Nm></Pty>"
        return 200, ('<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.029.001.14">'
                     f"<RsltnOfInvstgtn><Assgnmt><Id>R{serial[-12:]}</Id><Assgnr>{party}</Assgnr><Assgne>{party}</Assgne>"
                     f"<CreDtTm>2026-11-25T10:00:00+08:00</CreDtTm></Assgnmt><RslvdCase><Id>{serial}</Id><Cretr>{party}"
                     "</Cretr></RslvdCase><Sts><Conf>CNCL</Conf></Sts></RsltnOfInvstgtn></Document>")

    async def feedback(self, message):
        body = json.dumps(message).encode()
        headers = {"Content-Type": "application/json", "Authorization": "ApiKey " + self.script["api_key"]}
        if self.is_signing():
            now, nonce = str(int(self.world.now() * 1000)), os.urandom(16).hex()
            headers |= {"Sluice-Timestamp": now, "Sluice-Nonce": nonce, "Sluice-Signature": self.sign(
                "POST", "/v1/partner/messages", now, nonce, body=body)}
        for attempt in range(200):  # a bank insists, too
            status = await self.world.post("/v1/partner/messages", headers, body)
            if status is not None and status < 500 and status != 429:
                self.count(f"feedback {status}")
                return
            await asyncio.sleep(0.05)

    async def tell(self, message, fault):
        if fault == "delay":
            await asyncio.sleep(self.script.get("delay_s", 0.2))
        if fault == "reorder" and len(self.held) < 4:
            self.held.append(message)
            await asyncio.sleep(1.0)  # until a later one comes, or this long
            if message not in self.held:
                return
            self.held.remove(message)
        await self.feedback(message)
        if fault == "duplicate":
            await self.feedback(message)
        while self.held and fault != "reorder":
            await self.feedback(self.held.pop())

    def check(self, headers, path, body):
        """Signed, new, and of now."""
        if not self.is_signing():
            return True
        at, nonce = headers.get("sluice-timestamp", ""), headers.get("sluice-nonce", "")
        given = headers.get("sluice-signature", "")
        if nonce in self.nonces or not self.is_signed(given, "POST", path, at, nonce, body=body):
            self.count("bad signature")
            return False
        self.nonces.add(nonce)
        return True

    async def handle(self, method, path, headers, body):
        """(status, JSON or None), or None: the connection breaks; may wait for ever."""
        if method == "GET":
            return 200, self.counts
        if not self.check(headers, path, body):
            return 401, None
        if headers.get("content-type") == "application/xml":
            return self.recall(body.decode())
        try:
            order = json.loads(body)
            serial = order["SerialNumber"]
        except (ValueError, KeyError):
            return 400, None
        if order["TxCode"] == "100901":
            self.count("asked")
            return (200, self.known[serial]) if serial in self.known else (404, None)
        again = serial in self.known
        fault = None if again else self.fault()
        self.count("orders")
        if fault:
            self.count(fault)
        if fault == "deaf":
            await asyncio.sleep(3600)
        if fault == "drop_before":
            return None
        if fault == "error":
            return 500, None
        answer = self.decide(order, fault)
        if fault == "drop_after":
            return None
        if fault == "silent":
            await asyncio.sleep(3600)
        if fault == "stranger":
            self.world.later(self.feedback(dict(answer, SerialNumber="20000101000000ffffffffffff")))
        if fault in ("duplicate", "reorder") or (not again and self.random.random() < self.script.get("async", 0)):
            self.world.later(self.tell(answer, fault))
            return 202, {"SerialNumber": serial}
        if fault == "delay":
            await asyncio.sleep(self.script.get("delay_s", 0.2))
        if fault == "other_serial":
            return 200, dict(answer, SerialNumber="20000101000000eeeeeeeeeeee")
        if fault == "garbage":
            return 200, "{\"Result\": [[[["
        return 200, answer, fault == "bad_signature"


class World:
    def __init__(self, script):
        self.script = script
        self.ledger = script["ledger"]
        self.banks = [Bank(self, bank) for bank in script["banks"]]
        self.tasks, self.idle = set(), []
        address = script.get("feedback", "http://127.0.0.1:1")[7:].rstrip("/")
        self.host, self.feedback_port = address.rsplit(":", 1)
        by_partner = {bank.partner: bank for bank in self.banks}
        if os.path.exists(self.ledger):
            with open(self.ledger, encoding="utf-8") as file:
                for line in file:
                    row = json.loads(line)
                    by_partner[row["partner"]].known[row["serial"]] = row["answer"]
        self.file = open(self.ledger, "a", encoding="utf-8")

    def now(self):
        """Ours is the machine's clock unless the script names the clock file of the daemon."""
        if "clock" in self.script:
            with open(self.script["clock"], "rb") as file:
                return int.from_bytes(file.read(8), "little") / 1000
        return time.time()

    def write(self, row):
        self.file.write(json.dumps(row, ensure_ascii=False) + "\n")
        self.file.flush()

    def later(self, coroutine):
        task = asyncio.ensure_future(coroutine)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    # ---- HTTP, as little of it as is needed ----

    async def post(self, path, headers, body):
        """The status; None: nobody is there."""
        reader = writer = None
        try:
            if "feedback_file" in self.script:  # the daemon's port changes when it is started again
                with open(self.script["feedback_file"], encoding="utf-8") as file:
                    self.feedback_port = file.read().strip()
            if self.idle and self.idle[-1][2] == self.feedback_port:
                reader, writer, _ = self.idle.pop()
            else:
                reader, writer = await asyncio.open_connection(self.host, int(self.feedback_port))
            lines = [f"POST {path} HTTP/1.1", f"Host: {self.host}", f"Content-Length: {len(body)}"]
            lines += [f"{name}: {value}" for name, value in headers.items()]
            writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
            status, _, answer_headers = await asyncio.wait_for(read_head(reader), 30)
            await reader.readexactly(int(answer_headers.get("content-length", 0)))
            self.idle.append((reader, writer, self.feedback_port))
            return int(status.split(" ")[1])
        except (OSError, ValueError, IndexError, asyncio.IncompleteReadError, asyncio.TimeoutError):
            if writer:
                writer.close()
            return None

    def serve(self, bank):
        async def connection(reader, writer):
            try:
                while True:
                    first, _, headers = await read_head(reader)
                    method, path, _ = first.split(" ", 2)
                    body = await reader.readexactly(int(headers.get("content-length", 0)))
                    result = await bank.handle(method, path, headers, body)
                    if result is None:
                        writer.transport.abort()
                        return
                    status, content, *rest = result
                    text = content if isinstance(content, str) else json.dumps(content or {}, ensure_ascii=False)
                    data = text.encode()
                    lines = [f"HTTP/1.1 {status} {http.HTTPStatus(status).phrase}", "Content-Type: application/json",
                             f"Content-Length: {len(data)}"]
                    if bank.is_signing():
                        right = bank.sign("RESPONSE", str(status), headers.get("sluice-nonce", ""), "", body=data)
                        lines.append("Sluice-Signature: " + ("0" * 64 if rest and rest[0] else right))
                    writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + data)
                    await writer.drain()
            except (asyncio.IncompleteReadError, ConnectionError, ValueError):
                pass
            finally:
                writer.close()
        return connection

    async def run(self):
        ports = []
        for bank in self.banks:
            server = await asyncio.start_server(self.serve(bank), self.script.get("host", "127.0.0.1"), bank.port,
                                                backlog=512)
            ports.append(str(server.sockets[0].getsockname()[1]))
        print("ready", *ports, flush=True)
        await asyncio.Event().wait()


async def read_head(reader):
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    headers = dict((name.strip().lower(), value.strip()) for name, _, value in
                   (line.partition(":") for line in head[1:] if line))
    return head[0], head, headers


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as script_file:
        asyncio.run(World(json.load(script_file)).run())
