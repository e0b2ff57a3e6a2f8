#!/usr/bin/env bash
# Runs walks on one database: sqlite or postgres; those that are named, or all but those of desk_acts_*_test.sh. Goes on after one
# that failed, and says so in the end.
set -uo pipefail
failed=()
database=$1
shift
[ $# -gt 0 ] || set -- lists stops freezes dissuasion casework imports rule_changes outlets outreach story operation keeping streams crash partner_users attacks crowds jurisdiction backup_load rules_alone exports revoked
for walk; do
    echo "== $walk on $database"
    # 77: there is no PostgreSQL server to start.
    python3 "tests/e2e/desk/$walk.py" "$database"
    code=$?
    [ "$code" = 77 ] && exit 77
    [ "$code" = 0 ] || failed+=("$walk")
done
[ ${#failed[@]} -eq 0 ] || {
    echo "failed on $database: ${failed[*]}"
    exit 1
}
