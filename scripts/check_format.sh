#!/usr/bin/env bash
# Every C file is as .clang-format has it. To mend: scripts/check_format.sh --fix
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1
mode=(--dry-run -Werror)
[ "${1:-}" = --fix ] && mode=(-i)
folders=()
for folder in src include tests bench examples; do
    [ -d "$folder" ] && folders+=("$folder")
done
find "${folders[@]}" -name '*.[ch]' -print0 |
    xargs -0 --no-run-if-empty -n 16 -P "$(nproc)" clang-format --style=file "${mode[@]}" || {
    echo "To mend: scripts/check_format.sh --fix"
    exit 1
}
