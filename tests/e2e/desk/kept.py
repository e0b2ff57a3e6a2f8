"""The centre that each test begins with, made once for a build of the daemon: its units, keys, users and their sessions. A test
takes a copy, and need not set and check twenty passwords, which take 70 ms each.

It lies in the build folder as tests/kept-HASH, for SQLite and, in a cluster, for PostgreSQL. The hash is of the daemon and of
what makes the centre; another one makes it anew."""

import fcntl
import glob
import hashlib
import json
import os
import shutil
import subprocess
import tempfile

import centre as centres
from postgres import Postgres

HERE = os.path.dirname(os.path.abspath(__file__))
PLACE = os.path.join(os.path.dirname(os.path.abspath(centres.BIN)), "..", "tests")
DATABASE = "kept"  # its name in the cluster


class Founded(centres.Centre):
    """Made by hand, with everybody in it, signed in."""

    def begin(self, database, server):
        super().begin(database or (server.database(DATABASE) if server else os.path.join(self.folder, centres.FILE)), None)

    def everybody(self):
        for login in self.ROLES:
            self.token(login)
        return {"tokens": self.tokens, "users": self.users, "units": self.units}


def name():
    found = os.stat(centres.BIN)
    what = hashlib.sha256(f"{found.st_mtime_ns} {found.st_size}".encode())
    for file in ("centre.py", "kept.py", "postgres.py"):
        with open(os.path.join(HERE, file), "rb") as source:
            what.update(source.read())
    return "kept-" + what.hexdigest()[:12]


def make(folder, on_server):
    os.makedirs(folder)
    server = Postgres() if on_server else None
    try:
        founded = Founded(server=server)
        try:
            people = founded.everybody()
            founded.stop()
            shutil.copytree(founded.folder, os.path.join(folder, "files"))
        finally:
            founded.close()
        if server:
            server.stop()
            subprocess.run(["cp", "-a", server.data, os.path.join(folder, "cluster")], check=True)
        with open(os.path.join(folder, "people.json"), "w", encoding="utf-8") as file:
            json.dump(people, file)
    finally:
        if server:
            server.close()


def kept(on_server):
    """Its folder."""
    os.makedirs(PLACE, exist_ok=True)
    kind = "postgres" if on_server else "sqlite"
    folder = os.path.join(PLACE, name(), kind)
    with open(os.path.join(PLACE, "kept.lock"), "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not os.path.isdir(folder):
            for old in glob.glob(os.path.join(PLACE, "kept-*")):
                if os.path.basename(old) != name():
                    shutil.rmtree(old, ignore_errors=True)
            with tempfile.TemporaryDirectory(prefix="kept-making-", dir=PLACE) as making:
                make(os.path.join(making, kind), on_server)
                os.makedirs(os.path.dirname(folder), exist_ok=True)
                os.rename(os.path.join(making, kind), folder)
    return folder


def server(is_durable=False):
    """A PostgreSQL server that has it."""
    return Postgres(is_durable, os.path.join(kept(True), "cluster"))


def copy(c, on):
    """Makes c a copy of it: on a server of the function above, or None: in a file in c's folder."""
    folder = kept(on is not None)
    shutil.copytree(os.path.join(folder, "files"), c.folder, dirs_exist_ok=True)
    with open(os.path.join(folder, "people.json"), encoding="utf-8") as file:
        people = json.load(file)
    c.tokens.update(people["tokens"])
    c.users.update(people["users"])
    c.units.update(people["units"])
    return on.database(like=DATABASE) if on else os.path.join(c.folder, centres.FILE)
