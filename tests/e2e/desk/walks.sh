#!/usr/bin/env bash
# Runs every walk on one database: sqlite or postgres. Goes on after one that failed, and says so in the end.
set -uo pipefail
failed=()
for walk in every_act deadlines lists stops freezes dissuasion casework imports rule_changes outlets outreach story operation keeping streams crash partner_users attacks attacks_oracles crowds jurisdiction backup_load rules_alone exports; do
    echo "== $walk on $1"
    # 77: there is no PostgreSQL server to start.
    python3 "tests/e2e/desk/$walk.py" "$1"
    code=$?
    [ "$code" = 77 ] && exit 77
    [ "$code" = 0 ] || failed+=("$walk")
done
[ ${#failed[@]} -eq 0 ] || {
    echo "failed on $1: ${failed[*]}"
    exit 1
}
