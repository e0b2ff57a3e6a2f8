#!/usr/bin/env bash
# Builds the console: web/build.sh FOLDER leaves dist/, web_files.c and web_files.bin there. CMake calls it.
#
# Needs npm. A Node older than Vite takes (Debian 12 has 18) is helped out by the npm package of a newer one, web/node/,
# for this build only. Nothing is installed outside web/.
set -euo pipefail
out=$(realpath "$1")
cd "$(dirname "${BASH_SOURCE[0]}")"
mkdir -p ../build
exec 9>../build/web.lock # two presets may build at once
flock 9

is_new_enough() {
    "$1" -e 'const [a, b] = process.versions.node.split(".").map(Number);
        process.exit(a > 22 || (a === 22 && b >= 12) || (a === 20 && b >= 19) ? 0 : 1)' 2>/dev/null
}

# install FOLDER: npm ci, where package-lock.json is not what is installed.
install() {
    local lock stamp=$1/node_modules/.sluice-lock
    lock=$(sha256sum <"$1/package-lock.json")
    if [ "$(cat "$stamp" 2>/dev/null)" != "$lock" ]; then
        (cd "$1" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error)
        echo "$lock" >"$stamp"
    fi
}

command -v npm >/dev/null || {
    echo "web/build.sh: npm is missing (Debian packages nodejs and npm; scripts/deps.sh build installs them)" >&2
    exit 1
}
node=$(command -v node || true)
if [ -z "$node" ] || ! is_new_enough "$node"; then
    install node
    node=$(realpath node/node_modules/node-linux-*/bin/node)
fi
install .
"$node" node_modules/vite/bin/vite.js build --outDir "$out/dist" --emptyOutDir --logLevel warn
"$node" scripts/embed.mjs "$out"
