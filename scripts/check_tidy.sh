#!/usr/bin/env bash
# clang-tidy (.clang-tidy) over src, tests, bench and examples: scripts/check_tidy.sh BUILD [PATH-REGEX]
# BUILD is a build folder configured with clang.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1
run-clang-tidy -quiet -j "$(nproc)" -p "$1" "${2:-$PWD/(src|tests|bench)/.*\.c$}" 2>&1 |
    grep -v -e '^[0-9]* warnings* generated' -e '^clang-tidy' -e '^$'
exit "${PIPESTATUS[0]}"
