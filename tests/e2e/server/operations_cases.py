"""What whoever runs it relies on: signals, logs, metrics, the service manager, TLS, events, the simulated clock."""
import json
import os
import pathlib
import signal
import socket
import ssl
import struct
import subprocess
import tempfile
import threading
import unittest

from daemon import JSON, NDJSON, Daemon, transfer

CARD = "6228480402564890018"


def burst(first, count):
    """Through one account within minutes at night: some of it is not allowed."""
    through = f"account:6217{first:04d}"
    return [transfer(n, **{"time": f"2026-01-05T02:{n // 60 % 60:02d}:{n % 60:02d}+08:00",
                           "from": f"account:{first}28{n % 7:04d}" if n % 2 else through,
                           "to": through if n % 2 else f"account:{first}99{n % 5:04d}",
                           "amount_fen": 4990000 + n}) for n in range(first, first + count)]


class Stream:
    """An open event stream."""

    def __init__(self, daemon, last=None):
        self.connection = daemon.connect()
        header = f"Last-Event-ID: {last}\r\n" if last else ""
        self.connection.sendall(f"GET /v1/events HTTP/1.1\r\nHost: x\r\n{header}\r\n".encode())
        self.file = self.connection.makefile("rb")
        self.status = int(self.file.readline().split()[1])
        self.headers = {}
        while (line := self.file.readline()) not in (b"\r\n", b""):
            name, value = line.decode().split(":", 1)
            self.headers[name.lower()] = value.strip()

    def chunk(self):
        length = int(self.file.readline(), 16)
        data = self.file.read(length)
        self.file.readline()
        return data

    def event(self):
        """The next event: {id, event, data}; {}: the stream ended."""
        if not hasattr(self, "text"):
            self.text = b""
        while True:
            while b"\n\n" not in self.text:
                more = self.chunk()
                if not more:
                    return {}
                self.text += more
            one, self.text = self.text.split(b"\n\n", 1)
            fields = dict(line.split(": ", 1) for line in one.decode().splitlines() if ": " in line)
            if "event" in fields:
                return fields

    def close(self):
        self.file.close()
        self.connection.close()


class Events(unittest.TestCase):
    def test_streams(self):
        with Daemon("--consoles", "3", "--rate", "100000") as daemon:
            streams = [Stream(daemon) for _ in range(2)]
            self.assertEqual(streams[0].headers["content-type"], "text/event-stream")
            for stream in streams:
                stream.chunk()  # the greeting: it listens
            ingested = daemon.request("POST", "/v1/signals", "\n".join(map(json.dumps, burst(0, 400))), NDJSON).json
            self.assertGreater(ingested["alerts"], 0)
            events = [stream.event() for stream in streams]
            while events[0]["event"] != "alerts":
                events = [stream.event() for stream in streams]
            self.assertEqual(events[0], events[1])
            self.assertEqual(json.loads(events[0]["data"]), {"alerts": ingested["alerts"],
                                                             "sequence": ingested["sequence"]})
            streams[0].close()
            while "sluice_event_streams 1\n" not in daemon.request("GET", "/metrics").body.decode():
                pass  # that it is gone is noticed without a word being sent to it
            # What happened while it was away comes first when it is back.
            more = daemon.request("POST", "/v1/signals", "\n".join(map(json.dumps, burst(1000, 400))), NDJSON).json
            self.assertGreater(more["alerts"], 0)
            back = Stream(daemon, events[0]["id"])
            event = back.event()
            while event["event"] != "alerts":
                event = back.event()
            self.assertEqual(json.loads(event["data"])["sequence"], more["sequence"])
            # An id of another start: read afresh.
            lost = Stream(daemon, "00000000-7")
            self.assertEqual(lost.event()["event"], "reset")
            full = daemon.request("GET", "/v1/events")
            self.assertEqual(full.status, 503)
            for stream in (back, lost, streams[1]):
                stream.close()

    def test_streams_end_when_the_daemon_does(self):
        with Daemon() as daemon:
            stream = Stream(daemon)
            stream.chunk()
            daemon.process.send_signal(signal.SIGTERM)
            self.assertEqual(stream.event(), {})
            self.assertEqual(daemon.stop(None), 0)
            stream.close()


class Operations(unittest.TestCase):
    def test_logs_tell_no_personal_data(self):
        with Daemon("--log-all") as daemon:
            daemon.request("POST", "/v1/decisions", transfer(1, **{"from": "account:" + CARD}))
            daemon.request("GET", f"/v1/accounts/account:{CARD}?top=3")
            daemon.request("GET", f"/v1/{CARD}")
            daemon.request("GET", f"/v1/traces?account={CARD}")
            daemon.request("POST", "/v1/decisions", transfer(2, **{"from": CARD, "time": CARD}))
            daemon.request("POST", "/v1/signals", json.dumps(transfer(3, **{"to": CARD})), NDJSON)
            metrics = daemon.request("GET", "/metrics").body.decode()
            self.assertEqual(daemon.stop(), 0)
            text = json.dumps(daemon.log)
            self.assertNotIn(CARD, text)
            self.assertNotIn("127.0.0.1", text)
            self.assertNotIn(CARD, metrics)
            requests = [line for line in daemon.log if line["event"] == "request"]
            self.assertEqual(len(requests), 7)
            self.assertEqual([line["route"] for line in requests[:3]],
                             ["/v1/decisions", "/v1/accounts/{key}", "none"])
            for line in requests:
                self.assertLessEqual({"ts", "level", "request", "method", "status", "ms"}, set(line))

    def test_metrics(self):
        with Daemon() as daemon:
            for n in range(5):
                daemon.request("POST", "/v1/decisions", transfer(n))
            text = daemon.request("GET", "/metrics").body.decode()
            values = {}
            for line in text.splitlines():
                if not line.startswith("#"):
                    name, value = line.rsplit(" ", 1)
                    self.assertNotIn(name, values, "a series is there twice")
                    values[name] = float(value)
            self.assertEqual(values["sluice_decisions_total"], 5)
            self.assertEqual(values['sluice_http_requests_total{method="POST",route="/v1/decisions",class="2xx"}'], 5)
            self.assertEqual(
                values['sluice_http_request_duration_seconds_bucket{method="POST",route="/v1/decisions",le="+Inf"}'], 5)
            self.assertGreaterEqual(values["sluice_commit_duration_seconds_count"], 1)
            for family in ("sluice_queue_depth", "sluice_http_request_duration_seconds"):
                self.assertIn(f"# TYPE {family} ", text)

    def test_second_signal_ends_at_once(self):
        with Daemon("--rate", "100000") as daemon:
            with daemon.connect() as connection:  # in the middle of its body
                connection.sendall(b"POST /v1/decisions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                                   b"Content-Length: 5000\r\n\r\n{")
                while 'in_flight 2' not in daemon.request("GET", "/metrics").body.decode():
                    pass
                daemon.process.send_signal(signal.SIGTERM)
                daemon.wait_log("stopping")
                self.assertIsNone(daemon.process.poll())
                self.assertEqual(daemon.stop(), 1)

    def test_stopping_finishes_what_is_under_way(self):
        with Daemon("--rate", "100000") as daemon:
            body = json.dumps(transfer(1)).encode()
            with daemon.connect() as connection:
                connection.sendall(b"POST /v1/decisions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                                   b"Content-Length: " + str(len(body)).encode() + b"\r\n\r\n" + body[:10])
                while 'in_flight 2' not in daemon.request("GET", "/metrics").body.decode():
                    pass
                daemon.process.send_signal(signal.SIGTERM)
                daemon.wait_log("stopping")
                connection.sendall(body[10:])
                self.assertTrue(connection.recv(4096).startswith(b"HTTP/1.1 200"))
            self.assertEqual(daemon.stop(None), 0)

    def test_the_service_manager_is_told(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "notify")
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
                manager.bind(path)
                manager.settimeout(60)
                with Daemon(environment={"NOTIFY_SOCKET": path, "WATCHDOG_USEC": "1000000"}) as daemon:
                    self.assertEqual(manager.recv(100), b"READY=1")
                    self.assertEqual(manager.recv(100), b"WATCHDOG=1")
                    daemon.process.send_signal(signal.SIGTERM)
                    last = manager.recv(100)
                    while last == b"WATCHDOG=1":
                        last = manager.recv(100)
                    self.assertEqual(last, b"STOPPING=1")
                    self.assertEqual(daemon.stop(None), 0)

    def test_a_clock_in_the_hand(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "clock")
            with open(path, "wb") as file:
                file.write(struct.pack("<q", 1700000000000))
            with Daemon("--clock", path) as daemon:
                answer = daemon.request("GET", "/healthz")
                self.assertEqual(answer.headers["Sluice-Clock"], "simulated")
                self.assertEqual((answer.json["now"], answer.json["clock"]),
                                 ("2023-11-15T06:13:20.000+08:00", "simulated"))
                with open(path, "r+b") as file:
                    file.write(struct.pack("<q", 1700000001000))
                self.assertEqual(daemon.request("GET", "/healthz").json["now"], "2023-11-15T06:13:21.000+08:00")
                self.assertTrue(any(line["event"] == "clock" for line in daemon.log))

    def test_what_it_refuses_to_start_with(self):
        for options, words in ((("--listen", "0.0.0.0:0"), "TLS"), (("--listen", "localhost:80"), "address"),
                               (("--tls-cert", "x"), "key"), (("--rules", "/nowhere"), "nowhere"),
                               (("--clock", "/nowhere"), "clock")):
            with tempfile.TemporaryDirectory() as folder:
                listen = () if "--listen" in options else ("--listen", "127.0.0.1:0")
                done = subprocess.run([os.environ["SLUICE_BIN"], "serve", "--db", folder + "/d.db", *listen, *options],
                                      capture_output=True, text=True, timeout=60, check=False)
                self.assertEqual(done.returncode, 1, (options, done.stderr))
                self.assertIn(words, done.stderr)

    def test_new_rules_by_a_signal(self):
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run(["cp", "-r", "rules", folder], check=True)
            with Daemon("--rules", folder + "/rules") as daemon:
                before = daemon.request("GET", "/v1/rules").json
                daemon.process.send_signal(signal.SIGHUP)
                self.assertIn("as they were", daemon.wait_log("reload")["text"])
                target = str(sorted(pathlib.Path(folder, "rules").rglob("*.rule"))[0])
                with open(target, encoding="utf-8") as file:
                    text = file.read()
                with open(target, "a", encoding="utf-8") as file:
                    file.write("\nrule {\n")
                daemon.process.send_signal(signal.SIGHUP)
                self.assertIn("old ones stay", daemon.wait_log("reload")["text"])
                refused = daemon.request("GET", "/v1/rules").json
                self.assertRegex(refused.pop("problem"), r"^[\w/]+\.rule:\d+:\d+: ")
                self.assertEqual({**refused, "problem": None}, before)
                with open(target, "w", encoding="utf-8") as file:
                    file.write("# changed\n" + text)
                daemon.process.send_signal(signal.SIGHUP)
                self.assertIn("in use", daemon.wait_log("reload")["text"])
                after = daemon.request("GET", "/v1/rules").json
                self.assertTrue(after["deciding"] and after["problem"] is None)
                self.assertNotEqual(after["rules_sha256"], before["rules_sha256"])
                self.assertEqual(daemon.request("POST", "/v1/decisions", transfer(1)).status, 200)


def certificate(folder, name):
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                    "-keyout", folder + "/key.pem", "-out", folder + "/cert.pem", "-days", "2", "-subj", "/CN=" + name],
                   check=True, capture_output=True)


class Tls(unittest.TestCase):
    def peer_name(self, daemon, context):
        with daemon.connect() as plain, context.wrap_socket(plain, server_hostname="desk") as secure:
            secure.sendall(b"GET /healthz HTTP/1.1\r\nHost: desk\r\n\r\n")
            head = b""
            while b"\r\n\r\n" not in head:
                head += secure.recv(4096)
            self.assertTrue(head.startswith(b"HTTP/1.1 200"), head)
            self.assertIn(b"Strict-Transport-Security", head)
            return secure.getpeercert(True), secure.version()

    def test_a_new_certificate_without_a_restart(self):
        with tempfile.TemporaryDirectory() as folder:
            certificate(folder, "first")
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
            with Daemon("--tls-cert", folder + "/cert.pem", "--tls-key", folder + "/key.pem") as daemon:
                first, version = self.peer_name(daemon, context)
                self.assertEqual(version, "TLSv1.3")
                certificate(folder, "second")
                daemon.process.send_signal(signal.SIGHUP)
                daemon.wait_log("reload")
                second, _ = self.peer_name(daemon, context)
                self.assertNotEqual(first, second)
                old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
                old.check_hostname = False
                old.verify_mode = ssl.CERT_NONE
                old.maximum_version = ssl.TLSVersion.TLSv1_1
                with self.assertRaises((ssl.SSLError, OSError)):
                    self.peer_name(daemon, old)
                # Plain HTTP to a TLS port is no HTTP.
                with daemon.connect() as plain:
                    plain.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
                    try:
                        self.assertNotIn(b"200", plain.recv(100))
                    except ConnectionResetError:
                        pass


if __name__ == "__main__":
    unittest.main()


class Notice(unittest.TestCase):
    """What is told before sign-in is what the file says, and a file that says something else is refused at the start."""

    def serve(self, text):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        path = os.path.join(self.folder.name, "notice.json")
        pathlib.Path(path).write_text(text, encoding="utf-8")
        return Daemon("--no-decisions", "--notice", path)

    def test_a_notice_is_told_to_everybody(self):
        notice = {"zh": "系统今晚22时维护", "en": "maintenance at 22:00"}
        with self.serve(json.dumps(notice, ensure_ascii=False)) as daemon:
            self.assertEqual(daemon.request("GET", "/v1/notice").json, notice)

    def test_without_one_there_is_nothing(self):
        with Daemon("--no-decisions") as daemon:
            self.assertEqual(daemon.request("GET", "/v1/notice").json, {})

    def test_a_wrong_one_is_refused(self):
        for text, said in [("{", "is not JSON"), ('{"accounts":[{"login":"x"}]}', "/accounts/0/name"), ('{"url":1}', "/url"),
                           ('{"zh":"' + "字" * 30000 + '"}', "65536")]:
            with self.assertRaises(AssertionError) as caught:
                self.serve(text).start()
            self.assertIn(said, str(caught.exception))
