#!/usr/bin/env bash
# Sign-in through an identity provider that lies: forged, stale, misdirected and replayed answers.
command -v openssl >/dev/null || { echo "no openssl command, which signs the forgeries: skipped"; exit 77; }
PYTHONPATH=tests/e2e/desk exec python3 tests/e2e/openid/hostile.py sqlite
