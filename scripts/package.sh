#!/usr/bin/env bash
# Makes the Debian packages of this tree: build/packages/*.deb, checked by lintian. Needs no network when what
# scripts/deps.sh package installs is there.
#
#   scripts/package.sh            the packages as they are given away
#   scripts/package.sh --fast     without link-time optimisation: for tests of the packaging
#
# The packages are of the Debian release that this runs on. yyjson, which Debian has from 13 on, is shipped in the
# library's private folder where the system has none.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
fast=no
case ${1:-} in
"") ;;
--fast) fast=yes ;;
*)
    echo "usage: scripts/package.sh [--fast]" >&2
    exit 2
    ;;
esac

version=$(sed -n 's/^project(sluice VERSION \([0-9.]*\).*/\1/p' CMakeLists.txt)
folder=$PWD/build/packages
tree=$folder/sluice-$version
rm -rf "$folder"
mkdir -p "$tree"

# What git knows, as it lies here; of a tree without git, all but the build folder.
if git rev-parse --git-dir >/dev/null 2>&1; then
    git ls-files -z --cached --others --exclude-standard | while IFS= read -r -d '' file; do
        [ -e "$file" ] && printf '%s\0' "$file"
    done | tar -c --null -T - | tar -x -C "$tree"
else
    tar -c --exclude=./build . | tar -x -C "$tree"
fi
if ! pkg-config --exists yyjson 2>/dev/null; then
    mkdir -p "$tree/build/deps"
    cp -r build/deps/yyjson "$tree/build/deps/"
fi
cp -r packaging/debian "$tree/debian"
# The package's version is the program's; a changelog that says another one is an error, not a surprise.
named=$(sed -n '1s/.*(\([^)]*\)).*/\1/p' "$tree/debian/changelog")
[ "$named" = "$version" ] || {
    echo "scripts/package.sh: packaging/debian/changelog is of $named, the program is $version" >&2
    exit 1
}

# The console is built into the program from web/, whose npm packages have to be there already: in a build of the release
# preset they are. Hard links: what npm installed is not written to.
console=OFF
if [ -d web/node_modules ]; then
    console=ON
    for modules in web/node_modules web/node/node_modules; do
        [ -d "$modules" ] && cp -rl "$modules" "$tree/$modules"
    done
elif [ "$fast" = no ]; then
    echo "scripts/package.sh: web/node_modules is not there: run ./run build first, so that the console is in the packages" >&2
    exit 1
fi
[ "$fast" = yes ] && export SLUICE_LTO=OFF
(cd "$tree" && SLUICE_CONSOLE=${SLUICE_CONSOLE:-$console} dpkg-buildpackage --build=binary --no-sign >"$folder/build.log" 2>&1) || {
    tail -n 40 "$folder/build.log" >&2
    echo "scripts/package.sh: the build failed; all of it: $folder/build.log" >&2
    exit 1
}
if command -v lintian >/dev/null; then
    lintian --allow-root --info --fail-on warning "$folder"/*.changes
fi
rm -rf "$tree"
ls "$folder"/*.deb
