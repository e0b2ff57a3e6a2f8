#!/usr/bin/env bash
# Screenshots of every page, both languages, at 1366, 1920 and 3840 pixels, into build/screenshots. SLUICE_BIN: a build with the
# console (build/debug/bin/sluice). Arguments go on: --only=NAME.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../../.."
export SLUICE_BIN=${SLUICE_BIN:-$PWD/build/debug/bin/sluice}
. tests/e2e/console/needs.sh
exec python3 tests/e2e/console/scene.py node tests/e2e/console/pages.mjs --shots "$@"
