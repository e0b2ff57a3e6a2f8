#!/usr/bin/env bash
# Work as people do it in the console, in a real browser against the real daemon: a call that stops money, dissuasion, approvals,
# two people at one case, a lost connection, forbidden pages, the keyboard alone.
set -euo pipefail
. tests/e2e/console/needs.sh
exec tests/support/own_network.sh python3 tests/e2e/console/scene.py node tests/e2e/console/walks.mjs
