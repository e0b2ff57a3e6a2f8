#!/usr/bin/env bash
# Every C file is as .clang-format has it. To mend: scripts/check_format.sh --fix
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1
mode=(--dry-run -Werror)
[ "${1:-}" = --fix ] && mode=(-i)
find src include tests bench examples -name '*.[ch]' -print0 2>/dev/null |
    xargs -0 --no-run-if-empty -n 16 -P "$(nproc)" clang-format --style=file "${mode[@]}" || {
    echo "To mend: scripts/check_format.sh --fix"
    exit 1
}
