#!/usr/bin/env bash
# Runs every walk of the gateways on one database: sqlite or postgres. Goes on after one that failed, and says so.
set -uo pipefail
failed=() walks="banks inquiries portal iso kills"
# On sqlite it is a test of its own (telecom_test.sh).
[ "$1" = postgres ] && walks="$walks telecom"
for walk in $walks; do
    echo "== $walk on $1"
    # 77: there is no PostgreSQL server to start.
    python3 "tests/e2e/gateway/$walk.py" "$1"
    code=$?
    [ "$code" = 77 ] && [ "$walk" = banks ] && exit 77
    [ "$code" = 77 ] && continue
    [ "$code" = 0 ] || failed+=("$walk")
done
[ ${#failed[@]} -eq 0 ] || {
    echo "failed on $1: ${failed[*]}"
    exit 1
}
