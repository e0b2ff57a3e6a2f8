#!/usr/bin/env python3
"""A simulated carrier: an SMPP 3.4 server that does what its script says, and right where the script says nothing.

    carrier.py [--port N] [--script FILE|JSON] [--system-id ID] [--password PW] [--tls-cert FILE --tls-key FILE]

Prints "port N" when it listens. Every message that it took is a line of JSON on its standard output when --verbose is
given, and a summary at its end (SIGTERM). It shares no code with Sluice: PDUs are written here by hand.

The script is a JSON object; everything in it is optional:

    "bind_status": 13            refuse binds with this status
    "submit": [[rule], …]        for submit_sm: the first rule that fits the n-th submit (from 1) is used
        rule: {"from": 1, "to": 10, "every": 3, "number": "…",      which submits (all conditions hold)
               "status": 88,                                        answer with this command_status
               "silent": true,                                      do not answer at all
               "drop": true,                                        close the connection instead of answering
               "drop_after": true,                                  take it, and close before answering
               "delay_ms": 50}                                      answer later
    "receipt": {"delay_ms": 0, "stat": "DELIVRD", "stats": ["DELIVRD", "UNDELIV"],   in turns
                "none": true, "twice": true, "before_response": true,
                "shuffle": 8,                                       out of order within so many
                "form": "text|tlv|both", "id_form": "same|decimal"} (ids are hexadecimal in responses)
    "enquire": "answer|silent"
    "incoming": [{"from": "138…", "text": "T"}]                     messages of phones, after the bind
    "incoming_ucs2": true
"""

import argparse
import asyncio
import json
import signal
import ssl
import struct
import sys
import time

BIND_RX, BIND_TX, SUBMIT, DELIVER, UNBIND, BIND_TRX, ENQUIRE = 1, 2, 4, 5, 6, 9, 0x15
RESP = 0x80000000
HEADER = struct.Struct(">IIII")


def cstring(body, at):
    end = body.index(b"\0", at)
    return body[at:end], end + 1


def parse_submit(body):
    _, at = cstring(body, 0)
    at += 2
    source, at = cstring(body, at)
    at += 2
    destination, at = cstring(body, at)
    esm_class = body[at]
    at += 3
    _, at = cstring(body, at)
    _, at = cstring(body, at)
    registered, _, coding, _, length = body[at : at + 5]
    at += 5
    text = body[at : at + length]
    at += length
    reference = None
    while at + 4 <= len(body):
        tag, size = struct.unpack(">HH", body[at : at + 4])
        value = body[at + 4 : at + 4 + size]
        if tag == 0x0424:
            text = value
        elif tag == 0x0204:
            reference = struct.unpack(">H", value)[0]
        at += 4 + size
    return source.decode(), destination.decode(), esm_class, registered, coding, text, reference


class Carrier:
    def __init__(self, args, script):
        self.args, self.script = args, script
        self.submits = self.receipts = self.answers = self.binds = self.enquiries = self.unbinds = 0
        self.next_id = 0x1000
        self.parts = {}
        self.messages = []
        self.stat_turn = 0
        self.shuffled = []
        self.statuses = {}
        self.bad = []
        self.connections = set()
        self.unanswered = []  # deliver_sm that a lost connection did not answer: sent again after the next bind
        self.first = self.last = 0.0

    def summary(self):
        return {
            "submits": self.submits, "receipts": self.receipts, "receipt_answers": self.answers, "binds": self.binds,
            "enquiries": self.enquiries, "unbinds": self.unbinds, "messages": len(self.messages),
            "statuses": self.statuses, "bad": self.bad[:5], "seconds": round(self.last - self.first, 3),
        }


class Connection(asyncio.Protocol):
    def __init__(self, carrier):
        self.c = carrier
        self.rest = b""
        self.sequence = 0
        self.receives = False
        self.transport = None
        self.under_way = {}

    def connection_made(self, transport):
        self.transport = transport
        self.c.connections.add(self)

    def connection_lost(self, _):
        self.c.connections.discard(self)
        self.c.unanswered += self.under_way.values()

    def data_received(self, data):
        data = self.rest + data if self.rest else data
        at, end = 0, len(data)
        while end - at >= 16:
            length, command, status, sequence = HEADER.unpack_from(data, at)
            if length < 16 or length > 70000:
                self.c.bad.append("length %d" % length)
                self.transport.close()
                return
            if end - at < length:
                break
            self.handle(command, status, sequence, data[at + 16 : at + length])
            at += length
            if self.transport.is_closing():
                return
        self.rest = data[at:]

    def send(self, command, status, sequence, body=b""):
        if not self.transport.is_closing():
            self.transport.write(HEADER.pack(16 + len(body), command, status, sequence) + body)

    def handle(self, command, status, sequence, body):
        c = self.c
        if command == SUBMIT:
            self.submit(sequence, body)
        elif command == DELIVER | RESP:
            c.answers += 1
            self.under_way.pop(sequence, None)
            c.statuses[status] = c.statuses.get(status, 0) + 1
        elif command in (BIND_RX, BIND_TX, BIND_TRX):
            self.bind(command, sequence, body)
        elif command == ENQUIRE:
            c.enquiries += 1
            if c.script.get("enquire", "answer") == "answer":
                self.send(ENQUIRE | RESP, 0, sequence)
        elif command == UNBIND:
            c.unbinds += 1
            self.send(UNBIND | RESP, 0, sequence)
            self.transport.close()
        elif not command & RESP:
            self.send(RESP, 3, sequence)

    def bind(self, command, sequence, body):
        c = self.c
        c.binds += 1
        system_id, at = cstring(body, 0)
        password, _ = cstring(body, at)
        status = c.script.get("bind_status", 0)
        if status == 0 and (system_id.decode(), password.decode()) != (c.args.system_id, c.args.password):
            status = 0x0E
        self.receives = command in (BIND_RX, BIND_TRX)
        self.send(command | RESP, status, sequence, b"CARRIER\0" if status == 0 else b"")
        if status == 0 and self.receives:
            again, c.unanswered = c.unanswered, []
            for body in again:
                self.deliver_body(body)
            for message in c.script.pop("incoming", []):
                self.incoming(message)

    def incoming(self, message):
        coding, text = 0, message["text"].encode()
        if self.c.script.get("incoming_ucs2") or any(ord(x) > 127 for x in message["text"]):
            coding, text = 8, message["text"].encode("utf-16-be")
        self.deliver(message["from"].encode(), b"12381", 0, coding, text, b"")

    def deliver(self, source, destination, esm_class, coding, text, parameters):
        body = b"\0\1\1" + source + b"\0\0\1" + destination + b"\0" + bytes([esm_class, 0, 0]) + b"\0\0"
        body += bytes([0, 0, coding, 0, len(text)]) + text + parameters
        self.deliver_body(body)

    def deliver_body(self, body):
        self.sequence += 1
        self.under_way[self.sequence] = body
        self.send(DELIVER, 0, self.sequence, body)

    def rule(self, n, number):
        for rule in self.c.script.get("submit", []):
            if n < rule.get("from", 1) or n > rule.get("to", 1 << 60) or n % rule.get("every", 1):
                continue
            if rule.get("number", number) == number:
                return rule
        return {}

    def submit(self, sequence, body):
        c = self.c
        c.submits += 1
        now = time.monotonic()
        c.first = c.first or now
        c.last = now
        source, number, esm_class, registered, coding, text, reference = parse_submit(body)
        rule = self.rule(c.submits, number)
        if rule.get("drop"):
            self.transport.abort()
            return
        if rule.get("silent"):
            return
        if rule.get("status"):
            self.later(rule, lambda: self.send(SUBMIT | RESP, rule["status"], sequence))
            return
        c.next_id += 1
        message_id = "%x" % c.next_id
        self.keep(source, number, esm_class, coding, text, reference)
        if rule.get("drop_after"):
            self.transport.abort()
            return
        receipt = c.script.get("receipt", {})
        wants = registered & 1 and not receipt.get("none")
        if wants and receipt.get("before_response"):
            self.receipt(message_id, number, source)
            wants = False
        self.later(rule, lambda: self.send(SUBMIT | RESP, 0, sequence, message_id.encode() + b"\0"))
        if wants:
            self.plan_receipt(receipt, message_id, number, source)

    def later(self, rule, action):
        if rule.get("delay_ms"):
            asyncio.get_running_loop().call_later(rule["delay_ms"] / 1000, action)
        else:
            action()

    def plan_receipt(self, receipt, message_id, number, source):
        c = self.c
        if receipt.get("shuffle"):
            c.shuffled.append((message_id, number, source))
            if len(c.shuffled) >= receipt["shuffle"]:
                for held in reversed(c.shuffled):
                    self.receipt(*held)
                c.shuffled = []
            return
        if receipt.get("delay_ms"):
            asyncio.get_running_loop().call_later(
                receipt["delay_ms"] / 1000, lambda: self.receiver().receipt(message_id, number, source))
        else:
            self.receiver().receipt(message_id, number, source)

    def receiver(self):
        if self.receives and not self.transport.is_closing():
            return self
        return next((x for x in self.c.connections if x.receives), self)

    def receipt(self, message_id, number, source):
        c = self.c
        settings = c.script.get("receipt", {})
        stats = settings.get("stats") or [settings.get("stat", "DELIVRD")]
        stat = stats[c.stat_turn % len(stats)]
        c.stat_turn += 1
        shown = str(int(message_id, 16)) if settings.get("id_form") == "decimal" else message_id
        form = settings.get("form", "both")
        text, parameters = b"", b""
        if form in ("text", "both"):
            text = ("id:%s sub:001 dlvrd:001 submit date:2205241200 done date:2205241201 stat:%s err:%s Text:..."
                    % (shown, stat, "000" if stat == "DELIVRD" else "027")).encode()
        if form in ("tlv", "both"):
            number_of = {"ENROUTE": 1, "DELIVRD": 2, "EXPIRED": 3, "DELETED": 4, "UNDELIV": 5, "ACCEPTD": 6,
                         "UNKNOWN": 7, "REJECTD": 8}[stat]
            name = shown.encode() + b"\0"
            parameters = struct.pack(">HH", 0x1E, len(name)) + name + struct.pack(">HHB", 0x427, 1, number_of)
        for _ in range(2 if settings.get("twice") else 1):
            c.receipts += 1
            self.receiver().deliver(number.encode(), source.encode(), 4, 0, text, parameters)

    def keep(self, source, number, esm_class, coding, text, reference):
        """Puts parts together as a phone does, and writes the whole message down."""
        c = self.c
        place = None
        if esm_class & 0x40:
            header, text = text[: text[0] + 1], text[text[0] + 1 :]
            if header[1:3] != b"\0\3":
                c.bad.append("header %s" % header.hex())
                return
            place = (number, header[3])
            parts = c.parts.setdefault(place, {"count": header[4]})
            parts[header[5]] = text
            if len(parts) <= header[4]:
                return
            whole = [parts[i] for i in range(1, header[4] + 1)]
            del c.parts[place]
        else:
            whole = [text]
        try:
            # Each part alone: one that is cut inside a character is seen here.
            decoded = "".join(part.decode("utf-16-be") if coding == 8 else part.decode("latin-1") for part in whole)
        except UnicodeDecodeError as error:
            c.bad.append(str(error))
            return
        message = {"from": source, "to": number, "parts": len(whole), "coding": coding, "text": decoded,
                   "reference": reference, "longest": max(len(part) for part in whole)}
        c.messages.append(message)
        if c.args.verbose:
            print(json.dumps(message, ensure_ascii=False), flush=True)


async def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--script", default="{}")
    parser.add_argument("--system-id", default="sluice")
    parser.add_argument("--password", default="secret")
    parser.add_argument("--tls-cert")
    parser.add_argument("--tls-key")
    parser.add_argument("--verbose", action="store_true")
    args = parser.parse_args()
    script = json.loads(args.script) if args.script.lstrip().startswith("{") else json.load(open(args.script))
    carrier = Carrier(args, script)
    context = None
    if args.tls_cert:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(args.tls_cert, args.tls_key)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(carrier), "127.0.0.1", args.port, ssl=context)
    print("port %d" % server.sockets[0].getsockname()[1], flush=True)
    ended = asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, ended.set)
    loop.add_signal_handler(signal.SIGINT, ended.set)
    await ended.wait()
    server.close()
    print(json.dumps(carrier.summary()), flush=True)


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")
    asyncio.run(main())
