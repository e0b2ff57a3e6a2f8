#!/usr/bin/env bash
# Each act of the workflow tables that needs another person, decided in the console by that person.
set -euo pipefail
. tests/e2e/console/needs.sh
exec tests/support/own_network.sh python3 tests/e2e/console/approvals.py node tests/e2e/console/approvals.mjs
