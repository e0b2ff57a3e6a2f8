#!/usr/bin/env bash
# Kannel's bearerbox as a client of the carrier on which our SMPP client is tested.
exec python3 tests/e2e/gateway/kannel.py
