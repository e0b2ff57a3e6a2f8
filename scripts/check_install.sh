#!/usr/bin/env bash
# Installs a build to a folder of its own, moves that folder, and builds and runs examples/ against what is there: with
# pkg-config (shared, static) and with CMake's find_package. Usage: scripts/check_install.sh BUILD
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
build=$1
work=$PWD/$build/install-check
rm -rf "$work"
mkdir -p "$work"
cmake --install "$build" --prefix "$work/first"
mv "$work/first" "$work/prefix" # an installed tree can be moved
prefix=$work/prefix

say() { printf '== %s\n' "$*"; }
run() {
    rm -f "$work/example.db"*
    "$1" "$work/example.db" | tee "$work/output"
    grep -q 'layer 1 ' "$work/output"
}

export PKG_CONFIG_PATH
PKG_CONFIG_PATH=$(dirname "$(find "$prefix" -name sluice.pc)")
libdir=$(pkg-config --variable=libdir sluice)
warnings=(-std=c11 -Wall -Wextra -Werror)
read -ra shared <<<"$(pkg-config --cflags --libs sluice)"
say "pkg-config, shared: ${shared[*]}"
cc "${warnings[@]}" examples/follow_money.c "${shared[@]}" -o "$work/shared"
LD_LIBRARY_PATH=$libdir run "$work/shared"

read -ra static <<<"$(pkg-config --static --cflags --libs sluice)"
say "pkg-config, static: ${static[*]}"
# The archive instead of the shared library; what it needs stays as pkg-config says.
cc "${warnings[@]}" examples/follow_money.c "${static[@]/#-lsluice/-l:libsluice.a}" -o "$work/static"
run "$work/static"
if ldd "$work/static" | grep libsluice; then
    echo "linked the shared library after all"
    exit 1
fi

say "CMake, find_package(Sluice)"
cmake -S examples -B "$work/cmake" -G Ninja -DCMAKE_PREFIX_PATH="$prefix" -DCMAKE_BUILD_TYPE=Release \
    -DCMAKE_C_FLAGS="-Wall -Wextra -Werror"
cmake --build "$work/cmake"
run "$work/cmake/follow_money"
run "$work/cmake/follow_money_static"

say "the installed command"
"$prefix/bin/sluice" --version

say "nothing but the public API is exported"
library=$(find "$prefix" -name 'libsluice.so' -print -quit)
if nm -D --defined-only "$library" | awk '{ print $3 }' | grep -v '^sluice_'; then
    echo "these symbols are exported without the prefix sluice_"
    exit 1
fi
