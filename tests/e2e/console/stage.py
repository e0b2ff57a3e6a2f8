"""Runs a command before a scene: with CONSOLE_URL, CONSOLE_PASSWORD and CONSOLE_SCENE (ids, as JSON) in its environment.
`--keep` in place of a command keeps the scene open for somebody who wants to look: port and sign-in names are printed."""

import json
import os
import subprocess
import sys

from centre import PASSWORD


def run(make, command=None):
    """`make()` gives a centre and the ids of what is in it; the command is that of the command line unless given. The exit code is
    the command's."""
    command = command or sys.argv[1:]
    c, ids = make()
    try:
        environment = dict(os.environ, CONSOLE_URL=f"http://127.0.0.1:{c.port}", CONSOLE_PASSWORD=PASSWORD,
                           CONSOLE_SCENE=json.dumps(ids))
        if command == ["--keep"]:
            print(f"http://127.0.0.1:{c.port}  {', '.join(c.ROLES)}  口令 {PASSWORD}", flush=True)
            print(json.dumps(ids), flush=True)
            sys.stdin.read()
            return 0
        return subprocess.run(command, env=environment, check=False).returncode
    finally:
        c.close()
