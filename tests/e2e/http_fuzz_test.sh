#!/usr/bin/env bash
# A short session of tests/e2e/fuzz/http_fuzz.py, always the same: its own description says what it looks for.
exec python3 -W error::ResourceWarning tests/e2e/fuzz/http_fuzz.py --seed 1 --requests 2000
