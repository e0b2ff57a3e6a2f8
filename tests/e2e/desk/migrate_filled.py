"""A database in which everything has rows, at the limits of their values, from each kind of database to each and back, and
through a backup: every row of every table is the same byte for byte, its checksums hold, and the daemon says the same of it.
Killed anywhere, it goes on or says why not. Run by tests/e2e/migrate_filled_test.c, which writes the rows."""

import base64
import csv
import io
import itertools
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import traceback

sys.path.insert(0, os.path.dirname(__file__))
from centre import BEGIN_MS, BIN, HOUR_MS, Centre, expect
from postgres import Postgres, binaries

csv.field_size_limit(1 << 30)
ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", "..", ".."))
WHY = "侦办2026-118号案，调取流水"
# One database's own: who holds the server's, and which schema it has (SQLite's is in the file's head).
NOT_MOVED = {"owner": None, "meta": "schema"}
# Rows that the log and what is beside it have only when somebody did something.
BESIDE = ["batch", "source", "truth", "decision", "import", "import_part", "record_table", "meta"]
# What a request is answered with that is of its moment, or of this process.
NOT_COMPARED = ("/v1/events", "/v1/jobs", "/v1/notice", "/v1/session", "/v1/presence", "/metrics", "/v1/backups",
                "/v1/audit", "/healthz", "/readyz")
READERS = ("commander", "administrator", "auditor", "outreach", "bank")


def sluice(*arguments, code=0, **more):
    done = subprocess.run([BIN, *arguments], capture_output=True, text=True, **more)
    expect(done.returncode == code, f"sluice {' '.join(arguments)}: {done.returncode} {done.stdout} {done.stderr}")
    return done.stdout + done.stderr


# ---- what is in a database, whoever wrote it ----

def cell_of_sqlite(value):
    return "\\x" + value.hex() if isinstance(value, bytes) else None if value is None else str(value)


def rows_of_sqlite(path):
    """Every row of every table, as PostgreSQL writes it."""
    file = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        names = [row[0] for row in file.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        tables = {}
        for name in names:
            if not name.startswith("sqlite_"):
                cursor = file.execute(f'SELECT * FROM "{name}"')
                columns = [column[0] for column in cursor.description]
                tables[name] = (columns, [[cell_of_sqlite(cell) for cell in row] for row in cursor])
        return tables
    finally:
        file.close()


def rows_of_postgres(server, location):
    """By one session of psql, which tells where each table begins."""
    def ask(script):
        command = [*server.as_user, os.path.join(server.bin, "psql"), "-XqAt", location.replace("postgres://", "postgresql://")]
        done = subprocess.run(command, check=True, cwd=server.folder, capture_output=True, input=script.encode(),
                              env=dict(os.environ, PGCLIENTENCODING="UTF8"))
        return done.stdout.decode()

    names = ask("SELECT tablename FROM pg_tables WHERE schemaname = 'sluice';").split()
    mark = "<<< the next table >>>\n"
    copy = "COPY sluice.\"{}\" TO STDOUT (FORMAT csv, HEADER, NULL '<null>', FORCE_QUOTE *);\n"
    said = ask("".join(f"\\echo {mark}{copy.format(name)}" for name in names)).split(mark)[1:]
    tables = {}
    for name, text in zip(names, said, strict=True):
        head, *rows = csv.reader(io.StringIO(text, newline=""))
        tables[name] = (head, [[None if cell == "<null>" else cell for cell in row] for row in rows])
    return tables


class Places:
    """Databases of both kinds, and what is in them."""

    def __init__(self, folder):
        self.folder, self.server, self.count = folder, Postgres(), itertools.count()

    def fresh(self, kind):
        return self.server.database() if kind == "postgres" else os.path.join(self.folder, f"{next(self.count)}.db")

    def rows(self, place):
        tables = rows_of_postgres(self.server, place) if place.startswith("postgres") else rows_of_sqlite(place)
        for name, row in NOT_MOVED.items():
            if row is None:
                tables.pop(name, None)
            else:
                tables[name] = (tables[name][0], [cells for cells in tables[name][1] if cells[0] != row])
        return {name: (columns, sorted(rows, key=repr)) for name, (columns, rows) in tables.items()}

    def close(self):
        self.server.close()


def expect_same(there, here, what):
    expect(set(there) == set(here), f"{what}: tables {set(there) ^ set(here)}")
    for name, (columns, rows) in there.items():
        expect(columns == here[name][0], f"{what}: columns of {name}: {columns} and {here[name][0]}")
        expect(len(rows) == len(here[name][1]), f"{what}: {name} has {len(rows)} rows, and {len(here[name][1])}")
        for row, other in zip(rows, here[name][1]):
            expect(row == other, f"{what}: a row of {name}: {row}\n{other}")


# ---- a centre that did something of everything that is not a record ----

def worked(folder):
    c = Centre(rules=os.path.join(ROOT, "rules"))
    with open(os.path.join(ROOT, "tests", "replay", "task_rebate_large", "transfers.csv"), encoding="utf-8") as file:
        for row in csv.DictReader(file):
            c.must("analyst", "POST", "/v1/decisions", {"kind": "transfer", **{name: row[name] for name in (
                "id", "time", "from", "to", "amount")}, "label": "task_rebate"})
    line = "N{0},2026-11-25 09:00:{0:02d},6228480000000000{0:03d},6217000000000000{0:03d},{0}.50\n"
    first = "id,time,from,to,amount\n" + "".join(map(line.format, range(1, 9)))
    for name, text in [("一😀.csv", first), ("second.csv", first + line.format(9))]:  # the second repeats the first
        made = c.must("analyst", "POST", "/v1/imports?name=x.csv", text.encode(), purpose=WHY,
                      headers={"Content-Type": "text/csv"}).json["id"]
        job = c.must("analyst", "POST", f"/v1/imports/{made}/start", {"format": "csv"}).headers["location"]
        deadline = time.monotonic() + 60
        while c.get("analyst", job).json["state"] in ("queued", "running"):
            expect(time.monotonic() < deadline, f"{name}: the import does not end")
            time.sleep(0.02)
    c.act("analyst", "imports", 1, "propose_withdrawal", {"reason": "栏目对应错误"})
    c.act("commander", "imports", 1, "approve_withdrawal")
    c.wait_state("imports", 1, "withdrawn")
    c.make("duty", "reports", {"channel": "phone", "victim_name": "一😀", "victim_phone": "13977110000",
                               "words": "刷单被骗", "fraud_type": "other"})
    case = c.make("investigator", "cases", {"title": "刷单案", "fraud_type": "other"})
    c.must("investigator", "POST", f"/v1/cases/{case}/evidence", {
        "name": "证据.bin", "media": "text/plain", "from": "李四",
        "bytes": base64.b64encode(bytes(range(256)) * 3000).decode()})
    c.must("duty", "POST", "/v1/saved-views", {"list": "warning", "name": "高危", "query": "tier=high"})
    for who in READERS:
        c.token(who)
    c.stop()
    place = os.path.join(folder, "worked.db")
    shutil.copy(c.database, place)
    return c, place


def fill(place):
    """Rows in every table; the names of all that there are."""
    done = subprocess.run([os.environ["SLUICE_FILL"], "--fill", place, str(BEGIN_MS - HOUR_MS)], capture_output=True,
                          text=True, check=False)
    expect(done.returncode == 0, f"filling: {done.stderr}")
    return done.stdout.split()


# ---- what the daemon says ----

def said(c, place):
    """The answers to everything that can be read, for the same people at the same moment."""
    other = object.__new__(Centre)
    other.__dict__ = dict(c.__dict__, database=place, connection=None, process=None, tokens=dict(c.tokens))
    other.set_clock(c.now_ms)
    other.start()
    answers = {}
    try:
        paths = [path for path, operations in other.send("GET", "/openapi.json").json["paths"].items()
                 if "get" in operations and path.count("{") <= 1 and not path.startswith(NOT_COMPARED)]
        for who in READERS:
            for path in sorted(paths):
                numbers = [""] if "{" not in path else range(1, 8) if "{id}" in path else []
                for number in numbers:
                    asked = path.replace("{id}", str(number))
                    answer = other.get(who, asked, purpose=WHY)
                    # Words that the desk would not have written into a document are DAMAGED to whoever reads it.
                    expect(answer.status < 500 or "damaged" in answer.json["detail"], f"{who}: GET {asked}: {answer}")
                    body = answer.json if answer.json is not None else answer.raw
                    if isinstance(body, dict):
                        body = {name: value for name, value in body.items() if name not in ("request", "next", "cursor")}
                    answers[who, asked] = (answer.status, body)
    finally:
        other.stop()
    return answers


def expect_same_answers(there, here, what):
    expect(set(there) == set(here), f"{what}: {set(there) ^ set(here)}")
    for asked, answer in there.items():
        expect(answer == here[asked], f"{what}: {asked}: {answer}\n{here[asked]}")


# ---- the tests ----

def everything_moves_and_comes_back(c, places, filled, names):
    rows = places.rows(filled)
    expect(set(names) | set(BESIDE) == set(rows), f"tables that nobody filled: {set(names) ^ set(rows)}")
    for name in names:
        expect(len(rows[name][1]) >= 5, f"{name} has {len(rows[name][1])} rows")
    for name in BESIDE:
        expect(rows[name][1], f"nothing is in {name}")
    head = sluice("audit", "--db", filled)
    ways = [("postgres", "migrate", "--to"), ("sqlite", "migrate", "--to"), ("postgres", "restore", "--db")]
    place, moved = filled, []
    for number, (kind, command, to) in enumerate(ways):
        if command == "restore":
            backup = places.fresh("sqlite")
            sluice("backup", "--db", place, "--out", backup)
            expect_same(rows, places.rows(backup), f"the backup of {place}")
            place = backup
        there = places.fresh(kind)
        out = sluice(command, "--from", place, to, there)
        expect("the audit trail holds" in out, out)
        expect_same(rows, places.rows(there), f"{command} {number} from {place} to {there}")
        expect(sluice("audit", "--db", there) == head, f"audit of {there}")
        sluice("verify", "--db", there)
        place = there
        moved.append(there)
    backup = places.fresh("sqlite")
    sluice("backup", "--db", moved[0], "--out", backup)
    expect_same(rows, places.rows(backup), "the backup of a server")
    answers = said(c, filled)
    for there in (moved[0], moved[1]):
        expect_same_answers(answers, said(c, there), f"the daemon on {there}")


def killed_anywhere_it_goes_on(c, places, filled, names):
    rows = places.rows(filled)
    for kind in ("postgres", "sqlite"):
        begun = time.monotonic()
        sluice("migrate", "--from", filled, "--to", places.fresh(kind))
        whole_s = time.monotonic() - begun
        there = places.fresh(kind)
        for part in range(1, 6):
            process = subprocess.Popen([BIN, "migrate", "--from", filled, "--to", there], stdout=subprocess.DEVNULL,
                                       stderr=subprocess.DEVNULL)
            try:
                process.wait(whole_s * part / 6)
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
            if process.wait() == 0:
                break
            done = subprocess.run([BIN, "verify", "--db", there], capture_output=True, text=True, check=False)
            if done.returncode == 0:  # it had said that it is whole, and was killed before it ended: compared below
                break
            expect(done.returncode == 1, f"half a copy was opened: {done.stdout}{done.stderr}")
        else:
            sluice("migrate", "--from", filled, "--to", there)
        expect_same(rows, places.rows(there), f"killed and gone on with: {there}")
        expect_same(rows, places.rows(filled), "the source")


def what_cannot_be_copied_is_refused(c, places, filled, names):
    rows = places.rows(filled)
    # A place with something in it: another database, a file of somebody else, a server's schema with foreign tables.
    other = places.fresh("sqlite")
    sluice("user", "--db", other, "--login", "somebody", "--name", "某人", "--roles", "administrator")
    before = places.rows(other)
    expect("is not empty" in sluice("migrate", "--from", filled, "--to", other, code=1), "a database that is there")
    expect_same(before, places.rows(other), "the database that was there")
    foreign = places.fresh("sqlite")
    with open(foreign, "w", encoding="utf-8") as file:
        file.write("no database" * 1000)
    sluice("migrate", "--from", filled, "--to", foreign, code=1)
    expect(os.path.getsize(foreign) == 11000, "somebody's file was written to")
    expect("in use" in sluice("migrate", "--from", filled, "--to", filled, code=1), "onto itself")
    # A source that a daemon works on.
    busy = places.fresh("sqlite")
    shutil.copy(filled, busy)
    at_work = object.__new__(Centre)
    at_work.__dict__ = dict(c.__dict__, database=busy, connection=None, process=None, tokens=dict(c.tokens))
    at_work.start()
    there = places.fresh("postgres")
    said_no = sluice("migrate", "--from", busy, "--to", there, code=1)
    expect(str(at_work.process.pid) in said_no, f"who has it: {said_no}")
    at_work.stop()
    # A row that somebody changed: named, and nothing that could be used is left.
    for table, change, named in [
            ("desk_warning", "phone = '1'", "of warning"), ("desk_stop", "version = 9", "of stop"),
            ("desk_evidence_bytes", "id = 77", "77 of evidence_bytes"), ("truth", "label = 'x'", "ground truth"),
            ("decision", "body = '{}'", "decision"), ("batch", "bytes = x'00'", "batch of the log"),
            ("source", "transfers = 0", "imported file"), ("desk_audit", "act = 'nothing'", "of audit")]:
        hurt = places.fresh("sqlite")
        shutil.copy(filled, hurt)
        file = sqlite3.connect(hurt)
        key = "rowid" if table in ("batch", "decision") or table.startswith("desk_") else None
        where = f" WHERE {key} = (SELECT max({key}) FROM {table})" if key else ""
        file.execute(f"UPDATE {table} SET {change}{where}")
        file.commit()
        file.close()
        there = places.fresh("sqlite")
        done = subprocess.run([BIN, "migrate", "--from", hurt, "--to", there], capture_output=True, text=True, check=False)
        told = done.stderr
        expect(done.returncode == 1, f"{table} is damaged, and was copied: {done.stdout}")
        expect(named in told, f"{table}: {told}")
        done = subprocess.run([BIN, "verify", "--db", there], capture_output=True, text=True, check=False)
        expect(done.returncode == 1, f"{table}: the copy can be opened: {done.stdout}{done.stderr}")
    # Texts that a server cannot hold and SQLite could, written behind our back.
    hurt = places.fresh("sqlite")
    shutil.copy(filled, hurt)
    file = sqlite3.connect(hurt)
    file.execute("UPDATE desk_report SET words = CAST(x'61006200' AS TEXT) WHERE id = 1")
    file.commit()
    file.close()
    expect("report" in sluice("migrate", "--from", hurt, "--to", places.fresh("postgres"), code=1), "a NUL in a text")
    expect_same(rows, places.rows(filled), "the source")


def main():
    if binaries() is None:
        print("no PostgreSQL server is installed: skipped")
        sys.exit(77)
    failed, places = 0, None
    c = None
    try:
        import tempfile
        folder = tempfile.mkdtemp(prefix="sluice-filled-")
        places = Places(folder)
        c, filled = worked(folder)
        names = fill(filled)
        for test in [everything_moves_and_comes_back, killed_anywhere_it_goes_on, what_cannot_be_copied_is_refused]:
            if sys.argv[1:] and test.__name__ not in sys.argv[1:]:
                continue
            try:
                test(c, places, filled, names)
                print(f"ok    {test.__name__}", flush=True)
            except Exception:
                failed += 1
                print(f"FAIL  {test.__name__}", flush=True)
                traceback.print_exc()
    finally:
        if places:
            places.close()
            shutil.rmtree(places.folder, ignore_errors=True)
        if c:
            c.close()
    sys.exit(1 if failed else 0)


main()
