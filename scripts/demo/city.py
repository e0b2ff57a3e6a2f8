"""The simulated city behind the demonstration: a month that ends last night, the demonstration's victim moved to a few
minutes ago, and today's traffic, which is the month's first days again at today's date."""

import csv
import io
import json
import os
import subprocess

from client import milliseconds, shanghai

DAY_MS = 86_400_000
DAYS = 31
VICTIM_PAID_AGO_MS = 12 * 60 * 1000


def midnight(ms):
    """The last midnight in Shanghai."""
    return ms - (ms + 8 * 3_600_000) % DAY_MS


class City:
    def __init__(self, sluice, folder, people, seed, now):
        self.sluice, self.folder, self.people, self.seed, self.now = sluice, folder, people, seed, now
        self.data = os.path.join(folder, "city")
        self.begin = midnight(now) - DAYS * DAY_MS

    def simulate(self):
        subprocess.run([self.sluice, "simulate", "--people", str(self.people), "--days", str(DAYS), "--seed",
                        str(self.seed), "--start", shanghai(self.begin)[:10], "--out", self.data], check=True,
                       stdout=subprocess.DEVNULL)
        self.truth = os.path.join(self.data, "truth")
        self.story = dict(line.strip().split("=", 1)
                          for line in open(os.path.join(self.truth, "demo.txt"), encoding="utf-8") if "=" in line)
        self.victims = self.table("victims.csv")

    def table(self, name):
        with open(os.path.join(self.truth, name), encoding="utf-8") as file:
            return list(csv.DictReader(file))

    def take_story_out(self):
        """The movements of the demonstration's victim leave the files, to be told anew in `story_signals`."""
        number = next(v["victim"] for v in self.victims if self.story["transfer"] in v["transfers"].split())
        self.victim = next(v for v in self.victims if v["victim"] == number)
        ids = {row["id"] for row in self.table("legs.csv") if row["victim"] == number}
        self.story_rows = []
        for name in ("transfers.csv", "withdrawals.csv"):
            path = os.path.join(self.data, name)
            with open(path, encoding="utf-8") as source, open(path + ".new", "w", encoding="utf-8") as target:
                header = source.readline()
                target.write(header)
                for line in source:
                    if line[:line.index(",")] in ids:
                        self.story_rows.append((name, dict(zip(header.strip().split(","), next(csv.reader([line]))))))
                    else:
                        target.write(line)
            os.replace(path + ".new", path)

    def story_accounts(self):
        return {row[end] for _, row in self.story_rows for end in ("from", "to", "account") if row.get(end)}

    @property
    def payee(self):
        """The card that the victim's last payment went to."""
        return next(row["to"] for _, row in self.story_rows if row["id"] == self.story["transfer"])

    def import_into(self, database):
        subprocess.run([self.sluice, "import", "--db", database, "--format", "csv", self.data], check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def findings(self, database, days):
        """What the shipped rules find in the last days; before the daemon has the database."""
        begin = shanghai(self.now - days * DAY_MS)[:19].replace("T", " ")
        found = subprocess.run([self.sluice, "detect", "--db", database, "--evidence", "1", "--from", begin], check=True,
                               capture_output=True, text=True).stdout
        return [json.loads(line) for line in found.splitlines()]

    def story_signals(self):
        """The victim's payments and where they went, as if the last one had been made twelve minutes ago."""
        paid = max(milliseconds(row["time"]) for _, row in self.story_rows if row["id"] == self.story["transfer"])
        shift = self.now - VICTIM_PAID_AGO_MS - paid
        rows = sorted(((milliseconds(row["time"]) + shift, name, row) for name, row in self.story_rows),
                      key=lambda entry: entry[0])
        return [(at, signal_of(name, row, shift, "D")) for at, name, row in rows]

    def today(self):
        """Signals of today and every day after, without end, in the order of time: (ms, signal). They are the month's days
        again, under ids of their own; stated balances are left out, since they were another day's."""
        turn = 1
        while True:
            yield from self.month(turn)
            turn += 1

    def month(self, turn):
        shift = turn * DAYS * DAY_MS
        sources = [self.rows(name, shift, turn) for name in ("transfers.csv", "withdrawals.csv", "logins.csv")]
        import heapq
        yield from heapq.merge(*sources, key=lambda entry: entry[0])

    def rows(self, name, shift, turn):
        with open(os.path.join(self.data, name), encoding="utf-8") as file:
            for row in csv.DictReader(file):
                yield milliseconds(row["time"]) + shift, signal_of(name, row, shift, f"R{turn}-")


def signal_of(name, row, shift, prefix):
    at = shanghai(milliseconds(row["time"]) + shift)
    if name == "logins.csv":
        return {"kind": "login", "account": row["account"], "device": row["device"], "time": at, "place": row["place"]}
    return {"kind": "transfer" if name == "transfers.csv" else "withdrawal", "id": prefix + row["id"], "time": at,
            "from": row["from"], "to": row["to"], "amount": row["amount"]}


def lines(signals):
    out = io.StringIO()
    for signal in signals:
        out.write(json.dumps(signal, ensure_ascii=False) + "\n")
    return out.getvalue().encode()
