#!/usr/bin/env bash
# The API as the console's compiler sees it: web/src/api/schema.d.ts, out of what the daemon says of itself.
#
#   scripts/console_api.sh           writes it anew (after the API changed)
#   scripts/console_api.sh --check   fails when it is out of date; 77: there are no node_modules to do it with
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
bin=${SLUICE_BIN:-build/debug/bin/sluice}
[ -d web/node_modules/openapi-typescript ] || {
    echo "web/node_modules is not there: npm ci in web/ (or a build with SLUICE_CONSOLE=ON) makes it"
    exit 77
}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$bin" serve --print-openapi >"$folder/openapi.json"
(cd web && node scripts/api.mjs "$folder/openapi.json") >"$folder/schema.d.ts"
if [ "${1:-}" = --check ]; then
    diff -q "$folder/schema.d.ts" web/src/api/schema.d.ts || {
        echo "web/src/api/schema.d.ts is not what the daemon serves: run scripts/console_api.sh"
        exit 1
    }
else
    cp "$folder/schema.d.ts" web/src/api/schema.d.ts
fi
