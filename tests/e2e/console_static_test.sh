#!/usr/bin/env bash
# The console's source: types, lint, units, its API types against the daemon's own document, and the size of what is loaded first.
set -euo pipefail
. tests/e2e/console/needs.sh
scripts/console_api.sh --check
cd web
node_modules/.bin/tsc --noEmit
node_modules/.bin/biome check .
node_modules/.bin/vitest run
node scripts/budget.mjs "$(dirname "$SLUICE_BIN")/../generated/console/dist"
