#!/usr/bin/env bash
# The daemon as its callers meet it: tests/e2e/server/*_cases.py against the real `sluice serve`.
set -euo pipefail
exec python3 -W error::ResourceWarning -m unittest discover -s tests/e2e/server -p '*_cases.py' -q
