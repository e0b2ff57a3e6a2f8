#!/usr/bin/env bash
# The console without a mouse: each queue and the graph of a trace by keys alone, and the list of keys that says so.
set -euo pipefail
. tests/e2e/console/needs.sh
exec tests/support/own_network.sh python3 tests/e2e/console/scene.py node tests/e2e/console/keys.mjs "$@"
