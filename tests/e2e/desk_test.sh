#!/usr/bin/env bash
# The desk over HTTP: the real daemon, every workflow from its start to its end, and everybody who may not.
set -euo pipefail
for walk in tests/e2e/desk/[a-z]*.py; do
    case $walk in */centre.py) continue ;; esac
    echo "== $walk"
    python3 "$walk"
done
