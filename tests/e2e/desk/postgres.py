"""A PostgreSQL server of the test's own: a fresh cluster in a temporary folder, on a socket alone, ended with it."""

import glob
import os
import shutil
import signal
import subprocess
import tempfile
import time


def binaries():
    """The newest installed server's programs, or None."""
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin/initdb"), key=lambda p: int(p.split("/")[4]))
    return os.path.dirname(found[-1]) if found else None


class Postgres:
    def __init__(self):
        self.bin = binaries()
        self.folder = tempfile.mkdtemp(prefix="sluice-pg-")
        self.as_user = []
        if os.getuid() == 0:  # the server refuses to run as root
            shutil.chown(self.folder, "postgres")
            self.as_user = ["runuser", "-u", "postgres", "--"]
        self.data = os.path.join(self.folder, "data")
        self.run("initdb", "-D", self.data, "-A", "trust", "-E", "UTF8", "--no-locale", "-U", "sluice")
        self.count = 0
        self.start()

    def run(self, program, *arguments):
        subprocess.run([*self.as_user, os.path.join(self.bin, program), *arguments], check=True, cwd=self.folder,
                       stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)

    def start(self):
        self.run("pg_ctl", "-D", self.data, "-w", "-l", os.path.join(self.folder, "log"), "-o",
                 f"-c listen_addresses='' -c unix_socket_directories={self.folder} -c fsync=on", "start")

    def kill(self):
        """As a power cut: SIGKILL to the whole server."""
        with open(os.path.join(self.data, "postmaster.pid"), encoding="ascii") as file:
            postmaster = int(file.readline())
        children = subprocess.run(["pgrep", "-P", str(postmaster)], capture_output=True, text=True).stdout.split()
        for process in [postmaster, *map(int, children)]:
            try:
                os.kill(process, signal.SIGKILL)
            except ProcessLookupError:
                pass
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline and os.path.exists(f"/proc/{postmaster}"):
            time.sleep(0.02)
        try:
            os.remove(os.path.join(self.data, "postmaster.pid"))
        except FileNotFoundError:
            pass

    def database(self):
        """A new, empty one; its address."""
        self.count += 1
        name = f"centre{self.count}"
        self.run("createdb", "-h", self.folder, "-U", "sluice", name)
        return f"postgres:///{name}?host={self.folder}&user=sluice"

    def query(self, database, sql):
        """The first cell of an answer."""
        return subprocess.run([*self.as_user, os.path.join(self.bin, "psql"), "-Atqc", sql, database.replace(
            "postgres://", "postgresql://")], check=True, cwd=self.folder, capture_output=True, text=True).stdout.strip()

    def close(self):
        try:
            self.run("pg_ctl", "-D", self.data, "-m", "immediate", "stop")
        except subprocess.CalledProcessError:
            pass
        shutil.rmtree(self.folder, ignore_errors=True)
