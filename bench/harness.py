"""What the benchmarks share: the machine's facts, our build, the peers and where they come from, tables.

Peers come from the package registries that this machine's pip is set to (into build/bench-venv), and from the system's
own packages (PostgreSQL, SQLite). One that cannot be had is reported as "skipped: why", and the rest goes on.
"""
import argparse
import contextlib
import datetime
import glob
import json
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
import time
import unicodedata

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
WORK = os.path.join(ROOT, "build", "bench-data")
VENV = os.path.join(ROOT, "build", "bench-venv")
# The versions that bench/results.md was measured with.
PACKAGES = {"kuzu": "kuzu==0.11.3", "duckdb": "duckdb==2.0.0", "psycopg2": "psycopg2-binary==2.9.13"}


class Skipped(Exception):
    """A peer that cannot be measured here, and why."""


# ---------------------------------------------------------------------------------------------- machine

def _first_line(path, start):
    with open(path, encoding="utf-8") as file:
        for line in file:
            if line.startswith(start):
                return line.split(":", 1)[1].strip()
    return "?"


def memory_gib():
    return int(_first_line("/proc/meminfo", "MemTotal").split()[0]) / 2**20


def print_facts(title):
    """Title, machine, revision, load: what a figure needs beside it."""
    revision = subprocess.run(["git", "-C", ROOT, "describe", "--always", "--dirty"], capture_output=True, text=True,
                              check=False).stdout.strip() or "no git"
    print(f"{title}\n")
    print(f"  machine   {os.cpu_count()} cores, {_first_line('/proc/cpuinfo', 'model name')}, {memory_gib():.0f} GiB, "
          f"Linux {os.uname().release}")
    print(f"  run       {datetime.datetime.now():%Y-%m-%d %H:%M}, revision {revision}, load {os.getloadavg()[0]:.2f}\n",
          flush=True)


def private_bytes():
    """Anonymous memory of this process."""
    return int(_first_line("/proc/self/status", "RssAnon").split()[0]) * 1024


def free_gib(path):
    return shutil.disk_usage(path).free / 2**30


# ---------------------------------------------------------------------------------------------- our side

def arguments(description, **extra):
    """The options every benchmark has, and its own (name=(type, default, help))."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--build", help="a build folder to measure, instead of building build/release")
    parser.add_argument("--quick", action="store_true", help="a tenth of the data: does it run at all?")
    for name, (kind, default, text) in extra.items():
        flag = "--" + name.replace("_", "-")
        parser.add_argument(flag, type=kind, default=default, help=f"{text} (default {default})")
    options = parser.parse_args()
    os.makedirs(WORK, exist_ok=True)
    if options.build is None:
        build_release()
        options.build = os.path.join(ROOT, "build", "release")
    options.build = os.path.abspath(options.build)
    return options


def build_release():
    log = os.path.join(ROOT, "build", "bench.log")
    with open(log, "w", encoding="utf-8") as out:
        for command in (["scripts/deps.sh", "build"], ["cmake", "--preset", "release"],
                        ["cmake", "--build", "--preset", "release"]):
            if subprocess.run(command, cwd=ROOT, stdout=out, stderr=out, check=False).returncode != 0:
                sys.exit(f"The release build failed: see {log}")


def program(options, name):
    """bench/<name>.c of the build, or the sluice command."""
    return os.path.join(options.build, "bin" if name == "sluice" else "bench", name)


def run_json(command):
    """Runs one of our programs, which print one JSON object."""
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        said = done.stderr.strip() or done.stdout.strip()
        sys.exit(f"{' '.join(map(str, command))} failed ({done.returncode}): {said}")
    return json.loads(done.stdout)


def ledger_csv(options, transfers, accounts):
    """An AMLworld file of the generator, made once and kept in build/bench-data."""
    path = os.path.join(WORK, f"aml-{transfers}-{accounts}_Trans.csv")
    if not os.path.exists(path):
        need_gib = transfers * 95 / 2**30
        if free_gib(WORK) < 2 * need_gib:
            sys.exit(f"{WORK} has no room for {need_gib:.1f} GiB of data; free some, or ask for fewer --transfers")
        with open(path + ".part", "wb") as out:
            subprocess.run([program(options, "gen_amlworld"), "--transfers", str(transfers), "--accounts",
                            str(accounts), "--days", str(max(10, transfers // 1_700_000))], stdout=out, check=True)
        os.replace(path + ".part", path)
    return path


def remove_database(path):
    for leftover in glob.glob(glob.escape(path) + "*"):
        shutil.rmtree(leftover) if os.path.isdir(leftover) else os.remove(leftover)


def warm(path):
    """Reads a file, so that every system finds it in the page cache."""
    with open(path, "rb", buffering=0) as file:
        while file.read(1 << 22):
            pass


def settle():
    """Writes of the system before do not count against the next one."""
    os.sync()
    time.sleep(1)


def data_folder():
    """Where the real data is; None when it is not here."""
    for folder in (os.environ.get("SLUICE_DATA"), os.path.join(ROOT, "..", "shared", "data")):
        if folder and os.path.isdir(os.path.join(folder, "finbench_example")):
            return os.path.abspath(folder)
    return None


# ---------------------------------------------------------------------------------------------- peers

def enter_venv():
    """Runs the script again inside build/bench-venv, with the peers' Python packages installed into it."""
    python = os.path.join(VENV, "bin", "python3")
    if sys.prefix == VENV:
        return
    if not os.path.exists(python):
        made = subprocess.run([sys.executable, "-m", "venv", VENV], capture_output=True, text=True, check=False)
        if made.returncode != 0:
            print(f"No peers from Python packages: {made.stdout.strip().splitlines()[-1:]} (Debian: python3-venv)")
            return
    missing = [package for name, package in PACKAGES.items()
               if not glob.glob(os.path.join(VENV, "lib", "python3*", "site-packages", name))]
    for package in missing:
        print(f"Installing {package} into {os.path.relpath(VENV, ROOT)}", flush=True)
        subprocess.run([python, "-m", "pip", "-q", "install", package], check=False)
    os.execv(python, [python] + sys.argv)


def peer_module(name):
    try:
        return __import__(name)
    except ImportError as error:
        raise Skipped(f"{PACKAGES[name]} could not be installed ({error})") from error


class Postgres:
    """A private cluster on a Unix socket, with the settings a careful operator would give this machine. Durable."""

    def __init__(self, kept=None):
        """`kept`: a folder whose data stays for the next run."""
        self.folder, self.kept = None, kept
        homes = sorted(glob.glob("/usr/lib/postgresql/*/bin"))
        if not homes:
            raise Skipped("PostgreSQL is not installed (Debian: apt-get install postgresql)")
        self.home = homes[-1]
        self.user = "postgres" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name

    def _run(self, *command):
        if os.geteuid() == 0:
            command = ("runuser", "-u", self.user, "--") + command
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd="/")
        if done.returncode != 0:
            raise Skipped(f"{os.path.basename(command[-1])}: {done.stderr.strip()[-300:]}")

    def _make(self):
        os.makedirs(os.path.dirname(self.data), exist_ok=True)
        if os.geteuid() == 0:
            shutil.chown(os.path.dirname(self.data), self.user)
        self._run(f"{self.home}/initdb", "--no-sync", "-A", "trust", "-E", "UTF8", "--locale=C", "-D", self.data)
        memory_mib = int(memory_gib() * 1024)
        settings = {
            "listen_addresses": "''",
            "shared_buffers": f"'{memory_mib // 4}MB'", "effective_cache_size": f"'{memory_mib // 2}MB'",
            "maintenance_work_mem": f"'{memory_mib // 12}MB'", "work_mem": "'256MB'",
            "max_parallel_maintenance_workers": os.cpu_count(), "max_wal_size": "'32GB'",
            "checkpoint_timeout": "'1h'", "wal_level": "minimal", "max_wal_senders": 0,
            "random_page_cost": "1.1", "jit": "off",
        }
        with open(os.path.join(self.data, "postgresql.conf"), "a", encoding="utf-8") as out:
            out.writelines(f"{name} = {value}\n" for name, value in settings.items())

    def __enter__(self):
        self.folder = tempfile.mkdtemp(prefix="sluice-bench-pg-")
        if os.geteuid() == 0:
            shutil.chown(self.folder, self.user)
        self.data = os.path.join(self.kept or self.folder, "data")
        if not os.path.exists(os.path.join(self.data, "PG_VERSION")):
            self._make()
        # pg_ctl's postmaster keeps the output open, so it goes to a file.
        self._run(f"{self.home}/pg_ctl", "-s", "-w", "-D", self.data, "-l", os.path.join(self.folder, "log"), "-o",
                  f"-c unix_socket_directories={self.folder}", "start")
        return self

    def __exit__(self, *_):
        with contextlib.suppress(Skipped):
            self._run(f"{self.home}/pg_ctl", "-s", "-w", "-m", "fast" if self.kept else "immediate", "-D", self.data, "stop")
        shutil.rmtree(self.folder, ignore_errors=True)

    def connect(self):
        psycopg2 = peer_module("psycopg2")
        connection = psycopg2.connect(host=self.folder, user=self.user, dbname="postgres")
        connection.autocommit = True
        return connection


# ---------------------------------------------------------------------------------------------- figures

def quantile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def seconds_text(seconds):
    for unit, size in (("s", 1), ("ms", 1e-3), ("µs", 1e-6)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds * 1e9:.0f} ns"


def ratio_text(ratio):
    return f"{ratio:,.0f} ×" if ratio >= 100 else f"{ratio:.3g} ×"


def print_table(headers, rows):
    """Left column to the left, figures to the right."""
    def width(text):
        return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
    cells = [[str(cell) for cell in row] for row in [headers] + rows]
    widths = [max(width(row[i]) for row in cells) for i in range(len(headers))]
    for number, row in enumerate(cells):
        parts = [cell + " " * (widths[0] - width(cell)) if i == 0 else " " * (widths[i] - width(cell)) + cell
                 for i, cell in enumerate(row)]
        print("  " + "   ".join(parts).rstrip())
        if number == 0:
            print("  " + "   ".join("-" * w for w in widths))
    print(flush=True)


def verdict(name, met):
    print(f"  {'reached' if met else 'MISSED '}  {name}", flush=True)


# ---------------------------------------------------------------------------------------------- large ledgers

def account_count(transfers):
    """Accounts of a large ledger: 8 M for 50 M transfers."""
    return transfers * 4 // 25


def ledger_stem(transfers):
    return f"aml-{transfers}-{account_count(transfers)}_Trans"


def ledger_database(options, transfers):
    """A database with a large ledger and its snapshot, made once and kept in build/bench-data."""
    path = os.path.join(WORK, f"aml-{transfers}.db")
    done = path + ".made"
    if not os.path.exists(done):
        remove_database(path)
        made = run_json([program(options, "scale_bench"), "--mode", "import", "--db", path, "--csv",
                         ledger_csv(options, transfers, account_count(transfers))])
        with open(done, "w", encoding="utf-8") as file:
            json.dump(made, file)
    return path
