#!/usr/bin/env bash
# The JSON answers keep to their published, closed schemas: traces by every method, for one victim and for several, and a
# return. Needs python3-jsonschema; exit code 77 (skipped) without it.
set -euo pipefail
if ! python3 -c 'import jsonschema; jsonschema.Draft202012Validator' 2>/dev/null; then
    echo "skipped: python3-jsonschema 4 or newer is not installed (apt install python3-jsonschema)"
    exit 77
fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

validate() { # SCHEMA FILE
    python3 - "$1" "$2" <<'PYTHON'
import json, sys
from jsonschema import Draft202012Validator
schema = json.load(open(sys.argv[1], encoding="utf-8"))
answer = json.load(open(sys.argv[2], encoding="utf-8"))
Draft202012Validator.check_schema(schema)
validator = Draft202012Validator(schema)
validator.validate(answer)
# The test can fail: one key more is refused.
answer["surprise"] = 1
assert not validator.is_valid(answer), "the schema is not closed"
PYTHON
}

"$SLUICE_BIN" simulate --people 1500 --days 12 --seed 7 --out "$folder/city" >"$folder/log" 2>&1
"$SLUICE_BIN" import --db "$folder/city.db" --format csv "$folder/city" >>"$folder/log" 2>&1
transfer=$(sed -n 's/^transfer=//p' "$folder/city/truth/demo.txt")
account=$(sed -n 's/^account=//p' "$folder/city/truth/demo.txt")
test -n "$transfer" || { cat "$folder/log"; echo "the simulated city has no victim"; exit 1; }

count=0
for method in fifo lifo prorata poison bounds; do
    "$SLUICE_BIN" trace --db "$folder/city.db" --transfer "$transfer" --method $method -o json >"$folder/one.json"
    "$SLUICE_BIN" trace --db "$folder/city.db" --transfer "$transfer" --victim 王某 --account "$account" --at 2025-01-01 \
        --amount 100 --victim '李"某' --depth 2 --min 50 --method $method -o json >"$folder/two.json"
    validate docs/schema/trace.schema.json "$folder/one.json"
    validate docs/schema/trace.schema.json "$folder/two.json"
    count=$((count + 2))
done

printf 'time,direction,amount,party\n2022-05-24 10:00,in,300,A\n2022-05-24 10:01,in,500,B\n%s\n' \
    '2022-05-24 10:02,out,900,' >"$folder/ledger.csv"
printf 'party,loss,refunded\nA,300,10\nB,400,\nC,5,0\n' >"$folder/losses.csv"
"$SLUICE_BIN" return --ledger "$folder/ledger.csv" --losses "$folder/losses.csv" -o json >"$folder/return.json"
validate docs/schema/return.schema.json "$folder/return.json"
printf '2022-05-24 10:03,in,70,shop\n2022-05-24 10:04,in,7,\n2022-05-24 10:05,in,90,A\n2022-05-24 10:06,out,80,\n' >>"$folder/ledger.csv"
"$SLUICE_BIN" return --ledger "$folder/ledger.csv" --losses "$folder/losses.csv" -o json >"$folder/return.json"
validate docs/schema/return.schema.json "$folder/return.json"

# The pictures are well-formed, where the tools for looking are installed.
"$SLUICE_BIN" trace --db "$folder/city.db" --transfer "$transfer" -o svg >"$folder/trace.svg"
python3 -c 'import sys, xml.dom.minidom; xml.dom.minidom.parse(sys.argv[1])' "$folder/trace.svg"
if command -v dot >/dev/null; then
    "$SLUICE_BIN" trace --db "$folder/city.db" --transfer "$transfer" -o dot | dot -Tsvg >/dev/null
fi
echo "$((count + 2)) answers keep to their schemas"
