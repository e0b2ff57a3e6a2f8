#!/usr/bin/env bash
# No English sentence where Chinese is read: each way in which the daemon refuses, in the Chinese console; and every sentence of
# the sources has its Chinese (scripts/check_chinese.py).
set -euo pipefail
scripts/check_chinese.py
. tests/e2e/console/needs.sh
exec tests/support/own_network.sh python3 tests/e2e/console/scene.py node tests/e2e/console/chinese.mjs
