#!/usr/bin/env bash
# The desk over HTTP: the real daemon, every workflow from its start to its end, everybody who may not, every deadline to
# the second; on SQLite and on a real PostgreSQL server.
set -euo pipefail
for walk in stops freezes dissuasion casework story crash attacks; do
    for database in sqlite postgres; do
        echo "== $walk on $database"
        python3 "tests/e2e/desk/$walk.py" "$database" || [ $? = 77 ]
    done
done
