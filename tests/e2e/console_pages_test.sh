#!/usr/bin/env bash
# Every page of the console in a real browser, in both languages and themes: no error, nothing against the content security
# policy, no violation of WCAG 2.2 AA by axe-core, nothing that runs out of its place.
set -euo pipefail
. tests/e2e/console/needs.sh
exec tests/support/own_network.sh python3 tests/e2e/console/scene.py node tests/e2e/console/pages.mjs
