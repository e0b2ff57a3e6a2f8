#!/usr/bin/env bash
# Every rule that ships has a folder tests/replay/RULE: what happened (csv files as `sluice import` reads them) and what
# must be found (expected.ndjson). Each is imported, judged with rules/ and compared byte for byte. In each, the rule must
# speak of somebody, and never of an account whose name has "lookalike" in it.
#
# Two things differ from a centre's use. Every score proposes something (actions.table below), so that weak signs show
# too. And only the findings of the rule's own typology are kept, with the fields that a rule decides, so that a change
# of one rule shows in few folders.
#
# SLUICE_BIN: the command. REPLAY_ACCEPT=1 rewrites the expected files instead (scripts/replay_accept.sh). REPLAY_ONLY:
# names of folders. Exit code 77: skipped.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
if ! command -v python3 >/dev/null; then
    echo "skipped: python3 is not installed (apt install python3)"
    exit 77
fi
if ! "${SLUICE_BIN:?the sluice command}" detect --help >/dev/null 2>&1; then
    echo "skipped: this sluice has no detect"
    exit 77
fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cp -r "$root/rules" "$folder/rules"
printf '*  1  verify  ..  by "tests/replay" because "weak signs show too"\n' >"$folder/rules/actions.table"

mkdir "$folder/found"
for input in "$root"/tests/replay/*/; do
    name=$(basename "$input")
    if [[ -n "${REPLAY_ONLY:-}" && " $REPLAY_ONLY " != *" $name "* ]]; then
        continue
    fi
    if ! "$SLUICE_BIN" import --db "$folder/db" --format csv "$input" >"$folder/log" 2>&1 ||
        ! "$SLUICE_BIN" detect --db "$folder/db" --rules "$folder/rules" >"$folder/found/$name" 2>>"$folder/log"; then
        echo "$name: import or detect failed"
        cat "$folder/log"
        exit 1
    fi
    rm -f "$folder"/db*
done

python3 - "$root" "$folder/found" <<'PYTHON'
import difflib, json, os, re, sys
root, found = sys.argv[1:]
accept = os.environ.get("REPLAY_ACCEPT") == "1"
replay = os.path.join(root, "tests", "replay")

typology, overrides = {}, set()  # of rules
for folder, _, files in os.walk(os.path.join(root, "rules")):
    for file in files:
        if file.endswith(".rule"):
            with open(os.path.join(folder, file), encoding="utf-8") as f:
                for name, block in re.findall(r"^rule (\w+) \{\n(.*?)^\}", f.read(), re.S | re.M):
                    typology[name] = re.search(r"^ +typology +(\w+)", block, re.M)[1]
                    if re.search(r"^ +effect +override", block, re.M):
                        overrides.add(name)

def kept(line):
    f = json.loads(line)
    reasons = [{k: r[k] for k in ("rule", "weight", "zh", "en")} for r in f["reasons"]]
    out = {k: f[k] for k in ("subject", "side", "typology", "score", "action")}
    out.update(raised=f["raised"]["time"], peak=f["peak"]["time"], hits=f["hits"], amount_fen=f["amount_fen"],
               reasons=reasons, evidence=[e["id"] for e in f["evidence"]])
    return f["typology"], out

failures = 0
def fail(name, text):
    global failures
    failures += 1
    print(f"{name}: {text}")

names = sorted(os.listdir(found))
for name in sorted(set(typology) - {n for n in os.listdir(replay) if os.path.isdir(os.path.join(replay, n))}):
    fail(name, "this rule has no folder in tests/replay")
for name in names:
    if name not in typology:
        fail(name, "there is no such rule in rules/")
        continue
    with open(os.path.join(found, name), encoding="utf-8") as f:
        outs = [out for of, out in map(kept, f) if of == typology[name]]
    said_of = [o["subject"] for o in outs if any(r["rule"] == name for r in o["reasons"])]
    if not said_of and name not in overrides:
        fail(name, "the rule speaks of nobody")
    for subject in said_of:
        if "lookalike" in subject:
            fail(name, f"the rule speaks of {subject}, who is innocent")
    text = "".join(json.dumps(o, ensure_ascii=False) + "\n" for o in outs)
    path = os.path.join(replay, name, "expected.ndjson")
    if accept:
        with open(path, "w", encoding="utf-8") as f:
            f.write(text)
        continue
    expected = open(path, encoding="utf-8").read() if os.path.exists(path) else ""
    if text != expected:
        fail(name, "differs from expected.ndjson")
        sys.stdout.writelines(difflib.unified_diff(expected.splitlines(True), text.splitlines(True), "expected", "found"))
print(f"{len(names)} folders, {failures} failures")
sys.exit(1 if failures else 0)
PYTHON
