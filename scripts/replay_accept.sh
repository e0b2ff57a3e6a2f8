#!/usr/bin/env bash
# Rewrites tests/replay/*/expected.ndjson with what is found now, for a person to read with `git diff tests/replay`
# before it is committed. Arguments: names of folders (default: all). SLUICE_BIN: the command (default: the release build).
set -euo pipefail
cd "$(dirname "$0")/.."
export SLUICE_BIN=${SLUICE_BIN:-build/release/bin/sluice} REPLAY_ACCEPT=1 REPLAY_ONLY="$*"
tests/replay/replay_test.sh
git --no-pager diff --stat -- tests/replay
