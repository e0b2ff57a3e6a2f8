"""A PostgreSQL server of the test's own: a fresh cluster in a temporary folder, on a socket alone, ended with it, however the test
ends."""

import atexit
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
    def __init__(self, is_durable=False, cluster=None):
        """`is_durable`: commits and checkpoints reach the disk, for tests that kill something. The others need not wait for it: a
        checkpoint, which each new database makes, writes some thousand files. `cluster`: a folder to begin with a copy of."""
        self.bin, self.is_durable, self.process = binaries(), is_durable, None
        self.folder = tempfile.mkdtemp(prefix="sluice-pg-")
        # SIGQUIT ends the server at once; it gets it when the test is gone.
        self.as_user, self.as_server = [], ["setpriv", "--pdeathsig", "QUIT"]
        if os.getuid() == 0:  # the server refuses to run as root
            shutil.chown(self.folder, "postgres")
            self.as_user = ["setpriv", "--reuid", "postgres", "--regid", "postgres", "--init-groups"]
            self.as_server += self.as_user[1:]
        self.data, self.log = os.path.join(self.folder, "data"), os.path.join(self.folder, "log")
        atexit.register(self.close)
        if cluster:
            subprocess.run(["cp", "-a", cluster, self.data], check=True)
        else:
            self.run("initdb", "-D", self.data, "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync", "-U", "sluice")
        self.count = 0
        self.start()

    def run(self, program, *arguments):
        subprocess.run([*self.as_user, os.path.join(self.bin, program), *arguments], check=True, cwd=self.folder,
                       stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)

    def start(self):
        """On the main thread: the server ends with the thread that started it."""
        deadline = time.monotonic() + 60
        while not self.start_once():  # processes of the one before may hold its memory for a moment
            if time.monotonic() > deadline:
                with open(self.log, encoding="utf-8", errors="replace") as file:
                    raise RuntimeError("the PostgreSQL server does not start: " + "".join(file.readlines()[-5:]))
            time.sleep(0.05)

    def start_once(self):
        settings = {"listen_addresses": "", "unix_socket_directories": self.folder, "fsync": "on" if self.is_durable else "off"}
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                [*self.as_server, os.path.join(self.bin, "postgres"), "-D", self.data,
                 *(word for name, value in settings.items() for word in ("-c", f"{name}={value}"))],
                cwd=self.folder, stdout=log, stderr=log)
        while self.process.poll() is None:
            if self.status() == [str(self.process.pid), "ready"]:
                return True
            time.sleep(0.01)
        return False

    def status(self):
        """The server's number and what it says of itself, in the file that pg_ctl reads too."""
        try:
            with open(os.path.join(self.data, "postmaster.pid"), encoding="ascii") as file:
                lines = file.read().split("\n")
        except FileNotFoundError:
            return None
        return [lines[0], lines[7].strip()] if len(lines) > 7 else None

    def kill(self):
        """As a power cut: SIGKILL to the whole server."""
        children = subprocess.run(["pgrep", "-P", str(self.process.pid)], capture_output=True, text=True).stdout.split()
        for process in [self.process.pid, *map(int, children)]:
            try:
                os.kill(process, signal.SIGKILL)
            except ProcessLookupError:
                pass
        self.process.wait()
        try:
            os.remove(os.path.join(self.data, "postmaster.pid"))
        except FileNotFoundError:
            pass

    def database(self, name=None, like=None):
        """A new one, empty or a copy of `like`; its address."""
        self.count += 1
        name = name or f"centre{self.count}"
        template = ["-T", like, "-S", "file_copy"] if like else []  # by files: a tenth of the time that its log takes
        self.run("createdb", "-h", self.folder, "-U", "sluice", *template, name)
        return f"postgres:///{name}?host={self.folder}&user=sluice"

    def query(self, database, sql):
        """The first cell of an answer."""
        return subprocess.run([*self.as_user, os.path.join(self.bin, "psql"), "-Atqc", sql, database.replace(
            "postgres://", "postgresql://")], check=True, cwd=self.folder, capture_output=True, text=True).stdout.strip()

    def stop(self, how=signal.SIGINT):
        """SIGINT: what is in memory is written; SIGQUIT: at once."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(how)
            self.process.wait()

    def close(self):
        self.stop(signal.SIGQUIT)
        shutil.rmtree(self.folder, ignore_errors=True)
