#!/usr/bin/env bash
# What each page shows while it loads, when nothing is there, when something failed and when one may not: it is designed, has no
# error, no violation of WCAG 2.2 AA by axe-core, and nothing runs out of its place.
set -euo pipefail
. tests/e2e/console/needs.sh
exec tests/support/own_network.sh python3 tests/e2e/console/scene.py node tests/e2e/console/pages.mjs --states-only --sizes=1366 --languages=zh
