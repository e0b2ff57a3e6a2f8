"""Requests as bytes, and a strict reader of answers: whatever breaks HTTP/1.1 on the daemon's side is a finding."""

import json
import select
import socket
import ssl
import struct
import time

SECONDS = 60


class Broken(Exception):
    """The daemon's side of the conversation is not HTTP, or does not come."""


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @property
    def media(self):
        return self.headers.get("content-type", "").split(";")[0]

    @property
    def json(self):
        return json.loads(self.body)


class Line:
    """One connection."""

    def __init__(self, port, tls=False):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=SECONDS)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.tls = tls
        if tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
            self.socket = context.wrap_socket(self.socket)
        self.buffer = b""
        self.answers, self.opened, self.heard, self.end = 0, time.monotonic(), time.monotonic(), None

    def how_it_ended(self):
        """For whoever has to find out why."""
        now = time.monotonic()
        return (f"{self.end or 'it is open'}, after {self.answers} answers, {now - self.opened:.2f} s after it was opened, "
                f"{now - self.heard:.2f} s after the last byte came")

    def send(self, data):
        """False: it was cut off by the peer, which may be its right."""
        try:
            self.socket.sendall(data)
            return True
        except (ConnectionError, ssl.SSLError) as fault:
            self.end = f"sending: {fault!r}"
            return False
        except TimeoutError as late:
            raise Broken("it does not read") from late

    def half_close(self):
        if not self.tls:
            try:
                self.socket.shutdown(socket.SHUT_WR)
            except OSError:
                pass

    def vanish(self):
        """A reset in the place of an end."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()

    def close(self):
        self.socket.close()

    def has_input(self, seconds):
        return bool(self.buffer) or bool(select.select([self.socket], [], [], seconds)[0])

    def more(self):
        try:
            data = self.socket.recv(262144)
        except (ConnectionError, ssl.SSLError) as fault:
            data, self.end = b"", self.end or f"reading: {fault!r}"
        except TimeoutError as late:
            raise Broken(f"no answer within {SECONDS} s") from late
        self.buffer += data
        if data:
            self.heard = time.monotonic()
        else:
            self.end = self.end or "ended in order"
        return bool(data)

    def answer(self, method):
        """The next answer; None: the connection ended before one began."""
        while b"\r\n\r\n" not in self.buffer:
            if len(self.buffer) > 65536:
                raise Broken("a head without end")
            if not self.more():
                if self.buffer:
                    raise Broken(f"cut off in its head: {self.buffer[:200]!r}")
                return None
        head, self.buffer = self.buffer.split(b"\r\n\r\n", 1)
        status, headers = read_head(head)
        self.answers += status != 100
        if status == 100:
            return self.answer(method)
        if method == "HEAD" or status in (204, 304):
            return Answer(status, headers, b"")
        if "transfer-encoding" in headers or "content-length" not in headers:
            return Answer(status, headers, None)  # a stream: the caller ends it
        length = int(headers["content-length"])
        while len(self.buffer) < length:
            if not self.more():
                raise Broken(f"cut off in its body: {len(self.buffer)} of {length}")
        body, self.buffer = self.buffer[:length], self.buffer[length:]
        return Answer(status, headers, body)


def read_head(head):
    lines = head.decode("latin-1").split("\r\n")
    parts = lines[0].split(" ", 2)
    if len(parts) < 3 or parts[0] != "HTTP/1.1" or not parts[1].isdigit():
        raise Broken(f"no status line: {lines[0][:200]!r}")
    headers = {}
    for line in lines[1:]:
        name, colon, value = line.partition(":")
        name = name.lower()
        if not colon or not name or any(c in " \t" for c in name) or "\n" in value or "\0" in value:
            raise Broken(f"no header: {line[:200]!r}")
        if name in headers and name != "set-cookie":
            raise Broken(f"a header twice: {name}")
        headers[name] = value.strip()
    return int(parts[1]), headers


class Request:
    def __init__(self, method, target, headers, body):
        self.method, self.target, self.headers, self.body = method, target, headers, body

    def head(self, framing):
        lines = [f"{self.method} {self.target} HTTP/1.1", "Host: sluice.test"]
        lines += [f"{name}: {value}" for name, value in self.headers]
        return ("\r\n".join(lines + framing) + "\r\n\r\n").encode("utf-8", "surrogatepass")

    def encode(self):
        has_body = self.body or self.method in ("POST", "PUT", "PATCH")
        return self.head([f"Content-Length: {len(self.body)}"] if has_body else []) + self.body

    def encode_chunked(self, random):
        data, at = b"", 0
        while at < len(self.body):
            size = random.randint(1, 64)
            piece = self.body[at:at + size]
            data += b"%x\r\n" % len(piece) + piece + b"\r\n"
            at += size
        return self.head(["Transfer-Encoding: chunked"]) + data + b"0\r\n\r\n"

    def encode_lying(self, random):
        length = random.choice([len(self.body) + random.randint(1, 50), max(0, len(self.body) - random.randint(1, 9)), "-1", "1e3",
                                "0x10", "+5", "", "99999999999999999999", f"{len(self.body)}, {len(self.body)}"])
        more = random.choice([[], [], [f"Content-Length: {len(self.body)}"], ["Transfer-Encoding: chunked"],
                              ["Transfer-Encoding: gzip, chunked"], ["Transfer-Encoding : chunked"]])
        return self.head([f"Content-Length: {length}"] + more) + self.body
