#!/usr/bin/env bash
# A draft rule beside the live ones: what it alone finds is shown as a draft and proposes nothing; live findings, their
# scores and the back-test are the same with it and without. Twice the same log: the same bytes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$SLUICE_BIN" simulate --people 1000 --days 12 --seed 7 --out "$folder/city" >"$folder/log" 2>&1
"$SLUICE_BIN" import --db "$folder/city.db" --format csv "$folder/city" >>"$folder/log" 2>&1
cp -r rules "$folder/rules"
cat >"$folder/rules/night.rule" <<'RULE'
rule night_money {
    version   1
    valid     2022-12-01 ..
    status    draft
    typology  mule_account
    when      transfer.is_night && payee.in_sum_1h >= yuan(200)
    score     70
    reason zh "夜间一小时内转入{payee.in_sum_1h}"
    reason en "{payee.in_sum_1h} came in within an hour at night"
    source    "a test"
}
RULE
"$SLUICE_BIN" rules check "$folder/rules" >>"$folder/log"
mkdir "$folder/none"
if "$SLUICE_BIN" rules check "$folder/none" >>"$folder/log" 2>"$folder/said"; then
    echo "a folder without a rule is accepted" && exit 1
fi
grep -q 'no rule is in' "$folder/said"
"$SLUICE_BIN" detect --db "$folder/city.db" --rules rules >"$folder/live.ndjson"
"$SLUICE_BIN" detect --db "$folder/city.db" --rules "$folder/rules" >"$folder/both.ndjson"
"$SLUICE_BIN" detect --db "$folder/city.db" --rules "$folder/rules" | cmp - "$folder/both.ndjson"
"$SLUICE_BIN" detect --db "$folder/city.db" --rules "$folder/rules" -o table | grep -c 'draft 草稿' >>"$folder/log"
for rules in rules "$folder/rules"; do
    "$SLUICE_BIN" detect --db "$folder/city.db" --rules "$rules" -o report --truth "$folder/city/truth"
done >"$folder/reports"
python3 - "$folder" <<'PYTHON'
import json, sys

def read(name):
    with open(f"{sys.argv[1]}/{name}.ndjson", encoding="utf-8") as file:
        return [json.loads(line) for line in file]

live, both = read("live"), read("both")
drafts = [finding for finding in both if finding["status"] == "draft"]
assert drafts, "the draft found nothing"
for finding in drafts:
    assert finding["action"] == "allow" and finding["score"] == 70, finding
    assert [reason["rule"] for reason in finding["reasons"]] == ["night_money"], finding
rest = [finding for finding in both if finding["status"] != "draft"]
for finding in live + rest:
    finding["reasons"] = [reason for reason in finding["reasons"] if reason["weight"] > 0]
same = [{key: finding[key] for key in finding if key not in ("rules_sha256", "rules")} for finding in live]
assert [{key: finding[key] for key in finding if key not in ("rules_sha256", "rules")} for finding in rest] == same, \
    "a draft changed what live rules found"
with open(f"{sys.argv[1]}/reports", encoding="utf-8") as file:
    lines = file.read().splitlines()
assert lines[:len(lines) // 2] == lines[len(lines) // 2:], "a draft changed the back-test"
print(f"{len(live)} findings of live rules, {len(drafts)} of the draft")
PYTHON
