#!/usr/bin/env bash
# ./run trace: a small simulated city, its import, a victim's money followed, and what detection says of it.
# Everything is in build/trace.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
sluice=build/release/bin/sluice
city=build/trace/city
db=build/trace/city.db
svg=build/trace/trace.svg
PEOPLE=5000
DAYS=30
SEED=7

rm -rf build/trace
mkdir -p build/trace
show() {
    printf '\n\033[1m$ %s\033[0m\n' "$*"
    "$@"
}
[ -t 1 ] || show() { printf '\n$ %s\n' "$*" && "$@"; }

show "$sluice" simulate --people $PEOPLE --days $DAYS --seed $SEED --out "$city"
show "$sluice" import --db "$db" --format csv "$city"

# Whom to look at: a victim that the simulator names, whose money went through several layers.
fact() { sed -n "s/^$1=//p" "$city/truth/demo.txt"; }
transfer=$(fact transfer)
account=$(fact account)
if [ -z "$transfer" ]; then
    echo "The simulated city has no victim: please report this." >&2
    exit 1
fi
printf '\nA victim (%s): %s yuan left %s with the transfer %s. Where is it?\n' \
    "$(fact fraud_type)" "$(fact amount)" "$account" "$transfer"
# Money that reached a cash machine, a shop's terminal or a wallet of virtual currency has left.
sinks=(--sink atm --sink pos --sink wallet)
show "$sluice" trace --db "$db" --transfer "$transfer" "${sinks[@]}" -o table
"$sluice" trace --db "$db" --transfer "$transfer" "${sinks[@]}" -o svg >"$svg"

printf '\nAnd what would have been said of it at that minute, by the rules that come with sluice?\n'
show "$sluice" detect --db "$db" --from "2026-01-30 23:00" --to "2026-01-30 23:01" -o table
printf '\nHow good is that? All the findings of the month against the truth, which the rules never see:\n'
show "$sluice" detect --db "$db" -o report --truth "$city/truth"

cat <<END

The picture of it, layers in columns: $PWD/$svg (open it in a browser)

Next:
  $sluice trace --db $db --transfer $transfer --method bounds    # what is certainly and what possibly his
  $sluice trace --db $db --transfer $transfer --within 24h --min 100
  $sluice trace --db $db --transfer $transfer -o json
  $sluice account --db $db $(fact mule) --recent 7d    # the card that holds most of it
  $sluice detect --db $db -o table | less              # findings with their reasons
  $sluice rules check rules
  $sluice --help
What really happened in this city is in $city/truth; docs/ explains importing a bank's file and reading a trace.
END
