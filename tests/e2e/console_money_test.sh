#!/usr/bin/env bash
# The money pages of the console, walked in a real browser: trace, account, import, rules.
set -euo pipefail
. tests/e2e/console/needs.sh
exec tests/support/own_network.sh python3 tests/e2e/console/money.py node tests/e2e/console/money.mjs
