"""What was answered is there: after SIGKILL, after SIGTERM in the middle of work, and the same as by import."""
import http.client
import json
import os
import signal
import sqlite3
import subprocess
import tempfile
import threading
import unittest

from daemon import BIN, JSON, NDJSON, Daemon, transfer


def cli(*arguments):
    done = subprocess.run([BIN, *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def suspicious(number):
    """Bursts of 400 through one account each, at night, so that some are not allowed."""
    burst, n = number // 400, number % 400
    through = f"account:6217{burst:06d}"
    return transfer(number, **{"time": f"2026-01-05T02:{n // 60:02d}:{n % 60:02d}+08:00",
                               "from": f"account:{burst}28{n % 7:04d}" if n % 2 else through,
                               "to": through if n % 2 else f"account:{burst}99{n % 5:04d}",
                               "amount_fen": 4990000 + n})


class Sender(threading.Thread):
    """Sends decisions one after the other until the connection ends; keeps what was answered."""

    alerts = 0

    def __init__(self, port, first, step):
        super().__init__()
        self.port, self.first, self.step = port, first, step
        self.answers = {}
        self.enough = threading.Event()

    def run(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        number = self.first
        try:
            while True:
                body = json.dumps(suspicious(number))
                connection.request("POST", "/v1/decisions", body, JSON)
                got = connection.getresponse()
                text = got.read()
                if got.status == 200:
                    self.answers[number] = json.loads(text)
                    Sender.alerts += self.answers[number]["action"] != "allow"
                if len(self.answers) >= (60 if Sender.alerts > 0 else 2000):
                    self.enough.set()
                number += self.step
        except (OSError, http.client.HTTPException):
            self.enough.set()
        finally:
            connection.close()


def send_until(daemon, how):
    Sender.alerts = 0
    senders = [Sender(daemon.port, first, 8) for first in range(8)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.enough.wait(60)
    code = daemon.stop(how)
    for sender in senders:
        sender.join()
    answers = {}
    for sender in senders:
        answers.update(sender.answers)
    return code, answers


class Durability(unittest.TestCase):
    def everything_is_there(self, folder, answers):
        self.assertGreater(len(answers), 400)
        self.assertTrue(any(a["action"] != "allow" for a in answers.values()), "nothing was suspicious: a weak test")
        with Daemon(folder=folder) as daemon:
            connection = http.client.HTTPConnection("127.0.0.1", daemon.port)
            sequences = {}
            for number in answers:
                found = daemon.request("GET", f"/v1/transfers/T{number}", connection=connection)
                while found.status == 429:
                    found = daemon.request("GET", f"/v1/transfers/T{number}", connection=connection)
                self.assertEqual(found.status, 200, number)
                self.assertEqual(found.json["amount_fen"], suspicious(number)["amount_fen"])
                sequences[number] = found.json["sequence"]
                again = daemon.request("POST", "/v1/decisions", suspicious(number), connection=connection)
                self.assertTrue(again.json["duplicate"], "it happened twice")
            connection.close()
            self.assertEqual(len(set(sequences.values())), len(answers))
            self.assertEqual(daemon.stop(), 0)
        # What was decided other than to allow is what was answered, with the same reasons.
        with sqlite3.connect(os.path.join(folder, "desk.db")) as database:
            kept = {sequence: json.loads(text) for sequence, text in
                    database.execute("SELECT sequence, body FROM decision")}
        database.close()
        for number, answer in answers.items():
            decision = kept.get(sequences[number])
            if answer["action"] == "allow":
                self.assertIsNone(decision)
            else:
                self.assertEqual((decision["action"], decision["score"], decision["typology"], decision["subject"]),
                                 (answer["action"], answer["score"], answer["typology"], answer["subject"]))
                self.assertEqual([r["rule"] for r in decision["rules"]], [r["rule"] for r in answer["reasons"]])
        self.assertIn("every checksum is right", cli("verify", "--db", os.path.join(folder, "desk.db")))

    def test_kill(self):
        with tempfile.TemporaryDirectory() as folder:
            with Daemon(folder=folder) as daemon:
                _, answers = send_until(daemon, signal.SIGKILL)
            self.everything_is_there(folder, answers)

    def test_terminate(self):
        with tempfile.TemporaryDirectory() as folder:
            with Daemon(folder=folder) as daemon:
                code, answers = send_until(daemon, signal.SIGTERM)
                self.assertEqual(code, 0)
                self.assertTrue(os.path.exists(os.path.join(folder, "desk.db-snapshot")))
            self.everything_is_there(folder, answers)

    def test_kill_while_taking_batches(self):
        with tempfile.TemporaryDirectory() as folder:
            accepted = []
            with Daemon(folder=folder) as daemon:
                def send(first):
                    try:
                        for number in range(first, first + 100000, 1000):
                            body = "\n".join(json.dumps(transfer(n)) for n in range(number, number + 200))
                            answer = daemon.request("POST", "/v1/signals", body, NDJSON)
                            if answer.status == 200:
                                accepted.append((number, answer.json))
                                enough.set()
                    except (OSError, http.client.HTTPException):
                        enough.set()

                enough = threading.Event()
                threads = [threading.Thread(target=send, args=(k * 1000000,)) for k in range(3)]
                for thread in threads:
                    thread.start()
                enough.wait(60)
                daemon.stop(signal.SIGKILL)
                for thread in threads:
                    thread.join()
            self.assertTrue(accepted)
            with Daemon("--rate", "1000000", folder=folder) as daemon:
                for number, summary in accepted:
                    self.assertEqual(summary["accepted"], 200)
                    for n in (number, number + 199):
                        self.assertEqual(daemon.request("GET", f"/v1/transfers/T{n}").json["amount_fen"], 100 * n + 1)


class SameAsImport(unittest.TestCase):
    def test_a_city(self):
        with tempfile.TemporaryDirectory() as folder:
            cli("simulate", "--people", "300", "--days", "4", "--seed", "3", "--out", folder + "/city")
            lines = []
            import csv
            for name, kind in (("holders", "holder"), ("accounts", "account"), ("devices", "device"),
                               ("logins", "login"), ("transfers", "transfer"), ("withdrawals", "withdrawal")):
                with open(f"{folder}/city/{name}.csv", encoding="utf-8", newline="") as file:
                    for row in csv.DictReader(file):
                        lines.append(json.dumps({"kind": kind, **{k: v for k, v in row.items() if v}}, ensure_ascii=False))
            with open(folder + "/all.ndjson", "w", encoding="utf-8") as file:
                file.write("\n".join(lines) + "\n")
            cli("import", "--db", folder + "/imported.db", "--format", "ndjson", folder + "/all.ndjson")
            with Daemon(folder=folder) as daemon:
                for at in range(0, len(lines), 1000):
                    answer = daemon.request("POST", "/v1/signals", "\n".join(lines[at:at + 1000]).encode(), NDJSON)
                    self.assertEqual((answer.status, answer.json["rejected"]), (200, 0), answer.body[:500])
                self.assertEqual(daemon.stop(), 0)
            for arguments in (("detect", "-o", "ndjson"),):
                posted = cli(arguments[0], "--db", folder + "/desk.db", *arguments[1:])
                imported = cli(arguments[0], "--db", folder + "/imported.db", *arguments[1:])

                def bare(text):  # sequences depend on how batches fell
                    return [{k: v for k, v in json.loads(line).items()
                             if k in ("subject", "typology", "score", "action", "hits")} for line in text.splitlines()]
                self.assertTrue(bare(posted))
                self.assertEqual(bare(posted), bare(imported))
            with open(f"{folder}/city/accounts.csv", encoding="utf-8", newline="") as file:
                keys = [row["key"] for row in csv.DictReader(file)][:40]
            for key in keys:
                one, two = (json.loads(cli("account", "--db", f"{folder}/{name}.db", key, "-o", "json"))
                            for name in ("desk", "imported"))
                self.assertEqual(one | {"as_of": 0}, two | {"as_of": 0})


if __name__ == "__main__":
    unittest.main()
