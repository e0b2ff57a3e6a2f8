#!/usr/bin/env bash
# sluice model, from a table to a card: train, evaluate, reasons, several splits, without labels, several classes, bad rows,
# and what a wrong command line says.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
sluice() { "$SLUICE_BIN" model "$@" 2>>"$folder/log"; }
fail() {
    tail -n 20 "$folder/log"
    echo "$*"
    exit 1
}
exits() { # CODE COMMAND…
    local expected=$1 code=0
    shift
    "$@" >"$folder/out" || code=$?
    [ "$code" = "$expected" ] || fail "exit code $code instead of $expected: $*"
}

# A table of 800 accounts, and a graph between those of one class; from awk's own generator, so the same everywhere.
awk 'BEGIN {
    s = 12345
    print "account,in_count,share,channel,opened,fraud,kind"
    for (i = 0; i < 800; i++) {
        for (k = 0; k < 4; k++) { s = (s * 16807) % 2147483647; r[k] = s / 2147483647 }
        fraud = (r[0] < 0.3)
        count = int(r[1] * 20 + fraud * 12)
        share = (r[2] < 0.05) ? "" : sprintf("%.4f", r[2] * 0.7 + fraud * 0.3)
        printf "62990000000%08d,%d,%s,%s,2026-01-%02d %02d:00,%d,%s\n", i, count, share, r[3] < 0.5 ? "app" : "counter",
            int(i / 30) + 1, i % 24, fraud, count < 10 ? "low" : count < 20 ? "middle" : "high"
    }
}' >"$folder/t.csv"
awk 'BEGIN { print "src,dst,w"; for (i = 0; i < 800; i++) { print i "," (i * 7 + 3) % 800 ",1" } }' >"$folder/e.csv"
common=(--table "$folder/t.csv" --label fraud --ignore kind)
small=(--boosters 2 --seed 3 --date 2026-02-01)

sluice train "${common[@]}" "${small[@]}" --time opened --alerts 4 --out "$folder/m.json" -o json >"$folder/test.json" || fail train
grep -q '"format": "sluice-model"' "$folder/m.json"
grep -q '四眼' "$folder/m.json.card.md"
grep -q 'left out: account: whole numbers of 15 digits' "$folder/log" || fail "the card numbers are no feature"
cp "$folder/m.json" "$folder/first.json"
sluice train "${common[@]}" "${small[@]}" --time opened --alerts 4 --threads 1 --out "$folder/m.json" >/dev/null || fail train
cmp "$folder/m.json" "$folder/first.json" || fail "the same training gives the same file"
sluice evaluate --model "$folder/m.json" "${common[@]}" --time opened -o json >"$folder/again.json" || fail evaluate
cmp "$folder/test.json" "$folder/again.json" || fail "what training says of the test part is what evaluation says"
sluice evaluate --model "$folder/m.json" "${common[@]}" --part all >"$folder/out" || fail evaluate
grep -q '800 rows' "$folder/out"
sluice card --model "$folder/m.json" | cmp - "$folder/m.json.card.md" || fail card
sluice evaluate --model "$folder/m.json" --table "$folder/t.csv" --reasons 3 >"$folder/out" || fail reasons
[ "$(grep -c '^row ' "$folder/out")" = 3 ] || fail "three rows with reasons"
grep -q 'channel=app\|in_count' "$folder/out"

sluice evaluate "${common[@]}" --boosters 1 --seeds 2 -o json >"$folder/out" || fail seeds
grep -q '"splits": 2' "$folder/out"
echo '{"train": [0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30], "val": [31,32,33,34,35,36,37,38,39,40], "test": [41,42,43,44,45,46,47,48,49,50]}' >"$folder/s.json"
sluice evaluate "${common[@]}" --boosters 1 --split "$folder/s.json" --split "$folder/s.json" >"$folder/out" || fail "two split files"
sluice train "${common[@]}" "${small[@]}" --edges "$folder/e.csv" --out "$folder/g.json" >/dev/null || fail edges
exits 1 sluice evaluate --model "$folder/g.json" "${common[@]}"
sluice evaluate --model "$folder/g.json" "${common[@]}" --edges "$folder/e.csv" >/dev/null || fail "edges again"
sluice train --table "$folder/t.csv" --label kind --ignore fraud "${small[@]}" --out "$folder/k.json" >"$folder/out" || fail classes
grep -q 'middle' "$folder/out"
sluice train --unsupervised --table "$folder/t.csv" --label fraud --ignore kind --out "$folder/u.json" >"$folder/out" || fail unsupervised
grep -q 'AUC' "$folder/out"

# Bad rows cost themselves alone.
{ cat "$folder/t.csv"; echo "x,many,0.5,app,2026-01-01,1,low"; echo "short,row"; } >"$folder/bad.csv"
exits 3 sluice train --table "$folder/bad.csv" --label fraud --ignore kind --ignore account "${small[@]}" --out "$folder/b.json"
grep -q 'bad.csv:802: in_count: expected a number' "$folder/log" || fail "line, column, what was expected"
grep -q '2 rows were not as expected' "$folder/log" || fail "the count"

exits 2 sluice train --table "$folder/t.csv"
exits 2 sluice evaluate --table "$folder/t.csv" --label fraud
exits 2 sluice train "${common[@]}" --threshold-for alerts
exits 2 sluice forget
exits 1 sluice train --table "$folder/t.csv" --label froud --out "$folder/x.json"
exits 1 sluice train "${common[@]}" --alerts 5 --out "$folder/x.json"
exits 1 sluice evaluate --model "$folder/t.csv" "${common[@]}"
echo "models from a table to a card"
