#!/usr/bin/env bash
# Every page of the console for every role: what may not be opened is refused in a designed way and is in no menu.
set -euo pipefail
. tests/e2e/console/needs.sh
exec tests/support/own_network.sh python3 tests/e2e/console/scene.py node tests/e2e/console/rights.mjs
