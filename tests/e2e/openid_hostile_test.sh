#!/usr/bin/env bash
# Sign-in through an identity provider that lies: forged, stale, misdirected and replayed answers, and logouts.
command -v openssl >/dev/null || { echo "no openssl command, which signs the forgeries: skipped"; exit 77; }
export PYTHONPATH=tests/e2e/desk
python3 tests/e2e/openid/hostile.py sqlite && exec python3 tests/e2e/openid/logouts.py sqlite
