#!/usr/bin/env bash
# The end of ./run: a small simulated city, its import, and a victim's money followed. Everything is in build/demo.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
sluice=build/release/bin/sluice
city=build/demo/city
db=build/demo/city.db
svg=build/demo/trace.svg
PEOPLE=5000
DAYS=30
SEED=7

rm -rf build/demo
mkdir -p build/demo
show() {
    printf '\n\033[1m$ %s\033[0m\n' "$*"
    "$@"
}
[ -t 1 ] || show() { printf '\n$ %s\n' "$*" && "$@"; }

show "$sluice" simulate --people $PEOPLE --days $DAYS --seed $SEED --out "$city"
show "$sluice" import --db "$db" --format csv "$city"

# Whom to look at: the simulator's own choice among its victims.
transfer=$(awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) column[$i] = i; next }
                    { print $column["transfer"]; exit }' "$city/truth.csv")
show "$sluice" trace --db "$db" --transfer "$transfer" -o table
"$sluice" trace --db "$db" --transfer "$transfer" -o svg >"$svg"

cat <<END

The picture of it: $PWD/$svg (open it in a browser)

Next:
  $sluice trace --db $db --transfer $transfer --method prorata -o table
  $sluice trace --db $db --transfer $transfer -o json
  $sluice --help
END
