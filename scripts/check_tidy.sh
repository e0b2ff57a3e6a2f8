#!/usr/bin/env bash
# clang-tidy (.clang-tidy) over src, tests and bench: scripts/check_tidy.sh BUILD [PATH-REGEX]
# BUILD is a build folder configured with clang. The findings are listed once more at the end.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1
output=$(mktemp)
trap 'rm -f "$output"' EXIT
run-clang-tidy -quiet -j "$(nproc)" -p "$1" "${2:-$PWD/(src|tests|bench)/.*\.c$}" 2>&1 |
    sed -e $'s/\x1b\\[[0-9;]*m//g' -e '/^[0-9]* warnings* generated/d' -e '/^clang-tidy/d' -e '/^$/d' >"$output"
status=${PIPESTATUS[0]}
cat "$output"
echo
grep -E '(error|warning): ' "$output" | sort -u
exit "$status"
