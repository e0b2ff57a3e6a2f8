#!/usr/bin/env bash
# Pictures of every page, and of each page's empty, loading, error and forbidden state, into build/screenshots. SLUICE_BIN: a build
# with the console (build/debug/bin/sluice).
#
#   shots.sh                            every page in both languages at 1366, 1920 and 3840 pixels; its states at 1366
#   shots.sh --list                     names of the pages, and as whom each is seen
#   shots.sh --only=warning,case        pages with one of these in their name
#   shots.sh --sizes=1366 --languages=zh --themes=dark
#   shots.sh --states=empty,error       these states too, not the others; --states=none: pages alone
#   shots.sh --states-only              no pages
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../../.."
export SLUICE_BIN=${SLUICE_BIN:-$PWD/build/debug/bin/sluice}
. tests/e2e/console/needs.sh
[ "${1:-}" != --list ] || exec node tests/e2e/console/pages.mjs --list
exec tests/support/own_network.sh python3 tests/e2e/console/scene.py node tests/e2e/console/pages.mjs --shots "$@"
