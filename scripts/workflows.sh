#!/usr/bin/env bash
# Writes docs/workflows.md and docs/workflows.zh.md from the tables of acts.
#   scripts/workflows.sh [PRESET]        the build that is asked; debug unless told
set -euo pipefail
cd "$(dirname "$0")/.."
preset="${1:-debug}"
cmake --build --preset "$preset" --target test_contract_workflow_docs
"build/$preset/tests/contract/workflow_docs_test" --write
