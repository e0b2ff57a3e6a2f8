#!/usr/bin/env bash
# Each public header compiles alone, as C11 and as C++11, with gcc and with clang if it is here.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1
warnings=(-Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Wundef -Werror)
count=0
failed=0
for header in include/sluice/*.h; do
    for compiler in "gcc -std=c11 -x c" "g++ -std=c++11 -x c++" "clang -std=c11 -x c" "clang++ -std=c++11 -x c++"; do
        command -v "${compiler%% *}" >/dev/null || continue
        # shellcheck disable=SC2086
        echo "#include <sluice/${header##*/}>" | $compiler "${warnings[@]}" -Iinclude -fsyntax-only - || {
            echo "$header does not compile alone with $compiler"
            failed=1
        }
        count=$((count + 1))
    done
done
echo "$count compilations"
[ "$failed" = 0 ] && [ "$count" -gt 0 ]
