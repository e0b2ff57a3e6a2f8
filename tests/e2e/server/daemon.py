"""A real daemon for a test: started, spoken to over real sockets, ended."""
import http.client
import json
import os
import queue
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time

BIN = os.environ.get("SLUICE_BIN", "build/debug/bin/sluice")
JSON = {"Content-Type": "application/json"}
NDJSON = {"Content-Type": "application/x-ndjson"}


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @property
    def json(self):
        return json.loads(self.body)


class Daemon:
    """`with Daemon(...) as d`: d.request(...), d.raw(...). The database outlives it when a folder is given."""

    def __init__(self, *options, folder=None, open_to_all=True, environment=None):
        self.owns_folder = folder is None
        self.folder = folder or tempfile.mkdtemp(prefix="sluice-server-")
        self.database = os.path.join(self.folder, "desk.db")
        self.options = list(options) + (["--insecure-open"] if open_to_all else [])
        self.environment = dict(os.environ, **(environment or {}))
        self.log = []

    def start(self):
        self.process = subprocess.Popen(
            [BIN, "serve", "--db", self.database, "--listen", "127.0.0.1:0", *self.options],
            stderr=subprocess.PIPE, env=self.environment)
        self.lines = queue.Queue()
        self.reader = threading.Thread(target=self.read_log, daemon=True)
        self.reader.start()
        ready = self.wait_log("ready")
        if ready is None:
            raise AssertionError("the daemon ended: " + repr(self.log))
        self.port = int(ready["text"].split("port ")[1].split(",")[0])
        return self

    def read_log(self):
        for line in self.process.stderr:
            try:
                entry = json.loads(line)
            except ValueError:
                entry = {"event": "text", "text": line.decode(errors="replace")}
            self.log.append(entry)
            self.lines.put(entry)
        self.lines.put(None)

    def wait_log(self, event):
        """The next line of this event; None: the daemon ended without one."""
        while True:
            line = self.lines.get(timeout=60)
            if line is None or line.get("event") == event:
                return line

    def stop(self, how=signal.SIGTERM):
        """Sends the signal (None: it was sent) and waits for the end; returns the exit code."""
        if how is not None and self.process.poll() is None:
            self.process.send_signal(how)
        code = self.process.wait(60)
        self.reader.join()
        self.process.stderr.close()
        return code

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        if not self.process.stderr.closed:
            self.stop(signal.SIGKILL)
        if self.owns_folder:
            shutil.rmtree(self.folder, ignore_errors=True)

    # ---- speaking ----

    def connect(self):
        connection = socket.create_connection(("127.0.0.1", self.port), timeout=60)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connection

    def request(self, method, path, body=None, headers=None, connection=None):
        own = connection or http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        if isinstance(body, (dict, list)):
            headers = {**JSON, **(headers or {})}
            body = json.dumps(body)
        own.request(method, path, body=body, headers=headers or {})
        got = own.getresponse()
        answer = Answer(got.status, got.headers, got.read())
        if connection is None:
            own.close()
        return answer

    def raw(self, data, answers=1):
        """Sends bytes as they are; reads so many answers, or to the end of the connection."""
        with self.connect() as connection:
            connection.sendall(data)
            return [read_answer(connection) for _ in range(answers)]

    def job(self, answer):
        """Waits for a 202's job."""
        where = answer.headers["Location"]
        until = time.monotonic() + 60
        while time.monotonic() < until:
            state = self.request("GET", where).json
            if state["state"] in ("done", "failed", "cancelled"):
                return state
        raise AssertionError("the job does not end")


def read_answer(connection):
    """One answer off a socket; None: the connection ended without one."""
    data = b""
    while b"\r\n\r\n" not in data:
        try:
            more = connection.recv(1)
        except ConnectionResetError:
            more = b""
        if not more:
            return None
        data += more
    head = data.decode("latin-1").split("\r\n")
    headers = http.client.HTTPMessage()
    for line in head[1:]:
        if line:
            name, value = line.split(":", 1)
            headers[name] = value.strip()
    body = b""
    length = int(headers.get("Content-Length", 0))
    while len(body) < length:
        more = connection.recv(length - len(body))
        if not more:
            break
        body += more
    return Answer(int(head[0].split()[1]), headers, body)


def transfer(number, **other):
    return {"id": f"T{number}", "time": "2026-01-05T10:20:30+08:00", "from": f"account:62284804{number % 50:04d}",
            "to": f"account:62170012{number % 70:04d}", "amount_fen": 100 * number + 1, **other}
