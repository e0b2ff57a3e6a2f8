"""Killed while a county moves: PostgreSQL (its whole server) and the command itself, in the middle of `sluice migrate` both ways, of
`backup` and of `restore`, at moments all over their length. Each says what happened in a sentence, nothing opens the half-made
copy, and the same command run again finishes: all rows, one audit trail, verified."""

import glob
import os
import random
import re
import shutil
import signal
import subprocess
import tempfile
import time

from centre import BIN, Centre, Check, expect
from postgres import Postgres, binaries

KILLS = 1  # by each way, in each direction: eight in all


class County:
    def __init__(self, server):
        self.server, self.folder = server, tempfile.mkdtemp(prefix="sluice-moves-")
        self.file = os.path.join(self.folder, "county.db")
        self.environment = dict(os.environ, SLUICE_STATE=self.folder)
        self.random = random.Random(self.seed())
        self.fill()
        self.head = self.sluice("audit", "--db", self.file).stdout

    @staticmethod
    def seed():
        seed = random.randrange(1 << 30)
        print(f"      seed {seed}")
        return seed

    def path(self, name):
        return os.path.join(self.folder, name)

    def sluice(self, *words, code=0):
        done = subprocess.run([BIN, *words], capture_output=True, text=True, timeout=120, env=self.environment, check=False)
        expect(code is None or done.returncode == code, f"{words}: {done.returncode} {done.stdout} {done.stderr}")
        return done

    def fill(self):
        """A simulated city, and a desk that has worked."""
        self.sluice("simulate", "--people", "150", "--days", "4", "--seed", "7", "--out", self.path("city"))
        self.sluice("import", "--db", self.file, "--format", "csv", self.path("city"))
        c = Centre(database=self.file)
        try:
            for number in range(60):
                stop = c.make("duty", "stops", {"account": f"account:{10 ** 15 + number}", "institution": "102100000011",
                                                "reason": f"第 {number} 笔"})
                c.act("approver", "stops", stop, "approve", version=1)
        finally:
            c.close()

    def whole(self, place):
        expect(self.sluice("audit", "--db", place).stdout == self.head, f"{place}: another audit trail")
        self.sluice("verify", "--db", place)


def killed(county, words, kill, after_s):
    """Runs the command and kills something meanwhile; what it ended with, or None when it was killed itself."""
    process = subprocess.Popen([BIN, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=county.environment)
    try:
        process.wait(after_s)
        return process.returncode, process.communicate()[1]  # it was faster
    except subprocess.TimeoutExpired:
        pass
    kill(process)
    try:
        said = process.communicate(timeout=60)[1]
    except subprocess.TimeoutExpired:
        process.kill()
        raise Check(f"{words}: it hangs when the server is killed") from None
    return (None if process.returncode == -signal.SIGKILL else process.returncode), said


def moves(county, name, words_of, places, check):
    """`words_of(place)` is the command; it is killed KILLS times by each way, then run until it is done, and `check(place)`."""
    place = next(places)
    begin = time.monotonic()
    county.sluice(*words_of(place))
    length = time.monotonic() - begin
    check(place)

    def server_dies(process):
        county.server.kill()

    def it_dies(process):
        process.send_signal(signal.SIGKILL)

    for kill in [server_dies, it_dies]:
        hits = 0
        for turn in range(KILLS):
            place = next(places)
            code, said = killed(county, words_of(place), kill, length * (turn + county.random.random()) / KILLS)
            if kill is server_dies and not os.path.exists(os.path.join(county.server.data, "postmaster.pid")):
                county.server.start()
            if code == 0:
                check(place)
                continue
            hits += 1
            if code is not None:
                expect(len(said.strip()) > 20 and re.search(r"postgres|server|connection|database", said), f"{name}: it says {said!r}")
            opened = county.sluice("audit", "--db", place, code=None)
            expect(opened.returncode != 0 or opened.stdout == county.head, f"{name}: half of it opens: {opened}")
            again = county.sluice(*words_of(place), code=None)
            expect(again.returncode == 0, f"{name}: run again: {again.stdout} {again.stderr}")
            check(place)
        print(f"      {name}: {kill.__name__}: {hits} of {KILLS} in the middle of {length:.2f} s")


def run():
    server = Postgres(is_durable=True)
    county = County(server)
    try:
        def databases():
            while True:
                yield server.database()

        def files(name):
            number = 0
            while True:
                number += 1
                yield county.path(f"{name}{number}.db")

        on_server = server.database()
        county.sluice("migrate", "--from", county.file, "--to", on_server)
        moves(county, "migrate to the server", lambda place: ["migrate", "--from", county.file, "--to", place], databases(), county.whole)
        moves(county, "migrate back", lambda place: ["migrate", "--from", on_server, "--to", place], files("back"), county.whole)
        backup = county.path("kept.backup")
        county.sluice("backup", "--db", on_server, "--out", backup)

        def restored(place):
            again = place + ".restored"
            county.sluice("restore", "--from", place, "--db", again)
            county.whole(again)
            expect(not glob.glob(place + ".partial*"), "something is left behind")

        moves(county, "backup of the server", lambda place: ["backup", "--db", on_server, "--out", place], files("backup"), restored)
        moves(county, "restore to the server", lambda place: ["restore", "--from", backup, "--db", place], databases(), county.whole)
        county.whole(on_server)
        print("ok    a_county_moves_under_kills")
    finally:
        server.close()
        shutil.rmtree(county.folder, ignore_errors=True)


if __name__ == "__main__":
    if binaries() is None:
        print("no PostgreSQL server is installed: skipped")
        raise SystemExit(77)
    run()
